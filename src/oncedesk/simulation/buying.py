"""What an order of the marketplace costs, who pays what of it, and how it was paid."""

from oncedesk.domain.orders.messages import Item, Payment
from oncedesk.domain.shared.records import Record
from oncedesk.simulation.plans import Plan

_PAID_BY = (("card", 68.0), ("balance", 16.0), ("both", 16.0))
_SHIPPING_MINOR = (0, 0, 0, 600, 1_200)


class Bought(Record, frozen=True):
    """One item, what its delivery cost, and the payments, which add up to all of it."""

    item: Item
    shipping_minor: int
    payments: tuple[Payment, ...]


def draw_purchase(plan: Plan) -> Bought:
    """Some is off its price, some of that the platform's; a creator earns by what was shown."""
    dice, listing = plan.dice, plan.listing
    quantity = dice.weighted(((1, 82.0), (2, 12.0), (3, 6.0)))
    whole_minor = listing.price_minor * quantity
    discount_minor = whole_minor * dice.among((0, 0, 5, 10)) // 100
    subsidy_minor = whole_minor * dice.among((0, 0, 0, 8)) // 100
    left_minor = whole_minor - discount_minor - subsidy_minor
    item = Item(
        listing.id,
        listing.price_minor,
        quantity,
        discount_minor=discount_minor,
        category=listing.category.code,
        subsidy_minor=subsidy_minor,
        commission_minor=0 if plan.creator is None else left_minor * dice.between(5, 20) // 100,
    )
    shipping_minor = dice.among(_SHIPPING_MINOR)
    paid_by = dice.weighted(_PAID_BY)
    return Bought(item, shipping_minor, _payments(plan, paid_by, left_minor + shipping_minor))


def _payments(plan: Plan, paid_by: str, minor: int) -> tuple[Payment, ...]:
    reference = f"{plan.number:08}"
    if paid_by != "both":
        return (Payment(paid_by, minor, f"{paid_by}-{reference}"),)
    of_balance = minor * plan.dice.between(10, 60) // 100
    return (
        Payment("balance", of_balance, f"balance-{reference}"),
        Payment("card", minor - of_balance, f"card-{reference}"),
    )
