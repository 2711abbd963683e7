"""Whatever people do and whenever they do it: both sentences of DESIGN.md section 1 hold.

Each step is decided, applied, checked (`Conversation.check`: every open case has one owner and a
running clock) and taken through its bytes by `Spec`. Here stand the properties over whole stories.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from oncedesk.domain.conversations.foretelling import Foreseen, foretell
from oncedesk.domain.conversations.messages import (
    AnswerReferral,
    AskConsumer,
    AssignmentDeclined,
    Audience,
    CaseAssigned,
    CaseClosed,
    CaseReopened,
    CaseResolved,
    CasesMerged,
    CaseStatus,
    CaseUnassigned,
    Channel,
    ClockExpired,
    ClockMoved,
    ClosingReason,
    ConfirmSolved,
    ConsumerAsked,
    CorrectAttribution,
    Decided,
    FollowUp,
    MergeCases,
    MessagePosted,
    NoteBreachCorrected,
    OpenForBreach,
    Party,
    PartyKind,
    PartyReminded,
    PostMessage,
    RateService,
    RatingReason,
    Reclassify,
    ReferCase,
    ReferralEnded,
    ReferralMode,
    Reminded,
    ReopenCase,
    RequestCallBack,
    ResolveCase,
    ReturnToQueue,
    Share,
    SplitCase,
    TakenOver,
    TakeOverCase,
    TransferCase,
    UnassignReason,
    WaitEnded,
    WithdrawClaim,
)
from oncedesk.domain.conversations.state import deadline
from oncedesk.domain.shared.decider import SYSTEM, Refusal
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.domain.shared.rulepack import ClockKind, Pack
from oncedesk.rules.loading import load_builtin
from tests.specs.conversations.world import (
    BY_CONSUMER,
    CONSUMER,
    CREATOR,
    CREATOR_AGENT,
    MERCHANT,
    ORDER_PART,
    PACK,
    PLATFORM_AGENT,
    ROOM,
    SHOP,
    SHOP_AGENT,
    SHOP_COLLEAGUE,
    STRICTER_PACK,
    TEXTED,
    Talk,
    about,
    talk,
)
from tests.support.specs import START

Step = Callable[[Talk], object]

AGENTS = {
    SHOP_AGENT: (SHOP,),
    SHOP_COLLEAGUE: (SHOP,),
    CREATOR_AGENT: (ROOM,),
    PLATFORM_AGENT: (PLATFORM,),
}
ISSUES = ["", "other", "late_delivery", "late_shipping", "refund", "offer", "advice", "safety", "?"]
PROMISES = [UUID(int=number) for number in range(3)]

places = st.integers(0, 5)
agents = st.sampled_from(sorted(AGENTS))
desks = st.sampled_from([PLATFORM, SHOP, ROOM])
issues = st.sampled_from(ISSUES)
gaps = st.sampled_from(
    [timedelta(0)] * 4
    + [timedelta(minutes=1), timedelta(minutes=40)] * 2
    + [timedelta(hours=1), timedelta(hours=3), timedelta(hours=20), timedelta(days=3)]
)


def pick(spec: Talk, place: int) -> int:
    """A case that is live, if any is; now and then one that is not."""
    numbers = [case.number for case in spec.state.cases] or [spec.state.last_case]
    return 99 if place == 5 else numbers[place % len(numbers)]


def somebody_of(spec: Talk, number: int) -> UUID:
    """Whoever has the case, or somebody at its desk."""
    case = spec.state.case(number)
    if case is None:
        return SHOP_AGENT
    return case.agent or next(a for a in sorted(AGENTS) if case.owner in AGENTS[a])


def by_agent(kind: Any, **details: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """A command by some agent, who may or may not have the right to give it."""
    return st.builds(
        lambda agent, place, told: (
            lambda spec: spec.does(kind, agent=agent, case=pick(spec, place), **told)
        ),
        agents,
        places,
        st.fixed_dictionaries(details),
    )


def by_owner(kind: Any, **details: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """A command by somebody who may give it."""

    def step(place: int, told: dict[str, Any]) -> Step:
        def give(spec: Talk) -> object:
            number = pick(spec, place)
            return spec.does(kind, agent=somebody_of(spec, number), case=number, **told)

        return give

    return st.builds(step, places, st.fixed_dictionaries(details))


def follow_up(place: int, hours: int) -> Step:
    def give(spec: Talk) -> object:
        number = pick(spec, place)
        at = spec.now + timedelta(hours=hours)
        return spec.does(FollowUp, agent=somebody_of(spec, number), case=number, at=at)

    return give


def merge(place: int, into: int) -> Step:
    def give(spec: Talk) -> object:
        number = pick(spec, place)
        agent = somebody_of(spec, number)
        return spec.does(MergeCases, agent=agent, case=number, into=pick(spec, into))

    return give


def answer_referral(place: int) -> Step:
    def give(spec: Talk) -> object:
        number = pick(spec, place)
        case = spec.state.case(number)
        desk = SHOP if case is None or case.referral is None else case.referral.desk
        agent = next(a for a in sorted(AGENTS) if desk in AGENTS[a])
        return spec.does(AnswerReferral, agent=agent, case=number, **TEXTED)

    return give


def dispatch(place: int) -> Step:
    """The dispatcher gives a waiting case to somebody at its desk, perhaps too late."""

    def give(spec: Talk) -> object:
        number = pick(spec, place)
        return spec.assigned(agent=somebody_of(spec, number), case=number)

    return give


def says(told: dict[str, Any], place: int) -> Step:
    def give(spec: Talk) -> object:
        looks_at = None if place > 2 else pick(spec, place)
        return spec.says(case=looks_at, **told)

    return give


def by_consumer(kind: Any) -> st.SearchStrategy[Step]:
    return st.builds(
        lambda place: lambda spec: spec.when(about(kind, case=pick(spec, place)), by=BY_CONSUMER),
        places,
    )


def rate(place: int, score: int, reason: RatingReason) -> Step:
    def step(spec: Talk) -> None:
        rating = about(RateService, case=pick(spec, place), score=score, reasons=(reason,))
        spec.when(rating, by=BY_CONSUMER)

    return step


def wake_when_due(spec: Talk) -> object:
    return spec.wake_when_due() if spec.state.cases else None


def staffing(desk: Desk, facts: dict[str, Any]) -> Step:
    return lambda spec: spec.desk(desk, **facts)


def breach(promise: UUID, issue: str, *, corrected: bool) -> Step:
    about_promise: dict[str, Any] = {
        "consumer": CONSUMER,
        "subject": ORDER_PART,
        "promise": promise,
        "breach": issue,
    }

    def tell(spec: Talk) -> object:
        if corrected:
            return spec.when(NoteBreachCorrected(**about_promise))
        opened = OpenForBreach(
            market="cn", due_at=spec.now, merchant=MERCHANT, creator=CREATOR, **about_promise
        )
        return spec.when(opened)

    return tell


text = {key: st.just(value) for key, value in TEXTED.items()}
staff: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {}, {"open": False}, {"staffed": False}, {"surge": True, "oldest_wait_seconds": 2_000}]
)
channels = st.sampled_from([*[Channel.APP_CHAT] * 5, Channel.PHONE, Channel.REGULATOR])
steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        says,
        st.fixed_dictionaries(
            {"issue": issues, "fresh": st.sampled_from([False, False, True]), "channel": channels}
        ),
        places,
    ),
    st.builds(says, st.fixed_dictionaries({"issue": st.just("")}), places),
    st.builds(dispatch, places),
    st.builds(dispatch, places),
    st.just(wake_when_due),
    st.just(lambda spec: spec.wake()),
    by_owner(PostMessage, audience=st.just(Audience.CONSUMER), **text),
    by_agent(PostMessage, audience=st.sampled_from(Audience), automatic=st.booleans(), **text),
    by_owner(AskConsumer, **text),
    by_owner(ResolveCase, reason=st.sampled_from(ClosingReason)),
    by_owner(ResolveCase, reason=st.just(ClosingReason.SOLVED)),
    st.builds(follow_up, places, st.integers(-2, 80)),
    by_owner(ReferCase, desk=desks, mode=st.sampled_from(ReferralMode), **text),
    st.builds(answer_referral, places),
    by_owner(TransferCase, desk=desks, reason=st.just("x")),
    by_agent(TakeOverCase, reason=st.just("x")),
    st.builds(merge, places, places),
    by_owner(SplitCase, issue=issues),
    by_owner(Reclassify, issue=issues),
    by_owner(
        CorrectAttribution,
        owner=desks,
        cause=st.just(Party(PartyKind.CARRIER)),
        liable=st.just((Share(Party(PartyKind.CARRIER), 100),)),
        reasons=st.just(("seen",)),
    ),
    by_owner(
        ReturnToQueue,
        reason=st.sampled_from([UnassignReason.ABSENT, UnassignReason.RETURNED]),
    ),
    by_owner(ReopenCase),
    by_consumer(ReopenCase),
    by_consumer(WithdrawClaim),
    by_consumer(ConfirmSolved),
    st.builds(rate, places, st.integers(1, 5), st.sampled_from(RatingReason)),
    by_consumer(RequestCallBack),
    st.builds(
        lambda promise, issue, corrected: breach(promise, issue, corrected=corrected),
        st.sampled_from(PROMISES),
        st.sampled_from(["late_delivery", "late_shipping", "refund"]),
        st.booleans(),
    ),
    st.builds(staffing, desks, staff),
    st.sampled_from([PACK, STRICTER_PACK]).map(lambda pack: lambda spec: spec.publish(pack)),
)
stories = st.tuples(staff, issues, st.lists(st.tuples(gaps, steps), min_size=15, max_size=80))
Story = tuple[dict[str, Any], str, list[tuple[timedelta, Step]]]


def play(story: Story, *packs: Pack) -> Talk:
    """The consumer begins; each step checks the state and takes it through its bytes."""
    shop, issue, steps = story
    spec = talk().desk(SHOP, **shop)
    for pack in packs:
        spec.publish(pack)
    spec.says(issue=issue)
    for gap, step in steps:
        spec.at(spec.now + gap)
        spec.answer = []
        step(spec)
        if not isinstance(spec.answer, Refusal):
            assert sum(isinstance(event, MessagePosted) for event in spec.answer) <= 1
    return spec


@given(stories)
@settings(max_examples=150)
def test_holds_every_invariant_whatever_happens(story: Story) -> None:
    spec = play(story)
    assert spec.replayed() == spec.state


@given(stories, st.sampled_from(["cn", "eu"]))
@settings(max_examples=80)
def test_holds_every_invariant_under_the_packs_that_are_shipped(story: Story, market: str) -> None:
    spec = play(story, shipped(market))
    assert spec.replayed() == spec.state
    for _ in range(20):
        if deadline(spec.state) is not None:
            spec.wake_when_due()


@cache
def shipped(market: str) -> Pack:
    return load_builtin(market).pack(START.date())


@given(stories)
@settings(max_examples=80)
def test_gives_every_place_back_exactly_once(story: Story) -> None:
    spec = play(story)
    held: Counter[tuple[int, UUID]] = Counter()
    for event in spec.journal:
        if isinstance(event, CaseAssigned):
            held[event.case, event.agent] += 1
        elif isinstance(event, CaseUnassigned):
            held[event.case, event.agent] -= 1
        assert all(count in (0, 1) for count in held.values())
    now = {key for key, count in held.items() if count}
    cases = spec.state.cases
    assert now == {(case.number, case.agent) for case in cases if case.agent is not None}


@given(stories)
@settings(max_examples=80)
def test_brings_every_case_to_the_platform_or_to_an_end_by_clocks_alone(
    story: Story,
) -> None:
    """However it was left, clocks alone bring each case to the platform or to an end."""
    spec = play(story)
    for _ in range(400):
        if deadline(spec.state) is None:
            break
        spec.wake_when_due()
        assert spec.answer, "something was due, and nothing happened"
        due = deadline(spec.state)
        assert due is None or due > spec.now, "something due was left"
        if all(case.owner == PLATFORM or not case.is_open for case in spec.state.cases):
            break
    elsewhere = {case.status for case in spec.state.cases if case.owner != PLATFORM}
    assert elsewhere <= {CaseStatus.RESOLVED}


@given(stories)
@settings(max_examples=80)
def test_records_every_wait_and_every_end_once(story: Story) -> None:
    spec = play(story)
    asked: Counter[int] = Counter()
    resolved: Counter[int] = Counter()
    over: Counter[int] = Counter()
    for event in spec.journal:
        match event:
            case ConsumerAsked():
                asked[event.case] += 1
                assert event.number <= PACK.asking.pauses_max
            case WaitEnded():
                asked[event.case] -= 1
                assert event.paused_seconds >= 0
            case CaseResolved():
                resolved[event.case] += 1
            case CaseReopened():
                resolved[event.case] -= 1
            case CaseClosed() | CasesMerged():
                over[event.case] += 1
            case ClockExpired():
                assert event.due_at <= event.at
            case AssignmentDeclined():
                assert event.agent in AGENTS
            case _:
                pass
        assert all(count in (0, 1) for count in asked.values())
        assert all(count in (0, 1) for count in resolved.values())
        assert all(count == 1 for count in over.values())
    waiting = {case.number for case in spec.state.cases if case.asked is not None}
    assert waiting == {number for number, count in asked.items() if count}


@given(stories)
@settings(max_examples=50)
def test_wakes_without_effect_before_the_deadline(story: Story) -> None:
    spec = play(story)
    due = deadline(spec.state)
    if due is not None and spec.now < due:
        spec.wake(max(spec.now, due - timedelta(microseconds=1))).then_nothing()
        spec.when(about(AskConsumer, case=99, **TEXTED), by=SYSTEM).then_refused("case_unknown")


@given(stories)
@settings(max_examples=80)
def test_foretells_what_clocks_alone_will_do(story: Story) -> None:
    """Of the clock that runs out first in the whole conversation, so that nothing comes between."""
    spec = play(story)
    for _ in range(6):
        told = [
            (found, case)
            for case in spec.state.cases
            if (found := foretell(state=spec.state, case=case, packs=spec.packs)) is not None
        ]
        if not told:
            return
        found, case = min(told, key=lambda one: one[0].due_at)
        if sum(one.due_at == found.due_at for one, _ in told) > 1:
            return
        due = [clock for clock in case.clocks if clock.due_at == found.due_at]
        spec.wake(max(spec.now, found.due_at - timedelta(microseconds=1)))
        if len(due) > 1 or spec.now >= found.due_at:
            return
        spec.wake(found.due_at)
        assert happened(spec.events(object), case.number) >= {found.then}


def happened(events: list[Any], number: int) -> set[Foreseen]:
    """All that these events may be called, of this case."""
    mine = [event for event in events if getattr(event, "case", None) == number]
    kinds = {type(event) for event in mine}
    reminded = {event.who for event in mine if isinstance(event, PartyReminded)}
    names = {
        CaseClosed: Foreseen.CLOSED,
        ClockMoved: Foreseen.WINDOW_MOVED,
        Decided: Foreseen.DECIDED,
        TakenOver: Foreseen.TAKEN_OVER,
        ReferralEnded: Foreseen.REFERRAL_LAPSED,
    }
    found = {name for kind, name in names.items() if kind in kinds}
    found |= {Foreseen.CONSUMER_REMINDED} if Reminded.CONSUMER in reminded else set()
    found |= {Foreseen.DESK_REMINDED} if Reminded.DESK in reminded else set()
    if CaseResolved in kinds and Decided not in kinds:
        found.add(Foreseen.CLOSED_NO_REPLY)
    expired = {event.clock for event in mine if isinstance(event, ClockExpired)}
    if ClockKind.FOLLOW_UP in expired:
        found.add(Foreseen.LOOKED_AT_AGAIN)
    if expired and not found:
        found.add(Foreseen.MORE_URGENT)
    return found
