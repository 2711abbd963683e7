"""A card that is closed, an answer that is missing, one that contradicts: nothing is paid twice."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.remedies.messages.asking import (
    GrantRemedy,
    RemedyWithdrawn,
    RequestRemedy,
    Wish,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmCredit,
    ConfirmRefund,
    FailRefund,
    NameRoute,
    OutsideKind,
    OutsideRecorded,
    RecordOutside,
    RefundCredited,
    RefundDropped,
    RefundFailed,
    RefundFailure,
    RefundRequested,
    RefundSent,
    RefundSentTwice,
    RemedyClosed,
    RemedySettled,
    RouteAsked,
)
from oncedesk.domain.remedies.words import (
    ClockKind,
    LegStatus,
    RefundStatus,
    RemedyKind,
    WantedLine,
)
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.refs import PLATFORM
from tests.specs.remedies.shop import AT_ONCE, BY_CONSUMER, LISTING, MERCHANT, WHO, Shop
from tests.specs.remedies.test_authorising import ANNA, AUTHORITY, agent, answered, by

LEG: Any = {**WHO, "remedy": 1, "leg": 1}


def asked() -> Shop:
    one = Shop().plain()
    return one.asks(RemedyKind.CANCEL)


def confirm(one: Shop, *, leg: int = 1, amount_minor: int = 10_000, **more: Any) -> Shop:
    told = {"currency": "CNY", "sent_at": one.now, **more}
    one.when(
        ConfirmRefund(**{**LEG, "leg": leg}, amount_minor=amount_minor, **told), by=MARKETPLACE
    )
    return one


def fail(one: Shop, *, leg: int = 1, asked: int = 0) -> Shop:
    command = FailRefund(**{**LEG, "leg": leg}, reason=RefundFailure.ROUTE_DEAD, asked=asked)
    one.when(command, by=MARKETPLACE)
    return one


def name(one: Shop) -> Shop:
    one.when(NameRoute(**WHO, remedy=1, method="bank", reference="b1"), by=BY_CONSUMER)
    return one


def consumer_has(one: Shop) -> int:
    """What the consumer got, by the postings."""
    posted = [
        transfer
        for event in one.journal
        for transfer in event.transfers
        if transfer.phase == "posted"
    ]
    got: int = sum(
        entry.minor
        for transfer in posted
        for entry in transfer.entries
        if entry.account is Account.CONSUMER
    )
    paid = 10_000
    return got + paid


def test_a_dead_route_asks_the_consumer_twice_and_then_the_desk() -> None:
    one = fail(asked()).then_only(RefundFailed, RouteAsked)
    assert one.state.live[0].refund is RefundStatus.FAILED
    assert one.state.refunded == (0,)
    desks = [one.event(RouteAsked).desk]
    for _ in range(3):
        one.wake_when_due().then_only(RouteAsked)
        desks.append(one.event(RouteAsked).desk)
    assert desks == [None, None, PLATFORM, PLATFORM]
    assert consumer_has(one) == 0


def test_money_goes_elsewhere_only_when_it_is_certain_that_it_was_not_sent() -> None:
    one = name(fail(asked())).then_only(RefundRequested)
    again = one.event(RefundRequested)
    assert (again.again, again.leg.number, again.leg.method) == (True, 1, "card")
    fail(one).then_only(RefundFailed, RefundRequested)
    leg = one.event(RefundRequested).leg
    assert (leg.number, leg.payment, leg.method, leg.reference) == (2, 0, "bank", "b1")
    assert one.state.refunded == (10_000,)
    confirm(one, leg=2).then_only(RefundSent, RemedySettled)
    assert consumer_has(one) == 10_000


def test_the_failure_for_which_a_route_was_named_is_not_another_one() -> None:
    one = name(fail(asked(), asked=1))
    before = one.state
    fail(one, asked=1).then_nothing()
    assert one.state is before
    fail(one, asked=3).then_refused("refund_unknown")
    one.wake_when_due().then_only(RefundRequested)
    fail(one, asked=1).then_nothing()
    fail(one, asked=2).then_only(RefundFailed, RefundRequested)
    assert one.event(RefundRequested).leg.method == "bank"
    for number in (1, 2, 3):
        fail(one, asked=number).then_nothing()
    confirm(one, leg=2).then_only(RefundSent, RemedySettled)
    assert consumer_has(one) == 10_000


def test_a_failure_that_says_of_no_asking_answers_the_last() -> None:
    fail(name(fail(asked()))).then_only(RefundFailed, RefundRequested)


def rerouted() -> Shop:
    return fail(name(fail(asked())))


def clearing(one: Shop) -> int:
    """What payments have sent and nobody bears."""
    booked: int = sum(
        entry.minor for entry in one.state.books if entry.account is Account.PAYMENT_CLEARING
    )
    return booked


@pytest.mark.parametrize("over", [False, True])
def test_what_was_sent_although_it_went_elsewhere_is_recorded_once(over: bool) -> None:
    one = confirm(rerouted(), leg=2)
    if over:
        one.wake_when_due().then_only(RemedyClosed)
    sent_at = one.now
    confirm(one, amount_minor=9_999).then_refused("amount_differs")
    confirm(one, currency="USD").then_refused("currency_differs")
    confirm(one).then_only(RefundSentTwice)
    assert (consumer_has(one), clearing(one)) == (20_000, -10_000)
    confirm(one, sent_at=sent_at).then_nothing()
    confirm(one, sent_at=sent_at - timedelta(seconds=1)).then_refused("refund_settled")
    fail(one).then_refused("refund_settled")
    credit(one, sent_at).then_only(RefundCredited)
    credit(one, sent_at).then_nothing()
    credit(one, sent_at + timedelta(seconds=1)).then_refused("refund_settled")
    if not over:
        statuses = [leg.status for leg in one.state.live[0].legs]
        assert statuses == [LegStatus.REPLACED, LegStatus.SENT]
        one.wake_when_due().then_only(RemedyClosed)
        credit(one, sent_at).then_nothing()
        confirm(one, sent_at=sent_at).then_nothing()
    assert consumer_has(one) == 20_000
    assert one.replayed() == one.state


def test_what_was_sent_all_the_same_is_not_sent_by_another_route_as_well() -> None:
    one = fail(rerouted(), leg=2).then_only(RefundFailed, RouteAsked)
    confirm(one).then_only(RefundSentTwice, RefundDropped, RemedySettled)
    name(one).then_refused("route_not_needed")
    assert consumer_has(one) == 10_000
    one = confirm(rerouted()).then_only(RefundSentTwice)
    fail(one, leg=2).then_only(RefundFailed, RefundDropped, RemedySettled)
    assert (consumer_has(one), one.state.pending) == (10_000, ())


@pytest.mark.parametrize("over", [False, True])
def test_what_was_sent_although_the_bank_had_taken_it_back_is_recorded(over: bool) -> None:
    one = took_back(fail(asked()), 10_000)
    if over:
        one.wake_when_due().then_only(RemedyClosed)
    confirm(one).then_only(RefundSentTwice)
    confirm(one).then_nothing()
    assert (consumer_has(one), clearing(one)) == (20_000, -20_000)


def test_what_was_sent_twice_counts_against_what_is_asked_for_next() -> None:
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 5_000, 2),))
    one = Shop().placed(part, payments=(Payment("card", 10_000),))
    one.asks(RemedyKind.CANCEL, WantedLine(1, 1))
    confirm(fail(name(fail(one))), leg=2, amount_minor=5_000)
    confirm(one, amount_minor=5_000).then_only(RefundSentTwice)
    one.asks(RemedyKind.CANCEL).then_refused("nothing_left")


def goodwill() -> Shop:
    """20 yuan on top of what was paid, asked of payments."""
    made = Shop(authority=AUTHORITY).plain()
    agent(made, ANNA)
    wish = Wish(kind=RemedyKind.COMPENSATION, reason="sorry", amount_minor=2_000)
    made.when(RequestRemedy(**WHO, wish=wish, agent=ANNA, goodwill=True), by=by(ANNA))
    made.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA))
    return answered(made, ANNA)


def test_what_comes_on_top_and_was_sent_all_the_same_is_not_sent_by_another_route_either() -> None:
    one = fail(fail(name(fail(goodwill()))), leg=2).then_only(RefundFailed, RouteAsked)
    confirm(one, amount_minor=2_000).then_only(RefundSentTwice, RefundDropped, RemedySettled)
    name(one).then_refused("route_not_needed")
    one = confirm(fail(name(fail(goodwill()))), amount_minor=2_000).then_only(RefundSentTwice)
    fail(one, leg=2).then_only(RefundFailed, RefundDropped, RemedySettled)
    assert one.state.pending == ()


def test_what_no_payment_was_asked_for_is_not_said_to_be_sent_twice() -> None:
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000),))
    one = Shop().placed(part, payments=())
    told: Any = {**WHO, "amount_minor": 10_000, "currency": "CNY"}
    paid = RecordOutside(**told, id=UUID(int=1), kind=OutsideKind.OUTSIDE_PAYMENT)
    one.when(paid, by=MARKETPLACE)
    one.asks(RemedyKind.CANCEL)
    back = RecordOutside(**told, id=UUID(int=2), kind=OutsideKind.CHARGEBACK)
    one.when(back, by=MARKETPLACE).then_only(OutsideRecorded, RefundDropped, RemedySettled)
    confirm(one).then_refused("refund_unknown")
    one.wake_when_due().then_only(RemedyClosed)
    confirm(one).then_refused("remedy_closed")


def test_what_failed_and_was_sent_after_all_is_not_sent_again() -> None:
    one = fail(asked())
    confirm(one).then_only(RefundRequested, RefundSent, RemedySettled)
    assert consumer_has(one) == 10_000
    name(one).then_refused("route_not_needed")
    assert one.state.refunded == (10_000,)


def test_what_turns_out_to_be_sent_when_asked_once_more_goes_nowhere_else() -> None:
    one = name(fail(asked()))
    confirm(one).then_only(RefundSent, RemedySettled)
    assert (consumer_has(one), one.state.pending) == (10_000, ())


def test_an_unknown_outcome_is_asked_for_and_nothing_is_sent_in_its_place() -> None:
    one = asked()
    name(one).then_refused("route_not_needed")
    for number in range(1, 4):
        one.wake_when_due().then_only(RefundRequested)
        assert one.event(RefundRequested).again
        assert one.state.live[0].legs[0].asked_again == number
    assert one.state.refunded == (10_000,)
    confirm(one).then_only(RefundSent, RemedySettled)


def test_a_route_that_is_dead_too_is_asked_for_again() -> None:
    one = fail(name(fail(asked())))
    fail(one, leg=2).then_only(RefundFailed, RouteAsked)
    fail(name(one), leg=2)
    assert one.event(RefundRequested).leg.number == 3
    confirm(one, leg=3).then_only(RefundSent, RemedySettled)
    assert (consumer_has(one), one.state.refunded) == (10_000, (10_000,))


def test_more_that_is_granted_goes_to_payments_that_have_room_beside_what_failed() -> None:
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 2_000, 5),))
    one = Shop().placed(part, payments=(Payment("card", 4_000), Payment("wallet", 6_000)))
    one.asks(RemedyKind.CANCEL, WantedLine(1, 1, 2))
    fail(one).then_only(RefundFailed, RouteAsked)
    one.asks(RemedyKind.CANCEL)
    assert [(leg.payment, leg.amount_minor) for leg in one.state.live[1].legs] == [(2, 6_000)]


def test_one_payment_may_fail_while_another_is_sent() -> None:
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000),))
    one = Shop().placed(part, payments=(Payment("card", 4_000), Payment("wallet", 6_000)))
    one.asks(RemedyKind.CANCEL)
    fail(one)
    confirm(one, leg=2, amount_minor=6_000).then_only(RefundSent)
    statuses = [leg.status for leg in one.state.live[0].legs]
    assert statuses == [LegStatus.FAILED, LegStatus.SENT]
    confirm(fail(name(one)), leg=3, amount_minor=4_000).then_only(RefundSent, RemedySettled)
    assert consumer_has(one) == 10_000


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"amount_minor": 9_999}, "amount_differs"),
        ({"amount_minor": 10_001}, "amount_differs"),
        ({"currency": "USD"}, "currency_differs"),
        ({"leg": 2}, "refund_unknown"),
    ],
)
def test_refuses_what_was_not_asked_for(told: dict[str, Any], code: str) -> None:
    one = asked()
    before = one.state
    confirm(one, **told).then_refused(code)
    assert one.state is before


def test_refuses_times_that_cannot_be() -> None:
    one = asked()
    confirm(one, sent_at=one.now + timedelta(days=2)).then_refused("time_in_future")
    confirm(one, sent_at=one.now - timedelta(days=2)).then_refused("time_implausible")


def test_what_was_said_once_is_not_unsaid() -> None:
    one = confirm(asked())
    confirm(one).then_nothing()
    fail(one).then_refused("refund_settled")
    confirm(one, sent_at=one.now - timedelta(seconds=9)).then_refused("refund_settled")
    assert consumer_has(one) == 10_000
    failed = fail(asked())
    fail(failed).then_nothing()


def credit(one: Shop, credited_at: datetime) -> Shop:
    one.when(ConfirmCredit(**LEG, credited_at=credited_at), by=MARKETPLACE)
    return one


def test_it_arrives_once_and_not_before_it_was_sent() -> None:
    one = confirm(asked())
    sent_at, arrived_at = one.now, one.now + timedelta(hours=3)
    credit(one, datetime(1970, 1, 1, tzinfo=UTC)).then_refused("time_implausible")
    credit(one, sent_at - timedelta(days=1, seconds=1)).then_refused("time_implausible")
    credit(one, arrived_at).then_only(RefundCredited)
    assert one.event(RefundCredited).seconds == 3 * 3_600
    for step in ("settled", "over"):
        assert bool(one.state.live) is (step == "settled")
        credit(one, arrived_at).then_nothing()
        credit(one, arrived_at + timedelta(seconds=1)).then_refused("refund_settled")
        confirm(one, sent_at=sent_at).then_nothing()
        if one.state.live:
            one.wake_when_due().then_only(RemedyClosed)
    confirm(one, sent_at=sent_at, amount_minor=9_999).then_refused("refund_settled")
    assert one.replayed() == one.state


def test_what_arrives_late_arrives_once_and_not_before_it_was_sent() -> None:
    one = confirm(asked())
    sent_at = one.now
    one.wake_when_due().then_only(RemedyClosed)
    credit(one, sent_at - timedelta(days=1, seconds=1)).then_refused("time_implausible")
    credit(one, sent_at).then_only(RefundCredited)
    credit(one, sent_at).then_nothing()
    credit(one, one.now).then_refused("refund_settled")


def test_refuses_what_is_said_of_remedies_that_are_not() -> None:
    one = asked()
    for command in (
        ConfirmCredit(**{**LEG, "remedy": 2}, credited_at=one.now),
        FailRefund(**{**LEG, "remedy": 2}, reason=RefundFailure.DECLINED),
    ):
        one.when(command, by=MARKETPLACE).then_refused("remedy_unknown")
    one.when(ConfirmCredit(**LEG, credited_at=one.now), by=MARKETPLACE)
    one.then_refused("refund_not_sent")


def test_money_that_arrives_after_the_remedy_was_over_is_still_heard_of() -> None:
    one = confirm(asked())
    one.wake_when_due().then_only(RemedyClosed)
    credit = ConfirmCredit(**LEG, credited_at=one.now)
    one.when(credit, by=MARKETPLACE).then_only(RefundCredited)
    assert one.event(RefundCredited).seconds == 7 * 86_400
    one.when(credit, by=MARKETPLACE).then_nothing()
    confirm(one).then_refused("refund_settled")
    fail(one).then_refused("refund_settled")
    name(one).then_refused("remedy_closed")
    one.when(ConfirmCredit(**{**LEG, "leg": 3}, credited_at=one.now), by=MARKETPLACE)
    one.then_refused("refund_unknown")
    assert one.replayed() == one.state


def took_back(one: Shop, amount_minor: int, number: int = 1) -> Shop:
    """The bank took so much back from the marketplace, at the consumer's word."""
    told = RecordOutside(
        **WHO,
        id=UUID(int=number),
        kind=OutsideKind.CHARGEBACK,
        amount_minor=amount_minor,
        currency="CNY",
        payment=1,
    )
    one.when(told, by=MARKETPLACE)
    return one


