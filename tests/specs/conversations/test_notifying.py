"""Who is told what without looking, when it leaves, and what leaves as one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace as changed

from oncedesk.domain.conversations.messages import (
    AnswerReferral,
    AskConsumer,
    Audience,
    ClockWarned,
    ConsumerTold,
    MergeCases,
    MessagePosted,
    NoteRemedy,
    Notice,
    PostMessage,
    ReferCase,
    ReferralMode,
    ReturnToQueue,
    Side,
    TakeOverCase,
    TransferCase,
)
from oncedesk.domain.conversations.notifying import (
    Merged,
    Notification,
    NotificationKind,
    Recipient,
    RecipientKind,
    Waiting,
    merge,
    merged,
    notifications,
    quiet_until,
)
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.shared.calendars import Calendar, Span
from oncedesk.domain.shared.decider import SYSTEM, Actor, Role
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import ClockKind, NotifyingRule, Pack
from tests.specs.conversations.world import (
    BY_CONSUMER,
    BY_PLATFORM,
    BY_SHOP,
    CONSUMER,
    CONVERSATION,
    CREATOR_AGENT,
    PACK,
    PLATFORM_AGENT,
    ROOM,
    SHOP,
    SHOP_AGENT,
    SHOP_COLLEAGUE,
    TEXT,
    TEXTED,
    Talk,
    at_work,
    opened,
)
from tests.support.specs import START, after

Kind = NotificationKind
THE_CONSUMER = Recipient(RecipientKind.CONSUMER, CONSUMER)
THE_SHOP = Recipient(RecipientKind.DESK, None, str(SHOP))
THE_AGENT = Recipient(RecipientKind.AGENT, SHOP_AGENT, str(SHOP))
MINUTE = timedelta(minutes=1)


def awake(zone: str, hours: str = "08-21", merge_seconds: int = 60) -> Pack:
    """The specs' pack, with a night."""
    start, end = (int(hour) * 60 for hour in hours.split("-"))
    calendar = Calendar(name="day", timezone=zone, week=((Span(start, end),),) * 7)
    return changed(
        PACK,
        calendars={**PACK.calendars, "day": calendar},
        notifying=NotifyingRule("notifying", "day", merge_seconds),
    )


def told(
    talk: Talk, act: Callable[[Talk], Any], *, by: Actor = SYSTEM, pack: Pack = PACK
) -> list[Notification]:
    """What this act makes known to whom."""
    before = talk.state
    act(talk)
    assert isinstance(talk.answer, list), talk.answer
    assert isinstance(talk.state, Conversation)
    found = notifications(
        before=before, after=talk.state, events=talk.answer, actor=by, pack=pack, now=talk.now
    )
    assert len({(one.recipient, one.kind) for one in found}) == len(found)
    return list(found)


def brief(found: list[Notification]) -> list[tuple[Recipient, Kind, int, datetime | None]]:
    return [(one.recipient, one.kind, one.case, one.deadline) for one in found]


def test_tells_the_consumer_of_an_answer_in_their_language_after_a_minute() -> None:
    found = told(at_work().at(after(hours=1)), lambda talk: talk.answered(), by=BY_SHOP)
    leaves_at = after(hours=1, minutes=1)
    assert found == [Notification(THE_CONSUMER, Kind.ANSWER, 1, "zh", leaves_at)]


@pytest.mark.parametrize("audience", [Audience.DESKS, Audience.INTERNAL])
def test_tells_nobody_of_what_the_consumer_does_not_see(audience: Audience) -> None:
    def note(talk: Talk) -> Any:
        return talk.does(PostMessage, audience=audience, **TEXTED)

    assert told(at_work(), note, by=BY_SHOP) == []


def test_tells_nobody_of_an_automatic_reply() -> None:
    def reply(talk: Talk) -> Any:
        return talk.does(PostMessage, audience=Audience.CONSUMER, automatic=True, **TEXTED)

    assert told(at_work(), reply, by=BY_SHOP) == []


def test_tells_a_question_as_such_and_by_when_to_reply() -> None:
    found = told(at_work(), lambda talk: talk.does(AskConsumer, **TEXTED), by=BY_SHOP)
    assert brief(found) == [(THE_CONSUMER, Kind.QUESTION, 1, after(days=2))]


