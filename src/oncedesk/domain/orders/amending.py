"""When a promise may change: by the consumer's recorded consent, or a relief published in time."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from oncedesk.domain.orders.messages import (
    AmendPromise,
    GrantRelief,
    OrderEvent,
    PromiseAmended,
    PromiseKind,
    ReliefGranted,
)
from oncedesk.domain.orders.promises import AHEAD_MAX, TOO_FAR, effective_due, end_of
from oncedesk.domain.orders.state import RELIEFS_MAX, OrderState, Part, Verdict
from oncedesk.domain.orders.vocabularies import PICKUP_POINTS, Handover
from oncedesk.domain.shared.bounds import RELIEF_SECONDS_MAX
from oncedesk.domain.shared.decider import Facts, Refusal

_SETTLED = Refusal("promise_settled", "a promise that still runs")
_UNKNOWN = Refusal("promise_unknown", "a promise that this part has", "promise")


def amend(
    *, state: OrderState, part: Part, command: AmendPromise, facts: Facts
) -> list[OrderEvent] | Refusal:
    """The amendment, none where it holds already. A promise that is kept or broken stays so."""
    if command.consent is None:
        return Refusal("consent_missing", "the consumer's message or command", "consent")
    said = [one for one in (command.on, command.due_at, command.handover) if one is not None]
    if len(said) != 1 or (command.handover is None) is (command.promise is PromiseKind.HANDOVER):
        return Refusal("amendment_unclear", "a day, a moment or a handover, as the promise is")
    if command.handover is not None:
        return _amend_handover(state, part, command, command.handover, command.consent, facts)
    return _amend_deadline(state, part, command, command.consent, facts)


def _amend_handover(
    state: OrderState,
    part: Part,
    command: AmendPromise,
    handover: Handover,
    consent: UUID,
    facts: Facts,
) -> list[OrderEvent] | Refusal:
    if handover is not Handover.DOOR and handover not in PICKUP_POINTS:
        return Refusal("handover_unknown", "door, locker or station", "handover")
    if part.asked_now is handover:
        return []
    if part.handover is not Verdict.OPEN or part.delivered_at is not None:
        return _SETTLED
    return [
        PromiseAmended(
            consumer=state.consumer,
            order=state.order,
            at=facts.now,
            part=part.number,
            promise=command.promise,
            consent=consent,
            handover=handover,
            original_handover=part.asked,
        )
    ]


def _amend_deadline(
    state: OrderState, part: Part, command: AmendPromise, consent: UUID, facts: Facts
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
    if due_at == (promise.amended_at or promise.due_at):
        return []
    if promise.verdict is not Verdict.OPEN:
        return _SETTLED
    if due_at <= state.placed_at:
        return Refusal("promise_before_order", "a deadline lies after the order is placed")
    if due_at <= facts.now:
        return Refusal("amendment_in_past", "a deadline that can still be met")
    return [
        PromiseAmended(
            consumer=state.consumer,
            order=state.order,
            at=facts.now,
            part=part.number,
            promise=command.promise,
            consent=consent,
            due_at=due_at,
            original_due_at=promise.due_at,
        )
    ]


def relieve(
    *, state: OrderState, part: Part, command: GrantRelief, facts: Facts
) -> list[OrderEvent] | Refusal:
    """The relief, none where it was granted already. It has to be known before it is needed."""
    promise = part.promise(command.promise)
    if promise is None:
        return _UNKNOWN
    for known in state.reliefs:
        if (known.id, known.part, known.promise) == (command.relief, part.number, command.promise):
            same = known.extends_seconds == command.extends_seconds
            return [] if same else Refusal("relief_differs", "granted with another length")
    if not 0 < command.extends_seconds <= RELIEF_SECONDS_MAX:
        return Refusal("relief_length", f"1 to {RELIEF_SECONDS_MAX} seconds", "extends_seconds")
    if command.published_at > facts.now:
        return Refusal("relief_unpublished", "published already", "published_at")
    if command.published_at >= (promise.amended_at or promise.due_at):
        return Refusal("relief_too_late", "published before the deadline", "published_at")
    if len(state.reliefs) >= RELIEFS_MAX:
        return Refusal("reliefs_too_many", f"at most {RELIEFS_MAX} in an order")
    base = promise.amended_at or promise.due_at
    relieved = base + timedelta(seconds=command.extends_seconds)
    return [
        ReliefGranted(
            consumer=state.consumer,
            order=state.order,
            at=facts.now,
            part=part.number,
            promise=command.promise,
            relief=command.relief,
            published_at=command.published_at,
            extends_seconds=command.extends_seconds,
            due_at=max(relieved, effective_due(state=state, part=part, kind=command.promise)),
            original_due_at=promise.due_at,
            reason=command.reason,
        )
    ]
