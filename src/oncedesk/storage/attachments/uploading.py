"""Takes in a file: in pieces, to a place of its own, looked at before anybody can see it.

The row comes first, then the file, then the row says that it is there. Whatever a crash leaves is a
row without a file that is known to be whole; it expires like a file that no message ever named.
"""

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from io import FileIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from oncedesk.domain.conversations.messages import AttachmentSeen
from oncedesk.domain.shared.decider import SYSTEM, Actor
from oncedesk.domain.shared.gate.looking import Gate
from oncedesk.domain.shared.gate.rules import HitKind
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import AttachmentRule
from oncedesk.engine.codec import Codec
from oncedesk.storage.attachments.access import may_attach, on_behalf_of
from oncedesk.storage.attachments.files import FileKey, Files, reachable
from oncedesk.storage.attachments.inspecting import FileDamaged, Picture, inspect
from oncedesk.storage.attachments.kinds import HEAD_BYTES, FileType, agrees, safe_name, type_of
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.writing import actor_of, actor_text

UNATTACHED_KEPT = timedelta(hours=24)
"""A file that no message has named by then is deleted."""
NAMED_AT_LATEST = timedelta(hours=23)
"""So long it may still be named: what is being decided then is not deleted meanwhile."""
UNATTACHED_MAX = 40
"""Files that one uploader may have waiting for one consumer's conversations."""
DISK_KEPT_BYTES = 4 << 30
DISK_KEPT_SHARE = 20
"""Of the disk this much, at most the twentieth part, is left to the database that lies there."""
DAY = timedelta(hours=24)
NAME_LOOKED_AT_MAX = 2_000
_BUFFER_BYTES = 1 << 20

_BEGIN = """
INSERT INTO attachment (bucket, id, consumer, conversation, uploader, at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
_WAITING = """
SELECT count(*) FROM attachment
WHERE bucket = $1 AND consumer = $2 AND uploader = $3 AND message IS NULL
  AND erased_at IS NULL AND stored_at IS NOT NULL
"""
_BROUGHT = """
SELECT coalesce(sum(size), 0)::bigint FROM attachment
WHERE bucket = $1 AND consumer = $2 AND uploader = $3 AND at > $4 AND stored_at IS NOT NULL
"""
_STORED = """
UPDATE attachment SET name = $3, media = $4, size = $5, sha256 = $6, width = $7, height = $8,
    code = $9, stored_at = $10
WHERE bucket = $1 AND id = $2 AND erased_at IS NULL RETURNING id
"""
_FORGET = "DELETE FROM attachment WHERE bucket = $1 AND id = $2 AND stored_at IS NULL"
_SEEN = """
SELECT id, conversation, uploader, code, stored_at, at, erased_at, message
FROM attachment WHERE bucket = $1 AND id = ANY($2::uuid[]) AND consumer = $3
"""


class AttachmentRefused(Exception):
    """This file is not taken. `code` is stable; `detail` says what was expected."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class Upload(Record, frozen=True, kw_only=True):
    """What comes with a file's content. `declared` is the media type that the sender claims."""

    actor: Actor
    consumer: UUID
    conversation: UUID
    name: str
    declared: str = ""


class Uploaded(Record, frozen=True):
    """A file that is there and can be named by a message of its uploader's, in time."""

    id: UUID
    name: str
    media: str
    size: int
    sha256: bytes
    width: int
    height: int
    code: bool


