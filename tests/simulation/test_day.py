"""The played day holds what it must, and its report says what stands in the tables."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random

import asyncpg
import pytest
import pytest_asyncio
from rich.console import Console

from oncedesk.settings import Settings
from oncedesk.simulation import charging, presales, standing
from oncedesk.simulation.arrivals import HOUR, day_moments, day_until
from oncedesk.simulation.demo import DemoReport, play_demo
from oncedesk.simulation.demo_report import show_demo
from oncedesk.simulation.own_database import own_database
from oncedesk.simulation.playing import LOOK_EVERYWHERE
from oncedesk.simulation.world import CITY, generate
from oncedesk.simulation.world_clock import WorldClock
from oncedesk.wiring import build

CONTACTS = 60
SEED = 11
NOW = datetime(2026, 11, 26, 9, 20, tzinfo=UTC)

_COUNTED = """
SELECT coalesce(sum((length(hex) - length(replace(hex, $1, ''))) / length($1)), 0)
FROM (SELECT encode(events, 'hex') AS hex FROM journal WHERE kind = $2) AS told
"""
_ANSWERED = """
SELECT count(DISTINCT (conversation, case_number)) FROM message
WHERE author LIKE 'agent%' AND audience = 'consumer'
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(server_url: str) -> AsyncIterator[tuple[DemoReport, asyncpg.Pool]]:
    """A small day, and the database as it stands after it."""
    settings = Settings(home=Path("/nonexistent"), database_url=server_url)
    day = day_until(NOW)
    clock = WorldClock(day.begins_at)
    async with (
        own_database(settings, name="tests") as url,
        build(url, settings=settings, clock=clock, look_everywhere=LOOK_EVERYWHERE) as parts,
    ):
        done = await play_demo(
            parts, clock, day=day, contacts=CONTACTS, seed=SEED, progress=lambda _: None
        )
        assert clock() == NOW, "the day ends now"
        yield done.report, parts.pool


Played = tuple[DemoReport, "asyncpg.Pool[asyncpg.Record]"]


def packed(word: str) -> str:
    """How MessagePack writes the name of an event, in hexadecimal digits."""
    head = bytes([0xA0 | len(word)]) if len(word) < 32 else bytes([0xD9, len(word)])
    return (b"\xa4type" + head + word.encode()).hex()


@pytest.mark.asyncio(loop_scope="module")
async def test_nothing_is_breached(played: Played) -> None:
    report, _ = played

    assert [check for check in report.checks if check.breaches] == []
    unasked = {check.name for check in report.checks if not check.done}
    # Where nothing waits, nobody can be idle beside it; few change an order, or wait for a presale.
    assert unasked <= {standing.IDLE, *charging.CHECKS, *presales.CHECKS}
    assert report.consumers == CONTACTS
    assert report.recognised > 0


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("kind", "events"),
    [
        ("conversation", ("CaseOpened", "ContactReceived", "TakenOver", "CaseResolved", "Decided")),
        ("order", ("OrderPlaced", "PromiseKept", "PromiseBroken")),
        ("remedies", ("RemedyRequested", "RemedyApproved", "RefundSent", "BreachCompensated")),
    ],
)
async def test_the_report_counts_what_the_journal_says(
    played: Played, kind: str, events: tuple[str, ...]
) -> None:
    report, pool = played

    for event in events:
        counted = await pool.fetchval(_COUNTED, packed(event), kind)
        assert report.figures.counts.get(f"event.{event}", 0) == counted, event


@pytest.mark.asyncio(loop_scope="module")
async def test_its_parts_add_up(played: Played) -> None:
    figures = played[0].figures
    counts = figures.counts

    def group(name: str) -> int:
        return sum(number for one, number in counts.items() if one.startswith(f"{name}."))

    assert group("contact") == sum(figures.hours) == counts["event.ContactReceived"]
    assert group("opened") == counts["event.CaseOpened"] == sum(figures.owners.values())
    assert group("taken_over") == counts.get("event.TakenOver", 0)
    promises = [figures.merchants, *figures.carriers.values()]
    assert sum(one.kept for one in promises) == counts["event.PromiseKept"]
    corrected = counts.get("event.BreachCorrected", 0)
    assert sum(one.broken for one in promises) == counts["event.PromiseBroken"] - corrected


@pytest.mark.asyncio(loop_scope="module")
async def test_answers_and_queues_are_those_of_the_tables(played: Played) -> None:
    report, pool = played

    answered = [one.number for name, one in report.figures.answered.items() if name != "surge"]
    assert sum(answered) == await pool.fetchval(_ANSWERED)
    for queue in report.figures.queues:
        rows = await pool.fetch(
            "SELECT status, count(*) FROM inbox WHERE desk LIKE $1 GROUP BY 1", f"{queue.desk}%"
        )
        found = {row[0]: row[1] for row in rows}
        assert (queue.queued, queue.assigned) == (found.get("queued", 0), found.get("assigned", 0))
    assert report.figures.commands == await pool.fetchval("SELECT count(*) FROM journal")


@pytest.mark.asyncio(loop_scope="module")
async def test_consumers_are_known_with_numbers_that_nobody_has(played: Played) -> None:
    _, pool = played

    bodies = [row[0] for row in await pool.fetch("SELECT body FROM person WHERE body ~ 'phone'")]
    assert len(bodies) >= CONTACTS
    assert [one for one in bodies if "+86 000 0000 " not in one and "+44 7700 900" not in one] == []


@pytest.mark.asyncio(loop_scope="module")
async def test_the_page_tells_it_in_both_languages(played: Played) -> None:
    report, _ = played
    page = StringIO()
    show_demo(report, Console(width=120, file=page))
    text = page.getvalue()

    for words in (
        "What came in",
        "来了什么",
        "Taken over",
        "平台接管",
        "0 breaches",
        "one owner",
        "money sent",
        "补救",
    ):
        assert words in text
    assert {story.language for story in report.stories} <= {"zh", "en"}
    assert report.stories[0].lines
    assert "{" not in text
    assert f"{report.figures.commands:,} commands" in text


@pytest.mark.parametrize("hour", range(24))
def test_the_hour_after_the_show_lies_within_the_day(hour: int) -> None:
    day = day_until(datetime(2026, 11, 26, hour, 7, tzinfo=UTC))

    assert day.begins_at + HOUR <= day.surge_at
    assert day.surge_ends_at + HOUR <= day.ends_at
    assert day.ends_at - day.begins_at == timedelta(days=1)
    assert day.surge_at.astimezone(CITY).minute == 0


def test_more_come_in_the_hour_after_the_show_than_in_any_other() -> None:
    chance = Random(3)
    world = generate(cases=600, chance=chance, skills=("orders",))
    day = day_until(NOW)
    moments = day_moments(
        day,
        contacts=2_000,
        quiet_orders=500,
        show=world.great_show,
        tick=timedelta(minutes=3),
        chance=chance,
    )
    calls = [one.at for one in moments if one.calls]
    hours = [
        sum(day.begins_at + HOUR * n <= at < day.begins_at + HOUR * (n + 1) for at in calls)
        for n in range(24)
    ]
    rush = sum(day.surge_at <= at < day.surge_ends_at for at in calls)

    assert len(calls) == 2_000
    assert len(moments) == 2_500
    assert rush > 1.5 * sorted(hours)[-3]
    assert min(hours) < sum(hours) / 24 / 4, "few come by night"
    assert all(day.begins_at <= one.at <= day.ends_at for one in moments)
