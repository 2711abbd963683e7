"""Remedies: previews a second on all cores, and refunds a second from the wish to the money sent.

Previews are pure: each process decides them over the same orders. Refunds go the whole way through
one engine on a database of their own, every commit flushed to disk: a wish that a rule grants, the
request to a payment side that answers at once, its confirmation, the remedy settled.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from uuid import UUID

from msgspec.structs import replace

from oncedesk.bench.databases import own_marketplace
from oncedesk.bench.measuring import Meter, between, postmaster
from oncedesk.domain.orders.messages import Item, OrderedPart, Payment, PlaceOrder
from oncedesk.domain.orders.state import HeldItem, OrderState, Part
from oncedesk.domain.remedies.messages.asking import RequestRemedy, Wish
from oncedesk.domain.remedies.messages.refunding import RemedySettled
from oncedesk.domain.remedies.preview import Asked, Preview, preview
from oncedesk.domain.remedies.words import RemedyKind, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.remedy_rules import ANY, GrantedBy, RemedyRule, remedy_key
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.outgoing import RefundMessage
from oncedesk.engine.paying import PaymentAnswer, Said
from oncedesk.engine.ports import OutboxRow
from oncedesk.engine.submission import Answer, Submission
from oncedesk.rules.loading import load_builtin
from oncedesk.rules.storing import seal
from oncedesk.settings import Settings
from oncedesk.wiring import Parts, build

SEED = 7
MARKET = "cn"
ORDERS_SEEN = 256
IN_FLIGHT = 1_024
WARM_UP_SECONDS = 3.0
ORDERS_PER_SECOND = 2_000
"""So many are placed beforehand for each second; nobody has come to so many."""
PLACED_AT = datetime(2026, 11, 1, 8, tzinfo=UTC)


class RemedyFigures(Record, frozen=True):
    """What `oncedesk bench remedies --json` prints."""

    previews_per_second: float
    preview_processes: int
    settled_per_second: float
    settled: int
    commands_per_settled: float
    rows_per_settled: float
    python_us_per_settled: float
    postgres_us_per_settled: float
    steal_percent: float
    seconds: float


async def run(
    url: str,
    *,
    settings: Settings,
    seconds: float,
    processes: int,
    progress: Callable[[str], None],
) -> RemedyFigures:
    """Previews first, then refunds, each for so many seconds. Raises NoDatabase."""
    progress("previews")
    previews = await asyncio.to_thread(previews_per_second, seconds=seconds, processes=processes)
    progress("refunds: setting up")
    async with (
        own_marketplace(url, name="oncedesk_bench_remedies") as own,
        build(own, settings=settings, packs=[refunding_pack()], executor=_AnswersAtOnce()) as parts,
    ):
        await parts.engine.start()
        load = _Refunds(parts)
        await load.buy(int((seconds + WARM_UP_SECONDS) * ORDERS_PER_SECOND))
        meter = await Meter.connect(own, await postmaster(own))
        try:
            return await _measured(load, meter, seconds, processes, previews, progress)
        finally:
            await meter.close()


async def _measured(
    load: "_Refunds",
    meter: Meter,
    seconds: float,
    processes: int,
    previews: float,
    progress: Callable[[str], None],
) -> RemedyFigures:
    writers = load.parts.engine.writers
    running = [asyncio.create_task(load.consume()) for _ in range(IN_FLIGHT)]
    await asyncio.sleep(WARM_UP_SECONDS)
    progress("refunds: measuring")
    first, python, settled, commands = (
        await meter.read(),
        time.process_time(),
        load.settled,
        writers.commands,
    )
    await asyncio.sleep(seconds)
    last = await meter.read()
    python, settled = time.process_time() - python, load.settled - settled
    commands = writers.commands - commands
    load.ends = True
    await asyncio.gather(*running)
    cost = between(first, last)
    each = max(settled, 1)
    return RemedyFigures(
        previews_per_second=round(previews, 1),
        preview_processes=processes,
        settled_per_second=round(settled / cost.seconds, 1),
        settled=settled,
        commands_per_settled=round(commands / each, 2),
        rows_per_settled=round(cost.rows / each, 2),
        python_us_per_settled=round(python / each * 1e6, 1),
        postgres_us_per_settled=round(cost.postgres_seconds / each * 1e6, 1),
        steal_percent=round(cost.steal_percent, 2),
        seconds=round(cost.seconds, 1),
    )


class _AnswersAtOnce:
    """A payment side that has sent as soon as it is asked."""

    async def execute(self, row: OutboxRow, refund: RefundMessage) -> PaymentAnswer:
        del row
        return PaymentAnswer(Said.SENT, reference=refund.refund[:8])

    async def close(self) -> None:
        """Nothing is under way."""


class _Refunds:
    """Consumers who have bought and cancel; each waits until the money was sent."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.settled = 0
        self.ends = False
        self._numbers = self._orders = 0
        self._waiting: dict[UUID, asyncio.Future[None]] = {}
        parts.engine.writers.on_accepted.append(self._notice)

    async def buy(self, orders: int) -> None:
        """So many orders, placed beforehand."""
        placed_at = self.parts.engine.clock() - timedelta(minutes=1)
        for first in range(1, orders + 1, IN_FLIGHT):
            numbers = range(first, min(first + IN_FLIGHT, orders + 1))
            await asyncio.gather(
                *(self._give(bought(*_who(number), placed_at=placed_at)) for number in numbers)
            )
        self._orders = orders

    async def consume(self) -> None:
        """One after the other, as long as there are orders."""
        while not self.ends and self._numbers < self._orders:
            self._numbers += 1
            consumer, order = _who(self._numbers)
            done = asyncio.get_running_loop().create_future()
            self._waiting[order] = done
            wish = Wish(kind=RemedyKind.CANCEL, reason="changed_mind", part=1)
            await self._give(
                RequestRemedy(consumer=consumer, order=order, wish=wish),
                Actor(role=Role.CONSUMER, id=consumer),
            )
            await done

    async def _give(self, command: PlaceOrder | RequestRemedy, actor: Actor = MARKETPLACE) -> None:
        answer = await self.parts.engine.submit(
            command, principal="bench", key=type(command).__name__, actor=actor
        )
        if not answer.accepted:
            raise RuntimeError(f"{answer.code}: {answer.detail}")

    def _notice(self, submission: Submission, answer: Answer) -> None:
        del submission
        for event in answer.events:
            if type(event) is RemedySettled:
                self.settled += 1
                self._waiting.pop(event.order).set_result(None)


