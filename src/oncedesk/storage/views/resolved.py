"""Which cases an agent has resolved: one row for each, in the agent's bucket.

A row says where and when, and never what. A case that was resolved again by the same agent has one
row still.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from oncedesk.domain.conversations.messages import CaseResolved
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.ports import StateWrite
from oncedesk.storage.database import connected
from oncedesk.storage.rows import Rows, insert, transpose
from oncedesk.storage.views.readers import NotSeen, Reader

_DESKS_PEOPLE = (Role.AGENT, Role.ADMIN)
_INSERT = insert(
    "resolved",
    "bucket agent conversation case_number consumer at",
    "smallint uuid uuid smallint uuid timestamptz",
    conflict="ON CONFLICT (bucket, agent, conversation, case_number) DO UPDATE "
    "SET at = excluded.at",
)
_LAST = """
SELECT consumer, conversation, case_number, at FROM resolved WHERE bucket = $1 AND agent = $2
ORDER BY at DESC, conversation DESC, case_number DESC LIMIT $3
"""


class ResolvedCase(Record, frozen=True):
    """Which case, and when it was resolved."""

    consumer: UUID
    conversation: UUID
    case: int
    at: datetime


def rows(winners: Sequence[StateWrite]) -> Sequence[Rows | None]:
    """One row for each case that somebody of a desk has resolved in person."""
    resolved: dict[tuple[Any, ...], Sequence[Any]] = {}
    for write in winners:
        if write.ref.kind is not Kind.CONVERSATION:
            continue
        for one in write.decided:
            for event in one.events:
                if type(event) is not CaseResolved or event.by.role not in _DESKS_PEOPLE:
                    continue
                agent = event.by.id
                if agent is None:
                    continue
                key = bucket_of(agent), agent, write.ref.id, event.case
                # Of one that was resolved twice in a batch the last counts.
                resolved[key] = (*key, write.after.consumer, event.at)
    # In the order of the keys, as all rows are locked.
    return (transpose([resolved[key] for key in sorted(resolved)], _INSERT),)


class ResolvedCases:
    """Answers what somebody has resolved; in person only."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def last(self, *, reader: Reader, limit: int) -> Sequence[ResolvedCase]:
        """The last first. Raises `NotSeen` for who is nobody in person."""
        agent = reader.actor.id
        if agent is None or reader.actor.role not in _DESKS_PEOPLE:
            raise NotSeen
        async with connected(self._pool) as connection:
            found = await connection.fetch(_LAST, bucket_of(agent), agent, limit)
        return [ResolvedCase(*row) for row in found]
