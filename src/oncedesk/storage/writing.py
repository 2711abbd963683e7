"""The rows beside a written state: journal, texts, persons, reactions, outbox."""

from collections.abc import Iterable, Sequence, Set
from functools import lru_cache
from itertools import chain
from typing import Any
from uuid import UUID

from oncedesk.domain.agents.messages import AgentDataErased, AgentUpdated
from oncedesk.domain.conversations.messages import MessageFlagged, MessagePosted
from oncedesk.domain.parties.messages import PartyKind, PartyUpdated, PersonalDataErased
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.messages.disputing import DecideDispute
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.persons import person_of, searched
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.codec import Codec
from oncedesk.engine.ports import Decided, OutboxRow, ParkedRow, StateWrite
from oncedesk.storage.ledger.writing import postings
from oncedesk.storage.marks import marks_to_bytes
from oncedesk.storage.rows import ByKind, Copied, Rows, insert, transpose

_JOURNAL = (
    *("bucket", "stream", "version", "command_id", "kind", "at", "actor", "body_hash"),
    *("command", "packs", "facts", "basis", "events", "reactions"),
)
_MESSAGE = (
    *("bucket", "conversation", "version", "number", "id", "case_number", "audience", "author"),
    *("at", "text", "marks"),
)
_REACTION = (
    *("bucket", "target", "source", "version", "number", "id", "kind", "depth", "command", "at"),
)

_PERSONS = insert(
    "person",
    "bucket party body at public_name",
    "smallint uuid text timestamptz text",
    conflict="ON CONFLICT (bucket, party) DO UPDATE SET body = excluded.body, at = excluded.at, "
    "erased_at = NULL, public_name = excluded.public_name",
)

_UPDATES = frozenset({AgentUpdated, PartyUpdated})
_FOUND_BY_NAME = frozenset({PartyKind.MERCHANT, PartyKind.CREATOR})

_ORDER_TEXTS = insert(
    "order_text",
    'bucket id consumer "order" body at kind',
    "smallint uuid uuid uuid text timestamptz text",
    conflict="ON CONFLICT DO NOTHING",
)

_OUTBOX = insert(
    "outbox",
    "bucket id topic body at next_at stream version number",
    "smallint uuid text bytea timestamptz timestamptz uuid int smallint",
    conflict="ON CONFLICT DO NOTHING",
)

_PARKED = insert(
    "parked",
    "bucket id kind target actor origin command text error at attempts expected_version",
    "smallint uuid text uuid text text bytea text text timestamptz int int",
    conflict="ON CONFLICT (bucket, id) DO UPDATE "
    "SET error = excluded.error, at = excluded.at, attempts = parked.attempts + 1",
)

# Of two messages that name a file, it is the first one's, and in that one's conversation: it may
# have been brought for another part of the order.
_ATTACHED = """
UPDATE attachment a SET message = k.m, version = k.v, conversation = k.c
FROM unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[]) k(b, i, c, m, v)
WHERE a.bucket = k.b AND a.id = k.i AND a.message IS NULL AND a.erased_at IS NULL
"""

