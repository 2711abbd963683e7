"""The files of a case's messages, as a desk brings and sees them."""

from litestar.response import Stream

from oncedesk.http.attachments import AttachmentShape, FileName, handed_out, taken
from oncedesk.http.call import Call
from oncedesk.http.openapi import Download, Upload
from oncedesk.http.parameters import Id
from oncedesk.http.routes import get, post

_ATTACHMENTS = "/cases/{consumer:uuid}/{conversation:uuid}/attachments"


@post(_ATTACHMENTS, Upload, "attachToCase", "A file for a message")
async def attach(
    request: Call, consumer: Id, conversation: Id, name: FileName = ""
) -> AttachmentShape:
    """For a message of the agent's own, in this conversation."""
    seen = await request.views.cases.conversation(
        reader=request.reader, consumer=consumer, conversation=conversation
    )
    return await taken(
        request,
        consumer=consumer,
        conversation=conversation,
        market=seen.state.market,
        name=name,
    )


@get(_ATTACHMENTS + "/{attachment:uuid}", Download, "readCaseAttachment", "A file of a message")
async def read(request: Call, consumer: Id, conversation: Id, attachment: Id) -> Stream:
    """Of a message that the agent may read, or one of theirs that no message names yet."""
    await request.views.cases.conversation(
        reader=request.reader, consumer=consumer, conversation=conversation
    )
    return await handed_out(request, consumer=consumer, attachment=attachment)


ROUTES = (attach, read)
