"""Waiting for the consumer: a stated question, a bounded time, and what it costs."""

from datetime import timedelta

from oncedesk.domain.conversations.messages import (
    AskConsumer,
    Audience,
    CaseResolved,
    CaseStatus,
    CaseUnassigned,
    ClockExpired,
    ClockPaused,
    ClockResumed,
    ClocksStopped,
    ClockStarted,
    ClosingReason,
    ConsumerAsked,
    ConsumerTold,
    ContactKind,
    ContactReceived,
    FollowUp,
    MessagePosted,
    Notice,
    PartyReminded,
    PriorityRaised,
    Reminded,
    ReopenCase,
    ResolveCase,
    Side,
    Stopped,
    StopReason,
    TakeOverCase,
    WaitEnded,
    WaitOutcome,
)
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import ClockKind
from tests.specs.conversations.world import (
    BY_CONSUMER,
    BY_SHOP,
    PACK,
    PLATFORM_AGENT,
    SHOP_AGENT,
    TEXT,
    TEXTED,
    Talk,
    about,
    at_work,
    opened,
)
from tests.support.specs import START, after


def asked() -> Talk:
    """The shop's agent asked the consumer an hour after the case was opened."""
    return at_work().at(after(hours=1)).does(AskConsumer, **TEXTED)


def test_asks_lets_the_desks_clock_stand_and_starts_the_reply_clock() -> None:
    spec = asked()
    now = after(hours=1)
    spec.then(
        MessagePosted(case=1, at=now, audience=Audience.CONSUMER, author=BY_SHOP, digest=TEXT),
        ConsumerAsked(case=1, at=now, question=spec.command_id, number=1, agent=SHOP_AGENT),
        ClocksStopped(
            case=1,
            at=now,
            clocks=(
                Stopped(ClockKind.FIRST_RESPONSE, Side.CONSUMER),
                Stopped(ClockKind.FIRST_RESPONSE, Side.DESK),
            ),
            reason=StopReason.ANSWERED,
        ),
        ClockPaused(
            case=1,
            at=now,
            clock=ClockKind.RESOLUTION,
            side=Side.DESK,
            left_seconds=47 * 3_600,
        ),
        ClockStarted(
            case=1,
            at=now,
            clock=ClockKind.REPLY,
            side=Side.CONSUMER,
            due_at=after(days=2, hours=1),
            rule="asking",
            pack=PACK.hash,
        ),
    )
    assert spec.case().status is CaseStatus.WAITING_CONSUMER
    assert spec.case().agent == SHOP_AGENT


def test_lets_the_consumers_clock_run_on_while_we_wait() -> None:
    assert asked().clock(ClockKind.RESOLUTION, Side.CONSUMER).due_at == after(days=4)


def test_runs_on_where_it_stood_once_the_consumer_replies() -> None:
    now = after(hours=21)
    spec = asked().at(now).says()
    spec.then_only(
        ContactReceived,
        MessagePosted,
        WaitEnded,
        ClocksStopped,
        ClockResumed,
        ClockStarted,
        ClockStarted,
    )
    assert spec.event(ClockResumed).due_at == after(hours=21 + 47)
    assert spec.event(ClocksStopped).clocks == (Stopped(ClockKind.REPLY, Side.CONSUMER),)
    assert spec.case().status is CaseStatus.ASSIGNED


def test_records_how_long_the_clock_stood_and_because_of_whom() -> None:
    spec = asked().at(after(hours=21)).says()
    assert spec.event(WaitEnded) == WaitEnded(
        case=1,
        at=after(hours=21),
        outcome=WaitOutcome.REPLIED,
        paused_seconds=20 * 3_600,
        agent=SHOP_AGENT,
    )


def test_takes_a_reply_within_the_session_for_the_same_contact() -> None:
    spec = asked().at(after(hours=1, minutes=10)).says()
    assert spec.events(ContactReceived) == []
    assert spec.event(WaitEnded).paused_seconds == 600


def test_refuses_a_third_question() -> None:
    spec = asked().at(after(hours=2)).says().at(after(hours=3)).does(AskConsumer, **TEXTED)
    assert spec.event(ConsumerAsked).number == 2
    spec.at(after(hours=4)).says().does(AskConsumer, **TEXTED).then_refused("question_limit")


def test_counts_questions_over_reopenings() -> None:
    spec = asked().at(after(hours=2)).says().does(AskConsumer, **TEXTED).at(after(hours=3)).says()
    spec.resolved().at(after(hours=4)).says().assigned()
    spec.does(AskConsumer, **TEXTED).then_refused("question_limit")


def test_refuses_a_second_question_while_the_first_is_open() -> None:
    asked().does(AskConsumer, **TEXTED).then_refused("waiting_for_consumer")


def test_refuses_to_wait_without_a_question() -> None:
    at_work().does(AskConsumer, digest=TEXT, length=0).then_refused("message_empty")


