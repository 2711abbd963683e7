"""What goes wrong with a case is found in its events alone."""

from typing import Any
from uuid import UUID

import pytest

from oncedesk.simulation import cases
from oncedesk.simulation.cases import Cases
from oncedesk.simulation.tally import Tally

TALK, FIRST, SECOND = (UUID(int=number) for number in range(1, 4))


def happened(type_: str, case: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": type_, "case": case, **more}


OPENED = happened("CaseOpened", origin="contact")
GIVEN = happened("CaseAssigned", agent=FIRST.bytes)
LEFT = happened("CaseUnassigned", agent=FIRST.bytes)
ASKED, REPLIED = happened("ConsumerAsked"), happened("WaitEnded")
RESOLVED = happened("CaseResolved", reason="solved")
NO_REPLY = happened("CaseResolved", reason="no_reply")
REOPENED = happened("CaseReopened")
TAKEN_OVER, DECIDED = happened("TakenOver"), happened("Decided")
BREACH = happened("CaseOpened", origin="breach")


def contact(kind: str) -> dict[str, Any]:
    return happened("ContactReceived", kind=kind)


def told(notice: str, case: int = 1) -> dict[str, Any]:
    return happened("ConsumerTold", case, notice=notice)


def closed(*, once: bool) -> dict[str, Any]:
    return happened("CaseClosed", contact_once=once)


def found(*entries: tuple[dict[str, Any], ...]) -> set[str]:
    tally = Tally(cases.CHECKS)
    read = Cases(tally)
    for entry in entries:
        read.entry(TALK, entry)
    return {check.name for check in tally.checks.values() if check.breaches}


def test_what_is_right_is_not_found() -> None:
    assert (
        found(
            (OPENED, contact("new")),
            (GIVEN,),
            (ASKED,),
            (contact("requested"), REPLIED),
            (LEFT, TAKEN_OVER, told("taken_over")),
            (ASKED,),
            (REPLIED, NO_REPLY, told("closed_no_reply")),
            (contact("requested"), REOPENED),
            (DECIDED, told("decided"), RESOLVED),
            (closed(once=True),),
        )
        == set()
    )


@pytest.mark.parametrize(
    "entries",
    [
        ((GIVEN,), (happened("CaseAssigned", agent=SECOND.bytes),)),
        ((GIVEN,), (happened("CaseUnassigned", agent=SECOND.bytes),)),
        ((RESOLVED,), (GIVEN,)),
        ((GIVEN,), (RESOLVED,)),
    ],
)
def test_finds_a_case_that_two_have_or_that_is_over(
    entries: tuple[tuple[dict[str, Any], ...], ...],
) -> None:
    assert found((OPENED,), *entries) == {cases.ALONE}


@pytest.mark.parametrize("entry", [(TAKEN_OVER,), (DECIDED,), (NO_REPLY,), (BREACH,)])
def test_finds_what_the_consumer_did_not_hear(entry: tuple[dict[str, Any], ...]) -> None:
    assert found(entry) == {cases.HEARD}
    of_another = [told(notice, 2) for notice in ("taken_over", "decided", "breach_noticed")]
    assert found((*entry, *of_another)) == {cases.HEARD}


def test_finds_one_question_too_many() -> None:
    assert found((OPENED,), (ASKED,), (ASKED,)) == {cases.QUESTION}
    twice = ((ASKED,), (REPLIED,)) * 2
    assert found((OPENED,), *twice) == set()
    assert found((OPENED,), *twice, (ASKED,)) == {cases.QUESTION}
    assert found((OPENED,), (REPLIED,)) == {cases.QUESTION}


def test_what_was_asked_in_a_merged_case_is_no_question_more() -> None:
    second = happened("CaseOpened", 2, origin="contact")
    asked = (happened("ConsumerAsked", 2), happened("WaitEnded", 2))
    waits_on = happened("ConsumerAsked", 2, from_case=1)
    merged = (REPLIED, happened("CasesMerged", into=2), waits_on)
    before = ((OPENED,), (ASKED,), (second,), *(asked,) * 2)
    assert found(*before, merged) == set()
    assert found(*before, merged, (happened("WaitEnded", 2),), asked) == {cases.QUESTION}
    assert found(*before, merged, (waits_on,)) == {cases.QUESTION}


@pytest.mark.parametrize("kind", ["chaser", "recontact", "outside"])
def test_finds_what_counts_as_one_contact_and_was_none(kind: str) -> None:
    assert found((OPENED, contact(kind)), (closed(once=True),)) == {cases.ENOUGH}
    assert found((OPENED, contact(kind)), (closed(once=False),)) == set()


def test_finds_one_contact_that_does_not_count_as_one() -> None:
    assert found((OPENED, contact("new")), (closed(once=False),)) == {cases.ENOUGH}
    for_another = happened("CaseOpened", 2, origin="contact")
    assert found((OPENED, contact("new")), (closed(once=False), for_another)) == set()


def test_finds_a_chaser_that_counts_as_asked_for() -> None:
    assert found((OPENED,), (contact("requested"),)) == {cases.ENOUGH}
    assert found((OPENED,), (ASKED,), (contact("chaser"),)) == {cases.ENOUGH}


def test_what_was_merged_takes_its_contacts_along() -> None:
    second = happened("CaseOpened", 2, origin="contact")
    merged = happened("CasesMerged", into=2)
    ends = happened("CaseClosed", 2, contact_once=True)
    assert found((OPENED, contact("chaser")), (second,), (merged,), (ends,)) == {cases.ENOUGH}
