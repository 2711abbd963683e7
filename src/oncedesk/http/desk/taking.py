"""Why somebody would not get a case that they take, or that is given to them: said at once."""

from uuid import UUID

from oncedesk.domain.conversations.assigning import why_declined
from oncedesk.domain.conversations.messages import DeclineReason
from oncedesk.domain.conversations.state import Case
from oncedesk.domain.shared.refs import Desk
from oncedesk.http.problems import Refused, problem


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
