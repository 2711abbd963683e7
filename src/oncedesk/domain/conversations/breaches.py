"""A broken promise opens service by itself, before the consumer asks; once for each breach."""

from oncedesk.domain.conversations import opening, routing
from oncedesk.domain.conversations.access import is_system
from oncedesk.domain.conversations.contacts import parties_said
from oncedesk.domain.conversations.joining import overflow, same_family
from oncedesk.domain.conversations.messages import (
    BreachCorrected,
    BreachNoted,
    CaseOpened,
    ClosingReason,
    ConsumerTold,
    ConversationEvent,
    NoteBreachCorrected,
    Notice,
    OpenForBreach,
    Origin,
    RoutedTo,
)
from oncedesk.domain.conversations.resolving import resolved
from oncedesk.domain.conversations.routing import tell
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import SYSTEM, Facts, Refusal
from oncedesk.domain.shared.facts_seen import desk_seen
from oncedesk.domain.shared.rulepack import DECISIONS, Pack


def is_known(*, state: Conversation, command: OpenForBreach | NoteBreachCorrected) -> bool:
    """This breach of this promise has its case already."""
    return any(
        one.promise == command.promise and one.breach == command.breach for one in state.breaches
    )


def case_about(*, state: Conversation, breach: str, pack: Pack) -> Case | None:
    """The newest open case about this kind of breach, whoever opened it. What waits for the
    consumer waits on, and ends without their reply: a case of its own is looked at now.
    """
    for case in reversed(state.cases):
        if not case.is_open or case.asked is not None or case.barred is not None:
            continue
        if same_family(case.issue, breach, pack):
            return case
    return overflow(state)


def open_for_breach(
    *, state: Conversation | None, command: OpenForBreach, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Open a case about it, or note it in the one that is open; told twice, it is done once."""
    if not is_system(facts):
        return NOT_ALLOWED
    if not command.subject.complete:
        return Refusal("subject_incomplete", "an id (and a part number from 0)", "subject")
    now = facts.now
    pack = facts.pack_of(command.market if state is None else state.market)
    if isinstance(pack, Refusal):
        return pack
    if state is not None:
        if is_known(state=state, command=command):
            return []
        case = case_about(state=state, breach=command.breach, pack=pack)
        if case is not None:
            woken = routing.wake_up(case=case, pack=pack, now=now)
            return [_noted(case.number, command, facts), *woken]
    number = 1 if state is None else state.last_case + 1
    parties = parties_said(state=state, command=command)
    language = command.language or ("" if state is None else state.language())
    new = opening.NewCase(
        number=number,
        issue=command.breach,
        language=language,
        parties=parties,
        by=facts.actor,
        # What it is given for a broken promise comes by itself.
        at_once=DECISIONS,
    )
    settled = opening.settle(new=new, pack=pack, states=facts.states, now=now)
    return [
        *opening.begin(
            state=state,
            consumer=command.consumer,
            subject=command.subject,
            market=command.market,
            parties=parties,
            now=now,
        ),
        CaseOpened(
            case=number,
            at=now,
            issue=command.breach,
            origin=Origin.BREACH,
            language=language,
        ),
        _noted(number, command, facts),
        *settled,
        *_told(command=command, number=number, settled=settled, pack=pack, facts=facts),
    ]


def note_breach_corrected(
    *, state: Conversation, command: NoteBreachCorrected, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Later news: it was no breach. A case that lives by it alone, untouched, is over, and the
    consumer is told so; of what runs in it they are told as that falls away."""
    if not is_system(facts):
        return NOT_ALLOWED
    found = [
        one
        for one in state.breaches
        if one.promise == command.promise and one.breach == command.breach
    ]
    if not found:
        return []
    number = found[0].case
    corrected = BreachCorrected(
        case=number, at=facts.now, promise=command.promise, breach=command.breach
    )
    case = state.case(number)
    others = any(one.case == number for one in state.breaches if one is not found[0])
    if case is None or others or not _untouched(case):
        return [corrected]
    cleared = ConsumerTold(case=number, at=facts.now, notice=Notice.BREACH_CLEARED, desk=case.owner)
    return [
        corrected,
        *(() if case.remedies else (cleared,)),
        *resolved(
            case=case,
            reason=ClosingReason.NO_FAULT,
            by=SYSTEM,
            agent=None,
            pack=facts.packs.current(state.market),
            now=facts.now,
        ),
    ]


def _told(
    *,
    command: OpenForBreach,
    number: int,
    settled: list[ConversationEvent],
    pack: Pack,
    facts: Facts,
) -> list[ConversationEvent]:
    """That we know, who looks at it and until when; what was decided at once is told as such."""
    return [
        tell(
            number=number,
            issue=command.breach,
            notice=Notice.BREACH_NOTICED,
            desk=event.desk,
            seen=desk_seen(facts.states, event.desk),
            events=settled,
            pack=pack,
            now=facts.now,
        )
        for event in settled
        if isinstance(event, RoutedTo)
    ]


def _untouched(case: Case) -> bool:
    return (
        case.is_open
        and case.origin is Origin.BREACH
        and case.contacts == 0
        and case.agent is None
        and not case.answered
        and not (case.call_back or case.asked or case.referral or case.needed)
    )


def _noted(number: int, command: OpenForBreach, facts: Facts) -> BreachNoted:
    return BreachNoted(
        case=number,
        at=facts.now,
        promise=command.promise,
        breach=command.breach,
        due_at=command.due_at,
    )
