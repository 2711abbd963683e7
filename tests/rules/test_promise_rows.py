"""Every error in a row about compensation, presales, fallen prices and budgets is named."""

from pathlib import Path
from typing import get_args

import pytest

from oncedesk.domain.remedies.messages.funding import ASSURANCE, GOODWILL
from oncedesk.domain.shared.money import percent_half_even
from oncedesk.rules.loading import load_builtin
from oncedesk.rules.money_rows import BudgetName
from tests.rules.test_remedy_rows import DAY, HEAD, errors_with, folder

__all__ = ["folder"]

COMPENSATION = f"""[[compensation]]
breach = "late_shipping"
currency = "USD"
percent = 5
minimum_minor = 100
maximum_minor = 900
method = "coupon"
payer = "merchant"
hold_seconds = 0
{HEAD}"""
CAP = f'[[compensation_cap]]\nper = "part"\ncurrency = "USD"\npercent = 5\n{HEAD}'
AUTHORITY = (
    '[[authority]]\ndesk = "platform"\nrole = "agent"\ncurrency = "USD"\nper_case_minor = 1\n'
    f"per_day_minor = 1\nper_consumer_minor = 1\n{HEAD}"
)
PRESALE = f"""[[presale]]
category = "hygiene"
days_max = 30
reminder_seconds = 3600
deposit_percent_max = 20
deposit_kept = true
deposit_doubled = true
{HEAD}"""
BUDGET = f'[[budget]]\nname = "goodwill"\ncurrency = "USD"\namount_minor = 100\n{HEAD}'
PROTECTION = f'[[price_protection]]\ncategory = "hygiene"\ndays = 7\npayer = "merchant"\n{HEAD}'


@pytest.mark.parametrize(
    ("row", "old", "new", "expected"),
    [
        (COMPENSATION, "late_shipping", "late_dispatch", "expected one of late_shipping, late_"),
        (COMPENSATION, "percent = 5", "percent = 101", "percent"),
        (COMPENSATION, '"USD"', '"*"', "expected the currency of these bounds, got '*'"),
        (COMPENSATION, '"USD"', '"usd"', "currency"),
        (COMPENSATION, '"USD"', '"RMB"', "expected one of ISO 4217, as CNY, got 'RMB'"),
        (CAP, '"USD"', '"RMB"', "expected one of ISO 4217"),
        (BUDGET, '"USD"', '"RMB"', "expected one of ISO 4217"),
        (AUTHORITY, '"USD"', '"RMB"', "expected one of ISO 4217"),
        (COMPENSATION, "= 900", "= 99", "expected 100 (the minimum) or more, or 0"),
        (COMPENSATION, "percent = 5\nminimum_minor = 100", "percent = 0", "gives nothing"),
        (COMPENSATION, '"coupon"', '"flowers"', "expected one of coupon, balance"),
        (COMPENSATION, '"merchant"', '"consumer"', "expected one of merchant, creator, agency"),
        (COMPENSATION, '"merchant"', '"merchant:60 carrier:50"', "add up to 100, got 110"),
        (COMPENSATION, "hold_seconds = 0", "hold_seconds = -1", "hold_seconds"),
        (CAP, '"part"', '"year"', "expected one of part, order"),
        (CAP, "percent = 5", "percent = 250", "percent"),
        (PRESALE, "days_max = 30", "days_max = 0", "days_max"),
        (PRESALE, "max = 20", "max = 120", "deposit_percent_max"),
        (PRESALE, "hygiene", "boats", "unknown category 'boats'; no row [[category]] defines it"),
        (PROTECTION, "hygiene", "boats", "unknown category 'boats'"),
        (BUDGET, "goodwill", "good_will", "expected one of assurance, goodwill"),
        (BUDGET, "= 100", "= -1", "amount_minor"),
        (PROTECTION, "days = 7", "days = 0", "days"),
        (PROTECTION, '"merchant"', '"nobody"', "expected one of merchant"),
    ],
)
def test_names_what_is_wrong(
    folder: Path,
    row: str,
    old: str,
    new: str,
    expected: str,
) -> None:
    assert old in row
    (error,) = errors_with(folder, row.replace(old, new, 1))
    assert error.startswith(f"extra.toml: {row[2 : row.index(']')]}[1].")
    assert expected in error


@pytest.mark.parametrize(
    ("amount_minor", "percent", "rounded"),
    [(1_990, 5, 100), (1_970, 5, 98), (50, 1, 0), (150, 1, 2), (151, 1, 2), (0, 10, 0)],
)
def test_a_half_goes_to_the_even_unit(amount_minor: int, percent: int, rounded: int) -> None:
    assert percent_half_even(amount_minor, percent) == rounded


def test_the_budgets_that_have_a_name_are_those_that_are_asked() -> None:
    assert set(get_args(BudgetName)) == {ASSURANCE, GOODWILL}


def test_late_dispatch_gives_three_yuan_or_more_in_china() -> None:
    rules = load_builtin("cn").pack(DAY).remedies
    rule = rules.compensation(breach="late_shipping", currency="CNY")
    assert rule is not None
    assert (rule.method, rule.of(100), rule.of(10_000)) == ("coupon", 300, 500)
    presale = rules.presale(category="anything")
    assert presale is not None
    assert (presale.deposit_percent_max, presale.deposit_doubled) == (20, True)
    european = load_builtin("eu").pack(DAY).remedies.presale(category="anything")
    assert european is not None
    assert not european.deposit_kept
