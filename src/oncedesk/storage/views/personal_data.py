"""All that is kept about one consumer, for whoever has the right to a copy of it.

An admin's copy has everything. The consumer's own, which the marketplace may fetch to hand it over,
has what concerns the consumer and nobody else: what desks said among themselves is not in it, nor
which agent did what, nor whether a hold stands.
"""

import asyncio
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from oncedesk.domain.conversations.messages import Audience
from oncedesk.domain.remedies.messages.disputing import DisputeDecided
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.codec import Codec
from oncedesk.storage.attachments.files import FileKey, Files
from oncedesk.storage.bought import bought_of
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.marks import marks_of
from oncedesk.storage.persons import PERSON
from oncedesk.storage.views.kept_history import (
    KeptCase,
    KeptCommand,
    KeptEvidence,
    KeptRefund,
    KeptSession,
    commands,
    history_rows,
    kept_cases,
    kept_evidence,
    kept_refunds,
    kept_sessions,
)
from oncedesk.storage.views.kept_states import KINDS, KeptState, kept_state
from oncedesk.storage.views.own_copy import own_view
from oncedesk.storage.views.reveals import reveal_log
from oncedesk.storage.writing import actor_of

# A folder takes names of 255 bytes; the id and the ending come to it.
_STEM_BYTES_MAX = 200

_STATES = """
SELECT kind, id, at, body FROM state WHERE bucket = $1 AND party = $2 AND kind = ANY($3)
ORDER BY kind, at, id
"""
_MESSAGES = """
SELECT m.id, m.conversation, m.case_number, m.audience, m.author, m.at, m.text, m.marks,
       m.erased_at
FROM message m JOIN state s ON s.bucket = m.bucket AND s.id = m.conversation
WHERE m.bucket = $1 AND s.bucket = $1 AND s.party = $2
ORDER BY m.conversation, m.version, m.number
"""
_ADDRESSES = """
SELECT id, "order", body, at, erased_at FROM order_text
WHERE bucket = $1 AND consumer = $2 AND kind = 'address' ORDER BY at, id
"""
_BASES = """
SELECT id, "order", body, at, erased_at FROM order_text
WHERE bucket = $1 AND consumer = $2 AND kind = 'basis' ORDER BY at, id
"""
_ATTACHMENTS = """
SELECT a.id, a.conversation, a.message, a.uploader, a.name, a.media, a.size, a.sha256, a.at,
       a.erased_at, m.audience
FROM attachment a LEFT JOIN message m ON m.bucket = a.bucket AND m.conversation = a.conversation
    AND m.version = a.version AND m.id = a.message
WHERE a.bucket = $1 AND a.consumer = $2 AND a.stored_at IS NOT NULL ORDER BY a.at, a.id
"""


_POSTINGS = """
SELECT at, account, phase, minor, currency, cause, reason, "order", remedy
FROM posting WHERE bucket = $1 AND party = $2 ORDER BY at, stream, version, number
"""


_BOUGHT = """
SELECT b."order", b.body FROM state s JOIN bought b ON b.bucket = s.bucket AND b."order" = s.id
WHERE s.bucket = $1 AND b.bucket = $1 AND s.party = $2 AND s.kind = 'order' ORDER BY s.at, s.id
"""
# A state keeps the last cases only; what became of each is kept with its rating.
_RATINGS = """
SELECT o.stream, o.number, o.score, o.at FROM state s
JOIN outcome o ON o.bucket = s.bucket AND o.kind = 'case' AND o.stream = s.id
WHERE s.bucket = $1 AND o.bucket = $1 AND s.party = $2 AND o.score IS NOT NULL
ORDER BY o.at, o.stream, o.number
"""
# A command that failed names whom it is about within it.
_FAILED = """
SELECT id, at, actor, text FROM parked
WHERE bucket = $1 AND text IS NOT NULL AND position(uuid_send($2) IN command) > 0 ORDER BY at, id
"""
_TRANSLATIONS = """
SELECT t.conversation, t.message, t.language, t.text FROM state s
JOIN translation t ON t.bucket = s.bucket AND t.conversation = s.id
WHERE s.bucket = $1 AND t.bucket = $1 AND s.party = $2 AND t.text IS NOT NULL
ORDER BY t.conversation, t.message, t.language
"""


class NotAllowed(PermissionError):
    """Only an admin, the marketplace, or the consumer in person gets a copy."""


class KeptMessage(Record, frozen=True):
    """A message in one of the consumer's conversations; the text is None once it was erased.

    `flagged` is None in a consumer's own copy.
    """

    id: UUID
    conversation: UUID
    case: int
    audience: str
    author: Role
    at: datetime
    text: str | None
    erased_at: datetime | None
    attachments: tuple[UUID, ...] = ()
    flagged: bool | None = None


