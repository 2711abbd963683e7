"""The cases that wait for a merchant's or creator's desk, and what their next clock will do.

The first due first, page by page. What a clock will do is decided as it would be then, on what
stands now.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.conversations.state import Case, Clock, Conversation
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, Ref, conversation_ref, order_ref
from oncedesk.engine.deciding import PackSet
from oncedesk.engine.foreseeing import Foresight, woken
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views import inbox
from oncedesk.storage.views.inbox import REFERRAL_SKILL
from oncedesk.storage.views.outlook import Outlook, case_outlook, next_clock
from oncedesk.storage.views.readers import Reader, refuse_strangers

PAGE_MAX = 100
PRIORITIES = tuple(range(10))

# The heads of all of a desk's queues. Each is sorted by priority first, so each priority is asked.
_QUEUED = """
SELECT h.* FROM unnest($2::uuid[], $3::text[]) k(q, s)
CROSS JOIN unnest($4::smallint[]) p(n)
CROSS JOIN LATERAL (
    SELECT i.queue_due_at, i.conversation, i.case_number, i.consumer
    FROM inbox i
    WHERE i.bucket = $1 AND i.queue = k.q AND i.status = k.s AND i.priority = p.n
      AND (i.queue_due_at, i.conversation, i.case_number) > ($5, $6, $7)
    ORDER BY i.queue_due_at, i.conversation, i.case_number LIMIT $8
) h
ORDER BY 1, 2, 3 LIMIT $8
"""
# There are no more of these than the desk's people can have in their hands.
_HELD = """
SELECT i.next_due_at, i.conversation, i.case_number, i.consumer
FROM inbox i
WHERE i.bucket = $1 AND i.agent IS NOT NULL AND i.desk = $2 AND i.status <> 'referred'
  AND (i.next_due_at, i.conversation, i.case_number) > ($3, $4, $5)
ORDER BY 1, 2, 3 LIMIT $6
"""


class CasePosition(Record, frozen=True):
    """Where the last page ended."""

    due_at: datetime
    conversation: UUID
    case: int


class CaseDue(Record, frozen=True):
    """A case that waits for this desk, and what comes when `clock` runs out, its next.

    `asked_by` is the desk that wants an answer about it, where this one was only asked. `order` and
    `part` are what it is about, if that is a part of an order.
    """

    consumer: UUID
    conversation: UUID
    case: Case
    clock: Clock
    outlook: Outlook
    asked_by: Desk | None = None
    order: UUID | None = None
    part: int = 0


class CasePage(Record, frozen=True):
    """`last` is where it ended; None: nothing follows."""

    items: tuple[CaseDue, ...]
    last: CasePosition | None


class CasesDue:
    """Answers which cases wait."""

    def __init__(self, pool: Pool, store: PostgresStore, foresight: Foresight) -> None:
        self._pool = pool
        self._store = store
        self._foresight = foresight

    async def page(
        self,
        *,
        reader: Reader,
        desk: Desk,
        skills: Sequence[str],
        after: CasePosition | None,
        limit: int,
        packs: PackSet,
    ) -> CasePage:
        """Those queued by any of these skills, in somebody's hands, or asked about; at most 100.

        Raises `NotSeen` for strangers.
        """
        refuse_strangers(reader, desk)
        limit = min(limit, PAGE_MAX)
        rows = await self._rows(desk, skills, after, limit)
        waiting = await self._waiting(rows, desk)
        foreseen = await self._foresight.foresee(
            [woken(one.ref, at=one.due_at) for one in waiting], packs=packs
        )
        currencies = await self._currencies(waiting)
        return CasePage(
            tuple(
                _due(one, desk, then.events, currencies)
                for one, (then,) in zip(waiting, foreseen, strict=True)
            ),
            CasePosition(*rows[-1][:3]) if len(rows) == limit else None,
        )

    async def _rows(
        self, desk: Desk, skills: Sequence[str], after: CasePosition | None, limit: int
    ) -> Sequence[Sequence[Any]]:
        (bucket,) = inbox.desk_buckets(desk)
        queues = [inbox.queue_at(desk, skill, 0).id for skill in skills]
        statuses = ["referred" if skill == REFERRAL_SKILL else "queued" for skill in skills]
        start = after or CasePosition(datetime.min.replace(tzinfo=UTC), UUID(int=0), 0)
        position = start.due_at, start.conversation, start.case
        async with connected(self._pool) as connection:
            queued = await connection.fetch(
                _QUEUED, bucket, queues, statuses, PRIORITIES, *position, limit
            )
            held = await connection.fetch(_HELD, bucket, str(desk), *position, limit)
        return sorted((tuple(row) for row in (*queued, *held)), key=lambda row: row[:3])[:limit]

    async def _waiting(self, rows: Sequence[Sequence[Any]], desk: Desk) -> Sequence["_Waiting"]:
        """As they stand by now, without those that do not wait any more."""
        refs = [
            conversation_ref(consumer=consumer, conversation=conversation)
            for _, conversation, _, consumer in rows
        ]
        states = await self._states(refs)
        found = []
        for (_, _, number, _), ref in zip(rows, refs, strict=True):
            state = states.get(ref.id)
            if not isinstance(state, Conversation):
                continue
            case = state.case(number)
            clock = None if case is None or not case.is_open else next_clock(case, desk)
            if case is not None and clock is not None and clock.due_at is not None:
                found.append(_Waiting(ref, state, case, clock, clock.due_at))
        return found

    async def _states(self, refs: Sequence[Ref]) -> Mapping[UUID, Any]:
        stored = await self._store.load(list(dict.fromkeys(refs))) if refs else {}
        return {id_: one.state for id_, one in stored.items()}

    async def _currencies(self, waiting: Sequence["_Waiting"]) -> Mapping[UUID | None, str]:
        """In which currency their orders were paid."""
        refs = [
            order_ref(consumer=one.state.consumer, order=one.order)
            for one in waiting
            if one.order is not None
        ]
        found = (await self._states(refs)).values()
        return {one.order: one.currency for one in found if isinstance(one, OrderState)}


class _Waiting(Record, frozen=True):
    ref: Ref
    state: Conversation
    case: Case
    clock: Clock
    due_at: datetime

    @property
    def order(self) -> UUID | None:
        subject = self.state.subject
        return subject.id if subject.kind is SubjectKind.ORDER else None


def _due(
    waiting: _Waiting, desk: Desk, events: Sequence[Any], currencies: Mapping[UUID | None, str]
) -> CaseDue:
    case = waiting.case
    return CaseDue(
        consumer=waiting.state.consumer,
        conversation=waiting.ref.id,
        case=case,
        clock=waiting.clock,
        outlook=case_outlook(
            desk=desk,
            case=case,
            clock=waiting.clock,
            events=events,
            currency=currencies.get(waiting.order, ""),
        ),
        asked_by=None if case.owner == desk else case.owner,
        order=waiting.order,
        part=0 if waiting.order is None else waiting.state.subject.part,
    )
