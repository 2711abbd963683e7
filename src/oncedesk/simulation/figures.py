"""What a day came to, read from the journal's events and the lists as they stand in the tables."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.shared.records import Record
from oncedesk.simulation.arrivals import Day
from oncedesk.simulation.standing import reading

ROWS_AT_ONCE = 2_000
MERCHANTS = UUID(int=0)
"""Stands for all who ship, among the carriers."""
_JOURNAL = "SELECT stream, kind, at, events FROM journal ORDER BY bucket, stream, version"
_QUEUES = """
SELECT split_part(desk, ':', 1), count(*) FILTER (WHERE status = 'queued'),
       count(*) FILTER (WHERE status = 'assigned'),
       count(*) FILTER (WHERE status NOT IN ('queued', 'assigned', 'referred'))
FROM inbox GROUP BY 1 ORDER BY 1
"""


class QueueNow(Record, frozen=True):
    """A kind of desk: how many cases wait, are in somebody's hands, or wait for something else."""

    desk: str
    queued: int
    assigned: int
    waiting: int


class Answered(Record, frozen=True):
    """First answers by a person: how many, and within how many seconds so many of a hundred."""

    number: int
    half: float
    ninety: float
    most: float


class Kept(Record, frozen=True):
    """Promises that came due: how many were kept, how many broken."""

    kept: int
    broken: int

    @property
    def share(self) -> float:
        return self.kept / (self.kept + self.broken) if self.kept + self.broken else 1.0


class Refunded(Record, frozen=True):
    """Refunds that were sent: how many, how much, and within how many seconds of the request."""

    number: int
    minor: int
    half: float
    ninety: float


class Figures(Record, frozen=True):
    """`counts` are by name and of the whole time, `surge` of the hour after the live session.

    `answered` is by kind of desk, and under `surge` that hour's; `carriers` by carrier's id.
    `hours` are the contacts of each hour, from the day's first.
    """

    counts: dict[str, int]
    surge: dict[str, int]
    owners: dict[str, int]
    answered: dict[str, Answered]
    carriers: dict[UUID, Kept]
    merchants: Kept
    hours: tuple[int, ...]
    queues: tuple[QueueNow, ...]
    commands: int
    refunded: Refunded
    compensated_minor: int


async def read_figures(pool: Any, *, day: Day) -> Figures:
    """Go through the journal once; nothing may be in flight."""
    found = _Found(day)
    async with reading(pool) as connection:
        async for row in connection.cursor(_JOURNAL, prefetch=ROWS_AT_ONCE):
            found.entry(*row)
        queues = [QueueNow(*row) for row in await connection.fetch(_QUEUES)]
    return found.figures(queues)


class _Case:
    """One case as far as its events have been read."""

    __slots__ = ("answered", "opened_at", "owned", "owner")

    def __init__(self) -> None:
        self.opened_at: datetime | None = None
        self.owner = ""
        self.owned = self.answered = False