class KeptFile(Record, frozen=True):
    """A file that came with a message, or waits for one; nameless once it was erased."""

    id: UUID
    conversation: UUID
    message: UUID | None
    uploader: Role
    name: str | None
    media: str
    size: int
    sha256: str
    at: datetime
    erased_at: datetime | None


class KeptAddress(Record, frozen=True):
    """Where an order goes or was to go; None once it was erased."""

    id: UUID
    order: UUID
    address: str | None
    at: datetime
    erased_at: datetime | None


class KeptBasis(Record, frozen=True):
    """What the decision of a dispute about an order rests on; None once it was erased."""

    id: UUID
    order: UUID
    basis: str | None
    at: datetime
    erased_at: datetime | None


class KeptReveal(Record, frozen=True):
    """When something was shown in clear, and why; `agent` is None in a consumer's own copy."""

    field: str
    reason: str
    desk: str
    at: datetime
    until: datetime
    agent: UUID | None = None


class KeptPosting(Record, frozen=True):
    """So much more or less in an account of the consumer's, in minor units, and why.

    It is about to be (`pending`), stands (`posted`), or came to nothing (`voided`).
    """

    at: datetime
    account: str
    phase: str
    minor: int
    currency: str
    cause: str
    reason: str
    order: UUID | None
    remedy: int | None


class KeptRating(Record, frozen=True):
    """How the consumer rated the service in a case, from 1 to 5, and when that was resolved."""

    conversation: UUID
    case: int
    score: int
    resolved_at: datetime


class KeptGoods(Record, frozen=True):
    """What something in an order was called when it was bought, and where its picture was."""

    order: UUID
    title: str | None
    picture: str | None


class KeptFailed(Record, frozen=True):
    """What somebody wrote in a command that failed and waits for an operator."""

    id: UUID
    at: datetime
    by: Role
    text: str


class KeptTranslation(Record, frozen=True):
    """What a message says in another language."""

    conversation: UUID
    message: UUID
    language: str
    text: str


class KeptData(Record, frozen=True):
    """Everything about one consumer; `person` is what is known beside the id, if anything is."""

    consumer: UUID
    person: str | None
    states: tuple[KeptState, ...]
    messages: tuple[KeptMessage, ...]
    attachments: tuple[KeptFile, ...] = ()
    reveals: tuple[KeptReveal, ...] = ()
    addresses: tuple[KeptAddress, ...] = ()
    postings: tuple[KeptPosting, ...] = ()
    ratings: tuple[KeptRating, ...] = ()
    bought: tuple[KeptGoods, ...] = ()
    failed: tuple[KeptFailed, ...] = ()
    translations: tuple[KeptTranslation, ...] = ()
    bases: tuple[KeptBasis, ...] = ()
    cases: tuple[KeptCase, ...] = ()
    refunds: tuple[KeptRefund, ...] = ()
    sessions: tuple[KeptSession, ...] = ()
    evidence: tuple[KeptEvidence, ...] = ()
    history: tuple[KeptCommand, ...] = ()


