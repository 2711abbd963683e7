"""A batch is decided here, in memory, without waiting for anything.

Commands are decided in the order in which they arrived, each seeing what the earlier ones of the
batch did. What comes out is one transaction's worth of rows and an answer for each command.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

import structlog
from msgspec.structs import replace

from oncedesk.domain.shared.decider import SYSTEM, Command, Decider, Facts, Packs, Refusal, Wake
from oncedesk.domain.shared.ids import derived_id, digest
from oncedesk.domain.shared.refs import Ref
from oncedesk.domain.shared.rulepack import PackUnknown
from oncedesk.engine.codec import Codec
from oncedesk.engine.leaving import Happened, Leaving
from oncedesk.engine.ports import (
    Decided,
    FactSeen,
    OtherKind,
    OutboxRow,
    ParkedRow,
    Recorded,
    RefusedReaction,
    StateWrite,
    Stored,
    Unreadable,
    WakeCorrection,
    Writes,
)
from oncedesk.engine.resting import Rests
from oncedesk.engine.submission import (
    Answer,
    Origin,
    ReactionKey,
    Status,
    Submission,
)

log = structlog.get_logger(__name__)

REACTION_DEPTH_MAX = 16
FOLLOWED_MAX = 256
"""So many reactions at most are decided along with a batch; the others become rows."""
FACTS_MAX = 64
CLOCK_AGAIN = timedelta(minutes=2)
"""So long a clock that failed rests at first."""
NOTHING = Stored(version=0, at=None, wake=None, state=None)
_NO_FACTS: tuple[Sequence[FactSeen], Mapping[UUID, object]] = ((), {})


class ReactionsTooDeep(Exception):
    """Events asked for commands whose events asked for commands, without end."""


class BytesUnreadable(Exception):
    """A state or a command was stored that cannot be read any more."""


class _NotLoaded(Exception):
    """A command wants to see a state that nobody knew of; it waits for the next round."""


class TooManyFacts(Exception):
    """A command's `needs` named more than 64 states."""


class PackSet(Packs, Protocol):
    """The packs of one batch and the name under which the journal remembers them."""

    @property
    def hash(self) -> str: ...

    @property
    def holding(self) -> Mapping[str, str]:
        """The hash of the pack that holds, by market."""
        ...


@dataclass(frozen=True, slots=True)
class Consequences:
    """What events lead to elsewhere: commands to other states, and things that leave.

    The journal remembers with each row the `number` of the set of reactions that it got.
    """

    commands: Callable[[Any, Ref, Any], Sequence[Command]]
    outgoing: Callable[[Happened], Sequence[Leaving]]
    number: int = 0


@dataclass(slots=True)
class _Working:
    """One state while the batch is being decided."""

    ref: Ref
    decider: Decider
    before: Stored
    state: Any
    version: int
    at: datetime | None
    deadline: datetime | None = None
    is_open: bool = False
    body: bytes = b""
    decided: list[Decided] = field(default_factory=list)
    reactions: list[Submission] = field(default_factory=list)
    outbox: list[OutboxRow] = field(default_factory=list)
    done: list[ReactionKey] = field(default_factory=list)
    causes: set[UUID] = field(default_factory=set)


@dataclass(slots=True)
class Decision:
    """The batch, decided: what to write, whom to answer what.

    Answers are by the `id()` of their submissions: the same command may be in a batch twice.
    `wanting_pack` says by command ids why those were parked that wanted a pack not in the set.
    `followed` are the reactions that were decided along with what asked for them.
    """

    writes: Writes
    answers: Mapping[int, Answer]
    deferred: Sequence[Submission]
    wanting_pack: Mapping[UUID, str]
    followed: Sequence[Submission]


