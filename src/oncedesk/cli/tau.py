"""The tau shop: taken in like anything else, and its tasks performed and compared."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import msgspec
from cyclopts import App, Parameter
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from oncedesk.cli.printing import console
from oncedesk.cli.session import complain, errors, parts, run, settings_or_exit
from oncedesk.connectors.csv_rows import FileUnusable
from oncedesk.connectors.rejects import RejectsUnwritable, write_rejects
from oncedesk.connectors.tau.files import Shop, Task, read_shop, read_tasks
from oncedesk.connectors.tau.importing import Imported, Importing
from oncedesk.connectors.tau.replaying import Outcome, Replaying
from oncedesk.connectors.tau.telling import Telling
from oncedesk.connectors.tau.words import MARKET, People
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.running import utc_now
from oncedesk.rules.loading import first_markets, load_builtin
from oncedesk.settings import Settings
from oncedesk.simulation.own_database import own_database
from oncedesk.storage.views.personal_data import KeptData, kept_about
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.wiring import Parts, Tells, build

replay_app = App(name="replay-tasks", help="Perform tasks of other people's data, and compare.")

IMPORTED = "shop"
"""Under which name an import tells of people; every task of a replay has one of its own."""
REJECTS = Path("tau.rejects.csv")
EXAMPLES_MAX = 20


class Replayed(msgspec.Struct, omit_defaults=True):
    """What a replay came to, as JSON. `kinds` counts disagreements, `refused` actions, by code."""

    tasks: int
    agree: int
    disagree: int
    actions: int
    actions_per_second: float
    kinds: dict[str, int]
    refused: dict[str, int]
    examples: list[str]


def import_tau(folder: Path, *, json: bool = False, rejects: Path = REJECTS) -> int:
    """Take in a retail shop (tau-bench): its products, its users with what they pay by, its orders.

    Repeated, it adds nothing. What changed here since stays as it is.

    Parameters
    ----------
    folder
        The folder with users.json, products.json and orders.json.
    json
        Print one JSON object.
    rejects
        Where to write the records that could not be taken, each with its reason.
    """

    async def work() -> int:
        settings = settings_or_exit()
        try:
            shop = read_shop(folder)
            # Beforehand, too: a place that cannot be written to is better known now than later.
            write_rejects(path=rejects, rejects=shop.rejects)
            done = await _import(settings, shop)
            write_rejects(path=rejects, rejects=shop.rejects)
        except (FileUnusable, RejectsUnwritable) as error:
            complain(f"Not imported: {error}")
            return 1
        done.rejects, done.rejects_file = len(shop.rejects), str(rejects)
        if json:
            sys.stdout.write(msgspec.json.encode(done).decode() + "\n")
            return 0
        console.print(
            f"{done.users:,} users, {done.products:,} products and {done.orders:,} orders: "
            f"{done.told:,} commands, of which {done.added:,} said something new.",
            highlight=False,
        )
        if done.rejects:
            errors.print(
                f"{done.rejects:,} records could not be taken; why is in {rejects}",
                style="yellow",
                markup=False,
            )
        return 0

    return run(work())


@replay_app.command(name="tau")
def replay_tau(
    folder: Path,
    *,
    tasks: Annotated[Path, Parameter(help="The file with the tasks.")],
    json: bool = False,
) -> int:
    """Perform each task's actions as its user's wishes, and compare what changed with the gold.

    It works in a database of its own on the configured server, gone afterwards.

    Parameters
    ----------
    folder
        The folder with users.json, products.json and orders.json.
    json
        Print one JSON object.
    """

    async def work() -> int:
        settings = settings_or_exit()
        try:
            shop, wanted = read_shop(folder), read_tasks(tasks)
        except FileUnusable as error:
            complain(f"Not replayed: {error}")
            return 1
        with _progress("replaying", len(wanted)) as progress:
            async with own_database(settings, name="replay_tau") as url:
                outcome = await replay(
                    url, settings=settings, shop=shop, tasks=wanted, progress=progress
                )
        found = _replayed(outcome)
        if json:
            sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        else:
            _print_replayed(found)
        return 0 if found.disagree == 0 else 1

    return run(work())


async def replay(
    url: str,
    *,
    settings: Settings,
    shop: Shop,
    tasks: Sequence[Task],
    packs: Sequence[Pack] | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """Perform these tasks on the database at `url`, under these packs or the shop's own."""
    ruled = [_pack()] if packs is None else packs
    async with build(url, settings=settings, tells=Tells.NOBODY, live=False, packs=ruled) as built:
        replaying = Replaying(
            engine=built.engine,
            shop=shop,
            shown=_Shown(built),
            run="replay",
            progress=progress,
        )
        return await replaying.run(tasks)


class _Shown:
    """What the marketplace may see, through the views."""

    def __init__(self, built: Parts) -> None:
        self._parts = built
        self._reader = Reader(MARKETPLACE)

    async def order(self, *, consumer: UUID, order: UUID) -> OrderState | None:
        orders = self._parts.views.orders
        try:
            seen = await orders.order(reader=self._reader, consumer=consumer, order=order)
        except NotSeen:
            return None
        return seen.state

    async def copy(self, *, consumer: UUID) -> KeptData:
        return await kept_about(
            self._parts.pool, self._parts.codec, consumer=consumer, actor=MARKETPLACE
        )


async def _import(settings: Settings, shop: Shop) -> Imported:
    total = len(shop.products) + len(shop.users) + len(shop.orders)
    today = utc_now().date()
    packs = [*(load_builtin(market).pack(today) for market in first_markets()), _pack()]
    async with parts(settings, tells=Tells.NOBODY, packs=packs) as built:
        telling = Telling(entry=built.engine.entry, people=People(IMPORTED))
        importing = Importing(engine=built.engine, telling=telling, shop=shop)
        with _progress("importing", total) as progress:
            return await importing.run(progress)


def _pack() -> Pack:
    """The shop's policy, as of today."""
    return load_builtin(MARKET).pack(utc_now().date())


def _replayed(outcome: Outcome) -> Replayed:
    rate = outcome.actions / outcome.seconds if outcome.seconds else 0.0
    said = [f"{one.task}: {one.kind}: {one.what}" for one in outcome.disagreements]
    return Replayed(
        tasks=outcome.tasks,
        agree=outcome.tasks - outcome.disagree,
        disagree=outcome.disagree,
        actions=outcome.actions,
        actions_per_second=round(rate, 1),
        kinds=dict(sorted(Counter(one.kind for one in outcome.disagreements).items())),
        refused=dict(sorted(outcome.refused.items())),
        examples=said[:EXAMPLES_MAX],
    )


def _print_replayed(found: Replayed) -> None:
    console.print(
        f"{found.tasks:,} tasks: {found.agree:,} agree, {found.disagree:,} disagree. "
        f"{found.actions:,} actions, {found.actions_per_second:,.0f}/s.",
        highlight=False,
    )
    for code, count in found.refused.items():
        console.print(f"refused {count:,} times: {code}", highlight=False)
    for kind, count in found.kinds.items():
        console.print(f"disagreements about the {kind}: {count:,}", highlight=False)
    for one in found.examples:
        console.print(one, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on the terminal; nothing where there is none."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, disable=not errors.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.advance(task, done)
