"""Whole lifecycles through the engine: open, route, dispatch, eight messages, resolve, window over.

Real deciders, packs, duplicate look-ups, reactions and dispatch; every commit flushed to disk. The
only thing shortened is the recontact window, so that it closes within the run.
"""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
from msgspec import Struct

from oncedesk.bench.measuring import Meter, between
from oncedesk.bench.town import Town, build_town, place_orders
from oncedesk.domain.conversations.messages import (
    AssignCase,
    Audience,
    CaseAssigned,
    CaseClosed,
    Channel,
    ClosingReason,
    PostMessage,
    ReceiveContact,
    ResolveCase,
    Surface,
)
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.shared.decider import Actor, Command, Role
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.submission import Answer, Submission
from oncedesk.wiring import Parts

MESSAGES = 8
WINDOW_SECONDS = 10
SIXTHS = 6


class EngineFigures(Record, frozen=True):
    """What `oncedesk bench engine --json` prints."""

    lifecycles_per_second: float
    commands_per_second: float
    rows_per_command: float
    wal_bytes_per_command: float
    statements_per_command: float
    python_us_per_command: float
    postgres_us_per_command: float
    steal_percent: float
    last_to_first: float
    commands_per_batch: float
    races_lost: int
    parked: int
    seconds: float


class _Life(Struct):
    """One consumer's case on its way."""

    number: int
    consumer: UUID
    contact: ReceiveContact
    case: int = 1
    agent: UUID | None = None
    messages: int = 0


class LifecycleDriver:
    """Plays both sides. Each accepted step calls for the next; so many lives are open at once."""

    def __init__(self, parts: Parts, town: Town, *, open_at_once: int, worker: int = 0) -> None:
        self._engine = parts.engine
        self._town = town
        self._open_at_once = open_at_once
        self._worker = worker
        self._lives: dict[UUID, _Life] = {}
        self._numbers = 0
        self._stopping = False
        self._text = "您好，我的订单还没有收到，请帮我看一下物流到哪里了，谢谢。"
        self._seal = self._engine.entry.seal(self._text)
        self.resolved = 0
        self.closed = 0
        self.refused = 0
        self._engine.writers.on_accepted.append(self._hear)

    def start(self) -> None:
        for _ in range(self._open_at_once):
            self._begin()

    def stop(self) -> None:
        self._stopping = True

    def _begin(self) -> None:
        number = self._numbers
        self._numbers += 1
        consumer = derived_id("consumer", str(self._worker), str(number))
        contact = ReceiveContact(
            consumer=consumer,
            subject=self._subject(consumer, number),
            market="cn",
            channel=Channel.APP_CHAT,
            surface=Surface.ORDER,
            digest=self._seal.digest,
            length=self._seal.length,
            language="zh",
            issue=self._town.issues[number % len(self._town.issues)],
            merchant=self._town.merchants[number % len(self._town.merchants)],
        )
        self._lives[contact.target().id] = _Life(number, consumer, contact)
        self._submit(contact, f"{number}/open", Actor(role=Role.CONSUMER, id=consumer))

    def _subject(self, consumer: UUID, number: int) -> Subject:
        """Every other contact is about an order, the rest about listings."""
        if number % 2 == 0 and number < self._town.orders_placed:
            return Subject(SubjectKind.ORDER, derived_id("order", str(consumer)), 1)
        return Subject(SubjectKind.LISTING, derived_id("listing", str(number % 5_000)))

    def _hear(self, submission: Submission, answer: Answer) -> None:
        life = self._lives.get(submission.target.id)
        if life is None or self._stopping:
            return
        match submission.command:
            case AssignCase() as command if isinstance(answer.events[0], CaseAssigned):
                life.agent = command.agent
                self._next(submission.target.id, life)
            case PostMessage():
                self._next(submission.target.id, life)
            case ReceiveContact() if life.agent is not None:
                self._next(submission.target.id, life)
            case ResolveCase():
                self.resolved += 1
                self._begin()
            case _ if any(isinstance(event, CaseClosed) for event in answer.events):
                self.closed += 1
                del self._lives[submission.target.id]
            case _:
                pass

    def _next(self, conversation: UUID, life: _Life) -> None:
        assert life.agent is not None
        step = life.messages
        life.messages += 1
        agent = Actor(role=Role.AGENT, id=life.agent)
        if step == MESSAGES:
            command: Command = ResolveCase(
                consumer=life.consumer,
                conversation=conversation,
                case=life.case,
                agent=life.agent,
                reason=ClosingReason.SOLVED,
            )
        elif step % 2 == 0:
            command = PostMessage(
                consumer=life.consumer,
                conversation=conversation,
                case=life.case,
                agent=life.agent,
                audience=Audience.CONSUMER,
                digest=self._seal.digest,
                length=self._seal.length,
            )
        else:
            command = life.contact
            agent = Actor(role=Role.CONSUMER, id=life.consumer)
        self._submit(command, f"{life.number}/{step}", agent)

    def _submit(self, command: Command, key: str, actor: Actor) -> None:
        text = None if isinstance(command, ResolveCase) else self._text
        future = self._engine.submit(command, principal="bench", key=key, actor=actor, text=text)
        future.add_done_callback(self._answered)

    def _answered(self, future: "asyncio.Future[Answer]") -> None:
        if not future.cancelled() and not future.result().accepted:
            self.refused += 1


