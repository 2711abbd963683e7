"""A text with variables says all of it or nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncedesk.domain.shared.grams import grams_of_text, grams_of_words, plain, words_of
from oncedesk.domain.shared.saying import amount_said, moment_said
from oncedesk.domain.shared.templates import (
    Lacking,
    Missing,
    Variable,
    refuse_template,
    render,
    variables_of,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{order.prommise}", "variable_unknown"),
        ("{}", "variable_unknown"),
        ("{ refund.amount }", "variable_unknown"),
        ("{refund.amount", "template_invalid"),
        ("refund.amount}", "template_invalid"),
        ("{{refund.amount}", "template_invalid"),
        ("{refund.{amount}}", "template_invalid"),
    ],
)
def test_refuses_what_is_no_variable(text: str, code: str) -> None:
    refused = refuse_template(text)
    assert refused is not None
    assert refused.code == code


def test_says_the_values_and_braces_that_mean_themselves() -> None:
    text = "{{x}} {refund.amount}, by {refund.until}: {refund.amount}"
    assert refuse_template(text) is None
    assert variables_of([text]) == {Variable.REFUND_AMOUNT, Variable.REFUND_UNTIL}
    values = {Variable.REFUND_AMOUNT: "¥8.90", Variable.REFUND_UNTIL: "14 Nov"}
    assert render(text, values).text == "{x} ¥8.90, by 14 Nov: ¥8.90"


def test_a_value_is_no_template() -> None:
    """What somebody is called is said, whatever it looks like."""
    values = {Variable.CONSUMER_NAME: "{refund.amount} {{"}
    assert render("{consumer.name}", values).text == "{refund.amount} {{"


def test_leaves_no_hole() -> None:
    done = render("{refund.amount} {consumer.name}", {Variable.CONSUMER_NAME: Lacking.HIDDEN})
    assert done.text is None
    assert done.missing == (
        Missing(Variable.REFUND_AMOUNT, Lacking.UNKNOWN),
        Missing(Variable.CONSUMER_NAME, Lacking.HIDDEN),
    )


@given(st.text(max_size=60))
def test_a_text_is_either_refused_or_can_be_said(text: str) -> None:
    if refuse_template(text) is None:
        values = dict.fromkeys(Variable, "x")
        assert render(text, values).text is not None


@pytest.mark.parametrize(
    ("minor", "currency", "said"),
    [
        (8900, "CNY", "¥89.00"),
        (5, "EUR", "€0.05"),
        (123_456_789, "USD", "$1,234,567.89"),
        (-100, "CNY", "-¥1.00"),
        (1500, "JPY", "JPY 1,500"),
        (150, "PLN", "PLN 1.50"),
        (500_005, "IDR", "IDR 5,000.05"),
        (1_500, "XAF", "XAF 1,500"),
        (-12_050, "KWD", "-KWD 12.050"),
        (123_456, "CLF", "CLF 12.3456"),
    ],
)
def test_an_amount_is_said_to_the_last_unit(minor: int, currency: str, said: str) -> None:
    assert amount_said(minor, currency) == said


def test_a_moment_is_said_as_it_is_there() -> None:
    at = datetime(2026, 11, 14, 16, 5, tzinfo=UTC)
    assert moment_said(at, timezone="Asia/Shanghai", language="zh-CN") == "11月15日 00:05"
    assert moment_said(at, timezone="Asia/Shanghai", language="en") == "15 Nov 00:05"


@given(st.text(max_size=80), st.integers(0, 79), st.integers(1, 12))
def test_every_word_of_a_text_is_found_by_its_pieces(text: str, start: int, length: int) -> None:
    part = text[start : start + length]
    for word in words_of(part):
        if word in plain(text) and word in "".join(words_of(text)):
            assert grams_of_words([word]) <= grams_of_text(text)
