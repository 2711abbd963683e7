"""What the marketplace's back end reads of conversations, and says in a consumer's name."""

from litestar import Response
from litestar.params import JSONBody

from oncedesk.domain.conversations.messages import (
    Channel,
    ConfirmSolved,
    ReopenCase,
    RequestCallBack,
    WithdrawClaim,
)
from oncedesk.http.answers import Accepted, accepted, versioned
from oncedesk.http.auth.principals import Scope
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.cursors import LIMIT_MAX, Page
from oncedesk.http.openapi import MachineCommand, Question
from oncedesk.http.parameters import LIMIT, After, CasePath, Cursor, Id, Limit
from oncedesk.http.routes import get, post
from oncedesk.http.shapes.cases import (
    ConversationShape,
    Messages,
    StoryShape,
    conversation_shape,
    messages_shape,
)
from oncedesk.http.shapes.rating import Rated, rating_of
from oncedesk.http.stories import story_shape
from oncedesk.http.threads import conversations_of

_CONVERSATION = "/consumers/{consumer:uuid}/conversations/{conversation:uuid}"
_CASE = _CONVERSATION + "/cases/{case:int}"


class Reopening(Body, frozen=True, kw_only=True):
    """By which way the consumer said that it is not solved."""

    channel: Channel = Channel.API


@get(
    "/consumers/{consumer:uuid}/conversations",
    Question,
    "listConversations",
    "A consumer's conversations",
)
async def list_conversations(
    request: Call, consumer: Id, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[ConversationShape]:
    """The last changed first."""
    request.needs(Scope.CASES_READ)
    return await conversations_of(request, consumer=consumer, cursor=cursor, limit=limit)


@get(_CONVERSATION, Question, "readConversation", "A conversation and its cases")
async def read(request: Call, consumer: Id, conversation: Id) -> Response[ConversationShape]:
    """Where its cases stand, who has them, and which clocks run."""
    request.needs(Scope.CASES_READ)
    seen = await request.views.cases.conversation(
        reader=request.reader, consumer=consumer, conversation=conversation
    )
    return versioned(conversation_shape(seen), seen.version)


@get(_CONVERSATION + "/messages", Question, "readMessages", "What was said in a conversation")
async def messages(
    request: Call, consumer: Id, conversation: Id, after: After = 0, limit: Limit = LIMIT_MAX
) -> Messages:
    """In its order, from behind a version on."""
    request.needs(Scope.CASES_READ)
    reader = request.reader
    seen = await request.views.cases.conversation(
        reader=reader, consumer=consumer, conversation=conversation
    )
    found = await request.views.thread.page(reader=reader, seen=seen, after=after, limit=limit)
    return messages_shape(found, reader, after=after, limit=limit)


@get(_CONVERSATION + "/story", Question, "readConversationStory", "How it came to this")
async def story(
    request: Call, consumer: Id, conversation: Id, after: After = 0, limit: Limit = LIMIT
) -> StoryShape:
    """Who did what, when, by which rule, and what it came to. Without texts."""
    request.needs(Scope.CASES_READ)
    reader = request.reader
    seen = await request.views.cases.conversation(
        reader=reader, consumer=consumer, conversation=conversation
    )
    chapter = await request.views.story.of_cases(reader=reader, seen=seen, after=after, limit=limit)
    return await story_shape(request, chapter)


@post(
    _CASE + "/withdrawal", MachineCommand, "withdrawForConsumer", "The consumer wants nothing more"
)
async def withdraw(
    request: Call, consumer: Id, conversation: Id, case: CasePath
) -> Response[Accepted]:
    """In the consumer's name; nobody else can say so."""
    request.needs(Scope.CONTACTS_WRITE)
    command = WithdrawClaim(consumer=consumer, conversation=conversation, case=case)
    return accepted(await request.submit(command))


@post(
    _CASE + "/confirmation",
    MachineCommand,
    "confirmSolvedForConsumer",
    "The consumer says that it is solved",
)
async def confirm(
    request: Call, consumer: Id, conversation: Id, case: CasePath
) -> Response[Accepted]:
    """In the consumer's name."""
    request.needs(Scope.CONTACTS_WRITE)
    command = ConfirmSolved(consumer=consumer, conversation=conversation, case=case)
    return accepted(await request.submit(command))


@post(
    _CASE + "/reopening",
    MachineCommand,
    "reopenForConsumer",
    "The consumer says that it is not solved",
)
async def reopen(
    request: Call,
    consumer: Id,
    conversation: Id,
    case: CasePath,
    data: JSONBody[Reopening],
) -> Response[Accepted]:
    """In the consumer's name: the same case goes on with all its history."""
    request.needs(Scope.CONTACTS_WRITE)
    command = ReopenCase(
        consumer=consumer, conversation=conversation, case=case, channel=data.channel
    )
    return accepted(await request.submit(command))


@post(_CASE + "/rating", MachineCommand, "rateForConsumer", "How the consumer found the service")
async def rate(
    request: Call,
    consumer: Id,
    conversation: Id,
    case: CasePath,
    data: JSONBody[Rated],
) -> Response[Accepted]:
    """In the consumer's name, once the case is over; it can be changed for a day."""
    request.needs(Scope.CONTACTS_WRITE)
    command = rating_of(data, consumer=consumer, conversation=conversation, case=case)
    return accepted(await request.submit(command))


@post(
    _CASE + "/call-back",
    MachineCommand,
    "requestCallBackForConsumer",
    "The consumer wants to be called",
)
async def call_back(
    request: Call, consumer: Id, conversation: Id, case: CasePath
) -> Response[Accepted]:
    """In the consumer's name, where a surge offers it."""
    request.needs(Scope.CONTACTS_WRITE)
    command = RequestCallBack(consumer=consumer, conversation=conversation, case=case)
    return accepted(await request.submit(command))


ROUTES = (
    list_conversations,
    read,
    messages,
    story,
    withdraw,
    confirm,
    reopen,
    rate,
    call_back,
)
