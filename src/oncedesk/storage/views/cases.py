"""Conversations and their cases, for whoever is part of them.

A consumer sees their own, the platform and the marketplace all. A merchant's or creator's agent
sees the cases that a desk of theirs owns or has owned, is or was asked about, or is liable in, and
those that went on in one of these; of the others in the same conversation not even how many there
are, nor whose.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.conversations.attribution import Parties
from oncedesk.domain.conversations.messages import (
    Attributed,
    CaseOpened,
    CasesMerged,
    CaseSplit,
    ConversationOpened,
    PartiesSeen,
    PartyKind,
    Referred,
    RoutedTo,
    TakenOver,
    Transferred,
)
from oncedesk.domain.conversations.routing import parties_of
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind, Kind, Ref, conversation_ref
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.readers import NotSeen, Reader

REMEMBERED = 5_000

_EVENTS = "SELECT version, events FROM journal WHERE bucket = $1 AND stream = $2"

_PAGE = """
SELECT id, version, at, body FROM state
WHERE bucket = $1 AND party = $2 AND kind = 'conversation' AND (at, id) < ($3, $4)
ORDER BY at DESC, id DESC LIMIT $5
"""

_DESKS = {PartyKind.MERCHANT: DeskKind.MERCHANT, PartyKind.CREATOR: DeskKind.CREATOR}


class SeenConversation(Record, frozen=True):
    """A conversation as this reader may see it. `cases` are the numbers of what is visible, `flags`
    how many messages wait for a review; those are told only to who sees everything."""

    ref: Ref
    version: int
    at: datetime | None
    state: Conversation
    cases: frozenset[int]
    flags: int = 0


class TookPart(Record, frozen=True):
    """By case: every desk that has had to do with it, and whose it was when it opened."""

    desks: Mapping[int, frozenset[Desk]]
    parties: Mapping[int, Parties]


class ByTime(Record, frozen=True):
    """Where a page ended that goes from the latest to the earliest."""

    at: datetime
    id: UUID


class Cases:
    """Answers what is asked about conversations. One a process: it remembers who took part."""

    def __init__(self, pool: Pool, codec: Codec, store: PostgresStore) -> None:
        self._pool = pool
        self._codec = codec
        self._store = store
        self._took_part: OrderedDict[tuple[UUID, int], TookPart] = OrderedDict()

    async def conversation(
        self, *, reader: Reader, consumer: UUID, conversation: UUID
    ) -> SeenConversation:
        """One conversation. Raises `NotSeen`."""
        ref = conversation_ref(consumer=consumer, conversation=conversation)
        stored = (await self._store.load((ref,))).get(ref.id)
        state = None if stored is None else stored.state
        # Two consumers may share a bucket; what is asked under the wrong one is not there.
        if stored is None or not isinstance(state, Conversation) or state.consumer != consumer:
            raise NotSeen
        cases = await self._visible(reader, ref, stored.version, state)
        if cases and not reader.sees_all and not _in_person(reader, consumer):
            # Each case about no order may be another shop's, and the last one says whose.
            parties = (await self.took_part(ref, stored.version)).parties[max(cases)]
            state = replace(state, merchant=parties.merchant, creator=parties.creator)
        flags = state.flags if reader.sees_all else 0
        return SeenConversation(ref, stored.version, stored.at, state, cases, flags)

    async def case(
        self, *, reader: Reader, consumer: UUID, conversation: UUID, case: int
    ) -> SeenConversation:
        """The conversation of a case that this reader may see. Raises `NotSeen`."""
        seen = await self.conversation(reader=reader, consumer=consumer, conversation=conversation)
        if case not in seen.cases:
            raise NotSeen
        return seen

    async def of_consumer(
        self, *, reader: Reader, consumer: UUID, after: ByTime | None, limit: int
    ) -> Sequence[SeenConversation]:
        """A consumer's conversations, the last changed first. Raises `NotSeen` for all but the
        consumer in person and those who see everything."""
        if not reader.sees_all and not _in_person(reader, consumer):
            raise NotSeen
        at, id_ = (_LATEST, _LAST) if after is None else (after.at, after.id)
        bucket = bucket_of(consumer)
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_PAGE, bucket, consumer, at, id_, limit)
        found = []
        for row_id, version, changed_at, body in rows:
            state: Conversation = self._codec.state(Kind.CONVERSATION, body)
            every = frozenset(range(1, state.last_case + 1))
            ref = Ref(Kind.CONVERSATION, bucket, row_id)
            flags = state.flags if reader.sees_all else 0
            found.append(SeenConversation(ref, version, changed_at, state, every, flags))
        return found

    async def took_part(self, ref: Ref, version: int) -> TookPart:
        """Who has had to do with it up to this version."""
        key = ref.id, version
        known = self._took_part.get(key)
        if known is not None:
            self._took_part.move_to_end(key)
            return known
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_EVENTS, ref.bucket, ref.id)
        events = [
            event
            for row_version, body in sorted(rows, key=lambda row: int(row[0]))
            if row_version <= version
            for event in self._codec.events(Kind.CONVERSATION, body)
        ]
        known = self._took_part[key] = TookPart(desks_in(events), parties_in(events))
        if len(self._took_part) > REMEMBERED:
            self._took_part.popitem(last=False)
        return known

    async def _visible(
        self, reader: Reader, ref: Ref, version: int, state: Conversation
    ) -> frozenset[int]:
        if reader.sees_all or _in_person(reader, state.consumer):
            return frozenset(range(1, state.last_case + 1))
        if reader.actor.role is not Role.AGENT or not reader.desks:
            raise NotSeen
        involved = await self.took_part(ref, version)
        cases = frozenset(
            number for number, desks in involved.desks.items() if reader.belongs_to(desks)
        )
        if not cases:
            raise NotSeen
        return cases


_LATEST = datetime.max.replace(tzinfo=UTC)
_LAST = UUID(int=2**128 - 1)


def desks_in(events: Iterable[Any]) -> Mapping[int, frozenset[Desk]]:
    """By case: the desks that own or have owned it, were asked about it, or are liable in it; of
    one that was merged, those of the case in which it goes on, too."""
    found: dict[int, set[Desk]] = {}
    merged: list[CasesMerged] = []
    for event in events:
        match event:
            case Attributed():
                liable = [_desk_of(share.who.kind, share.who.id) for share in event.liable]
                desks = [event.owner, *(desk for desk in liable if desk is not None)]
            case RoutedTo():
                desks = [event.desk]
            case Transferred() | Referred():
                desks = [event.from_desk, event.to_desk]
            case TakenOver():
                desks = [event.from_desk, event.by]
            case CaseSplit():
                # The second problem was in the first, before their eyes.
                found.setdefault(event.new_case, set()).update(found.get(event.case, ()))
                continue
            case CasesMerged():
                merged.append(event)
                continue
            case _:
                continue
        found.setdefault(event.case, set()).update(desks)
    # Whoever has to answer what the consumer said there reads it, also who gets the other later.
    # The last comes first: the case in which one went on may have been merged itself.
    for end in reversed(merged):
        found.setdefault(end.case, set()).update(found.get(end.into, ()))
    return {number: frozenset(desks) for number, desks in found.items()}


def parties_in(events: Iterable[Any]) -> Mapping[int, Parties]:
    """By case: who sells and who presents what it is about, as was known when it opened; of what
    was split off a case, as of that.
    """
    known = Parties()
    found: dict[int, Parties] = {}
    for event in events:
        match event:
            case PartiesSeen() if event.case:
                found[event.case] = Parties(event.merchant, event.creator)
            case ConversationOpened() | PartiesSeen():
                known = Parties(event.merchant, event.creator)
            case CaseOpened():
                found[event.case] = found.get(event.from_case, known)
            case _:
                continue
    return found


def merchant_of(reader: Reader, state: Conversation, case: Case | None) -> UUID | None:
    """The merchant of a case, as this reader may know it without its past: where it is about no
    order whose desk has it, as the shop that was named last may be another case's."""
    if state.subject.kind is SubjectKind.ORDER:
        return state.merchant
    known = None if case is None else parties_of(state=state, case=case).merchant
    return state.merchant if known is None and reader.sees_all else known


def _desk_of(kind: PartyKind, party: UUID | None) -> Desk | None:
    return None if party is None or kind not in _DESKS else Desk(_DESKS[kind], party)


def _in_person(reader: Reader, consumer: UUID) -> bool:
    return reader.actor.role is Role.CONSUMER and reader.actor.id == consumer
