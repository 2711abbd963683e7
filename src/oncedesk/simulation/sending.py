"""Sends commands as clients do, with clients' faults, and keeps its own log of the answers.

The log is what the checks compare the journal with: it knows nothing of the engine but what the
engine answered.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.shared.decider import Actor, Command
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.running import Engine
from oncedesk.engine.submission import Answer, Submission
from oncedesk.engine.submitting import EngineStopped, Overloaded
from oncedesk.simulation.agenda import Agenda
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.words import Sayings

PRINCIPAL = "simulated client"

ACCEPTED, REFUSED, PARKED, TEXT, RECORDED, MESSAGE, NOTHING = 1, 2, 4, 8, 16, 32, 64
"""What a command was answered and carried; `RECORDED` and `MESSAGE` the check at the end found.
`NOTHING`: nothing was there and nothing came of it, so that there is nothing to record it in."""
_ANSWERED = ACCEPTED | REFUSED | PARKED | NOTHING
_FLAGS = 7
"""Bits below the version in the log."""

DUPLICATE_PERCENT = 3.0
REUSE_PERCENT = 0.6


class AnswerLog:
    """By command id: what was answered, at which version, and whether it carried a message."""

    def __init__(self) -> None:
        self.known: dict[bytes, int] = {}
        self.answered = 0
        self.accepted = 0
        self.refusals: Counter[str] = Counter()
        self.recognised = 0
        self.contradictions: list[str] = []
        self.open = 0

    def sent(self, id_: bytes, *, text: bool) -> None:
        self.known.setdefault(id_, TEXT if text else 0)
        self.open += 1

    def note(self, id_: bytes, answer: Answer) -> None:
        """An accepted command has one version for ever, however often it is sent again."""
        self.open -= 1
        self.answered += 1
        before = self.known.get(id_, 0)
        if answer.accepted and not answer.version:
            self.known[id_] = before | NOTHING
            return
        if answer.accepted:
            self.accepted += 1
            self.recognised += answer.duplicate
            version = before >> _FLAGS
            if before & ACCEPTED and version != answer.version:
                self.contradictions.append(
                    f"{id_.hex()}: answered version {version}, then {answer.version}"
                )
            self.known[id_] = answer.version << _FLAGS | (before & ((1 << _FLAGS) - 1)) | ACCEPTED
            return
        self.refusals[answer.code] += 1
        self.known[id_] = before | (PARKED if answer.code == "parked" else REFUSED)

    def forget(self) -> None:
        """Whoever goes on for days remembers only what is still under way."""
        self.known = {id_: flags for id_, flags in self.known.items() if not flags & _ANSWERED}


class Sender:
    """Gives commands to the engines of several processes; some it gives twice, or changed.

    What one story sends goes through one process, so that it keeps its order; a repetition may go
    through another, so that the two race. Nothing is sent for `humans`, who act themselves, and for
    `strangers`, of whom the play knows nothing.
    """

    def __init__(
        self, *, engines: Sequence[Engine], agenda: Agenda, sayings: Sayings, counts: Counter[str]
    ) -> None:
        self._engines = engines
        self._agenda = agenda
        self._sayings = sayings
        self._counts = counts
        self._number = 0
        self.log = AnswerLog()
        self.humans: set[UUID] = set()
        self.strangers: set[UUID] = set()

    def use(self, engines: Sequence[Engine]) -> None:
        """From now on through these."""
        self._engines = engines

    def send(
        self,
        command: Command,
        *,
        actor: Actor,
        dice: Dice,
        text: str | None = None,
        expected_version: int | None = None,
    ) -> UUID | None:
        """Send it now; perhaps again at once, perhaps again later, perhaps changed. Its id."""
        if actor.id in self.humans or actor.id in self.strangers:
            return None
        self._number += 1
        bucket = command.target().bucket
        engine = self._engine(bucket)
        make = partial(
            engine.entry.submission,
            principal=PRINCIPAL,
            key=str(self._number),
            actor=actor,
            expected_version=expected_version,
        )
        submission = make(command, text=text)
        self._counts["commands.sent"] += 1
        self._give(engine, submission)
        if dice.percent(DUPLICATE_PERCENT):
            self._repeat(bucket, partial(make, command, text=text), dice)
        elif text is not None and dice.percent(REUSE_PERCENT):
            other = self._sayings.seal(text + " !")
            changed: Any = replace(command, digest=other.digest, length=other.length)  # type: ignore[type-var]
            self._counts["faults.keys_reused"] += 1
            self._give(engine, make(changed, text=text + " !"))
        return submission.id

    def _engine(self, bucket: int, *, elsewhere: int = 0) -> Engine:
        return self._engines[(bucket + elsewhere) % len(self._engines)]

    def _repeat(self, bucket: int, make: Any, dice: Dice) -> None:
        how = dice.throw() % 3
        self._counts["faults.duplicates_sent"] += 1
        if how == 0:
            self._counts["faults.duplicates_at_once"] += 1
            self._give(self._engine(bucket), make())
        elif how == 1:
            self._counts["faults.duplicates_elsewhere"] += 1
            self._give(self._engine(bucket, elsewhere=1), make())
        else:
            self._counts["faults.duplicates_later"] += 1
            self._agenda.after(
                self._now(),
                dice.between(1, 40),
                # By then it may be others that take commands.
                lambda: self._give(self._engine(bucket), make()),
            )

    def _now(self) -> datetime:
        return self._engines[0].clock()

    def _give(self, engine: Engine, submission: Submission) -> None:
        id_ = submission.id.bytes
        # What is known of a party or an agent is private, too, and replaced by the next.
        message = submission.private is not None and submission.target.kind is Kind.CONVERSATION
        self.log.sent(id_, text=message)
        try:
            future = engine.send(submission)
        except (Overloaded, EngineStopped):
            self._unanswered()
        else:
            future.add_done_callback(partial(self._answered, id_))

    def _answered(self, id_: bytes, future: "asyncio.Future[Answer]") -> None:
        if future.cancelled():
            return
        if isinstance(future.exception(), EngineStopped):
            self._unanswered()
        else:
            self.log.note(id_, future.result())

    def _unanswered(self) -> None:
        """It is not known what became of it; whoever sent it gives up."""
        self.log.open -= 1
        self._counts["commands.unanswered"] += 1
