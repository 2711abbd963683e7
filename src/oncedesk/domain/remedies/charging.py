"""What the consumer pays for a remedy: asked for once, by the method that was named."""

from datetime import datetime, timedelta

from oncedesk.domain.remedies.confirming import FUTURE_MAX
from oncedesk.domain.remedies.messages.changing import ChargeRequested, ConfirmCharge
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import Charge, ChargeStatus, Clock, ClockKind, RemedyKind
from oncedesk.domain.shared.decider import Facts, Refusal


def charge_minor(remedy: Remedy) -> int:
    """What the consumer pays for this remedy."""
    if remedy.kind is RemedyKind.CHANGE_PAYMENT:
        return remedy.amount_minor
    return max(0, remedy.difference_minor)


def charge_due(remedy: Remedy) -> bool:
    """Whether it costs something that was not asked for yet."""
    return remedy.charge is None and charge_minor(remedy) > 0


def ask_charge(
    *, state: Remedies, remedy: Remedy, facts: Facts, before: Charge | None = None
) -> ChargeRequested:
    """Ask for it, once more where it was asked `before`."""
    assert remedy.route is not None, "a charge needs a method"
    charge = before or Charge(remedy.route, charge_minor(remedy), first_asked_at=facts.now)
    asked_again = charge.asked_again + (before is not None)
    return ChargeRequested(
        **state.about(remedy.number, facts.now),
        charge=charge,
        currency=state.currency,
        clock=waiting_clock(
            kind=ClockKind.CHARGE, remedy=remedy, asked_again=asked_again, facts=facts
        ),
        again=before is not None,
    )


def differs(
    *, state: Remedies, charge: Charge, command: ConfirmCharge, now: datetime
) -> Refusal | None:
    """Why this cannot have been taken for it; of what was said before the moment may differ."""
    if command.currency != state.currency:
        return Refusal("currency_differs", f"the order's is {state.currency}", "currency")
    if command.amount_minor != charge.amount_minor:
        return Refusal("amount_differs", f"it was asked for {charge.amount_minor}", "amount_minor")
    if charge.status is not ChargeStatus.TAKEN and command.charged_at > now + FUTURE_MAX:
        return Refusal("time_in_future", "at most a day ahead of us", "charged_at")
    return None


def waiting_clock(*, kind: ClockKind, remedy: Remedy, asked_again: int, facts: Facts) -> Clock:
    """When it is asked again; each time twice as long, up to a day."""
    rule = facts.packs.by_hash(remedy.pack).remedies.settling
    seconds = min(rule.answer_seconds << min(asked_again, 20), 86_400)
    return Clock(kind, facts.now + timedelta(seconds=seconds), rule.id)
