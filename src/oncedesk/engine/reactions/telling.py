"""What becomes of a remedy is told in its case: which event tells what, and what runs of it.

One step is told once. What was asked for and granted by one command is told as granted; the last
refund, and that with it all is settled, as sent. Of a remedy without a case only what the consumer
does not see on the screen is told, if a case about that part of the order is open.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from oncedesk.domain.conversations.messages import NoteRemedy, Notice
from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.remedies.messages.asking import (
    AnswerOverdue,
    ClockWarned,
    CounterOfferMade,
    HumanAsked,
    RemedyApproved,
    RemedyRefused,
    RemedyRequested,
    RemedyTakenOver,
    RemedyWithdrawn,
)
from oncedesk.domain.remedies.messages.base import OfRemedy
from oncedesk.domain.remedies.messages.casework import GrantImpossible
from oncedesk.domain.remedies.messages.changing import ChangeRefused, ChargeFailed
from oncedesk.domain.remedies.messages.disputing import (
    OFFER_UNANSWERED,
    DecisionAsked,
    DisputeDecided,
    DisputeOpened,
    Outcome,
    Side,
)
from oncedesk.domain.remedies.messages.promising import BreachCompensated, CompensationVoided
from oncedesk.domain.remedies.messages.refunding import (
    ClosingPutOff,
    RefundSent,
    RemedyClosed,
    RemedySettled,
    RouteAsked,
)
from oncedesk.domain.remedies.messages.returning import (
    Back,
    GoodsSent,
    InterceptionMissed,
    RefundInstead,
    ReturnArranged,
    ReturnMissed,
    ReturnPlaceNamed,
    ReturnReceived,
    ReturnReopened,
    ReturnSplit,
)
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import CaseLink, Clock, ClockKind, DecidedBy, RemedyKind, Status
from oncedesk.domain.shared.decider import Command, Role
from oncedesk.domain.shared.refs import Ref

Told = Sequence[Command]


def requested(event: RemedyRequested, _source: Ref, state: Remedies) -> Told:
    """Until when it is answered. What was granted at once is told as that."""
    remedy = state.remedy(event.remedy)
    if remedy is None or remedy.is_granted:
        return ()
    if event.case is None and event.asked_by == Role.CONSUMER:
        return ()  # Whoever asked for it outside a case looks at it.
    return _told(event, state, Notice.REMEDY_ASKED, until=_due(event.clock), runs=True)


def approved(event: RemedyApproved, _source: Ref, state: Remedies) -> Told:
    """How much, and until when it has to be sent back, if it has; what a dispute came to is told
    with that."""
    remedy = state.remedy(event.remedy)
    if remedy is None or _is_by_breach(remedy) or _gives_by_dispute(remedy, event.by):
        return ()
    at_once = event.by is DecidedBy.RULE and event.at == remedy.requested_at
    if remedy.case is None and at_once:
        return ()
    return _granted(event, state, remedy, event.amount_minor)


def _granted(
    event: RemedyApproved | DisputeDecided, state: Remedies, remedy: Remedy, amount_minor: int
) -> Told:
    return _told(
        event,
        state,
        Notice.REMEDY_GRANTED,
        amount_minor=amount_minor,
        until=_due(remedy.clock(ClockKind.SHIP_BACK)),
        runs=remedy.status is not Status.SETTLED,
    )


def _gives_by_dispute(remedy: Remedy, by: DecidedBy) -> bool:
    """Whether a decision is news for the consumer in what it gives: the first, and what somebody
    made of an objection of theirs."""
    dispute = remedy.dispute
    if dispute is None or dispute.outcome in (None, Outcome.REFUSED):
        return False
    if dispute.objected is None:
        return by in (DecidedBy.PLATFORM, DecidedBy.RULE)
    return dispute.objected is Side.CONSUMER and by is DecidedBy.PLATFORM


def _stands(event: DisputeDecided, remedy: Remedy) -> bool:
    """Whether a consumer's objection has changed nothing of what they were given before."""
    dispute = remedy.dispute
    if dispute is None or dispute.objected is not Side.CONSUMER or not remedy.is_granted:
        return False
    return event.outcome is Outcome.REFUSED or event.by is DecidedBy.RULE


