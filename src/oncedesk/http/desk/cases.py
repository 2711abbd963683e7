"""What agents do with cases."""

from typing import Annotated
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath, JSONBody, PathParameter

from oncedesk.domain.conversations.messages import Audience, PostMessage
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import Command
from oncedesk.http.shapes import Text

Number = Annotated[int, PathParameter(ge=1, le=30_000)]


class Words(Body, frozen=True, kw_only=True):
    """What is said, and to whom."""

    audience: Audience
    text: Text


@post(
    "/cases/{consumer:uuid}/{conversation:uuid}/{case:int}/messages",
    status_code=200,
    operation_id="postMessage",
    operation_class=Command,
    summary="Say something on a case",
)
async def post_message(
    request: Call,
    consumer: FromPath[UUID],
    conversation: FromPath[UUID],
    case: Number,
    data: JSONBody[Words],
) -> Response[Accepted]:
    """To the consumer it is the answer that was owed; to desks or as a note it is none."""
    seal = request.service.parts.engine.entry.seal(data.text)
    command = PostMessage(
        consumer=consumer,
        conversation=conversation,
        case=case,
        agent=request.acting_agent,
        audience=data.audience,
        digest=seal.digest,
        length=seal.length,
    )
    return accepted(await request.submit(command, text=data.text))


ROUTES = (post_message,)
