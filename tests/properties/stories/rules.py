"""Rules that differ from story to story: who grants what, who bears it, when money leaves."""

from random import Random

from msgspec.structs import replace

from oncedesk.domain.shared.remedy_rules import (
    EDITION,
    BudgetRule,
    Bundles,
    CompensationRule,
    DisputeRule,
    GrantedBy,
    JourneyRule,
    OnSilence,
    OnUndecided,
    PresaleRule,
    PriceProtectionRule,
    ReasonRule,
    RemedyRule,
    RemedyRules,
    Replaced,
    ReturnRule,
    SendsOut,
    SettlingRule,
    ShippingBack,
    Undecided,
    money_key,
    remedy_key,
    return_key,
)
from oncedesk.domain.shared.rulepack import Pack
from tests.specs.remedies.shop import todays_pack

BREACHES = ("late_shipping", "late_delivery", "no_movement")
PAYERS = (
    "merchant",
    "creator",
    "platform",
    "merchant:60 creator:40",
    "carrier",
    "insurer",
    "agency",
    "merchant:33 platform:67",
)
"""Each bears what is asked for with a reason of its own."""

REASONS = tuple(f"borne_by_{place}" for place in range(len(PAYERS)))
_BY_RULE = ("change_items", "change_payment")
_KINDS = ("cancel", "refund", "return_and_refund", "exchange", "resend", "repair", *_BY_RULE)
_GRANTED_BY = (GrantedBy.RULE, GrantedBy.RULE, GrantedBy.MERCHANT, GrantedBy.MERCHANT)


def any_pack(dice: Random, currency: str) -> Pack:
    """Whatever a pack may say, so far as a kind and a reason always have a rule."""
    rules = [
        _rule(dice, kind, reason, payer)
        for kind in _KINDS
        for reason, payer in zip(REASONS, PAYERS, strict=True)
    ]
    fund_minor = dice.choice((None, None, 10**9, 10**9, 10**9, 3_000))
    # Asked every hour, an empty fund would be most of a story.
    fund = BudgetRule("test/fund", "assurance", currency, fund_minor or 0, retry_seconds=43_200)
    return replace(
        todays_pack(),
        hash="test",
        remedies=RemedyRules(
            rules={remedy_key(kind=one.kind, reason=one.reason, stage="*"): one for one in rules},
            returns={return_key(kind="*", reason="*"): _way_back(dice)},
            reasons={
                reason: ReasonRule(
                    f"test/{reason}", reason, "merchant", dice.choice(tuple(Bundles))
                )
                for reason in REASONS
            },
            compensations={
                money_key(breach, currency): _compensation(dice, breach, currency)
                for breach in BREACHES
            },
            price_protections={"*": PriceProtectionRule("test/protection", "*", 300)},
            presales={"*": _presale(dice)},
            budgets={} if fund_minor is None else {f"assurance/{currency}": fund},
            dispute=DisputeRule(
                "test/dispute",
                silent_merchant=dice.choice(tuple(OnUndecided)),
                undecided=dice.choice(tuple(OnUndecided)),
            ),
            journey=JourneyRule(
                "test/journey",
                undecided=dice.choice(tuple(Undecided)),
                own_carrier_lost=dice.choice(("consumer", "merchant")),
            ),
            settling=SettlingRule("test/settling"),
            edition=EDITION,
        ),
    )


def _rule(dice: Random, kind: str, reason: str, payer: str) -> RemedyRule:
    granted_by = dice.choice((*_GRANTED_BY, *_GRANTED_BY, GrantedBy.PLATFORM))
    replaced = kind in ("exchange", "change_items")
    return RemedyRule(
        id=f"test/{kind}/{reason}",
        kind=kind,
        reason=reason,
        stage="*",
        granted_by=GrantedBy.RULE if kind in _BY_RULE else granted_by,
        payer=payer,
        speed=dice.choice(("instant", "at_scan", "after_inspection")),
        shipping=dice.choice(tuple(ShippingBack)),
        percent=dice.choice((100, 100, 100, 50, 33)) if kind == "refund" else 100,
        on_silence=dice.choice(tuple(OnSilence)),
        opt_in=kind == "refund" and dice.random() < 0.2,
        refund_to=dice.choice((("original",), ("*",))),
        replacement=Replaced.ANY_VARIANT if replaced else Replaced.NOTHING,
    )


def _way_back(dice: Random) -> ReturnRule:
    return ReturnRule(
        id="test/return",
        kind="*",
        reason="*",
        freight=dice.choice(("consumer", "merchant", "insurer", "platform")),
        sends=dice.choice(tuple(SendsOut)),
    )


def _compensation(dice: Random, breach: str, currency: str) -> CompensationRule:
    return CompensationRule(
        id=f"test/{breach}",
        currency=currency,
        percent=dice.choice((5, 30)),
        minimum_minor=1,
        maximum_minor=5_000,
        breach=breach,
        method=dice.choice(("coupon", "balance", "account")),
        payer=dice.choice(("merchant", "platform", "carrier")),
        hold_seconds=dice.choice((60, 3_600)),
    )


def _presale(dice: Random) -> PresaleRule:
    return PresaleRule(
        id="test/presale",
        category="*",
        days_max=30,
        reminder_seconds=86_400,
        deposit_percent_max=dice.choice((20, 100)),
        deposit_kept=dice.random() < 0.5,
        deposit_doubled=dice.random() < 0.5,
        default_seconds=dice.choice((0, 5 * 86_400)),
    )
