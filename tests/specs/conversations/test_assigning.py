"""Whose hands a case is in."""

from typing import Any

import pytest

from oncedesk.domain.conversations.messages import (
    AskConsumer,
    AssignCase,
    AssignmentDeclined,
    Audience,
    CaseAssigned,
    CaseStatus,
    CaseUnassigned,
    ClockExpired,
    ClocksStopped,
    ClockStarted,
    DeclineReason,
    FollowUp,
    FollowUpSet,
    MessagePosted,
    ReturnToQueue,
    RoutedTo,
    Side,
    StopReason,
    TransferCase,
    UnassignReason,
)
from oncedesk.domain.shared.decider import SYSTEM, Actor
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import ClockKind
from tests.specs.conversations.world import (
    BY_CONSUMER,
    BY_PLATFORM,
    BY_SHOP,
    PROMISE,
    SHOP,
    SHOP_AGENT,
    SHOP_COLLEAGUE,
    TEXT,
    TEXTED,
    AgentView,
    about,
    at_work,
    opened,
)
from tests.support.specs import START, after


def test_gives_a_queued_case_to_the_agent_whose_place_is_reserved() -> None:
    spec = opened().assigned()
    spec.then(CaseAssigned(case=1, at=START, agent=SHOP_AGENT))
    assert spec.case().status is CaseStatus.ASSIGNED


def test_changes_nothing_when_the_agent_has_it_already() -> None:
    at_work().assigned().then_nothing()


def test_declines_with_an_event_when_somebody_else_has_it() -> None:
    at_work().assigned(agent=SHOP_COLLEAGUE).then(
        AssignmentDeclined(
            case=1, at=START, agent=SHOP_COLLEAGUE, reason=DeclineReason.ASSIGNED_ALREADY
        )
    )


def test_declines_when_the_case_is_resolved_or_closed() -> None:
    spec = at_work().resolved().assigned()
    assert spec.event(AssignmentDeclined).reason is DeclineReason.CASE_CLOSED
    spec.wake_when_due().assigned()
    assert spec.event(AssignmentDeclined).reason is DeclineReason.CASE_CLOSED


def test_declines_when_the_case_has_gone_to_another_desk() -> None:
    spec = at_work().does(TransferCase, desk=PLATFORM, reason="not_ours")
    spec.when(about(AssignCase, agent=SHOP_COLLEAGUE, desk=SHOP))
    assert spec.event(AssignmentDeclined).reason is DeclineReason.DESK_CHANGED


def test_declines_when_the_case_waits_for_the_consumer() -> None:
    spec = opened().does(AskConsumer, **TEXTED).assigned()
    assert spec.event(AssignmentDeclined).reason is DeclineReason.NOT_QUEUED


@pytest.mark.parametrize("by", [BY_SHOP, BY_CONSUMER])
def test_refuses_assignments_by_anybody_but_the_dispatcher(by: Actor) -> None:
    opened().when(about(AssignCase, agent=SHOP_AGENT), by=by).then_refused("not_allowed")


@pytest.mark.parametrize(
    "reason", [UnassignReason.SHIFT_END, UnassignReason.ABSENT, UnassignReason.LEFT_DESK]
)
def test_puts_the_case_of_an_absent_agent_back_into_the_queue(reason: UnassignReason) -> None:
    spec = at_work().when(about(ReturnToQueue, agent=SHOP_AGENT, reason=reason), by=SYSTEM)
    spec.then_only(CaseUnassigned, RoutedTo)
    assert spec.event(CaseUnassigned) == CaseUnassigned(
        case=1, at=START, agent=SHOP_AGENT, reason=reason
    )
    assert spec.event(RoutedTo).desk == SHOP
    assert spec.case().status is CaseStatus.QUEUED


@pytest.mark.parametrize(("language", "asked_for"), [("pt", "pt"), ("", "zh")])
def test_waits_again_for_somebody_who_speaks_the_language(language: str, asked_for: str) -> None:
    spec = at_work(language=language).does(ReturnToQueue)
    assert spec.event(RoutedTo).language == asked_for


def test_hands_over_with_a_line() -> None:
    spec = at_work().does(ReturnToQueue, **TEXTED)
    spec.then_only(MessagePosted, CaseUnassigned, RoutedTo)
    assert spec.event(MessagePosted).audience is Audience.INTERNAL
    unassigned = spec.event(CaseUnassigned)
    assert (unassigned.reason, unassigned.note) == (UnassignReason.RETURNED, spec.command_id)


def test_refers_to_the_line_that_was_written_before() -> None:
    left: dict[str, Any] = {"agent": SHOP_AGENT, "reason": UnassignReason.SHIFT_END}
    spec = at_work().when(about(ReturnToQueue, note=PROMISE, **left), by=SYSTEM)
    spec.then_only(CaseUnassigned, RoutedTo)
    assert spec.event(CaseUnassigned).note == PROMISE


def test_refuses_a_hand_over_line_that_is_too_long() -> None:
    at_work().does(ReturnToQueue, digest=TEXT, length=20_001).then_refused("message_too_long")


def test_refuses_a_return_for_a_reason_that_is_none() -> None:
    at_work().does(ReturnToQueue, reason=UnassignReason.MERGED).then_refused("reason_invalid")


def test_ignores_a_return_that_comes_too_late() -> None:
    spec = at_work().resolved()
    spec.when(about(ReturnToQueue, agent=SHOP_AGENT), by=SYSTEM).then_nothing()
    spec = at_work().when(about(ReturnToQueue, agent=SHOP_COLLEAGUE), by=SYSTEM).then_nothing()
    assert spec.case().agent == SHOP_AGENT


