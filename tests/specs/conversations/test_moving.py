"""Transfers, referrals and take-overs: one owner at any time, and the consumer notices nothing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from oncedesk.domain.conversations.attribution import Parties
from oncedesk.domain.conversations.messages import (
    AnswerReferral,
    AskConsumer,
    Audience,
    CaseOpened,
    CaseReopened,
    CaseStatus,
    CaseUnassigned,
    ClockExpired,
    ClocksStopped,
    ClockStarted,
    ConsumerTold,
    CorrectAttribution,
    FollowUp,
    MessagePosted,
    Notice,
    ObligationMissed,
    PartiesSeen,
    Party,
    PartyKind,
    ReferCase,
    ReferralEnded,
    ReferralMode,
    ReferralOutcome,
    Referred,
    RoutedTo,
    Share,
    Side,
    SplitCase,
    StopReason,
    TakenOver,
    TakeOverCase,
    TakeOverCause,
    TransferCase,
    Transferred,
    UnassignReason,
)
from oncedesk.domain.conversations.routing import parties_of
from oncedesk.domain.conversations.state import NAMED_KEPT_MAX, Referral
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.storage.views.cases import merchant_of
from oncedesk.storage.views.readers import Reader
from tests.specs.conversations.world import (
    CREATOR,
    CREATOR_AGENT,
    LISTING,
    MERCHANT,
    PLATFORM_AGENT,
    ROOM,
    SHOP,
    SHOP_AGENT,
    SHOP_COLLEAGUE,
    STRANGER,
    TEXTED,
    AgentView,
    Talk,
    about,
    at_work,
    opened,
    talk,
)
from tests.support.specs import START, after

OTHER_SHOP = Desk(DeskKind.MERCHANT, STRANGER)
OTHER_ROOM = Desk(DeskKind.CREATOR, STRANGER)


def referred(mode: ReferralMode) -> Talk:
    """The shop asks the creator's desk an hour after the case was opened."""
    return at_work().answered().at(after(hours=1)).does(ReferCase, desk=ROOM, mode=mode, **TEXTED)


def test_transfers_the_ownership_with_clocks_of_the_new_desk() -> None:
    spec = at_work().at(after(hours=1)).does(TransferCase, desk=ROOM, reason="live_offer")
    spec.then_only(CaseUnassigned, ClocksStopped, Transferred, RoutedTo, ClockStarted, ClockStarted)
    assert spec.event(CaseUnassigned).reason is UnassignReason.TRANSFERRED
    assert spec.event(Transferred) == Transferred(
        case=1, at=after(hours=1), from_desk=SHOP, to_desk=ROOM, reason="live_offer"
    )
    assert spec.case().owner == ROOM
    assert spec.case().status is CaseStatus.QUEUED
    assert spec.case().preferred is None
    assert spec.clock(ClockKind.FIRST_RESPONSE, Side.DESK).due_at == after(hours=6)
    assert spec.clock(ClockKind.RESOLUTION, Side.DESK).due_at == after(days=3, hours=1)


def test_keeps_the_consumers_clocks_over_a_transfer() -> None:
    spec = at_work()
    before = [one for one in spec.case().clocks if one.side is Side.CONSUMER]
    spec.at(after(hours=1)).does(TransferCase, desk=ROOM, reason="live_offer")
    assert [one for one in spec.case().clocks if one.side is Side.CONSUMER] == before


def test_records_what_a_desk_missed_before_it_passed_the_case_on() -> None:
    spec = at_work().at(after(hours=5)).does(TransferCase, desk=ROOM, reason="live_offer")
    assert spec.event(ObligationMissed).desk == SHOP
    assert spec.event(ObligationMissed).clock is ClockKind.FIRST_RESPONSE


@pytest.mark.parametrize(
    ("desk", "code"),
    [
        (PLATFORM, "same_desk"),
        (Desk(DeskKind.MERCHANT, CREATOR), "desk_unknown"),
        (Desk(DeskKind.MERCHANT), "desk_unknown"),
        (Desk(DeskKind.PLATFORM, CREATOR), "desk_unknown"),
    ],
)
def test_refuses_a_transfer_to_nowhere(desk: Desk, code: str) -> None:
    spec = opened(issue="safety")
    by_ours: Any = {"agent": PLATFORM_AGENT, "desk": desk}
    spec.does(TransferCase, **by_ours, reason="x").then_refused(code)
    spec.does(ReferCase, **by_ours, mode=ReferralMode.STAY, **TEXTED).then_refused(code)


