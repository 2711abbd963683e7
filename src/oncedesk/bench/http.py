"""Contacts a second through the real server, in turn with an echo route of the same server."""

import asyncio
from collections.abc import Callable, Sequence

from oncedesk.bench.contacts import Marketplace, insist, marketplace, refuse_failures
from oncedesk.bench.load import Client
from oncedesk.bench.measuring import Meter, between
from oncedesk.bench.served import Served
from oncedesk.bench.turns import Turn
from oncedesk.domain.shared.records import Record
from oncedesk.settings import Settings

TURN_SECONDS = 2.0
ECHO_SECONDS = 1.0
WARM_UP_SECONDS = 2.0
SETTLE_SECONDS = 0.2
"""Between two turns: what a contact causes afterwards is not the echo's business."""
ORDERS_PER_SECOND = 4_000


class HttpFigures(Record, frozen=True):
    """What `oncedesk bench http --json` prints. Microseconds are of processor time."""

    contacts_per_second: float
    p50_ms: float
    p99_ms: float
    share_of_echo: float
    echo_per_second: float
    server_rss_mb: float
    server_cpu_us_per_contact: float
    postgres_us_per_contact: float
    client_cpu_us_per_contact: float
    steal_percent: float
    acknowledged: int
    recorded: int
    processes: int
    connections: int
    seconds: float


class _Spent(Record, frozen=True):
    """What the contacts' turns cost together."""

    server_seconds: float = 0.0
    postgres_seconds: float = 0.0
    steal_seconds: float = 0.0

    def __add__(self, other: "_Spent") -> "_Spent":
        return _Spent(
            self.server_seconds + other.server_seconds,
            self.postgres_seconds + other.postgres_seconds,
            self.steal_seconds + other.steal_seconds,
        )


async def run(
    url: str,
    *,
    settings: Settings,
    seconds: float,
    processes: int,
    connections: int,
    postmaster: int | None,
    progress: Callable[[str], None],
) -> HttpFigures:
    """So many seconds of contacts, and half as many of echoes between them.

    Raises NotAsAcknowledged where what was acknowledged is not what the database has.
    """
    orders = int((seconds + WARM_UP_SECONDS) * ORDERS_PER_SECOND)
    async with (
        marketplace(url, settings=settings, orders=orders, progress=progress) as place,
        place.serving(processes=processes) as server,
    ):
        meter = await Meter.connect(place.url, postmaster)
        bench = _Bench(place, server, meter, connections)
        try:
            progress("warming up")
            await bench.warm_up()
            progress("measuring")
            while bench.seconds < seconds:
                await bench.round()
            rss = server.rss_mb()
            recorded = await place.recorded()
        finally:
            bench.client.stop()
            await meter.close()
    return bench.figures(recorded=recorded, rss_mb=rss, processes=processes)


class _Bench:
    """The turns taken so far."""

    def __init__(self, place: Marketplace, server: Served, meter: Meter, connections: int) -> None:
        self.client = Client()
        self._place = place
        self._server = server
        self._meter = meter
        self._connections = connections
        self._warm: list[Turn] = []
        self._contacts: list[Turn] = []
        self._echoes: list[Turn] = []
        self._spent = _Spent()

    @property
    def seconds(self) -> float:
        return sum(turn.seconds for turn in self._contacts)

    async def warm_up(self) -> None:
        self._warm.append(await self._contacts_for(WARM_UP_SECONDS))
        await self._echoes_for(ECHO_SECONDS)

    async def round(self) -> None:
        """A turn of each; only the contacts' is charged for."""
        server, reading = self._server.cpu_seconds(), await self._meter.read()
        self._contacts.append(await self._contacts_for(TURN_SECONDS))
        cost = between(reading, await self._meter.read())
        self._spent += _Spent(
            self._server.cpu_seconds() - server,
            cost.postgres_seconds,
            cost.steal_percent / 100 * cost.seconds,
        )
        await asyncio.sleep(SETTLE_SECONDS)
        self._echoes.append(await self._echoes_for(ECHO_SECONDS))

    def figures(self, *, recorded: int, rss_mb: float, processes: int) -> HttpFigures:
        refuse_failures(self._echoes)
        acknowledged = insist([*self._warm, *self._contacts], recorded=recorded)
        measured = sum(turn.acknowledged for turn in self._contacts)
        speed, echo = _per_second(self._contacts), _per_second(self._echoes)
        latencies = sorted(one for turn in self._contacts for one in turn.latencies_ms)
        client = sum(turn.cpu_seconds for turn in self._contacts)
        return HttpFigures(
            contacts_per_second=round(speed, 1),
            p50_ms=round(latencies[len(latencies) // 2], 2),
            p99_ms=round(latencies[len(latencies) * 99 // 100], 2),
            share_of_echo=round(speed / echo, 3),
            echo_per_second=round(echo, 1),
            server_rss_mb=round(rss_mb, 1),
            server_cpu_us_per_contact=round(self._spent.server_seconds / measured * 1e6, 1),
            postgres_us_per_contact=round(self._spent.postgres_seconds / measured * 1e6, 1),
            client_cpu_us_per_contact=round(client / measured * 1e6, 1),
            steal_percent=round(100 * self._spent.steal_seconds / self.seconds, 2),
            acknowledged=acknowledged,
            recorded=recorded,
            processes=processes,
            connections=self._connections,
            seconds=round(self.seconds, 1),
        )

    async def _contacts_for(self, seconds: float) -> Turn:
        return await self.client.turn(
            self._place.requests,
            port=self._server.port,
            seconds=seconds,
            connections=self._connections,
        )

    async def _echoes_for(self, seconds: float) -> Turn:
        return await self.client.turn(
            self._place.requests.echoed(),
            port=self._server.port,
            seconds=seconds,
            connections=self._connections,
        )


def _per_second(turns: Sequence[Turn]) -> float:
    return sum(turn.answered for turn in turns) / sum(turn.seconds for turn in turns)
