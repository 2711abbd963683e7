"""One order of one consumer, and what is said about it."""

from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.orders import DECIDER
from oncedesk.domain.orders.messages import (
    AnnounceShipment,
    OrderedPart,
    PlaceOrder,
    RecordTracking,
    Terms,
)
from oncedesk.domain.orders.settling import deadline
from oncedesk.domain.shared.calendars import always
from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.shared.refs import order_ref
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.domain.shared.vocabularies import Vocabulary
from tests.support.given import START, Given, given, small_pack

CONSUMER = UUID(int=1)
ORDER = UUID(int=2)
MERCHANT = UUID(int=3)
CREATOR = UUID(int=4)
SHIPMENT = UUID(int=5)
OTHER_SHIPMENT = UUID(int=6)
LISTING = UUID(int=7)
CONSENT = UUID(int=8)
RELIEF = UUID(int=9)

PACK: Pack = replace(small_pack(), calendars={"daily": always("daily")})
"""48 h to ship, 24 h of silence, same day until 16:00, presale 15 days, lockers need consent."""

WHO: dict[str, Any] = {"consumer": CONSUMER, "order": ORDER}
WAKE = Wake(order_ref(consumer=CONSUMER, order=ORDER))


def shanghai(day: int, hour: int = 0, minute: int = 0, *, month: int = 3) -> datetime:
    """So many hours into a day of March 2025; midnight there is 16:00 UTC of the day before."""
    return datetime.fromisoformat(
        f"2025-{month:02}-{day:02}T{hour:02}:{minute:02}:00+08:00"
    ).astimezone(UTC)


def place(*promises: Terms, **changes: Any) -> PlaceOrder:
    values: dict[str, Any] = {
        "market": "cn",
        "placed_at": START,
        "timezone": "Asia/Shanghai",
        "currency": "CNY",
        "parts": (OrderedPart(merchant=MERCHANT, promises=promises),),
        "creator": CREATOR,
        "language": "zh",
    }
    return PlaceOrder(**WHO, **{**values, **changes})


def scan(
    code: str, at: datetime, *, shipment: UUID = SHIPMENT, substate: str = "", **more: Any
) -> RecordTracking:
    return RecordTracking(**WHO, shipment=shipment, code=code, at=at, substate=substate, **more)


def kuaidi(code: str, at: datetime, substate: str = "") -> RecordTracking:
    return scan(code, at, substate=substate, vocabulary=Vocabulary.KUAIDI100)


def announce(*, part: int = 1, shipment: UUID = SHIPMENT) -> AnnounceShipment:
    return AnnounceShipment(**WHO, part=part, shipment=shipment)


class Story(Given):
    """Commands one after another, each heard when it happens unless said otherwise."""

    def hear(self, command: Any, *, now: datetime | None = None) -> Self:
        when = now or getattr(command, "at", None) or START
        self.when(command, now=when, pack=PACK)
        return self

    def wake(self, moment: datetime | None = None) -> Self:
        """The engine's clock, at the deadline unless said otherwise."""
        moment = moment or deadline(self.state)
        assert moment is not None
        self.when(WAKE, now=moment, pack=PACK)
        return self

    def due(self) -> datetime | None:
        return deadline(self.state)

    def last(self) -> Any:
        """The last event of the last answer."""
        return self.answer[-1]


def nothing_yet() -> Story:
    assert given(DECIDER).state is None
    return Story(DECIDER, [])


def ordered(*promises: Terms, **changes: Any) -> Story:
    """The order is placed with these promises."""
    return nothing_yet().hear(place(*promises, **changes), now=START)