class Uploads:
    """Takes in files for conversations. `incoming` is a local folder for what is not whole yet,
    `day_bytes_max` what one uploader may bring for one consumer within 24 hours."""

    def __init__(
        self,
        *,
        pool: Pool,
        codec: Codec,
        files: Files,
        incoming: Path,
        gate: Callable[[], Gate],
        clock: Callable[[], datetime],
        day_bytes_max: int,
        named_point: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._pool = pool
        self._codec = codec
        self._files = files
        self._incoming = incoming
        self._gate = gate
        self._clock = clock
        self._day_bytes_max = day_bytes_max
        self._named_point = named_point
        # One at a time: a picture takes much more memory open than closed.
        self._looking = asyncio.Semaphore(1)

    async def take(
        self, upload: Upload, content: AsyncIterator[bytes], *, rule: AttachmentRule
    ) -> Uploaded:
        """Keep this file, durably. Raises `AttachmentRefused`, and then nothing of it is left.

        Raises `FilesUnreachable` where it cannot be kept now.
        """
        bucket, id_ = bucket_of(upload.consumer), uuid4()
        key = FileKey(bucket, id_)
        await self._begin(upload, bucket, id_)
        path = self._incoming / f"{id_.hex}.part"
        try:
            received = await self._receive(content, path, upload.declared, rule)
            uploaded = await self._examined(upload, id_, path, received)
            async with connected(self._pool) as connection:
                await self._refuse_beyond_the_day(connection, upload, bucket, more=uploaded.size)
        except BaseException:
            # Also where the sender has gone away in the middle.
            _discard(path)
            await asyncio.shield(self._forget(bucket, id_))
            raise
        self._named_point("before_file")
        try:
            # If this fails, the row says so, and expires with whatever came of it.
            await self._files.put(key, path)
        finally:
            _discard(path)
        self._named_point("after_file")
        if not await self._keep(bucket, uploaded):
            await self._files.delete(key)
            raise AttachmentRefused("attachment_erased", "the consumer's data was just erased")
        return uploaded

    async def seen(
        self, ids: Sequence[UUID], *, consumer: UUID, message: UUID, now: datetime
    ) -> tuple[AttachmentSeen, ...]:
        """What a command may say of these files, in their order; `message` is the command's id.

        A file that is not there, or another consumer's, is as little `ready` as one that is gone.
        """
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_SEEN, bucket_of(consumer), list(ids), consumer)
        found = {row["id"]: row for row in rows}
        return tuple(self._seen(id_, found.get(id_), message, now) for id_ in ids)

    def _seen(
        self, id_: UUID, row: "asyncpg.Record | None", message: UUID, now: datetime
    ) -> AttachmentSeen:
        if row is None:
            return AttachmentSeen(id_, UUID(int=0), SYSTEM, code=False, ready=False)
        unnamed = row["message"] is None and now - row["at"] < NAMED_AT_LATEST
        ready = row["stored_at"] is not None and row["erased_at"] is None
        return AttachmentSeen(
            id_,
            row["conversation"],
            actor_of(row["uploader"]),
            code=bool(row["code"]),
            ready=ready and (unnamed or row["message"] == message),
        )

    async def _begin(self, upload: Upload, bucket: int, id_: UUID) -> None:
        now = self._clock()
        uploader = _uploader(upload)
        async with connected(self._pool) as connection:
            allowed = await may_attach(
                connection,
                self._codec,
                actor=upload.actor,
                consumer=upload.consumer,
                conversation=upload.conversation,
                now=now,
            )
            if not allowed:
                raise AttachmentRefused("not_allowed")
            waiting = await connection.fetchval(_WAITING, bucket, upload.consumer, uploader)
            if waiting >= UNATTACHED_MAX:
                raise AttachmentRefused("attachments_too_many", f"at most {UNATTACHED_MAX} waiting")
            await self._refuse_beyond_the_day(connection, upload, bucket, more=1)
            await connection.execute(
                _BEGIN, bucket, id_, upload.consumer, upload.conversation, uploader, now
            )

    async def _refuse_beyond_the_day(
        self, connection: Any, upload: Upload, bucket: int, *, more: int
    ) -> None:
        """Whole files count, erased ones too. What is coming in side by side is seen at its end."""
        since = self._clock() - DAY
        uploader = _uploader(upload)
        brought = await connection.fetchval(_BROUGHT, bucket, upload.consumer, uploader, since)
        if brought + more > self._day_bytes_max:
            expected = f"at most {self._day_bytes_max} bytes within 24 hours"
            raise AttachmentRefused("attachments_day_full", expected)

    async def _receive(
        self, content: AsyncIterator[bytes], path: Path, declared: str, rule: AttachmentRule
    ) -> FileType:
        """Write it down as it comes, and stop as soon as it cannot be taken any more."""
        found: FileType | None = None
        head, size = b"", 0
        with await asyncio.to_thread(_new_file, path) as file:
            buffer = bytearray()
            async for chunk in content:
                buffer += chunk
                size += len(chunk)
                if found is None and size >= HEAD_BYTES:
                    head = bytes(buffer[:HEAD_BYTES])
                    found = _known(head, declared)
                if found is not None and size > found.bytes_max(rule):
                    most = found.bytes_max(rule)
                    raise AttachmentRefused("attachment_too_large", f"at most {most} bytes")
                if len(buffer) >= _BUFFER_BYTES and found is not None:
                    await asyncio.to_thread(_write, file, bytes(buffer))
                    buffer.clear()
            if not size:
                raise AttachmentRefused("attachment_empty", "at least one byte")
            found = found or _known(bytes(buffer[:HEAD_BYTES]), declared)
            await asyncio.to_thread(_write, file, bytes(buffer))
        return found

    async def _examined(self, upload: Upload, id_: UUID, path: Path, found: FileType) -> Uploaded:
        try:
            async with self._looking:
                picture = await asyncio.to_thread(inspect, path, found)
        except FileDamaged as error:
            raise AttachmentRefused(
                "attachment_damaged", f"a {found.media} as it should be"
            ) from error
        size, digest = await asyncio.to_thread(_measured, path)
        return Uploaded(
            id=id_,
            name=self._shown_name(upload.name, found),
            media=found.media,
            size=size,
            sha256=digest,
            width=picture.width,
            height=picture.height,
            code=self._leads_elsewhere(picture),
        )

    def _shown_name(self, name: str, found: FileType) -> str:
        """All who read the message read it: where the gate finds something in it, it is none."""
        shown = safe_name(name, found)
        look = self._gate().look
        says_something = look(name[:NAME_LOOKED_AT_MAX]) or look(shown)
        return safe_name("", found) if says_something else shown

    def _leads_elsewhere(self, picture: Picture) -> bool:
        """Whether there is a code that is not a link to a host of ours."""
        for text in picture.codes:
            verdict = self._gate().look(text[:2_000])
            kinds = () if verdict is None else [hit.kind for hit in verdict.hits]
            is_link = text.lower().startswith(("http://", "https://"))
            if not is_link or HitKind.LINK in kinds:
                return True
        return False

    async def _keep(self, bucket: int, uploaded: Uploaded) -> bool:
        async with connected(self._pool) as connection:
            kept = await connection.fetchval(
                _STORED,
                bucket,
                uploaded.id,
                uploaded.name,
                uploaded.media,
                uploaded.size,
                uploaded.sha256,
                uploaded.width,
                uploaded.height,
                uploaded.code,
                self._clock(),
            )
        return kept is not None

    async def _forget(self, bucket: int, id_: UUID) -> None:
        async with connected(self._pool) as connection:
            await connection.execute(_FORGET, bucket, id_)


