"""What the consumer is owed is not lost in another case: answers, call-backs, deadlines."""

from datetime import timedelta
from typing import Any

from oncedesk.domain.conversations.messages import (
    AskConsumer,
    Audience,
    BreachCorrected,
    CallDirection,
    CaseOpened,
    CaseResolved,
    CaseStatus,
    ClosingReason,
    ConsumerTold,
    Decided,
    FollowUp,
    MergeCases,
    Need,
    NeedNoted,
    NoteBreachCorrected,
    NoteCall,
    NoteNeeds,
    OpenForBreach,
    OpenForDispute,
    PhoneCall,
    PostMessage,
    ReferCase,
    ReferralMode,
    RequestCallBack,
    RoutedTo,
    Side,
    SplitCase,
    TakenOver,
    TakeOverCase,
    TakeOverCause,
    WaitEnded,
)
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM
from tests.specs.conversations.world import (
    BY_CONSUMER,
    CONSUMER,
    CONVERSATION,
    CREATOR,
    MERCHANT,
    ORDER,
    ORDER_PART,
    PLATFORM_AGENT,
    PROMISE,
    ROOM,
    SHOP,
    TEXTED,
    Talk,
    about,
    at_work,
    talk,
)
from tests.support.specs import START, after

CALL = PhoneCall(CallDirection.INBOUND, "138****5678", 300)
MORNING = after(hours=20)
"""When somebody is at the platform's desk again."""
BREACH: Any = {
    "consumer": CONSUMER,
    "subject": ORDER_PART,
    "promise": PROMISE,
    "breach": "late_delivery",
}


def breach(made: Talk) -> Talk:
    opening = OpenForBreach(**BREACH, market="cn", due_at=START, merchant=MERCHANT, creator=CREATOR)
    return made.when(opening)


def remedy_needs(made: Talk, need: Need, *, case: int | None = None, **more: Any) -> Talk:
    linked: Any = {} if case is None else {"conversation": CONVERSATION, "case": case}
    command = OpenForDispute(
        consumer=CONSUMER,
        subject=ORDER_PART,
        market="cn",
        remedy=1,
        merchant=MERCHANT,
        need=need,
        **linked,
        **more,
    )
    return made.when(command, by=SYSTEM)


def nothing_needed(made: Talk) -> Talk:
    """The remedies of the order need nobody any more."""
    return made.when(NoteNeeds(consumer=CONSUMER, conversation=CONVERSATION, order=ORDER))


def resting() -> Talk:
    """Answered, and to be looked at again in 60 days: nobody has it, and it is in no queue."""
    made = at_work().answered().does(FollowUp, at=after(days=60))
    assert (made.case().status, made.case().agent) == (CaseStatus.FOLLOW_UP, None)
    return made


def owed(made: Talk, number: int, side: Side) -> Any:
    clocks = made.case(number).responses
    return min(one.due_at for one in clocks if one.due_at and one.side is side)


# The consumer's answer reaches the question


def test_words_about_anything_answer_what_was_asked() -> None:
    made = at_work(issue="late_delivery").says(issue="refund", fresh=True)
    made.does(PostMessage, case=2, audience=Audience.CONSUMER, **TEXTED)
    made.at(after(hours=1)).does(AskConsumer, case=1, **TEXTED).at(after(hours=2)).says(issue="")
    assert made.case(1).asked is None
    for days in (2, 4, 6):
        made.wake(after(days=days, hours=1))
    assert made.case(1).closing is not ClosingReason.NO_REPLY


def test_they_do_so_also_beside_a_second_persons_case() -> None:
    made = at_work(issue="late_delivery").does(AskConsumer, case=1, **TEXTED)
    remedy_needs(made, Need.SECOND_PERSON, case=1, barred=PLATFORM_AGENT)
    made.at(after(hours=2)).says(issue="")
    assert made.case(1).asked is None


def test_a_call_in_which_they_spoke_answers_it_too() -> None:
    made = at_work().at(after(hours=1)).does(AskConsumer, **TEXTED)
    made.at(after(hours=3)).does(NoteCall, call=CALL, audience=Audience.DESKS, **TEXTED)
    assert made.events(WaitEnded)
    assert made.case().status is not CaseStatus.WAITING_CONSUMER


# A case that opened by itself ends by itself only where nothing is owed in it


def test_a_promised_call_is_made_although_there_was_no_breach() -> None:
    made = breach(talk().desk(SHOP, surge=True)).at(after(minutes=5))
    made.when(about(RequestCallBack), by=BY_CONSUMER)
    made.at(after(minutes=9)).when(NoteBreachCorrected(**BREACH))
    assert not made.events(CaseResolved)


def test_a_promised_call_is_made_although_silence_would_decide() -> None:
    made = at_work(issue="refund").desk(SHOP, surge=True).at(after(minutes=5))
    made.when(about(RequestCallBack), by=BY_CONSUMER)
    made.wake(after(hours=2))
    assert (made.events(Decided), made.event(TakenOver).cause) == ([], TakeOverCause.CLOCK)
    assert made.event(ConsumerTold).until == after(hours=4)
    assert made.case().call_back
    made.wake(after(days=4))
    assert (made.events(Decided), made.case().status) == ([], CaseStatus.QUEUED)


def test_another_desk_that_was_asked_still_answers() -> None:
    made = breach(talk())
    made.does(ReferCase, desk=ROOM, mode=ReferralMode.STAY, **TEXTED)
    made.when(NoteBreachCorrected(**BREACH))
    assert not made.events(CaseResolved)


