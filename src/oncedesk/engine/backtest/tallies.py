"""What a backtest counts. Counts of parts add up to those of the whole, in whichever order."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from msgspec import Struct, field

from oncedesk.domain.shared.records import Record
from oncedesk.engine.backtest.questions import Reason

T = TypeVar("T")

EXAMPLES_KEPT = 5
"""Of each question: of what changed the ones with the smallest keys, which are as good as drawn."""


class Example(Record, frozen=True):
    """A decision that would have been otherwise, and how."""

    key: UUID
    kind: str
    stream: UUID
    version: int
    at: datetime
    merchant: UUID | None
    differences: tuple[str, ...]


class Shift(Struct):
    """How deadlines of one name move: how many, and by how many seconds in all."""

    earlier: int = 0
    later: int = 0
    earlier_seconds: int = 0
    later_seconds: int = 0
    warned_otherwise: int = 0
    new: int = 0
    gone: int = 0

    def add(self, other: "Shift") -> None:
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class MerchantTally(Struct):
    """What changes for one merchant: of how many decisions, for better or worse, and by how much.

    Differences are candidate less before: `owned` cases to work on, `broken` deadlines, points of
    `liable_percent`, `seconds` of time for what is theirs, and `pays_minor` by currency.
    """

    decisions: int = 0
    better: int = 0
    worse: int = 0
    owned: int = 0
    broken: int = 0
    liable_percent: int = 0
    seconds: int = 0
    pays_minor: Counter[str] = field(default_factory=Counter)

    def add(self, other: "MerchantTally") -> None:
        for name in (
            "decisions",
            "better",
            "worse",
            "owned",
            "broken",
            "liable_percent",
            "seconds",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        _add(self.pays_minor, other.pays_minor)


class QuestionTally(Struct):
    """What was found for one question.

    `words` and `held` count by (name, before, after), `stake_minor` by currency what was paid for
    what the changed decisions were about; `before_minor` and `after_minor` what each (payer,
    currency) pays, `liable_before` and `liable_after` what of the stakes each (party, currency) is
    liable for: of the changed decisions only.
    """

    decided: int = 0
    changed: int = 0
    unknown: Counter[Reason] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    words: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    held: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    shifts: dict[str, Shift] = field(default_factory=dict)
    stake_minor: Counter[str] = field(default_factory=Counter)
    before_minor: Counter[tuple[str, str]] = field(default_factory=Counter)
    after_minor: Counter[tuple[str, str]] = field(default_factory=Counter)
    liable_before: Counter[tuple[str, str]] = field(default_factory=Counter)
    liable_after: Counter[tuple[str, str]] = field(default_factory=Counter)
    merchants: dict[UUID, MerchantTally] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)

    def add(self, other: "QuestionTally") -> None:
        """Count what the other has counted, too."""
        self.decided += other.decided
        self.changed += other.changed
        for name in _COUNTERS:
            _add(getattr(self, name), getattr(other, name))
        for name, shift in other.shifts.items():
            self.shifts.setdefault(name, Shift()).add(shift)
        for merchant, tally in other.merchants.items():
            self.merchants.setdefault(merchant, MerchantTally()).add(tally)
        self.keep(other.examples)

    def keep(self, examples: Iterable[Example]) -> None:
        """Keep those of all with the smallest keys."""
        self.examples = sorted([*self.examples, *examples], key=lambda one: one.key)
        del self.examples[EXAMPLES_KEPT:]


_COUNTERS = (
    "unknown",
    "failures",
    "words",
    "held",
    "stake_minor",
    "before_minor",
    "after_minor",
    "liable_before",
    "liable_after",
)


def _add(to: Counter[T], other: Counter[T]) -> None:
    """Unlike `+` it keeps what is negative."""
    for key, count in other.items():
        to[key] += count
