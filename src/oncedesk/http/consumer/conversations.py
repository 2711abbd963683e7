"""What a consumer says and reads, about what is theirs."""

from typing import Annotated, Literal
from uuid import UUID

from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.conversations.messages import (
    CaseNumber,
    Channel,
    ConfirmSolved,
    Issue,
    Language,
    ReceiveContact,
    ReopenCase,
    RequestCallBack,
    Surface,
    WithdrawClaim,
)
from oncedesk.domain.shared.decider import Command as DomainCommand
from oncedesk.http.answers import Accepted, answered, versioned
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.cursors import LIMIT_MAX, Page
from oncedesk.http.openapi import Command, Question
from oncedesk.http.parameters import LIMIT, After, CasePath, Cursor, Id, Limit
from oncedesk.http.received import Received, received
from oncedesk.http.routes import get, post
from oncedesk.http.shapes.cases import Messages, messages_shape
from oncedesk.http.shapes.entries import EntriesShape
from oncedesk.http.shapes.help import HelpConversation, help_conversation
from oncedesk.http.shapes.rating import Rated, rating_of
from oncedesk.http.shapes.words import Attachments, Caption, SubjectShape, subject_of
from oncedesk.http.threads import read_entries
from oncedesk.storage.views.cases import ByTime, SeenConversation

_CASE = "/conversations/{conversation:uuid}/cases/{case:int}"


class Said(Body, frozen=True, kw_only=True):
    """What the consumer says or shows. `fresh`: it is something else. `case`: the one they look
    at."""

    subject: SubjectShape
    text: Caption = ""
    surface: Surface = Surface.ORDER
    channel: Literal["app_chat", "web"] = "web"
    language: Language = ""
    issue: Issue = ""
    fresh: bool = False
    merchant: UUID | None = None
    creator: UUID | None = None
    case: Annotated[CaseNumber, Meta(le=30_000)] | None = None
    attachments: Attachments = ()


@post("/contacts", Command, "say", "Say something")
async def say(request: Call, data: JSONBody[Said]) -> Response[Received]:
    """It joins the open case on the same matter, reopens the one just resolved, or opens one."""
    principal = request.principal
    seal = request.seal(data.text)
    command = ReceiveContact(
        consumer=request.person,
        subject=subject_of(data.subject),
        market=principal.market,
        channel=Channel(data.channel),
        surface=data.surface,
        digest=seal.digest,
        length=seal.length,
        language=data.language or principal.language,
        issue=data.issue,
        fresh=data.fresh,
        merchant=data.merchant,
        creator=data.creator,
        case=data.case,
    )
    done = await request.submit(command, text=data.text, attachments=data.attachments)
    return answered(done, received(done, command.target().id))


@get("/conversations", Question, "listMyConversations", "My conversations")
async def list_mine(
    request: Call, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[HelpConversation]:
    """The last changed first."""
    found = await request.views.cases.of_consumer(
        reader=request.reader,
        consumer=request.person,
        after=request.position(ByTime, cursor),
        limit=limit,
    )
    last = None
    if found and found[-1].at is not None:
        last = ByTime(found[-1].at, found[-1].ref.id)
    now = request.now
    packs = request.service.parts.library.at(now)
    names = await request.views.public_names.in_conversations(found)
    shapes = [help_conversation(one, packs=packs, names=names, now=now) for one in found]
    return request.page(shapes, limit, last)


@get(
    "/conversations/{conversation:uuid}", Question, "readMyConversation", "One of my conversations"
)
async def read(request: Call, conversation: Id) -> Response[HelpConversation]:
    """Where it stands, and what comes by when."""
    seen = await _seen(request, conversation)
    now = request.now
    packs = request.service.parts.library.at(now)
    names = await request.views.public_names.in_conversations((seen,))
    return versioned(help_conversation(seen, packs=packs, names=names, now=now), seen.version)


@get("/conversations/{conversation:uuid}/messages", Question, "readMyMessages", "What was said")
async def messages(
    request: Call, conversation: Id, after: After = 0, limit: Limit = LIMIT_MAX
) -> Messages:
    """In its order, from behind a version on."""
    seen = await _seen(request, conversation)
    reader = request.reader
    found = await request.views.thread.page(reader=reader, seen=seen, after=after, limit=limit)
    return messages_shape(found, reader, after=after, limit=limit)


@get(
    "/conversations/{conversation:uuid}/entries",
    Question,
    "readMyEntries",
    "What stands between the messages",
)
async def entries(
    request: Call, conversation: Id, after: After = 0, limit: Limit = LIMIT_MAX
) -> EntriesShape:
    """Who has it now, what I am told, how it ended: as codes, by the versions of the messages."""
    return await read_entries(
        request, consumer=request.person, conversation=conversation, after=after, limit=limit
    )


@post(_CASE + "/withdrawal", Command, "withdrawMine", "I want nothing more")
async def withdraw(request: Call, conversation: Id, case: CasePath) -> Response[Accepted]:
    """The case ends; one tap opens it again. Not while a remedy in it waits for a person."""
    command = WithdrawClaim(consumer=request.person, conversation=conversation, case=case)
    return await _done(request, command)


@post(_CASE + "/confirmation", Command, "confirmMine", "Solved? Yes")
async def confirm(request: Call, conversation: Id, case: CasePath) -> Response[Accepted]:
    """It is solved."""
    command = ConfirmSolved(consumer=request.person, conversation=conversation, case=case)
    return await _done(request, command)


@post(_CASE + "/reopening", Command, "reopenMine", "Solved? Not yet")
async def reopen(request: Call, conversation: Id, case: CasePath) -> Response[Accepted]:
    """The same case goes on with all its history."""
    command = ReopenCase(consumer=request.person, conversation=conversation, case=case)
    return await _done(request, command)


@post(_CASE + "/rating", Command, "rateMine", "How the service was")
async def rate(
    request: Call, conversation: Id, case: CasePath, data: JSONBody[Rated]
) -> Response[Accepted]:
    """Once the case is over, for some days; it can be changed for a day."""
    command = rating_of(data, consumer=request.person, conversation=conversation, case=case)
    return await _done(request, command)


@post(_CASE + "/call-back", Command, "requestMyCallBack", "Call me")
async def call_back(request: Call, conversation: Id, case: CasePath) -> Response[Accepted]:
    """Where a surge offers it."""
    command = RequestCallBack(consumer=request.person, conversation=conversation, case=case)
    return await _done(request, command)


async def _seen(request: Call, conversation: UUID) -> SeenConversation:
    return await request.views.cases.conversation(
        reader=request.reader, consumer=request.person, conversation=conversation
    )


async def _done(request: Call, command: DomainCommand) -> Response[Accepted]:
    """What it came to inside is not the consumer's to read."""
    done = await request.submit(command)
    content = Accepted(command_id=done.command_id, version=done.version, at=done.at)
    return answered(done, content)


ROUTES = (say, list_mine, read, messages, entries, withdraw, confirm, reopen, rate, call_back)
