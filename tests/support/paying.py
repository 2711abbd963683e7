"""A payment side as unreliable as real ones, over real HTTP, with a log of what it really paid.

It pays a key at most once. How it answers is drawn anew each time it is asked: at once, later by
the API, with a broken connection after it has paid, with an error before it has, or not at all.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
from aiohttp import web

from oncedesk.domain.remedies.messages.refunding import ConfirmRefund
from oncedesk.engine.outgoing import RefundMessage
from oncedesk.engine.paying import PaymentAnswer, Said, command_of
from oncedesk.engine.running import utc_now

SECRET = "whsec_" + "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"
ANSWERS = ("at_once", "later", "twice", "lost", "refused", "silent", "garbled")


class PaymentSide:
    """`paid` is its own log: key and amount, one entry for each time money really left."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.paid: list[tuple[str, int]] = []
        self._sent_at: dict[str, datetime] = {}
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.dead: set[str] = set()
        self.reliable = False
        self.tell: Callable[[ConfirmRefund], None] = lambda _: None
        self.url = ""

    async def take(self, request: web.Request) -> web.StreamResponse:
        event: Any = msgspec.json.decode(await request.read())
        refund = msgspec.convert(event["data"], RefundMessage)
        key = request.headers["idempotency-key"]
        assert key == refund.refund
        self.asked[key] += 1
        how = "at_once" if self.reliable else self._dice.choice(ANSWERS)
        self.answered[how] += 1
        if key in self.dead:
            return web.json_response({"status": "failed", "reason": "route_dead"})
        if how == "refused":
            return web.Response(status=503)
        if how != "silent":
            self._pay(refund)
        if how in ("later", "twice"):
            for _ in range(1 if how == "later" else 2):
                asyncio.get_running_loop().call_later(
                    self._dice.random() / 5, self.tell, self._confirmation(refund)
                )
        if how in ("later", "silent"):
            return web.json_response({"status": "accepted"})
        if how == "lost":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if how == "garbled":
            return web.Response(text='{"status": "se')
        return web.json_response(
            {
                "status": "sent",
                "sent_at": self._sent_at[key].isoformat(),
                "amount_minor": refund.amount_minor,
                "currency": refund.currency,
            }
        )

    def _pay(self, refund: RefundMessage) -> None:
        if refund.refund not in self._sent_at:
            self._sent_at[refund.refund] = utc_now()
            self.paid.append((refund.refund, refund.amount_minor))

    def _confirmation(self, refund: RefundMessage) -> ConfirmRefund:
        answer = PaymentAnswer(Said.SENT, sent_at=self._sent_at[refund.refund])
        command = command_of(refund, answer, now=utc_now())
        assert isinstance(command, ConfirmRefund)
        return command


@asynccontextmanager
async def payment_side(dice: random.Random) -> AsyncIterator[PaymentSide]:
    """It listens at `url`."""
    side = PaymentSide(dice)
    app = web.Application()
    app.router.add_post("/refunds", side.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    side.url = f"http://127.0.0.1:{runner.addresses[0][1]}/refunds"
    try:
        yield side
    finally:
        await runner.cleanup()
