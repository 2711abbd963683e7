"""Who works in the generated marketplace: where, in which shifts, and what they can do."""

from collections.abc import Sequence
from random import Random
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.agents.messages import DeskRole
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.people import colleague
from oncedesk.simulation.tables import Pair

SHOP_SKILLS = ("orders", "delivery", "refunds", "returns", "quality", "pricing", "advice")
ROOM_SKILLS = ("live", "advice", "orders", "refunds", "quality")
SUPERVISED = 4
"""Of the platform's people one in so many leads the others."""

PLATFORM_HOURS = (7, 8, 9, 9, 13, 14, 15, 22)
SHOP_HOURS = (8, 9, 13, 13)
ROOM_HOURS = (10, 13, 14)
"""When shifts begin, local; rooms are live in the evening, and so are their people."""


class Worker(Record, frozen=True):
    """Somebody who works at desks. `starts_hour` is local; without a plan nobody knows shifts."""

    id: UUID
    name: Pair
    desks: tuple[Desk, ...]
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    capacity: int
    starts_hour: int
    planned: bool
    dice: Dice
    role: DeskRole = DeskRole.AGENT


class Team(Record, frozen=True):
    """A shop as somewhere to work: how busy it is, and whether its people never answer."""

    desk: Desk
    share: int
    silent: bool


class Room(Record, frozen=True):
    """A creator's desk, and the agency whose people stand in for each other."""

    desk: Desk
    agency: UUID | None


def platform_workers(number: int, skills: tuple[str, ...], chance: Random) -> list[Worker]:
    """Each knows most of the trade; every skill is known by somebody who speaks English."""
    made = []
    for n in range(number):
        known = (
            skills if n % 4 == 0 else tuple(chance.sample(skills, k=max(1, len(skills) * 2 // 3)))
        )
        english = 1.0 if n % 4 == 0 else 0.5
        # One after the other, so that nearly every hour has somebody.
        hours = PLATFORM_HOURS[n % len(PLATFORM_HOURS) :][:1]
        worker = _worker(f"platform/{n}", (PLATFORM,), known, chance, english=english, hours=hours)
        # They may give more alone, and stand by what others give.
        leads = n % SUPERVISED == 0
        made.append(replace(worker, role=DeskRole.SUPERVISOR) if leads else worker)
    return made


def shop_workers(teams: Sequence[Team], number: int, chance: Random) -> list[Worker]:
    """Busy shops have more of them, others share; those who never answer have their own."""
    served = [one for one in teams if not one.silent]
    shared = [one.desk for one in served]
    busy = chance.choices(shared, [one.share for one in served], k=number)
    made = []
    for n in range(number):
        first = shared[n] if n < len(shared) else busy[n]
        some = chance.sample(shared, k=min(len(shared), chance.randint(2, 5)))
        desks = tuple(dict.fromkeys((first, *some)))
        known = tuple(chance.sample(SHOP_SKILLS, k=len(SHOP_SKILLS) - chance.randint(0, 2)))
        made.append(_worker(f"shop/{n}", desks, known, chance, english=0.3, hours=SHOP_HOURS))
    for n, team in enumerate(one for one in teams if one.silent):
        name = f"silent/{n}"
        made.append(_worker(name, (team.desk,), SHOP_SKILLS, chance, english=0.3, hours=SHOP_HOURS))
    return made


def room_workers(rooms: Sequence[Room], chance: Random) -> list[Worker]:
    """One for each creator; an agency's people stand in for each other."""
    made = []
    for n, room in enumerate(rooms):
        others = [one.desk for one in rooms if one.agency is not None and one.agency == room.agency]
        desks = tuple(dict.fromkeys((room.desk, *others[:3])))
        made.append(_worker(f"room/{n}", desks, ROOM_SKILLS, chance, english=0.5, hours=ROOM_HOURS))
    return made


def _worker(
    name: str,
    desks: tuple[Desk, ...],
    skills: tuple[str, ...],
    chance: Random,
    *,
    english: float,
    hours: tuple[int, ...],
) -> Worker:
    return Worker(
        id=derived_id("simulated worker", name),
        name=colleague(chance),
        desks=desks,
        skills=tuple(sorted(skills)),
        languages=("en", "zh") if chance.random() < english else ("zh",),
        capacity=chance.randint(4, 9),
        starts_hour=chance.choice(hours),
        planned=chance.random() < 0.85,
        dice=Dice(chance),
    )
