"""What makes a remedy's money leave sooner or later, and more evidence asked for. It never refuses.

Each sign makes it a step slower. Where nothing comes back there is nothing to wait for, so a person
looks first; if nobody does in time, it is given all the same.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from oncedesk.domain.remedies.circumstances import trust_in
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import RemedyKind, Speed
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.remedy_rules import RemedyRule
from oncedesk.domain.shared.rulepack import Pack

LATELY = timedelta(days=30)
_TRUSTED = "trusted"
_WATCHED = "watched"
_NOT_SENT = (
    RemedyKind.CANCEL,
    RemedyKind.CHANGE_ITEMS,
    RemedyKind.CHANGE_ADDRESS,
    RemedyKind.CHANGE_PAYMENT,
)
_SPEEDS = (Speed.INSTANT, Speed.AT_SCAN, Speed.AFTER_INSPECTION)


class Assessment(Record, frozen=True):
    """When money leaves, why so, and how many pieces of evidence are asked for in all."""

    speed: Speed
    reason: str
    evidence: int

    @property
    def is_risky(self) -> bool:
        """Whether a sign made it slower."""
        return is_risk(self.reason)


def is_risk(reason: str) -> bool:
    """Whether this reason of a speed is that signs made it slower."""
    return reason.startswith("risk:")


def signs_in(reason: str) -> tuple[str, ...]:
    """The signs that this reason of a speed names; none where it is no risk."""
    return tuple(reason.removeprefix("risk:").split("+")) if is_risk(reason) else ()


def assess(
    *,
    kind: RemedyKind,
    rule: RemedyRule,
    amount_minor: int,
    currency: str,
    consumer: UUID,
    book: Remedies | None,
    pack: Pack,
    states: Mapping[UUID, object],
    shown_before: bool,
    now: datetime,
) -> Assessment:
    """How this rule's remedy is paid to this consumer now; what was not sent cannot be lost."""
    if kind in _NOT_SENT:
        return Assessment(Speed.INSTANT, "", rule.evidence)
    risk = pack.remedies.risk
    trust = trust_in(states, consumer)
    signs: list[str] = []
    many = _lately(book, now)
    if trust is not None:
        many += trust.remedies
        if trust.level == _WATCHED:
            signs.append(_WATCHED)
        if len(trust.linked) >= risk.linked_max:
            signs.append("linked_accounts")
    if many > risk.remedies_max:
        signs.append("velocity")
    if shown_before:
        signs.append("evidence_reused")
    if signs:
        return _slower(rule, signs, risk.evidence_more)
    if trust is not None and trust.level == _TRUSTED:
        small = currency == risk.currency and amount_minor <= risk.instant_minor
        if small and rule.speed != Speed.INSTANT:
            return Assessment(Speed.INSTANT, "trusted_small_amount", rule.evidence)
    return Assessment(Speed(rule.speed), "", rule.evidence)


def _slower(rule: RemedyRule, signs: Sequence[str], evidence_more: int) -> Assessment:
    step = min(_SPEEDS.index(Speed(rule.speed)) + len(signs), len(_SPEEDS) - 1)
    evidence = min(rule.evidence + evidence_more, 9)
    return Assessment(_SPEEDS[step], "risk:" + "+".join(signs), evidence)


def _lately(book: Remedies | None, now: datetime) -> int:
    """How many remedies of this order were asked for lately."""
    if book is None:
        return 0
    since = now - LATELY
    found = sum(one.requested_at > since for one in book.live)
    return found + sum(one.requested_at > since for one in book.closed)
