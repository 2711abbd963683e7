"""The consumers' stories, drawn before anything happens: who comes when, about what, and how."""

from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from uuid import UUID

from oncedesk.domain.conversations.messages import Channel, Surface
from oncedesk.domain.conversations.subjects import NOTHING, Subject, SubjectKind
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.goods import Listing, Show
from oncedesk.simulation.people import Person, consumer
from oncedesk.simulation.topics import AFTER_DELIVERY, choose_topic, comes_late, topic_of
from oncedesk.simulation.world import SHARES, Carrier, Merchant, World

STAR_PERCENT = 70
"""Of those who come because of a live session so many really bought there."""

_SUBJECTS = (
    (SubjectKind.ORDER, 62.0),
    (SubjectKind.LISTING, 20.0),
    (SubjectKind.LIVE, 10.0),
    (SubjectKind.NONE, 8.0),
)
_CHANNELS = (
    (Channel.APP_CHAT, 76.0),
    (Channel.WEB, 10.0),
    (Channel.EMAIL, 4.0),
    (Channel.API, 2.0),
    (Channel.PHONE, 5.0),
    (Channel.REGULATOR, 2.0),
    (Channel.CHARGEBACK, 1.0),
)
_LANGUAGES = (("zh", 88.0), ("en", 12.0))
_SURFACES = {
    SubjectKind.ORDER: Surface.ORDER,
    SubjectKind.LISTING: Surface.SHOP,
    SubjectKind.LIVE: Surface.LIVE,
    SubjectKind.NONE: Surface.SEARCH,
}


class Plan(Record, frozen=True):
    """One consumer's story as far as it is decided beforehand.

    `listing` is what it is about, shown in `show` if there was one; nothing is bought or asked of
    it where the subject is `none`. Who does not `call` only orders, and is never heard of.
    `ordered_at` is of an order.
    """

    number: int
    begins_at: datetime
    consumer: UUID
    person: Person
    subject: Subject
    issue: str
    topic: str
    language: str
    channel: Channel
    surface: Surface
    merchant: UUID | None
    creator: UUID | None
    listing: Listing
    show: Show | None
    carrier: Carrier
    calls: bool
    ordered_at: datetime | None
    dice: Dice


class Moment(Record, frozen=True):
    """When a story begins; because of this live session, if it is named."""

    at: datetime
    show: Show | None = None
    calls: bool = True


class Draw:
    """Draws stories one after the other, so that a marketplace can go on as long as it lives."""

    def __init__(self, world: World, chance: Random) -> None:
        self._world = world
        self._chance = chance
        self._number = 0
        self._shares = list(accumulate(SHARES[one.size] for one in world.merchants))
        self._carriers = list(accumulate(one.weight for one in world.carriers))
        self._late = list(accumulate(one.weight * one.late for one in world.carriers))
        self._shops = {one.id: one for one in world.merchants}
        self._showing: dict[UUID, list[Show]] = {}
        for creator in world.creators:
            for show in creator.shows:
                for listing in show.listings:
                    self._showing.setdefault(listing.id, []).append(show)

    def story(self, moment: Moment) -> Plan:
        """The next one."""
        number, chance, dice = self._number, self._chance, Dice(self._chance)
        self._number += 1
        kind = dice.weighted(_SUBJECTS) if moment.calls else SubjectKind.ORDER
        shown = self._shown(moment, kind, dice)
        show, listing = shown.show, shown.listing
        language = dice.weighted(_LANGUAGES)
        topic = (
            choose_topic(kind=kind, presale=listing.presale, star=bool(moment.show), dice=dice)
            if moment.calls
            else topic_of("order_question")
        )
        id_ = derived_id("simulated consumer", str(number))
        known = kind is not SubjectKind.NONE
        return Plan(
            number=number,
            begins_at=moment.at,
            consumer=id_,
            person=consumer(language=language, chance=chance),
            subject=_subject(kind, id_, listing, show),
            issue=topic.issue,
            topic=topic.name,
            language=language,
            channel=dice.weighted(_CHANNELS),
            surface=_SURFACES[kind],
            merchant=listing.merchant if known else None,
            creator=show.creator if known and show is not None else None,
            listing=listing,
            show=show,
            carrier=self._carrier(topic.name),
            calls=moment.calls,
            ordered_at=_ordered_at(moment, topic.name, dice) if kind is SubjectKind.ORDER else None,
            dice=dice,
        )

    def stranger(self, command: Command, at: datetime) -> Plan:
        """Somebody of whom the play knows nothing, about whatever this command is about."""
        dice, number = Dice(self._chance), self._number
        self._number += 1
        subject: Subject = getattr(command, "subject", NOTHING)
        merchant: UUID | None = getattr(command, "merchant", None)
        issue: str = getattr(command, "issue", "") or getattr(command, "breach", "")
        shop = self._shops.get(merchant) if merchant is not None else None
        listings = (shop or dice.among(self._world.merchants)).listings
        return Plan(
            number=number,
            begins_at=at,
            consumer=command.consumer,  # type: ignore[attr-defined]
            person=Person(""),
            subject=subject,
            issue=issue,
            topic=topic_of(issue).name,
            language=getattr(command, "language", ""),
            channel=Channel.APP_CHAT,
            surface=_SURFACES[subject.kind],
            merchant=merchant,
            creator=getattr(command, "creator", None),
            listing=next((one for one in listings if one.id == subject.id), dice.among(listings)),
            show=None,
            carrier=self._world.carriers[0],
            calls=False,
            ordered_at=None,
            dice=dice,
        )

    def _carrier(self, topic: str) -> Carrier:
        """Who complains of a late parcel has it from somebody who is often late."""
        weights = self._late if comes_late(topic) else self._carriers
        return self._chance.choices(self._world.carriers, cum_weights=weights)[0]

    def _shown(self, moment: Moment, kind: SubjectKind, dice: Dice) -> "_Shown":
        """What it is about and where it was seen; half of what is bought was seen in a show."""
        if moment.show is not None and dice.percent(STAR_PERCENT):
            return _Shown(moment.show, dice.among(moment.show.listings))
        shop: Merchant = self._chance.choices(self._world.merchants, cum_weights=self._shares)[0]
        listing = dice.among(shop.listings)
        showing = self._showing.get(listing.id)
        if kind is SubjectKind.LIVE and showing is None:
            creator = dice.among(self._world.creators)
            show = dice.among(creator.shows)
            return _Shown(show, dice.among(show.listings))
        seen = showing is not None and (kind is SubjectKind.LIVE or dice.percent(60))
        return _Shown(dice.among(showing) if showing and seen else None, listing)


class _Shown(Record, frozen=True):
    show: Show | None
    listing: Listing


def _ordered_at(moment: Moment, topic: str, dice: Dice) -> datetime:
    """Who complains of what arrived has waited for it; others ask sooner."""
    waited = topic in AFTER_DELIVERY or comes_late(topic)
    hours = dice.between(40, 72) if waited else dice.between(0, 60)
    return moment.at - timedelta(hours=hours, minutes=dice.between(1, 59))


def _subject(kind: SubjectKind, buyer: UUID, listing: Listing, show: Show | None) -> Subject:
    match kind:
        case SubjectKind.NONE:
            return NOTHING
        case SubjectKind.ORDER:
            return Subject(kind, derived_id("simulated order", buyer), 1)
        case SubjectKind.LISTING:
            return Subject(kind, listing.id)
        case _:
            assert show is not None
            return Subject(kind, show.id)
