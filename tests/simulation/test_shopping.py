"""What carriers tell too late or too early is counted where that is what is heard."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from oncedesk.domain.orders.messages import RecordTracking
from oncedesk.domain.shared.decider import Command
from oncedesk.simulation.agenda import Agenda
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.seeing import Seeing
from oncedesk.simulation.sending import Sender
from oncedesk.simulation.shopping import Shopping
from oncedesk.simulation.stage import Stage
from oncedesk.simulation.till import Till
from oncedesk.simulation.world_clock import WorldClock
from tests.simulation.test_world import AT, marketplace, sayings_of

TICK = timedelta(minutes=30)
START = AT - timedelta(hours=60)
"""Of some orders everything is still to come, of others a part has been."""


class Hearing(Sender):
    """Keeps when which scan was heard of first, and gives nothing to an engine."""

    heard: dict[RecordTracking, datetime]
    clock: WorldClock

    def send(self, command: Command, **_: Any) -> UUID | None:
        if isinstance(command, RecordTracking):
            self.heard.setdefault(command, self.clock())
        return None


def test_what_was_before_the_play_is_not_told_in_disorder() -> None:
    world, plans = marketplace(3, cases=300)
    clock, counts = WorldClock(START), Counter[str]()
    agenda = Agenda(START, tick=TICK)
    sayings = sayings_of(world)
    sender = Hearing(engines=(), agenda=agenda, sayings=sayings, counts=counts)
    sender.heard, sender.clock = {}, clock
    stage = Stage(
        clock=clock,
        agenda=agenda,
        world=world,
        sender=sender,
        seeing=Seeing(counts),
        sayings=sayings,
        counts=counts,
        workers={},
    )
    shopping = Shopping(stage, Till(stage, Dice(Random(3))))
    for plan in plans:
        shopping.enter(plan)
    while (moment := agenda.next_moment()) is not None and moment < AT + timedelta(days=60):
        clock.jump(moment)
        for action in agenda.take(moment):
            action()

    late = [scan for scan, at in sender.heard.items() if at != agenda.rounded(max(scan.at, START))]
    assert len(late) == counts["faults.late_events"] > 10
