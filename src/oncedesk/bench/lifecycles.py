"""The lifecycles that `oncedesk bench engine` plays: both sides of every conversation.

Open, route, dispatch, eight messages both ways, resolve, recontact window over. Each accepted step
calls for the next, so a fixed number of cases is open at any time.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from oncedesk.bench.town import TEXT, Town
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
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.shared.decider import Actor, Command, Role
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.submission import Answer, Submission
from oncedesk.wiring import Parts

MESSAGES = 8
LOOK_SECONDS = 0.2
_CHANGED = """
SELECT s.kind, s.bucket, s.id FROM unnest($1::smallint[], $2::uuid[], $3::int[]) k(b, i, v)
JOIN state s ON s.bucket = k.b AND s.id = k.i WHERE s.version > k.v
"""


class Sent(Struct, frozen=True):
    """A command of a life: by whom, under which key, with which text."""

    command: Command
    actor: Actor
    key: str
    text: str | None = TEXT


class Life(Struct):
    """One consumer's case on its way. `seen`: the version in which it was last looked at."""

    number: int
    conversation: Ref
    contact: ReceiveContact
    consumer: Actor
    agent: Actor | None = None
    messages: int = 0
    seen: int = 1


def next_step(life: Life, agent: Actor) -> Sent:
    """What comes next in it once it is assigned: messages both ways, in the end resolved."""
    step = life.messages
    life.messages += 1
    contact, key = life.contact, f"{life.number}/{step}"
    if step == MESSAGES:
        resolve = ResolveCase(
            consumer=contact.consumer,
            conversation=life.conversation.id,
            case=1,
            agent=agent.id,
            reason=ClosingReason.SOLVED,
        )
        return Sent(resolve, agent, key, text=None)
    if step % 2:
        return Sent(contact, life.consumer, key)
    post = PostMessage(
        consumer=contact.consumer,
        conversation=life.conversation.id,
        case=1,
        agent=agent.id,
        audience=Audience.CONSUMER,
        digest=contact.digest,
        length=contact.length,
    )
    return Sent(post, agent, key)


class LifecycleDriver:
    """Plays every `workers`th consumer, beginning with `worker`."""

    def __init__(
        self, parts: Parts, town: Town, *, open_at_once: int, worker: int = 0, workers: int = 1
    ) -> None:
        self._engine = parts.engine
        self._pool = parts.pool
        self._town = town
        self._open_at_once = open_at_once
        self._numbers, self._step = worker, workers
        self._lives: dict[UUID, Life] = {}
        self._waiting: set[UUID] = set()
        self._stopping = False
        self._seal = self._engine.entry.seal(TEXT)
        self.resolved = 0
        self.closed = 0
        self.refused = 0
        self._engine.writers.on_accepted.append(self._hear)

    def start(self) -> None:
        for _ in range(self._open_at_once):
            self._begin()

    def stop(self) -> None:
        self._stopping = True

    async def look(self) -> None:
        """Notice what another process has assigned, as long as this one plays.

        Here by looking at those that wait; a desk's page is told by the live updates.
        """
        known: set[UUID] = set()
        while not self._stopping:
            # Those that waited at the last look, too; the others may well hear of it themselves.
            waiting = [self._lives[id_] for id_ in known & self._waiting]
            known = set(self._waiting)
            changed = await self._changed(waiting)
            for id_, stored in (await self._engine.store.load(changed) if changed else {}).items():
                state: Conversation = stored.state
                if (life := self._lives.get(id_)) is not None:
                    life.seen = stored.version
                if state.cases and (agent := state.cases[0].agent) is not None:
                    self._assigned(id_, agent)
            await asyncio.sleep(LOOK_SECONDS)

    async def _changed(self, lives: Sequence[Life]) -> Sequence[Ref]:
        """To whose conversation something has happened since it was looked at."""
        if not lives:
            return ()
        refs = [(one.conversation.bucket, one.conversation.id, one.seen) for one in lives]
        async with self._pool.acquire() as connection:
            found = await connection.fetch(_CHANGED, *map(list, zip(*sorted(refs), strict=True)))
        return [Ref(Kind(kind), bucket, id_) for kind, bucket, id_ in found]

    def _begin(self) -> None:
        number = self._numbers
        self._numbers += self._step
        consumer = self._town.consumer(number)
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
        conversation = contact.target()
        life = Life(number, conversation, contact, Actor(role=Role.CONSUMER, id=consumer))
        self._lives[conversation.id] = life
        self._waiting.add(conversation.id)
        self._submit(Sent(contact, life.consumer, f"{number}/open"))

    def _subject(self, consumer: UUID, number: int) -> Subject:
        """Every other contact is about an order, the rest about listings."""
        if number // self._step % 2 == 0 and number < self._town.orders_placed:
            return Subject(SubjectKind.ORDER, self._town.order(consumer), 1)
        return Subject(SubjectKind.LISTING, self._town.listing(number))

    def _hear(self, submission: Submission, answer: Answer) -> None:
        if self._stopping:
            return
        command, id_ = submission.command, submission.target.id
        kind = type(command)
        if kind is PostMessage or kind is ReceiveContact:
            life = self._lives.get(id_)
            if life is not None and life.agent is not None:
                self._next(life, life.agent)
        elif kind is AssignCase and type(answer.events[0]) is CaseAssigned:
            self._assigned(id_, answer.events[0].agent)
        elif kind is ResolveCase and self._lives.pop(id_, None) is not None:
            self.resolved += 1
            self._begin()
        else:
            self.closed += sum(type(event) is CaseClosed for event in answer.events)

    def _assigned(self, conversation: UUID, agent: UUID) -> None:
        life = self._lives.get(conversation)
        if life is not None and life.agent is None:
            self._waiting.discard(conversation)
            life.agent = Actor(role=Role.AGENT, id=agent)
            self._next(life, life.agent)

    def _next(self, life: Life, agent: Actor) -> None:
        self._submit(next_step(life, agent))

    def _submit(self, sent: Sent) -> None:
        future = self._engine.submit(
            sent.command, principal="bench", key=sent.key, actor=sent.actor, text=sent.text
        )
        future.add_done_callback(self._answered)

    def _answered(self, future: "asyncio.Future[Answer]") -> None:
        if not future.cancelled() and not future.result().accepted:
            self.refused += 1
