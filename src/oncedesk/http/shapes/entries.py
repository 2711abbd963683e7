"""What stands between the messages of a thread: who has it now, what was asked, what became of it.

Codes, never words: a page says them in its reader's language. What is not named here is not told.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.conversations import messages as told
from oncedesk.domain.conversations.messages import Notice, RatingReason
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.refs import Desk
from oncedesk.http.shapes.cases import Count, Number
from oncedesk.http.shapes.orders import Minor
from oncedesk.http.shapes.words import public_name
from oncedesk.storage.views.story import Chapter, Told


class EntryKind(StrEnum):
    """What an entry tells."""

    OPENED = "opened"
    HANDED_OVER = "handed_over"
    NOTICE = "notice"
    ASKED = "asked"
    CALL_BACK = "call_back"
    CALL_BACK_OFFERED = "call_back_offered"
    MERGED = "merged"
    SPLIT = "split"
    RESOLVED = "resolved"
    CONFIRMED = "confirmed"
    RATED = "rated"
    REOPENED = "reopened"
    CLOSED = "closed"
    REFERRED = "referred"
    REFERRAL_ENDED = "referral_ended"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    MISSED = "missed"
    RECLASSIFIED = "reclassified"


class EntryShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened, at the conversation's `version`, among the messages of that version.

    `from_desk` and `to_desk` say who had it and has it: to the consumer only what kind of desk.
    `from_name` and `to_name` are what those merchants or creators are called in public.
    `reason` is the code of why; `notice` what the consumer is told, with `until` when, how long the
    wait is and, of a `remedy`, how much it is. `message` is the question, `other` another case;
    `score` is how the service was rated, and `reasons` why.
    """

    version: Number
    case: Number
    at: Moment
    kind: EntryKind
    from_desk: str = ""
    to_desk: str = ""
    from_name: str = ""
    to_name: str = ""
    reason: str = ""
    notice: Notice | None = None
    until: Moment | None = None
    wait_seconds: Count = 0
    amount_minor: Minor = 0
    currency: str = ""
    method: str = ""
    remedy: Count = 0
    message: UUID | None = None
    other: Count = 0
    agent: UUID | None = None
    score: Annotated[int, Meta(ge=0, le=5)] = 0
    reasons: tuple[RatingReason, ...] = ()


class EntriesShape(msgspec.Struct, frozen=True, kw_only=True):
    """A part of it, in its order. `upto` is the version to ask on `after`; `more`: at once."""

    items: Annotated[tuple[EntryShape, ...], Meta(max_length=6_400)]
    upto: Count
    more: bool


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """What of an event is told, before it is known to whom."""

    kind: EntryKind
    desks_only: bool = False
    from_desk: Desk | None = None
    to_desk: Desk | None = None
    reason: str = ""
    until: Any = None
    message: UUID | None = None
    other: int = 0
    agent: UUID | None = None
    notice: told.ConsumerTold | None = None
    rated: told.ServiceRated | None = None


def entries_shape(
    chapter: Chapter, *, after: int, in_person: bool, names: Mapping[UUID, str]
) -> EntriesShape:
    """What of it this reader may know."""
    last = max((one.version for one in chapter.told), default=after)
    return EntriesShape(
        items=tuple(
            entry for one in chapter.told for entry in _entries(one, names, in_person=in_person)
        ),
        upto=last if chapter.upto is None else chapter.upto,
        more=chapter.upto is not None,
    )


def _entries(one: Told, names: Mapping[UUID, str], *, in_person: bool) -> Iterator[EntryShape]:
    first = {event.case: event.desk for event in one.events if isinstance(event, told.RoutedTo)}
    for event in one.events:
        tells = _TOLD.get(type(event))
        if tells is None:
            continue
        said = tells(event)
        if in_person and said.desks_only:
            continue
        if said.kind is EntryKind.OPENED:
            said = msgspec.structs.replace(said, to_desk=first.get(event.case))
        yield _entry(one.version, event, said, names, in_person=in_person)


