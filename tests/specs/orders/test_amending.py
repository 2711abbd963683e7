"""A promise changes by consent or by a relief published before; both values are kept."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders.evolve import evolve
from oncedesk.domain.orders.messages import (
    AmendPromise,
    BreachCorrected,
    CancelOrder,
    DeliverBy,
    Delivered,
    EstimateMoved,
    GrantRelief,
    MoveEstimate,
    OnDemandHandover,
    PromiseAmended,
    PromiseBroken,
    PromiseKept,
    PromiseKind,
    ReliefGranted,
    Shipped,
    StandardShipping,
    TrackingRecorded,
)
from oncedesk.domain.orders.state import CONSENTS_MAX, PLACES_MAX, Place, Verdict
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.vocabularies import Handover
from tests.specs.orders.world import (
    CONSENT,
    OTHER_SHIPMENT,
    PACK,
    RELIEF,
    WHO,
    Story,
    nothing_yet,
    ordered,
    place,
    scan,
    shanghai,
)
from tests.support.given import START, after

LIMIT = after(hours=48)
PROMISED = DeliverBy(on=date(2025, 3, 10))
OTHER = UUID(int=0x8A)
"""Another message of the consumer's."""


def amend(kind: PromiseKind = PromiseKind.DELIVERY, **changes: Any) -> AmendPromise:
    return AmendPromise(**WHO, **{"part": 1, "promise": kind, "consent": CONSENT, **changes})


def relieve(**changes: Any) -> GrantRelief:
    values: dict[str, Any] = {
        "part": 1,
        "promise": PromiseKind.SHIPPING,
        "relief": RELIEF,
        "published_at": START,
        "extends_seconds": 86_400,
        "reason": "typhoon",
    }
    return GrantRelief(**WHO, **{**values, **changes})


def test_an_amendment_keeps_the_original_beside_it() -> None:
    story = ordered(PROMISED).hear(amend(on=date(2025, 3, 12)), now=after(hours=1))
    story.then_only(PromiseAmended)
    assert (story.last().original_due_at, story.last().due_at) == (shanghai(11), shanghai(13))
    assert story.last().consent == CONSENT
    assert story.due() == shanghai(13)
    story.hear(amend(on=date(2025, 3, 12)), now=after(hours=2)).then_nothing()


def test_delivered_within_the_amended_promise_is_kept_and_late_against_the_original() -> None:
    story = ordered(PROMISED).hear(amend(on=date(2025, 3, 12)))
    story.hear(scan("delivered", shanghai(12, 9)))
    story.then_only(TrackingRecorded, Shipped, Delivered, PromiseKept)
    assert story.answer[2].late_by_date
    assert (story.last().due_at, story.last().original_due_at) == (shanghai(13), shanghai(11))


def test_consent_to_a_locker_makes_it_delivery() -> None:
    story = ordered().hear(amend(PromiseKind.HANDOVER, handover=Handover.LOCKER))
    story.then_only(PromiseAmended)
    story.hear(scan("delivered", after(hours=9), substate="locker"))
    story.then_only(TrackingRecorded, Shipped, Delivered, PromiseKept)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (amend(on=date(2025, 3, 12), consent=None), "consent_missing"),
        (amend(), "amendment_unclear"),
        (amend(on=date(2025, 3, 12), due_at=after(hours=1)), "amendment_unclear"),
        (amend(handover=Handover.LOCKER), "amendment_unclear"),
        (amend(PromiseKind.HANDOVER, on=date(2025, 3, 12)), "amendment_unclear"),
        (amend(PromiseKind.HANDOVER, handover=Handover.UNKNOWN), "handover_unknown"),
        (amend(PromiseKind.SHIPPING, due_at=after(hours=1)), "promise_unknown"),
        (amend(PromiseKind.MOVEMENT, due_at=after(hours=1)), "promise_unknown"),
        (amend(due_at=START), "promise_before_order"),
        (amend(due_at=datetime.max.replace(tzinfo=UTC)), "time_too_far"),
        (amend(on=date.max), "time_too_far"),
        (amend(on=date(2025, 3, 12), part=2), "part_unknown"),
        (amend(on=date(2025, 3, 12), part=0), "part_unknown"),
    ],
)
def test_refuses_an_amendment_that_is_none(command: AmendPromise, code: str) -> None:
    story = ordered(PROMISED)
    before = story.state
    assert story.hear(command, now=after(hours=1)).refused(code).state == before


