"""What waits for a person of the platform becomes a case at its desk; dispatch gives it out.

Each remedy has its own clock besides, so nothing depends on it; but nothing waits with nobody.
"""

from collections.abc import Sequence
from uuid import UUID

from oncedesk.domain.conversations.messages import Need, OpenForDispute
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.remedies.messages.asking import (
    AnswerOverdue,
    HumanAsked,
    RemedyRequested,
    RemedyTakenOver,
)
from oncedesk.domain.remedies.messages.authorising import SecondPersonAsked
from oncedesk.domain.remedies.messages.base import OfRemedy
from oncedesk.domain.remedies.messages.contesting import RefundContested
from oncedesk.domain.remedies.messages.disputing import DecisionAsked
from oncedesk.domain.remedies.messages.refunding import RouteAsked
from oncedesk.domain.remedies.messages.returning import ReturnReceived
from oncedesk.domain.remedies.state import Remedies, merchant_of
from oncedesk.domain.remedies.waiting import second_persons_desk, waits_for
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import PLATFORM, Ref


def decide_dispute(event: DecisionAsked, _source: Ref, state: Remedies) -> Sequence[Command]:
    """Both sides have been heard."""
    return _brought(event, state, Need.DISPUTE)


def decide_request(event: RemedyRequested, _source: Ref, state: Remedies) -> Sequence[Command]:
    """No rule decides it and no merchant; an agent who asks for it is at it already."""
    if event.agent is not None:
        return ()
    return _waiting(event, state, Need.DECISION)


def decide_instead(
    event: HumanAsked | RemedyTakenOver | AnswerOverdue, _source: Ref, state: Remedies
) -> Sequence[Command]:
    """The consumer wants a person, or whoever was asked has not answered."""
    return _waiting(event, state, Need.DECISION)


def stand_by(event: SecondPersonAsked, _source: Ref, state: Remedies) -> Sequence[Command]:
    """Somebody else than who wants to give it; merchants have their own people."""
    remedy = state.remedy(event.remedy)
    if remedy is None or remedy.approval is None or second_persons_desk(remedy) != PLATFORM:
        return ()
    return _brought(event, state, Need.SECOND_PERSON, barred=event.agent)


def decide_contest(event: RefundContested, _source: Ref, state: Remedies) -> Sequence[Command]:
    """A merchant says that money left early for nothing."""
    return _waiting(event, state, Need.CONTEST)


def find_route(event: RouteAsked, _source: Ref, state: Remedies) -> Sequence[Command]:
    """The consumer has named none: somebody talks with them."""
    return () if event.desk != PLATFORM else _brought(event, state, Need.ROUTE)


def inspect(event: ReturnReceived, _source: Ref, state: Remedies) -> Sequence[Command]:
    """What the platform itself sold has come back to it."""
    return _waiting(event, state, Need.INSPECTION)


def _waiting(event: OfRemedy, state: Remedies, need: Need) -> Sequence[Command]:
    """Brought to the platform's desk, if it is that which has to do something."""
    remedy = state.remedy(event.remedy)
    if remedy is None or waits_for(state=state, remedy=remedy) != PLATFORM:
        return ()
    return _brought(event, state, need)


def _brought(
    event: OfRemedy, state: Remedies, need: Need, *, barred: UUID | None = None
) -> Sequence[Command]:
    """The remedy's case, or one that has the order's part for its subject."""
    remedy = state.remedy(event.remedy)
    if remedy is None:
        return ()
    link = remedy.case
    if link is None and not remedy.lines:
        return ()
    part = remedy.lines[0].part if remedy.lines else 1
    return (
        OpenForDispute(
            consumer=event.consumer,
            subject=Subject(SubjectKind.ORDER, event.order, part),
            market=state.market,
            remedy=event.remedy,
            conversation=None if link is None else link.conversation,
            case=None if link is None else link.case,
            merchant=merchant_of(state=state, remedy=remedy),
            creator=state.creator,
            need=need,
            barred=barred,
        ),
    )
