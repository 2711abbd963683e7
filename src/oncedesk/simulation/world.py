"""The generated marketplace: who sells, who presents, who works where. It grows with the cases."""

from datetime import timedelta, timezone
from random import Random
from uuid import UUID

from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.simulation.dice import Dice

MARKET = "cn"
CITY = timezone(timedelta(hours=8))
"""The marketplace's local time; no summer time has to be minded."""

SHOP_SKILLS = ("orders", "delivery", "refunds", "returns", "quality", "pricing", "advice")
ROOM_SKILLS = ("live", "advice", "orders", "refunds", "quality")


class Merchant(Record, frozen=True):
    """A shop. A silent one has people who never answer; an unstaffed one has nobody."""

    id: UUID
    desk: Desk
    silent: bool = False
    unstaffed: bool = False


class Creator(Record, frozen=True):
    """Somebody who sells through videos and live sessions, mostly managed by an agency."""

    id: UUID
    desk: Desk
    agency: UUID | None


class Worker(Record, frozen=True):
    """Somebody who works at desks. `starts_hour` is local; without a plan nobody knows shifts."""

    id: UUID
    desks: tuple[Desk, ...]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    capacity: int
    starts_hour: int
    planned: bool
    dice: Dice


class World(Record, frozen=True):
    """Everybody except the consumers."""

    merchants: tuple[Merchant, ...]
    creators: tuple[Creator, ...]
    agencies: tuple[UUID, ...]
    workers: tuple[Worker, ...]
    silent: frozenset[Desk]

    def desks(self) -> tuple[Desk, ...]:
        return (
            PLATFORM,
            *(one.desk for one in self.merchants),
            *(one.desk for one in self.creators),
        )


def generate(*, cases: int, chance: Random, skills: tuple[str, ...]) -> World:
    """A marketplace that can serve so many cases in its days, but not in its busiest hour."""
    merchants = _merchants(_within(cases // 150, 8, 160), chance)
    agencies = tuple(
        derived_id("simulated agency", str(n)) for n in range(_within(cases // 900, 2, 20))
    )
    creators = _creators(_within(cases // 400, 3, 60), agencies, chance)
    workers = [
        *_platform_workers(_within(cases // 100, 8, 400), skills, chance),
        *_shop_workers(merchants, _within(cases // 90, 10, 500), chance),
        *_room_workers(creators, chance),
    ]
    return World(
        merchants=merchants,
        creators=creators,
        agencies=agencies,
        workers=tuple(workers),
        silent=frozenset(one.desk for one in merchants if one.silent),
    )


def _merchants(number: int, chance: Random) -> tuple[Merchant, ...]:
    """One in eight never answers, one in fourteen has nobody; at least one of each."""
    odd = chance.sample(range(number), k=max(1, number // 8) + max(1, number // 14))
    silent = set(odd[: max(1, number // 8)])
    made = []
    for n in range(number):
        id_ = derived_id("simulated merchant", str(n))
        made.append(
            Merchant(
                id=id_,
                desk=Desk(DeskKind.MERCHANT, id_),
                silent=n in silent,
                unstaffed=n in odd and n not in silent,
            )
        )
    return tuple(made)


def _creators(number: int, agencies: tuple[UUID, ...], chance: Random) -> tuple[Creator, ...]:
    made = []
    for n in range(number):
        id_ = derived_id("simulated creator", str(n))
        agency = chance.choice(agencies) if chance.random() < 0.7 else None
        made.append(Creator(id=id_, desk=Desk(DeskKind.CREATOR, id_), agency=agency))
    return tuple(made)


def _worker(
    name: str,
    desks: tuple[Desk, ...],
    skills: tuple[str, ...],
    chance: Random,
    *,
    english: float,
    hours: tuple[int, ...] = (8, 9, 13, 13),
) -> Worker:
    return Worker(
        id=derived_id("simulated worker", name),
        desks=desks,
        skills=tuple(sorted(skills)),
        languages=("en", "zh") if chance.random() < english else ("zh",),
        capacity=chance.randint(4, 9),
        starts_hour=chance.choice(hours),
        planned=chance.random() < 0.85,
        dice=Dice(chance),
    )


def _platform_workers(number: int, skills: tuple[str, ...], chance: Random) -> list[Worker]:
    """Each knows most of the trade; every skill is known by somebody who speaks English."""
    made = []
    for n in range(number):
        known = (
            skills if n % 4 == 0 else tuple(chance.sample(skills, k=max(1, len(skills) * 2 // 3)))
        )
        english = 1.0 if n % 4 == 0 else 0.5
        made.append(_worker(f"platform/{n}", (PLATFORM,), known, chance, english=english))
    return made


def _shop_workers(merchants: tuple[Merchant, ...], number: int, chance: Random) -> list[Worker]:
    """Busy shops share people; those who never answer have people of their own."""
    shared = [one.desk for one in merchants if not one.silent and not one.unstaffed]
    made = []
    for n in range(number):
        some = chance.sample(shared, k=min(len(shared), chance.randint(2, 5)))
        desks = tuple(dict.fromkeys((shared[n % len(shared)], *some)))
        known = tuple(chance.sample(SHOP_SKILLS, k=len(SHOP_SKILLS) - chance.randint(0, 2)))
        made.append(_worker(f"shop/{n}", desks, known, chance, english=0.3))
    made.extend(
        _worker(f"silent/{merchant.id}", (merchant.desk,), SHOP_SKILLS, chance, english=0.3)
        for merchant in merchants
        if merchant.silent
    )
    return made


def _room_workers(creators: tuple[Creator, ...], chance: Random) -> list[Worker]:
    """One for each creator; an agency's people stand in for each other."""
    made = []
    for creator in creators:
        others = [
            one.desk for one in creators if one.agency is not None and one.agency == creator.agency
        ]
        desks = tuple(dict.fromkeys((creator.desk, *others[:3])))
        # Rooms are live in the evening, and so are their people.
        made.append(
            _worker(
                f"room/{creator.id}", desks, ROOM_SKILLS, chance, english=0.5, hours=(10, 13, 14)
            )
        )
    return made


def _within(value: int, low: int, high: int) -> int:
    return max(low, min(high, value))
