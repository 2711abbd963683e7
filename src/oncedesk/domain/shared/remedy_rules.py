"""What a rule pack says of remedies, as the deciders read it. Append only, with defaults."""

from collections.abc import Mapping
from enum import StrEnum

from oncedesk.domain.shared.records import Record

ANY = "*"


class GrantedBy(StrEnum):
    """Whose yes a remedy needs."""

    RULE = "rule"
    MERCHANT = "merchant"
    PLATFORM = "platform"
    NOBODY = "nobody"


class OnSilence(StrEnum):
    """What happens by itself when whoever was asked says nothing."""

    GRANT = "grant"
    TAKE_OVER = "take_over"


class RemedyRule(Record, frozen=True, omit_defaults=True):
    """When this kind of remedy is owed for this reason at this stage, who says so, who bears it.

    `refusal` is the reason code where nobody can grant it. `within_days` (0: no limit) are counted
    from the day after `anchor` (`placed`, `shipped` or `delivered`). `payer` is a presumption as in
    an issue's `liable`. Seconds are counted on `calendar`.
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


class SettlingRule(Record, frozen=True, omit_defaults=True):
    """How long payments may take to answer before they are asked again, and until it is over.

    After `closing_seconds` a settled remedy is forgotten but for what it gave.
    """

    id: str
    answer_seconds: int = 3_600
    closing_seconds: int = 7 * 86_400
    offer_seconds: int = 2 * 86_400
    objection_seconds: int = 7 * 86_400


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


class RemedyRules(Record, frozen=True, omit_defaults=True):
    """All of a pack that is about remedies. Without rows nothing is owed, and nothing granted."""

    rules: Mapping[str, RemedyRule] = {}
    settling: SettlingRule = SettlingRule(id="default/settling")
    recovery: RecoveryRule = RecoveryRule(id="default/recovery")
    budgets: Mapping[str, BudgetRule] = {}
    authority: Mapping[str, AuthorityRule] = {}
    dispute: DisputeRule = DisputeRule(id="default/dispute")

    def authority_of(self, *, desk: str, role: str, currency: str) -> AuthorityRule | None:
        """What this role may give; None: nothing."""
        return self.authority.get(authority_key(desk=desk, role=role, currency=currency))

    def rule(self, *, kind: str, reason: str, stage: str) -> RemedyRule | None:
        """The most specific rule: for this reason and stage, for the reason, the stage, any."""
        for key in (
            remedy_key(kind=kind, reason=reason, stage=stage),
            remedy_key(kind=kind, reason=reason, stage=ANY),
            remedy_key(kind=kind, reason=ANY, stage=stage),
            remedy_key(kind=kind, reason=ANY, stage=ANY),
        ):
            found = self.rules.get(key)
            if found is not None:
                return found
        return None

    def budget(self, *, name: str, currency: str) -> BudgetRule | None:
        """The budget of this name; None where the pack sets none, so that nothing limits it."""
        return self.budgets.get(f"{name}/{currency}")


def authority_key(*, desk: str, role: str, currency: str) -> str:
    return f"{desk}/{role}/{currency}"


def remedy_key(*, kind: str, reason: str, stage: str) -> str:
    return f"{kind}/{reason}/{stage}"