class BatchDecider:
    """Decides batches for a set of deciders; keeps only how often a clock has failed."""

    def __init__(self, codec: Codec, consequences: Consequences) -> None:
        self._codec = codec
        self._deciders = codec.deciders
        self._consequences = consequences
        self._clock_failures = Rests[UUID](CLOCK_AGAIN)

    def needs(self, batch: Iterable[Submission], loaded: Mapping[int, Stored]) -> set[Ref]:
        """What these commands want to see beside what is loaded; their targets are."""
        found = _Found(loaded, {})
        refs: set[Ref] = set()
        for submission in batch:
            for ref in self._needs(submission, loaded[submission.target.id.int].state, found):
                if ref.id.int not in loaded:
                    refs.add(ref)
        return refs

    def _needs(
        self, submission: Submission, state: Any, found: Mapping[UUID, object]
    ) -> Sequence[Ref]:
        try:
            return self._deciders[submission.target.kind].needs(state, submission.command, found)
        except Exception:  # noqa: BLE001
            # It raises again when the command is decided, and is parked there.
            return ()

    def begin(
        self,
        batch: Sequence[Submission],
        *,
        loaded: Mapping[int, Stored],
        refs: Mapping[int, Ref],
        recorded: Mapping[UUID, Recorded],
        packs: PackSet,
        now: datetime,
    ) -> "Run":
        """Decide every command of the batch, in order; their reactions may yet `follow`.

        `loaded` holds every state that was asked for (version 0 where there is none), by the
        number of its id, which hashes several times faster than a UUID, and `refs` says as which
        it was asked for; `recorded` the commands that were accepted before. A command that raises
        is parked and spares the others; one that wants to see a state that was not asked for, or
        where what it is about has the id of something else, is deferred to the next round.
        """
        run = Run(self, loaded, refs, recorded, packs, now)
        for submission in batch:
            run.answer(submission)
        return run