# What erasing overwrites: every text in the consumer's conversations, whoever wrote it, with its
# translations (after it: see `storage/translations.py`), what is known of the person, what is
# private about their orders, the rows of files that came with messages (the files themselves go
# after that), and the texts of the consumer's commands that failed.
_ERASURES = (
    """
    UPDATE message m SET text = NULL, erased_at = k.a
    FROM unnest($1::smallint[], $2::uuid[], $3::timestamptz[]) k(b, p, a)
    JOIN state s ON s.bucket = k.b AND s.party = k.p
    WHERE m.bucket = k.b AND m.conversation = s.id AND m.erased_at IS NULL
    """,
    """
    DELETE FROM translation t
    USING unnest($1::smallint[], $2::uuid[], $3::timestamptz[]) k(b, p, a)
    JOIN state s ON s.bucket = k.b AND s.party = k.p
    WHERE t.bucket = k.b AND t.conversation = s.id
    """,
    """
    UPDATE person p SET body = NULL, erased_at = k.a, public_name = NULL
    FROM unnest($1::smallint[], $2::uuid[], $3::timestamptz[]) k(b, p, a)
    WHERE p.bucket = k.b AND p.party = k.p AND p.erased_at IS NULL
    """,
    """
    UPDATE order_text d SET body = NULL, erased_at = k.a
    FROM unnest($1::smallint[], $2::uuid[], $3::timestamptz[]) k(b, p, a)
    WHERE d.bucket = k.b AND d.consumer = k.p AND d.erased_at IS NULL
    """,
    """
    UPDATE attachment t SET name = NULL, sha256 = NULL, erased_at = k.a
    FROM unnest($1::smallint[], $2::uuid[], $3::timestamptz[]) k(b, p, a)
    WHERE t.bucket = k.b AND t.consumer = k.p AND t.erased_at IS NULL
    """,
    """
    UPDATE parked p SET text = NULL
    FROM unnest($1::smallint[], $2::uuid[], $3::timestamptz[]) k(b, p, a)
    WHERE p.bucket = k.b AND position(uuid_send(k.p) IN p.command) > 0
    """,
)
# Of an agent beside that: a log-in is called by an address, or by who they are elsewhere. Nobody
# comes in by it any more, nor by a session of theirs.
_AGENT_ERASURES = (
    """
    DELETE FROM login l
    USING unnest($1::smallint[], $2::uuid[], $3::timestamptz[]) k(b, p, a)
    WHERE l.agent = k.p
    """,
    """
    UPDATE session s SET ended_at = k.a
    FROM unnest($1::smallint[], $2::uuid[], $3::timestamptz[]) k(b, p, a)
    WHERE s.bucket = k.b AND s.party = k.p AND s.ended_at IS NULL
    """,
)


def copied_rows(
    winners: ByKind, codec: Codec, *, lost: Set[UUID] = frozenset()
) -> Sequence[Copied]:
    """The rows of these states' commands and events that nothing can stand in the way of.

    What was decided along with them, on a state that was `lost`, is a reaction like any other.
    """
    writes = [*chain.from_iterable(winners.values())]
    talks = winners[Kind.CONVERSATION]
    journal = [_journal_row(one, codec) for write in writes for one in write.decided]
    messages = [row for write in talks for one in write.decided for row in _message_rows(one)]
    tables = (
        Copied("journal", _JOURNAL, journal),
        Copied("message", _MESSAGE, messages),
        Copied("reaction", _REACTION, _reaction_rows(writes, lost)),
        postings(winners),
    )
    return [table for table in tables if table.rows]


def rows_beside(winners: ByKind) -> Sequence[Rows | None]:
    """The other rows that belong to these states' commands and events, one entry a table."""
    persons = [*winners[Kind.PARTY], *winners[Kind.AGENT]]
    orders = [*winners[Kind.ORDER], *winners[Kind.REMEDIES]]
    leaving = [row for writes in winners.values() for write in writes for row in write.outbox]
    return (
        transpose(_person_rows(persons), _PERSONS),
        transpose(_order_texts(orders), _ORDER_TEXTS),
        outbox_rows(leaving),
        _attached_rows(winners[Kind.CONVERSATION]),
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
        one.reactions,
    )


def _message_rows(one: Decided) -> Iterable[Sequence[Any]]:
    number = 0
    for event in one.events:
        if type(event) is MessagePosted:
            private = one.submission.private or {}
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
                marks_to_bytes(event, flagged=_is_flagged(one)),
            )
            number += 1


def _is_flagged(one: Decided) -> bool:
    """Most messages had nothing in them, and then no event needs to be looked at."""
    return getattr(one.submission.command, "verdict", None) is not None and any(
        type(event) is MessageFlagged for event in one.events
    )


