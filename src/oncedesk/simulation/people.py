"""People of the generated marketplace. None of them exists, and no phone has their number."""

from random import Random

import msgspec

from oncedesk.domain.shared.records import Record
from oncedesk.simulation.tables import Pair, people_names

UNUSED_CN = "+86 000 0000 "
"""No number in China begins with zeros: neither mobiles (13 to 19) nor towns."""
UNUSED_UK = "+44 7700 900"
"""Kept by Ofcom for films and books: 900000 to 900999 are given to nobody."""


class Person(Record, frozen=True, omit_defaults=True):
    """Who somebody is; as JSON it is what is kept in the `person` row."""

    name: str
    phone: str = ""
    address: str = ""

    def to_text(self) -> str:
        return msgspec.json.encode(self).decode()


def consumer(*, language: str, chance: Random) -> Person:
    """Somebody who buys."""
    names = people_names()
    city, street = chance.choice(names.cities), chance.choice(names.streets)
    house = chance.randint(1, 88)
    if language == "en":
        name = f"{chance.choice(names.first_names)} {chance.choice(names.last_names)}"
        return Person(
            name,
            f"{UNUSED_UK}{chance.randrange(1_000):03}",
            f"{house} {street.en}, {city.en}",
        )
    name = chance.choice(names.surnames) + chance.choice(names.given)
    phone = f"{UNUSED_CN}{chance.randrange(10_000):04}"
    return Person(name, phone, f"{city.zh}{street.zh}{house}号")


def colleague(chance: Random) -> Pair:
    """What an agent is called, in both languages."""
    names = people_names()
    surname = chance.choice(names.surnames)
    return Pair(surname + chance.choice(names.given), chance.choice(names.first_names))


def buyer(person: Person, *, language: str, number: int) -> str:
    """How an agent addresses them; `number` stands in for what their account says of them."""
    if not person.name:
        return "there" if language == "en" else ""
    if language == "en":
        return person.name.split(" ")[0]
    surnames = [one for one in people_names().surnames if person.name.startswith(one)]
    return max(surnames, key=len, default=person.name[:1]) + ("女士" if number % 2 else "先生")