def test_what_the_bank_took_back_while_a_route_was_asked_for_is_not_sent_as_well() -> None:
    one = took_back(fail(asked()), 10_000).then_only(OutsideRecorded, RefundDropped, RemedySettled)
    assert one.state.live[0].refund is RefundStatus.NONE
    name(one).then_refused("route_not_needed")
    assert consumer_has(one) == 10_000


def test_what_the_bank_took_back_while_payments_were_asked_again_is_not_sent_as_well() -> None:
    one = took_back(name(fail(asked())), 10_000).then_only(OutsideRecorded)
    fail(one).then_only(RefundFailed, RefundDropped, RemedySettled)
    assert consumer_has(one) == 10_000
    fail(one).then_nothing()


def test_of_what_was_taken_back_in_part_the_rest_is_sent() -> None:
    one = took_back(fail(asked()), 4_000).then_only(OutsideRecorded)
    fail(name(one))
    leg = one.event(RefundRequested).leg
    assert (leg.number, leg.amount_minor, [source.minor for source in leg.taken]) == (
        2,
        6_000,
        [6_000],
    )
    confirm(one, leg=2, amount_minor=6_000).then_only(RefundSent, RemedySettled)
    assert consumer_has(one) == 10_000


def test_no_route_is_asked_for_where_all_was_taken_back() -> None:
    one = took_back(asked(), 10_000).then_only(OutsideRecorded)
    fail(one).then_only(RefundFailed, RefundDropped, RemedySettled)
    assert (consumer_has(one), one.state.pending) == (10_000, ())


