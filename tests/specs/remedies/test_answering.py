"""Yes, no, or nothing: what the desk that was asked says, and what its silence says."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.parties.messages import PartyKind, ReturnPlace
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.messages.asking import (
    AnswerOverdue,
    AskHuman,
    BooksOpened,
    ClockWarned,
    GrantRemedy,
    HumanAsked,
    RefuseRemedy,
    RemedyApproved,
    RemedyRefused,
    RemedyRequested,
    RemedyTakenOver,
    RequestRemedy,
    Wish,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.refunding import RefundRequested
from oncedesk.domain.remedies.messages.returning import (
    Back,
    ConfirmReceipt,
    GoodsDue,
    InspectReturn,
    JourneyBegun,
    RefundInstead,
    RefusedLine,
    ReturnInspected,
    ReturnLost,
    TakeBack,
)
from oncedesk.domain.remedies.words import (
    ClockKind,
    DecidedBy,
    Payer,
    RemedyKind,
    Share,
    Speed,
    Status,
    WantedLine,
)
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import PLATFORM, desk_ref
from oncedesk.domain.shared.remedy_rules import GrantedBy, OnSilence, RemedyRule, SettlingRule
from tests.specs.remedies.shop import (
    AFTER_ANSWER,
    BY_CONSUMER,
    MERCHANT,
    MERCHANT_DESK,
    WHO,
    Shop,
)
from tests.support.specs import after

REFUND = RemedyKind.REFUND
BY_MERCHANT = (Share(Payer.MERCHANT, MERCHANT, 10_000),)
BY_PLATFORM = (Share(Payer.PLATFORM, None, 10_000),)
KEPT = replace(AFTER_ANSWER, opt_in=True, on_silence=OnSilence.TAKE_OVER)
SETTLING = SettlingRule(id="test", platform_seconds=6 * 3_600)


def asked(rule: RemedyRule = AFTER_ANSWER, **others: Any) -> Shop:
    return Shop(rule, settling=SETTLING, **others).plain().asks(REFUND)


def test_a_refusal_carries_facts_reason_basis_and_how_to_object() -> None:
    shop = asked()
    refusing = RefuseRemedy(
        **WHO, remedy=1, reason="worn", facts=("sole_worn", "tag_removed"), evidence=(b"p" * 16,)
    )
    refused = shop.when(refusing, by=MARKETPLACE).then_only(RemedyRefused).event(RemedyRefused)
    assert (refused.by, refused.reason) == (DecidedBy.MERCHANT, "worn")
    assert (refused.facts, refused.evidence) == (("sole_worn", "tag_removed"), (b"p" * 16,))
    assert (refused.rule, refused.pack, refused.objection) == ("test/refund", "test", "dispute")
    assert (refused.clock.kind, refused.clock.due_at) == (ClockKind.OBJECTION, after(days=7))


def test_nobody_refuses_without_a_fact() -> None:
    shop = asked()
    refusing = RefuseRemedy(**WHO, remedy=1, reason="no")
    shop.when(refusing, by=MARKETPLACE).then_refused("facts_needed")


def test_it_is_warned_before_silence_grants() -> None:
    shop = asked()
    shop.wake_when_due().then_only(ClockWarned)
    assert (shop.now, shop.event(ClockWarned).desk) == (after(hours=23), MERCHANT_DESK)
    shop.wake_when_due().then_only(RemedyApproved, RefundRequested)
    approved = shop.event(RemedyApproved)
    assert (shop.now, approved.by) == (after(hours=24), DecidedBy.SILENCE)
    assert approved.shares == BY_MERCHANT


def test_silence_does_not_take_from_a_merchant_what_only_its_yes_binds() -> None:
    shop = asked(KEPT)
    shop.wake(after(hours=24)).then_only(RemedyTakenOver)
    remedy = shop.state.live[0]
    assert (remedy.desk, remedy.clock(ClockKind.ANSWER).due_at) == (PLATFORM, after(hours=30))
    shop.wake(after(hours=30)).then_only(RemedyApproved, RefundRequested)
    approved = shop.event(RemedyApproved)
    assert (approved.by, approved.shares) == (DecidedBy.SILENCE, BY_PLATFORM)


def test_a_merchants_yes_binds_it() -> None:
    shop = asked(KEPT)
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    assert shop.event(RemedyApproved).shares == BY_MERCHANT


def test_a_yes_to_another_amount_than_was_shown_is_none() -> None:
    shop = asked()
    shown = GrantRemedy(**WHO, remedy=1, expected_minor=9_999)
    shop.when(shown, by=MARKETPLACE).then_refused("amount_changed")
    shop.when(replace(shown, expected_minor=10_000), by=MARKETPLACE)
    assert shop.event(RemedyApproved).amount_minor == 10_000


def test_the_platforms_yes_does_not_bind_the_merchant() -> None:
    shop = asked(KEPT)
    shop.wake(after(hours=24))
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    approved = shop.event(RemedyApproved)
    assert (approved.by, approved.shares) == (DecidedBy.PLATFORM, BY_PLATFORM)


def test_where_the_merchant_has_no_desk_silence_is_still_the_merchants() -> None:
    shop = Shop(AFTER_ANSWER).plain()
    del shop.world[desk_ref(MERCHANT_DESK).id]
    assert shop.asks(REFUND).event(RemedyRequested).desk == PLATFORM
    shop.wake(after(hours=24))
    assert shop.event(RemedyApproved).shares == BY_MERCHANT


def test_a_consumer_can_ask_for_a_person() -> None:
    shop = asked()
    shop.when(AskHuman(**WHO, remedy=1), by=BY_CONSUMER).then_only(HumanAsked)
    remedy = shop.state.live[0]
    assert (remedy.desk, remedy.human) == (PLATFORM, True)
    shop.when(AskHuman(**WHO, remedy=1), by=BY_CONSUMER).then_nothing()


def test_what_a_person_was_asked_for_no_rule_decides() -> None:
    shop = asked()
    shop.when(AskHuman(**WHO, remedy=1), by=BY_CONSUMER)
    for times, hours in enumerate((6, 18, 42, 66), start=1):
        shop.wake(after(hours=hours)).then_only(AnswerOverdue)
        assert shop.event(AnswerOverdue).times == times
    assert shop.state.live[0].clock(ClockKind.ANSWER).due_at - shop.now == timedelta(hours=24)
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    assert shop.event(RemedyApproved).by is DecidedBy.PLATFORM


def test_what_no_rule_gives_a_person_can_be_asked_for() -> None:
    nobody = RemedyRule(
        id="test/no",
        kind="refund",
        reason="*",
        stage="*",
        granted_by=GrantedBy.NOBODY,
        refusal="not_here",
    )
    shop = Shop(nobody, settling=SETTLING).plain()
    wish = Wish(kind=REFUND, reason="late")
    shop.when(RequestRemedy(**WHO, wish=wish), by=BY_CONSUMER).then_refused("not_here")
    shop.when(RequestRemedy(**WHO, wish=wish, human=True), by=BY_CONSUMER)
    requested = shop.then_only(BooksOpened, RemedyRequested).event(RemedyRequested)
    assert (requested.desk, requested.rule) == (PLATFORM, "test/no")
    assert requested.clock.due_at == after(hours=6)
    shop.wake(after(hours=6)).then_only(AnswerOverdue)
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    assert shop.event(RemedyApproved).shares == BY_PLATFORM


def test_no_person_gives_more_than_was_paid() -> None:
    shop = Shop().plain()
    wish = Wish(kind=REFUND, reason="late", amount_minor=10_001)
    shop.when(RequestRemedy(**WHO, wish=wish, human=True), by=BY_CONSUMER)
    shop.then_refused("refund_exceeds_paid")


def test_a_person_is_asked_for_what_is_not_decided() -> None:
    shop = Shop().plain().asks(RemedyKind.CANCEL)
    shop.when(AskHuman(**WHO, remedy=1), by=BY_CONSUMER).then_refused("remedy_decided")
    shop.when(AskHuman(**WHO, remedy=2), by=BY_CONSUMER).then_refused("remedy_unknown")


@pytest.mark.parametrize("command", [AskHuman, WithdrawRemedy])
def test_only_the_consumer_says_so(command: type[AskHuman | WithdrawRemedy]) -> None:
    shop = asked()
    stranger = replace(BY_CONSUMER, id=MERCHANT)
    shop.when(command(**WHO, remedy=1), by=stranger).then_refused("not_allowed")


def test_what_was_refused_is_not_withdrawn() -> None:
    shop = asked()
    shop.when(RefuseRemedy(**WHO, remedy=1, reason="worn", facts=("worn",)), by=MARKETPLACE)
    shop.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER).then_refused("remedy_decided")


def test_two_wishes_cannot_have_one_unit() -> None:
    shop = Shop().plain(quantity=2).asks(REFUND, WantedLine(1, 1, 2))
    shop.asks(REFUND, WantedLine(1, 1, 1)).then_refused("quantity_exceeds_bought")
    shop.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER)
    shop.asks(REFUND, WantedLine(1, 1, 1)).then_only(RemedyRequested)
    assert [remedy.status for remedy in shop.state.live] == [Status.REQUESTED]


def late_cancellation() -> Shop:
    """Asked for while nothing was sent; the merchant says nothing and sends it."""
    rule = RemedyRule(
        id="test/cancel",
        kind="cancel",
        reason="*",
        stage="unshipped",
        granted_by=GrantedBy.MERCHANT,
        on_silence=OnSilence.TAKE_OVER,
        speed="instant",
    )
    shop = Shop(rule, settling=SETTLING).plain().asks(RemedyKind.CANCEL)
    return shop.arrived(delivered=False)


def test_a_cancellation_granted_by_silence_after_the_goods_have_left_is_a_return() -> None:
    shop = late_cancellation().wake(after(hours=24)).wake(after(hours=30))
    shop.then_only(RemedyApproved, JourneyBegun)
    begun = shop.event(JourneyBegun)
    assert (begun.kind, begun.back) == (RemedyKind.RETURN_AND_REFUND, Back.INTERCEPTING)
    (remedy,) = shop.state.live
    assert (remedy.kind, remedy.status) == (begun.kind, Status.WAITING_FOR_RETURN)
    shop.wake_when_due().then_only(ReturnLost, RefundRequested)


def test_a_cancellation_granted_by_a_person_after_the_goods_have_left_is_a_return() -> None:
    shop = late_cancellation()
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE).then_only(RemedyApproved, JourneyBegun)
    assert shop.event(JourneyBegun).speed is Speed.AFTER_INSPECTION


def test_goods_that_have_arrived_when_their_cancellation_is_granted_go_back_to_a_place() -> None:
    shop = late_cancellation().arrived()
    place = ReturnPlace(UUID(int=0x91), b"address")
    shop.world[MERCHANT] = PartyState(
        party=MERCHANT, kind=PartyKind.MERCHANT, market="cn", places=(place,)
    )
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    begun = shop.event(JourneyBegun)
    assert (begun.back, begun.place) == (Back.AWAITED, place.place)


def test_what_a_merchant_granted_and_neither_pays_nor_sends_back_is_still_its_own() -> None:
    """Of its silence about the wish the platform bears it, and not of its goods."""
    shop = late_cancellation()
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    assert shop.event(RemedyApproved).shares == BY_MERCHANT
    shop.when(ConfirmReceipt(**WHO, remedy=1), by=MARKETPLACE)
    worn = RefusedLine(1, 1, 1, "worn")
    found = InspectReturn(**WHO, remedy=1, refused=(worn,), evidence=(b"seen",))
    shop.when(found, by=MARKETPLACE).then_only(ReturnInspected, RemedyRefused)
    shop.when(TakeBack(**WHO, remedy=1), by=BY_CONSUMER).then_only(GoodsDue)
    shop.wake_when_due()
    shop.wake_when_due().then_only(RemedyApproved, RefundInstead, RefundRequested)
    assert shop.event(RemedyApproved).shares == shop.state.live[0].shares == BY_MERCHANT
