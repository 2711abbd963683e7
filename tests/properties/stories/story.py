"""One consumer's orders, paid for perhaps out of the same wallet, and all that becomes of them.

What must hold of it stands in `holds.py`.
"""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.orders.messages import FinalPaid, PlaceOrder
from oncedesk.domain.parties.messages import (
    ForRegions,
    PartyKind,
    RegisterParty,
    SetReturnPlaces,
    TellTerms,
)
from oncedesk.domain.remedies.messages.asking import BooksOpened, PaymentBooked
from oncedesk.domain.remedies.messages.changing import ChangeRefused
from oncedesk.domain.remedies.messages.contesting import ContestDecided
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmRefund,
    OutsideRecorded,
    RecordOutside,
    RefundRequested,
    RefundSentTwice,
    RemedyClosed,
)
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.shared.decider import MARKETPLACE, Actor
from oncedesk.domain.shared.refs import Ref
from oncedesk.domain.wallets.messages import AddMethod, BalanceTaken
from tests.properties.stories.buying import (
    CARD,
    GIFT,
    ORDERS,
    OTHER,
    any_order,
    listings,
    paid_minor,
    place_of,
)
from tests.properties.stories.payments import LegKey, Payments
from tests.properties.stories.rules import any_pack
from tests.properties.stories.sums import Sums
from tests.specs.remedies.money import CONSUMER, MERCHANT, Money
from tests.support.memory_engine import Answered


class Story(Money):
    """What happens is told by `say`, `pays` and `wakes`."""

    def __init__(self, dice: Random) -> None:
        self.currency = dice.choice(("CNY", "CNY", "JPY", "KWD"))
        super().__init__(any_pack(dice, self.currency))
        self.payments = Payments()
        self.sums = {order: Sums() for order in ORDERS}
        self.over: dict[tuple[UUID, int], Remedy] = {}
        self.charged_for_nothing: dict[tuple[UUID, int], int] = {}
        self.unheard: list[tuple[Any, str]] = []
        self.not_paid: list[LegKey] = []
        self.orders: dict[UUID, PlaceOrder] = {}
        self.gift_minor = dice.choice((0, 5_000))
        self.shipped: set[tuple[UUID, int]] = set()
        self._begin(dice)

    def _begin(self, dice: Random) -> None:
        for merchant in (MERCHANT, OTHER):
            self.say(RegisterParty(party=merchant, kind=PartyKind.MERCHANT, market="cn"))
            if dice.random() < 0.7:
                place = place_of(merchant)
                about: Any = {"market": "cn", "owner": merchant, "digest": bytes(16), "length": 5}
                self.say(RegisterParty(party=place, kind=PartyKind.PLACE, **about))
                self.say(SetReturnPlaces(party=merchant, places=(ForRegions(place),)))
            if dice.random() < 0.5:
                self.say(TellTerms(party=merchant, refunds_without_return=True))
        gift: Any = {"stored": True, "currency": self.currency, "balance_minor": self.gift_minor}
        self.say(AddMethod(consumer=CONSUMER, method=GIFT, kind="gift_card", **gift))
        self.say(AddMethod(consumer=CONSUMER, method=CARD, kind="card"))
        for order in ORDERS[: dice.choice((1, 1, 2))]:
            placed = any_order(dice, order, self.currency)
            answer = self.say(placed)
            assert answer.accepted, answer
            self.orders[order] = placed
            self.sums[order].paid_minor = paid_minor(placed)
            for listing in listings(placed):
                self.say(listing)

    def say(self, command: Any, *, by: Actor = MARKETPLACE) -> Answered:
        """Somebody says this; what becomes of it is printed if the story fails."""
        said = msgspec.json.encode(command).decode()
        print(f"{self.now:%d %b %H:%M} {by.role.value}: {said}")
        answer = self.gives(command, by=by)
        self._count(command, answer)
        became = answer.code or ", ".join(type(event).__name__ for event in answer.events)
        print(f"    {became or 'nothing'}")
        return answer

    def pays(self, command: Any) -> None:
        """Payments say this."""
        answer = self.say(command)
        if not answer.accepted:
            self.unheard.append((command, answer.code))

    def passes(self, span: timedelta) -> None:
        print(f"{self.now:%d %b %H:%M} {span} pass")
        super().passes(span)

    def wakes(self) -> None:
        """Time goes on to the next clock, and whatever is due happens."""
        self.passes(max(timedelta(0), (self.engine.next_wake() or self.now) - self.now))

    def any_order(self, dice: Random) -> UUID:
        """One of those that were placed."""
        return dice.choice(sorted(self.orders))

    def book_of(self, order: UUID) -> Remedies | None:
        """Its remedies, once there are any."""
        return next((one for one in self.books if one.order == order), None)

    @property
    def live(self) -> list[tuple[UUID, Remedy]]:
        """All remedies that are not over, and of which order each is."""
        return [(book.order, remedy) for book in self.books for remedy in book.live]

    def remembers(self, key: LegKey) -> bool:
        """Whether anything can still be said of this refund: the last that are over keep theirs."""
        book = self.book_of(key.order)
        assert book is not None
        over = book.over(key.remedy)
        return book.remedy(key.remedy) is not None or (over is not None and bool(over.legs))

    def _count(self, command: Any, answer: Answered) -> None:
        """What went without us, and what payments sent although it had failed and was given up."""
        if isinstance(command, RecordOutside) and answer.events:
            self.sums[command.order].outside(command)
        given_up = any(isinstance(event, OutsideRecorded) for event in answer.events)
        if isinstance(command, ConfirmRefund) and given_up:
            self.sums[command.order].twice_minor += command.amount_minor

    def _is_covered(self, event: RefundRequested) -> bool:
        """What was charged for a change that was not made goes back whole, although a bank may have
        taken back more than there was of all else."""
        charged_minor = self.charged_for_nothing.get((event.order, event.remedy))
        sums = self.sums[event.order]
        return event.leg.amount_minor == charged_minor or sums.cover(event.order, self.payments)

    def _heard(self, ref: Ref, state: Any, event: Any) -> None:
        super()._heard(ref, state, event)
        self.payments.hear(event)
        match event:
            case RefundRequested() if not event.again and not event.leg.beyond:
                if state.the_remedy(event.remedy).kind.pays_back:
                    key = LegKey(event.order, event.remedy, event.leg.number)
                    self.sums[event.order].own.add(key)
                    if not self._is_covered(event):
                        self.not_paid.append(key)
            case ChangeRefused():
                self.charged_for_nothing[event.order, event.remedy] = event.back_minor
            case RefundSentTwice():
                self.sums[event.order].twice_minor += event.amount_minor
            case ContestDecided():
                self.sums[event.order].owed_minor += event.debt_minor
            case BalanceTaken():
                self.sums[event.order].taken_minor += event.amount_minor
            case FinalPaid():
                self.sums[event.order].paid_minor += event.payment.amount_minor
                self.sums[event.order].unbooked_minor += event.payment.amount_minor
            case BooksOpened() | PaymentBooked():
                self.sums[event.order].unbooked_minor = 0
            case RemedyClosed():
                self.over[event.order, event.remedy] = state.the_remedy(event.remedy)
            case _:
                pass
