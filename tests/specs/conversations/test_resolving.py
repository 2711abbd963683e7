"""The end of a case, its window, and how it comes back."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from oncedesk.domain.conversations.messages import (
    AskConsumer,
    CaseClosed,
    CaseReopened,
    CaseResolved,
    CaseStatus,
    CaseUnassigned,
    Channel,
    ClocksStopped,
    ClockStarted,
    ClosingReason,
    ConfirmSolved,
    ConsumerTold,
    ContactKind,
    ContactReceived,
    ConversationCommand,
    FollowUp,
    Notice,
    ReopenCase,
    ReopenCause,
    RequestCallBack,
    ResolveCase,
    RoutedTo,
    Side,
    SolvedConfirmed,
    Stopped,
    StopReason,
    TakenOver,
    TakeOverCause,
    TransferCase,
    UnassignReason,
    WithdrawClaim,
)
from oncedesk.domain.conversations.state import ClosedCase, is_open
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import ClockKind
from tests.specs.conversations.world import (
    BY_CONSUMER,
    BY_SHOP,
    BY_STRANGER,
    CREATOR_AGENT,
    PACK,
    PLATFORM_AGENT,
    SHOP,
    SHOP_AGENT,
    TEXTED,
    Talk,
    about,
    at_work,
    opened,
)
from tests.support.specs import START, after


def solved(reason: ClosingReason = ClosingReason.SOLVED) -> Talk:
    """Answered and resolved after an hour."""
    return at_work().answered().at(after(hours=1)).resolved(reason)


def test_resolves_with_a_reason_and_starts_the_window() -> None:
    now = after(hours=1)
    solved().then(
        CaseUnassigned(case=1, at=now, agent=SHOP_AGENT, reason=UnassignReason.RESOLVED),
        ClocksStopped(
            case=1,
            at=now,
            clocks=(
                Stopped(ClockKind.RESOLUTION, Side.CONSUMER),
                Stopped(ClockKind.RESOLUTION, Side.DESK),
            ),
            reason=StopReason.RESOLVED,
        ),
        CaseResolved(
            case=1, at=now, reason=ClosingReason.SOLVED, desk=SHOP, by=BY_SHOP, agent=SHOP_AGENT
        ),
        ClockStarted(
            case=1,
            at=now,
            clock=ClockKind.RECONTACT,
            side=Side.CONSUMER,
            due_at=after(days=7, hours=1),
            rule="joining",
            pack=PACK.hash,
        ),
    )


@pytest.mark.parametrize(
    "reason",
    [ClosingReason.NO_REPLY, ClosingReason.DECIDED_BY_RULE, ClosingReason.DECIDED_ELSEWHERE],
)
def test_refuses_reasons_that_only_a_clock_gives(reason: ClosingReason) -> None:
    at_work().resolved(reason).then_refused("reason_not_yours")


def test_refuses_to_resolve_without_a_reason() -> None:
    body = msgspec.to_builtins(about(ResolveCase, reason=ClosingReason.SOLVED))
    del body["reason"]
    with pytest.raises(msgspec.ValidationError, match="reason"):
        msgspec.convert(body, type=ConversationCommand)


def test_lets_only_the_consumer_withdraw() -> None:
    at_work().resolved(ClosingReason.WITHDRAWN).then_refused("only_consumer_withdraws")
    system = about(ResolveCase, reason=ClosingReason.WITHDRAWN)
    at_work().when(system, by=SYSTEM).then_refused("only_consumer_withdraws")
    at_work().when(about(WithdrawClaim), by=BY_SHOP).then_refused("not_allowed")
    at_work().when(about(WithdrawClaim), by=BY_STRANGER).then_refused("not_allowed")
    spec = at_work().when(about(WithdrawClaim), by=BY_CONSUMER)
    assert spec.event(CaseResolved).reason is ClosingReason.WITHDRAWN
    assert spec.event(CaseResolved).by == BY_CONSUMER
    assert spec.event(CaseUnassigned).agent == SHOP_AGENT


def test_withdraws_once() -> None:
    spec = at_work().when(about(WithdrawClaim), by=BY_CONSUMER)
    spec.when(about(WithdrawClaim), by=MARKETPLACE).then_nothing()


def test_refuses_to_resolve_the_case_of_another_desk() -> None:
    at_work().resolved(agent=CREATOR_AGENT).then_refused("not_allowed")


def test_refuses_to_resolve_twice() -> None:
    solved().resolved().then_refused("case_resolved")


def test_refuses_to_resolve_while_a_call_back_is_promised() -> None:
    spec = at_work().desk(SHOP, surge=True).when(about(RequestCallBack), by=BY_CONSUMER)
    spec.resolved().then_refused("promise_unmet")
    assert spec.answered().resolved().case().status is CaseStatus.RESOLVED


def test_notes_that_the_consumer_finds_it_solved() -> None:
    spec = solved().when(about(ConfirmSolved), by=BY_CONSUMER)
    spec.then(SolvedConfirmed(case=1, at=after(hours=1)))
    at_work().when(about(ConfirmSolved), by=BY_CONSUMER).then_refused("case_open")
    solved().when(about(ConfirmSolved), by=BY_SHOP).then_refused("not_allowed")


def test_counts_as_contact_once_when_the_window_ends_in_silence() -> None:
    spec = solved().wake_when_due()
    spec.then(CaseClosed(case=1, at=after(days=7, hours=1), contact_once=True))
    assert spec.state.cases == ()
    assert spec.state.closed == (
        ClosedCase(1, "late_delivery", ClosingReason.SOLVED, START, after(days=7, hours=1)),
    )
    assert not is_open(spec.state)


def test_does_not_count_as_contact_once_after_a_chaser() -> None:
    spec = opened().at(after(hours=1)).says().assigned().answered().resolved().wake_when_due()
    assert spec.event(CaseClosed).contact_once is False


def test_reopens_by_one_tap_at_the_same_desk_for_whoever_had_it() -> None:
    now = after(days=3)
    spec = solved().at(now).when(about(ReopenCase, channel=Channel.APP_CHAT), by=BY_CONSUMER)
    spec.then_only(
        ContactReceived,
        ClocksStopped,
        CaseReopened,
        RoutedTo,
        ClockStarted,
        ClockStarted,
        ClockStarted,
        ClockStarted,
    )
    assert spec.event(ContactReceived) == ContactReceived(
        case=1, at=now, kind=ContactKind.RECONTACT, number=2, channel=Channel.APP_CHAT
    )
    assert spec.event(CaseReopened) == CaseReopened(
        case=1, at=now, cause=ReopenCause.NOT_SOLVED, number=1, by_consumer=True
    )
    assert spec.event(RoutedTo).desk == SHOP
    assert spec.event(RoutedTo).preferred == SHOP_AGENT
    assert spec.event(RoutedTo).priority == 1
    assert spec.case().status is CaseStatus.QUEUED
    assert spec.case().failed


def test_gives_a_second_complaint_the_clocks_of_one() -> None:
    spec = solved().at(after(days=1)).says()
    started = {(one.clock, one.side): one.due_at for one in spec.events(ClockStarted)}
    assert started == {
        (ClockKind.FIRST_RESPONSE, Side.CONSUMER): after(days=1, hours=2),
        (ClockKind.FIRST_RESPONSE, Side.DESK): after(days=1, hours=1),
        (ClockKind.RESOLUTION, Side.CONSUMER): after(days=5),
        (ClockKind.RESOLUTION, Side.DESK): after(days=3),
    }


def test_takes_a_second_not_solved_to_the_platform() -> None:
    spec = solved().at(after(days=1)).says().assigned().resolved().at(after(days=2)).says()
    assert spec.event(CaseReopened).number == 2
    assert spec.event(TakenOver).cause is TakeOverCause.REPEAT
    assert spec.event(RoutedTo).desk == PLATFORM
    assert spec.event(RoutedTo).preferred is None
    assert spec.event(ConsumerTold).notice is Notice.TAKEN_OVER


def test_takes_any_reopening_after_a_refusal_to_the_platform() -> None:
    spec = solved(ClosingReason.REFUSED).when(about(ReopenCase), by=BY_CONSUMER)
    assert spec.event(TakenOver).cause is TakeOverCause.REFUSED
    assert spec.case().owner == PLATFORM


def test_keeps_a_second_not_solved_at_the_platform_where_it_was() -> None:
    spec = at_work().does(TransferCase, desk=PLATFORM, reason="x")
    spec.assigned(agent=PLATFORM_AGENT).answered(agent=PLATFORM_AGENT)
    for day in (1, 2):
        spec.resolved(agent=PLATFORM_AGENT).at(after(days=day)).says()
        assert spec.events(TakenOver) == []
        spec.assigned(agent=PLATFORM_AGENT)


def test_goes_to_the_platform_where_the_desk_has_closed_meanwhile() -> None:
    spec = solved().desk(SHOP, open=False).says()
    assert spec.event(TakenOver).cause is TakeOverCause.UNSTAFFED
    assert spec.case().owner == PLATFORM


def test_promises_what_an_unstaffed_platform_can_keep_when_it_comes_back_there() -> None:
    away: dict[str, Any] = {"staffed": False, "staffed_from": after(days=1, hours=20)}
    spec = solved().desk(SHOP, open=False).desk(PLATFORM, **away).at(after(days=1)).says()
    told = {one.notice: one.until for one in spec.events(ConsumerTold)}
    first_answer = after(days=1, hours=22)
    assert told == {Notice.TAKEN_OVER: first_answer, Notice.ANSWER_BY: first_answer}


def test_counts_a_call_about_a_resolved_case_as_outside() -> None:
    spec = solved().says(channel=Channel.PHONE)
    assert spec.event(ContactReceived).kind is ContactKind.OUTSIDE
    assert spec.event(CaseReopened).cause is ReopenCause.RECONTACT


def test_lets_an_agent_reopen_what_was_resolved_wrongly() -> None:
    spec = solved().does(ReopenCase)
    assert spec.events(ContactReceived) == []
    assert spec.event(CaseReopened).cause is ReopenCause.AGENT
    assert spec.case().reopens == 0
    assert not spec.case().failed


def test_an_agents_second_thought_takes_nothing_to_the_platform() -> None:
    spec = solved(ClosingReason.REFUSED).does(ReopenCase)
    assert spec.events(TakenOver) == []
    assert spec.case().owner == SHOP
    spec = solved().says().assigned().resolved()
    for _ in range(2):
        spec.does(ReopenCase)
        assert spec.events(TakenOver) == [], "nobody has said that it was not solved"
        spec.assigned().resolved()


def test_leaves_an_open_case_open() -> None:
    at_work().when(about(ReopenCase), by=BY_CONSUMER).then_nothing()


def test_refuses_to_reopen_by_others_or_too_late() -> None:
    solved().when(about(ReopenCase), by=BY_STRANGER).then_refused("not_allowed")
    solved().does(ReopenCase, agent=CREATOR_AGENT).then_refused("not_allowed")
    spec = solved().at(after(days=7, hours=1))
    spec.when(about(ReopenCase), by=BY_CONSUMER).then_refused("window_over")
    spec.wake().when(about(ReopenCase), by=BY_CONSUMER).then_refused("case_closed")


def test_refuses_what_needs_an_open_case() -> None:
    spec = solved()
    spec.does(AskConsumer, **TEXTED).then_refused("case_resolved")
    spec.does(FollowUp, at=after(days=1)).then_refused("case_resolved")
    spec.does(TransferCase, desk=PLATFORM, reason="x").then_refused("case_resolved")


def test_offers_a_call_back_in_a_surge_only() -> None:
    call = about(RequestCallBack)
    opened().when(call, by=BY_CONSUMER).then_refused("call_back_not_offered")
    surge = opened().desk(SHOP, surge=True)
    surge.when(call, by=BY_SHOP).then_refused("not_allowed")
    surge.when(call, by=BY_CONSUMER)
    assert [type(one).__name__ for one in surge.answer] == ["CallBackRequested"]  # type: ignore[union-attr]
    assert surge.answer[0].due_at == after(hours=4)  # type: ignore[index]
    surge.when(call, by=BY_CONSUMER).then_nothing()


def test_offers_no_call_back_where_the_pack_has_none_or_nobody_set_the_desk_up() -> None:
    call = about(RequestCallBack)
    silent = replace(PACK, hash="no calls", surge=replace(PACK.surge, call_back=False))
    spec = opened().desk(SHOP, surge=True).publish(silent)
    spec.when(call, by=BY_CONSUMER).then_refused("call_back_not_offered")
    opened().without(SHOP).when(call, by=BY_CONSUMER).then_refused("call_back_not_offered")


def test_owes_an_answer_once_a_call_back_is_requested() -> None:
    spec = at_work().answered().desk(SHOP, surge=True).when(about(RequestCallBack), by=BY_CONSUMER)
    assert [one.clock for one in spec.events(ClockStarted)] == [ClockKind.NEXT_RESPONSE] * 2


def test_refuses_a_conversation_of_somebody_else() -> None:
    spec = opened()
    foreign = about(WithdrawClaim, consumer=BY_STRANGER.id)
    spec.when(foreign, by=BY_STRANGER).then_refused("conversation_unknown")


def test_keeps_the_last_closed_cases_and_counts_the_others() -> None:
    spec = Talk()
    for number in range(1, 12):
        spec.says(fresh=True).assigned(case=number).resolved(case=number).wake_when_due()
    assert [one.number for one in spec.state.closed] == [8, 9, 10, 11]
    assert spec.state.closed_earlier == 7
