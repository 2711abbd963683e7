"""What a report of the dispatcher changes: staffing, the shown wait, the surge.

Reports come often and change little. `changes` is also what the dispatcher asks beforehand, so
that a report without news is not even sent.
"""

from bisect import bisect_left
from datetime import datetime

from oncedesk.domain.desks.messages import (
    DeskEvent,
    ReportLoad,
    StaffingChanged,
    SurgeBegan,
    SurgeEnded,
    WaitChanged,
)
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.shared.rulepack import Pack

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
WAIT_STEPS_SECONDS = (
    0,
    *(minutes * _MINUTE for minutes in (1, 2, 3, 5, 10, 15, 20, 30, 45)),
    *(hours * _HOUR for hours in (1, 2, 3, 4, 6, 8, 12)),
    _DAY,
)
"""The waits that are shown; above a day, whole days."""


def changes(state: DeskState, report: ReportLoad, *, pack: Pack, now: datetime) -> list[DeskEvent]:
    """The events of this report: none without news, none for a report that was overtaken."""
    at = min(report.at, now)
    if state.reported_at is not None and at < state.reported_at:
        return []
    events: list[DeskEvent] = []
    staffed_from = None if report.staffed else report.staffed_from
    if (report.staffed, staffed_from) != (state.staffed, state.staffed_from):
        events.append(
            StaffingChanged(
                desk=state.desk, at=at, staffed=report.staffed, staffed_from=staffed_from
            )
        )
    waited = report.oldest_wait_seconds if report.waiting else 0
    shown = shown_wait(waited, before=state.oldest_wait_seconds)
    if shown != state.oldest_wait_seconds:
        events.append(
            WaitChanged(desk=state.desk, at=at, oldest_wait_seconds=shown, waiting=report.waiting)
        )
    surge = pack.surge
    # Where nobody is on duty the consumer is told from when, not how long: that is no surge.
    if not state.surge and report.staffed and waited > surge.begin_wait_seconds:
        events.append(
            SurgeBegan(
                desk=state.desk,
                at=at,
                wait_seconds=waited,
                waiting=report.waiting,
                rule=surge.id,
                pack=pack.hash,
            )
        )
    elif (state.surge and state.surge_until is None) and (
        waited < surge.end_wait_seconds or not report.staffed
    ):
        events.append(
            SurgeEnded(desk=state.desk, at=at, wait_seconds=waited, rule=surge.id, pack=pack.hash)
        )
    return events


def shown_wait(seconds: int, *, before: int) -> int:
    """The step that is not below `seconds`.

    It falls only to a step that the wait is clearly (a quarter) under, so that a wait that swings
    around a step does not change what is shown with every report.
    """
    rising = _step(seconds)
    return rising if rising >= before else min(before, _step(-(-4 * seconds // 3)))


def _step(seconds: int) -> int:
    if seconds > _DAY:
        return -(-seconds // _DAY) * _DAY
    return WAIT_STEPS_SECONDS[bisect_left(WAIT_STEPS_SECONDS, seconds)]
