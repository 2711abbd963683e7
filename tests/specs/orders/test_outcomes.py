"""What became of each promise, for figures: its last verdict, and none while it is open again."""

from datetime import date

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders.messages import (
    AmendPromise,
    CancelOrder,
    DeliverBy,
    OnDemandHandover,
    PromiseBroken,
    PromiseKind,
    StandardShipping,
    Terms,
)
from oncedesk.domain.orders.outcomes import outcomes
from oncedesk.domain.shared.vocabularies import Handover
from tests.specs.orders.world import (
    CONSENT,
    OTHER_SHIPMENT,
    WHO,
    Story,
    announce,
    ordered,
    scan,
    shanghai,
)
from tests.support.given import after

PROMISED = DeliverBy(on=date(2025, 3, 10))
ON_TIME = shanghai(10, 9)


def verdicts(story: Story) -> list[tuple[int, str, bool]]:
    return [(one.number, one.kind, one.kept) for one in outcomes(story.journal)]


@pytest.mark.parametrize(
    ("terms", "code", "kept"),
    [
        (StandardShipping(), "collected", [(1, "shipping", True)]),
        (PROMISED, "delivered", [(1, "delivery", True)]),
    ],
)
def test_a_kept_promise_counts_once(
    terms: Terms, code: str, kept: list[tuple[int, str, bool]]
) -> None:
    assert verdicts(ordered(terms).hear(scan(code, after(hours=9)))) == kept


def test_a_breach_that_was_none_counts_as_kept_once_it_is() -> None:
    story = ordered(StandardShipping()).wake()
    assert verdicts(story) == [(1, "shipping", False)]
    story.hear(scan("collected", after(hours=40)), now=after(hours=60))
    assert verdicts(story) == [(1, "shipping", True)]


def test_a_breach_that_is_corrected_before_it_is_due_has_no_verdict_yet() -> None:
    story = ordered(PROMISED).wake()
    amended = AmendPromise(
        **WHO,
        part=1,
        promise=PromiseKind.DELIVERY,
        consent=CONSENT,
        on=date(2025, 3, 14),
        given_at=ON_TIME,
    )
    story.hear(amended, now=shanghai(12))
    assert verdicts(story) == []
    assert verdicts(story.wake(shanghai(15))) == [(1, "delivery", False)]


def test_a_breach_that_is_corrected_by_a_cancellation_is_none_and_was_not_kept() -> None:
    story = ordered(StandardShipping()).wake()
    story.hear(CancelOrder(**WHO, at=after(hours=40)), now=after(hours=60))
    assert verdicts(story) == []


def test_what_was_not_shipped_after_all_was_not_kept_either() -> None:
    story = ordered(StandardShipping()).hear(announce())
    story.hear(scan("collected", after(hours=1))).hear(scan("voided", after(hours=2)))
    assert verdicts(story) == []
    assert verdicts(story.wake()) == [(1, "shipping", False)]


def test_what_was_delivered_in_part_or_refused_in_part_is_open_again() -> None:
    for code in ("delivered", "refused"):
        story = ordered(PROMISED).hear(scan(code, shanghai(9)))
        assert verdicts(story) == [(1, "delivery", True)]
        story.hear(announce(shipment=OTHER_SHIPMENT), now=shanghai(9, 1))
        assert verdicts(story) == []


def test_what_is_broken_stays_so_although_more_of_it_is_under_way() -> None:
    story = ordered(PROMISED).hear(scan("delivered", shanghai(12)))
    story.hear(announce(shipment=OTHER_SHIPMENT), now=shanghai(12, 1))
    assert verdicts(story) == [(1, "delivery", False)]


def test_a_silence_is_no_promise_that_was_made() -> None:
    story = ordered().hear(scan("collected", after(hours=1))).wake()
    assert [one.kind for one in story.journal if isinstance(one, PromiseBroken)] == [
        PromiseKind.MOVEMENT
    ]
    assert verdicts(story) == []
    story.hear(scan("in_transit", after(hours=25)), now=after(hours=26))
    assert verdicts(story) == []


@pytest.mark.parametrize(
    ("asked", "got", "verdict"),
    [
        ((), "door", []),
        ((), "locker", []),
        ((OnDemandHandover(Handover.DOOR),), "door", [(1, "handover", True)]),
        ((OnDemandHandover(Handover.DOOR),), "locker", [(1, "handover", False)]),
    ],
)
def test_how_it_is_handed_over_is_a_promise_where_it_was_chosen(
    asked: tuple[Terms, ...], got: str, verdict: list[tuple[int, str, bool]]
) -> None:
    assert (
        verdicts(ordered(*asked).hear(scan("delivered", after(hours=9), substate=got))) == verdict
    )


def test_what_is_chosen_after_a_wrong_handover_was_no_promise_before() -> None:
    story = ordered().hear(scan("delivered", after(hours=9), substate="locker"))
    agreed = AmendPromise(
        **WHO,
        part=1,
        promise=PromiseKind.HANDOVER,
        consent=CONSENT,
        handover=Handover.LOCKER,
        given_at=after(hours=20),
    )
    story.hear(agreed, now=after(hours=20))
    assert verdicts(story) == []
    story.hear(replace(agreed, given_at=after(hours=8)), now=after(hours=30))
    assert verdicts(story) == [(1, "handover", True)]
