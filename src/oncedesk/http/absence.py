"""Who cannot work any more is away, whatever their last page said of them."""

from uuid import UUID, uuid4

from oncedesk.domain.agents.messages import CancelShift, Presence, SetPresence
from oncedesk.domain.shared.decider import Command
from oncedesk.engine.submission import Status
from oncedesk.http.call import Call, why_not
from oncedesk.http.problems import Refused
from oncedesk.storage.views.readers import NotSeen


async def goes_away(request: Call, agent: UUID) -> None:
    """Nothing new comes to the agent, and what they hold goes back to the queue after their grace.

    Whoever is nobody's agent has nothing to leave. Raises `Refused` where it was not accepted.
    """
    await _say(request, SetPresence(agent=agent, presence=Presence.AWAY))


async def comes_no_more(request: Call, agent: UUID) -> None:
    """They are away, the shift that runs is over, and none that was planned takes place: nobody
    counts on them. Raises `Refused` where it was not accepted."""
    try:
        found = await request.views.administration.agent(reader=request.reader, agent=agent)
    except NotSeen:
        return
    for shift in found.state.shifts:
        await _say(request, CancelShift(agent=agent, starts_at=shift.starts_at))
    await goes_away(request, agent)


async def _say(request: Call, command: Command) -> None:
    submission = request.submission(command, key=str(uuid4()))
    # Also while others are turned away: nobody is kept from leaving.
    answer = await request.service.parts.engine.send(submission)
    if answer.status is not Status.ACCEPTED and answer.code != "agent_unknown":
        raise Refused(why_not(answer, submission.id))
