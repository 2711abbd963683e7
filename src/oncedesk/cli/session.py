"""What every command that works on the database begins with."""

import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime
from typing import Any

import uvloop
from rich.console import Console

from oncedesk.engine.memory import prepare_memory
from oncedesk.engine.ports import ConnectionLost, DataRejected, TryAgain
from oncedesk.engine.running import utc_now
from oncedesk.logs import set_up_logs
from oncedesk.settings import Settings, SettingsInvalid, load_settings
from oncedesk.storage.attachments.files import FilesUnreachable
from oncedesk.storage.embedded import BinariesMissing, EmbeddedServerUnavailable
from oncedesk.storage.health import (
    DatabaseUnfit,
    DatabaseUnreachable,
    InUse,
    kept_alone,
    reach,
    reach_alone,
)
from oncedesk.storage.schema import MigrationFailed, SchemaUnknown
from oncedesk.wiring import Parts, build, database

errors = Console(stderr=True, soft_wrap=True)
"""What goes wrong is one line, also where a program reads it."""


def complain(why: object) -> None:
    """One line that says why not, as it is."""
    errors.print(str(why), style="red", markup=False, highlight=False)


def settings_or_exit() -> Settings:
    """The settings in force, or one line an error and exit code 2."""
    try:
        settings = load_settings(environ=os.environ)
    except SettingsInvalid as error:
        complain(error)
        sys.exit(2)
    set_up_logs(level=settings.log_level, format_=settings.log_format)
    return settings


@asynccontextmanager
async def parts(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    alone: bool = False,
    **options: Any,
) -> AsyncIterator[Parts]:
    """The parts of this process on the configured database; `alone`: with nobody beside it."""
    async with (
        database(settings, first=reach_alone if alone else reach) as url,
        kept_alone(url) if alone else nullcontext(),
        build(url, settings=settings, clock=clock, alone=alone, **options) as built,
    ):
        yield built


def run(work: Coroutine[Any, Any, int]) -> int:
    """Run a command's work to its exit code."""
    prepare_memory()
    try:
        return uvloop.run(work)
    except (
        EmbeddedServerUnavailable,
        BinariesMissing,
        DatabaseUnreachable,
        DatabaseUnfit,
        InUse,
        MigrationFailed,
        SchemaUnknown,
    ) as error:
        complain(error)
        return 1
    except (ConnectionLost, DataRejected, TryAgain) as error:
        complain(f"the database: {error}")
        return 1
    except FilesUnreachable as error:
        # A store's own words go on for many lines.
        said = str(error).partition("\n")[0]
        complain(f"the files: {said}")
        return 1
