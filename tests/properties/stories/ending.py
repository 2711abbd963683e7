"""It becomes quiet: payments answer in earnest, people answer what is overdue, clocks run."""

from datetime import timedelta
from typing import Any

from oncedesk.domain.remedies.messages.asking import GrantRemedy, RefuseRemedy
from oncedesk.domain.remedies.messages.refunding import NameRoute
from oncedesk.domain.remedies.state import Remedy
from oncedesk.domain.remedies.words import LegStatus, Status
from oncedesk.domain.shared.refs import Kind
from tests.properties.stories.holds import ALWAYS
from tests.properties.stories.payments import LegKey
from tests.properties.stories.story import Story
from tests.specs.remedies.money import CONSUMER
from tests.specs.remedies.shop import BY_CONSUMER

_CLOCKS_MAX = 300


def ends(story: Story) -> None:
    """Until no clock of any remedy runs."""
    for _ in range(_CLOCKS_MAX):
        _answer_all(story)
        deadlines = [story.engine.deadline(held) for held in story.engine.of_kind(Kind.REMEDIES)]
        due = min((at for at in deadlines if at is not None), default=None)
        if due is None:
            return
        # What an exhausted budget is asked for every hour it may give in another month.
        poor = any(remedy.waits_for_money for _, remedy in story.live)
        story.passes(max(timedelta(days=1 if poor else 0), due - story.now))
        for holds in ALWAYS:
            holds(story)


def nothing_waits_for_ever(story: Story) -> None:
    """But for a budget that is exhausted."""
    waiting = [remedy for _, remedy in story.live if not remedy.waits_for_money]
    assert not waiting, waiting


def what_was_granted_was_sent(story: Story) -> None:
    """All of it, unless it was goods, or went without us."""
    for (order, number), remedy in story.over.items():
        sums = story.sums[order]
        elsewhere = sums.back_outside_minor or sums.paid_outside_minor or sums.twice_minor
        goods = remedy.kind.goes_out or remedy.kind.changes
        if remedy.status in (Status.SETTLING, Status.SETTLED) and not goods and not elsewhere:
            assert _sent_minor(remedy) == remedy.amount_minor, f"remedy {number}"


def replay_comes_to_the_same(story: Story) -> None:
    engine = story.engine
    assert engine.replayed() == {id_: held.body for id_, held in engine.states.items()}


def _answer_all(story: Story) -> None:
    for key in sorted(story.payments.asked):
        if _is_asked(story, key):
            story.pays(story.payments.answer_in_earnest(key, story.now))
    for order, remedy in story.live:
        about: Any = {"consumer": CONSUMER, "order": order, "remedy": remedy.number}
        if remedy.failed:
            story.say(NameRoute(**about, method="bank", reference="bank_1"), by=BY_CONSUMER)
        if remedy.status is Status.REQUESTED and remedy.overdue:
            no: Any = {"reason": "no", "facts": ("packed_complete",)}
            yes = GrantRemedy(**about)
            story.say(yes if remedy.number % 2 else RefuseRemedy(**about, **no))


def _is_asked(story: Story, key: LegKey) -> bool:
    book = story.book_of(key.order)
    remedy = None if book is None else book.remedy(key.remedy)
    leg = None if remedy is None else remedy.leg(key.leg)
    return leg is not None and leg.status is LegStatus.REQUESTED


def _sent_minor(remedy: Remedy) -> int:
    sent = (LegStatus.SENT, LegStatus.CREDITED)
    return sum(leg.amount_minor for leg in remedy.legs if leg.status in sent and not leg.beyond)


AT_LAST = (nothing_waits_for_ever, what_was_granted_was_sent, replay_comes_to_the_same)
