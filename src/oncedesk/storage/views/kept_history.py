"""What was done about one consumer, of which states keep only the last: for copies of what is kept.

The consumer's own copy has what they did themselves, or the marketplace for them. What desks did
about it, and how it was decided, is in the full one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import fields

from oncedesk.domain.conversations.messages import (
    ConfirmSolved,
    RateService,
    ReceiveContact,
    ReopenCase,
    RequestCallBack,
    WithdrawClaim,
)
from oncedesk.domain.evidence.state import EvidenceState
from oncedesk.domain.remedies.messages.asking import (
    AcceptCounterOffer,
    AskHuman,
    DeclineCounterOffer,
    RequestRemedy,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.disputing import (
    ObjectToDecision,
    OpenDispute,
    SubmitEvidence,
)
from oncedesk.domain.remedies.messages.returning import ReopenReturn, SendBack, TakeBack
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind, evidence_ref
from oncedesk.engine.codec import Codec
from oncedesk.storage.writing import actor_of

_KINDS = [Kind.CONVERSATION, Kind.ORDER, Kind.REMEDIES, Kind.PARTY, Kind.WALLET]
_HISTORY = """
SELECT j.kind, j.stream, j.version, j.at, j.actor, j.command, j.events
FROM state s JOIN journal j ON j.bucket = s.bucket AND j.stream = s.id
WHERE s.bucket = $1 AND j.bucket = $1 AND s.party = $2 AND s.kind = ANY($3)
ORDER BY j.at, j.stream, j.version
"""
_CASES = """
SELECT stream, number, category, desk, opened_at, at, closed_at, reason, contacts, answer_seconds,
       score
