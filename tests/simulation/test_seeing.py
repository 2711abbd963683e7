"""What the simulation sees of conversations that belong to nobody in it."""

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

from oncedesk.domain.conversations.messages import CaseClosed
from oncedesk.domain.shared.decider import SYSTEM, Command, Wake
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.submission import Answer, Origin, Status, Submission
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.seeing import Seeing

AT = datetime(2026, 12, 1, tzinfo=UTC)


def test_a_clock_of_a_forgotten_conversation_makes_no_stranger() -> None:
    made: list[Command] = []

    def stranger(command: Command, _: datetime) -> Plan:
        made.append(command)
        raise AssertionError(command)

    seeing = Seeing(Counter())
    seeing.stranger = stranger
    ref = Ref(Kind.CONVERSATION, id=UUID(int=1), bucket=0)
    closed = CaseClosed(case=1, at=AT, contact_once=True)
    submission = Submission(
        id=UUID(int=2),
        target=ref,
        command=Wake(ref),
        actor=SYSTEM,
        origin=Origin.CLOCK,
        body=b"",
        body_hash=b"",
    )

    seeing.hear(submission, Answer(Status.ACCEPTED, 9, (closed,)))

    assert made == []
    assert seeing.lives == {}
