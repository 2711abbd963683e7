"""Agents, desks and parties, as they are read by themselves and by those who run the system."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.agents.authority import AuthorityLeft
from oncedesk.domain.agents.messages import Because, DeskRole, Presence
from oncedesk.domain.agents.state import AgentState, Held, Membership, Shift
from oncedesk.domain.desks.state import DeskState, Relief
from oncedesk.domain.parties.messages import PartyKind
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.money import Currency
from oncedesk.http.shapes.cases import Count, Number
from oncedesk.http.shapes.words import DeskName


class MembershipShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """At this desk from then on, until then or until further notice."""

    desk: DeskName
    role: DeskRole
    starts_at: Moment
    ends_at: Moment | None = None


class BreakShape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A span of a shift without new work."""

    starts_at: Annotated[datetime, Meta(tz=True)]
    ends_at: Annotated[datetime, Meta(tz=True)]


class ShiftShape(msgspec.Struct, frozen=True, kw_only=True):
    """A shift; from `drains_at` on no new work comes."""

    starts_at: Moment
    ends_at: Moment
    drains_at: Moment
    breaks: tuple[BreakShape, ...]


class HeldShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case that takes one of the agent's places; `note` is the last hand-over line."""

    consumer: UUID
    conversation: UUID
    case: Number
    desk: DeskName
    since: Moment
    leaving: bool = False
    note: UUID | None = None


class AgentShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An agent: where they work, when, what they can do, and what they have in hand.

    `reveal_alarm`: they have seen much in clear, and see nothing more until somebody lifts it.
    `picks`: they may take cases from a queue by hand. `linked`: consumers' accounts of their own or
    of those close to them, told only to those who run the system.
    """

    id: UUID
    version: Number
    presence: Presence
    because: Because
    capacity: Count
    memberships: tuple[MembershipShape, ...]
    shifts: tuple[ShiftShape, ...]
    held: tuple[HeldShape, ...]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    wrap_up_seconds: Count
    grace_seconds: Count
    drain_seconds: Count
    on_shift: bool
    on_break: bool
    presence_until: Moment | None = None
    back_at: Moment | None = None
    reveal_alarm: bool = False
    name: str = ""
    picks: bool = False
    linked: tuple[UUID, ...] = ()


class AuthorityShape(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent may still give alone, in minor units: in one case, and today."""

    currency: Currency
    per_case_minor: Count
    today_minor: Count


class ReliefShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Promises due in this span get so much longer."""

    id: UUID
    market: str
    starts_at: Moment
    ends_at: Moment
    extends_seconds: Number
    announced_at: Moment
    region: str | None = None
    carrier: str | None = None


class DeskShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A desk: whether it takes work, whether somebody is there, how long work waits."""

    desk: DeskName
    version: Number
    market: str
    open: bool
    languages: tuple[str, ...]
    staffed: bool
    surge: bool
    oldest_wait_seconds: Count
    staffed_from: Moment | None = None
    reported_at: Moment | None = None
    reliefs: tuple[ReliefShape, ...] = ()


class ManagementShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The agency that manages the creator, from when to when."""

    agency: UUID
    starts_at: Moment
    ends_at: Moment | None = None


class PartyShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a party beside personal data, which is not told here."""

    id: UUID
    version: Number
    kind: PartyKind
    market: str
    language: str
    managements: tuple[ManagementShape, ...] = ()
    erased_at: Moment | None = None


def agent_shape(state: AgentState, version: int, *, now: datetime, name: str = "") -> AgentShape:
    return AgentShape(
        id=state.agent,
        version=version,
        presence=state.presence,
        because=state.because,
        capacity=state.capacity,
        memberships=tuple(
            _membership(one)
            for one in state.memberships
            # What is over is known for what was said there, and is no desk of theirs.
            if one.ends_at is None or one.ends_at > now
        ),
        shifts=tuple(_shift(one) for one in state.shifts),
        held=tuple(_held(one) for one in state.held),
        skills=state.skills,
        languages=state.languages,
        wrap_up_seconds=state.wrap_up_seconds,
        grace_seconds=state.grace_seconds,
        drain_seconds=state.drain_seconds,
        on_shift=state.on_shift,
        on_break=state.on_break,
        presence_until=state.presence_until,
        back_at=state.back_at,
        name=name,
        reveal_alarm=state.reveal_alarm,
        picks=state.picks,
    )


def authority_shape(left: AuthorityLeft) -> AuthorityShape:
    return AuthorityShape(
        currency=left.currency, per_case_minor=left.per_case_minor, today_minor=left.today_minor
    )


def desk_shape(state: DeskState, version: int) -> DeskShape:
    return DeskShape(
        desk=str(state.desk),
        version=version,
        market=state.market,
        open=state.open,
        languages=state.languages,
        staffed=state.staffed,
        surge=state.surge,
        oldest_wait_seconds=state.oldest_wait_seconds,
        staffed_from=state.staffed_from,
        reported_at=state.reported_at,
        reliefs=tuple(_relief(one) for one in state.reliefs),
    )


def party_shape(state: PartyState, version: int) -> PartyShape:
    return PartyShape(
        id=state.party,
        version=version,
        kind=state.kind,
        market=state.market,
        language=state.language,
        managements=tuple(
            ManagementShape(agency=one.agency, starts_at=one.starts_at, ends_at=one.ends_at)
            for one in state.managements
        ),
        erased_at=state.erased_at,
    )


def _membership(one: Membership) -> MembershipShape:
    return MembershipShape(
        desk=str(one.desk), role=one.role, starts_at=one.starts_at, ends_at=one.ends_at
    )


def _shift(one: Shift) -> ShiftShape:
    return ShiftShape(
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        drains_at=one.drains_at,
        breaks=tuple(BreakShape(starts_at=b.starts_at, ends_at=b.ends_at) for b in one.breaks),
    )


def _held(one: Held) -> HeldShape:
    return HeldShape(
        consumer=one.consumer,
        conversation=one.conversation,
        case=one.case,
        desk=str(one.desk),
        since=one.since,
        leaving=one.leaving,
        note=one.note,
    )


def _relief(one: Relief) -> ReliefShape:
    return ReliefShape(
        id=one.id,
        market=one.market,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        extends_seconds=one.extends_seconds,
        announced_at=one.announced_at,
        region=one.region,
        carrier=one.carrier,
    )
