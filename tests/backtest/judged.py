"""Runs backtests on what stands in a database, and looks at the journal by other means."""

import asyncio
from collections.abc import Iterator
from typing import Any

from oncedesk.backtesting.work import Assignment, Done, Slice, look_through
from oncedesk.domain.shared.ids import BUCKETS
from oncedesk.domain.shared.refs import Kind
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.codec import Codec
from oncedesk.rules.storing import pack_to_bytes
from oncedesk.wiring import DECIDERS
from tests.backtest.history import pack
from tests.support.engines import Outside


def assignment(
    url: str, candidate: Pack, *, against: Pack | None = None, own: Pack | None = None
) -> Assignment:
    return Assignment(
        url=url,
        candidate=(pack_to_bytes(candidate),),
        against=None if against is None else (pack_to_bytes(against),),
        own=(pack_to_bytes(own or pack()),),
    )


def judged(
    url: str, candidate: Pack, *, against: Pack | None = None, own: Pack | None = None
) -> Done:
    """All of it, in this process, in one piece."""
    work = assignment(url, candidate, against=against, own=own)
    return look_through(work, Slice(0, BUCKETS))


def events(url: str, kind: Kind) -> Iterator[Any]:
    """Every event that the journal has of these states."""
    codec = Codec(DECIDERS)

    async def read() -> list[bytes]:
        async with Outside(url) as outside:
            rows = "SELECT events FROM journal WHERE kind = $1"
            return await outside.column(rows, kind.value)

    for body in asyncio.run(read()):
        yield from codec.events(kind, body)


def run_sql(url: str, *statements: str) -> None:
    async def work() -> None:
        async with Outside(url) as outside:
            for statement in statements:
                await outside.run(statement)

    asyncio.run(work())
