"""The record of which rule packs were published, by whom and from which day each holds.

It decides whether a pack may be published. It never reads pack files and never changes a pack that
has been published.
"""

from oncedesk.domain.rulebook.decide import deadline, decide, is_open, needs
from oncedesk.domain.rulebook.messages import RulebookCommand, RulebookEvent
from oncedesk.domain.rulebook.state import RulebookState, check, evolve
from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import PLATFORM_PARTY, Kind

DECIDER = Decider(
    kind=Kind.RULEBOOK,
    state=RulebookState,
    commands=RulebookCommand,
    events=RulebookEvent,
    decide=decide,
    evolve=evolve,
    needs=needs,
    deadline=deadline,
    is_open=is_open,
    check=check,
    party_of=lambda _: PLATFORM_PARTY,
)
