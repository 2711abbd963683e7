"""A whole backtest, from the names of packs to the report."""

import asyncio
import time
from collections.abc import Callable, Sequence

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
) -> Report:
    """Decide again all that the journal at `url` holds; `progress` is told of buckets as they end.

    Raises NothingRecorded, ConnectionLost, WorkerEnded and RayMissing.
    """
    assignment = Assignment(
        url=url,
        candidate=_stored(candidate.packs),
        against=None if against is None else _stored(against.packs),
        own=_stored(own),
    )
    began = time.perf_counter()
    # Beside the event loop, which goes on keeping the embedded server alive meanwhile.
    done = await asyncio.to_thread(_add_up, spread, assignment, slices(workers=workers), progress)
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
    spread: Spread, assignment: Assignment, parts: Sequence[Slice], progress: Callable[[int], None]
) -> Done:
    done = Done()
    for part in spread(assignment, parts):
        done.add(part)
        progress(part.buckets)
    return done


def _stored(packs: Sequence[Pack]) -> tuple[bytes, ...]:
    return tuple(pack_to_bytes(pack) for pack in packs)
