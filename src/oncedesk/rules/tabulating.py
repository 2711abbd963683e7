"""A pack as tables, row by row with where each comes from; and what differs between two packs.

The tables and keys are those in which packs are written (docs/reference/rule-packs.md), as far as
they hold in this pack. Values of groups that the pack says nothing about stand in them as well,
without an origin: they are the program's own.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, StrEnum
from operator import attrgetter
from typing import Any

import msgspec

from oncedesk.domain.shared.calendars import Calendar
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import Pack, Provenance
from oncedesk.rules.hours import format_hours
from oncedesk.rules.rows import WEEKDAYS
from oncedesk.rules.tables import ROWS

Value = str | int | bool

GROUPS: Mapping[str, str] = {
    "joining": "joining",
    "asking": "asking",
    "surge": "surge",
    "promise": "promises",
    "notice": "notice",
    "reminding": "reminding",
    "retention": "retention",
    "notifying": "notifying",
    "reveal": "reveal",
    "attachment": "attachment",
    "rating": "rating",
    "settling": "remedies.settling",
    "risk": "remedies.risk",
    "recovery": "remedies.recovery",
    "journey": "remedies.journey",
    "dispute": "remedies.dispute",
}
"""The tables of single values, and where a pack has them."""

CALENDAR_DAY = "calendar_day"
"""Not written in a pack: a day on which a calendar differs from its week, wherever that is from."""

_RULES = (
    *("issues", "clocks", "gate.rules", "remedies.rules", "remedies.reasons"),
    *("remedies.categories", "remedies.returns", "remedies.compensations", "remedies.caps"),
    *("remedies.authority", "remedies.budgets", "remedies.presales", "remedies.price_protections"),
)
"""Where a pack has the rules that carry the id of their row."""


class TableRow(Record, frozen=True):
    """One row; `cells` stand in the order of the table's columns."""

    key: str
    id: str
    cells: tuple[Value, ...]
    origin: Provenance | None


class RuleTable(Record, frozen=True):
    """All rows of one table that hold in this pack."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


class ChangeKind(StrEnum):
    """How a row differs; `sourced`: only where it comes from or until when it holds."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SOURCED = "sourced"


class CellChange(Record, frozen=True):
    """One value that differs; None where the row is not there."""

    column: str
    before: Value | None
    after: Value | None


class RowChange(Record, frozen=True):
    """One row that differs, and how."""

    table: str
    key: str
    kind: ChangeKind
    cells: tuple[CellChange, ...]
    before: Provenance | None
    after: Provenance | None


def tables_of(pack: Pack) -> tuple[RuleTable, ...]:
    """Every table in which something holds, in the order of the reference."""
    found = {table.name: table for table in _tables(pack) if table.rows}
    return tuple(found[row.table] for row in ROWS if row.table in found)


def difference(before: Pack, after: Pack) -> tuple[RowChange, ...]:
    """What is other in `after`, table by table; of calendars every day that is other."""
    old, new = _compared(before), _compared(after)
    names = [row.table for row in ROWS] + [CALENDAR_DAY]
    return tuple(
        change for name in names for change in _row_changes(name, old.get(name), new.get(name))
    )


def origin_of(pack: Pack, rule: str) -> tuple[tuple[str, Provenance], ...]:
    """The rows on which a rule rests, by their ids: its own, or those of its group of values."""
    own = pack.provenance.get(rule)
    if own is not None:
        return ((rule, own),)
    table, _, _ = rule.partition("@")
    return tuple(one for one in pack.provenance.items() if one[0].startswith(f"{table}/"))


def _tables(pack: Pack) -> Iterator[RuleTable]:
    rules: dict[str, list[Any]] = {}
    for place in _RULES:
        for rule in attrgetter(place)(pack).values():
            rules.setdefault(_split(rule.id)[0], []).append(rule)
    for name, found in rules.items():
        yield _of_rules(pack, name, found)
    yield _of_rules(pack, "gate_words", pack.gate.words)
    for name, place in GROUPS.items():
        yield _of_values(pack, name, attrgetter(place)(pack))
    yield _named(pack, "skill", pack.skills)
    yield _named(pack, "gate_host", pack.gate.hosts)
    yield _calendars(pack)
    yield _special_days(pack)


def _of_rules(pack: Pack, name: str, rules: Sequence[Any]) -> RuleTable:
    columns = tuple(field for field in rules[0].__struct_fields__ if field != "id") if rules else ()
    rows = [
        TableRow(
            key=_split(rule.id)[1],
            id=rule.id,
            cells=tuple(_value(getattr(rule, column)) for column in columns),
            origin=pack.provenance.get(rule.id),
        )
        for rule in rules
    ]
    return RuleTable(name, columns, tuple(sorted(rows, key=lambda row: row.key)))


