"""What happens by itself when nobody does anything."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from oncedesk.domain.conversations import DECIDER
from oncedesk.domain.conversations.messages import (
    AskConsumer,
    CaseAssigned,
    CaseResolved,
    CaseStatus,
    CaseUnassigned,
    ClockExpired,
    ClockMoved,
    ClocksStopped,
    ClockStarted,
    ClockWarned,
    ClosingReason,
    ConsumerTold,
    Decided,
    FollowUp,
    MessagePosted,
    NoteRemedy,
    Notice,
    ObligationMissed,
    OpenForBreach,
    PartyReminded,
    PriorityRaised,
    Reminded,
    ReopenCase,
    RoutedTo,
    Side,
    Stopped,
    StopReason,
    TakenOver,
    TakeOverCause,
    UnassignReason,
)
from oncedesk.domain.conversations.state import deadline
from oncedesk.domain.shared.decider import SYSTEM, Wake
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, desk_ref
from oncedesk.domain.shared.rulepack import ClockKind, Expiry, RemindingRule
from tests.specs.conversations.world import (
    BY_CONSUMER,
    CONSUMER,
    CONVERSATION,
    DAY,
    HOUR,
    MERCHANT,
    ORDER_PART,
    PACK,
    PLATFORM_AGENT,
    PROMISE,
    SHOP,
    SHOP_AGENT,
    STRICTER_PACK,
    TEXTED,
    Talk,
    about,
    at_work,
    clock_rule,
    contact,
    opened,
    talk,
    with_clock,
)
from tests.support.specs import after


def test_does_nothing_before_anything_is_due() -> None:
    spec = opened()
    assert deadline(spec.state) == after(hours=3)
    spec.wake(after(hours=3, seconds=-1)).then_nothing()


def test_warns_the_desk_and_its_agent_before_the_end() -> None:
    spec = at_work().wake(after(hours=3))
    spec.then(
        ClockWarned(
            case=1,
            at=after(hours=3),
            clock=ClockKind.FIRST_RESPONSE,
            side=Side.DESK,
            due_at=after(hours=4),
            desk=SHOP,
            agent=SHOP_AGENT,
        )
    )
    spec.wake().then_nothing()
    assert deadline(spec.state) == after(hours=4)


def test_takes_the_case_of_a_silent_merchant_over_and_tells_the_consumer() -> None:
    now = after(hours=4)
    spec = at_work().wake(after(hours=3)).wake(now)
    spec.then(
        ClockExpired(case=1, at=now, clock=ClockKind.FIRST_RESPONSE, side=Side.DESK, due_at=now),
        ObligationMissed(case=1, at=now, desk=SHOP, clock=ClockKind.FIRST_RESPONSE, due_at=now),
        CaseUnassigned(case=1, at=now, agent=SHOP_AGENT, reason=UnassignReason.TAKEN_OVER),
        ClocksStopped(
            case=1,
            at=now,
            clocks=(Stopped(ClockKind.RESOLUTION, Side.DESK),),
            reason=StopReason.HANDED_OVER,
            left_seconds=44 * 3_600,
        ),
        TakenOver(
            case=1,
            at=now,
            from_desk=SHOP,
            by=PLATFORM,
            cause=TakeOverCause.CLOCK,
            clock=ClockKind.FIRST_RESPONSE,
            side=Side.DESK,
        ),
        RoutedTo(
            case=1,
            at=now,
            desk=PLATFORM,
            skill="delivery",
            language="zh",
            priority=3,
            pack=PACK.hash,
        ),
        ClockStarted(
            case=1,
            at=now,
            clock=ClockKind.FIRST_RESPONSE,
            side=Side.DESK,
            due_at=after(hours=6),
            rule="*/platform/first_response",
            pack=PACK.hash,
            desk=PLATFORM,
        ),
        ClockStarted(
            case=1,
            at=now,
            clock=ClockKind.RESOLUTION,
            side=Side.DESK,
            due_at=after(hours=4 + 72),
            rule="*/platform/resolution",
            pack=PACK.hash,
            desk=PLATFORM,
        ),
        ConsumerTold(case=1, at=now, notice=Notice.TAKEN_OVER, desk=PLATFORM, until=after(hours=6)),
    )


NIGHT = after(hours=20)
"""When somebody is at the platform's desk again."""