def _uploader(upload: Upload) -> str:
    return actor_text(on_behalf_of(upload.actor, consumer=upload.consumer))


def _known(head: bytes, declared: str) -> FileType:
    found = type_of(head)
    if found is None:
        expected = "a picture (JPEG, PNG, WebP, GIF, HEIC), a video (MP4, MOV) or a PDF"
        raise AttachmentRefused("attachment_type_unknown", expected)
    if not agrees(found, declared):
        raise AttachmentRefused("attachment_type_mismatch", f"{found.media}, as its content is")
    return found


def _write(file: FileIO, content: bytes) -> None:
    """A full disk is told as such, and at once; the last of it is the database's."""
    with reachable():
        disk = os.fstatvfs(file.fileno())
        kept = min(DISK_KEPT_BYTES, disk.f_blocks * disk.f_frsize // DISK_KEPT_SHARE)
        if disk.f_bavail * disk.f_frsize < kept + len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        while content:
            content = content[file.write(content) :]


def _new_file(path: Path) -> FileIO:
    """Without a buffer: what could not be written is not tried again when it is closed."""
    with reachable():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return FileIO(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _discard(path: Path) -> None:
    # Where the system refuses that, it may have refused the file before: that is what is told.
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _measured(path: Path) -> tuple[int, bytes]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        return file.tell(), digest