def test_tells_of_each_reminder_and_of_the_end_for_want_of_a_reply() -> None:
    talk = at_work().does(AskConsumer, **TEXTED)
    kinds = []
    while talk.case().is_open:
        for recipient, kind, _, _ in brief(told(talk, lambda talk: talk.wake_when_due())):
            if recipient == THE_CONSUMER:
                kinds.append(kind)
    assert kinds == [Kind.REMINDER, Kind.REMINDER, Kind.CLOSED_NO_REPLY]


def test_does_not_tell_consumers_what_came_of_their_own_command() -> None:
    talk = Talk().desk(PLATFORM, staffed=False)
    assert told(talk, lambda talk: talk.says(issue="other"), by=BY_CONSUMER) == []
    assert isinstance(talk.answer, list)
    assert any(type(event) is ConsumerTold for event in talk.answer)


def test_tells_consumers_what_came_of_it_where_others_brought_it() -> None:
    talk = Talk().desk(PLATFORM, staffed=False)
    found = told(talk, lambda talk: talk.says(issue="other"), by=Actor(Role.MARKETPLACE))
    assert [(one.recipient, one.kind) for one in found] == [(THE_CONSUMER, Kind.ANSWER_BY)]
    assert found[0].deadline is not None


def test_tells_news_of_a_closed_case_in_the_language_of_the_order() -> None:
    talk = at_work(language="en").resolved().order(language="en")
    talk.wake_when_due()
    news = NoteRemedy(
        consumer=CONSUMER,
        conversation=CONVERSATION,
        case=1,
        remedy=1,
        happened_at=talk.now,
        notice=Notice.REFUND_SENT,
    )
    (found,) = told(talk, lambda talk: talk.when(news))
    assert (found.kind, found.case, found.language) == (Kind.REFUND_SENT, 1, "en")


def test_tells_in_the_language_that_was_spoken_in_another_case() -> None:
    talk = at_work(language="en").says(language="", fresh=True)
    talk.assigned(case=2, agent=SHOP_COLLEAGUE)
    (found,) = told(talk, lambda talk: talk.answered(case=2, agent=SHOP_COLLEAGUE), by=BY_SHOP)
    assert (found.case, found.language) == (2, "en")


def test_warns_the_agent_who_has_the_case_at_once_and_once() -> None:
    talk = at_work()
    found = told(talk, lambda talk: talk.wake_when_due())
    warnings = [event for event in found if event.kind is Kind.CLOCK_WARNING]
    assert [(one.recipient, one.leaves_at) for one in warnings] == [(THE_AGENT, talk.now)]
    assert warnings[0].deadline is not None
    assert talk.now < warnings[0].deadline


def test_tells_the_desk_whose_case_has_ended_in_anothers() -> None:
    talk = at_work().says(issue="offer", fresh=True)

    def merge_them(talk: Talk) -> Any:
        return talk.does(MergeCases, case=1, into=2, agent=PLATFORM_AGENT)

    found = told(talk, merge_them, by=BY_PLATFORM)
    assert brief(found) == [(THE_SHOP, Kind.CASE_TAKEN, 1, None)]


def test_tells_no_desk_of_a_merge_among_its_own_nor_that_a_question_goes_on() -> None:
    talk = at_work().says(issue="offer", fresh=True)
    talk.does(ReferCase, case=1, desk=ROOM, mode=ReferralMode.HAND_OVER, **TEXTED)

    def merge_them(talk: Talk) -> Any:
        return talk.does(MergeCases, case=1, into=2, agent=CREATOR_AGENT)

    assert told(talk, merge_them) == []


def test_warns_the_desk_where_nobody_has_the_case() -> None:
    found = told(opened(), lambda talk: talk.wake_when_due())
    assert [(one.recipient, one.kind) for one in found] == [(THE_SHOP, Kind.CLOCK_WARNING)]


def test_of_two_warnings_at_once_the_more_pressing_is_told() -> None:
    state = opened().state
    warned = [
        ClockWarned(case=1, at=START, clock=clock, side=side, due_at=after(hours=hours), desk=SHOP)
        for clock, side, hours in (
            (ClockKind.RESOLUTION, Side.DESK, 5),
            (ClockKind.FIRST_RESPONSE, Side.DESK, 2),
            (ClockKind.FIRST_RESPONSE, Side.CONSUMER, 3),
        )
    ]
    found = notifications(
        before=state, after=state, events=warned, actor=SYSTEM, pack=PACK, now=START
    )
    assert brief(list(found)) == [(THE_SHOP, Kind.CLOCK_WARNING, 1, after(hours=2))]


