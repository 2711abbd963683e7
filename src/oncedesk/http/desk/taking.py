"""Why somebody would not get a case that they take, or that is given to them: said at once. For
what is only on its way out of their hands they are given it a moment later.
"""

import asyncio
from uuid import UUID

from oncedesk.domain.agents.messages import GiveCase, PickCase
from oncedesk.domain.conversations.assigning import why_declined
from oncedesk.domain.conversations.messages import DeclineReason
from oncedesk.domain.conversations.state import Case
from oncedesk.domain.shared.refs import Desk
from oncedesk.http.call import Call, Done
from oncedesk.http.problems import Refused, problem

_MOMENTS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds, one after the other, in which a place becomes free that was to be."""


def refuse_taking(*, case: Case | None, agent: UUID, desk: Desk, given: bool) -> None:
    """Raises `Refused`. Whoever has it has it; what changes meanwhile, the case itself finds."""
    if case is not None and case.agent == agent:
        return
    match why_declined(case=case, agent=agent, desk=desk, given=given):
        case None:
            return
        case DeclineReason.BARRED:
            raise Refused(problem("case_barred", "somebody else than who needs a second person"))
        case reason:
            raise Refused(problem("not_queued", f"a case in this desk's queue: {reason.value}"))


async def take(request: Call, command: GiveCase | PickCase) -> Done:
    """Give the command, and again as long as the case is on its way back to the queue."""
    for seconds in _MOMENTS:
        try:
            return await request.submit(command)
        except Refused as refused:
            if refused.problem.code != "case_leaving":
                raise
            await asyncio.sleep(seconds)
    return await request.submit(command)
