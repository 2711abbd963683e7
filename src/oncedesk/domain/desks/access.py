"""Who may give which command to a desk's state."""

from typing import assert_never

from oncedesk.domain.desks.messages import (
    CallOffSurge,
    CloseDesk,
    DeclareSurge,
    DeskCommand,
    OpenDesk,
    PublishRelief,
    ReportLoad,
    WithdrawRelief,
)
from oncedesk.domain.shared.allowing import is_in_person, manages
from oncedesk.domain.shared.decider import Actor, Role, Wake


def is_allowed(*, command: DeskCommand, actor: Actor) -> bool:
    """Loads are reported by the watch over the desks, or by an importer that knows the past."""
    match command:
        case ReportLoad() | OpenDesk() | CloseDesk() | PublishRelief() | WithdrawRelief():
            return manages(actor)
        case DeclareSurge(by=by) | CallOffSurge(by=by):
            # Whether they are a supervisor there, the decision asks.
            in_person = by is not None and is_in_person(actor, role=Role.AGENT, who=by)
            return manages(actor) or in_person
        case Wake():
            return True
        case _:
            assert_never(command)