def _who(number: int) -> tuple[UUID, UUID]:
    return derived_id("bench c", str(number)), derived_id("bench o", str(number))


def bought(consumer: UUID, order: UUID, *, placed_at: datetime) -> PlaceOrder:
    """Two items of one merchant, paid by card."""
    items = (Item(derived_id("bench l", "1"), 9_900), Item(derived_id("bench l", "2"), 2_500, 2))
    return PlaceOrder(
        consumer=consumer,
        order=order,
        market=MARKET,
        placed_at=placed_at,
        timezone="Asia/Shanghai",
        currency="CNY",
        parts=(OrderedPart(merchant=derived_id("bench m", "1"), items=items),),
        payments=(Payment("card", 14_900, "c1"),),
    )


def refunding_pack() -> Pack:
    """The built-in pack, in which a rule grants whatever was not shipped."""
    pack = load_builtin(MARKET).pack(PLACED_AT.date())
    rule = RemedyRule(
        id="bench/cancel", kind="cancel", reason=ANY, stage="unshipped", granted_by=GrantedBy.RULE
    )
    key = remedy_key(kind=rule.kind, reason=rule.reason, stage=rule.stage)
    return seal(replace(pack, remedies=replace(pack.remedies, rules={key: rule}), hash=""))


def previews_per_second(*, seconds: float, processes: int) -> float:
    """All processes together."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        found = pool.map(_preview_for, [seconds] * processes, range(processes))
        return sum(found)


def _preview_for(seconds: float, process: int) -> float:
    """Previews a second in this process, over orders of many shapes."""
    pack = load_builtin(MARKET).pack(PLACED_AT.date())
    asked = wishes(pack, random.Random(SEED + process))
    possible = sum(isinstance(preview(one), Preview) for one in asked)
    if possible < len(asked) * 9 // 10:
        raise RuntimeError(f"only {possible} of {len(asked)} wishes are possible under this pack")
    count, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        for one in asked:
            preview(one)
        count += len(asked)
    return count / spent


def wishes(pack: Pack, dice: random.Random) -> Sequence[Asked]:
    """Of orders that were not shipped, or were delivered two days ago."""
    now = PLACED_AT + timedelta(days=4)
    asked = []
    for number in range(ORDERS_SEEN):
        order = _order(number, pack, dice, delivered=number % 2 == 1)
        kind = RemedyKind.RETURN_AND_REFUND if number % 2 else RemedyKind.CANCEL
        item = dice.randint(1, len(order.parts[0].items))
        lines = (WantedLine(1, item),) if dice.random() < 0.7 else ()
        wish = Wish(kind=kind, reason="changed_mind", part=1, lines=lines)
        asked.append(Asked(purchase=order, book=None, wish=wish, pack=pack, states={}, now=now))
    return asked


def _order(number: int, pack: Pack, dice: random.Random, *, delivered: bool) -> OrderState:
    items = tuple(
        HeldItem(derived_id("l", str(place)), dice.randint(100, 90_000), dice.randint(1, 4), 10, 0)
        for place in range(dice.randint(1, 4))
    )
    at = PLACED_AT + timedelta(days=2) if delivered else None
    part = Part(
        number=1,
        merchant=derived_id("m", str(number % 50)),
        items=items,
        shipped_at=at,
        delivered_at=at,
        shipping_minor=800,
    )
    paid_minor = sum(item.paid_minor for item in items) + 800
    return OrderState(
        consumer=derived_id("c", str(number)),
        order=derived_id("o", str(number)),
        market=MARKET,
        placed_at=PLACED_AT,
        timezone="Asia/Shanghai",
        currency="CNY",
        parts=(part,),
        categories=("",),
        payments=(Payment("gift_card", 50, "g"), Payment("card", paid_minor - 50, "c")),
        pack=pack.hash,
    )
