"""Performs tasks through the engine's own commands, each for a user of its own, and compares.

Every task has its user with all their orders told anew, under ids that no other task has. All tasks
of a block take their first action, then their second: so they go side by side, and of each its
actions stay in their order. After each action payments answer what they were asked, as a
marketplace's do: sent, or taken.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Protocol
from uuid import UUID

from msgspec import Struct

from oncedesk.connectors.tau.acting import ActionUnknown, asked, order_named
from oncedesk.connectors.tau.comparing import differences
from oncedesk.connectors.tau.files import ORDERS, USERS, Shop, Task
from oncedesk.connectors.tau.importing import Importing
from oncedesk.connectors.tau.projecting import Kept, projected
from oncedesk.connectors.tau.telling import Telling
from oncedesk.connectors.tau.words import Catalogue, People
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.remedies.messages.changing import ChargeRequested, ConfirmCharge
from oncedesk.domain.remedies.messages.refunding import ConfirmRefund, RefundRequested
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Command, Role
from oncedesk.domain.shared.records import Record
from oncedesk.engine.entry import BadInput
from oncedesk.engine.running import Engine
from oncedesk.engine.submission import Answer, Submission

TASKS_AT_ONCE = 100
PRINCIPAL = "tau"


class Shown(Protocol):
    """What can be seen from outside: an order, and a copy of all that is kept about somebody."""

    async def order(self, *, consumer: UUID, order: UUID) -> OrderState | None: ...

    async def copy(self, *, consumer: UUID) -> Kept: ...


class Disagreement(Record, frozen=True):
    """Where a task came to something else than it should: which `kind` of thing, and what."""

    task: str
    kind: str
    what: str


class Answered(Record, frozen=True):
    """The `step`-th action of a task (from 0) and why it was refused; accepted: no code."""

    task: str
    step: int
    code: str


class Outcome(Struct):
    """What came of all tasks. `seconds` are those in which actions were performed, without telling
    and comparing.
    """

    tasks: int = 0
    seconds: float = 0.0
    answers: list[Answered] = []
    disagreements: list[Disagreement] = []

    @property
    def actions(self) -> int:
        return len(self.answers)

    @property
    def refused(self) -> Counter[str]:
        """How often an action was refused, as it should be or not, by code."""
        return Counter(one.code for one in self.answers if one.code)

    @property
    def disagree(self) -> int:
        return len({one.task for one in self.disagreements})


class Replaying:
    """One run over a shop that was read; `progress` is told how many tasks are done."""

    def __init__(
        self,
        *,
        engine: Engine,
        shop: Shop,
        shown: Shown,
        run: str,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._engine = engine
        self._shop = shop
        self._shown = shown
        self._run = run
        self._progress = progress
        self._catalogue = Catalogue(shop)
        self._asked: list[RefundRequested | ChargeRequested] = []
        self._outcome = Outcome()

    async def run(self, tasks: Sequence[Task]) -> Outcome:
        """Perform all of them."""
        telling = self._telling("")
        await Importing(engine=self._engine, telling=telling, shop=self._shop).products()
        self._engine.writers.on_accepted.append(self._notice)
        try:
            for first in range(0, len(tasks), TASKS_AT_ONCE):
                block = [
                    _Playing(number, task, People(f"{self._run}/{number}"))
                    for number, task in enumerate(tasks[first : first + TASKS_AT_ONCE], first)
                ]
                await self._play(block)
                self._progress(len(block))
        finally:
            self._engine.writers.on_accepted.remove(self._notice)
        self._outcome.tasks = len(tasks)
        return self._outcome

    def _telling(self, name: str) -> Telling:
        return Telling(entry=self._engine.entry, people=People(f"{self._run}/{name}"))

    async def _play(self, block: Sequence["_Playing"]) -> None:
        await asyncio.gather(*(self._tell(playing) for playing in block))
        await self._engine.writers.drained()
        began = time.perf_counter()
        for step in range(max((len(one.task.actions) for one in block), default=0)):
            acting = [one for one in block if step < len(one.task.actions)]
            await asyncio.gather(*(self._act(one, step) for one in acting))
            await self._settle()
        self._outcome.seconds += time.perf_counter() - began
        self._asked.clear()
        await asyncio.gather(*(self._compare(playing) for playing in block))

    async def _tell(self, playing: "_Playing") -> None:
        """The task's user and their orders."""
        user = playing.task.user_id
        if user not in self._shop.users:
            self._disagree(playing, "task", f"no such user {user[:60]!r}")
            return
        telling = Telling(entry=self._engine.entry, people=playing.people)
        importing = Importing(engine=self._engine, telling=telling, shop=self._shop)
        await importing.users([user], self._shop.orders_of(user))

    async def _act(self, playing: "_Playing", step: int) -> None:
        """Perform one action, and compare its answer with the one that it should get."""
        action, people, user = playing.task.actions[step], playing.people, playing.task.user_id
        consumer = people.consumer(user)
        try:
            placed = people.order(order_named(action))
            order = await self._shown.order(consumer=consumer, order=placed)
            wish = asked(
                action,
                user_id=user,
                order=order,
                people=people,
                catalogue=self._catalogue,
                seal=self._engine.entry.seal,
            )
            answer = await self._engine.submit(
                wish.command,
                principal=f"consumer:{consumer}",
                key=f"{playing.task.id}/{step}"[:255],
                actor=Actor(Role.CONSUMER, consumer),
                text=wish.text,
            )
            code = "" if answer.accepted else answer.code
        except ActionUnknown as error:
            self._disagree(playing, "action", str(error))
            code = "action_unknown"
        except BadInput as error:
            code = error.code
        self._outcome.answers.append(Answered(playing.task.id, step, code))
        results = playing.task.gold_action_results
        if step < len(results) and (results[step] == "ok") != (not code):
            said = code or "accepted"
            self._disagree(playing, "answer", f"{action.name}: {said}, not {results[step][:80]!r}")

    async def _settle(self) -> None:
        """Until nothing more follows: what payments were asked for is confirmed."""
        await self._engine.writers.drained()
        while self._asked:
            asked_for, self._asked = self._asked, []
            await asyncio.gather(*(self._confirm(event) for event in asked_for))
            await self._engine.writers.drained()

    def _confirm(self, event: RefundRequested | ChargeRequested) -> "asyncio.Future[Answer]":
        command: Command
        if isinstance(event, RefundRequested):
            leg = event.leg
            key = f"refund/{event.remedy}/{leg.number}"
            command = ConfirmRefund(
                consumer=event.consumer,
                order=event.order,
                remedy=event.remedy,
                leg=leg.number,
                amount_minor=leg.amount_minor,
                currency=event.currency,
                sent_at=event.at,
            )
        else:
            key = f"charge/{event.remedy}"
            command = ConfirmCharge(
                consumer=event.consumer,
                order=event.order,
                remedy=event.remedy,
                amount_minor=event.charge.amount_minor,
                currency=event.currency,
                charged_at=event.at,
            )
        return self._engine.submit(command, principal=PRINCIPAL, key=key, actor=MARKETPLACE)

    def _notice(self, submission: Submission, answer: Answer) -> None:
        """Payments are asked for something; a balance is asked in the wallet."""
        del submission
        for event in answer.events:
            if isinstance(event, RefundRequested) or (
                isinstance(event, ChargeRequested) and not event.charge.route.stored
            ):
                self._asked.append(event)

    async def _compare(self, playing: "_Playing") -> None:
        """The records that should have changed, and those that should not."""
        task = playing.task
        if task.user_id not in self._shop.users:
            return
        names = [order.order_id for order in self._shop.orders_of(task.user_id)]
        kept = await self._shown.copy(consumer=playing.people.consumer(task.user_id))
        found = projected(
            kept,
            user_id=task.user_id,
            order_ids=self._shop.users[task.user_id].orders,
            people=playing.people,
            catalogue=self._catalogue,
        )
        ours: dict[tuple[str, str], Any] = {("users", task.user_id): found.user}
        ours |= {("orders", name): found.orders.get(name) for name in names}
        gold = {
            (file, name): record
            for file, records in task.gold_changed_records.items()
            for name, record in records.items()
        }
        for key in sorted(ours.keys() | gold.keys()):
            kind = "record" if key in gold else "outside"
            wanted = gold.get(key) or self._before(key)
            for path in differences(ours.get(key), wanted):
                self._disagree(playing, kind, f"{key[0]} {key[1]}: {path or 'all of it'}")

    def _before(self, key: tuple[str, str]) -> Any:
        """A record as it stands in the files."""
        return self._shop.raw[{"users": USERS, "orders": ORDERS}[key[0]]].get(key[1])

    def _disagree(self, playing: "_Playing", kind: str, what: str) -> None:
        self._outcome.disagreements.append(Disagreement(playing.task.id, kind, what))


class _Playing(Record, frozen=True):
    """A task that is being performed, and whose ids are its own."""

    number: int
    task: Task
    people: People
