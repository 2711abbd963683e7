"""The rows of saved views: an agent's own filters, and those that a desk shares."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from oncedesk.domain.shared.bounds import one_line
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.filtered import CaseFilter
from oncedesk.storage.views.readers import NotSeen, Reader

VIEWS_MAX = 200
"""Of one agent's, with those of their desks; what comes after by name is not offered, and where
there are so many no other is kept."""

_COLUMNS = "id, version, desk, agent, name, body, changed_at, changed_by"
_MINE = "desk = ANY($1::text[]) AND (agent IS NULL OR agent = $2)"
_RUNNING = "agent = $2 OR (agent IS NULL AND desk = ANY($1::text[]))"
_LIST = f"SELECT {_COLUMNS} FROM saved_view WHERE {{}} ORDER BY desk, name, id LIMIT $3"  # noqa: S608 - constants
_NUMBER = "SELECT count(*) FROM saved_view WHERE {}"
_ONE = f"SELECT {_COLUMNS} FROM saved_view WHERE id = $1"  # noqa: S608 - constants
_INSERT = """
INSERT INTO saved_view (id, version, desk, agent, name, body, changed_at, changed_by)
VALUES ($1, 1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""
_UPDATE = """
UPDATE saved_view SET version = version + 1, desk = $3, agent = $4, name = $5, body = $6,
    changed_at = $7, changed_by = $8
WHERE id = $1 AND version = $2
"""


class SavedView(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A filter with a name."""

    name: Annotated[str, one_line(80)]
    filter: CaseFilter


class StoredView(Record, frozen=True, kw_only=True):
    """A saved view; without `agent` it is everybody's at the desk."""

    id: UUID
    version: int
    desk: str
    agent: UUID | None
    view: SavedView
    changed_at: datetime
    changed_by: str


_decode = msgspec.json.Decoder(SavedView).decode


class SavedViews:
    """Reads and writes saved views. Who may share one is asked before."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def mine(self, *, reader: Reader, agent: UUID) -> Sequence[StoredView]:
        """The agent's own and those of their desks, by desk and name.

        Whoever runs the system keeps views at desks that are not theirs, and looks at the
        platform's.
        """
        statement, desks = _LIST.format(_offered(reader)), sorted(_desks(reader))
        async with connected(self._pool) as connection:
            rows = await connection.fetch(statement, desks, agent, VIEWS_MAX)
        return [_stored(row) for row in rows]

    async def one(self, *, reader: Reader, agent: UUID, id_: UUID) -> StoredView:
        """One of those. Raises `NotSeen`."""
        found = await self.standing(reader=reader, agent=agent, id_=id_)
        if found is None:
            raise NotSeen
        return found

    async def standing(self, *, reader: Reader, agent: UUID, id_: UUID) -> StoredView | None:
        """What is to be written over; None: nothing yet. Raises `NotSeen` where it is others'."""
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(_ONE, id_)
        found = None if row is None else _stored(row)
        if found is None:
            return None
        at_mine = reader.runs or found.desk in {str(desk) for desk in reader.desks}
        if not at_mine or found.agent not in (None, agent):
            raise NotSeen
        return found

    async def has_room(self, *, reader: Reader, agent: UUID, desk: Desk) -> bool:
        """Whether one more at this desk would still be offered to whoever keeps it."""
        statement, desks = _NUMBER.format(_offered(reader)), sorted({*_desks(reader), str(desk)})
        async with connected(self._pool) as connection:
            number: int = await connection.fetchval(statement, desks, agent)
        return number < VIEWS_MAX

    async def put(
        self,
        id_: UUID,
        view: SavedView,
        *,
        desk: Desk,
        agent: UUID | None,
        seen: int,
        by: str,
        now: datetime,
    ) -> StoredView | None:
        """Write it over the version that was `seen` (0: there is none). None: it is another now."""
        body = msgspec.json.encode(view).decode()
        values = (str(desk), agent, view.name, body, now, by)
        async with connected(self._pool) as connection:
            if seen:
                done = await connection.execute(_UPDATE, id_, seen, *values)
            else:
                done = await connection.execute(_INSERT, id_, *values)
        if done.endswith(" 0"):
            return None
        return StoredView(
            id=id_,
            version=seen + 1,
            desk=str(desk),
            agent=agent,
            view=view,
            changed_at=now,
            changed_by=by,
        )

    async def remove(self, id_: UUID) -> None:
        """It is gone."""
        async with connected(self._pool) as connection:
            await connection.execute("DELETE FROM saved_view WHERE id = $1", id_)


def _offered(reader: Reader) -> str:
    return _RUNNING if reader.runs else _MINE


def _desks(reader: Reader) -> set[str]:
    """Those whose shared views are the reader's, too."""
    return {str(desk) for desk in (*reader.desks, *((PLATFORM,) if reader.runs else ()))}


def _stored(row: Any) -> StoredView:
    id_, version, desk, agent, _, body, at, by = row
    return StoredView(
        id=id_,
        version=version,
        desk=desk,
        agent=agent,
        view=_decode(body),
        changed_at=at,
        changed_by=by,
    )
