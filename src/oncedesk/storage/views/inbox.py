"""What each desk sees: one row an open case, and one at a desk that was asked about it.

A row lies in the bucket of the desk that reads it; the platform's rows are spread over slots, so
that no page of the table is everybody's. Dispatch reads the heads of queues from the same rows.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from msgspec import Struct

from oncedesk.domain.agents.ability import primary
from oncedesk.domain.conversations.clocks import OBLIGATIONS
from oncedesk.domain.conversations.messages import CaseStatus, RoutedTo, Side
from oncedesk.domain.conversations.state import Case, Clock, Conversation
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.ids import BUCKETS, bucket_of, derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, PLATFORM_PARTY, Desk, DeskKind, Kind
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.engine.dispatch import Served
from oncedesk.engine.matching import Waiting
from oncedesk.engine.ports import StateWrite
from oncedesk.storage.rows import ByKind, Rows, insert, transpose

PLATFORM_SLOTS = 16
REFERRAL_SKILL = "referral"
HEADS_READ_MAX = 4_096
OTHER_SKILL = "other"
"""The queue of what was routed by no skill."""
_CLOCK_NAMES = {(side, kind): f"{side}.{kind}" for side in Side for kind in ClockKind}

_ROUTE = insert(
    "inbox",
    "bucket conversation case_number queue consumer desk skill language issue priority status "
    "agent preferred queue_due_at queued_at next_clock next_due_at version barred late came_at",
    "smallint uuid smallint uuid uuid text text text text smallint text "
    "uuid uuid timestamptz timestamptz text timestamptz int uuid boolean timestamptz",
    conflict="ON CONFLICT (bucket, conversation, case_number, queue) DO UPDATE SET "
    "language = excluded.language, issue = excluded.issue, priority = excluded.priority, "
    "status = excluded.status, agent = excluded.agent, preferred = excluded.preferred, "
    "queue_due_at = excluded.queue_due_at, queued_at = excluded.queued_at, "
    "next_clock = excluded.next_clock, "
    "next_due_at = excluded.next_due_at, version = excluded.version, late = excluded.late",
)

# What has missed a deadline keeps the place that it had by it, until nothing is late any more. A
# queue is named where it was routed at the desk that has it; how long it waits counts on.
_CHANGE = """
UPDATE inbox i SET issue = k.e, status = k.s, agent = k.a, preferred = k.p, priority = k.r,
    next_clock = k.c, next_due_at = k.d, version = k.v, late = k.l, language = k.w,
    queue = coalesce(k.q, i.queue), skill = coalesce(k.g, i.skill),
    queued_at = CASE WHEN k.q IS NULL OR i.status = 'queued' THEN i.queued_at ELSE k.t END,
    queue_due_at = CASE WHEN k.l AND NOT i.late THEN LEAST(i.next_due_at, k.d)
        WHEN NOT k.l AND (k.s = 'queued' OR k.q IS NOT NULL) THEN k.d ELSE i.queue_due_at END
FROM unnest($1::smallint[], $2::uuid[], $3::smallint[], $4::text[], $5::uuid[], $6::uuid[],
            $7::smallint[], $8::text[], $9::timestamptz[], $10::int[], $11::text[],
            $12::boolean[], $13::uuid[], $14::text[], $15::timestamptz[], $16::text[])
    k(b, i, n, s, a, p, r, c, d, v, e, l, q, g, t, w)
WHERE i.bucket = k.b AND i.conversation = k.i AND i.case_number = k.n AND i.status <> 'referred'
"""

# Its status is that it was asked about, and in whose hands it is concerns the desk that asked.
_CHANGE_ASKED = """
UPDATE inbox i SET issue = k.e, priority = k.r, next_clock = k.c, next_due_at = k.d,
    queue_due_at = k.d, version = k.v, late = k.l, language = k.w
FROM unnest($1::smallint[], $2::uuid[], $3::smallint[], $4::text[], $5::smallint[], $6::text[],
            $7::timestamptz[], $8::int[], $9::text[], $10::boolean[], $11::text[])
    k(b, i, n, s, r, c, d, v, e, l, w)
WHERE i.bucket = k.b AND i.conversation = k.i AND i.case_number = k.n AND i.desk = k.s
    AND i.status = 'referred'
