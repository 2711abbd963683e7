"""Conversations and cases, as the consumer reads them: where it stands, and what comes by when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from oncedesk.domain.conversations.foretelling import Foreseen, foretell
from oncedesk.domain.conversations.messages import CaseStatus, ClosingReason, Origin, Side
from oncedesk.domain.conversations.rating import why_not_rated
from oncedesk.domain.conversations.state import RESPONSES, Case, Conversation
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.decider import Packs
from oncedesk.domain.shared.refs import DeskKind
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.http.shapes.cases import Number, RatingShape, rating_shape
from oncedesk.http.shapes.words import SubjectShape, public_name, subject_shape
from oncedesk.storage.views.cases import SeenConversation


class NextShape(msgspec.Struct, frozen=True, kw_only=True):
    """What happens by itself then, if nobody does anything before."""

    at: Moment
    then: Foreseen


class HelpCase(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One problem. `answer_by`: when an answer is due; `reply_by`: until when we wait for one.

    `question` is the message in which we asked. `held_by` says whose people have it now and
    `held_by_name` what that shop or creator is called, `next` what silence will come to. `rates`:
    its service can be rated now, or the `rating` changed. `noticed`: we found it and opened it by
    ourselves.
    """

    number: Number
    status: CaseStatus
    issue: str
    opened_at: Moment
    held_by: DeskKind | None = None
    held_by_name: str = ""
    answer_by: Moment | None = None
    reply_by: Moment | None = None
    question: UUID | None = None
    call_back: bool = False
    reopen_until: Moment | None = None
    reason: ClosingReason | None = None
    next: NextShape | None = None
    rating: RatingShape | None = None
    rates: bool = False
    noticed: bool = False


class HelpConversation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything between the consumer and us about one subject."""

    id: UUID
    subject: SubjectShape
    version: Number
    opened_at: Moment
    changed_at: Moment | None
    cases: Annotated[tuple[HelpCase, ...], Meta(max_length=16)]


def help_conversation(
    seen: SeenConversation, *, packs: Packs, names: Mapping[UUID, str], now: datetime
) -> HelpConversation:
    """The consumer's own conversation; `names` are the public ones of merchants and creators."""
    state = seen.state
    pack = packs.current(state.market)

    def rates(number: int) -> bool:
        return why_not_rated(state=state, number=number, pack=pack, now=now) is None

    closed = [
        HelpCase(
            number=case.number,
            status=CaseStatus.CLOSED,
            issue=case.issue,
            opened_at=case.opened_at,
            reason=case.reason,
            rating=rating_shape(state, case),
            rates=rates(case.number),
            noticed=case.noticed,
        )
        for case in state.closed
    ]
    live = [_case(state, case, packs, names, rates=rates(case.number)) for case in state.cases]
    return HelpConversation(
        id=seen.ref.id,
        subject=subject_shape(state.subject),
        version=seen.version,
        opened_at=state.opened_at,
        changed_at=seen.at,
        cases=tuple(sorted([*closed, *live], key=lambda case: case.number)),
    )


def _case(
    state: Conversation, case: Case, packs: Packs, names: Mapping[UUID, str], *, rates: bool
) -> HelpCase:
    reply = case.clock(ClockKind.REPLY, Side.CONSUMER)
    window = case.clock(ClockKind.RECONTACT, Side.CONSUMER)
    answers = [
        clock.due_at
        for clock in case.clocks
        if clock.kind in RESPONSES and clock.side is Side.CONSUMER and clock.due_at is not None
    ]
    return HelpCase(
        number=case.number,
        status=case.status,
        issue=case.issue,
        opened_at=case.opened_at,
        held_by=case.owner.kind if case.is_open else None,
        held_by_name=public_name(case.owner, names) if case.is_open else "",
        answer_by=min(answers, default=None),
        reply_by=None if reply is None else reply.due_at,
        question=None if case.asked is None else case.asked.question,
        call_back=case.call_back,
        reopen_until=None if window is None else window.due_at,
        reason=case.closing,
        next=_next(state, case, packs),
        rating=rating_shape(state, case),
        rates=rates,
        noticed=case.origin is Origin.BREACH,
    )


def _next(state: Conversation, case: Case, packs: Packs) -> NextShape | None:
    """Of a case that is open; of the others nobody waits for anything. What one desk asks another
    is theirs.
    """
    if not case.is_open:
        return None
    clocks = tuple(clock for clock in case.clocks if clock.side is not Side.REFERRAL)
    foretold = foretell(state=state, case=replace(case, clocks=clocks), packs=packs)
    return None if foretold is None else NextShape(at=foretold.due_at, then=foretold.then)
