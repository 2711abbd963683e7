"""How the consumer found the service: theirs alone to say, when a case is over, and for a while."""

from typing import Any

import msgspec
import pytest

from oncedesk.domain.conversations.messages import (
    CaseResolved,
    ClosingReason,
    ConversationCommand,
    MergeCases,
    RateService,
    RatingReason,
    ReopenCase,
    ServiceRated,
    WithdrawClaim,
)
from oncedesk.domain.conversations.outcomes import outcomes
from oncedesk.domain.conversations.state import CLOSED_KEPT_MAX, deadline
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor
from tests.specs.conversations.world import (
    BY_CONSUMER,
    BY_PLATFORM,
    BY_SHOP,
    BY_STRANGER,
    Talk,
    about,
    at_work,
)
from tests.support.specs import after


def solved(reason: ClosingReason = ClosingReason.SOLVED) -> Talk:
    """Answered and resolved after an hour."""
    return at_work().answered().at(after(hours=1)).resolved(reason)


def rates(spec: Talk, score: int, *reasons: RatingReason, **more: Any) -> Talk:
    by: Actor = more.pop("by", BY_CONSUMER)
    return spec.when(about(RateService, score=score, reasons=reasons, **more), by=by)


@pytest.mark.parametrize("by", [BY_CONSUMER, MARKETPLACE])
def test_a_resolved_case_is_rated_and_stays_as_it_is(by: Actor) -> None:
    spec = solved()
    before = spec.case()
    rates(spec, 4, RatingReason.SOLVED, RatingReason.QUICK, by=by)
    spec.then(
        ServiceRated(
            case=1,
            at=after(hours=1),
            score=4,
            reasons=(RatingReason.QUICK, RatingReason.SOLVED),
        )
    )
    assert spec.case() == msgspec.structs.replace(before, score=4)
    assert deadline(spec.state) == after(days=7, hours=1)


@pytest.mark.parametrize("by", [BY_SHOP, BY_PLATFORM, BY_STRANGER, SYSTEM])
def test_nobody_but_the_consumer_rates(by: Actor) -> None:
    spec = solved()
    before = spec.state
    rates(spec, 5, by=by).then_refused("not_allowed")
    assert spec.state == before


def test_an_open_case_is_not_rated() -> None:
    rates(at_work(), 5).then_refused("case_open")
    rates(solved().when(about(ReopenCase), by=BY_CONSUMER), 5).then_refused("case_open")


@pytest.mark.parametrize("reason", [ClosingReason.DUPLICATE, ClosingReason.WITHDRAWN])
def test_nobody_is_asked_about_what_went_on_elsewhere_or_was_withdrawn(
    reason: ClosingReason,
) -> None:
    if reason is ClosingReason.WITHDRAWN:
        spec = at_work().when(about(WithdrawClaim), by=BY_CONSUMER)
    else:
        spec = solved(reason)
    assert spec.event(CaseResolved).reason is reason
    rates(spec, 1).then_refused("rating_unfit")
    rates(spec.wake_when_due(), 1).then_refused("rating_unfit")


def test_nobody_is_asked_about_a_case_that_was_merged() -> None:
    spec = at_work().says(issue="quality", fresh=True).assigned(case=2)
    spec.does(MergeCases, case=2, into=1)
    rates(spec, 1, case=2).then_refused("rating_unfit")


def test_there_is_no_such_case() -> None:
    rates(solved(), 3, case=2).then_refused("case_unknown")


def test_a_closed_case_is_rated_for_the_packs_days() -> None:
    closed = after(days=7, hours=1)
    rates(solved().wake_when_due().at(closed), 2).then(ServiceRated(case=1, at=closed, score=2))
    last = after(days=21, hours=1)
    rates(solved().wake_when_due().at(last), 2).then_refused("rating_over")


def test_of_what_ended_long_ago_nothing_is_known_any_more() -> None:
    spec = solved().wake_when_due()
    for number in range(2, CLOSED_KEPT_MAX + 2):
        spec.says().assigned(case=number).answered(case=number).resolved(case=number)
        spec.wake_when_due()
    assert spec.state.closed_case(1) is None
    rates(spec, 5, case=1).then_refused("rating_over")


def test_it_can_be_changed_for_a_day_and_the_same_again_changes_nothing() -> None:
    spec = rates(solved(), 4, RatingReason.KIND)
    rates(spec.at(after(hours=20)), 4, RatingReason.KIND).then_nothing()
    rates(spec, 4).then(ServiceRated(case=1, at=after(hours=20), score=4))
    rates(spec.at(after(hours=24)), 1, RatingReason.NOT_SOLVED)
    assert (spec.case().score, spec.state.rated.at) == (1, after(hours=1))
    rates(spec.at(after(hours=25)), 1, RatingReason.NOT_SOLVED).then_nothing()
    rates(spec, 5).then_refused("rating_final")
    assert spec.case().score == 1


def test_what_was_rated_before_another_case_is_final() -> None:
    spec = rates(solved(), 2)
    spec.says(issue="quality", fresh=True).assigned(case=2).answered(case=2).resolved(case=2)
    rates(spec, 5, case=2)
    rates(spec, 5).then_refused("rating_final")
    assert [case.score for case in spec.state.cases] == [2, 5]


def test_it_outlives_reopening_and_closing() -> None:
    spec = rates(solved(), 1, RatingReason.NOT_SOLVED).when(about(ReopenCase), by=BY_CONSUMER)
    assert spec.case().score == 1
    spec.assigned().answered().at(after(days=3)).resolved()
    rates(spec, 5).then_refused("rating_final")
    spec.wake_when_due()
    assert [case.score for case in spec.state.closed] == [1]


@pytest.mark.parametrize("wrong", [{"score": 0}, {"score": 6}, {"reasons": ["because"]}])
def test_refuses_what_is_no_rating(wrong: dict[str, Any]) -> None:
    rating = msgspec.to_builtins(about(RateService, score=3)) | wrong
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(rating, type=ConversationCommand)


def test_the_last_rating_is_what_counts_for_figures() -> None:
    spec = rates(rates(solved(), 2), 5)
    spec.says(issue="quality", fresh=True).assigned(case=2).answered(case=2).resolved(case=2)
    spec.wake_when_due()
    rates(spec, 3, case=2)
    assert [one.score for one in outcomes(spec.journal)] == [5, 3]


def test_what_was_said_of_a_case_counts_where_it_went_on() -> None:
    spec = rates(solved(), 1, RatingReason.NOT_SOLVED).when(about(ReopenCase), by=BY_CONSUMER)
    spec.says(issue="quality", fresh=True).does(MergeCases, case=1, into=2)
    spec.assigned(case=2).answered(case=2).resolved(case=2)
    assert [(one.case, one.score) for one in outcomes(spec.journal)] == [(2, 1)]
    rates(spec, 4, case=2)
    assert [(one.case, one.score) for one in outcomes(spec.journal)] == [(2, 4)]