def test_a_partys_desk_gives_its_case_to_nobody_whom_it_is_not_about() -> None:
    spec = at_work().desk(OTHER_SHOP)
    spec.does(TransferCase, desk=OTHER_SHOP, reason="x").then_refused("desk_unrelated")
    asked: Any = {"desk": OTHER_SHOP, "mode": ReferralMode.STAY, **TEXTED}
    spec.does(ReferCase, **asked).then_refused("desk_unrelated")
    unknown = Desk(DeskKind.MERCHANT, CREATOR)
    spec.does(TransferCase, desk=unknown, reason="x").then_refused("desk_unrelated")


def test_a_shop_gives_its_case_to_none_that_was_asked_beside_it() -> None:
    live = Subject(SubjectKind.LIVE, LISTING)
    spec = at_work(subject=live, merchant=MERCHANT, creator=CREATOR).desk(OTHER_SHOP)
    spec.says(subject=live, merchant=STRANGER, creator=CREATOR, fresh=True)
    assert [case.owner for case in spec.state.cases] == [SHOP, OTHER_SHOP]
    spec.does(TransferCase, desk=OTHER_SHOP, reason="x").then_refused("desk_unrelated")
    asked: Any = {"desk": OTHER_SHOP, "mode": ReferralMode.STAY, **TEXTED}
    spec.does(ReferCase, **asked).then_refused("desk_unrelated")
    liable = (Share(Party(PartyKind.MERCHANT, STRANGER), 100),)
    found: Any = {"owner": SHOP, "cause": Party(PartyKind.MERCHANT), "liable": liable}
    spec.does(CorrectAttribution, **found, reasons=("x",)).then_refused("desk_unrelated")
    assert spec.does(TransferCase, desk=ROOM, reason="x").case().owner == ROOM


def test_a_creator_gives_a_case_to_no_shop_that_was_named_beside_it() -> None:
    live: Any = {"subject": Subject(SubjectKind.LIVE, LISTING), "creator": CREATOR}
    spec = talk().desk(OTHER_SHOP).says(merchant=MERCHANT, issue="offer", **live)
    spec.says(merchant=STRANGER, issue="quality", **live)
    assert [case.owner for case in spec.state.cases] == [ROOM, OTHER_SHOP]
    by_creator: Any = {"agent": CREATOR_AGENT, "desk": OTHER_SHOP}
    spec.does(TransferCase, **by_creator, reason="x").then_refused("desk_unrelated")
    asked: Any = {"mode": ReferralMode.STAY, **TEXTED}
    spec.does(ReferCase, **by_creator, **asked).then_refused("desk_unrelated")
    # Of the newest it is sure whose it is, and a listing is of one shop.
    newest = opened(merchant=MERCHANT, issue="offer", **live)
    assert (
        newest.does(TransferCase, agent=CREATOR_AGENT, desk=SHOP, reason="x").case().owner == SHOP
    )
    listing: Any = {**live, "subject": Subject(SubjectKind.LISTING, LISTING), "merchant": MERCHANT}
    older = opened(issue="offer", **listing).says(issue="quality", **listing)
    assert older.does(TransferCase, agent=CREATOR_AGENT, desk=SHOP, reason="x").case().owner == SHOP


def test_a_shop_gives_its_case_to_no_creator_who_was_named_beside_it() -> None:
    listing: Any = {"subject": Subject(SubjectKind.LISTING, LISTING), "merchant": MERCHANT}
    spec = at_work(creator=CREATOR, **listing).desk(OTHER_ROOM)
    spec.says(creator=STRANGER, issue="offer", fresh=True, **listing)
    assert [case.owner for case in spec.state.cases] == [SHOP, OTHER_ROOM]
    spec.does(TransferCase, desk=OTHER_ROOM, reason="x").then_refused("desk_unrelated")
    found: Any = {"owner": SHOP, "cause": Party(PartyKind.CREATOR), "reasons": ("x",)}
    liable = (Share(Party(PartyKind.CREATOR, STRANGER), 100),)
    spec.does(CorrectAttribution, **found, liable=liable).then_refused("desk_unrelated")
    spec.does(SplitCase, issue="offer")
    assert spec.case(3).owner == ROOM, "whose it was said to be when it opened"


