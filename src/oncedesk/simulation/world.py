"""The generated marketplace: who sells, who presents, who carries, who works where.

It grows with the cases, and one seed always makes the same one. Consumers come with their stories.
"""

from datetime import timedelta, timezone
from enum import StrEnum
from random import Random
from uuid import UUID

from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.simulation.goods import Listing, Show, draw_listings, draw_show
from oncedesk.simulation.tables import Pair, goods, market_names
from oncedesk.simulation.workers import (
    Room,
    Team,
    Worker,
    platform_workers,
    room_workers,
    shop_workers,
)

MARKET = "cn"
CITY = timezone(timedelta(hours=8))
"""The marketplace's local time; no summer time has to be minded."""


class Size(StrEnum):
    """How much a merchant sells."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"


SHARES = {Size.LARGE: 12, Size.MEDIUM: 4, Size.SMALL: 1}
"""How many times as much as a small one."""
_LISTINGS = {Size.LARGE: 14, Size.MEDIUM: 8, Size.SMALL: 4}


class Merchant(Record, frozen=True):
    """A shop. A silent one has people who never answer; an unstaffed one has nobody."""

    id: UUID
    desk: Desk
    name: Pair
    size: Size
    listings: tuple[Listing, ...]
    silent: bool = False
    unstaffed: bool = False


class Agency(Record, frozen=True):
    """Who manages creators."""

    id: UUID
    name: Pair


class Creator(Record, frozen=True):
    """Somebody who sells through videos and live sessions, mostly managed by an agency."""

    id: UUID
    desk: Desk
    name: Pair
    agency: UUID | None
    shows: tuple[Show, ...]


class Carrier(Record, frozen=True):
    """Who moves parcels; of a hundred so many come late, or are not heard of for days."""

    id: UUID
    name: Pair
    weight: int
    late: int
    lost: int


class World(Record, frozen=True):
    """Everybody except the consumers."""

    merchants: tuple[Merchant, ...]
    creators: tuple[Creator, ...]
    agencies: tuple[Agency, ...]
    carriers: tuple[Carrier, ...]
    workers: tuple[Worker, ...]
    silent: frozenset[Desk]

    @property
    def great_show(self) -> Show:
        """The live session that everybody watches."""
        return self.creators[0].shows[0]

    def desks(self) -> tuple[Desk, ...]:
        return (
            PLATFORM,
            *(one.desk for one in self.merchants),
            *(one.desk for one in self.creators),
        )


def generate(*, cases: int, chance: Random, skills: tuple[str, ...]) -> World:
    """A marketplace that can serve so many cases in three days, but not in its busiest hour."""
    merchants = _merchants(_within(cases // 150, 8, 160), chance)
    agencies = tuple(
        Agency(derived_id("simulated agency", str(n)), name)
        for n, name in enumerate(_names(market_names().agencies, _within(cases // 900, 2, 20)))
    )
    creators = _creators(_within(cases // 400, 3, 60), agencies, merchants, chance)
    workers = [
        *platform_workers(_within(cases // 100, 8, 400), skills, chance),
        *shop_workers(_teams(merchants), _within(cases // 90, 10, 500), chance),
        *room_workers([Room(one.desk, one.agency) for one in creators], chance),
    ]
    return World(
        merchants=merchants,
        creators=creators,
        agencies=agencies,
        carriers=_carriers(),
        workers=tuple(workers),
        silent=frozenset(one.desk for one in merchants if one.silent),
    )


def _merchants(number: int, chance: Random) -> tuple[Merchant, ...]:
    """One in ten is large. Of the others one in eight never answers, one in fourteen has nobody."""
    large = max(1, number // 10)
    odd = chance.sample(range(large, number), k=max(1, number // 8) + max(1, number // 14))
    silent = set(odd[: max(1, number // 8)])
    names, categories = market_names(), goods().category
    brands = _names(names.brands, number)
    made = []
    for n in range(number):
        id_ = derived_id("simulated merchant", str(n))
        size = Size.LARGE if n < large else Size.MEDIUM if n < number // 2 else Size.SMALL
        brand, category, shop = (
            brands[n],
            categories[n % len(categories)],
            chance.choice(names.shops),
        )
        made.append(
            Merchant(
                id=id_,
                desk=Desk(DeskKind.MERCHANT, id_),
                name=Pair(
                    f"{brand.zh}{category.name.zh}{shop.zh}",
                    f"{brand.en} {category.name.en} {shop.en}",
                ),
                size=size,
                listings=draw_listings(
                    merchant=id_,
                    brand=brand,
                    category=category,
                    number=_LISTINGS[size],
                    chance=chance,
                ),
                silent=n in silent,
                unstaffed=n in odd and n not in silent,
            )
        )
    return tuple(made)


def _creators(
    number: int, agencies: tuple[Agency, ...], merchants: tuple[Merchant, ...], chance: Random
) -> tuple[Creator, ...]:
    """The first is the one whose live session everybody watches."""
    weights = [SHARES[one.size] for one in merchants]
    names = market_names()
    nicknames = _names(names.nicknames, number)
    made = []
    for n in range(number):
        id_ = derived_id("simulated creator", str(n))
        room = chance.choice(names.rooms)
        name = Pair(f"{nicknames[n].zh}{room.zh}", f"{nicknames[n].en}{room.en}")
        for_whom = chance.choices(merchants, weights, k=4)
        listings = list(dict.fromkeys(one for shop in for_whom for one in shop.listings))
        shows = tuple(
            draw_show(creator=id_, name=name, number=k, listings=listings, chance=chance)
            for k in range(chance.randint(2, 5))
        )
        made.append(
            Creator(
                id=id_,
                desk=Desk(DeskKind.CREATOR, id_),
                name=name,
                agency=chance.choice(agencies).id if chance.random() < 0.7 else None,
                shows=shows,
            )
        )
    return tuple(made)


def _carriers() -> tuple[Carrier, ...]:
    return tuple(
        Carrier(
            derived_id("simulated carrier", row.en),
            Pair(row.zh, row.en),
            row.weight,
            row.late,
            row.lost,
        )
        for row in market_names().carrier
    )


def _names(names: tuple[Pair, ...], number: int) -> list[Pair]:
    """So many different names: when all are taken, they come again with a number."""
    rounds = [(n // len(names), names[n % len(names)]) for n in range(number)]
    return [
        Pair(f"{name.zh}{turn + 1}号", f"{name.en} No. {turn + 1}") if turn else name
        for turn, name in rounds
    ]


def _teams(merchants: tuple[Merchant, ...]) -> list[Team]:
    return [Team(one.desk, SHARES[one.size], one.silent) for one in merchants if not one.unstaffed]


def _within(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))
