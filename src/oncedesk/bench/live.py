"""Listeners to conversations while contacts arrive in them: how long until each is told."""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

from oncedesk.bench.contacts import Marketplace, NotAsAcknowledged, marketplace, refuse_failures
from oncedesk.bench.listening import Heard, Listener, Listeners
from oncedesk.bench.load import Client
from oncedesk.bench.measuring import stolen
from oncedesk.bench.served import Served
from oncedesk.bench.town import TEXT
from oncedesk.bench.turns import Turn
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.records import Record
from oncedesk.http.auth.sessions import SessionDoor, SessionKind
from oncedesk.settings import Settings
from oncedesk.wiring import Parts, build

LISTENERS = 500
CONTACTS_PER_SECOND = 500.0
PROCESSES = 2
WARM_UP_SECONDS = 3.0


class LiveFigures(Record, frozen=True):
    """What `oncedesk bench live --json` prints. Milliseconds from when a message's batch was
    decided, which is before its commit, until its listener had it."""

    contacts_per_second: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    listeners: int
    acknowledged: int
    heard: int
    answered_p99_ms: float
    server_rss_mb: float
    server_cores: float
    listeners_cores: float
    steal_percent: float
    processes: int
    seconds: float


async def run(
    url: str,
    *,
    settings: Settings,
    seconds: float,
    listeners: int,
    per_second: float,
    processes: int,
    progress: Callable[[str], None],
) -> LiveFigures:
    """So many consumers look at their conversation, and all write in turn, so many a second.

    Raises NotAsAcknowledged where a message was told to nobody, or twice.
    """
    async with marketplace(url, settings=settings, orders=listeners, progress=progress) as place:
        async with build(place.url, settings=settings) as parts:
            looking = await _looking(parts, place, listeners)
        async with place.serving(processes=processes) as server:
            ears, client = Listeners(), Client()
            try:
                progress("opening the streams")
                await ears.open(looking, port=server.port)
                bench = _Bench(place, server, ears, client, listeners, per_second)
                progress("warming up")
                await bench.turn(WARM_UP_SECONDS)
                progress("measuring")
                figures = await bench.measured(seconds, processes)
                await bench.insist()
                return figures
            finally:
                client.stop()
                ears.stop()


class _Bench:
    """Contacts arrive and listeners hear of them."""

    def __init__(
        self,
        place: Marketplace,
        server: Served,
        ears: Listeners,
        client: Client,
        listeners: int,
        per_second: float,
    ) -> None:
        self._requests = place.requests.written_by(listeners)
        self._server = server
        self._ears = ears
        self._client = client
        self._listeners = listeners
        self._per_second = per_second
        self._acknowledged = 0

    async def turn(self, seconds: float) -> tuple[Turn, Heard]:
        """Raises NotAsAcknowledged."""
        turn = await self._client.turn(
            self._requests, port=self._server.port, seconds=seconds, per_second=self._per_second
        )
        refuse_failures([turn])
        self._acknowledged += turn.acknowledged
        heard = await self._ears.heard(self._expected)
        self._refuse(heard)
        return turn, heard

    async def insist(self) -> None:
        """Listen on: what was told once may be told again. Raises NotAsAcknowledged."""
        self._refuse(await self._ears.heard_out(self._expected))

    @property
    def _expected(self) -> int:
        # Each conversation has its first message already.
        return self._listeners + self._acknowledged

    def _refuse(self, heard: Heard) -> None:
        if heard.messages != self._expected or heard.twice:
            raise NotAsAcknowledged(
                f"{self._expected} messages, {heard.messages} of them heard, {heard.twice} twice"
            )

    async def measured(self, seconds: float, processes: int) -> LiveFigures:
        before = await self._ears.heard(0)
        cpu, steal = self._server.cpu_seconds(), stolen()
        turn, heard = await self.turn(seconds)
        spent, stole = self._server.cpu_seconds() - cpu, stolen()
        latencies = sorted(heard.latencies_ms[len(before.latencies_ms) :])
        answers = sorted(turn.latencies_ms)
        return LiveFigures(
            contacts_per_second=round(turn.answered / turn.seconds, 1),
            p50_ms=round(_at(latencies, 0.5), 2),
            p99_ms=round(_at(latencies, 0.99), 2),
            max_ms=round(latencies[-1], 2),
            listeners=self._listeners,
            acknowledged=turn.acknowledged,
            heard=len(latencies),
            answered_p99_ms=round(_at(answers, 0.99), 2),
            server_rss_mb=round(self._server.rss_mb(), 1),
            server_cores=round(spent / turn.seconds, 2),
            listeners_cores=round((heard.cpu_seconds - before.cpu_seconds) / turn.seconds, 2),
            steal_percent=round(100 * (stole[0] - steal[0]) / max(stole[1] - steal[1], 1.0), 2),
            processes=processes,
            seconds=round(turn.seconds, 1),
        )


async def _looking(parts: Parts, place: Marketplace, number: int) -> Sequence[Listener]:
    """Consumers who have written once and are logged in."""
    access, engine = parts.access, parts.engine
    door = SessionDoor(
        sessions=access.sessions, logins=access.logins, store=parts.store, clock=engine.clock
    )
    seal = engine.entry.seal(TEXT)

    async def one(consumer: int) -> Listener:
        command = place.requests.command(consumer, seal=seal)
        answer = await engine.submit(
            command, principal="bench", key=f"first/{consumer}", actor=MARKETPLACE, text=TEXT
        )
        if not answer.accepted:
            raise RuntimeError(f"{answer.code}: {answer.detail}")
        begun = await door.begin(SessionKind.CONSUMER, command.consumer, market="cn", language="zh")
        conversation: UUID = command.target().id
        return Listener(begun.token, conversation)

    return await asyncio.gather(*(one(consumer) for consumer in range(number)))


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
