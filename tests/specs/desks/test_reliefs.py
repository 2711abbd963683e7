"""Reliefs are published beforehand, or they are none."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace as changed

from oncedesk.domain.desks import DECIDER
from oncedesk.domain.desks.messages import (
    DeskCommand,
    DeskOpened,
    OpenDesk,
    PublishRelief,
    ReliefPublished,
    ReliefWithdrawn,
    WithdrawRelief,
)
from oncedesk.domain.shared.bounds import RELIEF_SECONDS_MAX
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.rules.library import PackLibrary
from tests.support.given import START, Given, after, facts_at, given, small_pack

STORM = UUID(int=5)
DAY = 86_400
BEGIN, END = after(hours=1), after(hours=9)


def platform() -> Given:
    return given(DECIDER, DeskOpened(desk=PLATFORM, at=START, market="cn"))


def publish(
    relief: UUID = STORM,
    starts_at: datetime = BEGIN,
    ends_at: datetime = END,
    **changes: Any,
) -> PublishRelief:
    return PublishRelief(
        relief=relief,
        market="cn",
        starts_at=starts_at,
        ends_at=ends_at,
        **{"extends_seconds": DAY, **changes},
    )


def test_publishes_a_relief_once() -> None:
    spec = platform().when(publish(region="GD", carrier="sf"), now=START)
    spec.then(
        ReliefPublished(
            desk=PLATFORM,
            at=START,
            relief=STORM,
            market="cn",
            starts_at=after(hours=1),
            ends_at=after(hours=9),
            extends_seconds=DAY,
            region="GD",
            carrier="sf",
        )
    )
    assert spec.state.reliefs[0].announced_at == START
    again = publish(region="GD", carrier="sf")
    spec.when(again, now=after(hours=2)).then_nothing()
    spec.when(publish(), now=START).refused("relief_differs")


def test_refuses_a_relief_that_is_not_published_beforehand() -> None:
    platform().when(publish(), now=after(hours=1)).refused("relief_late")


@pytest.mark.parametrize("seconds", [0, RELIEF_SECONDS_MAX + 1])
def test_refuses_a_length_that_no_order_would_take(seconds: int) -> None:
    body = msgspec.to_builtins(publish(extends_seconds=seconds))
    with pytest.raises(msgspec.ValidationError, match="extends_seconds"):
        msgspec.convert(body, type=DeskCommand)


def test_refuses_a_relief_without_a_span() -> None:
    platform().when(publish(ends_at=after(hours=1)), now=START).refused("span_empty")


def test_holds_where_and_when_it_says() -> None:
    spec = platform().when(publish(region="GD"), now=START)
    spec.when(publish(UUID(int=6), carrier="sf", extends_seconds=2 * DAY), now=START)

    def seconds(region: str | None, carrier: str | None, at: datetime, market: str = "cn") -> int:
        found: int = spec.state.relief_seconds(market=market, region=region, carrier=carrier, at=at)
        return found

    assert seconds("GD", "yto", after(hours=1)) == DAY
    assert seconds("GD", "sf", after(hours=1)) == 2 * DAY, "the longest, not the sum"
    assert seconds("BJ", "yto", after(hours=1)) == 0
    assert seconds(None, None, after(hours=1)) == 0
    assert seconds("GD", "sf", after(hours=9)) == 0, "half-open"
    assert seconds("GD", "sf", START) == 0
    assert seconds("GD", "sf", after(hours=1), market="eu") == 0


def test_withdraws_before_it_starts_only() -> None:
    spec = platform().when(publish(), now=START)
    spec.when(WithdrawRelief(relief=STORM), now=after(hours=1)).refused("relief_running")
    spec.when(WithdrawRelief(relief=STORM), now=START)
    spec.then(ReliefWithdrawn(desk=PLATFORM, at=START, relief=STORM))
    spec.when(WithdrawRelief(relief=STORM), now=START).refused("relief_unknown")


def test_reliefs_that_are_over_make_room() -> None:
    spec = platform()
    for number in range(32):
        spec.when(publish(UUID(int=100 + number)), now=START).then_only(ReliefPublished)
    spec.when(publish(), now=START).refused("reliefs_too_many")
    late = publish(starts_at=after(hours=10), ends_at=after(hours=11))
    spec.when(late, now=after(hours=9)).then_only(ReliefPublished)
    assert late.relief in {one.id for one in spec.state.reliefs}


def test_keeps_what_is_over_for_tracking_that_comes_very_late() -> None:
    spec = platform().when(publish(), now=START)

    def publishes(number: int, now: datetime) -> set[UUID]:
        begins, ends = now + timedelta(hours=1), now + timedelta(hours=2)
        another = publish(UUID(int=100 + number), starts_at=begins, ends_at=ends)
        spec.when(another, now=now).then_only(ReliefPublished)
        return {one.id for one in spec.state.reliefs}

    assert STORM in publishes(1, END + timedelta(days=30, seconds=-1))
    assert spec.state.relief_seconds(market="cn", region="GD", carrier=None, at=BEGIN) == DAY
    assert STORM not in publishes(2, END + timedelta(days=30))


def test_keeps_the_last_of_those_that_are_over_where_room_is_short() -> None:
    spec = platform()
    for number in range(32):
        ends_at = END + timedelta(minutes=number)
        spec.when(publish(UUID(int=100 + number), ends_at=ends_at), now=START)
    now = END + timedelta(hours=1)
    late = publish(starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
    spec.when(late, now=now).then_only(ReliefPublished)
    kept = {one.id for one in spec.state.reliefs}
    assert kept == {STORM, *(UUID(int=100 + number) for number in range(1, 32))}


def test_refuses_a_market_in_which_no_pack_holds() -> None:
    state = platform().state
    packs = PackLibrary.always([small_pack()]).at(START)
    for command in (
        changed(publish(), market="xx"),
        OpenDesk(desk=Desk(DeskKind.MERCHANT, STORM), market="xx"),
    ):
        known = state if isinstance(command, PublishRelief) else None
        answer = DECIDER.decide(known, command, changed(facts_at(START), packs=packs))
        assert isinstance(answer, Refusal)
        assert (answer.code, answer.field) == ("market_unknown", "market")
