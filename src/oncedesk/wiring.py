"""Puts the parts together: `build(settings)` gives everything a process needs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from oncedesk.connectors.payments.hook import HookExecutor
from oncedesk.connectors.payments.simulated import SimulatedExecutor
from oncedesk.connectors.translation.hook import HookTranslator
from oncedesk.connectors.webhooks.managing import Webhooks
from oncedesk.connectors.webhooks.sending import Sending
from oncedesk.connectors.webhooks.signing import Signer
from oncedesk.domain import (
    accounts,
    agents,
    budgets,
    conversations,
    desks,
    evidence,
    listings,
    orders,
    parties,
    remedies,
    rulebook,
    wallets,
)
from oncedesk.domain.agents.messages import DeskRole
from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.rulebook.messages import PublishPack
from oncedesk.domain.rulebook.state import Publication, RulebookState
from oncedesk.domain.shared.decider import SYSTEM, Actor, Command
from oncedesk.domain.shared.refs import PLATFORM, Desk, agent_ref
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.backfilling import Past
from oncedesk.engine.codec import Codec
from oncedesk.engine.deciding import Consequences
from oncedesk.engine.dispatch import LOOK_EVERYWHERE
from oncedesk.engine.foreseeing import Foresight
from oncedesk.engine.notifying import Links, Notifying
from oncedesk.engine.outbox import Send
from oncedesk.engine.outgoing import TOPICS, Outgoing
from oncedesk.engine.paying import Executor, Paying
from oncedesk.engine.reactions import REACTIONS, Reactions
from oncedesk.engine.replay import JournalReader, Replay
from oncedesk.engine.running import Engine, Job, utc_now
from oncedesk.engine.submission import Answer
from oncedesk.engine.taking import Taking
from oncedesk.engine.translating import Translating
from oncedesk.engine.webhooks.fanning import FanningOut
from oncedesk.engine.webhooks.model import Endpoint
from oncedesk.engine.webhooks.sweeping import SweepingUp
from oncedesk.rules.library import PackLibrary, PackSet
from oncedesk.rules.loading import builtin_pack, first_markets
from oncedesk.rules.storing import pack_from_bytes, pack_to_bytes
from oncedesk.settings import Settings
from oncedesk.storage import installation
from oncedesk.storage.access.keys import Keys
from oncedesk.storage.access.logins import Logins
from oncedesk.storage.access.sessions import Sessions
from oncedesk.storage.attachments.files import Files, LocalFiles
from oncedesk.storage.attachments.sweeping import FileSweep
from oncedesk.storage.attachments.uploading import Uploads
from oncedesk.storage.attending import CHANNEL as ATTENDING
from oncedesk.storage.attending import Attending
from oncedesk.storage.backfilling import PostgresBackfill, register
from oncedesk.storage.candidates import PostgresCandidates
from oncedesk.storage.database import Pool, Unhurried, close_pool, connect_pool
from oncedesk.storage.desk_tools.articles import Articles
from oncedesk.storage.desk_tools.macros import Macros
from oncedesk.storage.desk_tools.saved_views import SavedViews
from oncedesk.storage.dispatching import PostgresDispatchView
from oncedesk.storage.embedded import EmbeddedServer, kept_running
from oncedesk.storage.health import reach, refuse_beside
from oncedesk.storage.journal import PostgresJournal
from oncedesk.storage.leases import AdvisoryLeases
from oncedesk.storage.ledger.fund import Fund
from oncedesk.storage.ledger.statements import Statements
from oncedesk.storage.live import LiveUpdates
from oncedesk.storage.notifying import PostgresNotifying
from oncedesk.storage.outcomes.arrivals import Arrivals
from oncedesk.storage.outcomes.figures import Figures
from oncedesk.storage.outcomes.working_out import Outcomes
from oncedesk.storage.packs import SET, PostgresPacks, StoredPack
from oncedesk.storage.parking import PostgresParking
from oncedesk.storage.schema import migrate, refuse_newer
from oncedesk.storage.sending import PostgresOutbox
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.translations import Translations
from oncedesk.storage.views.addresses import Addresses
from oncedesk.storage.views.administration import Administration
from oncedesk.storage.views.bought import BoughtGoods
from oncedesk.storage.views.cases import Cases
from oncedesk.storage.views.cases_due import CasesDue
from oncedesk.storage.views.desk_list import DeskList
from oncedesk.storage.views.filtered import Filtered
from oncedesk.storage.views.goodwill import Goodwill
from oncedesk.storage.views.listings import Listings
from oncedesk.storage.views.macro_values import MacroValues
from oncedesk.storage.views.mentions import Mentions
from oncedesk.storage.views.names import AgentNames, PublicNames
from oncedesk.storage.views.notes import Notes
from oncedesk.storage.views.orders import Orders
from oncedesk.storage.views.refunds import Refunds
from oncedesk.storage.views.remedies import RemedyViews
from oncedesk.storage.views.remedies_due import RemediesDue
from oncedesk.storage.views.remedy_follow import FollowedRemedies
from oncedesk.storage.views.roster import Roster
from oncedesk.storage.views.silences import Silences
from oncedesk.storage.views.story import Story
from oncedesk.storage.views.thread import Thread
from oncedesk.storage.views.wall import Walls
from oncedesk.storage.views.wallets import Wallets
from oncedesk.storage.views.work import Work
from oncedesk.storage.webhook_keeping import PostgresWebhooks

if TYPE_CHECKING:
    from oncedesk.connectors.webhooks.posting import Poster

SIMULATED = "simulated:"
READING_PART = 3
"""One in so many of a process's connections is for those who look something up."""
READING_MIN = 2
"""Of one alone a single slow question would keep all others waiting."""
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

