"""Contacts that the marketplace's back end brings: from its app, by phone, from a regulator."""

from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.conversations.messages import (
    CaseNumber,
    Channel,
    Issue,
    Language,
    Market,
    ReceiveContact,
    Surface,
)
from oncedesk.http.answers import answered
from oncedesk.http.auth.principals import Scope
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import MachineCommand
from oncedesk.http.received import Received, received
from oncedesk.http.routes import post
from oncedesk.http.shapes.words import Attachments, Caption, SubjectShape, subject_of


class NewContact(Body, frozen=True, kw_only=True):
    """What a consumer says or shows. `merchant` and `creator` of an order come from the order.

    `fresh`: the consumer says that it is something else. `case`: the one they are looking at.
    `automatic`: their mail program wrote it.
    """

    consumer: UUID
    subject: SubjectShape
    text: Caption = ""
    market: Market
    channel: Channel
    surface: Surface
    language: Language = ""
    issue: Issue = ""
    fresh: bool = False
    merchant: UUID | None = None
    creator: UUID | None = None
    case: Annotated[CaseNumber, Meta(le=30_000)] | None = None
    automatic: bool = False
    attachments: Attachments = ()


@post("/contacts", MachineCommand, "receiveContact", "A consumer says something")
async def receive_contact(request: Call, data: JSONBody[NewContact]) -> Response[Received]:
    """It joins the open case on the same matter, reopens the one just resolved, or opens one."""
    request.needs(Scope.CONTACTS_WRITE)
    seal = request.seal(data.text)
    command = ReceiveContact(
        consumer=data.consumer,
        subject=subject_of(data.subject),
        market=data.market,
        channel=data.channel,
        surface=data.surface,
        digest=seal.digest,
        length=seal.length,
        language=data.language,
        issue=data.issue,
        fresh=data.fresh,
        merchant=data.merchant,
        creator=data.creator,
        case=data.case,
        automatic=data.automatic,
    )
    done = await request.submit(command, text=data.text, attachments=data.attachments)
    return answered(done, received(done, command.target().id))


ROUTES = (receive_contact,)