def test_refuses_the_return_of_a_case_that_another_has() -> None:
    at_work().does(ReturnToQueue, agent=SHOP_COLLEAGUE).then_refused("not_assigned")
    leave = about(ReturnToQueue, agent=SHOP_AGENT)
    at_work().when(leave, by=BY_PLATFORM).then_refused("not_allowed")


def test_goes_back_to_the_queue_when_a_supervisor_takes_it_out_of_somebodys_hands() -> None:
    spec = at_work()
    spec.world[SHOP_COLLEAGUE] = AgentView((SHOP,), supervised=(SHOP,))
    spec.does(ReturnToQueue, agent=SHOP_COLLEAGUE).then_only(CaseUnassigned, RoutedTo)
    left = spec.event(CaseUnassigned)
    assert (left.agent, left.reason) == (SHOP_AGENT, UnassignReason.REASSIGNED)
    assert spec.case().agent is None


def test_goes_from_hand_to_hand_when_a_supervisor_gives_it_to_another() -> None:
    given = about(AssignCase, agent=SHOP_COLLEAGUE, desk=SHOP, given=True)
    spec = at_work().when(given)
    spec.then_only(CaseUnassigned, CaseAssigned)
    assert spec.event(CaseUnassigned).reason is UnassignReason.REASSIGNED
    assert spec.case().agent == SHOP_COLLEAGUE
    spec.when(given).then_nothing()


def test_stays_where_it_is_when_it_was_given_by_another_desk() -> None:
    spec = at_work().when(about(AssignCase, agent=SHOP_COLLEAGUE, desk=PLATFORM, given=True))
    spec.then_only(AssignmentDeclined)
    assert spec.event(AssignmentDeclined).reason is DeclineReason.DESK_CHANGED
    assert spec.case().agent == SHOP_AGENT


def test_stays_with_the_consumer_when_it_is_given_while_they_are_asked() -> None:
    spec = at_work().does(AskConsumer, **TEXTED)
    spec.when(about(AssignCase, agent=SHOP_COLLEAGUE, desk=SHOP, given=True))
    assert spec.case().status is CaseStatus.WAITING_CONSUMER
    assert spec.case().agent == SHOP_COLLEAGUE


def test_keeps_waiting_for_the_consumer_when_its_agent_leaves() -> None:
    spec = at_work().does(AskConsumer, **TEXTED)
    spec.when(about(ReturnToQueue, agent=SHOP_AGENT, reason=UnassignReason.SHIFT_END))
    spec.then_only(CaseUnassigned)
    assert spec.case().status is CaseStatus.WAITING_CONSUMER
    spec.at(after(days=1)).says()
    assert spec.event(RoutedTo).preferred == SHOP_AGENT
    assert spec.case().status is CaseStatus.QUEUED


def test_rests_until_a_follow_up_and_keeps_its_agent_for_a_day() -> None:
    due = after(hours=24)
    spec = at_work().answered().does(FollowUp, at=due)
    spec.then_only(FollowUpSet, ClockStarted)
    assert spec.event(FollowUpSet).agent == SHOP_AGENT
    assert spec.case().status is CaseStatus.FOLLOW_UP
    assert spec.case().agent == SHOP_AGENT
    spec.wake(due)
    spec.then_only(ClockExpired, ClockStarted, ClockStarted)
    assert [one.clock for one in spec.events(ClockStarted)] == [ClockKind.NEXT_RESPONSE] * 2
    assert spec.case().status is CaseStatus.ASSIGNED


def test_frees_the_agents_place_for_a_longer_rest_and_queues_it_again() -> None:
    due = after(hours=24, seconds=1)
    spec = at_work().answered().does(FollowUp, at=due)
    assert spec.event(CaseUnassigned).reason is UnassignReason.FOLLOW_UP
    assert spec.event(FollowUpSet).agent is None
    spec.wake(due)
    assert spec.event(RoutedTo).preferred == SHOP_AGENT
    assert spec.case().status is CaseStatus.QUEUED


def test_ends_the_rest_when_the_consumer_speaks() -> None:
    spec = at_work().answered().does(FollowUp, at=after(days=3)).at(after(days=1)).says()
    assert spec.event(ClocksStopped).reason is StopReason.SUPERSEDED
    assert spec.event(RoutedTo).preferred == SHOP_AGENT
    assert spec.case().status is CaseStatus.QUEUED


def test_moves_a_follow_up() -> None:
    spec = at_work().does(FollowUp, at=after(hours=5)).does(FollowUp, at=after(hours=9))
    spec.then_only(ClocksStopped, FollowUpSet, ClockStarted)
    assert spec.clock(ClockKind.FOLLOW_UP, Side.DESK).due_at == after(hours=9)


@pytest.mark.parametrize("hours", [0, -1])
def test_refuses_a_follow_up_in_the_past(hours: float) -> None:
    at_work().at(after(hours=2)).does(FollowUp, at=after(hours=2 + hours)).then_refused(
        "time_in_past"
    )


def test_refuses_a_follow_up_so_late_that_it_is_forgotten() -> None:
    at_work().does(FollowUp, at=after(days=91)).then_refused("time_too_far")


def test_refuses_a_follow_up_while_the_consumer_is_asked() -> None:
    spec = at_work().does(AskConsumer, **TEXTED)
    spec.does(FollowUp, at=after(days=1)).then_refused("waiting_for_consumer")
