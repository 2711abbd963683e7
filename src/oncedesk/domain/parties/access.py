"""Who may give which command to a party's state."""

from typing import assert_never

from oncedesk.domain.parties.messages import (
    CountGift,
    EndManagement,
    ErasePersonalData,
    LiftHold,
    ManageCreator,
    PartyCommand,
    PlaceHold,
    RegisterParty,
    SetReturnPlaces,
    TakeBackGift,
    TellTerms,
    TellTrust,
    UpdateParty,
)
from oncedesk.domain.shared.allowing import guards, is_in_person, is_system, manages
from oncedesk.domain.shared.decider import Actor, Role, Wake


def is_allowed(*, command: PartyCommand, actor: Actor) -> bool:
    """Consumers may have their own data erased, the marketplace anybody's; it holds none."""
    match command:
        case (
            RegisterParty() | UpdateParty() | SetReturnPlaces() | ManageCreator() | EndManagement()
        ):
            return manages(actor)
        case TellTrust() | TellTerms():
            return manages(actor)
        case ErasePersonalData():
            return manages(actor) or is_in_person(actor, role=Role.CONSUMER, who=command.party)
        case PlaceHold() | LiftHold():
            return guards(actor)
        case CountGift() | TakeBackGift():
            return is_system(actor)
        case Wake():
            return True
        case _:
            assert_never(command)
