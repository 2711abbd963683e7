"""A surge by hand: it holds for its time, whatever the wait is."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from oncedesk.domain.desks.decide import deadline
from oncedesk.domain.desks.messages import (
    CallOffSurge,
    DeclareSurge,
    SurgeBegan,
    SurgeCalledOff,
    SurgeDeclared,
    WaitChanged,
)
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role, Wake
from oncedesk.domain.shared.refs import PLATFORM, Desk, desk_ref
from tests.specs.conversations.world import AgentView
from tests.specs.desks.test_desks import SHOP, report, staffed_desk
from tests.support.given import START, Given, after

BOSS = UUID(int=32)
BY_BOSS = Actor(Role.AGENT, BOSS)
END = after(hours=2)


def declare(spec: Given, until: datetime = END, *, now: datetime = START, **facts: Any) -> Given:
    return spec.when(DeclareSurge(desk=SHOP, until=until), now=now, **facts)


def test_a_declared_surge_outlasts_a_short_wait() -> None:
    spec = declare(staffed_desk())
    spec.then_only(SurgeDeclared)
    assert spec.state.surge
    spec.when(report(0, at=after(minutes=5)), now=after(minutes=5)).then_nothing()
    assert deadline(spec.state) == END
    spec.when(Wake(desk_ref(SHOP)), now=END).then(SurgeCalledOff(desk=SHOP, at=END))
    assert not spec.state.surge
    assert deadline(spec.state) is None


def test_its_end_can_be_moved_and_the_same_again_is_no_news() -> None:
    spec = declare(declare(staffed_desk()), after(hours=5)).then_only(SurgeDeclared)
    declare(spec, after(hours=5)).then_nothing()
    spec.when(Wake(desk_ref(SHOP)), now=END).then_nothing()


def test_it_is_called_off_and_begins_again_if_the_wait_is_long() -> None:
    spec = declare(staffed_desk())
    spec.when(CallOffSurge(desk=SHOP), now=START).then_only(SurgeCalledOff)
    spec.when(CallOffSurge(desk=SHOP), now=START).then_nothing()
    spec.when(report(700, at=START), now=START).then_only(WaitChanged, SurgeBegan)
    spec.when(CallOffSurge(desk=SHOP), now=START).then_nothing()
    assert spec.state.surge


@pytest.mark.parametrize(
    ("until", "code"), [(START, "time_in_past"), (after(hours=24, seconds=1), "time_too_far")]
)
def test_its_end_is_to_come_and_within_a_day(until: datetime, code: str) -> None:
    declare(staffed_desk(), until).refused(code)


def test_a_supervisor_of_the_desk_declares_it() -> None:
    command = DeclareSurge(desk=SHOP, until=END, by=BOSS)
    spec = staffed_desk().when(command, now=START, by=BY_BOSS, states=_boss((SHOP,)))
    spec.then(SurgeDeclared(desk=SHOP, at=START, until=END, by=BY_BOSS))


@pytest.mark.parametrize(
    ("actor", "states"),
    [
        (BY_BOSS, {}),
        (BY_BOSS, "member"),
        (BY_BOSS, "elsewhere"),
        (Actor(Role.AGENT, UUID(int=33)), "boss"),
        (Actor(Role.CONSUMER, BOSS), "boss"),
    ],
)
def test_nobody_else_does(actor: Actor, states: Any) -> None:
    known = {"member": _boss(()), "elsewhere": _boss((PLATFORM,)), "boss": _boss((SHOP,))}
    seen = known[states] if states else {}
    for command in (DeclareSurge(desk=SHOP, until=END, by=BOSS), CallOffSurge(desk=SHOP, by=BOSS)):
        staffed_desk().when(command, now=START, by=actor, states=seen).refused("not_allowed")


def test_the_marketplace_runs_its_desks() -> None:
    declare(staffed_desk(), by=MARKETPLACE).then_only(SurgeDeclared)


def _boss(supervised: tuple[Desk, ...]) -> dict[UUID, Any]:
    return {BOSS: AgentView((SHOP,), supervised)}
