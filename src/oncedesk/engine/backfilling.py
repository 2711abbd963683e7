"""Reactions that a later version brought: what happened before it gets them too, once.

A journal row says under which set of reactions it was written, so it says itself which ones it
lacks. The journal is gone through state by state, in the order of the keys; how far, is written
down after each page. What a row lacks is asked for under an id that follows from the event and the
reaction's name: whoever asks again, after a crash or at the same time, finds it in the journal.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import structlog
from msgspec.structs import replace

from oncedesk.domain.shared.decider import SYSTEM, Command
from oncedesk.domain.shared.ids import BUCKETS, derived_id, digest
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref
from oncedesk.engine.codec import Codec
from oncedesk.engine.ports import ParkedRow, Store, Writes
from oncedesk.engine.reactions import FIRST, Late, Reaction, Reactions
from oncedesk.engine.submission import Answer, Origin, Status, Submission
from oncedesk.engine.submitting import Writers

log = structlog.get_logger(__name__)

STATES_AT_ONCE = 500
ROWS_AT_ONCE = 20_000
"""A page ends with the state whose journal rows make it so many: some have one, some very many."""
ASKED_AT_ONCE = 64
"""So that a client who comes meanwhile finds no more than this before it."""
APPLIED_AT_ONCE = 200
"""Journal rows after which others in this process have their turn."""

Lacking = Mapping[int, Mapping[type, Sequence[Reaction]]]


class ReactionSet(Record, frozen=True):
    """The reactions of one version of the program, and how far back has been looked for them.

    `parked` counts commands that were refused or failed, `failed` states whose events could not be
    read or raised an error; those are looked at again only when somebody starts from the beginning.
    """

    number: int
    names: frozenset[str]
    since: datetime
    at_bucket: int = -1
    at_stream: UUID = UUID(int=0)
    looked: int = 0
    asked: int = 0
    parked: int = 0
    failed: int = 0
    done_at: datetime | None = None

    @property
    def buckets_done(self) -> int:
        """How many of all buckets lie behind: they are alike, so this is the share of the work."""
        return BUCKETS if self.done_at is not None else max(self.at_bucket, 0)


class KnownState(Record, frozen=True):
    """A state that there is, and its version: so many rows it has in the journal."""

    ref: Ref
    version: int


class PastRow(Record, frozen=True):
    """Of a journal row: its events, and under which set of reactions they were recorded."""

    version: int
    reactions: int
    events: bytes


class BackfillStore(Protocol):
    """The journal by pages, and the sets of reactions under which it was written."""

    async def sets(self) -> Sequence[ReactionSet]:
        """All that this database has seen."""
        ...

    async def states_after(self, place: ReactionSet, *, limit: int) -> Sequence[KnownState]:
        """The next states behind the place that this set has come to, in the order of keys."""
        ...

    async def affected(
        self, refs: Sequence[Ref], *, sets: Sequence[int], tags: Sequence[bytes]
    ) -> Sequence[Ref]:
        """Those with a row that was written under one of these sets and has one of these events."""
        ...

    async def rows(self, ref: Ref) -> Sequence[PastRow]:
        """All rows of this state, in the order of their versions."""
        ...

    async def move(self, before: ReactionSet, after: ReactionSet) -> bool:
        """Write down how far this set has come, unless another process has done so already."""
        ...


@dataclass(frozen=True, slots=True)
class Past:
    """What a backfill works on: this program's reactions, the number of their set, the journal."""

    reactions: Reactions
    number: int
    store: BackfillStore


class JournalBroken(Exception):
    """The state after an event cannot be told: something before it is missing."""


@dataclass(frozen=True, slots=True)
class _PastEvents:
    """What one command recorded, and the reactions that it lacks."""

    version: int
    events: Sequence[Any]
    named: Mapping[type, Sequence[Reaction]]


@dataclass(slots=True)
class _Tally:
    asked: int = 0
    parked: int = 0
    failed: int = 0


