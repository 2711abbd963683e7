"""`oncedesk backup` and `oncedesk restore`: a copy of everything, and putting one back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.filesize import decimal
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from oncedesk.cli.doctor import check_health
from oncedesk.cli.session import complain, errors, run, settings_or_exit
from oncedesk.cli.stopping import STOPPED, until_stopped
from oncedesk.engine.replay import Report
from oncedesk.settings import Settings, expanded
from oncedesk.storage.backup import (
    BackupFailed,
    LastBackup,
    Manifest,
    make_backup,
    remember_backup,
    restore_backup,
    verify_backup,
)
from oncedesk.storage.embedded import has_database
from oncedesk.storage.health import examine_database
from oncedesk.storage.journal import PostgresJournal, SampledJournal
from oncedesk.storage.schema import newest_revision
from oncedesk.wiring import build, files_of, server

console = Console()

# Of what the doctor looks at, that without which no program of ours runs on a database.
_NEEDED = frozenset({"version", "encoding", "schema"})


def files_folder(settings: Settings) -> Path:
    """Where attachments lie."""
    return settings.home / "files"


def backup(target: Path, /, *, verify: bool = False) -> int:
    """Write a copy of the database and the files, while everything goes on.

    It is as secret as the database itself. An existing one is not overwritten.

    Parameters
    ----------
    target
        A file if the name ends in .tar, else a folder.
    verify
        Read it back afterwards and let PostgreSQL unpack it to nowhere.
    """

    place = expanded(target).absolute()

    async def work() -> int:
        settings = settings_or_exit()
        if settings.database_url is None and not has_database(home=settings.home):
            raise BackupFailed(f"there is nothing to back up: no database in {settings.home} yet")
        async with server(settings) as url:
            with _progress() as tell:
                made = await make_backup(
                    url=url,
                    files=files_folder(settings),
                    target=place,
                    program_version=version("oncedesk"),
                    tell=tell,
                )
        if verify:
            with _progress() as tell:
                await verify_backup(place, tell=tell)
        last = LastBackup(taken_at=made.taken_at, target=str(place))
        remember_backup(last, home=settings.home)
        console.print(f"{place}: {_told(made)}", soft_wrap=True, markup=False, highlight=False)
        if settings.files_url is not None:
            errors.print(
                "The attachments lie in an object storage and are not in it: copy those, too."
            )
        return 0

    async def stoppable() -> int:
        code = await until_stopped(work())
        if code is None:
            errors.print("stopped; an unfinished backup leaves nothing")
            return STOPPED
        return code

    return _or_one_line(lambda: run(stoppable()))


def restore(
    source: Path,
    /,
    *,
    verify: bool = False,
    replace: bool = False,
    check: bool = False,
    accept_differences: bool = False,
) -> int:
    """Put a backup in the place of the configured database. Stop every process beforehand.

    It is restored beside the present database, checked, and only then takes its place.

    Parameters
    ----------
    source
        The file or folder that `oncedesk backup` wrote.
    verify
        Only read it and say whether it is whole; nothing is changed.
    replace
        Also if the database is not empty; that one is kept under another name.
    check
        Replay all of it before it counts, not only a sample.
    accept_differences
        Put it in place although the replay makes some states otherwise, as they were when the
        backup was made.
    """

    place = expanded(source).absolute()

    async def work() -> int:
        settings = settings_or_exit()
        if verify:
            with _progress() as tell:
                manifest = await verify_backup(place, tell=tell)
            console.print(f"{place} is whole: {_told(manifest)}", soft_wrap=True, markup=False)
            return 0

        async def look(url: str, made: Manifest) -> str | None:
            wrong = await _unfit(url)
            if wrong is None and (wrong := await _differences(url, settings, made, every=check)):
                if not accept_differences:
                    return f"{wrong}; --accept-differences puts it in place all the same"
                _warn(wrong)
                wrong = None
            return wrong

        async with server(settings) as url:
            with _progress() as tell:
                put = await restore_backup(
                    url=url,
                    files=files_folder(settings),
                    store=None if settings.files_url is None else files_of(settings),
                    source=place,
                    replace=replace,
                    check=look,
                    tell=tell,
                )
        console.print(
            f"Restored to {put.database}: {_told(put.manifest)}", soft_wrap=True, markup=False
        )
        if put.kept is not None:
            console.print(
                f"What stood there is kept as {put.kept}. When you no longer need it: "
                f'DROP DATABASE "{put.kept}"',
                soft_wrap=True,
                markup=False,
            )
        return 0

    return _or_one_line(lambda: run(work()))


async def _unfit(url: str) -> str | None:
    """Why this program cannot work with a restored database; what else the doctor finds is told.

    What was wrong when the backup was made is no reason to have no database at all.
    """
    unfit = None
    for found in check_health(await examine_database(url)):
        if found.verdict != "wrong":
            continue
        said = f"{found.name}: {found.detail}"
        if found.name in _NEEDED:
            unfit = unfit or said
        else:
            _warn(said)
    return unfit


async def _differences(url: str, settings: Settings, made: Manifest, *, every: bool) -> str | None:
    async with build(url, settings=settings, packs=()) as parts:
        report = Report()
        if made.revision != newest_revision():
            # An earlier version may have made other states of the same events, as at an upgrade.
            report = await (await parts.replay()).rebuild()
        if not report.different:
            player = await parts.replay(of=PostgresJournal if every else SampledJournal)
            report = await player.check()
    if not report.different:
        return None
    first = report.differences[0]
    return (
        f"the replay of {report.states:,} states found {report.different:,} differences, the first "
        f"in {first.ref.kind} {first.ref.id}: {first.what}"
    )


def _warn(said: str) -> None:
    errors.print(said, style="yellow", markup=False, highlight=False)


def _or_one_line(work: Callable[[], int]) -> int:
    try:
        return work()
    except BackupFailed as error:
        said = str(error)
    except OSError as error:
        said = f"{error.filename or 'the backup'}: {error.strerror or error}"
    complain(said)
    return 1


def _told(manifest: Manifest) -> str:
    rows = {table.name: table.rows for table in manifest.tables}
    size = decimal(sum(part.bytes for part in manifest.parts))
    return (
        f"{rows.get('state', 0):,} states and {rows.get('journal', 0):,} commands as of "
        f"{manifest.taken_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC, {size}"
    )


@contextmanager
def _progress() -> Iterator[Callable[[str, int], None]]:
    """What is being done and how many bytes of it, on a terminal; nothing where there is none."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("")

        def tell(what: str, done: int) -> None:
            bar.update(task, description=f"{what} {decimal(done) if done else ''}")

        yield tell
