"""What became of money back, for figures: how long it took, and whose it was."""

from typing import Any
from uuid import UUID

import pytest

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.remedies.messages.asking import GrantRemedy, RequestRemedy, Wish
from oncedesk.domain.remedies.messages.refunding import RefundSent, RemedySettled
from oncedesk.domain.remedies.outcomes import RefundOutcome, outcomes
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.remedy_rules import GrantedBy, RemedyRule
from tests.specs.remedies.promises import LATE, breaks, confirms, shop_with
from tests.specs.remedies.shop import BY_CONSUMER, LISTING, MERCHANT, WHO, Shop
from tests.specs.remedies.test_authorising import ANNA, AUTHORITY, agent, answered, by

OTHER = UUID(int=0x3F)


def bought(*rules: RemedyRule, **others: Any) -> Shop:
    """A part of each of two merchants."""
    parts = [OrderedPart(merchant=one, items=(Item(LISTING, 10_000),)) for one in (MERCHANT, OTHER)]
    return Shop(*rules, **others).placed(*parts, payments=(Payment("card", 20_000),))


def sent(shop: Shop, amount_minor: int) -> RefundOutcome:
    confirms(shop, amount_minor=amount_minor)
    (found,) = outcomes(shop.journal)
    return found


def test_what_a_broken_promise_gives_by_itself_is_no_refund_that_somebody_waited_for() -> None:
    shop = breaks(shop_with(LATE).plain(), "late_shipping").wake_when_due()
    confirms(shop, amount_minor=500).then_only(RefundSent, RemedySettled)
    assert outcomes(shop.journal) == ()


def test_a_compensation_that_a_merchant_bears_is_that_merchants_in_an_order_of_several() -> None:
    rule = RemedyRule("test/sorry", "compensation", "*", "*", GrantedBy.RULE)
    for part, merchant in ((1, MERCHANT), (2, OTHER)):
        shop = bought(rule)
        wish = Wish(kind=RemedyKind.COMPENSATION, reason="late", part=part, amount_minor=700)
        shop.when(RequestRemedy(**WHO, wish=wish), by=BY_CONSUMER)
        found = sent(shop, 700)
        assert (found.reason, found.amount_minor, found.merchant) == ("late", 700, merchant)


@pytest.mark.parametrize(("part", "merchant"), [(1, MERCHANT), (2, OTHER)])
def test_goodwill_that_the_platform_bears_is_about_what_that_merchant_sold(
    part: int, merchant: UUID
) -> None:
    shop = bought(authority=AUTHORITY)
    agent(shop, ANNA)
    wish = Wish(kind=RemedyKind.COMPENSATION, reason="sorry", part=part, amount_minor=700)
    shop.when(RequestRemedy(**WHO, wish=wish, agent=ANNA, goodwill=True), by=by(ANNA))
    shop.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA))
    answered(shop, ANNA)
    assert sent(shop, 700).merchant == merchant