def test_tells_the_desk_that_gets_a_case_and_not_the_consumer() -> None:
    def transfer(talk: Talk) -> Any:
        return talk.does(TransferCase, desk=ROOM, reason="content")

    found = told(at_work(), transfer, by=BY_SHOP)
    room = Recipient(RecipientKind.DESK, None, str(ROOM))
    assert [(one.recipient, one.kind) for one in found] == [(room, Kind.CASE_RECEIVED)]
    assert found[0].deadline is not None


def test_tells_of_a_take_over_the_consumer_and_who_had_it() -> None:
    def take(talk: Talk) -> Any:
        return talk.does(TakeOverCase, agent=PLATFORM_AGENT, reason="intervention")

    found = told(at_work(), take, by=BY_PLATFORM)
    assert {(one.recipient, one.kind) for one in found} == {
        (THE_CONSUMER, Kind.TAKEN_OVER),
        (THE_SHOP, Kind.CASE_TAKEN),
    }


def test_tells_the_asked_desk_of_the_question_and_the_asking_agent_of_the_answer() -> None:
    def refer(talk: Talk) -> Any:
        return talk.does(ReferCase, desk=PLATFORM, mode=ReferralMode.STAY, **TEXTED)

    talk = at_work()
    asked = told(talk, refer, by=BY_SHOP)
    platform = Recipient(RecipientKind.DESK, None, "platform")
    assert [(one.recipient, one.kind) for one in asked] == [(platform, Kind.CASE_RECEIVED)]
    assert asked[0].deadline is not None

    def answer(talk: Talk) -> Any:
        return talk.does(AnswerReferral, agent=PLATFORM_AGENT, **TEXTED)

    found = told(talk, answer, by=BY_PLATFORM)
    assert brief(found) == [(THE_AGENT, Kind.REFERRAL_ENDED, 1, None)]


@pytest.mark.parametrize("answers", [True, False])
def test_tells_the_answer_whoever_has_the_case_by_then(answers: bool) -> None:
    talk = at_work().answered().does(ReferCase, desk=ROOM, mode=ReferralMode.STAY, **TEXTED)
    talk.does(ReturnToQueue).assigned(agent=SHOP_COLLEAGUE)

    def ends(talk: Talk) -> Any:
        if answers:
            return talk.does(AnswerReferral, agent=CREATOR_AGENT, **TEXTED)
        return talk.wake(talk.clock(ClockKind.NEXT_RESPONSE, Side.REFERRAL).due_at)

    found = told(talk, ends, by=Actor(Role.AGENT, CREATOR_AGENT) if answers else SYSTEM)
    colleague = Recipient(RecipientKind.AGENT, SHOP_COLLEAGUE, str(SHOP))
    assert brief(found) == [(colleague, Kind.REFERRAL_ENDED, 1, None)]


@pytest.mark.parametrize("intervenes", [True, False])
def test_tells_whoever_handed_it_over_that_the_platform_took_it(intervenes: bool) -> None:
    talk = at_work().does(ReferCase, desk=ROOM, mode=ReferralMode.HAND_OVER, **TEXTED)

    def take(talk: Talk) -> Any:
        if intervenes:
            return talk.does(TakeOverCase, agent=PLATFORM_AGENT, reason="intervention")
        return talk.wake(talk.clock(ClockKind.FIRST_RESPONSE, Side.DESK).due_at)

    found = told(talk, take, by=BY_PLATFORM if intervenes else SYSTEM)
    room = Recipient(RecipientKind.DESK, None, str(ROOM))
    assert {(one.recipient, one.kind) for one in found} >= {
        (room, Kind.CASE_TAKEN),
        (THE_AGENT, Kind.REFERRAL_ENDED),
    }


# ── When ─────────────────────────────────────────────────────────────────────────────────────────


def leaves(at: datetime, pack: Pack, kind: Kind = Kind.ANSWER) -> datetime:
    """When what was said then leaves."""
    talk = opened()
    if kind is Kind.ANSWER:
        event: Any = MessagePosted(
            case=1, at=at, audience=Audience.CONSUMER, author=BY_SHOP, digest=TEXT
        )
    else:
        event = ClockWarned(
            case=1, at=at, clock=ClockKind.RESOLUTION, side=Side.DESK, due_at=at, desk=SHOP
        )
    (found,) = notifications(
        before=talk.state, after=talk.state, events=[event], actor=SYSTEM, pack=pack, now=at
    )
    return found.leaves_at


