"""A consumer writes: whoever has the case at a desk sees that there is more to come."""

from litestar.params import JSONBody

from oncedesk.domain.conversations.messages import Audience
from oncedesk.domain.shared.decider import Role
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import Plain
from oncedesk.http.parameters import Id
from oncedesk.http.routes import post
from oncedesk.storage.attending import LASTS, Attendant, Doing


class Writing(Body, frozen=True, kw_only=True):
    """Whether the consumer goes on writing, or has stopped."""

    writing: bool = True


@post(
    "/conversations/{conversation:uuid}/writing", Plain, "sayThatIWrite", "I am writing", status=204
)
async def write(request: Call, conversation: Id, data: JSONBody[Writing]) -> None:
    """It lasts for twenty seconds: repeat it every ten while you write. Nothing of it is kept."""
    consumer = request.person
    await request.views.cases.conversation(
        reader=request.reader, consumer=consumer, conversation=conversation
    )
    await request.service.parts.attending.tell(
        Attendant(
            conversation=conversation,
            who=consumer,
            role=Role.CONSUMER,
            doing=Doing.WRITING if data.writing else Doing.GONE,
            until=request.now + LASTS,
            audience=Audience.CONSUMER,
        )
    )


ROUTES = (write,)
