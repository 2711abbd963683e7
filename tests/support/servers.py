"""PostgreSQL servers of the tests' own."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from oncedesk.storage.embedded import EmbeddedServer
from tests.support.homes import end_all, fresh_home


@contextmanager
def own_server(name: str) -> Iterator[str]:
    """The URL of an empty database of this name on a server that nobody else uses."""
    with fresh_home() as home:
        try:
            with EmbeddedServer(home=home) as server:
                yield server.create_database(name=name)
                # Nothing in it has to last; an orderly stop would write it all to disk first.
                postmaster = home / "postgres" / "data" / "postmaster.pid"
                os.kill(int(postmaster.read_text().split()[0]), signal.SIGQUIT)
        finally:
            end_all(home)