class Run:
    """One pass over one batch."""

    def __init__(
        self,
        owner: BatchDecider,
        loaded: Mapping[int, Stored],
        refs: Mapping[int, Ref],
        recorded: Mapping[UUID, Recorded],
        packs: PackSet,
        now: datetime,
    ) -> None:
        self.codec = owner._codec
        self.deciders = owner._deciders
        self.consequences = owner._consequences
        self.clock_failures = owner._clock_failures
        self.loaded = loaded
        self.refs = refs
        self.recorded = recorded
        self.packs = packs
        self.now = now
        self.working: dict[int, _Working] = {}
        self.found = _Found(loaded, self.working)
        self.depends: set[UUID] = set()
        self.deferred: list[Submission] = []
        self.deferred_targets: set[int] = set()
        self.answers: dict[int, Answer] = {}
        self.parked: dict[UUID, ParkedRow] = {}
        self.refused: list[RefusedReaction] = []
        self.done: list[ReactionKey] = []
        self.wakes: list[WakeCorrection] = []
        self.wanting_pack: dict[UUID, str] = {}
        self.followed: dict[int, Submission] = {}
        self._unmet: deque[tuple[_Working, Submission]] | None = None
        self._left: set[tuple[int, int]] = set()

    def answer(self, submission: Submission) -> None:
        if self.deferred_targets and submission.target.id.int in self.deferred_targets:
            self.deferred.append(submission)
            return
        target = submission.target
        work = self._work(target)
        if work.ref.bucket != target.bucket or work.ref.kind is not target.kind:
            # Another state that has the same id: its turn comes in the next round.
            self._defer(submission)
            return
        earlier = self._earlier(submission, work)
        if earlier is not None:
            self._repeat(submission, earlier)
            return
        try:
            self._decide(submission, work)
        except _NotLoaded:
            self._defer(submission)
        except PackUnknown as error:
            self.wanting_pack[submission.id] = str(error)
            self._park(submission, work, error)
        except Exception as error:
            log.exception("command_parked", command_id=str(submission.id), target=str(work.ref.id))
            self._park(submission, work, error)

    def _defer(self, submission: Submission) -> None:
        self.deferred.append(submission)
        self.deferred_targets.add(submission.target.id.int)

    def _work(self, ref: Ref) -> _Working:
        key = ref.id.int
        work = self.working.get(key)
        if work is None:
            work = self.working[key] = self._begin(ref, self.loaded[key])
        return work

    def _begin(self, ref: Ref, before: Stored) -> _Working:
        return _Working(
            ref=ref,
            decider=self.deciders[ref.kind],
            before=before,
            state=before.state,
            version=before.version,
            at=before.at,
        )

    def _earlier(self, submission: Submission, work: _Working) -> Recorded | None:
        found = self.recorded.get(submission.id) if self.recorded else None
        if found is None:
            for decided in work.decided:
                if decided.submission.id == submission.id:
                    return Recorded(
                        version=decided.version,
                        at=decided.at,
                        body_hash=decided.submission.body_hash,
                        events=tuple(decided.events),
                    )
        return found

    def _repeat(self, submission: Submission, earlier: Recorded) -> None:
        """The command was accepted before: the same again gets the same answer."""
        if earlier.body_hash != submission.body_hash:
            self._refuse(submission, earlier.version, Refusal("idempotency_key_reused"))
            return
        answer = Answer(
            status=Status.ACCEPTED,
            version=earlier.version,
            events=earlier.events,
            at=earlier.at,
            duplicate=True,
        )
        self.answers.setdefault(id(submission), answer)
        if submission.reaction is not None:
            self.done.append(submission.reaction)

    def _decide(self, submission: Submission, work: _Working) -> None:
        if isinstance(work.state, OtherKind):
            self._refuse(submission, 0, Refusal("not_found"))
            return
        for found in (work.state, submission.command):
            if isinstance(found, Unreadable):
                raise BytesUnreadable(found.error)
        expected = submission.expected_version
        if expected is not None and expected != work.version:
            detail = f"expected version {expected}, it is {work.version}"
            self._refuse(submission, work.version, Refusal("stale_version", detail))
            return
        at = self.now if work.at is None or work.at <= self.now else work.at
        command, decider, state = submission.command, work.decider, work.state
        needs = decider.needs(state, command, self.found)
        seen, states = self._facts(command, needs) if needs else _NO_FACTS
        command_id = _recorded_id(submission, work)
        facts = Facts(
            now=at, command_id=command_id, actor=submission.actor, packs=self.packs, states=states
        )
        events = decider.decide(state, command, facts)
        if isinstance(events, Refusal):
            self._refuse(submission, work.version, events)
            return
        if not events and isinstance(command, Wake):
            self._correct_wake(submission, work, at)
            return
        if not events and state is None:
            self._accept_nothing(submission)
            return
        evolve = decider.evolve
        for event in events:
            state = evolve(state, event)
        decider.check(state)
        self._accept(submission, work, state, events, at, command_id, seen)

    def _accept_nothing(self, submission: Submission) -> None:
        """Nothing was there and nothing came of it: there is no state to remember it in."""
        if submission.reaction is not None:
            self.done.append(submission.reaction)
        self.answers.setdefault(id(submission), Answer(status=Status.ACCEPTED, version=0))

    def _accept(
        self,
        submission: Submission,
        work: _Working,
        state: Any,
        events: Sequence[Any],
        at: datetime,
        command_id: UUID,
        seen: Sequence[FactSeen],
    ) -> None:
        version = work.version + 1
        decider = work.decider
        body = self.codec.state_to_bytes(state)
        deadline, is_open = decider.deadline(state), decider.is_open(state)
        assert deadline is not None or not is_open, "an open state has no clock"
        self._add_consequences(submission, work, state, version, events, at)
        work.deadline, work.is_open, work.body = deadline, is_open, body
        work.state, work.version, work.at = state, version, at
        work.decided.append(
            Decided(
                submission=(
                    submission
                    if command_id is submission.id
                    else replace(submission, id=command_id)
                ),
                version=version,
                at=at,
                events=events,
                facts=seen,
                packs=self.packs.hash,
                basis=_rules_of(events),
                reactions=self.consequences.number,
            )
        )
        if submission.reaction is not None:
            work.done.append(submission.reaction)
        if submission.origin is Origin.CLOCK:
            self.clock_failures.forget(work.ref.id)
        answer = Answer(status=Status.ACCEPTED, version=version, events=tuple(events), at=at)
        self.answers.setdefault(id(submission), answer)

    def follow(self, take: Callable[[Ref], Stored | None]) -> None:
        """Decide what these events ask of other states, and what that asks, as far as it goes.

        `take` gives a state beside the batch's own, for this batch alone to write; what it does not
        give may follow another time. The row is for whatever is not simply done: it has an order,
        and whoever refuses it or fails is seen in it. Of one source and target nothing overtakes
        what is left to it.
        """
        waiting = self._unmet
        if waiting is None:
            asked = ((work, one) for work in self.working.values() for one in work.reactions)
            waiting = deque(asked)
        self._unmet = deque()
        while waiting and len(self.followed) < FOLLOWED_MAX:
            source, one = waiting.popleft()
            pair = source.ref.id.int, one.target.id.int
            if pair in self._left:
                continue
            target = self._takes(one.target, take)
            if target is None:
                self._unmet.append((source, one))
                continue
            before = len(target.reactions)
            if not self._follow(one, target):
                self._left.add(pair)
                continue
            target.causes.add(source.ref.id)
            self.followed[id(one)] = one
            waiting.extend((target, further) for further in target.reactions[before:])

    def _follow(self, one: Submission, target: _Working) -> bool:
        """Whether it was decided and has something to record."""
        decided, refused, done = len(target.decided), len(self.refused), len(self.done)
        try:
            self._decide(one, target)
        except Exception:  # noqa: BLE001
            # It raises again when it is decided from its row, and is told of there.
            return False
        if len(target.decided) > decided:
            # There is no row to be deleted.
            target.done.pop()
            return True
        del self.refused[refused:], self.done[done:]
        self.answers.pop(id(one), None)
        return False

    def _takes(self, ref: Ref, take: Callable[[Ref], Stored | None]) -> _Working | None:
        """The reaction's target, if it is this batch's to write."""
        work = self.working.get(ref.id.int)
        if work is None:
            before = take(ref)
            if before is None:
                return None
            work = self.working[ref.id.int] = self._begin(ref, before)
        elif ref.id.int in self.deferred_targets or work.ref != ref:
            return None
        return work

    def _facts(
        self, command: Command, needs: Sequence[Ref]
    ) -> tuple[Sequence[FactSeen], Mapping[UUID, object]]:
        if len(needs) > FACTS_MAX:
            raise TooManyFacts(f"{type(command).__name__}: {len(needs)}")
        seen: list[FactSeen] = []
        states: dict[UUID, object] = {}
        for ref in needs:
            # Also where the batch has yet to write it: then it may only have been remembered.
            self.depends.add(ref.id)
            inside = self.working.get(ref.id.int)
            if inside is not None and not inside.decided:
                inside = None
            known = self.refs.get(ref.id.int, ref) if inside is None else inside.ref
            if known != ref:
                if known not in (command.target(), *needs):
                    raise _NotLoaded
                # Whoever names one id as two things finds one of them.
                seen.append(FactSeen(ref, 0))
                continue
            if inside is not None:
                states[ref.id] = inside.state
                seen.append(FactSeen(ref, inside.version))
                continue
            stored = self.loaded.get(ref.id.int)
            if stored is None:
                raise _NotLoaded
            if isinstance(stored.state, Unreadable):
                raise BytesUnreadable(stored.state.error)
            if isinstance(stored.state, OtherKind) or not stored.version:
                seen.append(FactSeen(ref, 0))
            else:
                states[ref.id] = stored.state
                seen.append(FactSeen(ref, stored.version))
        return seen, states

    def _add_consequences(
        self,
        submission: Submission,
        work: _Working,
        state: Any,
        version: int,
        events: Sequence[Any],
        at: datetime,
    ) -> None:
        """What these events ask of other states, and what leaves; all of it or, if it raises, none.

        Numbered by their place among those of the command.
        """
        asks = self.consequences.commands
        source = work.ref
        reactions: list[Submission] = []
        for event in events:
            for command in asks(event, source, state):
                if submission.depth >= REACTION_DEPTH_MAX:
                    raise ReactionsTooDeep(type(command).__name__)
                key = ReactionKey(command.target(), source.id, version, len(reactions))
                reactions.append(
                    reaction_submission(self.codec, command, key, submission.depth + 1)
                )
        # A plain function is always asked; `Outgoing` is false as long as nobody wants anything.
        if self.consequences.outgoing:  # type: ignore[truthy-function]
            happened = Happened(
                source=source,
                before=work.state,
                after=state,
                version=version,
                at=at,
                decided_at=self.now,
                actor=submission.actor,
                events=events,
                packs=self.packs,
            )
            work.outbox += _leaving(happened, self.consequences.outgoing(happened))
        work.reactions += reactions

    def _refuse(self, submission: Submission, version: int, refusal: Refusal) -> None:
        self.answers.setdefault(
            id(submission),
            Answer(
                status=Status.REFUSED,
                version=version,
                code=refusal.code,
                detail=refusal.detail,
                field=refusal.field,
                hits=refusal.hits,
            ),
        )
        if submission.reaction is not None:
            reason = f"{refusal.code}: {refusal.detail}" if refusal.detail else refusal.code
            self.refused.append(RefusedReaction(submission.reaction, reason, self.now))

    def _park(self, submission: Submission, work: _Working, error: Exception) -> None:
        text = f"{type(error).__name__}: {error}"
        if submission.reaction is not None:
            self.refused.append(RefusedReaction(submission.reaction, text, self.now))
        else:
            self.parked[submission.id] = ParkedRow(submission, text, self.now)
        if submission.origin is Origin.CLOCK:
            if work.ref.id not in self._resting_clocks:
                # Else its batch is decided again, and it has failed once.
                self.clock_failures.tried(work.ref.id, self.now)
            again = self.clock_failures.until(work.ref.id)
            self.wakes.append(WakeCorrection(work.ref, work.before.version, again))
        answer = Answer(
            status=Status.PARKED, version=work.version, code="parked", detail=type(error).__name__
        )
        self.answers.setdefault(id(submission), answer)

    @cached_property
    def _resting_clocks(self) -> Collection[UUID]:
        return self.clock_failures.resting(self.now)

    def _correct_wake(self, submission: Submission, work: _Working, at: datetime) -> None:
        deadline = None if work.state is None else work.decider.deadline(work.state)
        # Or it would be woken again at once, and again.
        assert deadline is None or deadline > at, "woken, did nothing, and is still due"
        if not work.decided:
            self.wakes.append(WakeCorrection(work.ref, work.before.version, deadline))
        answer = Answer(status=Status.ACCEPTED, version=work.version)
        self.answers.setdefault(id(submission), answer)

    def decision(self) -> Decision:
        written = {key for key, work in self.working.items() if work.decided}
        states = [self._write(work) for work in self.working.values() if work.decided]
        states.sort(key=lambda write: (write.ref.bucket, write.ref.id))
        writes = Writes(
            states=states,
            parked=[*self.parked.values()],
            refused=self.refused,
            done=self.done,
            wakes=[wake for wake in self.wakes if wake.ref.id.int not in written],
            depends=self.depends,
        )
        return Decision(
            writes=writes,
            answers=self.answers,
            deferred=self.deferred,
            wanting_pack=self.wanting_pack,
            followed=[*self.followed.values()],
        )

    def _write(self, work: _Working) -> StateWrite:
        assert work.at is not None
        return StateWrite(
            ref=work.ref,
            before=work.before,
            after=work.state,
            version=work.version,
            at=work.at,
            decided_at=self.now,
            wake=early_wake(standing=work.before.wake, deadline=work.deadline, now=self.now),
            is_open=work.is_open,
            body=work.body,
            decided=work.decided,
            reactions=[one for one in work.reactions if id(one) not in self.followed],
            outbox=work.outbox,
            done=work.done,
            followed=[one for one in work.reactions if id(one) in self.followed],
            causes=work.causes,
        )


