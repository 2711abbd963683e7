"""What a rule pack says of remedies, as the deciders read it. Append only, with defaults."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from oncedesk.domain.shared.money import percent_half_even
from oncedesk.domain.shared.records import Record

_Rule = TypeVar("_Rule")

EDITION = 2
"""How the rows of packs that are made now are read; see `RemedyRules`."""

ANY = "*"
ORIGINAL = "original"
"""Back to what it was paid with."""


class GrantedBy(StrEnum):
    """Whose yes a remedy needs."""

    RULE = "rule"
    MERCHANT = "merchant"
    PLATFORM = "platform"
    NOBODY = "nobody"


class OnSilence(StrEnum):
    """What happens by itself when whoever was asked says nothing.

    `grant`: as asked, and who the rule says bears it. `take_over`: the platform decides; if it is
    silent too, it is granted and the platform bears it.
    """

    GRANT = "grant"
    TAKE_OVER = "take_over"


class ShippingBack(StrEnum):
    """When the shipping that was paid goes back: with the last units of the part, with each unit's
    share of it, or not at all."""

    WITH_ALL = "with_all"
    ALWAYS = "always"
    NEVER = "never"


class OnlyIf(StrEnum):
    """What must be so for a row to hold: always, or only for items of which this is true."""

    ALWAYS = ""
    WAIVED = "waived"
    OPENED = "opened"


class Replaced(StrEnum):
    """What may come in an item's place: another variant, any (also the same), or more freely."""

    NOTHING = ""
    VARIANT = "variant"
    ANY_VARIANT = "any_variant"
    LISTING = "listing"
    ANYTHING = "anything"


class RemedyRule(Record, frozen=True, omit_defaults=True):
    """When this kind of remedy is owed for this reason at this stage, who says so, who bears it.

    `refusal` is the reason code where nobody can grant it. `within_days` (0: no limit) are local
    days counted from the day after `anchor` (`placed`, `shipped` or `delivered`), and if the
    calendar `ends_on` is closed on the last one, up to the next day on which it is open;
    `within_hours` are counted from the anchor itself. `payer` is a presumption as in an issue's
    `liable`; with `opt_in` a merchant bears it only if it opted in, or grants it itself, and else
    the platform does. Seconds are counted on `calendar`.

    `speed` is when the money of a return leaves, if nothing speaks for sooner or later. `evidence`
    is how many pieces have to be shown. `percent` of what was paid is given at most. It is not
    given after a remedy of a kind in `not_after` on the same order. `refund_to` says where else
    than back to the original payment the consumer may have it sent, by the kinds of their methods
    (`*`: anywhere). `replacement` is what may come in an item's place. With `late_after_days` (0:
    late or not) it is given only once the part is late: a promise was broken, its parcel is lost or
    went back, its day or estimate has passed, or, where neither is known, so many days since it was
    sent, or ordered (`late_anchor`).
    """

    id: str
    kind: str
    reason: str
    stage: str
    granted_by: GrantedBy
    refusal: str = ""
    payer: str = "merchant"
    anchor: str = "delivered"
    within_days: int = 0
    answer_seconds: int = 86_400
    warn_seconds: int = 3_600
    calendar: str = "always"
    on_silence: OnSilence = OnSilence.GRANT
    shipping: ShippingBack = ShippingBack.WITH_ALL
    category: str = ANY
    only_if: OnlyIf = OnlyIf.ALWAYS
    within_hours: int = 0
    ends_on: str = ""
    speed: str = "after_inspection"
    evidence: int = 0
    percent: int = 100
    opt_in: bool = False
    not_after: tuple[str, ...] = ()
    refund_to: tuple[str, ...] = (ORIGINAL,)
    replacement: Replaced = Replaced.NOTHING
    late_after_days: int = 0
    late_anchor: str = "shipped"


