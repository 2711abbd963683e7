"""The simulation holds what it must, and each way of breaking the engine is noticed."""

from pathlib import Path

import asyncpg
import pytest

from oncedesk.settings import Settings
from oncedesk.simulation import history, money, standing
from oncedesk.simulation.playing import JUMPS
from oncedesk.simulation.report import RunReport
from oncedesk.simulation.run import STRUCK, simulate
from oncedesk.simulation.sabotage import Sabotage
from tests.test_commands import oncedesk

CASES = 40


def settings(url: str) -> Settings:
    return Settings(home=Path("/nonexistent"), database_url=url)


def found(report: RunReport) -> set[str]:
    return {check.name for check in report.checks if check.breaches}


async def test_holds_through_whole_lifecycles_with_faults(server_url: str) -> None:
    report = await simulate(settings(server_url), cases=CASES, seed=7)

    assert found(report) == set(), report
    done = {check.name: check.done for check in report.checks}
    assert [name for name, number in done.items() if not number] == [STRUCK]
    assert report.counts["lifecycles"] == CASES
    ended = report.counts["cases.closed"] + report.counts["cases.merged"]
    assert report.counts["cases.opened"] == ended >= CASES // 2
    for fault in ("duplicates_sent", "duplicates_recognised", "absences", "clock_jumps"):
        assert report.faults[fault] > 0, fault
    assert "surges.began" in report.counts, "what never happened is reported, too"
    for count in (
        *("remedies.granted.rule", "remedies.settled", "refunds.sent", "refunds.asked"),
        "payouts",
    ):
        assert report.counts[count] > 0, count
    assert {
        "disputes.in_part",
        "remedies.asked.repair",
        "returns.lost",
        "recoveries.posted",
    } <= set(report.counts)
    assert {"refunds_told_twice", "refund_routes_dead", "silent_desks"} <= set(report.faults)
    assert await leftovers(server_url) == []


@pytest.mark.parametrize("cases", [1, 2])
async def test_holds_with_fewer_cases_than_hours_are_skipped(server_url: str, cases: int) -> None:
    report = await simulate(settings(server_url), cases=cases, seed=1)

    assert found(report) == set(), report
    assert report.counts["lifecycles"] == cases
    assert report.faults["clock_jumps"] == JUMPS


@pytest.mark.parametrize("cases", ["0", "-3"])
def test_refuses_to_play_nothing(server_url: str, cases: str) -> None:
    done = oncedesk(server_url, "simulate", "--cases", cases)

    assert done.returncode == 2
    assert "--cases: at least 1" in done.stderr


@pytest.mark.parametrize(
    ("sabotage", "check"),
    [
        (Sabotage.LOST_JOURNAL, history.ONCE),
        (Sabotage.DOUBLE_APPLY, history.ONCE),
        (Sabotage.DROPPED_WAKE, standing.WAKE),
        (Sabotage.TWO_OWNERS, standing.INBOX),
        (Sabotage.SKILL, history.ABLE),
        (Sabotage.DOUBLE_REFUND, money.SENT),
    ],
)
async def test_notices_what_is_broken(server_url: str, sabotage: Sabotage, check: str) -> None:
    report = await simulate(settings(server_url), cases=CASES, seed=7, sabotage=sabotage)

    assert STRUCK not in found(report), "there was nothing to break"
    assert check in found(report), found(report)
    assert report.breaches > 0
    assert report.repeat().endswith(f"--cases {CASES} --seed 7 --sabotage {sabotage}")


async def leftovers(url: str) -> list[str]:
    """Databases that a run has left on the server."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT datname FROM pg_database WHERE datname LIKE 'oncedesk\\_simulation\\_%'"
        )
    finally:
        await connection.close()
    return [row[0] for row in rows]
