"""Engines on a real database, put together as a process does, and looked at from outside."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import count
from typing import Any, Self
from uuid import UUID

import asyncpg

from oncedesk.domain import parties
from oncedesk.domain.conversations.messages import Channel, ReceiveContact, Surface
from oncedesk.domain.conversations.subjects import NOTHING
from oncedesk.domain.parties.messages import PartyKind, RegisterParty
from oncedesk.domain.shared.decider import SYSTEM, Actor, Decider, Role
from oncedesk.domain.shared.ids import derived_id
from oncedesk.engine import outgoing, reactions
from oncedesk.engine.backfilling import Backfill, Past
from oncedesk.engine.codec import Codec
from oncedesk.engine.deciding import Consequences
from oncedesk.engine.outbox import Send
from oncedesk.engine.reactions import Reactions
from oncedesk.engine.replay import Replay
from oncedesk.engine.running import Engine, utc_now
from oncedesk.engine.submission import Answer
from oncedesk.rules.library import PackLibrary
from oncedesk.rules.loading import load_builtin
from oncedesk.storage.backfilling import PostgresBackfill
from oncedesk.storage.backfilling import register as make_known
from oncedesk.storage.database import connect_pool
from oncedesk.storage.dispatching import PostgresDispatchView
from oncedesk.storage.journal import PostgresJournal
from oncedesk.storage.leases import AdvisoryLeases
from oncedesk.storage.sending import PostgresOutbox
from oncedesk.storage.store import PostgresStore
from oncedesk.wiring import DECIDERS

DEADLINE_SECONDS = 20.0

# What a consumer is told by the page itself, and what is noticed of agents; notifications and the
# rest are asked for apart.
CONSEQUENCES = Consequences(
    commands=reactions.commands,
    outgoing=outgoing.Outgoing((*outgoing.TO_CONSUMERS, *outgoing.OF_AGENTS)),
)
# Keys of commands whose keys do not matter: no two in a run, whichever process gives them.
_NUMBERS = count(1)
ADMIN = Actor(role=Role.ADMIN, id=UUID(int=0xAD))


@lru_cache(maxsize=1)
def builtin_packs() -> PackLibrary:
    """The built-in packs, in force at all times."""
    return PackLibrary.always([load_builtin(market).pack(date(2025, 3, 3)) for market in ("cn",)])


@dataclass
class Rig:
    """One process's parts."""

    url: str
    pool: "asyncpg.Pool[asyncpg.Record]"
    codec: Codec
    store: PostgresStore
    engine: Engine

    def submit(
        self,
        command: Any,
        *,
        key: str | None = None,
        actor: Actor = SYSTEM,
        principal: str = "tests",
        **more: Any,
    ) -> "asyncio.Future[Answer]":
        if key is None:
            key = f"{next(_NUMBERS)}"
        return self.engine.submit(command, principal=principal, key=key, actor=actor, **more)

    async def all(self, commands: Sequence[Any], **more: Any) -> list[Answer]:
        """Submit all at once and wait for all."""
        answers: list[Answer] = await within(
            asyncio.gather(*(self.submit(one, **more) for one in commands))
        )
        return answers

    @property
    def backfill(self) -> Backfill:
        assert self.engine.backfill is not None, "this process was given no reactions"
        return self.engine.backfill

    def replay(self) -> Replay:
        packs = builtin_packs().at(datetime(2025, 3, 3, tzinfo=UTC))

        def known(name: str) -> Any:
            assert name == packs.hash
            return packs

        return Replay(reader=PostgresJournal(self.pool, self.codec), codec=self.codec, packs=known)

    async def assert_replays(self) -> None:
        """The journal rebuilds every state, and every command would be decided the same again."""
        for report in (await self.replay().check(), await self.replay().decide()):
            assert report.differences == []
            assert report.different == 0


