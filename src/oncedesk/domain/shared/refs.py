"""References to states and to desks."""

from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from oncedesk.domain.shared.ids import BUCKETS, bucket_of, derived_id
from oncedesk.domain.shared.records import Record


class Kind(StrEnum):
    """The kinds of state. The value stands in the database and never changes."""

    CONVERSATION = "conversation"
    ORDER = "order"
    PARTY = "party"
    AGENT = "agent"
    DESK = "desk"
    RULEBOOK = "rulebook"
    REMEDIES = "remedies"
    ACCOUNT = "account"
    BUDGET = "budget"
    LISTING = "listing"
    WALLET = "wallet"
    EVIDENCE = "evidence"


class Ref(Record, frozen=True, array_like=True, order=True):
    """Where one state lives: its kind, its bucket (from the party whose data it is) and its id."""

    kind: Kind
    bucket: int
    id: UUID


class DeskKind(StrEnum):
    """Whose desk it is."""

    PLATFORM = "platform"
    MERCHANT = "merchant"
    CREATOR = "creator"


class Desk(Record, frozen=True, array_like=True, order=True):
    """A desk: the platform's (`party` is None), one merchant's or one creator's."""

    kind: DeskKind
    party: UUID | None = None

    def __str__(self) -> str:
        return self.kind.value if self.party is None else f"{self.kind.value}:{self.party}"


def desk_of(name: str) -> Desk:
    """The desk of this name, as `str` gives it. Raises ValueError."""
    kind, _, party = name.partition(":")
    desk = Desk(DeskKind(kind), UUID(party) if party else None)
    if (desk.kind is DeskKind.PLATFORM) != (desk.party is None):
        raise ValueError(f"{name!r} names no desk")
    return desk


PLATFORM = Desk(kind=DeskKind.PLATFORM)
PLATFORM_PARTY = derived_id("party", "platform")


def party_ref(party: UUID) -> Ref:
    return Ref(Kind.PARTY, bucket_of(party), party)


def agent_ref(agent: UUID) -> Ref:
    return Ref(Kind.AGENT, bucket_of(agent), agent)


def order_ref(*, consumer: UUID, order: UUID) -> Ref:
    """An order lies in its consumer's bucket."""
    return Ref(Kind.ORDER, bucket_of(consumer), order)


def remedies_ref(*, consumer: UUID, order: UUID) -> Ref:
    """All remedies of an order are one state, in its consumer's bucket."""
    return Ref(Kind.REMEDIES, bucket_of(consumer), derived_id("remedies", order))


def account_ref(*, party: UUID, currency: str) -> Ref:
    """The money of a party in one currency, in the party's bucket."""
    return Ref(Kind.ACCOUNT, bucket_of(party), derived_id("account", party, currency))


BUDGET_SLICES = 64
"""Into how many slices a budget is dealt out, so that no row is everybody's."""


def slice_of(bucket: int) -> int:
    """From which slice of a budget whatever lies in this bucket draws; slices count from 1."""
    return bucket % BUDGET_SLICES + 1


def budget_ref(*, name: str, market: str, currency: str, slice_: int) -> Ref:
    """One slice of a budget; slice 0 is what has not been dealt out yet."""
    bucket = (bucket_of(PLATFORM_PARTY) + slice_ * (BUCKETS // BUDGET_SLICES)) % BUCKETS
    return Ref(Kind.BUDGET, bucket, derived_id("budget", name, market, currency, str(slice_)))


def listing_ref(*, merchant: UUID | None, listing: UUID) -> Ref:
    """A listing lies in its merchant's bucket; nobody can describe another's under its id."""
    seller = merchant or PLATFORM_PARTY
    return Ref(Kind.LISTING, bucket_of(seller), derived_id("listing", seller, listing))


def wallet_ref(consumer: UUID) -> Ref:
    """A consumer has one wallet."""
    return Ref(Kind.WALLET, bucket_of(consumer), derived_id("wallet", consumer))


def evidence_ref(digest: bytes) -> Ref:
    """One piece of evidence, whoever shows it: by its digest."""
    id_ = derived_id("evidence", digest.hex())
    return Ref(Kind.EVIDENCE, bucket_of(id_), id_)


def conversation_ref(*, consumer: UUID, conversation: UUID) -> Ref:
    return Ref(Kind.CONVERSATION, bucket_of(consumer), conversation)


def talk_ref(*, consumer: UUID, about: str) -> Ref:
    """Where the conversation of this consumer about what is named so lives."""
    conversation = derived_id("conversation", consumer, about)
    return conversation_ref(consumer=consumer, conversation=conversation)


def order_part(order: UUID | None, part: int) -> str:
    """How a part of an order is named where it is talked about; part 0 is the order as a whole."""
    return f"order:{order}:{part}"


@lru_cache(maxsize=4_096)
def order_talk_ref(consumer: UUID, order: UUID, part: int) -> Ref:
    """Where this consumer's conversation about this part of an order lives, if there is one."""
    return talk_ref(consumer=consumer, about=order_part(order, part))


def desk_ref(desk: Desk) -> Ref:
    return Ref(Kind.DESK, bucket_of(desk.party or PLATFORM_PARTY), derived_id("desk", str(desk)))


def rulebook_ref(market: str) -> Ref:
    """One rulebook a market (`cn`, `eu`): which pack holds from when."""
    return Ref(Kind.RULEBOOK, bucket_of(PLATFORM_PARTY), derived_id("rulebook", market))
