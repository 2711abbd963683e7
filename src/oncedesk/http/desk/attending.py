"""An agent says that they are at a case: whoever else is there sees it."""

from litestar.params import JSONBody

from oncedesk.domain.conversations.messages import Audience
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.desk.giving import CASE
from oncedesk.http.openapi import Plain
from oncedesk.http.parameters import CasePath, Id
from oncedesk.http.routes import post
from oncedesk.storage.attending import LASTS, Attendant, Doing
from oncedesk.storage.views.cases import SeenConversation
from oncedesk.storage.views.readers import Reader


class Sign(Body, frozen=True, kw_only=True):
    """What the agent does there; `audience` is for whom they write."""

    doing: Doing = Doing.LOOKING
    audience: Audience = Audience.INTERNAL


@post(CASE + "/attending", Plain, "attendCase", "I am looking, or writing", status=204)
async def attend(
    request: Call, consumer: Id, conversation: Id, case: CasePath, data: JSONBody[Sign]
) -> None:
    """It lasts for twenty seconds: repeat it every ten, and say when you are `gone`. The consumer
    is told only that somebody writes to them. Nothing of it is kept."""
    reader = request.reader
    seen = await request.views.cases.case(
        reader=reader, consumer=consumer, conversation=conversation, case=case
    )
    await request.service.parts.attending.tell(
        Attendant(
            conversation=conversation,
            who=request.person,
            role=reader.actor.role,
            doing=data.doing,
            until=request.now + LASTS,
            case=case,
            desk=str(_in_whose_name(reader, seen, case)),
            audience=data.audience,
        )
    )


def _in_whose_name(reader: Reader, seen: SeenConversation, number: int) -> Desk:
    """The desk of theirs that has most to do with the case."""
    case = seen.state.case(number)
    nearest = [] if case is None else [case.owner]
    if case is not None and case.referral is not None:
        nearest += [case.referral.desk, case.referral.back_to]
    mine = [desk for desk in (*nearest, PLATFORM) if desk in reader.desks]
    return next(iter((*mine, *reader.desks)), PLATFORM)


ROUTES = (attend,)
