"""Which desk has to do something about a remedy, while a clock runs that does it otherwise."""

from enum import StrEnum

from oncedesk.domain.remedies.journey import Contest
from oncedesk.domain.remedies.state import Remedies, Remedy, merchant_of
from oncedesk.domain.remedies.words import ClockKind, DecidedBy, Status
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind

_OF_MERCHANTS = (ClockKind.RETURN_PLACE, ClockKind.INSPECTION, ClockKind.SHIP_OUT)


class Silence(StrEnum):
    """What it means if whoever was asked for an answer says nothing."""

    ASKED_AGAIN = "asked_again"
    TAKEN_OVER = "taken_over"
    GRANTED = "granted"


def silence_of(remedy: Remedy) -> Silence:
    """It is granted, unless only a person may decide it, or the platform takes over first."""
    if remedy.human:
        return Silence.ASKED_AGAIN
    if remedy.takes_over and remedy.desk != PLATFORM:
        return Silence.TAKEN_OVER
    return Silence.GRANTED


def second_persons_desk(remedy: Remedy) -> Desk | None:
    """At which desk somebody else stands by what is wanted of this remedy."""
    approval = remedy.approval
    by_platform = approval is not None and approval.by is DecidedBy.PLATFORM
    return PLATFORM if by_platform else remedy.desk


def waits_for(*, state: Remedies, remedy: Remedy) -> Desk | None:
    """Who answers a request, decides a contest, or has goods to look at or to send; or nobody."""
    if remedy.status is Status.REQUESTED:
        return remedy.desk
    if remedy.journey is not None and remedy.journey.contest is Contest.OPEN:
        return PLATFORM
    if not any(clock.kind in _OF_MERCHANTS for clock in remedy.clocks):
        return None
    merchant = merchant_of(state=state, remedy=remedy)
    return PLATFORM if merchant is None else Desk(DeskKind.MERCHANT, merchant)
