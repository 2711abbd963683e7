"""While somebody works on the embedded server, see to it that one runs.

The server ends with its owner. Of the processes that had joined, the one that gets the home's lock
is the next owner: it starts the server again on the same data, where all others find it. An owner
whose server alone has died starts it again, too. What was under way is not looked at here: the
engine waits for a server, asks it what was committed, and goes on from there.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from oncedesk.storage.embedded.server import EmbeddedServer, EmbeddedServerUnavailable, server_at

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.25
_STARTING_LOOK_SECONDS = 0.02
_RETRY_SECONDS = 1.0
_RETRY_SECONDS_MAX = 30.0


@contextmanager
def kept_running(url: str) -> Iterator[None]:
    """Be ready to start the server that `url` leads to, until this is left; afterwards never.

    Does nothing about a server that this process has neither started nor joined.
    """
    server = server_at(url)
    if server is None:
        yield
        return
    keeper = _Keeper(server)
    keeper.begin()
    try:
        yield
    finally:
        keeper.end()


class _Keeper:
    """Looks after one server, in a thread of its own: a start waits for other processes."""

    def __init__(self, server: EmbeddedServer) -> None:
        self._server = server
        self._failures = 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="postgres-keeper", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Give up a start that is under way, and return when nothing more can come of it."""
        self._ending.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._ending.wait(self._pause_seconds()):
            try:
                self._look()
                self._failures = 0
            except _Ending:
                return
            except (EmbeddedServerUnavailable, OSError) as error:
                # Not ours any more until the next look; meanwhile another process may try.
                self._failures += 1
                log.error("embedded_not_started", error=str(error), again=self._pause_seconds())
            except Exception:
                self._failures += 1
                log.exception("embedded_keeper_failed", again=self._pause_seconds())

    def _look(self) -> None:
        if self._server.start_if_gone(tell=self._tell, pause=self._pause):
            log.warning("embedded_owned", server=self._server.dsn)

    def _tell(self, why: str) -> None:
        if not self._failures:
            log.warning("embedded_gone", why=why)

    def _pause(self) -> None:
        if self._ending.wait(_STARTING_LOOK_SECONDS):
            raise _Ending

    def _pause_seconds(self) -> float:
        if not self._failures:
            return LOOK_SECONDS
        return float(min(_RETRY_SECONDS * 2 ** (self._failures - 1), _RETRY_SECONDS_MAX))


class _Ending(Exception):
    """This process is being stopped, so the server is no longer its business."""