def test_what_is_split_off_is_not_whose_was_named_last() -> None:
    live: Any = {"subject": Subject(SubjectKind.LIVE, LISTING), "creator": CREATOR}
    spec = talk().desk(OTHER_SHOP).says(merchant=MERCHANT, issue="safety", **live)
    spec.says(merchant=STRANGER, issue="quality", **live)
    spec.does(SplitCase, agent=PLATFORM_AGENT, issue="")
    spec.says(subject=live["subject"], issue="quality", case=3)
    spec.does(SplitCase, agent=PLATFORM_AGENT, case=3, issue="quality")
    assert [case.owner for case in spec.state.cases] == [PLATFORM, OTHER_SHOP, SHOP, SHOP]
    # Nor is a creator to whom it comes told so in the list.
    spec.does(TransferCase, agent=PLATFORM_AGENT, case=4, desk=ROOM, reason="x")
    reader = Reader(Actor(Role.AGENT, CREATOR_AGENT), (ROOM,))
    assert merchant_of(reader, spec.state, spec.case(4)) == MERCHANT


def test_what_turns_out_later_brings_a_case_to_no_shop_that_was_named_after_it() -> None:
    live = Subject(SubjectKind.LIVE, LISTING)
    both = talk().desk(OTHER_SHOP)
    both.says(subject=live, merchant=MERCHANT, creator=CREATOR, issue="")
    both.says(subject=live, merchant=STRANGER, creator=CREATOR, issue="quality", fresh=True)
    assert [case.owner for case in both.state.cases] == [PLATFORM, OTHER_SHOP]
    both.says(subject=live, issue="late_delivery", case=1)
    assert (both.case().owner, both.case().issue) == (SHOP, "late_delivery")
    assert OTHER_SHOP not in {event.desk for event in both.events(RoutedTo)}
    # The newest is known to be the one's that was named with it.
    newest = opened(subject=live, merchant=MERCHANT, creator=CREATOR, issue="")
    newest.says(subject=live, issue="late_delivery")
    assert newest.case().owner == SHOP


def test_what_is_said_of_a_shop_comes_to_no_other_that_was_named_before() -> None:
    nothing: Any = {"subject": Subject(SubjectKind.NONE)}
    spec = talk().desk(OTHER_SHOP).says(merchant=MERCHANT, issue="", **nothing)
    spec.says(merchant=STRANGER, issue="quality", **nothing)
    assert [case.owner for case in spec.state.cases] == [PLATFORM, OTHER_SHOP]
    assert spec.says(merchant=MERCHANT, issue="", **nothing).event(MessagePosted).case == 1
    spec.says(merchant=MERCHANT, issue="late_delivery", **nothing)
    assert [case.owner for case in spec.state.cases] == [SHOP, OTHER_SHOP]


def test_what_is_said_of_a_shop_joins_none_of_which_it_is_forgotten_whose_it_is() -> None:
    nothing: Any = {"subject": Subject(SubjectKind.NONE), "issue": "safety"}
    spec = talk().says(merchant=MERCHANT, **nothing)
    for _ in range(NAMED_KEPT_MAX):
        spec.says(merchant=MERCHANT, fresh=True, **nothing)
    spec.says(merchant=STRANGER, **nothing)
    assert spec.event(CaseOpened).case == NAMED_KEPT_MAX + 2


def test_a_shop_that_is_named_later_gets_the_case() -> None:
    nothing: Any = {"subject": Subject(SubjectKind.NONE)}
    spec = talk().says(issue="", **nothing).says(merchant=MERCHANT, issue="", **nothing)
    assert spec.event(PartiesSeen) == PartiesSeen(at=spec.now, merchant=MERCHANT, case=1)
    spec.says(merchant=MERCHANT, issue="quality", **nothing)
    assert (spec.case().owner, spec.events(PartiesSeen)) == (SHOP, [])
    spec.resolved().wake_when_due()
    assert spec.state.named == ()


