"""What one kind of state may look at in another: narrow views, met by shape and not by import.

Domain packages do not import each other. A decision that needs an order, a desk or an agent reads
it through one of these; the state of that kind offers at least these attributes. Ids come from
outside, so what is found under one may be of another kind: then nothing is seen.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol, cast
from uuid import UUID

from oncedesk.domain.shared.refs import (
    PLATFORM,
    Desk,
    Ref,
    agent_ref,
    desk_ref,
    remedies_ref,
)


class PartSeen(Protocol):
    """One merchant's part of an order; parts are numbered from 1."""

    @property
    def number(self) -> int: ...

    @property
    def merchant(self) -> UUID | None: ...

    @property
    def shipped_at(self) -> datetime | None: ...


class OrderSeen(Protocol):
    """An order, once it was placed; before that it may exist for early tracking events only."""

    @property
    def consumer(self) -> UUID: ...

    @property
    def market(self) -> str: ...

    @property
    def placed(self) -> bool: ...

    @property
    def parts(self) -> Sequence[PartSeen]: ...

    @property
    def creator(self) -> UUID | None: ...

    @property
    def language(self) -> str: ...


class _Sends(Protocol):
    """An order, as far as it is asked who still has something to bring."""

    def sends(self, merchant: UUID) -> bool: ...


class _Moves(Protocol):
    """The remedies of an order, as far as it is asked whose goods travel for them."""

    @property
    def consumer(self) -> UUID: ...

    def moves(self, merchant: UUID) -> bool: ...


class _Covers(Protocol):
    """The remedies of an order, as far as it is asked what of it they look after."""

    @property
    def consumer(self) -> UUID: ...

    def covers(self, part: int, quantities: Sequence[int], *, some_came: bool) -> bool: ...


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

    def supervises(self, desk: Desk, at: datetime) -> bool: ...

    def is_close_to(self, consumer: UUID) -> bool: ...


class _Held(Protocol):
    """A case, as far as it is asked in whose hands it is."""

    @property
    def agent(self) -> UUID | None: ...


class _HasCases(Protocol):
    """A conversation, as far as it is asked who has its cases."""

    @property
    def consumer(self) -> UUID: ...

    def case(self, number: int) -> _Held | None: ...


class PlaceSeen(Protocol):
    """A place to which goods of a merchant go back; `digest` is of its address."""

    @property
    def place(self) -> UUID: ...

    @property
    def digest(self) -> bytes: ...


class MerchantSeen(Protocol):
    """A merchant, as far as returns ask: where to."""

    def place(self, place: UUID) -> PlaceSeen | None: ...

    def place_for(self, region: str) -> PlaceSeen | None: ...


# Deriving an id costs more than most decisions do besides, and a desk's never changes.
desk_ref_of = lru_cache(maxsize=65_536)(desk_ref)
PLATFORM_DESK_REF: Ref = desk_ref(PLATFORM)


def order_seen(states: Mapping[UUID, object], order: UUID, *, consumer: UUID) -> OrderSeen | None:
    """This consumer's order, or None where there is none, it is not placed, or it is another's.

    Two consumers may share a bucket; an order of the other must not even be known to exist.
    """
    state = states.get(order)
    if not _has(state, "placed", "parts", "creator", "consumer"):
        return None
    seen = cast("OrderSeen", state)
    return seen if seen.placed and seen.consumer == consumer else None


def has_goods_to_move(
    states: Mapping[UUID, object], order: UUID, *, consumer: UUID, merchant: UUID
) -> bool:
    """Whether goods of this merchant's part of the consumer's order still have to travel: what was
    bought to the consumer, or something for a remedy in either direction.
    """
    known = order_seen(states, order, consumer=consumer)
    if known is None:
        return False
    state = states.get(remedies_ref(consumer=consumer, order=order).id)
    if _has(state, "consumer", "moves"):
        seen = cast("_Moves", state)
        if seen.consumer == consumer and seen.moves(merchant):
            return True
    return cast("_Sends", known).sends(merchant)


def remedies_cover(
    states: Mapping[UUID, object],
    order: UUID,
    *,
    consumer: UUID,
    part: int,
    quantities: Sequence[int],
    some_came: bool,
) -> bool:
    """Whether remedies look after what did not come of a part of the consumer's order.

    `quantities`: so many of each item it has. `some_came`: the others of it did.
    """
    state = states.get(remedies_ref(consumer=consumer, order=order).id)
    if not _has(state, "consumer", "covers"):
        return False
    seen = cast("_Covers", state)
    return seen.consumer == consumer and seen.covers(part, quantities, some_came=some_came)


def desk_seen(states: Mapping[UUID, object], desk: Desk) -> DeskSeen | None:
    """The desk, or None where nobody ever set it up."""
    state = states.get(desk_ref_of(desk).id)
    return cast("DeskSeen", state) if _has(state, "open", "staffed", "surge") else None


def agent_seen(states: Mapping[UUID, object], agent: UUID) -> AgentSeen | None:
    """The agent, or None where there is no such agent."""
    state = states.get(agent_ref(agent).id)
    return cast("AgentSeen", state) if _has(state, "member_of") else None


def is_in_other_hands(
    states: Mapping[UUID, object], conversation: UUID, case: int, *, consumer: UUID, agent: UUID
) -> bool:
    """Whether it is known that this case is not this agent's."""
    state = states.get(conversation)
    if not _has(state, "consumer", "subject", "case"):
        return False
    seen = cast("_HasCases", state)
    found = seen.case(case) if seen.consumer == consumer else None
    return found is None or found.agent != agent


def merchant_seen(states: Mapping[UUID, object], merchant: UUID | None) -> MerchantSeen | None:
    """The merchant, or None where nobody ever registered one."""
    state = None if merchant is None else states.get(merchant)
    return cast("MerchantSeen", state) if _has(state, "place_for") else None


def reliefs_seen(states: Mapping[UUID, object]) -> Sequence[ReliefSeen]:
    """The reliefs that the platform has published, by their start; none where it has no desk."""
    desk = states.get(PLATFORM_DESK_REF.id)
    return cast("_PublishesReliefs", desk).reliefs if _has(desk, "surge", "reliefs") else ()


def _has(state: object, *attributes: str) -> bool:
    """It is there, and of the kind that has these."""
    return all(hasattr(state, attribute) for attribute in attributes)