def test_promises_what_an_unstaffed_platform_can_keep_when_it_takes_over() -> None:
    spec = at_work().desk(PLATFORM, staffed=False, staffed_from=NIGHT).wake(after(hours=4))
    assert spec.event(ConsumerTold).notice is Notice.TAKEN_OVER
    assert spec.event(ConsumerTold).until == NIGHT + timedelta(hours=2), "its first answer then"
    spec = at_work().desk(PLATFORM, staffed=False, staffed_from=after(hours=5))
    spec.wake(after(hours=4))
    assert spec.event(ConsumerTold).until == after(hours=6), "there in time"
    spec = at_work().desk(PLATFORM, staffed=False).wake(after(hours=4))
    assert spec.event(ConsumerTold).until == after(hours=6), "nobody knows from when"


def test_promises_what_an_unstaffed_platform_can_keep_when_it_takes_longer() -> None:
    spec = talk().desk(PLATFORM, staffed=False, staffed_from=NIGHT).says(issue="other")
    while not (spec.wake_when_due().events(ConsumerTold)):
        pass
    assert spec.now == after(hours=8)
    assert spec.event(ConsumerTold).until == NIGHT + timedelta(hours=2)


@pytest.mark.parametrize(
    ("desk", "issue", "until"), [(PLATFORM, "other", 22), (SHOP, "late_delivery", 24)]
)
def test_promises_what_an_unstaffed_desk_can_keep_when_it_is_reminded(
    desk: Desk, issue: str, until: int
) -> None:
    hour = with_clock(None, ClockKind.FIRST_RESPONSE, on_expiry=Expiry.REMIND, seconds=HOUR)
    spec = talk().publish(hour).says(issue=issue).desk(desk, staffed=False, staffed_from=NIGHT)
    spec.wake(after(hours=1))
    assert spec.event(PartyReminded).desk == desk
    assert spec.event(ConsumerTold).until == after(hours=until)


def test_looks_at_no_desk_where_only_a_window_ends() -> None:
    spec = at_work()
    wake = Wake(contact().target())
    assert list(DECIDER.needs(spec.state, wake, {})) == [desk_ref(PLATFORM), desk_ref(SHOP)]
    spec.resolved()
    assert list(DECIDER.needs(spec.state, wake, {})) == []


def test_decides_where_the_pack_says_that_silence_decides() -> None:
    now = after(hours=2)
    spec = at_work(issue="refund").wake(now)
    assert spec.event(ObligationMissed).desk == SHOP
    assert spec.event(Decided) == Decided(
        case=1, at=now, decision="refund_granted", rule="issue/refund", pack=PACK.hash
    )
    assert spec.event(CaseResolved).reason is ClosingReason.DECIDED_BY_RULE
    assert spec.event(CaseUnassigned).reason is UnassignReason.RESOLVED
    assert spec.event(ConsumerTold).notice is Notice.DECIDED
    assert spec.case().status is CaseStatus.RESOLVED


def with_remedy(notice: Notice, *, runs: bool) -> Talk:
    """A case about a refund of which this was told when the shop's clock ran out."""
    spec = at_work(issue="refund")
    about_it: dict[str, Any] = {
        "consumer": CONSUMER,
        "conversation": CONVERSATION,
        "case": 1,
        "remedy": 1,
    }
    note = NoteRemedy(**about_it, happened_at=spec.now, notice=notice, runs=runs)
    return spec.when(note, by=SYSTEM).wake(after(hours=2))


@pytest.mark.parametrize(
    ("notice", "runs"), [(Notice.REMEDY_ASKED, True), (Notice.REMEDY_REFUSED, False)]
)
def test_decides_nothing_in_a_case_in_which_a_remedy_was_asked_for_or_answered(
    notice: Notice, *, runs: bool
) -> None:
    """What silence about that means, its own clock says; whoever answered it was not silent."""
    spec = with_remedy(notice, runs=runs)
    assert spec.events(Decided) == []
    assert spec.event(PartyReminded).who is Reminded.DESK
    while spec.case().owner == SHOP:
        spec.wake_when_due()
    assert spec.event(TakenOver).cause is TakeOverCause.CLOCK


def test_a_compensation_that_came_by_itself_is_no_wish() -> None:
    spec = with_remedy(Notice.COMPENSATED, runs=True)
    assert spec.event(Decided).decision == "refund_granted"


def test_decides_nothing_about_what_is_no_part_of_an_order() -> None:
    spec = talk().says(subject=replace(ORDER_PART, part=0), issue="refund").assigned()
    spec.wake(after(hours=2))
    assert spec.events(Decided) == []
    assert spec.case().owner == PLATFORM


