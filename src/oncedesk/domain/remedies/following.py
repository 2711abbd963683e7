"""What a desk follows without having to act.

Goods on their way, what the platform decides, and what was decided against it and can be turned.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from oncedesk.domain.remedies.contesting import no_contest
from oncedesk.domain.remedies.journey import Contest
from oncedesk.domain.remedies.messages.disputing import Outcome
from oncedesk.domain.remedies.messages.returning import Back
from oncedesk.domain.remedies.state import Remedies, Remedy, merchant_of
from oncedesk.domain.remedies.words import Clock, ClockKind, Payer, Status
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind


class What(StrEnum):
    """Why a desk follows a remedy. The last two it may act on: object once, contest once."""

    RETURNING = "returning"
    WITH_PLATFORM = "with_platform"
    OBJECTIONABLE = "objectionable"
    CONTESTABLE = "contestable"


class Followed(Record, frozen=True):
    """One desk, and why it follows this remedy. `due_at` is when that is over at the latest.

    Of what can be contested before its window is counted, it is when the next thing happens.
    """

    desk: Desk
    what: What
    due_at: datetime


_ON_ITS_WAY = (Back.INTERCEPTING, Back.AWAITED, Back.UNDER_WAY)


def followed(*, state: Remedies, remedy: Remedy) -> Iterator[Followed]:
    """By the merchant's desk; a creator's that bears some of it looks on."""
    merchant = merchant_of(state=state, remedy=remedy)
    desks = [] if merchant is None else [Desk(DeskKind.MERCHANT, merchant)]
    desks += [
        Desk(DeskKind.CREATOR, share.party)
        for share in remedy.shares
        if share.payer is Payer.CREATOR and share.party is not None
    ]
    for what, clock in _looked_on(remedy):
        for desk in desks:
            yield Followed(desk, what, clock.due_at)
    if merchant is not None:
        for what, clock in _can_be_turned(remedy):
            yield Followed(desks[0], what, clock.due_at)


def _looked_on(remedy: Remedy) -> Iterator[tuple[What, Clock]]:
    journey = remedy.journey
    if remedy.is_granted and journey is not None and journey.back in _ON_ITS_WAY:
        way = remedy.clock(ClockKind.SHIP_BACK) or remedy.clock(ClockKind.RETURN_TRANSIT)
        yield What.RETURNING, way or _next(remedy)
    decision = remedy.clock(ClockKind.DECISION)
    if decision is not None:
        yield What.WITH_PLATFORM, decision
    elif remedy.status is Status.REQUESTED and remedy.desk == PLATFORM:
        yield What.WITH_PLATFORM, _next(remedy)
    elif journey is not None and journey.contest is Contest.OPEN:
        yield What.WITH_PLATFORM, remedy.clock(ClockKind.CONTEST) or _next(remedy)


def _can_be_turned(remedy: Remedy) -> Iterator[tuple[What, Clock]]:
    dispute, objection = remedy.dispute, remedy.clock(ClockKind.OBJECTION)
    decided = dispute is not None and dispute.outcome not in (None, Outcome.REFUSED)
    if decided and objection is not None and dispute is not None and dispute.objected is None:
        yield What.OBJECTIONABLE, objection
    if no_contest(remedy) is None:
        yield What.CONTESTABLE, remedy.clock(ClockKind.CONTEST) or _next(remedy)


def _next(remedy: Remedy) -> Clock:
    return min(remedy.clocks, key=lambda clock: clock.due_at)