def test_what_is_kept_or_broken_is_not_amended() -> None:
    broken = ordered(PROMISED).wake()
    broken.hear(amend(on=date(2025, 3, 12)), now=shanghai(11)).refused("promise_settled")
    kept = ordered(PROMISED).hear(scan("delivered", after(hours=9)))
    kept.hear(amend(on=date(2025, 3, 12)), now=after(hours=10)).refused("promise_settled")


IN_TIME = shanghai(10, 9)
TOO_LATE = shanghai(11)
"""The last day that was promised, and the first moment after it."""


def test_consent_given_in_time_and_heard_later_takes_the_breach_back() -> None:
    story = ordered(PROMISED).wake()
    story.then_only(PromiseBroken)
    story.hear(amend(on=date(2025, 3, 14), given_at=IN_TIME), now=shanghai(12))
    story.then_only(PromiseAmended, BreachCorrected)
    assert story.answer[0].given_at == IN_TIME
    assert story.due() == shanghai(15)
    story.hear(scan("delivered", shanghai(14, 20)))
    story.then_only(TrackingRecorded, Shipped, Delivered, PromiseKept)


def test_consent_given_in_time_counts_for_what_was_late_already() -> None:
    story = ordered(PROMISED).hear(scan("delivered", shanghai(12, 9)))
    assert isinstance(story.last(), PromiseBroken)
    story.hear(amend(on=date(2025, 3, 12), given_at=IN_TIME), now=shanghai(13))
    story.then_only(PromiseAmended, BreachCorrected, PromiseKept)


def test_consent_given_in_time_to_a_day_that_is_over_too_changes_no_verdict() -> None:
    story = ordered(PROMISED).wake()
    story.hear(amend(on=date(2025, 3, 11), given_at=IN_TIME), now=shanghai(13))
    story.then_only(PromiseAmended)
    assert story.due() is None


@pytest.mark.parametrize("woken", [True, False])
def test_consent_given_after_the_deadline_comes_too_late(woken: bool) -> None:
    """Whether the clock has been heard by then makes no difference."""
    for given_at in (TOO_LATE, None):
        story = ordered(PROMISED)
        if woken:
            story.wake()
        story.hear(amend(on=date(2025, 3, 20), given_at=given_at), now=shanghai(12))
        story.refused("promise_settled")


def test_of_two_consents_the_later_given_counts_whenever_it_is_heard() -> None:
    story = ordered(PROMISED).hear(amend(on=date(2025, 3, 14)), now=shanghai(9))
    earlier = amend(on=date(2025, 3, 12), given_at=shanghai(8), consent=OTHER)
    story.hear(earlier, now=shanghai(10)).refused("consent_superseded")
    story.hear(replace(earlier, given_at=shanghai(9, 1)), now=shanghai(10))
    story.then_only(PromiseAmended)


def test_a_consent_backs_one_change_of_a_promise() -> None:
    first, second = amend(on=date(2025, 3, 12)), amend(on=date(2025, 3, 14))
    story = ordered(PROMISED).hear(first, now=after(hours=1))
    story.then_only(PromiseAmended)
    before = story.state
    story.hear(second, now=after(hours=2)).refused("consent_used")
    assert story.state == before
    story.hear(first, now=after(hours=2)).then_nothing()
    story.hear(replace(second, consent=OTHER), now=after(hours=3)).then_only(PromiseAmended)
    story.hear(first, now=after(hours=4)).refused("consent_used")
    # One message may say where it is to be left, too.
    story.hear(TO_A_LOCKER, now=after(hours=5)).then_only(PromiseAmended)
    elsewhere = replace(TO_A_LOCKER, handover=Handover.DOOR)
    story.hear(elsewhere, now=after(hours=6)).refused("consent_used")


