"""The one piece of work of a backtest: read some buckets, decide again what was decided, count.

The same function runs in this process, in several, and on a Ray cluster. It opens a connection of
its own and only reads.
"""

import asyncio
import gc
import time
from datetime import datetime
from functools import lru_cache

from msgspec import Struct, field

from oncedesk.domain.shared.ids import BUCKETS
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.backtest.comparing import Rivals, compare
from oncedesk.engine.backtest.registry import QUESTIONS
from oncedesk.engine.backtest.taking import Taking
from oncedesk.engine.backtest.tallies import QuestionTally
from oncedesk.engine.codec import Codec
from oncedesk.engine.memory import GC_THRESHOLDS
from oncedesk.rules.storing import pack_from_bytes
from oncedesk.storage.backtesting import BucketJournal
from oncedesk.storage.database import engine_errors, reading_pool
from oncedesk.wiring import DECIDERS


class Assignment(Record, frozen=True):
    """What all the work of one backtest shares. Packs are as they are stored, each of one market.

    `against` None: compare with what was recorded. `own` are the packs that were in force then.
    With `since`, only what was decided from then on.
    """

    url: str
    candidate: tuple[bytes, ...]
    against: tuple[bytes, ...] | None
    own: tuple[bytes, ...]
    since: datetime | None = None

    def __repr__(self) -> str:
        """A URL may have a password in it."""
        return "Assignment(...)"


class Slice(Record, frozen=True):
    """The buckets [first, end)."""

    first: int
    end: int


class Done(Struct):
    """What came of some of the work; seconds of processor time, not of waiting."""

    buckets: int = 0
    streams: int = 0
    reading_seconds: float = 0.0
    deciding_seconds: float = 0.0
    tallies: dict[str, QuestionTally] = field(
        default_factory=lambda: {name: QuestionTally() for name in QUESTIONS}
    )

    @property
    def decisions(self) -> int:
        """How many were looked at."""
        return sum(one.decided + one.unknown.total() for one in self.tallies.values())

    def add(self, other: "Done") -> None:
        self.buckets += other.buckets
        self.streams += other.streams
        self.reading_seconds += other.reading_seconds
        self.deciding_seconds += other.deciding_seconds
        for name, tally in other.tallies.items():
            self.tallies[name].add(tally)


def slices(*, workers: int) -> tuple[Slice, ...]:
    """All buckets, in so many parts that the last of the workers is not waited for long."""
    size = max(1, BUCKETS // (workers * 32))
    return tuple(Slice(first, min(first + size, BUCKETS)) for first in range(0, BUCKETS, size))


def look_through(assignment: Assignment, part: Slice) -> Done:
    """Everything that was decided in these buckets, decided again and counted.

    Raises ConnectionLost where the database goes away.
    """
    gc.set_threshold(*GC_THRESHOLDS)
    return asyncio.run(_look_through(assignment, part))


async def _look_through(assignment: Assignment, part: Slice) -> Done:
    rivals = _rivals(assignment)
    codec, questions = Codec(DECIDERS), tuple(QUESTIONS.values())
    kinds = sorted({question.kind for question in questions})
    done = Done(buckets=part.end - part.first)
    async with engine_errors():
        pool = await reading_pool(assignment.url)
        try:
            since = assignment.since
            reader = BucketJournal(
                pool, codec, first=part.first, end=part.end, kinds=kinds, since=since
            )
            taking = Taking(reader=reader, codec=codec, questions=questions, since=since)
            began = time.thread_time()
            async for refs in reader.pages():
                found = await taking.take(refs)
                read = time.thread_time()
                for taken in found:
                    compare(
                        question=taken.question,
                        cases=taken.cases,
                        unknown=taken.unknown,
                        rivals=rivals,
                        tally=done.tallies[taken.question.name],
                    )
                decided = time.thread_time()
                done.streams += len(refs)
                done.reading_seconds += read - began
                done.deciding_seconds += decided - read
                began = decided
        finally:
            await pool.close()
    return done


@lru_cache(maxsize=1)
def _rivals(assignment: Assignment) -> Rivals:
    """The packs, read once in each process: their calendars remember what they worked out."""
    against = None if assignment.against is None else _by_market(assignment.against)
    own = {pack.hash: pack for pack in map(pack_from_bytes, assignment.own)}
    return Rivals(_by_market(assignment.candidate), against, own)


def _by_market(packs: tuple[bytes, ...]) -> dict[str, Pack]:
    return {pack.market: pack for pack in map(pack_from_bytes, packs)}
