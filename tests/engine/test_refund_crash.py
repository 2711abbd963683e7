"""Killed again and again while refunds settle: none is lost, none is paid twice.

The payment side lives in this process and keeps its own log of what it really paid. It answers
late, twice, wrongly or not at all. What it paid is compared with what the journal says, by a
statement and a count of this test's own.
"""

import asyncio
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from oncedesk.domain.remedies.messages.refunding import refund_id, refund_key
from oncedesk.domain.remedies.words import Leg
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.settings import Settings
from oncedesk.simulation.crash import PAYING_POINTS, POINTS
from oncedesk.wiring import build
from tests.support.engines import Outside
from tests.support.fleets import Fleet, accepted, fleet_on
from tests.support.paying import SECRET, PaymentSide, payment_side
from tests.support.refunds import PAID_MINOR, UNITS, cancelling_pack, cancels, order_of, placed

KILLS = int(os.environ.get("ONCEDESK_CRASH_KILLS", "20"))
KILLS_QUICK = 3
ORDERS_AT_ONCE = 12
SECONDS_MAX = 400
NOWHERE = Path("/nowhere")

UNSETTLED = "SELECT count(*) FROM refund WHERE status NOT IN ('sent', 'credited')"
EVENTS = "SELECT events FROM journal WHERE kind = 'remedies' ORDER BY stream, version"
WAITING = "SELECT count(*) FROM outbox WHERE topic = 'refund.execute'"
SOON = """
UPDATE outbox SET next_at = now() WHERE id IN (
    SELECT id FROM outbox WHERE topic = 'refund.execute' AND next_at > now()
    FOR UPDATE SKIP LOCKED
)
"""


def _dice() -> random.Random:
    seed = int(os.environ.get("ONCEDESK_CRASH_SEED", "0")) or random.randrange(1, 2**32)
    print(f"seed {seed}")
    return random.Random(seed)


async def _prepare(url: str) -> None:
    """The pack that rules here; payments that do not answer are asked again after a second."""
    packs = [cancelling_pack(answer_seconds=1)]
    async with build(url, settings=Settings(home=NOWHERE), packs=packs):
        pass


class Shoppers:
    """Who buy, and cancel at once, in one go or unit by unit, some of them twice over."""

    def __init__(self, fleet: Fleet, dice: random.Random) -> None:
        self._fleet = fleet
        self._dice = dice
        self.orders = 0

    async def shop(self) -> None:
        first = self.orders
        self.orders += ORDERS_AT_ONCE
        for number in range(first, self.orders):
            self._fleet.ask(placed(number), key="place")
        await self._fleet.answered(at_most=0)
        for number in range(first, self.orders):
            if self._dice.random() < 0.5:
                self._fleet.ask(cancels(number), key="all")
                self._fleet.ask(cancels(number), key="all again")
            else:
                for unit in range(UNITS + 1):
                    self._fleet.ask(cancels(number, 1), key=f"unit {unit}")


async def _survive(url: str, side: PaymentSide, *, kills: int, dice: random.Random) -> None:
    points = (*PAYING_POINTS, *POINTS)
    deaths: list[str] = []

    def next_death() -> str:
        if len(deaths) >= kills:
            return ""
        # Every third process is left to be killed at a moment that nobody chose.
        point = points[len(deaths) % len(points)] if len(deaths) % 3 < 2 else ""
        deaths.append(point or "any moment")
        return f"{point}:{dice.randint(1, 8)}" if point else ""

    async with fleet_on(url, count=2, dice=dice) as fleet, Outside(url) as outside:
        fleet.next_death = next_death
        told = 0

        def tell(command: Any) -> None:
            nonlocal told
            told += 1
            fleet.ask(command, key=f"told {told}", actor=MARKETPLACE)

        side.tell = tell
        shoppers = Shoppers(fleet, dice)
        # Nobody else kills who is to die at a point, so each of them has come there.
        while fleet.deaths < kills or fleet.armed:
            await shoppers.shop()
            victim = dice.choice(fleet.workers)
            if victim.ready and not victim.die_at and dice.random() < 0.5:
                victim.kill()
        await fleet.answered()
        side.reliable = True
        await _settled(outside)
        await fleet.answered()
        await fleet.end()
        print(f"{fleet.deaths} processes died ({deaths}), {shoppers.orders} orders")
        print(f"{len(side.paid)} refunds paid, asked {side.asked.total()} times: {side.answered}")
        cancelled = {entry.command.order for entry in accepted(fleet.log) if _cancels(entry)}
        assert cancelled == {order_of(number) for number in range(shoppers.orders)}
        await _compare(outside, side, orders=shoppers.orders)
    async with build(url, settings=Settings(home=NOWHERE), packs=()) as parts:
        replay = await parts.replay()
        for report in (await replay.check(), await replay.decide()):
            assert report.differences == []


