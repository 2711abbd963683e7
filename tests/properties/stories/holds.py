"""What must hold of a story, whatever has happened."""

from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.wallets.messages import BalanceTaken
from oncedesk.domain.wallets.state import Wallet
from tests.properties.stories.buying import GIFT
from tests.properties.stories.story import Story
from tests.specs.remedies.balances import BALANCES
from tests.specs.remedies.money import CONSUMER


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
    *BALANCES,
    the_consumers_account_is_what_independent_sums_say,
    no_more_of_ones_own_money_goes_back_than_was_paid,
    nothing_is_asked_for_that_was_not_paid,
    the_word_of_payments_is_heard,
    a_balance_has_what_was_put_in_and_not_taken,
)
