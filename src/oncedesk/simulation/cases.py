"""Goes through every case as it was recorded: who had it, what was asked in it, what was told.

The events are read as plain dicts and folded here anew; the deciders are not asked.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from oncedesk.simulation.tally import Tally

CHECKS = (
    "a case has one agent at a time",
    "what becomes of a case is told",
    "the consumer is asked twice a case at most",
    "contact once is what its contacts say",
)
ALONE, HEARD, QUESTION, ENOUGH = CHECKS

QUESTIONS_MAX = 2
_FAILS = ("chaser", "recontact", "outside")


class _Case(Struct):
    """`late`: it ended because the consumer did not reply, so that coming back is a reply."""

    agent: bytes | None = None
    is_open: bool = True
    asked: bool = False
    questions: int = 0
    failed: bool = False
    late: bool = False


class Cases:
    """All cases, entry by entry."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._cases: defaultdict[tuple[UUID, int], _Case] = defaultdict(_Case)

    def entry(self, stream: UUID, events: Sequence[dict[str, Any]]) -> None:
        """What one command did to a conversation."""
        touched: dict[int, _Case] = {}
        for event in events:
            if number := event.get("case"):
                case = touched[number] = self._cases[stream, number]
                where = f"{stream}/{number}"
                self._placed(case, event, where)
                self._asked(stream, case, event)
                self._counted(stream, case, event, events)
        for number, case in touched.items():
            alone = case.is_open or case.agent is None
            self._tally.expect(ALONE, alone, f"{stream}/{number}: over, and somebody has it")
        self._told(stream, events)

    def _placed(self, case: _Case, event: dict[str, Any], where: str) -> None:
        expect = self._tally.expect
        match event["type"]:
            case "CaseAssigned":
                alone = case.is_open and case.agent is None
                expect(ALONE, alone, f"{where}: given, open {case.is_open}, had {case.agent!r}")
                case.agent = event["agent"]
            case "CaseUnassigned":
                expect(ALONE, case.agent == event["agent"], f"{where}: taken from somebody else")
                case.agent = None
            case "CaseReopened":
                case.is_open = True
            case "CaseResolved":
                case.is_open, case.late = False, event["reason"] == "no_reply"
            case "CasesMerged":
                case.is_open = False
            case _:
                pass

    def _asked(self, stream: UUID, case: _Case, event: dict[str, Any]) -> None:
        where = f"{stream}/{event['case']}"
        match event["type"]:
            case "ConsumerAsked" if before := event.get("from_case"):
                # It was asked in the case that was merged into this one, and is not asked again.
                asked = f"{where}: waits for what {before} had asked, waiting {case.asked}"
                self._tally.expect(QUESTION, not case.asked, asked)
                case.asked = True
                case.questions = max(case.questions, self._cases[stream, before].questions)
            case "ConsumerAsked":
                may = not case.asked and case.questions < QUESTIONS_MAX
                what = f"{where}: asked after {case.questions} questions, waiting {case.asked}"
                self._tally.expect(QUESTION, may, what)
                case.asked = True
                case.questions += 1
            case "WaitEnded":
                self._tally.expect(QUESTION, case.asked, f"{where}: nothing was asked")
                case.asked = False
            case _:
                pass

    def _counted(
        self,
        stream: UUID,
        case: _Case,
        event: dict[str, Any],
        events: Sequence[dict[str, Any]],
    ) -> None:
        where = f"{stream}/{event['case']}"
        match event["type"]:
            case "ContactReceived":
                kind, ours = event["kind"], case.asked or (not case.is_open and case.late)
                right = ours if kind == "requested" else kind != "chaser" or not case.asked
                self._tally.expect(ENOUGH, right, f"{where}: {kind}, and we had asked: {ours}")
                case.failed |= kind in _FAILS
            case "CasesMerged":
                self._cases[stream, event["into"]].failed |= case.failed
            case "CaseClosed":
                # Closed early, to make room for another, it is no such case either.
                early = any(one["type"] == "CaseOpened" for one in events)
                once = event["contact_once"]
                right = once != case.failed or (early and not once)
                self._tally.expect(ENOUGH, right, f"{where}: {once}, failed {case.failed}")
            case _:
                pass

    def _told(self, stream: UUID, events: Sequence[dict[str, Any]]) -> None:
        """Whatever the system does with a case by itself, the consumer hears in that moment."""
        told = {(one["case"], one["notice"]) for one in events if one["type"] == "ConsumerTold"}
        for event in events:
            if notices := _to_hear(event):
                heard = any((event["case"], one) in told for one in notices)
                what = f"{stream}/{event['case']}: {event['type']}, {' or '.join(notices)} never"
                self._tally.expect(HEARD, heard, what)


def _to_hear(event: dict[str, Any]) -> tuple[str, ...]:
    match event["type"]:
        case "TakenOver":
            return ("taken_over",)
        case "Decided":
            return ("decided",)
        case "CaseResolved" if event["reason"] == "no_reply":
            return ("closed_no_reply",)
        case "CaseOpened" if event["origin"] == "breach":
            return ("breach_noticed", "decided")
        case _:
            return ()
