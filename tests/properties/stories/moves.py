"""What may happen next: each move throws its own dice, and need not be possible."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from random import Random
from typing import Any

from oncedesk.domain.remedies.messages.asking import RequestRemedy
from oncedesk.domain.remedies.messages.refunding import NameRoute
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.decider import MARKETPLACE
from tests.properties.stories import telling
from tests.properties.stories.answers import ANSWERS
from tests.properties.stories.buying import CASE, any_wish
from tests.properties.stories.journeys import JOURNEYS
from tests.properties.stories.scene import Scene
from tests.properties.stories.story import Story
from tests.specs.remedies.money import CONSUMER
from tests.specs.remedies.shop import BY_CONSUMER

_ACTS = (*ANSWERS, *JOURNEYS)


def goes_on(story: Story, dice: Random) -> None:
    """Somebody says what makes sense about a remedy that is not over; else something is asked."""
    if not story.live:
        asks(story, dice)
        return
    order, remedy = dice.choice(story.live)
    at = Scene(story, order, remedy.number, dice)
    sensible = [says for makes_sense, says in _ACTS if makes_sense(remedy)]
    if not sensible:
        (payments_answer if dice.random() < 0.5 else waits)(story, dice)
        return
    said = dice.choice(sensible)(at)
    story.say(said.command, by=said.by)


def says_anything(story: Story, dice: Random) -> None:
    """Somebody says anything about any remedy, as people and machines do."""
    order = story.any_order(dice)
    book = story.book_of(order)
    number = dice.randint(1, max(1, book.numbered if book else 1))
    said = dice.choice(_ACTS)[1](Scene(story, order, number, dice))
    story.say(said.command, by=said.by)


def asks(story: Story, dice: Random) -> None:
    """The consumer asks for something, or somebody for them; or there is goodwill."""
    order = story.any_order(dice)
    goodwill = dice.random() < 0.12
    kind = RemedyKind.COMPENSATION if goodwill else None
    command = RequestRemedy(
        consumer=CONSUMER,
        order=order,
        wish=any_wish(dice, story.orders[order], kind),
        goodwill=goodwill,
        human=not goodwill and dice.random() < 0.1,
        case=CASE if not goodwill and dice.random() < 0.1 else None,
    )
    story.say(command, by=MARKETPLACE if goodwill else dice.choice((BY_CONSUMER, MARKETPLACE)))


def payments_answer(story: Story, dice: Random) -> None:
    """Payments say what became of a refund, or say it once more; perhaps that it has arrived."""
    known = [key for key in sorted(story.payments.asked) if story.remembers(key)]
    if not known:
        return
    unsent = [key for key in known if key not in story.payments.sent]
    key = dice.choice(unsent if unsent and dice.random() < 0.7 else known)
    story.pays(story.payments.answer(key, dice, story.now))
    if key in story.payments.sent and dice.random() < 0.2:
        story.pays(story.payments.credit(key, story.now))
    if key in story.payments.failed and dice.random() < 0.3:
        # The first word comes once more, late: whatever was sent since, it is no news.
        story.say(story.payments.failed[key])


def payments_charge(story: Story, dice: Random) -> None:
    """Payments say what became of each charge."""
    for key in sorted(story.payments.charges):
        story.pays(story.payments.charge(key, dice, story.now))


def names_route(story: Story, dice: Random) -> None:
    """The consumer says where to what has failed can go."""
    failed = [(order, remedy) for order, remedy in story.live if remedy.failed]
    if failed:
        order, remedy = dice.choice(failed)
        about: Any = {"consumer": CONSUMER, "order": order, "remedy": remedy.number}
        story.say(NameRoute(**about, method="bank", reference="bank_1"), by=BY_CONSUMER)


def waits(story: Story, dice: Random) -> None:
    """Until the next clock, or for a while."""
    if dice.random() < 0.6:
        story.wakes()
    else:
        story.passes(timedelta(hours=dice.choice((1, 1, 30, 30, 30, 200))))


Move = Callable[[Story, Random], None]
MOVES: Mapping[Move, int] = {
    goes_on: 45,
    payments_answer: 14,
    asks: 9,
    says_anything: 8,
    waits: 7,
    names_route: 4,
    payments_charge: 3,
    telling.ships: 3,
    telling.breaks_promise: 2,
    telling.case_grants: 1,
    telling.goes_outside: 3,
    telling.pays_out: 1,
    telling.presale_goes_on: 2,
    telling.price_falls: 1,
    telling.recovers: 2,
    telling.tells_funds: 2,
}
"""How often each happens."""
