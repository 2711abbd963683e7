"""The rows that stand beside a written state: journal, messages, persons, reactions, outbox."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from oncedesk.domain.conversations.messages import MessagePosted
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.codec import Codec
from oncedesk.engine.ports import Decided, OutboxRow, ParkedRow, StateWrite
from oncedesk.storage.rows import Rows, insert, transpose

_JOURNAL = insert(
    "journal",
    "bucket stream version command_id kind at actor body_hash command packs facts basis events",
    "smallint uuid int uuid text timestamptz text bytea bytea text bytea text bytea",
)

_MESSAGES = insert(
    "message",
    "bucket conversation version number id case_number audience author at text",
    "smallint uuid int smallint uuid smallint text text timestamptz text",
)

_PERSONS = insert(
    "person",
    "bucket party body at",
    "smallint uuid text timestamptz",
    conflict="ON CONFLICT (bucket, party) DO UPDATE "
    "SET body = excluded.body, at = excluded.at, erased_at = NULL",
)

_REACTIONS = insert(
    "reaction",
    "bucket target source version number id kind depth command at",
    "smallint uuid uuid int smallint uuid text smallint bytea timestamptz",
)

_OUTBOX = insert(
    "outbox",
    "bucket id topic body at next_at",
    "smallint uuid text bytea timestamptz timestamptz",
    conflict="ON CONFLICT DO NOTHING",
)

_PARKED = insert(
    "parked",
    "bucket id kind target actor origin command error at attempts",
    "smallint uuid text uuid text text bytea text timestamptz int",
    conflict="ON CONFLICT (bucket, id) DO UPDATE "
    "SET error = excluded.error, at = excluded.at, attempts = parked.attempts + 1",
)


def rows_beside(winners: Sequence[StateWrite], codec: Codec) -> Sequence[Rows | None]:
    """All rows that belong to these states' commands and events, one entry a table."""
    decided = [one for write in winners for one in write.decided]
    return (
        transpose([_journal_row(one, codec) for one in decided], _JOURNAL),
        transpose([row for one in decided for row in _message_rows(one)], _MESSAGES),
        transpose([row for one in decided for row in _person_rows(one)], _PERSONS),
        _reaction_rows(winners),
        _outbox_rows([row for write in winners for row in write.outbox]),
    )


def _journal_row(one: Decided, codec: Codec) -> Sequence[Any]:
    submission = one.submission
    target = submission.target
    return (
        target.bucket,
        target.id,
        one.version,
        submission.id,
        target.kind.value,
        one.at,
        actor_text(submission.actor),
        submission.body_hash,
        submission.body,
        one.packs,
        codec.encode(one.facts) if one.facts else b"",
        " ".join(one.basis),
        codec.events_to_bytes(one.events),
    )


def _message_rows(one: Decided) -> Iterable[Sequence[Any]]:
    if one.submission.target.kind is not Kind.CONVERSATION:
        return
    private = one.submission.private or {}
    number = 0
    for event in one.events:
        if isinstance(event, MessagePosted):
            target, id_ = one.submission.target, one.submission.id
            yield (
                target.bucket,
                target.id,
                one.version,
                number,
                id_,
                event.case,
                event.audience.value,
                actor_text(event.author),
                one.at,
                private.get(id_),
            )
            number += 1


def _person_rows(one: Decided) -> Iterable[Sequence[Any]]:
    target = one.submission.target
    if one.submission.private and target.kind in (Kind.PARTY, Kind.AGENT) and one.events:
        yield target.bucket, target.id, one.submission.private[one.submission.id], one.at


def _reaction_rows(winners: Sequence[StateWrite]) -> Rows | None:
    rows = []
    for write in winners:
        for one in write.reactions:
            key = one.reaction
            assert key is not None
            rows.append(
                (
                    key.target.bucket,
                    key.target.id,
                    key.source,
                    key.version,
                    key.number,
                    one.id,
                    key.target.kind.value,
                    one.depth,
                    one.body,
                    write.at,
                )
            )
    return transpose(rows, _REACTIONS)


def _outbox_rows(rows: Sequence[OutboxRow]) -> Rows | None:
    return transpose(
        [(row.bucket, row.id, row.topic, row.body, row.at, row.at) for row in rows], _OUTBOX
    )


def parked_rows(rows: Iterable[ParkedRow]) -> Rows | None:
    """Commands that failed, for an operator; one that fails again counts up."""
    return transpose(
        [
            (
                row.submission.target.bucket,
                row.submission.id,
                row.submission.target.kind.value,
                row.submission.target.id,
                actor_text(row.submission.actor),
                row.submission.origin.value,
                row.submission.body,
                row.error.replace("\x00", "")[:2_000],
                row.at,
                1,
            )
            for row in rows
        ],
        _PARKED,
    )


def actor_text(actor: Actor) -> str:
    """An actor as the database shows it: the role, and who, if it is a person."""
    return actor.role.value if actor.id is None else f"{actor.role.value}:{actor.id}"


def actor_of(text: str) -> Actor:
    """The actor that `actor_text` wrote."""
    role, _, id_ = text.partition(":")
    return Actor(role=Role(role), id=UUID(id_) if id_ else None)