class Backfill:
    """Goes through the journal once for the reactions that are new in this program."""

    def __init__(
        self,
        *,
        past: Past,
        store: Store,
        writers: Writers,
        codec: Codec,
        clock: Callable[[], datetime],
        named_point: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._past = past
        self._store = store
        self._writers = writers
        self._codec = codec
        self._clock = clock
        self._named_point = named_point

    async def run(self) -> int:
        """The next page in the background, then a pause as long as it took; 0 when all is done.

        Asked each time: somebody may have begun again in another process.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        looked = await self.page()
        await asyncio.sleep(loop.time() - began)
        return looked

    async def standing(self) -> ReactionSet:
        """How far it has come."""
        mine, _ = await self._sets()
        return mine

    async def begin_again(self) -> None:
        """Look at everything once more; what has been done already is not done again."""
        begun = False
        while not begun:  # another process may be moving it
            mine = await self.standing()
            start = ReactionSet(mine.number, mine.names, mine.since)
            begun = await self._past.store.move(mine, start)

    async def page(self) -> int:
        """Look at the next states, ask for what they lack, write down how far this has come.

        Returns how many states were looked at; 0 when there are none left.
        """
        mine, lacking = await self._sets()
        if mine.done_at is not None:
            return 0
        found = await self._past.store.states_after(mine, limit=STATES_AT_ONCE)
        page = _page(found)
        tally = await self._look([one.ref for one in page], lacking)
        self._named_point("backfilled")
        after = replace(
            mine,
            looked=mine.looked + len(page),
            asked=mine.asked + tally.asked,
            parked=mine.parked + tally.parked,
            failed=mine.failed + tally.failed,
            done_at=None if found else self._clock(),
        )
        if page:
            after = replace(after, at_bucket=page[-1].ref.bucket, at_stream=page[-1].ref.id)
        await self._past.store.move(mine, after)
        return len(page)

    async def _sets(self) -> tuple[ReactionSet, Lacking]:
        """This program's set, and what rows written under each other set lack of it."""
        sets = {one.number: one for one in await self._past.store.sets()}
        mine = sets[self._past.number]
        had = {0: FIRST} | {number: one.names for number, one in sets.items()}
        lacking = {
            number: named
            for number, names in had.items()
            if (named := self._past.reactions.named(self._past.reactions.late & mine.names - names))
        }
        return mine, lacking

    async def _look(self, refs: Sequence[Ref], lacking: Lacking) -> _Tally:
        tally = _Tally()
        events = {event for named in lacking.values() for event in named}
        if not refs or not events:
            return tally
        affected = await self._past.store.affected(
            refs, sets=sorted(lacking), tags=sorted(map(self._codec.tag, events))
        )
        waiting: list[Submission] = []
        for ref in affected:
            waiting += await self._lacked(ref, lacking, tally)
            while len(waiting) >= ASKED_AT_ONCE:
                await self._ask(waiting[:ASKED_AT_ONCE], tally)
                del waiting[:ASKED_AT_ONCE]
        await self._ask(waiting, tally)
        return tally

    async def _lacked(self, ref: Ref, lacking: Lacking, tally: _Tally) -> Sequence[Submission]:
        """All that this state's events have not asked for yet, in the order of its versions.

        What is asked with the state of today comes after the rest.
        """
        rows = await self._past.store.rows(ref)
        decider = self._codec.deciders[ref.kind]
        found: list[Submission] = []
        past: list[_PastEvents] = []
        state = None
        try:
            for version, row in enumerate(rows, start=1):
                if row.version != version:
                    raise JournalBroken(f"version {version} is missing")
                events = self._codec.events(ref.kind, row.events)
                for event in events:
                    state = decider.evolve(state, event)
                named = lacking.get(row.reactions)
                if named:
                    past.append(_PastEvents(version, events, named))
                    found += self._submissions(ref, past[-1], state, Late.AS_IT_WAS)
                if version % APPLIED_AT_ONCE == 0:
                    await asyncio.sleep(0)
            for one in past:
                found += self._submissions(ref, one, state, Late.AS_IT_IS)
        except Exception:
            log.exception("backfill_failed", kind=ref.kind.value, id=str(ref.id))
            tally.failed += 1
            return ()
        return found

    def _submissions(
        self,
        source: Ref,
        past: "_PastEvents",
        state: Any,
        late: Late,
    ) -> Iterator[Submission]:
        numbers: dict[str, int] = {}
        for event in past.events:
            for one in past.named.get(type(event), ()):
                for command in one.ask(event, source, state) if one.late is late else ():
                    number = numbers.get(one.name, 0)
                    numbers[one.name] = number + 1
                    parts = str(past.version), one.name, str(number)
                    yield self._submission(derived_id("reaction", source.id, *parts), command)

    def _submission(self, id_: UUID, command: Command) -> Submission:
        body = self._codec.encode(command)
        return Submission(
            id=id_,
            target=command.target(),
            command=command,
            actor=SYSTEM,
            # Looked up in the target's journal, unlike a reaction that has a row of its own.
            origin=Origin.SYSTEM,
            body=body,
            body_hash=digest(body),
            depth=1,
        )

    async def _ask(self, waiting: Sequence[Submission], tally: _Tally) -> None:
        """Wait for all of them; what is refused is parked where an operator sees it."""
        answers = await asyncio.gather(*map(self._writers.submit, waiting))
        refused = [
            ParkedRow(replace(one, origin=Origin.REACTION), _reason(answer), self._clock())
            for one, answer in zip(waiting, answers, strict=True)
            if answer.status is Status.REFUSED
        ]
        if refused:
            await self._store.commit(Writes((), parked=refused))
        tally.asked += len(waiting)
        tally.parked += sum(not answer.accepted for answer in answers)


def _reason(answer: Answer) -> str:
    return f"{answer.code}: {answer.detail}" if answer.detail else answer.code


def _page(found: Sequence[KnownState]) -> Sequence[KnownState]:
    """As many as have not too many journal rows together, and at least one."""
    rows = 0
    for number, one in enumerate(found, start=1):
        rows += one.version
        if rows >= ROWS_AT_ONCE:
            return found[:number]
    return found
