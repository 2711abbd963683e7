"""What became of a case, for figures: whether a first answer came late is no matter of luck."""

from datetime import timedelta
from uuid import UUID

import pytest

from oncedesk.domain.conversations.messages import (
    REFINED,
    AskConsumer,
    CaseResolved,
    ClosingReason,
    ReopenCase,
    Side,
    SplitCase,
    TakeOverCase,
    Transferred,
    WithdrawClaim,
)
from oncedesk.domain.conversations.outcomes import outcomes
from oncedesk.domain.conversations.subjects import NOTHING, Subject, SubjectKind
from oncedesk.domain.shared.decider import SYSTEM, Actor, Role
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.rulepack import ClockKind
from tests.specs.conversations.world import (
    BY_CONSUMER,
    CREATOR,
    LISTING,
    MERCHANT,
    PLATFORM_AGENT,
    SHOP,
    SHOP_AGENT,
    STRANGER,
    TEXTED,
    Talk,
    about,
    at_work,
    opened,
    talk,
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


def test_what_a_program_writes_for_the_consumer_begins_nobodys_work() -> None:
    spec = at_work().at(START + MINUTE).answered().says(automatic=True)
    spec.at(START + HOUR).says()
    spec.at(START + HOUR + MINUTE).answered().resolved()
    assert [one.worked_seconds for one in outcomes(spec.journal)] == [120]


def test_what_is_said_in_a_case_that_is_over_is_neither_its_first_answer_nor_work_in_it() -> None:
    """Nobody looks at its row again, so it would count by luck: with the next case that ends."""
    spec = at_work().at(START + HOUR)
    spec.when(about(WithdrawClaim), by=BY_CONSUMER)
    ended = outcomes(spec.journal)
    assert [(one.answered_at, one.worked_seconds) for one in ended] == [(None, 0)]
    spec.at(START + 2 * HOUR).answered()
    assert outcomes(spec.journal) == ended
    # It came back, and waited for an answer ever since.
    spec.at(START + 3 * HOUR).when(about(ReopenCase), by=BY_CONSUMER).assigned()
    spec.at(START + 3 * HOUR + MINUTE).answered().resolved()
    (case,) = outcomes(spec.journal)
    assert (case.answered_at, case.worked_seconds) == (START + 3 * HOUR + MINUTE, 60)


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


def stays(spec: Talk) -> list[tuple[object, object, int]]:
    (case,) = outcomes(spec.journal)
    return [(one.desk, one.came_at - START, one.worked_seconds) for one in case.stays]


def test_a_case_that_is_taken_over_came_to_both_desks_and_each_did_its_own_work() -> None:
    spec = at_work().at(START + MINUTE).answered()
    spec.at(START + HOUR).does(TakeOverCase, agent=PLATFORM_AGENT, reason="overdue")
    spec.assigned(agent=PLATFORM_AGENT)
    spec.at(START + HOUR + 2 * MINUTE).resolved(agent=PLATFORM_AGENT)
    assert stays(spec) == [(SHOP, 0 * HOUR, 60), (PLATFORM, HOUR, 120)]


def holds(spec: Talk) -> list[tuple[object, object, int, int]]:
    (case,) = outcomes(spec.journal)
    return [(one.desk, one.agent, one.held_seconds, one.paused_seconds) for one in case.holds]


def test_the_time_in_which_they_wait_for_the_consumer_is_told_of_whoever_asked() -> None:
    spec = at_work().at(START + MINUTE).does(AskConsumer, **TEXTED)
    spec.at(START + 3 * MINUTE).says()
    spec.at(START + 4 * MINUTE).resolved()
    assert holds(spec) == [(SHOP, SHOP_AGENT, 240, 120)]


def test_who_has_it_while_somebody_elses_question_waits_has_not_asked() -> None:
    """And of whoever asked it counts for as long as they had it."""
    spec = at_work().at(START + MINUTE).does(AskConsumer, **TEXTED)
    spec.at(START + 2 * MINUTE).does(TakeOverCase, agent=PLATFORM_AGENT, reason="overdue")
    spec.at(START + 3 * MINUTE).says().assigned(agent=PLATFORM_AGENT)
    spec.at(START + 5 * MINUTE).resolved(agent=PLATFORM_AGENT)
    assert holds(spec) == [(SHOP, SHOP_AGENT, 120, 60), (PLATFORM, PLATFORM_AGENT, 120, 0)]


def test_an_admins_question_is_not_that_of_whoever_has_it() -> None:
    spec = at_work().at(START + MINUTE)
    spec.when(about(AskConsumer, **TEXTED), by=Actor(Role.ADMIN, UUID(int=1)))
    spec.at(START + 3 * MINUTE).says()
    spec.at(START + 4 * MINUTE).resolved()
    assert holds(spec) == [(SHOP, SHOP_AGENT, 240, 0)]


def test_whoever_gets_it_back_has_it_once_more() -> None:
    spec = at_work().at(START + MINUTE).answered().resolved()
    spec.at(START + HOUR).when(about(ReopenCase), by=BY_CONSUMER).assigned()
    spec.at(START + HOUR + MINUTE).resolved()
    assert holds(spec) == [(SHOP, SHOP_AGENT, 120, 0)]


def test_a_case_that_comes_back_comes_to_its_desk_again() -> None:
    spec = at_work().answered().resolved()
    spec.at(START + HOUR).when(about(ReopenCase), by=BY_CONSUMER).assigned()
    spec.at(START + HOUR + MINUTE).answered().resolved()
    assert stays(spec) == [(SHOP, 0 * HOUR, 0), (SHOP, HOUR, 60)]


def test_a_case_that_the_consumer_refines_was_nobodys_before() -> None:
    """It counts with the desk to which it then went, and came to no other."""
    spec = opened(issue="other").says(issue="late_delivery")
    assert [one.reason for one in spec.journal if isinstance(one, Transferred)] == [REFINED]
    spec.assigned().at(START + MINUTE).answered().resolved()
    assert stays(spec) == [(SHOP, 0 * HOUR, 60)]
    assert [one.desk for one in outcomes(spec.journal)] == [SHOP]


def test_each_case_about_no_order_counts_with_the_shop_that_was_asked() -> None:
    live = Subject(SubjectKind.LIVE, LISTING)
    spec = talk()
    for shop in (MERCHANT, STRANGER):
        spec.says(subject=live, issue="quality", fresh=True, merchant=shop)
    ended = [
        CaseResolved(case=case, at=START, reason=ClosingReason.SOLVED, desk=PLATFORM, by=SYSTEM)
        for case in (1, 2)
    ]
    assert [one.merchant for one in outcomes([*spec.journal, *ended])] == [MERCHANT, STRANGER]


@pytest.mark.parametrize(
    ("subject", "merchant", "creator"),
    [
        (NOTHING, None, None),
        (Subject(SubjectKind.LISTING, LISTING), MERCHANT, None),
        (Subject(SubjectKind.LIVE, LISTING), None, CREATOR),
    ],
)
def test_whom_the_consumer_names_in_a_later_case_had_none_of_those_before(
    subject: Subject, merchant: UUID | None, creator: UUID | None
) -> None:
    """A listing is of one shop and a live session of one creator, also before they were known."""
    spec = talk().says(subject=subject, issue="quality")
    spec.says(subject=subject, issue="quality", fresh=True, merchant=MERCHANT, creator=CREATOR)
    ended = [
        CaseResolved(case=case, at=START, reason=ClosingReason.SOLVED, desk=PLATFORM, by=SYSTEM)
        for case in (1, 2)
    ]
    found = [(one.merchant, one.creator) for one in outcomes([*spec.journal, *ended])]
    assert found == [(merchant, creator), (MERCHANT, CREATOR)]


def test_whom_the_consumer_names_in_a_case_that_is_open_has_that_one_and_no_other() -> None:
    spec = talk().says(subject=NOTHING, issue="quality")
    spec.says(subject=NOTHING, issue="quality", merchant=MERCHANT)
    spec.says(subject=NOTHING, issue="quality", fresh=True)
    ended = [
        CaseResolved(case=case, at=START, reason=ClosingReason.SOLVED, desk=PLATFORM, by=SYSTEM)
        for case in (1, 2)
    ]
    assert [one.merchant for one in outcomes([*spec.journal, *ended])] == [MERCHANT, None]


def test_what_was_split_off_is_whose_its_case_was() -> None:
    spec = talk().says(subject=NOTHING, issue="quality", merchant=MERCHANT)
    spec.says(subject=NOTHING, issue="quality", fresh=True, merchant=STRANGER)
    spec.does(SplitCase, agent=PLATFORM_AGENT, issue="offer")
    ended = CaseResolved(case=3, at=START, reason=ClosingReason.SOLVED, desk=PLATFORM, by=SYSTEM)
    assert [one.merchant for one in outcomes([*spec.journal, ended])] == [MERCHANT]