_STATES_RULE: dict[type, bool] = {}


def _rules_of(events: Sequence[Any]) -> Sequence[str]:
    """The rules that these events say they rest on; most types of event never say one."""
    rules = []
    for event in events:
        kind = type(event)
        states_rule = _STATES_RULE.get(kind)
        if states_rule is None:
            states_rule = _STATES_RULE[kind] = "rule" in kind.__struct_fields__
        if states_rule and event.rule:
            rules.append(event.rule)
    return rules


def _recorded_id(submission: Submission, work: _Working) -> UUID:
    """The id under which it is recorded. A wake may come twice, so it is named by what it meets."""
    if submission.origin is not Origin.CLOCK:
        return submission.id
    return derived_id("wake", work.ref.id, str(work.version))


class _Found(Mapping[UUID, object]):
    """The states as the batch sees them now: its own results before what was loaded."""

    def __init__(self, loaded: Mapping[int, Stored], working: Mapping[int, _Working]) -> None:
        self._loaded = loaded
        self._working = working

    def __getitem__(self, id_: UUID) -> object:
        work = self._working.get(id_.int)
        state = work.state if work is not None else self._loaded[id_.int].state
        if state is None or isinstance(state, OtherKind):
            raise KeyError(id_)
        return state

    def __iter__(self) -> Any:
        return (UUID(int=key) for key in self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)


