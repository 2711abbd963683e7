"""What goes with a party whose personal data is erased."""

from collections.abc import Sequence

from oncedesk.domain.parties.messages import ErasePersonalData, PersonalDataErased
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import Ref


def erase_places(event: PersonalDataErased, _source: Ref, state: PartyState) -> Sequence[Command]:
    """A merchant's places are parties of their own, and erased with it."""
    del event
    return [ErasePersonalData(party=one.place) for one in state.places]
