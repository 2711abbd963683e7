"""Deadlines of cases, as a backtest compares them, and whether they were kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from oncedesk.domain.conversations.clocks import OBLIGATIONS
from oncedesk.domain.conversations.messages import (
    ClockExpired,
    ClockMoved,
    ClockPaused,
    ClocksStopped,
    ClockStarted,
    Side,
)
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import DeskKind
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.engine.backtest.outcomes import Held, Term
from oncedesk.engine.backtest.questions import Past, Step

_NAMES = {(clock, side): f"{clock}/{side}" for clock in ClockKind for side in Side}


class Fate(Record, frozen=True, array_like=True):
    """How a clock ended: it was stopped, or it ran out.

    Neither: it still runs, or it stood still or moved meanwhile, and how it ended says nothing of
    another deadline.
    """

    stopped_at: datetime | None = None
    ran_out_at: datetime | None = None


UNTOLD = Fate()


def term(*, started: ClockStarted, fate: Fate) -> Term:
    """This clock under whichever pack it was started; people did what they did."""
    desk = started.desk
    return Term(
        _NAMES[started.clock, started.side],
        started.due_at,
        started.warn_at,
        desk is not None and desk.kind is DeskKind.MERCHANT,
        held(started=started, fate=fate),
    )


def moved_term(*, moved: ClockMoved, desk: DeskKind) -> Term:
    """A clock of a case at this desk that comes closer than it was."""
    merchants = moved.side is Side.DESK and desk is DeskKind.MERCHANT
    return Term(_NAMES[moved.clock, moved.side], moved.due_at, moved.warn_at, merchants)


def held(*, started: ClockStarted, fate: Fate) -> Held | None:
    """Whether it would have been kept; None where a clock binds nobody (anew)."""
    if started.clock not in OBLIGATIONS or started.reminders:
        return None
    if fate.stopped_at is not None:
        return Held.KEPT if fate.stopped_at < started.due_at else Held.BROKEN
    if fate.ran_out_at is not None and started.due_at <= fate.ran_out_at:
        return Held.BROKEN
    return Held.UNKNOWN


def fate_of(*, started: ClockStarted, step: Step, past: Past) -> Fate:
    """What became of a clock that was started in this step."""
    events: Sequence[Any] = step.entry.events  # type: ignore[assignment]
    later = events[events.index(started) + 1 :]
    for one in (later, *(other.entry.events for other in past.after(step))):
        for event in one:  # type: ignore[union-attr]
            fate = _told_by(event, started)
            if fate is not None:
                return fate
    return UNTOLD


def _told_by(event: Any, started: ClockStarted) -> Fate | None:
    """What this event says of the clock; None if nothing."""
    if getattr(event, "case", None) != started.case:
        return None
    key = (started.clock, started.side)
    match event:
        case ClocksStopped():
            stopped = any((one.clock, one.side) == key for one in event.clocks)
            return Fate(stopped_at=event.at) if stopped else None
        case ClockExpired():
            return Fate(ran_out_at=event.due_at) if (event.clock, event.side) == key else None
        case ClockPaused() | ClockMoved() | ClockStarted():
            return UNTOLD if (event.clock, event.side) == key else None
        case _:
            return None
