"""Live updates: one NOTIFY a batch says what it has changed, and whoever follows that looks again.

What is told are marks, not contents: a few digits of each written state's id, and the buckets whose
desks' lists changed. Two things may share a mark; then somebody looks in vain. Everything else a
follower reads from the tables itself, from the version on that it has seen. So nothing depends on
a notification that was lost with its connection: after each new one, everybody looks.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from uuid import UUID

import asyncpg
import structlog

from oncedesk.engine.ports import ConnectionLost, StateWrite
from oncedesk.engine.submitting import end
from oncedesk.storage.database import engine_errors

log = structlog.get_logger(__name__)

NOTIFY = "SELECT pg_notify('oncedesk', $1)"
_CHANNEL = "oncedesk"
_EVERYTHING = "*"
_LENGTH_MAX = 7_900
"""PostgreSQL takes less than 8,000 bytes."""
_RECONNECT_SECONDS = 0.5
_PROBE_SECONDS = 10.0


def state_mark(id_: UUID) -> str:
    """The mark of one state."""
    return f"{id_.int & 0xFFFF_FFFF:x}"


def lists_mark(bucket: int) -> str:
    """The mark of the desks' lists in a bucket."""
    return f"b{bucket}"


def told(winners: Iterable[StateWrite], buckets: Iterable[int]) -> str:
    """What a batch tells: the states that it wrote, the buckets whose lists it changed."""
    marks = [state_mark(write.ref.id) for write in winners]
    marks += [lists_mark(bucket) for bucket in sorted(set(buckets))]
    text = " ".join(marks)
    return text if len(text) <= _LENGTH_MAX else _EVERYTHING


class Follower:
    """Somebody who wants to know when something that they look at may have changed."""

    def __init__(self) -> None:
        # Set from the start: whoever begins to follow looks once, and misses nothing in between.
        self._news = asyncio.Event()
        self._news.set()

    async def wait(self, *, seconds_max: float) -> bool:
        """Whether there was news since the last call; False when the time is over without."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds_max)
        news = self._news.is_set()
        self._news.clear()
        return news

    def look(self) -> None:
        self._news.set()


class LiveUpdates:
    """Hears what every process on this database has committed. One connection a process."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._others: dict[str, Callable[[str], None]] = {}
        self._followers: dict[str, set[Follower]] = {}
        self._listening = asyncio.Event()
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def hear_also(self, channel: str, heard: Callable[[str], None]) -> None:
        """What is told on another channel goes there, too; said before `start`."""
        self._others[channel] = heard

    def start(self) -> None:
        """Begin to listen, and begin again whenever the connection is lost."""
        self._task = self._task or asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """Listen no more; those who follow are woken a last time, to see that it is `closing`."""
        self._closing.set()
        self._tell_all()
        if self._task is not None:
            await end([self._task])
            self._task = None

    @property
    def closing(self) -> bool:
        """Nothing more will be heard."""
        return self._closing.is_set()

    async def rest(self, seconds: float) -> None:
        """Return after so many seconds, or when it is closing."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)

    async def listening(self) -> None:
        """Return when this process hears what is committed."""
        await self._listening.wait()

    @contextmanager
    def follow(self, marks: Sequence[str]) -> Iterator[Follower]:
        """Follow what has one of these marks, until this is left."""
        follower = Follower()
        for mark in marks:
            self._followers.setdefault(mark, set()).add(follower)
        try:
            yield follower
        finally:
            for mark in marks:
                self._followers[mark].discard(follower)
                if not self._followers[mark]:
                    del self._followers[mark]

    async def _listen(self) -> None:
        while True:
            try:
                async with engine_errors():
                    await self._listen_once()
            except ConnectionLost as error:
                log.warning("live_updates_interrupted", error=str(error))
            except Exception:
                log.exception("live_updates_failed")
            self._listening.clear()
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _listen_once(self) -> None:
        connection = await asyncpg.connect(
            self._url, server_settings={"application_name": "oncedesk live"}
        )
        ended = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: ended.set())
            await connection.add_listener(_CHANNEL, self._hear)
            for channel, heard in self._others.items():
                await connection.add_listener(channel, _only_text(heard))
            self._listening.set()
            self._tell_all()
            while not ended.is_set():
                # A line that is dead without having been closed is noticed by asking.
                await connection.fetchval("SELECT 1", timeout=_PROBE_SECONDS)
                with suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), _PROBE_SECONDS)
        finally:
            connection.terminate()

    def _hear(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        text = str(payload)
        if text == _EVERYTHING:
            self._tell_all()
            return
        for mark in text.split():
            self.tell(mark)

    def tell(self, mark: str) -> None:
        """Let those look who follow this mark, in this process."""
        for follower in self._followers.get(mark, ()):
            follower.look()

    def _tell_all(self) -> None:
        for followers in self._followers.values():
            for follower in followers:
                follower.look()


def _only_text(heard: Callable[[str], None]) -> Callable[[object, int, str, object], None]:
    """As the driver calls it."""

    def called(_connection: object, _pid: int, _channel: str, payload: object) -> None:
        heard(str(payload))

    return called
