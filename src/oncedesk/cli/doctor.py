"""``oncedesk doctor``: what is in force, where it comes from, and what is wrong."""

import asyncio
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import uuid4

import msgspec
import psutil
from rich.console import Console
from rich.table import Table
from rich.text import Text

from oncedesk.domain.rulebook.state import RulebookState
from oncedesk.domain.shared.calendars import HOLIDAYS_AHEAD
from oncedesk.domain.shared.ids import BUCKETS
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.backfilling import ReactionSet
from oncedesk.engine.outgoing import CHARGES, OF_ORDERS
from oncedesk.engine.reactions import FIRST, REACTIONS
from oncedesk.engine.webhooks.model import Endpoint
from oncedesk.rules.calendar_year import unknown_on
from oncedesk.rules.storing import pack_from_bytes
from oncedesk.settings import (
    LoadedSettings,
    Settings,
    SettingsInvalid,
    load_settings_with_origins,
    masked_url,
)
from oncedesk.storage.attachments.files import FileKey, FileMissing, Files, FilesUnreachable
from oncedesk.storage.backlogs import COUNTED_MAX, Backlogs
from oncedesk.storage.backup import LastBackup, last_backup
from oncedesk.storage.embedded import (
    CONNECTIONS_MAX,
    BinariesMissing,
    EmbeddedServer,
    EmbeddedServerUnavailable,
    has_database,
    installed_version,
)
from oncedesk.storage.health import (
    NO_RIGHTS,
    VERSION_MIN,
    DatabaseHealth,
    DatabaseUnreachable,
    examine_database,
)
from oncedesk.storage.schema import known_revisions
from oncedesk.storage.views.unserved import Unserved
from oncedesk.wiring import files_of

_GB = 1024**3
_DISK_WRONG_BYTES = _GB
# The embedded database's log of changes alone may take 8 GB.
_DISK_NOTE_BYTES = 12 * _GB
# Leaves room for a command line beside the pool, and for those that PostgreSQL reserves.
_EMBEDDED_POOL_MAX = CONNECTIONS_MAX - 10
_BACKUP_NOTE_HOURS = 48
_QUEUES_NAMED = 10
# Of those that came on one day: a new installation has all of them since its first.
_NAMES_SHOWN = 10
FILES_SECONDS_MAX = 20.0

Verdict = Literal["ok", "note", "wrong"]
_MARKS: dict[Verdict, Text] = {
    "ok": Text("ok", style="green"),
    "note": Text("note", style="yellow"),
    "wrong": Text("wrong", style="bold red"),
}


