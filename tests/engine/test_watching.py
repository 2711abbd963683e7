"""The watch over the desks: the consumer is told who is there and how long it takes."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from oncedesk.domain.agents.messages import (
    DeskRole,
    JoinDesk,
    LeaveDesk,
    PlanShift,
    Presence,
    RegisterAgent,
    SetCapacity,
    SetPresence,
    SetSkills,
)
from oncedesk.domain.desks.messages import OpenDesk
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, desk_ref
from oncedesk.engine import watching
from oncedesk.engine.instants import SimulatedClock, settle
from tests.support.engines import Outside, Rig, contact, engine_on, eventually, within

MORNING = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
AGENT = UUID(int=7)
COLLEAGUE = UUID(int=9)
OTHER = Desk(DeskKind.MERCHANT, UUID(int=8))


async def _desk(rig: Rig, desk: Desk = PLATFORM) -> DeskState:
    ref = desk_ref(desk)
    state = (await rig.store.load([ref]))[ref.id].state
    assert isinstance(state, DeskState)
    return state


async def _staffed(rig: Rig, *, capacity: int) -> None:
    """The platform's desk with one agent at work, who can do account matters."""
    commands: list[Any] = [
        OpenDesk(desk=PLATFORM, market="cn", languages=("zh",)),
        RegisterAgent(agent=AGENT),
        JoinDesk(agent=AGENT, desk=PLATFORM, role=DeskRole.AGENT, starts_at=MORNING),
        SetSkills(agent=AGENT, skills=("accounts",), languages=("zh",)),
        SetCapacity(agent=AGENT, capacity=capacity),
        SetPresence(agent=AGENT, presence=Presence.AVAILABLE),
    ]
    for command in commands:
        assert (await rig.submit(command)).accepted


async def test_a_desk_is_staffed_while_somebody_is_on_duty(url: str) -> None:
    clock = SimulatedClock(MORNING)
    async with engine_on(url, clock=clock) as rig:
        await _staffed(rig, capacity=1)
        assert not (await _desk(rig)).staffed
        await rig.engine.watch.run()
        assert (await _desk(rig)).staffed

        clock.jump(MORNING + timedelta(minutes=1))
        assert (await rig.submit(SetPresence(agent=AGENT, presence=Presence.AWAY))).accepted
        await rig.engine.watch.run()
        assert not (await _desk(rig)).staffed
        await rig.assert_replays()


async def test_a_desk_whose_people_end_their_shift_is_not_staffed(url: str) -> None:
    clock = SimulatedClock(MORNING)
    async with engine_on(url, clock=clock) as rig:
        await _staffed(rig, capacity=2)
        assert (await rig.submit(contact(1, issue="account"), actor=MARKETPLACE)).accepted
        await settle(rig.engine)
        await rig.engine.watch.run()
        assert (await _desk(rig)).staffed

        clock.jump(MORNING + timedelta(minutes=1))
        assert (await rig.submit(SetPresence(agent=AGENT, presence=Presence.DRAINING))).accepted
        await rig.engine.watch.run()
        assert not (await _desk(rig)).staffed


async def test_a_desk_is_not_staffed_by_who_takes_no_case_at_all(url: str) -> None:
    clock = SimulatedClock(MORNING)
    tomorrow = MORNING + timedelta(days=1)
    async with engine_on(url, clock=clock) as rig:
        await _staffed(rig, capacity=0)
        ends_at = tomorrow + timedelta(hours=8)
        shift = PlanShift(agent=AGENT, starts_at=tomorrow, ends_at=ends_at)
        assert (await rig.submit(shift)).accepted
        await rig.engine.watch.run()
        desk = await _desk(rig)
        assert (desk.staffed, desk.staffed_from) == (False, None)

        clock.jump(MORNING + timedelta(minutes=1))
        assert (await rig.submit(SetCapacity(agent=AGENT, capacity=1))).accepted
        await rig.engine.watch.run()
        assert (await _desk(rig)).staffed


async def test_whoever_joins_later_is_waited_for(url: str) -> None:
    clock = SimulatedClock(MORNING)
    tomorrow = MORNING + timedelta(days=1)
    ends_at = tomorrow + timedelta(hours=8)
    async with engine_on(url, clock=clock) as rig:
        commands: list[Any] = [
            OpenDesk(desk=PLATFORM, market="cn", languages=("zh",)),
            RegisterAgent(agent=AGENT),
            SetPresence(agent=AGENT, presence=Presence.AVAILABLE),
            JoinDesk(agent=AGENT, desk=PLATFORM, role=DeskRole.AGENT, starts_at=tomorrow),
            PlanShift(agent=AGENT, starts_at=tomorrow, ends_at=ends_at),
        ]
        assert all([(await rig.submit(command)).accepted for command in commands])
        await rig.engine.watch.run()
        desk = await _desk(rig)
        assert (desk.staffed, desk.staffed_from) == (False, tomorrow)


async def test_nobody_is_waited_for_who_is_not_at_the_desk_any_more_by_then(url: str) -> None:
    clock = SimulatedClock(MORNING)
    tomorrow, later = MORNING + timedelta(days=1), MORNING + timedelta(days=3)
    async with engine_on(url, clock=clock) as rig:
        await _staffed(rig, capacity=1)
        commands: list[Any] = [
            SetPresence(agent=AGENT, presence=Presence.AWAY),
            PlanShift(agent=AGENT, starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=8)),
            RegisterAgent(agent=COLLEAGUE),
            JoinDesk(agent=COLLEAGUE, desk=PLATFORM, role=DeskRole.AGENT, starts_at=MORNING),
            PlanShift(agent=COLLEAGUE, starts_at=later, ends_at=later + timedelta(hours=8)),
        ]
        assert all([(await rig.submit(command)).accepted for command in commands])
        await rig.engine.watch.run()
        assert (await _desk(rig)).staffed_from == tomorrow

        clock.jump(MORNING + timedelta(minutes=1))
        ends_at = MORNING + timedelta(hours=12)
        assert (await rig.submit(LeaveDesk(agent=AGENT, desk=PLATFORM, ends_at=ends_at))).accepted
        await rig.engine.watch.run()
        assert (await _desk(rig)).staffed_from == later
        await rig.assert_replays()


