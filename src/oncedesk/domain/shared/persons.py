"""What may be known about a person beside the id. It stands in one row; erasing overwrites it."""

import unicodedata
from enum import StrEnum
from uuid import UUID

import msgspec

from oncedesk.domain.shared.records import Record

SEARCHED_MAX = 100
"""So many characters of a name are searched."""


class PersonField(StrEnum):
    """One thing that is kept about a person, and can be revealed by itself."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    ID_NUMBER = "id_number"


class PrivateText(Record, frozen=True, array_like=True):
    """What an event says of a private text: where it stands, its hash and its length."""

    id: UUID
    digest: bytes
    length: int


class Person(Record, frozen=True, omit_defaults=True):
    """A person, as far as is known. `other` is what came in no form that we know."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    id_number: str = ""
    other: str = ""

    def value(self, field: PersonField) -> str:
        match field:
            case PersonField.NAME:
                return self.name
            case PersonField.PHONE:
                return self.phone
            case PersonField.EMAIL:
                return self.email
            case PersonField.ADDRESS:
                return self.address
            case PersonField.ID_NUMBER:
                return self.id_number


_decode = msgspec.json.Decoder(Person).decode


def person_text(person: Person) -> str:
    """The text under which a person is registered and kept."""
    return msgspec.json.encode(person).decode()


def searched(name: str) -> str:
    """The beginning of a name as it is searched: letters large or small, wide or narrow alike."""
    # No text in a database can hold what is replaced here.
    return unicodedata.normalize("NFKC", name).lower().replace("\0", "").strip()[:SEARCHED_MAX]


def person_of(text: str) -> Person:
    """The person that this text is about; of a text in another form nothing is known by name."""
    if not text.startswith("{"):
        return Person(other=text)
    try:
        return _decode(text)
    except msgspec.DecodeError:
        return Person(other=text)
