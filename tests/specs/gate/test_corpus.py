"""The gate on what people really write: nothing ordinary is caught, nothing forbidden is missed."""

from datetime import date

import pytest

from oncedesk.domain.shared.gate.looking import Gate
from oncedesk.rules.loading import load_builtin
from tests.specs.gate.corpus import CAUGHT, ORDINARY

GATE = Gate(load_builtin(market).pack(date(2026, 11, 1)).gate for market in ("cn", "eu"))


def found(text: str) -> set[str]:
    verdict = GATE.look(text)
    return set() if verdict is None else {hit.kind.value for hit in verdict.hits}


def lines(table: str) -> list[str]:
    return [line for line in table.strip().splitlines() if line]


CASES = [
    *((frozenset[str](), text) for text in lines(ORDINARY)),
    *(
        (frozenset(kinds.split()), text.strip())
        for kinds, _, text in (line.partition("|") for line in lines(CAUGHT))
    ),
]


def test_the_corpus_is_large_enough_to_say_something() -> None:
    ordinary = sum(not kinds for kinds, _ in CASES)
    assert (ordinary >= 100, len(CASES) - ordinary >= 100) == (True, True)
    assert len({text for _, text in CASES}) == len(CASES)


@pytest.mark.parametrize(("kinds", "text"), CASES, ids=[text for _, text in CASES])
def test_finds_this_and_nothing_else(kinds: frozenset[str], text: str) -> None:
    assert found(text) == kinds
