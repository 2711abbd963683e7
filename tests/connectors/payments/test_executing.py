"""A refund on its way to payments and back, through processes on a real database."""

import gzip
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from oncedesk.connectors.payments.hook import answer_of
from oncedesk.connectors.payments.simulated import Manner, manner_of
from oncedesk.domain.remedies.messages.refunding import (
    FailRefund,
    NameRoute,
    RefundFailure,
    RefundRequested,
    refund_key,
)
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine import paying
from oncedesk.engine.outbox import NotDelivered
from oncedesk.engine.outgoing import RefundMessage
from oncedesk.engine.paying import PaymentAnswer, Said
from oncedesk.engine.ports import OutboxRow
from oncedesk.settings import Settings, SettingsInvalid, load_settings
from oncedesk.wiring import Parts, build
from tests.support.engines import Outside, party
from tests.support.paying import SECRET, PaymentSide, payment_side
from tests.support.receivers import Answer, Request, receiver
from tests.support.refunds import PAID_MINOR, cancelling_pack, cancels, order_of, placed

NOWHERE = Path("/nowhere")
STATUSES = "SELECT count(*) FROM refund WHERE status = $1"
LOCK_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
WAITING = "SELECT count(*) FROM outbox WHERE topic = 'refund.execute'"


@asynccontextmanager
async def process_on(url: str, *, answer_seconds: int = 3_600, **more: Any) -> AsyncIterator[Parts]:
    settings = Settings(home=NOWHERE, webhook_allow="127.0.0.1/32", **more)
    packs = [cancelling_pack(answer_seconds=answer_seconds)]
    async with build(url, settings=settings, packs=packs) as parts:
        await parts.engine.start()
        yield parts


async def cancel(parts: Parts, *numbers: int) -> None:
    for number in numbers:
        for command in (placed(number), cancels(number)):
            answer = await parts.engine.submit(
                command, principal="tests", key="key", actor=MARKETPLACE
            )
            assert answer.accepted, answer


@asynccontextmanager
async def reliable_side() -> AsyncIterator[PaymentSide]:
    async with payment_side(random.Random(1)) as side:
        side.reliable = True
        yield side


async def test_payments_are_asked_and_their_answer_settles_the_remedy(url: str) -> None:
    async with reliable_side() as side, Outside(url) as outside:
        async with process_on(url, payments_url=side.url, payments_secret=SECRET) as parts:
            await cancel(parts, 1)
            await outside.until(STATUSES, 2, "sent")
            await outside.until(WAITING, 0)
        assert sum(amount for _, amount in side.paid) == PAID_MINOR
        assert set(side.asked.values()) == {1}


async def test_what_leaves_is_signed_and_carries_the_refunds_own_key(url: str) -> None:
    async with receiver(lambda _: Answer(body=b"")) as hook, Outside(url) as outside:
        async with process_on(url, payments_url=hook.url, payments_secret=SECRET) as parts:
            await cancel(parts, 1)
            await outside.until(WAITING, 0)
        assert len(hook.got) == 2
        for request in hook.got:
            event = Webhook(SECRET).verify(request.body, request.headers)
            assert event["type"] == "oncedesk.refund.requested"
            assert event["data"]["refund"] == request.headers["idempotency-key"]
        # An empty answer says: taken. Nothing is settled by that.
        assert await outside.value(STATUSES, "requested") == 2


async def test_rows_wait_for_payments_even_if_nobody_follows_webhooks(url: str) -> None:
    async with receiver(lambda _: Answer(status=500)) as hook, Outside(url) as outside:
        async with process_on(url, payments_url=hook.url, payments_secret=SECRET) as parts:
            await cancel(parts, 1)
            await outside.until("SELECT count(*) FROM outbox WHERE attempts > 0", 2)
            assert await outside.value(WAITING) == 2
        async with reliable_side() as side:
            async with process_on(url, payments_url=side.url, payments_secret=SECRET):
                await outside.until(STATUSES, 2, "sent")
            assert len(side.paid) == 2


async def test_without_payments_nothing_is_sent_and_nothing_piles_up(url: str) -> None:
    async with process_on(url) as parts, Outside(url) as outside:
        await cancel(parts, 1)
        assert await outside.value("SELECT count(*) FROM outbox") == 0
        assert await outside.value(STATUSES, "requested") == 2


async def test_a_dead_route_comes_back_as_a_failure(url: str) -> None:
    said = Answer(body=b'{"status": "failed", "reason": "route_dead"}')
    async with (
        receiver(lambda _: said) as hook,
        Outside(url) as outside,
        process_on(url, payments_url=hook.url, payments_secret=SECRET) as parts,
    ):
        await cancel(parts, 1)
        await outside.until(STATUSES, 2, "failed")


