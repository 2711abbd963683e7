"""What can be decided again: a question, its recorded cases, and what cannot be known of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from oncedesk.domain.shared.money import Money
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.backtest.outcomes import Outcome
from oncedesk.engine.histories import JournalEntry


class Reason(StrEnum):
    """Why a recorded decision was not decided again."""

    UNREADABLE = "unreadable"
    FACTS_MISSING = "facts_missing"
    JOURNAL_INCOMPLETE = "journal_incomplete"
    PEOPLE = "people"
    FOLLOWS = "follows"
    OTHER_MARKET = "other_market"
    NOT_REPRODUCED = "not_reproduced"
    FAILED = "failed"


EXPLAINED: Mapping[Reason, str] = {
    Reason.UNREADABLE: "its command or its facts cannot be read any more",
    Reason.FACTS_MISSING: "what it rested on is not in the journal any more",
    Reason.JOURNAL_INCOMPLETE: "the journal before it has a gap",
    Reason.PEOPLE: "a person decided, no rule",
    Reason.FOLLOWS: "it followed from how long people took, which other deadlines would change",
    Reason.OTHER_MARKET: "the packs compared are not of its market",
    Reason.NOT_REPRODUCED: "its own pack decides it otherwise today: the program has changed since",
    Reason.FAILED: "deciding it again failed",
}


class Unknown(Record, frozen=True):
    """A recorded decision that cannot be decided again; `error` is what failed."""

    reason: Reason
    error: str = ""


class Case(Record, frozen=True, kw_only=True):
    """One recorded decision: its facts, as small as they can be, and what it came to.

    `key` tells it from all others. `pack` is the hash under which it was decided. `stake` is the
    money that it was about.
    """

    key: UUID
    stream: UUID
    version: int
    at: datetime
    market: str
    pack: str
    facts: Any
    recorded: Outcome
    merchant: UUID | None = None
    stake: Money | None = None


class Step(Record, frozen=True):
    """One command of a stream, between the state before and after it."""

    entry: JournalEntry
    before: Any
    after: Any


class Past(Record, frozen=True):
    """All that happened to one state, as far as the journal fits."""

    ref: Ref
    steps: Sequence[Step]

    def after(self, step: Step) -> Sequence[Step]:
        """What happened later."""
        return self.steps[step.entry.version :]


Seen = Mapping[UUID, object]
"""The states on which a decision rested, by id, as they were then."""


@dataclass(frozen=True, slots=True)
class Question:
    """A kind of decision. Everything else about backtests is the same for all of them.

    `kind` is the state in whose journal it stands; `decides` tells by a command's events whether it
    was decided there; `sees` are the kinds of other states that it rested on. `cases` takes what
    was decided out of such a step of a past, each with its facts and outcome, or says why it
    cannot. `decide` is pure and fast: it is called for every case and pack. `words` names the words
    of its outcomes.
    """

    name: str
    about: str
    kind: Kind
    words: tuple[str, ...]
    sees: Set[Kind]
    decides: Callable[[Sequence[Any]], bool]
    cases: Callable[[Step, Seen, Past], Iterable[Case | Unknown]]
    decide: Callable[[Any, Pack], Outcome]
