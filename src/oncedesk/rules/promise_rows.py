"""The rows that say what broken promises, presales and fallen prices give by themselves."""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from msgspec import Meta

from oncedesk.domain.orders.messages import Breach
from oncedesk.domain.shared.remedy_rules import (
    CapRule,
    CompensationRule,
    PresaleRule,
    PriceProtectionRule,
)
from oncedesk.rules.rows import Liable, Problem, Row, currency_problems, share_problems

Payer = Literal["merchant", "creator", "agency", "carrier", "insurer", "platform"]
CurrencyOrAny = Annotated[str, Meta(pattern=r"^(\*|[A-Z]{3})$(?!\n)")]
CategoryOrAny = Annotated[str, Meta(pattern=r"^(\*|[A-Za-z0-9_.:-]{1,48})$(?!\n)")]
Minor = Annotated[int, Meta(ge=0, le=10**12)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Days = Annotated[int, Meta(ge=1, le=366)]


class ScaleRow(Row, frozen=True, kw_only=True):
    """So many percent of a price, within bounds in one currency."""

    currency: CurrencyOrAny
    percent: Percent
    minimum_minor: Minor = 0
    maximum_minor: Minor = 0

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        if self.currency != "*":
            yield from currency_problems("currency", self.currency)
        elif self.minimum_minor or self.maximum_minor:
            yield "currency", "expected the currency of these bounds, got '*'"
        if 0 < self.maximum_minor < self.minimum_minor:
            yield "maximum_minor", f"expected {self.minimum_minor} (the minimum) or more, or 0"
        if not self.percent and not self.minimum_minor:
            yield "percent", "expected a percentage or a minimum; this gives nothing"


class CompensationRow(ScaleRow, frozen=True, kw_only=True):
    """What a breach gives by itself, how, and who bears it."""

    table = "compensation"

    breach: Breach
    method: Literal["coupon", "balance"]
    payer: Liable
    payer_shipped_late: Liable | None = None
    hold_seconds: Annotated[int, Meta(ge=0, le=30 * 86_400)]

    @property
    def key(self) -> str:
        return f"{self.breach}/{self.currency}"

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        yield from share_problems("payer", self.payer, get_args(Payer))
        if self.payer_shipped_late is not None:
            yield from share_problems(
                "payer_shipped_late", self.payer_shipped_late, get_args(Payer)
            )


class CompensationCapRow(ScaleRow, frozen=True, kw_only=True):
    """The most that all breaches of a part, or of an order, give together."""

    table = "compensation_cap"

    per: Literal["part", "order"]

    @property
    def key(self) -> str:
        return f"{self.per}/{self.currency}"


class PresaleRow(Row, frozen=True, kw_only=True):
    """Presales of a category, and what becomes of the deposit."""

    table = "presale"

    category: CategoryOrAny
    days_max: Days
    reminder_seconds: Annotated[int, Meta(ge=0, le=30 * 86_400)]
    deposit_percent_max: Percent
    deposit_kept: bool
    deposit_doubled: bool
    default_seconds: Annotated[int, Meta(ge=0, le=90 * 86_400)] = 0

    @property
    def key(self) -> str:
        return self.category


class PriceProtectionRow(Row, frozen=True, kw_only=True):
    """For how long a fallen price is given back, and who bears it."""

    table = "price_protection"

    category: CategoryOrAny
    days: Days
    payer: Liable

    @property
    def key(self) -> str:
        return self.category

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        yield from share_problems("payer", self.payer, get_args(Payer))


def compensation_rule(row: CompensationRow, *, id_: str) -> CompensationRule:
    return CompensationRule(
        id=id_,
        currency=row.currency,
        percent=row.percent,
        minimum_minor=row.minimum_minor,
        maximum_minor=row.maximum_minor,
        breach=row.breach.value,
        method=row.method,
        payer=row.payer,
        payer_shipped_late=row.payer_shipped_late or "",
        hold_seconds=row.hold_seconds,
    )


def cap_rule(row: CompensationCapRow, *, id_: str) -> CapRule:
    return CapRule(
        id=id_,
        currency=row.currency,
        percent=row.percent,
        minimum_minor=row.minimum_minor,
        maximum_minor=row.maximum_minor,
        per=row.per,
    )


def presale_rule(row: PresaleRow, *, id_: str) -> PresaleRule:
    return PresaleRule(
        id=id_,
        category=row.category,
        days_max=row.days_max,
        reminder_seconds=row.reminder_seconds,
        deposit_percent_max=row.deposit_percent_max,
        deposit_kept=row.deposit_kept,
        deposit_doubled=row.deposit_doubled,
        default_seconds=row.default_seconds,
    )


def price_protection_rule(row: PriceProtectionRow, *, id_: str) -> PriceProtectionRule:
    return PriceProtectionRule(id=id_, category=row.category, days=row.days, payer=row.payer)