def test_what_is_said_of_another_shop_than_whoever_came_back_has_named_joins_nothing() -> None:
    nothing: Any = {"subject": Subject(SubjectKind.NONE)}
    spec = talk().says(issue="", **nothing).assigned(agent=PLATFORM_AGENT)
    spec.resolved(agent=PLATFORM_AGENT).says(merchant=MERCHANT, issue="", **nothing)
    assert spec.event(CaseReopened).case == 1
    spec.says(merchant=STRANGER, issue="", **nothing)
    assert spec.event(MessagePosted).case == 2


@pytest.mark.parametrize(
    ("kind", "named"),
    [(SubjectKind.LISTING, {"merchant": MERCHANT}), (SubjectKind.LIVE, {"creator": CREATOR})],
)
def test_whose_a_listing_or_live_session_is_may_be_said_later(
    kind: SubjectKind, named: Any
) -> None:
    subject: Any = {"subject": Subject(kind, LISTING), "issue": ""}
    spec = talk().says(**subject).says(**subject, **named)
    assert spec.event(PartiesSeen).case == 1
    assert parties_of(state=spec.state, case=spec.case()) == Parties(**named)
    assert spec.says(**subject, **named).events(PartiesSeen) == []


def test_what_a_shop_splits_off_stays_with_it() -> None:
    live = Subject(SubjectKind.LIVE, LISTING)
    spec = at_work(subject=live, merchant=MERCHANT, creator=CREATOR).desk(OTHER_SHOP)
    spec.says(subject=live, merchant=STRANGER, creator=CREATOR, fresh=True)
    spec.does(SplitCase, issue="quality")
    assert [case.owner for case in spec.state.cases] == [SHOP, OTHER_SHOP, SHOP]


def test_the_platforms_people_give_it_to_anybody_and_whoever_was_asked_back() -> None:
    spec = opened(issue="safety").desk(OTHER_SHOP)
    spec.does(TransferCase, agent=PLATFORM_AGENT, desk=OTHER_SHOP, reason="x")
    spec.world[SHOP_AGENT] = AgentView((OTHER_SHOP,))
    spec.does(ReferCase, desk=ROOM, mode=ReferralMode.HAND_OVER, **TEXTED)
    spec.does(TransferCase, agent=CREATOR_AGENT, desk=OTHER_SHOP, reason="x")
    assert spec.case().owner == OTHER_SHOP


@pytest.mark.parametrize("agent", [SHOP_AGENT, SHOP_COLLEAGUE])
@pytest.mark.parametrize(
    ("kind", "details"),
    [
        (TransferCase, {"reason": "x"}),
        (ReferCase, {"mode": ReferralMode.STAY, **TEXTED}),
        (ReferCase, {"mode": ReferralMode.HAND_OVER, **TEXTED}),
    ],
)
def test_so_does_one_of_them_who_is_also_of_the_desk_whether_they_have_it_or_not(
    agent: UUID, kind: Any, details: Any
) -> None:
    spec = at_work().desk(OTHER_SHOP)
    spec.world[agent] = AgentView((SHOP, PLATFORM))
    spec.does(kind, agent=agent, desk=OTHER_SHOP, **details)
    assert spec.events(Transferred, Referred)[0].to_desk == OTHER_SHOP


def test_refuses_a_transfer_to_a_desk_that_is_closed() -> None:
    spec = at_work().desk(ROOM, open=False)
    spec.does(TransferCase, desk=ROOM, reason="x").then_refused("desk_closed")


def test_refuses_a_transfer_by_another_desk() -> None:
    spec = at_work()
    spec.does(TransferCase, agent=CREATOR_AGENT, desk=ROOM, reason="x").then_refused("not_allowed")


def test_refers_and_stays_while_the_other_desks_clock_runs() -> None:
    spec = referred(ReferralMode.STAY)
    spec.then_only(MessagePosted, Referred, ClockStarted)
    assert spec.event(MessagePosted).audience is Audience.DESKS
    assert spec.event(ClockStarted) == ClockStarted(
        case=1,
        at=after(hours=1),
        clock=ClockKind.NEXT_RESPONSE,
        side=Side.REFERRAL,
        due_at=after(hours=8),
        rule="*/creator/next_response",
        pack=spec.known.known[0].hash,
        desk=ROOM,
    )
    assert spec.case().owner == SHOP
    assert spec.case().agent == SHOP_AGENT
    assert spec.case().referral == Referral(
        ROOM, SHOP, ReferralMode.STAY, spec.command_id, SHOP_AGENT
    )


