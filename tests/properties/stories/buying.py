"""What was bought, by what it was paid, and what can be wished of it."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from uuid import UUID

from oncedesk.domain.listings.messages import DescribeListing, Variant
from oncedesk.domain.orders.messages import (
    Item,
    OrderedPart,
    Payment,
    PaymentStage,
    PlaceOrder,
    PresaleShipping,
    PresaleTerms,
)
from oncedesk.domain.remedies.messages.asking import Replacement, Wish
from oncedesk.domain.remedies.words import CaseLink, RemedyKind, WantedLine
from tests.properties.stories.rules import REASONS
from tests.specs.remedies.money import CONSUMER, CREATOR, MERCHANT
from tests.support.specs import START

OTHER = UUID(int=0x3F)
"""Another merchant."""

GIFT, CARD = "gift_1", "card_9"
"""What the consumer has in their wallet: a stored balance, and a card."""

CASE = CaseLink(UUID(int=0xCA5E), 1)
ORDERS = (UUID(int=0x0D), UUID(int=0x0E))
VARIANTS = tuple(UUID(int=number) for number in (1, 2, 3))
_MAY_NAME_METHOD = (
    RemedyKind.CHANGE_PAYMENT,
    RemedyKind.CHANGE_ITEMS,
    RemedyKind.EXCHANGE,
    RemedyKind.REFUND,
)
_MAY_NAME_AMOUNT = (RemedyKind.CANCEL, RemedyKind.REFUND, RemedyKind.RETURN_AND_REFUND)
_WISHED = (
    RemedyKind.CANCEL,
    RemedyKind.REFUND,
    RemedyKind.REFUND,
    RemedyKind.RETURN_AND_REFUND,
    RemedyKind.RETURN_AND_REFUND,
    RemedyKind.EXCHANGE,
    RemedyKind.RESEND,
    RemedyKind.REPAIR,
    RemedyKind.CHANGE_PAYMENT,
    RemedyKind.CHANGE_ITEMS,
)


def any_order(dice: Random, order: UUID, currency: str) -> PlaceOrder:
    """Several parts of several items, by several payments; perhaps a presale, or for nothing."""
    parts = tuple(_part(dice, order, number) for number in range(dice.choice((1, 1, 2, 2, 3))))
    return PlaceOrder(
        consumer=CONSUMER,
        order=order,
        market="cn",
        placed_at=START,
        timezone="Asia/Shanghai",
        currency=currency,
        creator=dice.choice((CREATOR, None)),
        parts=parts,
        payments=tuple(_payments(dice, parts)),
    )


def place_of(merchant: UUID) -> UUID:
    """Where this merchant takes goods back, if it has said so."""
    return UUID(int=merchant.int + 0x100)


def paid_minor(order: PlaceOrder) -> int:
    """What was paid when it was placed."""
    return sum(one.amount_minor for one in order.payments)


def price_minor(part: OrderedPart) -> int:
    """What is paid for a part, so far as no coupon pays for it."""
    return part.shipping_minor + sum(map(_price, part.items))


def listings(order: PlaceOrder) -> Iterator[DescribeListing]:
    """What its items are variants of."""
    for part in order.parts:
        for item in part.items:
            if part.merchant is None:
                continue
            variants = tuple(Variant(one, _costs(item, one)) for one in VARIANTS)
            yield DescribeListing(
                merchant=part.merchant,
                listing=item.listing,
                currency=order.currency,
                variants=variants,
            )


def any_wish(dice: Random, order: PlaceOrder, kind: RemedyKind | None = None) -> Wish:
    """Some of one part, or all that is left of it; it need not be possible."""
    kind = kind or dice.choice(_WISHED)
    number = dice.randint(1, len(order.parts))
    items = order.parts[number - 1].items
    lines = tuple(
        WantedLine(number, place, dice.choice((1, 1, dice.randint(1, item.quantity))))
        for place, item in enumerate(items, 1)
        if dice.random() < 0.5
    )
    replaced = lines if kind in (RemedyKind.EXCHANGE, RemedyKind.CHANGE_ITEMS) else ()
    asks_amount = kind in _MAY_NAME_AMOUNT and dice.random() < 0.3
    amount_minor = any_amount(dice, paid_minor(order)) if asks_amount else None
    if kind is RemedyKind.COMPENSATION:
        amount_minor = dice.randint(1, 500)
    return Wish(
        kind=kind,
        reason=dice.choice(REASONS),
        lines=lines,
        part=0 if lines else number,
        replacements=tuple(_replacement(dice, items[line.item - 1]) for line in replaced),
        amount_minor=amount_minor,
        method=dice.choice(("", "", GIFT, CARD)) if kind in _MAY_NAME_METHOD else "",
    )


def any_amount(dice: Random, paid_minor: int) -> int:
    """Of what was paid, all, or a little more."""
    return dice.choice((1, dice.randint(1, max(1, paid_minor)), paid_minor or 1, paid_minor + 1))


def _part(dice: Random, order: UUID, number: int) -> OrderedPart:
    items = tuple(
        _item(dice, UUID(int=(order.int << 16) + number * 16 + place))
        for place in range(dice.randint(1, 3))
    )
    part = OrderedPart(
        merchant=dice.choice((MERCHANT, MERCHANT, OTHER, None)),
        items=items,
        shipping_minor=dice.choice((0, 0, 500, 1)),
    )
    whole_minor = price_minor(part)
    if whole_minor < 2 or dice.random() >= 0.1:
        return part
    deposit_minor = dice.choice((1, (whole_minor + 4) // 5, whole_minor - 1))
    return OrderedPart(
        merchant=part.merchant or MERCHANT,
        items=items,
        shipping_minor=part.shipping_minor,
        promises=(PresaleShipping(ship_by=START + timedelta(days=14)),),
        presale=PresaleTerms(
            deposit_minor=deposit_minor,
            final_minor=whole_minor - deposit_minor,
            pay_from=START + timedelta(hours=1),
            pay_until=START + timedelta(days=9),
        ),
    )


def _item(dice: Random, listing: UUID) -> Item:
    price = dice.choice((0, 1, 7, 100, 999, 5_000, 12_345))
    quantity = dice.choice((1, 2, 3, 5))
    whole = price * quantity
    discount = dice.randint(0, whole // 3) if dice.random() < 0.4 else 0
    subsidy = dice.randint(0, (whole - discount) // 4) if dice.random() < 0.3 else 0
    return Item(
        listing,
        price,
        quantity,
        discount_minor=discount,
        subsidy_minor=subsidy,
        commission_minor=(whole - discount - subsidy) // 10 if dice.random() < 0.4 else 0,
        bundle=dice.choice((0, 0, 1)),
        variant=VARIANTS[0],
    )


def _payments(dice: Random, parts: tuple[OrderedPart, ...]) -> Iterator[Payment]:
    """The deposits; the rest in up to three, less a coupon of the order."""
    for part in parts:
        if part.presale is not None:
            yield Payment("card", part.presale.deposit_minor, stage=PaymentStage.DEPOSIT)
    left = sum(price_minor(part) for part in parts if part.presale is None)
    left -= dice.randint(0, left // 3) if dice.random() < 0.4 else 0
    for number in range(dice.choice((0, 1, 2))):
        amount = dice.randint(0, left)
        if 0 < amount < left:
            stored = number == 0 and dice.random() < 0.5
            points = Payment("points", amount, f"points_{number}")
            yield Payment("gift_card", amount, GIFT, stored=True) if stored else points
            left -= amount
    if left:
        yield Payment("card", left, "card_1")


def _replacement(dice: Random, item: Item) -> Replacement:
    variant = dice.choice(VARIANTS)
    return Replacement(item.listing, variant, _costs(item, variant))


def _costs(item: Item, variant: UUID) -> int:
    """What was bought, something dearer, something cheaper."""
    bought = item.unit_price_minor
    return (bought, bought * 2 + 3, bought // 2)[VARIANTS.index(variant)]


def _price(item: Item) -> int:
    whole = item.unit_price_minor * item.quantity
    return whole - item.discount_minor - item.subsidy_minor
