"""Finds the routing of cases in the journal, with what it rested on and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from oncedesk.domain.conversations.attribution import Parties
from oncedesk.domain.conversations.disputes import AMONG_OURSELVES
from oncedesk.domain.conversations.messages import (
    Attributed,
    CaseOpened,
    CaseReopened,
    ClockStarted,
    ContactReceived,
    Decided,
    OpenForDispute,
    Origin,
    PriorityRaised,
    ReceiveContact,
    Reclassified,
    Referred,
    ReopenCase,
    RoutedTo,
    Side,
    TakenOver,
    TakeOverCause,
    Transferred,
)
from oncedesk.domain.conversations.opening import NewCase, given_unsent
from oncedesk.domain.conversations.refining import FOUND_RULE
from oncedesk.domain.conversations.routing import (
    PRIORITY_LAST,
    complaint_priority,
    parties_of,
)
from oncedesk.domain.conversations.state import RESPONSES, Conversation
from oncedesk.domain.conversations.state import Case as CaseState
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.money import Money
from oncedesk.domain.shared.refs import Desk, Kind
from oncedesk.domain.shared.rulepack import DECISIONS
from oncedesk.engine.backtest.case_clocks import fate_of
from oncedesk.engine.backtest.promising import paid_minor
from oncedesk.engine.backtest.questions import Case, Past, Question, Reason, Seen, Step, Unknown
from oncedesk.engine.backtest.routing import (
    WORDS,
    DeskThen,
    Refined,
    Reopened,
    Routing,
    decide,
    outcome_of,
)
from oncedesk.engine.ports import Unreadable


def routes_by_rule(events: Sequence[Any]) -> bool:
    """Whether a case got its desk in this step, and by a rule."""
    types = {type(event) for event in events}
    if CaseOpened in types or CaseReopened in types:
        return True
    return Reclassified in types and any(
        isinstance(event, Attributed) and event.rule != FOUND_RULE for event in events
    )


_DECIDE = (CaseOpened, CaseReopened, Attributed, Transferred, Referred, TakenOver, Decided)


def _decides(events: Sequence[Any]) -> bool:
    return any(isinstance(event, _DECIDE) for event in events)


def _cases(step: Step, seen: Seen, past: Past) -> Iterable[Case | Unknown]:
    """What was decided in this step. It is one decision: a command routes one case."""
    events = step.entry.events
    assert not isinstance(events, Unreadable)
    if not routes_by_rule(events):
        follows = any(
            isinstance(event, Decided)
            or (isinstance(event, TakenOver) and event.cause is TakeOverCause.CLOCK)
            for event in events
        )
        return (Unknown(Reason.FOLLOWS if follows else Reason.PEOPLE),)
    what = _what(step, events, seen)
    number = next(e.case for e in events if isinstance(e, CaseOpened | CaseReopened | Attributed))
    started = [e for e in events if isinstance(e, ClockStarted) and e.case == number]
    fates = {(e.clock, e.side): fate_of(started=e, step=step, past=past) for e in started}
    routed = next(event for event in events if isinstance(event, RoutedTo | Decided))
    state: Conversation = step.after
    desk = _desk_of(events)
    return (
        Case(
            key=derived_id("routing", step.entry.command_id),
            stream=past.ref.id,
            version=step.entry.version,
            at=step.entry.at,
            market=state.market,
            pack=routed.pack,
            merchant=state.merchant,
            stake=_stake(state, seen),
            facts=Routing(
                what=what,
                at=step.entry.at,
                desks={
                    id_: DeskThen(
                        one.open,
                        one.staffed,
                        one.staffed_from,
                        one.surge,
                        one.oldest_wait_seconds,
                    )
                    for id_, one in seen.items()
                    if isinstance(one, DeskState)
                },
                desk=desk,
                fates=fates,
            ),
            recorded=outcome_of(events, desk, fates),
        ),
    )


def _what(step: Step, events: Sequence[Any], seen: Seen) -> NewCase | Reopened | Refined:
    """What the rules were asked."""
    by_type = {type(event): event for event in events}
    opened, contact = by_type.get(CaseOpened), by_type.get(ContactReceived)
    reopened, refined = by_type.get(CaseReopened), by_type.get(Reclassified)
    if opened is not None:
        split = _split_off(opened, step.before)
        return NewCase(
            number=opened.case,
            issue=opened.issue,
            language=opened.language,
            parties=_parties(step, split),
            by=step.entry.actor,
            kind=None if contact is None else contact.kind,
            channel=None if contact is None else contact.channel,
            at_once=_at_once(step, by_type, seen),
            priority_max=PRIORITY_LAST if split is None else complaint_priority(split),
            unheard=_unheard(step, events),
        )
    before: Conversation = step.before
    if reopened is not None:
        command = step.entry.command
        assert isinstance(command, ReceiveContact | ReopenCase)
        case = before.case(reopened.case)
        assert case is not None
        kind = None if contact is None else contact.kind
        return Reopened(replace(case, clocks=()), reopened.cause, kind, command.channel)
    assert refined is not None
    case = before.case(refined.case)
    assert case is not None
    raised = by_type.get(PriorityRaised)
    if raised is not None:
        case = replace(case, priority=raised.priority)
    # What was said with it of whose it is counts, too.
    parties = parties_of(state=step.after, case=case)
    return Refined(case, refined.issue, parties, step.entry.actor)


def _at_once(step: Step, by_type: Mapping[type, Any], seen: Seen) -> frozenset[str]:
    """The decisions that could be taken at once, as far as they were when it was recorded."""
    origin, subject = by_type[CaseOpened].origin, step.after.subject
    if Decided in by_type or origin is Origin.BREACH:
        return DECISIONS
    order = None if subject.id is None else seen.get(subject.id)
    if origin is not Origin.CONTACT or not isinstance(order, OrderState):
        return frozenset()
    return given_unsent(subject=subject, order=order)


def _unheard(step: Step, events: Sequence[Any]) -> bool:
    """Whether the consumer waited for no answer in it; earlier releases let them wait."""
    command = step.entry.command
    if not isinstance(command, OpenForDispute) or command.need not in AMONG_OURSELVES:
        return False
    clocks = ((one.clock, one.side) for one in events if isinstance(one, ClockStarted))
    return all(side is not Side.CONSUMER or clock not in RESPONSES for clock, side in clocks)


def _split_off(opened: CaseOpened, before: Conversation | None) -> CaseState | None:
    """The case that this one was in."""
    return None if before is None else before.case(opened.from_case or 0)


def _parties(step: Step, split: CaseState | None) -> Parties:
    """Whose a new case is: what was split off is whose that was."""
    if split is not None:
        return parties_of(state=step.before, case=split)
    of: Conversation | OpenForDispute = step.after
    if isinstance(step.entry.command, OpenForDispute):
        of = step.entry.command
    return Parties(of.merchant, of.creator)


def _desk_of(events: Sequence[Any]) -> Desk:
    """Where the case was after these events."""
    found: Desk | None = None
    for event in events:
        if isinstance(event, Attributed):
            found = event.owner
        elif isinstance(event, RoutedTo):
            found = event.desk
    assert found is not None
    return found


def _stake(state: Conversation, seen: Seen) -> Money | None:
    """What was paid for what the case is about, where that is an order that was looked at."""
    subject = state.subject
    if subject.kind is not SubjectKind.ORDER or subject.id is None:
        return None
    order = seen.get(subject.id)
    if not isinstance(order, OrderState):
        return None
    parts = [part for part in order.parts if subject.part in (0, part.number)]
    return Money(sum(map(paid_minor, parts)), order.currency)


ROUTING = Question(
    name="routing",
    about="which desk a case came to, who answers for it, which clocks began",
    kind=Kind.CONVERSATION,
    words=WORDS,
    sees=frozenset({Kind.DESK, Kind.ORDER}),
    decides=_decides,
    cases=_cases,
    decide=decide,
)
