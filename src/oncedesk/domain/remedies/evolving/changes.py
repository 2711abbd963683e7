"""How the steps of a change before shipping change a remedy. Never refuses."""

from typing import assert_never

from msgspec.structs import replace

from oncedesk.domain.remedies.messages.changing import (
    ChangeMade,
    ChangeRefused,
    ChangeRequested,
    ChargeFailed,
    ChargeRequested,
    ChargeTaken,
    ChargeTakenLate,
)
from oncedesk.domain.remedies.state import Remedy
from oncedesk.domain.remedies.words import ChargeStatus, ClockKind, Status

ChangeEvent = (
    ChargeRequested
    | ChargeTaken
    | ChargeTakenLate
    | ChargeFailed
    | ChangeRequested
    | ChangeMade
    | ChangeRefused
)
"""What a change charges, asks of the order, and hears of both."""


def changing(
    remedy: Remedy,
    event: ChargeRequested
    | ChargeTaken
    | ChargeTakenLate
    | ChargeFailed
    | ChangeRequested
    | ChangeMade
    | ChangeRefused,
) -> Remedy:
    match event:
        case ChargeRequested():
            asked_again = event.charge.asked_again + event.again
            charge = replace(event.charge, asked_again=asked_again)
            return _under_way(replace(remedy, charge=charge)).with_clock(event.clock)
        case ChargeTaken():
            assert remedy.charge is not None
            taken = replace(remedy.charge, status=ChargeStatus.TAKEN)
            return replace(remedy, charge=taken).without_clocks(ClockKind.CHARGE)
        case ChangeRequested():
            return _under_way(remedy).with_clock(event.clock)
        case ChargeTakenLate():
            assert remedy.lapsed is not None
            return replace(remedy, lapsed=replace(remedy.lapsed, status=ChargeStatus.TAKEN))
        case ChargeFailed():
            lapsed = replace(remedy, charge=None, lapsed=event.lapsed)
            return lapsed.without_clocks(ClockKind.CHARGE)
        case ChangeMade():
            return remedy.without_clocks(ClockKind.CHANGE)
        case ChangeRefused():
            undone = replace(
                remedy, undone=True, amount_minor=event.amount_minor, shares=event.shares, lines=()
            )
            return undone.without_clocks(ClockKind.CHANGE)
        case _:
            assert_never(event)


def _under_way(remedy: Remedy) -> Remedy:
    """A change settles from its first step on; how far goods are, their journey says."""
    return replace(remedy, status=Status.SETTLING) if remedy.kind.changes else remedy
