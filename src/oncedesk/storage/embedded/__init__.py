"""The PostgreSQL that Oncedesk brings along: created, started as a child, stopped.

It decides where the server's files lie, that exactly one server runs per home, and which of
several processes starts it again when it is gone. It never
listens on a network, never changes the permissions of folders that it did not create, and knows
nothing about the tables inside.
"""

from oncedesk.storage.embedded.binaries import (
    BinariesMissing,
    installed_program,
    installed_version,
)
from oncedesk.storage.embedded.configuration import CONNECTIONS_MAX
from oncedesk.storage.embedded.keeping import kept_running
from oncedesk.storage.embedded.process import tied_to_us
from oncedesk.storage.embedded.server import (
    EmbeddedServer,
    EmbeddedServerUnavailable,
    has_database,
    running_at,
    start_embedded,
)
from oncedesk.storage.embedded.statements import EmbeddedStatementFailed

__all__ = [
    "CONNECTIONS_MAX",
    "BinariesMissing",
    "EmbeddedServer",
    "EmbeddedServerUnavailable",
    "EmbeddedStatementFailed",
    "has_database",
    "installed_program",
    "installed_version",
    "kept_running",
    "running_at",
    "start_embedded",
    "tied_to_us",
]
