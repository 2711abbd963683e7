"""A remedy that needs somebody of the platform has a case at its desk."""

from typing import Any

import pytest

from oncedesk.domain.conversations.messages import (
    AssignCase,
    AssignmentDeclined,
    CaseAssigned,
    CaseOpened,
    ConsumerTold,
    DeclineReason,
    Need,
    OpenForDispute,
    Origin,
    TakenOver,
    TakeOverCause,
)
from oncedesk.domain.shared.decider import SYSTEM
from tests.specs.conversations.world import (
    BY_CONSUMER,
    BY_SHOP,
    CONSUMER,
    CONVERSATION,
    MERCHANT,
    ORDER_PART,
    PLATFORM_AGENT,
    SHOP_AGENT,
    Talk,
    opened,
    talk,
)

OURS = (Need.SECOND_PERSON, Need.INSPECTION)


def needs(made: Talk, need: Need, **details: Any) -> Talk:
    given: dict[str, Any] = {
        "consumer": CONSUMER,
        "subject": ORDER_PART,
        "market": "cn",
        "remedy": 1,
        "merchant": MERCHANT,
        "need": need,
    }
    return made.when(OpenForDispute(**{**given, **details}), by=SYSTEM)


@pytest.mark.parametrize("need", list(Need))
def test_a_case_opens_where_there_is_none(need: Need) -> None:
    made = needs(talk(), need)
    disputed = need in (Need.DISPUTE, Need.CONTEST)
    assert made.event(CaseOpened).origin is (Origin.DISPUTE if disputed else Origin.REMEDY)
    assert made.case().clocks
    assert bool(made.events(ConsumerTold)) is (need not in OURS)


@pytest.mark.parametrize(
    ("need", "cause"),
    [(Need.DISPUTE, TakeOverCause.DISPUTE), (Need.DECISION, TakeOverCause.REMEDY)],
)
def test_the_remedys_own_case_comes_to_the_platform(need: Need, cause: TakeOverCause) -> None:
    made = needs(opened(), need, conversation=CONVERSATION, case=1)
    assert made.event(TakenOver).cause is cause
    needs(made, need, conversation=CONVERSATION, case=1).then_nothing()


def test_a_second_person_has_a_case_of_their_own_and_is_somebody_else() -> None:
    made = needs(opened(), Need.DECISION, conversation=CONVERSATION, case=1)
    about: Any = {"conversation": CONVERSATION, "case": 1, "barred": PLATFORM_AGENT}
    needs(made, Need.SECOND_PERSON, **about)
    assert made.event(CaseOpened).barred == PLATFORM_AGENT
    needs(made, Need.SECOND_PERSON, **about).then_nothing()
    place: Any = {"consumer": CONSUMER, "conversation": CONVERSATION, "case": 2}
    made.when(AssignCase(**place, agent=PLATFORM_AGENT), by=SYSTEM)
    assert made.event(AssignmentDeclined).reason is DeclineReason.BARRED
    made.when(AssignCase(**place, agent=SHOP_AGENT), by=SYSTEM).then_only(CaseAssigned)


@pytest.mark.parametrize("by", [BY_CONSUMER, BY_SHOP])
def test_nobody_brings_a_remedy_there_but_the_system(by: Any) -> None:
    made = talk()
    command = OpenForDispute(consumer=CONSUMER, subject=ORDER_PART, market="cn", remedy=1)
    made.when(command, by=by).then_refused("not_allowed")
