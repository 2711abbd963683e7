"""What the generated marketplace is made of and what is said in it: our own words, in TOML."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from oncedesk.domain.shared.records import Record

T = TypeVar("T")


class Pair(Record, frozen=True, array_like=True):
    """The same in both languages."""

    zh: str
    en: str

    def said(self, language: str) -> str:
        """In this one; everything but `en` is Chinese."""
        return self.en if language == "en" else self.zh


class Item(Record, frozen=True, array_like=True):
    """Something that is sold; prices in minor units."""

    zh: str
    en: str
    lowest_minor: int
    highest_minor: int


class Question(Record, frozen=True, array_like=True):
    """What is asked before buying, and what is answered."""

    asked: str
    asked_en: str
    told: str
    told_en: str


class Category(Record, frozen=True):
    """A sort of goods, and what there is to say about them."""

    code: str
    name: Pair
    makes: tuple[Pair, ...]
    items: tuple[Item, ...]
    variants: tuple[Pair, ...]
    defects: tuple[Pair, ...]
    gifts: tuple[Pair, ...]
    asks: tuple[Question, ...]


class Goods(Record, frozen=True):
    category: tuple[Category, ...]


class CarrierRow(Record, frozen=True):
    """`late` and `lost` are of a hundred parcels."""

    zh: str
    en: str
    weight: int
    late: int
    lost: int


class MarketNames(Record, frozen=True):
    """What shops, creators, agencies and carriers are called."""

    brands: tuple[Pair, ...]
    shops: tuple[Pair, ...]
    nicknames: tuple[Pair, ...]
    rooms: tuple[Pair, ...]
    agencies: tuple[Pair, ...]
    carrier: tuple[CarrierRow, ...]


class PeopleNames(Record, frozen=True):
    """Of what people's names and addresses are put together."""

    surnames: tuple[str, ...]
    given: tuple[str, ...]
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    cities: tuple[Pair, ...]
    streets: tuple[Pair, ...]


class Shared(Record, frozen=True):
    """What is said whatever it is about."""

    openers: tuple[str, ...]
    closers: tuple[str, ...]
    chase: tuple[str, ...]
    thanks: tuple[str, ...]
    details: tuple[str, ...]
    again: tuple[str, ...]
    something_else: tuple[str, ...]
    greet: tuple[str, ...]
    notes: tuple[str, ...]
    between: tuple[str, ...]
    found: tuple[str, ...]


class Topic(Record, frozen=True):
    """A matter, finer than an issue: how it begins, what is asked and answered, how it ends."""

    name: str
    issue: str
    first: tuple[str, ...]
    answer: tuple[str, ...]
    question: tuple[str, ...]
    reply: tuple[str, ...]
    settled: tuple[str, ...]


class Phrases(Record, frozen=True):
    """All that is said in one language."""

    shared: Shared
    topic: tuple[Topic, ...]


@cache
def goods() -> Goods:
    return _table("goods", Goods)


@cache
def market_names() -> MarketNames:
    return _table("market", MarketNames)


@cache
def people_names() -> PeopleNames:
    return _table("people", PeopleNames)


@cache
def phrases(language: str) -> Phrases:
    return _table("en" if language == "en" else "zh", Phrases)


def _table(name: str, kind: type[T]) -> T:
    text = (files(__package__) / f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), kind)