async def test_an_answer_to_an_asking_before_the_route_was_named_sends_nothing_elsewhere(
    url: str,
) -> None:
    named = False

    def told(request: Request) -> Answer:
        """The first asking is answered late; that it is asked again, is taken and no more."""
        if not named:
            return Answer(status=500)
        again = json.loads(request.body)["data"].get("again", False)
        return Answer(body=b"" if again else b'{"status": "failed", "reason": "route_dead"}')

    async with (
        receiver(told) as hook,
        Outside(url) as outside,
        process_on(url, payments_url=hook.url, payments_secret=SECRET) as parts,
    ):
        await cancel(parts, 1)
        await outside.until("SELECT count(*) FROM outbox WHERE attempts > 0", 2)
        about: Any = {"consumer": party(1), "order": order_of(1), "remedy": 1}
        for command in (
            FailRefund(**about, leg=1, reason=RefundFailure.ROUTE_DEAD),
            FailRefund(**about, leg=2, reason=RefundFailure.ROUTE_DEAD),
            NameRoute(**about, method="bank"),
        ):
            answer = await parts.engine.submit(
                command, principal="tests", key=repr(command), actor=MARKETPLACE
            )
            assert answer.accepted, answer
        named = True
        await outside.until(WAITING, 0)
        assert [json.loads(one.body)["data"]["asked"] for one in hook.got[-4:]].count(2) == 2
        assert await outside.column("SELECT status FROM refund") == ["requested", "requested"]


async def test_an_answer_comes_as_it_is_read(url: str) -> None:
    """Whoever answers packs it where we say that we can unpack it, as proxies do."""
    said = b'{"status": "failed", "reason": "route_dead"}'

    def packed(request: Request) -> Answer:
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Answer(body=gzip.compress(said), headers={"content-encoding": "gzip"})
        return Answer(body=said)

    async with (
        receiver(packed) as hook,
        Outside(url) as outside,
        process_on(url, payments_url=hook.url, payments_secret=SECRET) as parts,
    ):
        await cancel(parts, 1)
        await outside.until(STATUSES, 2, "failed")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b'{"status": "sent"}' + b" " * 100_000),
        Answer(raw=b'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"status": "failed"'),
    ],
    ids=["longer than is read", "cut off"],
)
async def test_an_answer_without_its_end_is_none(url: str, answer: Answer) -> None:
    """Not even that it was taken: the same is asked again soon."""
    async with receiver(lambda _: answer) as hook, Outside(url) as outside:
        async with process_on(url, payments_url=hook.url, payments_secret=SECRET) as parts:
            await cancel(parts, 1)
            await outside.until("SELECT count(*) FROM outbox WHERE attempts > 0", 2)
        assert await outside.value(WAITING) == 2


class Stumbles:
    """An executor with a bug that shows with refunds to one payment."""

    def __init__(self) -> None:
        self.asked = Counter[int]()

    async def execute(self, row: OutboxRow, refund: RefundMessage) -> PaymentAnswer:
        del row
        self.asked[refund.payment] += 1
        if refund.payment == 1:
            raise RuntimeError("nobody thought of this")
        return PaymentAnswer(Said.SENT)

    async def close(self) -> None:
        return None


async def test_a_refund_on_which_the_executor_breaks_holds_up_no_other(url: str) -> None:
    executor = Stumbles()
    settings, packs = Settings(home=NOWHERE), [cancelling_pack(answer_seconds=3_600)]
    async with (
        Outside(url) as outside,
        build(url, settings=settings, packs=packs, executor=executor) as parts,
    ):
        await cancel(parts, 1)
        await parts.engine.start()
        await outside.until("SELECT count(*) FROM outbox WHERE attempts > 0", 1)
        await outside.until(STATUSES, 1, "sent")
        await outside.until(WAITING, 1)
        assert "RuntimeError" in await outside.value("SELECT error FROM outbox")
    assert executor.asked[2] == 1


class Pays:
    """An executor that sends whatever it is asked for."""

    def __init__(self) -> None:
        self.asked = Counter[str]()

    async def execute(self, row: OutboxRow, refund: RefundMessage) -> PaymentAnswer:
        del row
        self.asked[refund.refund] += 1
        return PaymentAnswer(Said.SENT)

    async def close(self) -> None:
        return None


