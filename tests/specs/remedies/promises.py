"""A shop whose promises were broken: what each breach gives, and who is told what."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.orders.messages import Basis
from oncedesk.domain.orders.state import OrderState, Promise, Verdict
from oncedesk.domain.orders.tracking import Track
from oncedesk.domain.remedies.messages.promising import CompensateBreach, TakeBackCompensation
from oncedesk.domain.remedies.messages.refunding import ConfirmRefund
from oncedesk.domain.remedies.words import CaseLink
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.remedy_rules import CapRule, CompensationRule, money_key
from tests.specs.remedies.shop import ORDER, WHO, Shop

CASE = CaseLink(UUID(int=0xCA5E), 1)
HOLD_SECONDS = 3_600


def gives(breach: str, percent: int, **details: Any) -> CompensationRule:
    """A breach gives so many percent, at least 300 and at most 5,000, as a coupon."""
    given: dict[str, Any] = {
        "id": f"test/{breach}",
        "currency": "CNY",
        "percent": percent,
        "minimum_minor": 300,
        "maximum_minor": 5_000,
        "breach": breach,
        "method": "coupon",
        "payer": "merchant",
        "hold_seconds": HOLD_SECONDS,
    }
    return CompensationRule(**{**given, **details})


def at_most(per: str, percent: int, *, minimum_minor: int = 0, maximum_minor: int = 0) -> CapRule:
    return CapRule(
        id=f"test/{per}",
        currency="CNY",
        percent=percent,
        minimum_minor=minimum_minor,
        maximum_minor=maximum_minor,
        per=per,
    )


LATE = gives("late_shipping", 5)
TOO_LATE = gives("late_delivery", 10, payer="carrier", payer_shipped_late="merchant")
SILENT = gives("no_movement", 5, payer="platform")


def shop_with(*rules: CompensationRule, caps: tuple[CapRule, ...] = (), **others: Any) -> Shop:
    """A shop under these rules."""
    return Shop(
        compensations={money_key(rule.breach, rule.currency): rule for rule in rules},
        caps={money_key(cap.per, cap.currency): cap for cap in caps},
        **others,
    )


def breaks(shop: Shop, breach: str, *, promise: int = 1, part: int = 1) -> Shop:
    shop.when(
        CompensateBreach(**WHO, part=part, promise=UUID(int=promise), breach=breach, case=CASE)
    )
    return shop


def takes_back(shop: Shop, breach: str, *, promise: int = 1) -> Shop:
    shop.when(TakeBackCompensation(**WHO, promise=UUID(int=promise), breach=breach))
    return shop


def confirms(shop: Shop, *, amount_minor: int, remedy: int = 1) -> Shop:
    """The marketplace gave the coupon, or the money."""
    shop.when(
        ConfirmRefund(
            **WHO,
            remedy=remedy,
            leg=1,
            amount_minor=amount_minor,
            currency="CNY",
            sent_at=shop.now,
        ),
        by=MARKETPLACE,
    )
    return shop


def with_carrier(shop: Shop, carrier: UUID, *, shipped_late: bool = False) -> Shop:
    """The order's parcel is this carrier's, and the part was handed over in time or not."""
    order = shop.world[ORDER]
    assert isinstance(order, OrderState)
    verdict = Verdict.BROKEN if shipped_late else Verdict.KEPT
    part = replace(order.parts[0], shipping=Promise(Basis.STANDARD, shop.now, verdict=verdict))
    track = Track(UUID(int=0x7A), 1, carrier)
    shop.world[ORDER] = replace(order, parts=(part, *order.parts[1:]), tracks=(track,))
    return shop
