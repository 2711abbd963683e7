"""What is known of one party: what it is, who manages it, and whether its data must be kept."""

from datetime import datetime
from typing import assert_never
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.parties.messages import (
    CreatorManaged,
    GiftCounted,
    GiftExceeded,
    GiftTakenBack,
    HoldLifted,
    HoldPlaced,
    ManagementEnded,
    PartyEvent,
    PartyKind,
    PartyRegistered,
    PartyUpdated,
    PersonalDataErased,
    ReturnPlace,
    ReturnPlacesSet,
    TermsTold,
    TrustLevel,
    TrustTold,
)
from oncedesk.domain.shared.records import Record

MANAGEMENTS_MAX = 32
HOLDS_MAX = 16
GIFT_DAYS = 30
GIFTS_MAX = 64
"""Days and currencies that are counted."""


class Management(Record, frozen=True, array_like=True):
    """A span [starts_at, ends_at) in which an agency manages the creator."""

    agency: UUID
    starts_at: datetime
    ends_at: datetime | None = None

    def covers(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


class Gifts(Record, frozen=True, array_like=True):
    """What agents gave this consumer on one day (counted from the epoch)."""

    day: int
    currency: str
    minor: int


class Trust(Record, frozen=True, array_like=True):
    """How the marketplace knows a consumer. Append only."""

    level: TrustLevel
    linked: tuple[UUID, ...] = ()
    remedies: int = 0


class PartyState(Record, frozen=True, omit_defaults=True):
    """One party. `digest` and `length` are of its private data; none left once it is erased.

    `erased_at` is the last time that its data was erased. `gifts` are what agents gave a consumer
    within 30 days; `unregistered`: nothing else is known yet. `trust` is what the marketplace told
    about a consumer; a merchant bears refunds without return only with `refunds_without_return`.
    Goods go back to a merchant's `places`; a place has the merchant as its `owner`.
    """

    party: UUID
    kind: PartyKind
    market: str
    language: str = ""
    digest: bytes = b""
    length: int = 0
    managements: tuple[Management, ...] = ()
    holds: tuple[str, ...] = ()
    erased_at: datetime | None = None
    gifts: tuple[Gifts, ...] = ()
    unregistered: bool = False
    trust: Trust | None = None
    refunds_without_return: bool = False
    owner: UUID | None = None
    places: tuple[ReturnPlace, ...] = ()

    def place(self, place: UUID) -> ReturnPlace | None:
        """The merchant's return place of this id."""
        return next((one for one in self.places if one.place == place), None)

    def place_for(self, region: str) -> ReturnPlace | None:
        """Where goods from this region go back to: the first that names it, or else takes any."""
        named = (one for one in self.places if region in one.regions)
        anywhere = (one for one in self.places if not one.regions)
        return next(named, None) or next(anywhere, None)

    @property
    def erased(self) -> bool:
        return self.erased_at is not None

    @property
    def held(self) -> bool:
        """Under legal hold: nothing of it may be erased."""
        return bool(self.holds)

    def managed_by(self, at: datetime) -> UUID | None:
        """The agency that manages this creator at that moment."""
        return next((one.agency for one in self.managements if one.covers(at)), None)


def evolve(state: PartyState | None, event: PartyEvent) -> PartyState:
    """What is known after this event."""
    if isinstance(event, PartyRegistered):
        return PartyState(
            gifts=() if state is None else state.gifts,
            trust=None if state is None else state.trust,
            holds=() if state is None else state.holds,
            party=event.party,
            kind=event.kind,
            market=event.market,
            language=event.language,
            digest=event.digest,
            length=event.length,
            owner=event.owner,
        )
    if isinstance(event, GiftCounted | GiftExceeded):
        known = state or PartyState(
            party=event.party, kind=PartyKind.CONSUMER, market=event.market, unregistered=True
        )
        return (
            replace(known, gifts=_gifts(known, event)) if isinstance(event, GiftCounted) else known
        )
    assert state is not None
    match event:
        case PartyUpdated():
            return replace(state, language=event.language, digest=event.digest, length=event.length)
        case ReturnPlacesSet():
            return replace(state, places=event.places)
        case CreatorManaged():
            managed = Management(event.agency, event.starts_at, event.ends_at)
            managements = (*live_managements(state, event.at), managed)
            return replace(
                state, managements=tuple(sorted(managements, key=lambda one: one.starts_at))
            )
        case ManagementEnded():
            return replace(state, managements=_ended(state, event))
        case PersonalDataErased():
            return replace(state, digest=b"", length=0, erased_at=event.at, trust=None)
        case HoldPlaced():
            return replace(state, holds=(*state.holds, event.reason))
        case HoldLifted():
            return replace(state, holds=tuple(one for one in state.holds if one != event.reason))
        case TrustTold():
            return replace(state, trust=Trust(event.level, event.linked, event.remedies))
        case GiftTakenBack():
            return replace(state, gifts=_without_gift(state, event))
        case TermsTold():
            return replace(state, refunds_without_return=event.refunds_without_return)
        case _:
            assert_never(event)


def live_gifts(state: PartyState, at: datetime) -> tuple[Gifts, ...]:
    """What this consumer was given within 30 days, by day."""
    month_ago = day_of(at) - GIFT_DAYS
    return tuple(one for one in state.gifts if one.day > month_ago)


def day_of(at: datetime) -> int:
    return int(at.timestamp()) // 86_400


def _gifts(state: PartyState, event: GiftCounted) -> tuple[Gifts, ...]:
    day, minor, others = day_of(event.at), event.amount_minor, []
    for one in live_gifts(state, event.at):
        if (one.day, one.currency) == (day, event.currency):
            minor += one.minor
        else:
            others.append(one)
    return (*others, Gifts(day, event.currency, minor))


def _without_gift(state: PartyState, event: GiftTakenBack) -> tuple[Gifts, ...]:
    day, left = day_of(event.counted_at), []
    for one in live_gifts(state, event.at):
        if (one.day, one.currency) == (day, event.currency):
            one = replace(one, minor=one.minor - event.amount_minor)
        left.append(one)
    return tuple(one for one in left if one.minor)


def live_managements(state: PartyState, at: datetime) -> tuple[Management, ...]:
    """Those that are not over; the journal remembers the others."""
    return tuple(one for one in state.managements if one.ends_at is None or one.ends_at > at)


def _ended(state: PartyState, event: ManagementEnded) -> tuple[Management, ...]:
    return tuple(
        replace(one, ends_at=event.ends_at)
        if one.agency == event.agency and (one.ends_at is None or one.ends_at > event.ends_at)
        else one
        for one in state.managements
        if one.agency != event.agency or one.starts_at < event.ends_at
    )


def check(state: PartyState) -> None:
    """What must hold for every party, always."""
    assert len(state.managements) <= MANAGEMENTS_MAX
    assert len(set(state.holds)) == len(state.holds) <= HOLDS_MAX
    assert not state.managements or state.kind is PartyKind.CREATOR
    assert state.trust is None or state.kind is PartyKind.CONSUMER
    assert not state.refunds_without_return or state.kind is PartyKind.MERCHANT
    if state.erased:
        assert not state.digest
        assert state.length == 0
