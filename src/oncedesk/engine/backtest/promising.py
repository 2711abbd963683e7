"""What was promised of a part of an order when it was placed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from oncedesk.domain.orders.messages import (
    Basis,
    ChosenDay,
    DeliverBy,
    Due,
    NextDay,
    OnDemandHandover,
    OrderedPart,
    OrderPlaced,
    PlacedPart,
    PlaceOrder,
    PresaleShipping,
    PromiseKind,
    SameDay,
    ShippingLimits,
    StandardShipping,
    Terms,
    TimedTerms,
)
from oncedesk.domain.orders.placing import promised
from oncedesk.domain.orders.promises import kind_of
from oncedesk.domain.orders.state import OrderState, Part
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.money import Money
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.backtest.outcomes import Outcome, Term
from oncedesk.engine.backtest.questions import Case, Past, Question, Seen, Step, Unknown
from oncedesk.engine.ports import Unreadable

_NAMES: Mapping[type[TimedTerms], str] = {
    StandardShipping: f"{PromiseKind.SHIPPING}/{Basis.STANDARD}",
    PresaleShipping: f"{PromiseKind.SHIPPING}/{Basis.PRESALE}",
    ShippingLimits: f"{PromiseKind.SHIPPING}/{Basis.LIMITS}",
    SameDay: f"{PromiseKind.DELIVERY}/{Basis.SAME_DAY}",
    NextDay: f"{PromiseKind.DELIVERY}/{Basis.NEXT_DAY}",
    ChosenDay: f"{PromiseKind.DELIVERY}/{Basis.CHOSEN_DAY}",
    DeliverBy: f"{PromiseKind.DELIVERY}/{Basis.DELIVER_BY}",
}
WORDS = ("refused", "no_movement_seconds", "locker_needs_consent")


class Promising(Record, frozen=True, array_like=True):
    """The terms on which a part was sold."""

    placed_at: datetime
    timezone: str
    ordered: OrderedPart


def decide(facts: Promising, pack: Pack) -> Outcome:
    """The deadlines under this pack, or the code with which the order would have been refused."""
    zone = ZoneInfo(facts.timezone)
    found = promised(
        number=1, ordered=facts.ordered, placed_at=facts.placed_at, zone=zone, pack=pack
    )
    rule = pack.promises
    return Outcome(
        (
            found.code if isinstance(found, Refusal) else "",
            str(rule.no_movement_seconds),
            str(rule.locker_needs_consent),
        ),
        () if isinstance(found, Refusal) else _terms(found, facts.ordered.promises),
    )


def promise_name(terms: TimedTerms) -> str:
    """`shipping/standard`, say: what is promised, and on what terms."""
    return _NAMES[type(terms)]


def paid_until(ordered: OrderedPart) -> datetime | None:
    """The end of the time to pay, where it is a presale."""
    return None if ordered.presale is None else ordered.presale.pay_until


def paid_minor(part: Part) -> int:
    """What the consumer paid for this part, in minor units of the order's currency."""
    return sum(item.paid_minor for item in part.items) + part.shipping_minor


def _term(terms: TimedTerms, found: Due) -> Term:
    """Whoever sells the part has to keep what is promised of it."""
    return Term(promise_name(terms), found.due_at, None, True)


def _decides(events: Sequence[Any]) -> bool:
    return any(type(event) is OrderPlaced for event in events)


def _cases(step: Step, _seen: Seen, past: Past) -> Iterable[Case | Unknown]:
    events, command = step.entry.events, step.entry.command
    assert not isinstance(events, Unreadable)
    assert isinstance(command, PlaceOrder)
    placed = next(event for event in events if isinstance(event, OrderPlaced))
    state: OrderState = step.after
    for ordered, part, held in zip(command.parts, placed.parts, state.parts, strict=True):
        if ordered.promises:
            yield Case(
                key=derived_id("promising", step.entry.command_id, str(part.number)),
                stream=past.ref.id,
                version=step.entry.version,
                at=placed.placed_at,
                market=placed.market,
                pack=placed.pack,
                merchant=part.merchant,
                stake=Money(paid_minor(held), placed.currency),
                facts=Promising(placed.placed_at, placed.timezone, ordered),
                recorded=_recorded(placed, part, ordered.promises),
            )


def _recorded(placed: OrderPlaced, part: PlacedPart, promises: Sequence[Terms]) -> Outcome:
    return Outcome(
        ("", str(placed.no_movement_seconds), str(placed.pickup_needs_consent)),
        _terms(part, promises),
    )


def _terms(part: PlacedPart, promises: Sequence[Terms]) -> tuple[Term, ...]:
    terms: list[Term] = []
    for one in promises:
        if not isinstance(one, OnDemandHandover):
            found = part.shipping if kind_of(one) is PromiseKind.SHIPPING else part.delivery
            assert found is not None
            terms.append(_term(one, found))
    return tuple(terms)


PROMISING = Question(
    name="promising",
    about="what was promised of a part of an order when it was placed",
    kind=Kind.ORDER,
    words=WORDS,
    sees=frozenset(),
    decides=_decides,
    cases=_cases,
    decide=decide,
)
