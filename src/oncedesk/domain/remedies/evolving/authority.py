"""How what an agent may give, and a second person, change a remedy. Never refuses."""

from typing import assert_never

from msgspec.structs import replace

from oncedesk.domain.remedies.messages.authorising import (
    AuthorisingEvent,
    AuthorityAsked,
    GrantDeclined,
    SecondPersonAsked,
)
from oncedesk.domain.remedies.state import Approval, Remedy
from oncedesk.domain.remedies.words import ClockKind


def authorised(remedy: Remedy, event: AuthorisingEvent) -> Remedy:
    approval = remedy.approval
    match event:
        case AuthorityAsked(second=False):
            asked = replace(
                remedy,
                approval=Approval(
                    event.agent,
                    event.by,
                    event.agent,
                    decision=event.decision,
                    upheld=event.upheld,
                    offer=event.offer,
                ),
            )
            return asked.with_clock(event.clock)
        case AuthorityAsked():
            assert approval is not None
            again = replace(approval, asked=event.agent, second=event.agent)
            return replace(remedy, approval=again).with_clock(event.clock)
        case SecondPersonAsked():
            assert approval is not None
            waiting = replace(remedy, approval=replace(approval, asked=None))
            return waiting.with_clock(event.clock)
        case GrantDeclined():
            return replace(remedy, approval=None).without_clocks(ClockKind.AUTHORITY)
        case _:
            assert_never(event)
