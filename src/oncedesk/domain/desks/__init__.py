"""Desks: whether they take work, whether somebody is there, how long work waits, which reliefs run.

It decides when a surge begins and ends and what wait is shown. It never holds cases (those lie in
their conversations) and never decides what a surge means for one of them.
"""

from oncedesk.domain.desks.decide import deadline, decide, is_open, needs
from oncedesk.domain.desks.messages import DeskCommand, DeskEvent
from oncedesk.domain.desks.state import DeskState, check, evolve
from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import PLATFORM_PARTY, Kind

DECIDER = Decider(
    kind=Kind.DESK,
    state=DeskState,
    commands=DeskCommand,
    events=DeskEvent,
    decide=decide,
    evolve=evolve,
    needs=needs,
    deadline=deadline,
    is_open=is_open,
    check=check,
    party_of=lambda state: state.desk.party or PLATFORM_PARTY,
)
