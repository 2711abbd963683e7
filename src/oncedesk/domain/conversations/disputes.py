"""A remedy that needs somebody of the platform: a case of it lies with its desk, so that dispatch
gives it to a person; the consumer is told, unless it is between people of the platform. What nobody
is needed for any more is over by itself.
"""

from oncedesk.domain.conversations import clocks, opening, routing
from oncedesk.domain.conversations.access import is_system
from oncedesk.domain.conversations.attribution import Parties
from oncedesk.domain.conversations.joining import is_unheard, overflow, same_family
from oncedesk.domain.conversations.messages import (
    CaseOpened,
    ClosingReason,
    ConversationEvent,
    Need,
    NeedNoted,
    NoteNeeds,
    Notice,
    OpenForDispute,
    Origin,
    RoutedTo,
    StillNeeded,
    TakeOverCause,
)
from oncedesk.domain.conversations.resolving import resolved
from oncedesk.domain.conversations.routing import tell
from oncedesk.domain.conversations.speaking import language_of, order_of
from oncedesk.domain.conversations.state import ENDS_BY_ITSELF, Case, Conversation
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.facts_seen import desk_seen
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import Pack

ISSUE = "dispute"
REVIEW = "remedy_review"
_DISPUTED = (Need.DISPUTE, Need.CONTEST)
AMONG_OURSELVES = (Need.SECOND_PERSON, Need.INSPECTION)


def open_for_dispute(
    *, state: Conversation | None, command: OpenForDispute, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """The open case of the matter goes to the platform's desk; where there is none, one opens."""
    if not is_system(facts):
        return NOT_ALLOWED
    pack = facts.pack_of(command.market if state is None else state.market)
    if isinstance(pack, Refusal):
        return pack
    case = None if state is None else _case_of(state, command, pack)
    if case is None:
        return _opened(state, command, pack, facts)
    events: list[ConversationEvent] = []
    if command.need not in AMONG_OURSELVES and is_unheard(case):
        events += clocks.start_responses(case=case, pack=pack, now=facts.now)
    waits = command.remedy != 0
    if not (case.needed if waits else case.placed):
        events.append(NeedNoted(case=case.number, at=facts.now, stands=waits))
    if case.owner == PLATFORM:
        return events + routing.wake_up(case=case, pack=pack, now=facts.now)
    return events + routing.take_over(
        case=case,
        cause=TakeOverCause.DISPUTE if command.need in _DISPUTED else TakeOverCause.REMEDY,
        pack=pack,
        now=facts.now,
        seen=desk_seen(facts.states, PLATFORM),
    )


def note_needs(
    *, state: Conversation, command: NoteNeeds, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Whoever has a case for what was decided meanwhile has their place back."""
    if not is_system(facts):
        return NOT_ALLOWED
    subject = (SubjectKind.ORDER, command.order)
    if state.consumer != command.consumer or (state.subject.kind, state.subject.id) != subject:
        return []
    events: list[ConversationEvent] = []
    for case in state.cases:
        if _is_needed(case, command):
            continue
        if case.needed:
            events.append(NeedNoted(case=case.number, at=facts.now, stands=False))
        if _only_for_remedies(state, case):
            events += resolved(
                case=case,
                reason=ClosingReason.DECIDED_ELSEWHERE,
                by=facts.actor,
                agent=case.agent,
                pack=facts.packs.current(state.market),
                now=facts.now,
            )
    return events


def _only_for_remedies(state: Conversation, case: Case) -> bool:
    """It was opened because a remedy needed somebody, and nobody has said anything in it, nor has
    it a broken promise to make good.
    """
    opened = case.is_open and case.origin in (Origin.DISPUTE, Origin.REMEDY)
    spoken = case.contacts or case.answered or case.asked or case.referral or case.call_back
    broken = any(one.case == case.number for one in state.breaches)
    return opened and not spoken and not broken


def _is_needed(case: Case, command: NoteNeeds) -> bool:
    """By whom it was opened for; of the others all stay as long as anything is needed."""
    if case.barred is not None:
        return StillNeeded(Need.SECOND_PERSON, case.barred) in command.needs
    return any(one.need is not Need.SECOND_PERSON for one in command.needs)


def _case_of(state: Conversation, command: OpenForDispute, pack: Pack) -> Case | None:
    """The case that the remedy belongs to, if it is open, or into which that was merged; else the
    newest open one like it. What waits for the consumer waits on: a case of its own is looked at
    now. A second person has a case of their own, one for all that they are needed for and for
    nothing else. What was decided in vain comes to no case that ends with what it was opened for.
    """
    if command.need is Need.SECOND_PERSON:
        apart = (one for one in state.cases if one.is_open and one.barred == command.barred)
        return next(apart, overflow(state))
    ready = [
        case
        for case in reversed(state.cases)
        if case.is_open and case.asked is None and case.barred is None
    ]
    if command.remedy == 0:
        ready = [case for case in ready if case.origin not in ENDS_BY_ITSELF]
    for case in ready:
        if case.number == command.case:
            return case
    is_gone = command.case is not None and state.case(command.case) is None
    for case in ready:
        if is_gone and command.remedy in case.remedies:
            return case
    for case in ready:
        if same_family(case.issue, _issue(command, pack), pack):
            return case
    return overflow(state)


def _opened(
    state: Conversation | None, command: OpenForDispute, pack: Pack, facts: Facts
) -> list[ConversationEvent]:
    """A remedy is of one part: what is known of the whole conversation stays as it is."""
    now = facts.now
    number = 1 if state is None else state.last_case + 1
    parties = Parties(command.merchant, command.creator)
    issue = _issue(command, pack)
    order = order_of(subject=command.subject, consumer=command.consumer, states=facts.states)
    language = command.language or language_of(state=state, order=order, case=command.case)
    new = opening.NewCase(
        number=number,
        issue=issue,
        language=language,
        parties=parties,
        by=facts.actor,
        unheard=command.need in AMONG_OURSELVES,
    )
    settled = opening.settle(new=new, pack=pack, states=facts.states, now=now)
    told = [
        tell(
            number=number,
            issue=issue,
            notice=Notice.TAKEN_OVER,
            desk=event.desk,
            seen=desk_seen(facts.states, event.desk),
            events=settled,
            pack=pack,
            now=now,
        )
        for event in settled
        if isinstance(event, RoutedTo) and command.need not in AMONG_OURSELVES
    ]
    if state is None:
        began = opening.begin(
            state=state,
            consumer=command.consumer,
            subject=command.subject,
            market=command.market,
            parties=parties,
            now=now,
        )
    else:
        began = opening.make_room(state=state, now=now)
    return [
        *began,
        CaseOpened(
            case=number,
            at=now,
            issue=issue,
            origin=_origin(command),
            language=language,
            barred=command.barred,
        ),
        *settled,
        *told,
    ]


def _origin(command: OpenForDispute) -> Origin:
    if command.remedy == 0:
        return Origin.UNGRANTED
    return Origin.DISPUTE if command.need in _DISPUTED else Origin.REMEDY


def _issue(command: OpenForDispute, pack: Pack) -> str:
    """Under which issue a case of it opens; packs of before know of disputes only."""
    return ISSUE if command.need in _DISPUTED or REVIEW not in pack.issues else REVIEW
