"""Does it slow as it grows? Commands a second and a desk's inbox page, at growing sizes.

The engine is started as in production: clocks, reactions, dispatch, outbox and jobs run while it
is measured. Agents work on as many cases as they can hold, and for each that is resolved another
consumer opens one, so that the number of open cases stays.

A machine's own speed may change by more than what is looked for within the minutes in which cases
are opened. So the smallest size has a marketplace of its own, and each other is measured in turn
with it.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from statistics import fmean
from uuid import UUID

from msgspec.structs import replace

from oncedesk.bench.databases import count, own_marketplace
from oncedesk.bench.lifecycles import MESSAGES, Life, Sent, next_step
from oncedesk.bench.measuring import stolen
from oncedesk.bench.town import TEXT, Town, build_town
from oncedesk.domain.conversations.messages import (
    AssignCase,
    CaseAssigned,
    Channel,
    PostMessage,
    ReceiveContact,
    ResolveCase,
    Surface,
)
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.shared.decider import SYSTEM, Actor, Role
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind, Ref
from oncedesk.engine.submission import Answer, Submission
from oncedesk.settings import Settings
from oncedesk.storage.views import inbox
from oncedesk.wiring import Parts, build

SIZES = (10_000, 100_000, 1_000_000)
SECONDS = 30.0
TURNS = 3
WARM_UP_SECONDS = 5.0
"""Before each turn, or as long as it if that is less."""
IN_FLIGHT = 2_000
CAPACITY = 5
"""Of each agent: all together hold 2,000 cases, so that also of 10,000 most wait in a queue."""
PAGES = 6_000
PAGE_ROWS = 50
SEED = 7
DIFFERS_MAX = 0.01
"""Share of a size by which the cases counted may differ from it."""
_OPEN = "SELECT count(*) FROM inbox"
_ASSIGNED = "SELECT count(*) FROM inbox WHERE agent IS NOT NULL"


class GrowthStep(Record, frozen=True):
    """What was seen with so many open cases: counted before and after the commands were measured,
    `assigned` of them to agents afterwards. Milliseconds for a page of 50 rows. Ratios: to what was
    seen in turn with it at the smallest size."""

    cases: int
    cases_before: int
    cases_after: int
    assigned: int
    commands_per_second: float
    resolved_per_second: float
    inbox_page_p50_ms: float
    inbox_page_p99_ms: float
    steal_percent: float
    commands_ratio: float = 1.0
    page_p99_ratio: float = 1.0


class GrowthFigures(Record, frozen=True):
    """What `oncedesk bench growth --json` prints. Ratios: the largest size's over the smallest's in
    turn with it."""

    steps: Sequence[GrowthStep]
    commands_ratio: float
    page_p99_ratio: float


class NotSoMany(RuntimeError):
    """There were not as many open cases as it was to be measured with."""


class _Load:
    """Consumers who open cases, and agents who work on those that dispatch has given them."""

    def __init__(self, parts: Parts, town: Town) -> None:
        self._engine = parts.engine
        self._town = town
        self._seal = self._engine.entry.seal(TEXT)
        self._lives: dict[UUID, Life] = {}
        self._under_way: set[asyncio.Future[Answer]] = set()
        self._working = False
        self._assigned = 0
        self._refused = ""
        self.opened = 0
        self.resolved = 0
        self._engine.writers.on_accepted.append(self._hear)

    async def open(self, cases: int, progress: Callable[[int], None]) -> None:
        """Open so many new ones."""
        end = self.opened + cases

        async def writer() -> None:
            while self.opened < end:
                opening = self._opening()
                last = self.opened
                await self._submit(opening)
                if last % 10_000 == 0:
                    progress(last)

        await asyncio.gather(*(writer() for _ in range(IN_FLIGHT)))
        self._insist()

    async def work(self, seconds: float) -> tuple[float, float]:
        """Commands and resolved cases a second, of agents and consumers who wait for each other."""
        self._working = True
        for life in list(self._lives.values()):
            self._go_on(life)
        await asyncio.sleep(min(WARM_UP_SECONDS, seconds))
        writers = self._engine.writers
        began, commands, resolved = time.perf_counter(), writers.commands, self.resolved
        await asyncio.sleep(seconds)
        spent = time.perf_counter() - began
        speeds = (writers.commands - commands) / spent, (self.resolved - resolved) / spent
        self._working = False
        while self._under_way:
            await asyncio.gather(*self._under_way)
        self._insist()
        return speeds

    def _insist(self) -> None:
        if self._refused:
            raise RuntimeError(self._refused)

    def _opening(self) -> Sent:
        number = self.opened
        self.opened += 1
        consumer = derived_id("grown", str(number))
        return Sent(self._contact(consumer), _actor(consumer), str(number))

    def _contact(self, consumer: UUID) -> ReceiveContact:
        """The only matter of this consumer. Nothing is kept of those who wait."""
        merchants = self._town.merchants
        return ReceiveContact(
            consumer=consumer,
            subject=Subject(SubjectKind.LISTING, self._town.listing(consumer.int)),
            market="cn",
            channel=Channel.APP_CHAT,
            surface=Surface.VIDEO,
            digest=self._seal.digest,
            length=self._seal.length,
            language="zh",
            issue="advice",
            merchant=merchants[consumer.int % len(merchants)],
        )

    def _hear(self, submission: Submission, answer: Answer) -> None:
        command, id_ = submission.command, submission.target.id
        match command:
            case AssignCase() if isinstance(event := answer.events[0], CaseAssigned):
                self._lives[id_] = self._taken(submission.target, command.consumer, event.agent)
            case ResolveCase():
                self.resolved += 1
                del self._lives[id_]
                self._send(self._opening())
            case PostMessage() | ReceiveContact():
                pass
            case _:
                return
        if self._working and (life := self._lives.get(id_)) is not None:
            self._go_on(life)

    def _taken(self, conversation: Ref, consumer: UUID, agent: UUID) -> Life:
        self._assigned += 1
        return Life(
            number=self._assigned,
            conversation=conversation,
            contact=self._contact(consumer),
            consumer=_actor(consumer),
            agent=Actor(role=Role.AGENT, id=agent),
            # Those that begin together do not come to their end together.
            messages=0 if self._working else self._assigned % (MESSAGES // 2) * 2,
        )

    def _go_on(self, life: Life) -> None:
        assert life.agent is not None
        self._send(next_step(life, life.agent))

    def _send(self, sent: Sent) -> None:
        self._under_way.add(self._submit(sent))

    def _submit(self, sent: Sent) -> "asyncio.Future[Answer]":
        future = self._engine.submit(
            sent.command, principal="growth", key=sent.key, actor=sent.actor, text=sent.text
        )
        future.add_done_callback(self._answered)
        return future

    def _answered(self, future: "asyncio.Future[Answer]") -> None:
        self._under_way.discard(future)
        if not future.cancelled() and not (answer := future.result()).accepted:
            self._refused = self._refused or f"{answer.code}: {answer.detail}"


def _actor(consumer: UUID) -> Actor:
    return Actor(role=Role.CONSUMER, id=consumer)


class _Turn(Record, frozen=True):
    """Once at one size; milliseconds of its pages."""

    before: int
    after: int
    commands_per_second: float
    resolved_per_second: float
    pages_ms: Sequence[float]
    steal_percent: float


class _Marketplace:
    """One with a database and an engine of its own, in which so many cases are kept open."""

    def __init__(self, parts: Parts, town: Town) -> None:
        self._parts = parts
        self._town = town
        self._load = _Load(parts, town)
        self._size = 0

    async def grow(self, size: int, progress: Callable[[str], None]) -> None:
        """Open cases until there are so many."""
        self._size = size
        await self._load.open(
            size - await self._count(_OPEN),
            lambda opened: progress(f"opening cases: {opened:,} of {size:,}"),
        )

    async def turn(self, seconds: float) -> _Turn:
        """Raises NotSoMany."""
        before, stolen_before = await self._count(_OPEN), stolen()
        commands, resolved = await self._load.work(seconds)
        after, size = await self._count(_OPEN), self._size
        if max(abs(before - size), abs(after - size)) > size * DIFFERS_MAX:
            raise NotSoMany(f"{before:,} open cases before and {after:,} after, not {size:,}")
        pages = await _pages(self._parts, self._town.merchants)
        stolen_after = stolen()
        steal = stolen_after[0] - stolen_before[0], stolen_after[1] - stolen_before[1]
        percent = 100 * steal[0] / max(steal[1], 1.0)
        return _Turn(before, after, commands, resolved, pages, percent)

    async def step(self, turns: Sequence[_Turn]) -> GrowthStep:
        """What all of its turns come to."""
        pages = sorted(ms for turn in turns for ms in turn.pages_ms)
        return GrowthStep(
            cases=self._size,
            cases_before=turns[0].before,
            cases_after=turns[-1].after,
            assigned=await self._count(_ASSIGNED),
            commands_per_second=round(fmean(one.commands_per_second for one in turns), 1),
            resolved_per_second=round(fmean(one.resolved_per_second for one in turns), 1),
            inbox_page_p50_ms=round(pages[len(pages) // 2], 3),
            inbox_page_p99_ms=round(pages[len(pages) * 99 // 100], 3),
            steal_percent=round(fmean(one.steal_percent for one in turns), 2),
        )

    async def _count(self, query: str) -> int:
        return await count(self._parts.url, query)


@asynccontextmanager
async def _marketplace(url: str, settings: Settings, name: str) -> AsyncIterator[_Marketplace]:
    async with (
        own_marketplace(url, name=f"oncedesk_bench_growth_{name}") as own,
        build(own, settings=settings) as parts,
    ):
        town = await build_town(parts, capacity=CAPACITY)
        one = _Marketplace(parts, town)
        await parts.engine.start()
        yield one


async def run(
    url: str,
    *,
    settings: Settings,
    sizes: Sequence[int],
    seconds: float,
    progress: Callable[[str], None],
) -> GrowthFigures:
    """Grow to each size and measure there for so many seconds. Raises NoDatabase, NotSoMany."""
    progress("setting up")
    smallest, *larger = sizes
    async with AsyncExitStack() as both:
        small = await both.enter_async_context(_marketplace(url, settings, "small"))
        grown = await both.enter_async_context(_marketplace(url, settings, "grown"))
        await small.grow(smallest, progress)
        all_small = [] if larger else [await small.turn(seconds)]
        steps: list[GrowthStep] = []
        for size in larger:
            await grown.grow(size, progress)
            turns_small, turns_grown = [], []
            for number in range(1, TURNS + 1):
                progress(f"measuring with {smallest:,} and {size:,} cases, turn {number}")
                turns_small.append(await small.turn(seconds / TURNS))
                turns_grown.append(await grown.turn(seconds / TURNS))
            all_small += turns_small
            steps.append(_beside(await small.step(turns_small), await grown.step(turns_grown)))
        steps.insert(0, await small.step(all_small))
    return GrowthFigures(steps, steps[-1].commands_ratio, steps[-1].page_p99_ratio)


def _beside(small: GrowthStep, grown: GrowthStep) -> GrowthStep:
    """The grown one, with what it is to the small one."""
    commands = grown.commands_per_second / small.commands_per_second
    pages = grown.inbox_page_p99_ms / small.inbox_page_p99_ms
    return replace(grown, commands_ratio=round(commands, 3), page_p99_ratio=round(pages, 3))


async def _pages(parts: Parts, merchants: Sequence[UUID]) -> Sequence[float]:
    """Milliseconds of pages of a desk's queue, each from where the one before ended.

    Those that are not full count only where none is: they are read faster for having less in them.
    """
    chance = random.Random(SEED)
    pack = parts.library.at(parts.engine.clock()).current("cn")
    skill = pack.issue("advice").skill
    full: list[float] = []
    others: list[float] = []
    async with parts.pool.acquire() as connection:
        while max(len(full), len(others)) < PAGES:
            desk = Desk(DeskKind.MERCHANT, chance.choice(merchants))
            after = None
            for _ in range(4):
                began = time.perf_counter()
                rows = await inbox.page(
                    connection,
                    actor=SYSTEM,
                    desks=(),
                    desk=desk,
                    skill=skill,
                    after=after,
                    limit=PAGE_ROWS,
                )
                spent = (time.perf_counter() - began) * 1e3
                if len(rows) < PAGE_ROWS:
                    others.append(spent)
                    break
                full.append(spent)
                after = rows[-1].position
    return full or others
