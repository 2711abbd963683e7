"""The lists know when a case came to a desk; and whether a deadline was missed, and who is on duty,
also of cases and agents that have not changed since that is shown.
"""

from collections.abc import Iterator

import msgspec
import sqlalchemy as sa
from alembic import op

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.conversations.state import Conversation
from oncedesk.storage.views.inbox import next_clock
from oncedesk.storage.views.seats import encoded, seat_of

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000
_STATES = sa.text(
    "SELECT bucket, id, body FROM state WHERE kind = :kind AND (open OR NOT :open) "
    "AND (bucket, id) > (CAST(:bucket AS smallint), CAST(:id AS uuid)) "
    "ORDER BY bucket, id LIMIT :most"
)
_LATE = sa.text(
    "UPDATE inbox i SET late = true "
    "FROM unnest(CAST(:ids AS uuid[]), CAST(:numbers AS smallint[])) k(i, n) "
    "WHERE i.conversation = k.i AND i.case_number = k.n AND NOT i.late"
)
_SEATS = sa.text(
    "UPDATE seat s SET room = k.r, body = k.d FROM unnest(CAST(:buckets AS smallint[]), "
    "CAST(:ids AS uuid[]), CAST(:rooms AS smallint[]), CAST(:bodies AS bytea[])) k(b, i, r, d) "
    "WHERE s.bucket = k.b AND s.agent = k.i"
)


def upgrade() -> None:
    op.add_column("inbox", sa.Column("came_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE inbox SET came_at = queued_at")
    op.alter_column("inbox", "came_at", nullable=False)
    connection = op.get_bind()
    _note_late(connection)
    _write_seats(connection)


def _note_late(connection: sa.Connection) -> None:
    decode = msgspec.msgpack.Decoder(Conversation).decode
    late = [
        (id_, case.number)
        for page in _pages(connection, "conversation", is_open=True)
        for _, id_, body in page
        for case in decode(body).cases
        if case.is_open and next_clock(case)[2]
    ]
    if late:
        # In one go: no index finds these rows by what is known here.
        ids, numbers = zip(*late, strict=True)
        connection.execute(_LATE, {"ids": list(ids), "numbers": list(numbers)})


def _write_seats(connection: sa.Connection) -> None:
    decode = msgspec.msgpack.Decoder(AgentState).decode
    for page in _pages(connection, "agent", is_open=False):
        seats = [(bucket, seat_of(decode(body))) for bucket, _, body in page]
        found = {
            "buckets": [bucket for bucket, _ in seats],
            "ids": [seat.agent for _, seat in seats],
            "rooms": [seat.room for _, seat in seats],
            "bodies": [encoded(seat) for _, seat in seats],
        }
        connection.execute(_SEATS, found)


def _pages(
    connection: sa.Connection, kind: str, *, is_open: bool
) -> Iterator[list[tuple[int, object, bytes]]]:
    """States of this kind, all or the open ones."""
    bucket, id_ = -1, "00000000-0000-0000-0000-000000000000"
    while True:
        found = connection.execute(
            _STATES,
            {"kind": kind, "open": is_open, "bucket": bucket, "id": id_, "most": _AT_ONCE},
        )
        page = [(row[0], row[1], row[2]) for row in found]
        if not page:
            return
        yield page
        bucket, id_ = page[-1][0], str(page[-1][1])
