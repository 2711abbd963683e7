"""The engine, put together: what is submitted, and what happens by itself."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from oncedesk.domain.conversations.messages import AttachmentSeen
from oncedesk.domain.shared.decider import Actor, Command
from oncedesk.engine.backfilling import Backfill, Past, ReactionSet
from oncedesk.engine.blocks import Blocks
from oncedesk.engine.codec import Codec
from oncedesk.engine.deciding import BatchDecider, Consequences, PackSet
from oncedesk.engine.dispatch import LOOK_EVERYWHERE, Dispatch, DispatchView
from oncedesk.engine.entry import Entry
from oncedesk.engine.foreseeing import Foresight
from oncedesk.engine.gates import Gates
from oncedesk.engine.outbox import Outbox, OutboxStore, Send
from oncedesk.engine.ports import ConnectionLost, Store, Superseded, TryAgain
from oncedesk.engine.submission import Answer, Submission
from oncedesk.engine.submitting import Writers, end
from oncedesk.engine.sweeping import Sweeping
from oncedesk.engine.waking import Waking
from oncedesk.engine.watching import DeskWatch, WatchView

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.25
DISPATCH_SECONDS = 0.1
"""A pass looks at every free agent: a few arrivals are awaited, too short a time to be noticed."""
LEASE_SECONDS = 1.0
BACKFILL_SECONDS = 2.0
"""Hardly ever is there anything to look back for."""


class Leases(Protocol):
    """At most one process does each of these things; which one does not matter for the truth."""

    async def hold(self, name: str) -> bool:
        """Whether this process holds the lease now; takes it if it is free."""
        ...

    async def release_all(self) -> None: ...


class Job(Protocol):
    """Something beside the core that happens by itself, in one process at a time: `name`'s lease.

    `run` does what is due and says how much it was; it comes again after `idle_seconds` if that was
    nothing. `close` ends what it left under way.
    """

    @property
    def name(self) -> str: ...

    @property
    def idle_seconds(self) -> float: ...

    async def run(self) -> int: ...

    async def close(self) -> None: ...


def utc_now() -> datetime:
    return datetime.now(UTC)


class Engine:
    """Submits commands and, once `start`ed, wakes clocks, sweeps reactions, dispatches, sends.

    `refuse_newer` raises Superseded once a newer program has taken the database over: then it does
    nothing any more. With a simulated `clock` it is not started; `engine.instants` plays time
    instead.
    """

    def __init__(
        self,
        *,
        codec: Codec,
        consequences: Consequences,
        store: Store,
        outbox_store: OutboxStore,
        dispatch_view: DispatchView,
        watch_view: WatchView,
        leases: Leases,
        packs: Callable[[], PackSet],
        refresh_packs: Callable[[], Awaitable[None]],
        secret: bytes,
        refuse_newer: Callable[[], Awaitable[None]] | None = None,
        past: Past | None = None,
        send: Send | None = None,
        jobs: Sequence[Job] = (),
        clock: Callable[[], datetime] = utc_now,
        batch_max: int = 256,
        writers: int = 3,
        look_everywhere: timedelta = LOOK_EVERYWHERE,
        named_point: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.codec = codec
        self.store = store
        self.clock = clock
        self.gates = Gates(packs)
        self.entry = Entry(codec, secret, self.gates.current)
        self.writers = Writers(
            store=store,
            decider=BatchDecider(codec, consequences),
            packs=packs,
            refresh_packs=refresh_packs,
            clock=clock,
            batch_max=batch_max,
            writers=writers,
            named_point=named_point,
        )
        self.foresight = Foresight(codec=codec, commands=consequences.commands, states=store)
        self.waking = Waking(store=store, writers=self.writers, codec=codec, clock=clock)
        self.sweeping = Sweeping(store=store, writers=self.writers, clock=clock)
        self.dispatch = Dispatch(
            view=dispatch_view,
            writers=self.writers,
            entry=self.entry,
            clock=clock,
            look_everywhere=look_everywhere,
        )
        self.writers.on_accepted.append(self.dispatch.notice)
        self.blocks = Blocks(entry=self.entry, submit=self.writers.submit_later)
        self.writers.on_refused.append(self.blocks.notice)
        self.watch = DeskWatch(
            view=watch_view,
            store=store,
            writers=self.writers,
            entry=self.entry,
            packs=packs,
            clock=clock,
        )
        self.outbox = Outbox(store=outbox_store, send=send, clock=clock, named_point=named_point)
        self.backfill = (
            None
            if past is None
            else Backfill(
                past=past,
                store=store,
                writers=self.writers,
                codec=codec,
                clock=clock,
                named_point=named_point,
            )
        )
        self.refresh_packs = refresh_packs
        self._refuse_newer = refuse_newer
        self._jobs = jobs
        self._leases = leases
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Ready to take commands; nothing happens by itself yet."""
        await self.refresh_packs()
        self.writers.start()

    async def start(self) -> None:
        """Ready; clocks, reactions, dispatch, outbox and backfill run by themselves from now on."""
        await self.open()
        # Made now, so that the first message does not wait for it.
        self.gates.current()
        self._tasks = [
            asyncio.create_task(self._repeat("clocks", self.waking.submit_due)),
            asyncio.create_task(self._repeat("reactions", self.sweeping.run)),
            asyncio.create_task(self._repeat("dispatch", self.dispatch.run, DISPATCH_SECONDS)),
            asyncio.create_task(self._repeat("watch", self.watch.run)),
            asyncio.create_task(self._repeat("outbox", self.outbox.run)),
            asyncio.create_task(self._refresh()),
        ]
        self._tasks += [
            asyncio.create_task(self._repeat(job.name, job.run, idle_seconds=job.idle_seconds))
            for job in self._jobs
        ]
        if self.backfill is not None:
            looking_back = self._repeat(
                "backfill", self.backfill.run, idle_seconds=BACKFILL_SECONDS
            )
            self._tasks.append(asyncio.create_task(looking_back))

    async def stop(self) -> None:
        """Finish what was taken, then rest."""
        await end(self._tasks)
        try:
            await self.writers.stop()
        finally:
            for job in self._jobs:
                await job.close()
            await self._leases.release_all()

    def submit(
        self,
        command: Command,
        *,
        principal: str,
        key: str,
        actor: Actor,
        text: str | None = None,
        attachments: Sequence[AttachmentSeen] = (),
        expected_version: int | None = None,
    ) -> "asyncio.Future[Answer]":
        """Submit a client's command; see `Entry.submission`. The answer means: durable."""
        return self.writers.submit(
            self.entry.submission(
                command,
                principal=principal,
                key=key,
                actor=actor,
                text=text,
                attachments=attachments,
                expected_version=expected_version,
            )
        )

    def send(self, submission: Submission) -> "asyncio.Future[Answer]":
        """Submit what was made before, for instance to retry it."""
        return self.writers.submit(submission)

    async def begin_backfill_again(self) -> None:
        """Let the next one look at everything, also at what it has seen; nothing is done twice."""
        assert self.backfill is not None
        await self.backfill.begin_again()

    async def backfill_all(self, progress: Callable[[ReactionSet], None]) -> ReactionSet:
        """Do what the backfill has left, at once, or watch whichever process is at it."""
        assert self.backfill is not None
        while (standing := await self.backfill.standing()).done_at is None:
            progress(standing)
            try:
                if await self._leases.hold("backfill"):
                    await self.backfill.page()
                    continue
            except TryAgain as error:
                log.warning("background_interrupted", job="backfill", error=str(error))
            await asyncio.sleep(LEASE_SECONDS)
        return standing

    async def _repeat(
        self,
        lease: str,
        run: Callable[[], Awaitable[int]],
        rest_seconds: float = 0.0,
        idle_seconds: float = POLL_SECONDS,
    ) -> None:
        """Do it again and again while this process holds the lease; pause when there is nothing."""
        while True:
            done = 0
            try:
                if await self._leases.hold(lease):
                    done = await run()
                    pause = rest_seconds if done else idle_seconds
                else:
                    pause = LEASE_SECONDS
            except (ConnectionLost, TryAgain) as error:
                log.warning("background_interrupted", job=lease, error=str(error))
                pause = LEASE_SECONDS
            except Exception:
                # One bad row must not end for good what happens by itself.
                log.exception("background_failed", job=lease)
                pause = LEASE_SECONDS
            await asyncio.sleep(pause)

    async def _give_up(self) -> None:
        """Do nothing any more, and keep nobody else from it."""
        mine = asyncio.current_task()
        await end([task for task in self._tasks if task is not mine])
        await self.writers.give_up()
        await self._leases.release_all()

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS)
            try:
                if self._refuse_newer is not None:
                    await self._refuse_newer()
                await self.refresh_packs()
            except Superseded as error:
                log.error("database_newer", error=str(error))
                await self._give_up()
                return
            except (ConnectionLost, TryAgain) as error:
                log.warning("background_interrupted", job="packs", error=str(error))
            except Exception:
                log.exception("background_failed", job="packs")
