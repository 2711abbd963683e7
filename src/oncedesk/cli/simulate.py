"""`oncedesk simulate`: a generated marketplace with faults, and what must hold in it."""

import sys

import msgspec
from rich.console import Console
from rich.table import Table

from oncedesk.cli.run_bar import run_bar
from oncedesk.cli.session import complain, errors, run, settings_or_exit
from oncedesk.cli.stopping import STOPPED, until_stopped
from oncedesk.simulation.report import RunReport, lines
from oncedesk.simulation.run import simulate as run_simulation
from oncedesk.simulation.sabotage import Sabotage

console = Console()


def simulate(
    *,
    cases: int = 2_000,
    seed: int = 1,
    json: bool = False,
    sabotage: Sabotage | None = None,
    keep: bool = False,
    decide: bool = False,
) -> int:
    """Play whole lifecycles with faults in simulated time, and check what must hold.

    It makes a database of its own on the configured server and drops it at the end, also where it
    is stopped before. The exit code is 1 if anything was found wrong, 130 if it was stopped.

    Nothing is killed in it, so its own database does not wait until a commit is on the disk
    (synchronous_commit is off); what a crash loses is what the engine's own tests ask. 100,000
    cases are more than three million commands.

    Parameters
    ----------
    cases
        How many lifecycles to play, at least one. All begin within three days, so more of them
        make those days fuller: more staff and shops up to a bound, more at the same moment, longer
        queues.
    seed
        The same seed generates the same marketplace and the same stories again.
    json
        Print one JSON object instead of sentences.
    sabotage
        Break the engine on purpose, to see that the checks notice.
    keep
        Leave the database there, to look into it.
    decide
        Decide every command again from its facts, also of a long journal.
    """
    if cases < 1:
        complain("--cases: at least 1")
        return 2

    async def work() -> int:
        settings = settings_or_exit()
        with run_bar(errors, cases=cases, lines=not json) as progress:
            report = await run_simulation(
                settings,
                cases=cases,
                seed=seed,
                sabotage=sabotage,
                keep=keep,
                decide_again=decide,
                progress=progress,
            )
        if json:
            sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
        else:
            _print(report)
        if report.breaches:
            complain(
                f"{report.breaches} breaches with seed {report.seed}. Repeat: {report.repeat()}"
            )
        return 1 if report.breaches else 0

    async def until_end() -> int:
        code = await until_stopped(work())
        return STOPPED if code is None else code

    return run(until_end())


def _print(report: RunReport) -> None:
    for heading, counted in lines(report):
        console.print(heading, style="bold")
        text = "   ".join(f"{name} {number:,}" for name, number in counted.items())
        console.print(f"  {text or 'none'}", highlight=False)
    once = report.contact_once
    console.print(
        f"contact once: {once.share:.1%} of cases (95%: {once.low:.1%} to {once.high:.1%}); paused "
        f"share by agent: mean {report.paused_share_mean:.1%}, most {report.paused_share_max:.1%}"
    )
    table = Table("check", "done", "breaches")
    for check in report.checks:
        style = "red" if check.breaches else None
        table.add_row(check.name, f"{check.done:,}", f"{check.breaches:,}", style=style)
    console.print(table)
    for check in report.checks:
        for what in check.shown:
            console.print(f"  {check.name}: {what}", style="red", markup=False)
    console.print(
        f"{report.cases:,} lifecycles, {report.simulated_days:g} simulated days in "
        f"{report.instants:,} instants; played in {report.play_seconds:,.1f} s "
        f"({report.commands_per_second:,.0f} commands/s, {report.cases_per_minute:,.0f} "
        f"cases/min), checked in {report.check_seconds:,.1f} s"
    )
