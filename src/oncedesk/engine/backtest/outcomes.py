"""What a decision came to, in a form in which any two can be compared."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from oncedesk.domain.shared.records import Record


class Held(StrEnum):
    """Whether a deadline was kept; UNKNOWN where that would have taken another course."""

    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "open"
    UNKNOWN = "unknown"


class Term(Record, frozen=True, array_like=True):
    """A deadline and when it warns; whether it was kept, where that can be told.

    `merchants`: it binds the merchant whose decision this is, for whom later is better.
    """

    name: str
    due_at: datetime | None
    warn_at: datetime | None = None
    merchants: bool = False
    held: Held | None = None


class Liable(Record, frozen=True, array_like=True):
    """Who bears how many percent."""

    who: str
    percent: int


class Amount(Record, frozen=True, array_like=True):
    """What somebody has to pay."""

    payer: str
    minor: int
    currency: str


class Outcome(Record, frozen=True, array_like=True):
    """`words` stand in the order of the question's own; names within `terms` are unique."""

    words: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    liable: tuple[Liable, ...] = ()
    amounts: tuple[Amount, ...] = ()
    owner: UUID | None = None
    """The merchant whose desk has the work."""