class Bundles(StrEnum):
    """What comes back of a bundle of which something is kept.

    `share`: its share of what was paid for all of it, in proportion to the single prices.
    `single_prices`: what was paid, less the single prices of what is kept.
    """

    SHARE = "share"
    SINGLE_PRICES = "single_prices"


class ReasonRule(Record, frozen=True, omit_defaults=True):
    """A reason that may be given for a remedy, whose doing it is presumed to be, and what comes
    back of bundles for it."""

    id: str
    reason: str
    fault: str
    bundles: Bundles = Bundles.SHARE


class CategoryRule(Record, frozen=True, omit_defaults=True):
    """A category of goods of which some rules speak. An order's `fresh.fish` belongs to `fresh`."""

    id: str
    category: str


class SettlingRule(Record, frozen=True, omit_defaults=True):
    """How long each step of a remedy may take.

    Payments are asked again after `answer_seconds`; money leaves within `refund_seconds` of when it
    is owed. After `closing_seconds` a settled remedy is forgotten but for what it gave. The
    platform's people have `platform_seconds` where a consumer asks for them or they take over.
    Goods are sent back within `ship_back_seconds`, or as many days of the calendar
    `ship_back_ends_on`, the last of which is one on which it is open; looked at within
    `inspection_seconds` from then, and repaired or replaced within `goods_seconds`. Where the way
    back of a refund is closed, the consumer is asked for another, once more after `route_seconds`,
    and then the platform's desk.
    """

    id: str
    answer_seconds: int = 3_600
    closing_seconds: int = 7 * 86_400
    counter_offer_seconds: int = 2 * 86_400
    objection_seconds: int = 7 * 86_400
    refund_seconds: int = 86_400
    platform_seconds: int = 86_400
    ship_back_seconds: int = 7 * 86_400
    inspection_seconds: int = 7 * 86_400
    goods_seconds: int = 2 * 86_400
    route_seconds: int = 3 * 86_400
    ship_back_ends_on: str = ""


SETTLING_DEFAULT = SettlingRule(id="default/settling")


class RiskRule(Record, frozen=True, omit_defaults=True):
    """What makes money leave sooner or later; it never makes a remedy refused.

    A trusted consumer has up to `instant_minor` of `currency` at once. More than `remedies_max`
    remedies lately, or `linked_max` linked accounts, or evidence that was shown before, each makes
    it a step slower; then `evidence_more` pieces more are asked for. A person has `review_seconds`
    to look at what has nothing to come back, then it is given.
    """

    id: str
    currency: str = ""
    instant_minor: int = 0
    remedies_max: int = 10
    linked_max: int = 2
    evidence_more: int = 1
    review_seconds: int = 86_400


RISK_DEFAULT = RiskRule(id="default/risk")


class RecoveryRule(Record, frozen=True, omit_defaults=True):
    """How the fund gets back what it advanced: from which sources, in this order, and until when.

    Sources are `escrow` (of other orders), `balance` and `deposit`; days are counted from the day
    on which the debt arose. `ageing_days` are those at which people are told.
    """

    id: str
    order: str = "escrow balance deposit"
    ageing_days: str = "30 60 90"
    write_off_days: int = 180
    answer_seconds: int = 86_400


RECOVERY_DEFAULT = RecoveryRule(id="default/recovery")


class BudgetRule(Record, frozen=True, omit_defaults=True):
    """How much may be given out of the platform's own pocket in a calendar month, in one currency.

    `retry_seconds` after it was empty it is asked again. Months are those of UTC.
    """

    id: str
    name: str
    currency: str
    amount_minor: int
    retry_seconds: int = 3_600


class AuthorityRule(Record, frozen=True, omit_defaults=True):
    """How much one person of this role at this kind of desk may give alone, in minor units.

    Per case in all, per 24 hours, and per consumer within 30 days.
    """

    id: str
    desk: str
    role: str
    currency: str
    per_case_minor: int
    per_day_minor: int
    per_consumer_minor: int


