"""How clocks are set."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from oncedesk.domain.remedies.words import Clock, ClockKind
from oncedesk.domain.shared.calendars import Calendar
from oncedesk.domain.shared.rulepack import Pack

_DAY = 86_400


def in_seconds(
    kind: ClockKind, now: datetime, seconds: int, rule: str, warn_seconds: int = 0
) -> Clock:
    """Runs out so long after `now`, and warns so long before that, if it is to."""
    return at_moment(kind, now, now + timedelta(seconds=seconds), rule, warn_seconds)


def at_moment(
    kind: ClockKind, now: datetime, due_at: datetime, rule: str, warn_seconds: int = 0
) -> Clock:
    """Runs out at `due_at`, and warns so long before that, if it is to."""
    warning = timedelta(seconds=warn_seconds)
    warns = timedelta() < warning < due_at - now
    return Clock(kind, due_at, rule, due_at - warning if warns else None)


def end_of_days(
    *, since: datetime, days: int, zone: ZoneInfo, ends_on: Calendar | None
) -> datetime:
    """The end (exclusive) of so many local days, counted from the day after `since`.

    Where `ends_on` is closed on the last one, that of the next day on which it is open (Regulation
    (EEC, Euratom) No 1182/71 art. 3).
    """
    last = since.astimezone(zone).date() + timedelta(days=days)
    if ends_on is not None:
        # A calendar is open at least once in CLOSED_DAYS_MAX days: this comes to an end.
        while not ends_on.spans_on(last):
            last += timedelta(days=1)
    return datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)


def sent_back_until(*, pack: Pack, since: datetime) -> datetime:
    """Until when goods that may come back from `since` on are sent."""
    settling = pack.remedies.settling
    return _until(pack, since, settling.ship_back_seconds, settling.ship_back_ends_on)


def objected_until(*, pack: Pack, since: datetime) -> datetime:
    """Until when a decision of a dispute of that moment can be objected to."""
    dispute = pack.remedies.dispute
    return _until(pack, since, dispute.objection_days * _DAY, dispute.objection_ends_on)


def _until(pack: Pack, since: datetime, seconds: int, ends_on: str) -> datetime:
    """So long after `since` to the second, or, with a calendar, as days of its zone."""
    if not ends_on:
        return since + timedelta(seconds=seconds)
    calendar = pack.calendars[ends_on]
    zone = ZoneInfo(calendar.timezone)
    return end_of_days(since=since, days=seconds // _DAY, zone=zone, ends_on=calendar)
