"""What broken promises ask of cases, and these and ended presales of remedies."""

from collections.abc import Sequence

from oncedesk.domain.conversations import messages as talk
from oncedesk.domain.conversations.messages import (
    BreachNoted,
    Decided,
    NoteBreachCorrected,
    OpenForBreach,
)
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.orders.messages import BreachCorrected, PresaleEnded, PromiseBroken
from oncedesk.domain.remedies.messages.casework import GrantForCase
from oncedesk.domain.remedies.messages.promising import (
    CompensateBreach,
    SettlePresale,
    TakeBackCompensation,
)
from oncedesk.domain.remedies.words import CaseLink
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import Ref
from oncedesk.domain.shared.rulepack import GIVING


def open_service(event: PromiseBroken, source: Ref, _state: object) -> Sequence[Command]:
    """A broken promise opens service before the consumer asks."""
    return (
        OpenForBreach(
            consumer=event.consumer,
            subject=Subject(SubjectKind.ORDER, source.id, event.part),
            market=event.market,
            breach=event.breach.value,
            promise=event.promise,
            due_at=event.due_at,
            merchant=event.merchant,
            creator=event.creator,
            language=event.language,
        ),
    )


def take_back(event: BreachCorrected, source: Ref, _state: object) -> Sequence[Command]:
    return (
        NoteBreachCorrected(
            consumer=event.consumer,
            subject=Subject(SubjectKind.ORDER, source.id, event.part),
            promise=event.promise,
            breach=event.breach.value,
        ),
    )


def compensate(event: BreachNoted, source: Ref, state: Conversation) -> Sequence[Command]:
    """What a broken promise gives by itself. The case asks for it, and not the order, so that there
    is a case in which to tell the consumer what was given."""
    subject = state.subject
    if subject.kind is not SubjectKind.ORDER or subject.id is None or not subject.part:
        return ()
    return (
        CompensateBreach(
            consumer=state.consumer,
            order=subject.id,
            part=subject.part,
            promise=event.promise,
            breach=event.breach,
            case=CaseLink(source.id, event.case),
        ),
    )


def take_compensation_back(
    event: talk.BreachCorrected, _source: Ref, state: Conversation
) -> Sequence[Command]:
    subject = state.subject
    if subject.kind is not SubjectKind.ORDER or subject.id is None:
        return ()
    return (
        TakeBackCompensation(
            consumer=state.consumer, order=subject.id, promise=event.promise, breach=event.breach
        ),
    )


def grant_decided(event: Decided, source: Ref, state: Conversation) -> Sequence[Command]:
    """What a case's rule decided is given by the remedies of its order."""
    subject = state.subject
    if event.decision not in GIVING or subject.id is None or not subject.is_part:
        return ()
    return (
        GrantForCase(
            consumer=state.consumer,
            order=subject.id,
            part=subject.part,
            decision=event.decision,
            case=CaseLink(source.id, event.case),
            rule=event.rule,
            pack=event.pack,
        ),
    )


def settle_presale(event: PresaleEnded, _source: Ref, _state: object) -> Sequence[Command]:
    """What goes back of a presale, and what the merchant gives on top."""
    if not event.returned_minor and not event.penalty_minor:
        return ()
    return (
        SettlePresale(
            consumer=event.consumer,
            order=event.order,
            part=event.part,
            reason=f"presale_{event.by.value}",
            returned_minor=event.returned_minor,
            penalty_minor=event.penalty_minor,
            rule=event.rule,
        ),
    )
