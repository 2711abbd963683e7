"""One frame of `oncedesk watch`: what was seen, as tables and lines for a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from oncedesk.domain.conversations.messages import ClockExpired, TakenOver
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.operation.looking import Look
from oncedesk.storage.backlogs import COUNTED_MAX, Backlogs
from oncedesk.storage.views.overview import (
    AGENTS_MAX,
    DeskStanding,
    Happening,
    Overview,
)
from oncedesk.storage.views.overview import COUNTED_MAX as COUNTED_DESKS_MAX

ID_LENGTH = 4
HELP = "q quit · d desks · e events · a both · k kind of desk"
NOTHING_YET = (
    "Nothing is here yet: no desks, no commands.",
    "oncedesk demo plays a marketplace; oncedesk serve takes a real one's contacts.",
)


class View(StrEnum):
    """What of it is shown."""

    BOTH = "both"
    DESKS = "desks"
    EVENTS = "events"


class Chosen(Record, frozen=True, kw_only=True):
    """What somebody wants to see; `kind` None: desks of all kinds."""

    view: View = View.BOTH
    kind: DeskKind | None = None
    minutes: int = 15


class Frame:
    """A look, drawn as high as there is room for."""

    def __init__(self, look: Look, chosen: Chosen, *, place: str, help_: str = "") -> None:
        self._look = look
        self._chosen = chosen
        self._place = place
        self._help = help_

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = options.height or console.height
        yield from self._parts(height if console.is_terminal else None)

    def _parts(self, height: int | None) -> Iterable[RenderableType]:
        look, chosen = self._look, self._chosen
        yield _headline(look, self._place)
        yield _backlogs(look.backlogs)
        if not look.overview.desks and not look.overview.happenings:
            yield Text()
            yield from map(Text, NOTHING_YET)
        else:
            desks, lines = self._shares(height)
            if chosen.view is not View.EVENTS:
                yield Text()
                yield _kinds(look.overview.desks, chosen, look.overview.at)
                yield Text()
                yield _desks(look, chosen, desks)
            if chosen.view is not View.DESKS:
                yield Text()
                yield _happenings(look.overview.happenings, lines)
        if self._help:
            yield Text()
            yield Text(self._help, style="dim")

    def _shares(self, height: int | None) -> tuple[int | None, int | None]:
        """How many desks and how many events there is room for; None: for all that were read."""
        if height is None:
            return None, 20
        left = max(height - 16, 4)
        match self._chosen.view:
            case View.BOTH:
                desks = min(len(self._look.overview.desks), max(left // 2, 2))
                return desks, max(left - desks, 2)
            case _:
                return left, left + 8


def waiting_for(place: str, why: str) -> RenderableType:
    """What is shown while the database does not answer."""
    return Group(
        Text.assemble(("Oncedesk", "bold"), f" · {place}"),
        Text(),
        Text(f"{why}; looking again", style="yellow"),
    )


def _headline(look: Look, place: str) -> Text:
    pace = "…" if look.per_second is None else f"{look.per_second:,.0f}"
    return Text.assemble(
        ("Oncedesk", "bold"),
        f" · {place} · {look.overview.at:%H:%M:%S} UTC · ",
        (f"{pace} commands/s", "bold"),
        f" · {look.overview.recorded:,} recorded",
    )


def _backlogs(backlogs: Backlogs) -> Text:
    late = backlogs.wake_late_seconds
    parked = backlogs.parked_commands + backlogs.parked_reactions
    text = Text.assemble(
        (f"parked {_capped(parked)}", "bold red" if parked else ""),
        f" · reactions {_capped(backlogs.reactions.waiting)}",
        f" · outbox {_capped(backlogs.outbox.waiting)}",
    )
    if backlogs.outbox.waiting:
        text.append(f" (oldest {_span(backlogs.outbox.oldest_seconds)})")
    late_webhooks = max((one.oldest_seconds for one in backlogs.webhooks), default=0.0)
    if late_webhooks > 60:
        text.append(f" · webhooks late {_span(late_webhooks)}", "yellow")
    text.append(f" · clocks late {_span(late)}", "bold red" if late > 60 else "")
    return text


def _kinds(desks: Sequence[DeskStanding], chosen: Chosen, now: datetime) -> Table:
    table = _table("kind", chosen)
    for kind in DeskKind:
        mine = [one for one in desks if one.desk.kind is kind]
        if mine and chosen.kind in (None, kind):
            table.add_row(Text(f"{kind} ({len(mine)})"), *_cells(mine, now))
    return table


def _desks(look: Look, chosen: Chosen, most: int | None) -> RenderableType:
    shown = [one for one in look.overview.desks if chosen.kind in (None, one.desk.kind)]
    shown.sort(key=lambda one: (-one.waiting, -one.overdue, -one.assigned, one.desk))
    table = _table("desk", chosen)
    for one in shown[:most]:
        marks = " surge" if one.surge else "" if one.staffed else " unstaffed"
        name = Text.assemble(_named(one.desk), (marks, "red" if one.surge else "dim"))
        table.add_row(name, *_cells([one], look.overview.at))
    return Group(table, *(Text(note, style="dim") for note in _notes(look.overview)))


def _notes(seen: Overview) -> Iterator[str]:
    """What was not counted."""
    if seen.known > len(seen.desks):
        capped = seen.known > COUNTED_DESKS_MAX
        number = f"{COUNTED_DESKS_MAX:,}+" if capped else f"{seen.known:,}"
        yield f"the {len(seen.desks)} busiest of {number} desks, as the desk watch recorded them"
    if seen.agents_capped:
        yield f"of the agents the first {AGENTS_MAX:,} were counted"


def _table(first: str, chosen: Chosen) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True)
    for name in ("waiting", "oldest", "assigned", f"at risk {chosen.minutes}m", "overdue"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("agents", justify="right", no_wrap=True)
    table.add_column("load/room", justify="right", no_wrap=True)
    return table


def _cells(desks: Sequence[DeskStanding], now: datetime) -> list[Text]:
    more = "+" if any(one.capped for one in desks) else ""
    oldest = min((one.oldest for one in desks if one.oldest is not None), default=None)
    overdue = sum(one.overdue for one in desks)
    at_risk = sum(one.at_risk for one in desks)
    return [
        Text(f"{sum(one.waiting for one in desks):,}{more}"),
        Text("-" if oldest is None else _span((now - oldest) / timedelta(seconds=1))),
        Text(f"{sum(one.assigned for one in desks):,}{more}"),
        Text(f"{at_risk:,}{more}", style="yellow" if at_risk else ""),
        Text(f"{overdue:,}{more}", style="bold red" if overdue else ""),
        Text(f"{sum(one.on_duty for one in desks):,} of {sum(one.agents for one in desks):,}"),
        Text(f"{sum(one.load for one in desks):,}/{sum(one.room for one in desks):,}"),
    ]


def _happenings(happenings: Sequence[Happening], most: int | None) -> RenderableType:
    lines = [Text(_counted(happenings), style="bold")]
    for one in happenings[:most]:
        said = ", ".join(_event(event) for event in one.events) or "-"
        lines.append(Text(f"{one.at:%H:%M:%S} {one.kind:<12} {one.state} v{one.version:<4} {said}"))
        lines[-1].no_wrap, lines[-1].overflow = True, "ellipsis"
    return Group(*lines)


def _counted(happenings: Sequence[Happening]) -> str:
    """Take-overs among what was read; nobody counts the whole journal."""
    events = [event for one in happenings for event in one.events]
    taken = sum(isinstance(event, TakenOver) for event in events)
    expired = sum(isinstance(event, ClockExpired) for event in events)
    if not happenings:
        return "no commands yet"
    span = (happenings[0].at - happenings[-1].at) / timedelta(seconds=1)
    return (
        f"newest first · the last {len(happenings)} commands took {_span(span)}: "
        f"{taken} take-overs, {expired} clocks ran out"
    )


def _event(event: Any) -> str:
    """Its name, and of what it says only the words of a fixed list, and desks: never a text."""
    said = [
        shown
        for name in event.__struct_fields__
        if (shown := _shown(getattr(event, name))) is not None
    ]
    return type(event).__name__ + (f"({' '.join(said)})" if said else "")


def _shown(value: Any) -> str | None:
    match value:
        case StrEnum():
            return value.value
        case Desk():
            return _named(value)
        case _:
            return None


def _named(desk: Desk) -> str:
    return desk.kind.value if desk.party is None else f"{desk.kind}:{str(desk.party)[:ID_LENGTH]}"


def _capped(number: int) -> str:
    return f"{COUNTED_MAX:,}+" if number >= COUNTED_MAX else f"{number:,}"


def _span(seconds: float) -> str:
    """Two digits or so of a length of time."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


def next_choice(chosen: Chosen, key: str) -> Chosen | None:
    """What is wanted after this key; None to quit. Other keys change nothing."""
    match key:
        case "q" | "\x03" | "\x04":
            return None
        case "d":
            return msgspec.structs.replace(chosen, view=View.DESKS)
        case "e":
            return msgspec.structs.replace(chosen, view=View.EVENTS)
        case "a":
            return msgspec.structs.replace(chosen, view=View.BOTH)
        case "k":
            kinds = [None, *DeskKind]
            following = kinds[(kinds.index(chosen.kind) + 1) % len(kinds)]
            return msgspec.structs.replace(chosen, kind=following)
        case _:
            return chosen
