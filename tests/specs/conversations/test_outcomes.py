"""What became of a case, for figures: whether a first answer came late is no matter of luck."""

from datetime import timedelta

import pytest

from oncedesk.domain.conversations.messages import ReopenCase, Side
from oncedesk.domain.conversations.outcomes import outcomes
from oncedesk.domain.shared.rulepack import ClockKind
from tests.specs.conversations.world import (
    BY_CONSUMER,
    PLATFORM_AGENT,
    SHOP_AGENT,
    Talk,
    about,
    at_work,
)
from tests.support.specs import START

TICK = timedelta(microseconds=1)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_the_time_in_which_the_consumer_is_silent_is_nobodys_work() -> None:
    """A minute of work after each hour in which nobody wrote."""
    spec = at_work().at(START + MINUTE).answered()
    for hour in (1, 2):
        spec.at(START + hour * HOUR).says().says()
        spec.at(START + hour * HOUR + MINUTE).answered()
    spec.resolved()
    assert [one.worked_seconds for one in outcomes(spec.journal)] == [180]


def come_back() -> Talk:
    """Answered in time, resolved, and reopened by the consumer: a first answer is owed again."""
    spec = at_work().answered().resolved().when(about(ReopenCase), by=BY_CONSUMER)
    assert [one.answered_in_time for one in outcomes(spec.journal)] == []
    return spec.assigned()


@pytest.mark.parametrize("woken", [True, False])
def test_an_answer_after_its_time_is_late_whether_or_not_the_clock_was_heard_first(
    *, woken: bool
) -> None:
    spec = come_back()
    due_at = spec.clock(ClockKind.FIRST_RESPONSE, Side.CONSUMER).due_at
    assert due_at is not None
    spec.at(due_at + TICK)
    agent = SHOP_AGENT
    if woken:
        # The desk's clock has run out as well, and the platform has it.
        agent = PLATFORM_AGENT
        spec.wake().assigned(agent=agent)
    spec.answered(agent=agent).resolved(agent=agent)
    assert [one.answered_in_time for one in outcomes(spec.journal)] == [False]


def test_an_answer_in_time_keeps_it_each_time() -> None:
    spec = come_back().answered().resolved()
    assert [one.answered_in_time for one in outcomes(spec.journal)] == [True]
