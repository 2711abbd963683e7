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
    await refuse_strange_case(request, command)
    done = await request.submit(command, text=text, attachments=attachments)
    return accepted(as_told(request, done))


async def refuse_strange_case(request: Call, command: AgentCommand) -> None:
    """Raises `NotSeen` for a case that is none of their desk's."""
    await request.views.cases.case(
        reader=request.reader,
        consumer=command.consumer,
        conversation=command.conversation,
        case=command.case,
    )


def as_told(request: Call, done: Done) -> Done:
    """What became of it, without what the gate noticed: whoever is watched need not know."""
    if request.reader.sees_all:
        return done
    told = tuple(event for event in done.events if type(event) is not MessageFlagged)
    return replace(done, events=told)


def sealed(request: Call, text: str) -> Sealed:
    """What a command carries in place of this text."""
    return request.service.parts.engine.entry.seal(text)
