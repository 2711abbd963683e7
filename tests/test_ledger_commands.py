"""`oncedesk ledger`: what it prints, and how it exits."""

import asyncio
import csv
import io
import json
from typing import Any
from uuid import UUID

import pytest

from oncedesk.domain.accounts.messages import ChargeAccount, Holder, TellFunds
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.engine.running import utc_now
from tests.engine.test_ledger import MERCHANT, RIVAL, given, refunded_after_payout
from tests.support.engines import Outside, engine_on
from tests.test_commands import oncedesk

EVER = ("--since", "2020-01-01", "--until", "2100-01-01")


async def test_it_tells_of_the_books_and_says_when_they_are_wrong(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refunded_after_payout(rig, outside)
    right = oncedesk(url, "ledger", "check", "--json")
    assert (right.returncode, json.loads(right.stdout)["wrong"]) == (0, [])
    told = oncedesk(url, "ledger", "statement", str(MERCHANT), "--currency", "CNY", *EVER, "--csv")
    lines = list(csv.DictReader(io.StringIO(told.stdout)))
    assert sum(int(line["minor"]) for line in lines) == 9_000 - 9_500
    assert {line["reason"] for line in lines if line["cause"] == "RefundSent"} == {"changed_mind"}
    shown = oncedesk(url, "ledger", "statement", str(MERCHANT), "--currency", "CNY", *EVER)
    assert "amounts in minor units of CNY" in shown.stdout
    assert {line["order"] for line in lines} - {""} <= set(shown.stdout.split())
    fund = json.loads(oncedesk(url, "ledger", "fund", *EVER, "--json").stdout)
    assert (fund["currency"], fund["advanced_minor"]) == ("CNY", 9_500)
    async with Outside(url) as outside:
        await outside.run("DELETE FROM posting WHERE account = 'platform_fee'")
    wrong = oncedesk(url, "ledger", "check")
    assert wrong.returncode == 1
    assert "does not balance" in wrong.stdout


async def test_what_is_set_aside_for_nobody_is_shown_and_freed(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refunded_after_payout(rig, outside)
        about: Any = {"party": RIVAL, "currency": "CNY", "market": "cn", "holder": Holder.CREATOR}
        told = TellFunds(**about, balance_minor=0, deposit_minor=900, told_at=utc_now())
        await given(rig, told)
        asked = ChargeAccount(
            **about, consumer=MERCHANT, order=UUID(int=7), remedy=9, amount_minor=700
        )
        await given(rig, asked, by=SYSTEM)
        await outside.until("SELECT count(*) FROM reaction WHERE parked_at IS NULL", 0)
        # As when its remedy heard of it long ago, and is over.
        await outside.run("DELETE FROM reaction")
    shown = oncedesk(url, "ledger", "check", "--json")
    (stuck,) = json.loads(shown.stdout)["stuck"]
    version = stuck.pop("version")
    assert (shown.returncode, stuck) == (
        0,
        {"party": str(RIVAL), "currency": "CNY", "minor": 700},
    )
    assert f"700 CNY of {RIVAL}" in oncedesk(url, "ledger", "check").stdout.replace("\n", " ")
    # Two at once free it once.
    both = await asyncio.gather(
        *(asyncio.to_thread(oncedesk, url, "ledger", "free") for _ in range(2))
    )
    assert sum("free again" in one.stdout for one in both) == 1
    async with Outside(url) as outside:
        last = "SELECT version FROM state WHERE kind = 'account' AND version > $1"
        assert await outside.column(last, version) == [version + 1]
    assert "nothing is set aside" in oncedesk(url, "ledger", "free").stdout
    assert json.loads(oncedesk(url, "ledger", "check", "--json").stdout)["stuck"] == []


@pytest.mark.parametrize(
    ("option", "moment"),
    [("--since", "0001-01-01T00:00:00+14:00"), ("--until", "9999-12-31T23:59:59-12:00")],
)
@pytest.mark.parametrize("asked", [("statement", str(MERCHANT), "--currency", "CNY"), ("fund",)])
def test_a_moment_of_no_calendar_is_refused_by_name(
    url: str, asked: tuple[str, ...], option: str, moment: str
) -> None:
    told = oncedesk(url, "ledger", *asked, option, moment)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == f"{option} is expected to be in the years 1970 to 9998\n"
