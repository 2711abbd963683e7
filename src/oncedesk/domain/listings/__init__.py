"""Listings as the marketplace tells them: what can be bought, in which variants, at what price.

It decides what a listing is now. It never decides who may sell it, and holds no texts.
"""

from oncedesk.domain.listings.decide import deadline, decide, is_open, needs
from oncedesk.domain.listings.messages import ListingCommand, ListingEvent
from oncedesk.domain.listings.state import Listing, check, evolve
from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import Kind

DECIDER = Decider(
    kind=Kind.LISTING,
    state=Listing,
    commands=ListingCommand,
    events=ListingEvent,
    decide=decide,
    evolve=evolve,
    needs=needs,
    deadline=deadline,
    is_open=is_open,
    check=check,
    party_of=lambda state: state.merchant,
)
