"""Commands arrive here, wait for a free writer, and leave as one transaction a batch.

Losers of a race are decided again.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

import structlog

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.beside import Beside
from oncedesk.engine.deciding import NOTHING, BatchDecider, Decision, PackSet
from oncedesk.engine.measures import Measures
from oncedesk.engine.ports import (
    ConnectionLost,
    DataRejected,
    DependencyLost,
    Locked,
    PacksMoved,
    ParkedRow,
    RefusedReaction,
    StateMoved,
    Store,
    Stored,
    TooSlow,
    TryAgain,
    WakeCorrection,
    Writes,
)
from oncedesk.engine.queues import Queues
from oncedesk.engine.submission import Answer, Origin, Status, Submission
from oncedesk.engine.tracing import Moments, Tracing

log = structlog.get_logger(__name__)

RECONNECT_SECONDS_MAX = 2.0
NEEDS_ROUNDS = 2
PARKED_CLOCK_PAUSE = timedelta(minutes=2)
STOP_SECONDS_MAX = 5.0
"""How long a stop waits for the next answer; without the database none will come."""
FRUITLESS_ROUNDS_MAX = 3
SLOW_ROUNDS_MAX = 10
"""So often one state's commands are too slow for a transaction: a minute, for most."""
ALONE_AT_ONCE = 2
"""So many states that are locked, or slow by themselves, are tried at a time."""
TRUST_LOST_PART = 8
"""One in so many remembered states of a kind that had moved on is too many."""
READ_FIRST_BATCHES = 64


_LOOKED_UP = frozenset({Origin.CLIENT, Origin.SYSTEM})
"""Reactions are guarded by their rows, wakes by the state that they find."""


class _Again(Record, frozen=True):
    """Who has to be decided again: losers of a race, and those who have to see more."""

    lost: Sequence[Submission]
    deferred: Sequence[Submission]


class _Settled(Record, frozen=True):
    """How far some commands are: `again` go first among those who wait. Where it took too long or
    cannot be stored, the rest goes on in `halves`, side by side (`together`) or in turn. `alone`
    are those of one state for which no writer waits."""

    again: Sequence[Submission] = ()
    halves: Sequence[Sequence[Submission]] = ()
    together: bool = False
    alone: Sequence[Submission] = ()


class _Loaded(Record, frozen=True):
    """What a batch is decided from, by the ids' numbers. `refs` says which states they are: two may
    have the same id. The `assumed` are as last seen here."""

    states: dict[int, Stored]
    refs: dict[int, Ref]
    assumed: dict[int, Kind]


class Overloaded(Exception):
    """More commands wait than the engine may hold; nothing of this one was kept."""


class EngineStopped(Exception):
    """The engine is stopping, or a writer has failed: it takes nothing new."""


class NeedsUnsettled(Exception):
    """What these commands want to see is never all there: their `needs` ask for more each time."""


_Waiter = tuple["asyncio.Future[Answer]", float]
"""Somebody who waits for an answer, and since when by `time.perf_counter`."""


def _place(ref: Ref) -> tuple[int, UUID, Kind]:
    return ref.bucket, ref.id, ref.kind


def _halves(pending: Sequence[Submission]) -> tuple[list[Submission], list[Submission]]:
    """By states: the commands on one stay together, in their order. Of one state, none and all."""
    groups: dict[int, list[Submission]] = {}
    for one in pending:
        groups.setdefault(one.target.id.int, []).append(one)
    several = list(groups.values())
    middle = len(several) // 2
    return list(chain(*several[:middle])), list(chain(*several[middle:]))


def _of_states(part: Sequence[Submission], some: Sequence[Submission]) -> list[Submission]:
    """Those of this part that are for the states of some others."""
    states = {one.target.id.int for one in some}
    return [one for one in part if one.target.id.int in states]


def _failed_by(error: BaseException | None) -> EngineStopped:
    return EngineStopped(f"a writer has failed: {type(error).__name__}")


