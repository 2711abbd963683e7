"""What agents read of cases and orders: as far as a desk of theirs is part of it."""

from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody

from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.orders.messages import MoveEstimate
from oncedesk.domain.orders.state import OrderState, Part
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.http.answers import Accepted, accepted, versioned
from oncedesk.http.call import Call
from oncedesk.http.cursors import LIMIT_MAX, Page
from oncedesk.http.openapi import Command, Question
from oncedesk.http.ordering import read_order
from oncedesk.http.parameters import LIMIT, After, Cursor, Id, Limit
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get, post
from oncedesk.http.shapes.cases import (
    ConversationShape,
    Count,
    Messages,
    Number,
    StoryShape,
    conversation_shape,
    messages_shape,
)
from oncedesk.http.shapes.entries import EntriesShape
from oncedesk.http.shapes.orders import (
    Amendment,
    Estimate,
    OrderShape,
    amend_promise,
)
from oncedesk.http.stories import story_shape
from oncedesk.http.threads import conversations_of, read_entries
from oncedesk.storage.views.orders import SeenOrder
from oncedesk.storage.views.readers import NotSeen, Reader

_CONVERSATION = "/cases/{consumer:uuid}/{conversation:uuid}"
_ORDER = "/orders/{consumer:uuid}/{order:uuid}"


class OrderCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case about a part of an order; part 0: about the order as a whole."""

    conversation: UUID
    case: Number
    part: Count


class OrderCases(msgspec.Struct, frozen=True):
    """The first part's first, the oldest first."""

    items: tuple[OrderCase, ...]


@get(
    "/consumers/{consumer:uuid}/conversations",
    Question,
    "listConsumersConversations",
    "A consumer's conversations",
)
async def conversations(
    request: Call, consumer: Id, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[ConversationShape]:
    """The last changed first; for the platform's people. What others see goes by the case."""
    return await conversations_of(request, consumer=consumer, cursor=cursor, limit=limit)


@get(_CONVERSATION, Question, "readCases", "The cases of a conversation")
async def read(request: Call, consumer: Id, conversation: Id) -> Response[ConversationShape]:
    """Those that a desk of the agent's is or was part of, and how they stand."""
    seen = await request.views.cases.conversation(
        reader=request.reader, consumer=consumer, conversation=conversation
    )
    return versioned(conversation_shape(seen), seen.version)


@get(_CONVERSATION + "/messages", Question, "readCaseMessages", "What was said")
async def messages(
    request: Call, consumer: Id, conversation: Id, after: After = 0, limit: Limit = LIMIT_MAX
) -> Messages:
    """To the consumer and among the desks, and the notes of one's own desk; from a version on."""
    reader = request.reader
    seen = await request.views.cases.conversation(
        reader=reader, consumer=consumer, conversation=conversation
    )
    found = await request.views.thread.page(reader=reader, seen=seen, after=after, limit=limit)
    return messages_shape(found, reader, after=after, limit=limit)


@get(_CONVERSATION + "/story", Question, "readCaseStory", "How it came to this")
async def story(
    request: Call, consumer: Id, conversation: Id, after: After = 0, limit: Limit = LIMIT
) -> StoryShape:
    """Who did what, when, by which rule, and what it came to. Without texts."""
    reader = request.reader
    seen = await request.views.cases.conversation(
        reader=reader, consumer=consumer, conversation=conversation
    )
    chapter = await request.views.story.of_cases(reader=reader, seen=seen, after=after, limit=limit)
    return await story_shape(request, chapter)


@get(_CONVERSATION + "/entries", Question, "readCaseEntries", "What stands between the messages")
async def entries(
    request: Call, consumer: Id, conversation: Id, after: After = 0, limit: Limit = LIMIT_MAX
) -> EntriesShape:
    """Who has it now and had it, and what was missed: as codes, by the messages' versions."""
    return await read_entries(
        request, consumer=consumer, conversation=conversation, after=after, limit=limit
    )


@get(_ORDER, Question, "readDeskOrder", "An order")
async def order(request: Call, consumer: Id, order: Id) -> Response[OrderShape]:
    """For a merchant's desk their part of it, without what was paid."""
    return await read_order(request, consumer=consumer, order=order)


@get(_ORDER + "/cases", Question, "listCasesOfOrder", "Where an order is talked about")
async def cases_of_order(request: Call, consumer: Id, order: Id) -> OrderCases:
    """The cases about its parts, and about it as a whole, that a desk of the agent's is part of."""
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    found: list[OrderCase] = []
    for part in (*sorted(seen.parts), 0):
        subject = Subject(SubjectKind.ORDER, order, part)
        conversation = conversation_id(consumer=consumer, subject=subject)
        try:
            one = await request.views.cases.conversation(
                reader=request.reader, consumer=consumer, conversation=conversation
            )
        except NotSeen:
            continue
        found += [
            OrderCase(conversation=conversation, case=number, part=part)
            for number in sorted(one.cases)
        ]
    return OrderCases(tuple(found))


@post(_ORDER + "/amendments", Command, "passOnConsent", "The consumer agreed to something else")
async def amend(
    request: Call, consumer: Id, order: Id, data: JSONBody[Amendment]
) -> Response[Accepted]:
    """By a message of theirs about this part, or the order as a whole, that the agent may read.
    What was promised first stays on record."""
    seen = await _of_part(request, consumer, order, data.part)
    if data.consent is not None and not await _agreed(request, seen.state, data.part, data.consent):
        said = "a message of the consumer's about this part"
        raise Refused(problem("consent_missing", said, field="consent"))
    command = amend_promise(consumer=consumer, order=order, data=data)
    return accepted(await request.submit(command))


@post(_ORDER + "/estimates", Command, "passOnEstimate", "A part is expected at another time")
async def estimate(
    request: Call, consumer: Id, order: Id, data: JSONBody[Estimate]
) -> Response[Accepted]:
    """What was promised stays. Only who brings the part, or the platform, knows when it comes; to
    its creator it looks as if there were none."""
    seen = await _of_part(request, consumer, order, data.part)
    if not _answers_for(request.reader, seen.state.part(data.part)):
        raise NotSeen
    command = MoveEstimate(
        consumer=consumer, order=order, part=data.part, estimate_at=data.estimate_at
    )
    return accepted(await request.submit(command))


async def _of_part(request: Call, consumer: UUID, order: UUID, part: int) -> SeenOrder:
    """The order. Another merchant's part looks as if there were none. Raises `NotSeen`."""
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    if part not in seen.parts:
        raise NotSeen
    return seen


def _answers_for(reader: Reader, part: Part | None) -> bool:
    """Whether this is the part's merchant, or somebody who sees everything."""
    if reader.sees_all:
        return True
    if part is None or part.merchant is None:
        return False
    return reader.belongs_to((Desk(DeskKind.MERCHANT, part.merchant),))


async def _agreed(request: Call, order: OrderState, part: int, consent: UUID) -> bool:
    """Whether this is the consumer's own message, since they ordered, as the row has it."""
    assert order.placed_at is not None
    for about in (part, 0):
        subject = Subject(SubjectKind.ORDER, order.order, about)
        conversation = conversation_id(consumer=order.consumer, subject=subject)
        try:
            seen = await request.views.cases.conversation(
                reader=request.reader, consumer=order.consumer, conversation=conversation
            )
        except NotSeen:
            continue
        at = await request.views.thread.said_at(seen=seen, message=consent)
        if at is not None:
            return at >= order.placed_at
    return False


ROUTES = (conversations, read, cases_of_order, messages, story, entries, order, amend, estimate)
