"""Consumers for the tests of their page: who they are, what they bought, how it went."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from playwright.sync_api import Page

from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.engine.running import utc_now
from tests.browser.conftest import Opens
from tests.support.site import Site

PRICE = 8_900
ADDRESS = {"name": "Returns", "phone": "13800000000", "address": "1 Harbour Road, Pier 7"}


class Shopper:
    """A consumer nobody has met, and a shop of their own."""

    def __init__(self, site: Site, *, market: str = "cn") -> None:
        self.site = site
        self.market = market
        self.consumer = uuid4()
        self.merchant = uuid4()
        self.order: UUID | None = None

    def opens(self, opened: Opens, path: str = "/help/", **about: Any) -> Page:
        """The help page, as the shop opens it for them on a telephone."""
        token = self.site.token(self.consumer, market=self.market)
        return opened(f"{path}#token={token}", **{"width": 360, **about})

    def orders(
        self,
        *,
        title: str = "Teapot",
        placed_at: datetime | None = None,
        quantity: int = 1,
        category: str = "",
        bought_as: Mapping[str, str] | None = None,
        others: Mapping[UUID, str] | None = None,
        **part: Any,
    ) -> UUID:
        """Something is bought, `bought_as` with a title and a picture of its own; `part` says more
        of it, such as its `promises`. Of each of the `others`, shops, one thing called so."""
        order, listing = uuid4(), uuid4()
        self.order = order
        described = {
            "currency": "CNY",
            "variants": [{"variant": str(uuid4()), "price_minor": PRICE}],
            "title": title,
        }
        self._tells("PUT", f"/merchants/{self.merchant}/listings/{listing}", described)
        item = {"listing": str(listing), "unit_price_minor": PRICE, "quantity": quantity}
        item |= {"category": category, **(bought_as or {})}
        parts = [{"merchant": str(self.merchant), "items": [item], **part}]
        for merchant, its in (others or {}).items():
            one = {"listing": str(uuid4()), "unit_price_minor": PRICE, "quantity": 1, "title": its}
            parts.append({"merchant": str(merchant), "items": [one]})
        paid = PRICE * (quantity + len(parts) - 1)
        placed = {
            "market": self.market,
            "placed_at": (placed_at or utc_now() - timedelta(hours=1)).isoformat(),
            "timezone": "Asia/Shanghai",
            "currency": "CNY",
            "parts": parts,
            "payments": [{"method": "wallet", "amount_minor": paid}],
        }
        self._tells("PUT", f"/consumers/{self.consumer}/orders/{order}", placed)
        return order

    def hears(self, order: UUID, *codes: str) -> None:
        """Its one parcel: what the carrier tells of it, now."""
        base = f"/consumers/{self.consumer}/orders/{order}"
        shipment = str(uuid4())
        self._tells("POST", base + "/shipments", {"part": 1, "shipment": shipment})
        for code in codes:
            scan = {"shipment": shipment, "code": code, "at": utc_now().isoformat()}
            self._tells("POST", base + "/tracking", scan)

    def cancels(self, order: UUID) -> None:
        """The shop says that it was cancelled, now."""
        path = f"/consumers/{self.consumer}/orders/{order}/cancellation"
        self._tells("POST", path, {"at": utc_now().isoformat()})

    def is_expected(self, order: UUID, at: datetime) -> None:
        """The shop says that its first part comes then."""
        estimate = {"part": 1, "estimate_at": at.isoformat()}
        path = f"/consumers/{self.consumer}/orders/{order}/estimates"
        self._tells("POST", path, estimate)

    def at_a_shop_called(self, name: str) -> None:
        """The shop has a name in public, and people and a telephone that nobody is told of."""
        person = {"name": name, "phone": "13900001234", "email": "owner@shop.example"}
        about = {"kind": "merchant", "market": self.market, "person": person}
        self._tells("PUT", f"/parties/{self.merchant}", about)

    def takes_returns(self) -> None:
        """The shop says where its goods go back to."""
        place = str(uuid4())
        about = {"market": self.market}
        self._tells("PUT", f"/parties/{self.merchant}", {"kind": "merchant", **about})
        party = {"kind": "place", "owner": str(self.merchant), "person": ADDRESS, **about}
        self._tells("PUT", f"/parties/{place}", party)
        places = {"places": [{"place": place}]}
        self._tells("PUT", f"/merchants/{self.merchant}/return-places", places)

    def writes(self, text: str, *, part: int = 1, **more: Any) -> None:
        """They write from elsewhere, about the last that they bought; `more` may say what it is."""
        subject = {"kind": "order", "id": str(self.order), "part": part}
        about = {"market": self.market, "channel": "app_chat", "surface": "order"}
        said = {"consumer": str(self.consumer), "subject": subject, "text": text, **about, **more}
        self._tells("POST", "/contacts", said)

    def tells(self, order: UUID, path: str, body: Any) -> Any:
        """The marketplace says something of this order."""
        return self._tells("POST", f"/consumers/{self.consumer}/orders/{order}{path}", body)

    def conversation(self, order: UUID) -> UUID:
        """The one about its first part."""
        subject = Subject(SubjectKind.ORDER, order, 1)
        return conversation_id(consumer=self.consumer, subject=subject)

    def is_served(self, order: UUID) -> None:
        """Waits until there is a case about its first part, though nobody wrote."""
        path = f"/v1/marketplace/consumers/{self.consumer}/conversations/{self.conversation(order)}"
        self.site.until(path, lambda said: bool(said["cases"]))

    def remedies(self, order: UUID) -> Any:
        """Those of an order, as the marketplace reads them."""
        answer = self.site.marketplace.get(self._remedies_of(order))
        assert answer.is_success, answer.text
        return answer.json()["remedies"]

    def awaits(self, order: UUID, is_so: Callable[[Any], bool]) -> None:
        """Until this is so of its first remedy."""
        path = self._remedies_of(order)
        self.site.until(path, lambda said: bool(said["remedies"]) and is_so(said["remedies"][0]))

    def _remedies_of(self, order: UUID) -> str:
        return f"/v1/marketplace/consumers/{self.consumer}/orders/{order}/remedies"

    def _tells(self, method: str, path: str, body: Any) -> Any:
        return self.site.command(method, f"/v1/marketplace{path}", body)
