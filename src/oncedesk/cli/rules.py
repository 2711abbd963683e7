"""`oncedesk rules`: check packs that somebody wrote, show what holds and why, and publish them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import msgspec
from cyclopts import App, Parameter
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from oncedesk.cli.publishing import print_published
from oncedesk.cli.session import parts, run, settings_or_exit
from oncedesk.domain.shared.calendars import HOLIDAYS_AHEAD, Calendar, Span
from oncedesk.domain.shared.rulepack import Pack, Provenance
from oncedesk.engine.entry import BadInput
from oncedesk.engine.ports import ConnectionLost
from oncedesk.publishing import Announcement, NotPublished, publish, zone_of
from oncedesk.rules.calendar_year import unknown_on
from oncedesk.rules.hours import format_hours
from oncedesk.rules.loading import (
    PACKS_FOLDER,
    RuleFolder,
    first_markets,
    load_builtin,
    load_folder,
    market_folders,
)
from oncedesk.rules.problems import PackError, PackInvalid
from oncedesk.rules.storing import pack_to_bytes
from oncedesk.rules.tabulating import RuleTable, Value, tables_of

app = App(name="rules", help="Check rule packs, show what holds on a day and why, and publish.")

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
REASON_LENGTH_MAX = 500
COLUMNS_MAX = 5


@app.command
def check(folder: Path, *, at: date | None = None) -> None:
    """Read every rule pack in a folder and name each error; exits with 1 if there is one.

    It also names the calendars whose public holidays end within three months, which is no error.

    Parameters
    ----------
    folder
        A market's folder of TOML files, or a folder of such folders.
    at
        The day from which to count those months, like 2027-10-01; today if not given.
    """
    errors: list[str] = []
    lines: list[str] = []
    ending: list[str] = []
    soon = (at or datetime.now(UTC).date()) + HOLIDAYS_AHEAD
    folders = market_folders(folder)
    for one in folders:
        try:
            found = load_folder(one)
            lines.append(_summary(found))
            ending.extend(_ending(found, soon))
        except PackInvalid as invalid:
            errors.extend(_lines(invalid, one if len(folders) > 1 else None))
    _print_lines(Console(), lines)
    _print_lines(Console(stderr=True), ending)
    if errors:
        _fail(errors)


@app.command
def show(
    *,
    at: date | None = None,
    market: str = "cn",
    folder: Annotated[Path | None, Parameter(name="--dir")] = None,
    json: bool = False,
) -> None:
    """Print every value that holds on a day, with its source; `default` marks what is our choice.

    Parameters
    ----------
    at
        The day, like 2026-11-30; today in the market's time zone if not given.
    market
        The market, a pack that comes with the program.
    folder
        A market's folder to read instead.
    json
        Print the pack as it is stored, with its hash.
    """
    place = folder or PACKS_FOLDER / market
    if folder is None and market not in {path.name for path in market_folders(PACKS_FOLDER)}:
        known = ", ".join(path.name for path in market_folders(PACKS_FOLDER))
        _fail([f"unknown market {market!r}; expected one of {known}"])
    try:
        found = load_folder(place)
        pack = found.pack(at or datetime.now(zone_of(found, datetime.now(UTC))).date())
    except PackInvalid as invalid:
        _fail(_lines(invalid, None))
    console = Console()
    if json:
        content = msgspec.json.decode(pack_to_bytes(pack)) | {"hash": pack.hash}
        _print_lines(console, [msgspec.json.format(msgspec.json.encode(content)).decode()])
        return
    console.print(f"[bold]{pack.market}[/] version {pack.version}, hash {pack.hash}")
    whose = f"as {folder} has it" if folder else "as the program ships it"
    _print_lines(console, [f"{whose}; what holds here, the administration's page of rules says"])
    for table in tables_of(pack):
        console.print(_calendars(pack) if table.name == "calendar" else _rows(table))


@app.command(name="publish")
def publish_folder(
    folder: Path,
    *,
    from_: Annotated[date | None, Parameter(name="--from")] = None,
    reason: str | None = None,
    major: bool = False,
) -> int:
    """Let a folder of rules hold from a day on, and print what holds from when.

    Rows of the folder that begin later hold from their own day. What holds already is not
    published again. Running processes follow within seconds.

    Parameters
    ----------
    folder
        A market's folder of TOML files.
    from_
        The first day, in the market's time zone, like 2027-01-01; if not given, the first day for
        which the rules in force leave notice enough.
    reason
        Why, for the record.
    major
        A major change, which the rules in force want announced longer before.
    """
    try:
        found = load_folder(folder)
    except PackInvalid as invalid:
        _fail(_lines(invalid, None))
    why = reason if reason is not None else f"{found.market} {found.head.version} was published"
    if not why.strip() or not why.isprintable() or len(why) > REASON_LENGTH_MAX:
        _fail([f"--reason: expected one line of words, at most {REASON_LENGTH_MAX} characters"])

    async def work() -> int:
        settings = settings_or_exit()
        # This market's first pack, if it has none yet, is the one in the folder.
        today = datetime.now(UTC).date()
        others = [load_builtin(m).pack(today) for m in first_markets() if m != found.market]
        try:
            async with parts(settings, packs=others) as built:
                published = await publish(built, found, Announcement(from_, why, major))
        except (PackInvalid, NotPublished, BadInput, ConnectionLost) as error:
            line = f"Not published: {' '.join(str(error).split())}"
            _print_lines(Console(stderr=True), [line])
            return 1
        print_published(found.market, published)
        return 0

    return run(work())


def spoken(seconds: int) -> str:
    """A length of time as people say it: `2 h`, `90 s`, `3 days`."""
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0 and not (unit == "days" and seconds == size):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _fail(errors: list[str]) -> NoReturn:
    _print_lines(Console(stderr=True), errors)
    raise SystemExit(1)


def _print_lines(console: Console, lines: list[str]) -> None:
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _lines(invalid: PackInvalid, folder: Path | None) -> list[str]:
    """One line an error; the folder's name in front where there are several."""

    def line(error: PackError) -> str:
        return str(error) if folder is None else f"{folder.name}/{error}"

    return [" ".join(line(error).splitlines()) for error in invalid.errors]