def withdrawn_after_it_failed() -> Shop:
    refund = replace(AT_ONCE, id="test/refund", kind="refund", stage="*")
    one = fail(Shop(AT_ONCE, refund).plain().asks(RemedyKind.REFUND))
    one.when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER).then_only(RemedyWithdrawn)
    return one


def test_a_cancellation_that_was_carried_out_is_not_withdrawn() -> None:
    one = fail(asked()).when(WithdrawRemedy(**WHO, remedy=1), by=BY_CONSUMER)
    one.then_refused("remedy_decided")
    assert one.state.live[0].clock(ClockKind.ROUTE)
    name(one).then_only(RefundRequested)


def test_what_was_withdrawn_after_it_failed_and_was_sent_after_all_counts() -> None:
    one = confirm(withdrawn_after_it_failed()).then_only(OutsideRecorded)
    assert consumer_has(one) == 10_000
    confirm(one).then_nothing()
    one.asks(RemedyKind.CANCEL).then_refused("nothing_left")
    assert one.replayed() == one.state


def test_it_is_heard_that_what_was_sent_after_all_has_arrived() -> None:
    one = confirm(withdrawn_after_it_failed())
    credited = ConfirmCredit(**WHO, remedy=1, leg=1, credited_at=one.now)
    one.when(credited, by=MARKETPLACE).then_only(RefundCredited)
    one.when(credited, by=MARKETPLACE).then_nothing()
    confirm(one).then_nothing()
    assert consumer_has(one) == 10_000
    assert one.replayed() == one.state


def test_refuses_what_else_is_said_of_it() -> None:
    one = withdrawn_after_it_failed()
    fail(one).then_nothing()
    confirm(one, amount_minor=9_999).then_refused("amount_differs")
    confirm(one, leg=2).then_refused("refund_unknown")
    credited = ConfirmCredit(**WHO, remedy=1, leg=1, credited_at=one.now)
    one.when(credited, by=MARKETPLACE).then_refused("refund_not_sent")
