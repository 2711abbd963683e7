"""Webhooks on a real database with a simulated clock, and things that leave."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from oncedesk.connectors.webhooks.managing import EndpointWithSecret, Webhooks
from oncedesk.connectors.webhooks.posting import Poster, Times
from oncedesk.connectors.webhooks.resolving import Resolve
from oncedesk.connectors.webhooks.sending import Sending
from oncedesk.connectors.webhooks.signing import Signer
from oncedesk.connectors.webhooks.targets import Rules, networks_of
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.ids import bucket_of, derived_id
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.ports import OutboxRow
from oncedesk.engine.webhooks.fanning import FanningOut
from oncedesk.engine.webhooks.model import Endpoint
from oncedesk.engine.webhooks.sweeping import SweepingUp
from oncedesk.storage.database import connect_pool
from oncedesk.storage.webhook_keeping import PostgresWebhooks
from oncedesk.storage.writing import outbox_rows
from tests.support.engines import party, within

START = datetime(2025, 3, 3, 9, tzinfo=UTC)
ADMIN = Actor(Role.ADMIN, UUID(int=0xAD))
QUICK = Times(connect=0.5, total=1.0)
"""For receivers that never come to an end; whoever is well may be slow."""
SOURCE = "https://service.example.org"
SUPERVISOR = UUID(int=0x5E)


@dataclass
class Hooks:
    """Everything about webhooks in one process; nothing runs unless it is told to."""

    pool: "asyncpg.Pool[asyncpg.Record]"
    store: PostgresWebhooks
    clock: SimulatedClock
    signer: Signer
    managed: Webhooks
    fanning: FanningOut
    sending: Sending
    sweeping: SweepingUp
    supervised: dict[UUID, Desk]
    known: Sequence[Endpoint] = ()

    async def refresh(self) -> None:
        self.known = await self.store.endpoints()

    async def add(
        self, url: str, *, topics: Sequence[str] = ("case.opened",), desk: Desk = PLATFORM
    ) -> EndpointWithSecret:
        added = await self.managed.add(actor=ADMIN, desk=desk, url=url, topics=topics)
        assert isinstance(added, EndpointWithSecret), added
        return added

    async def leave(self, *rows: OutboxRow) -> None:
        """These are in the outbox now."""
        columns = outbox_rows(rows)
        assert columns is not None
        await self.pool.execute(columns.statement, *columns.columns)

    async def send(self, *, rounds: int = 1_000) -> None:
        """Fan out and send until nothing more is due now."""
        while await self.fanning.run():
            pass
        # What ends during the first look is not seen by it, and neither is what may go then.
        await within(self.sending.rest())
        for _ in range(rounds):
            begun = await within(self.sending.run())
            await within(self.sending.rest())
            await self.refresh()
            if not begun:
                return

    async def later(self, **span: float) -> None:
        self.clock.jump(self.clock() + timedelta(**span))
        await self.send()


@asynccontextmanager
async def hooks_on(
    url: str,
    *,
    clock: SimulatedClock | None = None,
    allow: str = "127.0.0.1/32",
    key: str = "",
    resolve: Resolve | None = None,
    times: Times | None = None,
    named_point: Callable[[str], None] = lambda _: None,
    at_once: int = 16,
) -> AsyncIterator[Hooks]:
    pool = await connect_pool(url, size_max=8)
    store, signer = PostgresWebhooks(pool), Signer(installation=b"tests", key=key)
    now = clock or SimulatedClock(START)
    poster = Poster(rules=Rules(allowed=tuple(networks_of(allow))), resolve=resolve, times=times)
    supervised: dict[UUID, Desk] = {}

    async def supervises(agent: UUID, desk: Desk) -> bool:
        return supervised.get(agent) == desk

    async def changed() -> None:
        await hooks.refresh()

    hooks = Hooks(
        pool=pool,
        store=store,
        clock=now,
        signer=signer,
        managed=Webhooks(
            store=store,
            signer=signer,
            poster=lambda _: poster,
            supervises=supervises,
            changed=changed,
            source=SOURCE,
            clock=now,
        ),
        fanning=FanningOut(store=store, source=SOURCE, clock=now, named_point=named_point),
        sending=Sending(
            store=store,
            endpoints=lambda: hooks.known,
            poster=lambda _: poster,
            signer=signer,
            clock=now,
            named_point=named_point,
            at_once=at_once,
        ),
        sweeping=SweepingUp(store=store, keep=timedelta(days=14), clock=now),
        supervised=supervised,
    )
    try:
        await hooks.refresh()
        yield hooks
    finally:
        await hooks.sending.close()
        await poster.close()
        pool.terminate()


def conversation(number: int) -> UUID:
    return derived_id("test conversation", str(number))


def leaving(
    number: int = 1,
    version: int = 1,
    *,
    topic: str = "case.opened",
    at: datetime = START,
    desks: Sequence[str] = (),
    **more: Any,
) -> OutboxRow:
    """Something that happened in the conversation of this number."""
    stream, consumer = conversation(number), party(number)
    body = {
        "conversation": str(stream),
        "case": 1,
        "version": version,
        "event": {"type": "CaseOpened", "issue": "refund"},
        "consumer": str(consumer),
        "desks": desks,
        **more,
    }
    return OutboxRow(
        bucket=bucket_of(consumer),
        id=derived_id("test row", stream, topic, str(version)),
        topic=topic,
        body=msgspec.json.encode(body),
        at=at,
        stream=stream,
        version=version,
        number=0,
        leaves_at=at,
    )
