"""Sends deliveries: of one conversation one after the other, to one endpoint a few at a time.

Each endpoint has a lane of its own, so one that hangs fills its lane and holds up nobody. What is
under way is remembered here only; whoever dies meanwhile has marked nothing, and the next process
sends it again under the same id.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
import structlog

from oncedesk.connectors.webhooks.signing import SecretChanged, Signer
from oncedesk.domain.shared.refs import Desk
from oncedesk.engine.ports import ConnectionLost, TryAgain
from oncedesk.engine.submitting import end
from oncedesk.engine.webhooks.disabling import notice_of
from oncedesk.engine.webhooks.model import (
    Delivery,
    DeliveryTurn,
    Endpoint,
    Outcome,
    SendingStore,
)
from oncedesk.engine.webhooks.schedule import AWAY_MIN, is_hopeless, pause_after, turn_kept

if TYPE_CHECKING:
    from oncedesk.connectors.webhooks.posting import Poster

log = structlog.get_logger(__name__)

AT_ONCE = 16
"""Deliveries that may be under way to one endpoint."""
AT_ONCE_NARROW = 2
"""And to one that failed or was slow the last time: many of them must not take all there is."""
SLOW_SECONDS = 3.0
ALL_AT_ONCE = 1_000
MARKED_AT_ONCE = 4
"""So many connections to the database at most; the engine needs them more."""
LOOK_SECONDS = 0.1
"""How long a look at the lanes waits for something to end before it looks for more."""
DISABLED_PAUSE = timedelta(seconds=5)
"""Longer than it takes until this process hears that an endpoint was disabled."""


class _Lane(msgspec.Struct):
    """What is under way to one endpoint, by conversation."""

    tasks: dict[UUID, asyncio.Task[None]] = msgspec.field(default_factory=dict)
    more: bool = False
    slow: bool = False
    rests_until: datetime | None = None


class Sending:
    """Sends what is due to `endpoints()`, those that are enabled as far as this process knows."""

    name = "webhooks"
    idle_seconds = 0.25

    def __init__(
        self,
        *,
        store: SendingStore,
        endpoints: Callable[[], Sequence[Endpoint]],
        poster: Callable[[Desk], "Poster"],
        signer: Signer,
        clock: Callable[[], datetime],
        named_point: Callable[[str], None] = lambda _: None,
        at_once: int = AT_ONCE,
    ) -> None:
        self._store = store
        self._endpoints = endpoints
        self._poster = poster
        self._signer = signer
        self._clock = clock
        self._named_point = named_point
        self._at_once = at_once
        self._lanes: dict[UUID, _Lane] = {}
        self._hastening: dict[UUID, asyncio.Task[None]] = {}
        self._hastened: dict[UUID, datetime] = {}
        self._ended = asyncio.Event()
        self._marking = asyncio.Semaphore(MARKED_AT_ONCE)

    @property
    def under_way(self) -> int:
        return sum(len(lane.tasks) for lane in self._lanes.values())

    async def run(self) -> int:
        """Begin what is due and there is room for; how many are under way."""
        self._ended.clear()
        await self._fill()
        under_way = self.under_way + len(self._hastening)
        if under_way:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), LOOK_SECONDS)
        return under_way

    async def rest(self) -> None:
        """Wait until nothing is under way."""
        while tasks := self._tasks():
            await asyncio.wait(tasks)

    async def close(self) -> None:
        """Leave what is under way; it is sent again. The receivers know it by its id."""
        await end(self._tasks())

    def _tasks(self) -> list["asyncio.Task[None]"]:
        sent = [task for lane in self._lanes.values() for task in lane.tasks.values()]
        return [*sent, *self._hastening.values()]

    async def _fill(self) -> None:
        known = {one.id: one for one in self._endpoints() if one.enabled}
        for id_ in [id_ for id_, lane in self._lanes.items() if id_ not in known]:
            if not self._lanes[id_].tasks:
                del self._lanes[id_]
        for one in known.values():
            self._begin_to_hasten(one)
        lanes = {id_: self._lanes.setdefault(id_, _Lane()) for id_ in known}
        room = {id_: self._room(known[id_], lane) for id_, lane in lanes.items()}
        due = {id_ for id_, free in room.items() if free and lanes[id_].more}
        looks = [id_ for id_, free in room.items() if free and not lanes[id_].more]
        if looks:
            due |= await self._store.with_due(looks, now=self._clock())
        for id_ in due:
            free = min(room[id_], ALL_AT_ONCE - self.under_way)
            if free > 0:
                await self._begin(known[id_], lanes[id_], free)

    def _room(self, endpoint: Endpoint, lane: _Lane) -> int:
        """How many may begin; none before half of the lane is free, to look for several at once."""
        if lane.rests_until is not None and self._clock() < lane.rests_until:
            return 0
        narrow = lane.slow or endpoint.failing_since is not None
        most = AT_ONCE_NARROW if narrow else self._at_once
        return most - len(lane.tasks) if len(lane.tasks) <= most // 2 else 0

    async def _begin(self, endpoint: Endpoint, lane: _Lane, free: int) -> None:
        found = await self._store.due(
            endpoint.id, now=self._clock(), but_not=[*lane.tasks], limit=free
        )
        lane.more = len(found) == free
        for delivery in found:
            task = asyncio.create_task(self._deliver(endpoint, lane, delivery))
            lane.tasks[delivery.stream] = task
            task.add_done_callback(self._ending(lane, delivery.stream))

    def _ending(self, lane: _Lane, stream: UUID) -> Callable[["asyncio.Task[None]"], None]:
        def ended(_: "asyncio.Task[None]") -> None:
            del lane.tasks[stream]
            self._ended.set()

        return ended

    async def _deliver(self, endpoint: Endpoint, lane: _Lane, delivery: Delivery) -> None:
        began = asyncio.get_running_loop().time()
        try:
            outcome = await self._attempt(endpoint, delivery)
            lane.slow = asyncio.get_running_loop().time() - began > SLOW_SECONDS
            self._named_point("webhook_answered")
            if outcome.gone:
                lane.rests_until = self._clock() + DISABLED_PAUSE
            async with self._marking:
                await self._settle(endpoint, delivery, outcome)
        except (ConnectionLost, TryAgain) as error:
            # Not marked, so it is sent again.
            log.warning("background_interrupted", job=self.name, error=str(error))
        except Exception:
            log.exception("webhook_failed", delivery=str(delivery.id), endpoint=str(endpoint.id))

    async def _attempt(self, endpoint: Endpoint, delivery: Delivery) -> Outcome:
        try:
            headers = self._signer.headers(
                endpoint, event=delivery.event, body=delivery.body, now=self._clock()
            )
        except SecretChanged as error:
            return Outcome(None, f"not sent: {error}")
        return await self._poster(endpoint.desk).post(
            endpoint.url, headers=headers, body=delivery.body
        )

    async def _settle(self, endpoint: Endpoint, delivery: Delivery, outcome: Outcome) -> None:
        now = self._clock()
        if outcome.taken:
            await self._store.taken(delivery, outcome, now=now)
            if endpoint.failing_since is not None:
                await self._store.endpoint_works(endpoint.id, now=now, away_min=AWAY_MIN)
            return
        log.info(
            "webhook_not_taken",
            delivery=str(delivery.id),
            endpoint=str(endpoint.id),
            attempts=delivery.attempts + 1,
            code=outcome.code,
        )
        await self._put_off(delivery, outcome, now)
        counted = await self._store.endpoint_failed(endpoint.id, now=now)
        if outcome.gone:
            await self._disable(endpoint, "answered 410 Gone", now)
        elif counted is not None and is_hopeless(counted, now=now):
            since = f"{counted.failing_since:%Y-%m-%d %H:%M}"
            await self._disable(endpoint, f"nothing but failures since {since} UTC", now)

    async def _put_off(self, delivery: Delivery, outcome: Outcome, now: datetime) -> None:
        """Until its next turn, if it has one."""
        attempts, next_at = delivery.attempts, turn_kept(delivery, now=now)
        if next_at is None:
            attempts += 1
            pause = pause_after(failures=attempts, delivery=delivery.id)
            next_at = None if pause is None else now + pause
        if outcome.gone or next_at is None:
            await self._store.given_up(delivery, outcome, now=now)
        else:
            await self._store.postponed(delivery, outcome, next_at=next_at, attempts=attempts)

    def _begin_to_hasten(self, endpoint: Endpoint) -> None:
        """Once for each time that it was asked; what this process knows may be a second old."""
        asked_at, id_ = endpoint.hastens_at, endpoint.id
        if asked_at is None or id_ in self._hastening or self._hastened.get(id_) == asked_at:
            return

        def ended(_: "asyncio.Task[None]") -> None:
            del self._hastening[id_]
            self._ended.set()

        task = self._hastening[id_] = asyncio.create_task(self._hasten(id_, asked_at))
        task.add_done_callback(ended)

    async def _hasten(self, id_: UUID, asked_at: datetime) -> None:
        """All that waits for its turn is due now. Who dies meanwhile leaves it to the next."""
        try:
            now = self._clock()
            after: DeliveryTurn | None = None
            while True:
                async with self._marking:
                    after = await self._store.hasten(id_, now=now, after=after)
                if after is None:
                    break
            await self._store.hastened(id_, asked_at=asked_at)
            self._hastened[id_] = asked_at
        except (ConnectionLost, TryAgain) as error:
            log.warning("background_interrupted", job=self.name, error=str(error))
        except Exception:
            log.exception("webhook_failed", endpoint=str(id_))
            self._hastened[id_] = asked_at

    async def _disable(self, endpoint: Endpoint, reason: str, now: datetime) -> None:
        notice = notice_of(endpoint, now=now)
        if await self._store.disable(endpoint.id, reason=reason, now=now, notice=notice):
            log.error("webhook_disabled", endpoint=str(endpoint.id), reason=reason)