class OnUndecided(StrEnum):
    """What a dispute comes to if nobody has decided it in time."""

    GRANT = "grant"
    REFUSE = "refuse"


class DisputeRule(Record, frozen=True, omit_defaults=True):
    """How long both sides may show evidence, the platform decide, and either side object.

    `objection_days` are 24 hours each, or days of the calendar `objection_ends_on`, the last of
    which is one on which it is open.
    `silent_merchant`: what it comes to where the merchant showed nothing; `undecided`: where the
    platform decided nothing in time. `second_person_seconds` is how long a second person has.
    """

    id: str
    evidence_seconds: int = 2 * 86_400
    evidence_calendar: str = "always"
    decision_seconds: int = 2 * 86_400
    decision_calendar: str = "always"
    objection_days: int = 7
    silent_merchant: OnUndecided = OnUndecided.GRANT
    undecided: OnUndecided = OnUndecided.GRANT
    authority_seconds: int = 600
    second_person_seconds: int = 4 * 3_600
    objection_ends_on: str = ""


class Scale(Record, frozen=True, omit_defaults=True):
    """So many hundredths of an amount, but not less than the minimum and, unless it is 0, not more
    than the maximum. A fixed amount is a minimum and no percent. `currency` is that of the bounds;
    `*` has none and serves the currencies without a row of their own.
    """

    id: str
    currency: str
    percent: int
    minimum_minor: int
    maximum_minor: int

    def of(self, amount_minor: int) -> int:
        """What this comes to for an amount in that currency's minor units."""
        found = max(percent_half_even(amount_minor, self.percent), self.minimum_minor)
        return min(found, self.maximum_minor) if self.maximum_minor else found


class CompensationRule(Scale, frozen=True, kw_only=True, omit_defaults=True):
    """What a breach gives by itself: of the price that was paid for the part's goods.

    `method` is how: a `coupon`, or money on the consumer's `balance` at the marketplace. `payer` is
    who bears it, as in an issue's `liable`; `payer_shipped_late`, if set, where the part was
    shipped too late. It is sent `hold_seconds` later, for late news may show that it was no breach.
    """

    breach: str
    method: str
    payer: str
    payer_shipped_late: str = ""
    hold_seconds: int = 0


class CapRule(Scale, frozen=True, kw_only=True, omit_defaults=True):
    """The most that all breaches `per` part or order give together, of the price paid for it."""

    per: str


DISPUTE_DEFAULT = DisputeRule(id="default/dispute")


class PriceProtectionRule(Record, frozen=True, omit_defaults=True):
    """Where a price falls within so many days of the order, the difference is given back.

    Of this category, or (`*`) of any other; `payer` is who bears it, as in an issue's `liable`.
    """

    id: str
    category: str
    days: int
    payer: str = "merchant"


class PresaleRule(Record, frozen=True, omit_defaults=True):
    """Presales of a category (`*`: of any other): how long after the order the rest is paid at the
    latest, and when before that the consumer is reminded.

    `deposit_kept`: if the consumer does not go on; `deposit_doubled`: if the merchant does not. Up
    to `deposit_percent_max` of the price; what was paid above that is no deposit. A merchant that
    has not shipped so long after it had to does not go on (`default_seconds`; 0: that is never so).
    """

    id: str
    category: str
    days_max: int
    reminder_seconds: int
    deposit_percent_max: int
    deposit_kept: bool
    deposit_doubled: bool
    default_seconds: int = 0


class SendsOut(StrEnum):
    """When the goods that an exchange or a repair owes leave for the consumer."""

    AT_ONCE = "at_once"
    AT_SCAN = "at_scan"
    AFTER_INSPECTION = "after_inspection"


class Undecided(StrEnum):
    """What becomes of a contested refund that nobody decided in time; a debt needs a person."""

    REJECT = "reject"
    FUND = "fund"


