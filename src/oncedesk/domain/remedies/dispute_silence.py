"""What a dispute comes to by itself when its time is over: told beforehand, and then done."""

from oncedesk.domain.remedies.messages.disputing import Outcome
from oncedesk.domain.remedies.state import Remedy
from oncedesk.domain.remedies.words import ClockKind
from oncedesk.domain.shared.remedy_rules import DisputeRule, OnUndecided

_OUTCOMES = {OnUndecided.GRANT: Outcome.GRANTED, OnUndecided.REFUSE: Outcome.REFUSED}


def verdict_of_silence(*, remedy: Remedy, rule: DisputeRule) -> Outcome | None:
    """The outcome if nobody says more before the clock that runs; None: the platform is asked.

    A merchant that showed nothing is decided by rule, and so is what the platform left undecided;
    an objection that nobody looked at changes nothing.
    """
    dispute = remedy.dispute
    assert dispute is not None, "only a dispute has a verdict"
    if remedy.clock(ClockKind.EVIDENCE) is not None:
        return None if dispute.merchant_evidence else _OUTCOMES[rule.silent_merchant]
    if dispute.objected is not None:
        return dispute.outcome or Outcome.REFUSED
    return _OUTCOMES[rule.undecided]
