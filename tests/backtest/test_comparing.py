"""Any question is compared and counted alike; here one about money, as remedies will be."""

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.shared.money import Money
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.backtest.comparing import Rivals, compare
from oncedesk.engine.backtest.outcomes import Amount, Outcome, Term
from oncedesk.engine.backtest.questions import Case, Question, Reason, Unknown
from oncedesk.engine.backtest.tallies import EXAMPLES_KEPT, QuestionTally, Shift
from tests.support.given import small_pack

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
PACK = replace(small_pack(), hash="then")
DEAR = replace(PACK, hash="dear", version="2")
"""Under this one a consumer gets twice as much, and the platform pays half of it."""


class Asked(Record, frozen=True):
    """So much was asked for."""

    minor: int


def decide(facts: Asked, pack: Pack) -> Outcome:
    if facts.minor < 0:
        raise ZeroDivisionError("nobody is owed less than nothing")
    if facts.minor > 1_000:
        return Outcome(("refused",))
    if pack.version == "2":
        paid = (Amount("merchant", facts.minor, "CNY"), Amount("platform", facts.minor, "CNY"))
        return Outcome(("approved",), (Term("refund", NOW, None, True),), (), paid)
    return Outcome(("approved",), (), (), (Amount("merchant", facts.minor, "CNY"),))


REMEDIES = Question(
    name="remedies",
    about="what a consumer got",
    kind=Kind.REMEDIES,
    words=("answer",),
    sees=frozenset(),
    decides=bool,
    cases=lambda step, seen, past: (),
    decide=decide,
)


def case(number: int, minor: int, **changes: Any) -> Case:
    facts = Asked(minor)
    return Case(
        **{
            "key": UUID(int=number),
            "stream": UUID(int=1_000 + number),
            "version": 1,
            "at": NOW,
            "market": "cn",
            "pack": "then",
            "merchant": UUID(int=number % 2),
            "stake": Money(2 * abs(minor), "CNY"),
            "facts": facts,
            "recorded": decide(replace(facts, minor=abs(minor)), PACK),
            **changes,
        }
    )


def compared(
    cases: Sequence[Case], unknown: Sequence[Unknown] = (), **rivals: Any
) -> QuestionTally:
    tally = QuestionTally()
    packs = Rivals(**{"candidate": {"cn": DEAR}, "against": None, "own": {"then": PACK}, **rivals})
    compare(question=REMEDIES, cases=cases, unknown=unknown, rivals=packs, tally=tally)
    return tally


def test_counts_who_pays_how_much_more() -> None:
    tally = compared([case(1, 100), case(2, 300), case(3, 5_000)])
    assert (tally.decided, tally.changed) == (3, 2)
    assert tally.before_minor == {("merchant", "CNY"): 400}
    assert tally.after_minor == {("merchant", "CNY"): 400, ("platform", "CNY"): 400}
    assert tally.stake_minor == {"CNY": 800}
    assert tally.shifts == {"refund": Shift(new=2)}
    assert tally.words == {}
    assert [example.differences[-1] for example in tally.examples] == [
        f"merchant pays {minor} CNY -> merchant pays {minor} CNY, platform pays {minor} CNY"
        for minor in (100, 300)
    ]


def test_a_merchant_is_worse_off_where_it_pays_more() -> None:
    def cheap(facts: Asked, pack: Pack) -> Outcome:
        minor = facts.minor // 2 if pack.version == "2" else facts.minor
        return Outcome(("approved",), (), (), (Amount("merchant", minor, "CNY"),))

    tally = QuestionTally()
    question = dataclasses.replace(REMEDIES, decide=cheap)
    for candidate, against in ((DEAR, PACK), (PACK, DEAR), (PACK, DEAR)):
        rivals = Rivals({"cn": candidate}, {"cn": against}, {})
        compare(question=question, cases=[case(1, 100)], unknown=(), rivals=rivals, tally=tally)
    changes = tally.merchants[UUID(int=1)]
    assert (changes.decisions, changes.better, changes.worse) == (3, 1, 2)
    assert changes.pays_minor == {"CNY": 50}


def test_what_cannot_be_decided_is_counted_by_its_reason() -> None:
    tally = compared(
        [
            case(1, -1),
            case(2, 100, market="eu"),
            case(3, 100, pack="gone"),
            case(4, 100, recorded=Outcome(("refused",))),
            case(5, 100),
        ],
        [Unknown(Reason.PEOPLE), Unknown(Reason.PEOPLE), Unknown(Reason.FACTS_MISSING)],
    )
    assert tally.unknown == {
        Reason.PEOPLE: 2,
        Reason.FACTS_MISSING: 1,
        Reason.FAILED: 1,
        Reason.OTHER_MARKET: 1,
        Reason.NOT_REPRODUCED: 2,
    }
    assert tally.failures == {"ZeroDivisionError: nobody is owed less than nothing": 1}
    assert (tally.decided, tally.changed) == (1, 1)


def test_a_market_without_a_pack_to_compare_with_is_left_out() -> None:
    tally = compared([case(1, 100)], against={"eu": PACK})
    assert (tally.decided, tally.unknown) == (0, {Reason.OTHER_MARKET: 1})


def test_parts_add_up_to_the_whole_in_any_order() -> None:
    cases = [case(number, 10 * number) for number in range(1, 31)]
    whole = compared(cases)
    assert whole.changed == 30
    assert [one.key.int for one in whole.examples] == [*range(1, EXAMPLES_KEPT + 1)]
    for order in permutations(range(3)):
        tally = QuestionTally()
        for part in order:
            tally.add(compared(cases[part * 10 : part * 10 + 10]))
        assert tally == whole
