"""Four days of a small marketplace, of which every number is known.

Twelve orders are placed at nine; order n is with its carrier n times six hours later. The promised
48 hours are kept by the first eight; each of the others opens a case. The consumers of the first
six write about a refund and get an answer an hour later, and the first four write again. Two cases
are resolved, and one of them comes back; one is given to the platform by a person.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from oncedesk.domain.conversations.messages import (
    Audience,
    Channel,
    ClosingReason,
    PostMessage,
    ReceiveContact,
    ResolveCase,
    Surface,
    TransferCase,
)
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.desks.messages import OpenDesk, ReportLoad
from oncedesk.domain.orders.messages import (
    Item,
    OrderedPart,
    Payment,
    PlaceOrder,
    RecordTracking,
    StandardShipping,
)
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.instants import SimulatedClock, play_until
from oncedesk.rules.loading import load_builtin
from oncedesk.settings import Settings
from oncedesk.wiring import Parts, build
from tests.support.engines import ADMIN, consumer, party, within

START = datetime(2026, 11, 2, 1, tzinfo=UTC)
"""Nine o'clock on a Monday in Shanghai."""
ORDERS = range(1, 13)
WRITING = range(1, 7)
AGAIN = range(1, 5)
PRICE_MINOR = 10_000
MERCHANTS = (party(101), party(102))
DIGEST = b"0123456789abcdef"


@lru_cache(maxsize=1)
def pack() -> Pack:
    return load_builtin("cn").pack(date(2026, 11, 1))


def merchant(number: int) -> UUID:
    """Odd orders are the first one's."""
    return MERCHANTS[(number - 1) % 2]


def order(number: int) -> UUID:
    return derived_id("test order", str(number))


def contact(number: int, **changes: Any) -> ReceiveContact:
    said = {"channel": Channel.APP_CHAT, "surface": Surface.ORDER, "digest": DIGEST, "length": 9}
    return ReceiveContact(
        **{
            "consumer": party(number),
            "subject": Subject(SubjectKind.ORDER, order(number), 1),
            "market": "cn",
            "language": "zh",
            "issue": "refund",
            **said,
            **changes,
        }
    )


@asynccontextmanager
async def built(url: str) -> AsyncIterator[tuple[Parts, SimulatedClock]]:
    clock = SimulatedClock(START)
    settings = Settings(home=Path("/nowhere"))
    async with build(url, settings=settings, clock=clock, packs=[pack()]) as parts:
        yield parts, clock


class Playing:
    """Gives commands and lets time pass."""

    def __init__(self, parts: Parts, clock: SimulatedClock) -> None:
        self._parts = parts
        self._clock = clock
        self._keys = count()

    async def wait(self, hour: int) -> None:
        """Until so many hours after the start."""
        await within(play_until(self._parts.engine, self._clock, START + timedelta(hours=hour)))

    async def all(self, commands: Sequence[Any], actor: Actor) -> None:
        for command in commands:
            answer = await within(
                self._parts.engine.submit(
                    command, principal="tests", key=str(next(self._keys)), actor=actor
                )
            )
            assert answer.accepted, (command, answer)

    async def open_desks(self) -> None:
        for desk in (PLATFORM, *(Desk(DeskKind.MERCHANT, one) for one in MERCHANTS)):
            opened = OpenDesk(desk=desk, market="cn")
            seen = ReportLoad(
                desk=desk, waiting=0, oldest_wait_seconds=0, staffed=True, at=self._clock()
            )
            await self.all([opened], ADMIN)
            await self.all([seen], SYSTEM)

    async def shipped(self, number: int) -> None:
        """With its carrier now, and delivered half an hour later."""
        shipment = derived_id("test shipment", str(number))
        for code, minutes in (("collected", 0), ("delivered", 30)):
            told = RecordTracking(
                consumer=party(number),
                order=order(number),
                shipment=shipment,
                code=code,
                at=self._clock() + timedelta(minutes=minutes),
                substate="door" if code == "delivered" else "",
            )
            await self.all([told], MARKETPLACE)


def placed(number: int, *, paid: bool = False) -> PlaceOrder:
    """One thing of the merchant whose turn it is, to be shipped in the standard time."""
    part = OrderedPart(
        merchant=merchant(number),
        items=(Item(derived_id("listing", str(number)), PRICE_MINOR),),
        promises=(StandardShipping(),),
    )
    return PlaceOrder(
        consumer=party(number),
        order=order(number),
        market="cn",
        placed_at=START,
        timezone="Asia/Shanghai",
        currency="CNY",
        parts=(part,),
        payments=(Payment("card", PRICE_MINOR, f"c{number}"),) if paid else (),
    )


async def live(url: str, *, paid: bool = False) -> None:
    """Let all of it happen; unless it was paid there is nothing to give back."""
    async with built(url) as (parts, clock):
        await History(parts, clock).happen(paid=paid)


class History(Playing):
    """Happens, once."""

    async def happen(self, *, paid: bool) -> None:
        await self.open_desks()
        await self.all([placed(number, paid=paid) for number in ORDERS], MARKETPLACE)
        hourly = {hour: number for number in ORDERS for hour in (6 * number,)}
        for hour in range(1, 97):
            await self.wait(hour)
            if hour in hourly:
                await self.shipped(hourly[hour])
            await self._talk(hour)

    async def _talk(self, hour: int) -> None:
        match hour:
            case 1:
                for number in WRITING:
                    await self.all([contact(number)], consumer(number))
            case 2:
                await self.all([self._answer(number) for number in WRITING], ADMIN)
            case 4:
                for number in AGAIN:
                    await self.all([contact(number)], consumer(number))
            case 5:
                await self.all([self._answer(number) for number in AGAIN], ADMIN)
                solved = [
                    ResolveCase(**self._case(number), reason=ClosingReason.SOLVED)
                    for number in (1, 2)
                ]
                await self.all(solved, ADMIN)
            case 6:
                await self.all([contact(1)], consumer(1))
                moved = TransferCase(**self._case(6), desk=PLATFORM, reason="asked")
                await self.all([moved], ADMIN)
            case _:
                pass

    def _case(self, number: int) -> dict[str, Any]:
        conversation = contact(number).target().id
        return {"consumer": party(number), "conversation": conversation, "case": 1}

    def _answer(self, number: int) -> PostMessage:
        return PostMessage(
            **self._case(number), audience=Audience.CONSUMER, digest=DIGEST, length=9
        )