async def end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Cancel these tasks until they have ended; how they ended is of no interest any more.

    Once is not enough: where a session breaks at that very moment, the driver raises its own error
    in place of the cancellation.
    """
    while waiting := [task for task in tasks if not task.done()]:
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting, timeout=0.5)
    for task in tasks:
        if not task.cancelled():
            task.exception()


class Writers:
    """Those who write what waits in the queues, a batch each at a time.

    `submit` answers when the command is durable. `packs` gives the pack set of the next batch,
    `refresh_packs` sees to it that it is the newest, `clock` gives the time. `named_point` is
    called at the points at which crash tests kill the process.
    """

    def __init__(
        self,
        *,
        store: Store,
        decider: BatchDecider,
        packs: Callable[[], PackSet],
        refresh_packs: Callable[[], Awaitable[None]],
        clock: Callable[[], datetime],
        batch_max: int,
        writers: int,
        queue_max: int = 200_000,
        named_point: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._decider = decider
        self._packs = packs
        self._refresh_packs = refresh_packs
        self._clock = clock
        self._writers = writers
        self._queue_max = queue_max
        self._named_point = named_point
        self._queues = Queues(batch_max=batch_max)
        self._alone = asyncio.Semaphore(ALONE_AT_ONCE)
        self._waiters: dict[int, list[_Waiter]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self._given_up = False
        self._lost: set[object] = set()
        self._read_first: dict[Kind, int] = {}
        self.batches = 0
        self.commands = 0
        self.races_lost = 0
        self.measures = Measures()
        self.tracing: Tracing | None = None
        self.on_accepted: list[Callable[[Submission, Answer], None]] = []
        self.on_refused: list[Callable[[Submission, Answer], None]] = []
        self.on_failed: list[Callable[[], None]] = []

    def start(self) -> None:
        """Begin to write; once begun, this changes nothing."""
        self._tasks = self._tasks or [
            asyncio.create_task(self._write()) for _ in range(self._writers)
        ]

    async def stop(self) -> None:
        """Finish what clients have asked for, take nothing more. Due clocks stay in the database.

        Where nothing is answered any more, because the database is away, the rest is given up:
        whoever waits gets `EngineStopped` and may ask again elsewhere, with the same key.
        """
        self._stopping = True
        self._queues.drop_clocks()
        while self.open and not self._failed():
            answered = self.commands
            with suppress(TimeoutError):
                await asyncio.wait_for(self._queues.idle(), STOP_SECONDS_MAX)
            if self.commands == answered:
                break
        await end(self._tasks)
        self._give_up(EngineStopped("stopped before it was known what became of this command"))

    async def give_up(self) -> None:
        """Write nothing any more, at once: this program must not. Those who wait may ask again."""
        self._stopping = True
        await end(self._tasks)
        self._tasks = []
        self._give_up(EngineStopped("another program has to do this"))
        for hear in self.on_failed:
            hear()

    async def drained(self) -> None:
        """Return when nothing waits and nothing is in flight, reactions included."""
        while self.open:
            self._check_writers()
            await self._queues.idle()

    def submit(self, submission: Submission) -> asyncio.Future[Answer]:
        """Queue a command. Its answer comes when it is durable, refused or parked."""
        if self._stopping and submission.origin is Origin.CLIENT:
            raise EngineStopped
        if self.open >= self._queue_max and submission.origin is Origin.CLIENT:
            raise Overloaded(f"{self.open} commands wait")
        self._check_writers()
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiters.setdefault(id(submission), []).append((future, time.perf_counter()))
        if self.tracing is not None:
            self.tracing.submitted(submission)
        self._queues.add(submission)
        return future

    def submit_clock(self, submission: Submission) -> None:
        """Queue a wake; one a state at a time, behind the commands of clients."""
        if not self._stopping:
            self._queues.add_clock(submission)

    def submit_later(self, submission: Submission) -> None:
        """Queue a command of the system's own; nobody waits for its answer."""
        if not self._stopping:
            self._queues.add(submission)

    def submit_reaction(self, submission: Submission) -> None:
        """Queue a reaction whose row is written; nobody waits for its answer."""
        self._queues.add(submission)

    @property
    def open(self) -> int:
        """How many commands wait or are being written."""
        return self._queues.open

    @property
    def clock_ids(self) -> set[UUID]:
        """Whose clocks are among them."""
        return self._queues.clock_ids

    @property
    def ahead(self) -> int:
        """How many commands are ahead of one that comes now."""
        return self._queues.ahead

    @property
    def running(self) -> bool:
        """There are writers, and none of them has failed."""
        return bool(self._tasks) and not self._failed()

    @property
    def interrupted(self) -> bool:
        """Whether the database does not take what is to be written: it is tried again until it
        does."""
        return bool(self._lost)

    @property
    def stopping(self) -> bool:
        """Nothing new is taken any more."""
        return self._stopping

    def _failed(self) -> list[asyncio.Task[None]]:
        return [
            task
            for task in self._tasks
            if task.done() and not task.cancelled() and task.exception() is not None
        ]

    def _check_writers(self) -> None:
        for task in self._failed():
            raise _failed_by(task.exception()) from task.exception()
        if self._given_up:
            raise EngineStopped

    def _resolve(self, submission: Submission, answer: Answer, now: float) -> None:
        """Answer everybody who waits for this; those who have gone meanwhile are left alone.

        `now` is by `time.perf_counter`, read once for a whole batch.
        """
        if self.tracing is not None:
            self.tracing.answered(submission, answer)
        for future, since in self._waiters.pop(id(submission), ()):
            self.measures.command_seconds.add(now - since)
            if not future.done():
                future.set_result(answer)

    def _give_up(self, error: Exception) -> None:
        """Nobody must wait for an answer that cannot come, nor begin to."""
        self._given_up = True
        for waiters in self._waiters.values():
            for future, _ in waiters:
                if not future.done():
                    future.set_exception(error)
        self._waiters.clear()
        self._queues.give_up()

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = await self._queues.next()
            began = loop.time()
            with self._told_if_failing():
                await self._process(batch, batch, follow=True)
            self._queues.pace(batch, loop.time() - began)

    @contextmanager
    def _told_if_failing(self) -> Iterator[None]:
        """Not even parking worked: others are told here, whoever submits next by `submit`."""
        try:
            yield
        except Exception as error:
            log.exception("writer_failed")
            self._give_up(_failed_by(error))
            for hear in self.on_failed:
                hear()
            raise

    async def _process(
        self, part: Sequence[Submission], pending: Sequence[Submission], *, follow: bool = False
    ) -> None:
        """Decide and write until every command has its answer, and free their states.

        `part` is what was taken from the queues, `pending` what of it has no answer yet. Where
        others wait, those who lost a race go first among them: a few commands cost a transaction of
        their own as much as many do.
        """
        settled = _Settled()
        try:
            settled = await self._settle(pending, follow=follow)
        finally:
            unsettled = [*settled.halves, settled.alone]
            left = {one.target.id.int for some in unsettled for one in some}
            done = [one for one in part if one.target.id.int not in left] if left else part
            self._queues.release(done, again=settled.again)
        parts = [(_of_states(part, half), half) for half in settled.halves]
        if settled.together:
            await self._side_by_side(parts)
        else:
            for half in parts:
                await self._process(*half)
        if settled.alone:
            self._leave_alone(_of_states(part, settled.alone), settled.alone)

    async def _settle(
        self, pending: Sequence[Submission], *, alone: bool = False, follow: bool = False
    ) -> _Settled:
        """As far as it goes in one transaction after the other. `alone`, all of the way.

        Reactions may `follow` in the first one only: what goes wrong must be found to be of one
        command.
        """
        lost = object()
        try:
            return await self._until_settled(pending, lost, alone=alone, follow=follow)
        finally:
            self._lost.discard(lost)

    async def _until_settled(
        self, pending: Sequence[Submission], lost: object, *, alone: bool, follow: bool
    ) -> _Settled:
        """`lost` stands for it among what the database does not take."""
        pause, fruitless, slow = 0.05, 0, 0
        while pending:
            try:
                began_at = time.perf_counter()
                async with self._alone if alone else nullcontext():
                    loaded = await self._load(pending)
                    # Not before: whoever has run a reaction that is gone may have changed the state
                    # above. Then the version's guard finds out, or `_confirm`.
                    pending = await self._with_earlier_reactions(pending)
                    with self._beside(loaded, wanted=follow) as beside:
                        follow = False
                        again = await self._attempt(pending, loaded, began_at, beside)
                self._lost.discard(lost)
                fruitless = fruitless + 1 if len(again.deferred) == len(pending) else 0
                if fruitless > FRUITLESS_ROUNDS_MAX:
                    raise NeedsUnsettled(f"asked for more states {fruitless} times")
                pending, pause, slow = [*again.lost, *again.deferred], 0.05, 0
                if again.lost and self._queues.ahead and not alone:
                    return _Settled(again=pending)
            except ConnectionLost as error:
                # Whether the commit happened is looked up when the batch is decided again.
                log.warning("database_lost", error=str(error), waiting=len(pending))
                if isinstance(error, TooSlow) and not alone:
                    # Maybe one state is locked, or it is too much at once: half of it may go.
                    if all(halves := _halves(pending)):
                        return _Settled(halves=halves, together=True)
                    return _Settled(alone=pending)
                if not isinstance(error, TooSlow):
                    self._lost.add(lost)
                slow += isinstance(error, TooSlow) and not isinstance(error, Locked)
                if slow == SLOW_ROUNDS_MAX:
                    return await self._bisect(pending, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, RECONNECT_SECONDS_MAX)
            except (DependencyLost, PacksMoved, StateMoved, TryAgain) as error:
                log.info("batch_again", reason=type(error).__name__, detail=str(error))
            except DataRejected as error:
                return await self._bisect(pending, error)
            except Exception as error:
                # A bug, or a value nobody thought of: one command's, so the others are spared.
                log.exception("batch_failed", commands=len(pending))
                return await self._bisect(pending, error)
        return _Settled()

    async def _attempt(
        self,
        pending: Sequence[Submission],
        loaded: _Loaded,
        began_at: float,
        beside: Beside | None,
    ) -> _Again:
        """One round: look up, decide, commit, answer. Returns who has to be decided again."""
        states = loaded.states
        recorded = await self._store.recorded(
            [
                one
                for one in pending
                if one.origin in _LOOKED_UP and states[one.target.id.int].version
            ]
        )
        self._named_point("after_load")
        loaded_at = time.perf_counter()
        packs = self._packs()
        run = self._decider.begin(
            pending,
            loaded=states,
            refs=loaded.refs,
            recorded=recorded,
            packs=packs,
            now=self._clock(),
        )
        if beside is not None:
            await beside.follow(run)
        decision = run.decision()
        if decision.wanting_pack:
            await self._look_for_packs(packs, decision.wanting_pack)
        decided_at = time.perf_counter()
        await self._confirm(pending, decision, loaded)
        lost = await self._store.commit(decision.writes)
        self._named_point("after_commit")
        self._measure(
            [*pending, *decision.followed],
            Moments(
                began=began_at, loaded=loaded_at, decided=decided_at, committed=time.perf_counter()
            ),
        )
        self.races_lost += len(lost)
        self._trust(loaded, lost)
        self._answer(pending, decision, lost)
        if not lost:
            return _Again(lost=(), deferred=decision.deferred)
        return _Again(
            lost=[one for one in pending if one.target.id in lost],
            deferred=[one for one in decision.deferred if one.target.id not in lost],
        )

    @contextmanager
    def _beside(self, loaded: _Loaded, *, wanted: bool) -> Iterator[Beside | None]:
        """What reactions need that are decided along with a batch, until it ends."""
        if not wanted:
            yield None
            return
        beside = Beside(
            store=self._store,
            queues=self._queues,
            assumed=loaded.assumed,
            read_first=self._read_first,
        )
        try:
            yield beside
        finally:
            beside.release()

    async def _look_for_packs(self, known: PackSet, wanting: Mapping[UUID, str]) -> None:
        """Another process may have published what was not known here. Raises PacksMoved."""
        await self._refresh_packs()
        if self._packs() is not known:
            raise PacksMoved(self._packs().hash)
        for id_, why in wanting.items():
            log.error("command_parked", command_id=str(id_), error=why)

    def _measure(self, pending: Sequence[Submission], moments: Moments) -> None:
        """One round of a batch is on the disk."""
        self.batches += 1
        self.measures.batch_commands.add(len(pending))
        self.measures.decide_seconds.add(moments.decided - moments.loaded)
        self.measures.commit_seconds.add(moments.committed - moments.decided)
        if self.tracing is not None:
            self.tracing.committed(pending, moments)

    async def _confirm(
        self, pending: Sequence[Submission], decision: Decision, loaded: _Loaded
    ) -> None:
        """What is not written has no guard: where it rests on a remembered state, look again.

        A reaction in any case: an earlier one may have run after its state was read. And what was
        to be written, was deferred, and others looked at meanwhile.
        """
        written = {write.ref.id.int for write in decision.writes.states}
        unguarded = {
            key: one.target
            for one in pending
            if (key := one.target.id.int) not in written
            and (one.reaction is not None or key in loaded.assumed)
            and (id(one) in decision.answers or one.target.id in decision.writes.depends)
        }
        if not unguarded:
            return
        found = await self._store.load(sorted(unguarded.values(), key=_place))
        for key, ref in unguarded.items():
            now, seen = found.get(ref.id, NOTHING), loaded.states[key]
            if now.version != seen.version or now.at != seen.at:
                self._read_first[ref.kind] = READ_FIRST_BATCHES
                raise StateMoved(str(ref.id))

    def _trust(self, loaded: _Loaded, lost: set[UUID]) -> None:
        """Where others write the same kind of state too often, read it first for a while."""
        for kind, batches in [*self._read_first.items()]:
            if batches > 1:
                self._read_first[kind] = batches - 1
            else:
                del self._read_first[kind]
        if lost:
            moved = Counter(loaded.assumed[id_.int] for id_ in lost if id_.int in loaded.assumed)
            assumed = Counter(loaded.assumed.values())
            for kind, number in moved.items():
                if number * TRUST_LOST_PART > assumed[kind]:
                    self._read_first[kind] = READ_FIRST_BATCHES

    async def _load(self, pending: Sequence[Submission]) -> _Loaded:
        """The targets, and in at most two rounds what their commands want to see beside."""
        # Of two that have the same id the first; the other's commands are deferred.
        targets = {one.target.id.int: one.target for one in reversed(pending)}
        states = self._store.remembered(
            [one for one in targets.values() if one.kind not in self._read_first]
        )
        assumed = {key: targets[key].kind for key in states}
        loaded = _Loaded(states, targets, assumed)
        unknown = {key: ref for key, ref in targets.items() if key not in assumed}
        if unknown:
            # Most of them are new; what they want to see then comes along with the answer.
            guessed = states | dict.fromkeys(unknown, NOTHING)
            beside = self._decider.needs(
                [one for one in pending if one.target.id.int in unknown], guessed
            )
            await self._load_into(loaded, [*unknown.values(), *beside])
        for _ in range(NEEDS_ROUNDS):
            wanted = self._decider.needs(pending, states)
            if not wanted:
                break
            await self._load_into(loaded, wanted)
        return loaded

    async def _load_into(self, loaded: _Loaded, wanted: Collection[Ref]) -> None:
        """Of two that have the same id one: whoever wants to see the other is deferred."""
        if wanted:
            refs = {ref.id.int: ref for ref in sorted(wanted, key=_place)}
            found = await self._store.load([*refs.values()])
            loaded.refs.update(refs)
            loaded.states.update((key, found.get(ref.id, NOTHING)) for key, ref in refs.items())

    async def _with_earlier_reactions(self, pending: Sequence[Submission]) -> Sequence[Submission]:
        """Reactions of one source to one target happen in the order of its versions.

        Each is replaced by all that wait from that source up to it; one whose row is gone has had
        its effect already and is answered as done.
        """
        reactions = [one for one in pending if one.reaction is not None]
        if not reactions:
            return pending
        rows: dict[tuple[UUID, UUID], list[Submission]] = {}
        for row in await self._store.reactions_up_to(reactions):
            assert row.reaction is not None
            rows.setdefault((row.target.id, row.reaction.source), []).append(row)
        ordered: list[Submission] = []
        for one in pending:
            if one.reaction is None:
                ordered.append(one)
            else:
                ordered.extend(rows.pop((one.target.id, one.reaction.source), ()))
        self._answer_gone(reactions, ordered)
        return ordered

    def _answer_gone(self, reactions: Sequence[Submission], standing: Sequence[Submission]) -> None:
        """Reactions whose row is gone have had their effect; whoever asked is told so."""
        still = {id(one) for one in standing}
        for one in reactions:
            if id(one) not in still:
                self._resolve(one, Answer(Status.ACCEPTED, 0, duplicate=True), time.perf_counter())

    def _answer(self, pending: Iterable[Submission], decision: Decision, lost: set[UUID]) -> None:
        answers, count, now = decision.answers, self.measures.count, time.perf_counter()
        for submission in chain(pending, decision.followed):
            answer = answers.get(id(submission))
            if answer is None or (lost and submission.target.id in lost):
                continue
            self.commands += 1
            count(submission.target.kind, answer)
            if answer.status is Status.REFUSED:
                self._tell(self.on_refused, submission, answer)
            elif answer.status is Status.ACCEPTED and not answer.duplicate:
                self._tell(self.on_accepted, submission, answer)
            self._resolve(submission, answer, now)
        for write in decision.writes.states:
            if write.ref.id not in lost:
                for reaction in write.reactions:
                    self._queues.add(reaction)
                for reaction in write.followed if lost else ():
                    if reaction.target.id in lost:
                        self._queues.add(reaction)

    def _tell(
        self,
        listeners: Sequence[Callable[[Submission, Answer], None]],
        submission: Submission,
        answer: Answer,
    ) -> None:
        """What is durable stays so, whatever a listener makes of it."""
        for hear in listeners:
            try:
                hear(submission, answer)
            except Exception:
                log.exception("listener_failed", command_id=str(submission.id))

    async def _side_by_side(
        self, parts: Iterable[tuple[Sequence[Submission], Sequence[Submission]]]
    ) -> None:
        """All to the end: if one fails, the others must not go on unwatched."""
        ends = await asyncio.gather(
            *(self._process(*part) for part in parts), return_exceptions=True
        )
        for error in ends:
            if error is not None:
                raise error

    def _leave_alone(self, part: Sequence[Submission], pending: Sequence[Submission]) -> None:
        """Go on with one state's commands, without a writer: somebody may hold it for long."""

        async def go_on() -> None:
            with self._told_if_failing():
                try:
                    await self._settle(pending, alone=True)
                finally:
                    self._queues.release(part)

        self._tasks.append(asyncio.create_task(go_on()))
        self._tasks[-1].add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        """Of those who failed `submit` tells."""
        if task.cancelled() or task.exception() is None:
            self._tasks.remove(task)

    async def _bisect(self, pending: Sequence[Submission], error: Exception) -> _Settled:
        """Something in the batch cannot be stored: find whose it is, park it, spare the rest."""
        if all(halves := _halves(pending)):
            return _Settled(halves=halves)
        if len(pending) > 1:
            # Of one state, whose commands keep their order.
            for one in pending:
                await self._settle([one], alone=True)
            return _Settled()
        (submission,) = pending
        reason = f"{type(error).__name__}: {error}"
        await self._park(submission, reason)
        log.error("command_parked", command_id=str(submission.id), error=reason)
        detail = type(error).__name__
        answer = Answer(Status.PARKED, 0, code="parked", detail=detail)
        self.measures.count(submission.target.kind, answer)
        self._resolve(submission, answer, time.perf_counter())
        return _Settled()

    async def _park(self, submission: Submission, reason: str) -> None:
        """Keep it where an operator sees it. A clock rings again later, or nothing else would."""
        now = self._clock()
        while True:
            try:
                if submission.reaction is not None:
                    refused = RefusedReaction(submission.reaction, reason, now)
                    await self._store.commit(Writes((), refused=(refused,)))
                    return
                wakes: tuple[WakeCorrection, ...] = ()
                if submission.origin is Origin.CLOCK:
                    found = await self._store.load((submission.target,))
                    stored = found.get(submission.target.id, NOTHING)
                    again = now + PARKED_CLOCK_PAUSE
                    wakes = (WakeCorrection(submission.target, stored.version, again),)
                parked = ParkedRow(submission, reason, now)
                await self._store.commit(Writes((), parked=(parked,), wakes=wakes))
            except (ConnectionLost, TryAgain):
                await asyncio.sleep(RECONNECT_SECONDS_MAX)
            else:
                return
