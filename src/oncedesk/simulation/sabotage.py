"""Breaks the engine on purpose, one way at a time, to see that the checks notice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace as with_fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from msgspec.structs import replace

from oncedesk.domain.agents.messages import ReserveCapacity
from oncedesk.domain.remedies.messages.refunding import ConfirmRefund
from oncedesk.domain.remedies.words import LegStatus
from oncedesk.domain.shared.refs import PLATFORM, Kind
from oncedesk.engine.matching import FreeAgent
from oncedesk.simulation.sending import ACCEPTED, AnswerLog
from oncedesk.wiring import Parts


class Sabotage(StrEnum):
    """What is broken: a journal row gets lost, repeated commands are not recognised, a wake is
    set too late, a case has a second owner, a case goes to somebody without the skill, a refund
    that payments confirm twice counts twice."""

    LOST_JOURNAL = "lost-journal"
    DOUBLE_APPLY = "double-apply"
    DROPPED_WAKE = "dropped-wake"
    TWO_OWNERS = "two-owners"
    SKILL = "skill"
    DOUBLE_REFUND = "double-refund"


class Saboteur:
    """Does it. `prepare` comes before the first command, `strike` in the middle of the run."""

    def __init__(self, kind: Sabotage | None, log: AnswerLog) -> None:
        self._kind = kind
        self._log = log
        self.done = kind is None
        self._undo: list[Callable[[], None]] = []

    def prepare(self, parts: Sequence[Parts]) -> None:
        for one in parts:
            if self._kind is Sabotage.DOUBLE_APPLY:
                _forget_commands(one)
                self.done = True
            elif self._kind is Sabotage.SKILL:
                _teach_everything(one)
                self.done = True
            elif self._kind is Sabotage.DOUBLE_REFUND:
                _confirm_twice(one)
                self.done = True

    async def strike(self, pool: Any) -> None:
        """While everything rests; tries again the next time where there is nothing to break."""
        if self.done:
            return
        async with pool.acquire() as connection:
            match self._kind:
                case Sabotage.LOST_JOURNAL:
                    self.done = await self._lose_journal(connection)
                case Sabotage.DROPPED_WAKE:
                    self.done = await _drop_wake(connection)
                case Sabotage.TWO_OWNERS:
                    self.done = await _second_owner(connection)
                case _:
                    pass

    async def _lose_journal(self, connection: Any) -> bool:
        known = [UUID(bytes=id_) for id_, flags in self._log.known.items() if flags & ACCEPTED]
        deleted = await connection.execute(
            "DELETE FROM journal WHERE command_id = $1 AND kind = 'conversation'", known[-1]
        )
        if deleted == "DELETE 1":
            return True
        for id_ in reversed(known[-200:]):
            if (
                await connection.execute(
                    "DELETE FROM journal WHERE command_id = $1 AND kind = 'conversation'", id_
                )
                == "DELETE 1"
            ):
                return True
        return False


async def _drop_wake(connection: Any) -> bool:
    changed: str = await connection.execute(
        "UPDATE state SET wake = wake + interval '90 days' WHERE id = "
        "(SELECT id FROM state WHERE open AND kind = 'conversation' ORDER BY wake LIMIT 1)"
    )
    return changed == "UPDATE 1"


async def _second_owner(connection: Any) -> bool:
    """The same case in the platform's inbox, too."""
    row = await connection.fetchrow(
        "SELECT * FROM inbox WHERE desk <> $1 AND status = 'queued' LIMIT 1", str(PLATFORM)
    )
    if row is None:
        return False
    second = {**dict(row), "queue": uuid4(), "desk": str(PLATFORM)}
    places = ", ".join(f"${number}" for number in range(1, len(second) + 1))
    await connection.execute(
        f"INSERT INTO inbox ({', '.join(second)}) VALUES ({places})",  # noqa: S608 - column names
        *second.values(),
    )
    return True


def _forget_commands(parts: Parts) -> None:
    """Repeated commands are looked up in vain, and so they are applied once more."""

    async def recorded(_submissions: Sequence[Any]) -> Mapping[UUID, Any]:
        return {}

    store: Any = parts.store
    store.recorded = recorded


def _teach_everything(parts: Parts) -> None:
    """Dispatch and the agents' decider believe that everybody has every skill."""
    deciders = parts.codec.deciders
    honest = deciders[Kind.AGENT]
    view: Any = parts.engine.dispatch._view
    free_agents = view.free_agents
    skills = tuple(parts.library.at(parts.engine.clock()).current("cn").skills)

    def decide(state: Any, command: Any, facts: Any) -> Any:
        if state is not None and isinstance(command, ReserveCapacity):
            state = replace(state, skills=(*state.skills, command.skill))
        return honest.decide(state, command, facts)

    async def all_skilled(*, now: datetime) -> Sequence[FreeAgent]:
        found = await free_agents(now=now)
        return [replace(one, skills=skills) for one in found]

    deciders[Kind.AGENT] = with_fields(honest, decide=decide)
    view.free_agents = all_skilled


def _confirm_twice(parts: Parts) -> None:
    """What was sent is taken for asked, so that payments' second word of it is believed again."""
    deciders = parts.codec.deciders
    honest = deciders[Kind.REMEDIES]

    def decide(state: Any, command: Any, facts: Any) -> Any:
        remedy = None
        if state is not None and isinstance(command, ConfirmRefund):
            remedy = state.remedy(command.remedy)
        leg = None if remedy is None else remedy.leg(command.leg)
        if remedy is not None and leg is not None and leg.status is LegStatus.SENT:
            asked = replace(leg, status=LegStatus.REQUESTED, sent_at=None)
            state = state.with_remedy(remedy.with_leg(asked))
        return honest.decide(state, command, facts)

    deciders[Kind.REMEDIES] = with_fields(honest, decide=decide)


AFTER = timedelta(hours=28)
"""How far into the run it is done: in the middle of the second day."""
