"""Refunds whose answers do not come hold back no others for long."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from oncedesk.domain.shared.decider import Actor, Command
from oncedesk.engine import paying
from oncedesk.engine.outgoing import RefundMessage
from oncedesk.engine.paying import AT_ONCE, Paying, PaymentAnswer, Said
from oncedesk.engine.ports import OutboxRow
from oncedesk.engine.submission import Answer
from oncedesk.storage.sending import PostgresOutbox
from tests.support.engines import Outside, engine_on, within

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BODY = msgspec.json.encode(
    RefundMessage(
        refund="r",
        consumer=str(UUID(int=1)),
        order=str(UUID(int=2)),
        remedy=1,
        leg=1,
        amount_minor=100,
        currency="CNY",
        payment=0,
        method="",
    )
)


INSERT = """
INSERT INTO outbox (bucket, id, topic, body, at, next_at, stream, version, number)
SELECT 0, $1, 'refund.execute', $2, $3, $3, $4, $5, 0
"""


class LastAnswers:
    """Of all that it is asked for it answers the last only."""

    def __init__(self) -> None:
        self.asked = 0

    async def execute(self, row: OutboxRow, refund: RefundMessage) -> PaymentAnswer:
        self.asked += 1
        if row.id.int <= AT_ONCE:
            await asyncio.Event().wait()
        return PaymentAnswer(Said.TAKEN)

    async def close(self) -> None:
        """Nothing is under way."""


def submit(command: Command, *, principal: str, key: str, actor: Actor) -> "asyncio.Future[Answer]":
    raise AssertionError("nothing is told")


async def test_as_many_as_are_under_way_at_once_wait_for_a_bounded_time(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paying, "TRY_SECONDS", 0.05)
    # A busy machine may take longer than that to mark them all.
    monkeypatch.setattr(paying, "PATIENCE_SECONDS", 60.0)
    executor = LastAnswers()
    async with engine_on(url) as rig, Outside(url) as outside:
        for number in range(1, AT_ONCE + 2):
            await outside.run(INSERT, UUID(int=number), BODY, NOW, UUID(int=2), number)
        store = PostgresOutbox(rig.pool)
        pay = Paying(store=store, executor=executor, submit=submit, clock=lambda: NOW)
        try:
            assert (await within(pay.run()), await within(pay.run())) == (AT_ONCE, 1)
        finally:
            await pay.close()
        assert executor.asked == AT_ONCE + 1
        # Who was answered is over, and all others wait for their next turn.
        statement = "SELECT count(*) FROM outbox WHERE attempts = 1 AND next_at > $1"
        assert await outside.value(statement, NOW) == AT_ONCE
        assert await outside.value("SELECT count(*) FROM outbox") == AT_ONCE