async def run(
    parts: Parts, *, seconds: float, open_at_once: int, postmaster: int | None, orders: int
) -> EngineFigures:
    """Set up, warm up until windows close, measure for so many seconds."""
    engine = parts.engine
    town = await build_town(parts)
    await place_orders(parts, town, number=orders)
    driver = LifecycleDriver(parts, town, open_at_once=open_at_once)
    await engine.start()
    driver.start()
    await asyncio.sleep(WINDOW_SECONDS + 5)
    meter = await Meter.connect(parts.url, postmaster)
    writers, store = engine.writers, parts.store
    first = await meter.read()
    start = writers.commands, store.statements, writers.batches, driver.closed, writers.races_lost
    speeds = [speed async for speed in _sixths(parts, seconds)]
    last = await meter.read()
    cost = between(first, last)
    commands = writers.commands - start[0]
    figures = EngineFigures(
        lifecycles_per_second=round((driver.closed - start[3]) / cost.seconds, 1),
        commands_per_second=round(commands / cost.seconds, 1),
        rows_per_command=round(cost.rows / commands, 2),
        wal_bytes_per_command=round(cost.wal_bytes / commands, 1),
        statements_per_command=round((store.statements - start[1]) / commands, 4),
        python_us_per_command=round(cost.python_seconds / commands * 1e6, 1),
        postgres_us_per_command=round(cost.postgres_seconds / commands * 1e6, 1),
        steal_percent=round(cost.steal_percent, 2),
        last_to_first=round(speeds[-1] / speeds[0], 3),
        commands_per_batch=round(commands / max(writers.batches - start[2], 1), 1),
        races_lost=writers.races_lost - start[4],
        parked=await parts.pool.fetchval("SELECT count(*) FROM parked"),
        seconds=round(cost.seconds, 1),
    )
    driver.stop()
    await meter.close()
    return figures


async def _sixths(parts: Parts, seconds: float) -> AsyncIterator[float]:
    loop = asyncio.get_running_loop()
    for _ in range(SIXTHS):
        began, before = loop.time(), parts.engine.writers.commands
        await asyncio.sleep(seconds / SIXTHS)
        yield (parts.engine.writers.commands - before) / (loop.time() - began)


def shortened_window(pack: Pack) -> Pack:
    """The same pack with a recontact window that closes within the run; its hash is to be set."""
    joining = msgspec.structs.replace(pack.joining, recontact_window_seconds=WINDOW_SECONDS)
    return msgspec.structs.replace(pack, joining=joining, hash="")
