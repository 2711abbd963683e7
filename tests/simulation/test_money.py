"""Money that goes once too often, too much or too little of it, is found in the events alone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from oncedesk.domain.remedies.messages.asking import PaidPart
from oncedesk.domain.remedies.words import CaseLink, Leg
from oncedesk.domain.shared.ledger import Account, Entry, Phase, Transfer
from oncedesk.simulation import charging, giving, money, presales
from oncedesk.simulation.charging import Charging
from oncedesk.simulation.money import Money
from oncedesk.simulation.presales import Presales
from oncedesk.simulation.tally import Tally

ORDER = UUID(int=1)
PROMISE = UUID(int=2)
NOW = datetime(2026, 11, 29, tzinfo=UTC)
STREAM, TALK, PARTY = UUID(int=9), UUID(int=8), UUID(int=7)
CASE = CaseLink(TALK, 1)
GIVEN = {
    "type": "BreachCompensated",
    "remedy": 1,
    "breached": [PROMISE.bytes, "late", 1],
    "amount_minor": 500,
    "case": CASE,
}
SETTLED = {"type": "RemedySettled", "remedy": 1}
ENCODE = msgspec.msgpack.Encoder(uuid_format="bytes").encode
VOIDED = {"type": "CompensationVoided", "remedy": 1, "breached": [PROMISE.bytes, "late", 1]}


def opened(*, minor: int) -> dict[str, Any]:
    return {"type": "BooksOpened", "paid": [PaidPart(1, None, minor, 0, 0)]}


def requested(kind: str = "refund", **more: Any) -> dict[str, Any]:
    return {"type": "RemedyRequested", "remedy": 1, "kind": kind, "lines": [], **more}


def approved(*, minor: int) -> dict[str, Any]:
    return {"type": "RemedyApproved", "remedy": 1, "amount_minor": minor}


def asked(*, minor: int, leg: int = 1, beyond: bool = False, at: datetime = NOW) -> dict[str, Any]:
    fields = Leg(leg, 1, "card", minor, beyond=beyond)
    return {"type": "RefundRequested", "remedy": 1, "leg": fields, "at": at}


def sent(*, minor: int, leg: int = 1) -> dict[str, Any]:
    return {"type": "RefundSent", "remedy": 1, "leg": leg, "amount_minor": minor}


def moved(phase: Phase, *minors: int, account: Account = Account.ESCROW) -> dict[str, Any]:
    """Money moves, in the same transfer each time."""
    entries = tuple(Entry(account, PARTY, minor) for minor in minors)
    return {"type": "Moved", "transfers": [Transfer(1, phase, "CNY", entries)]}


def recovered(*, minor: int, number: int = 1) -> dict[str, Any]:
    return {
        "type": "RecoveryPosted",
        "party": PARTY.bytes,
        "recovery": number,
        "amount_minor": minor,
    }


def told(*notices: str) -> list[dict[str, Any]]:
    return [{"type": "ConsumerTold", "remedy": 1, "notice": one} for one in notices]


def found(
    *events: dict[str, Any],
    books: int = 0,
    talk: tuple[str, ...] = ("compensated",),
    account: tuple[dict[str, Any], ...] = (),
    taken: int = 0,
    owes: int = 0,
    under_way: int = 0,
) -> set[str]:
    """What is wrong with these journals: of an order of which payments sent so much, of what was
    told of it, and of a party from which the till took so much.
    """
    tally = Tally(money.CHECKS)
    read = Money(tally)
    whole = [{"order": ORDER.bytes, "at": NOW} | event for event in (opened(minor=10_000), *events)]
    read.entry(STREAM, "remedies", ENCODE(whole))
    read.entry(TALK, "conversation", ENCODE(told(*talk)))
    read.entry(PARTY, "account", ENCODE(list(account)))
    read.owes[PARTY] = owes
    read.giving.under_way[PARTY] = under_way
    read.done({ORDER: books} if books else {}, {PARTY: taken} if taken else {}, {}, now=NOW)
    return {check.name for check in tally.checks.values() if check.breaches}


def test_what_was_granted_asked_for_and_sent_is_right() -> None:
    beyond = asked(minor=50, leg=2, beyond=True)
    events = (approved(minor=100), asked(minor=100), sent(minor=100), beyond)
    assert found(*events, sent(minor=50, leg=2), books=150) == set()


@pytest.mark.parametrize(
    ("events", "books", "check"),
    [
        ((approved(minor=100), asked(minor=90), sent(minor=100)), 100, money.ASKED),
        ((approved(minor=100), sent(minor=100)), 100, money.ASKED),
        ((approved(minor=100), asked(minor=101), sent(minor=101)), 101, money.GRANTED),
        ((GIVEN, GIVEN), 0, money.BREACH),
        ((approved(minor=100), asked(minor=100), sent(minor=100)), 0, money.BOOKS),
        ((approved(minor=100), asked(minor=100)), 100, money.BOOKS),
    ],
)
def test_finds(events: tuple[dict[str, Any], ...], books: int, check: str) -> None:
    assert found(*events, books=books) == {check}


def test_a_breach_that_was_none_and_is_one_after_all_may_give_again() -> None:
    assert found(GIVEN, VOIDED, GIVEN, books=0) == set()


def test_what_was_granted_is_sent_and_told() -> None:
    events = (requested(case=CASE), approved(minor=100), asked(minor=100), sent(minor=100), SETTLED)
    assert found(*events, books=100, talk=("remedy_granted", "refund_sent")) == set()
    assert found(*events, books=100, talk=("refund_sent",)) == {giving.HEARD}
    assert found(*events, books=100, talk=("remedy_granted",)) == {giving.HEARD}


def test_finds_that_a_compensation_is_not_told() -> None:
    assert found(GIVEN, talk=()) == {giving.HEARD}


def test_finds_that_a_no_or_an_offer_is_not_told() -> None:
    for event, notice in (
        ("RemedyRefused", "remedy_refused"),
        ("CounterOfferMade", "remedy_offered"),
    ):
        said = {"type": event, "remedy": 1, "wish": {"kind": "refund"}}
        assert found(requested(case=CASE), said, talk=()) == {giving.HEARD}
        assert found(requested(case=CASE), said, talk=(notice,)) == set()


@pytest.mark.parametrize("kind", ["refund", "compensation"])
def test_finds_that_something_is_told_twice(kind: str) -> None:
    events = (requested(kind, case=CASE), approved(minor=0))
    twice = ("remedy_granted", "remedy_granted")
    assert found(*events, talk=twice) == {money.TOLD}
    decided = {"type": "DisputeDecided", "remedy": 1, "amount_minor": 0, "final": True}
    assert found(*events, decided, talk=twice) == set()
    assert found(*events, decided | {"final": False}, talk=twice) == {money.TOLD}


def test_what_was_not_accepted_of_a_return_may_be_granted_twice_as_any_other() -> None:
    split = {"type": "ReturnSplit", "remedy": 2, "rest": 1, "amount_minor": 0}
    events = (requested("return_and_refund", case=CASE) | {"remedy": 2}, split, approved(minor=0))
    decided = {"type": "DisputeDecided", "remedy": 1, "amount_minor": 0, "final": True}
    talk = ("return_refused_in_part", "remedy_granted", "remedy_granted")
    assert found(*events, decided, talk=talk) == set()
    assert found(*events, talk=talk) == {money.TOLD}


@pytest.mark.parametrize(
    "change",
    [
        {"type": "RefundInstead", "kind": "refund", "amount_minor": 100},
        {"type": "DisputeDecided", "amount_minor": 100, "final": False},
        {"type": "RemedyRepriced", "amount_minor": 100},
    ],
)
def test_finds_what_was_granted_and_settled_and_not_all_sent(change: dict[str, Any]) -> None:
    events = (requested(), approved(minor=60), change | {"remedy": 1}, asked(minor=60))
    assert found(*events, sent(minor=60), SETTLED, books=60) == {giving.ALL_SENT}
    all_of_it = (*events, sent(minor=60), asked(minor=40, leg=2), sent(minor=40, leg=2), SETTLED)
    assert found(*all_of_it, books=100) == set()


def test_what_needs_not_be_sent_is_not_missed() -> None:
    freight = {"type": "FreightCharged", "remedy": 1, "taken_minor": 30}
    dropped = {"type": "RefundDropped", "remedy": 1, "leg": 2}
    granted = (requested("return_and_refund"), approved(minor=100), freight, asked(minor=50))
    events = (*granted, sent(minor=50), asked(minor=20, leg=2), dropped, SETTLED)
    assert found(*events, books=50) == set()
    assert found(requested("exchange"), approved(minor=100), SETTLED) == set()


def test_finds_a_refund_that_payments_never_answered_and_nobody_asks_for_again() -> None:
    long_ago = asked(minor=100, at=NOW - timedelta(days=3))
    events = (requested(), approved(minor=100), long_ago)
    assert found(*events) == {giving.ANSWERED}
    a_day_ago = asked(minor=100, at=NOW - timedelta(days=1))
    late = (requested(), approved(minor=100), long_ago, asked(minor=100))
    assert found(*late) == {giving.ANSWERED}, "asked again, but too late"
    assert found(requested(), approved(minor=100), a_day_ago) == set()


def test_finds_what_the_till_took_and_nobody_booked() -> None:
    owed = ({"type": "AdvanceOwed", "amount_minor": 100}, recovered(minor=100))
    assert found(account=owed, taken=100) == set()
    assert found(account=owed, taken=200) == {giving.TAKEN}, "twice"
    assert found(account=owed, taken=0) == {giving.TAKEN}, "booked only"
    assert found(account=owed[:1], owes=100, taken=100, under_way=100) == set(), "not heard yet"
    assert found(account=owed[:1], owes=100, taken=100) == {giving.TAKEN}, "never heard"


def test_finds_debts_that_are_not_what_was_advanced() -> None:
    owed = ({"type": "AdvanceOwed", "amount_minor": 100},)
    assert found(account=owed, owes=90) == {money.OWED}
    twice = (*owed, recovered(minor=50), recovered(minor=50))
    assert found(account=twice, taken=100) == {money.OWED}


def test_finds_transfers_that_do_not_balance_or_are_left_hanging() -> None:
    assert found(moved(Phase.POSTED, 10, -9)) == {money.BALANCED}
    assert found(moved(Phase.PENDING, 10, -10)) == {money.PENDING}
    assert found(moved(Phase.PENDING, 10, -10), moved(Phase.VOIDED, 10, -10)) == set()


def test_finds_that_more_leaves_escrow_than_is_there() -> None:
    assert found(moved(Phase.POSTED, -10, 10)) == {money.ESCROW}
    assert found(moved(Phase.POSTED, 10, -10)) == set()


def test_finds_that_more_goes_back_than_was_paid_and_what_is_sent_twice() -> None:
    much = (requested(), approved(minor=10_001), asked(minor=10_001), sent(minor=10_001))
    assert found(*much, books=10_001) == {money.PAID}
    events = (approved(minor=200), asked(minor=100), sent(minor=100), sent(minor=100))
    assert found(*events, books=200) == {money.SENT}


ORDER_OF = {"order": ORDER.bytes}
WANTED = {"type": "ChargeRequested", "remedy": 1, "charge": [["card", "own", False], 700]}
PAID = {"type": "ChargeTaken", "remedy": 1, "amount_minor": 700}
TOO_LATE = PAID | {"type": "ChargeTakenLate"}
MADE = {"type": "ChangeMade", "remedy": 1}


def charges(
    *events: dict[str, Any], taken: int, wallet: tuple[dict[str, Any], ...] = ()
) -> set[str]:
    """What is wrong with these charges, of which payments took so much, and a wallet the others."""
    tally = Tally(charging.CHECKS)
    read = Charging(tally)
    for event in events:
        read.remedy(STREAM, ORDER_OF | event)
    for event in wallet:
        read.wallet(ORDER_OF | event)
    read.done({ORDER: taken} if taken else {})
    return {check.name for check in tally.checks.values() if check.breaches}


def test_what_a_change_costs_is_paid_once_and_it_is_made_or_goes_back() -> None:
    assert charges(WANTED, PAID, MADE, taken=700) == set()
    assert charges(WANTED, TOO_LATE, asked(minor=700, beyond=True), taken=700) == set()
    out_of = {"type": "BalanceTaken", "amount_minor": 700}
    assert charges(WANTED, PAID, MADE, taken=0, wallet=(out_of,)) == set()


@pytest.mark.parametrize(
    ("events", "taken", "checks"),
    [
        ((WANTED, PAID, PAID, MADE), 1_400, {charging.ONCE}),
        ((WANTED, PAID | {"amount_minor": 701}, MADE), 701, {charging.ONCE}),
        ((WANTED, PAID, MADE), 0, {charging.TAKEN}),
        ((WANTED,), 700, {charging.TAKEN}),
        ((WANTED, PAID), 700, {charging.DONE}),
        ((WANTED, TOO_LATE), 700, {charging.DONE}),
        ((sent(minor=700) | {"credits": "own"},), 0, {charging.CREDITED}),
    ],
)
def test_finds_a_charge_that_is_wrong(
    events: tuple[dict[str, Any], ...], taken: int, checks: set[str]
) -> None:
    assert charges(*events, taken=taken) == checks


@pytest.mark.parametrize(
    ("given", "on_top", "holds"), [(500, 300, True), (400, 300, False), (500, 0, False)]
)
def test_what_an_ended_presale_gives_is_given(given: int, on_top: int, *, holds: bool) -> None:
    tally = Tally(presales.CHECKS)
    read = Presales(tally)
    ended = {"type": "PresaleEnded", "by": "merchant", "returned_minor": 500, "penalty_minor": 300}
    read.order(ORDER_OF | ended)
    for kind, reason, minor in (
        ("refund", "merchant", given),
        ("compensation", "deposit_double", on_top),
    ):
        read.remedy(ORDER_OF | requested(kind, reason=reason, amount_minor=minor))
    read.done()
    assert (tally.breaches == 0) == holds


@pytest.mark.parametrize("back", [True, False])
def test_what_went_back_without_us_is_not_missed_of_a_presale(*, back: bool) -> None:
    tally = Tally(presales.CHECKS)
    read = Presales(tally)
    ended = {"type": "PresaleEnded", "by": "merchant", "returned_minor": 500, "penalty_minor": 0}
    read.order(ORDER_OF | ended)
    if back:
        read.remedy(ORDER_OF | {"type": "OutsideRecorded", "kind": "chargeback"})
    read.done()
    assert (tally.breaches == 0) == back


@pytest.mark.parametrize(
    ("event", "notice"),
    [
        ({"type": "GoodsSent"}, "goods_sent"),
        ({"type": "ReturnReceived"}, "return_received"),
        ({"type": "ReturnMissed"}, "return_missed"),
        ({"type": "RouteAsked"}, "route_wanted"),
        ({"type": "ChangeRefused", "part": 1}, "change_not_made"),
        ({"type": "ReturnSplit", "rest": 1, "amount_minor": 1}, "return_refused_in_part"),
    ],
)
def test_finds_that_a_step_is_not_told(event: dict[str, Any], notice: str) -> None:
    events = (requested(case=CASE), event | {"remedy": 1})
    assert found(*events, talk=(notice,)) == set()
    assert found(*events, talk=()) == {giving.HEARD}