def test_takes_the_answer_of_the_desk_that_was_asked() -> None:
    spec = referred(ReferralMode.STAY).at(after(hours=3))
    spec.does(AnswerReferral, agent=CREATOR_AGENT, **TEXTED)
    spec.then_only(MessagePosted, ClocksStopped, ReferralEnded)
    assert spec.event(ClocksStopped).reason is StopReason.REFERRAL_ENDED
    assert spec.event(ReferralEnded) == ReferralEnded(
        case=1,
        at=after(hours=3),
        desk=ROOM,
        outcome=ReferralOutcome.ANSWERED,
        answer=spec.command_id,
    )
    assert spec.case().agent == SHOP_AGENT


def test_does_without_an_answer_that_does_not_come() -> None:
    spec = referred(ReferralMode.STAY).wake(after(hours=8))
    spec.then_only(ClockExpired, ObligationMissed, ReferralEnded)
    assert spec.event(ObligationMissed).desk == ROOM
    assert spec.event(ReferralEnded).outcome is ReferralOutcome.LAPSED
    assert spec.case().agent == SHOP_AGENT


@pytest.mark.parametrize("answers", [True, False])
def test_a_case_that_rested_meanwhile_is_looked_at_again(answers: bool) -> None:
    spec = referred(ReferralMode.STAY).does(FollowUp, at=after(days=2))
    assert (spec.case().status, spec.case().agent) == (CaseStatus.FOLLOW_UP, None)
    if answers:
        spec.at(after(hours=3)).does(AnswerReferral, agent=CREATOR_AGENT, **TEXTED)
    else:
        spec.wake(after(hours=8))
    assert spec.event(ReferralEnded)
    assert spec.event(RoutedTo).preferred == SHOP_AGENT
    assert spec.case().status is CaseStatus.QUEUED


def test_hands_the_case_over_and_gets_it_back() -> None:
    spec = referred(ReferralMode.HAND_OVER)
    spec.then_only(
        MessagePosted,
        CaseUnassigned,
        ClocksStopped,
        Referred,
        RoutedTo,
        ClockStarted,
        ClockStarted,
    )
    assert spec.case().owner == ROOM
    assert spec.event(CaseUnassigned).reason is UnassignReason.REFERRED
    spec.assigned(agent=CREATOR_AGENT).at(after(hours=2))
    spec.does(AnswerReferral, agent=CREATOR_AGENT, **TEXTED)
    spec.then_only(
        MessagePosted,
        CaseUnassigned,
        ReferralEnded,
        ClocksStopped,
        RoutedTo,
        ClockStarted,
        ClockStarted,
    )
    assert spec.event(RoutedTo).desk == SHOP
    assert spec.event(RoutedTo).preferred == SHOP_AGENT
    assert spec.case().owner == SHOP
    assert spec.case().referral is None


def test_a_desk_that_gets_a_case_back_has_no_more_time_than_it_had_left() -> None:
    spec = referred(ReferralMode.HAND_OVER)
    whole = opened().clock(ClockKind.RESOLUTION, Side.DESK).due_at
    assert whole is not None
    spec.assigned(agent=CREATOR_AGENT).at(after(hours=3))
    spec.does(AnswerReferral, agent=CREATOR_AGENT, **TEXTED)
    assert spec.case().owner == SHOP
    due_at = spec.clock(ClockKind.RESOLUTION, Side.DESK).due_at
    assert due_at == whole + timedelta(hours=2), "the creator's two hours are not the shop's"


def test_no_desk_puts_its_silence_off_by_giving_a_case_to_and_fro() -> None:
    spec = at_work(issue="refund").answered()
    ends = spec.clock(ClockKind.RESOLUTION, Side.DESK).due_at
    for hours in (1, 5, 20):
        spec.at(after(hours=hours)).does(TransferCase, desk=ROOM, reason="wrong")
        spec.assigned(agent=CREATOR_AGENT)
        spec.does(TransferCase, agent=CREATOR_AGENT, desk=SHOP, reason="wrong").assigned()
        assert spec.clock(ClockKind.RESOLUTION, Side.DESK).due_at == ends
    spec.resolved().at(after(hours=21)).says(issue="refund")
    assert spec.state.left == (), "what is opened again has new time"


