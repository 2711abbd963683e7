"""What was promised: the deadline that follows from the terms, and when it counts as broken."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from oncedesk.domain.orders.messages import (
    Basis,
    ChosenDay,
    DeliverBy,
    Due,
    NextDay,
    OnDemandHandover,
    PresaleShipping,
    PromiseKind,
    SameDay,
    ShippingLimits,
    StandardShipping,
    Terms,
    TimedTerms,
)
from oncedesk.domain.orders.state import OrderState, Part, Promise, Verdict
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.rulepack import Pack

UTC_ZONE = ZoneInfo("UTC")

AHEAD_MAX = timedelta(days=3 * 366)
"""Nobody promises or expects anything further ahead; such a date is a slip of the pen."""
TOO_FAR = Refusal("time_too_far", f"at most {AHEAD_MAX.days} days ahead")


def kind_of(terms: Terms) -> PromiseKind:
    """What these terms promise something about."""
    match terms:
        case StandardShipping() | PresaleShipping() | ShippingLimits():
            return PromiseKind.SHIPPING
        case SameDay() | NextDay() | ChosenDay() | DeliverBy():
            return PromiseKind.DELIVERY
        case OnDemandHandover():
            return PromiseKind.HANDOVER


def due(
    *,
    terms: TimedTerms,
    placed_at: datetime,
    zone: ZoneInfo,
    pack: Pack,
    paid_until: datetime | None = None,
) -> Due | Refusal:
    """The deadline of these terms for an order placed then, under this pack.

    What is a presale is shipped at most so long after `paid_until`, the end of the time to pay.
    """
    rule = pack.promises
    local = placed_at.astimezone(zone)
    farthest = placed_at + AHEAD_MAX
    match terms:
        case StandardShipping():
            calendar = pack.calendars[rule.ship_by_calendar]
            return Due(basis=Basis.STANDARD, due_at=calendar.add(placed_at, rule.ship_by_seconds))
        case PresaleShipping(ship_by=ship_by):
            if ship_by > (paid_until or placed_at) + timedelta(days=rule.presale_ship_days_max):
                return Refusal("presale_too_far", f"at most {rule.presale_ship_days_max} days")
            return _after(placed_at, Due(basis=Basis.PRESALE, due_at=ship_by))
        case ShippingLimits(earliest=earliest, latest=latest):
            if latest < earliest:
                return Refusal("limits_reversed", "the latest limit is not before the earliest")
            if latest > farthest:
                return TOO_FAR
            return _after(placed_at, Due(basis=Basis.LIMITS, due_at=earliest, latest_at=latest))
        case SameDay():
            past_cut_off = local.hour * 60 + local.minute >= rule.same_day_cut_off_minute
            day = local.date() + timedelta(days=1 if past_cut_off else 0)
            return Due(basis=Basis.SAME_DAY, due_at=end_of(day=day, zone=zone))
        case NextDay():
            day = local.date() + timedelta(days=1)
            return Due(basis=Basis.NEXT_DAY, due_at=end_of(day=day, zone=zone))
        case ChosenDay(starts_at=starts_at, ends_at=ends_at):
            if starts_at >= ends_at:
                return Refusal("window_empty", "a window ends after it starts")
            if ends_at <= placed_at:
                return Refusal("window_in_past", "a window ends after the order is placed")
            if ends_at > farthest:
                return TOO_FAR
            return Due(basis=Basis.CHOSEN_DAY, due_at=ends_at, starts_at=starts_at)
        case DeliverBy(on=on):
            if on > farthest.date():
                return TOO_FAR
            return _after(placed_at, Due(basis=Basis.DELIVER_BY, due_at=end_of(day=on, zone=zone)))


def _after(placed_at: datetime, found: Due) -> Due | Refusal:
    if found.due_at <= placed_at:
        return Refusal("promise_before_order", "a deadline lies after the order is placed")
    return found


def start_of(*, day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day; where midnight is skipped, the moment it is skipped to."""
    return datetime.combine(day, time(), zone).astimezone(UTC_ZONE)


def end_of(*, day: date, zone: ZoneInfo) -> datetime:
    """The first moment that no longer belongs to this local day."""
    return start_of(day=day + timedelta(days=1), zone=zone)


def effective_due(*, state: OrderState, part: Part, kind: PromiseKind) -> datetime:
    """Until when the promise runs: amended, if the consumer agreed, and relieved."""
    due_at = state.due_at(part, kind)
    assert due_at is not None
    return due_at


def due_now(*, state: OrderState, part: Part, kind: PromiseKind) -> datetime | None:
    """The same; None where nothing of the kind is promised with a deadline, or no longer."""
    promise = part.promise(kind)
    if promise is None or is_void(state=state, part=part, verdict=promise.verdict):
        return None
    return effective_due(state=state, part=part, kind=kind)


def is_void(*, state: OrderState, part: Part, verdict: Verdict) -> bool:
    """Whether it was promised and is no longer: over before it was kept or broken."""
    return verdict is Verdict.OPEN and state.is_over(part)


def missed(*, kind: PromiseKind, due_at: datetime, at: datetime) -> bool:
    """Whether this moment is too late: a shipping limit still belongs to its time, a day's or
    window's end does not."""
    return at >= runs_out_at(kind=kind, due_at=due_at)


def runs_out_at(*, kind: PromiseKind, due_at: datetime) -> datetime:
    """The first moment that is too late: the clock must not find what is still in time."""
    return due_at + timedelta(microseconds=1) if kind is PromiseKind.SHIPPING else due_at


def late_by_timestamp(*, promise: Promise, zone: ZoneInfo, at: datetime) -> bool:
    """Late for those who compare a timestamp with a bare date, and so with its first moment."""
    if promise.basis is not Basis.DELIVER_BY:
        return at >= promise.due_at
    # A microsecond before the end is still the promised day, whatever the clocks did meanwhile.
    day = (promise.due_at - timedelta(microseconds=1)).astimezone(zone).date()
    return at > start_of(day=day, zone=zone)


def promise_id(*, order: UUID, part: int, kind: PromiseKind) -> UUID:
    return derived_id("promise", order, str(part), kind.value)


def fake_id(*, order: UUID, part: int, shipment: UUID) -> UUID:
    """Each shipment's number is a promise of its own."""
    return derived_id("promise", order, str(part), PromiseKind.TRACKING.value, shipment)


def silence_id(*, order: UUID, part: int, shipment: UUID, since: datetime) -> UUID:
    """Each silence of a shipment is a promise of its own, broken once."""
    return derived_id(
        "promise",
        order,
        str(part),
        PromiseKind.MOVEMENT.value,
        shipment,
        since.astimezone(UTC_ZONE).isoformat(),
    )
