"""What the agents of the demo can look up."""

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from oncedesk.domain.shared.articles import Article
from oncedesk.domain.shared.ids import derived_id
from oncedesk.wiring import Parts

OWNER = "platform desk"
GOOD_FOR = timedelta(days=365)
BY = "oncedesk"


@cache
def articles() -> Mapping[str, Article]:
    """The demo's articles by their keys; each has to be looked at again after a year."""
    text = (files("oncedesk.simulation") / "tables" / "articles.toml").read_text("utf-8")
    return {key: _article(table) for key, table in tomllib.loads(text).items()}


async def fill_shelves(parts: Parts, *, now: datetime) -> None:
    """Write them all; what is there already stays."""
    for key, article in articles().items():
        dated = msgspec.structs.replace(article, markets=("cn",), expires_at=now + GOOD_FOR)
        await parts.articles.put(derived_id("demo article", key), dated, seen=0, by=BY, now=now)


def _article(table: Mapping[str, Any]) -> Article:
    stripped = {
        name: {key: text.strip() for key, text in said.items()} if isinstance(said, dict) else said
        for name, said in table.items()
    }
    return msgspec.convert({"owner": OWNER, **stripped}, type=Article)