DECIDERS = (
    conversations.DECIDER,
    orders.DECIDER,
    parties.DECIDER,
    agents.DECIDER,
    desks.DECIDER,
    rulebook.DECIDER,
    remedies.DECIDER,
    accounts.DECIDER,
    budgets.DECIDER,
    listings.DECIDER,
    wallets.DECIDER,
    evidence.DECIDER,
)


def files_of(settings: Settings) -> Files:
    """Where attachments lie: the store that is set, or a folder of the home."""
    if settings.files_url is None:
        return LocalFiles(settings.home / "files")
    # Loaded only where it is used.
    from oncedesk.storage.attachments.s3 import S3Files

    return S3Files.at(settings.files_url)


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
    desk_list: DeskList
    filtered: Filtered
    story: Story
    administration: Administration
    refunds: Refunds
    addresses: Addresses
    listings: Listings
    bought: BoughtGoods
    wallets: Wallets
    remedies: RemedyViews
    goodwill: Goodwill
    cases_due: CasesDue
    remedies_due: RemediesDue
    followed: FollowedRemedies
    statements: Statements
    fund: Fund
    macro_values: MacroValues
    mentions: Mentions
    names: AgentNames
    public_names: PublicNames
    roster: Roster
    walls: Walls
    figures: Figures
    arrivals: Arrivals


@dataclass(frozen=True, slots=True)
class Parts:
    """What a process is made of. `secret` is the installation's own; `readers` cannot write."""

    url: str
    pool: Pool
    readers: Pool
    codec: Codec
    store: PostgresStore
    engine: Engine
    library: PackLibrary
    packs: PostgresPacks
    candidates: PostgresCandidates
    parking: PostgresParking
    files: Files
    uploads: Uploads
    file_sweep: FileSweep
    live: LiveUpdates
    attending: Attending
    articles: Articles
    macros: Macros
    saved_views: SavedViews
    taking: Taking
    translations: Translations
    translating: Translating | None
    access: Access
    views: Views
    webhooks: Webhooks
    outcomes: Outcomes
    secret: bytes = field(repr=False)

    async def keep(self, packs: Sequence[Pack]) -> None:
        """Store packs and make them known here; none of them holds by that alone."""
        await _keep(self.packs, self.library, packs)

    async def replay(
        self,
        *,
        of: Callable[[Pool, Codec], JournalReader] = PostgresJournal,
    ) -> Replay:
        """A replay that knows every pack set the journal can name; `of` a sample, if you like."""
        sets = {
            name: self.library.holding(holding)
            for name, holding in (await self.packs.sets()).items()
        }
        return Replay(
            reader=of(self.pool, self.codec),
            codec=self.codec,
            packs=sets.__getitem__,
        )


class Tells(Enum):
    """Who is told of what happens here, if the caller has no receiver of its own."""

    ENDPOINTS = "endpoints"
    NOBODY = "nobody"


