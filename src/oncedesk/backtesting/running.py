"""A whole backtest, from the names of packs to the report."""

import asyncio
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from datetime import datetime
from threading import Event

from oncedesk.backtesting.choosing import Chosen
from oncedesk.backtesting.report import Report, report_of
from oncedesk.backtesting.spreading import Spread
from oncedesk.backtesting.work import Assignment, Done, Slice, slices
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.rules.storing import pack_from_bytes, pack_to_bytes
from oncedesk.storage.packs import StoredPack


class NothingRecorded(LookupError):
    """The journal holds no decision that could be decided again."""


def stored_packs(stored: Sequence[StoredPack]) -> tuple[Pack, ...]:
    return tuple(pack_from_bytes(one.body) for one in stored)


async def backtest(
    url: str,
    *,
    candidate: Chosen,
    against: Chosen | None,
    own: Sequence[Pack],
    spread: Spread,
    workers: int,
    progress: Callable[[int], None] = lambda _: None,
    parts: Sequence[Slice] | None = None,
    since: datetime | None = None,
    decisions_max: int | None = None,
) -> Report:
    """Decide again all that the journal at `url` holds; `progress` is told of buckets as they end.

    `parts` are the pieces in which it is done, if not as suits the workers. With `since` only what
    was decided from then on; after `decisions_max` no further bucket is looked through. Buckets are
    as good as drawn, so what was looked through then is a sample.

    Raises NothingRecorded, ConnectionLost, WorkerEnded and RayMissing.
    """
    assignment = Assignment(
        url=url,
        candidate=_stored(candidate.packs),
        against=None if against is None else _stored(against.packs),
        own=_stored(own),
        since=since,
    )
    began, stopped = time.perf_counter(), Event()
    try:
        # Beside the event loop, which goes on keeping the embedded server alive meanwhile.
        done = await asyncio.to_thread(
            _add_up,
            spread(assignment, parts or slices(workers=workers)),
            progress,
            stopped,
            decisions_max,
        )
    finally:
        stopped.set()
    report = report_of(
        done,
        candidate=candidate,
        against=against,
        workers=workers,
        seconds=time.perf_counter() - began,
    )
    if not report.decisions:
        raise NothingRecorded("nothing to decide again: no routing and no promise was recorded yet")
    return report


def _add_up(
    parts: Generator[Done],
    progress: Callable[[int], None],
    stopped: Event,
    decisions_max: int | None,
) -> Done:
    """All of it or so much, or nothing more once nobody waits for it."""
    done = Done()
    with closing(parts):
        for part in parts:
            if stopped.is_set():
                break
            done.add(part)
            progress(part.buckets)
            if decisions_max is not None and done.decisions >= decisions_max:
                break
    return done


def _stored(packs: Sequence[Pack]) -> tuple[bytes, ...]:
    return tuple(pack_to_bytes(pack) for pack in packs)
