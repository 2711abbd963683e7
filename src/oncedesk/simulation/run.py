"""One whole run: a database of its own, the play, the checks, the report."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from random import Random

from oncedesk.settings import Settings
from oncedesk.simulation import history, money, standing
from oncedesk.simulation.collector import seldom_collecting, set_aside
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.own_database import own_database
from oncedesk.simulation.playing import (
    ARRIVAL_DAYS,
    DAYS_MAX,
    LOOK_EVERYWHERE,
    START,
    Play,
    open_up,
    over,
    play_on,
    surge_and_jumps,
)
from oncedesk.simulation.post import TOPICS, Post
from oncedesk.simulation.progress import Phase, Progress, Watched
from oncedesk.simulation.report import RunReport, all_counts, all_faults, wilson
from oncedesk.simulation.sabotage import AFTER, Sabotage, Saboteur
from oncedesk.simulation.tally import Tally
from oncedesk.simulation.world_clock import WorldClock
from oncedesk.storage.answered import answered
from oncedesk.storage.journal import EveryNth
from oncedesk.wiring import Parts, Tells, build

REPLAY, DECIDE, STRUCK = "replay equals state", "decided the same again", "the sabotage was done"
LOOKS = (
    timedelta(hours=7, minutes=30),
    AFTER,
    timedelta(hours=32),
    timedelta(hours=36),
    timedelta(days=2, hours=5),
    timedelta(days=ARRIVAL_DAYS),
    timedelta(days=ARRIVAL_DAYS + 2),
    timedelta(days=ARRIVAL_DAYS + 7),
)
"""When the tables are looked at, from the start; two of them soon after the busiest hour."""
STRUCK_UNTIL = timedelta(hours=32)
DECIDED_AGAIN = 30_000
"""About so many commands are decided again, unless all are asked for."""


@asynccontextmanager
async def two_engines(
    url: str, settings: Settings, clock: WorldClock, post: Post
) -> AsyncIterator[list[Parts]]:
    """The parts of two processes on one database; what leaves goes by this post."""
    build_one = partial(
        build,
        url,
        settings=settings,
        clock=clock,
        send=post.send,
        topics=TOPICS,
        tells=Tells.NOBODY,
        look_everywhere=LOOK_EVERYWHERE,
        live=False,
    )
    with seldom_collecting():
        async with build_one() as one, build_one() as other:
            yield [one, other]


async def simulate(
    settings: Settings,
    *,
    cases: int,
    seed: int,
    sabotage: Sabotage | None = None,
    keep: bool = False,
    decide_again: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
) -> RunReport:
    """Play so many lifecycles and check what must hold; nothing of the user's data is touched."""
    clock, post = WorldClock(START), Post()
    async with (
        own_database(settings, name="simulation", keep=keep) as url,
        two_engines(url, settings, clock, post) as parts,
    ):
        tally = Tally((*standing.CHECKS, *history.CHECKS, *money.CHECKS, REPLAY, DECIDE, STRUCK))
        play = surge_and_jumps(parts, clock, cases=cases, seed=seed)
        play.remedying.by_post()
        post.deliver_to(play.remedying.receive, play.stage.counts)
        saboteur = Saboteur(sabotage, play.stage.sender.log)
        saboteur.prepare(parts)
        # So that it has something to show itself by, however short the run.
        play.remedying.refunds.always_twice = sabotage is Sabotage.DOUBLE_REFUND
        watched = Watched(play, progress)
        began, checked = time.perf_counter(), 0.0
        await open_up(play, Dice(Random(seed)))
        set_aside()
        watched.enter(Phase.PLAY)
        for look in (*LOOKS, timedelta(days=DAYS_MAX)):
            await play_on(play, until=START + look, progress=watched.played)
            paused = time.perf_counter()
            if look >= AFTER:
                # After this, the same looks as always have to notice it.
                await saboteur.strike(parts[0].pool)
            await standing.check_standing(parts[0].pool, tally, now=clock())
            await money.check_books(parts[0].pool, tally)
            checked += time.perf_counter() - paused
            # What was broken has shown by then, or shows in the journal.
            if over(play) or (sabotage is not None and look >= STRUCK_UNTIL):
                break
        played = time.perf_counter() - began - checked
        began = time.perf_counter()
        if sabotage is not None:
            tally.expect(STRUCK, saboteur.done, "there was nothing to break")
        await _check_history(play, tally, watched, whole=sabotage is None)
        await _replay(play, tally, watched, decide_again=decide_again)
        checked += time.perf_counter() - began
    return _report(play, tally, seed, sabotage, played, checked)


