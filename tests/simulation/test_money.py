"""Money that goes once too often, or too much of it, is found in the events alone."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from oncedesk.simulation import money
from oncedesk.simulation.money import Money
from oncedesk.simulation.tally import Tally

ORDER = UUID(int=1)
PROMISE = UUID(int=2)
GIVEN = {
    "type": "BreachCompensated",
    "remedy": 1,
    "breached": [PROMISE.bytes, "late", 1],
    "amount_minor": 500,
}
VOIDED = {"type": "CompensationVoided", "remedy": 1, "breached": [PROMISE.bytes, "late", 1]}


def opened(*, minor: int) -> dict[str, Any]:
    return {"type": "BooksOpened", "paid": [[1, "card", minor]]}


def approved(*, minor: int) -> dict[str, Any]:
    return {"type": "RemedyApproved", "remedy": 1, "amount_minor": minor}


def asked(*, minor: int, leg: int = 1, beyond: bool = False) -> dict[str, Any]:
    fields = [leg, 1, "card", minor, "requested", "", None, None, 0, 0, False, beyond]
    return {"type": "RefundRequested", "remedy": 1, "leg": fields}


def sent(*, minor: int, leg: int = 1) -> dict[str, Any]:
    return {"type": "RefundSent", "remedy": 1, "leg": leg, "amount_minor": minor}


def found(*events: dict[str, Any], books: int) -> set[str]:
    """What is wrong with this journal of one order, of which payments sent so much."""
    tally = Tally(money.CHECKS)
    read = Money(tally)
    whole = [{"order": ORDER.bytes} | event for event in (opened(minor=10_000), *events)]
    read.entry(UUID(int=9), "remedies", msgspec.msgpack.encode(whole))
    read.done({ORDER: books} if books else {})
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