SHANGHAI = awake("Asia/Shanghai")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2025-03-03T12:58:00", "2025-03-03T12:59:00"),  # 20:58
        ("2025-03-03T12:59:00", "2025-03-04T00:00:00"),  # a minute later the night has begun
        ("2025-03-03T13:00:00", "2025-03-04T00:00:00"),
        ("2025-03-03T16:30:00", "2025-03-04T00:00:00"),  # past midnight
        ("2025-03-03T23:58:30", "2025-03-04T00:00:00"),
        ("2025-03-04T00:00:00", "2025-03-04T00:01:00"),
    ],
)
def test_lets_consumers_sleep(at: str, expected: str) -> None:
    moment, then = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (at, expected))
    assert leaves(moment, SHANGHAI) == then
    assert leaves(moment, SHANGHAI, Kind.CLOCK_WARNING) == moment, "a desk is warned at night"


BERLIN = awake("Europe/Berlin")


@pytest.mark.parametrize(
    ("evening", "morning"),
    [
        ("2025-03-29T21:30:00+00:00", "2025-03-30T06:00:00+00:00"),  # the short night
        ("2025-03-28T21:30:00+00:00", "2025-03-29T07:00:00+00:00"),
        ("2025-10-25T20:30:00+00:00", "2025-10-26T07:00:00+00:00"),  # the long one
        ("2025-10-24T20:30:00+00:00", "2025-10-25T06:00:00+00:00"),
    ],
)
def test_ends_the_night_by_the_clock_on_the_wall(evening: str, morning: str) -> None:
    assert leaves(datetime.fromisoformat(evening), BERLIN) == datetime.fromisoformat(morning)


def test_keeps_hours_that_go_on_past_midnight() -> None:
    """Open in the evening and at night, quiet by day: two spans of two days, one night."""
    spans = (Span(0, 120), Span(1_200, 1_440))
    calendar = Calendar(name="day", timezone="UTC", week=(spans,) * 7)
    pack = changed(SHANGHAI, calendars={**SHANGHAI.calendars, "day": calendar})
    moment = datetime(2025, 3, 3, 23, 59, 30, tzinfo=UTC)
    assert leaves(moment, pack) == moment + MINUTE
    assert leaves(moment + timedelta(hours=3), pack) == datetime(2025, 3, 4, 20, tzinfo=UTC)


EVENING = datetime(2025, 3, 3, 14, tzinfo=UTC)
"""22:00 in the market."""


def returned_by(until: datetime) -> Notification:
    """In a case: what has to be sent back by then, told in the evening."""
    talk = opened().at(EVENING)
    news = NoteRemedy(
        consumer=CONSUMER,
        conversation=CONVERSATION,
        case=1,
        remedy=1,
        happened_at=talk.now,
        notice=Notice.RETURN_REMINDER,
        until=until,
    )
    (found,) = told(talk, lambda talk: talk.when(news), pack=SHANGHAI)
    return found


def test_tells_at_night_what_would_be_too_late_in_the_morning() -> None:
    assert returned_by(EVENING + timedelta(hours=9)).leaves_at == EVENING
    assert returned_by(EVENING + timedelta(hours=11)).leaves_at == EVENING + timedelta(hours=10)


def test_wakes_nobody_for_what_is_ours_to_do_nor_promises_what_is_over() -> None:
    talk = at_work().at(EVENING - timedelta(hours=1))
    talk.does(TakeOverCase, agent=PLATFORM_AGENT, reason="x")
    state, (taken,) = talk.state, talk.events(ConsumerTold)
    (found,) = notifications(
        before=state, after=state, events=[taken], actor=SYSTEM, pack=SHANGHAI, now=EVENING
    )
    assert (found.leaves_at, found.deadline) == (EVENING + timedelta(hours=10), taken.until)
    assert left(found, at=EVENING) == found
    assert left(found, at=found.leaves_at) == changed(found, deadline=None)
    theirs = returned_by(EVENING + timedelta(hours=9))
    assert left(theirs, at=EVENING + timedelta(hours=10)) == theirs, "it was until then"


