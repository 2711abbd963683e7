"""`given(DECIDER, events).when(command, now=...).then(events)`: a `Spec` in one line."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from oncedesk.domain.shared.decider import SYSTEM, Actor, Decider, Facts
from oncedesk.domain.shared.rulepack import (
    AskingRule,
    JoiningRule,
    Pack,
    PromiseRule,
    SurgeRule,
)
from tests.support.specs import START, Spec, after, through_bytes

__all__ = ["START", "after", "through_bytes"]

COMMAND_ID = UUID(int=0xC0)
DIGEST = b"0123456789abcdef"


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


class Given(Spec):
    """A `Spec` whose every command says how late it is and which other states there are.

    Its state passes its own check after each event, not only after each command.
    """

    answer: Any

    def __init__(self, decider: Decider, events: Sequence[Any]) -> None:
        super().__init__(decider, OnePack(small_pack()))
        self.given(*events)

    def when(
        self,
        command: Any,
        *,
        by: Actor = SYSTEM,
        now: datetime | None = None,
        states: Mapping[UUID, object] | None = None,
        pack: Pack | None = None,
    ) -> Self:
        """Decide at this moment, which may lie before that of the command before."""
        assert now is not None, "no moment given"
        self.now = now
        self.world = dict(states or {})
        self.packs = OnePack(pack or small_pack())
        return super().when(command, by=by)

    def refused(self, code: str) -> Self:
        return self.then_refused(code)

    def _record(self, events: Iterable[Any]) -> None:
        events = list(events)
        replay(self.decider, events, self.state)
        super()._record(events)


def given(decider: Decider, *events: Any) -> Given:
    return Given(decider, events)


def replay(decider: Decider, events: Iterable[Any], state: Any = None) -> Any:
    """The state after these events, each and each state in between gone through its bytes."""
    for event in events:
        state = decider.evolve(state, through_bytes(event, decider.events))
        assert through_bytes(state, decider.state) == state
        decider.check(state)
    return state