@pytest.mark.parametrize("broken", [True, False])
def test_decides_as_compensated_only_where_a_promise_was_broken(broken: bool) -> None:
    late = replace(PACK.issues["late_shipping"], decision="late_shipping_compensated")
    rule = clock_rule("late_shipping", DeskKind.MERCHANT, ClockKind.RESOLUTION, DAY, Expiry.DECIDE)
    pack = replace(
        PACK,
        hash="widened",
        issues={**PACK.issues, "late_shipping": late},
        clocks={**PACK.clocks, rule.id: rule},
    )
    spec = talk().publish(pack).says(issue="late_shipping").assigned()
    if broken:
        breach = OpenForBreach(
            consumer=CONSUMER,
            subject=ORDER_PART,
            market="cn",
            breach="late_shipping",
            promise=PROMISE,
            due_at=spec.now,
            merchant=MERCHANT,
        )
        spec.when(breach, by=SYSTEM)
    spec.answered().wake(after(hours=24))
    assert bool(spec.events(Decided)) is broken
    assert spec.case().is_open is not broken


def test_takes_over_what_could_be_decided_where_the_clock_does_not_say_so() -> None:
    spec = at_work(issue="refund").answered().at(after(hours=1)).says(issue="refund")
    spec.wake(after(hours=7))
    assert spec.event(ClockExpired).clock is ClockKind.NEXT_RESPONSE
    assert spec.event(TakenOver).cause is TakeOverCause.CLOCK
    assert spec.events(Decided) == []


def test_does_not_decide_again_what_did_not_solve_it() -> None:
    spec = at_work(issue="refund").wake(after(hours=2))
    spec.at(after(hours=3)).when(about(ReopenCase), by=BY_CONSUMER).assigned().answered()
    spec.wake(after(hours=27))
    assert spec.event(ClockExpired).clock is ClockKind.RESOLUTION
    assert spec.events(Decided) == []
    assert spec.event(TakenOver).cause is TakeOverCause.CLOCK


def test_takes_over_where_the_pack_forgot_what_is_decided() -> None:
    issues = {**PACK.issues, "refund": replace(PACK.issues["refund"], decision="")}
    spec = talk().publish(replace(PACK, hash="undecided", issues=issues))
    spec.says(issue="refund").wake(after(hours=2))
    assert spec.case().owner == PLATFORM


def test_reminds_a_bounded_number_of_times_then_takes_over() -> None:
    spec = at_work(issue="advice")
    for number in (1, 2):
        spec.wake(after(hours=number))
        assert spec.event(PartyReminded) == PartyReminded(
            case=1,
            at=after(hours=number),
            who=Reminded.DESK,
            clock=ClockKind.FIRST_RESPONSE,
            number=number,
            desk=SHOP,
        )
        assert spec.event(ClockStarted).due_at == after(hours=number + 1)
        assert len(spec.events(ObligationMissed)) == (number == 1), "one obligation, missed once"
        assert spec.case().agent == SHOP_AGENT
    spec.wake(after(hours=3))
    assert spec.event(TakenOver).by == PLATFORM


def test_reminds_the_desk_and_tells_the_consumer_once_where_the_pack_says_remind() -> None:
    patient = with_clock(None, ClockKind.FIRST_RESPONSE, on_expiry=Expiry.REMIND, seconds=2 * HOUR)
    spec = talk().publish(patient).says().assigned().wake(after(hours=2))
    assert spec.event(PartyReminded).desk == SHOP
    assert spec.event(ConsumerTold) == ConsumerTold(
        case=1, at=after(hours=2), notice=Notice.ANSWER_BY, desk=SHOP, until=after(hours=4)
    )
    spec.wake(after(hours=3)).wake(after(hours=4))
    assert spec.event(TakenOver).clock is ClockKind.FIRST_RESPONSE


def test_is_only_more_urgent_while_the_consumer_is_asked() -> None:
    slow = with_clock(None, ClockKind.RESOLUTION, seconds=DAY)
    spec = talk().publish(slow).says().assigned().does(AskConsumer, **TEXTED).wake(after(days=1))
    spec.then_only(ClockExpired, PriorityRaised, ClockStarted)
    assert spec.case().priority == 2
    assert spec.case().status is CaseStatus.WAITING_CONSUMER


def test_takes_over_when_the_consumers_clock_runs_out() -> None:
    spec = talk().publish(with_clock(DeskKind.MERCHANT, ClockKind.RESOLUTION, seconds=6 * DAY))
    spec.says().assigned().answered().wake(after(days=4))
    assert spec.event(TakenOver).side is Side.CONSUMER
    assert spec.event(TakenOver).clock is ClockKind.RESOLUTION
    assert spec.events(ObligationMissed) == [], "the desk's own time was not over"
    assert spec.event(CaseUnassigned).agent == SHOP_AGENT
    assert spec.clock(ClockKind.RESOLUTION, Side.CONSUMER).due_at == after(days=8)