def _person_rows(writes: Sequence[StateWrite]) -> Sequence[Sequence[Any]]:
    """What is known of each person; of two in one batch the later. Nothing is known any more of
    whom an update says nothing."""
    latest: dict[UUID, Sequence[Any]] = {}
    for write in writes:
        ref = write.ref
        for one in write.decided:
            private = one.submission.private
            if private and one.events:
                text = private[one.submission.id]
                latest[ref.id] = ref.bucket, ref.id, text, one.at, _public_name(write.after, text)
            elif any(type(event) in _UPDATES and not event.length for event in one.events):
                latest[ref.id] = ref.bucket, ref.id, None, one.at, None
    return [*latest.values()]


def _public_name(state: Any, text: str) -> str | None:
    """What a merchant or creator is found by; of nobody else is there anything to be found."""
    if not isinstance(state, PartyState) or state.kind not in _FOUND_BY_NAME:
        return None
    return searched(person_of(text).name) or None


def _order_texts(writes: Sequence[StateWrite]) -> Sequence[Sequence[Any]]:
    """Where an order goes, as it was told with the order or asked for by a remedy, and what a
    dispute about it was decided on."""
    return [
        (
            write.ref.bucket,
            one.submission.id,
            write.after.consumer,
            write.after.order,
            one.submission.private[one.submission.id],
            one.at,
            "basis" if isinstance(one.submission.command, DecideDispute) else "address",
        )
        for write in writes
        for one in write.decided
        if one.submission.private and one.events
    ]


def erasures(winners: ByKind) -> Sequence[Rows | None]:
    """What overwrites the rows of whom these commands erase; there may be very many."""
    erased = [
        (write.ref.bucket, event.party, event.at)
        for write in winners[Kind.PARTY]
        for one in write.decided
        for event in one.events
        if isinstance(event, PersonalDataErased)
    ]
    agents = [
        (write.ref.bucket, event.agent, event.at)
        for write in winners[Kind.AGENT]
        for one in write.decided
        for event in one.events
        if isinstance(event, AgentDataErased)
    ]
    return [
        transpose(rows, statement)
        for rows, statements in (
            ([*erased, *agents], _ERASURES),
            (agents, _AGENT_ERASURES),
        )
        if rows
        for statement in statements
    ]


def _attached_rows(writes: Sequence[StateWrite]) -> Rows | None:
    """Which message each named file belongs to from now on."""
    return transpose(
        [
            (write.ref.bucket, file, write.ref.id, one.submission.id, one.version)
            for write in writes
            for one in write.decided
            if getattr(one.submission.command, "attachments", ())
            for event in one.events
            if type(event) is MessagePosted
            for file in event.attachments
        ],
        _ATTACHED,
    )


def _reaction_rows(writes: Sequence[StateWrite], lost: Set[UUID]) -> Sequence[Sequence[Any]]:
    rows = []
    for write in writes:
        left = [one for one in write.followed if one.target.id in lost] if lost else ()
        for one in (*write.reactions, *left):
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
                    write.decided_at,
                )
            )
    return rows


def outbox_rows(rows: Sequence[OutboxRow]) -> Rows | None:
    """What leaves; a row that is there already stays as it is."""
    return transpose(
        [
            (
                row.bucket,
                row.id,
                row.topic,
                row.body,
                row.at,
                row.leaves_at,
                row.stream,
                row.version,
                row.number,
            )
            for row in rows
        ],
        _OUTBOX,
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
                (row.submission.private or {}).get(row.submission.id),
                storable(row.error),
                row.at,
                1,
                row.submission.expected_version,
            )
            for row in rows
        ],
        _PARKED,
    )


def storable(error: str) -> str:
    """An error's words, without what PostgreSQL would refuse: they may quote the bad value."""
    return error.replace("\x00", "").encode(errors="backslashreplace").decode()[:2_000]


# Spelling a UUID out costs as much as writing its row, and whoever acts usually acts again.
@lru_cache(maxsize=32_768)
def actor_text(actor: Actor) -> str:
    """An actor as the database shows it: the role, and who, if it is a person."""
    return actor.role.value if actor.id is None else f"{actor.role.value}:{actor.id}"


def actor_of(text: str) -> Actor:
    """The actor that `actor_text` wrote."""
    role, _, id_ = text.partition(":")
    return Actor(role=Role(role), id=UUID(id_) if id_ else None)
