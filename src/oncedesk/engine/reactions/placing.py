"""Cases get to agents and away from them: what their places and the cases ask of each other."""

from collections.abc import Sequence

from oncedesk.domain.agents.messages import CapacityReserved, ReleaseCapacity, WorkLeft
from oncedesk.domain.conversations.messages import (
    AssignCase,
    AssignmentDeclined,
    CaseUnassigned,
    ReturnToQueue,
    UnassignReason,
)
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import Ref


def place_case(event: CapacityReserved, _source: Ref, _state: object) -> Sequence[Command]:
    return (
        AssignCase(
            consumer=event.consumer,
            conversation=event.conversation,
            case=event.case,
            agent=event.agent,
            desk=event.desk,
            given=event.given,
        ),
    )


def give_place_back(
    event: CaseUnassigned | AssignmentDeclined, source: Ref, _state: object
) -> Sequence[Command]:
    return (
        ReleaseCapacity(
            agent=event.agent, conversation=source.id, case=event.case, reason=event.reason.value
        ),
    )


def requeue(event: WorkLeft, _source: Ref, _state: object) -> Sequence[Command]:
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
