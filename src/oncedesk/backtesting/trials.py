"""Backtests of candidates that are begun by one request and asked about by others.

One runs at a time, in a process of its own that leaves the processor to others. What it finds is
kept with its candidate. It does not outlive the process that began it: then it is `lost`, and
whoever wants it begins it again.
"""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import structlog

from oncedesk.backtesting.choosing import Chosen
from oncedesk.backtesting.running import NothingRecorded, backtest, stored_packs
from oncedesk.backtesting.spreading import WorkerEnded, over_processes
from oncedesk.backtesting.summary import summary_of
from oncedesk.backtesting.work import slices
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.ports import ConnectionLost, TryAgain
from oncedesk.storage.candidates import CandidateRow
from oncedesk.wiring import Parts

log = structlog.get_logger(__name__)

SECONDS_MAX = 1_800.0
BEAT_SECONDS = 1.0
SILENT = timedelta(seconds=30)
"""One that has given no sign of life for so long is lost."""
NICENESS = 10
PIECES = 4
"""Four times as many pieces as one worker needs, so that it can be given up soon."""

ERROR_LENGTH_MAX = 500
RUNNING, DONE, FAILED, LOST = "running", "done", "failed", "lost"


class TrialRuns(Exception):
    """A backtest is under way already."""


class CandidateGone(Exception):
    """Somebody has removed the candidate."""


class Asked(Record, frozen=True, kw_only=True):
    """What to look at: decisions from `since` on, at most about so many; the candidate as it reads
    on `day`. `recorded`: compared with what was recorded, else with the pack in force."""

    since: datetime
    decisions_max: int
    day: date
    recorded: bool


class Trials:
    """Those of this process."""

    def __init__(self, parts: Parts, *, clock: Callable[[], datetime]) -> None:
        self._parts = parts
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self, candidate: UUID, pack: Pack, asked: Asked) -> None:
        """Try this pack of a candidate; returns at once. Raises `TrialRuns`, `CandidateGone`."""
        trial, now = uuid4(), self._clock()
        begun = await self._parts.candidates.begin(
            candidate, trial=trial, asked=msgspec.json.encode(asked), now=now, alive=now - SILENT
        )
        if not begun:
            if await self._parts.candidates.find(candidate) is None:
                raise CandidateGone
            raise TrialRuns
        work = _Trial(self._parts, self._clock, candidate, trial)
        task = asyncio.create_task(work.run(pack, asked))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """What runs is given up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def status_of(row: CandidateRow, *, now: datetime) -> str:
    """How its last backtest stands; empty where there was none."""
    if row.status == RUNNING and (row.beat_at is None or row.beat_at < now - SILENT):
        return LOST
    return row.status


class _Trial:
    """One of them."""

    def __init__(
        self, parts: Parts, clock: Callable[[], datetime], candidate: UUID, trial: UUID
    ) -> None:
        self._parts = parts
        self._clock = clock
        self._candidate = candidate
        self._trial = trial
        self._buckets = 0

    async def run(self, pack: Pack, asked: Asked) -> None:
        try:
            report = await self._while_wanted(pack, asked)
        except asyncio.CancelledError:
            await self._end(FAILED, None, "it was given up")
            raise
        except TimeoutError:
            await self._end(
                FAILED, None, f"more than {SECONDS_MAX:.0f} seconds: look at fewer days"
            )
        except (NothingRecorded, WorkerEnded, ConnectionLost, TryAgain) as error:
            await self._end(FAILED, None, str(error))
        except Exception as error:
            # Whoever waits is told; what it was stands in the log.
            log.exception("trial_failed", candidate=str(self._candidate))
            await self._end(FAILED, None, type(error).__name__)
        else:
            if report is not None:
                await self._end(DONE, report, "")

    async def _while_wanted(self, pack: Pack, asked: Asked) -> bytes | None:
        """The report; None where nobody waits for it any more."""
        work = asyncio.create_task(self._work(pack, asked))
        try:
            async with asyncio.timeout(SECONDS_MAX):
                while not work.done():
                    await asyncio.wait([work], timeout=BEAT_SECONDS)
                    if not await self._beat():
                        return None
                return work.result()
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def _work(self, pack: Pack, asked: Asked) -> bytes:
        stored = stored_packs(await self._parts.packs.stored())
        holding = self._parts.library.at(self._clock()).current(pack.market)
        report = await backtest(
            self._parts.url,
            candidate=Chosen(pack.version, (pack,)),
            against=None if asked.recorded else Chosen(holding.version, (holding,)),
            own=stored,
            spread=over_processes(1, niceness=NICENESS),
            workers=1,
            parts=slices(workers=PIECES),
            progress=self._progress,
            since=asked.since,
            decisions_max=asked.decisions_max,
        )
        return msgspec.json.encode(summary_of(report))

    def _progress(self, buckets: int) -> None:
        self._buckets += buckets

    async def _beat(self) -> bool:
        return await self._parts.candidates.beat(
            self._candidate, trial=self._trial, buckets=self._buckets, now=self._clock()
        )

    async def _end(self, status: str, report: bytes | None, error: str) -> None:
        try:
            await self._parts.candidates.end(
                self._candidate,
                trial=self._trial,
                status=status,
                report=report,
                error=" ".join(error.split())[:ERROR_LENGTH_MAX],
                now=self._clock(),
            )
        except (ConnectionLost, TryAgain):
            # Without a sign of life it will count as lost.
            log.warning("trial_not_noted", candidate=str(self._candidate))
