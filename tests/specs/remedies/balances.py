"""What must hold of the books in a marketplace, whatever has happened in it."""

from oncedesk.domain.accounts.state import PartyAccount
from oncedesk.domain.budgets.state import Budget
from oncedesk.domain.remedies.postings import set_aside
from oncedesk.domain.remedies.words import LegStatus
from oncedesk.domain.shared.ledger import Account
from tests.specs.remedies.money import Money


def the_books_balance_and_no_reaction_is_refused(money: Money) -> None:
    money.check()


def escrow_is_never_below_nothing(money: Money) -> None:
    """But for what was recovered out of other orders' escrow."""
    for book in money.books:
        held = [one.minor for one in book.books if one.account is Account.ESCROW]
        assert all(minor > 0 for minor in held)


def nothing_is_pending_but_what_payments_have_not_answered(money: Money) -> None:
    for book in money.books:
        waiting = [
            leg for remedy in book.live for leg in remedy.legs if leg.status is LegStatus.REQUESTED
        ]
        assert len(book.pending) == len(waiting)


def what_is_set_aside_is_what_remedies_wait_for(money: Money) -> None:
    waited_for = [set_aside(book) for book in money.books]
    for account in money.states(PartyAccount):
        assert account.charged_minor == sum(one.get(account.party, 0) for one in waited_for)


def no_budget_gives_more_than_it_has(money: Money) -> None:
    for budget in money.states(Budget):
        assert budget.given_minor <= budget.amount_minor


BALANCES = (
    the_books_balance_and_no_reaction_is_refused,
    escrow_is_never_below_nothing,
    nothing_is_pending_but_what_payments_have_not_answered,
    what_is_set_aside_is_what_remedies_wait_for,
    no_budget_gives_more_than_it_has,
)
