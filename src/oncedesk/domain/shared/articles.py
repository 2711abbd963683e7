"""Articles: what agents look up, in both languages, and for whom each is meant."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from oncedesk.domain.shared.bounds import bounded, one_line
from oncedesk.domain.shared.grams import grams_of_text
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk

BODY_LENGTH_MAX = 8_000
TITLE_LENGTH_MAX = 120

Title = Annotated[str, one_line(TITLE_LENGTH_MAX)]
Words = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=BODY_LENGTH_MAX,
        description="Plain text: an empty line ends a paragraph, `- ` begins an item of a list",
    ),
]
IssueName = Annotated[str, bounded("[a-z0-9_.-]{1,32}", max_length=32)]
MarketName = Annotated[str, bounded("[a-z0-9_-]{1,16}", max_length=16)]
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
DeskWord = Annotated[
    str,
    bounded(rf"platform|(?:merchant|creator)(?::{_UUID})?", max_length=45),
]
"""A desk, or all desks of a kind: `merchant`."""


class ArticleText(Record, frozen=True, forbid_unknown_fields=True):
    """An article in one language."""

    title: Title
    body: Words


class Article(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is said, in both languages. Without issues, desks or markets: for all of them.

    `owner` is who sees to it that it stays true; `source` where it comes from.
    """

    zh: ArticleText
    en: ArticleText
    owner: Annotated[str, one_line(80)]
    issues: Annotated[tuple[IssueName, ...], Meta(max_length=24)] = ()
    desks: Annotated[tuple[DeskWord, ...], Meta(max_length=24)] = ()
    markets: Annotated[tuple[MarketName, ...], Meta(max_length=8)] = ()
    source: Annotated[str, Meta(max_length=300)] = ""
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None

    def is_for(self, desk: Desk) -> bool:
        """Whether the people of this desk may read it."""
        return not self.desks or not {str(desk), desk.kind.value}.isdisjoint(self.desks)

    def is_of(self, market: str) -> bool:
        """Whether it holds in this market."""
        return not self.markets or market in self.markets

    def expired(self, now: datetime) -> bool:
        """Whether nobody vouches for it any more."""
        return self.expires_at is not None and self.expires_at <= now

    def grams(self) -> set[str]:
        """The pieces by which it is found, its issues among them."""
        said = (self.zh.title, self.zh.body, self.en.title, self.en.body)
        found = {gram for text in said for gram in grams_of_text(text)}
        return found | {issue_gram(issue) for issue in self.issues}


def issue_gram(issue: str) -> str:
    """The piece that stands for an issue; no text has one like it."""
    return f"issue:{issue}"
