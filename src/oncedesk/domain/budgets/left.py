"""How much a budget could still give to whoever draws from one of its slices."""

from datetime import datetime

from oncedesk.domain.budgets.decide import period_of
from oncedesk.domain.budgets.state import Budget
from oncedesk.domain.shared.remedy_rules import BudgetRule


def left_minor(
    *, own: Budget | None, undealt: Budget | None, rule: BudgetRule | None, now: datetime
) -> int | None:
    """What the slice has, and what it could still ask for; None: nothing limits it.

    `own` is the slice and `undealt` slice 0, None where nothing was ever drawn or dealt out.
    """
    if rule is None:
        return None
    period = period_of(now)
    held = 0 if own is None else own.left_minor(period)
    # What is dealt out begins anew with each month, by whoever asks first.
    begun = undealt is not None and undealt.period == period
    rest = undealt.left_minor(period) if undealt is not None and begun else rule.amount_minor
    return held + rest
