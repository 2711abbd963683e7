"""Refunds go to whatever executes them, and what it answers comes back as a command.

It is asked under the refund's own key, however often: whoever has paid answers the same again. So
a process may die at any point, and an answer may be lost; the row stays until the answer, or that
one will come, is known. What was taken and is not answered is asked for by the settle clock.

One whose answer takes long, for instance because somebody has locked its state, holds up no other:
a pass goes on without it, and does not ask for it again while it is under way. It is under way for
`TRY_SECONDS` at most, and waits then like one that failed, so that those behind it have their turn.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import msgspec
import structlog

from oncedesk.domain.remedies.messages.refunding import ConfirmRefund, FailRefund, RefundFailure
from oncedesk.domain.shared.decider import SYSTEM, Actor, Command
from oncedesk.domain.shared.records import Record
from oncedesk.engine.outbox import Attempt, NotDelivered
from oncedesk.engine.outgoing import RefundMessage
from oncedesk.engine.ports import ConnectionLost, OutboxRow, TryAgain
from oncedesk.engine.submission import Answer, Status
from oncedesk.engine.submitting import EngineStopped, end

log = structlog.get_logger(__name__)

AT_ONCE = 256
PATIENCE_SECONDS = 1.0
"""So long a pass waits for the refunds that it has begun."""
TRY_SECONDS = 60.0
"""So long one refund is asked for, and its answer told, before it is tried again later."""
PRINCIPAL = "payments"
PAUSE_SECONDS_MAX = 3_600


class Said(StrEnum):
    """What an executor answers: it will tell later, it has sent, it cannot send."""

    TAKEN = "taken"
    SENT = "sent"
    FAILED = "failed"


class PaymentAnswer(Record, frozen=True):
    """An executor's answer; `amount_minor` and `currency` as it has them, where it says so."""

    said: Said
    sent_at: datetime | None = None
    reference: str = ""
    reason: RefundFailure = RefundFailure.DECLINED
    amount_minor: int | None = None
    currency: str = ""


class Executor(Protocol):
    """Whoever sends money. Asked again under the same refund it must answer the same."""

    async def execute(self, row: OutboxRow, refund: RefundMessage) -> PaymentAnswer:
        """Send it, unless it was sent. Raises `NotDelivered` where no answer can be trusted."""
        ...

    async def close(self) -> None: ...


class PayingStore(Protocol):
    """The refunds that wait to be executed."""

    async def refunds_due(self, *, now: datetime, limit: int) -> Sequence[Attempt]: ...

    async def outbox_sent(self, rows: Sequence[OutboxRow]) -> None: ...

    async def outbox_failed(self, row: OutboxRow, *, error: str, next_at: datetime) -> None: ...


class Submit(Protocol):
    """How an answer becomes a command; the future's answer means: durable."""

    def __call__(
        self, command: Command, *, principal: str, key: str, actor: Actor
    ) -> "asyncio.Future[Answer]": ...


@dataclass(frozen=True)
class _Asked:
    """A refund under way, and whether its row is over by then."""

    row: Attempt
    task: asyncio.Task[bool]


class Paying:
    """Asks the executor for what is due, a few at a time."""

    name = "payments"
    idle_seconds = 0.25

    def __init__(
        self,
        *,
        store: PayingStore,
        executor: Executor,
        submit: Submit,
        clock: Callable[[], datetime],
        named_point: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._executor = executor
        self._submit = submit
        self._clock = clock
        self._named_point = named_point
        self._under_way: dict[UUID, _Asked] = {}

    async def run(self) -> int:
        """Ask for what is due; how many refunds that was."""
        rows = await self._store.refunds_due(now=self._clock(), limit=AT_ONCE)
        room = AT_ONCE - len(self._under_way)
        begun = [
            _Asked(row, asyncio.create_task(self._ask(row)))
            for row in [row for row in rows if row.id not in self._under_way][:room]
        ]
        self._under_way |= {one.row.id: one for one in begun}
        if begun:
            await asyncio.wait([one.task for one in begun], timeout=PATIENCE_SECONDS)
        self._named_point("refunds_answered")
        await self._mark()
        return len(begun)

    async def _mark(self) -> None:
        """Mark those that are over. What ended by an error of ours raises it, after that."""
        ended = [one for one in self._under_way.values() if one.task.done()]
        for one in ended:
            del self._under_way[one.row.id]
        done = [one.row for one in ended if one.task.exception() is None and one.task.result()]
        if done:
            await self._store.outbox_sent(done)
        for one in ended:
            one.task.result()

    async def close(self) -> None:
        await end([one.task for one in self._under_way.values()])
        self._under_way.clear()
        await self._executor.close()

    async def _ask(self, row: Attempt) -> bool:
        """Whether this row is over: it was answered, or the answer comes later."""
        try:
            refund = _refund(row.body)
            async with asyncio.timeout(TRY_SECONDS):
                answer = await self._executor.execute(row, refund)
                self._named_point("refund_answered")
                return answer.said is Said.TAKEN or await self._tell(row, refund, answer)
        except TimeoutError:
            log.warning("refund_took_too_long", id=str(row.id))
            await self._failed(row, f"no answer in {TRY_SECONDS:g} seconds")
        except (NotDelivered, msgspec.DecodeError) as error:
            log.warning("refund_not_taken", id=str(row.id), error=str(error))
            await self._failed(row, str(error))
        except (ConnectionLost, TryAgain, EngineStopped):
            # Ours, and soon over: what is not marked is asked for again.
            raise
        except Exception as error:
            # This one waits, whatever it was; the others are marked and not asked for again.
            log.exception("refund_failed", id=str(row.id))
            await self._failed(row, f"{type(error).__name__}: {error}")
        return False

    async def _failed(self, row: Attempt, error: str) -> None:
        next_at = row.again_at(self._clock(), pause_seconds_max=PAUSE_SECONDS_MAX)
        await self._store.outbox_failed(row, error=error, next_at=next_at)

    async def _tell(self, row: Attempt, refund: RefundMessage, answer: PaymentAnswer) -> bool:
        told = await self._submit(
            command_of(refund, answer, now=self._clock()),
            principal=PRINCIPAL,
            key=str(row.id),
            actor=SYSTEM,
        )
        if told.status is not Status.ACCEPTED:
            # It was said before, by the API for instance, or it contradicts what was.
            log.warning("payments_answer_refused", refund=refund.refund, code=told.code)
        return True


def command_of(refund: RefundMessage, answer: PaymentAnswer, *, now: datetime) -> Command:
    """What an answer says, as the remedies hear it."""
    consumer, order = UUID(refund.consumer), UUID(refund.order)
    if answer.said is Said.FAILED:
        return FailRefund(
            consumer=consumer,
            order=order,
            remedy=refund.remedy,
            leg=refund.leg,
            reason=answer.reason,
            asked=refund.asked,
        )
    amount_minor = answer.amount_minor
    return ConfirmRefund(
        consumer=consumer,
        order=order,
        remedy=refund.remedy,
        leg=refund.leg,
        amount_minor=refund.amount_minor if amount_minor is None else amount_minor,
        currency=answer.currency or refund.currency,
        sent_at=answer.sent_at or now,
        reference=answer.reference,
    )


_refund = msgspec.json.Decoder(RefundMessage).decode
