"""Rows on their way into one table: copied as they are, or by a statement over `unnest`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.ports import StateWrite

ByKind = Mapping[Kind, Sequence[StateWrite]]
"""The states that a batch has written; every kind is there."""
Keyed = Iterable[tuple[tuple[Any, ...], Sequence[Any]]]
"""Rows by their keys."""


class Copied(Record, frozen=True):
    """Rows that are simply added, by COPY: the cheapest way on both sides."""

    table: str
    columns: Sequence[str]
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


def insert(table: str, columns: str, types: str, *, conflict: str = "") -> str:
    """An INSERT of arrays, one a column; names and types stand side by side, space-separated."""
    names, kinds = columns.split(), types.split()
    assert len(names) == len(kinds)
    arrays = ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(kinds, start=1))
    return (
        f"INSERT INTO {table} ({', '.join(names)}) "  # noqa: S608 - constants
        f"SELECT * FROM unnest({arrays}) {conflict}"
    )


def by_keys(columns: str, keys: str) -> str:
    """The condition that finds rows by keys in a table which is next to empty most of the time.

    By equalities, a plan that is made while it is reads the table from end to end, and is kept for
    a while when thousands of rows have come. Compared as rows, each key is looked up in the index.
    """
    return f"({columns}) BETWEEN ({keys}) AND ({keys})"


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
