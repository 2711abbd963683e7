"""The marketplace that benches run in: merchants' desks and the platform's, staffed and open."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from oncedesk.domain.agents.messages import (
    DeskRole,
    JoinDesk,
    Presence,
    RegisterAgent,
    SetCapacity,
    SetPresence,
    SetSkills,
)
from oncedesk.domain.desks.messages import OpenDesk, ReportLoad
from oncedesk.domain.orders.messages import (
    Item,
    OrderedPart,
    Payment,
    PlaceOrder,
    StandardShipping,
)
from oncedesk.domain.orders.messages import Surface as OrderSurface
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Command, Role
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.running import Engine
from oncedesk.wiring import Parts

MERCHANTS = 100
AGENTS = 400
DESKS_PER_AGENT = 8
ORDERS_AT_ONCE = 5_000
CAPACITY = 20
ISSUES = ("refund", "order_question", "exchange", "quality", "courier", "advice")
TEXT = "您好，我的订单还没有收到，请帮我看一下物流到哪里了，谢谢。"
_ADMIN = Actor(role=Role.ADMIN)
_keys = count()


class Town(Record, frozen=True):
    """Who is there. `orders_placed` consumers, by number, have an order each."""

    merchants: Sequence[UUID]
    agents: Sequence[UUID]
    issues: Sequence[str]
    orders_placed: int = 0

    def consumer(self, number: int) -> UUID:
        return derived_id("consumer", str(number))

    def order(self, consumer: UUID) -> UUID:
        """This consumer's order, if one was placed."""
        return derived_id("order", consumer)

    def listing(self, number: int) -> UUID:
        """What consumer `number` looked at."""
        return derived_id("listing", str(number % 5_000))


def the_town(*, orders: int = 0) -> Town:
    """Who is there, in whichever process; `build_town` and `place_orders` make it so."""
    return Town(
        merchants=[derived_id("merchant", str(number)) for number in range(MERCHANTS)],
        agents=[derived_id("agent", str(number)) for number in range(AGENTS)],
        issues=ISSUES,
        orders_placed=orders,
    )


async def open_desks(parts: Parts) -> Town:
    """Open the desks, with somebody reported to be there."""
    engine, town = parts.engine, the_town()
    desks = [PLATFORM, *(Desk(DeskKind.MERCHANT, merchant) for merchant in town.merchants)]
    await submit_all(
        engine, (OpenDesk(desk=desk, market="cn", languages=("zh",)) for desk in desks)
    )
    await submit_all(
        engine,
        (
            ReportLoad(desk=desk, waiting=0, oldest_wait_seconds=0, staffed=True, at=engine.clock())
            for desk in desks
        ),
    )
    return town


async def build_town(parts: Parts, *, capacity: int = CAPACITY) -> Town:
    """Open the desks and bring the agents to work, each for so many cases at once."""
    town = await open_desks(parts)
    engine, merchants, agents = parts.engine, town.merchants, town.agents
    now = engine.clock() - timedelta(days=1)
    skills = tuple(
        sorted({rule.skill for rule in parts.library.at(now).current("cn").issues.values()})
    )
    for step in range(5 + DESKS_PER_AGENT):
        await submit_all(engine, _agent_steps(agents, merchants, skills, capacity, step, now))
    return town


def _agent_steps(
    agents: Sequence[UUID],
    merchants: Sequence[UUID],
    skills: tuple[str, ...],
    capacity: int,
    step: int,
    since: datetime,
) -> Iterator[Command]:
    """The `step`th command of each agent on their way to work."""
    for number, agent in enumerate(agents):
        if step == 0:
            yield RegisterAgent(agent=agent)
        elif step == 1:
            yield SetSkills(agent=agent, skills=skills, languages=("zh",))
        elif step == 2:
            yield SetCapacity(agent=agent, capacity=capacity)
        elif step < 4 + DESKS_PER_AGENT:
            merchant = merchants[(number + step * 13) % len(merchants)]
            desk = PLATFORM if step == 3 else Desk(DeskKind.MERCHANT, merchant)
            yield JoinDesk(agent=agent, desk=desk, role=DeskRole.AGENT, starts_at=since)
        else:
            yield SetPresence(agent=agent, presence=Presence.AVAILABLE)


async def submit_all(engine: Engine, commands: Iterable[Command], *, actor: Actor = _ADMIN) -> None:
    """Submit commands side by side and insist that each is accepted."""
    answers = await asyncio.gather(
        *(
            engine.submit(command, principal="bench", key=f"town/{next(_keys)}", actor=actor)
            for command in commands
        )
    )
    for answer in answers:
        if not answer.accepted:
            raise RuntimeError(f"{answer.code}: {answer.detail}")


async def place_orders(parts: Parts, *, number: int) -> None:
    """Orders for the first `number` consumers, promised within the pack's standard time."""
    now, town = parts.engine.clock(), the_town()
    for first in range(0, number, ORDERS_AT_ONCE):
        block = range(first, min(first + ORDERS_AT_ONCE, number))
        await submit_all(parts.engine, (_order(town, one, now) for one in block), actor=MARKETPLACE)


def _order(town: Town, number: int, now: datetime) -> PlaceOrder:
    consumer = town.consumer(number)
    return PlaceOrder(
        consumer=consumer,
        order=town.order(consumer),
        market="cn",
        placed_at=now,
        timezone="Asia/Shanghai",
        currency="CNY",
        parts=(
            OrderedPart(
                merchant=town.merchants[number % len(town.merchants)],
                items=(Item(listing=town.listing(number), unit_price_minor=8_900),),
                promises=(StandardShipping(),),
            ),
        ),
        payments=(Payment("wallet", 8_900),),
        surface=OrderSurface.LIVE,
    )
