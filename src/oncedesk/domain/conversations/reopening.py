"""A resolved case comes back: the same case and history, at the same desk or the platform's."""

from msgspec.structs import replace

from oncedesk.domain.conversations import clocks
from oncedesk.domain.conversations.access import is_consumer, works_on
from oncedesk.domain.conversations.attribution import Owner, able_owner, platform_owner
from oncedesk.domain.conversations.joining import OUTSIDE, in_window
from oncedesk.domain.conversations.messages import (
    CaseReopened,
    Channel,
    ClockStarted,
    ClosingReason,
    ContactKind,
    ContactReceived,
    ConversationEvent,
    Notice,
    ReopenCase,
    ReopenCause,
    Side,
    StopReason,
    TakenOver,
    TakeOverCause,
)
from oncedesk.domain.conversations.opening import tell_wait
from oncedesk.domain.conversations.routing import contact_priority, route, tell
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import ClockKind, Pack

_NOT_SOLVED = (ReopenCause.RECONTACT, ReopenCause.NOT_SOLVED)
_UNSPOKEN = (ClosingReason.NO_FAULT, ClosingReason.DECIDED_ELSEWHERE)
"""As which a case that opened by itself ends by itself."""


def reopen_case(
    *, state: Conversation, case: Case, command: ReopenCase, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """The consumer's "not yet", or an agent's second thought. An open case simply stays open."""
    by_consumer = is_consumer(consumer=command.consumer, facts=facts)
    if not by_consumer and not works_on(case=case, command=command, facts=facts):
        return NOT_ALLOWED
    if case.is_open:
        return []
    if not in_window(case=case, now=facts.now):
        return Refusal("window_over", "say it anew; nothing has to be repeated")
    pack = facts.packs.current(state.market)
    if not by_consumer:
        return reopen(
            case=case,
            cause=ReopenCause.AGENT,
            kind=None,
            channel=command.channel,
            pack=pack,
            facts=facts,
        )
    cause, kind = reopen_cause(case=case, channel=command.channel, default=ReopenCause.NOT_SOLVED)
    contact = ContactReceived(
        case=case.number,
        at=facts.now,
        kind=kind,
        number=case.contacts + 1,
        channel=command.channel,
    )
    return [
        contact,
        *reopen(case=case, cause=cause, kind=kind, channel=command.channel, pack=pack, facts=facts),
    ]


def reopen_cause(
    *, case: Case, channel: Channel, default: ReopenCause
) -> tuple[ReopenCause, ContactKind]:
    """Coming back says that it was not solved, unless it answers late what we had asked, or nobody
    has said anything in it yet.
    """
    cause, kind = default, ContactKind.RECONTACT
    if case.closing is ClosingReason.NO_REPLY:
        cause, kind = ReopenCause.LATE_REPLY, ContactKind.REQUESTED
    elif case.closing in _UNSPOKEN and not case.contacts and not case.answered:
        cause, kind = ReopenCause.FIRST_CONTACT, ContactKind.NEW
    return cause, ContactKind.OUTSIDE if channel in OUTSIDE else kind


def reopen(
    *,
    case: Case,
    cause: ReopenCause,
    kind: ContactKind | None,
    channel: Channel,
    pack: Pack,
    facts: Facts,
) -> list[ConversationEvent]:
    """Queue it where it was, first for whoever had it, unless the platform has to step in.

    It does at the second "not solved", at any after a refusal, and where the desk cannot answer.
    """
    now = facts.now
    number = case.reopens + (cause in _NOT_SOLVED)
    owner, step_in = _owner(case=case, number=number, cause=cause, pack=pack, facts=facts)
    back = replace(
        case,
        owner=owner.desk,
        reopens=number,
        closing=None,
        answered=False,
        clocks=(),
        priority=contact_priority(priority=case.priority, kind=kind, channel=channel),
        preferred=None if step_in else case.preferred,
    )
    events = clocks.stop(case=case, clocks=case.clocks, reason=StopReason.REOPENED, now=now)
    by_consumer = cause is not ReopenCause.AGENT
    events.append(
        CaseReopened(case=case.number, at=now, cause=cause, number=number, by_consumer=by_consumer)
    )
    if step_in is not None:
        taken = TakenOver(
            case=case.number, at=now, from_desk=case.owner, by=PLATFORM, cause=step_in
        )
        events.append(taken)
    started: list[ClockStarted] = []
    for clock in (clocks.response_kind(back), ClockKind.RESOLUTION):
        for side in (Side.CONSUMER, Side.DESK):
            started += clocks.start_in(case=back, pack=pack, kind=clock, side=side, now=now)
    events += [route(case=back, pack=pack, now=now, prefer_last=True), *started]
    if step_in is not None:
        told = tell(
            number=case.number,
            issue=case.issue,
            notice=Notice.TAKEN_OVER,
            desk=PLATFORM,
            seen=owner.seen,
            events=started,
            pack=pack,
            now=now,
        )
        events.append(told)
    return events + tell_wait(
        number=case.number, issue=case.issue, owner=owner, started=started, pack=pack, now=now
    )


def _owner(
    *, case: Case, number: int, cause: ReopenCause, pack: Pack, facts: Facts
) -> tuple[Owner, TakeOverCause | None]:
    step_in: TakeOverCause | None = None
    if cause in _NOT_SOLVED and case.closing is ClosingReason.REFUSED:
        step_in = TakeOverCause.REFUSED
    elif cause in _NOT_SOLVED and number >= pack.joining.repeat_reopens_to_platform:
        step_in = TakeOverCause.REPEAT
    if case.owner == PLATFORM:
        return platform_owner(reason="issue_rule", states=facts.states), None
    if step_in is not None:
        return platform_owner(reason=step_in, states=facts.states), step_in
    owner = able_owner(
        desk=case.owner, issue=case.issue, pack=pack, states=facts.states, now=facts.now
    )
    return owner, None if owner.desk == case.owner else TakeOverCause.UNSTAFFED
