"""What a broken promise gave without being asked: how much, by which way, who bears it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.remedies.compensating import promising
from oncedesk.domain.remedies.messages.promising import (
    BreachCompensated,
    CompensateBreach,
    CompensationCapped,
)
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.shared.decider import SYSTEM, Facts, Refusal
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.money import Money
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.backtest.outcomes import Outcome, Term
from oncedesk.engine.backtest.promising import paid_minor
from oncedesk.engine.backtest.questions import Case, Past, Question, Reason, Seen, Step, Unknown
from oncedesk.engine.backtest.remedying import amounts_of
from oncedesk.engine.ports import Unreadable

WORDS = ("given", "method")
_NO_ID = UUID(int=0)


class Owed(Record, frozen=True):
    """A breach, and the order and its books as they were then."""

    command: CompensateBreach
    purchase: OrderState
    book: Remedies | None
    states: Mapping[UUID, object]
    at: datetime


def decide(facts: Owed, pack: Pack) -> Outcome:
    """What it would have given under this pack."""
    asked = Facts(
        now=facts.at, command_id=_NO_ID, actor=SYSTEM, packs=_Only(pack), states=facts.states
    )
    events = promising(
        state=facts.book, command=facts.command, purchase=facts.purchase, facts=asked
    )
    return _outcome(() if isinstance(events, Refusal) else events)


class _Only:
    """One pack, whichever an order was placed under."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack

    def current(self, _market: str) -> Pack:
        return self._pack

    def by_hash(self, _pack_hash: str) -> Pack:
        return self._pack


def _outcome(events: Sequence[Any]) -> Outcome:
    for event in events:
        if isinstance(event, BreachCompensated):
            amounts = amounts_of(shares=event.shares, currency=event.currency)
            return Outcome(("given", event.method), (Term("sent", event.send_at),), (), amounts)
        if isinstance(event, CompensationCapped):
            return Outcome(("capped", ""))
    return Outcome(("", ""))


def _decides(events: Sequence[Any]) -> bool:
    return any(isinstance(event, BreachCompensated | CompensationCapped) for event in events)


def _cases(step: Step, seen: Seen, past: Past) -> Iterable[Case | Unknown]:
    events, command = step.entry.events, step.entry.command
    assert not isinstance(events, Unreadable)
    if not isinstance(command, CompensateBreach):
        return (Unknown(Reason.NOT_COVERED),)
    purchase = seen.get(command.order)
    assert isinstance(purchase, OrderState)
    part = purchase.parts[command.part - 1]
    case = Case(
        key=derived_id("compensations", step.entry.command_id),
        stream=past.ref.id,
        version=step.entry.version,
        at=step.entry.at,
        market=purchase.market,
        pack=purchase.pack,
        merchant=part.merchant,
        stake=Money(paid_minor(part), purchase.currency),
        facts=Owed(command, purchase, step.before, seen, step.entry.at),
        recorded=_outcome(events),
    )
    return (case,)


COMPENSATIONS = Question(
    name="compensations",
    about="what a broken promise gave without being asked",
    kind=Kind.REMEDIES,
    words=WORDS,
    sees=frozenset({Kind.ORDER}),
    decides=_decides,
    cases=_cases,
    decide=decide,
)