class SettingLine(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    variable: str
    value: str
    origin: str
    description: str


class Check(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    verdict: Verdict
    detail: str


class DoctorReport(msgspec.Struct, frozen=True, kw_only=True):
    """``healthy`` is False as soon as one check is wrong."""

    healthy: bool
    settings: tuple[SettingLine, ...]
    config: str | None
    checks: tuple[Check, ...]


def doctor_command(*, json: bool = False) -> int:
    """Print what is in force and what is wrong; the exit code is 1 if anything is wrong.

    Parameters
    ----------
    json
        Print one JSON object instead of tables.
    """
    report = examine(environ=os.environ)
    if json:
        text = msgspec.json.format(msgspec.json.encode(report), indent=2).decode()
        sys.stdout.write(f"{text}\n")
    else:
        print_report(report, console=Console())
    return 0 if report.healthy else 1


def examine(*, environ: Mapping[str, str], config: Path | None = None) -> DoctorReport:
    """Check everything that this environment asks for. An embedded database that does not run is
    started for the check and stopped again; one that does not exist yet is not created."""
    try:
        loaded = load_settings_with_origins(environ=environ, config=config)
    except SettingsInvalid as error:
        checks = [_wrong(problem.setting, problem.detail) for problem in error.problems]
        return _report(None, checks)
    settings = loaded.settings
    checks = [_check_system(), _check_home(settings.home), _check_disk(settings.home)]
    checks.append(check_backup(last_backup(home=settings.home), now=datetime.now(UTC)))
    checks.append(check_payments(settings))
    if settings.files_url is not None:
        checks.append(_check_files(settings, place=settings.files_url))
    if settings.database_url is None:
        checks += _check_embedded(settings)
    else:
        called = masked_url(settings.database_url)
        checks += _check_database(settings.database_url, called=called, market=settings.market)
    return _report(loaded, checks)


def print_report(report: DoctorReport, *, console: Console) -> None:
    if report.settings:
        table = Table("setting", box=None, pad_edge=False, header_style="bold")
        table.add_column("value", overflow="fold")
        table.add_column("from", overflow="fold")
        for line in report.settings:
            table.add_row(line.name, Text(line.value), Text(line.origin))
        console.print(table)
        console.print(Text(f"settings file: {report.config or 'none'}"))
        console.print()
    table = Table("check", "", box=None, pad_edge=False, header_style="bold")
    table.add_column("found", overflow="fold")
    for check in report.checks:
        table.add_row(Text(check.name), _MARKS[check.verdict], Text(check.detail))
    console.print(table)
    wrong = sum(check.verdict == "wrong" for check in report.checks)
    console.print()
    found = f"{wrong} of {len(report.checks)} checks found something wrong."
    console.print("Nothing is wrong." if report.healthy else found)


def _report(loaded: LoadedSettings | None, checks: list[Check]) -> DoctorReport:
    lines = () if loaded is None else loaded.in_force
    return DoctorReport(
        healthy=all(check.verdict != "wrong" for check in checks),
        settings=tuple(
            SettingLine(
                name=line.info.name,
                variable=line.info.variable,
                value=line.shown,
                origin=line.origin,
                description=line.info.description,
            )
            for line in lines
        ),
        config=str(loaded.config) if loaded is not None and loaded.config is not None else None,
        checks=tuple(checks),
    )


def _ok(name: str, detail: str) -> Check:
    return Check(name=name, verdict="ok", detail=detail)


def _note(name: str, detail: str) -> Check:
    return Check(name=name, verdict="note", detail=detail)


def _wrong(name: str, detail: str) -> Check:
    return Check(name=name, verdict="wrong", detail=detail)


def _check_system() -> Check:
    libc = " ".join(platform.libc_ver()).strip() or "no glibc"
    memory = psutil.virtual_memory().total / _GB
    detail = (
        f"{platform.system()} {platform.release()} {platform.machine()}, {libc},"
        f" Python {platform.python_version()}, {os.cpu_count()} processors, {memory:.0f} GB memory"
    )
    return _ok("system", detail) if platform.system() != "Windows" else _wrong("system", detail)


def _check_home(home: Path) -> Check:
    existing = _existing(home)
    if not existing.is_dir():
        return _wrong("home", f"{existing} is not a folder")
    if not os.access(existing, os.W_OK | os.X_OK):
        return _wrong("home", f"{existing} cannot be written; set ONCEDESK_HOME to another folder")
    if existing != home:
        return _note("home", f"{home} is not there yet; the first start makes it")
    return _ok("home", f"{home} can be written")


def _check_disk(home: Path) -> Check:
    free = shutil.disk_usage(_existing(home)).free
    detail = f"{free / _GB:.1f} GB free"
    if free < _DISK_WRONG_BYTES:
        return _wrong("disk", f"{detail}; a full disk stops the database")
    if free < _DISK_NOTE_BYTES:
        return _note("disk", f"{detail}; {_DISK_NOTE_BYTES // _GB} GB let the database run freely")
    return _ok("disk", detail)


def _check_files(settings: Settings, *, place: str) -> Check:
    """Does the store for attachments take a file, give it back, and delete it?"""
    try:
        asyncio.run(_try(files_of(settings)))
    except TimeoutError:
        return _wrong("files", f"{place} did not answer within {FILES_SECONDS_MAX:.0f} seconds")
    except (FilesUnreachable, FileMissing) as error:
        # A store's own words go on for many lines.
        said = str(error).partition("\n")[0]
        return _wrong("files", f"{place}: {said}")
    return _ok("files", f"{place} takes files, gives them back and deletes them")


async def _try(files: Files) -> None:
    key, text = FileKey(bucket=0, id=uuid4()), b"oncedesk doctor"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "tried"
        source.write_bytes(text)
        async with asyncio.timeout(FILES_SECONDS_MAX):
            await files.put(key, source)
            found = b"".join([part async for part in files.read(key, first=0, length=len(text))])
            await files.delete(key)
    if found != text:
        raise FileMissing("a file came back as another")


def check_backup(last: LastBackup | None, *, now: datetime) -> Check:
    """Is there a backup, as far as this home knows, and how old is it?"""
    if last is None:
        return _note("backup", "none was made with this home; oncedesk backup FILE makes one")
    hours = (now - last.taken_at) / timedelta(hours=1)
    detail = f"{hours:.0f} hours old, at {last.target}"
    return _ok("backup", detail) if hours < _BACKUP_NOTE_HOURS else _note("backup", detail)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above that exists."""
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    return folder


def _check_embedded(settings: Settings) -> Iterator[Check]:
    try:
        yield _ok("programs", installed_version())
    except BinariesMissing as error:
        yield _wrong("programs", str(error))
        return
    if settings.pool_max > _EMBEDDED_POOL_MAX:
        detail = f"pool_max = {settings.pool_max}, and the embedded database takes"
        yield _wrong("connections", f"{detail} {CONNECTIONS_MAX}; at most {_EMBEDDED_POOL_MAX} fit")
    server = EmbeddedServer(home=settings.home)
    try:
        if not has_database(home=settings.home):
            yield _note("database", "embedded, not created yet; the first start makes it")
            return
        dsn = server.start()
    except (EmbeddedServerUnavailable, OSError) as error:
        yield _wrong("database", str(error))
        return
    try:
        how = "started for this check" if server.is_owner() else "running"
        yield from _check_database(dsn, called=f"embedded, {how}", market=settings.market)
    finally:
        server.stop()


def _check_database(dsn: str, *, called: str, market: str) -> Iterator[Check]:
    try:
        health = asyncio.run(examine_database(dsn))
    except DatabaseUnreachable as error:
        yield _wrong("database", f"{called}: {error}")
        return
    yield _ok("database", called)
    yield from check_health(health)
    if health.rulebooks:
        yield check_market(market, books=health.rulebooks, now=datetime.now(UTC))


def check_health(health: DatabaseHealth) -> Iterator[Check]:
    """Judge what a reachable database told about itself."""
    version = f"PostgreSQL {health.version}"
    if health.major >= VERSION_MIN:
        yield _ok("version", version)
    else:
        yield _wrong("version", f"{version}; at least {VERSION_MIN} is needed")
    if health.losses:
        detail = f"{', '.join(health.losses)}: an acknowledged command could be lost"
        yield _wrong("durability", detail)
    else:
        yield _ok("durability", "acknowledged means on the disk")
    if health.encoding == "UTF8":
        yield _ok("encoding", health.encoding)
    else:
        yield _wrong("encoding", f"{health.encoding}; UTF8 is needed")
    yield _check_schema(health.revision)
    if not health.creates:
        # The next version's migrations need it, too.
        found = _note if health.revision == known_revisions()[-1] else _wrong
        yield found("rights", NO_RIGHTS)
    if health.reactions is not None:
        yield check_reactions(health.reactions, REACTIONS.names)
    if health.endpoints:
        yield check_webhooks(health.endpoints)
    if health.endpoints is not None:
        yield check_charges(health.endpoints)
        yield check_orders(health.endpoints)
    if health.backlogs is not None:
        yield check_parked(health.backlogs)
    if health.unserved is not None:
        yield check_skills(health.unserved)
    if health.packs:
        soon = (datetime.now(UTC) + HOLIDAYS_AHEAD).date()
        yield check_holidays([pack_from_bytes(one.body) for one in health.packs], soon=soon)


def _check_schema(revision: str | None) -> Check:
    known = known_revisions()
    if revision is None:
        return _note("schema", "there are no tables yet; the next start makes them")
    if revision not in known:
        return _wrong("schema", f"at {revision}, which this program does not know: it is too old")
    if revision != known[-1]:
        return _wrong("schema", f"at {revision}; the next start brings it to {known[-1]}")
    return _ok("schema", f"at {revision}")


def check_reactions(sets: Sequence[ReactionSet], names: Set[str]) -> Check:
    """Has all that happened before a reaction came got it by now?"""
    mine = next((one for one in sets if one.names == names), None)
    if mine is None:
        known = frozenset.intersection(*([one.names for one in sets] or [FIRST]))
        new = ", ".join(sorted(names - known))
        if not new:
            return _ok("reactions", f"{len(names)} known")
        return _note("reactions", f"new here: {new}; the next start makes them known")
    since = {name: one.since for one in reversed(sets) for name in one.names - FIRST}
    days: dict[date, list[str]] = {}
    for name in sorted(since.keys() & names, key=lambda name: (since[name], name)):
        days.setdefault(since[name].date(), []).append(name)
    later = "".join(f"; {_few(came)} since {day}" for day, came in days.items())
    if mine.failed:
        detail = f"states that failed: {mine.failed}, why is in the log"
        return _wrong("reactions", f"{detail}; oncedesk db backfill --again looks again")
    if mine.done_at is None:
        share = mine.buckets_done * 100 // BUCKETS
        detail = (
            f"{share}% of the past was looked through for new ones; a started engine goes on, or"
        )
        return _note("reactions", f"{detail} oncedesk db backfill{later}")
    return _ok("reactions", f"{len(names)} known, none waits for the past{later}")


def _few(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= _NAMES_SHOWN else f"{len(names)} of them"


def check_parked(backlogs: Backlogs) -> Check:
    """Does anything that failed wait for an operator?"""
    parked = backlogs.parked_commands + backlogs.parked_reactions
    if not parked:
        return _ok("parked", "nothing waits for you")
    more = (
        " or more" if COUNTED_MAX in (backlogs.parked_commands, backlogs.parked_reactions) else ""
    )
    return _note("parked", f"{parked}{more} failed and wait for you; oncedesk parked list")


def check_skills(queues: Sequence[Unserved]) -> Check:
    """Is there somebody for every queue in which cases wait?"""
    if not queues:
        return _ok("skills", "somebody has the skill of each queue in which cases wait")
    named = ", ".join(f"{one.skill} at {one.desk}" for one in queues[:_QUEUES_NAMED])
    more = f" and {len(queues) - _QUEUES_NAMED} more" if len(queues) > _QUEUES_NAMED else ""
    return _note("skills", f"cases wait and nobody at the desk has the skill: {named}{more}")


def check_market(market: str, *, books: Sequence[RulebookState], now: datetime) -> Check:
    """Do rules hold today for whoever comes without a market?"""
    having = [book.market for book in books if book.holding(now) is not None]
    if market in having:
        return _ok("market", f"{market} has rules")
    planned = [one for book in books if book.market == market for one in book.planned(now)]
    since = f" before {planned[0].valid_from:%Y-%m-%d %H:%M} UTC" if planned else ""
    detail = f"market = {market!r} has no rules{since}, so consumers whose token names none are"
    return _wrong("market", f"{detail} refused; those with rules: {', '.join(having) or 'none'}")


def check_holidays(packs: Sequence[Pack], *, soon: date) -> Check:
    """Do the calendars of the rules that will hold by then know its year's public holidays?"""
    ending = [
        f"{pack.market}/{calendar} until {last}"
        for pack in packs
        for calendar, last in unknown_on(pack, soon).items()
    ]
    if not ending:
        return _ok("holidays", f"known for {soon.year}")
    detail = f"known only so long: {', '.join(ending)}; later ones count as ordinary days"
    return _note("holidays", f"{detail}, so publish rules with a later holidays_last_year")


def check_payments(settings: Settings) -> Check:
    """Does anybody send the money of refunds?"""
    url = settings.payments_url
    if url is None:
        detail = "nobody is set: refunds wait until they are confirmed by the API"
        return _note("payments", f"{detail}; set ONCEDESK_PAYMENTS_URL, or follow refund.requested")
    if url.startswith("simulated:"):
        return _note("payments", f"{url}: no money is sent")
    return _ok("payments", f"refunds go to {masked_url(url)}")


def check_charges(endpoints: Sequence[Endpoint]) -> Check:
    """Does anybody charge consumers for a dearer variant, or for an exchange?"""
    ours = [one for one in endpoints if one.enabled and one.desk == PLATFORM]
    if any(one.wants(CHARGES) for one in ours):
        return _ok("charges", f"{CHARGES} is followed")
    return _note("charges", f"nobody follows {CHARGES}: what costs more comes to nothing")


def check_orders(endpoints: Sequence[Endpoint]) -> Check:
    """Does whoever packs and sends hear of what becomes of orders by remedies?"""
    ours = [one for one in endpoints if one.enabled and one.desk == PLATFORM]
    missing = [topic for topic in OF_ORDERS if not any(one.wants(topic) for one in ours)]
    if not missing:
        return _ok("orders", f"{', '.join(OF_ORDERS)} are followed")
    detail = "whoever packs and sends is not told"
    return _note("orders", f"nobody follows {', '.join(missing)}: {detail}")


def check_webhooks(endpoints: Sequence[Endpoint]) -> Check:
    """Does what leaves reach those who asked for it?"""
    bad = [f"{one.id} disabled: {one.disabled_reason}" for one in endpoints if not one.enabled]
    bad += [
        f"{one.id} fails since {one.failing_since:%Y-%m-%d %H:%M} UTC"
        for one in endpoints
        if one.enabled and one.failing_since is not None
    ]
    if bad:
        return _note("webhooks", f"{'; '.join(bad)}; oncedesk webhooks list")
    return _ok("webhooks", f"{len(endpoints)}, none fails")
