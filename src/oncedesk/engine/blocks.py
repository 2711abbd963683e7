"""Notices what the gate keeps back, and lets it count with the agent who wanted to say it."""

from collections.abc import Callable

from oncedesk.domain.agents.messages import NoteBlocked
from oncedesk.domain.shared.decider import SYSTEM, Role
from oncedesk.domain.shared.gate.rules import MESSAGE_BLOCKED
from oncedesk.engine.entry import Entry
from oncedesk.engine.submission import Answer, Submission


class Blocks:
    """A refusal is not remembered, so this is all that stays of it.

    It counts once, however often the same command is sent. If the process dies in between it is
    not counted, and when it is sent again it is.
    """

    def __init__(self, *, entry: Entry, submit: Callable[[Submission], object]) -> None:
        self._entry = entry
        self._submit = submit

    def notice(self, submission: Submission, answer: Answer) -> None:
        actor = submission.actor
        if answer.code == MESSAGE_BLOCKED and actor.role is Role.AGENT and actor.id is not None:
            noted = NoteBlocked(agent=actor.id, message=submission.id)
            number = f"blocked/{submission.id}"
            self._submit(self._entry.system(noted, actor=SYSTEM, number=number))
