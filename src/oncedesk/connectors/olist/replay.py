"""Plays a plan under simulated time, as far as it has not been played yet.

Time moves in steps of at most three hours, as if the marketplace were asked so often. Within a
step different orders go side by side; of one order, what happens and what its clocks find stay in
their order, for the step ends before the second of them.

What a broken promise gives is asked of the marketplace's payments; here they have sent it at once.

After a kill, time goes on where the last written state stands: what is recorded is left alone, and
of the step that was cut short the rest is done at its very moment. So nothing differs in the end.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID

from oncedesk.connectors.olist.plan import PRINCIPAL, Plan, Rank, Step
from oncedesk.connectors.rejects import Reject
from oncedesk.domain.conversations.messages import ClosingReason, ResolveCase, RoutedTo
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.remedies.messages.refunding import ConfirmRefund, RefundRequested
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import Leg, LegStatus
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Kind
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.running import Engine
from oncedesk.engine.submission import Answer, Status, Submission

T = TypeVar("T")

STEP = timedelta(hours=3)
LOOKED_UP_AT_ONCE = 1_000
WAKES_SEEN_MAX = 100_000
REACTIONS_AT_ONCE = 500

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Held(Record, frozen=True):
    """A case that the platform's desk has got."""

    consumer: UUID
    conversation: UUID
    case: int


class Asked(Record, frozen=True):
    """A leg that payments are asked to send."""

    consumer: UUID
    order: UUID
    remedy: int
    leg: Leg
    currency: str


