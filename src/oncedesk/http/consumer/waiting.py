"""How long it takes until a person answers, told before anybody has to ask."""

from uuid import UUID

import msgspec

from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, desk_ref
from oncedesk.http.call import Call
from oncedesk.http.openapi import Question
from oncedesk.http.parameters import Id, PartWanted
from oncedesk.http.routes import get
from oncedesk.http.shapes.cases import Count
from oncedesk.storage.views.readers import NotSeen


class WaitShape(msgspec.Struct, frozen=True, kw_only=True):
    """So many seconds, in steps, as the desk shows it; none while nobody is there."""

    seconds: Count | None


@get("/orders/{order:uuid}/wait", Question, "readMyWait", "How long it takes to reach a person")
async def wait(request: Call, order: Id, part: PartWanted = 1) -> WaitShape:
    """About this part: at its merchant's desk if somebody is there, else at the platform's."""
    seen = await request.views.orders.order(
        reader=request.reader, consumer=request.person, order=order
    )
    bought = next((one for one in seen.state.parts if one.number == part), None)
    if bought is None:
        raise NotSeen
    refs = [desk_ref(desk) for desk in _desks(bought.merchant)]
    stored = await request.service.parts.store.load(refs)
    states = [stored[ref.id].state for ref in refs if ref.id in stored]
    there = [one for one in states if isinstance(one, DeskState) and one.open and one.staffed]
    return WaitShape(seconds=there[0].oldest_wait_seconds if there else None)


def _desks(merchant: UUID | None) -> tuple[Desk, ...]:
    return (PLATFORM,) if merchant is None else (Desk(DeskKind.MERCHANT, merchant), PLATFORM)


ROUTES = (wait,)
