"""Opening hours: when open seconds pass, and so when a clock runs out.

A span is open whenever the clock on the wall reads a minute of it. On a day on which the wall
clock jumps forward, the skipped minutes therefore never come (a span inside the gap is empty that
day); on a day on which it is set back, the repeated minutes count twice. Results are exact to the
microsecond and in UTC; only time zone data is consulted, no clock.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from msgspec import Struct

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.zones import zone_named

MINUTES_OF_DAY = 24 * 60
CLOSED_DAYS_MAX = 400
"""A calendar must open at least once in so many days, or no clock on it would ever run out."""
HOLIDAYS_AHEAD = timedelta(days=92)
"""So long before a year begins its public holidays are to be known: clocks run into it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_DAY = 86_400 * _SECOND
_BLOCK = 512 * _DAY
_BLOCKS_KEPT = 64
_MOMENTS_KEPT = 1_024
_BLOCKS_WALKED_MAX = 40


class CalendarInvalid(ValueError):
    """These opening hours cannot be kept; the message says which and why."""


class CalendarExhausted(OverflowError):
    """So many open seconds do not pass on this calendar within half a century."""


class Span(Record, frozen=True, array_like=True, order=True):
    """Half-open [start, end) in minutes of the local day; an end of 1440 is midnight."""

    start_minute: int
    end_minute: int


ALL_DAY = (Span(0, MINUTES_OF_DAY),)


