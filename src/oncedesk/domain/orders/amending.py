"""When a promise may change: by the consumer's recorded consent, or a relief published in time."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from oncedesk.domain.orders.evolve import evolve
from oncedesk.domain.orders.messages import (
    AmendPromise,
    EstimateMoved,
    GrantRelief,
    OrderEvent,
    PromiseAmended,
    PromiseKind,
    ReliefGranted,
)
from oncedesk.domain.orders.placing import FUTURE_MAX
from oncedesk.domain.orders.promises import AHEAD_MAX, TOO_FAR, effective_due, end_of, missed
from oncedesk.domain.orders.state import RELIEFS_MAX, Consent, OrderState, Part, Verdict
from oncedesk.domain.shared.bounds import RELIEF_SECONDS_MAX
from oncedesk.domain.shared.decider import Facts, Refusal, Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.vocabularies import PICKUP_POINTS, Handover

_SETTLED = Refusal("promise_settled", "a promise that still runs")
_SUPERSEDED = Refusal("consent_superseded", "later consent to something else counts", "given_at")
_USED = Refusal("consent_used", "a message of its own for each change", "consent")
_UNKNOWN = Refusal("promise_unknown", "a promise that this part has", "promise")


def amend(
    *, state: OrderState, part: Part, command: AmendPromise, facts: Facts
) -> list[OrderEvent] | Refusal:
    """The amendment, none where it holds already. It counts from when the consumer agreed.

    Consent that was given in time takes back a breach that was found before it was heard of.
    Consent given afterwards does not. What backed one change of a promise backs no other of it.
    """
    if command.consent is None:
        return Refusal("consent_missing", "the consumer's message or command", "consent")
    said = [one for one in (command.on, command.due_at, command.handover) if one is not None]
    if len(said) != 1 or (command.handover is None) is (command.promise is PromiseKind.HANDOVER):
        return Refusal("amendment_unclear", "a day, a moment or a handover, as the promise is")
    given_at = _given_at(state=state, command=command, facts=facts)
    if isinstance(given_at, Refusal):
        return given_at
    agreed = _Agreed(
        consent=command.consent,
        given_at=given_at,
        used=Consent(command.consent, part.number, command.promise) in state.consents,
    )
    if command.handover is not None:
        return _amend_handover(state, part, command.handover, agreed, facts)
    return _amend_deadline(state, part, command, agreed, facts)


class _Agreed(Record, frozen=True, kw_only=True):
    """What shows that the consumer agreed, when that was, and whether it has backed a change of
    this promise."""

    consent: UUID
    given_at: datetime
    used: bool


def _given_at(*, state: OrderState, command: AmendPromise, facts: Facts) -> datetime | Refusal:
    """Now, unless the marketplace recorded it before; no agent dates consent back."""
    assert state.placed_at is not None
    if command.given_at is None:
        return facts.now
    if facts.actor.role is Role.AGENT:
        return Refusal("not_allowed", "when it was given, the marketplace says", "given_at")
    if command.given_at > facts.now + FUTURE_MAX:
        return Refusal("time_in_future", "at most a day ahead of us", "given_at")
    if command.given_at < state.placed_at:
        return Refusal("consent_before_order", "not before the order was placed", "given_at")
    # What was given cannot be later than we hear of it: their clock is ahead of ours.
    return min(command.given_at, facts.now)


def _amend_handover(
    state: OrderState, part: Part, handover: Handover, agreed: _Agreed, facts: Facts
) -> list[OrderEvent] | Refusal:
    if handover is not Handover.DOOR and handover not in PICKUP_POINTS:
        return Refusal("handover_unknown", "door, locker or station", "handover")
    earlier = part.amended_from is not None and agreed.given_at < part.amended_from
    if part.asked_now is handover and not earlier:
        return []
    if part.asked_now is not handover and agreed.used:
        return _USED
    if part.asked_now is not handover and earlier:
        return _SUPERSEDED
    if part.handover is Verdict.KEPT:
        return _SETTLED
    amended = PromiseAmended(
        **state.about(part.number, facts.now),
        promise=PromiseKind.HANDOVER,
        consent=agreed.consent,
        handover=handover,
        original_handover=part.asked,
        given_at=agreed.given_at,
        spent=state.remembers_consent,
        remembered=part.asked_now is not handover and state.remembers_place,
    )
    known = state.facts(part)
    after = evolve(state, amended)
    changed = after.part(part.number)
    assert changed is not None
    then = after.facts(changed)
    wrong = then.wrong if known.wrong is None else None
    if wrong is not None and wrong.at < agreed.given_at:
        # It was right where it was agreed on last, of which nothing would be known any more.
        return _SETTLED
    if part.handover is Verdict.OPEN:
        return _SETTLED if part.delivered_at is not None else [amended]
    # It was handed over wrongly. Consent changes that if it was given before, and if it was given
    # since, then at least what lies there is delivered from then on.
    return _SETTLED if then == known else [amended]


def _amend_deadline(
    state: OrderState, part: Part, command: AmendPromise, agreed: _Agreed, facts: Facts
) -> list[OrderEvent] | Refusal:
    promise = part.promise(command.promise)
    if promise is None:
        return _UNKNOWN
    due_at = command.due_at
    farthest = facts.now + AHEAD_MAX
    if due_at is not None and due_at > farthest:
        return TOO_FAR
    if command.on is not None:
        if command.on > farthest.date():
            return TOO_FAR
        due_at = end_of(day=command.on, zone=ZoneInfo(state.timezone))
    assert due_at is not None
    assert state.placed_at is not None
    if due_at == promise.base_at:
        return []
    if agreed.used:
        return _USED
    if promise.verdict is Verdict.KEPT:
        return _SETTLED
    runs_until = effective_due(state=state, part=part, kind=command.promise)
    if missed(kind=command.promise, due_at=runs_until, at=agreed.given_at):
        return _SETTLED
    if promise.consented_at is not None and agreed.given_at < promise.consented_at:
        return _SUPERSEDED
    if due_at <= state.placed_at:
        return Refusal("promise_before_order", "a deadline lies after the order is placed")
    if due_at <= agreed.given_at:
        return Refusal("amendment_in_past", "a deadline that could still be met")
    presale = state.presale(part.number)
    if presale is not None and presale.paid_at is None and due_at < presale.pay_until:
        # It would be broken by a consumer who pays when they may.
        return Refusal("promise_before_payment", "no deadline before the window's end")
    events: list[OrderEvent] = [
        PromiseAmended(
            **state.about(part.number, facts.now),
            promise=command.promise,
            consent=agreed.consent,
            due_at=due_at,
            original_due_at=promise.due_at,
            given_at=agreed.given_at,
            spent=state.remembers_consent,
        )
    ]
    # Who agreed to a later day no longer waits for what was expected before.
    expected_at = part.estimate_at if command.promise is PromiseKind.DELIVERY else None
    if expected_at is not None and expected_at < due_at:
        events.append(EstimateMoved(**state.about(part.number, facts.now), estimate_at=due_at))
    return events


def relieve(
    *, state: OrderState, part: Part, command: GrantRelief, facts: Facts
) -> list[OrderEvent] | Refusal:
    """The relief, none where it was granted already. It has to be known before it is needed."""
    promise = part.promise(command.promise)
    if promise is None:
        return _UNKNOWN
    base = promise.base_at
    for known in state.reliefs:
        if (known.id, known.part, known.promise) == (command.relief, part.number, command.promise):
            same = known.extends_seconds == command.extends_seconds
            return [] if same else Refusal("relief_differs", "granted with another length")
    if not 0 < command.extends_seconds <= RELIEF_SECONDS_MAX:
        return Refusal("relief_length", f"1 to {RELIEF_SECONDS_MAX} seconds", "extends_seconds")
    if command.published_at > facts.now:
        return Refusal("relief_unpublished", "published already", "published_at")
    if command.published_at >= base:
        return Refusal("relief_too_late", "published before the deadline", "published_at")
    if len(state.reliefs) >= RELIEFS_MAX:
        return Refusal("reliefs_too_many", f"at most {RELIEFS_MAX} in an order")
    relieved = base + timedelta(seconds=command.extends_seconds)
    return [
        ReliefGranted(
            **state.about(part.number, facts.now),
            promise=command.promise,
            relief=command.relief,
            published_at=command.published_at,
            extends_seconds=command.extends_seconds,
            due_at=max(relieved, effective_due(state=state, part=part, kind=command.promise)),
            original_due_at=promise.due_at,
            reason=command.reason,
        )
    ]
