"""Puts the parts together: `build(settings)` gives everything a process needs."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from oncedesk.domain import agents, conversations, desks, orders, parties, rulebook
from oncedesk.domain.rulebook.messages import PublishPack
from oncedesk.domain.rulebook.state import RulebookState
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM_PARTY
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine import outgoing
from oncedesk.engine.backfilling import Past
from oncedesk.engine.codec import Codec
from oncedesk.engine.deciding import Consequences
from oncedesk.engine.dispatch import LOOK_EVERYWHERE
from oncedesk.engine.outbox import Send
from oncedesk.engine.reactions import REACTIONS, Reactions
from oncedesk.engine.replay import Replay
from oncedesk.engine.running import Engine, utc_now
from oncedesk.rules.library import PackLibrary, PackSet
from oncedesk.rules.loading import builtin_markets, load_builtin
from oncedesk.rules.storing import pack_from_bytes, pack_to_bytes
from oncedesk.settings import Settings
from oncedesk.storage import installation
from oncedesk.storage.access.keys import Keys
from oncedesk.storage.access.logins import Logins
from oncedesk.storage.access.sessions import Sessions
from oncedesk.storage.backfilling import PostgresBackfill, register
from oncedesk.storage.database import connect_pool
from oncedesk.storage.dispatching import PostgresDispatchView
from oncedesk.storage.embedded import EmbeddedServer, kept_running
from oncedesk.storage.health import reach
from oncedesk.storage.journal import PostgresJournal
from oncedesk.storage.leases import AdvisoryLeases
from oncedesk.storage.packs import SET, PostgresPacks, StoredPack
from oncedesk.storage.parking import PostgresParking
from oncedesk.storage.schema import migrate
from oncedesk.storage.sending import PostgresOutbox
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.administration import Administration
from oncedesk.storage.views.cases import Cases
from oncedesk.storage.views.orders import Orders
from oncedesk.storage.views.story import Story
from oncedesk.storage.views.thread import Thread
from oncedesk.storage.views.work import Work

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

DECIDERS = (
    conversations.DECIDER,
    orders.DECIDER,
    parties.DECIDER,
    agents.DECIDER,
    desks.DECIDER,
    rulebook.DECIDER,
)


def party_of(state: Any) -> UUID:
    """Whose data a state is: the party by whom its bucket was chosen."""
    match state:
        case conversations.state.Conversation() | orders.state.OrderState():
            return state.consumer
        case agents.state.AgentState():
            return state.agent
        case parties.state.PartyState():
            return state.party
        case desks.state.DeskState():
            return state.desk.party or PLATFORM_PARTY
        case _:
            return PLATFORM_PARTY


@dataclass(frozen=True, slots=True)
class Access:
    """The rows of those who may come in."""

    keys: Keys
    logins: Logins
    sessions: Sessions


@dataclass(frozen=True, slots=True)
class Views:
    """Where questions are answered; each asks who wants to know."""

    cases: Cases
    thread: Thread
    orders: Orders
    work: Work
    story: Story
    administration: Administration


@dataclass(frozen=True, slots=True)
class Parts:
    """What a process is made of. `secret` is the installation's own."""

    url: str
    pool: "asyncpg.Pool[asyncpg.Record]"
    codec: Codec
    store: PostgresStore
    engine: Engine
    library: PackLibrary
    packs: PostgresPacks
    parking: PostgresParking
    access: Access
    views: Views
    secret: bytes = field(repr=False)

    async def keep(self, packs: Sequence[Pack]) -> None:
        """Store packs and make them known here; none of them holds by that alone."""
        await _keep(self.packs, self.library, packs)

    async def replay(self) -> Replay:
        """A replay that knows every pack set the journal can name."""
        sets = {
            name: self.library.holding(holding)
            for name, holding in (await self.packs.sets()).items()
        }
        return Replay(
            reader=PostgresJournal(self.pool, self.codec),
            codec=self.codec,
            packs=sets.__getitem__,
        )


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """The URL of a migrated database: the one that is set, or the embedded one, started."""
    if settings.database_url is not None:
        await reach(settings.database_url)
        await migrate(settings.database_url)
        yield settings.database_url
        return
    with EmbeddedServer(home=settings.home) as server:
        await migrate(server.dsn)
        yield server.dsn


