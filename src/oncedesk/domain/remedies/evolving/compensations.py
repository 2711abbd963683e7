"""How what broken promises give changes what is known of an order. Never refuses."""

from typing import assert_never

from msgspec.structs import replace

from oncedesk.domain.remedies.evolving.closing import closed
from oncedesk.domain.remedies.messages.promising import (
    BearersChanged,
    BreachCompensated,
    CompensationCapped,
    CompensationVoided,
    OwedDropped,
    OwedPutOff,
)
from oncedesk.domain.remedies.state import Compensated, PutOff, Remedies
from oncedesk.domain.remedies.words import LegStatus, Status
from oncedesk.domain.shared.ledger import Phase


def compensated(
    state: Remedies,
    event: BreachCompensated | CompensationCapped | CompensationVoided | BearersChanged,
) -> Remedies:
    """With what this breach gives and who bears it."""
    if isinstance(event, CompensationCapped):
        return state
    breached, number = event.breached, event.remedy
    others = tuple(one for one in state.compensated if one.remedy != number)
    match event:
        case BreachCompensated():
            now = Compensated(
                breached.promise,
                breached.breach,
                breached.part,
                number,
                event.amount_minor,
                event.shares,
            )
            return replace(state, compensated=(*others, now))
        case CompensationVoided():
            return replace(closed(state, number, Status.WITHDRAWN), compensated=others)
        case BearersChanged():
            compensated = tuple(
                replace(one, shares=event.shares, corrected=event.corrected)
                if one.remedy == number
                else one
                for one in state.compensated
            )
            return _borne(replace(state, compensated=compensated), event)
        case _:
            assert_never(event)


def not_wanted(state: Remedies, number: int) -> Remedies:
    """With what this remedy gave for a breach as given to nobody."""
    if not any(one.remedy == number for one in state.compensated):
        return state
    compensated = tuple(
        replace(one, withdrawn=True) if one.remedy == number else one for one in state.compensated
    )
    return replace(state, compensated=compensated)


def _borne(state: Remedies, event: BearersChanged) -> Remedies:
    """What is on its way is taken from them by the transfer that is pending now."""
    remedy = state.remedy(event.remedy)
    if remedy is None:
        return state
    pending = [one.number for one in event.transfers if one.phase is Phase.PENDING]
    legs = tuple(
        replace(leg, transfer=pending[0] if pending else leg.transfer, taken=event.taken)
        if leg.status is not LegStatus.REPLACED
        else leg
        for leg in remedy.legs
    )
    return state.with_remedy(replace(remedy, shares=event.shares, legs=legs, sources=()))


def put_off(state: Remedies, event: OwedPutOff) -> Remedies:
    """With what is owed to be tried again then, in its place or as one more."""
    others = dropped(state, event).put_off
    return replace(state, put_off=(*others, PutOff(event.owed, event.again_at)))


def dropped(state: Remedies, event: OwedPutOff | OwedDropped) -> Remedies:
    """Without it among what is put off."""
    left = tuple(one for one in state.put_off if one.owed.key != event.owed.key)
    return replace(state, put_off=left)