def granted_to_send(event: RemedyApproved, source: Ref, state: Remedies) -> Told:
    """It was granted, and has to be sent back by then."""
    return approved(event, source, state) if _sends_back(event, state) else ()


def decided_to_act(event: DisputeDecided, source: Ref, state: Remedies) -> Told:
    """A no can be objected to, and what was granted may have to be sent back."""
    acts = event.outcome is Outcome.REFUSED or _sends_back(event, state)
    return decided(event, source, state) if acts else ()


def _sends_back(event: OfRemedy, state: Remedies) -> bool:
    remedy = state.remedy(event.remedy)
    return remedy is not None and remedy.clock(ClockKind.SHIP_BACK) is not None


def refused(event: RemedyRefused, _source: Ref, state: Remedies) -> Told:
    """Until when the consumer can object."""
    runs = _goes_back(state, event.remedy)
    return _told(event, state, Notice.REMEDY_REFUSED, until=_due(event.clock), runs=runs)


def offered(event: CounterOfferMade, _source: Ref, state: Remedies) -> Told:
    """What instead, and until when it can be taken."""
    return _told(
        event,
        state,
        Notice.REMEDY_OFFERED,
        amount_minor=event.amount_minor,
        until=event.clock.due_at,
    )


def sent(event: RefundSent, _source: Ref, state: Remedies) -> Told:
    """Money left, and more is to come; the last of it is told with what it settles."""
    remedy = state.remedy(event.remedy)
    if remedy is None or remedy.status is Status.SETTLED:
        return ()
    return _told(
        event,
        state,
        Notice.REFUND_SENT,
        amount_minor=event.amount_minor,
        method=_method(remedy, event.leg),
    )


def route_wanted(event: RouteAsked, _source: Ref, state: Remedies) -> Told:
    """Money could not go back the way it was paid: until when the consumer can say where to."""
    if event.desk is not None:
        return ()  # The platform's people talk with them.
    return _told(
        event,
        state,
        Notice.ROUTE_WANTED,
        amount_minor=event.amount_minor,
        until=event.clock.due_at,
    )


def settled(event: RemedySettled, _source: Ref, state: Remedies) -> Told:
    """All is done: how much was sent with that, if it was money; what was sent before was told."""
    remedy = state.remedy(event.remedy)
    if remedy is None or event.unheard:
        return ()
    leg = remedy.leg(event.leg)
    if leg is None:
        # That a change was not made was told.
        notice = None if remedy.undone else Notice.REMEDY_SETTLED
        return _told(event, state, notice, runs=False)
    return _told(
        event,
        state,
        Notice.REFUND_SENT,
        amount_minor=leg.amount_minor,
        method=leg.method,
        runs=False,
    )


def warned(event: ClockWarned, _source: Ref, state: Remedies) -> Told:
    """The consumer's own clock is about to run out: to send it back, or to take what is offered."""
    remedy = state.remedy(event.remedy)
    if remedy is None:
        return ()
    offer, until = remedy.counter_offer, _due(remedy.clock(ClockKind(event.kind)))
    if event.kind == ClockKind.SHIP_BACK:
        return _told(event, state, Notice.RETURN_REMINDER, until=until)
    if event.kind == ClockKind.COUNTER_OFFER and offer is not None:
        return _told(
            event, state, Notice.REMEDY_OFFERED, amount_minor=offer.amount_minor, until=until
        )
    return ()


def put_off(event: ClosingPutOff, _source: Ref, state: Remedies) -> Told:
    """Somebody has objected, so that there is more time to send it back."""
    if event.clock.kind is not ClockKind.SHIP_BACK:
        return ()
    return _told(event, state, Notice.RETURN_REMINDER, until=event.clock.due_at)


def answered_by(
    event: RemedyTakenOver | HumanAsked | AnswerOverdue | DecisionAsked,
    _source: Ref,
    state: Remedies,
) -> Told:
    """It is another time by which there is an answer; that a merchant has objected changes nothing
    for the consumer."""
    remedy = state.remedy(event.remedy)
    dispute = None if remedy is None else remedy.dispute
    if dispute is not None and dispute.objected is Side.MERCHANT:
        return ()
    return _told(event, state, Notice.REMEDY_ANSWER_BY, until=event.clock.due_at)