def test_what_was_amended_before_consents_were_remembered_says_nothing_of_them() -> None:
    story = ordered(PROMISED).hear(amend(on=date(2025, 3, 12)), now=after(hours=1))
    recorded = replace(story.last(), spent=False)
    story = ordered(PROMISED)
    story.state = evolve(story.state, recorded)
    assert story.state.consents == ()
    story.hear(amend(on=date(2025, 3, 14)), now=after(hours=2)).then_only(PromiseAmended)


def test_the_last_consents_are_remembered() -> None:
    story = ordered(PROMISED)
    for number in range(CONSENTS_MAX + 1):
        told = amend(due_at=shanghai(11, number + 1), consent=UUID(int=0x100 + number))
        story.hear(told, now=after(hours=1)).then_only(PromiseAmended)
    remembered = [one.id.int - 0x100 for one in story.state.consents]
    assert remembered == list(range(1, CONSENTS_MAX + 1))


@pytest.mark.parametrize(
    ("given_at", "code"),
    [(shanghai(13, 1), "time_in_future"), (START - timedelta(seconds=1), "consent_before_order")],
)
def test_refuses_consent_at_a_time_that_cannot_be(given_at: datetime, code: str) -> None:
    story = ordered(PROMISED).wake()
    story.hear(amend(on=date(2025, 3, 14), given_at=given_at), now=shanghai(12)).refused(code)


def test_consent_by_a_clock_ahead_of_ours_was_given_when_we_hear_of_it() -> None:
    ahead = amend(on=date(2025, 3, 12), given_at=after(hours=1, seconds=1))
    story = ordered(PROMISED).hear(ahead, now=after(hours=1)).then_only(PromiseAmended)
    assert story.last().given_at == after(hours=1)


def test_no_agent_says_that_consent_was_given_earlier() -> None:
    story = ordered(PROMISED).wake()
    command = amend(on=date(2025, 3, 14), given_at=IN_TIME)
    agent = Actor(role=Role.AGENT, id=CONSENT)
    story.when(command, now=shanghai(12), pack=PACK, by=agent).refused("not_allowed")
    marketplace = Actor(role=Role.MARKETPLACE)
    story.when(command, now=shanghai(12), pack=PACK, by=marketplace)
    story.then_only(PromiseAmended, BreachCorrected)


def at_a_locker(*terms: Any) -> Story:
    """Nine hours after the order it was put into a locker that nobody had asked for."""
    story = ordered(*terms).hear(scan("delivered", after(hours=9), substate="locker"))
    assert isinstance(story.last(), PromiseBroken)
    return story


TO_A_LOCKER = amend(PromiseKind.HANDOVER, handover=Handover.LOCKER)


def test_consent_to_a_locker_given_before_and_heard_later_takes_the_breach_back() -> None:
    story = at_a_locker(PROMISED)
    story.hear(replace(TO_A_LOCKER, given_at=after(hours=8)), now=after(hours=10))
    story.then_only(PromiseAmended, Delivered, PromiseKept, BreachCorrected, PromiseKept)
    assert story.answer[1].delivered_at == after(hours=9)


def test_consent_to_a_locker_given_afterwards_leaves_the_breach_and_ends_the_waiting() -> None:
    story = at_a_locker(PROMISED).hear(TO_A_LOCKER, now=after(hours=20))
    story.then_only(PromiseAmended, Delivered, PromiseKept)
    assert story.last().kind is PromiseKind.DELIVERY
    assert story.answer[1].delivered_at == after(hours=20)
    assert story.answer[1].handover is Handover.LOCKER
    assert story.state.parts[0].handover is Verdict.BROKEN
    assert story.due() is None, "it is not found late on top of that"
    story.hear(TO_A_LOCKER, now=after(hours=21)).then_nothing()


def test_consent_afterwards_to_another_place_changes_nothing() -> None:
    elsewhere = amend(PromiseKind.HANDOVER, handover=Handover.STATION)
    at_a_locker().hear(elsewhere, now=after(hours=10)).refused("promise_settled")
    fetched = at_a_locker().hear(scan("delivered", after(hours=10), substate="door"))
    fetched.hear(TO_A_LOCKER, now=after(hours=11)).refused("promise_settled")


