"""What is known of one desk: whether it takes work, who is there, how long work waits."""

from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.desks.messages import (
    DeskClosed,
    DeskEvent,
    DeskOpened,
    ReliefPublished,
    ReliefWithdrawn,
    StaffingChanged,
    SurgeBegan,
    SurgeCalledOff,
    SurgeDeclared,
    SurgeEnded,
    WaitChanged,
)
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk

RELIEFS_MAX = 32
RELIEFS_KEPT = timedelta(days=30)
"""A relief that is over is still found by tracking that comes so late."""


class Relief(Record, frozen=True, array_like=True):
    """A published window [starts_at, ends_at) in which promises get `extends_seconds` longer."""

    id: UUID
    market: str
    starts_at: datetime
    ends_at: datetime
    extends_seconds: int
    announced_at: datetime
    region: str | None = None
    carrier: str | None = None

    def covers(self, *, market: str, region: str | None, carrier: str | None, at: datetime) -> bool:
        """It holds there and then. One for a region or carrier needs that very one."""
        return (
            self.market == market
            and self.starts_at <= at < self.ends_at
            and self.region in (None, region)
            and self.carrier in (None, carrier)
        )


class DeskState(Record, frozen=True, omit_defaults=True):
    """One desk. `reliefs` stand at the platform's desk only, by their start.

    `oldest_wait_seconds` is the wait as it is shown, in steps (see `load.shown_wait`).
    `surge_until`: a surge that was declared by hand lasts until then.
    """

    desk: Desk
    market: str
    open: bool = True
    languages: tuple[str, ...] = ()
    staffed: bool = False
    staffed_from: datetime | None = None
    surge: bool = False
    oldest_wait_seconds: int = 0
    reported_at: datetime | None = None
    reliefs: tuple[Relief, ...] = ()
    surge_until: datetime | None = None

    def relief_seconds(
        self, *, market: str, region: str | None, carrier: str | None, at: datetime
    ) -> int:
        """How much longer a promise due then may take: the longest relief; they never add up."""
        return max(
            (
                one.extends_seconds
                for one in self.reliefs
                if one.covers(market=market, region=region, carrier=carrier, at=at)
            ),
            default=0,
        )


def evolve(state: DeskState | None, event: DeskEvent) -> DeskState:
    """What is known after this event."""
    if state is None:
        assert isinstance(event, DeskOpened)
        return DeskState(desk=event.desk, market=event.market, languages=event.languages)
    match event:
        case WaitChanged():
            return replace(
                state, oldest_wait_seconds=event.oldest_wait_seconds, reported_at=event.at
            )
        case StaffingChanged():
            return replace(
                state,
                staffed=event.staffed,
                staffed_from=event.staffed_from,
                reported_at=event.at,
            )
        case SurgeBegan():
            return replace(state, surge=True, reported_at=event.at)
        case SurgeEnded():
            return replace(state, surge=False, reported_at=event.at)
        case SurgeDeclared():
            return replace(state, surge=True, surge_until=event.until)
        case SurgeCalledOff():
            return replace(state, surge=False, surge_until=None)
        case DeskOpened():
            return replace(state, open=True, languages=event.languages)
        case DeskClosed():
            return replace(state, open=False)
        case ReliefPublished():
            return replace(state, reliefs=_with_relief(state, event))
        case ReliefWithdrawn():
            left = tuple(one for one in state.reliefs if one.id != event.relief)
            return replace(state, reliefs=left)
        case _:
            assert_never(event)


def live_reliefs(state: DeskState, at: datetime) -> tuple[Relief, ...]:
    """Those that are not over."""
    return tuple(one for one in state.reliefs if one.ends_at > at)


def relief_of(event: ReliefPublished) -> Relief:
    return Relief(
        id=event.relief,
        market=event.market,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        extends_seconds=event.extends_seconds,
        announced_at=event.at,
        region=event.region,
        carrier=event.carrier,
    )


def _with_relief(state: DeskState, event: ReliefPublished) -> tuple[Relief, ...]:
    """With those that are not over, and of the others the last; the journal remembers all."""
    live = (*live_reliefs(state, event.at), relief_of(event))
    over = [one for one in state.reliefs if event.at - RELIEFS_KEPT < one.ends_at <= event.at]
    over.sort(key=lambda one: (one.ends_at, one.id), reverse=True)
    kept = (*live, *over[: max(0, RELIEFS_MAX - len(live))])
    return tuple(sorted(kept, key=lambda one: (one.starts_at, one.id)))


def check(state: DeskState) -> None:
    """What must hold for every desk, always."""
    assert len(state.reliefs) <= RELIEFS_MAX
    assert not state.reliefs or state.desk == PLATFORM
    assert all(one.announced_at < one.starts_at < one.ends_at for one in state.reliefs)
    assert state.open or state.desk != PLATFORM, "the platform's desk never closes"
    assert state.surge or state.surge_until is None, "declared, and no surge"
    assert not (state.staffed and state.staffed_from), "staffed now and not yet"
