"""Which files may count as evidence, and by which digest: as the rows have it, never as told.

What a message names is kept, and whoever decides can look at it. A file that no message names may
be gone tomorrow, and one that stands in an internal note is not shown to anybody.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.conversations.messages import Audience
from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.remedies.messages.disputing import Side
from oncedesk.domain.shared.bounds import PARTS_MAX
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import evidence_ref
from oncedesk.engine.codec import Codec
from oncedesk.storage.attachments.access import SaidWith, may_see
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.cases import Cases
from oncedesk.storage.writing import actor_of

_PLAIN_BYTES = 16
# What was shown under its plain digest stays known by it, or it could serve for one more order.
_KNOWN = """
SELECT s.id FROM unnest($1::smallint[], $2::uuid[]) k(b, i)
JOIN state s ON s.bucket = k.b AND s.id = k.i WHERE s.kind = 'evidence'
"""
_SAID = """
SELECT a.id, a.conversation, a.uploader, a.sha256, m.case_number, m.audience, m.author, m.at
FROM attachment a JOIN message m ON m.bucket = a.bucket AND m.conversation = a.conversation
    AND m.version = a.version AND m.id = a.message
WHERE a.bucket = $1 AND a.id = ANY($2::uuid[]) AND a.consumer = $3
  AND a.conversation = ANY($4::uuid[]) AND a.stored_at IS NOT NULL AND a.erased_at IS NULL
"""


class EvidenceUnknown(Exception):
    """Some of these files are not there, or not this side's to show about this order."""


class Showing(Record, frozen=True, kw_only=True):
    """Who shows what, for which side, about which order of this consumer.

    `conversation` is that of the remedy's case, if it is not about the order itself.
    """

    actor: Actor
    side: Side
    consumer: UUID
    order: UUID
    attachments: Sequence[UUID]
    conversation: UUID | None = None


async def shown_digests(
    pool: Pool,
    codec: Codec,
    cases: Cases,
    *,
    mark: Callable[[bytes], bytes],
    showing: Showing,
    now: datetime,
) -> tuple[bytes, ...]:
    """What these files are known by, the same content once. Raises `EvidenceUnknown`.

    It is the `mark` of their hash: whoever has a file cannot find out that it was shown.
    """
    async with connected(pool) as connection:
        rows = await connection.fetch(
            _SAID,
            bucket_of(showing.consumer),
            list(showing.attachments),
            showing.consumer,
            _conversations(showing),
        )
    found = {row["id"]: row for row in rows}
    hashes: dict[bytes, None] = {}
    for id_ in showing.attachments:
        row = found.get(id_)
        if row is None or not await _may_show(pool, codec, cases, row, showing, now):
            raise EvidenceUnknown
        hashes[bytes(row["sha256"])] = None
    plain = {one: one[:_PLAIN_BYTES] for one in hashes}
    refs = {one: evidence_ref(short) for one, short in plain.items()}
    async with connected(pool) as connection:
        known = await connection.fetch(
            _KNOWN, [ref.bucket for ref in refs.values()], [ref.id for ref in refs.values()]
        )
    ids = {row["id"] for row in known}
    return tuple(plain[one] if refs[one].id in ids else mark(one) for one in hashes)


def _conversations(showing: Showing) -> list[UUID]:
    """Those about the order or a part of it, and that of the case."""
    about = [
        conversation_id(
            consumer=showing.consumer, subject=Subject(SubjectKind.ORDER, showing.order, part)
        )
        for part in range(PARTS_MAX + 1)
    ]
    return about if showing.conversation is None else [*about, showing.conversation]


async def _may_show(
    pool: Pool,
    codec: Codec,
    cases: Cases,
    row: Any,
    showing: Showing,
    now: datetime,
) -> bool:
    """For a consumer: theirs, or of whoever speaks for them; for a merchant: what is not theirs."""
    uploader, audience = actor_of(row["uploader"]), Audience(row["audience"])
    consumers = uploader == Actor(Role.CONSUMER, showing.consumer)
    fits = (
        not consumers if showing.side is Side.MERCHANT else consumers or uploader == showing.actor
    )
    if not fits or audience is Audience.INTERNAL:
        return False
    return await may_see(
        pool,
        codec,
        cases,
        actor=showing.actor,
        consumer=showing.consumer,
        conversation=row["conversation"],
        uploader=uploader,
        said=SaidWith(row["case_number"], audience, actor_of(row["author"]), row["at"]),
        now=now,
    )
