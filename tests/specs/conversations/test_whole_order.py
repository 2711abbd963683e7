"""What is said of an order as a whole is about the case that one of its parts has already."""

from typing import Any

import pytest
from msgspec.structs import replace

from oncedesk.domain.conversations import DECIDER
from oncedesk.domain.conversations.messages import CaseOpened, ContactKind, ContactReceived
from oncedesk.domain.conversations.subjects import Subject, conversation_id
from oncedesk.domain.shared.decider import Refusal
from tests.specs.conversations.world import (
    CONSUMER,
    CREATOR,
    MERCHANT,
    ORDER_PART,
    STRANGER,
    PartView,
    Talk,
    at_work,
    contact,
    talk,
)
from tests.support.specs import after

SEVERAL = (PartView(1, MERCHANT), PartView(2, CREATOR))
WHOLE = replace(ORDER_PART, part=0)
SECOND = replace(ORDER_PART, part=2)


def about(subject: Subject, *others: Talk, parts: Any = SEVERAL) -> Talk:
    """A conversation about this part, beside those that the consumer has had about others."""
    spec = talk().order(parts=parts)
    for other in others:
        assert other.state is not None
        spec.world[conversation_id(consumer=CONSUMER, subject=other.state.subject)] = other.state
        spec.at(max(spec.now, other.now))
    return spec


def said_of(subject: Subject, **details: Any) -> Talk:
    return about(subject).says(subject=subject, **details)


def then_named(spec: Talk, part: int) -> None:
    """Refused, and this part is named."""
    spec.then_refused("case_in_part")
    assert isinstance(spec.answer, Refusal)
    assert (spec.answer.detail, spec.answer.field) == (str(part), "subject.part")
    assert spec.state is None, "nothing was opened here"


def test_names_the_part_in_which_the_matter_is_open() -> None:
    second = said_of(SECOND, issue="refund")
    spec = about(WHOLE, said_of(ORDER_PART), second).says(subject=WHOLE, issue="refund")
    then_named(spec, 2)
    # Said there, it joins: one case on the matter, and not asked again.
    second.at(after(hours=1)).says(subject=SECOND, issue="refund")
    assert second.event(ContactReceived).kind is ContactKind.CHASER


def test_names_the_part_whose_case_was_resolved_within_the_window() -> None:
    resolved = at_work().resolved().at(after(days=6))
    then_named(about(WHOLE, resolved).says(subject=WHOLE), 1)
    over = at_work().resolved().at(after(days=8))
    assert about(WHOLE, over).says(subject=WHOLE).event(CaseOpened).case == 1


def test_prefers_the_open_case_then_the_very_issue_then_the_newest() -> None:
    resolved = at_work(issue="late_shipping").resolved()
    opened = said_of(SECOND)
    then_named(about(WHOLE, resolved, opened).says(subject=WHOLE, issue="late_shipping"), 2)
    exact = said_of(ORDER_PART, issue="late_shipping")
    then_named(about(WHOLE, exact, opened).says(subject=WHOLE, issue="late_shipping"), 1)
    newer = about(SECOND).at(after(hours=1)).says(subject=SECOND)
    then_named(about(WHOLE, said_of(ORDER_PART), newer).says(subject=WHOLE), 2)


@pytest.mark.parametrize(
    "details", [{"issue": "quality"}, {"fresh": True}], ids=["another matter", "something else"]
)
def test_opens_a_case_about_the_whole_for_what_no_part_has(details: dict[str, Any]) -> None:
    spec = about(WHOLE, said_of(ORDER_PART)).says(subject=WHOLE, **details)
    assert spec.event(CaseOpened).case == 1


def test_joins_the_case_about_the_whole_before_it_looks_at_the_parts() -> None:
    spec = about(WHOLE).says(subject=WHOLE)
    part = said_of(ORDER_PART)
    spec.world[conversation_id(consumer=CONSUMER, subject=ORDER_PART)] = part.state
    spec.at(after(hours=1)).says(subject=WHOLE)
    assert spec.event(ContactReceived).kind is ContactKind.CHASER


def test_names_the_whole_for_a_part_that_is_said_of_it_already() -> None:
    whole = about(WHOLE).says(subject=WHOLE)
    then_named(about(ORDER_PART, whole).says(subject=ORDER_PART), 0)
    then_named(about(ORDER_PART, whole).says(subject=ORDER_PART, issue="late_shipping"), 0)


@pytest.mark.parametrize(("of_whole", "of_part"), [("other", "refund"), ("refund", "")])
def test_leaves_to_the_part_what_is_not_surely_the_same(of_whole: str, of_part: str) -> None:
    whole = about(WHOLE).says(subject=WHOLE, issue=of_whole)
    spec = about(ORDER_PART, whole).says(subject=ORDER_PART, issue=of_part)
    assert spec.event(CaseOpened).issue == of_part


def test_the_whole_of_one_part_is_that_part() -> None:
    one = (PartView(1, MERCHANT),)
    part = about(ORDER_PART, parts=one).says(subject=ORDER_PART)
    then_named(about(WHOLE, part, parts=one).says(subject=WHOLE, issue=""), 1)
    command = contact(subject=ORDER_PART)
    spec = about(ORDER_PART, parts=one)
    wanted = [ref.id for ref in DECIDER.needs(None, command, spec.world)]
    assert conversation_id(consumer=CONSUMER, subject=WHOLE) not in wanted, "nothing more to load"


def test_never_looks_at_the_conversations_of_another_consumer() -> None:
    spec = about(WHOLE)
    theirs = said_of(ORDER_PART)
    spec.world[conversation_id(consumer=STRANGER, subject=ORDER_PART)] = theirs.state
    spec.says(subject=WHOLE)
    assert spec.event(CaseOpened).case == 1


def test_needs_no_other_conversation_while_one_joins() -> None:
    spec = about(WHOLE).says(subject=WHOLE)
    assert list(DECIDER.needs(spec.state, contact(subject=WHOLE), spec.world)) == []
