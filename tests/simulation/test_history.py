"""What the journal must not say is found in plain events, without the engine."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from oncedesk.domain.conversations.state import Case
from oncedesk.simulation import history
from oncedesk.simulation.history import History
from oncedesk.simulation.sending import ACCEPTED, TEXT, AnswerLog
from oncedesk.simulation.tally import Tally

NOW = datetime(2026, 11, 29, tzinfo=UTC)
TALK, AGENT, SAID, OTHER = (UUID(int=number) for number in range(1, 5))
DESK = ["platform", None]
OPENED = {"type": "CaseOpened", "case": 1, "origin": "contact"}
ENCODE = msgspec.msgpack.encode


def log(**more: Any) -> AnswerLog:
    """One command that was accepted, with a text."""
    told = AnswerLog()
    told.known[SAID.bytes] = ACCEPTED | TEXT
    for name, value in more.items():
        setattr(told, name, value)
    return told


def body(*numbers: int) -> bytes:
    """A conversation with these cases open."""
    cases = []
    for number in numbers:
        fields = dict.fromkeys(Case.__struct_fields__) | {"number": number}
        cases.append(list(fields.values()))
    return ENCODE({"cases": cases})


class Told:
    """What is right: one conversation whose only command opened a case and said something."""

    def __init__(self, told: AnswerLog | None = None) -> None:
        self.tally = Tally(history.CHECKS)
        self.history = History(self.tally, told or log())

    def entry(
        self,
        *events: dict[str, Any],
        version: int = 1,
        command: UUID = SAID,
        kind: str = "conversation",
        actor: str = "consumer",
        minutes: int = 0,
    ) -> None:
        stream = TALK if kind == "conversation" else AGENT
        at = NOW + timedelta(minutes=minutes)
        self.history.entry(stream, version, command, kind, actor, at, ENCODE(list(events)))

    def ends(self, *, state: bytes | None = None, version: int = 1, rows: int = 1) -> set[str]:
        self.history.commands_done()
        self.history.skills_done()
        self.history.state(TALK, version, "conversation", body(1) if state is None else state)
        if rows:
            self.history.message(SAID, rows, rows)
        self.history.messages_done()
        return {one.name for one in self.tally.checks.values() if one.breaches}


def test_what_is_as_it_was_acknowledged_is_right() -> None:
    told = Told()
    told.entry(OPENED)
    assert told.ends() == set()


def by_nobody(told: Told) -> set[str]:
    told.entry(OPENED)
    told.entry(version=2, command=OTHER)
    return told.ends(version=2)


def recorded_twice(told: Told) -> set[str]:
    told.entry(OPENED)
    told.entry(version=2)
    return told.ends(version=2)


def with_a_gap(told: Told) -> set[str]:
    told.entry(OPENED, version=2)
    return told.ends(version=2)


def without_its_message(told: Told) -> set[str]:
    told.entry(OPENED)
    return told.ends(rows=0)


def with_its_message_twice(told: Told) -> set[str]:
    told.entry(OPENED)
    return told.ends(rows=2)


def with_another_case_open(told: Told) -> set[str]:
    told.entry(OPENED)
    return told.ends(state=body(1, 2))


@pytest.mark.parametrize(
    ("wrong", "check"),
    [
        (by_nobody, history.STRANGERS),
        (recorded_twice, history.ONCE),
        (with_a_gap, history.GAPS),
        (without_its_message, history.MESSAGES),
        (with_its_message_twice, history.MESSAGES),
        (with_another_case_open, history.SAME_OPEN),
    ],
)
def test_finds(wrong: Callable[[Told], set[str]], check: str) -> None:
    assert wrong(Told()) == {check}


@pytest.mark.parametrize("more", [{"open": 1}, {"contradictions": ["answered 1, then 2"]}])
def test_finds_answers_that_do_not_agree(more: dict[str, Any]) -> None:
    told = Told(log(**more))
    told.entry(OPENED)
    assert told.ends() == {history.AGREE}


def place(case: int, **more: Any) -> dict[str, Any]:
    return {
        "type": "CapacityReserved",
        "conversation": TALK.bytes,
        "case": case,
        "desk": DESK,
        "skill": "refunds",
        **more,
    }


def routed(skill: str = "refunds", language: str = "zh", desk: Any = DESK) -> dict[str, Any]:
    return {"type": "RoutedTo", "case": 1, "desk": desk, "skill": skill, "language": language}


def shift(*, drains_at: datetime, pause_at: datetime = NOW + timedelta(hours=1)) -> dict[str, Any]:
    pause = [pause_at, pause_at + timedelta(hours=1)]
    return {"type": "ShiftPlanned", "starts_at": EARLIER, "drains_at": drains_at, "breaks": [pause]}


EARLIER = NOW - timedelta(hours=9)
AT_WORK: Sequence[dict[str, Any]] = (
    {"type": "AgentRegistered", "capacity": 1},
    {"type": "SkillsSet", "skills": ["refunds"], "languages": ["zh"]},
    {"type": "DeskJoined", "desk": DESK, "starts_at": NOW - timedelta(days=1)},
    {"type": "PresenceChanged", "presence": "available"},
)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ((*AT_WORK, place(1)), set()),
        ((*AT_WORK, place(1), place(2)), {history.CAPACITY}),
        ((*AT_WORK, place(1), place(1)), {history.CAPACITY}),
        ((*AT_WORK, place(1, skill="accounts")), {history.ABLE}),
        ((*AT_WORK, place(1, language="en")), {history.ABLE}),
        ((*AT_WORK[:-1], place(1)), {history.ABLE}),
        ((*AT_WORK[:2], AT_WORK[3], place(1)), {history.ABLE}),
    ],
)
def test_finds_whoever_gets_what_they_must_not(
    events: Sequence[dict[str, Any]], found: set[str]
) -> None:
    told = Told()
    told.entry(OPENED)
    told.entry(*events, kind="agent", command=OTHER, actor="system")
    assert told.ends() == found


@pytest.mark.parametrize(
    ("waited", "found"),
    [
        (routed(), set()),
        (routed(language=""), set()),
        (routed(skill="accounts"), {history.ABLE}),
        (routed(language="en"), {history.ABLE}),
        (routed(desk=["merchant", OTHER.bytes]), {history.ABLE}),
    ],
)
def test_finds_whoever_gets_what_did_not_wait_for_them(
    waited: dict[str, Any], found: set[str]
) -> None:
    told = Told()
    told.entry(OPENED, waited)
    told.entry(*AT_WORK, place(1), kind="agent", command=OTHER, actor="system")
    assert told.ends() == found


@pytest.mark.parametrize(
    ("meanwhile", "found"),
    [
        (routed(language="en", skill="refunds"), set()),
        (routed(language="en", desk=["merchant", OTHER.bytes]), {history.ABLE}),
        ({"type": "CaseAssigned", "case": 1, "agent": AGENT.bytes}, {history.ABLE}),
    ],
)
def test_who_waits_for_their_language_waits_on_where_they_are_routed_anew(
    meanwhile: dict[str, Any], found: set[str]
) -> None:
    told = Told()
    told.entry(OPENED, routed(language="en", skill="orders"))
    told.entry(meanwhile, version=2, command=OTHER, actor="system", minutes=14)
    again = routed(language="en")
    told.entry(again, version=3, command=OTHER, actor="system", minutes=14)
    told.entry(*AT_WORK, place(1), kind="agent", command=OTHER, actor="system", minutes=15)
    assert told.ends(version=3) == found


@pytest.mark.parametrize(
    ("planned", "found"),
    [
        (shift(drains_at=NOW + timedelta(hours=1)), set()),
        (shift(drains_at=NOW), {history.ABLE}),
        (shift(drains_at=NOW + timedelta(hours=1), pause_at=NOW), {history.ABLE}),
    ],
)
def test_finds_whoever_gets_something_after_their_shift(
    planned: dict[str, Any], found: set[str]
) -> None:
    told = Told()
    told.entry(OPENED)
    came = AT_WORK[3] | {"at": EARLIER}
    told.entry(*AT_WORK[:3], planned, came, place(1), kind="agent", command=OTHER, actor="system")
    assert told.ends() == found