async def test_nobody_is_waited_for_at_a_desk_that_the_last_has_left_while_nobody_looked(
    url: str,
) -> None:
    clock = SimulatedClock(MORNING)
    tomorrow, evening = MORNING + timedelta(days=1), MORNING + timedelta(hours=12)
    async with engine_on(url, clock=clock) as rig:
        await _staffed(rig, capacity=1)
        ends_at = tomorrow + timedelta(hours=8)
        commands: list[Any] = [
            SetPresence(agent=AGENT, presence=Presence.AWAY),
            PlanShift(agent=AGENT, starts_at=tomorrow, ends_at=ends_at),
        ]
        assert all([(await rig.submit(command)).accepted for command in commands])
        await rig.engine.watch.run()
        assert (await _desk(rig)).staffed_from == tomorrow
        assert (await rig.submit(LeaveDesk(agent=AGENT, desk=PLATFORM, ends_at=evening))).accepted

    clock.jump(evening)
    async with engine_on(url, clock=clock) as rig:
        await rig.engine.watch.run()
        assert (await _desk(rig)).staffed_from is None


async def test_nobody_is_waited_for_at_a_desk_that_only_another_process_has_seen(url: str) -> None:
    clock = SimulatedClock(MORNING)
    async with engine_on(url, clock=clock) as one, engine_on(url, clock=clock) as other:
        await one.engine.watch.run()
        await _staffed(other, capacity=1)
        await other.engine.watch.run()
        assert (await _desk(one)).staffed
        ends_at = MORNING + timedelta(minutes=1)
        left = LeaveDesk(agent=AGENT, desk=PLATFORM, ends_at=ends_at)
        assert (await other.submit(left)).accepted

        clock.jump(ends_at)
        await one.engine.watch.run()
        assert not (await _desk(one)).staffed


async def test_a_clock_that_is_set_back_does_not_stop_the_watch(url: str) -> None:
    now = [MORNING + timedelta(minutes=10)]
    async with engine_on(url, clock=lambda: now[0]) as rig:
        await rig.engine.watch.run()
        now[0] = MORNING
        await _staffed(rig, capacity=1)
        await rig.engine.watch.run()
        assert (await _desk(rig)).staffed


async def test_a_surge_begins_and_ends_with_the_wait(url: str) -> None:
    clock = SimulatedClock(MORNING)
    async with engine_on(url, clock=clock) as rig:
        await _staffed(rig, capacity=1)
        assert (await rig.submit(contact(2, issue="account"), actor=MARKETPLACE)).accepted
        await settle(rig.engine)
        await rig.engine.watch.run()
        asked = await rig.submit(contact(1, issue="account"), actor=MARKETPLACE)
        assert asked.accepted

        clock.jump(MORNING + timedelta(minutes=29))
        await rig.engine.watch.run()
        assert not (await _desk(rig)).surge

        clock.jump(MORNING + timedelta(minutes=31))
        await rig.engine.watch.run()
        assert (await _desk(rig)).surge
        assert (await _desk(rig)).oldest_wait_seconds == 45 * 60

        assert (await rig.submit(SetCapacity(agent=AGENT, capacity=2))).accepted
        await settle(rig.engine)
        clock.jump(MORNING + timedelta(minutes=32))
        await rig.engine.watch.run()
        assert not (await _desk(rig)).surge


async def test_a_desk_that_is_locked_does_not_hold_up_the_others(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "PATIENCE_SECONDS", 0.2)
    clock = SimulatedClock(MORNING)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await _staffed(rig, capacity=1)
        opened = [
            OpenDesk(desk=OTHER, market="cn", languages=("zh",)),
            JoinDesk(agent=AGENT, desk=OTHER, role=DeskRole.AGENT, starts_at=MORNING),
        ]
        assert all(answer.accepted for answer in await rig.all(opened))
        async with outside.holding(desk_ref(PLATFORM).id):
            await within(rig.engine.watch.run())
            await eventually(lambda: rig.engine.writers.open == 1, "all but one are written")
            assert (await _desk(rig, OTHER)).staffed
            for presence in (Presence.AWAY, Presence.AVAILABLE, Presence.AWAY):
                clock.jump(clock() + timedelta(minutes=1))
                assert (await rig.submit(SetPresence(agent=AGENT, presence=presence))).accepted
                await within(rig.engine.watch.run())
                assert (await _desk(rig, OTHER)).staffed is (presence is Presence.AVAILABLE)
            assert rig.engine.writers.open == 1, "who is waited for was told once"
        await within(rig.engine.writers.drained())
        clock.jump(clock() + timedelta(minutes=1))
        await within(rig.engine.watch.run())
        assert not (await _desk(rig)).staffed
        await rig.assert_replays()


async def test_a_look_without_news_costs_no_command(url: str) -> None:
    clock = SimulatedClock(MORNING)
    async with engine_on(url, clock=clock) as rig:
        await _staffed(rig, capacity=1)
        await rig.engine.watch.run()
        before = rig.engine.writers.commands
        clock.jump(MORNING + timedelta(minutes=1))
        await rig.engine.watch.run()
        assert rig.engine.writers.commands == before
