"""In which language a consumer is spoken to who does not say it."""

from collections.abc import Mapping
from uuid import UUID

from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.shared.facts_seen import OrderSeen, order_seen


def order_of(
    *, subject: Subject, consumer: UUID, states: Mapping[UUID, object]
) -> OrderSeen | None:
    """The order that it is about; None where there is none, or it is about something else."""
    if subject.kind is not SubjectKind.ORDER or subject.id is None:
        return None
    return order_seen(states, subject.id, consumer=consumer)


def language_of(
    *, state: Conversation | None, order: OrderSeen | None, case: int | None = None
) -> str:
    """As they spoke in this case, or last in any; else as the order was told."""
    spoken = "" if state is None else state.language(case)
    return spoken or ("" if order is None else order.language)
