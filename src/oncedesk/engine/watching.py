"""Sees how each desk is doing: is anybody on duty, how long does work wait. Reports what is news.

A consumer is told the truth by it: who is there, from when, how long it takes; and a surge begins
and ends by it. Desks without any agent are never looked at: they are unstaffed from the start.

A desk whose state somebody has locked holds up no others: a look does not wait long for an answer,
and until it is there nothing more is reported of that desk.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from oncedesk.domain.desks import load
from oncedesk.domain.desks.messages import ReportLoad
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind, desk_ref
from oncedesk.domain.shared.rulepack import PackUnknown
from oncedesk.engine.deciding import PackSet
from oncedesk.engine.dispatch import PATIENCE_SECONDS, QueueName, Served
from oncedesk.engine.entry import Entry
from oncedesk.engine.matching import Waiting
from oncedesk.engine.ports import Store
from oncedesk.engine.submission import Answer
from oncedesk.engine.submitting import Writers

EVERY = timedelta(seconds=5)
COUNTED_MAX = 100
FORGOTTEN = 6 * EVERY
"""A look so long ago says nothing of now: another process looks, or none."""


class DeskStaff(Record, frozen=True, kw_only=True):
    """Who is at a desk: anybody on duty now, else from when; and the skills with a queue."""

    desk: Desk
    on_duty: bool
    from_at: datetime | None
    skills: tuple[str, ...]


class QueuesSeen(Record, frozen=True, kw_only=True):
    """The queues of all desks of one kind in one market: how many wait, how long the oldest has."""

    kind: DeskKind
    market: str
    waiting: int
    oldest_wait_seconds: int


class WatchView(Protocol):
    """What the watch reads."""

    async def staff(self, *, now: datetime) -> Sequence[DeskStaff]: ...

    async def staffed_desks(self) -> Sequence[Desk]:
        """The desks that count as staffed, now or from some time on, whoever said so."""
        ...

    async def heads(
        self, queues: Iterable[Served], *, patient_since: datetime
    ) -> Sequence[Waiting]: ...


class DeskWatch:
    """Looks at the desks every few seconds; a desk without news costs no command."""

    def __init__(
        self,
        *,
        view: WatchView,
        store: Store,
        writers: Writers,
        entry: Entry,
        packs: Callable[[], PackSet],
        clock: Callable[[], datetime],
    ) -> None:
        self._view = view
        self._store = store
        self._writers = writers
        self._entry = entry
        self._packs = packs
        self._clock = clock
        self._looked: datetime | None = None
        self._known: set[Desk] | None = None
        self._seen: Sequence[QueuesSeen] = ()
        self._under_way: set[Desk] = set()

    async def run(self) -> int:
        """Report what is news at the desks; always 0, for there is never more to do at once."""
        now = self._clock()
        if self._looked is not None and abs(now - self._looked) < EVERY:
            return 0
        if self._looked is not None and now - self._looked > FORGOTTEN:
            # Another process has looked meanwhile, perhaps at desks that were never seen here.
            self._known = None
        self._looked = now
        staffs = await self._staffs(now)
        waiting = await self._waiting(staffs)
        states = await self._store.load([desk_ref(staff.desk) for staff in staffs])
        reports, seen = [], []
        for staff in staffs:
            found = states.get(desk_ref(staff.desk).id)
            if found is not None and isinstance(found.state, DeskState):
                report = _report(staff, waiting.get(staff.desk, ()), now)
                seen.append(_seen(report, found.state.market))
                if staff.desk not in self._under_way and self._is_news(found.state, report, now):
                    reports.append(report)
        self._seen = _together(seen)
        answers = [self._send(report, now) for report in reports]
        if answers:
            await asyncio.wait(answers, timeout=PATIENCE_SECONDS)
        return 0

    def seen(self) -> Sequence[QueuesSeen]:
        """What the last look found; nothing in a process that does not look."""
        fresh = self._looked is not None and self._clock() - self._looked < FORGOTTEN
        return self._seen if fresh else ()

    async def _staffs(self, now: datetime) -> Sequence[DeskStaff]:
        """Who is where; a desk that the last agent has left is looked at as well."""
        if self._known is None:
            self._known = set(await self._view.staffed_desks())
        staffs = list(await self._view.staff(now=now))
        seen = {staff.desk for staff in staffs}
        staffs += [
            DeskStaff(desk=desk, on_duty=False, from_at=None, skills=())
            for desk in sorted(self._known - seen)
        ]
        self._known |= seen
        return staffs

    async def _waiting(self, staffs: Sequence[DeskStaff]) -> dict[Desk, list[Waiting]]:
        names = sorted(QueueName(staff.desk, skill) for staff in staffs for skill in staff.skills)
        by_desk: dict[Desk, list[Waiting]] = {}
        heads: Sequence[Waiting] = ()
        if names:
            heads = await self._view.heads(
                [Served(name, COUNTED_MAX) for name in names], patient_since=self._clock()
            )
        for one in heads:
            by_desk.setdefault(one.desk, []).append(one)
        return by_desk

    def _is_news(self, state: DeskState, report: ReportLoad, now: datetime) -> bool:
        try:
            pack = self._packs().current(state.market)
        except PackUnknown:
            return False
        return bool(load.changes(state, report, pack=pack, now=now))

    def _send(self, report: ReportLoad, now: datetime) -> "asyncio.Future[Answer]":
        answer = self._writers.submit(
            self._entry.system(report, actor=SYSTEM, number=f"load/{now.isoformat()}")
        )
        self._under_way.add(report.desk)
        answer.add_done_callback(partial(self._answered, report.desk))
        return answer

    def _answered(self, desk: Desk, answer: "asyncio.Future[Answer]") -> None:
        self._under_way.discard(desk)
        if not answer.cancelled():
            # Where the writers have failed others are told.
            answer.exception()


def _report(staff: DeskStaff, waiting: Sequence[Waiting], now: datetime) -> ReportLoad:
    """Waiting is counted up to a bound a queue; the wait is that of the oldest among them."""
    oldest = min((one.waiting_since for one in waiting), default=now)
    return ReportLoad(
        desk=staff.desk,
        waiting=len(waiting),
        oldest_wait_seconds=max(0, int((now - oldest).total_seconds())),
        staffed=staff.on_duty,
        at=now,
        staffed_from=None if staff.on_duty else staff.from_at,
    )


def _seen(report: ReportLoad, market: str) -> QueuesSeen:
    return QueuesSeen(
        kind=report.desk.kind,
        market=market,
        waiting=report.waiting,
        oldest_wait_seconds=report.oldest_wait_seconds,
    )


def _together(several: Iterable[QueuesSeen]) -> Sequence[QueuesSeen]:
    """One for each kind of desk and market."""
    sums: dict[tuple[DeskKind, str], QueuesSeen] = {}
    for one in several:
        before = sums.get((one.kind, one.market))
        if before is not None:
            one = QueuesSeen(
                kind=one.kind,
                market=one.market,
                waiting=before.waiting + one.waiting,
                oldest_wait_seconds=max(before.oldest_wait_seconds, one.oldest_wait_seconds),
            )
        sums[one.kind, one.market] = one
    return [sums[key] for key in sorted(sums)]
