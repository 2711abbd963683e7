"""What the ledger's entries come to by day: as they are written, and as the migration finds it."""

from importlib import import_module
from typing import Any

import pytest

from oncedesk.domain.remedies.messages.asking import RequestRemedy, Wish
from oncedesk.domain.remedies.messages.funding import RecordPayout
from oncedesk.domain.remedies.messages.refunding import ConfirmRefund
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.engine.running import utc_now
from oncedesk.storage.ledger.checking import check_ledger
from oncedesk.storage.ledger.statements import Statements
from tests.engine.test_ledger import (
    ADMIN,
    CONSUMER,
    MERCHANT,
    ORDER,
    PERIOD,
    WHO,
    given,
    placed,
    refunded_after_payout,
)
from tests.support.engines import Outside, Rig, engine_on, register

SUMS = """
SELECT party, currency, account, day, sum(minor)::bigint, sum(pending_minor)::bigint
FROM posting_day GROUP BY party, currency, account, day
HAVING sum(minor) <> 0 OR sum(pending_minor) <> 0 ORDER BY 1, 2, 3, 4
"""


async def refund_waits(rig: Rig, outside: Outside) -> None:
    """The consumer has cancelled; payments have not answered yet."""
    payout = RecordPayout(**WHO, id=ORDER, part=1, currency="CNY", fee_minor=500)
    await given(rig, register(1), placed(), payout)
    wish = Wish(kind=RemedyKind.CANCEL, reason="changed_mind")
    await given(rig, RequestRemedy(**WHO, wish=wish), by=Actor(Role.CONSUMER, CONSUMER))
    await outside.until("SELECT count(*) FROM reaction", 0)


async def test_what_is_pending_counts_until_it_has_ended(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refund_waits(rig, outside)
        asked: Any = {"reader": ADMIN, "party": MERCHANT, "currency": "CNY", **PERIOD}
        told = await Statements(rig.pool, rig.codec).statement(**asked)
        waiting = await outside.value(
            "SELECT coalesce(sum(minor), 0)::bigint FROM posting "
            "WHERE party = $1 AND phase = 'pending' AND minor < 0",
            MERCHANT,
        )
        assert told.pending_minor == waiting < 0
        assert (await check_ledger(rig.pool, rig.codec)).wrong == ()
        sent = ConfirmRefund(
            **WHO, remedy=1, leg=1, amount_minor=10_000, currency="CNY", sent_at=utc_now()
        )
        await given(rig, sent)
        assert (await Statements(rig.pool, rig.codec).statement(**asked)).pending_minor == 0
        assert (await check_ledger(rig.pool, rig.codec)).wrong == ()


@pytest.mark.parametrize("given_before", [refund_waits, refunded_after_payout])
async def test_the_migration_finds_what_the_entries_say(url: str, given_before: Any) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await given_before(rig, outside)
        before = await outside.rows(SUMS)
        assert before
        await outside.run("DELETE FROM posting_day")
        migration = import_module("oncedesk.storage.migrations.versions.0016_posting_days")
        await outside.run(migration._FILL)
        assert await outside.rows(SUMS) == before
        assert (await check_ledger(rig.pool, rig.codec)).wrong == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE posting_day SET minor = minor + 1 WHERE account = 'escrow'",
        "UPDATE posting_day SET pending_minor = pending_minor - 1",
        "DELETE FROM posting_day",
    ],
)
async def test_a_day_that_says_something_else_is_found(url: str, statement: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refund_waits(rig, outside)
        await outside.run(statement)
        wrong = (await check_ledger(rig.pool, rig.codec)).wrong
        assert any("its days do not say" in sentence for sentence in wrong), wrong
