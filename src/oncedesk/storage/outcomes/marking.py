"""Marks states whose outcomes have changed: with the event, and never for a plain contact."""

from collections.abc import Sequence

from oncedesk.domain.conversations.messages import (
    CaseClosed,
    CaseReopened,
    CaseResolved,
    CasesMerged,
)
from oncedesk.domain.orders.messages import BreachCorrected, PromiseBroken, PromiseKept
from oncedesk.domain.remedies.messages.refunding import RefundSent
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.ports import StateWrite
from oncedesk.storage.rows import Rows, insert, transpose

_MARK = insert(
    "outcome_due",
    "bucket stream kind version at",
    "smallint uuid text int timestamptz",
    conflict="ON CONFLICT (bucket, stream) DO UPDATE SET version = excluded.version",
)
_ENDS = {
    Kind.CONVERSATION: frozenset({CaseResolved, CaseClosed, CaseReopened, CasesMerged}),
    Kind.ORDER: frozenset({PromiseKept, PromiseBroken, BreachCorrected}),
    Kind.REMEDIES: frozenset({RefundSent}),
}


def rows(winners: Sequence[StateWrite]) -> Sequence[Rows | None]:
    """A mark for each of these states in which something has ended, or has not after all."""
    marked = []
    for write in winners:
        ends = _ENDS.get(write.ref.kind)
        if ends is not None and any(
            type(event) in ends for one in write.decided for event in one.events
        ):
            ref = write.ref
            marked.append((ref.bucket, ref.id, ref.kind.value, write.version, write.at))
    return (transpose(marked, _MARK),)
