"""What a reaction is, and all reactions of a program by the events that cause them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import Ref


class Late(StrEnum):
    """What an event gets that was recorded before the reaction came.

    `as_it_was`: with the state as it was after that command. `as_it_is`: with the state of today,
    so that what is over asks for nothing. `never`: it makes no sense for the past.
    """

    AS_IT_WAS = "as_it_was"
    AS_IT_IS = "as_it_is"
    NEVER = "never"


Ask = Callable[[Any, Ref, Any], Sequence[Command]]


@dataclass(frozen=True, slots=True)
class Reaction:
    """What an event asks of others. The installation remembers the name, so it never changes.

    Events that were recorded before it came get it too, once (`engine.backfilling`), as `late`
    says; then `ask` sees them late, and so does whoever is asked.
    """

    name: str
    event: type
    ask: Ask
    late: Late = Late.AS_IT_WAS


class Reactions:
    """The reactions of a program, by the events that cause them."""

    def __init__(self, reactions: Iterable[Reaction]) -> None:
        self._all = tuple(reactions)
        self.names = frozenset(one.name for one in self._all)
        assert len(self.names) == len(self._all), "two reactions have the same name"
        self.late = frozenset(one.name for one in self._all if one.late is not Late.NEVER)
        self._asks = {
            event: _one_after_the_other([one.ask for one in named])
            for event, named in self.named(self.names).items()
        }

    def __iter__(self) -> Iterator[Reaction]:
        return iter(self._all)

    def commands(self, event: Any, source: Ref, state: Any) -> Sequence[Command]:
        """What this event asks of others; `state` is the source after the command."""
        ask = self._asks.get(type(event))
        return () if ask is None else ask(event, source, state)

    def named(self, names: Set[str]) -> Mapping[type, Sequence[Reaction]]:
        """Those of these names, by event."""
        found: dict[type, list[Reaction]] = {}
        for one in self._all:
            if one.name in names:
                found.setdefault(one.event, []).append(one)
        return found


def _one_after_the_other(asks: Sequence[Ask]) -> Ask:
    if len(asks) == 1:
        return asks[0]
    return lambda event, source, state: [
        command for ask in asks for command in ask(event, source, state)
    ]