class ReturnRule(Record, frozen=True, omit_defaults=True):
    """Who bears the way back for this kind of remedy and reason, and when goods or money leave.

    `freight` is a payer, or `consumer`. `slowest` is the slowest that money may be made by risk:
    what the law owes at a proof of sending does not wait for an inspection.
    """

    id: str
    kind: str
    reason: str
    freight: str = "consumer"
    sends: SendsOut = SendsOut.AFTER_INSPECTION
    slowest: str = "after_inspection"


class JourneyRule(Record, frozen=True, omit_defaults=True):
    """What holds for goods on their way back and out, beside the times in `SettlingRule`.

    `refund_days` bound the inspection, from the receipt. A merchant that says nothing of where to
    for `place_seconds` gives the money without the goods. What was not sent can be asked for once
    more in `reopen_seconds`. Nothing heard for `no_movement_seconds`: it is lost, by the consumer's
    own carrier at the risk of `own_carrier_lost`. A weight may be off by `weight_percent`, but in
    any case by `weight_grams`. `proof_is_scan`: a proof of posting counts like a carrier's scan. A
    consumer who paid the way back for somebody else has up to `freight_minor_max` of
    `freight_currency` back, in another currency up to what was paid for the part, by
    `payout_method`. A contest is made in `contest_seconds` and decided in `decision_seconds`.
    """

    id: str
    ship_back_warn_seconds: int = 2 * 86_400
    reopen_seconds: int = 7 * 86_400
    place_seconds: int = 86_400
    no_movement_seconds: int = 10 * 86_400
    inspection_warn_seconds: int = 12 * 3_600
    refund_days: int = 7
    contest_seconds: int = 7 * 86_400
    decision_seconds: int = 7 * 86_400
    undecided: Undecided = Undecided.FUND
    weight_percent: int = 20
    weight_grams: int = 100
    proof_is_scan: bool = False
    own_carrier_lost: str = "consumer"
    freight_minor_max: int = 5_000
    payout_method: str = "balance"
    freight_currency: str = ""


JOURNEY_DEFAULT = JourneyRule(id="default/journey")