"""

_REMOVE = """
DELETE FROM inbox i
USING unnest($1::smallint[], $2::uuid[], $3::smallint[], $4::text[]) k(b, i, n, d)
WHERE i.bucket = k.b AND i.conversation = k.i AND i.case_number = k.n AND i.desk = k.d
"""

# The languages are one text a queue, without their countries, NULL for any. Read on until enough
# are found that somebody speaks, but not for ever.
_HEADS = f"""
SELECT h.queue, h.priority, h.queue_due_at, h.consumer, h.conversation, h.case_number,
       h.language, h.preferred, h.queued_at, h.barred
FROM unnest($1::smallint[], $2::uuid[], $3::text[], $4::int[]) k(b, q, l, n)
CROSS JOIN LATERAL (
    SELECT * FROM (
        SELECT i.*, row_number() OVER
            (ORDER BY i.priority, i.queue_due_at, i.conversation, i.case_number) AS place
        FROM inbox i WHERE i.bucket = k.b AND i.queue = k.q AND i.status = 'queued'
        ORDER BY i.priority, i.queue_due_at, i.conversation, i.case_number LIMIT {HEADS_READ_MAX}
    ) i
    WHERE k.l IS NULL OR i.language = '' OR i.place = 1 OR i.queued_at <= $5
        OR lower(split_part(i.language, '-', 1)) = ANY(string_to_array(k.l, ' '))
    ORDER BY i.priority, i.queue_due_at, i.conversation, i.case_number LIMIT k.n
) h
"""  # noqa: S608 - constant

_PAGE = """
SELECT i.consumer, i.conversation, i.case_number, i.skill, i.language, i.issue, i.priority,
       i.status, i.agent, i.queue_due_at, i.next_clock, i.next_due_at, i.version, i.late
FROM unnest($1::smallint[], $2::uuid[]) k(b, q)
CROSS JOIN LATERAL (
    SELECT * FROM inbox i WHERE i.bucket = k.b AND i.queue = k.q AND i.status = $8
      AND (i.priority, i.queue_due_at, i.conversation, i.case_number) > ($3, $4, $5, $6)
    ORDER BY i.priority, i.queue_due_at, i.conversation, i.case_number LIMIT $7
) i
ORDER BY i.priority, i.queue_due_at, i.conversation, i.case_number LIMIT $7
"""


class Queue(Record, frozen=True):
    """One queue's place in one slot: desk × skill group."""

    bucket: int
    id: UUID
    desk: Desk
    skill: str


class Position(Record, frozen=True):
    """Where the last page ended."""

    priority: int
    queue_due_at: datetime
    conversation: UUID
    case: int


class InboxRow(Record, frozen=True):
    """An open case in a desk's list. `next_due_at` is when the next of its clocks runs out. `late`:
    one that binds a desk towards the consumer has run out, and runs once more.
    """

    consumer: UUID
    conversation: UUID
    case: int
    skill: str
    language: str
    issue: str
    priority: int
    status: str
    agent: UUID | None
    queue_due_at: datetime
    next_clock: str
    next_due_at: datetime
    version: int
    late: bool

    @property
    def position(self) -> Position:
        """Where a page ends of which this is the last."""
        return Position(self.priority, self.queue_due_at, self.conversation, self.case)


class NotYourDesk(Exception):
    """The actor may not see this desk's inbox."""


@lru_cache(maxsize=65_536)
def queue_at(desk: Desk, skill: str, slot: int) -> Queue:
    """The queue's place in this slot; only the platform's queues have more than one."""
    return Queue(_desk_bucket(desk, slot), derived_id("queue", str(desk), skill), desk, skill)


def queue_places(desk: Desk, skill: str) -> Sequence[Queue]:
    """All places of one queue."""
    slots = PLATFORM_SLOTS if desk.kind is DeskKind.PLATFORM else 1
    return [queue_at(desk, skill, slot) for slot in range(slots)]


def waiting_status(skill: str) -> str:
    """What rows that wait in a queue of this skill have as their status."""
    return "referred" if skill == REFERRAL_SKILL else CaseStatus.QUEUED.value


def desk_bucket(desk: Desk, bucket: int) -> int:
    """Where a desk's rows about what lies in this bucket lie."""
    return _desk_bucket(desk, _slot(bucket))


def desk_buckets(desk: Desk) -> Sequence[int]:
    """All places of a desk's rows."""
    slots = PLATFORM_SLOTS if desk.kind is DeskKind.PLATFORM else 1
    return [_desk_bucket(desk, slot) for slot in range(slots)]


def platform_bucket(bucket: int) -> int:
    """Where the platform's rows about what lies in this bucket lie."""
    return _desk_bucket(PLATFORM, _slot(bucket))


