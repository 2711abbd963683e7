"""Does it slow as it grows? Commands a second and a desk's inbox page, at growing sizes."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from uuid import UUID

from oncedesk.bench.databases import own_marketplace
from oncedesk.bench.measuring import stolen
from oncedesk.bench.town import Town, build_town
from oncedesk.domain.conversations.messages import Channel, ReceiveContact, Surface
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.shared.decider import SYSTEM, Actor, Role
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.settings import Settings
from oncedesk.storage.views import inbox
from oncedesk.wiring import Parts, build

SIZES = (10_000, 100_000, 1_000_000)
SECONDS = 30.0
IN_FLIGHT = 2_000
PAGES = 6_000
PAGE_ROWS = 50
SEED = 7


class GrowthStep(Record, frozen=True):
    """What was seen with so many open cases. Milliseconds for a page of 50 rows."""

    cases: int
    commands_per_second: float
    inbox_page_p50_ms: float
    inbox_page_p99_ms: float
    steal_percent: float


class GrowthFigures(Record, frozen=True):
    """What `oncedesk bench growth --json` prints. Ratios: the largest size over the smallest."""

    steps: Sequence[GrowthStep]
    commands_ratio: float
    page_p99_ratio: float


class _Load:
    """Consumers who write: new ones about new matters, and known ones again."""

    def __init__(self, parts: Parts, town: Town) -> None:
        self._engine = parts.engine
        self._town = town
        self._random = random.Random(SEED)
        self._text = "这款面膜敏感肌可以用吗？什么时候发货？"
        self._seal = self._engine.entry.seal(self._text)
        self._keys = 0
        self.opened = 0
        self.done = 0

    async def open_until(self, cases: int, progress: Callable[[int], None]) -> None:
        """Open new cases until there are so many."""
        await self._run(lambda: self.opened < cases, again=0.0, progress=progress)

    async def measure(self, seconds: float) -> float:
        """Commands a second: every other one from a consumer known already."""
        end, began, before = time.perf_counter() + seconds, time.perf_counter(), self.done
        await self._run(lambda: time.perf_counter() < end, again=0.5, progress=lambda _: None)
        return (self.done - before) / (time.perf_counter() - began)

    async def _run(
        self, goes_on: Callable[[], bool], *, again: float, progress: Callable[[int], None]
    ) -> None:
        async def writer() -> None:
            while goes_on():
                number = self.opened
                if again and self._random.random() < again:
                    number = self._random.randrange(self.opened)
                else:
                    self.opened += 1
                await self._write(number)
                if self.done % 10_000 == 0:
                    progress(self.opened)

        await asyncio.gather(*(writer() for _ in range(IN_FLIGHT)))

    async def _write(self, number: int) -> None:
        self._keys += 1
        consumer = derived_id("grown", str(number))
        answer = await self._engine.submit(
            ReceiveContact(
                consumer=consumer,
                subject=Subject(SubjectKind.LISTING, self._town.listing(number)),
                market="cn",
                channel=Channel.APP_CHAT,
                surface=Surface.VIDEO,
                digest=self._seal.digest,
                length=self._seal.length,
                language="zh",
                issue="advice",
                merchant=self._town.merchants[number % len(self._town.merchants)],
            ),
            principal="growth",
            key=str(self._keys),
            actor=Actor(role=Role.CONSUMER, id=consumer),
            text=self._text,
        )
        if not answer.accepted:
            raise RuntimeError(f"{answer.code}: {answer.detail}")
        self.done += 1


async def run(
    url: str,
    *,
    settings: Settings,
    sizes: Sequence[int],
    seconds: float,
    progress: Callable[[str], None],
) -> GrowthFigures:
    """Grow to each size and measure there for so many seconds. Raises NoDatabase."""
    progress("setting up")
    async with (
        own_marketplace(url, name="oncedesk_bench_growth") as own,
        build(own, settings=settings) as parts,
    ):
        return await _grown(parts, sizes, seconds, progress)


async def _grown(
    parts: Parts, sizes: Sequence[int], seconds: float, progress: Callable[[str], None]
) -> GrowthFigures:
    town = await build_town(parts)
    load = _Load(parts, town)
    steps = []
    for size in sizes:
        await load.open_until(
            size, lambda opened: progress(f"opening cases: {opened:,} of {max(sizes):,}")
        )
        progress(f"measuring with {size:,} cases")
        before = stolen()
        speed = await load.measure(seconds)
        pages = await _pages(parts, town.merchants)
        after = stolen()
        steal = 100 * (after[0] - before[0]) / max(after[1] - before[1], 1.0)
        steps.append(
            GrowthStep(
                cases=size,
                commands_per_second=round(speed, 1),
                inbox_page_p50_ms=round(pages[len(pages) // 2], 3),
                inbox_page_p99_ms=round(pages[len(pages) * 99 // 100], 3),
                steal_percent=round(steal, 2),
            )
        )
    first, last = steps[0], steps[-1]
    return GrowthFigures(
        steps=steps,
        commands_ratio=round(last.commands_per_second / first.commands_per_second, 3),
        page_p99_ratio=round(last.inbox_page_p99_ms / first.inbox_page_p99_ms, 3),
    )


async def _pages(parts: Parts, merchants: Sequence[UUID]) -> Sequence[float]:
    """Milliseconds of pages of a desk's queue, each from where the one before ended; sorted."""
    chance = random.Random(SEED)
    pack = parts.library.at(parts.engine.clock()).current("cn")
    skill = pack.issue("advice").skill
    taken: list[float] = []
    async with parts.pool.acquire() as connection:
        while len(taken) < PAGES:
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
                taken.append((time.perf_counter() - began) * 1e3)
                if not rows:
                    break
                after = rows[-1].position
    return sorted(taken)
