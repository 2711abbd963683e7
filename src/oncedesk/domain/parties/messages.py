"""Commands to a party's state and the events it records. Names are stable for ever.

Names, phones and addresses stand in `person` rows; a command carries only their hash and length.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.shared.bounds import Moment, bounded
from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.shared.money import Currency
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref, party_ref

Market = Annotated[str, bounded("[a-z0-9_-]{1,16}", max_length=16)]
Language = Annotated[str, bounded("[A-Za-z0-9-]{0,16}", max_length=16)]
Digest = Annotated[bytes, Meta(max_length=16)]
Length = Annotated[int, Meta(ge=0)]
RuleId = Annotated[str, bounded("[A-Za-z0-9_.:/@*-]{0,120}", max_length=120)]
Region = Annotated[str, bounded("[A-Za-z0-9_.:-]{1,48}", max_length=48)]
HoldReason = Annotated[str, bounded("[A-Za-z0-9_.:/-]{1,64}", max_length=64)]

PLACES_MAX = 16


class PartyKind(StrEnum):
    """What a party is to the marketplace. A place is where goods of a merchant go back to."""

    CONSUMER = "consumer"
    MERCHANT = "merchant"
    CREATOR = "creator"
    AGENCY = "agency"
    CARRIER = "carrier"
    PLACE = "place"


class ForRegions(Record, frozen=True, array_like=True):
    """A place, and the regions of the orders that go back to it; without regions, any."""

    place: UUID
    regions: Annotated[tuple[Region, ...], Meta(max_length=32)] = ()


class TrustLevel(StrEnum):
    """How the marketplace knows a consumer. It changes how fast money leaves, and nothing else."""

    WATCHED = "watched"
    ORDINARY = "ordinary"
    TRUSTED = "trusted"


class ToParty(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What every command to a party has."""

    party: UUID

    def target(self) -> Ref:
        return party_ref(self.party)


class RegisterParty(ToParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A party exists. Without private data `digest` is empty and `length` 0.

    `owner` is the merchant whose place it is. A place's address stays: another is another place.
    """

    kind: PartyKind
    market: Market
    language: Language = ""
    digest: Digest = b""
    length: Length = 0
    owner: UUID | None = None


class SetReturnPlaces(ToParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Goods of this merchant go back to these places of theirs, the first one that fits."""

    places: Annotated[tuple[ForRegions, ...], Meta(max_length=PLACES_MAX)]


class UpdateParty(ToParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The party's language and private data are now these; kind and market never change."""

    language: Language = ""
    digest: Digest = b""
    length: Length = 0


class ManageCreator(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agency manages the creator in [starts_at, ends_at); no end: until further notice."""

    creator: UUID
    agency: UUID
    starts_at: Moment
    ends_at: Moment | None = None

    def target(self) -> Ref:
        return party_ref(self.creator)


class EndManagement(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agency manages the creator no longer, from then or from now."""

    creator: UUID
    agency: UUID
    ends_at: Moment | None = None

    def target(self) -> Ref:
        return party_ref(self.creator)


class ErasePersonalData(ToParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Overwrite the party's personal data everywhere, and what was written since the last time.

    Refused under a legal hold.
    """


class PlaceHold(ToParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Keep the party's data. `reason` is a reference (a file number), never a person's data."""

    reason: HoldReason


class LiftHold(ToParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The hold with this reason is over; others may remain."""

    reason: HoldReason


class TellTrust(ToParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """How the marketplace knows this consumer now; said again, all of it is replaced.

    `linked` are accounts that it holds for the same person's, `remedies` how many remedies there
    were in the last 30 days on other orders.
    """

    level: TrustLevel
    linked: Annotated[tuple[UUID, ...], Meta(max_length=16)] = ()
    remedies: Annotated[int, Meta(ge=0, le=100_000)] = 0


class TellTerms(ToParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What this merchant agreed to: with `refunds_without_return` it bears refunds for which the
    consumer keeps the goods, also where it did not grant them itself."""

    refunds_without_return: bool


class CountGift(ToParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Agents want to give this consumer so much; `most_minor` is what 30 days may come to.

    A consumer that nobody has registered yet is counted all the same.
    """

    market: Market
    agent: UUID
    order: UUID
    remedy: Annotated[int, Meta(ge=1)]
    currency: Currency
    amount_minor: Annotated[int, Meta(ge=0, le=10**15)]
    most_minor: Annotated[int, Meta(ge=0)]
    rule: RuleId
    spent_at: Moment | None = None


class TakeBackGift(ToParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What was counted at `counted_at` was not given after all."""

    order: UUID
    remedy: Annotated[int, Meta(ge=1)]
    currency: Currency
    amount_minor: Annotated[int, Meta(ge=0, le=10**15)]
    counted_at: Moment


PartyCommand = (
    RegisterParty
    | UpdateParty
    | SetReturnPlaces
    | ManageCreator
    | EndManagement
    | ErasePersonalData
    | PlaceHold
    | LiftHold
    | TellTrust
    | TellTerms
    | CountGift
    | TakeBackGift
    | Wake
)


class OfParty(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What every event of a party has."""

    party: UUID
    at: datetime


class PartyRegistered(OfParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    kind: PartyKind
    market: str
    language: str = ""
    digest: bytes = b""
    length: int = 0
    owner: UUID | None = None


class ReturnPlace(Record, frozen=True, array_like=True):
    """A place with the digest of its address. Fields: append only."""

    place: UUID
    digest: bytes
    regions: tuple[str, ...] = ()


class ReturnPlacesSet(OfParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """From now on; what is on its way already goes where it was sent."""

    places: tuple[ReturnPlace, ...]


class PartyUpdated(OfParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    language: str = ""
    digest: bytes = b""
    length: int = 0


class CreatorManaged(OfParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    agency: UUID
    starts_at: datetime
    ends_at: datetime | None = None


class ManagementEnded(OfParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    agency: UUID
    ends_at: datetime


class PersonalDataErased(OfParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """All that was kept until now."""


class HoldPlaced(OfParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    reason: str


class HoldLifted(OfParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    reason: str


class TrustTold(OfParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    level: TrustLevel
    linked: tuple[UUID, ...] = ()
    remedies: int = 0


class TermsTold(OfParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    refunds_without_return: bool


class OfGift(OfParty, frozen=True, kw_only=True, omit_defaults=True):
    """What a consumer's count says of one gift."""

    agent: UUID
    order: UUID
    remedy: int
    currency: str
    amount_minor: int
    rule: str
    spent_at: datetime | None = None


class GiftCounted(OfGift, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Within what a consumer may be given; it counts from now on."""

    market: str


class GiftExceeded(OfGift, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """More than a consumer may be given within 30 days."""

    market: str
    most_minor: int


class GiftTakenBack(OfParty, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """So much of what was counted at `counted_at` counts no more."""

    order: UUID
    remedy: int
    currency: str
    amount_minor: int
    counted_at: datetime


PartyEvent = (
    PartyRegistered
    | ReturnPlacesSet
    | PartyUpdated
    | CreatorManaged
    | ManagementEnded
    | PersonalDataErased
    | HoldPlaced
    | HoldLifted
    | TrustTold
    | TermsTold
    | GiftCounted
    | GiftExceeded
    | GiftTakenBack
)
