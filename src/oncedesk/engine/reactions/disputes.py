"""What disputes ask of the conversation in which somebody decides them."""

from collections.abc import Sequence

from oncedesk.domain.conversations.messages import OpenForDispute
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.remedies.messages.disputing import DecisionAsked
from oncedesk.domain.remedies.state import Remedies, merchant_of
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import Ref


def bring_to_platform(event: DecisionAsked, _source: Ref, state: Remedies) -> Sequence[Command]:
    """Who decides a dispute works on a case; it has the order's part for its subject."""
    remedy = state.remedy(event.remedy)
    assert remedy is not None
    link = remedy.case
    return (
        OpenForDispute(
            consumer=event.consumer,
            subject=Subject(SubjectKind.ORDER, event.order, remedy.lines[0].part),
            market=state.market,
            remedy=event.remedy,
            conversation=None if link is None else link.conversation,
            case=None if link is None else link.case,
            merchant=merchant_of(state=state, remedy=remedy),
            creator=state.creator,
        ),
    )
