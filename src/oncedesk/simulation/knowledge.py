"""What the agents of the demo have at hand: articles, macros, and the views that a desk shares."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from oncedesk.domain.shared.articles import Article
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk
from oncedesk.storage.desk_tools.macros import Macro
from oncedesk.storage.desk_tools.saved_views import SavedView
from oncedesk.wiring import Parts

OWNER = "platform desk"
GOOD_FOR = timedelta(days=365)
BY = "oncedesk"


@cache
def articles() -> Mapping[str, Article]:
    """The demo's articles by their keys; each has to be looked at again after a year."""
    return {key: _article(table) for key, table in _table("articles.toml").items()}


async def fill_shelves(parts: Parts, *, desks: Iterable[Desk], now: datetime) -> None:
    """Write all articles, and for each of these desks its macros and views; what is there stays."""
    for key, article in articles().items():
        dated = msgspec.structs.replace(article, markets=("cn",), expires_at=now + GOOD_FOR)
        await parts.articles.put(derived_id("demo article", key), dated, seen=0, by=BY, now=now)

    tools = at_hand()
    for desk in desks:
        for key, macro in tools.macros.items():
            id_ = derived_id("demo macro", str(desk), key)
            await parts.macros.put(id_, macro, desk=desk, seen=0, by=BY, now=now)
        for key, view in tools.views.items():
            id_ = derived_id("demo view", str(desk), key)
            await parts.saved_views.put(id_, view, desk=desk, agent=None, seen=0, by=BY, now=now)


class AtHand(Record, frozen=True):
    """What each desk of the demo has, by key."""

    macros: Mapping[str, Macro]
    views: Mapping[str, SavedView]


@cache
def at_hand() -> AtHand:
    """The demo's macros and views."""
    return msgspec.convert(_table("macros.toml"), type=AtHand)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("oncedesk.simulation") / "tables" / name).read_text("utf-8"))


def _article(table: Mapping[str, Any]) -> Article:
    stripped = {
        name: {key: text.strip() for key, text in said.items()} if isinstance(said, dict) else said
        for name, said in table.items()
    }
    return msgspec.convert({"owner": OWNER, **stripped}, type=Article)
