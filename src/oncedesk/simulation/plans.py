"""The consumers' stories, drawn before anything happens: who comes when, about what, and how."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from oncedesk.domain.conversations.messages import Channel, Surface
from oncedesk.domain.conversations.subjects import NOTHING, Subject, SubjectKind
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.world import CITY, World

SURGE_FACTOR = 50
SURGE_DAY, SURGE_HOUR = 1, 15

_ISSUES = {
    SubjectKind.LISTING: (
        ("advice", 62),
        ("price", 14),
        ("other", 10),
        ("content", 6),
        ("safety", 8),
    ),
    SubjectKind.LIVE: (("offer", 44), ("content", 24), ("advice", 20), ("other", 12)),
    SubjectKind.NONE: (("account", 50), ("other", 34), ("", 8), ("conduct", 8)),
    SubjectKind.ORDER: (
        ("refund", 18),
        ("return", 9),
        ("exchange", 8),
        ("quality", 14),
        ("missing_part", 6),
        ("wrong_item", 6),
        ("late_delivery", 10),
        ("courier", 8),
        ("order_question", 12),
        ("offer", 4),
        ("other", 5),
    ),
}
_SUBJECTS = (
    (SubjectKind.ORDER, 62),
    (SubjectKind.LISTING, 20),
    (SubjectKind.LIVE, 10),
    (SubjectKind.NONE, 8),
)
_CHANNELS = (
    (Channel.APP_CHAT, 76),
    (Channel.WEB, 10),
    (Channel.EMAIL, 4),
    (Channel.API, 2),
    (Channel.PHONE, 5),
    (Channel.REGULATOR, 2),
    (Channel.CHARGEBACK, 1),
)
_SURFACES = {
    SubjectKind.ORDER: Surface.ORDER,
    SubjectKind.LISTING: Surface.SHOP,
    SubjectKind.LIVE: Surface.LIVE,
    SubjectKind.NONE: Surface.SEARCH,
}


class Plan(Record, frozen=True):
    """One consumer's story as far as it is decided beforehand."""

    number: int
    begins_at: datetime
    consumer: UUID
    subject: Subject
    issue: str
    language: str
    channel: Channel
    surface: Surface
    merchant: UUID | None
    creator: UUID | None
    dice: Dice


def draw(*, world: World, moments: Sequence[datetime], chance: Random) -> list[Plan]:
    """A story for each of these moments, in their order."""
    return [_plan(number, moment, world, chance) for number, moment in enumerate(moments)]


def arrival_moments(
    *, cases: int, start: datetime, days: int, tick: timedelta, chance: Random
) -> list[datetime]:
    """Few by night, more in the evening, and on the second day one hour of fifty times as many."""
    ticks = int(timedelta(days=days) / tick)
    moments = [start + tick * n for n in range(ticks)]
    weights = [_weight(moment) for moment in moments]
    usual = sum(weights) / len(weights)
    surge = surge_begins(start)
    for n, moment in enumerate(moments):
        if surge <= moment < surge + timedelta(hours=1):
            weights[n] = usual * SURGE_FACTOR
    return sorted(chance.choices(moments, weights, k=cases))


def surge_begins(start: datetime) -> datetime:
    """The first moment of the busiest hour."""
    local = start.astimezone(CITY) + timedelta(days=SURGE_DAY)
    return local.replace(hour=SURGE_HOUR, minute=0).astimezone(start.tzinfo)


def _weight(moment: datetime) -> float:
    hour = moment.astimezone(CITY).hour
    if hour < 8:
        return 0.15
    return 1.6 if 19 <= hour < 22 else 1.0


def _plan(number: int, moment: datetime, world: World, chance: Random) -> Plan:
    dice = Dice(chance)
    kind = dice.weighted(_SUBJECTS)
    consumer = derived_id("simulated consumer", str(number))
    merchant = chance.choice(world.merchants).id
    creator = chance.choice(world.creators).id if chance.random() < 0.5 else None
    if kind is SubjectKind.LIVE:
        creator = creator or world.creators[number % len(world.creators)].id
    return Plan(
        number=number,
        begins_at=moment,
        consumer=consumer,
        subject=subject_of(kind, consumer, number),
        issue=dice.weighted(_ISSUES[kind]),
        language=dice.weighted((("zh", 88.0), ("en", 12.0))),
        channel=dice.weighted(_CHANNELS),
        surface=_SURFACES[kind],
        merchant=None if kind is SubjectKind.NONE else merchant,
        creator=creator if kind in (SubjectKind.LIVE, SubjectKind.ORDER) else None,
        dice=dice,
    )


def subject_of(kind: SubjectKind, consumer: UUID, number: int) -> Subject:
    match kind:
        case SubjectKind.NONE:
            return NOTHING
        case SubjectKind.ORDER:
            return Subject(kind, order_id(consumer), 1)
        case _:
            return Subject(kind, derived_id(f"simulated {kind}", str(number % 997)))


def order_id(consumer: UUID) -> UUID:
    """The consumer's order."""
    return derived_id("simulated order", consumer)
