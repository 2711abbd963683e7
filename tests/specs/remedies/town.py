"""An order, its remedies, the consumer's wallet and a listing, each asking the others as it does
when it runs: `Town().wish(...)`, then look at any of them."""

from typing import Any

from oncedesk.domain import listings, orders, remedies, wallets
from oncedesk.domain.listings.messages import DescribeListing, Variant
from oncedesk.domain.orders.messages import Item, OrderedPart, Payment, PlaceOrder
from oncedesk.domain.remedies.messages.asking import Replacement, RequestRemedy, Wish
from oncedesk.domain.remedies.messages.changing import ChargeRequested, ConfirmCharge
from oncedesk.domain.remedies.messages.refunding import ConfirmRefund
from oncedesk.domain.remedies.words import LegStatus, RemedyKind, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor
from oncedesk.domain.shared.refs import Kind, Ref, listing_ref, order_ref, remedies_ref, wallet_ref
from oncedesk.domain.wallets.messages import AddMethod
from oncedesk.engine import reactions
from oncedesk.rules.library import PackLibrary
from tests.specs.remedies.shop import BY_CONSUMER, CONSUMER, LISTING, MERCHANT, ORDER, WHO, ruled
from tests.support.specs import START, Spec

DECIDERS = {
    Kind.ORDER: orders.DECIDER,
    Kind.REMEDIES: remedies.DECIDER,
    Kind.WALLET: wallets.DECIDER,
    Kind.LISTING: listings.DECIDER,
}
MINE = remedies_ref(consumer=CONSUMER, order=ORDER)
ORDERED = order_ref(consumer=CONSUMER, order=ORDER)
WALLET = wallet_ref(CONSUMER)


class Town:
    """States of several kinds; what happens to one is passed on to the others at once."""

    def __init__(self, *rules: Any, **others: Any) -> None:
        self.pack = ruled(*rules, **others)
        self.packs = PackLibrary.always([self.pack]).at(START)
        self.specs: dict[Ref, Spec] = {}
        self.world: dict[Any, object] = {}
        self.waiting: list[Any] = []
        self.holds_back: tuple[type, ...] = ()
        self.heard: list[Any] = []

    def spec(self, ref: Ref) -> Spec:
        found = self.specs.get(ref)
        if found is None:
            found = self.specs[ref] = Spec(DECIDERS[ref.kind], self.packs)
            found.world = self.world
        return found

    def tell(self, command: Any, *, by: Actor = MARKETPLACE) -> Spec:
        """Give a command; what follows elsewhere follows, unless it is held back."""
        ref = command.target()
        spec = self.spec(ref)
        spec.when(command, by=by)
        if isinstance(spec.answer, list | tuple):
            self.world[ref.id] = spec.state
            self.heard += spec.answer
            asked = [
                one for event in spec.answer for one in reactions.commands(event, ref, spec.state)
            ]
            for one in asked:
                if isinstance(one, self.holds_back):
                    self.waiting.append(one)
                elif one.target().kind in DECIDERS:
                    answer = self.tell(one, by=SYSTEM).answer
                    assert isinstance(answer, list | tuple), answer
        return spec

    def let_through(self) -> None:
        """What was held back arrives now."""
        self.holds_back, waiting, self.waiting = (), self.waiting, []
        for one in waiting:
            self.tell(one, by=SYSTEM)

    def ordered(
        self,
        *items: Item,
        payments: tuple[Payment, ...],
        parts: int = 1,
        shipping_minor: int = 0,
    ) -> "Town":
        """These were bought of one merchant, or of several each."""
        part = OrderedPart(merchant=MERCHANT, items=items, shipping_minor=shipping_minor)
        sold = [part] * parts
        placed = PlaceOrder(
            **WHO,
            market="cn",
            placed_at=START,
            timezone="Asia/Shanghai",
            currency="CNY",
            parts=tuple(sold),
            payments=payments,
        )
        self.tell(placed).then_only(orders.messages.OrderPlaced)
        return self

    def sells(self, *variants: Variant, currency: str = "CNY") -> "Town":
        """These are the variants of the listing now."""
        self.tell(
            DescribeListing(
                merchant=MERCHANT, listing=LISTING, currency=currency, variants=variants
            )
        )
        return self

    def has(self, name: str, kind: str, *, balance_minor: int | None = None) -> "Town":
        """The consumer can pay by this."""
        self.tell(
            AddMethod(
                consumer=CONSUMER,
                method=name,
                kind=kind,
                stored=balance_minor is not None,
                currency="XXX" if balance_minor is None else "CNY",
                balance_minor=balance_minor or 0,
            )
        )
        return self

    def wish(
        self,
        kind: RemedyKind,
        *lines: WantedLine,
        to: tuple[Replacement, ...] = (),
        method: str = "",
        reason: str = "changed_mind",
        **more: Any,
    ) -> Spec:
        """The consumer asks for it."""
        wish = Wish(kind=kind, reason=reason, lines=lines, replacements=to, method=method)
        return self.tell(RequestRemedy(**WHO, wish=wish, **more), by=BY_CONSUMER)

    def charge_confirmed(self, *, remedy: int = 1) -> Spec:
        """Payments took what they were asked for last."""
        asked = [event for event in self.heard if isinstance(event, ChargeRequested)][-1]
        return self.tell(
            ConfirmCharge(
                **WHO,
                remedy=remedy,
                amount_minor=asked.charge.amount_minor,
                currency="CNY",
                charged_at=self.mine.now,
            )
        )

    def refunds_confirmed(self) -> "Town":
        """Payments sent all that they were asked for."""
        for remedy in self.mine.state.live:
            for leg in remedy.legs:
                if leg.status is LegStatus.REQUESTED:
                    self.tell(
                        ConfirmRefund(
                            **WHO,
                            remedy=remedy.number,
                            leg=leg.number,
                            amount_minor=leg.amount_minor,
                            currency="CNY",
                            sent_at=self.mine.now,
                        )
                    )
        return self

    @property
    def mine(self) -> Spec:
        return self.spec(MINE)

    @property
    def order(self) -> Any:
        return self.spec(ORDERED).state

    def balance(self, name: str) -> int:
        minor: int = self.spec(WALLET).state.method(name).balance_minor
        return minor

    def listing(self) -> Any:
        return self.spec(listing_ref(merchant=MERCHANT, listing=LISTING)).state
