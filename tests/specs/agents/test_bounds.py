"""The fullest state that the commands allow stays under its bound of 8 kB."""

from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.agents import DECIDER
from oncedesk.domain.agents.messages import (
    AccountsLinked,
    AuthoritySpent,
    BlockNoted,
    Break,
    CapacityReserved,
    DeskRole,
    HandOver,
    HandOverWritten,
    JoinDesk,
    LinkAccounts,
    NoteBlocked,
    PlanShift,
    RequestReveal,
    RevealField,
    RevealReason,
    SetSkills,
    SpendAuthority,
)
from oncedesk.domain.agents.state import SPENT_MAX
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.remedy_rules import AuthorityRule, RemedyRules
from oncedesk.domain.shared.rulepack import RevealRule
from tests.support.given import START, after, small_pack, through_bytes
from tests.support.people import AGENT, conversation, reserve, working


def test_the_fullest_agent_fits() -> None:
    tick = timedelta(microseconds=999_999)
    skills = tuple(f"{number:02}".ljust(48, "x") for number in range(24))
    languages = tuple(f"l{number}".ljust(16, "x") for number in range(8))
    spec = working(capacity=20)
    spec.when(SetSkills(agent=AGENT, skills=skills, languages=languages), now=START)
    desks = [Desk(DeskKind.MERCHANT, UUID(int=2**127 + number)) for number in range(15)]
    for desk in desks:
        spec.when(
            JoinDesk(
                agent=AGENT,
                desk=desk,
                role=DeskRole.SUPERVISOR,
                starts_at=START,
                ends_at=after(hours=9_000) + tick,
            ),
            now=START,
        )
    for day in range(1, 15):
        begin = after(hours=24 * day) + tick
        breaks = tuple(
            Break(begin + timedelta(hours=hour), begin + timedelta(hours=hour, minutes=30))
            for hour in range(1, 5)
        )
        shift = PlanShift(
            agent=AGENT, starts_at=begin, ends_at=begin + timedelta(hours=8), breaks=breaks
        )
        spec.when(shift, now=START)
    for number in range(20):
        taken = reserve(number, desk=desks[0], skill=skills[0], language=languages[0])
        spec.when(taken, now=START + tick).then_only(CapacityReserved)
        line = HandOver(
            agent=AGENT, conversation=conversation(number), case=1, note=UUID(int=2**127 + number)
        )
        spec.when(line, now=START + tick).then_only(HandOverWritten)
    for _ in range(101):
        spec.when(
            RequestReveal(
                agent=AGENT,
                consumer=AGENT,
                market="cn",
                field=RevealField.PHONE,
                reason=RevealReason.LEGAL,
                desk=PLATFORM,
            ),
            now=START + tick,
            pack=replace(small_pack(), reveal=RevealRule("x", 240, 100, 100)),
            by=Actor(Role.AGENT, AGENT),
        )
    accounts = tuple(UUID(int=2**126 + number) for number in range(16))
    spec.when(LinkAccounts(agent=AGENT, consumers=accounts), now=START).then_only(AccountsLinked)
    currencies = ("CNY", "EUR")
    rules = RemedyRules(
        authority={
            f"merchant/supervisor/{one}": AuthorityRule(
                "x", "merchant", "supervisor", one, 10**15, 10**16, 10**15
            )
            for one in currencies
        }
    )
    for number in range(SPENT_MAX):
        spend = SpendAuthority(
            agent=AGENT,
            consumer=UUID(int=2**125 + number),
            order=AGENT,
            remedy=1,
            market="cn",
            desk=desks[0],
            currency=currencies[number % 2],
            amount_minor=10**12,
        )
        hour = START + tick + timedelta(hours=number // 2)
        pack = replace(small_pack(), remedies=rules)
        assert AuthoritySpent in {type(one) for one in spec.when(spend, now=hour, pack=pack).answer}
    spec.when(NoteBlocked(agent=AGENT, message=AGENT), now=START + tick).then_only(BlockNoted)
    state = spec.state
    assert (len(state.reveals), state.reveal_alarm) == (101, True)
    counts = (len(state.held), len(state.memberships), len(state.shifts), len(state.skills))
    assert counts == (20, 16, 14, 24)
    assert through_bytes(state, DECIDER.state) == state
