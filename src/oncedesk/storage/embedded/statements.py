"""Talk to the embedded server: its DSN, and the few statements that it needs itself."""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from oncedesk.storage.embedded.binaries import installed_binaries
from oncedesk.storage.embedded.cluster import SUPERUSER

# Always there, whatever else exists.
MAINTENANCE_DATABASE = "postgres"
_SECONDS_MAX = 60.0
_CONNECT_SECONDS_MAX = 10


class EmbeddedStatementFailed(Exception):
    """The embedded PostgreSQL refused a statement, or could not be reached."""


# Said here, so that no variable of whoever starts us (PGPORT, PGSSLMODE) says something else.
_OURS = "port=5432&sslmode=disable&target_session_attrs=any"


def dsn_of(*, database: str, socket_folder: Path) -> str:
    where = f"host={quote(str(socket_folder))}&{_OURS}"
    return f"postgresql://{SUPERUSER}@/{quote(database, safe='')}?{where}"


def leads_to(socket_folder: Path, *, url: str) -> bool:
    return parse_qs(urlsplit(url).query).get("host") == [str(socket_folder)]


def ask(*, dsn: str, statement: str) -> str:
    """Run one statement and return what psql prints. Raises EmbeddedStatementFailed.

    With psql and not asyncpg, because callers may be inside a running event loop.
    """
    connect_seconds = str(_CONNECT_SECONDS_MAX)
    asked = subprocess.run(
        [
            str(installed_binaries().psql),
            *("--no-psqlrc", "--quiet", "--no-align", "--tuples-only"),
            *("--set", "ON_ERROR_STOP=1", "--command", statement, dsn),
        ],
        env={"PATH": os.defpath, "LC_ALL": "C", "PGCONNECT_TIMEOUT": connect_seconds},
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_SECONDS_MAX,
        check=False,
    )
    if asked.returncode != 0:
        raise EmbeddedStatementFailed(asked.stderr.strip())
    return asked.stdout.strip()


def create_database(*, socket_folder: Path, name: str, template: str | None) -> None:
    copied = "" if template is None else f" TEMPLATE {_identifier(template)}"
    ask(
        dsn=dsn_of(database=MAINTENANCE_DATABASE, socket_folder=socket_folder),
        statement=f"CREATE DATABASE {_identifier(name)}{copied}",
    )


def _identifier(name: str) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
        raise EmbeddedStatementFailed(
            f"{name!r} is not a database name: lower-case letters, digits and _, at most 63"
        )
    return f'"{name}"'