def test_the_consumers_own_problem_that_was_merged_into_it_stays() -> None:
    made = breach(at_work(issue="quality"))
    made.does(SplitCase, case=1, issue="late_delivery").does(MergeCases, case=3, into=2)
    made.when(NoteBreachCorrected(**BREACH))
    assert not made.events(CaseResolved)


def test_it_stays_also_where_a_remedy_had_needed_somebody() -> None:
    made = remedy_needs(at_work(issue="quality"), Need.DECISION)
    made.does(SplitCase, case=1, issue="refund").answered(case=3)
    made.does(MergeCases, case=3, into=2, agent=PLATFORM_AGENT)
    nothing_needed(made)
    assert not made.events(CaseResolved)


def test_a_disputed_remedy_keeps_its_case_although_there_was_no_breach() -> None:
    made = remedy_needs(breach(talk()), Need.DISPUTE, case=1)
    made.when(NoteBreachCorrected(**BREACH)).then_only(BreachCorrected)
    assert made.case(1).is_open


def test_so_does_a_dispute_that_was_merged_into_it() -> None:
    made = remedy_needs(breach(talk()), Need.DISPUTE)
    made.does(MergeCases, case=2, into=1, agent=PLATFORM_AGENT)
    made.when(NoteBreachCorrected(**BREACH)).then_only(BreachCorrected)


def test_once_the_dispute_is_decided_it_lives_by_the_breach_alone() -> None:
    made = remedy_needs(breach(talk()), Need.DISPUTE, case=1)
    nothing_needed(made).then_only(NeedNoted)
    nothing_needed(made).then_nothing()
    made.when(NoteBreachCorrected(**BREACH))
    assert made.event(CaseResolved).reason is ClosingReason.NO_FAULT


def test_a_breach_that_was_merged_into_a_remedys_case_is_made_good_there() -> None:
    made = remedy_needs(breach(talk()), Need.DECISION)
    made.does(MergeCases, case=1, into=2, agent=PLATFORM_AGENT)
    nothing_needed(made).then_only(NeedNoted)
    assert made.case(2).is_open


def test_a_second_persons_case_is_merged_with_none() -> None:
    made = remedy_needs(at_work(issue="quality"), Need.SECOND_PERSON, barred=PLATFORM_AGENT)
    made.does(MergeCases, case=2, into=1, agent=PLATFORM_AGENT).then_refused("case_apart")
    made.does(MergeCases, case=1, into=2, agent=PLATFORM_AGENT).then_refused("case_apart")


# What rests is woken by what is owed


def test_an_owed_answer_that_is_merged_into_it_wakes_it() -> None:
    made = resting().at(after(hours=1)).says(fresh=True)
    made.does(MergeCases, case=2, into=1)
    assert made.case(1).responses
    assert made.case(1).status is CaseStatus.QUEUED
    assert made.events(RoutedTo)


def test_a_promised_call_wakes_it() -> None:
    made = resting().desk(SHOP, surge=True)
    made.when(about(RequestCallBack), by=BY_CONSUMER)
    assert made.case().status is CaseStatus.QUEUED
    assert made.events(RoutedTo)


def test_a_remedy_that_needs_a_person_wakes_it() -> None:
    made = at_work().does(TakeOverCase, agent=PLATFORM_AGENT, reason="x")
    made.assigned(agent=PLATFORM_AGENT).answered(agent=PLATFORM_AGENT)
    made.does(FollowUp, agent=PLATFORM_AGENT, at=after(days=60))
    remedy_needs(made, Need.DECISION, case=1)
    assert made.case().status is CaseStatus.QUEUED


def test_what_it_takes_along_at_night_is_promised_for_the_morning() -> None:
    made = at_work(issue="quality").says(issue="late_delivery", fresh=True)
    remedy_needs(made, Need.DECISION, case=1).desk(PLATFORM, staffed=False, staffed_from=MORNING)
    made.does(MergeCases, case=1, into=2, agent=PLATFORM_AGENT)
    assert made.event(ConsumerTold).until == MORNING + timedelta(hours=2)


def test_what_waits_for_the_consumer_waits_on_and_the_remedy_has_a_case_of_its_own() -> None:
    made = at_work().does(AskConsumer, **TEXTED)
    holder = made.case(1).agent
    remedy_needs(made, Need.DECISION, case=1)
    assert made.event(CaseOpened).case == 2
    assert made.case(2).status is CaseStatus.QUEUED
    assert (made.case(1).status, made.case(1).agent) == (CaseStatus.WAITING_CONSUMER, holder)
    remedy_needs(made, Need.DECISION, case=1).then_nothing()


# Merging gains nobody time


def test_what_is_merged_into_an_answered_case_is_due_when_it_was() -> None:
    made = at_work().answered().says(fresh=True)
    was = {side: owed(made, 2, side) for side in (Side.CONSUMER, Side.DESK)}
    made.at(after(hours=3, minutes=59)).does(MergeCases, case=2, into=1)
    assert {side: owed(made, 1, side) for side in was} == was


def test_an_answer_is_one_whether_the_first_or_another() -> None:
    made = at_work().says(fresh=True).answered(case=2).at(after(hours=3)).says(case=2)
    was = owed(made, 1, Side.DESK)
    made.does(MergeCases, case=1, into=2)
    assert owed(made, 2, Side.DESK) == was
