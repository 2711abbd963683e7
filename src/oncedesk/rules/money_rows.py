"""The rows that say how much the platform gives, and how it gets back what it advanced."""

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta

from oncedesk.domain.shared.records import Record
from oncedesk.rules.rows import Problem, Row, Seconds, ValueRow, currency_problems

BudgetName = Literal["assurance", "goodwill"]
"""Another would limit nothing."""
_POCKETS = ("escrow", "balance", "deposit")
_DAYS_MAX = 180


class BudgetRow(Row, frozen=True, kw_only=True):
    """How much may be given out of the platform's own pocket in a calendar month."""

    table = "budget"

    name: BudgetName
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)")]
    amount_minor: Annotated[int, Meta(ge=0, le=10**15)]
    retry_seconds: Seconds = 3_600

    @property
    def key(self) -> str:
        return f"{self.name}/{self.currency}"

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        yield from currency_problems("currency", self.currency)


class RecoveryValues(Record, frozen=True):
    """The keys of the table `recovery`."""

    order: Annotated[str, Meta(pattern=r"^[a-z ]{1,40}$(?!\n)")]
    ageing_days: Annotated[str, Meta(pattern=r"^\d{1,3}( \d{1,3}){0,7}$(?!\n)")]
    write_off_days: Annotated[int, Meta(ge=1, le=_DAYS_MAX)]
    answer_seconds: Seconds = 86_400


class RecoveryRow(ValueRow, frozen=True, kw_only=True):
    table = "recovery"
    group = RecoveryValues

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        if self.name == "order" and isinstance(self.value, str):
            pockets = self.value.split()
            if len(set(pockets)) < len(pockets) or not set(pockets) <= set(_POCKETS):
                yield "value", f"expected each of {', '.join(_POCKETS)} at most once"
        if self.name == "ageing_days" and isinstance(self.value, str):
            ages = [int(age) for age in self.value.split() if age.isdecimal()]
            if ages != sorted(set(ages)) or not all(0 < age <= _DAYS_MAX for age in ages):
                yield "value", f"expected growing numbers of days, at most {_DAYS_MAX}"