def labelled(event: ReturnArranged, _source: Ref, state: Remedies) -> Told:
    """There is a label, or another one; until when a courier comes, if one does."""
    until = None if event.slot is None else event.slot.ends_at
    return _told(event, state, Notice.RETURN_LABEL, until=until)


def money_instead(event: RefundInstead, _source: Ref, state: Remedies) -> Told:
    """What was to come does not, or nothing has to be sent back."""
    return _told(event, state, Notice.REFUND_INSTEAD, amount_minor=event.amount_minor)


def place_named(event: ReturnPlaceNamed, _source: Ref, state: Remedies) -> Told:
    """Where to is known now, and until when."""
    return _told(event, state, Notice.RETURN_PLACE, until=event.clock.due_at)


def not_held_up(event: InterceptionMissed, _source: Ref, state: Remedies) -> Told:
    """It has come to the consumer after all: by when they send it back, if it is known where to."""
    if event.back is not Back.AWAITED:
        return ()
    return _told(event, state, Notice.RETURN_PLACE, until=event.clock.due_at)


def missed(event: ReturnMissed, _source: Ref, state: Remedies) -> Told:
    """It was not sent in time; until when it can be asked for once more, if it can."""
    if event.given:
        return _told(event, state, Notice.RETURN_MISSED)
    return _told(event, state, Notice.RETURN_MISSED, until=event.clock.due_at, runs=False)


def reopened(event: ReturnReopened, _source: Ref, state: Remedies) -> Told:
    return _told(event, state, None, runs=True)


def received(event: ReturnReceived, _source: Ref, state: Remedies) -> Told:
    """It has come back, so that it runs (again); by when it is looked at, if it has to be."""
    remedy = state.remedy(event.remedy)
    looked_at = event.desk is not None
    until = _due(event.clock) if looked_at else None
    runs = None if remedy is None or remedy.status is Status.SETTLED else True
    return _told(event, state, Notice.RETURN_RECEIVED, until=until, runs=runs)


def split(event: ReturnSplit, _source: Ref, state: Remedies) -> Told:
    """Not all of it was accepted; until when the rest can be disputed."""
    rest = replace(event, remedy=event.rest)
    return _told(
        rest,
        state,
        Notice.RETURN_REFUSED_IN_PART,
        amount_minor=event.rest_minor,
        until=event.clock.due_at,
        runs=_goes_back(state, event.rest),
    )


def goods_sent(event: GoodsSent, _source: Ref, state: Remedies) -> Told:
    """What the consumer is owed is on its way; not where it has come before that was said."""
    remedy = state.remedy(event.remedy)
    journey = None if remedy is None else remedy.journey
    parcel = None if journey is None else journey.parcel(event.shipment)
    if parcel is not None and parcel.arrived:
        return ()
    return _told(event, state, Notice.GOODS_SENT)


def not_made(event: ChargeFailed | ChangeRefused, _source: Ref, _state: object) -> Told:
    """The order stays as it was. What could not be paid is over; else what was paid goes back."""
    if not event.part:
        return ()
    link = event.case or _where_talked_about(event, event.part)
    runs = False if event.case is not None and isinstance(event, ChargeFailed) else None
    return (_note(event, link, Notice.CHANGE_NOT_MADE, runs=runs),)


def _goes_back(state: Remedies, remedy: int) -> bool:
    """What was refused is not over as long as the merchant has the goods: either they come back to
    the consumer, or their money does."""
    known = state.remedy(remedy)
    if known is None or known.journey is None:
        return False
    return known.status is Status.REFUSED and known.journey.at_merchant


def disputed(event: DisputeOpened, _source: Ref, state: Remedies) -> Told:
    """It may come to something after all. Who has not said a word to an offer is told that it is
    gone, and until when they can show what they have.
    """
    if event.reason != OFFER_UNANSWERED:
        return _told(event, state, None, runs=True)
    return _told(event, state, Notice.DISPUTE_OPENED, until=event.clock.due_at, runs=True)


