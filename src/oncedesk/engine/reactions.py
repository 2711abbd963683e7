"""Which event asks which other state for what: the one place where the domain packages meet."""

from collections.abc import Callable, Sequence
from typing import Any

from oncedesk.domain.agents.messages import CapacityReserved, ReleaseCapacity, WorkLeft
from oncedesk.domain.conversations.messages import (
    AssignCase,
    AssignmentDeclined,
    CaseUnassigned,
    NoteBreachCorrected,
    OpenForBreach,
    ReturnToQueue,
    UnassignReason,
)
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.orders.messages import BreachCorrected, PromiseBroken
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import Ref

Reaction = Callable[[Any, Ref, Any], Sequence[Command]]


def _place_case(event: CapacityReserved, _source: Ref, _state: object) -> Sequence[Command]:
    return (
        AssignCase(
            consumer=event.consumer,
            conversation=event.conversation,
            case=event.case,
            agent=event.agent,
            desk=event.desk,
        ),
    )


def _give_place_back(
    event: CaseUnassigned | AssignmentDeclined, source: Ref, _state: object
) -> Sequence[Command]:
    return (
        ReleaseCapacity(
            agent=event.agent, conversation=source.id, case=event.case, reason=event.reason.value
        ),
    )


def _requeue(event: WorkLeft, _source: Ref, _state: object) -> Sequence[Command]:
    return (
        ReturnToQueue(
            consumer=event.consumer,
            conversation=event.conversation,
            case=event.case,
            agent=event.agent,
            reason=UnassignReason(event.reason.value),
            note=event.note,
        ),
    )


def _open_service(event: PromiseBroken, source: Ref, _state: object) -> Sequence[Command]:
    """A broken promise opens service before the consumer asks."""
    return (
        OpenForBreach(
            consumer=event.consumer,
            subject=Subject(SubjectKind.ORDER, source.id, event.part),
            market=event.market,
            breach=event.breach.value,
            promise=event.promise,
            due_at=event.due_at,
            merchant=event.merchant,
            creator=event.creator,
            language=event.language,
        ),
    )


def _take_back(event: BreachCorrected, source: Ref, _state: object) -> Sequence[Command]:
    return (
        NoteBreachCorrected(
            consumer=event.consumer,
            subject=Subject(SubjectKind.ORDER, source.id, event.part),
            promise=event.promise,
            breach=event.breach.value,
        ),
    )


_TABLE: dict[type, Reaction] = {
    CapacityReserved: _place_case,
    CaseUnassigned: _give_place_back,
    AssignmentDeclined: _give_place_back,
    WorkLeft: _requeue,
    PromiseBroken: _open_service,
    BreachCorrected: _take_back,
}


def commands(event: Any, source: Ref, state: Any) -> Sequence[Command]:
    """What this event asks of others; `state` is the source after the command."""
    reaction = _TABLE.get(type(event))
    return () if reaction is None else reaction(event, source, state)
