"""How the words of the domain are written in JSON, where that differs from how they are kept."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.conversations.messages import ATTACHMENTS_MAX
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.shared.refs import Desk, DeskKind

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
DESK_PATTERN = rf"^(?:platform|(?:merchant|creator):{_UUID})$(?!\n)"
"""The whole word; see `domain.shared.bounds.bounded`."""
DeskName = Annotated[
    str,
    Meta(
        pattern=DESK_PATTERN,
        max_length=45,
        description="`platform`, `merchant:ID` or `creator:ID`",
    ),
]
Text = Annotated[str, Meta(min_length=1, max_length=20_000)]
Caption = Annotated[str, Meta(max_length=20_000)]
"""A text that may be missing where a file says it all."""
Attachments = Annotated[
    tuple[UUID, ...],
    Meta(max_length=ATTACHMENTS_MAX, description="Files that were brought for this message"),
]


class SubjectShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a conversation is about. An order needs its id and a part (0: as a whole)."""

    kind: SubjectKind
    id: UUID | None = None
    part: Annotated[int, Meta(ge=0, le=1000)] = 0


def desk_of(name: str) -> Desk:
    """The desk of a name that has the right form."""
    kind, _, party = name.partition(":")
    return Desk(DeskKind(kind), UUID(party) if party else None)


def public_name(desk: Desk | None, names: Mapping[UUID, str]) -> str:
    """What the merchant or creator of this desk is called in public; the platform, nothing."""
    return "" if desk is None or desk.party is None else names.get(desk.party, "")


def subject_of(shape: SubjectShape) -> Subject:
    return Subject(shape.kind, shape.id, shape.part)


def subject_shape(subject: Subject) -> SubjectShape:
    return SubjectShape(subject.kind, subject.id, subject.part)
