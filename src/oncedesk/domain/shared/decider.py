"""The decider protocol: plain data and two pure functions, decide and evolve."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar
from uuid import UUID

from oncedesk.domain.shared.gate.rules import Hit
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.domain.shared.rulepack import Pack, PackUnknown

T = TypeVar("T")


class Refusal(Record, frozen=True):
    """An expected no. `code` is stable and part of the API; `detail` says what was expected.

    `hits` are the places in the text that it is about, where it is about its words.
    """

    code: str
    detail: str = ""
    field: str = ""
    hits: tuple[Hit, ...] = ()


class Role(StrEnum):
    """In what capacity somebody acts."""

    CONSUMER = "consumer"
    AGENT = "agent"
    MARKETPLACE = "marketplace"
    ADMIN = "admin"
    SYSTEM = "system"


class Actor(Record, frozen=True, array_like=True):
    """Who gives a command. `id` is None for the system and for the marketplace's back end."""

    role: Role
    id: UUID | None = None


SYSTEM = Actor(role=Role.SYSTEM)
MARKETPLACE = Actor(role=Role.MARKETPLACE)


class Command(Protocol):
    """A request to change one state; which one, it says itself."""

    def target(self) -> Ref: ...


class Wake(Record, frozen=True, tag="Wake"):
    """Time has come for something in this state. Every decider answers it with what is due."""

    ref: Ref

    def target(self) -> Ref:
        return self.ref


class Packs(Protocol):
    """The rule packs of one batch."""

    def current(self, market: str) -> Pack: ...

    def by_hash(self, pack_hash: str) -> Pack: ...


class Facts(Record, frozen=True):
    """Everything a decision needs from outside its state.

    `now` is aware and UTC and never before the state's last event. `states` holds the states that
    the command's `needs` named, by id; they may be stale, and the versions seen are recorded.
    """

    now: datetime
    command_id: UUID
    actor: Actor
    packs: Packs
    states: Mapping[UUID, object]

    def find(self, ref: Ref, kind: type[T]) -> T | None:
        """The state at `ref`, or None where there is none (yet) or it is of another kind.

        Ids come from outside: anything may be named as an agency, for instance.
        """
        found = self.states.get(ref.id)
        return found if isinstance(found, kind) else None

    def pack_of(self, market: str) -> Pack | Refusal:
        """The pack in force in a market that a command names."""
        try:
            return self.packs.current(market)
        except PackUnknown:
            return Refusal("market_unknown", "a market in which a rule pack holds", "market")


@dataclass(frozen=True, slots=True)
class Decider:
    """One kind of state, as the engine sees it.

    `commands` and `events` are unions of tagged msgspec Structs. `needs` names the other states a
    command wants to see, all of them each time (at most 64); it is asked again with what the first
    round found. `deadline` is the earliest moment at which the state must be woken, or None.
    `is_open` states always have a deadline. `check` asserts what must hold in every state.
    `party_of` is whose data a state is: the party by whom its bucket was chosen.
    """

    kind: Kind
    state: type
    commands: Any
    events: Any
    decide: Callable[[Any, Any, Facts], Sequence[Any] | Refusal]
    evolve: Callable[[Any, Any], Any]
    needs: Callable[[Any, Any, Mapping[UUID, object]], Sequence[Ref]]
    deadline: Callable[[Any], datetime | None]
    is_open: Callable[[Any], bool]
    check: Callable[[Any], None]
    party_of: Callable[[Any], UUID]