def waits_at_a_station() -> Story:
    """Nobody asked for a handover, none needs consent, and nine hours after the order it waits."""
    story = nothing_yet()
    pack = replace(PACK, promises=replace(PACK.promises, locker_needs_consent=False))
    story.when(place(PROMISED), now=START, pack=pack)
    story.hear(scan("ready_for_pickup", after(hours=9), substate="station"))
    story.then_only(TrackingRecorded, Shipped)
    return story


@pytest.mark.parametrize("asked", [Handover.DOOR, Handover.LOCKER])
def test_what_waits_to_be_fetched_is_not_there_because_it_is_asked_for_elsewhere(
    asked: Handover,
) -> None:
    story = waits_at_a_station()
    story.hear(amend(PromiseKind.HANDOVER, handover=asked), now=after(hours=20))
    story.then_only(PromiseAmended)
    story.hear(scan("delivered", after(hours=30), substate="door"))
    story.then_only(TrackingRecorded, Delivered, PromiseKept, PromiseKept)
    assert story.state.parts[0].delivered_at == after(hours=30)


def test_what_waits_to_be_fetched_is_there_once_it_is_asked_for_there() -> None:
    story = waits_at_a_station()
    story.hear(amend(PromiseKind.HANDOVER, handover=Handover.STATION), now=after(hours=20))
    story.then_only(PromiseAmended, Delivered, PromiseKept, PromiseKept)
    assert story.answer[1].delivered_at == after(hours=20)


def test_earlier_consent_proved_after_the_fact_still_takes_the_breach_back() -> None:
    story = at_a_locker().hear(TO_A_LOCKER, now=after(hours=20))
    story.hear(replace(TO_A_LOCKER, given_at=after(hours=8)), now=after(hours=30))
    story.then_only(PromiseAmended, Delivered, BreachCorrected, PromiseKept)
    assert story.answer[1].revised


def test_what_was_asked_for_at_first_is_right_until_it_is_amended() -> None:
    story = ordered(OnDemandHandover(Handover.LOCKER))
    story.hear(amend(PromiseKind.HANDOVER, handover=Handover.DOOR), now=after(hours=5))
    story.hear(scan("delivered", after(hours=4), substate="locker"), now=after(hours=6))
    story.then_only(TrackingRecorded, Shipped, Delivered, PromiseKept)
    story = ordered(OnDemandHandover(Handover.LOCKER))
    story.hear(amend(PromiseKind.HANDOVER, handover=Handover.DOOR), now=after(hours=3))
    story.hear(scan("delivered", after(hours=4), substate="locker"))
    story.then_only(TrackingRecorded, Shipped, PromiseBroken)
    story.hear(replace(TO_A_LOCKER, given_at=after(hours=2), consent=OTHER), now=after(hours=6))
    story.refused("consent_superseded")


def test_a_second_change_of_place_makes_nothing_wrong_that_was_right() -> None:
    story = ordered().hear(amend(PromiseKind.HANDOVER, handover=Handover.LOCKER))
    story.hear(scan("collected", after(hours=2), shipment=OTHER_SHIPMENT))
    story.hear(scan("delivered", after(hours=3), substate="locker"))
    to_the_door = amend(PromiseKind.HANDOVER, handover=Handover.DOOR, consent=OTHER)
    full = nothing_yet()
    full.state = replace(story.state, places=(Place(1, START, Handover.STATION),) * PLACES_MAX)
    full.hear(to_the_door, now=after(hours=5)).refused("promise_settled")
    story.hear(to_the_door, now=after(hours=5)).then_only(PromiseAmended)
    # Who had wanted it there before it was in the locker did not get what they wanted.
    story.hear(replace(to_the_door, given_at=after(hours=2)), now=after(hours=5))
    story.then_only(PromiseAmended, PromiseBroken)


