"""Goes through the whole journal once: was everything acknowledged kept, once, and was it allowed?

The events are read as plain lists and dicts and folded here anew; the deciders are not asked. What
was acknowledged comes from the simulation's own log of answers.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.conversations.state import Case
from oncedesk.domain.shared.records import Record
from oncedesk.simulation import cases
from oncedesk.simulation.sending import ACCEPTED, MESSAGE, RECORDED, TEXT, AnswerLog
from oncedesk.simulation.standing import reading
from oncedesk.simulation.tally import Tally

_KEPT = (
    "acknowledged commands are recorded once",
    "nothing else is recorded",
    "answers agree with each other",
    "versions without gaps",
    "acknowledged messages stand once",
    "no agent over capacity at any time",
    "no case without skill, membership or presence",
    "events and states name the same open cases",
    "every lifecycle ended",
)
ONCE, STRANGERS, AGREE, GAPS, MESSAGES, CAPACITY, ABLE, SAME_OPEN, ENDED = _KEPT
CHECKS = (*_KEPT, *cases.CHECKS)

_JOURNAL = """
SELECT stream, version, command_id, kind, actor, at, events FROM journal
ORDER BY bucket, stream, version
"""
_STATES = "SELECT id, version, kind, body FROM state"
_MESSAGES = "SELECT id, count(*), count(text) FROM message GROUP BY id"
ROWS_AT_ONCE = 2_000
ANY_LANGUAGE_AFTER = timedelta(minutes=15)
"""Whoever has waited so long for somebody who speaks their language gets anybody able."""
_NUMBER, _CLOSING = (Case.__struct_fields__.index(one) for one in ("number", "closing"))

CaseKey = tuple[bytes, int]


async def check_history(
    pool: Any, tally: Tally, log: AnswerLog, *, progress: Callable[[], None] = lambda: None
) -> None:
    """Read the journal, the messages and the states, and compare them with the log.

    Rows are read as they come and not kept; `progress` is called for each row of the journal. The
    log keeps note of what was found, so it serves one look.
    """
    async with reading(pool) as connection:
        history = History(tally, log)
        async for row in connection.cursor(_JOURNAL, prefetch=ROWS_AT_ONCE):
            history.entry(*row)
            progress()
        history.commands_done()
        history.skills_done()
        async for row in connection.cursor(_STATES, prefetch=ROWS_AT_ONCE):
            history.state(*row)
        history.states_done()
        async for row in connection.cursor(_MESSAGES, prefetch=ROWS_AT_ONCE):
            history.message(*row)
        history.messages_done()


class History:
    """All that was recorded, entry by entry, beside what was acknowledged."""

    def __init__(self, tally: Tally, log: AnswerLog) -> None:
        self._tally = tally
        self._log = log
        self._versions: dict[UUID, int] = {}
        self._open: defaultdict[UUID, set[int]] = defaultdict(set)
        self._agents: dict[UUID, _Agent] = {}
        self._routed: defaultdict[CaseKey, list[_Routed]] = defaultdict(list)
        self._queued: dict[CaseKey, _Routed] = {}
        self._reserved: list[_Reserved] = []
        self._cases = cases.Cases(tally)
        self._decode = msgspec.msgpack.Decoder().decode

    def entry(
        self,
        stream: UUID,
        version: int,
        command_id: UUID,
        kind: str,
        actor: str,
        at: datetime,
        events: bytes,
    ) -> None:
        tally = self._tally
        before = self._versions.get(stream, 0)
        tally.expect(GAPS, version == before + 1, f"{kind} {stream}: {before}, then {version}")
        self._versions[stream] = version
        self._command(command_id.bytes, actor, f"{kind} {stream} v{version}")
        if kind == "conversation":
            decided = self._decode(events)
            self._cases.entry(stream, decided)
            for event in decided:
                self._case_event(self._open[stream], event)
                self._queue_event(stream, event, at)
        elif kind == "agent":
            agent = self._agents.setdefault(stream, _Agent(stream, tally, self._reserved))
            for event in self._decode(events):
                agent.event(event, at)

    def _command(self, id_: bytes, actor: str, where: str) -> None:
        flags = self._log.known.get(id_)
        if flags is None:
            # Clocks, reactions and dispatch act as the system; nobody else may be unknown to us.
            self._tally.expect(STRANGERS, actor == "system", f"{where}: by {actor}, never sent")
        else:
            self._tally.expect(
                STRANGERS, bool(flags & ACCEPTED), f"{where}: was never acknowledged"
            )
            if flags & RECORDED:
                self._tally.breach(ONCE, f"{where}: recorded again")
            self._log.known[id_] = flags | RECORDED

    def commands_done(self) -> None:
        tally, log = self._tally, self._log
        for id_, flags in log.known.items():
            if flags & ACCEPTED:
                recorded = bool(flags & RECORDED)
                tally.expect(ONCE, recorded, f"{id_.hex()}: acknowledged, not recorded")
        tally.looked(AGREE, log.recognised)
        for what in log.contradictions:
            tally.breach(AGREE, what)
        if log.open:
            tally.breach(AGREE, f"{log.open} commands were never answered")

    def skills_done(self) -> None:
        """Whoever got a case is of the desk, and has the skill and the language, for which it
        waited, whatever dispatch made of that.

        Where it was routed anew in the very instant, either will do.
        """
        for one in self._reserved:
            routed = self._routed.get(one.case, ())
            before = [each for each in routed if each.at < one.at]
            wanted = [*before[-1:], *(each for each in routed if each.at == one.at)]
            able = not wanted or any(one.fits(each) for each in wanted)
            where = f"{one.agent}: {one.case[0].hex()}/{one.case[1]}"
            waited = [f"{each.skill} {each.language} at {each.desk[0]}" for each in wanted]
            self._tally.expect(ABLE, able, f"{where} waited for {waited}")

    def _queue_event(self, stream: UUID, event: dict[str, Any], at: datetime) -> None:
        match event["type"]:
            case "RoutedTo":
                case, desk = (stream.bytes, event["case"]), event["desk"]
                before = self._queued.get(case)
                # Routed anew in the same desk's queue, it has waited as long as it has.
                since = before.since if before is not None and before.desk == desk else at
                routed = _Routed(at, since, desk, event["skill"], event["language"])
                self._queued[case] = routed
                self._routed[case].append(routed)
            case "CaseAssigned" | "CaseResolved" | "CasesMerged":
                self._queued.pop((stream.bytes, event["case"]), None)
            case _:
                pass

    @staticmethod
    def _case_event(open_cases: set[int], event: dict[str, Any]) -> None:
        match event["type"]:
            case "CaseOpened" | "CaseReopened":
                open_cases.add(event["case"])
            case "CaseResolved" | "CasesMerged":
                open_cases.discard(event["case"])
            case _:
                pass

    def state(self, id_: UUID, version: int, kind: str, body: bytes) -> None:
        recorded = self._versions.pop(id_, 0)
        self._tally.expect(GAPS, version == recorded, f"{kind} {id_}: {version} of {recorded}")
        if kind == "conversation":
            cases = self._decode(body).get("cases", ())
            found = {case[_NUMBER] for case in cases if case[_CLOSING] is None}
            expected = self._open.get(id_, set())
            self._tally.expect(SAME_OPEN, found == expected, f"{id_}: {found}, not {expected}")

    def states_done(self) -> None:
        for id_ in self._versions:
            self._tally.breach(GAPS, f"{id_}: a journal without a state")

    def message(self, id_: UUID, number: int, with_text: int) -> None:
        flags = self._log.known.get(id_.bytes, 0)
        if flags & TEXT and flags & ACCEPTED:
            self._log.known[id_.bytes] = flags | MESSAGE
            once = number == with_text == 1
            self._tally.expect(MESSAGES, once, f"{id_}: {number} rows, {with_text} with text")
        else:
            self._tally.breach(MESSAGES, f"{id_}: {number} rows of no acknowledged message")

    def messages_done(self) -> None:
        for id_, flags in self._log.known.items():
            if flags & TEXT and flags & ACCEPTED and not flags & MESSAGE:
                self._tally.breach(MESSAGES, f"{id_.hex()}: acknowledged, without a message")


class _Routed(Record, frozen=True):
    """From then on it waited at this desk for somebody with this skill and language, and `since`
    for anybody there."""

    at: datetime
    since: datetime
    desk: list[Any]
    skill: str
    language: str


class _Reserved(Record, frozen=True):
    """A place that was kept for a case, for which desk, and what its agent could do then."""

    case: CaseKey
    agent: UUID
    at: datetime
    desk: list[Any]
    skills: list[str]
    languages: list[str]

    def fits(self, routed: _Routed) -> bool:
        speaks = not self.languages or routed.language in ("", *self.languages)
        speaks = speaks or self.at - routed.since >= ANY_LANGUAGE_AFTER
        return self.desk == routed.desk and routed.skill in self.skills and speaks


class _Agent:
    """An agent's places, skills and desks, folded from plain events."""

    def __init__(self, id_: UUID, tally: Tally, reserved: list[_Reserved]) -> None:
        self._id = id_
        self._places = reserved
        self._tally = tally
        self._capacity = 0
        self._presence = "away"
        self._since = datetime.min.replace(tzinfo=UTC)
        self._shifts: dict[datetime, dict[str, Any]] = {}
        self._skills: list[str] = []
        self._languages: list[str] = []
        self._memberships: list[list[Any]] = []
        self._held: set[CaseKey] = set()

    def event(self, event: dict[str, Any], at: datetime) -> None:
        match event["type"]:
            case "AgentRegistered" | "CapacitySet":
                self._capacity = event["capacity"]
            case "SkillsSet":
                self._skills, self._languages = event["skills"], event["languages"]
            case "DeskJoined":
                self._memberships.append([event["desk"], event["starts_at"], event.get("ends_at")])
            case "DeskLeft":
                self._leave(event["desk"], event["ends_at"])
            case "PresenceChanged":
                self._presence, self._since = event["presence"], event.get("at", at)
            case "ShiftPlanned":
                self._shifts[event["starts_at"]] = event
            case "ShiftCancelled":
                self._shifts.pop(event["starts_at"], None)
            case "CapacityReserved":
                self._reserved(event, at)
            case "CapacityReleased":
                self._held.discard((event["conversation"], event["case"]))
            case _:
                pass

    def _leave(self, desk: list[Any], ends_at: datetime) -> None:
        for membership in self._memberships:
            if membership[0] == desk and (membership[2] is None or membership[2] > ends_at):
                membership[2] = ends_at

    def _reserved(self, event: dict[str, Any], at: datetime) -> None:
        key = (event["conversation"], event["case"])
        case = f"{self._id}: {key[0].hex()}/{key[1]}"
        fits = key not in self._held and len(self._held) < self._capacity
        self._tally.expect(CAPACITY, fits, f"{case}: {len(self._held)} of {self._capacity}")
        self._held.add(key)
        self._places.append(
            _Reserved(key, self._id, at, event["desk"], self._skills, self._languages)
        )
        skill, language = event.get("skill", ""), event.get("language", "")
        desk = event["desk"]
        member = any(
            one[0] == desk and one[1] <= at and (one[2] is None or at < one[2])
            for one in self._memberships
        )
        speaks = not language or not self._languages or language in self._languages
        able = (
            member and speaks and self._presence == "available"
            and (not skill or skill in self._skills) and not self._off_work(at)
        )  # fmt: skip
        self._tally.expect(
            ABLE,
            able,
            f"{case}: {skill} {language} at {desk[0]}, {self._presence} since {self._since}, "
            f"member {member}",
        )

    def _off_work(self, at: datetime) -> bool:
        """A break began, or the end of a shift came near, and they have not said anything since."""
        ends = (
            moment
            for shift in self._shifts.values()
            for moment in (shift["drains_at"], *(begins for begins, _ in shift.get("breaks", ())))
        )
        return any(self._since < moment <= at for moment in ends)