def test_requeues_what_the_platform_let_lie_more_urgently() -> None:
    spec = opened(issue="other").assigned(agent=PLATFORM_AGENT).wake(after(hours=2))
    spec.then_only(
        ClockExpired, ObligationMissed, PriorityRaised, CaseUnassigned, RoutedTo, ClockStarted
    )
    assert spec.event(CaseUnassigned).reason is UnassignReason.CLOCK
    assert spec.event(RoutedTo).priority == 4
    assert spec.event(RoutedTo).preferred is None
    assert spec.event(ClockStarted).due_at == after(hours=4)
    assert spec.case().status is CaseStatus.QUEUED


def test_only_lets_the_clock_run_again_where_nothing_more_can_be_done() -> None:
    spec = opened(issue="safety")
    for number in range(1, 6):
        spec.wake(after(hours=2 * number))
        missed = spec.events(ObligationMissed)
        assert len(missed) == (number == 1), "one obligation, missed once"
    spec.then_only(ClockExpired, ClockStarted)
    assert spec.case().status is CaseStatus.QUEUED


def test_tells_the_consumer_once_that_it_takes_longer() -> None:
    spec = opened(issue="safety")
    told = []
    while spec.now < after(days=2):
        spec.wake_when_due()
        told += spec.events(ConsumerTold)
    assert told == [
        ConsumerTold(
            case=1,
            at=after(hours=8),
            notice=Notice.ANSWER_BY,
            desk=PLATFORM,
            until=after(hours=16),
        )
    ]


def hours_between(spec: Talk, *, times: int) -> list[float]:
    """How long from one end of the desk's first response to the next, so many times."""
    passed: list[float] = []
    for _ in range(times):
        before = spec.now
        spec.wake(spec.clock(ClockKind.FIRST_RESPONSE, Side.DESK).due_at)
        passed.append((spec.now - before).total_seconds() / HOUR)
    return passed


def unstaffed(**details: Any) -> Talk:
    """A case in the queue of a platform's desk at which nobody is."""
    return talk().desk(PLATFORM, staffed=False).says(issue="other", **details)


def test_comes_again_at_growing_intervals_where_nobody_is_there() -> None:
    spec = unstaffed()
    assert hours_between(spec, times=7) == [2] * 7, "once as it is, and six rounds"
    assert spec.case().priority == 0
    assert hours_between(spec, times=6) == [4, 8, 16, 24, 24, 24]
    assert spec.case().status is CaseStatus.QUEUED


def test_grows_within_the_packs_bound_and_never_below_the_rules_own_length() -> None:
    spec = talk().publish(
        replace(PACK, hash="patient", reminding=RemindingRule("reminding", 2, 3 * HOUR))
    )
    spec.desk(PLATFORM, staffed=False).says(issue="other")
    assert hours_between(spec, times=6) == [2, 2, 2, 3, 3, 3]
    spec = talk().publish(replace(PACK, hash="short", reminding=RemindingRule("reminding", 2, 60)))
    spec.desk(PLATFORM, staffed=False).says(issue="other")
    assert hours_between(spec, times=6) == [2] * 6


def test_is_at_its_own_length_again_once_somebody_is_at_the_desk() -> None:
    spec = unstaffed()
    assert hours_between(spec, times=9)[-1] == 8
    spec.desk(PLATFORM)
    assert hours_between(spec, times=4) == [16, 2, 2, 2], "what ran already, and then the rule's"
    spec.desk(PLATFORM, staffed=False)
    assert hours_between(spec, times=3) == [2, 4, 8], "and grows anew"


def test_is_at_its_own_length_at_once_when_an_agent_gets_the_case() -> None:
    spec = unstaffed()
    hours_between(spec, times=10)
    now = spec.at(spec.now + timedelta(hours=1)).now
    spec.assigned(agent=PLATFORM_AGENT)
    spec.then_only(CaseAssigned, ClockMoved)
    assert spec.event(ClockMoved).due_at == now + timedelta(hours=2)
    spec.wake(now + timedelta(hours=2))
    assert spec.event(CaseUnassigned).reason is UnassignReason.CLOCK
    assert spec.event(ClockStarted).due_at == now + timedelta(hours=4)


def test_an_assignment_moves_no_deadline_that_has_not_grown() -> None:
    spec = unstaffed()
    hours_between(spec, times=6)
    spec.assigned(agent=PLATFORM_AGENT).then_only(CaseAssigned)


