"""Peer and ours in turn, each alone while it is its turn."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from statistics import median
from typing import Protocol

from oncedesk.backtesting.spreading import cores
from oncedesk.bench.contacts import insist, marketplace
from oncedesk.bench.http import ORDERS_PER_SECOND
from oncedesk.bench.load import Client
from oncedesk.bench.measuring import stolen
from oncedesk.bench.peers.helpdesk import helpdesk, versions, workers
from oncedesk.bench.served import Served
from oncedesk.bench.turns import CONNECTIONS, Requests, Turn
from oncedesk.domain.shared.records import Record
from oncedesk.settings import Settings

ROUNDS = 3
WARM_UP_SECONDS = 2.0


class PeerFigures(Record, frozen=True):
    """What `oncedesk bench peers --json` prints: the medians of the rounds, and each round.

    `client_share_max` is how much of one core the client took at most: well under 1, it held
    nobody up.
    """

    ratio: float
    our_contacts_per_second: float
    peer_tickets_per_second: float
    our_p50_ms: float
    peer_p50_ms: float
    our_rounds: tuple[float, ...]
    peer_rounds: tuple[float, ...]
    our_recorded: int
    peer_recorded: int
    client_share_max: float
    steal_percent: float
    our_version: str
    our_processes: int
    peer_version: str
    peer_django: str
    peer_gunicorn: str
    peer_workers: int
    cores: int
    connections: int
    seconds: float


class Desk(Protocol):
    """One of the two, ready to be served."""

    @property
    def requests(self) -> Requests: ...

    def serving(self) -> AbstractAsyncContextManager[Served]: ...

    async def recorded(self) -> int: ...


async def run(
    url: str,
    *,
    settings: Settings,
    seconds: float,
    rounds: int = ROUNDS,
    progress: Callable[[str], None],
) -> PeerFigures:
    """Rounds of so many seconds for each.

    Raises PeerNotInstalled, PeerNotPrepared, NotAsAcknowledged.
    """
    orders = int(rounds * (seconds + WARM_UP_SECONDS) * ORDERS_PER_SECOND)
    async with (
        helpdesk(url, home=settings.home, progress=progress) as their_desk,
        marketplace(url, settings=settings, orders=orders, progress=progress) as our_desk,
    ):
        peer, ours = _Side(their_desk), _Side(our_desk)
        before = stolen()
        try:
            for number in range(1, rounds + 1):
                progress(f"round {number} of {rounds}: the peer")
                await peer.take_turn(seconds)
                progress(f"round {number} of {rounds}: ours")
                await ours.take_turn(seconds)
        finally:
            peer.client.stop()
            ours.client.stop()
        after = stolen()
        recorded = await ours.recorded(), await peer.recorded()
    releases = versions()
    return PeerFigures(
        ratio=round(median(ours.speeds) / median(peer.speeds), 1),
        our_contacts_per_second=median(ours.speeds),
        peer_tickets_per_second=median(peer.speeds),
        our_p50_ms=ours.p50_ms,
        peer_p50_ms=peer.p50_ms,
        our_rounds=ours.speeds,
        peer_rounds=peer.speeds,
        our_recorded=recorded[0],
        peer_recorded=recorded[1],
        client_share_max=max(ours.client_share_max, peer.client_share_max),
        steal_percent=round(100 * (after[0] - before[0]) / max(after[1] - before[1], 1.0), 2),
        our_version=version("oncedesk"),
        our_processes=cores(),
        peer_version=releases["django-helpdesk"],
        peer_django=releases["django"],
        peer_gunicorn=releases["gunicorn"],
        peer_workers=workers(),
        cores=cores(),
        connections=CONNECTIONS,
        seconds=seconds,
    )


class _Side:
    """One of the two, and its turns so far."""

    def __init__(self, desk: Desk) -> None:
        self.client = Client()
        self._desk = desk
        self._warm: list[Turn] = []
        self._turns: list[Turn] = []

    async def take_turn(self, seconds: float) -> None:
        """Started for it and stopped afterwards, so that the other one has the machine alone."""
        async with self._desk.serving() as server:
            for turns, length in ((self._warm, WARM_UP_SECONDS), (self._turns, seconds)):
                turns.append(
                    await self.client.turn(self._desk.requests, port=server.port, seconds=length)
                )

    async def recorded(self) -> int:
        """How many its database has. Raises NotAsAcknowledged where others were acknowledged."""
        return insist([*self._warm, *self._turns], recorded=await self._desk.recorded())

    @property
    def speeds(self) -> tuple[float, ...]:
        """Acknowledged a second, in each round."""
        return tuple(round(turn.answered / turn.seconds, 1) for turn in self._turns)

    @property
    def p50_ms(self) -> float:
        return round(median(one for turn in self._turns for one in turn.latencies_ms), 2)

    @property
    def client_share_max(self) -> float:
        return round(max(turn.cpu_seconds / turn.seconds for turn in self._turns), 3)
