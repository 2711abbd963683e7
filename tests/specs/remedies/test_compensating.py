"""What a broken promise gives by itself: how much, once, under a cap, and from whom."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.orders.state import HeldPresale, OrderState
from oncedesk.domain.remedies.messages.asking import (
    BooksOpened,
    GrantRemedy,
    RemedyApproved,
    RemedyRequested,
    RemedyWithdrawn,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.funding import ChargeWanted
from oncedesk.domain.remedies.messages.promising import (
    BearersChanged,
    BreachCompensated,
    CompensateBreach,
    CompensationCapped,
    CompensationVoided,
    OwedDropped,
    OwedPutOff,
)
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmCredit,
    FailRefund,
    NameRoute,
    RefundCredited,
    RefundFailed,
    RefundFailure,
    RefundRequested,
    RefundSent,
    RemedyClosed,
    RemedySettled,
    RouteAsked,
)
from oncedesk.domain.remedies.outcomes import outcomes
from oncedesk.domain.remedies.state import CLOSED_MAX, COMPENSATIONS_LIVE_MAX, PUT_OFF_MAX
from oncedesk.domain.remedies.words import LegStatus, Payer, RemedyKind, Share, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ledger import Account, Phase
from tests.specs.remedies.promises import (
    CASE,
    HOLD_SECONDS,
    LATE,
    SILENT,
    TOO_LATE,
    at_most,
    breaks,
    confirms,
    gives,
    shop_with,
    takes_back,
    with_carrier,
)
from tests.specs.remedies.shop import BY_CONSUMER, LISTING, MERCHANT, ORDER, WHO, Shop
from tests.support.specs import START, after

CARRIER = UUID(int=0xCA)
OF_MERCHANT = (Share(Payer.MERCHANT, MERCHANT, 500),)
OF_PLATFORM = (Share(Payer.PLATFORM, None, 500),)


def balances(shop: Shop) -> dict[tuple[Account, UUID | None], int]:
    """What stands in each account, by all that was posted."""
    found: dict[tuple[Account, UUID | None], int] = {}
    for event in shop.journal:
        for transfer in event.transfers:
            if transfer.phase is Phase.POSTED:
                for entry in transfer.entries:
                    key = (entry.account, entry.party)
                    found[key] = found.get(key, 0) + entry.minor
    return {key: minor for key, minor in found.items() if minor}


def test_a_breach_gives_by_itself_and_is_sent_after_the_hold() -> None:
    shop = breaks(shop_with(LATE).plain(10_000), "late_shipping")
    shop.then_only(BooksOpened, RemedyRequested, RemedyApproved, BreachCompensated)
    given = shop.event(BreachCompensated)
    assert (given.owed_minor, given.amount_minor, given.currency) == (500, 500, "CNY")
    assert (given.method, given.case, given.shares) == ("coupon", CASE, OF_MERCHANT)
    assert given.send_at == after(seconds=HOLD_SECONDS)
    shop.wake_when_due().then_only(RefundRequested)
    leg = shop.event(RefundRequested).leg
    assert (shop.now, leg.payment, leg.method, leg.amount_minor) == (
        given.send_at,
        0,
        "coupon",
        500,
    )
    assert shop.wake().answer == []
    confirms(shop, amount_minor=500).then_only(RefundSent, RemedySettled)
    assert balances(shop) == {
        (Account.CONSUMER, WHO["consumer"]): 500 - 10_000,
        (Account.ESCROW, MERCHANT): 10_000 - 500,
    }
    shop.wake_when_due().then_only(RemedyClosed)
    assert (shop.state.live, shop.state.pending, shop.state.refunded) == ((), (), ())


@pytest.mark.parametrize(
    ("price_minor", "amount_minor"), [(1_000, 300), (6_010, 300), (6_030, 302), (200_000, 5_000)]
)
def test_gives_a_percentage_within_its_bounds(price_minor: int, amount_minor: int) -> None:
    shop = breaks(shop_with(LATE).plain(price_minor), "late_shipping")
    assert shop.event(BreachCompensated).amount_minor == amount_minor


def test_a_minimum_without_a_percentage_is_a_fixed_amount() -> None:
    shop = breaks(shop_with(gives("late_shipping", 0)).plain(77_700), "late_shipping")
    assert shop.event(BreachCompensated).amount_minor == 300


def test_another_currency_has_only_the_row_for_any() -> None:
    rule = gives("late_shipping", 5, currency="*", minimum_minor=0, maximum_minor=0)
    shop = breaks(shop_with(rule).plain(1_000), "late_shipping")
    assert shop.event(BreachCompensated).amount_minor == 50
    euros = gives("late_shipping", 5, currency="EUR")
    breaks(shop_with(euros).plain(1_000), "late_shipping").then_nothing()


def test_what_no_rule_names_gives_nothing() -> None:
    breaks(shop_with(LATE).plain(), "late_delivery").then_nothing()
    assert breaks(shop_with(LATE).plain(0), "late_shipping").answer == []


def test_the_same_breach_gives_once_under_whatever_name() -> None:
    shop = breaks(shop_with(LATE, SILENT).plain(), "late_shipping")
    breaks(shop, "late_shipping").then_nothing()
    breaks(shop, "late_shipping", promise=2).then_nothing()
    breaks(shop, "no_movement", promise=3).then_only(
        RemedyRequested, RemedyApproved, BreachCompensated
    )
    breaks(shop, "no_movement", promise=3).then_nothing()
    breaks(shop, "no_movement", promise=4).then_only(
        RemedyRequested, RemedyApproved, BreachCompensated
    )


def test_breaches_of_a_part_give_no_more_than_the_cap_together() -> None:
    caps = (at_most("part", 12),)
    shop = breaks(shop_with(LATE, TOO_LATE, SILENT, caps=caps).plain(), "late_shipping")
    breaks(shop, "late_delivery", promise=2)
    given = shop.event(BreachCompensated)
    assert (given.owed_minor, given.amount_minor) == (1_000, 700)
    breaks(shop, "no_movement", promise=3).then_only(CompensationCapped)
    assert shop.event(CompensationCapped).owed_minor == 500
    assert sum(one.amount_minor for one in shop.state.compensated) == 1_200


def test_what_was_voided_makes_room_under_the_cap() -> None:
    shop = breaks(shop_with(LATE, SILENT, caps=(at_most("part", 5),)).plain(), "late_shipping")
    takes_back(shop, "late_shipping").then_only(CompensationVoided)
    breaks(shop, "no_movement", promise=3)
    assert shop.event(BreachCompensated).amount_minor == 500


def test_so_does_what_the_consumer_did_not_want() -> None:
    caps = (at_most("part", 5), at_most("order", 5))
    shop = breaks(shop_with(LATE, SILENT, caps=caps).plain(), "late_shipping")
    shop.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER).then_only(RemedyWithdrawn)
    breaks(shop, "no_movement", promise=3)
    assert shop.event(BreachCompensated).amount_minor == 500


def test_breaches_of_an_order_have_a_cap_of_their_own() -> None:
    shop = shop_with(LATE, caps=(at_most("order", 1, minimum_minor=700),))
    other = UUID(int=0x3F)
    shop.placed(
        OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000),)),
        OrderedPart(merchant=other, items=(Item(LISTING, 10_000),)),
        payments=(Payment("card", 20_000),),
    )
    breaks(shop, "late_shipping")
    assert shop.event(BreachCompensated).amount_minor == 500
    breaks(shop, "late_shipping", promise=2, part=2)
    given = shop.event(BreachCompensated)
    assert (given.amount_minor, given.shares) == (200, (Share(Payer.MERCHANT, other, 200),))


def test_the_carrier_bears_a_late_delivery_unless_it_was_shipped_late() -> None:
    shop = with_carrier(shop_with(TOO_LATE).plain(), CARRIER)
    breaks(shop, "late_delivery")
    assert shop.event(BreachCompensated).shares == (Share(Payer.CARRIER, CARRIER, 1_000),)
    shop = with_carrier(shop_with(TOO_LATE).plain(), CARRIER, shipped_late=True)
    breaks(shop, "late_delivery")
    assert shop.event(BreachCompensated).shares == (Share(Payer.MERCHANT, MERCHANT, 1_000),)


def test_the_platform_stands_for_whoever_is_not_known() -> None:
    shop = breaks(shop_with(TOO_LATE).plain(), "late_delivery")
    assert shop.event(BreachCompensated).shares == (Share(Payer.PLATFORM, None, 1_000),)


def test_shares_are_split_without_losing_a_unit() -> None:
    rule = gives("late_shipping", 5, payer="merchant:67 platform:33")
    shop = breaks(shop_with(rule).plain(10_020), "late_shipping")
    assert shop.event(BreachCompensated).shares == (
        Share(Payer.MERCHANT, MERCHANT, 336),
        Share(Payer.PLATFORM, None, 165),
    )


def test_a_correction_in_time_voids_it_and_a_new_breach_gives_again() -> None:
    shop = breaks(shop_with(LATE).plain(), "late_shipping")
    takes_back(shop, "late_shipping").then_only(CompensationVoided)
    assert (shop.state.live, shop.state.compensated) == ((), ())
    takes_back(shop, "late_shipping").then_nothing()
    breaks(shop, "late_shipping")
    assert shop.event(BreachCompensated).remedy == 2


def test_after_it_was_sent_the_platform_bears_a_correction() -> None:
    shop = breaks(shop_with(LATE).plain(), "late_shipping").wake_when_due()
    confirms(shop, amount_minor=500)
    takes_back(shop, "late_shipping").then_only(BearersChanged)
    assert shop.event(BearersChanged).shares == OF_PLATFORM
    takes_back(shop, "late_shipping").then_nothing()
    assert balances(shop)[Account.ASSURANCE_FUND, None] == -500
    assert balances(shop)[Account.ESCROW, MERCHANT] == 10_000
    breaks(shop, "late_shipping").then_only(BearersChanged)
    assert shop.event(BearersChanged).shares == OF_MERCHANT
    assert balances(shop)[Account.ESCROW, MERCHANT] == 9_500


def test_a_correction_while_it_is_sent_changes_who_bears_it() -> None:
    shop = breaks(shop_with(LATE).plain(), "late_shipping").wake_when_due()
    takes_back(shop, "late_shipping").then_only(BearersChanged)
    (pending,) = shop.state.pending
    assert pending.entries[0].account is Account.ASSURANCE_FUND
    confirms(shop, amount_minor=500).then_only(RefundSent, RemedySettled)
    assert balances(shop)[Account.ASSURANCE_FUND, None] == -500
    assert shop.state.pending == ()


def test_a_correction_of_what_was_closed_long_ago_still_is_the_platforms() -> None:
    shop = breaks(shop_with(LATE).plain(), "late_shipping").wake_when_due()
    confirms(shop, amount_minor=500)
    shop.wake_when_due()
    takes_back(shop, "late_shipping").then_only(BearersChanged)
    assert balances(shop)[Account.ASSURANCE_FUND, None] == -500


def test_what_could_not_be_sent_is_voided() -> None:
    shop = breaks(shop_with(LATE).plain(), "late_shipping").wake_when_due()
    failed = FailRefund(**WHO, remedy=1, leg=1, reason=RefundFailure.DECLINED)
    shop.when(failed, by=MARKETPLACE).then_only(RefundFailed, RouteAsked)
    takes_back(shop, "late_shipping").then_only(CompensationVoided)
    assert (shop.state.live, shop.state.pending) == ((), ())


def test_what_failed_keeps_what_it_had_taken_until_its_route_is_named() -> None:
    shop = shop_with(LATE).plain()
    shop.asks(RemedyKind.REFUND)
    breaks(shop, "late_shipping").wake_when_due()
    failed = FailRefund(**WHO, remedy=2, leg=1, reason=RefundFailure.ROUTE_DEAD)
    shop.when(failed, by=MARKETPLACE)
    assert balances(shop)[Account.ESCROW, MERCHANT] == 10_000
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    wanted = shop.event(ChargeWanted)
    assert [(one.account, one.minor) for one in wanted.sources] == [(Account.ESCROW, 9_500)]
    assert [one.minor for one in wanted.charges] == [500]


def failed_and_corrected() -> Shop:
    """Payments could not give it; meanwhile it was said to be no breach."""
    shop = breaks(shop_with(LATE).plain(10_000), "late_shipping")
    shop.wake_when_due()
    takes_back(shop, "late_shipping")
    dead = FailRefund(**WHO, remedy=1, leg=1, reason=RefundFailure.ROUTE_DEAD)
    shop.when(dead, by=MARKETPLACE)
    return shop


def failed_corrected_and_a_breach_after_all() -> Shop:
    """And then to be one."""
    return breaks(failed_and_corrected(), "late_shipping").then_only(BearersChanged)


def test_nobody_pays_for_what_was_never_sent() -> None:
    shop = takes_back(failed_corrected_and_a_breach_after_all(), "late_shipping")
    assert balances(shop) == {
        (Account.CONSUMER, WHO["consumer"]): -10_000,
        (Account.ESCROW, MERCHANT): 10_000,
    }


def test_what_failed_is_taken_from_whoever_is_liable_by_then() -> None:
    shop = failed_corrected_and_a_breach_after_all()
    shop.when(NameRoute(**WHO, remedy=1, method="bank"), by=BY_CONSUMER)
    confirms(shop, amount_minor=500)
    assert balances(shop) == {
        (Account.CONSUMER, WHO["consumer"]): -9_500,
        (Account.ESCROW, MERCHANT): 9_500,
    }


@pytest.mark.parametrize("failed", [True, False])
def test_nobody_bears_or_has_back_what_the_consumer_did_not_want(failed: bool) -> None:
    shop = breaks(shop_with(LATE).plain(10_000), "late_shipping")
    if failed:
        shop = failed_and_corrected()
    before = balances(shop)
    shop.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER).then_only(RemedyWithdrawn)
    for news in (takes_back, breaks, takes_back):
        news(shop, "late_shipping").then_nothing()
    assert balances(shop) == before


def test_nor_long_after_that_when_much_else_was_over_since() -> None:
    shop = shop_with(LATE, SILENT, caps=(at_most("part", 5),)).plain(10_000)
    breaks(shop, "late_shipping")
    shop.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER).then_only(RemedyWithdrawn)
    for number in range(2, CLOSED_MAX + 3):
        shop.asks(RemedyKind.REFUND)
        shop.when(WithdrawRemedy(**WHO, remedy=number), by=BY_CONSUMER).then_only(RemedyWithdrawn)
    assert shop.state.over(1) is None
    before = balances(shop)
    for news in (takes_back, breaks, takes_back):
        news(shop, "late_shipping").then_nothing()
    assert balances(shop) == before
    breaks(shop, "no_movement", promise=3)
    assert shop.event(BreachCompensated).amount_minor == 500
    assert shop.replayed() == shop.state


@pytest.mark.parametrize("withdrawn", [True, False])
def test_what_failed_was_given_up_and_sent_after_all_is_in_the_books(withdrawn: bool) -> None:
    shop = breaks(shop_with(LATE).plain(10_000), "late_shipping").wake_when_due()
    failed = FailRefund(**WHO, remedy=1, leg=1, reason=RefundFailure.DECLINED)
    shop.when(failed, by=MARKETPLACE)
    if withdrawn:
        shop.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER).then_only(RemedyWithdrawn)
    else:
        takes_back(shop, "late_shipping").then_only(CompensationVoided)
    shop.when(failed, by=MARKETPLACE).then_nothing()
    confirms(shop, amount_minor=499).then_refused("amount_differs")
    confirms(shop, amount_minor=500).then_only(RefundSent)
    confirms(shop, amount_minor=500).then_nothing()
    shop.when(failed, by=MARKETPLACE).then_refused("refund_settled")
    credited = ConfirmCredit(**WHO, remedy=1, leg=1, credited_at=shop.now)
    shop.when(credited, by=MARKETPLACE).then_only(RefundCredited)
    assert balances(shop) == {
        (Account.CONSUMER, WHO["consumer"]): 500 - 10_000,
        (Account.ESCROW, MERCHANT): 10_000,
        (Account.ASSURANCE_FUND, None): -500,
    }
    assert shop.replayed() == shop.state
    assert outcomes(shop.journal) == ()
    shop.asks(RemedyKind.CANCEL)
    assert shop.event(RemedyRequested).amount_minor == 10_000


def test_a_compensation_takes_nothing_from_what_can_be_refunded() -> None:
    shop = breaks(shop_with(LATE).plain(), "late_shipping").wake_when_due()
    shop.asks(RemedyKind.CANCEL)
    assert shop.event(RemedyRequested).amount_minor == 10_000


def test_an_order_that_is_not_ours_and_a_part_that_is_none() -> None:
    shop = shop_with(LATE)
    shop.world = {}
    breaks(shop, "late_shipping").then_nothing()
    breaks(shop_with(LATE).plain(), "late_shipping", part=2).then_refused("part_unknown")


def test_nobody_asks_for_it_but_the_system() -> None:
    command = CompensateBreach(
        **WHO, part=1, promise=UUID(int=1), breach="late_shipping", case=CASE
    )
    for who in (BY_CONSUMER, MARKETPLACE):
        shop_with(LATE).plain().when(command, by=who).then_refused("not_allowed")


def owed_beyond(count: int) -> Shop:
    """So many silences at once, of which not all find a place."""
    made = shop_with(SILENT).plain(price_minor=1_000_000)
    for number in range(count):
        breaks(made, "no_movement", promise=500 + number)
    return made


def test_what_finds_no_place_is_put_off_and_given_later() -> None:
    made = owed_beyond(COMPENSATIONS_LIVE_MAX)
    running = len(made.state.live)
    breaks(made, "no_movement", promise=999).then_only(OwedPutOff)
    assert made.events(OwedPutOff)[0].again_at == made.now + timedelta(days=1)
    breaks(made, "no_movement", promise=999).then_nothing()
    for _ in range(60):
        for remedy in made.state.live:
            for leg in remedy.legs:
                if leg.status is LegStatus.REQUESTED:
                    confirms(made, amount_minor=leg.amount_minor, remedy=remedy.number)
        if made.decider.deadline(made.state) is None:
            break
        made.wake_when_due()
    given = [one for one in made.journal if isinstance(one, BreachCompensated)]
    assert len(given) == COMPENSATIONS_LIVE_MAX + 1 > running
    assert len({one.breached.promise for one in given}) == len(given)
    assert (made.state.put_off, made.state.live) == ((), ())


def test_what_was_no_breach_after_all_is_not_put_off_any_longer() -> None:
    made = owed_beyond(COMPENSATIONS_LIVE_MAX + 1)
    (waiting, *_) = made.state.put_off
    takes_back(made, "no_movement", promise=waiting.owed.promise.int).then_only(OwedDropped)
    assert waiting not in made.state.put_off


def test_nobody_waits_in_an_endless_row() -> None:
    made = owed_beyond(40)
    assert len(made.state.put_off) == PUT_OFF_MAX
    made.then_only(CompensationCapped)


WHOLE_CAP = at_most("part", 10)


def bought(shop: Shop, *items: Item, paid_minor: int) -> Shop:
    part = OrderedPart(merchant=MERCHANT, items=items)
    return shop.placed(part, payments=(Payment("card", paid_minor),))


def test_what_a_coupon_paid_gives_nothing() -> None:
    late = gives("late_shipping", 5, minimum_minor=0)
    shop = shop_with(late, TOO_LATE, caps=(WHOLE_CAP,))
    bought(shop, Item(LISTING, 100_000), paid_minor=10_000)
    breaks(shop, "late_shipping")
    assert shop.event(BreachCompensated).amount_minor == 500
    breaks(shop, "late_delivery")
    given = shop.event(BreachCompensated)
    assert (given.owed_minor, given.amount_minor) == (1_000, 500)


def test_what_was_cancelled_before_is_not_late_and_leaves_the_cap_as_it_was() -> None:
    late = gives("late_shipping", 5, minimum_minor=0)
    shop = shop_with(late, TOO_LATE, caps=(WHOLE_CAP,))
    bought(shop, Item(LISTING, 10_000, 10), paid_minor=100_000)
    shop.asks(RemedyKind.CANCEL, WantedLine(1, 1, 9))
    breaks(shop, "late_shipping")
    assert shop.event(BreachCompensated).amount_minor == 500
    breaks(shop, "late_delivery")
    assert shop.event(BreachCompensated).amount_minor == 1_000


def test_what_is_only_asked_for_is_still_late() -> None:
    shop = shop_with(LATE).plain().asks(RemedyKind.REFUND)
    assert breaks(shop, "late_shipping").event(BreachCompensated).amount_minor == 500


def test_where_all_is_gone_or_was_a_gift_no_minimum_is_given() -> None:
    shop = shop_with(LATE).plain().asks(RemedyKind.CANCEL)
    breaks(shop, "late_shipping").then_nothing()
    parts = (
        OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000),)),
        OrderedPart(merchant=UUID(int=0x3F), items=(Item(LISTING, 0),)),
    )
    shop = shop_with(LATE).placed(*parts, payments=(Payment("card", 10_000),))
    assert breaks(shop, "late_shipping", part=2).answer == []


def test_of_a_presale_it_is_what_was_paid_in_the_end() -> None:
    shop = shop_with(gives("late_shipping", 5, minimum_minor=0)).plain(10_000)
    order = shop.world[ORDER]
    assert isinstance(order, OrderState)
    day = START
    fell = HeldPresale(1, 2_000, 3_000, day, day, None, 0, 0, "test/presale", paid_at=day)
    shop.world[ORDER] = replace(order, payments=(Payment("card", 5_000),), presales=(fell,))
    assert breaks(shop, "late_shipping").event(BreachCompensated).amount_minor == 250


def test_packs_of_before_give_a_part_of_the_price() -> None:
    shop = bought(shop_with(LATE, edition=0), Item(LISTING, 100_000), paid_minor=10_000)
    assert breaks(shop, "late_shipping").event(BreachCompensated).amount_minor == 5_000


def test_a_breach_after_all_is_charged_again_though_the_goods_are_gone_since() -> None:
    shop = breaks(shop_with(LATE).plain(10_000), "late_shipping")
    shop.wake_when_due()
    confirms(shop, amount_minor=500)
    takes_back(shop, "late_shipping").then_only(BearersChanged)
    shop.asks(RemedyKind.CANCEL)
    breaks(shop, "late_shipping").then_only(BearersChanged)
