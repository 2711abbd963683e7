"""Reads the TOML files of one market into rows, and collects everything that is wrong with them."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from oncedesk.domain.shared.records import Record
from oncedesk.rules.fields import field_types, required_keys, why_not
from oncedesk.rules.problems import PackError
from oncedesk.rules.rows import PackHead, Problem, Row, day_problems
from oncedesk.rules.tables import ROWS, VALUE_ROWS

FILE_BYTES_MAX = 1_000_000
INTEGER_BITS = 64
"""What TOML promises; a number far beyond cannot even be named in an error."""
_INTEGERS = 1 << (INTEGER_BITS - 1)
_ROW_TYPES = {row.table: row for row in ROWS}
_NAMED_BY = {
    "skill": "skill",
    "issue": "issue",
    "calendar": "name",
    "reason": "reason",
    "category": "category",
}
_LABELLED_BY = {row.table: ("key",) for row in VALUE_ROWS} | {
    "skill": ("skill",),
    "issue": ("issue",),
    "clock": ("issue", "desk", "clock"),
    "calendar": ("name",),
    "special_day": ("calendar", "day"),
    "gate": ("kind",),
    "gate_words": ("name",),
    "gate_host": ("host",),
    "reason": ("reason",),
    "category": ("category",),
    "return": ("kind", "reason"),
    "remedy": ("kind", "reason", "stage", "category", "only_if"),
    "authority": ("desk", "role", "currency"),
    "compensation": ("breach", "currency"),
    "compensation_cap": ("per", "currency"),
    "presale": ("category",),
    "price_protection": ("category",),
    "budget": ("name", "currency"),
}
_LABEL_LENGTH_MAX = 80


class Place(Record, frozen=True):
    """Where a row stands, and what it is about; rows of a table count from 1 in each file."""

    file: str
    table: str
    number: int
    about: str

    def __str__(self) -> str:
        return f"{self.file} {self.table}[{self.number}]"

    def error(self, field: str, expected: str) -> PackError:
        about = f" ({self.about})" if self.about else ""
        key = f"{self.table}[{self.number}].{field}{about}"
        return PackError(file=self.file, key=key, expected=expected)


class Placed(Record, frozen=True):
    """A row that has the right types, and where it stands."""

    row: Row
    place: Place


class Written(Record, frozen=True):
    """What stands in a folder. `named` are the skills, issues and calendars that are written down,
    also those whose row has an error, so that one error is not reported as many.
    """

    head: PackHead | None
    rows: Sequence[Placed]
    named: Mapping[str, frozenset[str]]
    errors: Sequence[PackError]


def read_written(folder: Path) -> Written:
    """Every row of every `*.toml` in a folder, and every error found on the way."""
    if not folder.is_dir():
        error = PackError(file=str(folder), key="", expected="expected a folder of TOML files")
        return Written(head=None, rows=(), named={}, errors=(error,))
    reader = _Reader()
    files = sorted(folder.glob("*.toml"))
    for path in files:
        reader.read(path)
    if not files:
        reader.errors.append(
            PackError(file=str(folder), key="", expected="expected at least one TOML file")
        )
    elif not reader.saw_head and not reader.unread:
        reader.errors.append(
            PackError(
                file="pack.toml", key="pack", expected="expected a table [pack]; it is missing"
            )
        )
    reader.errors.extend(_clashes(reader.rows))
    return Written(
        head=reader.head,
        rows=reader.rows,
        named={table: frozenset(names) for table, names in reader.named.items()},
        errors=reader.errors,
    )


class _Reader:
    def __init__(self) -> None:
        self.head: PackHead | None = None
        self.saw_head = False
        self.unread = False
        self.rows: list[Placed] = []
        self.named: dict[str, set[str]] = {table: set() for table in _NAMED_BY}
        self.errors: list[PackError] = []

    def read(self, path: Path) -> None:
        try:
            content = _content(path)
        except (OSError, ValueError) as error:
            self.unread = True
            self._error(path, "", _why_unread(error))
            return
        for table, value in content.items():
            if _too_large(value):
                self.unread = True
                self._error(path, table, f"expected integers of {INTEGER_BITS} bits")
            elif table == "pack":
                self._read_head(path, value)
            elif table not in _ROW_TYPES:
                known = ", ".join(("pack", *_ROW_TYPES))
                self._error(path, table, f"unknown table; expected one of {known}")
            elif not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
                self._error(path, table, f"expected rows, each under [[{table}]]")
            else:
                for number, row in enumerate(value, start=1):
                    self._read_row(_place(path, table, number, row), row)

    def _read_head(self, path: Path, value: object) -> None:
        if self.saw_head:
            self._error(path, "pack", "expected one table [pack] in all files; this is another")
            return
        self.saw_head = True
        if not isinstance(value, dict):
            self._error(path, "pack", "expected a table [pack]")
            return
        problems = list(_type_problems(value, PackHead))
        if not problems:
            self.head = msgspec.convert(value, PackHead)
            problems = list(day_problems("first_day", self.head.first_day))
        for field, expected in problems:
            self._error(path, f"pack.{field}", expected)

    def _read_row(self, place: Place, value: dict[str, Any]) -> None:
        name = value.get(_NAMED_BY.get(place.table, ""))
        if isinstance(name, str):
            self.named[place.table].add(name)
        row_type = _ROW_TYPES[place.table]
        problems = list(_type_problems(value, row_type))
        if not problems:
            row = msgspec.convert(value, row_type)
            problems = list(row.problems())
            if not problems:
                self.rows.append(Placed(row=row, place=place))
        self.errors.extend(place.error(field, expected) for field, expected in problems)

    def _error(self, path: Path, key: str, expected: str) -> None:
        self.errors.append(PackError(file=path.name, key=key, expected=expected))


def _content(path: Path) -> dict[str, Any]:
    if path.stat().st_size > FILE_BYTES_MAX:
        raise ValueError(f"more than {FILE_BYTES_MAX} bytes")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _too_large(content: object) -> bool:
    """Whether an integer in it, however deep, is none of TOML's."""
    left = [content]
    while left:
        match left.pop():
            case dict() as table:
                left += table.values()
            case list() as values:
                left += values
            case int() as number if not -_INTEGERS <= number < _INTEGERS:
                return True
    return False