class _Found:
    def __init__(self, day: Day) -> None:
        self._day = day
        self._decode = msgspec.msgpack.Decoder().decode
        self._commands = 0
        self._counts: Counter[str] = Counter()
        self._surge: Counter[str] = Counter()
        self._owners: Counter[str] = Counter()
        self._hours: Counter[int] = Counter()
        self._answers: defaultdict[str, list[float]] = defaultdict(list)
        self._kept: Counter[UUID] = Counter()
        self._broken: Counter[UUID] = Counter()
        self._stream: UUID | None = None
        self._cases: dict[int, _Case] = {}
        self._carrier: UUID | None = None
        self._refunds: list[float] = []
        self._refunded_minor = self._compensated_minor = 0
        self._by_breach: set[int] = set()

    def entry(self, stream: UUID, kind: str, at: datetime, events: bytes) -> None:
        """The next row; a stream's rows come one after the other."""
        self._commands += 1
        if stream != self._stream:
            self._stream, self._cases, self._carrier = stream, {}, None
            self._by_breach = set()
        if kind == "conversation":
            for event in self._decode(events):
                self._case_event(event, at)
        elif kind == "order":
            for event in self._decode(events):
                self._order_event(event, at)
        elif kind == "remedies":
            for event in self._decode(events):
                self._remedy_event(event, at)
        elif kind == "desk":
            for event in self._decode(events):
                self._count(f"desk.{event['type']}", at)

    def _count(self, name: str, at: datetime) -> None:
        self._counts[name] += 1
        if self._day.surge_at <= at < self._day.surge_ends_at:
            self._surge[name] += 1

    def _case_event(self, event: dict[str, Any], at: datetime) -> None:
        kind = event["type"]
        self._count(f"event.{kind}", at)
        number = event.get("case")
        if number is None:
            return
        case = self._cases.setdefault(number, _Case())
        match kind:
            case "CaseOpened":
                case.opened_at = at
                self._count(f"opened.{event['origin']}", at)
            case "ContactReceived":
                self._count(f"contact.{event['kind']}", at)
                self._hours[(at - self._day.begins_at) // timedelta(hours=1)] += 1
            case "Attributed" if not case.owned:
                case.owned = True
                self._owners[f"{event['owner'][0]} {event['owner_reasons'][0]}"] += 1
            case "RoutedTo":
                case.owner = event["desk"][0]
            case "TakenOver":
                self._count(f"taken_over.{event['cause']}", at)
            case "CaseResolved":
                self._count(f"resolved.{event['reason']}", at)
            case "MessagePosted":
                self._message(case, event, at)
            case _:
                pass

    def _message(self, case: _Case, event: dict[str, Any], at: datetime) -> None:
        human = event["author"][0] in ("agent", "admin") and not event.get("automatic", False)
        if case.answered or not human or event["audience"] != "consumer" or not case.opened_at:
            return
        case.answered = True
        seconds = (at - case.opened_at).total_seconds()
        self._answers[case.owner].append(seconds)
        if self._day.surge_at <= case.opened_at < self._day.surge_ends_at:
            self._answers["surge"].append(seconds)

    def _order_event(self, event: dict[str, Any], at: datetime) -> None:
        kind = event["type"]
        self._count(f"event.{kind}", at)
        match kind:
            case "ShipmentAnnounced" | "TrackingRecorded" if event.get("carrier"):
                self._carrier = UUID(bytes=event["carrier"])
            case "PromiseKept":
                self._verdict(self._kept, event, 1)
            case "PromiseBroken":
                self._verdict(self._broken, event, 1)
            case "BreachCorrected":
                self._verdict(self._broken, event, -1)
            case _:
                pass

    def _remedy_event(self, event: dict[str, Any], at: datetime) -> None:
        """What a broken promise gives by itself is counted by itself."""
        kind, remedy = event["type"], event.get("remedy", 0)
        self._count(f"event.{kind}", at)
        match kind:
            case "BreachCompensated":
                self._by_breach.add(remedy)
                self._compensated_minor += event["amount_minor"]
            case "RemedyRequested":
                self._count(f"remedy.{event['kind']}", at)
            case "RemedyApproved":
                self._count(f"granted.{event['by']}", at)
            case "DisputeDecided":
                self._count(f"dispute.{event['outcome']}", at)
            case "RefundSent" if remedy not in self._by_breach:
                self._refunds.append(event["seconds"])
                self._refunded_minor += event["amount_minor"]
            case _:
                pass

    def _verdict(self, on: "Counter[UUID]", event: dict[str, Any], number: int) -> None:
        """Shipping is the merchant's promise, all that comes after it the carrier's to keep."""
        who = MERCHANTS if event["kind"] == "shipping" else self._carrier
        if who is not None:
            on[who] += number

    def figures(self, queues: Sequence[QueueNow]) -> Figures:
        carriers = sorted({*self._kept, *self._broken} - {MERCHANTS})
        hours = [self._hours[n] for n in range(24)]
        # The very last moment belongs to the day, too.
        hours[-1] += self._hours[24]
        return Figures(
            counts=dict(self._counts),
            surge=dict(self._surge),
            owners=dict(self._owners.most_common()),
            answered={name: _answered(sorted(all_)) for name, all_ in self._answers.items()},
            carriers={one: Kept(self._kept[one], self._broken[one]) for one in carriers},
            merchants=Kept(self._kept[MERCHANTS], self._broken[MERCHANTS]),
            hours=tuple(hours),
            queues=tuple(queues),
            commands=self._commands,
            refunded=_refunded(sorted(self._refunds), self._refunded_minor),
            compensated_minor=self._compensated_minor,
        )


def _answered(seconds: Sequence[float]) -> Answered:
    half, ninety, most = (_within(seconds, share) for share in (0.5, 0.9, 0.99))
    return Answered(len(seconds), half, ninety, most)


def _refunded(seconds: Sequence[float], minor: int) -> Refunded:
    if not seconds:
        return Refunded(0, 0, 0, 0)
    return Refunded(len(seconds), minor, _within(seconds, 0.5), _within(seconds, 0.9))


def _within(seconds: Sequence[float], share: float) -> float:
    return seconds[min(len(seconds) - 1, int(len(seconds) * share))]