def test_refuses_a_question_by_somebody_who_does_not_work_on_it() -> None:
    at_work().does(AskConsumer, agent=PLATFORM_AGENT, **TEXTED).then_refused("not_allowed")
    at_work().when(about(AskConsumer, **TEXTED), by=BY_CONSUMER).then_refused("not_allowed")


def test_reminds_twice_then_resolves_as_no_reply() -> None:
    spec = asked()
    for number, day in ((1, 2), (2, 4)):
        spec.wake(after(days=day, hours=1))
        reminded = spec.event(PartyReminded)
        assert (reminded.who, reminded.clock, reminded.number) == (
            Reminded.CONSUMER,
            ClockKind.REPLY,
            number,
        )
        assert ClockKind.REPLY in [one.clock for one in spec.events(ClockStarted)]
        assert spec.case().status is CaseStatus.WAITING_CONSUMER
    spec.wake(after(days=6, hours=1))
    spec.then_only(
        ClockExpired,
        WaitEnded,
        CaseUnassigned,
        ClocksStopped,
        CaseResolved,
        ClockStarted,
        ConsumerTold,
    )
    assert spec.event(WaitEnded).outcome is WaitOutcome.NO_REPLY
    assert spec.event(WaitEnded).paused_seconds == 6 * 86_400
    assert spec.event(CaseResolved).reason is ClosingReason.NO_REPLY
    assert spec.event(ConsumerTold).notice is Notice.CLOSED_NO_REPLY


def no_reply() -> Talk:
    spec = asked()
    while spec.case().is_open:
        spec.wake_when_due()
    return spec


def test_reopens_by_one_tap_after_no_reply_without_blame() -> None:
    spec = no_reply().when(about(ReopenCase), by=BY_CONSUMER)
    assert spec.event(ContactReceived).kind is ContactKind.REQUESTED
    assert spec.case().reopens == 0
    assert spec.case().status is CaseStatus.QUEUED
    assert not spec.case().failed


def test_what_is_said_after_the_tap_is_the_same_contact() -> None:
    spec = no_reply().when(about(ReopenCase), by=BY_CONSUMER)
    spec.at(spec.now + timedelta(minutes=29)).says(issue="").then_only(MessagePosted)
    assert spec.case().contacts == 2
    assert not spec.case().failed
    spec.at(spec.now + timedelta(minutes=30)).says(issue="")
    assert spec.event(ContactReceived).kind is ContactKind.CHASER


def test_reopens_by_any_message_after_no_reply() -> None:
    spec = no_reply().says(issue="")
    assert spec.case().status is CaseStatus.QUEUED


def test_takes_nobody_over_while_the_ball_is_with_the_consumer() -> None:
    spec = asked().wake(after(days=4))
    expired = spec.events(ClockExpired)
    assert (expired[-1].clock, expired[-1].side) == (ClockKind.RESOLUTION, Side.CONSUMER)
    assert spec.event(PriorityRaised).priority == 2
    assert spec.case().status is CaseStatus.WAITING_CONSUMER
    assert spec.case().agent == SHOP_AGENT


def test_ends_the_wait_when_the_case_is_resolved() -> None:
    spec = asked().at(after(hours=2)).does(ResolveCase, reason=ClosingReason.SOLVED)
    assert spec.event(WaitEnded).outcome is WaitOutcome.RESOLVED
    assert spec.event(WaitEnded).paused_seconds == 3_600


def test_ends_the_rest_when_it_asks() -> None:
    spec = at_work().does(FollowUp, at=after(hours=5)).does(AskConsumer, **TEXTED)
    assert spec.case().status is CaseStatus.WAITING_CONSUMER
    assert spec.case().clock(ClockKind.FOLLOW_UP, Side.DESK) is None


def test_keeps_the_question_when_the_platform_steps_in() -> None:
    spec = asked().does(TakeOverCase, agent=PLATFORM_AGENT, reason="safety")
    assert spec.event(CaseUnassigned).agent == SHOP_AGENT
    assert spec.case().status is CaseStatus.WAITING_CONSUMER
    assert spec.case().owner == PLATFORM
    assert spec.clock(ClockKind.RESOLUTION, Side.DESK).left_seconds == 3 * 86_400
    assert spec.event(ConsumerTold).until is None, "it is the consumer's turn"
    spec.at(after(hours=5)).says()
    assert spec.case().status is CaseStatus.QUEUED
    assert spec.clock(ClockKind.RESOLUTION, Side.DESK).due_at == after(days=3, hours=5)


def test_cannot_win_time_by_asking_when_it_is_late_already() -> None:
    spec = at_work().answered().at(after(days=2)).does(AskConsumer, **TEXTED)
    assert spec.event(ClockPaused).left_seconds == 0
    spec.at(after(days=2, hours=1)).says()
    assert spec.clock(ClockKind.RESOLUTION, Side.DESK).due_at == after(days=2, hours=1)


def test_starts_counting_at_the_question() -> None:
    assert opened().does(AskConsumer, **TEXTED).state.cases[0].asked.at == START