def _of_values(pack: Pack, name: str, group: Any) -> RuleTable:
    ids = _ids(pack, name)
    rows = [
        TableRow(
            key=key,
            id=ids.get(key, ""),
            cells=(_value(value),),
            origin=pack.provenance.get(ids.get(key, "")),
        )
        for key, value in msgspec.structs.asdict(group).items()
        if key != "id"
    ]
    return RuleTable(name, ("value",), tuple(rows))


def _named(pack: Pack, name: str, words: Sequence[str]) -> RuleTable:
    ids = _ids(pack, name)
    rows = [TableRow(word, ids[word], (), pack.provenance[ids[word]]) for word in sorted(words)]
    return RuleTable(name, (), tuple(rows))


def _calendars(pack: Pack) -> RuleTable:
    ids = _ids(pack, "calendar")
    rows = []
    for name, calendar in sorted(pack.calendars.items()):
        week = tuple(format_hours(spans) for spans in calendar.week)
        origin = pack.provenance.get(ids.get(name, ""))
        rows.append(TableRow(name, ids.get(name, ""), (calendar.timezone, *week), origin))
    return RuleTable("calendar", ("timezone", *WEEKDAYS), tuple(rows))


def _special_days(pack: Pack) -> RuleTable:
    """Those that the pack itself says; holidays of a country stand in its calendars only."""
    rows = []
    for key, id_ in sorted(_ids(pack, "special_day").items()):
        name, _, day = key.partition("/")
        spans = {str(one): found for one, found in pack.calendars[name].special.items()}
        rows.append(TableRow(key, id_, (format_hours(spans[day]),), pack.provenance[id_]))
    return RuleTable("special_day", ("hours",), tuple(rows))


def _calendar_days(pack: Pack) -> RuleTable:
    ids = _ids(pack, "special_day")

    def row(calendar: Calendar, day: Any) -> TableRow:
        key = f"{calendar.name}/{day}"
        hours = format_hours(calendar.special[day])
        return TableRow(key, ids.get(key, ""), (hours,), pack.provenance.get(ids.get(key, "")))

    calendars = sorted(pack.calendars.values(), key=lambda one: one.name)
    rows = [row(calendar, day) for calendar in calendars for day in sorted(calendar.special)]
    return RuleTable(CALENDAR_DAY, ("hours",), tuple(rows))


def _compared(pack: Pack) -> Mapping[str, RuleTable]:
    """By name. What a special day comes to stands among the days of its calendar."""
    tables = [*tables_of(pack), _calendar_days(pack)]
    return {table.name: table for table in tables if table.name != "special_day"}


def _row_changes(name: str, old: RuleTable | None, new: RuleTable | None) -> Iterator[RowChange]:
    before = {row.key: row for row in old.rows} if old else {}
    after = {row.key: row for row in new.rows} if new else {}
    for key in sorted({*before, *after}):
        was, now = before.get(key), after.get(key)
        cells = tuple(_cell_changes(_cells(old, was), _cells(new, now)))
        kind = _kind(was, now, changed=bool(cells))
        if kind is not None:
            yield RowChange(
                table=name,
                key=key,
                kind=kind,
                cells=cells,
                before=None if was is None else was.origin,
                after=None if now is None else now.origin,
            )


def _kind(was: TableRow | None, now: TableRow | None, *, changed: bool) -> ChangeKind | None:
    if was is None:
        return ChangeKind.ADDED
    if now is None:
        return ChangeKind.REMOVED
    if changed:
        return ChangeKind.CHANGED
    return ChangeKind.SOURCED if was.origin != now.origin else None


def _cells(table: RuleTable | None, row: TableRow | None) -> Mapping[str, Value]:
    if table is None or row is None:
        return {}
    return dict(zip(table.columns, row.cells, strict=True))


def _cell_changes(before: Mapping[str, Value], after: Mapping[str, Value]) -> Iterator[CellChange]:
    for column in dict.fromkeys((*before, *after)):
        was, now = before.get(column), after.get(column)
        if was != now:
            yield CellChange(column, was, now)


def _ids(pack: Pack, table: str) -> Mapping[str, str]:
    """The ids of a table's rows by their keys."""
    rows = [(_split(id_), id_) for id_ in pack.provenance]
    return {key: id_ for (name, key), id_ in rows if name == table}


def _split(id_: str) -> tuple[str, str]:
    """The table and the key of a row's id, `market/table/key@day`."""
    _, table, rest = id_.split("/", 2)
    return table, rest.rpartition("@")[0]


def _value(value: Any) -> Value:
    match value:
        case Enum():
            return str(value.value)
        case tuple():
            return ", ".join(str(_value(one)) for one in value)
        case bool() | int() | str():
            return value
        case _:
            return "" if value is None else str(value)
