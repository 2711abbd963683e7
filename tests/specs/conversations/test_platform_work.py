"""A remedy that needs somebody of the platform has a case at its desk."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from oncedesk.domain.conversations.foretelling import Foreseen, foretell
from oncedesk.domain.conversations.messages import (
    AnswerReferral,
    AskConsumer,
    AssignCase,
    AssignmentDeclined,
    CallBackOffered,
    CaseAssigned,
    CaseOpened,
    CaseReopened,
    CaseResolved,
    CasesMerged,
    CaseStatus,
    CaseUnassigned,
    ClockExpired,
    ClosingReason,
    ConsumerTold,
    ContactKind,
    ContactReceived,
    DeclineReason,
    FollowUp,
    MergeCases,
    MessagePosted,
    Need,
    NeedNoted,
    NoteNeeds,
    NoteRemedy,
    Notice,
    OpenForDispute,
    Origin,
    PartyReminded,
    ReferCase,
    ReferralEnded,
    ReferralMode,
    ReferralOutcome,
    ReturnToQueue,
    RoutedTo,
    Side,
    StillNeeded,
    TakenOver,
    TakeOverCase,
    TakeOverCause,
    WaitEnded,
    WaitOutcome,
    WithdrawClaim,
)
from oncedesk.domain.conversations.state import CASES_LIVE_MAX
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM, DeskKind
from oncedesk.domain.shared.rulepack import ClockKind, Expiry
from tests.specs.conversations.world import (
    BY_CONSUMER,
    BY_PLATFORM,
    BY_SHOP,
    CONSUMER,
    CONVERSATION,
    MERCHANT,
    ORDER,
    ORDER_PART,
    PACK,
    PLATFORM_AGENT,
    SHOP,
    SHOP_AGENT,
    SHOP_COLLEAGUE,
    STRANGER,
    TEXTED,
    PartView,
    Talk,
    about,
    at_work,
    opened,
    talk,
    with_clock,
)
from tests.support.specs import after

OURS = (Need.SECOND_PERSON, Need.INSPECTION)


def needs(made: Talk, need: Need, **details: Any) -> Talk:
    given: dict[str, Any] = {
        "consumer": CONSUMER,
        "subject": ORDER_PART,
        "market": "cn",
        "remedy": 1,
        "merchant": MERCHANT,
        "need": need,
    }
    return made.when(OpenForDispute(**{**given, **details}), by=SYSTEM)


@pytest.mark.parametrize("need", list(Need))
def test_a_case_opens_where_there_is_none(need: Need) -> None:
    made = needs(talk(), need)
    disputed = need in (Need.DISPUTE, Need.CONTEST)
    assert made.event(CaseOpened).origin is (Origin.DISPUTE if disputed else Origin.REMEDY)
    assert made.case().clocks
    assert bool(made.events(ConsumerTold)) is (need not in OURS)


@pytest.mark.parametrize("need", OURS)
@pytest.mark.parametrize(
    "desk", [{"staffed": False}, {"surge": True, "oldest_wait_seconds": 2_000}]
)
def test_what_is_among_ourselves_is_told_nobody_else_where_it_takes_long(
    need: Need, desk: dict[str, Any]
) -> None:
    made = needs(talk().desk(PLATFORM, **desk), need)
    assert made.events(ConsumerTold, CallBackOffered) == []


@pytest.mark.parametrize("need", OURS)
def test_that_what_is_among_ourselves_takes_long_is_no_news_to_the_consumer(need: Need) -> None:
    barred = {"barred": PLATFORM_AGENT} if need is Need.SECOND_PERSON else {}
    made = needs(talk(), need, **barred)
    assert [one.side for one in made.case().responses] == [Side.DESK]
    for days in range(1, 10):
        assert made.wake(after(days=days)).events(ConsumerTold) == []
    assert made.case().is_open
    # Once they speak in it, they wait in it.
    spoken = needs(talk(), need, **barred).says(issue="", case=1)
    promised = spoken.clock(ClockKind.FIRST_RESPONSE, Side.CONSUMER).due_at
    assert promised == after(hours=8)
    assert spoken.wake(promised).event(ConsumerTold).notice is Notice.ANSWER_BY


@pytest.mark.parametrize("need", OURS)
def test_whoever_rests_what_is_among_ourselves_owes_the_consumer_no_answer_by_that(
    need: Need,
) -> None:
    barred = {"barred": SHOP_AGENT} if need is Need.SECOND_PERSON else {}
    made = needs(talk(), need, **barred).assigned(agent=PLATFORM_AGENT)
    made.does(FollowUp, agent=PLATFORM_AGENT, at=after(hours=1)).wake(after(hours=1))
    assert made.events(ClockExpired)
    assert [one.side for one in made.case().responses] == [Side.DESK]
    for days in range(2, 10):
        assert made.wake(after(days=days)).events(ConsumerTold) == []


def test_what_is_among_ourselves_promises_the_consumer_nothing_where_it_is_merged() -> None:
    made = opened(issue="other").does(TakeOverCase, agent=PLATFORM_AGENT, reason="x")
    made.assigned(agent=PLATFORM_AGENT).answered(agent=PLATFORM_AGENT)
    needs(made, Need.INSPECTION)
    assert [one.side for one in made.case(2).responses] == [Side.DESK]
    made.assigned(agent=PLATFORM_AGENT, case=2)
    made.does(MergeCases, agent=PLATFORM_AGENT, case=2, into=1)
    assert [one.side for one in made.case().responses] == [Side.DESK]


def test_the_consumer_waits_in_it_once_something_of_theirs_is_decided_there() -> None:
    made = needs(talk(), Need.INSPECTION)
    needs(made.at(after(hours=1)), Need.DECISION, remedy=2)
    promised = made.clock(ClockKind.FIRST_RESPONSE, Side.CONSUMER).due_at
    assert promised == after(hours=9)
    assert made.wake(promised).event(ConsumerTold).notice is Notice.ANSWER_BY


def test_it_is_in_the_language_in_which_the_consumer_spoke_or_ordered() -> None:
    made = needs(talk().order(language="en"), Need.DISPUTE)
    assert made.event(CaseOpened).language == made.event(RoutedTo).language == "en"
    made = at_work(language="en").resolved().says(language="de", fresh=True).order(language="fr")
    assert needs(made, Need.CONTEST, case=1).event(CaseOpened).language == "en"
    made = at_work(language="en").resolved().says(language="", fresh=True)
    assert needs(made, Need.CONTEST).event(CaseOpened).language == "en"


@pytest.mark.parametrize(
    ("need", "cause"),
    [(Need.DISPUTE, TakeOverCause.DISPUTE), (Need.DECISION, TakeOverCause.REMEDY)],
)
def test_the_remedys_own_case_comes_to_the_platform(need: Need, cause: TakeOverCause) -> None:
    made = needs(opened(), need, conversation=CONVERSATION, case=1)
    assert made.event(TakenOver).cause is cause
    needs(made, need, conversation=CONVERSATION, case=1).then_nothing()


def test_what_was_handed_over_stays_at_the_platform_where_a_remedy_needs_it_by_then() -> None:
    made = at_work().does(ReferCase, desk=PLATFORM, mode=ReferralMode.HAND_OVER, **TEXTED)
    needs(made, Need.DISPUTE, conversation=CONVERSATION, case=1).assigned(agent=PLATFORM_AGENT)
    clocks = made.case().clocks
    made.does(AnswerReferral, agent=PLATFORM_AGENT, **TEXTED)
    made.then_only(MessagePosted, ReferralEnded)
    assert made.event(ReferralEnded).outcome is ReferralOutcome.ANSWERED
    case = made.case()
    assert (case.owner, case.agent, case.clocks) == (PLATFORM, PLATFORM_AGENT, clocks)


def test_it_comes_there_from_the_case_into_which_its_own_was_merged() -> None:
    made = opened(issue="quality").says(issue="late_delivery", fresh=True)
    noted = NoteRemedy(
        consumer=CONSUMER,
        conversation=CONVERSATION,
        case=2,
        remedy=1,
        happened_at=made.now,
        runs=True,
    )
    made.when(noted, by=SYSTEM).does(MergeCases, case=2, into=1)
    needs(made, Need.DISPUTE, conversation=CONVERSATION, case=2)
    assert (made.event(TakenOver).case, made.events(CaseOpened)) == (1, [])
    made.assigned(agent=PLATFORM_AGENT).resolved(agent=PLATFORM_AGENT).then_refused("promise_unmet")


@pytest.mark.parametrize(
    ("need", "cause"),
    [(Need.DISPUTE, TakeOverCause.DISPUTE), (Need.DECISION, TakeOverCause.REMEDY)],
)
def test_merged_into_a_case_of_the_merchants_it_brings_that_along(
    need: Need, cause: TakeOverCause
) -> None:
    made = needs(at_work(issue="quality"), need).assigned(agent=PLATFORM_AGENT, case=2)
    promised = made.clock(ClockKind.FIRST_RESPONSE, Side.DESK, 2).due_at
    made.at(after(hours=1)).does(MergeCases, case=2, into=1, agent=PLATFORM_AGENT)
    taken = made.event(TakenOver)
    assert (taken.case, taken.from_desk, taken.cause) == (1, SHOP, cause)
    assert made.event(ConsumerTold).case == 1
    case = made.case(1)
    assert (case.owner, case.status, case.needed) == (PLATFORM, CaseStatus.QUEUED, True)
    assert made.clock(ClockKind.FIRST_RESPONSE, Side.DESK).due_at == promised


def test_merged_into_one_of_the_platforms_it_is_taken_from_nobody() -> None:
    made = needs(opened(issue="safety"), Need.DISPUTE).assigned(agent=PLATFORM_AGENT, case=1)
    made.does(MergeCases, case=2, into=1, agent=PLATFORM_AGENT)
    assert (made.events(TakenOver), made.case(1).agent) == ([], PLATFORM_AGENT)


def test_what_another_order_has_under_the_same_number_stays_where_it_is() -> None:
    made = opened(issue="quality").says(issue="late_delivery", fresh=True)
    ran: Any = {"consumer": CONSUMER, "conversation": CONVERSATION, "case": 1, "remedy": 1}
    made.when(NoteRemedy(**ran, happened_at=made.now, runs=True), by=SYSTEM)
    made.assigned(case=2).does(AskConsumer, case=2, **TEXTED)
    needs(made, Need.DISPUTE, conversation=CONVERSATION, case=2)
    assert (made.event(CaseOpened).case, made.case(1).owner) == (3, SHOP)


def test_a_second_person_has_a_case_of_their_own_and_is_somebody_else() -> None:
    made = needs(opened(), Need.DECISION, conversation=CONVERSATION, case=1)
    about: Any = {"conversation": CONVERSATION, "case": 1, "barred": PLATFORM_AGENT}
    needs(made, Need.SECOND_PERSON, **about)
    assert made.event(CaseOpened).barred == PLATFORM_AGENT
    needs(made, Need.SECOND_PERSON, **about).then_nothing()
    place: Any = {"consumer": CONSUMER, "conversation": CONVERSATION, "case": 2}
    made.when(AssignCase(**place, agent=PLATFORM_AGENT), by=SYSTEM)
    assert made.event(AssignmentDeclined).reason is DeclineReason.BARRED
    made.when(AssignCase(**place, agent=SHOP_AGENT), by=SYSTEM).then_only(CaseAssigned)


def test_a_remedy_of_one_part_does_not_make_the_whole_order_its_merchants() -> None:
    whole = Subject(SubjectKind.ORDER, ORDER, 0)
    made = talk().order(parts=(PartView(1, MERCHANT), PartView(2, STRANGER)))
    needs(made.says(subject=whole, issue="quality"), Need.DISPUTE, conversation=CONVERSATION)
    assert made.event(CaseOpened).case == 2
    assert made.state.merchant is None


@pytest.mark.parametrize("by", [BY_CONSUMER, BY_SHOP])
def test_nobody_brings_a_remedy_there_but_the_system(by: Any) -> None:
    made = talk()
    command = OpenForDispute(consumer=CONSUMER, subject=ORDER_PART, market="cn", remedy=1)
    made.when(command, by=by).then_refused("not_allowed")


def still(made: Talk, *needs: StillNeeded, order: UUID = ORDER, by: Any = SYSTEM) -> Talk:
    """What the remedies of the order still need somebody of the platform for."""
    command = NoteNeeds(consumer=CONSUMER, conversation=CONVERSATION, order=order, needs=needs)
    return made.when(command, by=by)


def test_a_case_that_nobody_is_needed_for_any_more_is_over_and_gives_its_agent_back() -> None:
    made = needs(talk(), Need.DECISION)
    place: Any = {"consumer": CONSUMER, "conversation": CONVERSATION, "case": 1}
    made.when(AssignCase(**place, agent=PLATFORM_AGENT), by=SYSTEM)
    still(made, StillNeeded(Need.ROUTE)).then_nothing()
    resolved = still(made).event(CaseResolved)
    assert (resolved.reason, resolved.by) == (ClosingReason.DECIDED_ELSEWHERE, SYSTEM)
    assert made.event(CaseUnassigned).agent == PLATFORM_AGENT
    still(made).then_nothing()
    needs(made, Need.DISPUTE)
    assert made.event(CaseOpened).case == 2


def test_a_second_persons_case_lasts_as_long_as_that_person_is_needed() -> None:
    made = needs(talk(), Need.DECISION)
    needs(made, Need.SECOND_PERSON, barred=PLATFORM_AGENT)
    waiting = StillNeeded(Need.DECISION), StillNeeded(Need.SECOND_PERSON, PLATFORM_AGENT)
    still(made, *waiting).then_nothing()
    still(made, waiting[0], StillNeeded(Need.SECOND_PERSON, SHOP_AGENT))
    assert made.event(CaseResolved).case == 2
    assert made.case(1).is_open


def test_nothing_else_comes_to_a_second_persons_case_and_ends_with_it() -> None:
    made = needs(talk(), Need.SECOND_PERSON, barred=PLATFORM_AGENT)
    needs(made, Need.DECISION, remedy=2, conversation=CONVERSATION, case=1)
    assert made.event(CaseOpened).case == 2
    still(made, StillNeeded(Need.DECISION))
    assert made.event(CaseResolved).case == 1
    assert made.case(2).is_open


def test_the_consumer_joins_it_only_where_no_other_case_is_like_it() -> None:
    made = opened(issue="late_delivery")
    needs(made, Need.SECOND_PERSON, barred=PLATFORM_AGENT)
    made.says(issue="")
    assert (made.case(1).contacts, made.case(2).contacts) == (1, 0)
    made.at(after(hours=1)).says(issue="", case=2)
    assert made.case(2).contacts == 1
    alone = needs(talk(), Need.SECOND_PERSON, barred=PLATFORM_AGENT).says(issue="")
    assert alone.case(1).contacts == 1


def test_what_becomes_of_a_remedy_is_told_there_only_where_no_other_case_is_open() -> None:
    made = opened(issue="quality")
    needs(made, Need.SECOND_PERSON, barred=PLATFORM_AGENT)
    told = NoteRemedy(
        consumer=CONSUMER,
        conversation=CONVERSATION,
        case=0,
        remedy=1,
        happened_at=made.now,
        notice=Notice.REFUND_SENT,
    )
    assert made.when(told, by=SYSTEM).event(ConsumerTold).case == 1
    alone = needs(talk(), Need.SECOND_PERSON, barred=PLATFORM_AGENT)
    assert alone.when(told, by=SYSTEM).event(ConsumerTold).case == 1


@pytest.mark.parametrize("waits", [True, False])
def test_what_was_not_solved_comes_back_though_a_second_person_has_a_case(waits: bool) -> None:
    made = at_work(issue="late_delivery").answered()
    needs(made, Need.SECOND_PERSON, barred=PLATFORM_AGENT)
    made.resolved()
    if not waits:
        still(made)
    made.at(after(days=1)).says(issue="")
    contact = made.event(ContactReceived)
    assert (contact.case, contact.kind) == (1, ContactKind.RECONTACT)
    assert made.event(CaseReopened).number == 1


def test_what_a_second_person_asked_is_answered_there() -> None:
    made = at_work(issue="late_delivery").answered()
    needs(made, Need.SECOND_PERSON, barred=SHOP_COLLEAGUE).assigned(agent=PLATFORM_AGENT, case=2)
    made.does(AskConsumer, agent=PLATFORM_AGENT, case=2, **TEXTED)
    made.at(after(hours=2)).says(issue="")
    assert made.event(WaitEnded).case == 2


def test_where_no_more_fit_in_it_is_taken_last() -> None:
    made = talk()
    for _ in range(CASES_LIVE_MAX - 1):
        made.says(issue="safety", fresh=True)
    needs(made, Need.SECOND_PERSON, barred=PLATFORM_AGENT)
    made.says(fresh=True)
    assert made.event(MessagePosted).case == CASES_LIVE_MAX - 1
    needs(made, Need.DISPUTE).then_only(NeedNoted)
    assert made.event(NeedNoted).case == CASES_LIVE_MAX - 1


def test_a_case_in_which_somebody_has_spoken_stays_theirs() -> None:
    still(opened()).then_nothing()
    made = needs(opened(), Need.DECISION, conversation=CONVERSATION, case=1)
    still(made).then_only(NeedNoted)
    made = needs(talk(), Need.DECISION)
    made.says(case=1)
    still(made).then_only(NeedNoted)
    assert made.case(1).is_open


def disputed() -> Talk:
    """An agent of the platform has the case of a remedy that is disputed."""
    return needs(talk(), Need.DISPUTE).assigned(agent=PLATFORM_AGENT)


def test_it_is_not_resolved_before_the_decision() -> None:
    made = disputed()
    made.resolved(agent=PLATFORM_AGENT).then_refused("promise_unmet")
    still(made.says(case=1)).then_only(NeedNoted)
    assert made.resolved(agent=PLATFORM_AGENT).event(CaseResolved).case == 1


def test_who_wants_nothing_more_withdraws_the_remedy_first() -> None:
    made = needs(opened(), Need.DISPUTE, conversation=CONVERSATION, case=1)
    made.when(about(WithdrawClaim), by=BY_CONSUMER).then_refused("promise_unmet")
    still(made).when(about(WithdrawClaim), by=BY_CONSUMER)
    assert made.event(CaseResolved).reason is ClosingReason.WITHDRAWN


def test_a_consumer_who_does_not_reply_does_not_end_it_and_somebody_goes_on() -> None:
    made = disputed().does(AskConsumer, agent=PLATFORM_AGENT, **TEXTED)
    made.does(ReturnToQueue, agent=PLATFORM_AGENT)
    for _ in range(PACK.asking.reminders):
        made.wake(made.clock(ClockKind.REPLY, Side.CONSUMER).due_at)
    found = foretell(state=made.state, case=made.case(), packs=made.packs)
    assert found is not None
    assert (found.clock, found.then) == (ClockKind.REPLY, Foreseen.LOOKED_AT_AGAIN)
    made.wake(found.due_at)
    assert made.event(WaitEnded).outcome is WaitOutcome.NO_REPLY
    assert (made.events(CaseResolved), made.events(ConsumerTold)) == ([], [])
    assert made.event(RoutedTo).desk == PLATFORM
    assert made.case().status is CaseStatus.QUEUED
    assert all(clock.due_at for clock in made.case().clocks)
    assert made.clock(ClockKind.NEXT_RESPONSE, Side.DESK).due_at == made.now + timedelta(hours=3)


def test_no_rule_of_its_issue_decides_it() -> None:
    deciding = with_clock(DeskKind.PLATFORM, ClockKind.RESOLUTION, on_expiry=Expiry.DECIDE)
    made = talk().publish(deciding).says(issue="refund")
    needs(made, Need.DISPUTE, conversation=CONVERSATION, case=1)
    made.wake(made.clock(ClockKind.RESOLUTION, Side.DESK).due_at)
    assert made.events(CaseResolved) == []
    assert made.event(PartyReminded).desk == PLATFORM


def ungranted(made: Talk) -> Talk:
    """A case of the conversation decided something for which nothing can be given."""
    return needs(made, Need.DECISION, remedy=0, conversation=CONVERSATION, case=1)


def test_what_a_case_decided_in_vain_waits_for_a_person_whatever_becomes_of_remedies() -> None:
    made = ungranted(talk())
    assert made.event(CaseOpened).origin is Origin.UNGRANTED
    ungranted(made)
    still(made)
    assert made.case().is_open


def test_it_has_a_case_of_its_own_beside_one_that_ends_with_its_remedy() -> None:
    made = ungranted(needs(talk(), Need.DECISION))
    assert made.event(CaseOpened).case == 2
    assert still(made).event(CaseResolved).case == 1
    assert made.case(2).is_open


def test_what_comes_to_a_case_in_vain_is_ended_there_by_whoever_has_it() -> None:
    made = ungranted(opened(issue=""))
    assert (made.case().placed, made.case().needed) == (True, False)
    ungranted(made).then_nothing()
    made.assigned(agent=PLATFORM_AGENT).resolved(agent=PLATFORM_AGENT)
    assert made.event(CaseResolved).reason is ClosingReason.SOLVED


def test_merged_with_such_a_case_it_waits_there() -> None:
    made = ungranted(needs(talk(), Need.DECISION))
    place: Any = {"consumer": CONSUMER, "conversation": CONVERSATION}
    for case in (1, 2):
        made.when(AssignCase(**place, case=case, agent=PLATFORM_AGENT), by=SYSTEM)
    made.when(MergeCases(**place, case=2, into=1, agent=PLATFORM_AGENT), by=BY_PLATFORM)
    assert made.event(CasesMerged).origin is Origin.UNGRANTED
    still(made)
    assert made.case(1).is_open


def test_the_remedies_of_another_order_say_nothing_of_it() -> None:
    made = needs(talk(), Need.DECISION)
    still(made, order=UUID(int=0xBAD)).then_nothing()
    still(made, by=BY_CONSUMER).then_refused("not_allowed")
    still(talk()).then_nothing()
