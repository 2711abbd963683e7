"""Who was named in a note: one row for each, in the bucket of the agent who was.

A row says where, and never what: whoever opens the case reads it as far as they may.
"""

from collections.abc import Sequence
from typing import Any

from oncedesk.domain.conversations.messages import MessagePosted
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.refs import Kind
from oncedesk.storage.rows import ByKind, Rows, insert, transpose
from oncedesk.storage.writing import actor_text

_INSERT = insert(
    "mention",
    "bucket agent message consumer conversation case_number author at",
    "smallint uuid uuid uuid uuid smallint text timestamptz",
    conflict="ON CONFLICT DO NOTHING",
)


def rows(winners: ByKind) -> Sequence[Rows | None]:
    """One row for each person whom a message names."""
    named: list[Sequence[Any]] = [
        (
            bucket_of(agent),
            agent,
            one.submission.id,
            write.after.consumer,
            write.ref.id,
            event.case,
            actor_text(event.author),
            event.at,
        )
        for write in winners[Kind.CONVERSATION]
        for one in write.decided
        if getattr(one.submission.command, "mentions", ())
        for event in one.events
        if type(event) is MessagePosted
        for agent in dict.fromkeys(event.mentions)
    ]
    # In the order of the keys, as all rows are locked.
    named.sort(key=lambda row: (row[0], row[1], row[2]))
    return (transpose(named, _INSERT),)
