"""Texts with variables: `{refund.amount} goes back by {refund.until}`.

A variable is known by its name or the text is refused when it is written. One whose value is
missing when it is used leaves no hole: then there is no text, and it is said what is missing.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.records import Record

TEMPLATE_LENGTH_MAX = 4_000
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class Variable(StrEnum):
    """What a text may name."""

    CONSUMER_NAME = "consumer.name"
    AGENT_NAME = "agent.name"
    MERCHANT_NAME = "merchant.name"
    ORDER_PLACED = "order.placed"
    ORDER_PROMISE = "order.promise"
    ORDER_SHIP_BY = "order.ship_by"
    ORDER_ESTIMATE = "order.estimate"
    ORDER_PAID = "order.paid"
    REFUND_AMOUNT = "refund.amount"
    REFUND_UNTIL = "refund.until"
    CASE_ANSWER_BY = "case.answer_by"


class Lacking(StrEnum):
    """Why a variable has no value: there is none, it may not be seen, or it could be several."""

    UNKNOWN = "unknown"
    HIDDEN = "hidden"
    SEVERAL = "several"


class Missing(Record, frozen=True):
    """A variable that the text names and that has no value now."""

    variable: Variable
    why: Lacking


Values = Mapping[Variable, str | Lacking]


class Rendered(Record, frozen=True):
    """The text with all values in it; None where any is missing."""

    text: str | None
    missing: tuple[Missing, ...] = ()


def refuse_template(text: str) -> Refusal | None:
    """Every brace is one of a known variable, or written twice to mean itself."""
    for found in _BRACES.finditer(text):
        if found[0] in ("{{", "}}"):
            continue
        if found[1] is None:
            return Refusal("template_invalid", "a brace that means itself is written twice")
        if found[1] not in set(Variable):
            return Refusal("variable_unknown", f"one of {', '.join(Variable)}")
    return None


def variables_of(texts: Sequence[str]) -> set[Variable]:
    """All variables that these texts name."""
    return {Variable(found[1]) for text in texts for found in _BRACES.finditer(text) if found[1]}


def render(text: str, values: Values) -> Rendered:
    """The text with its values; what is not among them is unknown."""
    missing: dict[Variable, Lacking] = {}

    def value(found: "re.Match[str]") -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        variable = Variable(found[1])
        known = values.get(variable, Lacking.UNKNOWN)
        if isinstance(known, Lacking):
            missing[variable] = known
            return ""
        return known

    done = _BRACES.sub(value, text)
    if missing:
        return Rendered(None, tuple(Missing(*one) for one in missing.items()))
    return Rendered(done)
