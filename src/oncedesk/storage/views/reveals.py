"""What of a consumer is shown in clear: to whom, why, until when; and the clear value itself."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.agents.messages import RevealField, RevealGranted
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.persons import PersonField, person_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Kind
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.rows import ByKind, Rows, insert, transpose
from oncedesk.storage.views.readers import NotSeen, Reader

_INSERT = insert(
    "reveal",
    'bucket id consumer agent field reason desk conversation case_number "order" at until',
    "smallint uuid uuid uuid text text text uuid smallint uuid timestamptz timestamptz",
)
# The grant is looked up in the statement that reads: nothing is shown a moment too late. It was
# given to somebody of a desk, and ends when they are of that desk no more. The last one counts, as
# it says of which order an address is.
_GRANTED = """
SELECT r."order", p.body AS person, s.body AS state FROM reveal r
LEFT JOIN person p ON p.bucket = $1 AND p.party = $2
LEFT JOIN state s ON r.field = 'address' AND s.bucket = $1 AND s.id = r."order"
     AND s.party = $2 AND s.kind = 'order'
WHERE r.bucket = $1 AND r.consumer = $2 AND r.agent = $3 AND r.field = $4
  AND r.at <= $5 AND r.until > $5 AND r.desk = ANY($6::text[])
ORDER BY r.at DESC, r.id DESC LIMIT 1
"""
_ADDRESS = "SELECT body FROM order_text WHERE bucket = $1 AND id = $2 AND consumer = $3"
_MESSAGES = """
SELECT m.id, m.version, m.text
FROM message m JOIN state s ON s.bucket = m.bucket AND s.id = m.conversation
WHERE m.bucket = $1 AND m.conversation = $6 AND s.bucket = $1 AND s.party = $2
  AND m.audience = 'consumer' AND m.text IS NOT NULL AND m.version > $8
  AND EXISTS (SELECT 1 FROM reveal r WHERE r.bucket = $1 AND r.consumer = $2 AND r.agent = $3
              AND r.field = $4 AND r.at <= $5 AND r.until > $5 AND r.conversation = $6
              AND r.desk = ANY($7::text[]))
ORDER BY m.version, m.number LIMIT $9
"""
_LOG = """
SELECT id, agent, field, reason, desk, conversation, case_number, "order", at, until
FROM reveal WHERE bucket = $1 AND consumer = $2 ORDER BY at, id
"""
_LOG_PAGE = """
SELECT id, agent, field, reason, desk, conversation, case_number, "order", at, until
FROM reveal WHERE bucket = $1 AND consumer = $2 AND (at, id) > ($3, $4) ORDER BY at, id LIMIT $5
"""


class ClearValue(Record, frozen=True):
    """One thing known of a consumer, as it is kept; of this order, or else of the person."""

    value: str
    order: UUID | None = None


class ClearText(Record, frozen=True):
    """One message, as it was written, and the conversation's version to which it belongs."""

    message: UUID
    version: int
    text: str


class RevealLogged(Record, frozen=True):
    """Who could see what from `at` until `until`, and why. `id` is of the command."""

    id: UUID
    agent: UUID
    field: str
    reason: str
    desk: str
    conversation: UUID | None
    case: int | None
    order: UUID | None
    at: datetime
    until: datetime


class RevealPosition(Record, frozen=True):
    """Where the last page of the log ended."""

    at: datetime
    id: UUID


def rows(winners: ByKind) -> Sequence[Rows | None]:
    """One row for each grant, in the bucket of the consumer whose data it is."""
    granted = [
        _row(one.submission.id, event)
        for write in winners[Kind.AGENT]
        if write.after.reveals
        for one in write.decided
        for event in one.events
        if type(event) is RevealGranted
    ]
    return (transpose(granted, _INSERT),)


def _row(id_: UUID, event: RevealGranted) -> Sequence[Any]:
    return (
        bucket_of(event.consumer),
        id_,
        event.consumer,
        event.agent,
        event.field.value,
        event.reason.value,
        str(event.desk),
        event.conversation,
        event.case,
        event.order,
        event.at,
        event.until,
    )


async def revealed(
    pool: Pool,
    codec: Codec,
    *,
    reader: Reader,
    consumer: UUID,
    field: PersonField,
    now: datetime,
) -> ClearValue | None:
    """One thing known of a consumer, in clear, while the reader has it granted; else None.

    An address that was last asked for an order is where this order goes now; where none was told
    with it, that of the person. An empty text says that it is granted and nothing is known. None,
    too, once it was erased.
    """
    desks = _asked_for(reader)
    if not desks:
        return None
    async with connected(pool) as connection:
        granted = await connection.fetchrow(
            _GRANTED, bucket_of(consumer), consumer, reader.actor.id, field.value, now, desks
        )
        if granted is None:
            return None
        if granted["state"] is not None:
            state: OrderState = codec.state(Kind.ORDER, granted["state"])
            if state.address is not None:
                body = await connection.fetchval(
                    _ADDRESS, bucket_of(consumer), state.address, consumer
                )
                return None if body is None else ClearValue(body, order=state.order)
    person = granted["person"]
    return None if person is None else ClearValue(person_of(person).value(field))


async def revealed_messages(
    pool: Pool,
    *,
    reader: Reader,
    consumer: UUID,
    conversation: UUID,
    after: int,
    limit: int,
    now: datetime,
) -> Sequence[ClearText]:
    """What was said between a consumer and us in one conversation, from behind this version on,
    while it is granted. Nothing where it is not."""
    desks = _asked_for(reader)
    if not desks:
        return ()
    async with connected(pool) as connection:
        found = await connection.fetch(
            _MESSAGES,
            bucket_of(consumer),
            consumer,
            reader.actor.id,
            RevealField.MESSAGES.value,
            now,
            conversation,
            desks,
            after,
            limit,
        )
    return [ClearText(*row) for row in found]


def _asked_for(reader: Reader) -> Sequence[str]:
    """The desks for which this reader may have had something revealed: an admin for the platform's
    without belonging to it."""
    if reader.actor.role not in (Role.AGENT, Role.ADMIN) or reader.actor.id is None:
        return ()
    desks = {*reader.desks, PLATFORM} if reader.actor.role is Role.ADMIN else {*reader.desks}
    return sorted(str(desk) for desk in desks)


async def reveal_log(connection: Any, *, consumer: UUID) -> Sequence[RevealLogged]:
    """All of a consumer's; whoever asks has the right to a copy of what is kept."""
    found = await connection.fetch(_LOG, bucket_of(consumer), consumer)
    return [RevealLogged(*row) for row in found]


async def reveal_page(
    pool: Pool,
    *,
    reader: Reader,
    consumer: UUID,
    after: RevealPosition | None,
    limit: int,
) -> Sequence[RevealLogged]:
    """A page of a consumer's, the earliest first. Raises `NotSeen` for all but an admin."""
    if reader.actor.role is not Role.ADMIN:
        raise NotSeen
    start = after or RevealPosition(datetime.min.replace(tzinfo=UTC), UUID(int=0))
    async with connected(pool) as connection:
        found = await connection.fetch(
            _LOG_PAGE, bucket_of(consumer), consumer, start.at, start.id, limit
        )
    return [RevealLogged(*row) for row in found]