def decided(event: DisputeDecided, _source: Ref, state: Remedies) -> Told:
    """What is granted is told with the decision, as the case that was opened for it is over next,
    and stands; a no has to be told, and until when one can object: never where it is final, with
    which the remedy may be gone. So has what stands after an objection that came to nothing."""
    remedy = state.remedy(event.remedy)
    if remedy is not None and _stands(event, remedy):
        return _told(
            event,
            state,
            Notice.OBJECTION_REFUSED,
            amount_minor=remedy.amount_minor,
            until=_due(remedy.clock(ClockKind.SHIP_BACK)),
        )
    if event.outcome is not Outcome.REFUSED:
        if remedy is None or not _gives_by_dispute(remedy, event.by):
            return ()
        return _granted(event, state, remedy, remedy.amount_minor)
    if remedy is not None and remedy.is_granted:
        return ()
    if remedy is not None:
        runs = _goes_back(state, event.remedy)
        return _told(event, state, Notice.REMEDY_REFUSED, until=_due(event.clock), runs=runs)
    if event.case is not None:
        return (_note(event, event.case, Notice.REMEDY_REFUSED, runs=False),)
    parts = [line.part for line in event.lines[:1]]
    return [_note(event, _where_talked_about(event, part), Notice.REMEDY_REFUSED) for part in parts]


def over(event: RemedyWithdrawn | RemedyClosed, _source: Ref, _state: object) -> Told:
    """Nothing of it is to come."""
    if event.case is None:
        return ()
    return (_note(event, event.case, runs=False),)


def compensated(event: BreachCompensated, _source: Ref, _state: object) -> Told:
    """So that nobody has to ask what they get by themselves."""
    told = _note(event, event.case, Notice.COMPENSATED, until=event.send_at, runs=True)
    return (
        replace(
            told, amount_minor=event.amount_minor, currency=event.currency, method=event.method
        ),
    )


def compensation_voided(event: CompensationVoided, _source: Ref, _state: object) -> Told:
    if event.case is None:
        return ()
    return (_note(event, event.case, Notice.COMPENSATION_VOIDED, runs=False),)


def impossible(event: GrantImpossible, _source: Ref, _state: object) -> Told:
    """What the case decided gives nothing, so whoever was told of the decision is told this; or, by
    the case that comes of it, that a person decides.
    """
    if event.needs_person:
        return ()
    return (
        NoteRemedy(
            consumer=event.consumer,
            conversation=event.case.conversation,
            case=event.case.case,
            remedy=0,
            happened_at=event.at,
            notice=Notice.REMEDY_IMPOSSIBLE,
        ),
    )


def _told(
    event: OfRemedy,
    state: Remedies,
    notice: Notice | None,
    *,
    amount_minor: int = 0,
    method: str = "",
    until: datetime | None = None,
    runs: bool | None = None,
) -> Told:
    remedy = state.remedy(event.remedy)
    if remedy is None:
        return ()
    link = remedy.case
    if link is None:
        if notice is None or not remedy.lines:
            return ()
        link = _where_talked_about(event, remedy.lines[0].part)
        runs = None
    told = _note(event, link, notice, until=until, runs=runs)
    if not amount_minor:
        return (told,)
    return (replace(told, amount_minor=amount_minor, currency=state.currency, method=method),)


def _where_talked_about(event: OfRemedy, part: int) -> CaseLink:
    """In no case of its own."""
    subject = Subject(SubjectKind.ORDER, event.order, part)
    return CaseLink(conversation_id(consumer=event.consumer, subject=subject), 0)


def _note(
    event: Any,
    case: CaseLink,
    notice: Notice | None = None,
    *,
    until: datetime | None = None,
    runs: bool | None = None,
) -> NoteRemedy:
    return NoteRemedy(
        consumer=event.consumer,
        conversation=case.conversation,
        case=case.case,
        remedy=event.remedy,
        happened_at=event.at,
        notice=notice,
        until=until,
        runs=runs,
    )


def _is_by_breach(remedy: Remedy) -> bool:
    """What a broken promise gives by itself is told with all that is to be known of it."""
    return remedy.kind is RemedyKind.COMPENSATION and not remedy.lines


def _method(remedy: Remedy, number: int) -> str:
    leg = remedy.leg(number)
    return "" if leg is None else leg.method


def _due(clock: Clock | None) -> datetime | None:
    return None if clock is None else clock.due_at