def test_while_the_consumer_is_asked_its_desks_time_stands_on_the_way_too() -> None:
    spec = at_work().answered().at(after(hours=1)).does(AskConsumer, **TEXTED)
    left = spec.clock(ClockKind.RESOLUTION, Side.DESK).left_seconds
    spec.at(after(hours=5)).does(TransferCase, desk=ROOM, reason="wrong")
    spec.assigned(agent=CREATOR_AGENT).at(after(hours=9))
    spec.does(TransferCase, agent=CREATOR_AGENT, desk=SHOP, reason="wrong")
    assert spec.clock(ClockKind.RESOLUTION, Side.DESK).left_seconds == left


def test_gives_it_to_the_platform_where_the_desk_that_asked_has_closed() -> None:
    spec = referred(ReferralMode.HAND_OVER).desk(SHOP, open=False)
    spec.does(AnswerReferral, agent=CREATOR_AGENT, **TEXTED)
    assert spec.case().owner == PLATFORM
    assert spec.event(RoutedTo).preferred is None


def test_refuses_a_second_referral_at_a_time() -> None:
    spec = referred(ReferralMode.STAY)
    again = {"desk": PLATFORM, "mode": ReferralMode.STAY, **TEXTED}
    spec.does(ReferCase, **again).then_refused("referred_already")


def test_refuses_an_answer_that_nobody_asked_for_or_by_another_desk() -> None:
    at_work().does(AnswerReferral, **TEXTED).then_refused("not_referred")
    spec = referred(ReferralMode.STAY)
    spec.does(AnswerReferral, agent=SHOP_AGENT, **TEXTED).then_refused("not_allowed")


def test_forgets_a_referral_when_the_case_moves_on() -> None:
    spec = referred(ReferralMode.STAY)
    spec.does(TransferCase, desk=PLATFORM, reason="x")
    assert spec.event(ReferralEnded).outcome is ReferralOutcome.WITHDRAWN
    assert spec.case().referral is None


def test_forgets_a_referral_when_the_case_is_resolved() -> None:
    spec = referred(ReferralMode.STAY).resolved()
    assert spec.event(ReferralEnded).outcome is ReferralOutcome.WITHDRAWN
    assert spec.case().referral is None


def test_lets_the_platform_intervene() -> None:
    now = after(hours=1)
    spec = at_work().at(now).does(TakeOverCase, agent=PLATFORM_AGENT, reason="safety_risk")
    spec.then_only(
        CaseUnassigned,
        ClocksStopped,
        TakenOver,
        RoutedTo,
        ClockStarted,
        ClockStarted,
        ConsumerTold,
    )
    assert spec.event(TakenOver) == TakenOver(
        case=1,
        at=now,
        from_desk=SHOP,
        by=PLATFORM,
        cause=TakeOverCause.INTERVENTION,
        reason="safety_risk",
    )
    assert spec.event(ConsumerTold) == ConsumerTold(
        case=1, at=now, notice=Notice.TAKEN_OVER, desk=PLATFORM, until=after(hours=3)
    )


def test_promises_at_night_what_the_platform_can_keep() -> None:
    spec = at_work().desk(PLATFORM, staffed=False, staffed_from=after(hours=20))
    spec.when(about(TakeOverCase, reason="x"), by=Actor(Role.ADMIN))
    assert spec.event(ConsumerTold).until == after(hours=22), "its first answer then"


@pytest.mark.parametrize("agent", [SHOP_AGENT, SHOP_COLLEAGUE, CREATOR_AGENT])
def test_refuses_an_intervention_by_a_partner(agent: UUID) -> None:
    at_work().does(TakeOverCase, agent=agent, reason="x").then_refused("not_allowed")


def test_refuses_to_take_over_what_is_the_platforms() -> None:
    spec = opened(issue="safety").does(TakeOverCase, agent=PLATFORM_AGENT, reason="x")
    spec.then_refused("same_desk")


def test_lets_a_desk_that_works_on_it_move_it_without_having_it() -> None:
    spec = opened().does(TransferCase, agent=SHOP_COLLEAGUE, desk=PLATFORM, reason="x")
    assert spec.events(CaseUnassigned) == []
    assert spec.event(RoutedTo).at == START
