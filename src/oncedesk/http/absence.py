"""Who cannot work any more is away, whatever their last page said of them."""

from uuid import UUID, uuid4

from oncedesk.domain.agents.messages import Presence, SetPresence
from oncedesk.engine.submission import Status
from oncedesk.http.call import Call, why_not
from oncedesk.http.problems import Refused


async def goes_away(request: Call, agent: UUID) -> None:
    """Nothing new comes to the agent, and what they hold goes back to the queue after their grace.

    Whoever is nobody's agent has nothing to leave. Raises `Refused` where it was not accepted.
    """
    submission = request.submission(
        SetPresence(agent=agent, presence=Presence.AWAY), key=str(uuid4())
    )
    # Also while others are turned away: nobody is kept from leaving.
    answer = await request.service.parts.engine.send(submission)
    if answer.status is not Status.ACCEPTED and answer.code != "agent_unknown":
        raise Refused(why_not(answer, submission.id))
