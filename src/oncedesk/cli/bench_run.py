"""How every bench that needs a database is run: with the settings in force, errors as one line."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec

from oncedesk.bench.contacts import NotAsAcknowledged
from oncedesk.bench.databases import NoDatabase
from oncedesk.bench.growth import NotSoMany
from oncedesk.bench.helper import HelperEnded
from oncedesk.bench.peers.environment import PeerNotInstalled
from oncedesk.bench.peers.helpdesk import PeerNotPrepared
from oncedesk.bench.served import ServerFailed
from oncedesk.bench.web import NoBrowser
from oncedesk.cli.printing import print_figures
from oncedesk.cli.session import complain, errors, run, settings_or_exit
from oncedesk.settings import Settings
from oncedesk.wiring import database

_FAILURES = (
    HelperEnded,
    NoBrowser,
    NoDatabase,
    NotAsAcknowledged,
    NotSoMany,
    PeerNotInstalled,
    PeerNotPrepared,
    ServerFailed,
)
Figures = TypeVar("Figures", bound=msgspec.Struct)


def measured(
    bench: Callable[[Settings, str, Callable[[str], None]], Awaitable[Figures]],
    *,
    json: bool,
    shown: Callable[[Figures], None] | None = None,
) -> int:
    """Run a bench on the configured server and print its figures, or have them `shown`.

    It gets the settings, the server's URL, and whom to tell what it is doing.
    """

    async def work() -> int:
        settings = settings_or_exit()
        try:
            with errors.status("") as status:
                async with database(settings) as url:
                    figures = await bench(settings, url, status.update)
        except _FAILURES as error:
            complain(error)
            return 1
        if shown is None or json:
            print_figures(figures, json=json)
        else:
            shown(figures)
        return 0

    return run(work())
