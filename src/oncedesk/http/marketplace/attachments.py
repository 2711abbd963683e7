"""The files of consumers' messages, as the marketplace's back end brings and fetches them."""

from typing import Annotated

from litestar.params import QueryParameter
from litestar.response import Stream

from oncedesk.http.attachments import (
    AttachmentShape,
    FileName,
    PartQuery,
    SubjectKindQuery,
    SubjectQuery,
    conversation_about,
    handed_out,
    taken,
)
from oncedesk.http.auth.principals import Scope
from oncedesk.http.call import Call
from oncedesk.http.openapi import Download, Upload
from oncedesk.http.parameters import Id
from oncedesk.http.routes import get, post

_ATTACHMENTS = "/consumers/{consumer:uuid}/attachments"
MarketName = Annotated[str, QueryParameter(pattern=r"^[a-z0-9_-]{1,16}$(?!\n)", max_length=16)]


@post(_ATTACHMENTS, Upload, "attachForConsumer", "A file for a consumer's message")
async def attach(
    request: Call,
    consumer: Id,
    kind: SubjectKindQuery,
    market: MarketName,
    subject: SubjectQuery = None,
    part: PartQuery = 0,
    name: FileName = "",
) -> AttachmentShape:
    """For the conversation about this subject, which the message may begin."""
    request.needs(Scope.CONTACTS_WRITE)
    return await taken(
        request,
        consumer=consumer,
        conversation=conversation_about(consumer, kind, subject, part),
        market=market,
        name=name,
    )


@get(_ATTACHMENTS + "/{attachment:uuid}", Download, "readAttachment", "A file of a message")
async def read(request: Call, consumer: Id, attachment: Id) -> Stream:
    """Of a message between the consumer and us."""
    request.needs(Scope.CASES_READ)
    return await handed_out(request, consumer=consumer, attachment=attachment)


ROUTES = (attach, read)