@asynccontextmanager
async def engine_on(
    url: str,
    *,
    deciders: Sequence[Decider] = DECIDERS,
    consequences: Consequences = CONSEQUENCES,
    reactions: Reactions | None = None,
    clock: Callable[[], datetime] = utc_now,
    send: Send | None = None,
    named_point: Callable[[str], None] = lambda _: None,
    batch_max: int = 256,
    writers: int = 2,
    started: bool = False,
    database_url: str | None = None,
) -> AsyncIterator[Rig]:
    """An engine ready to take commands; with `started`, everything that happens by itself, too.

    `database_url` is where the engine finds its database, if that is not the real one's address.
    With `reactions` the installation is told of them, and what is new in them can be backfilled.
    """
    pool = await connect_pool(database_url or url, size_max=8)
    codec = Codec(deciders)
    store = PostgresStore(pool, codec, named_point=named_point)

    past: Past | None = None
    if reactions is not None:
        number = await make_known(pool, reactions.names, now=clock())
        past = Past(reactions, number, PostgresBackfill(pool))
        consequences = Consequences(reactions.commands, consequences.outgoing, number)

    async def nothing_new() -> None: ...

    engine = Engine(
        codec=codec,
        consequences=consequences,
        store=store,
        outbox_store=PostgresOutbox(pool),
        dispatch_view=PostgresDispatchView(pool),
        watch_view=PostgresDispatchView(pool),
        leases=AdvisoryLeases(database_url or url),
        packs=lambda: builtin_packs().at(clock()),
        refresh_packs=nothing_new,
        secret=b"tests",
        past=past,
        send=send,
        clock=clock,
        batch_max=batch_max,
        writers=writers,
        named_point=named_point,
    )
    try:
        await (engine.start() if started else engine.open())
        yield Rig(url, pool, codec, store, engine)
    finally:
        await engine.stop()
        pool.terminate()


class Outside:
    """A connection that knows nothing of the engine: what is really there."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def __aenter__(self) -> Self:
        self._connection = await asyncpg.connect(self._url)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()

    async def value(self, statement: str, *arguments: Any) -> Any:
        return await self._connection.fetchval(statement, *arguments)

    async def column(self, statement: str, *arguments: Any) -> list[Any]:
        return [row[0] for row in await self._connection.fetch(statement, *arguments)]

    async def rows(self, statement: str, *arguments: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self._connection.fetch(statement, *arguments)]

    async def run(self, statement: str, *arguments: Any) -> None:
        await self._connection.execute(statement, *arguments)

    async def copy(self, table: str, columns: Sequence[str], rows: Sequence[Any]) -> None:
        await self._connection.copy_records_to_table(table, records=rows, columns=columns)

    async def until(self, statement: str, expected: Any, *arguments: Any) -> None:
        """Ask again and again until this is the answer."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while (found := await self.value(statement, *arguments)) != expected:
            assert time.monotonic() < deadline, f"{statement}: {found!r}, expected {expected!r}"

    async def rows_read(self, table: str) -> int:
        """How many of its rows were ever read, by sessions that have ended: they say so at their
        end."""
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        await self.until(f"SELECT count(*) FROM pg_stat_activity WHERE {others}", 0)
        return int(
            await self.value(
                "SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_user_tables WHERE relname = $1",
                table,
            )
        )

    @asynccontextmanager
    async def holding(self, *states: UUID) -> AsyncIterator[None]:
        """Nobody can write these states meanwhile."""
        async with self._connection.transaction():
            await self._connection.fetch(
                "SELECT FROM state WHERE id = ANY($1) FOR UPDATE", list(states)
            )
            yield


@asynccontextmanager
async def nothing_stored(outside: Outside) -> AsyncIterator[None]:
    """What says something cannot be written meanwhile, and not be parked either."""
    for table in ("message", "parked"):
        await outside.run(f"ALTER TABLE {table} RENAME TO hidden_{table}")
    try:
        yield
    finally:
        for table in ("message", "parked"):
            await outside.run(f"ALTER TABLE hidden_{table} RENAME TO {table}")


async def within(awaitable: Any, seconds: float = DEADLINE_SECONDS) -> Any:
    """What comes of it, if it comes in time."""
    return await asyncio.wait_for(awaitable, seconds)


async def eventually(condition: Callable[[], Any], what: str) -> None:
    """Let others work until this is so."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        await asyncio.sleep(0)


def party(number: int) -> UUID:
    return derived_id("test party", str(number))


def register(number: int, **changes: Any) -> RegisterParty:
    """A consumer exists."""
    return RegisterParty(
        **{"party": party(number), "kind": PartyKind.CONSUMER, "market": "cn", **changes}
    )


def with_parties(**changes: Any) -> tuple[Decider, ...]:
    """The deciders, with something of the parties' decider changed."""
    return tuple(
        replace(decider, **changes) if decider is parties.DECIDER else decider
        for decider in DECIDERS
    )


def contact(number: int, *, issue: str = "refund", **changes: Any) -> ReceiveContact:
    """A consumer writes about nothing in particular; `number` says who."""
    said = {"channel": Channel.WEB, "surface": Surface.SHOP, "digest": b"0123456789abcdef"}
    return ReceiveContact(
        **{
            "consumer": party(number),
            "subject": NOTHING,
            "market": "cn",
            "length": 12,
            "language": "zh",
            "issue": issue,
            **said,
            **changes,
        }
    )


def consumer(number: int) -> Actor:
    return Actor(role=Role.CONSUMER, id=party(number))
