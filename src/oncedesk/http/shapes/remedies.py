"""Remedies, as they are read: how far each is, what it gives, and what runs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.conversations.messages import CaseNumber
from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.remedies.authorising import borne_by_yes
from oncedesk.domain.remedies.contesting import no_contest
from oncedesk.domain.remedies.expecting import expected_steps
from oncedesk.domain.remedies.risk import signs_in
from oncedesk.domain.remedies.state import ClosedRemedy, Remedies, Remedy
from oncedesk.domain.remedies.steps import Step, StepKind
from oncedesk.domain.remedies.waiting import second_persons_desk
from oncedesk.domain.remedies.words import (
    ClockKind,
    LegStatus,
    Line,
    Payer,
    RefundStatus,
    RemedyKind,
    Share,
    Speed,
    Status,
)
from oncedesk.domain.shared.allowing import PEOPLE
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.decider import Packs
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.http.shapes.dispute_seen import (
    ApprovalShape,
    DisputeShape,
    approval_shape,
    dispute_shape,
    is_told,
)
from oncedesk.http.shapes.orders import (
    Minor,
    OfferNowShape,
    PartNumber,
    RemedyNowShape,
    StepShape,
)
from oncedesk.http.shapes.returns import JourneyShape, journey_shape
from oncedesk.http.shapes.words import DeskName
from oncedesk.storage.views.readers import Reader
from oncedesk.storage.views.remedies import SeenRemedies
from oncedesk.storage.views.remedy_work import WaitingRemedy

RemedyNumber = Annotated[int, Meta(ge=1, le=10_000)]
ItemNumber = Annotated[int, Meta(ge=1, le=50)]


class LineShape(msgspec.Struct, frozen=True, kw_only=True):
    """So many of an item (its place in its part, from 1), and what is given for them."""

    part: PartNumber
    item: ItemNumber
    quantity: Annotated[int, Meta(ge=1)]
    amount_minor: Minor


class RefundLegShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Money to one payment: by which method, how much, and how far it is."""

    number: RemedyNumber
    method: str
    amount_minor: Minor
    status: LegStatus
    requested_at: Moment | None = None
    sent_at: Moment | None = None


class RemedyClockShape(msgspec.Struct, frozen=True, kw_only=True):
    """What happens by itself then, if nothing else does before."""

    kind: ClockKind
    due_at: Moment


class BearerShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who bears how much of it."""

    payer: Payer
    amount_minor: Minor
    party: UUID | None = None


class CounterOfferShape(msgspec.Struct, frozen=True, kw_only=True):
    """What is offered instead; the consumer takes it or not."""

    kind: RemedyKind
    reason: str
    amount_minor: Minor
    lines: tuple[LineShape, ...]


class RemedyShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A remedy that is not over. The consumer is not told who bears it, nor which desk has it.

    `steps` are what is still to happen, each by then at the latest. `approval`: a second person is
    waited for. `case`: the one of its part's conversation in which it was asked for. `contestable`:
    its merchant may say that it should not have been given; `granted_before`: the reader said yes
    to it, or that it should not have been, and does not decide that. `asking`: somebody's authority
    to give it is being asked, which takes a moment. `human`: a person of the platform decides it,
    as was asked for.
    """

    number: RemedyNumber
    kind: RemedyKind
    reason: str
    status: Status
    refund: RefundStatus
    requested_at: Moment
    amount_minor: Minor
    lines: tuple[LineShape, ...]
    legs: tuple[RefundLegShape, ...] = ()
    clocks: tuple[RemedyClockShape, ...] = ()
    rule: str = ""
    counter_offer: CounterOfferShape | None = None
    dispute: DisputeShape | None = None
    desk: DeskName | None = None
    bearers: tuple[BearerShape, ...] = ()
    speed: Speed | None = None
    risks: tuple[str, ...] = ()
    journey: JourneyShape | None = None
    steps: tuple[StepShape, ...] = ()
    approval: ApprovalShape | None = None
    contestable: bool = False
    granted_before: bool = False
    asking: bool = False
    case: CaseNumber | None = None
    human: bool = False


class OverShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A remedy that is over, and what it gave."""

    number: RemedyNumber
    kind: RemedyKind
    status: Status
    amount_minor: Minor
    requested_at: Moment
    settled_at: Moment | None = None


class RemediesShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All remedies of an order that the reader may see. Version 0: nothing was ever asked for."""

    consumer: UUID
    order: UUID
    version: Annotated[int, Meta(ge=0)]
    currency: str
    remedies: tuple[RemedyShape, ...]
    over: tuple[OverShape, ...] = ()


class WaitingRemedyShape(msgspec.Struct, frozen=True, kw_only=True):
    """A remedy that waits for this desk; `clock` decides at `due_at` without it."""

    consumer: UUID
    order: UUID
    number: RemedyNumber
    kind: str
    reason: str
    amount_minor: Minor
    currency: str
    clock: str
    due_at: Moment
    requested_at: Moment
    second_person: bool


def remedies_shape(
    seen: SeenRemedies,
    *,
    reader: Reader,
    packs: Packs,
    now: datetime,
    bases: Mapping[UUID, str | None],
) -> RemediesShape:
    """What of it this reader may see; `bases` is what wanted decisions rest on, by the ids."""
    state = seen.state
    return RemediesShape(
        consumer=state.consumer,
        order=state.order,
        version=seen.version,
        currency=state.currency,
        remedies=tuple(
            _remedy(
                one,
                state=state,
                in_person=seen.in_person,
                pack=packs.by_hash(one.pack),
                now=now,
                reader=reader,
                bases=bases,
            )
            for one in seen.live
        ),
        over=tuple(_over(one) for one in state.closed) if seen.whole else (),
    )


def remedies_now(seen: SeenRemedies, *, packs: Packs, now: datetime) -> tuple[RemedyNowShape, ...]:
    """Each in one line, the latest first."""
    live = [
        _now(one, expected_steps(remedy=one, pack=packs.by_hash(one.pack), now=now))
        for one in seen.live
    ]
    over = [
        RemedyNowShape(
            number=one.number,
            kind=one.kind,
            status=one.status,
            refund=_refunded(one),
            amount_minor=one.amount_minor,
            requested_at=one.requested_at,
            settled_at=one.settled_at,
        )
        for one in (seen.state.closed if seen.whole else ())
    ]
    return tuple(sorted([*live, *over], key=lambda one: -one.number))


def _now(remedy: Remedy, steps: tuple[Step, ...]) -> RemedyNowShape:
    refunds = [step.due_at for step in steps if step.kind is StepKind.REFUND]
    sent = [leg.sent_at for leg in remedy.legs if leg.sent_at is not None]
    offer = remedy.counter_offer
    return RemedyNowShape(
        number=remedy.number,
        kind=remedy.kind,
        status=remedy.status,
        refund=remedy.refund,
        amount_minor=remedy.amount_minor,
        requested_at=remedy.requested_at,
        parts=tuple(sorted({line.part for line in remedy.lines})),
        next=next(iter(steps_shape(steps)), None),
        refund_by=max(refunds, default=None),
        sent_at=max(sent, default=None),
        settled_at=remedy.settled_at,
        offer=None
        if offer is None
        else OfferNowShape(kind=offer.wish.kind, amount_minor=offer.amount_minor),
    )


def _refunded(remedy: ClosedRemedy) -> RefundStatus:
    """How far the money of one that is over had come."""
    sent = [leg for leg in remedy.legs if not leg.failed]
    if not sent:
        return RefundStatus.NONE
    arrived = all(leg.credited for leg in sent)
    return RefundStatus.CREDITED if arrived else RefundStatus.SENT


def lines_shape(lines: tuple[Line, ...]) -> tuple[LineShape, ...]:
    return tuple(
        LineShape(
            part=line.part, item=line.item, quantity=line.quantity, amount_minor=line.amount_minor
        )
        for line in lines
    )


def steps_shape(steps: tuple[Step, ...]) -> tuple[StepShape, ...]:
    return tuple(StepShape(kind=step.kind, due_at=step.due_at) for step in steps)


