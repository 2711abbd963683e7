"""The PostgreSQL that Oncedesk brings along: created, started as a child, stopped.

It decides where the server's files lie and that exactly one server runs per home. It never
listens on a network, never changes the permissions of folders that it did not create, and knows
nothing about the tables inside.
"""

from oncedesk.storage.embedded.binaries import BinariesMissing, installed_version
from oncedesk.storage.embedded.configuration import CONNECTIONS_MAX
from oncedesk.storage.embedded.server import (
    EmbeddedServer,
    EmbeddedServerUnavailable,
    has_database,
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
    "installed_version",
    "start_embedded",
]