async def kept_about(pool: Pool, codec: Codec, *, consumer: UUID, actor: Actor) -> KeptData:
    """A copy of what is kept about this consumer, of one moment. Raises `NotAllowed`.

    Who answered is named by role only: an agent's name is the agent's own data.
    """
    if actor.role not in (Role.ADMIN, Role.MARKETPLACE) and actor != _in_person(consumer):
        raise NotAllowed
    own = actor.role is not Role.ADMIN
    bucket = bucket_of(consumer)
    async with (
        connected(pool) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        person = await connection.fetchrow(PERSON, bucket, consumer)
        states = await connection.fetch(_STATES, bucket, consumer, KINDS)
        messages = await connection.fetch(_MESSAGES, bucket, consumer)
        files = await connection.fetch(_ATTACHMENTS, bucket, consumer)
        addresses = await connection.fetch(_ADDRESSES, bucket, consumer)
        bases = await connection.fetch(_BASES, bucket, consumer)
        history = await history_rows(connection, consumer=consumer)
        if own and bases:
            # What nobody stood by was told to neither side.
            told = _told(codec, history)
            bases = [row for row in bases if row["id"] in told]
        postings = await connection.fetch(_POSTINGS, bucket, consumer)
        ratings = await connection.fetch(_RATINGS, bucket, consumer)
        bought = await connection.fetch(_BOUGHT, bucket, consumer)
        failed = await connection.fetch(_FAILED, bucket, consumer)
        translations = await connection.fetch(_TRANSLATIONS, bucket, consumer)
        reveals = await reveal_log(connection, consumer=consumer)
        cases = await kept_cases(connection, consumer=consumer)
        refunds = await kept_refunds(connection, consumer=consumer)
        sessions = await kept_sessions(connection, consumer=consumer)
        evidence = await kept_evidence(connection, codec, history, own=own)
    seen = {row["id"] for row in messages if _concerns(row, own=own)}
    return KeptData(
        consumer=consumer,
        person=None if person is None else person["body"],
        states=tuple(_state(codec, row, own=own) for row in states),
        messages=tuple(_message(row, own=own) for row in messages if _concerns(row, own=own)),
        attachments=tuple(_file(row) for row in files if _concerns(row, own=own)),
        reveals=tuple(
            KeptReveal(
                one.field,
                one.reason,
                one.desk,
                one.at,
                one.until,
                agent=None if own else one.agent,
            )
            for one in reveals
        ),
        addresses=tuple(KeptAddress(*row) for row in addresses),
        bases=tuple(KeptBasis(*row) for row in bases),
        postings=tuple(KeptPosting(*row) for row in postings),
        ratings=tuple(KeptRating(*row) for row in ratings),
        bought=tuple(
            KeptGoods(order, one.title, one.picture)
            for order, body in bought
            for one in bought_of(body)
        ),
        failed=tuple(
            KeptFailed(row["id"], row["at"], actor_of(row["actor"]).role, row["text"])
            for row in failed
            if not own or actor_of(row["actor"]) in (_in_person(consumer), MARKETPLACE)
        ),
        translations=tuple(KeptTranslation(*row) for row in translations if row["message"] in seen),
        cases=cases,
        refunds=refunds,
        sessions=sessions,
        evidence=evidence,
        history=tuple(commands(codec, history, consumer=consumer, own=own)),
    )


async def write_files(files: Files, kept: KeptData, *, folder: Path) -> None:
    """Write all that is attached into a new folder, or none.

    Raises `FileExistsError`, `FileMissing`.
    """
    await asyncio.to_thread(folder.mkdir, 0o700, parents=True)
    try:
        await _write_into(folder, files, kept)
    except BaseException:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, folder))
        raise


async def _write_into(folder: Path, files: Files, kept: KeptData) -> None:
    for one in kept.attachments:
        if one.erased_at is not None:
            continue
        key = FileKey(bucket_of(kept.consumer), one.id)
        with await asyncio.to_thread((folder / _file_name(one)).open, "xb") as target:
            async for chunk in files.read(key, first=0, length=one.size):
                await asyncio.to_thread(target.write, chunk)


def _file_name(one: KeptFile) -> str:
    """Its id and its name, of which as much is left as a folder takes."""
    stem, dot, ending = (one.name or "").rpartition(".")
    return f"{one.id}-{stem.encode()[:_STEM_BYTES_MAX].decode(errors='ignore')}{dot}{ending}"


def _in_person(consumer: UUID) -> Actor:
    return Actor(Role.CONSUMER, consumer)


def _concerns(row: Any, *, own: bool) -> bool:
    """Whether it was said to or by the consumer; a file that waits is its uploader's."""
    if not own:
        return True
    if row["audience"] is None:
        return actor_of(row["uploader"]).role is Role.CONSUMER
    return bool(row["audience"] == Audience.CONSUMER)


def _told(codec: Codec, rows: Iterable[Any]) -> set[UUID]:
    """The ids of what decisions rest on that were told."""
    return {
        event.text.id
        for row in rows
        if row["kind"] == Kind.REMEDIES
        for event in codec.events(Kind.REMEDIES, row["events"])
        if isinstance(event, DisputeDecided) and event.text is not None
    }


def _state(codec: Codec, row: Any, *, own: bool) -> KeptState:
    kind = Kind(row["kind"])
    state = codec.state(kind, row["body"])
    shown = own_view(state) if own else state
    return kept_state(kind, id_=row["id"], at=row["at"], state=shown)


def _message(row: Any, *, own: bool) -> KeptMessage:
    marks = marks_of(row["marks"])
    return KeptMessage(
        row["id"],
        row["conversation"],
        row["case_number"],
        row["audience"],
        actor_of(row["author"]).role,
        row["at"],
        row["text"],
        row["erased_at"],
        attachments=marks.attachments,
        flagged=None if own else marks.flagged,
    )


def _file(row: Any) -> KeptFile:
    return KeptFile(
        row["id"],
        row["conversation"],
        row["message"],
        actor_of(row["uploader"]).role,
        row["name"],
        row["media"],
        row["size"],
        (row["sha256"] or b"").hex(),
        row["at"],
        row["erased_at"],
    )
