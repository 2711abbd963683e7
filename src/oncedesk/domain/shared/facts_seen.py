"""What one kind of state may look at in another: narrow views, met by shape and not by import.

Domain packages do not import each other. A decision that needs an order, a desk or an agent reads
it through one of these; the state of that kind offers at least these attributes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol, cast
from uuid import UUID

from oncedesk.domain.shared.refs import PLATFORM, Desk, Ref, agent_ref, desk_ref


class PartSeen(Protocol):
    """One merchant's part of an order; parts are numbered from 1."""

    @property
    def number(self) -> int: ...

    @property
    def merchant(self) -> UUID | None: ...


class OrderSeen(Protocol):
    """An order, once it was placed; before that it may exist for early tracking events only."""

    @property
    def placed(self) -> bool: ...

    @property
    def parts(self) -> Sequence[PartSeen]: ...

    @property
    def creator(self) -> UUID | None: ...


class DeskSeen(Protocol):
    """A desk: whether it takes work at all, is who is there, how long work waits."""

    @property
    def open(self) -> bool: ...

    @property
    def staffed(self) -> bool: ...

    @property
    def staffed_from(self) -> datetime | None: ...

    @property
    def surge(self) -> bool: ...

    @property
    def oldest_wait_seconds(self) -> int: ...


class ReliefSeen(Protocol):
    """More time for promises due in a window, published before it began."""

    @property
    def id(self) -> UUID: ...

    @property
    def announced_at(self) -> datetime: ...

    @property
    def extends_seconds(self) -> int: ...

    def covers(
        self, *, market: str, region: str | None, carrier: str | None, at: datetime
    ) -> bool: ...


class _PublishesReliefs(Protocol):
    @property
    def reliefs(self) -> Sequence[ReliefSeen]: ...


class AgentSeen(Protocol):
    """An agent, as far as others ask: at which desks, and when."""

    def member_of(self, desk: Desk, at: datetime) -> bool: ...


# Deriving an id costs more than most decisions do besides, and a desk's never changes.
desk_ref_of = lru_cache(maxsize=65_536)(desk_ref)
PLATFORM_DESK_REF: Ref = desk_ref(PLATFORM)


def order_seen(states: Mapping[UUID, object], order: UUID) -> OrderSeen | None:
    """The order, or None where there is none or it is not placed."""
    order_state = cast("OrderSeen | None", states.get(order))
    return order_state if order_state is not None and order_state.placed else None


def desk_seen(states: Mapping[UUID, object], desk: Desk) -> DeskSeen | None:
    """The desk, or None where nobody ever set it up."""
    return cast("DeskSeen | None", states.get(desk_ref_of(desk).id))


def agent_seen(states: Mapping[UUID, object], agent: UUID) -> AgentSeen | None:
    """The agent, or None where there is no such agent."""
    return cast("AgentSeen | None", states.get(agent_ref(agent).id))


def reliefs_seen(states: Mapping[UUID, object]) -> Sequence[ReliefSeen]:
    """The reliefs that the platform has published, by their start; none where it has no desk."""
    desk = states.get(PLATFORM_DESK_REF.id)
    return () if desk is None else cast("_PublishesReliefs", desk).reliefs
