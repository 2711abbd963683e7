"""Does it slow as it grows? Commands a second and a desk's inbox page, at growing sizes.

The engine is started as in production: clocks, reactions, dispatch, outbox and jobs run while it
is measured. Agents work on as many cases as they can hold, and for each that is resolved another
consumer opens one, so that the number of open cases stays.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from uuid import UUID

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
WARM_UP_SECONDS = 5.0
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
    `assigned` of them to agents afterwards. Milliseconds for a page of 50 rows."""

    cases: int
    cases_before: int
    cases_after: int
    assigned: int
    commands_per_second: float
    resolved_per_second: float
    inbox_page_p50_ms: float
    inbox_page_p99_ms: float
    steal_percent: float


class GrowthFigures(Record, frozen=True):
    """What `oncedesk bench growth --json` prints. Ratios: the largest size over the smallest."""

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
        await asyncio.sleep(WARM_UP_SECONDS)
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
    async with (
        own_marketplace(url, name="oncedesk_bench_growth") as own,
        build(own, settings=settings) as parts,
    ):
        town = await build_town(parts, capacity=CAPACITY)
        load = _Load(parts, town)
        await parts.engine.start()
        steps = []
        for size in sizes:
            await load.open(
                size - await count(own, _OPEN),
                lambda opened: progress(f"opening cases: {opened:,} of {max(sizes):,}"),
            )
            progress(f"measuring with {size:,} cases")
            steps.append(await _measured(parts, town, load, size, seconds))
    first, last = steps[0], steps[-1]
    return GrowthFigures(
        steps=steps,
        commands_ratio=round(last.commands_per_second / first.commands_per_second, 3),
        page_p99_ratio=round(last.inbox_page_p99_ms / first.inbox_page_p99_ms, 3),
    )


async def _measured(parts: Parts, town: Town, load: _Load, size: int, seconds: float) -> GrowthStep:
    before, stolen_before = await count(parts.url, _OPEN), stolen()
    commands, resolved = await load.work(seconds)
    after = await count(parts.url, _OPEN)
    if max(abs(before - size), abs(after - size)) > size * DIFFERS_MAX:
        raise NotSoMany(f"{before:,} open cases before and {after:,} after, instead of {size:,}")
    pages = await _pages(parts, town.merchants)
    stolen_after = stolen()
    steal = stolen_after[0] - stolen_before[0], stolen_after[1] - stolen_before[1]
    return GrowthStep(
        cases=size,
        cases_before=before,
        cases_after=after,
        assigned=await count(parts.url, _ASSIGNED),
        commands_per_second=round(commands, 1),
        resolved_per_second=round(resolved, 1),
        inbox_page_p50_ms=round(pages[len(pages) // 2], 3),
        inbox_page_p99_ms=round(pages[len(pages) * 99 // 100], 3),
        steal_percent=round(100 * steal[0] / max(steal[1], 1.0), 2),
    )


async def _pages(parts: Parts, merchants: Sequence[UUID]) -> Sequence[float]:
    """Milliseconds of pages of a desk's queue, each from where the one before ended; sorted.

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
    return sorted(full or others)
