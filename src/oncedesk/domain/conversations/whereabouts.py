"""At which desks a case was and in whose hands, told from its events: for figures, nothing else."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from oncedesk.domain.conversations.messages import (
    REFINED,
    CaseAssigned,
    CaseReopened,
    CaseUnassigned,
    ConsumerAsked,
    ConversationEvent,
    RoutedTo,
    Transferred,
    WaitEnded,
)
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk


class DeskStay(Record, frozen=True):
    """A case came to this desk, and people there were at it for so long."""

    desk: Desk
    came_at: datetime
    worked_seconds: int


class AgentHold(Record, frozen=True):
    """An agent of this desk had the case for so long; of that the desk's clock stood for so long,
    because they had asked the consumer."""

    desk: Desk
    agent: UUID
    held_seconds: int
    paused_seconds: int


class _Stay(Struct):
    desk: Desk
    came_at: datetime
    worked: timedelta = timedelta(0)


class _Hold(Struct):
    desk: Desk
    agent: UUID
    since: datetime
    held: timedelta = timedelta(0)
    paused: timedelta = timedelta(0)


class Whereabouts(Struct):
    """Of one case. `is_back`: it was reopened, and is in no queue yet; `hold` is of whoever has it
    now, `asked` the question that waits for the consumer."""

    stayed: list[_Stay] = []
    held: list[_Hold] = []
    is_back: bool = False
    hold: _Hold | None = None
    asked: ConsumerAsked | None = None

    def follow(self, event: ConversationEvent) -> None:
        told = _TOLD.get(type(event))
        if told is not None:
            told(self, event)

    def work(self, worked: timedelta) -> None:
        """People were at it for so long, where it is now."""
        if self.stayed:
            self.stayed[-1].worked += worked

    def stays(self) -> Sequence[DeskStay]:
        """The desks that it came to, one after the other; to one again where it had come back."""
        return [DeskStay(one.desk, one.came_at, _seconds(one.worked)) for one in self.stayed]

    def holds(self) -> Sequence[AgentHold]:
        """Everybody who had it, at each desk once."""
        return [
            AgentHold(one.desk, one.agent, _seconds(one.held), _seconds(one.paused))
            for one in self.held
        ]

    def _comes(self, event: RoutedTo) -> None:
        if self.is_back or not self.stayed or self.stayed[-1].desk != event.desk:
            self.stayed.append(_Stay(event.desk, event.at))
        self.is_back = False

    def _goes_on(self, event: Transferred) -> None:
        # Nobody had placed it there, so it came to nobody.
        if event.reason == REFINED and self.stayed and not self.stayed[-1].worked:
            self.stayed.pop()

    def _comes_back(self, _: CaseReopened) -> None:
        self.is_back = True

    def _gets(self, event: CaseAssigned) -> None:
        assert self.stayed, "assigned without a queue"
        desk = self.stayed[-1].desk
        for one in self.held:
            if (one.desk, one.agent) == (desk, event.agent):
                one.since, self.hold = event.at, one
                return
        self.hold = _Hold(desk, event.agent, event.at)
        self.held.append(self.hold)

    def _loses(self, event: CaseUnassigned) -> None:
        self._stood(event.at)
        if self.hold is not None:
            self.hold.held += event.at - self.hold.since
        self.hold = None

    def _asks(self, event: ConsumerAsked) -> None:
        self.asked = event

    def _is_told(self, event: WaitEnded) -> None:
        self._stood(event.at)
        self.asked = None

    def _stood(self, at: datetime) -> None:
        """Somebody else's question does not count, an admin's neither: they only have what came of
        it."""
        if self.hold is None or self.asked is None:
            return
        if self.asked.agent == self.hold.agent:
            self.hold.paused += at - max(self.hold.since, self.asked.at)


_TOLD: dict[type, Callable[[Whereabouts, Any], None]] = {
    RoutedTo: Whereabouts._comes,
    Transferred: Whereabouts._goes_on,
    CaseReopened: Whereabouts._comes_back,
    CaseAssigned: Whereabouts._gets,
    CaseUnassigned: Whereabouts._loses,
    ConsumerAsked: Whereabouts._asks,
    WaitEnded: Whereabouts._is_told,
}


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