def test_what_lay_where_it_was_agreed_on_in_between_was_right() -> None:
    story = ordered().hear(amend(PromiseKind.HANDOVER, handover=Handover.LOCKER))
    to_a_station = amend(PromiseKind.HANDOVER, handover=Handover.STATION, consent=OTHER)
    story.hear(to_a_station, now=after(hours=5)).then_only(PromiseAmended)
    there = scan("delivered", after(hours=3), substate="locker")
    story.hear(there, now=after(hours=6))
    story.then_only(TrackingRecorded, Shipped, Delivered, PromiseKept)
    assert story.state.parts[0].delivered_at == after(hours=3)


def test_what_lay_elsewhere_in_between_is_delivered_from_when_it_was_agreed_on() -> None:
    story = ordered().hear(
        amend(PromiseKind.HANDOVER, handover=Handover.LOCKER), now=after(hours=4)
    )
    to_the_door = amend(PromiseKind.HANDOVER, handover=Handover.DOOR, consent=OTHER)
    story.hear(to_the_door, now=after(hours=5))
    story.hear(scan("delivered", after(hours=3), substate="locker"), now=after(hours=6))
    story.then_only(TrackingRecorded, Shipped, Delivered, PromiseBroken)
    assert story.state.parts[0].delivered_at == after(hours=4)
    later = ordered().hear(amend(PromiseKind.HANDOVER, handover=Handover.LOCKER))
    later.hear(to_the_door, now=after(hours=5))
    later.hear(scan("delivered", after(hours=7), substate="locker"))
    later.then_only(TrackingRecorded, Shipped, PromiseBroken)


def test_a_third_change_of_place_leaves_what_was_right_in_between() -> None:
    story = ordered().hear(amend(PromiseKind.HANDOVER, handover=Handover.LOCKER))
    story.hear(scan("collected", after(hours=2), shipment=OTHER_SHIPMENT))
    to_a_station = amend(PromiseKind.HANDOVER, handover=Handover.STATION, consent=OTHER)
    story.hear(to_a_station, now=after(hours=5))
    story.hear(scan("delivered", after(hours=3), substate="locker"), now=after(hours=6))
    to_the_door = amend(PromiseKind.HANDOVER, handover=Handover.DOOR, consent=UUID(int=99))
    story.hear(to_the_door, now=after(hours=7)).then_only(PromiseAmended)


def test_the_estimate_moves_and_the_promise_stays() -> None:
    story = ordered(PROMISED).hear(
        MoveEstimate(**WHO, part=1, estimate_at=shanghai(14)), now=after(hours=1)
    )
    story.then_only(EstimateMoved)
    assert story.due() == shanghai(11)
    story.hear(MoveEstimate(**WHO, part=1, estimate_at=shanghai(14))).then_nothing()
    never = MoveEstimate(**WHO, part=1, estimate_at=datetime.max.replace(tzinfo=UTC))
    story.hear(never, now=after(hours=2)).refused("time_too_far")


def test_nothing_is_expected_before_it_is_ordered() -> None:
    for moment in (START, shanghai(1)):
        early = MoveEstimate(**WHO, part=1, estimate_at=moment)
        ordered(PROMISED).hear(early, now=after(hours=1)).refused("estimate_before_order")
    passed = MoveEstimate(**WHO, part=1, estimate_at=after(hours=1))
    ordered(PROMISED).hear(passed, now=after(hours=2)).then_only(EstimateMoved)


def test_who_agrees_to_a_later_day_waits_no_longer_for_an_earlier_estimate() -> None:
    estimated = MoveEstimate(**WHO, part=1, estimate_at=shanghai(12))
    story = ordered(PROMISED).hear(estimated, now=after(hours=1))
    story.hear(amend(on=date(2025, 3, 14)), now=after(hours=2))
    story.then_only(PromiseAmended, EstimateMoved)
    assert story.last().estimate_at == story.due() == shanghai(15)
    story.hear(amend(on=date(2025, 3, 12), consent=OTHER), now=after(hours=3))
    story.then_only(PromiseAmended)


