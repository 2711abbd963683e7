"""Who may attach something to a conversation, and who may see what is attached.

Consumers their own; of those who work here, the platform's people all. Others attach where their
desk has the case or is asked, and see what is attached to a case that they may see. Then the
audience of the message holds. Whoever is not named may not.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.conversations.messages import Audience
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, Kind
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.cases import Cases
from oncedesk.storage.views.readers import NotSeen, Reader

_STATE = "SELECT body FROM state WHERE bucket = $1 AND id = $2 AND kind = $3"
_OF_CONVERSATION = """
SELECT body FROM state WHERE bucket = $1 AND id = $2 AND kind = $3 AND party = $4
"""


class SaidWith(Record, frozen=True):
    """The message that a file belongs to: of which case, by whom, when, for whom; of a note the
    desk in whose name it was written, if that is known."""

    case: int
    audience: Audience
    author: Actor
    at: datetime
    desk: Desk | None = None


def on_behalf_of(actor: Actor, *, consumer: UUID) -> Actor:
    """In whose name a file is uploaded: the marketplace's back end brings its consumers' files."""
    return Actor(Role.CONSUMER, consumer) if actor.role is Role.MARKETPLACE else actor


async def may_attach(
    connection: Any,
    codec: Codec,
    *,
    actor: Actor,
    consumer: UUID,
    conversation: UUID,
    now: datetime,
) -> bool:
    """Whether this actor may bring a file to this conversation of this consumer."""
    match actor.role:
        case Role.CONSUMER:
            return actor.id == consumer
        case Role.MARKETPLACE | Role.ADMIN:
            return True
        case Role.AGENT if actor.id is not None:
            found = await connection.fetchval(
                _OF_CONVERSATION, bucket_of(consumer), conversation, Kind.CONVERSATION, consumer
            )
            desks = await _desks(connection, codec, actor.id, now)
            if found is None or not desks:
                return False
            state: Conversation = codec.state(Kind.CONVERSATION, found)
            return PLATFORM in desks or any(
                _is_part_of(state, case.number, desks) for case in state.cases
            )
        case _:
            return False


async def may_see(
    pool: Pool,
    codec: Codec,
    cases: Cases,
    *,
    actor: Actor,
    consumer: UUID,
    conversation: UUID,
    uploader: Actor,
    said: SaidWith | None,
    now: datetime,
) -> bool:
    """Whether this actor may see this file; as long as no message has it, only its uploader."""
    if actor.role is Role.ADMIN:
        return True
    if said is None:
        return on_behalf_of(actor, consumer=consumer) == uploader
    if actor.role is Role.MARKETPLACE:
        return said.audience is Audience.CONSUMER
    if actor.role is Role.CONSUMER:
        return actor.id == consumer and said.audience is Audience.CONSUMER
    if actor.role is not Role.AGENT or actor.id is None:
        return False
    async with connected(pool) as connection:
        desks = await _desks(connection, codec, actor.id, now)
        if said.audience is Audience.INTERNAL and said.author != actor:
            # A note stays with the desk at which it was written, wherever its author goes.
            theirs: Sequence[Desk] = (said.desk or PLATFORM,)
            author = said.author
            if said.desk is None and author.id is not None and author.role is Role.AGENT:
                theirs = await _desks(connection, codec, author.id, said.at)
            if not set(desks) & set(theirs):
                return False
    if PLATFORM in desks:
        return True
    try:
        seen = await cases.conversation(
            reader=Reader(actor, tuple(desks)), consumer=consumer, conversation=conversation
        )
    except NotSeen:
        return False
    return said.case in seen.cases


def _is_part_of(state: Conversation, number: int, desks: Sequence[Desk]) -> bool:
    case = state.case(number)
    if case is None:
        return False
    return case.owner in desks or (case.referral is not None and case.referral.desk in desks)


async def _desks(connection: Any, codec: Codec, agent: UUID, now: datetime) -> Sequence[Desk]:
    body = await connection.fetchval(_STATE, bucket_of(agent), agent, Kind.AGENT)
    if body is None:
        return ()
    state: AgentState = codec.state(Kind.AGENT, body)
    return state.desks(now)