def platform_buckets() -> Sequence[int]:
    """All places of the platform's rows."""
    return [_desk_bucket(PLATFORM, slot) for slot in range(PLATFORM_SLOTS)]


def _desk_bucket(desk: Desk, slot: int) -> int:
    """Where a desk's rows lie; the platform's in the slot of the conversation's bucket."""
    if desk.kind is DeskKind.PLATFORM:
        return (bucket_of(PLATFORM_PARTY) + slot * (BUCKETS // PLATFORM_SLOTS)) % BUCKETS
    return bucket_of(desk.party or PLATFORM_PARTY)


def _slot(bucket: int) -> int:
    return bucket % PLATFORM_SLOTS


def rows(winners: ByKind) -> Sequence[Rows | None]:
    """What these states' changes do to the lists: rows gone, rows routed, rows changed, and those
    changed that a desk was asked about."""
    removed: list[Sequence[Any]] = []
    routed: list[Sequence[Any]] = []
    changed: list[Sequence[Any]] = []
    asked: list[Sequence[Any]] = []
    for write in winners[Kind.CONVERSATION]:
        for change in _changes(write):
            removed.extend(_removal(write, change, desk) for desk in change.leaves)
            routed.extend(change.enters)
            if change.moves is not None:
                changed.append(_movement(write, change.moves, change.skill))
            if change.asked is not None:
                asked.append(_asked_movement(write, change.asked))
    return (
        transpose(removed, _REMOVE),
        transpose(routed, _ROUTE),
        transpose(changed, _CHANGE),
        transpose(asked, _CHANGE_ASKED),
    )


class _Change(Struct):
    """What happens to one case's rows. `skill`: routed by it at the desk that has the case."""

    number: int
    leaves: list[Desk]
    enters: list[Sequence[Any]]
    moves: Case | None = None
    skill: str | None = None
    asked: Case | None = None


def _changes(write: StateWrite) -> Iterator[_Change]:
    before = _open_cases(write.before.state)
    after = _open_cases(write.after)
    routes: dict[int, RoutedTo] = {}
    for one in write.decided:
        for event in one.events:
            if type(event) is RoutedTo:
                routes[event.case] = event
    for number in after if before.keys() == after.keys() else sorted({*before, *after}):
        old, new = before.get(number), after.get(number)
        if old is new:
            continue
        change = _Change(number, [], [])
        skill = routes[number].skill if number in routes else None
        if old is None or new is None or old.owner != new.owner:
            if old is not None:
                change.leaves.append(old.owner)
            if new is not None:
                skill = skill or OTHER_SKILL
                change.enters.append(_row(write, new, new.owner, skill, new.status.value))
        elif skill is not None or _looks_different(old, new):
            change.moves, change.skill = new, skill
        asked, asks = _asked_desk(old), _asked_desk(new)
        if asked != asks:
            if asked is not None:
                # A desk that now owns the case was routed it: its new row comes after this.
                change.leaves.append(asked)
            if asks is not None and new is not None:
                change.enters.append(_row(write, new, asks, REFERRAL_SKILL, "referred"))
        elif asks is not None and old is not None and new is not None:
            change.asked = new if _looks_different(old, new) else None
        yield change


def _open_cases(state: Conversation | None) -> dict[int, Case]:
    if state is None:
        return {}
    return {case.number: case for case in state.cases if case.closing is None}


def _looks_different(old: Case, new: Case) -> bool:
    """Whether anything may have changed that a row shows; what is another object may be."""
    return (
        old.clocks is not new.clocks
        or old.agent is not new.agent
        or old.asked is not new.asked
        or old.preferred is not new.preferred
        or old.priority != new.priority
        or old.issue is not new.issue
        or old.language is not new.language
    )


def next_clock(case: Case) -> tuple[datetime, str, bool]:
    """The clock that runs out first: when, and which (`side.kind`); and whether one of those that
    bind a desk ran out before."""
    first: Clock | None = None
    due_at: datetime | None = None
    late = False
    for clock in case.clocks:
        if clock.reminders and clock.kind in OBLIGATIONS:
            late = True
        if clock.due_at is not None and (due_at is None or clock.due_at < due_at):
            first, due_at = clock, clock.due_at
    assert first is not None, "an open case without a running clock"
    assert due_at is not None
    return due_at, _CLOCK_NAMES[first.side, first.kind], late


def _asked_desk(case: Case | None) -> Desk | None:
    """The desk that was asked while another owns the case."""
    if case is None or case.referral is None or case.referral.desk == case.owner:
        return None
    return case.referral.desk


def _row(write: StateWrite, case: Case, desk: Desk, skill: str, status: str) -> Sequence[Any]:
    queue = queue_at(desk, skill, _slot(write.ref.bucket))
    due_at, clock, late = next_clock(case)
    return (
        queue.bucket,
        write.ref.id,
        case.number,
        queue.id,
        write.after.consumer,
        str(desk),
        skill,
        case.language,
        case.issue,
        case.priority,
        status,
        case.agent,
        case.preferred,
        due_at,
        write.at,
        clock,
        due_at,
        write.version,
        case.barred,
        late,
        write.at,
    )


def _removal(write: StateWrite, change: _Change, desk: Desk) -> Sequence[Any]:
    return _desk_bucket(desk, _slot(write.ref.bucket)), write.ref.id, change.number, str(desk)


def _movement(write: StateWrite, case: Case, skill: str | None) -> Sequence[Any]:
    due_at, clock, late = next_clock(case)
    slot = _slot(write.ref.bucket)
    return (
        _desk_bucket(case.owner, slot),
        write.ref.id,
        case.number,
        case.status.value,
        case.agent,
        case.preferred,
        case.priority,
        clock,
        due_at,
        write.version,
        case.issue,
        late,
        None if skill is None else queue_at(case.owner, skill, slot).id,
        skill,
        write.at,
        case.language,
    )


def _asked_movement(write: StateWrite, case: Case) -> Sequence[Any]:
    desk = _asked_desk(case)
    assert desk is not None, "nobody was asked"
    due_at, clock, late = next_clock(case)
    return (
        _desk_bucket(desk, _slot(write.ref.bucket)),
        write.ref.id,
        case.number,
        str(desk),
        case.priority,
        clock,
        due_at,
        write.version,
        case.issue,
        late,
        case.language,
    )


async def page(
    connection: Any,
    *,
    actor: Actor,
    desks: Sequence[Desk],
    desk: Desk,
    skill: str,
    after: Position | None,
    limit: int,
) -> Sequence[InboxRow]:
    """A page of a queue, most urgent and oldest due first, from `after` on; at most 100 rows.

    `desks` are those the actor belongs to now. Raises `NotYourDesk` for any other.
    """
    if actor.role is not Role.SYSTEM and desk not in desks:
        raise NotYourDesk
    return await page_of(
        connection,
        places=queue_places(desk, skill),
        status=waiting_status(skill),
        after=after,
        limit=limit,
    )


async def page_of(
    connection: Any,
    *,
    places: Sequence[Queue],
    status: str,
    after: Position | None,
    limit: int,
) -> Sequence[InboxRow]:
    """A page of what has this status in these queues together; at most 100 rows.

    Whoever asks has made sure that they are the reader's own.
    """
    start = after or Position(-1, datetime.min.replace(tzinfo=UTC), UUID(int=0), 0)
    found = await connection.fetch(
        _PAGE,
        [place.bucket for place in places],
        [place.id for place in places],
        start.priority,
        start.queue_due_at,
        start.conversation,
        start.case,
        min(limit, 100),
        status,
    )
    return [InboxRow(*row) for row in found]


async def heads(
    connection: Any,
    places: Sequence[tuple[Queue, Served]],
    *,
    patient_since: datetime,
) -> Sequence[Waiting]:
    """The cases that wait longest in these places of queues.

    For dispatch only, the system itself (`engine.dispatch.DispatchView` says what is left out).
    """
    found = await connection.fetch(
        _HEADS,
        [place.bucket for place, _ in places],
        [place.id for place, _ in places],
        [_spoken(served) for _, served in places],
        [served.each for _, served in places],
        patient_since,
    )
    by_id = {place.id: place for place, _ in places}
    return [
        Waiting(
            desk=by_id[queue].desk,
            skill=by_id[queue].skill,
            language=language,
            priority=priority,
            due_at=due_at,
            consumer=consumer,
            conversation=conversation,
            case=number,
            waiting_since=queued_at,
            preferred_agent=preferred,
            barred=barred,
        )
        for (
            queue,
            priority,
            due_at,
            consumer,
            conversation,
            number,
            language,
            preferred,
            queued_at,
            barred,
        ) in found
    ]


def _spoken(served: Served) -> str | None:
    return None if served.languages is None else " ".join(map(primary, served.languages))
