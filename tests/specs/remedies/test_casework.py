"""What a case decided by silence becomes: given once, at the merchant's charge, or said why not."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.remedies.messages.asking import (
    AskHuman,
    BooksOpened,
    GrantRemedy,
    RefuseRemedy,
    RemedyApproved,
    RemedyRefused,
    RemedyRequested,
    RequestRemedy,
    Wish,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.casework import GrantForCase, GrantImpossible
from oncedesk.domain.remedies.messages.changing import CancellationRequested
from oncedesk.domain.remedies.messages.refunding import ConfirmRefund, RefundRequested, RemedyClosed
from oncedesk.domain.remedies.words import (
    CaseLink,
    DecidedBy,
    Payer,
    RemedyKind,
    Share,
    WantedLine,
)
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM
from oncedesk.domain.shared.remedy_rules import GrantedBy, OnSilence, RemedyRule, RemedyRules
from oncedesk.rules.library import PackLibrary
from tests.specs.remedies.promises import LATE, breaks, shop_with
from tests.specs.remedies.shop import (
    AFTER_ANSWER,
    AT_ONCE,
    BY_CONSUMER,
    LISTING,
    MERCHANT,
    WHO,
    Shop,
    todays_pack,
)
from tests.support.specs import START, after

CASE = CaseLink(UUID(int=0xCA5E), 1)
RULE = "cn/issue/refund@2024-01-01"


def decides(shop: Shop, decision: str = "refund_granted", **details: Any) -> Shop:
    given: dict[str, Any] = {
        "part": 1,
        "decision": decision,
        "case": CASE,
        "rule": RULE,
        "pack": "test",
    }
    shop.when(GrantForCase(**WHO, **{**given, **details}), by=SYSTEM)
    return shop


def test_it_is_asked_for_and_granted_at_once_at_the_merchants_charge() -> None:
    shop = decides(Shop().plain(10_000))
    shop.then_only(
        BooksOpened, RemedyRequested, RemedyApproved, RefundRequested, CancellationRequested
    )
    requested, approved = shop.event(RemedyRequested), shop.event(RemedyApproved)
    assert (requested.kind, requested.case, requested.rule) == (RemedyKind.CANCEL, CASE, RULE)
    assert (approved.by, approved.amount_minor) == (DecidedBy.SILENCE, 10_000)
    assert approved.shares == (Share(Payer.MERCHANT, MERCHANT, 10_000),)


def test_what_was_asked_for_and_waits_is_granted_instead() -> None:
    shop = Shop().plain(10_000).asks(RemedyKind.REFUND)
    decides(shop)
    assert shop.event(RemedyApproved).remedy == 1
    assert not shop.events(RemedyRequested)


def test_of_what_was_asked_for_its_own_rule_says_whether_silence_grants_it() -> None:
    """What the platform decides where the merchant is silent, and what waits for the platform."""
    for rule in (
        replace(AFTER_ANSWER, on_silence=OnSilence.TAKE_OVER),
        replace(AFTER_ANSWER, granted_by=GrantedBy.PLATFORM),
    ):
        shop = decides(Shop(AT_ONCE, rule).plain(10_000).asks(RemedyKind.REFUND))
        shop.then_only(GrantImpossible)
        assert shop.event(GrantImpossible).reason == "answered"


def test_it_is_given_once() -> None:
    shop = decides(Shop().plain(10_000))
    decides(shop).then()


def test_where_nothing_is_left_that_is_what_is_recorded() -> None:
    shop = Shop().plain(10_000).asks(RemedyKind.CANCEL)
    decides(shop, case=CaseLink(UUID(int=0xCA5E), 2)).then_only(GrantImpossible)
    told = shop.event(GrantImpossible)
    assert (told.decision, told.reason, told.case.case) == ("refund_granted", "nothing_left", 2)


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"part": 2}, "part_unknown"),
        ({"decision": "resend_granted"}, "remedy_not_offered"),
    ],
)
def test_what_cannot_be_is_recorded_with_its_reason(details: Any, reason: str) -> None:
    shop = decides(Shop().plain(), **details)
    shop.then_only(BooksOpened, GrantImpossible)
    assert shop.event(GrantImpossible).reason == reason


BACK = RemedyRule(
    id="test/return",
    kind="return_and_refund",
    reason="*",
    stage="*",
    granted_by=GrantedBy.MERCHANT,
    within_days=7,
)


def test_a_no_is_an_answer_and_nothing_more_is_given_in_its_place() -> None:
    shop = Shop().plain(10_000, quantity=2).asks(RemedyKind.REFUND, WantedLine(1, 1, 1))
    refusing = RefuseRemedy(**WHO, remedy=1, reason="worn", facts=("worn",))
    shop.when(refusing, by=MARKETPLACE).then_only(RemedyRefused)
    decides(shop).then_only(GrantImpossible)
    assert shop.event(GrantImpossible).reason == "answered"


def test_a_no_that_is_final_is_not_turned_by_silence_in_a_case_that_came_later() -> None:
    shop = Shop().plain(10_000, quantity=2).asks(RemedyKind.REFUND, WantedLine(1, 1, 1))
    refusing = RefuseRemedy(**WHO, remedy=1, reason="worn", facts=("worn",))
    shop.when(refusing, by=MARKETPLACE)
    shop.wake_when_due().then_only(RemedyClosed)
    decides(shop).then_only(GrantImpossible)
    told = shop.event(GrantImpossible)
    assert (told.reason, told.needs_person) == ("answered", True)


def test_a_no_about_another_part_answers_nothing() -> None:
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000, 1),))
    shop = Shop().placed(part, part, payments=(Payment("card", 20_000),))
    shop.asks(RemedyKind.REFUND, WantedLine(2, 1, 1))
    refusing = RefuseRemedy(**WHO, remedy=1, reason="worn", facts=("worn",))
    shop.when(refusing, by=MARKETPLACE)
    shop.wake_when_due().then_only(RemedyClosed)
    decides(shop)
    assert shop.event(RemedyApproved).amount_minor == 10_000


def asks_for_one_of_three(shop: Shop) -> Shop:
    wish = Wish(kind=RemedyKind.REFUND, reason="missing", lines=(WantedLine(1, 1, 1),))
    shop.when(RequestRemedy(**WHO, wish=wish, case=CASE), by=BY_CONSUMER)
    return shop


def test_one_of_three_that_was_given_and_is_over_is_all_that_was_wanted() -> None:
    shop = asks_for_one_of_three(Shop().plain(10_000, quantity=3))
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    sent = ConfirmRefund(
        **WHO, remedy=1, leg=1, amount_minor=10_000, currency="CNY", sent_at=shop.now
    )
    shop.when(sent, by=MARKETPLACE)
    while shop.state.live:
        shop.wake_when_due()
    decides(shop).then_only(GrantImpossible)
    assert shop.event(GrantImpossible).needs_person
    assert shop.state.refunded == (10_000,)


def test_what_the_consumer_took_back_is_not_given_with_the_rest_of_the_part() -> None:
    shop = asks_for_one_of_three(Shop().plain(10_000, quantity=3))
    shop.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER)
    decides(shop).then_only(GrantImpossible)
    other_case = CaseLink(UUID(int=0xCA5E), 2)
    assert decides(shop, case=other_case).event(RemedyApproved).amount_minor == 30_000


def test_whatever_was_granted_in_the_case_nothing_comes_on_top() -> None:
    """A case about a missing part in which the merchant gave money back is not sent it as well."""
    shop = Shop().plain(10_000, quantity=2).arrived()
    wish = Wish(kind=RemedyKind.REFUND, reason="missing", lines=(WantedLine(1, 1, 1),))
    shop.when(RequestRemedy(**WHO, wish=wish, case=CASE), by=BY_CONSUMER)
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    decides(shop, decision="resend_granted").then()


def test_goodwill_for_the_waiting_is_not_what_the_case_decides() -> None:
    shop = Shop().plain(10_000)
    wish = Wish(kind=RemedyKind.COMPENSATION, reason="sorry", amount_minor=500)
    shop.when(RequestRemedy(**WHO, wish=wish, case=CASE, goodwill=True), by=MARKETPLACE)
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    assert decides(shop).event(RemedyApproved).amount_minor == 10_000
    decides(shop).then()


def test_nor_is_what_a_broken_promise_gives_by_itself() -> None:
    shop = breaks(shop_with(LATE).plain(10_000), "late_shipping")
    assert shop.state.live[0].case == CASE
    assert decides(shop).event(RemedyApproved).amount_minor == 10_000
    decides(shop).then()


def test_goods_that_were_sent_come_back() -> None:
    """Nobody agreed to pay for what is kept."""
    shop = decides(Shop(AT_ONCE, AFTER_ANSWER, BACK).plain(10_000).arrived())
    assert shop.event(RemedyRequested).kind is RemedyKind.RETURN_AND_REFUND
    assert not shop.events(RefundRequested)


def test_what_could_be_asked_for_by_no_reason_any_more_is_not_given_by_silence() -> None:
    shop = Shop(AT_ONCE, AFTER_ANSWER, BACK).plain(10_000).arrived().at(after(days=9))
    decides(shop).then_only(BooksOpened, GrantImpossible)
    assert shop.event(GrantImpossible).reason == "too_late"


@pytest.mark.parametrize(
    ("category", "days", "reason"),
    [("", 800, "too_late"), ("custom_made", 800, "too_late"), ("digital_download", 20, "too_late")],
)
def test_silence_gives_nothing_that_only_a_person_could_still_give(
    category: str, days: int, reason: str
) -> None:
    """For counterfeits there is no last day; but of those the platform decides."""
    shop = Shop(pack=todays_pack()).of(category).arrived().at(after(days=days))
    decides(shop, pack=shop.pack.hash).then_only(BooksOpened, GrantImpossible)
    assert shop.event(GrantImpossible).reason == reason


def test_silence_takes_no_goods_from_a_merchant_whom_it_does_not_bind() -> None:
    shop = Shop(pack=todays_pack()).of("custom_made")
    decides(shop, pack=shop.pack.hash).then_only(BooksOpened, GrantImpossible)
    assert shop.event(GrantImpossible).reason == "answer_needed"


def test_what_was_made_for_them_comes_back_while_a_defect_may_be_claimed() -> None:
    shop = Shop(pack=todays_pack()).of("custom_made").arrived().at(after(days=9))
    decides(shop, pack=shop.pack.hash)
    assert shop.event(RemedyApproved).by is DecidedBy.SILENCE


def test_the_shipping_that_it_gives_back_is_counted_as_given() -> None:
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000, 1),), shipping_minor=500)
    shop = Shop().placed(part, payments=(Payment("card", 10_500),))
    requested = decides(shop).event(RemedyRequested)
    assert (requested.amount_minor, requested.shipping_minor) == (10_500, 500)


def test_a_person_who_was_asked_for_decides_all_the_same() -> None:
    shop = Shop().plain(10_000).asks(RemedyKind.REFUND)
    shop.when(AskHuman(**WHO, remedy=1), by=BY_CONSUMER)
    decides(shop).then_only(GrantImpossible)


def test_other_decisions_and_unknown_orders_give_nothing_and_are_not_refused() -> None:
    decides(Shop().plain(), decision="late_shipping_compensated").then()
    decides(Shop()).then()


def test_what_was_decided_before_there_were_rules_of_remedies_gives_nothing() -> None:
    shop = Shop().plain()
    library = PackLibrary.always([shop.pack])
    library.add([replace(shop.pack, hash="old", remedies=RemedyRules())])
    shop.packs = library.at(START)
    decides(shop, pack="old").then()


def test_nobody_but_the_system_says_what_a_case_decided() -> None:
    command = GrantForCase(
        **WHO, part=1, decision="refund_granted", case=CASE, rule=RULE, pack="test"
    )
    Shop().plain().when(command, by=BY_CONSUMER).then_refused("not_allowed")
    Shop().plain().when(command, by=MARKETPLACE).then_refused("not_allowed")


def test_silence_cancels_nothing_that_cost_nothing() -> None:
    shop = decides(Shop().plain(0))
    shop.then_only(BooksOpened, GrantImpossible)
    assert shop.event(GrantImpossible).reason == "nothing_left"
    assert not shop.event(GrantImpossible).needs_person
