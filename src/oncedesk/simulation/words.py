"""What people write in the generated marketplace, in Chinese and in English.

Each text is put together from a phrase and from the story it belongs to: what was bought, from
whom, what it cost, who carries it.
"""

from collections.abc import Sequence
from datetime import timedelta

from oncedesk.domain.shared.ids import derived_id
from oncedesk.engine.entry import Entry, Sealed
from oncedesk.simulation.goods import Offer, money
from oncedesk.simulation.people import buyer
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.tables import Pair, people_names, phrases
from oncedesk.simulation.topics import topic_of, worded
from oncedesk.simulation.world import CITY, World

GREET_PERCENT = 60
OPEN_PERCENT = 50
ANSWER_PERCENT = 55


class Sayings:
    """Words for every occasion of a story, drawn with the story's own dice."""

    def __init__(self, entry: Entry, world: World) -> None:
        self._entry = entry
        self._shops = {one.id: one.name for one in world.merchants}
        self._hosts = {one.id: one.name for one in world.creators}

    def seal(self, text: str) -> Sealed:
        """What stands for it in a command."""
        return self._entry.seal(text)

    def first(self, plan: Plan, *, issue: str) -> str:
        """What a consumer writes about this at first."""
        shared = phrases(plan.language).shared
        said = self._filled(plan, worded(_topic(plan, issue), plan.language).first)
        if not plan.dice.percent(OPEN_PERCENT):
            return said
        opened = plan.dice.among(shared.openers)
        return _joined(plan, opened + _lowered(said, opened), self._filled(plan, shared.closers))

    def more(self, plan: Plan, *, issue: str, turn: int) -> str:
        """What a consumer answers, or adds; another thing each time."""
        shared = phrases(plan.language).shared
        if plan.dice.percent(ANSWER_PERCENT):
            return self._next(plan, worded(_topic(plan, issue), plan.language).reply, turn)
        return self._filled(plan, (*shared.details, *shared.thanks))

    def chase(self, plan: Plan) -> str:
        """Nobody has answered yet."""
        return self._filled(plan, phrases(plan.language).shared.chase)

    def again(self, plan: Plan) -> str:
        """It was said to be solved, and is not."""
        return self._filled(plan, phrases(plan.language).shared.again)

    def something_else(self, plan: Plan) -> str:
        """Another matter."""
        return self._filled(plan, phrases(plan.language).shared.something_else)

    def answer(self, plan: Plan, *, issue: str, turn: int, first: bool) -> str:
        """What an agent says, another thing each time; the first time most greet."""
        said = self._next(plan, worded(_topic(plan, issue), plan.language).answer, turn)
        greets = said.startswith("Hello") or "您好" in said[:8]
        if greets or not first or not plan.dice.percent(GREET_PERCENT):
            return said
        return _joined(plan, self._filled(plan, phrases(plan.language).shared.greet), said)

    def question(self, plan: Plan, *, issue: str, turn: int) -> str:
        """What an agent asks the consumer."""
        return self._next(plan, worded(_topic(plan, issue), plan.language).question, turn)

    def settled(self, plan: Plan, *, issue: str, turn: int) -> str:
        """What an agent says at the end."""
        return self._next(plan, worded(_topic(plan, issue), plan.language).settled, turn)

    def note(self, plan: Plan) -> str:
        """What an agent writes down for whoever is next."""
        return self._filled(plan, phrases(plan.language).shared.notes)

    def between(self, plan: Plan) -> str:
        """What one desk asks another."""
        return self._filled(plan, phrases(plan.language).shared.between)

    def found(self, plan: Plan) -> str:
        """What the other desk answers."""
        return self._filled(plan, phrases(plan.language).shared.found)

    def _filled(self, plan: Plan, templates: Sequence[str]) -> str:
        return self._fill(plan, plan.dice.among(templates))

    def _next(self, plan: Plan, templates: Sequence[str], turn: int) -> str:
        """One after the other, beginning anywhere."""
        return self._fill(plan, templates[(plan.number + turn) % len(templates)])

    def _fill(self, plan: Plan, template: str) -> str:
        return template.format_map(self._slots(plan)) if "{" in template else template

    def _slots(self, plan: Plan) -> dict[str, str]:
        """What the names in braces stand for in this story."""
        language, number, listing = plan.language, plan.number, plan.listing
        category = listing.category
        ask = category.asks[number % len(category.asks)]
        offer = _offer(plan)
        less = offer.less_minor if offer else max(500, listing.price_minor // 1_000 * 100)
        gift = offer.gift if offer else category.gifts[number % len(category.gifts)]
        host = self._hosts.get(plan.creator) if plan.creator else None
        pairs = {
            "goods": listing.goods,
            "variant": category.variants[number % len(category.variants)],
            "defect": category.defects[number % len(category.defects)],
            "gift": gift,
            "ask": Pair(ask.asked, ask.asked_en),
            "tell": Pair(ask.told, ask.told_en),
            "shop": self._shops[listing.merchant],
            "host": host or _HOST,
            "carrier": plan.carrier.name,
            "city": people_names().cities[number % len(people_names().cities)],
        }
        return {
            **{name: pair.said(language) for name, pair in pairs.items()},
            "price": money(listing.price_minor, language=language),
            "less": money(less, language=language),
            "day": _day(plan),
            "order": f"{_tail(plan):04}",
            "buyer": buyer(plan.person, language=language, number=number),
        }


_HOST = Pair("主播", "the host")


def _offer(plan: Plan) -> Offer | None:
    """What the live room promised of it."""
    offers = plan.show.offers if plan.show is not None else ()
    return next((one for one in offers if one.listing == plan.listing.id), None)


def _topic(plan: Plan, issue: str) -> str:
    """The story's own topic, as long as it is about that."""
    return plan.topic if issue in (plan.issue, "") else topic_of(issue).name


def _joined(plan: Plan, first: str, second: str) -> str:
    if not first or not second:
        return first or second
    return f"{first} {second}" if plan.language == "en" else f"{first}{second}"


def _lowered(said: str, opened: str) -> str:
    """English goes on in small letters after a comma, except for names and `I`."""
    word = said.partition(" ")[0]
    plain = word.isalpha() and word.isascii() and word[1:].islower() and word in _COMMON
    return said[0].lower() + said[1:] if opened.endswith(", ") and plain else said


_COMMON = frozenset({
    "About", "After", "Another", "Can", "Could", "How", "If", "Is", "It", "My", "New", "No",
    "Nobody", "One", "Only", "Order", "Parts", "Some", "Something", "Tell", "That", "The", "There",
    "This", "Two", "Until", "When", "Where", "Which", "Why", "Within", "Wrong", "Yes", "Your",
})  # fmt: skip


def _day(plan: Plan) -> str:
    """The day that was named: three days after the order, or in three days."""
    at = (plan.ordered_at or plan.begins_at) + timedelta(days=2 + plan.number % 2)
    local = at.astimezone(CITY)
    return (
        f"{local:%d %B}".lstrip("0") if plan.language == "en" else f"{local.month}月{local.day}日"
    )


def _tail(plan: Plan) -> int:
    """The last digits of the order's number, as people read them out."""
    return derived_id("simulated order", plan.consumer).int % 10_000
