"""`given(DECIDER, events).when(command, now=...).then(events)`: one rule, no I/O.

Whatever is recorded also has to survive its bytes, and every state has to pass its own check.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.shared.decider import SYSTEM, Actor, Decider, Facts, Refusal
from oncedesk.domain.shared.rulepack import (
    AskingRule,
    JoiningRule,
    Pack,
    PromiseRule,
    SurgeRule,
)

START = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
"""A Monday morning."""

COMMAND_ID = UUID(int=0xC0)
DIGEST = b"0123456789abcdef"


def after(*, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
    """So long after `START`."""
    return START + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def small_pack(*, begin_wait_seconds: int = 600, end_wait_seconds: int = 120) -> Pack:
    """A pack without issues, clocks and calendars, for deciders that read other values."""
    return Pack(
        market="cn",
        version="test",
        hash="aa",
        language="zh",
        issues={},
        clocks={},
        calendars={},
        joining=JoiningRule("joining", 1800, 604_800, 2),
        asking=AskingRule("asking", 86_400, 2, 2, "daily"),
        surge=SurgeRule("surge", begin_wait_seconds, end_wait_seconds, call_back=True),
        promises=PromiseRule("promises", "Asia/Shanghai", 172_800, "daily", 86_400, 960, 15, True),
    )


class OnePack:
    """The packs of a batch, where there is only one."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def current(self, market: str) -> Pack:
        return self.pack

    def by_hash(self, pack_hash: str) -> Pack:
        return self.pack


def facts_at(
    now: datetime,
    *,
    states: Mapping[UUID, object] | None = None,
    pack: Pack | None = None,
    actor: Actor = SYSTEM,
) -> Facts:
    return Facts(
        now=now,
        command_id=COMMAND_ID,
        actor=actor,
        packs=OnePack(pack or small_pack()),
        states=states or {},
    )


class Given:
    """A state, as events have made it."""

    def __init__(self, decider: Decider, events: Sequence[Any]) -> None:
        self.decider = decider
        self.state = replay(decider, events)
        self.journal = list(events)
        self.answer: Any = None

    def when(self, command: Any, *, now: datetime, **facts: Any) -> "Given":
        """Decide; what was accepted is part of the state from now on."""
        self.answer = self.decider.decide(self.state, command, facts_at(now, **facts))
        if not isinstance(self.answer, Refusal):
            self.state = replay(self.decider, self.answer, self.state)
            self.journal += self.answer
        return self

    def then(self, *events: Any) -> "Given":
        assert list(self.answer) == list(events)
        return self

    def then_nothing(self) -> "Given":
        return self.then()

    def then_only(self, *kinds: type) -> "Given":
        """Exactly these kinds of event, in this order, whatever they say."""
        assert [type(event) for event in self.answer] == list(kinds)
        return self

    def refused(self, code: str) -> "Given":
        assert isinstance(self.answer, Refusal), self.answer
        assert self.answer.code == code
        return self


def given(decider: Decider, *events: Any) -> Given:
    return Given(decider, events)


def replay(decider: Decider, events: Sequence[Any], state: Any = None) -> Any:
    """The state after these events, each and each state in between gone through its bytes."""
    for event in events:
        state = decider.evolve(state, through_bytes(event, decider.events))
        assert through_bytes(state, decider.state) == state
        decider.check(state)
    return state


def through_bytes(value: Any, kind: Any) -> Any:
    body = msgspec.msgpack.Encoder(uuid_format="bytes").encode(value)
    assert len(body) < 8_000, f"{type(value).__name__}: {len(body)} bytes"
    return msgspec.msgpack.decode(body, type=kind)
