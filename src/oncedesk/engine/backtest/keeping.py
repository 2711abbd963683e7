"""Whether a promise with a deadline was kept, by all that is known of the order now.

Amendments and reliefs are taken as they were given, and so is what happened to the parcels.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from oncedesk.domain.orders.messages import (
    OnDemandHandover,
    OrderedPart,
    OrderPlaced,
    PlaceOrder,
    PromiseKind,
    TimedTerms,
)
from oncedesk.domain.orders.promises import due, kind_of, missed
from oncedesk.domain.orders.state import OrderState, Part, Verdict
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.money import Money
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.backtest.outcomes import Held, Outcome, Term
from oncedesk.engine.backtest.promising import paid_minor, paid_until, promise_name
from oncedesk.engine.backtest.questions import Case, Past, Question, Seen, Step, Unknown


class Met(Record, frozen=True, array_like=True):
    """When it happened as promised, where a pick-up point needs consent and where it does not."""

    with_consent: datetime | None
    freely: datetime | None

    def at(self, pack: Pack) -> datetime | None:
        return self.with_consent if pack.promises.locker_needs_consent else self.freely


NEVER = Met(None, None)


class Cancelled(Record, frozen=True, array_like=True):
    """When the part was cancelled, and what was known of the promise when that was heard."""

    at: datetime
    met: Met


class Keeping(Record, frozen=True, array_like=True):
    """One promise and what became of the part. Nothing is known of it after `known_until`."""

    terms: TimedTerms
    placed_at: datetime
    timezone: str
    amended_at: datetime | None
    relief_seconds: int
    met: Met
    cancelled: Cancelled | None
    known_until: datetime
    paid_until: datetime | None = None


def decide(facts: Keeping, pack: Pack) -> Outcome:
    """Kept, broken, or still open under this pack; nothing where it would not have been given."""
    terms = facts.terms
    zone = ZoneInfo(facts.timezone)
    found = due(
        terms=terms,
        placed_at=facts.placed_at,
        zone=zone,
        pack=pack,
        paid_until=facts.paid_until,
    )
    if isinstance(found, Refusal):
        return Outcome()
    kind = kind_of(terms)
    due_at = (facts.amended_at or found.due_at) + timedelta(seconds=facts.relief_seconds)
    return _outcome(terms, _held(facts, kind, due_at, pack))


def _held(facts: Keeping, kind: PromiseKind, due_at: datetime, pack: Pack) -> Held:
    """As `domain.orders.settling` says in the end, whatever it said in between."""
    met_at, cancelled = facts.met.at(pack), facts.cancelled
    if cancelled is None:
        return _judged(kind, due_at, met_at, facts.known_until)
    held = _judged(kind, due_at, cancelled.met.at(pack), cancelled.at)
    if held is not Held.BROKEN:
        # What is heard after it was cancelled keeps no promise and breaks none.
        return held
    still = missed(kind=kind, due_at=due_at, at=met_at or facts.known_until)
    return Held.BROKEN if still and due_at < cancelled.at else Held.OPEN


def _judged(kind: PromiseKind, due_at: datetime, met_at: datetime | None, until: datetime) -> Held:
    if missed(kind=kind, due_at=due_at, at=met_at or until):
        return Held.BROKEN
    return Held.OPEN if met_at is None else Held.KEPT


def _outcome(terms: TimedTerms, held: Held) -> Outcome:
    return Outcome((), (Term(promise_name(terms), None, None, True, held),))


def _decides(events: Sequence[Any]) -> bool:
    return any(type(event) is OrderPlaced for event in events)


def _cases(step: Step, _seen: Seen, past: Past) -> Iterable[Case | Unknown]:
    command = step.entry.command
    assert isinstance(command, PlaceOrder)
    for number, ordered in enumerate(command.parts, start=1):
        known = _before_its_end(past, number)
        state: OrderState = known.steps[-1].after
        part = state.parts[number - 1]
        for terms in ordered.promises:
            if not isinstance(terms, OnDemandHandover):
                yield _case(terms, ordered, part, state, step, known)


def _before_its_end(past: Past, number: int) -> Past:
    """What counts of a part: nothing any more once its presale has ended."""
    if not past.steps[-1].after.has_ended(number):
        return past
    # What was paid in time and heard late took back an end: the last one counts.
    last = next(step for step in reversed(past.steps) if not step.before.has_ended(number))
    return Past(past.ref, past.steps[: last.entry.version - 1])


def _case(
    terms: TimedTerms, ordered: OrderedPart, part: Part, state: OrderState, step: Step, past: Past
) -> Case:
    kind = kind_of(terms)
    promise = part.promise(kind)
    assert promise is not None
    assert state.placed_at is not None
    reliefs = [
        one.extends_seconds
        for one in state.reliefs
        if one.part == part.number and one.promise is kind
    ]
    facts = Keeping(
        terms,
        state.placed_at,
        state.timezone,
        promise.amended_at,
        max(reliefs, default=0),
        _met(kind, state, part.number),
        _cancelled(kind, part.number, state, past),
        past.steps[-1].entry.at,
        paid_until(ordered),
    )
    return Case(
        key=derived_id("keeping", step.entry.command_id, f"{part.number}/{kind}"),
        stream=past.ref.id,
        version=step.entry.version,
        at=state.placed_at,
        market=state.market,
        pack=state.pack,
        merchant=part.merchant,
        stake=Money(paid_minor(part), state.currency),
        facts=facts,
        recorded=_outcome(terms, _HELD[promise.verdict]),
    )


def _cancelled(kind: PromiseKind, number: int, state: OrderState, past: Past) -> Cancelled | None:
    cancelled_at = _cancelled_from(state, number)
    if cancelled_at is None:
        return None
    step = next(step for step in past.steps if _cancelled_from(step.after, number) is not None)
    return Cancelled(cancelled_at, _met(kind, step.before, number))


def _cancelled_from(state: OrderState, number: int) -> datetime | None:
    part = state.part(number)
    return None if part is None else state.cancelled_from(part)


def _met(kind: PromiseKind, state: OrderState, number: int) -> Met:
    part = state.part(number)
    if part is None:
        return NEVER
    found = [replace(state, pickup_needs_consent=needed).facts(part) for needed in (True, False)]
    if kind is PromiseKind.SHIPPING:
        return Met(*(told.shipped_at for told in found))
    return Met(*(told.offered_at for told in found))


_HELD = {
    Verdict.KEPT: Held.KEPT,
    Verdict.BROKEN: Held.BROKEN,
    Verdict.OPEN: Held.OPEN,
}

KEEPING = Question(
    name="keeping",
    about="whether a promise with a deadline was kept",
    kind=Kind.ORDER,
    words=(),
    sees=frozenset(),
    decides=_decides,
    cases=_cases,
    decide=decide,
)