async def test_an_order_that_is_locked_holds_up_no_others_refunds(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paying, "PATIENCE_SECONDS", 0.2)
    executor = Pays()
    settings, packs = Settings(home=NOWHERE), [cancelling_pack(answer_seconds=3_600)]
    async with (
        Outside(url) as outside,
        Outside(url) as watching,
        build(url, settings=settings, packs=packs, executor=executor) as parts,
    ):
        await cancel(parts, 1)
        async with outside.holding(cancels(1).target().id):
            await parts.engine.start()
            await watching.until(LOCK_WAITS, 1)
            await cancel(parts, 2)
            await watching.until(STATUSES, 2, "sent")
            await watching.until(WAITING, 2)
        await outside.until(STATUSES, 4, "sent")
        await outside.until(WAITING, 0)
        assert [*executor.asked.values()] == [1] * 4, "nobody is asked again while under way"


async def test_the_simulated_side_settles_all_but_what_is_dead(url: str) -> None:
    async with process_on(url, answer_seconds=1, payments_url="simulated:3") as parts:
        await cancel(parts, *range(1, 30))
        async with Outside(url) as outside:
            await outside.until(STATUSES, 0, "requested")
            rows = await outside.rows("SELECT order_id, remedy, leg, status FROM refund")
            journal = await outside.column(
                "SELECT j.events FROM journal j JOIN state s ON s.bucket = j.bucket "
                "AND s.id = j.stream WHERE s.kind = 'remedies'"
            )
        statuses = {(order, remedy, leg): status for order, remedy, leg, status in rows}
        asked = {
            (event.order, event.remedy, event.leg.number): event.leg
            for body in journal
            for event in parts.codec.events(Kind.REMEDIES, body)
            if isinstance(event, RefundRequested)
        }
    assert (len(rows), asked.keys()) == (58, statuses.keys())
    for (order, remedy, number), leg in asked.items():
        key = str(refund_key(order=order, remedy=remedy, leg=leg))
        dead = manner_of(seed=3, refund=refund(key, payment=leg.payment)) is Manner.DEAD
        assert statuses[order, remedy, number] == ("failed" if dead else "sent")


def refund(key: str, *, payment: int = 1) -> RefundMessage:
    return RefundMessage(key, "c", "o", 1, 1, 5, "CNY", "card", payment)


def test_a_named_route_is_never_dead_in_the_simulation() -> None:
    manners = {manner_of(seed=1, refund=refund(str(key), payment=0)) for key in range(500)}
    assert manners == set(Manner) - {Manner.DEAD}
    assert {manner_of(seed=1, refund=refund(str(key))) for key in range(500)} == set(Manner)


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"", PaymentAnswer(Said.TAKEN)),
        (b'{"status": "accepted"}', PaymentAnswer(Said.TAKEN)),
        (
            b'{"status": "failed", "reason": "route_dead"}',
            PaymentAnswer(Said.FAILED, reason=RefundFailure.ROUTE_DEAD),
        ),
        (b'{"status": "sent", "amount_minor": 4}', PaymentAnswer(Said.SENT, amount_minor=4)),
    ],
)
def test_reads_an_answer(body: bytes, answer: PaymentAnswer) -> None:
    assert answer_of(body) == answer


@pytest.mark.parametrize(
    "body",
    [b"ok", b"[]", b'{"status": "paid"}', b'{"status": "sent", "amount_minor": -1}', b"\xff"],
)
def test_what_cannot_be_read_is_no_answer(body: bytes) -> None:
    with pytest.raises(NotDelivered):
        answer_of(body)


async def test_an_answer_with_another_amount_changes_nothing(url: str) -> None:
    said = Answer(body=b'{"status": "sent", "amount_minor": 7, "currency": "CNY"}')
    async with receiver(lambda _: said) as hook, Outside(url) as outside:
        async with process_on(url, payments_url=hook.url, payments_secret=SECRET) as parts:
            await cancel(parts, 1)
            await outside.until(WAITING, 0)
        assert await outside.value(STATUSES, "requested") == 2


def test_a_url_without_a_secret_is_refused() -> None:
    with pytest.raises(SettingsInvalid, match="ONCEDESK_PAYMENTS_SECRET"):
        load_settings(environ={"ONCEDESK_PAYMENTS_URL": "https://pay.example.org/refunds"})
    with pytest.raises(SettingsInvalid, match="ONCEDESK_PAYMENTS_URL"):
        load_settings(environ={"ONCEDESK_PAYMENTS_URL": "ftp://pay.example.org"})
    simulated = load_settings(environ={"ONCEDESK_PAYMENTS_URL": "simulated:7"})
    assert simulated.payments_secret is None
