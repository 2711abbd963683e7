"""A shop with orders, and what remedies do to them: `Shop().placed(...).asks(...)`."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain import orders, remedies
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.orders.messages import (
    Item,
    OrderedPart,
    Payment,
    PlaceOrder,
    RecordTracking,
)
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.orders.tracking import Fake
from oncedesk.domain.remedies.messages.asking import RequestRemedy, Wish
from oncedesk.domain.remedies.nearest import NotPossible, answer_to
from oncedesk.domain.remedies.preview import Asked, Preview
from oncedesk.domain.remedies.words import CaseLink, RemedyKind, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Refusal, Role
from oncedesk.domain.shared.refs import Desk, DeskKind, desk_ref
from oncedesk.domain.shared.remedy_rules import (
    EDITION,
    GrantedBy,
    RemedyRule,
    RemedyRules,
    remedy_key,
)
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.domain.shared.vocabularies import Vocabulary
from oncedesk.rules.library import PackLibrary
from oncedesk.rules.loading import load_builtin
from tests.support.specs import START, Spec

CONSUMER = UUID(int=0xC0)
ORDER = UUID(int=0x0D)
MERCHANT = UUID(int=0x3E)
LISTING = UUID(int=0x11)
PARCEL = UUID(int=0x5A)
MERCHANT_DESK = Desk(DeskKind.MERCHANT, MERCHANT)
WHO: Any = {"consumer": CONSUMER, "order": ORDER}
BY_CONSUMER = Actor(role=Role.CONSUMER, id=CONSUMER)


@cache
def todays_pack() -> Pack:
    return load_builtin("cn").pack(START.date())


def ruled(*rules: RemedyRule, **others: Any) -> Pack:
    """Today's Chinese pack with these rules of remedies and no others."""
    pack = todays_pack()
    keyed: Mapping[str, RemedyRule] = {
        remedy_key(
            kind=rule.kind,
            reason=rule.reason,
            stage=rule.stage,
            category=rule.category,
            only_if=rule.only_if,
        ): rule
        for rule in rules
    }
    remedies = RemedyRules(rules=keyed, **{"edition": EDITION, **others})
    return replace(pack, hash="test", remedies=remedies)


AT_ONCE = RemedyRule(
    id="test/cancel", kind="cancel", reason="*", stage="unshipped", granted_by=GrantedBy.RULE
)
AFTER_ANSWER = RemedyRule(
    id="test/refund", kind="refund", reason="*", stage="*", granted_by=GrantedBy.MERCHANT
)


class Shop(Spec):
    """One order's remedies; the order is really placed, and the merchant's desk takes work."""

    def __init__(self, *rules: RemedyRule, pack: Pack | None = None, **others: Any) -> None:
        self.pack = pack or ruled(*(rules or (AT_ONCE, AFTER_ANSWER)), **others)
        super().__init__(remedies.DECIDER, PackLibrary.always([self.pack]).at(START))
        self.world[desk_ref(MERCHANT_DESK).id] = DeskState(desk=MERCHANT_DESK, market="cn")

    def placed(
        self,
        *parts: OrderedPart,
        payments: tuple[Payment, ...],
        timezone: str = "Asia/Shanghai",
        currency: str = "CNY",
    ) -> "Shop":
        """This was bought, and paid like this."""
        spec = Spec(orders.DECIDER, self.packs)
        spec.when(
            PlaceOrder(
                **WHO,
                market=self.pack.market,
                placed_at=START,
                timezone=timezone,
                currency=currency,
                parts=parts,
                payments=payments,
            ),
            by=MARKETPLACE,
        ).then_only(orders.messages.OrderPlaced)
        self.world[ORDER] = spec.state
        return self

    def plain(self, price_minor: int = 10_000, quantity: int = 1) -> "Shop":
        """One item of one merchant, paid by card."""
        part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, price_minor, quantity),))
        return self.placed(part, payments=(Payment("card", price_minor * quantity),))

    def of(self, category: str, **terms: Any) -> "Shop":
        """One item of this category for 100 yuan."""
        item = Item(LISTING, 10_000, category=category, **terms)
        part = OrderedPart(merchant=MERCHANT, items=(item,))
        return self.placed(part, payments=(Payment("card", 10_000),))

    def arrived(self, at: datetime | None = None, *, delivered: bool = True) -> "Shop":
        """Every part was shipped then, and delivered too."""
        at = at or self.now
        order = self.world[ORDER]
        assert isinstance(order, OrderState)
        parts = tuple(
            replace(part, shipped_at=at, delivered_at=at if delivered else None)
            for part in order.parts
        )
        self.world[ORDER] = replace(order, parts=parts)
        return self

    def tracked(
        self,
        code: str,
        at: datetime | None = None,
        *,
        vocabulary: Vocabulary = Vocabulary.KUAIDI100,
    ) -> "Shop":
        """A carrier tells this code of the order's one parcel, and the order judges it."""
        spec = Spec(orders.DECIDER, self.packs).at(at or self.now)
        spec.state = self.world[ORDER]
        told = RecordTracking(**WHO, shipment=PARCEL, code=code, at=spec.now, vocabulary=vocabulary)
        spec.when(told, by=MARKETPLACE)
        assert not isinstance(spec.answer, Refusal), spec.answer
        self.world[ORDER] = spec.state
        return self

    def found_anothers(self) -> "Shop":
        """What was tracked was another order's parcel, as the marketplace found."""
        order = self.world[ORDER]
        assert isinstance(order, OrderState)
        tracks = tuple(replace(track, fake=Fake.FOUND) for track in order.tracks)
        self.world[ORDER] = replace(order, tracks=tracks)
        return self

    def previews(self, wish: Wish, **more: Any) -> Preview | NotPossible:
        """What this wish would come to now."""
        order = self.world[ORDER]
        assert isinstance(order, OrderState)
        asked = Asked(
            purchase=order,
            book=self.state,
            wish=wish,
            pack=self.pack,
            states=self.world,
            now=self.now,
            **more,
        )
        return answer_to(asked)

    def asks(
        self,
        kind: RemedyKind,
        *lines: WantedLine,
        reason: str = "changed_mind",
        case: CaseLink | None = None,
    ) -> "Shop":
        """The consumer asks for it."""
        wish = Wish(kind=kind, reason=reason, lines=lines)
        self.when(RequestRemedy(**WHO, wish=wish, case=case), by=BY_CONSUMER)
        return self
