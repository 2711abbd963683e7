"""Who may give which command to a desk's state."""

from typing import assert_never

from oncedesk.domain.desks.messages import (
    CloseDesk,
    DeskCommand,
    OpenDesk,
    PublishRelief,
    ReportLoad,
    WithdrawRelief,
)
from oncedesk.domain.shared.allowing import manages
from oncedesk.domain.shared.decider import Actor, Wake


def is_allowed(*, command: DeskCommand, actor: Actor) -> bool:
    """Loads are reported by the watch over the desks, or by an importer that knows the past."""
    match command:
        case ReportLoad() | OpenDesk() | CloseDesk() | PublishRelief() | WithdrawRelief():
            return manages(actor)
        case Wake():
            return True
        case _:
            assert_never(command)
