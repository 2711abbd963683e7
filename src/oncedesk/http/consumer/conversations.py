"""What a consumer says and reads, about what is theirs."""

from typing import Annotated
from uuid import UUID

from litestar import Response, post
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.conversations.messages import (
    CaseNumber,
    Channel,
    Issue,
    Language,
    ReceiveContact,
    Surface,
)
from oncedesk.http.answers import answered
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import Command
from oncedesk.http.received import Received, received
from oncedesk.http.shapes import SubjectShape, Text, subject_of


class Said(Body, frozen=True, kw_only=True):
    """What the consumer says. `fresh`: it is something else. `case`: the one they look at."""

    subject: SubjectShape
    text: Text
    surface: Surface = Surface.ORDER
    channel: Annotated[Channel, Meta(description="app_chat or web")] = Channel.WEB
    language: Language = ""
    issue: Issue = ""
    fresh: bool = False
    merchant: UUID | None = None
    creator: UUID | None = None
    case: Annotated[CaseNumber, Meta(le=30_000)] | None = None


@post(
    "/contacts",
    status_code=200,
    operation_id="say",
    operation_class=Command,
    summary="Say something",
)
async def say(request: Call, data: JSONBody[Said]) -> Response[Received]:
    """It joins the open case on the same matter, reopens the one just resolved, or opens one."""
    principal = request.principal
    assert principal.actor.id is not None, "a consumer is somebody"
    seal = request.service.parts.engine.entry.seal(data.text)
    command = ReceiveContact(
        consumer=principal.actor.id,
        subject=subject_of(data.subject),
        market=principal.market,
        # A phone call or a regulator's letter is nothing that a page can bring.
        channel=Channel.APP_CHAT if data.channel is Channel.APP_CHAT else Channel.WEB,
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
    done = await request.submit(command, text=data.text)
    return answered(done, received(done, command.target().id))


ROUTES = (say,)