@asynccontextmanager
async def build(
    url: str,
    *,
    settings: Settings,
    clock: Callable[[], datetime] = utc_now,
    send: Send | None = None,
    packs: Sequence[Pack] | None = None,
    look_everywhere: timedelta = LOOK_EVERYWHERE,
    reactions: Reactions = REACTIONS,
    named_point: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[Parts]:
    """The parts on the database at `url`, ready to take commands; closed in order at the end.

    `packs` are published where a market has none yet (default: the built-in ones). `reactions`
    that this database has not seen yet are remembered, and backfilled by whoever starts the engine.
    `look_everywhere` is how often dispatch looks at all queues, for what arrived elsewhere. An
    embedded server is started again meanwhile, should its owner end.
    """
    pool = await connect_pool(url, size_max=settings.pool_max)
    codec = Codec(DECIDERS)
    store = PostgresStore(pool, codec, party_of=party_of, named_point=named_point)
    library, stored = PackLibrary(), PostgresPacks(pool)
    view = PostgresDispatchView(pool)
    refresher = _Refresher(library, stored, clock)
    number = await register(pool, reactions.names, now=utc_now())
    secret = await installation.secret(pool)
    engine = Engine(
        codec=codec,
        consequences=Consequences(
            commands=reactions.commands,
            # Without a receiver nothing leaves, and nothing piles up either.
            outgoing=outgoing.nothing if send is None else outgoing.messages,
            number=number,
        ),
        store=store,
        outbox_store=PostgresOutbox(pool),
        dispatch_view=view,
        watch_view=view,
        leases=AdvisoryLeases(url),
        packs=lambda: library.at(clock()),
        refresh_packs=refresher.refresh,
        secret=secret,
        past=Past(reactions, number, PostgresBackfill(pool)),
        send=send,
        clock=clock,
        batch_max=settings.batch_max,
        writers=settings.writers,
        look_everywhere=look_everywhere,
        named_point=named_point,
    )
    try:
        # Left before the engine stops: a process that is stopping starts no server.
        with kept_running(url):
            await engine.open()
            await _publish_first(engine, refresher, packs)
            yield Parts(
                url=url,
                pool=pool,
                codec=codec,
                store=store,
                engine=engine,
                library=library,
                packs=stored,
                parking=PostgresParking(pool, codec),
                access=Access(Keys(pool), Logins(pool), Sessions(pool)),
                views=_views(pool, codec, store),
                secret=secret,
            )
    finally:
        await engine.stop()
        await pool.close()


def _views(pool: "asyncpg.Pool[asyncpg.Record]", codec: Codec, store: PostgresStore) -> Views:
    return Views(
        cases=Cases(pool, codec, store),
        thread=Thread(pool, store),
        orders=Orders(pool, codec, store),
        work=Work(pool),
        story=Story(pool, codec),
        administration=Administration(pool, codec, store),
    )


class _Refresher:
    """Keeps the library in step with the database: new packs, and what the rulebooks say."""

    def __init__(
        self, library: PackLibrary, stored: PostgresPacks, clock: Callable[[], datetime]
    ) -> None:
        self.library = library
        self.stored = stored
        self._clock = clock
        self._bodies: Sequence[bytes] = ()
        self._decode = msgspec.msgpack.Decoder(RulebookState).decode

    async def refresh(self) -> None:
        bodies = sorted(await self.stored.rulebooks())
        if bodies == self._bodies:
            return
        self.library.add(pack_from_bytes(pack.body) for pack in await self.stored.unseen())
        moments = {self._clock()}
        for body in bodies:
            book = self._decode(body)
            self.library.follow(book)
            moments.update(one.valid_from for one in book.publications)
        await self.stored.save([_stored_set(self.library.at(at)) for at in sorted(moments)])
        self._bodies = bodies


async def _publish_first(
    engine: Engine, refresher: _Refresher, packs: Sequence[Pack] | None
) -> None:
    """A market without any pack gets its first one, which holds for all the time before, too."""
    now = engine.clock()
    have = refresher.library.at(now).holding
    if packs is None:
        missing = [market for market in builtin_markets() if market not in have]
        packs = [load_builtin(market).pack(now.date()) for market in missing]
    first = [pack for pack in packs if pack.market not in have]
    if not first:
        return
    await _keep(refresher.stored, refresher.library, first)
    for pack in first:
        await engine.submit(
            PublishPack(
                market=pack.market,
                pack_hash=pack.hash,
                version=pack.version,
                valid_from=BEGINNING,
                announced_at=now,
                reason="the first pack of this market",
            ),
            principal="oncedesk",
            key=f"first/{pack.hash}",
            actor=SYSTEM,
        )
    await engine.refresh_packs()


async def _keep(stored: PostgresPacks, library: PackLibrary, packs: Sequence[Pack]) -> None:
    await stored.save([StoredPack(pack.hash, pack.market, pack_to_bytes(pack)) for pack in packs])
    library.add(packs)


def _stored_set(packs: PackSet) -> StoredPack:
    return StoredPack(packs.hash, SET, msgspec.json.encode(packs.holding))
