"""Commands for those who run Oncedesk: replay, privacy, parked commands, database."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid4

import msgspec
from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from oncedesk.cli.printing import listing, print_listing
from oncedesk.cli.session import complain, errors, parts, run, settings_or_exit
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.ids import BUCKETS
from oncedesk.engine import privacy
from oncedesk.engine.backfilling import ReactionSet
from oncedesk.engine.ports import ConnectionLost
from oncedesk.engine.replay import Report
from oncedesk.storage.attachments.files import FileMissing
from oncedesk.storage.parking import ParkedPosition
from oncedesk.storage.retention import overwrite_old_texts
from oncedesk.storage.views.personal_data import kept_about, write_files
from oncedesk.wiring import Parts, database

PARKED_SHOWN = 200

console = Console()

privacy_app = App(
    name="privacy", help="Personal data: copy, erase or let expire what is kept about people."
)
parked_app = App(name="parked", help="Commands and reactions that failed and wait for an operator.")
db_app = App(name="db", help="The database: bring its schema up to date, and its past.")


def replay(
    *, check: bool = False, decide: bool = False, rebuild: bool = False, json: bool = False
) -> int:
    """Play the journal again and compare it with the database.

    Parameters
    ----------
    check
        Rebuild every state from its events and compare it (the default).
    decide
        Decide every command again from the facts it rested on and compare the events.
    rebuild
        Write every state anew that its events rebuild otherwise, before anything is compared.
        Refused while a process of the installation runs: each keeps states in memory. Until it has
        ended, none can begin.
    json
        Print one JSON object instead of sentences.
    """

    async def work() -> int:
        async with parts(settings_or_exit(), alone=rebuild) as built:
            player = await built.replay()
            found: dict[str, Report] = {}
            if rebuild:
                with _counting("rebuild") as progress:
                    found["rebuild"] = await player.rebuild(progress=progress)
            if check or not (decide or rebuild):
                with _counting("check") as progress:
                    found["check"] = await player.check(progress=progress)
            if decide:
                with _counting("decide") as progress:
                    found["decide"] = await player.decide(progress=progress)
        for name, report in found.items():
            if not json:
                _print_report(name, report)
        if json:
            sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        return 1 if any(report.different for report in found.values()) else 0

    return run(work())


@contextmanager
def _counting(name: str) -> Iterator[Callable[[], None]]:
    """How many states were looked at, on the terminal; nothing where there is none."""
    columns = (
        TextColumn(f"{name}: {{task.completed:,.0f}} states"),
        SpinnerColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, disable=not errors.is_terminal) as line:
        task = line.add_task("", total=None)
        yield lambda: line.advance(task)


def _print_report(name: str, report: Report) -> None:
    console.print(
        f"{name}: {report.states:,} states, {report.commands:,} commands, "
        f"{report.events:,} events; {report.different:,} differences"
        + (f"; {report.rebuilt:,} written anew" if name == "rebuild" else "")
    )
    for difference in report.differences:
        ref = difference.ref
        console.print(
            f"  {ref.kind} {ref.id} version {difference.version}: {difference.what}", markup=False
        )


@privacy_app.command
def export(consumer: UUID, *, own: bool = False, files: Path | None = None) -> int:
    """Print a copy of all that is kept about a consumer, as one JSON object.

    Parameters
    ----------
    consumer
        The consumer's id.
    own
        What consumers get who ask for a copy of their own data: nothing that desks said among
        themselves, and nobody's name.
    files
        A new folder for the attachments; each is named by its id and its name.
    """
    actor = Actor(Role.CONSUMER, consumer) if own else Actor(Role.ADMIN)

    async def work() -> int:
        async with parts(settings_or_exit()) as built:
            kept = await kept_about(built.pool, built.codec, consumer=consumer, actor=actor)
            try:
                if files is not None:
                    await write_files(built.files, kept, folder=files)
            except FileMissing as error:
                complain(f"The file {error} is missing.")
                return 1
            except OSError as error:
                said = f"{error.filename or files}: {error.strerror or error}"
                complain(said)
                return 1
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(kept), indent=2).decode() + "\n")
        return 0

    return run(work())


@privacy_app.command
def expire() -> int:
    """Overwrite texts and files that were kept as long as the rule pack says. It cannot be undone.

    Texts and files are kept as long as the pack of their market says; failed commands
    and who saw what, which are of no market, as long as the one that says longest. Of open cases
    and of consumers under a legal hold nothing is overwritten. Cases, amounts and times stay.
    Files are deleted whose rows say so, and those that no row speaks of. Run it once a day.
    """

    async def work() -> int:
        settings = settings_or_exit()
        async with parts(settings) as built:
            now = built.engine.clock()
            packs = built.library.at(now)
            rules = {market: packs.current(market).retention for market in packs.holding}
            # Of a failed command and of who saw what no market is known: the longest holds.
            parked_days = max(rule.parked_days for rule in rules.values())
            reveal_days = max(rule.reveal_days for rule in rules.values())
            done = await overwrite_old_texts(
                built.pool,
                built.codec,
                messages_before={
                    market: now - timedelta(days=rule.message_days)
                    for market, rule in rules.items()
                },
                parked_before=now - timedelta(days=parked_days),
                reveals_before=now - timedelta(days=reveal_days),
                now=now,
            )
            files = 0
            while swept := await built.file_sweep.run():
                files += swept
            failing = built.file_sweep.failing
            orphans = await built.file_sweep.sweep_orphans()
        kept = ", ".join(f"{rule.message_days:,} ({of})" for of, rule in sorted(rules.items()))
        console.print(
            f"Overwritten: {done.messages:,} messages older than {kept} days, with "
            f"{done.attachments:,} attachments, {done.order_texts:,} texts about orders as old, "
            f"and {done.parked:,} failed commands older than {parked_days} days. Forgotten: "
            f"{done.reveals:,} reveals older than {reveal_days} days. Files swept: {files:,}, "
            f"and {orphans:,} that nothing names.",
            soft_wrap=True,
        )
        if failing:
            complain(
                f"{failing:,} files could not be deleted, as the log says. Where Oncedesk is "
                "served it goes on trying; else run this again."
            )
        return 1 if failing else 0

    return run(work())


@privacy_app.command
def erase(consumer: UUID, *, yes: bool = False) -> int:
    """Overwrite the texts and personal data kept about a consumer. It cannot be undone.

    Cases, amounts and times stay; they name the consumer by id only. Refused under a legal hold.

    Parameters
    ----------
    consumer
        The consumer's id.
    yes
        Do not ask.
    """
    if not yes and not _confirmed(f"Erase all texts and personal data of {consumer}?"):
        return 1

    async def work() -> int:
        settings = settings_or_exit()
        async with parts(settings) as built:
            answer = await privacy.erase(
                built.engine, consumer, market=settings.market, key=f"erase/{uuid4()}"
            )
        if not answer.accepted:
            complain(f"Not erased: {answer.code} {answer.detail}")
            return 1
        console.print(f"All texts and personal data of {consumer} are overwritten.")
        return 0

    return run(work())


def _confirmed(question: str) -> bool:
    if not sys.stdin.isatty():
        complain("Add --yes to confirm.")
        return False
    try:
        answer = console.input(f"{question} [y/N] ", markup=False)
    except EOFError:
        # Ctrl-D is no yes, and nothing stands behind the question.
        console.print()
        return False
    return answer.strip().lower() in ("y", "yes")


@parked_app.command(name="list")
def list_parked(
    *,
    limit: Annotated[int, Parameter(validator=Number(gte=1, lte=100_000))] = PARKED_SHOWN,
    json: bool = False,
) -> int:
    """Show what is parked, newest first.

    Parameters
    ----------
    limit
        So many at most.
    json
        Print them as JSON.
    """

    async def work() -> int:
        async with parts(settings_or_exit()) as built:
            rows = await built.parking.newest(limit=limit)
        if json:
            sys.stdout.write(msgspec.json.encode(rows).decode() + "\n")
            return 0
        if not rows:
            console.print("Nothing is parked.")
            return 0
        table = listing("when", "id", "kind", "command", "why", "tries")
        for row in rows:
            table.add_row(
                f"{row.at:%Y-%m-%d %H:%M}",
                str(row.id),
                row.kind,
                row.name,
                Text(" ".join(row.error.split())),
                str(row.attempts),
            )
        print_listing(table)
        return 0

    return run(work())


@parked_app.command
def retry(
    id_: Annotated[UUID | None, Parameter(name="ID")] = None,
    /,
    *,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
) -> int:
    """Submit a parked command or reaction again, with the same id, so never twice.

    Parameters
    ----------
    id_
        Its id, as `oncedesk parked list` shows it.
    all_
        All that is parked, the oldest first.
    """
    if (id_ is None) is not all_:
        complain("Give an id, or --all.")
        return 2

    async def work() -> int:
        async with parts(settings_or_exit()) as built:
            if id_ is None:
                return await _retry_all(built)
            try:
                answer = await built.parking.retry(id_, built.engine.send)
            except msgspec.DecodeError as error:
                complain(f"{id_} cannot be read: {error}")
                return 1
        if answer is None:
            complain(f"Nothing with the id {id_} is parked.")
            return 1
        console.print(f"{answer.status}{': ' + answer.code if answer.code else ''}")
        return 0 if answer.accepted else 1

    return run(work())


async def _retry_all(built: Parts) -> int:
    """Each that is parked now once; what fails again is left."""
    ids: list[UUID] = []
    after: ParkedPosition | None = None
    while rows := await built.parking.newest(limit=PARKED_SHOWN, after=after):
        ids += [row.id for row in rows]
        after = ParkedPosition(rows[-1].at, rows[-1].id)
    accepted = failed = 0
    for id_ in reversed(ids):
        try:
            answer = await built.parking.retry(id_, built.engine.send)
        except msgspec.DecodeError as error:
            complain(f"{id_} cannot be read: {error}")
            failed += 1
            continue
        # Somebody else may have done or dropped it meanwhile.
        if answer is not None:
            accepted += answer.accepted
            failed += not answer.accepted
    console.print(f"Accepted: {accepted:,}. Still parked: {failed:,}.")
    return 1 if failed else 0


@db_app.command
def migrate() -> int:
    """Apply the migrations that the database lacks. Every start does this, too."""

    async def work() -> int:
        async with database(settings_or_exit()):
            console.print("The schema is up to date.")
        return 0

    return run(work())


@db_app.command
def backfill(*, again: bool = False, json: bool = False) -> int:
    """Give what happened before an upgrade the reactions that are new in it, each once.

    A started engine does the same in the background. Interrupted, it goes on where it was.

    Parameters
    ----------
    again
        Look at everything once more, after what had failed was mended; nothing is done twice.
    json
        Print one JSON object.
    """

    async def work() -> int:
        try:
            async with parts(settings_or_exit()) as built:
                if again:
                    await built.engine.begin_backfill_again()
                with _progress() as progress:
                    found = await built.engine.backfill_all(progress)
        except ConnectionLost as error:
            complain(f"Interrupted: {error}")
            return 1
        if json:
            sys.stdout.write(msgspec.json.encode(found, order="deterministic").decode() + "\n")
        else:
            _print_backfill(found)
        return 1 if found.failed or found.parked else 0

    return run(work())


@contextmanager
def _progress() -> Iterator[Callable[[ReactionSet], None]]:
    """A bar on the terminal; nothing where there is none."""
    columns = (TextColumn("looking back"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, disable=not errors.is_terminal) as bar:
        task = bar.add_task("", total=BUCKETS)
        yield lambda standing: bar.update(task, completed=standing.buckets_done)


def _print_backfill(found: ReactionSet) -> None:
    console.print(
        f"States looked at: {found.looked:,}. Commands asked for: {found.asked:,}, "
        f"parked: {found.parked:,}. States that failed: {found.failed:,}."
    )
    if found.parked:
        errors.print("What is parked: oncedesk parked list", style="yellow")
    if found.failed:
        errors.print(
            "Why states failed is in the log (backfill_failed). Mend it, then: "
            "oncedesk db backfill --again",
            style="yellow",
        )