class RemedyRules(Record, frozen=True, omit_defaults=True):
    """All of a pack that is about remedies. Without rows nothing is owed, and nothing granted.

    `edition` is how its rows are read, so that a stored pack decides as it did when it was made. 0:
    what is kept of a bundle costs its single price for any reason, the first of the rows that ask
    the most decides for all items, and compensations are of the prices that were agreed.
    1: bundles as the reason says, each item under its own row, and of what was really paid; the
    most that is believed of freight is that number in whatever currency. 2: in its own only.
    """

    rules: Mapping[str, RemedyRule] = {}
    recovery: RecoveryRule = RECOVERY_DEFAULT
    budgets: Mapping[str, BudgetRule] = {}
    settling: SettlingRule = SETTLING_DEFAULT
    reasons: Mapping[str, ReasonRule] = {}
    categories: Mapping[str, CategoryRule] = {}
    risk: RiskRule = RISK_DEFAULT
    returns: Mapping[str, ReturnRule] = {}
    journey: JourneyRule = JOURNEY_DEFAULT
    authority: Mapping[str, AuthorityRule] = {}
    dispute: DisputeRule = DISPUTE_DEFAULT
    compensations: Mapping[str, CompensationRule] = {}
    caps: Mapping[str, CapRule] = {}
    presales: Mapping[str, PresaleRule] = {}
    price_protections: Mapping[str, PriceProtectionRule] = {}
    edition: int = 0

    def authority_of(self, *, desk: str, role: str, currency: str) -> AuthorityRule | None:
        """What this role may give; None: nothing."""
        return self.authority.get(authority_key(desk=desk, role=role, currency=currency))

    def rule(
        self,
        *,
        kind: str,
        reason: str,
        stage: str,
        category: str = "",
        waived: bool = False,
        opened: bool = False,
    ) -> RemedyRule | None:
        """The most specific rule: its category before its reason, its reason before its stage."""
        known = self.category(category) if category else ""
        for one in (known, ANY) if known else (ANY,):
            for why in (reason, ANY):
                for when in (stage, ANY):
                    key = f"{kind}/{why}/{when}/{one}"
                    if opened and (found := self.rules.get(f"{key}/opened")):
                        return found
                    if waived and (found := self.rules.get(f"{key}/waived")):
                        return found
                    if found := self.rules.get(key):
                        return found
        return None

    def bundles(self, reason: str) -> Bundles:
        """What comes back of bundles for this reason."""
        if self.edition < 1:
            return Bundles.SINGLE_PRICES
        known = self.reasons.get(reason)
        return Bundles.SHARE if known is None else known.bundles

    def budget(self, *, name: str, currency: str) -> BudgetRule | None:
        """The budget of this name; None where the pack sets none, so that nothing limits it."""
        return self.budgets.get(f"{name}/{currency}")

    def return_rule(self, *, kind: str, reason: str) -> ReturnRule:
        """The most specific: for this kind and reason, the kind, the reason, any."""
        for key in (
            return_key(kind=kind, reason=reason),
            return_key(kind=kind, reason=ANY),
            return_key(kind=ANY, reason=reason),
            return_key(kind=ANY, reason=ANY),
        ):
            found = self.returns.get(key)
            if found is not None:
                return found
        return ReturnRule(id="default/return", kind=ANY, reason=ANY)

    def freight_minor_max(self, *, currency: str, paid_minor: int) -> int:
        """The most that is believed of what a consumer says they paid for the way back.

        In a currency without a bound it is what was paid for the part; nothing is converted.
        """
        if self.edition < 2 or currency == self.journey.freight_currency:
            return self.journey.freight_minor_max
        return paid_minor

    @property
    def inspection_seconds(self) -> int:
        """How long the goods may be looked at, so that the money still goes back in time."""
        in_time = self.journey.refund_days * 86_400 - self.settling.refund_seconds
        return max(1, min(self.settling.inspection_seconds, in_time))

    def category(self, category: str) -> str:
        """The category of the pack that an order's belongs to; empty: none."""
        if category in self.categories:
            return category
        first = category.partition(".")[0]
        return first if first in self.categories else ""

    def compensation(self, *, breach: str, currency: str) -> CompensationRule | None:
        """What this breach gives in this currency; None where it gives nothing by itself."""
        found = self.compensations.get(money_key(breach, currency))
        return found or self.compensations.get(money_key(breach, ANY))

    def presale(self, *, category: str) -> PresaleRule | None:
        """What holds for presales of this category; None: there are none."""
        return self._of_category(self.presales, category)

    def price_protection(self, *, category: str) -> PriceProtectionRule | None:
        """What holds where the price of this category falls; None: nothing is given back."""
        return self._of_category(self.price_protections, category)

    def _of_category(self, rules: Mapping[str, _Rule], category: str) -> _Rule | None:
        """The most specific: for what an order says, the pack's category of that, any."""
        found = rules.get(category) or rules.get(self.category(category))
        return found or rules.get(ANY)

    def cap(self, *, per: str, currency: str) -> CapRule | None:
        """What breaches give at most, per part or order; None where nothing bounds them."""
        return self.caps.get(money_key(per, currency)) or self.caps.get(money_key(per, ANY))


def money_key(name: str, currency: str) -> str:
    """The key of what holds in one currency."""
    return f"{name}/{currency}"


def authority_key(*, desk: str, role: str, currency: str) -> str:
    return f"{desk}/{role}/{currency}"


def remedy_key(
    *, kind: str, reason: str, stage: str, category: str = ANY, only_if: str = OnlyIf.ALWAYS
) -> str:
    """The key of a rule in `RemedyRules.rules`."""
    key = f"{kind}/{reason}/{stage}/{category}"
    return f"{key}/{only_if}" if only_if else key


def return_key(*, kind: str, reason: str) -> str:
    return f"{kind}/{reason}"