def _leaving(happened: Happened, found: Iterable[Leaving]) -> list[OutboxRow]:
    """What leaves. Nothing waits for a clock that was set back to come to the event's moment."""
    source, version = happened.source, happened.version
    # After a restore other things happen at the same versions: the moment tells them apart.
    moment = happened.at.isoformat()
    return [
        OutboxRow(
            bucket=source.bucket,
            id=derived_id("outbox", source.id, str(version), str(number), moment),
            topic=one.topic,
            body=one.body,
            at=happened.at,
            stream=source.id,
            version=version,
            number=number,
            leaves_at=one.leaves_at or happened.decided_at,
        )
        for number, one in enumerate(found)
    ]


def early_wake(
    *, standing: datetime | None, deadline: datetime | None, now: datetime
) -> datetime | None:
    """The wake to store: the standing one if it comes before the deadline, for it may be early.

    Leaving it where it is spares the index on it an entry; when it comes, it corrects itself.
    """
    if deadline is None:
        return None
    if standing is not None and now < standing <= deadline:
        return standing
    return deadline


def reaction_submission(codec: Codec, command: Command, key: ReactionKey, depth: int) -> Submission:
    """The submission of a command that an event asked for; its id derives from the event."""
    body = codec.encode(command)
    return Submission(
        id=derived_id("reaction", key.source, str(key.version), str(key.number)),
        target=key.target,
        command=command,
        actor=SYSTEM,
        origin=Origin.REACTION,
        body=body,
        body_hash=digest(body),
        reaction=key,
        depth=depth,
    )
