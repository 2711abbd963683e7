"""At which desks somebody answers for others."""

from collections.abc import Collection

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.shared.refs import Desk, agent_ref
from oncedesk.http.auth.principals import Kind
from oncedesk.http.call import Call
from oncedesk.http.problems import Refused, problem


async def supervised(request: Call) -> Collection[Desk]:
    """The desks at which the asking agent is a supervisor now. An admin's are not listed."""
    agent = request.person
    stored = (await request.service.parts.store.load((agent_ref(agent),))).get(agent)
    if stored is None or not isinstance(stored.state, AgentState):
        return ()
    now = request.now
    return [desk for desk in stored.state.desks(now) if stored.state.supervises(desk, now)]


async def needs_supervisor(request: Call, *desks: Desk) -> None:
    """Raises `Refused` unless the asker supervises one of these desks, or is an admin."""
    if request.principal.kind is Kind.ADMIN:
        return
    mine = await supervised(request)
    if not any(desk in mine for desk in desks):
        raise Refused(problem("not_allowed", "a supervisor, or an admin"))
