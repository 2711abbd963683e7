"""The rows that say what is owed, to whom, why, until when, and who bears it."""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from msgspec import Meta

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.remedy_rules import (
    ANY,
    ORIGINAL,
    Bundles,
    GrantedBy,
    OnlyIf,
    OnSilence,
    RemedyRule,
    Replaced,
    ReturnRule,
    SendsOut,
    ShippingBack,
    Undecided,
)
from oncedesk.rules.rows import (
    Code,
    CodeOrNone,
    IssueOrAny,
    Liable,
    Party,
    Problem,
    Row,
    Seconds,
    ValueRow,
    share_problems,
)

KindName = Literal[
    "cancel", "change_items", "change_address", "change_payment", "refund", "return_and_refund",
    "exchange", "resend", "repair", "price_protection", "compensation",
]  # fmt: skip
StageName = Literal["unshipped", "shipped", "delivered", "cancelled", "*"]
PayerName = Literal["merchant", "creator", "agency", "carrier", "insurer", "platform"]
SpeedName = Literal["instant", "at_scan", "after_inspection"]
Method = Annotated[str, Meta(pattern=r"^(\*|[a-z][a-z0-9_]{0,47})$(?!\n)")]
Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)")]
Hours = Annotated[int, Meta(ge=0, le=8_784)]
_NOT_YET = {
    "unshipped": ("shipped", "delivered"),
    "shipped": ("delivered",),
}


class ReasonRow(Row, frozen=True, kw_only=True):
    """Why somebody may want a remedy, whose doing that is presumed to be, and what of bundles."""

    table = "reason"

    reason: Code
    fault: Party
    bundles: Bundles = Bundles.SHARE

    @property
    def key(self) -> str:
        return self.reason


class CategoryRow(Row, frozen=True, kw_only=True):
    """A category of goods that remedies speak of."""

    table = "category"

    category: Code

    @property
    def key(self) -> str:
        return self.category


class RemedyRow(Row, frozen=True, kw_only=True):
    """When a kind of remedy is owed, who grants it, until when, and who bears it."""

    table = "remedy"

    kind: KindName
    reason: IssueOrAny
    stage: StageName
    category: IssueOrAny = ANY
    only_if: OnlyIf = OnlyIf.ALWAYS
    granted_by: GrantedBy
    refusal: CodeOrNone = ""
    payer: Liable = "merchant"
    anchor: Literal["placed", "shipped", "delivered"] = "delivered"
    within_days: Annotated[int, Meta(ge=0, le=3_660)] = 0
    within_hours: Hours = 0
    ends_on: CodeOrNone = ""
    answer_seconds: Seconds = 86_400
    warn_seconds: Annotated[int, Meta(ge=0)] = 3_600
    calendar: Code = "always"
    on_silence: OnSilence = OnSilence.GRANT
    speed: SpeedName = "after_inspection"
    evidence: Annotated[int, Meta(ge=0, le=9)] = 0
    percent: Annotated[int, Meta(ge=1, le=100)] = 100
    opt_in: bool = False
    not_after: Annotated[tuple[KindName, ...], Meta(max_length=11)] = ()
    refund_to: Annotated[tuple[Method, ...], Meta(min_length=1, max_length=8)] = (ORIGINAL,)
    replacement: Replaced = Replaced.NOTHING
    shipping: ShippingBack = ShippingBack.WITH_ALL
    late_after_days: Annotated[int, Meta(ge=0, le=366)] = 0
    late_anchor: Literal["placed", "shipped"] = "shipped"

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.reason}/{self.stage}/{self.category}/{self.only_if}"

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        yield from share_problems("payer", self.payer, get_args(PayerName))
        if (self.granted_by is GrantedBy.NOBODY) != bool(self.refusal):
            yield "refusal", "expected a reason code where nobody grants it, and only there"
        if self.granted_by is GrantedBy.RULE and self.on_silence is OnSilence.TAKE_OVER:
            yield "on_silence", "expected grant: a rule is never silent"
        if self.warn_seconds >= self.answer_seconds:
            yield "warn_seconds", f"expected less than `answer_seconds` ({self.answer_seconds})"
        if self.within_days and self.within_hours:
            yield "within_hours", "expected days or hours, not both"
        if self.ends_on and not self.within_days:
            yield "ends_on", "expected only with `within_days`"
        limited = self.within_days or self.within_hours
        if limited and self.anchor in _NOT_YET.get(self.stage, ()):
            yield "anchor", f"expected an earlier one: it is not {self.anchor} while {self.stage}"
        if not limited and self.anchor != "delivered":
            yield "anchor", "expected only with `within_days` or `within_hours`"
        if self.late_after_days and self.stage != "shipped":
            yield "late_after_days", "expected only while it is on its way (stage `shipped`)"
        if self.late_anchor != "shipped" and not self.late_after_days:
            yield "late_anchor", "expected only with `late_after_days`"
        if self.opt_in and not self.payer.startswith("merchant"):
            yield "opt_in", "expected only where a merchant bears it"


