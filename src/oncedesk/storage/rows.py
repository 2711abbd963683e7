"""Rows on their way into tables: copied as they are, or by a statement over `unnest`."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import Any

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.ports import StateWrite

ByKind = Mapping[Kind, Sequence[StateWrite]]
"""The states that a batch has written; every kind is there."""
Keyed = Iterable[tuple[tuple[Any, ...], Sequence[Any]]]
"""Rows by their keys."""
_PARAMETER = re.compile(r"\$(\d+)")


class Table(Record, frozen=True):
    """One to which rows are added; `insert` does it with arrays, one a column."""

    name: str
    columns: Sequence[str]
    insert: str


class Added(Record, frozen=True):
    """Rows that are simply added, with nothing that could stand in their way."""

    table: Table
    rows: Sequence[Sequence[Any]]


class Rows(Record, frozen=True):
    """Columns of equal length, in the order of the statement's parameters."""

    statement: str
    columns: Sequence[Sequence[Any]]

    @property
    def count(self) -> int:
        return len(self.columns[0])


def by_kind(winners: Iterable[StateWrite]) -> ByKind:
    """Sorted once: most tables are about one kind of state only, and most batches about few."""
    found: dict[Kind, list[StateWrite]] = {kind: [] for kind in Kind}
    for write in winners:
        found[write.ref.kind].append(write)
    return found


def table(name: str, columns: str, types: str) -> Table:
    """Names and types stand side by side, space-separated."""
    names, kinds = columns.split(), types.split()
    assert len(names) == len(kinds)
    quoted = ", ".join(f'"{one}"' for one in names)
    arrays = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(kinds, start=1))
    statement = f"INSERT INTO {name} ({quoted}) SELECT * FROM unnest({arrays})"  # noqa: S608 - constants
    return Table(name, names, statement)


def insert(name: str, columns: str, types: str, *, conflict: str = "") -> str:
    """The statement that adds rows to such a `table`; `conflict` where one may be there already."""
    return f"{table(name, columns, types).insert} {conflict}"


def at_once(several: Sequence[Rows]) -> Rows:
    """One statement that does what these do, each to a table of its own: where rows are few, the
    round trips cost more than they do."""
    statement = _at_once(tuple(one.statement for one in several))
    return Rows(statement, [*chain.from_iterable(one.columns for one in several)])


@lru_cache(maxsize=256)
def _at_once(statements: tuple[str, ...]) -> str:
    """The others stand before the last, and PostgreSQL carries them out though nothing uses them.
    The parameters are counted on from one to the next."""
    counted: list[str] = []
    used = 0
    for statement in statements:
        counted.append(_PARAMETER.sub(partial(_counted_on, used), statement))
        used += max(int(number) for number in _PARAMETER.findall(statement))
    *before, last = counted
    named = ", ".join(f"t{number} AS ({one})" for number, one in enumerate(before))
    return f"WITH {named} {last}" if named else last


def _counted_on(used: int, parameter: "re.Match[str]") -> str:
    return f"${used + int(parameter[1])}"


def transpose(rows: Sequence[Sequence[Any]], statement: str) -> Rows | None:
    """Rows as columns; None where there are none."""
    return Rows(statement, list(map(list, zip(*rows, strict=True)))) if rows else None


def changed(
    writes: Sequence[StateWrite],
    *,
    keyed: Callable[[Any, int], Keyed],
    remove: str,
    upsert: str,
) -> Sequence[Rows | None]:
    """What these states' changes do to a list: rows gone, rows come or changed.

    `keyed` gives the rows of a state, which may be None, in this bucket.
    """
    gone: list[Sequence[Any]] = []
    come: list[Sequence[Any]] = []
    for write in writes:
        before = dict(keyed(write.before.state, write.ref.bucket))
        after = dict(keyed(write.after, write.ref.bucket))
        gone += [key for key in before if key not in after]
        come += [row for key, row in after.items() if before.get(key) != row]
    return transpose(gone, remove), transpose(come, upsert)
