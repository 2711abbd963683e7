"""What waits for a person of the platform becomes a case at its desk; dispatch gives it out.

Each remedy has its own clock besides, so nothing depends on it; but nothing waits with nobody. What
was decided meanwhile needs nobody any more: then the case opened for it is over by itself.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from oncedesk.domain.conversations.messages import Need, NoteNeeds, OpenForDispute, StillNeeded
from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.remedies.journey import Contest
from oncedesk.domain.remedies.messages.asking import (
    AnswerOverdue,
    CounterOfferMade,
    HumanAsked,
    RemedyApproved,
    RemedyRefused,
    RemedyRequested,
    RemedyTakenOver,
    RemedyWithdrawn,
)
from oncedesk.domain.remedies.messages.authorising import GrantDeclined, SecondPersonAsked
from oncedesk.domain.remedies.messages.base import OfRemedy
from oncedesk.domain.remedies.messages.casework import GrantImpossible
from oncedesk.domain.remedies.messages.contesting import ContestDecided, RefundContested
from oncedesk.domain.remedies.messages.disputing import DecisionAsked, DisputeDecided
from oncedesk.domain.remedies.messages.refunding import RefundDropped, RefundRequested, RouteAsked
from oncedesk.domain.remedies.messages.returning import (
    ReturnInspected,
    ReturnMissed,
    ReturnReceived,
)
from oncedesk.domain.remedies.rerouting import CONSUMER_ASKED_MAX
from oncedesk.domain.remedies.state import Remedies, Remedy, merchant_of
from oncedesk.domain.remedies.waiting import second_persons_desk, waits_for
from oncedesk.domain.remedies.words import ClockKind, DecidedBy, Status
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import PLATFORM, Ref


def decide_dispute(event: DecisionAsked, _source: Ref, state: Remedies) -> Sequence[Command]:
    """Both sides have been heard."""
    return _brought(event, state, Need.DISPUTE)


def decide_request(event: RemedyRequested, _source: Ref, state: Remedies) -> Sequence[Command]:
    """No rule decides it and no merchant; an agent who asks for it is at it already."""
    if event.agent is not None:
        return ()
    return _brought(event, state, Need.DECISION)


def decide_instead(
    event: HumanAsked | RemedyTakenOver | AnswerOverdue, _source: Ref, state: Remedies
) -> Sequence[Command]:
    """The consumer wants a person, or whoever was asked has not answered."""
    return _brought(event, state, Need.DECISION)


def decide_for_case(event: GrantImpossible, _source: Ref, state: Remedies) -> Sequence[Command]:
    """A case was decided by its rule, and no rule gives what was decided."""
    if not event.needs_person:
        return ()
    paid = (one for one in state.paid if one.part == event.part)
    return (
        OpenForDispute(
            consumer=event.consumer,
            subject=Subject(SubjectKind.ORDER, event.order, event.part),
            market=state.market,
            remedy=0,
            conversation=event.case.conversation,
            case=event.case.case,
            merchant=next((one.merchant for one in paid), None),
            creator=state.creator,
            need=Need.DECISION,
        ),
    )


def stand_by(event: SecondPersonAsked, _source: Ref, state: Remedies) -> Sequence[Command]:
    """Somebody else than who wants to give it; merchants have their own people."""
    return _brought(event, state, Need.SECOND_PERSON)


def decide_contest(event: RefundContested, _source: Ref, state: Remedies) -> Sequence[Command]:
    """A merchant says that money left early for nothing."""
    return _brought(event, state, Need.CONTEST)


def find_route(event: RouteAsked, _source: Ref, state: Remedies) -> Sequence[Command]:
    """The consumer has named none: somebody talks with them."""
    return _brought(event, state, Need.ROUTE)


def inspect(event: ReturnReceived, _source: Ref, state: Remedies) -> Sequence[Command]:
    """What the platform itself sold has come back to it."""
    return _brought(event, state, Need.INSPECTION)


Deciding = (
    RemedyRefused
    | CounterOfferMade
    | DisputeDecided
    | ContestDecided
    | GrantDeclined
    | ReturnInspected
    | ReturnMissed
    | RefundDropped
)
"""What somebody of the platform may have been needed for until then."""


def needed_no_more(event: Deciding, _source: Ref, state: Remedies) -> Sequence[Command]:
    """Somebody decided it, or a clock did."""
    return _needs_beside(event, state)


def granted(event: RemedyApproved, _source: Ref, state: Remedies) -> Sequence[Command]:
    """For what the merchant or the consumer granted, or a rule at once, nobody was needed; a rule
    grants later what somebody had to look at first."""
    remedy = state.remedy(event.remedy)
    later = remedy is not None and event.by is DecidedBy.RULE and event.at > remedy.requested_at
    asked = event.by in (DecidedBy.PLATFORM, DecidedBy.SILENCE) or later
    return _needs_beside(event, state) if asked else ()


def route_found(event: RefundRequested, _source: Ref, state: Remedies) -> Sequence[Command]:
    """What goes to a payment of the order as it was asked for needed no route, unless it is asked
    again what became of it.
    """
    named = event.leg.payment == 0 or event.leg.route or event.again
    return _needs_beside(event, state) if named else ()


def withdrawn(event: RemedyWithdrawn, _source: Ref, state: Remedies) -> Sequence[Command]:
    """The consumer does not want it any more."""
    if event.case is not None:
        return _still_needed(state, event.case.conversation)
    return _still_needed(state, _talk(state, event.part))


def _brought(event: OfRemedy, state: Remedies, need: Need) -> Sequence[Command]:
    """To the remedy's case, or one that has the order's part for its subject; if it is needed."""
    remedy = state.remedy(event.remedy)
    if remedy is None or not (remedy.case or remedy.lines):
        return ()
    known = next((one for one in _needs(state, remedy) if one.need is need), None)
    if known is None:
        return ()
    link = remedy.case
    return (
        OpenForDispute(
            consumer=event.consumer,
            subject=Subject(SubjectKind.ORDER, event.order, _part(remedy)),
            market=state.market,
            remedy=event.remedy,
            conversation=None if link is None else link.conversation,
            case=None if link is None else link.case,
            merchant=merchant_of(state=state, remedy=remedy),
            creator=state.creator,
            need=need,
            barred=known.barred,
        ),
    )


def _needs(state: Remedies, remedy: Remedy) -> Iterator[StillNeeded]:
    """What a person of the platform has to do about this remedy as it stands."""
    if remedy.clock(ClockKind.DECISION) is not None:
        yield StillNeeded(Need.DISPUTE)
    elif waits_for(state=state, remedy=remedy) == PLATFORM and _is_asked(remedy):
        yield StillNeeded(Need.DECISION)
    if remedy.journey is not None and remedy.journey.contest is Contest.OPEN:
        yield StillNeeded(Need.CONTEST)
    if remedy.clock(ClockKind.ROUTE) is not None and remedy.route_asked > CONSUMER_ASKED_MAX:
        yield StillNeeded(Need.ROUTE)
    seller = merchant_of(state=state, remedy=remedy)
    if seller is None and remedy.clock(ClockKind.INSPECTION) is not None:
        yield StillNeeded(Need.INSPECTION)
    approval = remedy.approval
    if approval is not None and approval.waits and second_persons_desk(remedy) == PLATFORM:
        yield StillNeeded(Need.SECOND_PERSON, approval.first)


def _is_asked(remedy: Remedy) -> bool:
    """It waits for a yes, and not for the consumer to take what was offered instead."""
    return remedy.status is Status.REQUESTED and remedy.counter_offer is None


def _needs_beside(event: OfRemedy, state: Remedies) -> Sequence[Command]:
    remedy = state.remedy(event.remedy)
    if remedy is not None:
        return _still_needed(state, _where(state, remedy))
    over = state.over(event.remedy)
    if over is None:
        return ()
    link = over.case
    return _still_needed(state, link.conversation if link else _talk(state, over.refused_part or 1))


def _still_needed(state: Remedies, conversation: UUID) -> Sequence[Command]:
    """All that this order's remedies still need, of what is brought to this conversation."""
    needs = [
        need
        for remedy in state.live
        if _where(state, remedy) == conversation
        for need in _needs(state, remedy)
    ]
    return (
        NoteNeeds(
            consumer=state.consumer,
            conversation=conversation,
            order=state.order,
            needs=tuple(dict.fromkeys(needs)),
        ),
    )


def _where(state: Remedies, remedy: Remedy) -> UUID:
    """The conversation to which what a remedy needs is brought."""
    return remedy.case.conversation if remedy.case else _talk(state, _part(remedy))


def _talk(state: Remedies, part: int) -> UUID:
    subject = Subject(SubjectKind.ORDER, state.order, part)
    return conversation_id(consumer=state.consumer, subject=subject)


def _part(remedy: Remedy) -> int:
    return remedy.lines[0].part if remedy.lines else 1
