"""A contact about an order as a whole may be about one part of it, and the other way round.

Each part has its conversation, and so has the whole (part 0). What stands in the others is only
looked at: where the matter has its case there already, the contact is not taken here; the part is
named, and whoever brought the contact says it there. So one matter has one case, unless two are
opened at the very same moment.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from oncedesk.domain.conversations import joining
from oncedesk.domain.conversations.messages import ReceiveContact
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.conversations.subjects import Subject, subject_ref
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.facts_seen import OrderSeen
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref
from oncedesk.domain.shared.rulepack import Pack

WHOLE = 0


class _Elsewhere(Record, frozen=True):
    """A case about the same matter in the conversation of this part."""

    part: int
    case: Case


def others(*, command: ReceiveContact, order: OrderSeen) -> list[Ref]:
    """The conversations in which the matter may have its case: of the parts, or of the whole.

    None where the consumer says that it is something else, or looks at a case of this one. A part
    that is the only one is the whole: nobody has to say which.
    """
    return [
        subject_ref(consumer=command.consumer, subject=subject)
        for subject in _other_subjects(command=command, order=order)
    ]


def refuse_elsewhere(
    *,
    command: ReceiveContact,
    order: OrderSeen,
    states: Mapping[UUID, object],
    pack: Pack,
    now: datetime,
) -> Refusal | None:
    """Name the part in which the matter is open, or else was resolved within the window.

    Of several the open one, the one of this very issue, the newest.
    """
    found: list[_Elsewhere] = []
    for subject in _other_subjects(command=command, order=order):
        state = states.get(subject_ref(consumer=command.consumer, subject=subject).id)
        if not isinstance(state, Conversation):
            continue
        case = joining.find_same_matter(state=state, issue=command.issue, pack=pack, now=now)
        if case is not None and (subject.part != WHOLE or _is_clear(case.issue, command.issue)):
            found.append(_Elsewhere(subject.part, case))
    if not found:
        return None
    found.sort(key=lambda one: one.case.opened_at, reverse=True)
    found.sort(key=lambda one: (not one.case.is_open, one.case.issue != command.issue))
    return Refusal("case_in_part", str(found[0].part), "subject.part")


def _other_subjects(*, command: ReceiveContact, order: OrderSeen) -> list[Subject]:
    subject = command.subject
    if command.fresh or command.case is not None:
        return []
    if subject.part == WHOLE:
        return [Subject(subject.kind, subject.id, one.number) for one in order.parts]
    return [Subject(subject.kind, subject.id, WHOLE)] if len(order.parts) > 1 else []


def _is_clear(*issues: str) -> bool:
    """Who names a part leaves its desk only for what is surely said of the whole already."""
    return not any(issue in joining.ABOUT_ANYTHING for issue in issues)