def test_an_estimate_beyond_what_was_agreed_on_and_one_of_another_promise_stay() -> None:
    estimated = MoveEstimate(**WHO, part=1, estimate_at=shanghai(20))
    story = ordered(StandardShipping(), PROMISED).hear(estimated, now=after(hours=1))
    story.hear(amend(on=date(2025, 3, 14)), now=after(hours=2)).then_only(PromiseAmended)
    later = amend(PromiseKind.SHIPPING, due_at=shanghai(25))
    story.hear(later, now=after(hours=3)).then_only(PromiseAmended)
    assert story.state.parts[0].estimate_at == shanghai(20)


def test_a_relief_published_before_the_deadline_gives_more_time() -> None:
    story = ordered(StandardShipping()).hear(relieve(), now=after(hours=1))
    story.then_only(ReliefGranted)
    assert (story.last().original_due_at, story.last().due_at) == (LIMIT, after(hours=72))
    story.hear(relieve(), now=after(hours=2)).then_nothing()
    story.hear(relieve(extends_seconds=1), now=after(hours=2)).refused("relief_differs")
    story.hear(scan("collected", after(hours=70)))
    story.then_only(TrackingRecorded, Shipped, PromiseKept)
    assert story.answer[1].late_by_earliest


def test_of_two_reliefs_the_longer_counts() -> None:
    story = ordered(StandardShipping()).hear(relieve(), now=after(hours=1))
    story.hear(relieve(relief=UUID(int=99), extends_seconds=3_600), now=after(hours=1))
    assert story.last().due_at == after(hours=72)
    story.wake().then_only(PromiseBroken)
    assert story.last().due_at == after(hours=72)


def test_a_relief_told_late_takes_the_breach_back_while_it_runs() -> None:
    story = ordered(StandardShipping()).wake()
    story.hear(relieve(), now=after(hours=50)).then_only(ReliefGranted, BreachCorrected)
    story.wake().then_only(PromiseBroken)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (relieve(published_at=LIMIT), "relief_too_late"),
        (relieve(published_at=after(hours=60)), "relief_unpublished"),
        (relieve(extends_seconds=0), "relief_length"),
        (relieve(extends_seconds=-1), "relief_length"),
        (relieve(extends_seconds=91 * 86_400), "relief_length"),
        (relieve(promise=PromiseKind.DELIVERY), "promise_unknown"),
        (relieve(part=2), "part_unknown"),
    ],
)
def test_refuses_a_relief_that_is_none(command: GrantRelief, code: str) -> None:
    ordered(StandardShipping()).hear(command, now=after(hours=50)).refused(code)


def test_at_most_eight_reliefs() -> None:
    story = ordered(StandardShipping())
    for number in range(8):
        story.hear(relieve(relief=UUID(int=100 + number)), now=after(hours=1))
    story.hear(relieve(), now=after(hours=1)).refused("reliefs_too_many")


def cancelled() -> Story:
    return ordered(PROMISED).hear(CancelOrder(**WHO, at=START + timedelta(hours=1)))


@pytest.mark.parametrize(
    "command",
    [amend(on=date(2025, 3, 12)), relieve(), MoveEstimate(**WHO, part=1, estimate_at=START)],
)
def test_nothing_of_a_cancelled_or_unknown_order_changes(command: Any) -> None:
    cancelled().hear(command, now=after(hours=2)).refused("order_cancelled")
    nothing_yet().hear(command, now=after(hours=2)).refused("order_unknown")


def test_an_agent_passes_on_consent_and_a_consumer_does_not() -> None:
    command = amend(on=date(2025, 3, 12))
    for role, code in ((Role.CONSUMER, "not_allowed"), (Role.AGENT, None)):
        story = ordered(PROMISED)
        actor = Actor(role=role, id=CONSENT)
        story.when(command, now=after(hours=1), pack=PACK, by=actor)
        if code is None:
            story.then_only(PromiseAmended)
        else:
            story.refused(code)


def test_refuses_a_deadline_that_is_past_already() -> None:
    story = ordered(PROMISED)
    story.hear(amend(due_at=after(hours=3)), now=after(hours=30)).refused("amendment_in_past")
    assert story.due() == shanghai(11)
