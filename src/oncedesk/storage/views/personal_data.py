"""All that is kept about one consumer, for whoever has the right to a copy of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.codec import Codec
from oncedesk.storage.writing import actor_of

_PERSON = "SELECT body FROM person WHERE bucket = $1 AND party = $2"
_STATES = """
SELECT kind, id, at, body FROM state WHERE bucket = $1 AND party = $2 ORDER BY kind, at, id
"""
_MESSAGES = """
SELECT m.conversation, m.case_number, m.audience, m.author, m.at, m.text, m.erased_at
FROM message m JOIN state s ON s.bucket = m.bucket AND s.id = m.conversation
WHERE m.bucket = $1 AND s.bucket = $1 AND s.party = $2
ORDER BY m.conversation, m.version, m.number
"""


class NotAllowed(PermissionError):
    """Only an admin, or the consumer in person, gets a copy."""


class KeptState(Record, frozen=True):
    """What is known of an order, a conversation or the party itself, as plain data."""

    kind: Kind
    id: UUID
    at: datetime
    content: Any


class KeptMessage(Record, frozen=True):
    """A message in one of the consumer's conversations; the text is None once it was erased."""

    conversation: UUID
    case: int
    audience: str
    author: Role
    at: datetime
    text: str | None
    erased_at: datetime | None


class KeptData(Record, frozen=True):
    """Everything about one consumer; `person` is what is known beside the id, if anything is."""

    consumer: UUID
    person: str | None
    states: tuple[KeptState, ...]
    messages: tuple[KeptMessage, ...]


async def kept_about(
    pool: "asyncpg.Pool[asyncpg.Record]", codec: Codec, *, consumer: UUID, actor: Actor
) -> KeptData:
    """A copy of what is kept about this consumer, of one moment. Raises `NotAllowed`.

    Who answered is named by role only: an agent's name is the agent's own data.
    """
    if actor.role is not Role.ADMIN and actor != Actor(Role.CONSUMER, consumer):
        raise NotAllowed
    bucket = bucket_of(consumer)
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        person = await connection.fetchrow(_PERSON, bucket, consumer)
        states = await connection.fetch(_STATES, bucket, consumer)
        messages = await connection.fetch(_MESSAGES, bucket, consumer)
    return KeptData(
        consumer=consumer,
        person=None if person is None else person["body"],
        states=tuple(
            KeptState(Kind(kind), id_, at, msgspec.to_builtins(codec.state(Kind(kind), body)))
            for kind, id_, at, body in states
        ),
        messages=tuple(
            KeptMessage(
                row["conversation"],
                row["case_number"],
                row["audience"],
                actor_of(row["author"]).role,
                row["at"],
                row["text"],
                row["erased_at"],
            )
            for row in messages
        ),
    )
