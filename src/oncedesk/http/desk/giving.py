"""How a command about a case is given: only of a case that this agent may see."""

from collections.abc import Sequence
from uuid import UUID

from litestar import Response
from msgspec.structs import replace

from oncedesk.domain.conversations.messages import AgentCommand, MessageFlagged
from oncedesk.engine.entry import Sealed
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.call import Call, Done

CASE = "/cases/{consumer:uuid}/{conversation:uuid}/{case:int}"


async def given(
    request: Call,
    command: AgentCommand,
    text: str | None = None,
    attachments: Sequence[UUID] = (),
) -> Response[Accepted]:
    """What became of it. Of a case that is none of their desk's there is none: `NotSeen`."""
    done = await give(request, command, text=text, attachments=attachments)
    if not request.reader.sees_all:
        # Whoever is watched need not know.
        told = tuple(event for event in done.events if type(event) is not MessageFlagged)
        done = replace(done, events=told)
    return accepted(done)


async def give(
    request: Call,
    command: AgentCommand,
    *,
    text: str | None = None,
    attachments: Sequence[UUID] = (),
    key: str | None = None,
) -> Done:
    """The same, for those who answer in their own way. `key` in the place of the request's own."""
    await request.views.cases.case(
        reader=request.reader,
        consumer=command.consumer,
        conversation=command.conversation,
        case=command.case,
    )
    return await request.submit(command, text=text, attachments=attachments, key=key)


def sealed(request: Call, text: str) -> Sealed:
    """What a command carries in place of this text."""
    return request.service.parts.engine.entry.seal(text)