async def _settled(outside: Outside) -> None:
    """Payments are asked again soon, however much the pauses have grown meanwhile."""
    while await outside.value(UNSETTLED) or await outside.value(WAITING):
        await outside.run(SOON)
        await asyncio.sleep(0.2)


def _cancels(entry: Any) -> bool:
    return type(entry.command).__name__ == "RequestRemedy"


async def _compare(outside: Outside, side: PaymentSide, *, orders: int) -> None:
    asked: dict[str, int] = {}
    keyed: dict[str, int] = {}
    sent: Counter[str] = Counter()
    by_order: Counter[bytes] = Counter()
    for (body,) in await outside.rows(EVENTS):
        for event in msgspec.msgpack.decode(body):
            if event["type"] == "RefundRequested":
                asked[_id(event, event["leg"][0])] = event["leg"][3]
                keyed[_key(event)] = event["leg"][3]
            elif event["type"] == "RefundSent":
                sent[_id(event, event["leg"])] += 1
                by_order[event["order"]] += event["amount_minor"]
    paid = Counter(key for key, _ in side.paid)
    assert max(paid.values()) == 1, "paid twice"
    assert max(sent.values()) == 1, "booked twice"
    assert set(paid) == set(keyed), "lost, or paid without being asked"
    assert set(sent) == set(asked), "not heard of"
    assert len(keyed) == len(asked), "asked again under another key"
    assert dict(side.paid) == keyed, "other amounts"
    assert set(by_order.values()) == {PAID_MINOR}
    assert len(by_order) == orders
    assert await outside.value("SELECT count(*) FROM parked") == 0
    rows = await outside.rows("SELECT id::text, amount_minor FROM refund")
    assert dict(rows) == asked


def _id(event: Any, leg: int) -> str:
    return str(refund_id(order=_order(event), remedy=event["remedy"], leg=leg))


def _key(event: Any) -> str:
    """Under which payments were asked for it."""
    asked_at = event["leg"][Leg.__struct_fields__.index("first_asked_at")]
    leg = Leg(event["leg"][0], 1, "", 0, first_asked_at=asked_at)
    return str(refund_key(order=_order(event), remedy=event["remedy"], leg=leg))


def _order(event: Any) -> UUID:
    return UUID(bytes=event["order"]) if isinstance(event["order"], bytes) else event["order"]


async def _survived(url: str, kills: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = _dice()
    await _prepare(url)
    async with payment_side(dice) as side:
        monkeypatch.setenv("ONCEDESK_PAYMENTS_URL", side.url)
        monkeypatch.setenv("ONCEDESK_PAYMENTS_SECRET", SECRET)
        monkeypatch.setenv("ONCEDESK_WEBHOOK_ALLOW", "127.0.0.1/32")
        survived = _survive(url, side, kills=kills, dice=dice)
        await asyncio.wait_for(survived, SECONDS_MAX)


async def test_no_refund_is_lost_or_paid_twice_by_a_few_kills(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _survived(url, KILLS_QUICK, monkeypatch)


@pytest.mark.slow
async def test_no_refund_is_lost_or_paid_twice_by_many_kills(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _survived(url, KILLS, monkeypatch)


async def test_two_processes_never_give_back_more_than_was_paid(url: str) -> None:
    """Each order is cancelled in both at once; of two wishes one finds nothing left."""
    dice = _dice()
    await _prepare(url)
    async with fleet_on(url, count=2, dice=dice) as fleet, Outside(url) as outside:
        for number in range(60):
            fleet.ask(placed(number), key="place")
        await fleet.answered()
        for number in range(60):
            for place, worker in enumerate(fleet.workers):
                entry = type(fleet.log[0])(f"w{place}", cancels(number, 2), MARKETPLACE)
                fleet.log.append(entry)
                fleet._give(worker, entry)
        await fleet.answered()
        wishes = fleet.log[60:]
        codes = Counter(entry.told.code for entry in wishes if entry.told)
        await fleet.end()
        assert codes == {"": 60, "quantity_exceeds_bought": 60}
        amounts = await outside.column("SELECT sum(amount_minor) FROM refund GROUP BY order_id")
        assert len(amounts) == 60
        assert max(amounts) <= PAID_MINOR
