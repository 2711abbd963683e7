"""What a desk follows of remedies without having to act: one row each, in the desk's bucket."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from oncedesk.domain.remedies.authorising import borne_by_yes
from oncedesk.domain.remedies.following import What, followed
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, Kind
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.rows import ByKind, Keyed, Rows, changed, insert
from oncedesk.storage.views.inbox import desk_bucket, desk_buckets
from oncedesk.storage.views.readers import Reader, refuse_strangers

PAGE_MAX = 100

_UPSERT = insert(
    "remedy_follow",
    "bucket desk order_id number what consumer kind reason status amount_minor own_minor currency "
    "due_at requested_at conversation case_number",
    "smallint text uuid smallint text uuid text text text bigint bigint text "
    "timestamptz timestamptz uuid smallint",
    conflict="ON CONFLICT (bucket, desk, order_id, number, what) DO UPDATE SET "
    "kind = excluded.kind, reason = excluded.reason, status = excluded.status, "
    "amount_minor = excluded.amount_minor, own_minor = excluded.own_minor, "
    "due_at = excluded.due_at",
)
_REMOVE = """
DELETE FROM remedy_follow f
USING unnest($1::smallint[], $2::text[], $3::uuid[], $4::smallint[], $5::text[]) k(b, d, o, n, w)
WHERE f.bucket = k.b AND f.desk = k.d AND f.order_id = k.o AND f.number = k.n AND f.what = k.w
"""
_PAGE = """
SELECT h.* FROM unnest($3::text[]) k(w)
CROSS JOIN LATERAL (
    SELECT f.consumer, f.order_id, f.number, f.what, f.kind, f.reason, f.status, f.amount_minor,
           f.own_minor, f.currency, f.due_at, f.requested_at, f.conversation, f.case_number
    FROM remedy_follow f
    WHERE f.bucket = $1 AND f.desk = $2 AND f.what = k.w
      AND (f.due_at, f.order_id, f.number, f.what) > ($4, $5, $6, $7)
    ORDER BY f.due_at, f.order_id, f.number LIMIT $8
) h
ORDER BY h.due_at, h.order_id, h.number, h.what LIMIT $8
"""


class FollowedRemedy(Record, frozen=True):
    """A remedy that the desk follows; `due_at` is when that is over at the latest, or can be."""

    consumer: UUID
    order: UUID
    number: int
    what: str
    kind: str
    reason: str
    status: str
    amount_minor: int
    own_minor: int
    currency: str
    due_at: datetime
    requested_at: datetime
    conversation: UUID | None
    case: int | None


class FollowPosition(Record, frozen=True):
    """Where the last page ended."""

    due_at: datetime
    order: UUID
    number: int
    what: str


def rows(winners: ByKind) -> Sequence[Rows | None]:
    """What these states' changes do to the lists: rows gone, rows come or changed."""
    return changed(winners[Kind.REMEDIES], keyed=_followed, remove=_REMOVE, upsert=_UPSERT)


def _followed(state: Remedies | None, bucket: int) -> Keyed:
    """The rows of what is followed, by their keys."""
    for remedy in () if state is None else state.live:
        assert state is not None
        for one in followed(state=state, remedy=remedy):
            desk = str(one.desk)
            place = desk_bucket(one.desk, bucket)
            key = (place, desk, state.order, remedy.number, one.what.value)
            borne = borne_by_yes(remedy)
            own = (share.minor for share in borne if share.party == one.desk.party)
            shown = (
                state.consumer,
                *(remedy.kind.value, remedy.reason, remedy.status.value),
                *(remedy.amount_minor, sum(own), state.currency, one.due_at, remedy.requested_at),
                None if remedy.case is None else remedy.case.conversation,
                None if remedy.case is None else remedy.case.case,
            )
            yield key, (*key, *shown)


class FollowedRemedies:
    """Answers what a desk follows."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def page(
        self,
        *,
        reader: Reader,
        desk: Desk,
        what: Sequence[What],
        after: FollowPosition | None,
        limit: int,
    ) -> Sequence[FollowedRemedy]:
        """Those followed for one of these reasons, the first over first; at most 100.

        Raises `NotSeen` for strangers.
        """
        refuse_strangers(reader, desk)
        (bucket,) = desk_buckets(desk)
        start = after or FollowPosition(datetime.min.replace(tzinfo=UTC), UUID(int=0), 0, "")
        async with connected(self._pool) as connection:
            found = await connection.fetch(
                _PAGE,
                bucket,
                str(desk),
                [one.value for one in what],
                *(start.due_at, start.order, start.number, start.what),
                min(limit, PAGE_MAX),
            )
        return [FollowedRemedy(*row) for row in found]
