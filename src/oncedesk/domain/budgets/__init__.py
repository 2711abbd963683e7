"""How much the platform gives out of its own pocket in a month: the assurance fund, goodwill.

A budget is dealt out in slices, so that no row is everybody's: who wants money asks the slice of
their bucket; one that has not enough asks for more (slice 0 deals out) before it says no. It
decides whether there is money, never what for.
"""

from oncedesk.domain.budgets.decide import deadline, decide, is_open, needs
from oncedesk.domain.budgets.messages import BudgetCommand, BudgetEvent
from oncedesk.domain.budgets.state import Budget, check, evolve
from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import PLATFORM_PARTY, Kind

DECIDER = Decider(
    kind=Kind.BUDGET,
    state=Budget,
    commands=BudgetCommand,
    events=BudgetEvent,
    decide=decide,
    evolve=evolve,
    needs=needs,
    deadline=deadline,
    is_open=is_open,
    check=check,
    party_of=lambda _: PLATFORM_PARTY,
)
