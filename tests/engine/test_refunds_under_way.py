"""Refunds whose answers do not come hold back no others for long."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from oncedesk.domain.shared.decider import Actor, Command
from oncedesk.engine import paying
from oncedesk.engine.outbox import Attempt
from oncedesk.engine.outgoing import RefundMessage
from oncedesk.engine.paying import AT_ONCE, Paying, PaymentAnswer, Said
from oncedesk.engine.ports import OutboxRow
from oncedesk.engine.submission import Answer

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


class Rows:
    """What is due, in memory."""

    def __init__(self, count: int) -> None:
        self.due = {
            UUID(int=n): Attempt(
                0, UUID(int=n), "refund.execute", BODY, NOW, UUID(int=2), n, 0, NOW
            )
            for n in range(1, count + 1)
        }

    async def refunds_due(self, *, now: datetime, limit: int) -> Sequence[Attempt]:
        return list(self.due.values())[:limit]

    async def outbox_sent(self, rows: Sequence[OutboxRow]) -> None:
        for row in rows:
            del self.due[row.id]

    async def outbox_failed(self, row: OutboxRow, *, error: str, next_at: datetime) -> None:
        assert next_at > NOW
        del self.due[row.id]


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
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paying, "TRY_SECONDS", 0.05, raising=False)
    rows, executor = Rows(AT_ONCE + 1), LastAnswers()
    pay = Paying(store=rows, executor=executor, submit=submit, clock=lambda: NOW)
    try:
        assert (await pay.run(), await pay.run()) == (AT_ONCE, 1)
        assert (executor.asked, rows.due) == (AT_ONCE + 1, {})
    finally:
        await pay.close()
