"""Messages that the gate flagged and nobody has looked at yet: the reviewers' list.

Its rows lie in the platform's slots, like those of its inbox.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.conversations.messages import FlagsReviewed, MessageFlagged
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, Kind
from oncedesk.engine.ports import StateWrite
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.rows import ByKind, Rows, insert, transpose
from oncedesk.storage.views.inbox import NotYourDesk, platform_bucket, platform_buckets
from oncedesk.storage.writing import actor_of, actor_text

PAGE_MAX = 100

_INSERT = insert(
    "flag",
    "bucket conversation version consumer case_number message author kinds rules at",
    "smallint uuid int uuid smallint uuid text text text timestamptz",
)
_REMOVE = """
DELETE FROM flag f USING unnest($1::smallint[], $2::uuid[], $3::int[]) k(b, i, v)
WHERE f.bucket = k.b AND f.conversation = k.i AND f.version < k.v
"""
_PAGE = """
SELECT i.consumer, i.conversation, i.version, i.case_number, i.message, i.author, i.kinds, i.rules,
       i.at
FROM unnest($1::smallint[]) k(b)
CROSS JOIN LATERAL (
    SELECT * FROM flag f WHERE f.bucket = k.b AND (f.at, f.conversation, f.version) > ($2, $3, $4)
    ORDER BY f.at, f.conversation, f.version LIMIT $5
) i
ORDER BY i.at, i.conversation, i.version LIMIT $5
"""


class Flag(Record, frozen=True):
    """One flagged message; `version` is its conversation's, `kinds` what was found in it."""

    consumer: UUID
    conversation: UUID
    version: int
    case: int
    message: UUID
    author: Actor
    kinds: tuple[str, ...]
    rules: tuple[str, ...]
    at: datetime


class FlagPosition(Record, frozen=True):
    """Where the last page ended."""

    at: datetime
    conversation: UUID
    version: int


def rows(winners: ByKind) -> Sequence[Rows | None]:
    """What these states' changes do to the list. Where no count of flags changed, nothing."""
    flagged: list[Sequence[Any]] = []
    reviewed: list[Sequence[Any]] = []
    for write in winners[Kind.CONVERSATION]:
        before = 0 if write.before.state is None else write.before.state.flags
        # A review and as many new flags in one batch leave the count as it was.
        if before or write.after.flags:
            _add_rows(write, flagged, reviewed)
    return transpose(flagged, _INSERT), transpose(reviewed, _REMOVE)


def _add_rows(
    write: StateWrite, flagged: list[Sequence[Any]], reviewed: list[Sequence[Any]]
) -> None:
    bucket = platform_bucket(write.ref.bucket)
    for one in write.decided:
        for event in one.events:
            if type(event) is MessageFlagged:
                flagged.append(
                    (
                        bucket,
                        write.ref.id,
                        one.version,
                        write.after.consumer,
                        event.case,
                        one.submission.id,
                        actor_text(event.author),
                        " ".join(dict.fromkeys(hit.kind.value for hit in event.hits)),
                        " ".join(event.rules),
                        one.at,
                    )
                )
            elif type(event) is FlagsReviewed:
                reviewed.append((bucket, write.ref.id, one.version))


async def page(
    pool: Pool,
    *,
    actor: Actor,
    desks: Sequence[Desk],
    after: FlagPosition | None,
    limit: int,
) -> Sequence[Flag]:
    """A page of what waits for a review, oldest first, from `after` on; at most 100.

    `desks` are those the actor belongs to now. Raises `NotYourDesk` for who is not of the
    platform's.
    """
    if actor.role not in (Role.ADMIN, Role.SYSTEM) and PLATFORM not in desks:
        raise NotYourDesk
    start = after or FlagPosition(datetime.min.replace(tzinfo=UTC), UUID(int=0), 0)
    async with connected(pool) as connection:
        found = await connection.fetch(
            _PAGE,
            list(platform_buckets()),
            start.at,
            start.conversation,
            start.version,
            max(1, min(limit, PAGE_MAX)),
        )
    return [
        Flag(
            consumer,
            conversation,
            version,
            case,
            message,
            actor_of(author),
            tuple(kinds.split()),
            tuple(rules.split()),
            at,
        )
        for consumer, conversation, version, case, message, author, kinds, rules, at in found
    ]
