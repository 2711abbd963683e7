"""The files of a consumer's own messages."""

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
from oncedesk.http.call import Call
from oncedesk.http.openapi import Download, Upload
from oncedesk.http.parameters import Id
from oncedesk.http.routes import get, post


@post("/attachments", Upload, "attachMine", "A file for a message")
async def attach(
    request: Call,
    kind: SubjectKindQuery,
    subject: SubjectQuery = None,
    part: PartQuery = 0,
    name: FileName = "",
) -> AttachmentShape:
    """For the conversation about this subject, which the message may begin."""
    consumer = request.person
    return await taken(
        request,
        consumer=consumer,
        conversation=conversation_about(consumer, kind, subject, part),
        market=request.principal.market,
        name=name,
    )


@get("/attachments/{attachment:uuid}", Download, "readMyAttachment", "A file of a message")
async def read(request: Call, attachment: Id) -> Stream:
    """Of a message to or from the consumer, or one of theirs that no message names yet."""
    return await handed_out(request, consumer=request.person, attachment=attachment)


ROUTES = (attach, read)
