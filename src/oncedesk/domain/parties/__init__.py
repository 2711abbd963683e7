"""Parties: consumers, merchants, creators, agencies and carriers.

It decides who is known as what, who manages whom, and whether personal data may be erased. It
never holds personal data itself and never decides what a party owes or is owed.
"""

from oncedesk.domain.parties.decide import deadline, decide, is_open, needs
from oncedesk.domain.parties.messages import PartyCommand, PartyEvent
from oncedesk.domain.parties.state import PartyState, check, evolve
from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import Kind

DECIDER = Decider(
    kind=Kind.PARTY,
    state=PartyState,
    commands=PartyCommand,
    events=PartyEvent,
    decide=decide,
    evolve=evolve,
    needs=needs,
    deadline=deadline,
    is_open=is_open,
    check=check,
    party_of=lambda state: state.party,
)