def _entry(
    version: int, event: Any, said: _Said, names: Mapping[UUID, str], *, in_person: bool
) -> EntryShape:
    notice, rated = said.notice, said.rated

    def name(desk: Desk | None) -> str:
        if desk is None:
            return ""
        return desk.kind.value if in_person else str(desk)

    return EntryShape(
        version=version,
        case=event.case,
        at=event.at,
        kind=said.kind,
        from_desk=name(said.from_desk),
        to_desk=name(said.to_desk),
        from_name=public_name(said.from_desk, names),
        to_name=public_name(said.to_desk, names),
        reason=said.reason,
        notice=None if notice is None else notice.notice,
        until=said.until,
        wait_seconds=0 if notice is None else notice.wait_seconds,
        amount_minor=0 if notice is None else notice.amount_minor,
        currency="" if notice is None else notice.currency,
        method="" if notice is None else notice.method,
        remedy=0 if notice is None else notice.remedy,
        message=said.message,
        other=said.other,
        agent=None if in_person else said.agent,
        score=0 if rated is None else rated.score,
        reasons=() if rated is None else rated.reasons,
    )


_TOLD: Mapping[type, Callable[[Any], _Said]] = {
    told.CaseOpened: lambda e: _Said(kind=EntryKind.OPENED, reason=e.issue, other=e.from_case),
    told.Transferred: lambda e: _Said(
        kind=EntryKind.HANDED_OVER, from_desk=e.from_desk, to_desk=e.to_desk, reason="transferred"
    ),
    told.TakenOver: lambda e: _Said(
        kind=EntryKind.HANDED_OVER, from_desk=e.from_desk, to_desk=e.by, reason=e.cause.value
    ),
    told.ConsumerTold: lambda e: _Said(
        kind=EntryKind.NOTICE, to_desk=e.desk, until=e.until, notice=e
    ),
    told.ConsumerAsked: lambda e: _Said(
        kind=EntryKind.ASKED, message=e.question, other=e.from_case, agent=e.agent
    ),
    told.CallBackOffered: lambda _: _Said(kind=EntryKind.CALL_BACK_OFFERED),
    told.CallBackRequested: lambda e: _Said(kind=EntryKind.CALL_BACK, until=e.due_at),
    told.CasesMerged: lambda e: _Said(kind=EntryKind.MERGED, other=e.into),
    told.CaseSplit: lambda e: _Said(kind=EntryKind.SPLIT, other=e.new_case),
    told.CaseResolved: lambda e: _Said(
        kind=EntryKind.RESOLVED, from_desk=e.desk, reason=e.reason.value, agent=e.agent
    ),
    told.SolvedConfirmed: lambda _: _Said(kind=EntryKind.CONFIRMED),
    told.ServiceRated: lambda e: _Said(kind=EntryKind.RATED, rated=e),
    told.CaseReopened: lambda e: _Said(kind=EntryKind.REOPENED, reason=e.cause.value),
    told.CaseClosed: lambda _: _Said(kind=EntryKind.CLOSED),
    told.Referred: lambda e: _Said(
        kind=EntryKind.REFERRED,
        desks_only=True,
        from_desk=e.from_desk,
        to_desk=e.to_desk,
        reason=e.mode.value,
        message=e.question,
        other=e.from_case,
        agent=e.agent,
    ),
    told.ReferralEnded: lambda e: _Said(
        kind=EntryKind.REFERRAL_ENDED,
        desks_only=True,
        from_desk=e.desk,
        reason=e.outcome.value,
        message=e.answer,
    ),
    told.CaseAssigned: lambda e: _Said(kind=EntryKind.ASSIGNED, desks_only=True, agent=e.agent),
    told.CaseUnassigned: lambda e: _Said(
        kind=EntryKind.UNASSIGNED, desks_only=True, agent=e.agent, reason=e.reason.value
    ),
    told.ObligationMissed: lambda e: _Said(
        kind=EntryKind.MISSED,
        desks_only=True,
        from_desk=e.desk,
        reason=e.clock.value,
        until=e.due_at,
    ),
    told.Reclassified: lambda e: _Said(
        kind=EntryKind.RECLASSIFIED, desks_only=True, reason=e.issue
    ),
}
