"""Tells the desks how long work waits and who is there, as whoever watches the queues does."""

from datetime import datetime

from oncedesk.domain.agents.messages import Presence
from oncedesk.domain.desks.load import shown_wait
from oncedesk.domain.desks.messages import ReportLoad
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import Desk
from oncedesk.simulation.desk_work import DeskWork
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.staffing import Staffing
from oncedesk.simulation.stage import Stage
from oncedesk.simulation.workers import Worker


class Loads:
    """Reports only what is news; now and then a report arrives after a later one."""

    def __init__(self, stage: Stage, work: DeskWork, staffing: Staffing, dice: Dice) -> None:
        self._stage = stage
        self._staffing = staffing
        self._dice = dice
        self._desks: dict[Desk, tuple[Worker, ...]] = {
            desk: tuple(stage.workers[agent] for agent in work.members.get(desk, ()))
            for desk in stage.world.desks()
        }
        self._said: dict[Desk, tuple[bool, datetime | None, int]] = {}
        self._last: ReportLoad | None = None

    def leave_to_the_engine(self) -> None:
        """An engine that runs by itself watches the desks, too."""
        self._desks.clear()

    def report(self) -> None:
        now, seeing = self._stage.clock(), self._stage.seeing
        for desk, workers in self._desks.items():
            waiting = seeing.waiting[desk]
            oldest = int((now - min(waiting.values())).total_seconds()) if waiting else 0
            staffed = any(
                seeing.agents[worker.id].presence in (Presence.AVAILABLE, Presence.WRAP_UP)
                for worker in workers
            )
            staffed_from = None if staffed else self._staffing.next_start(workers, now)
            before = self._said.get(desk)
            shown = shown_wait(oldest, before=before[2] if before else 0)
            said = (staffed, staffed_from, shown)
            if said == before:
                continue
            self._said[desk] = said
            load = ReportLoad(
                desk=desk,
                waiting=len(waiting),
                oldest_wait_seconds=oldest,
                staffed=staffed,
                staffed_from=staffed_from,
                at=now,
            )
            self._send(load)
            if self._last is not None and self._dice.percent(2):
                # What was measured earlier arrives later, and must not count.
                self._stage.counts["faults.late_events"] += 1
                self._send(self._last)
            self._last = load

    def _send(self, load: ReportLoad) -> None:
        self._stage.sender.send(load, actor=SYSTEM, dice=self._dice)