class ReturnRow(Row, frozen=True, kw_only=True):
    """Who bears the way back, and when what is given for it leaves."""

    table = "return"

    kind: Literal["return_and_refund", "exchange", "repair", "*"]
    reason: IssueOrAny
    freight: Literal["consumer", PayerName]
    sends: SendsOut = SendsOut.AFTER_INSPECTION
    slowest: SpeedName = "after_inspection"

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.reason}"


class SettlingValues(Record, frozen=True):
    """The keys of the table `settling`."""

    answer_seconds: Seconds = 3_600
    closing_seconds: Seconds = 7 * 86_400
    counter_offer_seconds: Seconds = 2 * 86_400
    objection_seconds: Seconds = 7 * 86_400
    refund_seconds: Seconds = 86_400
    platform_seconds: Seconds = 86_400
    ship_back_seconds: Seconds = 7 * 86_400
    inspection_seconds: Seconds = 7 * 86_400
    goods_seconds: Seconds = 2 * 86_400
    route_seconds: Seconds = 3 * 86_400
    ship_back_ends_on: CodeOrNone = ""


class JourneyValues(Record, frozen=True):
    """The keys of the table `journey`."""

    ship_back_warn_seconds: Seconds = 2 * 86_400
    reopen_seconds: Seconds = 7 * 86_400
    place_seconds: Seconds = 86_400
    no_movement_seconds: Seconds = 10 * 86_400
    inspection_warn_seconds: Seconds = 12 * 3_600
    refund_days: Annotated[int, Meta(ge=1, le=60)] = 7
    contest_seconds: Seconds = 7 * 86_400
    decision_seconds: Seconds = 7 * 86_400
    undecided: Undecided = Undecided.FUND
    weight_percent: Annotated[int, Meta(ge=0, le=100)] = 20
    weight_grams: Annotated[int, Meta(ge=0, le=100_000)] = 100
    proof_is_scan: bool = False
    own_carrier_lost: Literal["consumer", "merchant"] = "consumer"
    freight_minor_max: Annotated[int, Meta(ge=0, le=10**9)] = 5_000
    payout_method: Code = "balance"
    freight_currency: Currency = ""


class RiskValues(Record, frozen=True):
    """The keys of the table `risk`."""

    currency: Currency = ""
    instant_minor: Annotated[int, Meta(ge=0, le=10**12)] = 0
    remedies_max: Annotated[int, Meta(ge=1, le=100_000)] = 10
    linked_max: Annotated[int, Meta(ge=1, le=16)] = 2
    evidence_more: Annotated[int, Meta(ge=0, le=9)] = 1
    review_seconds: Seconds = 86_400


class SettlingRow(ValueRow, frozen=True, kw_only=True):
    table = "settling"
    group = SettlingValues


class JourneyRow(ValueRow, frozen=True, kw_only=True):
    table = "journey"
    group = JourneyValues


class RiskRow(ValueRow, frozen=True, kw_only=True):
    table = "risk"
    group = RiskValues


def return_rule(row: ReturnRow, *, id_: str) -> ReturnRule:
    """The row as the deciders read it."""
    return ReturnRule(
        id=id_,
        kind=row.kind,
        reason=row.reason,
        freight=row.freight,
        sends=row.sends,
        slowest=row.slowest,
    )


def remedy_rule(row: RemedyRow, *, id_: str) -> RemedyRule:
    """The row as the deciders read it: the same fields, but for where it comes from."""
    fields = {name: getattr(row, name) for name in RemedyRule.__struct_fields__ if name != "id"}
    return RemedyRule(id=id_, **fields)
