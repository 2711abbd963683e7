"""Who else is at a conversation, as each side may know it."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from oncedesk.domain.conversations.messages import Audience
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.decider import Role
from oncedesk.http.shapes.words import DeskName, desk_of
from oncedesk.storage.attending import Attendant, Doing
from oncedesk.storage.views.cases import SeenConversation
from oncedesk.storage.views.readers import Reader


class AttendantShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody who looks or writes, until then unless they say so again.

    Of another desk's agent only the desk is told, and nothing of notes.
    """

    by: Role
    doing: Doing
    until: Moment
    case: int = 0
    desk: DeskName | None = None
    agent: UUID | None = None
    audience: Audience | None = None


class AttendingShape(msgspec.Struct, frozen=True):
    """All who are there, but for whoever asks. It replaces what was known before."""

    items: tuple[AttendantShape, ...] = ()


class WritingShape(msgspec.Struct, frozen=True):
    """Somebody writes to the consumer, until then unless they go on; without `until` nobody."""

    until: Moment | None = None


def attending_shape(
    found: Sequence[Attendant], seen: SeenConversation, reader: Reader
) -> AttendingShape:
    """As an agent may know it: who is at a case that they may see."""
    shown = [
        _shape(one, reader)
        for one in found
        if one.who != reader.actor.id and (one.role is Role.CONSUMER or one.case in seen.cases)
    ]
    return AttendingShape(tuple(sorted(shown, key=lambda one: (one.by, one.until, one.case))))


def writing_shape(
    found: Sequence[Attendant], seen: SeenConversation, reader: Reader
) -> WritingShape:
    """As the consumer may know it: that somebody writes to them, and not who."""
    del seen, reader
    until = [
        one.until
        for one in found
        if one.doing is Doing.WRITING
        and one.audience is Audience.CONSUMER
        and one.role is not Role.CONSUMER
    ]
    return WritingShape(max(until, default=None))


def _shape(one: Attendant, reader: Reader) -> AttendantShape:
    if one.role is Role.CONSUMER:
        return AttendantShape(by=one.role, doing=one.doing, until=one.until, case=one.case)
    colleague = reader.runs or desk_of(one.desk) in reader.desks
    writes = one.doing is Doing.WRITING and (colleague or one.audience is not Audience.INTERNAL)
    return AttendantShape(
        by=one.role,
        doing=Doing.WRITING if writes else Doing.LOOKING,
        until=one.until,
        case=one.case,
        desk=one.desk,
        agent=one.who if colleague else None,
        audience=one.audience if writes else None,
    )