@dataclass(frozen=True, slots=True)
class _Block:
    """The open spans of 512 UTC days, in microseconds since 1970.

    `before[i]` is the open time of the block before span i, `through[i]` that including it.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    through: tuple[int, ...]

    @property
    def total(self) -> int:
        return self.through[-1] if self.through else 0

    def position(self, moment: int) -> int:
        """Open time of the block that lies before this moment."""
        index = bisect_right(self.starts, moment) - 1
        if index < 0:
            return 0
        return self.before[index] + min(moment, self.ends[index]) - self.starts[index]


class Calendar(Struct, frozen=True, dict=True, omit_defaults=True):
    """When somebody is there: weekly hours in a time zone, and days that differ.

    `week` holds the spans of Monday to Sunday; `special` replaces a whole day's spans (empty:
    closed, as on a public holiday; filled: a make-up workday or short hours). Moments are aware.
    Raises CalendarInvalid when it is made of hours that overlap, lie outside the day, name no known
    time zone, or leave it closed for 400 days.
    """

    name: str
    timezone: str
    week: tuple[tuple[Span, ...], ...]
    special: Mapping[date, tuple[Span, ...]] = {}

    def __post_init__(self) -> None:
        if zone_named(self.timezone) is None:
            raise CalendarInvalid(f"{self.name}: unknown time zone {self.timezone!r}")
        if len(self.week) != 7:
            raise CalendarInvalid(f"{self.name}: a week has 7 days, not {len(self.week)}")
        for spans in (*self.week, *self.special.values()):
            _check_spans(self.name, spans)
        _check_opens(self)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The opening hours of a local day, as written."""
        special = self.special.get(day)
        return self.week[day.weekday()] if special is None else special

    def add(self, start: datetime, seconds: int) -> datetime:
        """The moment at which so many open seconds have passed since `start`.

        Outside opening hours counting begins at the next opening. Time that runs out exactly when a
        span ends, ends then and not at the next opening; 0 seconds give `next_open(start)`.
        """
        assert seconds >= 0
        known = self._added.get((start, seconds))
        return known or self._remember(self._added, start, seconds, self._add(start, seconds))

    def _add(self, start: datetime, seconds: int) -> datetime:
        if self._always_open:
            return start.astimezone(UTC) + timedelta(seconds=seconds)
        moment = _microseconds(start)
        left = seconds * _SECOND
        first = moment // _BLOCK
        for number in range(first, first + _BLOCKS_WALKED_MAX):
            block = self._blocks.get(number) or self._block(number)
            index = bisect_right(block.ends, moment)
            if index == len(block.ends):
                continue
            target = left + block.before[index]
            into = moment - block.starts[index]
            if into > 0:
                target += into
                if number == first and target <= block.through[index]:
                    return start.astimezone(UTC) + timedelta(seconds=seconds)
            if target <= block.through[-1]:
                index = bisect_left(block.through, target, index)
                return _moment(block.starts[index] + target - block.before[index])
            left = target - block.through[-1]
        raise CalendarExhausted(f"{self.name}: {seconds} open seconds from {start.isoformat()}")

    def subtract(self, end: datetime, seconds: int) -> datetime:
        """The latest moment from which so many open seconds pass until `end`: when to warn.

        Where that falls between two spans it is the later opening, when somebody sees it.
        """
        assert seconds >= 0
        known = self._subtracted.get((end, seconds))
        return known or self._remember(self._subtracted, end, seconds, self._subtract(end, seconds))

    def _subtract(self, end: datetime, seconds: int) -> datetime:
        if self._always_open:
            return end.astimezone(UTC) - timedelta(seconds=seconds)
        if seconds == 0:
            return end.astimezone(UTC)
        moment = _microseconds(end)
        left = seconds * _SECOND
        first = moment // _BLOCK
        for number in range(first, first - _BLOCKS_WALKED_MAX, -1):
            block = self._blocks.get(number) or self._block(number)
            target = block.position(moment) - left
            if target >= 0:
                index = bisect_right(block.before, target) - 1
                return _moment(block.starts[index] + target - block.before[index])
            left = -target
        raise CalendarExhausted(f"{self.name}: {seconds} open seconds before {end.isoformat()}")

    def seconds_between(self, start: datetime, end: datetime) -> int:
        """Whole open seconds in [start, end); 0 where `end` is not after `start`."""
        first, last = _microseconds(start), _microseconds(end)
        if last <= first:
            return 0
        if self._always_open:
            return (last - first) // _SECOND
        opened = self._block(last // _BLOCK).position(last)
        for number in range(first // _BLOCK, last // _BLOCK):
            opened += self._block(number).total
        return (opened - self._block(first // _BLOCK).position(first)) // _SECOND

    def is_open(self, at: datetime) -> bool:
        """Whether this moment lies in a span."""
        if self._always_open:
            return True
        moment = _microseconds(at)
        block = self._block(moment // _BLOCK)
        index = bisect_right(block.starts, moment) - 1
        return index >= 0 and moment < block.ends[index]

    def next_open(self, at: datetime) -> datetime:
        """`at` itself if it is open, else the next opening."""
        return self.add(at, 0)

    @cached_property
    def _always_open(self) -> bool:
        return all(spans == ALL_DAY for spans in (*self.week, *self.special.values()))

    # A batch decides hundreds of commands at one moment, and packs name few lengths of time.
    @cached_property
    def _added(self) -> dict[tuple[datetime, int], datetime]:
        return {}

    @cached_property
    def _subtracted(self) -> dict[tuple[datetime, int], datetime]:
        return {}

    @staticmethod
    def _remember(
        known: dict[tuple[datetime, int], datetime], moment: datetime, seconds: int, found: datetime
    ) -> datetime:
        if len(known) >= _MOMENTS_KEPT:
            known.clear()
        known[moment, seconds] = found
        return found

    @cached_property
    def _blocks(self) -> dict[int, _Block]:
        return {}

    def _block(self, number: int) -> _Block:
        found = self._blocks.get(number)
        if found is None:
            if len(self._blocks) >= _BLOCKS_KEPT:
                self._blocks.clear()
            found = self._blocks[number] = _build_block(self, number)
        return found


def always(name: str = "always") -> Calendar:
    """The calendar that never closes."""
    return Calendar(name=name, timezone="UTC", week=(ALL_DAY,) * 7)


def _microseconds(moment: datetime) -> int:
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * _SECOND + since.microseconds


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def _build_block(calendar: Calendar, number: int) -> _Block:
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _open_spans(calendar, number * _BLOCK, (number + 1) * _BLOCK):
        if ends and ends[-1] == start:
            ends[-1] = end
        else:
            starts.append(start)
            ends.append(end)
    through: list[int] = []
    total = 0
    for start, end in zip(starts, ends, strict=True):
        total += end - start
        through.append(total)
    return _Block(tuple(starts), tuple(ends), (0, *through[:-1]) if through else (), tuple(through))


def _open_spans(calendar: Calendar, begin: int, finish: int) -> Iterator[tuple[int, int]]:
    """Open spans in [begin, finish), in order: one stretch of constant UTC offset after another."""
    for since, until, offset in _stretches(ZoneInfo(calendar.timezone), begin, finish):
        for day in range((since + offset) // _DAY, (until - 1 + offset) // _DAY + 1):
            midnight = day * _DAY - offset
            for span in calendar.spans_on(date.fromordinal(_EPOCH_ORDINAL + day)):
                start = max(midnight + span.start_minute * _MINUTE, since)
                end = min(midnight + span.end_minute * _MINUTE, until)
                if start < end:
                    yield start, end


def _stretches(zone: ZoneInfo, begin: int, finish: int) -> Iterator[tuple[int, int, int]]:
    """The stretches (since, until, offset) of [begin, finish) with one UTC offset each."""
    since, offset = begin, _offset(zone, begin)
    for day in range(begin, finish, _DAY):
        if _offset(zone, day + _DAY) == offset:
            continue
        before, after = day, day + _DAY
        while after - before > 1:
            middle = (before + after) // 2
            if _offset(zone, middle) == offset:
                before = middle
            else:
                after = middle
        if after < finish:
            yield since, after, offset
            since, offset = after, _offset(zone, after)
    yield since, finish, offset


def _offset(zone: ZoneInfo, moment: int) -> int:
    offset = _moment(moment).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


def _check_spans(name: str, spans: tuple[Span, ...]) -> None:
    previous = 0
    for span in spans:
        if not previous <= span.start_minute < span.end_minute <= MINUTES_OF_DAY:
            raise CalendarInvalid(
                f"{name}: span {span.start_minute}-{span.end_minute} must begin before it ends, "
                f"lie within 0-{MINUTES_OF_DAY} and not overlap the one before it"
            )
        previous = span.end_minute


def _check_opens(calendar: Calendar) -> None:
    """An open week closes for long only by a run of special days without hours."""
    if not any(calendar.week):
        raise CalendarInvalid(
            f"{calendar.name}: open on no weekday, so no clock would ever run out"
        )
    if sum(not spans for spans in calendar.special.values()) < CLOSED_DAYS_MAX // 7:
        return
    near = {day.toordinal() + shift for day in calendar.special for shift in range(-7, 8)}
    closed, previous = 0, 0
    for ordinal in sorted(near):
        if not 1 <= ordinal <= date.max.toordinal():
            continue
        day = date.fromordinal(ordinal)
        closed = 0 if calendar.spans_on(day) else closed * (ordinal == previous + 1) + 1
        previous = ordinal
        if closed >= CLOSED_DAYS_MAX:
            raise CalendarInvalid(
                f"{calendar.name}: closed for {CLOSED_DAYS_MAX} days in a row up to {day}"
            )