async def _check_history(play: Play, tally: Tally, watched: Watched, *, whole: bool) -> None:
    watched.enter(Phase.HISTORY, steps=play.stage.counts["commands.accepted_anew"])
    await history.check_history(
        play.parts[0].pool, tally, play.stage.sender.log, progress=watched.step
    )
    await money.check_money(
        play.parts[0].pool,
        tally,
        sent_minor=play.remedying.refunds.sent_minor(),
        charged_minor=play.remedying.charges.taken_minor(),
        taken_minor=play.remedying.refunds.till.taken_minor,
        now=play.stage.clock(),
    )
    if not whole:
        return
    counts, seeing = play.stage.counts, play.stage.seeing
    tally.looked(history.ENDED, counts["lifecycles"])
    ended = counts["cases.closed"] + counts["cases.merged"]
    if seeing.unfinished or counts["cases.opened"] != ended or not over(play):
        tally.breach(
            history.ENDED, f"{counts['cases.opened']} opened, {ended} ended in {DAYS_MAX} days"
        )


async def _replay(play: Play, tally: Tally, watched: Watched, *, decide_again: bool) -> None:
    """Rebuild every state; decide everything again, or of a long journal only a sample."""
    parts = play.parts[0]
    states = await answered(partial(parts.pool.fetchval, "SELECT count(*) FROM state"))
    watched.enter(Phase.REPLAY, steps=states)
    whole = await answered(parts.replay)
    report = await answered(partial(whole.check, progress=watched.step))
    tally.looked(REPLAY, report.states)
    for one in report.differences:
        tally.breach(REPLAY, f"{one.ref.kind} {one.ref.id} v{one.version}: {one.what}")
    every = 1 if decide_again else max(1, -(-report.commands // DECIDED_AGAIN))
    watched.enter(Phase.DECIDE, steps=report.states // every)
    sample = await answered(partial(parts.replay, of=partial(EveryNth, every=every)))
    again = await answered(partial(sample.decide, progress=watched.step))
    tally.looked(DECIDE, again.commands)
    for one in again.differences:
        tally.breach(DECIDE, f"{one.ref.kind} {one.ref.id} v{one.version}: {one.what}")


def _report(
    play: Play,
    tally: Tally,
    seed: int,
    sabotage: Sabotage | None,
    played: float,
    checked: float,
) -> RunReport:
    stage, log = play.stage, play.stage.sender.log
    counts, shares = stage.counts, stage.seeing.paused_shares()
    commands = sum(one.engine.writers.commands for one in play.parts)
    return RunReport(
        cases=len(play.plans),
        seed=seed,
        sabotage=sabotage or "",
        counts=all_counts(counts),
        faults=all_faults(
            counts,
            duplicates_recognised=log.recognised,
            reused_keys_refused=log.refusals["idempotency_key_reused"],
            races_lost=sum(one.engine.writers.races_lost for one in play.parts),
        ),
        refusals=dict(log.refusals.most_common()),
        contact_once=wilson(counts["cases.contact_once"], counts["cases.closed"]),
        paused_share_mean=round(sum(shares) / len(shares), 4) if shares else 0.0,
        paused_share_max=round(max(shares, default=0.0), 4),
        instants=play.instants,
        simulated_days=round((stage.clock() - START) / timedelta(days=1), 1),
        play_seconds=round(played, 1),
        check_seconds=round(checked, 1),
        commands_per_second=round(commands / played, 1),
        cases_per_minute=round(len(play.plans) / played * 60, 1),
        checks=list(tally.checks.values()),
    )