@asynccontextmanager
async def server(settings: Settings) -> AsyncIterator[str]:
    """The URL of the database as it is: the one that is set, or the embedded one, started."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    with EmbeddedServer(home=settings.home) as embedded:
        yield embedded.dsn


@asynccontextmanager
async def database(
    settings: Settings, *, first: Callable[[str], Awaitable[None]] = reach
) -> AsyncIterator[str]:
    """The URL of a migrated database; `first` looks at it before, and raises if it is none."""
    async with server(settings) as url:
        await first(url)
        await migrate(url)
        yield url


@asynccontextmanager
async def build(
    url: str,
    *,
    settings: Settings,
    clock: Callable[[], datetime] = utc_now,
    send: Send | None = None,
    topics: Collection[str] = TOPICS,
    tells: Tells = Tells.ENDPOINTS,
    executor: Executor | None = None,
    packs: Sequence[Pack] | None = None,
    look_everywhere: timedelta = LOOK_EVERYWHERE,
    live: bool = True,
    reactions: Reactions = REACTIONS,
    alone: bool = False,
    named_point: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[Parts]:
    """The parts on the database at `url`, ready to take commands; closed in order at the end.

    `packs` are published where a market has none yet (default: the built-in ones). `reactions`
    that this database has not seen yet are remembered, and backfilled by whoever starts the engine.
    A `send` of the caller's own gets what leaves under these `topics`, in the place of the webhook
    endpoints; an `executor` of its own gets the refunds. What is played from long ago is for
    nobody: then `tells` says so.
    `look_everywhere` is how often dispatch looks at all queues, for what arrived elsewhere. With
    `live` every batch is told to those who follow. An embedded server is started again meanwhile,
    should its owner end. Raises InUse where somebody wants to be `alone` there, and who builds this
    is not.
    """
    pool, readers = await _pools(url, settings, alone=alone)
    codec = Codec(DECIDERS)
    store = PostgresStore(pool, codec, live=live, named_point=named_point)
    library, stored = PackLibrary(), PostgresPacks(pool)
    view = PostgresDispatchView(pool)
    refresher = _Refresher(library, stored, clock)
    updates = LiveUpdates(url)
    attending = Attending(pool, clock=clock, wake=updates.tell)
    updates.hear_also(ATTENDING, attending.hear)
    files = files_of(settings)
    # What is coming in is not a file of the store yet, wherever that is.
    incoming = settings.home / "incoming"
    outcomes = Outcomes(pool, codec)
    sweep = FileSweep(
        pool=pool,
        codec=codec,
        files=files,
        incoming=incoming,
        clock=clock,
        named_point=named_point,
    )
    number = await register(pool, reactions.names, now=utc_now())
    secret = await installation.secret(pool)
    payments = executor
    if payments is None and tells is Tells.ENDPOINTS:
        payments = payments_of(settings, clock=clock)
    outgoing = Outgoing(() if send is None else topics, pays=payments is not None)
    follows = send is None and tells is Tells.ENDPOINTS
    hooks = _Hooks(pool, store, settings, secret, outgoing if follows else None, clock)

    async def refresh() -> None:
        await refresher.refresh()
        await hooks.refresh()

    def submit(
        command: Command, *, principal: str, key: str, actor: Actor
    ) -> "asyncio.Future[Answer]":
        return engine.submit(command, principal=principal, key=key, actor=actor)

    paying: list[Job] = []
    if payments is not None:
        paying.append(
            Paying(
                store=PostgresOutbox(pool),
                executor=payments,
                submit=submit,
                clock=clock,
                named_point=named_point,
            )
        )
    engine = Engine(
        codec=codec,
        consequences=Consequences(
            commands=reactions.commands,
            # Without a receiver nothing leaves, and nothing piles up either.
            outgoing=outgoing,
            number=number,
        ),
        store=store,
        outbox_store=PostgresOutbox(pool),
        dispatch_view=view,
        watch_view=view,
        leases=AdvisoryLeases(url),
        packs=lambda: library.at(clock()),
        refresh_packs=refresh,
        refuse_newer=lambda: refuse_newer(pool),
        secret=secret,
        past=Past(reactions, number, PostgresBackfill(pool)),
        send=send,
        jobs=[
            Notifying(
                store=PostgresNotifying(pool),
                states=store,
                links=Links(settings.public_url, settings.consumer_link, settings.desk_link),
                packs=lambda: library.at(clock()),
                clock=clock,
                named_point=named_point,
            ),
            sweep,
            outcomes,
            *(hooks.jobs(named_point) if follows else ()),
            *paying,
        ],
        clock=clock,
        batch_max=settings.batch_max,
        writers=settings.writers,
        look_everywhere=look_everywhere,
        named_point=named_point,
    )
    translating = _translating(settings, clock=clock)
    uploads = Uploads(
        pool=pool,
        codec=codec,
        files=files,
        incoming=incoming,
        gate=engine.gates.current,
        clock=clock,
        day_bytes_max=settings.upload_day_bytes_max,
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
                readers=readers,
                codec=codec,
                store=store,
                engine=engine,
                library=library,
                packs=stored,
                candidates=PostgresCandidates(pool),
                parking=PostgresParking(pool, codec),
                live=updates,
                attending=attending,
                articles=Articles(pool),
                macros=Macros(pool),
                saved_views=SavedViews(pool),
                taking=Taking(view, engine, store),
                translations=Translations(pool),
                translating=translating,
                access=Access(Keys(pool), Logins(pool, codec), Sessions(pool)),
                views=_views(readers, codec, store, engine.foresight, pool),
                secret=secret,
                webhooks=hooks.managed,
                outcomes=outcomes,
                files=files,
                uploads=uploads,
                file_sweep=sweep,
            )
    finally:
        async with AsyncExitStack() as last:
            # Each of them is closed, whatever becomes of those before it.
            last.push_async_callback(close_pool, pool)
            last.push_async_callback(close_pool, readers)
            last.push_async_callback(hooks.close)
            if translating is not None:
                last.push_async_callback(translating.close)
            last.push_async_callback(engine.stop)
            await updates.stop()


async def _pools(url: str, settings: Settings, *, alone: bool) -> tuple[Pool, Pool]:
    """The connections of those who work, and of those who look something up for somebody.

    Apart, so that no number of slow questions keeps a writer waiting.
    """
    reading_max = max(READING_MIN, settings.pool_max // READING_PART)
    async with AsyncExitStack() as opened:
        pool = await connect_pool(url, size_max=settings.pool_max - reading_max)
        opened.push_async_callback(close_pool, pool)
        if not alone:
            await refuse_beside(pool)
        readers = await connect_pool(url, size_max=reading_max, reads_only=True)
        opened.pop_all()
        return pool, readers


def _views(
    pool: Pool,
    codec: Codec,
    store: PostgresStore,
    foresight: Foresight,
    writers: Pool,
) -> Views:
    """What people look up over these connections; who read a mention is noted over `writers`."""
    cases, roster = Cases(pool, codec, store), Roster(pool, store)
    orders, remedy_views = Orders(pool, codec, store), RemedyViews(pool, store)
    names, public_names = AgentNames(pool), PublicNames(pool, store)
    notes, unhurried = Notes(pool, store), Unhurried(pool)
    return Views(
        cases=cases,
        thread=Thread(pool, notes),
        orders=orders,
        work=Work(pool),
        desk_list=DeskList(pool, store),
        filtered=Filtered(pool, store),
        story=Story(pool, codec, notes),
        administration=Administration(pool, codec, store),
        addresses=Addresses(pool),
        listings=Listings(store),
        bought=BoughtGoods(pool),
        wallets=Wallets(store),
        remedies=remedy_views,
        goodwill=Goodwill(store),
        cases_due=CasesDue(pool, store, foresight),
        remedies_due=RemediesDue(pool, store, foresight),
        followed=FollowedRemedies(pool),
        statements=Statements(pool, codec),
        fund=Fund(pool, unhurried, codec, store),
        names=names,
        public_names=public_names,
        refunds=Refunds(pool, unhurried),
        mentions=Mentions(writers, cases),
        macro_values=MacroValues(
            pool,
            codec,
            cases=cases,
            names=names,
            public_names=public_names,
            orders=orders,
            remedies=remedy_views,
        ),
        roster=roster,
        walls=Walls(pool, store, roster, Silences(pool, codec)),
        figures=Figures(unhurried),
        arrivals=Arrivals(pool),
    )


def payments_of(settings: Settings, *, clock: Callable[[], datetime]) -> Executor | None:
    """Who executes refunds: the payments that are set, the simulated ones, or nobody."""
    url = settings.payments_url
    if url is None:
        return None
    if url.startswith(SIMULATED):
        return SimulatedExecutor(seed=int(url.removeprefix(SIMULATED)), clock=clock)
    assert settings.payments_secret is not None, "a URL of payments needs a secret"
    return HookExecutor(
        url=url,
        secret=settings.payments_secret,
        poster=lambda: poster_of(settings, own=True),
        source=settings.public_url,
        clock=clock,
    )


def _translating(settings: Settings, *, clock: Callable[[], datetime]) -> Translating | None:
    """Who translates for agents, or nobody."""
    url = settings.translation_url
    if url is None:
        return None
    assert settings.translation_secret is not None, "a URL that translates needs a secret"
    return Translating(
        HookTranslator(
            url=url,
            secret=settings.translation_secret,
            poster=lambda: poster_of(settings, own=True),
            clock=clock,
        )
    )


def poster_of(settings: Settings, *, own: bool) -> "Poster":
    """Posts to public addresses, and for what is the marketplace's own to those that are allowed.

    Loaded when something is first sent: the HTTP client takes longer to load than all else.
    """
    from oncedesk.connectors.webhooks.posting import Poster
    from oncedesk.connectors.webhooks.targets import Rules, networks_of

    return Poster(
        rules=Rules(
            ports=tuple(int(port) for port in settings.webhook_ports.split(",")),
            allowed=tuple(networks_of(settings.webhook_allow if own else "")),
        )
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
        now, published = self._clock(), list[Publication]()
        for body in bodies:
            book = self._decode(body)
            self.library.follow(book)
            published += book.publications
        known = self.library.at(now)
        # The packs, too: a failover may have lost one, and whoever starts must find it.
        packs = [known.by_hash(name) for name in sorted({one.pack_hash for one in published})]
        sets = [self.library.at(at) for at in sorted({now, *(one.valid_from for one in published)})]
        await self.stored.save([*map(_stored_pack, packs), *map(_stored_set, sets)])
        self._bodies = bodies


class _Hooks:
    """The webhooks of this process: who is told of what as of now, and what sends it."""

    def __init__(
        self,
        pool: Pool,
        states: PostgresStore,
        settings: Settings,
        secret: bytes,
        outgoing: Outgoing | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = PostgresWebhooks(pool)
        self._states = states
        self._settings = settings
        self._signer = Signer(installation=secret, key=settings.webhook_key or "")
        self._outgoing = outgoing
        self._clock = clock
        self._endpoints: Sequence[Endpoint] = ()
        self._posters: dict[bool, Poster] = {}
        self.managed = Webhooks(
            store=self._store,
            signer=self._signer,
            poster=self._poster,
            supervises=self._supervises,
            changed=self.refresh,
            source=settings.public_url,
            clock=clock,
        )

    def jobs(self, named_point: Callable[[str], None]) -> Sequence[Job]:
        """What is done by itself for them."""
        return (
            FanningOut(
                store=self._store,
                source=self._settings.public_url,
                clock=self._clock,
                named_point=named_point,
            ),
            Sending(
                store=self._store,
                endpoints=lambda: self._endpoints,
                poster=self._poster,
                signer=self._signer,
                clock=self._clock,
                named_point=named_point,
            ),
            SweepingUp(
                store=self._store,
                keep=timedelta(days=self._settings.webhook_keep_days),
                clock=self._clock,
            ),
        )

    async def refresh(self) -> None:
        if self._outgoing is None:
            return
        self._endpoints = await self._store.endpoints()
        self._outgoing.follow(
            [
                topic
                for topic in TOPICS
                if any(one.enabled and one.wants(topic) for one in self._endpoints)
            ]
        )

    async def close(self) -> None:
        for poster in self._posters.values():
            await poster.close()

    def _poster(self, desk: Desk) -> "Poster":
        """One for the marketplace's own endpoints, one for those of others.

        The installation's own networks are open to the marketplace alone. Made when something is
        first sent: the HTTP client takes longer to load than all else.
        """
        own = desk == PLATFORM
        found = self._posters.get(own)
        if found is None:
            found = self._posters[own] = poster_of(self._settings, own=own)
        return found

    async def _supervises(self, agent: UUID, desk: Desk) -> bool:
        ref = agent_ref(agent)
        stored = (await self._states.load((ref,))).get(agent)
        state = None if stored is None else stored.state
        now = self._clock()
        return isinstance(state, AgentState) and any(
            one.desk == desk and one.role is DeskRole.SUPERVISOR and one.covers(now)
            for one in state.memberships
        )


async def _publish_first(
    engine: Engine, refresher: _Refresher, packs: Sequence[Pack] | None
) -> None:
    """A market without any pack gets its first one, which holds for all the time before, too."""
    now = engine.clock()
    have = refresher.library.at(now).holding
    if packs is None:
        missing = [market for market in first_markets() if market not in have]
        packs = [builtin_pack(market, now.date()) for market in missing]
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
    await stored.save([*map(_stored_pack, packs)])
    library.add(packs)


def _stored_pack(pack: Pack) -> StoredPack:
    return StoredPack(pack.hash, pack.market, pack_to_bytes(pack))


def _stored_set(packs: PackSet) -> StoredPack:
    return StoredPack(packs.hash, SET, msgspec.json.encode(packs.holding))