def left(*told: Notification, at: datetime) -> Notification:
    """As what they leave together then."""
    group = [Waiting(one, CONSUMER, CONVERSATION, 1, "cn") for one in told]
    return merge(group, at=at).latest.notification


def test_promises_in_the_morning_what_is_still_to_come_of_what_was_told_in_the_evening() -> None:
    morning = EVENING + timedelta(hours=10)
    over, to_come = (
        waiting(case, kind=Kind.ANSWER_BY, case=case, deadline=deadline).notification
        for case, deadline in ((1, EVENING + timedelta(hours=4)), (2, morning + timedelta(hours=1)))
    )
    assert left(over, to_come, at=EVENING) == over
    assert left(over, to_come, at=morning) == left(to_come, over, at=morning) == to_come


def test_knows_the_night_of_consumers_only() -> None:
    night = datetime(2025, 3, 3, 16, tzinfo=UTC)
    morning = datetime(2025, 3, 4, tzinfo=UTC)
    assert quiet_until(THE_CONSUMER, pack=SHANGHAI, now=night) == morning
    assert quiet_until(THE_CONSUMER, pack=SHANGHAI, now=morning) is None
    assert quiet_until(THE_CONSUMER, pack=PACK, now=night) is None, "this pack knows no night"
    for recipient in (THE_SHOP, THE_AGENT):
        assert quiet_until(recipient, pack=SHANGHAI, now=night) is None


# ── What leaves as one ───────────────────────────────────────────────────────────────────────────


def waiting(
    version: int,
    *,
    at: datetime = START,
    kind: Kind = Kind.ANSWER,
    recipient: Recipient = THE_CONSUMER,
    conversation: UUID = CONVERSATION,
    **more: Any,
) -> Waiting:
    notification = Notification(recipient, kind, more.pop("case", 1), "zh", at, **more)
    return Waiting(notification, CONSUMER, conversation, version, "cn")


def test_merges_one_kind_for_one_recipient_about_one_conversation() -> None:
    like = [waiting(3), waiting(5, at=after(minutes=2)), waiting(4, at=after(minutes=1))]
    unlike = [
        waiting(6, kind=Kind.QUESTION),
        waiting(7, recipient=THE_SHOP),
        waiting(8, conversation=UUID(int=8)),
    ]
    groups = merged([*unlike, *like], now=START)
    assert [[one.version for one in group] for group in groups] == [[6], [7], [8], [3, 4, 5]]
    assert merge(groups[-1], at=START) == Merged(waiting(5, at=after(minutes=2)), 3)


def test_waits_for_the_first_of_them_and_takes_the_others_along() -> None:
    group = [waiting(1, at=after(minutes=1)), waiting(2, at=after(minutes=2))]
    assert merged(group, now=after(seconds=59)) == []
    assert len(merged(group, now=after(minutes=1))) == 1
    assert [one.version for one in merged(group, now=after(minutes=1))[0]] == [1, 2]


def test_says_the_latest_version_and_the_most_pressing_deadline() -> None:
    group = [
        waiting(1, kind=Kind.CLOCK_WARNING, deadline=after(hours=3), case=1),
        waiting(2, kind=Kind.CLOCK_WARNING, deadline=after(hours=2), case=2),
        waiting(3, kind=Kind.CLOCK_WARNING, deadline=after(hours=4), case=3),
    ]
    found = merge(group, at=START)
    assert (found.count, found.latest.version) == (3, 3)
    assert (found.latest.notification.case, found.latest.notification.deadline) == (
        2,
        after(hours=2),
    )


def test_every_notice_has_its_kind() -> None:
    assert {notice.value for notice in Notice} <= {kind.value for kind in Kind}


def test_tells_the_agent_of_a_whisper_and_the_consumer_nothing() -> None:
    def whisper(talk: Talk) -> Any:
        return talk.does(
            PostMessage,
            agent=SHOP_COLLEAGUE,
            audience=Audience.INTERNAL,
            to=SHOP_AGENT,
            **TEXTED,
        )

    found = told(at_work(), whisper, by=Actor(Role.AGENT, SHOP_COLLEAGUE))
    agent = Recipient(RecipientKind.AGENT, SHOP_AGENT, str(SHOP))
    assert [(one.recipient, one.kind) for one in found] == [(agent, Kind.WHISPER)]
