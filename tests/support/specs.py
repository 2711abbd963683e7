"""`Spec(DECIDER, packs).given(...).when(command).then(events)`: one rule, no I/O, any decider.

Commands see other states exactly as the engine shows them: those that `needs` names, asked once
without and once with what was found. After each command the state has to pass its own check and
survive its bytes; after a refusal it must be the very same.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

import msgspec

from oncedesk.domain.shared.decider import SYSTEM, Actor, Decider, Facts, Packs, Refusal, Wake
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.refs import Ref

START = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
"""A Monday morning."""

STATE_BYTES_MAX = 8_000
FACTS_MAX = 64

_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")


def after(*, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
    """So long after `START`."""
    return START + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def through_bytes(value: Any, kind: Any) -> Any:
    """The value as it comes back from storage."""
    body = _encoder.encode(value)
    assert len(body) < STATE_BYTES_MAX, f"{type(value).__name__}: {len(body)} bytes"
    return msgspec.msgpack.decode(body, type=kind)


def size_of(state: Any) -> int:
    """How many bytes this state takes in storage."""
    return len(_encoder.encode(state))


class Spec:
    """One state and what happens to it. `world` holds the other states there are, by id."""

    def __init__(
        self, decider: Decider, packs: Packs, world: Mapping[UUID, object] | None = None
    ) -> None:
        self.decider = decider
        self.packs = packs
        self.world: dict[UUID, object] = dict(world or {})
        self.state: Any = None
        self.now = START
        self.journal: list[Any] = []
        self.answer: Sequence[Any] | Refusal = []
        self.command_id = UUID(int=0)
        self._commands = 0

    def given(self, *events: Any) -> Self:
        """These events have happened."""
        self._record(events)
        return self

    def at(self, moment: datetime) -> Self:
        """It is this late now; time never runs back."""
        assert moment >= self.now, f"{moment} is before {self.now}"
        self.now = moment
        return self

    def when(self, command: Any, *, by: Actor = SYSTEM) -> Self:
        """Decide; what is accepted belongs to the state from now on."""
        self._commands += 1
        self.command_id = derived_id("spec", str(self._commands))
        before, bytes_before = self.state, _encoder.encode(self.state)
        self.answer = self.decider.decide(self.state, command, self._facts(command, by))
        if isinstance(self.answer, Refusal):
            assert self.state is before
        else:
            self._record(self.answer)
        assert _encoder.encode(before) == bytes_before, "decide changed the state"
        return self

    def wake(self, moment: datetime | None = None) -> Self:
        """Time has come, now or at this moment."""
        if moment is not None:
            self.at(moment)
        return self.when(Wake(ref=Ref(self.decider.kind, 0, UUID(int=0))))

    def wake_when_due(self) -> Self:
        """Sleep until the state's own deadline."""
        moment = self.decider.deadline(self.state)
        assert moment is not None, "nothing will ever be due"
        return self.wake(max(moment, self.now))

    def then(self, *events: Any) -> Self:
        """Exactly these events, in this order."""
        assert not isinstance(self.answer, Refusal), self.answer
        assert list(self.answer) == list(events)
        return self

    def then_nothing(self) -> Self:
        """Accepted, and nothing has changed."""
        return self.then()

    def then_only(self, *kinds: type) -> Self:
        """Exactly these kinds of event, in this order, whatever they say."""
        assert not isinstance(self.answer, Refusal), self.answer
        assert [type(event).__name__ for event in self.answer] == [one.__name__ for one in kinds]
        return self

    def then_refused(self, code: str) -> Self:
        """Refused with this code; nothing has changed."""
        assert isinstance(self.answer, Refusal), self.answer
        assert self.answer.code == code
        return self

    def events(self, *kinds: type) -> list[Any]:
        """The last answer's events of these kinds."""
        assert not isinstance(self.answer, Refusal), self.answer
        return [event for event in self.answer if isinstance(event, kinds)]

    def event(self, kind: type) -> Any:
        """The last answer's only event of this kind."""
        found = self.events(kind)
        assert len(found) == 1, f"{len(found)} of {kind.__name__}"
        return found[0]

    def replayed(self) -> Any:
        """The state made again from all events, each gone through its bytes."""
        state = None
        for event in self.journal:
            state = self.decider.evolve(state, through_bytes(event, self.decider.events))
        return state

    def _record(self, events: Iterable[Any]) -> None:
        events = list(events)
        for event in events:
            self.state = self.decider.evolve(self.state, event)
        self.journal += events
        if events:
            self.decider.check(self.state)
            assert through_bytes(self.state, self.decider.state) == self.state
            deadline = self.decider.deadline(self.state)
            assert deadline is not None or not self.decider.is_open(self.state)

    def _facts(self, command: Any, by: Actor) -> Facts:
        """What the engine would load: in two rounds, and only what the last answer names."""
        found: dict[UUID, object] = {}
        for state in (None, self.state):
            for ref in self.decider.needs(state, command, found):
                if ref.id in self.world:
                    found[ref.id] = self.world[ref.id]
        named = list(self.decider.needs(self.state, command, found))
        assert len(named) <= FACTS_MAX
        return Facts(
            now=self.now,
            command_id=self.command_id,
            actor=by,
            packs=self.packs,
            states={ref.id: found[ref.id] for ref in named if ref.id in found},
        )
