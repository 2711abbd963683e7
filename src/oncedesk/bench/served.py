"""A server that a bench starts and stops: its memory, its processor time, its last words."""

import asyncio
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psutil

START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 45.0
_LOOK_SECONDS = 0.05
_LAST_WORDS = 2_000


class ServerFailed(RuntimeError):
    """The server did not start, or has ended; the message ends with what it said last."""


class Served:
    """A running server and whatever it started."""

    def __init__(self, process: "subprocess.Popen[bytes]", *, port: int, log: Path) -> None:
        self.port = port
        self._process = process
        self._log = log

    def rss_mb(self) -> float:
        """Resident memory of all its processes, pages that they share counted once for each."""
        return sum(one.memory_info().rss for one in self._living()) / 1024 / 1024

    def cpu_seconds(self) -> float:
        """Processor time of all its processes so far."""
        spent = 0.0
        for one in self._living():
            times = one.cpu_times()
            spent += times.user + times.system
        return spent

    async def answers(self) -> None:
        """Return once it takes connections. Raises ServerFailed."""
        loop = asyncio.get_running_loop()
        end = loop.time() + START_SECONDS_MAX
        while loop.time() < end:
            if self._process.poll() is not None:
                raise ServerFailed(
                    f"the server ended with {self._process.returncode}: {self._said()}"
                )
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            await asyncio.sleep(_LOOK_SECONDS)
        raise ServerFailed(f"the server does not answer: {self._said()}")

    def stop(self) -> None:
        """In order; what does not end in time is killed."""
        family = self._living()
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS_MAX)
        for one in family:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self._process.wait()

    def _living(self) -> list[psutil.Process]:
        try:
            own = psutil.Process(self._process.pid)
            family = [own, *own.children(recursive=True)]
        except psutil.NoSuchProcess:
            raise ServerFailed(f"the server has ended: {self._said()}") from None
        # A server of ours that owns the embedded database has it among its children.
        return [one for one in family if one.name() != "postgres"]

    def _said(self) -> str:
        return self._log.read_bytes()[-_LAST_WORDS:].decode(errors="replace").strip()


@asynccontextmanager
async def served(
    command: Sequence[str], *, port: int, environment: Mapping[str, str]
) -> AsyncIterator[Served]:
    """Run this server meanwhile; it takes connections at the port. Raises ServerFailed."""
    with tempfile.TemporaryDirectory(prefix="oncedesk-bench-") as own:
        log = Path(own, "log")
        process = _started(command, environment=environment, folder=own, log=log)
        server = Served(process, port=port, log=log)
        try:
            await server.answers()
            yield server
        finally:
            await asyncio.to_thread(server.stop)


def free_port() -> int:
    """A port at which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _started(
    command: Sequence[str], *, environment: Mapping[str, str], folder: str, log: Path
) -> "subprocess.Popen[bytes]":
    with log.open("wb") as out:
        return subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
