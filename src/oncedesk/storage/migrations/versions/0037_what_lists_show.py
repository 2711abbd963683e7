"""The lists know when a case came to a desk; and whether a deadline was missed, and who is on duty,
also of cases and agents that have not changed since that is shown.

States are looked up by the rows of the lists: however many are over, only what is open is read.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from alembic import op

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.storage.views.inbox import next_clock
from oncedesk.storage.views.seats import encoded, seat_of

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_AT_ONCE = 1_000
_ROWS = sa.text(
    "SELECT bucket, conversation, case_number, consumer FROM inbox "
    "WHERE (bucket, conversation, case_number) > "
    "(CAST(:bucket AS smallint), CAST(:id AS uuid), CAST(:number AS smallint)) "
    "ORDER BY bucket, conversation, case_number LIMIT :most"
)
_STATES = sa.text(
    "SELECT s.bucket, s.id, s.body "
    "FROM unnest(CAST(:buckets AS smallint[]), CAST(:ids AS uuid[])) k(b, i) "
    "JOIN state s ON s.bucket = k.b AND s.id = k.i"
)
_LATE = sa.text(
    "UPDATE inbox i SET late = true FROM unnest(CAST(:buckets AS smallint[]), "
    "CAST(:ids AS uuid[]), CAST(:numbers AS smallint[])) k(b, i, n) "
    "WHERE i.bucket = k.b AND i.conversation = k.i AND i.case_number = k.n AND NOT i.late"
)
_AGENTS = sa.text("SELECT bucket, agent FROM seat ORDER BY bucket, agent")
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
    for page in _rows(connection):
        places = [(bucket_of(consumer), id_) for _, id_, _, consumer in page]
        late = {
            (id_, case.number)
            for _, id_, body in _states(connection, places)
            for case in decode(body).cases
            if case.is_open and next_clock(case)[2]
        }
        found = [row for row in page if (row[1], row[2]) in late]
        wanted = {
            "buckets": [bucket for bucket, _, _, _ in found],
            "ids": [id_ for _, id_, _, _ in found],
            "numbers": [number for _, _, number, _ in found],
        }
        connection.execute(_LATE, wanted)


def _write_seats(connection: sa.Connection) -> None:
    decode = msgspec.msgpack.Decoder(AgentState).decode
    places = [(bucket, id_) for bucket, id_ in connection.execute(_AGENTS)]
    for start in range(0, len(places), _AT_ONCE):
        page = _states(connection, places[start : start + _AT_ONCE])
        seats = [(bucket, seat_of(decode(body))) for bucket, _, body in page]
        found = {
            "buckets": [bucket for bucket, _ in seats],
            "ids": [seat.agent for _, seat in seats],
            "rooms": [seat.room for _, seat in seats],
            "bodies": [encoded(seat) for _, seat in seats],
        }
        connection.execute(_SEATS, found)


def _rows(connection: sa.Connection) -> Iterator[Sequence[Any]]:
    """The rows of open cases, as the table's key has them."""
    after = {"bucket": -1, "id": str(UUID(int=0)), "number": 0}
    while page := connection.execute(_ROWS, {**after, "most": _AT_ONCE}).fetchall():
        yield page
        bucket, id_, number, _ = page[-1]
        after = {"bucket": bucket, "id": str(id_), "number": number}


def _states(connection: sa.Connection, places: Sequence[tuple[int, UUID]]) -> Sequence[Any]:
    wanted = {"buckets": [bucket for bucket, _ in places], "ids": [id_ for _, id_ in places]}
    return connection.execute(_STATES, wanted).fetchall()