def test_is_at_its_own_length_at_once_when_somebody_answers() -> None:
    short = with_clock(DeskKind.PLATFORM, ClockKind.RESOLUTION, seconds=HOUR)
    spec = talk().publish(short).desk(PLATFORM, staffed=False).says(issue="other")
    while spec.clock(ClockKind.RESOLUTION, Side.DESK).reminders < 10:
        spec.wake_when_due()
    spec.answered(agent=PLATFORM_AGENT)
    spec.then_only(MessagePosted, ClocksStopped, ClockMoved)
    assert spec.event(ClockMoved).clock is ClockKind.RESOLUTION
    assert spec.event(ClockMoved).due_at == spec.now + timedelta(hours=1)


def test_does_not_grow_at_a_desk_that_is_staffed_but_busy() -> None:
    assert hours_between(opened(issue="other"), times=12) == [2] * 12


def test_handles_several_ends_in_order_of_time() -> None:
    spec = at_work().says(issue="refund").wake(after(hours=5))
    expired = spec.events(ClockExpired)
    assert [(one.case, one.due_at) for one in expired] == [(2, after(hours=2)), (1, after(hours=4))]
    assert spec.case(1).owner == PLATFORM
    assert spec.case(2).status is CaseStatus.RESOLVED


def test_does_not_warn_of_an_end_that_has_come() -> None:
    spec = at_work().wake(after(hours=4))
    assert [one.side for one in spec.events(ClockWarned)] == []
    spec = at_work().wake(after(hours=7))
    assert [one.side for one in spec.events(ClockWarned)] == [Side.CONSUMER]


def test_keeps_what_a_clock_was_started_under_when_the_pack_changes() -> None:
    spec = at_work().publish(STRICTER_PACK).wake(after(hours=2))
    spec.then_nothing()
    spec.wake(after(hours=4))
    assert spec.event(TakenOver).clock is ClockKind.FIRST_RESPONSE
    started = spec.event(RoutedTo).pack, {one.pack for one in spec.events(ClockStarted)}
    assert started == (STRICTER_PACK.hash, {STRICTER_PACK.hash})
    assert spec.clock(ClockKind.FIRST_RESPONSE, Side.DESK).due_at == after(hours=5)
    assert spec.clock(ClockKind.FIRST_RESPONSE, Side.CONSUMER).due_at == after(hours=8)


def test_follows_the_rule_under_which_the_clock_was_started() -> None:
    reminding = with_clock(DeskKind.MERCHANT, ClockKind.FIRST_RESPONSE, on_expiry=Expiry.REMIND)
    spec = at_work().publish(reminding).wake(after(hours=4))
    assert spec.case().owner == PLATFORM
    spec = talk().publish(reminding).says().publish(PACK).wake(after(hours=4))
    assert spec.event(PartyReminded).desk == SHOP


def test_forgets_packs_that_no_clock_needs() -> None:
    spec = at_work().publish(STRICTER_PACK).says(fresh=True)
    assert spec.state.packs == (PACK.hash, STRICTER_PACK.hash)
    assert {spec.state.pack_of(one) for one in spec.case(1).clocks} == {PACK.hash}
    spec.answered().resolved().assigned(case=2).resolved(case=2)
    spec.publish(replace(PACK, hash="third")).says(fresh=True)
    assert spec.state.packs == (STRICTER_PACK.hash, "third")
    assert {spec.state.pack_of(one) for one in spec.case(2).clocks} == {STRICTER_PACK.hash}
    assert {spec.state.pack_of(one) for one in spec.case(3).clocks} == {"third"}


def test_brings_a_resting_case_back_when_its_time_is_over() -> None:
    spec = opened(issue="other").assigned(agent=PLATFORM_AGENT)
    spec.does(FollowUp, agent=PLATFORM_AGENT, at=after(days=1)).wake(after(hours=2))
    assert spec.event(ClocksStopped).reason is StopReason.SUPERSEDED
    assert spec.case().status is CaseStatus.QUEUED


def test_uses_a_rule_of_the_very_issue_before_that_for_any() -> None:
    rule = clock_rule("office", DeskKind.MERCHANT, ClockKind.NEXT_RESPONSE, HOUR, Expiry.TAKE_OVER)
    pack = replace(PACK, hash="quick", clocks={**PACK.clocks, rule.id: rule})
    spec = talk().publish(pack).says(issue="office").assigned().answered()
    spec.at(after(hours=1)).says(issue="office")
    assert spec.clock(ClockKind.NEXT_RESPONSE, Side.DESK).due_at == after(hours=2)


@pytest.mark.parametrize("hours", [10, 100, 1_000, 10_000])
def test_leaves_nothing_overdue_after_a_long_sleep(hours: int) -> None:
    spec = at_work().wake(after(hours=hours))
    due = deadline(spec.state)
    assert due is not None
    assert due > spec.now