def bearers_shape(shares: tuple[Share, ...]) -> tuple[BearerShape, ...]:
    return tuple(
        BearerShape(payer=share.payer, amount_minor=share.minor, party=share.party)
        for share in shares
    )


def waiting_shape(row: WaitingRemedy) -> WaitingRemedyShape:
    return WaitingRemedyShape(
        consumer=row.consumer,
        order=row.order,
        number=row.number,
        kind=row.kind,
        reason=row.reason,
        amount_minor=row.amount_minor,
        currency=row.currency,
        clock=row.clock,
        due_at=row.due_at,
        requested_at=row.requested_at,
        second_person=row.second_person,
    )


def _remedy(
    remedy: Remedy,
    *,
    state: Remedies,
    in_person: bool,
    pack: Pack,
    now: datetime,
    reader: Reader,
    bases: Mapping[UUID, str | None],
) -> RemedyShape:
    offer = remedy.counter_offer
    agent = reader.actor.id if reader.actor.role in PEOPLE else None
    return RemedyShape(
        number=remedy.number,
        kind=remedy.kind,
        reason=remedy.reason,
        status=remedy.status,
        refund=remedy.refund,
        requested_at=remedy.requested_at,
        amount_minor=remedy.amount_minor,
        lines=lines_shape(remedy.lines),
        legs=tuple(
            RefundLegShape(
                number=leg.number,
                method=leg.method,
                amount_minor=leg.amount_minor,
                status=leg.status,
                requested_at=leg.requested_at,
                sent_at=leg.sent_at,
            )
            for leg in remedy.legs
        ),
        clocks=tuple(
            RemedyClockShape(kind=clock.kind, due_at=clock.due_at)
            for clock in remedy.clocks
            if _is_told_of(clock.kind, remedy, reader, in_person=in_person)
        ),
        rule=remedy.rule,
        counter_offer=None
        if offer is None
        else CounterOfferShape(
            kind=offer.wish.kind,
            reason=offer.wish.reason,
            amount_minor=offer.amount_minor,
            lines=lines_shape(offer.lines),
        ),
        dispute=dispute_shape(remedy, rule=pack.remedies.dispute, agent=agent),
        desk=None if in_person or remedy.desk is None else str(remedy.desk),
        bearers=() if in_person else bearers_shape(borne_by_yes(remedy)),
        speed=None if in_person else remedy.speed,
        risks=() if in_person else signs_in(remedy.speed_reason),
        journey=journey_shape(remedy.journey, in_person=in_person),
        steps=steps_shape(expected_steps(remedy=remedy, pack=pack, now=now)),
        approval=None
        if in_person
        else approval_shape(remedy, reader=reader, agent=agent, bases=bases),
        contestable=not in_person and no_contest(remedy) is None,
        asking=not in_person and remedy.approval is not None and not remedy.approval.waits,
        granted_before=agent is not None and agent in remedy.granted_by,
        case=_case(remedy, state) if in_person else None,
        human=remedy.human,
    )


def _is_told_of(clock: ClockKind, remedy: Remedy, reader: Reader, *, in_person: bool) -> bool:
    """A merchant's contest, and a second person's yes, are among desks."""
    match clock:
        case ClockKind.CONTEST:
            return not in_person
        case ClockKind.AUTHORITY:
            return is_told(reader, second_persons_desk(remedy))
        case _:
            return True


def _case(remedy: Remedy, state: Remedies) -> int | None:
    """Where its files are shown, if that is in the conversation about its part."""
    link = remedy.case
    if link is None or not remedy.lines:
        return None
    about = Subject(SubjectKind.ORDER, state.order, remedy.lines[0].part)
    there = link.conversation == conversation_id(consumer=state.consumer, subject=about)
    return link.case if there else None


def _over(remedy: ClosedRemedy) -> OverShape:
    return OverShape(
        number=remedy.number,
        kind=remedy.kind,
        status=remedy.status,
        amount_minor=remedy.amount_minor,
        requested_at=remedy.requested_at,
        settled_at=remedy.settled_at,
    )
