"""What consumers come about: the issue, and within it the matter that the words are about."""

from functools import cache

from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.tables import Topic, phrases

AFTER_DELIVERY = frozenset({
    "return_size", "return_freight", "exchange", "broken_on_arrival", "broken_in_use",
    "seal_broken", "gift_missing", "part_missing", "wrong_item", "rash", "courier_manner",
})  # fmt: skip
"""What nobody can complain of before the parcel is there."""

_LATE = frozenset({"late_parcel", "late_delivery"})

_ISSUES = {
    SubjectKind.LISTING: (
        ("advice", 62.0),
        ("price", 14.0),
        ("other", 10.0),
        ("content", 6.0),
        ("safety", 8.0),
    ),
    SubjectKind.LIVE: (("offer", 44.0), ("content", 24.0), ("advice", 20.0), ("other", 12.0)),
    SubjectKind.NONE: (("account", 50.0), ("other", 34.0), ("", 8.0), ("conduct", 8.0)),
    SubjectKind.ORDER: (
        ("refund", 18.0),
        ("return", 9.0),
        ("exchange", 8.0),
        ("quality", 14.0),
        ("missing_part", 6.0),
        ("wrong_item", 6.0),
        ("late_delivery", 10.0),
        ("courier", 8.0),
        ("order_question", 12.0),
        ("offer", 4.0),
        ("other", 5.0),
    ),
}
_AFTER_A_LIVE_SESSION = (
    ("offer", 36.0),
    ("order_question", 20.0),
    ("price", 18.0),
    ("refund", 14.0),
    ("missing_part", 8.0),
    ("other", 4.0),
)
_PRESALE_PERCENT = 50


def choose_topic(*, kind: SubjectKind, presale: bool, star: bool, dice: Dice) -> Topic:
    """What somebody comes about; `star`: because of a live session that has just ended."""
    if kind is SubjectKind.ORDER and presale and dice.percent(_PRESALE_PERCENT):
        return topic_of("presale")
    if kind is SubjectKind.ORDER and star:
        return dice.among(topics_of(dice.weighted(_AFTER_A_LIVE_SESSION)))
    return dice.among(topics_of(dice.weighted(_ISSUES[kind])))


def comes_late(topic: str) -> bool:
    """Whether it is about a parcel that is late."""
    return topic in _LATE


def topic_of(issue: str) -> Topic:
    """The first topic of this issue; what fits nowhere else is `other`."""
    return topics_of(issue)[0]


@cache
def topics_of(issue: str) -> tuple[Topic, ...]:
    """The topics of this issue; what fits nowhere else is `other`."""
    found = tuple(one for one in phrases("zh").topic if one.issue == issue)
    return found or topics_of("other")


@cache
def worded(name: str, language: str) -> Topic:
    """A topic in a language, by its name."""
    return next(one for one in phrases(language).topic if one.name == name)