def _why_unread(error: OSError | ValueError) -> str:
    match error:
        case UnicodeDecodeError():
            return f"expected UTF-8 text ({error.reason} at byte {error.start})"
        case tomllib.TOMLDecodeError():
            return f"expected TOML: {error}"
        case _:
            return f"cannot be read: {error}"


def _place(path: Path, table: str, number: int, value: Mapping[str, Any]) -> Place:
    about = "/".join(str(value[key]) for key in _LABELLED_BY[table] if key in value)
    return Place(file=path.name, table=table, number=number, about=about[:_LABEL_LENGTH_MAX])


def _type_problems(value: Mapping[str, Any], struct: type[Struct]) -> Iterator[Problem]:
    types = field_types(struct)
    for key in required_keys(struct):
        if key not in value:
            yield key, "this key is missing"
    for key, found in value.items():
        if key not in types:
            yield key, f"unknown key; expected one of {', '.join(types)}"
        elif reason := why_not(found, types[key]):
            yield key, reason


def _clashes(rows: Sequence[Placed]) -> Iterator[PackError]:
    """Rows about the same thing of which nobody could say which one holds."""
    groups: dict[tuple[str, str], list[Placed]] = {}
    for placed in rows:
        groups.setdefault((placed.row.table, placed.row.key), []).append(placed)
    for (_, key), group in groups.items():
        group.sort(key=lambda placed: placed.row.since)
        for older, newer in pairwise(group):
            where = str(older.place)
            if older.row.since == newer.row.since:
                yield newer.place.error(
                    "from", f"{key} has another row from {newer.row.since}, {where}"
                )
            elif _ends_after(older.row, newer.row.since):
                yield newer.place.error(
                    "from", f"{key} overlaps {where}, which holds until {older.row.until}"
                )


def _ends_after(row: Row, day: date) -> bool:
    return row.until is not None and row.until > day
