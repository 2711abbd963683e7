"""A conversation of the consumer's, kept up to date while they look at it."""

from litestar.response import Stream

from oncedesk.http.auth.sessions import SessionKind
from oncedesk.http.call import Call
from oncedesk.http.live import position, stream
from oncedesk.http.openapi import Events
from oncedesk.http.parameters import Id
from oncedesk.http.routes import get
from oncedesk.http.shapes.attending import WritingShape, writing_shape
from oncedesk.http.shapes.cases import MessageShape
from oncedesk.http.shapes.help import HelpConversation, help_conversation
from oncedesk.http.thread_updates import Others, ThreadUpdates
from oncedesk.storage.live import state_mark
from oncedesk.storage.views.cases import SeenConversation
from oncedesk.storage.views.readers import Reader


@get(
    "/conversations/{conversation:uuid}/updates",
    Events,
    "watchMyConversation",
    "One of my conversations, live",
    tells={"message": MessageShape, "conversation": HelpConversation, "writing": WritingShape},
)
async def watch(request: Call, conversation: Id) -> Stream:
    """Each `message` from the beginning, or from behind the last that was received, and then
    `conversation`, how it stands, whenever that has changed; `writing`: somebody writes to me."""
    parts = request.service.parts
    attending = parts.attending

    async def shape(seen: SeenConversation) -> HelpConversation:
        names = await request.views.public_names.in_conversations((seen,))
        now = parts.engine.clock()
        packs = parts.library.at(now)
        return help_conversation(seen, packs=packs, names=names, now=now)

    def others(seen: SeenConversation, reader: Reader) -> WritingShape:
        return writing_shape(attending.at(conversation), seen, reader)

    updates = ThreadUpdates(
        request.views,
        consumer=request.person,
        conversation=conversation,
        after=position(request),
        shape=shape,
        others=Others("writing", others, WritingShape()),
    )
    marks = [state_mark(conversation)]
    return await stream(request, SessionKind.CONSUMER, marks=marks, look=updates.look)


ROUTES = (watch,)
