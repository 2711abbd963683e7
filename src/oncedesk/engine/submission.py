"""What goes into the engine and what comes out of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from oncedesk.domain.shared.decider import Actor, Command
from oncedesk.domain.shared.gate.rules import Hit
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref


class Origin(StrEnum):
    """Who asks: somebody outside, an event elsewhere, a clock (behind all others), dispatch."""

    CLIENT = "client"
    REACTION = "reaction"
    CLOCK = "clock"
    SYSTEM = "system"


class ReactionKey(Record, frozen=True, array_like=True):
    """A row of the reaction table: which event of which state asked which state for something."""

    target: Ref
    source: UUID
    version: int
    number: int


class Submission(Record, frozen=True, eq=False):
    """One command on its way. `private` holds texts by message id; they never enter the journal.

    `expected_version` refuses the command if its state has moved on. `body` is the encoded command
    and `body_hash` its digest, by which a reused key with another body is noticed.
    """

    id: UUID
    target: Ref
    command: Command
    actor: Actor
    origin: Origin
    body: bytes
    body_hash: bytes
    private: Mapping[UUID, str] | None = None
    expected_version: int | None = None
    reaction: ReactionKey | None = None
    depth: int = 0


class Status(StrEnum):
    """How a command ended. A parked one failed by a bug or its data and waits for an operator."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PARKED = "parked"


class Answer(Record, frozen=True):
    """What became of a command. Accepted means durable. A duplicate gets the first one's answer.

    `version` is the state's version after the command (the version seen, where it was refused).
    `hits` are the places in the text for which it was refused.
    """

    status: Status
    version: int
    events: tuple[Any, ...] = ()
    code: str = ""
    detail: str = ""
    field: str = ""
    at: datetime | None = None
    duplicate: bool = False
    hits: tuple[Hit, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.status is Status.ACCEPTED
