"""What a desk's state answers to a command."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.desks.access import is_allowed
from oncedesk.domain.desks.load import changes
from oncedesk.domain.desks.messages import (
    Answer,
    CallOffSurge,
    CloseDesk,
    DeclareSurge,
    DeskClosed,
    DeskCommand,
    DeskOpened,
    OpenDesk,
    PublishRelief,
    ReliefPublished,
    ReliefWithdrawn,
    ReportLoad,
    WithdrawRelief,
)
from oncedesk.domain.desks.state import RELIEFS_MAX, DeskState, evolve, live_reliefs, relief_of
from oncedesk.domain.desks.surging import call_off_surge, declare_surge, settle_surge
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal, Wake
from oncedesk.domain.shared.refs import PLATFORM, Ref, agent_ref


def decide(state: DeskState | None, command: DeskCommand, facts: Facts) -> Answer:
    """The events of this command, none where it changes nothing, or why not."""
    now = facts.now
    if not is_allowed(command=command, actor=facts.actor):
        return NOT_ALLOWED
    if isinstance(command, OpenDesk):
        return _open(state, command, facts)
    if state is None:
        return [] if isinstance(command, Wake) else Refusal("desk_unknown")
    match command:
        case DeclareSurge():
            return declare_surge(state, command, facts)
        case CallOffSurge():
            return call_off_surge(state, command, facts)
        case ReportLoad():
            return changes(state, command, pack=facts.packs.current(state.market), now=now)
        case CloseDesk():
            if state.desk == PLATFORM:
                return Refusal("platform_stays_open", "every case can go to the platform's desk")
            return [DeskClosed(desk=state.desk, at=now)] if state.open else []
        case PublishRelief():
            return _publish(state, command, facts)
        case WithdrawRelief():
            return _withdraw(state, command.relief, now)
        case Wake():
            return settle_surge(state, now)
        case _:
            assert_never(command)


def needs(
    state: DeskState | None, command: DeskCommand, found: Mapping[UUID, object]
) -> Sequence[Ref]:
    """A desk's decisions rest on its own state and the rule pack; and on who supervises."""
    del state, found
    match command:
        case DeclareSurge(by=by) | CallOffSurge(by=by) if by is not None:
            return (agent_ref(by),)
        case _:
            return ()


def deadline(state: DeskState) -> datetime | None:
    """A declared surge ends by itself; all else the dispatcher reports."""
    return state.surge_until


def is_open(state: DeskState) -> bool:
    """Never in the engine's sense: a desk waits for nothing. `DeskState.open` is another matter."""
    del state
    return False


def _open(state: DeskState | None, command: OpenDesk, facts: Facts) -> Answer:
    opened = DeskOpened(
        desk=command.desk,
        at=facts.now,
        market=command.market,
        languages=tuple(sorted(set(command.languages))),
    )
    if state is None:
        pack = facts.pack_of(command.market)
        return pack if isinstance(pack, Refusal) else [opened]
    if state.market != command.market:
        return Refusal("desk_differs", f"the desk belongs to market {state.market}", "market")
    return [opened] if evolve(state, opened) != state else []


def _publish(state: DeskState, command: PublishRelief, facts: Facts) -> Answer:
    now = facts.now
    assert state.desk == PLATFORM, "reliefs stand at the platform's desk"
    if command.starts_at >= command.ends_at:
        return Refusal("span_empty", "a relief ends after it starts", "ends_at")
    published = ReliefPublished(
        desk=state.desk,
        at=now,
        relief=command.relief,
        market=command.market,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        extends_seconds=command.extends_seconds,
        region=command.region,
        carrier=command.carrier,
    )
    for one in state.reliefs:
        if one.id == command.relief:
            same = replace(relief_of(published), announced_at=one.announced_at) == one
            return [] if same else Refusal("relief_differs", "this id was published otherwise")
    pack = facts.pack_of(command.market)
    if isinstance(pack, Refusal):
        return pack
    if command.starts_at <= now:
        return Refusal("relief_late", "published before it starts, or not at all", "starts_at")
    if len(live_reliefs(state, now)) >= RELIEFS_MAX:
        return Refusal("reliefs_too_many", f"at most {RELIEFS_MAX} running or announced")
    return [published]


def _withdraw(state: DeskState, relief: UUID, now: datetime) -> Answer:
    found = next((one for one in state.reliefs if one.id == relief), None)
    if found is None:
        return Refusal("relief_unknown", "none with this id is running or announced", "relief")
    if found.starts_at <= now:
        return Refusal("relief_running", "it has started, and promises rest on it")
    return [ReliefWithdrawn(desk=state.desk, at=now, relief=relief)]
