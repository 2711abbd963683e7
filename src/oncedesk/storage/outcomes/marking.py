"""Marks states whose outcomes have changed: with the event, and never for a plain contact.

A case that closes or is rated has its row already, and what becomes of it is told by the event
alone: the row is completed in place. Should it still have to be worked out, its mark is moved on
first, so that whoever is about to work it out without that event does it again. Of the two, the
mark is locked first, always.
"""

from collections.abc import Sequence
from itertools import chain

from oncedesk.domain.conversations.messages import (
    CaseClosed,
    CaseReopened,
    CaseResolved,
    CasesMerged,
    ServiceRated,
)
from oncedesk.domain.orders.messages import (
    BreachCorrected,
    DeliveryReopened,
    OfferReopened,
    PromiseBroken,
    PromiseKept,
    ShippingReopened,
)
from oncedesk.domain.remedies.messages.refunding import RefundSent
from oncedesk.domain.shared.refs import Kind
from oncedesk.storage.rows import ByKind, Rows, by_keys, insert, transpose

_MARK = insert(
    "outcome_due",
    "bucket stream kind version at",
    "smallint uuid text int timestamptz",
    conflict="ON CONFLICT (bucket, stream) DO UPDATE SET version = excluded.version",
)
_MOVE_ON = f"""
UPDATE outcome_due d SET version = k.v
FROM unnest($1::smallint[], $2::uuid[], $3::int[]) k(b, i, v)
WHERE {by_keys("d.bucket, d.stream", "k.b, k.i")}
"""  # noqa: S608 - constants
_COMPLETE = """
UPDATE outcome o SET closed_at = k.a, good = k.g
FROM unnest($1::smallint[], $2::uuid[], $3::int[], $4::timestamptz[], $5::bool[]) k(b, i, n, a, g)
WHERE o.bucket = k.b AND o.kind = 'case' AND o.stream = k.i AND o.number = k.n
"""
_RATE = """
UPDATE outcome o SET score = k.s
FROM unnest($1::smallint[], $2::uuid[], $3::int[], $4::smallint[]) k(b, i, n, s)
WHERE o.bucket = k.b AND o.kind = 'case' AND o.stream = k.i AND o.number = k.n
"""
_ENDS = {
    Kind.CONVERSATION: frozenset({CaseResolved, CaseReopened, CasesMerged}),
    Kind.ORDER: frozenset(
        {
            *(PromiseKept, PromiseBroken, BreachCorrected),
            *(ShippingReopened, DeliveryReopened, OfferReopened),
        }
    ),
    Kind.REMEDIES: frozenset({RefundSent}),
}


def rows(winners: ByKind) -> Sequence[Rows | None]:
    """What these states' events change of outcomes: marks, marks moved on, rows completed."""
    marked, moved, completed, rated = [], [], [], []
    for write in chain.from_iterable(winners[kind] for kind in _ENDS):
        ref, ends = write.ref, _ENDS[write.ref.kind]
        events = [event for one in write.decided for event in one.events]
        if any(type(event) in ends for event in events):
            marked.append((ref.bucket, ref.id, ref.kind.value, write.version, write.at))
            continue
        closings = [event for event in events if type(event) is CaseClosed]
        # Of two ratings of one case in a batch the later counts.
        scores = {event.case: event.score for event in events if type(event) is ServiceRated}
        if closings or scores:
            moved.append((ref.bucket, ref.id, write.version))
        completed += [
            (ref.bucket, ref.id, event.case, event.at, event.contact_once) for event in closings
        ]
        rated += [(ref.bucket, ref.id, case, score) for case, score in scores.items()]
    # In the order of their keys, as all rows are locked.
    return (
        transpose(sorted(marked), _MARK),
        transpose(sorted(moved), _MOVE_ON),
        transpose(sorted(completed), _COMPLETE),
        transpose(sorted(rated), _RATE),
    )
