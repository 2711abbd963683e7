"""Orders that are cancelled, for tests of refunds on a real database."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment, PlaceOrder
from oncedesk.domain.remedies.messages.asking import RequestRemedy, Wish
from oncedesk.domain.remedies.words import RemedyKind, WantedLine
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.remedy_rules import RemedyRules, SettlingRule, remedy_key
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.running import utc_now
from oncedesk.rules.loading import load_builtin
from oncedesk.rules.storing import seal
from tests.specs.remedies.shop import AT_ONCE
from tests.support.engines import party

PRICE_MINOR = 1_000
UNITS = 3
PAID_MINOR = PRICE_MINOR * UNITS
LISTING = derived_id("test listing", "refunds")


def cancelling_pack(*, answer_seconds: int) -> Pack:
    """Today's Chinese pack, in which every cancellation is granted by rule."""
    key = remedy_key(kind=AT_ONCE.kind, reason=AT_ONCE.reason, stage=AT_ONCE.stage)
    remedies = RemedyRules(
        rules={key: AT_ONCE},
        settling=SettlingRule(id="test/settling", answer_seconds=answer_seconds),
    )
    return seal(replace(load_builtin("cn").pack(utc_now().date()), remedies=remedies))


def order_of(number: int) -> Any:
    return derived_id("test order", str(number))


def placed(number: int) -> PlaceOrder:
    """Three of something, paid from two purses."""
    return PlaceOrder(
        consumer=party(number),
        order=order_of(number),
        market="cn",
        placed_at=utc_now() - timedelta(minutes=1),
        timezone="Asia/Shanghai",
        currency="CNY",
        parts=(OrderedPart(merchant=party(900), items=(Item(LISTING, PRICE_MINOR, UNITS),)),),
        payments=(Payment("gift_card", 500, "g"), Payment("card", PAID_MINOR - 500, "c")),
    )


def cancels(number: int, units: int = UNITS) -> RequestRemedy:
    """The consumer wants so many units cancelled."""
    return RequestRemedy(
        consumer=party(number),
        order=order_of(number),
        wish=Wish(kind=RemedyKind.CANCEL, reason="changed_mind", lines=(WantedLine(1, 1, units),)),
    )
