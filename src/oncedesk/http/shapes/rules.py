"""Rule packs as people read them: tables with sources, what differs, and a year of a calendar."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from oncedesk.domain.shared.rulepack import Pack, Provenance
from oncedesk.rules.calendar_year import CalendarDay, DayKind
from oncedesk.rules.tabulating import ChangeKind, RowChange, RuleTable, Value

CHANGES_MAX = 2_000
Amount = Annotated[int, Meta(ge=0)]


class PackName(msgspec.Struct, frozen=True, kw_only=True):
    """Which pack it is."""

    pack_hash: str
    market: str
    version: str
    language: str


class OriginShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a row comes from and when it holds; not `firm`: our default, no source binds us."""

    source: str
    since: date
    firm: bool
    until: date | None = None


class RowShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row, its cells in the order of the columns; without `origin` the program's own default."""

    key: str
    cells: tuple[Value, ...]
    origin: OriginShape | None = None


class TableShape(msgspec.Struct, frozen=True, kw_only=True):
    """One table, named and with columns as in the reference of rule packs."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[RowShape, ...]


class PackTables(msgspec.Struct, frozen=True, kw_only=True):
    """A pack, and all in it."""

    pack: PackName
    tables: tuple[TableShape, ...]
    calendars: tuple[str, ...]


class CellChangeShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One value that differs; left out where the row is not there."""

    column: str
    before: Value | None = None
    after: Value | None = None


class RowChangeShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row that differs; `calendar_day` is a day of a calendar, holidays of a country too."""

    table: str
    key: str
    kind: ChangeKind
    cells: tuple[CellChangeShape, ...]
    before: OriginShape | None = None
    after: OriginShape | None = None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What is other in `after`; of more than two thousand rows the first. `total`: all of them."""

    before: PackName
    after: PackName
    items: tuple[RowChangeShape, ...]
    total: Amount


class DayShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A day and its hours, like `09:00-12:00 13:00-18:00`; empty where it is closed."""

    day: date
    kind: DayKind
    hours: str
    origin: OriginShape | None = None


class CalendarYear(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar of a pack, day by day."""

    calendar: str
    timezone: str
    year: int
    days: tuple[DayShape, ...]


def pack_name(pack: Pack) -> PackName:
    return PackName(
        pack_hash=pack.hash, market=pack.market, version=pack.version, language=pack.language
    )


def pack_tables(pack: Pack, tables: Sequence[RuleTable]) -> PackTables:
    return PackTables(
        pack=pack_name(pack),
        tables=tuple(_table(table) for table in tables),
        calendars=tuple(sorted(pack.calendars)),
    )


def difference_shape(before: Pack, after: Pack, changes: Sequence[RowChange]) -> Difference:
    return Difference(
        before=pack_name(before),
        after=pack_name(after),
        items=tuple(_change(change) for change in changes[:CHANGES_MAX]),
        total=len(changes),
    )


def calendar_shape(
    pack: Pack, *, calendar: str, year: int, days: Sequence[CalendarDay]
) -> CalendarYear:
    return CalendarYear(
        calendar=calendar,
        timezone=pack.calendars[calendar].timezone,
        year=year,
        days=tuple(
            DayShape(day=one.day, kind=one.kind, hours=one.hours, origin=origin_shape(one.origin))
            for one in days
        ),
    )


def origin_shape(origin: Provenance | None) -> OriginShape | None:
    if origin is None:
        return None
    return OriginShape(
        source=origin.source, since=origin.since, firm=origin.firm, until=origin.until
    )


def _table(table: RuleTable) -> TableShape:
    rows = tuple(
        RowShape(key=row.key, cells=row.cells, origin=origin_shape(row.origin))
        for row in table.rows
    )
    return TableShape(name=table.name, columns=table.columns, rows=rows)


def _change(change: RowChange) -> RowChangeShape:
    return RowChangeShape(
        table=change.table,
        key=change.key,
        kind=change.kind,
        cells=tuple(
            CellChangeShape(column=one.column, before=one.before, after=one.after)
            for one in change.cells
        ),
        before=origin_shape(change.before),
        after=origin_shape(change.after),
    )