FROM outcome WHERE bucket = $1 AND consumer = $2 AND kind = 'case' ORDER BY at, stream, number
"""
_REFUNDS = """
SELECT order_id, remedy, leg, status, amount_minor, currency, asked_at, sent_at, credited_seconds
FROM refund WHERE bucket = $1 AND consumer = $2 ORDER BY asked_at, id
"""
_SESSIONS = """
SELECT kind, market, language, created_at, seen_at, expires_at, ended_at
FROM session WHERE bucket = $1 AND party = $2 ORDER BY created_at
"""
_EVIDENCE = """
SELECT s.body FROM unnest($1::smallint[], $2::uuid[]) k(b, i)
JOIN state s ON s.bucket = k.b AND s.id = k.i WHERE s.kind = 'evidence' ORDER BY s.id
"""
# The marketplace passes these on; whatever else it tells is not the consumer's word.
_SAID_FOR_THEM = (
    ReceiveContact,
    WithdrawClaim,
    ConfirmSolved,
    RequestCallBack,
    ReopenCase,
    RateService,
    RequestRemedy,
    WithdrawRemedy,
    AcceptCounterOffer,
    DeclineCounterOffer,
    AskHuman,
    OpenDispute,
    SubmitEvidence,
    SendBack,
    ReopenReturn,
    ObjectToDecision,
    TakeBack,
)
# What we found in a message, and the files, which are listed apart.
_OURS = frozenset(("verdict", "attachments"))


class KeptEvent(Record, frozen=True):
    """What a command came to; each field of `content` by its name."""

    type: str
    content: dict[str, Any]


class KeptCommand(Record, frozen=True):
    """A command that was accepted, by whom, about which state; each field of `said` by its name.

    There are no `events` in a consumer's own copy.
    """

    kind: Kind
    id: UUID
    version: int
    at: datetime
    by: Role
    command: str
    said: dict[str, Any]
    events: tuple[KeptEvent, ...] = ()


class KeptCase(Record, frozen=True):
    """A case that was resolved: about what, at whose desk, when, and how it ended.

    `answer_seconds` is how long it took until a person spoke; `closed_at` when it could no longer
    be reopened.
    """

    conversation: UUID
    case: int
    issue: str
    desk: str
    opened_at: datetime | None
    resolved_at: datetime
    closed_at: datetime | None
    reason: str
    contacts: int
    answer_seconds: int | None
    score: int | None


class KeptRefund(Record, frozen=True):
    """One payment back: when it was asked for and sent, and how long after the request it came."""

    order: UUID
    remedy: int
    leg: int
    status: str
    amount_minor: int
    currency: str
    asked_at: datetime
    sent_at: datetime | None
    credited_seconds: int | None


class KeptSession(Record, frozen=True):
    """When they were logged in, and seen the last time."""

    kind: str
    market: str
    language: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None


class KeptEvidence(Record, frozen=True):
    """By which digest a file is known that was shown for these of their orders.

    `elsewhere`: it was shown for another's, too; None in a consumer's own copy.
    """

    digest: str
    orders: tuple[UUID, ...]
    elsewhere: bool | None = None


async def history_rows(connection: Any, *, consumer: UUID) -> Sequence[Any]:
    """Each accepted command about the consumer, the earliest first."""
    found: Sequence[Any] = await connection.fetch(
        _HISTORY, bucket_of(consumer), consumer, [kind.value for kind in _KINDS]
    )
    return found


def commands(
    codec: Codec, rows: Iterable[Any], *, consumer: UUID, own: bool
) -> Iterable[KeptCommand]:
    """These rows, as they stand in a copy."""
    for row in rows:
        kind, by = Kind(row["kind"]), actor_of(row["actor"])
        command = codec.command(kind, row["command"])
        if own and not _theirs(by, command, consumer):
            continue
        said = by_name(command)
        yield KeptCommand(
            kind,
            row["stream"],
            row["version"],
            row["at"],
            by.role,
            type(command).__name__,
            {name: one for name, one in said.items() if name not in _OURS} if own else said,
            events=()
            if own
            else tuple(
                KeptEvent(type(event).__name__, by_name(event))
                for event in codec.events(kind, row["events"])
            ),
        )


async def kept_cases(connection: Any, *, consumer: UUID) -> tuple[KeptCase, ...]:
    """All that were resolved, also those of which their conversation keeps only the number."""
    found = await connection.fetch(_CASES, bucket_of(consumer), consumer)
    return tuple(KeptCase(*row) for row in found)


async def kept_refunds(connection: Any, *, consumer: UUID) -> tuple[KeptRefund, ...]:
    found = await connection.fetch(_REFUNDS, bucket_of(consumer), consumer)
    return tuple(KeptRefund(*row) for row in found)


async def kept_sessions(connection: Any, *, consumer: UUID) -> tuple[KeptSession, ...]:
    found = await connection.fetch(_SESSIONS, bucket_of(consumer), consumer)
    return tuple(KeptSession(*row) for row in found)


async def kept_evidence(
    connection: Any, codec: Codec, rows: Iterable[Any], *, own: bool
) -> tuple[KeptEvidence, ...]:
    """What was shown for the orders of which these rows tell, and of those orders only."""
    orders: set[UUID] = set()
    digests: set[bytes] = set()
    for row in rows:
        if row["kind"] == Kind.ORDER:
            orders.add(row["stream"])
        elif row["kind"] == Kind.REMEDIES:
            for event in codec.events(Kind.REMEDIES, row["events"]):
                digests.update(getattr(event, "evidence", ()))
    refs = [evidence_ref(digest) for digest in sorted(digests)]
    found = await connection.fetch(
        _EVIDENCE, [ref.bucket for ref in refs], [ref.id for ref in refs]
    )
    kept = []
    for (body,) in found:
        state: EvidenceState = codec.state(Kind.EVIDENCE, body)
        theirs = tuple(one for one in state.orders if one in orders)
        elsewhere = None if own else len(theirs) < len(state.orders)
        kept.append(KeptEvidence(state.digest.hex(), theirs, elsewhere))
    return tuple(kept)


def by_name(record: Any) -> dict[str, Any]:
    """What is in it by the names of its fields, all the way down, but for what is so by default."""
    return {
        field.name: _plain(value)
        for field in fields(record)
        if (value := getattr(record, field.name)) != field.default
    }


def _plain(value: Any) -> Any:
    match value:
        case Struct():
            return by_name(value)
        case tuple() | list():
            return [_plain(one) for one in value]
        case _:
            return value


def _theirs(by: Actor, command: Any, consumer: UUID) -> bool:
    if by.role is Role.MARKETPLACE:
        return isinstance(command, _SAID_FOR_THEM)
    return by == Actor(Role.CONSUMER, consumer)
