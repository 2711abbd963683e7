"""What leaves about cases and agents: what happened, and none of the texts.

Of an event leaves what its shape here names, and nothing that somebody adds to the event later.
"""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from oncedesk.domain.agents.messages import BlocksRepeated, RevealAlarmRaised
from oncedesk.domain.conversations.messages import (
    Audience,
    CallBackRequested,
    Card,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CaseResolved,
    Channel,
    ClosingReason,
    ConsumerTold,
    MessagePosted,
    Notice,
    Origin,
    ReopenCause,
    Side,
    Surface,
    TakenOver,
    TakeOverCause,
    Transferred,
)
from oncedesk.domain.conversations.state import Case
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.refs import Desk
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.engine.leaving import Happened

Event = TypeVar("Event")

_encode = msgspec.json.Encoder().encode


class OpenedEvent(msgspec.Struct, frozen=True, kw_only=True, tag="CaseOpened"):
    """A case was opened; `from_case` is the one that a split took it out of."""

    at: Moment
    issue: str
    origin: Origin
    language: str
    channel: Channel | UnsetType = UNSET
    surface: Surface | UnsetType = UNSET
    from_case: int


class TransferredEvent(msgspec.Struct, frozen=True, kw_only=True, tag="Transferred"):
    """Another desk owns the case. A merchant's or creator's desk is told of itself only."""

    at: Moment
    from_desk: str | UnsetType = UNSET
    to_desk: str | UnsetType = UNSET
    reason: str


class TakenOverEvent(msgspec.Struct, frozen=True, kw_only=True, tag="TakenOver"):
    """The platform owns it now. `clock` and `side` say which one ran out, if one did."""

    at: Moment
    from_desk: str | UnsetType = UNSET
    by: str | UnsetType = UNSET
    cause: TakeOverCause
    clock: ClockKind | UnsetType = UNSET
    side: Side | UnsetType = UNSET
    reason: str


class ResolvedEvent(msgspec.Struct, frozen=True, kw_only=True, tag="CaseResolved"):
    """Done, for this reason, at this desk, by somebody in this role."""

    at: Moment
    reason: ClosingReason
    desk: str | UnsetType = UNSET
    by: Role


class ReopenedEvent(msgspec.Struct, frozen=True, kw_only=True, tag="CaseReopened"):
    """The same case again; `number` counts how often it was not solved."""

    at: Moment
    cause: ReopenCause
    number: int


class ClosedEvent(msgspec.Struct, frozen=True, kw_only=True, tag="CaseClosed"):
    """Its recontact window is over. `contact_once`: one contact was enough."""

    at: Moment
    contact_once: bool


class PostedEvent(msgspec.Struct, frozen=True, kw_only=True, tag="MessagePosted"):
    """Somebody spoke; `author` is their role, `automatic` what no person wrote. Calls are noted
    among desks, and never leave."""

    at: Moment
    audience: Audience
    author: Role
    automatic: bool
    attachments: tuple[UUID, ...]
    card: Card | UnsetType = UNSET


class ToldEvent(msgspec.Struct, frozen=True, kw_only=True, tag="ConsumerTold"):
    """What the consumer's page says; amounts in minor units, about the remedy of this number."""

    at: Moment
    notice: Notice
    desk: str | UnsetType = UNSET
    until: Moment | UnsetType = UNSET
    wait_seconds: int
    amount_minor: int
    currency: str
    method: str
    remedy: int


class CallBackEvent(msgspec.Struct, frozen=True, kw_only=True, tag="CallBackRequested"):
    """The consumer is to be called by `due_at`."""

    at: Moment
    due_at: Moment


class BlocksEvent(msgspec.Struct, frozen=True, kw_only=True, tag="BlocksRepeated"):
    """So many words of the agent were kept back since then."""

    at: Moment
    since: Moment
    count: int


class AlarmEvent(msgspec.Struct, frozen=True, kw_only=True, tag="RevealAlarmRaised"):
    """So many reveals within `seconds` were more than the rule pack's `rule` has."""

    at: Moment
    count: int
    seconds: int
    rule: str


_SHAPES: Mapping[type, type[msgspec.Struct]] = {
    CaseOpened: OpenedEvent,
    Transferred: TransferredEvent,
    TakenOver: TakenOverEvent,
    CaseResolved: ResolvedEvent,
    CaseReopened: ReopenedEvent,
    CaseClosed: ClosedEvent,
    MessagePosted: PostedEvent,
    ConsumerTold: ToldEvent,
    CallBackRequested: CallBackEvent,
    BlocksRepeated: BlocksEvent,
    RevealAlarmRaised: AlarmEvent,
}


class CaseMessage(msgspec.Struct, Generic[Event], frozen=True, omit_defaults=True):
    """What a receiver learns: which case of whom, and what happened in it. No texts.

    `desks` are those beside the platform's that the case lies with, or lay until now.
    """

    conversation: str
    case: int
    version: int
    event: Event
    consumer: str = ""
    desks: tuple[str, ...] = ()


class AgentMessage(msgspec.Struct, Generic[Event], frozen=True, omit_defaults=True):
    """What a receiver learns about an agent: what happened, and at which version of theirs."""

    agent: str
    version: int
    event: Event


def is_for_all(event: MessagePosted) -> bool:
    """What desks say among themselves is nobody else's."""
    return event.audience is Audience.CONSUMER


def about_case(event: Any, happened: Happened) -> bytes:
    return _encode(
        CaseMessage(
            conversation=str(happened.source.id),
            case=event.case,
            version=happened.version,
            event=_shown(event),
            consumer=str(happened.after.consumer),
            desks=_desks(event, happened),
        )
    )


def about_agent(event: Any, happened: Happened) -> bytes:
    return _encode(
        AgentMessage(agent=str(event.agent), version=happened.version, event=_shown(event))
    )


def _shown(event: Any) -> Any:
    """An event for others: desks by their names, of actors the role, and nothing of a text."""
    shape = _SHAPES[type(event)]
    return shape(
        **{
            name: _plain(value)
            for name in shape.__struct_fields__
            if (value := getattr(event, name)) is not None
        }
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Desk):
        return str(value)
    return value.role if isinstance(value, Actor) else value


def _desks(event: Any, happened: Happened) -> tuple[str, ...]:
    """Those that the case lies with, or lay until this command; the platform sees everything."""
    found: set[Desk] = set()
    for state in (happened.before, happened.after):
        case: Case | None = None if state is None else state.case(event.case)
        if case is not None:
            found.add(case.owner)
            if case.referral is not None:
                found.update((case.referral.desk, case.referral.back_to))
    return tuple(sorted(str(desk) for desk in found if desk.party is not None))