def _summary(found: RuleFolder) -> str:
    days = found.days()
    pack = found.pack(days[-1])
    values = len(pack.provenance)
    defaults = sum(not one.firm for one in pack.provenance.values())
    return (
        f"{pack.market} {pack.version}: {len(pack.issues)} issues, {len(pack.clocks)} clocks, "
        f"{len(pack.calendars)} calendars; {values} values, {defaults} of them defaults; "
        f"changes on {', '.join(map(str, days))}"
    )


def _ending(found: RuleFolder, soon: date) -> Iterator[str]:
    pack = found.pack(max(soon, found.days()[0]))
    for calendar, last in unknown_on(pack, soon).items():
        yield (
            f"{pack.market}: calendar {calendar} knows public holidays until {last} only; "
            "later ones count as ordinary days (holidays_last_year)"
        )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for column in ("from", "source"):
        table.add_column(column, overflow="fold")
    return table


def _origin(provenance: Provenance) -> tuple[str, str]:
    span = str(provenance.since) + (f" until {provenance.until}" if provenance.until else "")
    source = escape(provenance.source)
    return span, source if provenance.firm else f"[dim]default:[/] {source}"


def _rows(table: RuleTable) -> Table:
    """Each value in a column of its own; where they are too many for that, by name in one."""
    wide = len(table.columns) > COLUMNS_MAX
    shown = _table(table.name, "key", *(("values",) if wide else table.columns))
    for row in table.rows:
        cells = [
            _cell(row.key if column == "value" else column, value)
            for column, value in zip(table.columns, row.cells, strict=True)
        ]
        if wide:
            named = zip(table.columns, cells, strict=True)
            cells = [", ".join(f"{column} {cell}" for column, cell in named if cell)]
        origin = ("", "[dim]default[/]") if row.origin is None else _origin(row.origin)
        shown.add_row(escape(row.key), *map(escape, cells), *origin)
    return shown


def _cell(name: str, value: Value) -> str:
    if name.endswith("_seconds") and isinstance(value, int):
        return spoken(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _calendars(pack: Pack) -> Table:
    table = _table("calendar", "name", "time zone", "hours", "other days")
    for calendar in pack.calendars.values():
        days = sorted(calendar.special)
        other = f"{len(days)} days from {days[0]} to {days[-1]}" if days else "none"
        origin = _origin_of(pack, "calendar", calendar.name)
        table.add_row(calendar.name, calendar.timezone, _week(calendar), other, *origin)
    return table


def _origin_of(pack: Pack, table: str, key: str) -> tuple[str, str]:
    """Where a row comes from; what no row of the pack says is the program's own default."""
    prefix = f"{pack.market}/{table}/{key}@"
    row_id = next((id_ for id_ in pack.provenance if id_.startswith(prefix)), None)
    return ("", "[dim]default[/]") if row_id is None else _origin(pack.provenance[row_id])


def _week(calendar: Calendar) -> str:
    """`Mon-Fri 09:00-18:00, Sat 10:00-14:00`; days without hours are left out."""
    return ", ".join(f"{days} {format_hours(spans)}" for days, spans in _runs(calendar) if spans)


def _runs(calendar: Calendar) -> Iterator[tuple[str, tuple[Span, ...]]]:
    first = 0
    for day in range(1, 8):
        if day == 7 or calendar.week[day] != calendar.week[first]:
            last = WEEKDAYS[day - 1]
            name = WEEKDAYS[first]
            yield (name if day - 1 == first else f"{name}-{last}"), calendar.week[first]
            first = day
