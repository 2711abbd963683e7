"""What is promised of an order, and between when and when it has to be delivered by that."""

from datetime import UTC, date, datetime, time, timedelta

from oncedesk.domain.orders.messages import (
    ChosenDay,
    DeliverBy,
    NextDay,
    OnDemandHandover,
    PresaleShipping,
    SameDay,
    StandardShipping,
    Terms,
)
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.vocabularies import Handover
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.world import CITY

CUT_OFF = time(11)
"""What is ordered later comes the next day, even where the same day is promised."""
USUAL_DAYS = 2
WINDOW = timedelta(hours=6)
DOOR_PERCENT = 15
_KINDS = (("deliver_by", 52.0), ("next_day", 20.0), ("same_day", 12.0), ("chosen_day", 16.0))


class Promised(Record, frozen=True):
    """The terms, and the time in which the parcel has to arrive; `after` is None for any time."""

    terms: tuple[Terms, ...]
    until: datetime
    after: datetime | None = None


def draw_promise(plan: Plan, *, ordered_at: datetime, to_door: bool, now: datetime) -> Promised:
    """What the consumer was told; nothing that is broken already."""
    dice = plan.dice
    if plan.topic == "presale_date":
        ship_by = ordered_at + timedelta(days=dice.between(4, 15))
        return Promised((PresaleShipping(ship_by=ship_by),), ship_by + timedelta(days=2))
    promised = _delivery(plan, ordered_at, now.astimezone(CITY).date())
    if to_door or dice.percent(DOOR_PERCENT):
        door = OnDemandHandover(handover=Handover.DOOR)
        return Promised((*promised.terms, door), promised.until, promised.after)
    return promised


def _delivery(plan: Plan, ordered_at: datetime, today: date) -> Promised:
    local = ordered_at.astimezone(CITY)
    day, shipping = local.date(), StandardShipping()
    match plan.dice.weighted(_KINDS):
        case "next_day" if day + timedelta(days=1) >= today:
            return Promised((shipping, NextDay()), _end_of(day + timedelta(days=1)))
        case "same_day" if day >= today:
            late = timedelta(days=local.time() > CUT_OFF)
            return Promised((shipping, SameDay()), _end_of(day + late))
        case "chosen_day" if day + timedelta(days=1) >= today:
            starts_at = ordered_at + timedelta(days=2)
            ends_at = starts_at + WINDOW
            terms = ChosenDay(starts_at=starts_at, ends_at=ends_at)
            return Promised((shipping, terms), ends_at, starts_at)
        case _:
            on = max(day + timedelta(days=USUAL_DAYS), today)
            return Promised((shipping, DeliverBy(on=on)), _end_of(on))


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), CITY).astimezone(UTC)
