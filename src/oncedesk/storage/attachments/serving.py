"""Hands out a file to whoever may see it, with headers under which it can do no harm."""

from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from oncedesk.domain.conversations.messages import Audience
from oncedesk.domain.shared.decider import Actor
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.engine.codec import Codec
from oncedesk.storage.attachments.access import SaidWith, may_see
from oncedesk.storage.attachments.files import FileKey, Files
from oncedesk.storage.attachments.kinds import TYPES
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.marks import marks_of
from oncedesk.storage.views.cases import Cases
from oncedesk.storage.writing import actor_of

_FOUND = """
SELECT a.conversation, a.uploader, a.name, a.media, a.size, a.sha256, a.message,
       m.case_number, m.audience, m.author, m.at, m.marks
FROM attachment a LEFT JOIN message m ON m.bucket = a.bucket AND m.conversation = a.conversation
    AND m.version = a.version AND m.id = a.message
WHERE a.bucket = $1 AND a.id = $2 AND a.consumer = $3 AND a.stored_at IS NOT NULL
  AND a.erased_at IS NULL
"""


class AttachmentUnknown(Exception):
    """There is no such file for this actor; whether there is one for others is not told."""


class Span(Record, frozen=True):
    """The bytes [first, end) of a file."""

    first: int
    end: int


class Served(Record, frozen=True):
    """A file on its way out: `span` of `size` bytes, and what to send before them."""

    size: int
    span: Span
    sha256: bytes
    headers: tuple[tuple[str, str], ...]
    content: AsyncIterator[bytes]


async def serve(
    pool: Pool,
    codec: Codec,
    files: Files,
    cases: Cases,
    *,
    actor: Actor,
    consumer: UUID,
    attachment: UUID,
    now: datetime,
    span: Span | None = None,
) -> Served:
    """The file, or the part of it that is asked for, cut to what there is.

    Raises `AttachmentUnknown`; while the content is read, `FileMissing` and `FilesUnreachable`.
    """
    async with connected(pool) as connection:
        row = await connection.fetchrow(_FOUND, bucket_of(consumer), attachment, consumer)
    if row is None:
        raise AttachmentUnknown
    said = None
    if row["message"] is not None:
        if row["audience"] is None:
            raise AttachmentUnknown
        said = SaidWith(
            row["case_number"],
            Audience(row["audience"]),
            actor_of(row["author"]),
            row["at"],
            marks_of(row["marks"]).desk,
        )
    allowed = await may_see(
        pool,
        codec,
        cases,
        actor=actor,
        consumer=consumer,
        conversation=row["conversation"],
        uploader=actor_of(row["uploader"]),
        said=said,
        now=now,
    )
    if not allowed:
        raise AttachmentUnknown
    size = row["size"]
    part = Span(0, size) if span is None else Span(min(span.first, size), min(span.end, size))
    length = max(0, part.end - part.first)
    key = FileKey(bucket_of(consumer), attachment)
    return Served(
        size=size,
        span=part,
        sha256=row["sha256"],
        headers=headers(media=row["media"], name=row["name"], length=length),
        content=files.read(key, first=part.first, length=length),
    )


def headers(*, media: str, name: str, length: int) -> tuple[tuple[str, str], ...]:
    """What a browser must be told: the type is this and no other, run nothing, keep nothing."""
    found = TYPES[media]
    how = "inline" if found.shown else "attachment"
    plain = "".join(one if one.isascii() and one not in '"\\' else "_" for one in name)
    disposition = f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return (
        ("Content-Type", found.media),
        ("Content-Length", str(length)),
        ("Content-Disposition", disposition),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "sandbox; default-src 'none'"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "private, no-store"),
    )
