"""What became of each case, worked out from its conversation's events: for figures, nothing else.

Nothing is decided by it, so it can always be worked out again, also of what happened long ago.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from oncedesk.domain.conversations.attribution import Parties
from oncedesk.domain.conversations.messages import (
    REFINED,
    Attributed,
    Audience,
    CaseAssigned,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CaseResolved,
    CasesMerged,
    ClockExpired,
    ClocksStopped,
    ContactReceived,
    ConversationEvent,
    ConversationOpened,
    MessagePosted,
    PartiesSeen,
    Reclassified,
    RoutedTo,
    ServiceRated,
    Side,
    StopReason,
    TakenOver,
    Transferred,
)
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.conversations.whereabouts import AgentHold, DeskStay, Whereabouts
from oncedesk.domain.shared.allowing import PEOPLE
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk
from oncedesk.domain.shared.rulepack import ClockKind

WORK_MAX = timedelta(minutes=10)
"""Whoever comes back to a case after longer than this was doing something else in between."""


class CaseOutcome(Record, frozen=True, kw_only=True):
    """A case that is resolved or closed. `desk` is the one to which it came first.

    `answered_at` is a person's first word to the consumer, `answered_in_time` whether the
    consumer's first response clock was kept, None where neither was said. `contacts` are also those
    of the cases that were merged into it. `contact_once` is known once it is closed.
    `worked_seconds` is how long people were at it (see `WORK_MAX`), `score` how the consumer rated
    the service, if they did, here or in one that was merged into it. `stays` are the desks that it
    came to, `holds` who had it there.
    """

    case: int
    issue: str
    market: str
    desk: Desk | None
    merchant: UUID | None
    creator: UUID | None
    opened_at: datetime
    resolved_at: datetime
    reason: str
    contacts: int
    taken_over: bool
    worked_seconds: int
    answered_at: datetime | None = None
    answered_in_time: bool | None = None
    closed_at: datetime | None = None
    contact_once: bool | None = None
    score: int | None = None
    stays: Sequence[DeskStay] = ()
    holds: Sequence[AgentHold] = ()


class _Known(Struct):
    """A case on its way. `merchant` and `creator` are whose it was said to be.
    `rests`: something was done, and the consumer has not spoken since."""

    number: int
    issue: str
    opened_at: datetime
    whereabouts: Whereabouts
    merchant: UUID | None
    creator: UUID | None
    owner: Desk | None = None
    desk: Desk | None = None
    contacts: int = 0
    taken_over: bool = False
    worked: timedelta = timedelta(0)
    since: datetime | None = None
    rests: bool = False
    answered_at: datetime | None = None
    in_time: bool | None = None
    resolved_at: datetime | None = None
    reason: str = ""
    closed_at: datetime | None = None
    contact_once: bool | None = None
    merged: bool = False
    score: int | None = None


def outcomes(events: Iterable[ConversationEvent]) -> tuple[CaseOutcome, ...]:
    """Those of the cases that are resolved or closed after these events, by number."""
    market, merchant, creator, about = "", None, None, SubjectKind.NONE
    cases: dict[int, _Known] = {}
    for event in events:
        match event:
            case ConversationOpened():
                market, about = event.market, event.subject.kind
                merchant, creator = event.merchant, event.creator
            case PartiesSeen() if event.case:
                named = cases[event.case]
                named.merchant, named.creator = event.merchant, event.creator
            case PartiesSeen():
                merchant = event.merchant or merchant
                creator = event.creator or creator
            case CaseOpened():
                # At first it was not said of each case.
                of = Parties(event.merchant, event.creator)
                of = Parties(merchant, creator) if of == Parties() else of
                known = _Known(
                    event.case, event.issue, event.at, Whereabouts(), of.merchant, of.creator
                )
                cases[event.case] = known
            case CasesMerged():
                ended, into = cases[event.case], cases[event.into]
                ended.merged = True
                into.contacts += ended.contacts
                into.score = into.score or ended.score
            case _:
                number = getattr(event, "case", None)
                if number in cases:
                    _follow(cases[number], event)
    # Whose an order or a listing is, or a live session, counts for all of it, although it was known
    # only later. Whom the consumer names of anything else is asked in the case that they name.
    merchant = merchant if about in (SubjectKind.ORDER, SubjectKind.LISTING) else None
    creator = creator if about in (SubjectKind.ORDER, SubjectKind.LIVE) else None
    return tuple(
        _outcome(one, market, merchant, creator)
        for one in cases.values()
        if one.resolved_at is not None and not one.merged
    )


def _follow(known: _Known, event: ConversationEvent) -> None:
    known.whereabouts.follow(event)
    told = _TOLD.get(type(event))
    if told is not None:
        told(known, event)


def _routed(known: _Known, event: RoutedTo) -> None:
    known.desk = known.desk or event.desk


def _transferred(known: _Known, event: Transferred) -> None:
    if event.reason == REFINED:
        # Nobody had placed it there: the consumer had not said what it was about.
        known.desk = event.to_desk


def _attributed(known: _Known, event: Attributed) -> None:
    known.owner = known.owner or event.owner


def _contacted(known: _Known, _: ContactReceived) -> None:
    known.contacts += 1


def _assigned(known: _Known, event: CaseAssigned) -> None:
    known.since, known.rests = event.at, False


def _stopped(known: _Known, event: ClocksStopped) -> None:
    if event.reason is not StopReason.ANSWERED:
        return
    for stopped in event.clocks:
        if _is_first(stopped.clock, stopped.side):
            # A case that came back owes a first answer again, and late once is late.
            known.in_time = stopped.met and known.in_time is not False


def _expired(known: _Known, event: ClockExpired) -> None:
    if _is_first(event.clock, event.side):
        known.in_time = False


def _taken_over(known: _Known, _: TakenOver) -> None:
    known.taken_over = True


def _reclassified(known: _Known, event: Reclassified) -> None:
    known.issue = event.issue


def _resolved(known: _Known, event: CaseResolved) -> None:
    if event.by.role in PEOPLE:
        _worked(known, event.at)
    known.resolved_at, known.reason = event.at, event.reason.value


def _reopened(known: _Known, _: CaseReopened) -> None:
    known.resolved_at = None


def _closed(known: _Known, event: CaseClosed) -> None:
    known.closed_at, known.contact_once = event.at, event.contact_once


def _rated(known: _Known, event: ServiceRated) -> None:
    known.score = event.score


def _is_first(clock: ClockKind, side: Side) -> bool:
    return clock is ClockKind.FIRST_RESPONSE and side is Side.CONSUMER


def _said(known: _Known, event: MessagePosted) -> None:
    if event.automatic:
        return
    if event.author.role is Role.CONSUMER:
        if known.rests or known.since is None:
            known.since, known.rests = event.at, False
    elif event.author.role in PEOPLE and known.resolved_at is None:
        # What follows on its end changes no figure of it: nothing marks it, so nobody would see.
        _worked(known, event.at)
        # Whoever was reached by telephone was spoken to, although what is kept of it is a note.
        reached = event.call is not None and event.call.seconds > 0
        if event.audience is Audience.CONSUMER or reached:
            known.answered_at = known.answered_at or event.at


def _worked(known: _Known, at: datetime) -> None:
    """Since it came to them, the consumer spoke, or they last did something about it."""
    if known.since is not None:
        worked = min(at - known.since, WORK_MAX)
        known.worked += worked
        known.whereabouts.work(worked)
    known.since, known.rests = at, True


_TOLD: dict[type, Callable[[_Known, Any], None]] = {
    RoutedTo: _routed,
    Transferred: _transferred,
    Attributed: _attributed,
    ContactReceived: _contacted,
    CaseAssigned: _assigned,
    MessagePosted: _said,
    ClocksStopped: _stopped,
    ClockExpired: _expired,
    TakenOver: _taken_over,
    Reclassified: _reclassified,
    CaseResolved: _resolved,
    CaseReopened: _reopened,
    CaseClosed: _closed,
    ServiceRated: _rated,
}
"""Most events tell nothing of it, and there are very many: none is compared with all of these."""


def _outcome(
    known: _Known, market: str, merchant: UUID | None, creator: UUID | None
) -> CaseOutcome:
    assert known.resolved_at is not None
    return CaseOutcome(
        case=known.number,
        issue=known.issue,
        market=market,
        # What was over before it came into any queue counts with whose work it was.
        desk=known.desk or known.owner,
        merchant=known.merchant or merchant,
        creator=known.creator or creator,
        opened_at=known.opened_at,
        resolved_at=known.resolved_at,
        reason=known.reason,
        contacts=known.contacts,
        taken_over=known.taken_over,
        worked_seconds=int(known.worked.total_seconds()),
        answered_at=known.answered_at,
        answered_in_time=known.in_time,
        closed_at=known.closed_at,
        contact_once=known.contact_once,
        score=known.score,
        stays=known.whereabouts.stays(),
        holds=known.whereabouts.holds(),
    )
