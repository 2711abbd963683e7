"""The rows of macros: texts with variables, a desk's own, in both languages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.shared.articles import IssueName
from oncedesk.domain.shared.bounds import one_line
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk
from oncedesk.domain.shared.templates import TEMPLATE_LENGTH_MAX
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.readers import NotSeen, Reader

MACROS_MAX = 500
"""Of one desk; those that come after by name are not offered."""

_COLUMNS = "id, version, desk, name, body, retired_at, changed_at, changed_by"
_OF_DESKS = f"""
SELECT m.* FROM unnest($1::text[]) k(d) CROSS JOIN LATERAL (
    SELECT {_COLUMNS} FROM macro WHERE desk = k.d AND retired_at IS NULL
    ORDER BY desk, name, id LIMIT $2) m
ORDER BY m.desk, m.name, m.id
"""  # noqa: S608 - constants
_ONE = f"SELECT {_COLUMNS} FROM macro WHERE id = $1"  # noqa: S608 - constants
_INSERT = """
INSERT INTO macro (id, version, desk, name, body, changed_at, changed_by)
VALUES ($1, 1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""
_UPDATE = """
UPDATE macro SET version = version + 1, name = $4, body = $5, changed_at = $6, changed_by = $7,
    retired_at = NULL
WHERE id = $1 AND version = $2 AND desk = $3
"""
# Who has read it before that does not bring it back without knowing.
_RETIRE = """
UPDATE macro SET version = version + 1, retired_at = $2 WHERE id = $1 AND retired_at IS NULL
"""

MacroText = Annotated[str, Meta(min_length=1, max_length=TEMPLATE_LENGTH_MAX)]


class Macro(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What it says, in both languages; offered first for these issues."""

    name: Annotated[str, one_line(80)]
    zh: MacroText
    en: MacroText
    issues: Annotated[tuple[IssueName, ...], Meta(max_length=24)] = ()


class StoredMacro(Record, frozen=True, kw_only=True):
    """A macro as it stands, and whose it is."""

    id: UUID
    version: int
    desk: str
    macro: Macro
    changed_at: datetime
    changed_by: str
    retired: bool = False


_decode = msgspec.json.Decoder(Macro).decode


class Macros:
    """Reads and writes macros. Who may write is asked before."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def of_desks(self, *, reader: Reader, desks: Sequence[Desk]) -> Sequence[StoredMacro]:
        """Those of these desks, by desk and name. Raises `NotSeen` for a desk not the reader's."""
        if not reader.runs and not set(desks) <= set(reader.desks):
            raise NotSeen
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_OF_DESKS, [str(desk) for desk in desks], MACROS_MAX)
        return [_stored(row) for row in rows]

    async def one(self, *, reader: Reader, id_: UUID) -> StoredMacro:
        """A macro of a desk of the reader's. Raises `NotSeen`."""
        found = await self.standing(reader=reader, id_=id_)
        if found is None:
            raise NotSeen
        return found

    async def standing(self, *, reader: Reader, id_: UUID) -> StoredMacro | None:
        """What is to be written over; None: nothing yet. Raises `NotSeen` where it is others'."""
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(_ONE, id_)
        found = None if row is None else _stored(row)
        if found is None or reader.runs or found.desk in {str(desk) for desk in reader.desks}:
            return found
        raise NotSeen

    async def put(
        self, id_: UUID, macro: Macro, *, desk: Desk, seen: int, by: str, now: datetime
    ) -> StoredMacro | None:
        """Write it over the version that was `seen` (0: there is none). None: it is another now."""
        body = msgspec.json.encode(macro).decode()
        async with connected(self._pool) as connection:
            if seen:
                done = await connection.execute(
                    _UPDATE, id_, seen, str(desk), macro.name, body, now, by
                )
            else:
                done = await connection.execute(_INSERT, id_, str(desk), macro.name, body, now, by)
        if done.endswith(" 0"):
            return None
        return StoredMacro(
            id=id_, version=seen + 1, desk=str(desk), macro=macro, changed_at=now, changed_by=by
        )

    async def retire(self, id_: UUID, *, now: datetime) -> None:
        """It is offered no more."""
        async with connected(self._pool) as connection:
            await connection.execute(_RETIRE, id_, now)


def _stored(row: Any) -> StoredMacro:
    id_, version, desk, _, body, retired_at, at, by = row
    return StoredMacro(
        id=id_,
        version=version,
        desk=desk,
        macro=_decode(body),
        changed_at=at,
        changed_by=by,
        retired=retired_at is not None,
    )
