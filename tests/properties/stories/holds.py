"""What must hold of a story, whatever has happened."""

from oncedesk.domain.accounts.state import PartyAccount
from oncedesk.domain.budgets.state import Budget
from oncedesk.domain.remedies.postings import set_aside
from oncedesk.domain.remedies.words import LegStatus
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.wallets.messages import BalanceTaken
from oncedesk.domain.wallets.state import Wallet
from tests.properties.stories.buying import GIFT
from tests.properties.stories.story import Story
from tests.specs.remedies.money import CONSUMER


def the_books_balance_and_no_reaction_is_refused(story: Story) -> None:
    story.check()


def the_consumers_account_is_what_independent_sums_say(story: Story) -> None:
    expected_minor = 0
    for book in story.books:
        sums, payments = story.sums[book.order], story.payments
        expected_minor -= sums.given_minor(book.order, payments) - sums.unbooked_minor
        expected_minor += sums.sent_minor(book.order, payments)
        expected_minor += sums.back_outside_minor + sums.owed_minor
    assert story.stands(Account.CONSUMER, CONSUMER) == expected_minor


def no_more_of_ones_own_money_goes_back_than_was_paid(story: Story) -> None:
    """But for what payments sent although they had said that they could not."""
    for order, sums in story.sums.items():
        back_minor = sums.own_sent_minor(story.payments) - sums.twice_minor
        assert back_minor <= sums.given_minor(order, story.payments)


def nothing_is_asked_for_that_was_not_paid(story: Story) -> None:
    """Nor what went back without us."""
    assert story.not_paid == []


def the_word_of_payments_is_heard(story: Story) -> None:
    assert story.unheard == []


def escrow_is_never_below_nothing(story: Story) -> None:
    for book in story.books:
        held = [one.minor for one in book.books if one.account is Account.ESCROW]
        assert all(minor > 0 for minor in held)


def nothing_is_pending_but_what_payments_have_not_answered(story: Story) -> None:
    for book in story.books:
        waiting = [
            leg for remedy in book.live for leg in remedy.legs if leg.status is LegStatus.REQUESTED
        ]
        assert len(book.pending) == len(waiting)


def what_is_set_aside_is_what_remedies_wait_for(story: Story) -> None:
    waited_for = [set_aside(book) for book in story.books]
    for account in story.states(PartyAccount):
        assert account.charged_minor == sum(one.get(account.party, 0) for one in waited_for)


def no_budget_gives_more_than_it_has(story: Story) -> None:
    for budget in story.states(Budget):
        assert budget.given_minor <= budget.amount_minor


def a_balance_has_what_was_put_in_and_not_taken(story: Story) -> None:
    put_in = story.gift_minor + sum(
        said.amount_minor
        for key, said in story.payments.sent.items()
        if story.payments.asked[key].leg.stored and story.payments.asked[key].leg.reference == GIFT
    )
    taken = sum(event.amount_minor for event in story.of(BalanceTaken))
    for wallet in story.states(Wallet):
        gift = wallet.method(GIFT)
        assert gift is not None
        assert gift.balance_minor == put_in - taken


ALWAYS = (
    the_books_balance_and_no_reaction_is_refused,
    the_consumers_account_is_what_independent_sums_say,
    no_more_of_ones_own_money_goes_back_than_was_paid,
    nothing_is_asked_for_that_was_not_paid,
    the_word_of_payments_is_heard,
    escrow_is_never_below_nothing,
    nothing_is_pending_but_what_payments_have_not_answered,
    what_is_set_aside_is_what_remedies_wait_for,
    no_budget_gives_more_than_it_has,
    a_balance_has_what_was_put_in_and_not_taken,
)
