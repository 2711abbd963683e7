"""What a conversation is about, and the id that follows from it."""

from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref, order_part, talk_ref


class SubjectKind(StrEnum):
    """The kinds of subject. `live` is a video or a live session; `none` is everything else."""

    ORDER = "order"
    LISTING = "listing"
    LIVE = "live"
    NONE = "none"


class Subject(Record, frozen=True, array_like=True):
    """An order part (order id and part number), a listing, a content, or nothing (no id).

    Part 0 means the order as a whole, where nobody can say which part.
    """

    kind: SubjectKind
    id: UUID | None = None
    part: int = 0

    def __str__(self) -> str:
        if self.kind is SubjectKind.ORDER:
            return order_part(self.id, self.part)
        return self.kind.value if self.id is None else f"{self.kind.value}:{self.id}"

    @property
    def is_part(self) -> bool:
        """It says what was bought, of one merchant."""
        return self.kind is SubjectKind.ORDER and self.id is not None and self.part > 0

    @property
    def complete(self) -> bool:
        """It names what it must name, and nothing else."""
        if self.kind is SubjectKind.NONE:
            return self.id is None and self.part == 0
        return self.id is not None and (
            self.part >= 0 if self.kind is SubjectKind.ORDER else self.part == 0
        )


NOTHING = Subject(kind=SubjectKind.NONE)


def conversation_id(*, consumer: UUID, subject: Subject) -> UUID:
    """One consumer and one subject have one conversation, whoever derives its id."""
    return _subject_ref(consumer, subject).id


def subject_ref(*, consumer: UUID, subject: Subject) -> Ref:
    """Where the conversation of this consumer about this subject lives."""
    return _subject_ref(consumer, subject)


# The engine asks a command for its target several times; deriving it again would cost 8 µs each.
@lru_cache(maxsize=16_384)
def _subject_ref(consumer: UUID, subject: Subject) -> Ref:
    return talk_ref(consumer=consumer, about=str(subject))
