"""What waits for a merchant's or creator's desk, and what will be decided without it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.conversations.messages import CaseStatus, Side
from oncedesk.domain.remedies.following import What
from oncedesk.domain.remedies.words import ClockKind as RemedyClock
from oncedesk.domain.remedies.words import RemedyKind, Status
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.http.shapes.bought import BoughtShape
from oncedesk.http.shapes.cases import Count, Number
from oncedesk.http.shapes.orders import Minor
from oncedesk.http.shapes.remedies import LineShape, RemedyNumber, lines_shape
from oncedesk.http.shapes.words import DeskName
from oncedesk.storage.views.cases_due import CaseDue
from oncedesk.storage.views.outlook import Action, Outlook, Then
from oncedesk.storage.views.remedies_due import RemedyDue
from oncedesk.storage.views.remedy_follow import FollowedRemedy


class OutlookShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What happens by itself `at` that moment, and which actions of the desk prevent it.

    `amount_minor` is what the consumer gets, `own_minor` how much of it this desk's party bears;
    `decision` is what a case's rule decides. `missed`: it is recorded as not done in time.
    """

    at: Moment
    then: Then
    amount_minor: Minor = 0
    own_minor: Minor = 0
    currency: str = ""
    decision: str = ""
    missed: bool = False
    prevented_by: tuple[Action, ...] = ()


class CaseDueShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case that waits for the desk. `asked_by`: another desk's, which wants an answer of this."""

    consumer: UUID
    conversation: UUID
    case: Number
    issue: str
    status: CaseStatus
    language: str
    priority: int
    opened_at: Moment
    clock: ClockKind
    side: Side
    outlook: OutlookShape
    agent: UUID | None = None
    asked_by: DeskName | None = None
    order: UUID | None = None
    part: Count = 0
    reopens: Count = 0
    bought: BoughtShape | None = None


class RemedyDueShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A remedy that waits for the desk. `own_minor`: what granting it costs the desk's party."""

    consumer: UUID
    order: UUID
    number: RemedyNumber
    kind: RemedyKind
    reason: str
    status: Status
    currency: str
    amount_minor: Minor
    own_minor: Minor
    requested_at: Moment
    clock: RemedyClock
    outlook: OutlookShape
    lines: tuple[LineShape, ...] = ()
    disputed: bool = False
    shown: Count = 0
    offered: bool = False
    second_person: bool = False
    conversation: UUID | None = None
    case: Number | None = None
    bought: BoughtShape | None = None


class FollowedShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A remedy that the desk follows: `what` says why, and `due_at` until when at the latest.

    What can be contested while the goods are under way stays so at least until `due_at`.
    """

    consumer: UUID
    order: UUID
    number: RemedyNumber
    what: What
    kind: RemedyKind
    reason: str
    status: Status
    amount_minor: Minor
    own_minor: Minor
    currency: str
    due_at: Moment
    requested_at: Moment
    conversation: UUID | None = None
    case: Number | None = None
    bought: BoughtShape | None = None


class AtRisk(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided at the desk's charge before `until`, among what is on this page."""

    currency: str
    own_minor: Minor
    items: Annotated[int, Meta(ge=1)]


class CasesDueShape(msgspec.Struct, frozen=True, kw_only=True):
    """A page of cases, the first due first."""

    items: tuple[CaseDueShape, ...]
    until: Moment
    at_risk: tuple[AtRisk, ...] = ()
    next: str | None = None


class RemediesDueShape(msgspec.Struct, frozen=True, kw_only=True):
    """A page of remedies, the first due first."""

    items: tuple[RemedyDueShape, ...]
    until: Moment
    at_risk: tuple[AtRisk, ...] = ()
    next: str | None = None


def case_due_shape(due: CaseDue, *, bought: BoughtShape | None) -> CaseDueShape:
    case = due.case
    return CaseDueShape(
        consumer=due.consumer,
        conversation=due.conversation,
        case=case.number,
        issue=case.issue,
        status=case.status,
        language=case.language,
        priority=case.priority,
        opened_at=case.opened_at,
        clock=due.clock.kind,
        side=due.clock.side,
        outlook=_outlook(due.outlook),
        agent=case.agent if due.asked_by is None else None,
        asked_by=None if due.asked_by is None else str(due.asked_by),
        order=due.order,
        part=due.part,
        reopens=case.reopens,
        bought=bought,
    )


def remedy_due_shape(
    due: RemedyDue, *, party: UUID | None, bought: BoughtShape | None
) -> RemedyDueShape:
    row, remedy = due.row, due.remedy
    return RemedyDueShape(
        consumer=row.consumer,
        order=row.order,
        number=remedy.number,
        kind=remedy.kind,
        reason=remedy.reason,
        status=remedy.status,
        currency=row.currency,
        amount_minor=remedy.amount_minor,
        own_minor=sum(share.minor for share in remedy.shares if share.party == party),
        requested_at=remedy.requested_at,
        clock=due.clock.kind,
        outlook=_outlook(due.outlook),
        lines=lines_shape(remedy.lines),
        disputed=remedy.disputed,
        shown=0 if remedy.dispute is None else remedy.dispute.merchant_evidence,
        offered=remedy.counter_offer is not None,
        second_person=row.second_person,
        conversation=None if remedy.case is None else remedy.case.conversation,
        case=None if remedy.case is None else remedy.case.case,
        bought=bought,
    )


def followed_shape(row: FollowedRemedy, *, bought: BoughtShape | None) -> FollowedShape:
    return FollowedShape(
        consumer=row.consumer,
        order=row.order,
        number=row.number,
        what=What(row.what),
        kind=RemedyKind(row.kind),
        reason=row.reason,
        status=Status(row.status),
        amount_minor=row.amount_minor,
        own_minor=row.own_minor,
        currency=row.currency,
        due_at=row.due_at,
        requested_at=row.requested_at,
        conversation=row.conversation,
        case=row.case,
        bought=bought,
    )


def at_risk(outlooks: Iterable[Outlook], *, until: datetime) -> tuple[AtRisk, ...]:
    """By currency, to the last unit."""
    found: dict[str, list[int]] = {}
    for one in outlooks:
        if one.own_minor and one.at < until:
            found.setdefault(one.currency, []).append(one.own_minor)
    return tuple(
        AtRisk(currency=currency, own_minor=sum(minors), items=len(minors))
        for currency, minors in sorted(found.items())
    )


def _outlook(outlook: Outlook) -> OutlookShape:
    return OutlookShape(
        at=outlook.at,
        then=outlook.then,
        amount_minor=outlook.amount_minor,
        own_minor=outlook.own_minor,
        currency=outlook.currency,
        decision=outlook.decision,
        missed=outlook.missed,
        prevented_by=outlook.prevented_by,
    )