class Replay:
    """One run. `rejects` gets what was refused; `progress` is told how many steps are done."""

    def __init__(
        self,
        *,
        engine: Engine,
        clock: SimulatedClock,
        plan: Plan,
        rejects: list[Reject],
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._plan = plan
        self._rejects = rejects
        self._progress = progress
        self._held: dict[tuple[UUID, int], Held] = {}
        self._asked: list[Asked] = []

    async def run(self) -> None:
        """Play what is left, until the end of the plan."""
        steps = await self._unplayed()
        self._engine.writers.on_accepted.append(self._notice)
        try:
            await self._take_up()
            await self._play(steps)
        finally:
            self._engine.writers.on_accepted.remove(self._notice)

    async def _unplayed(self) -> list[Step]:
        """The steps that are not recorded with this very content."""
        left: list[Step] = []
        for block in _blocks(self._plan.steps, LOOKED_UP_AT_ONCE):
            known = await self._engine.store.recorded(
                [one for step in block for one in step.either]
            )
            hashes = {id_: found.body_hash for id_, found in known.items()}
            left += [
                step
                for step in block
                if all(hashes.get(one.id) != one.body_hash for one in step.either)
            ]
        self._progress(len(self._plan.steps) - len(left))
        return left

    async def _take_up(self) -> None:
        """Go to where an earlier run stopped, and finish what it had begun there."""
        reached = self._clock()
        for block in _blocks(self._plan.states, LOOKED_UP_AT_ONCE):
            for id_, stored in (await self._engine.store.load(block)).items():
                if stored.at is not None:
                    reached = max(reached, stored.at)
                if isinstance(stored.state, Conversation):
                    self._find_held(id_, stored.state)
                if isinstance(stored.state, Remedies):
                    self._find_asked(stored.state)
        self._clock.jump(reached)
        # The rows of reactions are older than the process that would run them.
        while pending := await self._engine.store.pending_reactions(
            before=reached + STEP, limit=REACTIONS_AT_ONCE
        ):
            for one in pending:
                self._engine.writers.submit_reaction(one)
            await self._engine.writers.drained()

    async def _play(self, steps: Sequence[Step]) -> None:
        """Step by step; the first ends where time stands, for what was left undone there."""
        position, now = 0, self._clock()
        while True:
            behind = position
            while position < len(steps) and steps[position].at <= now:
                position += 1
            wake = await self._settle(steps[behind:position])
            self._progress(position - behind)
            following = self._next(steps, position, wake)
            if following is None:
                return
            now = await self._end_of_step(steps, position, following)
            self._clock.jump(now)

    def _next(self, steps: Sequence[Step], position: int, wake: datetime | None) -> datetime | None:
        """When something happens again, within the plan's time."""
        moments = [steps[position].at] if position < len(steps) else []
        if wake is not None and wake <= self._plan.end:
            moments.append(wake)
        return min(moments, default=None)

    async def _end_of_step(
        self, steps: Sequence[Step], position: int, following: datetime
    ) -> datetime:
        """The full three hours, unless a second thing would happen to an order before: then the
        moment of the last thing before that one."""
        end = _full_step(following)
        due = await self._engine.store.due(now=end, limit=WAKES_SEEN_MAX, but_not=set())
        happens: list[tuple[datetime, UUID]] = []
        for wake in due:
            owner = self._plan.owners.get(wake.ref.id)
            # What remedies wait for has nothing to do with what happens to the order meanwhile.
            if owner is not None and wake.ref.kind is not Kind.REMEDIES:
                happens.append((wake.wake, owner.order))
        woken = {order for _, order in happens}
        while position < len(steps) and steps[position].at <= end:
            step = steps[position]
            if step.order is not None:
                happens.append((step.at, step.order))
            if step.order is not None and step.rank is Rank.PLACED:
                woken.add(step.order)
            position += 1
        # Several commands keep their order by themselves; only clocks do not wait for them, and
        # which clocks an order has is not known before it is placed.
        seen: set[UUID] = set()
        before = last = following
        for at, order in sorted(happens):
            if at > last:
                before, last = last, at
            if order in seen and order in woken:
                return before
            seen.add(order)
        return end

    async def _settle(self, steps: Sequence[Step]) -> datetime | None:
        """Do these steps and all that is due now, until nothing more follows before the next wake,
        which is returned."""
        engine, now = self._engine, self._clock()
        waiting = [engine.send(step.submission) for step in steps]
        await engine.waking.submit_due()
        for step, answer in zip(steps, await asyncio.gather(*waiting), strict=True):
            if answer.code == "case_in_part" and step.of_parts:
                # What is said of the whole order has its case in one part: it is said there.
                said_there = step.of_parts[int(answer.detail) - 1]
                self._note(step, await engine.send(said_there))
            else:
                self._note(step, answer)
        while True:
            await engine.writers.drained()
            if self._held:
                await self._close_held()
                continue
            if self._asked:
                await self._send_asked()
                continue
            wake = await engine.store.next_wake()
            if wake is None or wake > now:
                return wake
            await engine.waking.submit_due()

    def _note(self, step: Step, answer: Answer) -> None:
        match answer.status:
            case Status.ACCEPTED:
                return
            case Status.REFUSED:
                reason = f"refused: {answer.code}"
            case Status.PARKED:
                reason = "parked: see `oncedesk parked list`"
        if answer.detail:
            reason += f" ({answer.detail})"
        reject = Reject(step.file, step.line, reason)
        if reject not in self._rejects:
            self._rejects.append(reject)

    def _notice(self, submission: Submission, answer: Answer) -> None:
        """A case has come to the platform's desk, or payments are asked to send something."""
        target = submission.target
        owner = self._plan.owners.get(target.id)
        if owner is None:
            return
        for event in answer.events:
            if isinstance(event, RefundRequested):
                self._asked.append(
                    Asked(event.consumer, event.order, event.remedy, event.leg, event.currency)
                )
            if isinstance(event, RoutedTo) and event.desk == PLATFORM:
                held = Held(owner.consumer, target.id, event.case)
                self._held[target.id, event.case] = held

    def _find_held(self, conversation: UUID, state: Conversation) -> None:
        for case in state.cases:
            if case.is_open and case.owner == PLATFORM:
                held = Held(state.consumer, conversation, case.number)
                self._held[conversation, case.number] = held

    def _find_asked(self, state: Remedies) -> None:
        self._asked += [
            Asked(state.consumer, state.order, remedy.number, leg, state.currency)
            for remedy in state.live
            for leg in remedy.legs
            if leg.status is LegStatus.REQUESTED
        ]

    async def _send_asked(self) -> None:
        """Payments send what they were asked for, at once."""
        asked, self._asked = self._asked, []
        answers = await asyncio.gather(
            *(
                self._engine.send(
                    self._engine.entry.submission(
                        ConfirmRefund(
                            consumer=one.consumer,
                            order=one.order,
                            remedy=one.remedy,
                            leg=one.leg.number,
                            amount_minor=one.leg.amount_minor,
                            currency=one.currency,
                            sent_at=self._clock(),
                        ),
                        principal=PRINCIPAL,
                        key=f"sent/{one.order}/{one.remedy}/{one.leg.number}",
                        actor=MARKETPLACE,
                    )
                )
                for one in asked
            )
        )
        assert all(answer.accepted for answer in answers), answers

    async def _close_held(self) -> None:
        """The platform's desk tells the consumer how it stands, and is done."""
        held, self._held = self._held, {}
        answers = await asyncio.gather(
            *(
                self._engine.send(
                    self._engine.entry.system(
                        ResolveCase(
                            consumer=one.consumer,
                            conversation=one.conversation,
                            case=one.case,
                            reason=ClosingReason.INFORMED,
                        ),
                        actor=SYSTEM,
                        number=f"olist/{one.case}/{self._clock().isoformat()}",
                    )
                )
                for one in held.values()
            )
        )
        for answer in answers:
            # It may have been decided meanwhile; then there is nothing left to do.
            assert answer.accepted or answer.code in ("case_resolved", "case_closed"), answer


def _full_step(at: datetime) -> datetime:
    whole = -(-(at - _EPOCH) // STEP)
    return _EPOCH + whole * STEP


def _blocks(many: Iterable[T], size: int) -> Iterator[list[T]]:
    taken = iter(many)
    while block := list(islice(taken, size)):
        yield block
