"""The rows of articles: written by version, found by words or by issue."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.shared.articles import Article, issue_gram
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.grams import grams_of_words, plain, words_of
from oncedesk.domain.shared.records import Record
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.readers import NotSeen, Reader

LOOKED_AT_MAX = 300
"""Articles that a search reads; who needs more of them names more words."""
SUGGESTED_MAX = 5
VERSIONS_MAX = 100

_INSERT = """
INSERT INTO article (id, version, body, expires_at, changed_at, changed_by, grams)
VALUES ($1, 1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""
_UPDATE = """
UPDATE article SET version = version + 1, body = $3, expires_at = $4, changed_at = $5,
    changed_by = $6, grams = $7, retired_at = NULL
WHERE id = $1 AND version = $2
"""
_VERSION = """
INSERT INTO article_version (article, version, body, changed_at, changed_by)
VALUES ($1, $2, $3, $4, $5)
"""
_COLUMNS = "id, version, body, retired_at, changed_at, changed_by"
# Asked of the database, or so many that others wrote for themselves would hide what is for these
# desks. No text within the JSON has a quotation mark without a backslash.
_MAY_BE_FOR = """($5::text[] IS NULL OR position('"desks":' IN body) = 0
    OR EXISTS (SELECT 1 FROM unnest($5::text[]) d WHERE position('"' || d || '"' IN body) > 0))"""
_ONE = f"SELECT {_COLUMNS} FROM article WHERE id = $1"  # noqa: S608 - constants
_LATEST_FIRST = f"""
SELECT {_COLUMNS} FROM article
WHERE grams @> $1 AND retired_at IS NULL AND (changed_at, id) < ($2, $3)
    AND {_MAY_BE_FOR}
ORDER BY changed_at DESC, id DESC LIMIT $4
"""  # noqa: S608 - constants
_SOONEST_FIRST = f"""
SELECT {_COLUMNS} FROM article
WHERE grams @> $1 AND retired_at IS NULL AND (coalesce(expires_at, 'infinity'), id) > ($2, $3)
    AND {_MAY_BE_FOR}
ORDER BY coalesce(expires_at, 'infinity'), id LIMIT $4
"""  # noqa: S608 - constants
_RETIRED = f"""
SELECT {_COLUMNS} FROM article
WHERE grams @> $1 AND retired_at IS NOT NULL AND (changed_at, id) < ($2, $3)
    AND {_MAY_BE_FOR}
ORDER BY changed_at DESC, id DESC LIMIT $4
"""  # noqa: S608 - constants
# Who has read it before that does not bring it back without knowing.
_RETIRE = """
UPDATE article SET version = version + 1, retired_at = $2 WHERE id = $1 AND retired_at IS NULL
"""
_VERSIONS = """
SELECT version, body, changed_at, changed_by FROM article_version
WHERE article = $1 ORDER BY version DESC LIMIT $2
"""

_decode = msgspec.json.Decoder(Article).decode
_NEVER = datetime.max.replace(tzinfo=UTC)
"""What PostgreSQL has as infinity."""


class StoredArticle(Record, frozen=True, kw_only=True):
    """An article as it stands."""

    id: UUID
    version: int
    article: Article
    changed_at: datetime
    changed_by: str
    retired_at: datetime | None = None


class Listing(StrEnum):
    """Which articles, and which first: the latest changed, the soonest to expire, or of those that
    were retired the latest changed."""

    LATEST = "latest"
    EXPIRING = "expiring"
    RETIRED = "retired"


class ByMoment(Record, frozen=True):
    """Where a page ended: at which moment of those that the listing goes by."""

    at: datetime
    id: UUID


_FIRST = ByMoment(datetime.min.replace(tzinfo=UTC), UUID(int=0))
_LAST = ByMoment(_NEVER, UUID(int=2**128 - 1))
_STATEMENTS = {
    Listing.LATEST: _LATEST_FIRST,
    Listing.EXPIRING: _SOONEST_FIRST,
    Listing.RETIRED: _RETIRED,
}


class FoundArticles(Record, frozen=True):
    """A page, and where the search goes on, if it has not come to the end."""

    items: Sequence[StoredArticle]
    upto: ByMoment | None = None


class Articles:
    """Reads and writes articles. Who may write is asked before."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(
        self, id_: UUID, article: Article, *, seen: int, by: str, now: datetime
    ) -> StoredArticle | None:
        """Write it over the version that was `seen` (0: there is none). None: it is another now."""
        body = msgspec.json.encode(article).decode()
        grams = sorted(article.grams())
        async with connected(self._pool) as connection, connection.transaction():
            if seen:
                done = await connection.execute(
                    _UPDATE, id_, seen, body, article.expires_at, now, by, grams
                )
            else:
                done = await connection.execute(
                    _INSERT, id_, body, article.expires_at, now, by, grams
                )
            if done.endswith(" 0"):
                return None
            await connection.execute(_VERSION, id_, seen + 1, body, now, by)
        return StoredArticle(
            id=id_, version=seen + 1, article=article, changed_at=now, changed_by=by
        )

    async def standing(self, *, reader: Reader, id_: UUID) -> StoredArticle | None:
        """What is to be written over; None: nothing yet. Raises `NotSeen` where it is others'."""
        async with connected(self._pool) as connection:
            known = await connection.fetchval("SELECT 1 FROM article WHERE id = $1", id_)
        return None if known is None else await self.one(reader=reader, id_=id_)

    async def retire(self, id_: UUID, *, now: datetime) -> bool:
        """It is found no more; whether there was one. What it said stays."""
        async with connected(self._pool) as connection:
            return str(await connection.execute(_RETIRE, id_, now)) != "UPDATE 0"

    async def one(self, *, reader: Reader, id_: UUID) -> StoredArticle:
        """An article, retired or not. Raises `NotSeen`."""
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(_ONE, id_)
        found = None if row is None else _stored(row)
        if found is None or not _may_read(reader, found.article):
            raise NotSeen
        return found

    async def versions(self, *, reader: Reader, id_: UUID) -> Sequence[StoredArticle]:
        """All that it ever said to this reader, the latest first; at most a hundred."""
        await self.one(reader=reader, id_=id_)
        async with connected(self._pool) as connection:
            rows = await connection.fetch(_VERSIONS, id_, VERSIONS_MAX)
        found = [
            StoredArticle(
                id=id_, version=version, article=_decode(body), changed_at=at, changed_by=by
            )
            for version, body, at, by in rows
        ]
        return [one for one in found if _may_read(reader, one.article)]

    async def search(
        self,
        *,
        reader: Reader,
        words: str,
        listing: Listing,
        after: ByMoment | None,
        limit: int,
    ) -> FoundArticles:
        """Those in which every word stands; without words all of them. What has no end expires
        last.

        A page may be short, or empty, and yet have a next one.
        """
        wanted = words_of(words)
        if words.strip() and not wanted:
            return FoundArticles([])
        rows = await self._rows(reader, grams_of_words(wanted), listing, after)
        items: list[StoredArticle] = []
        for number, row in enumerate(rows):
            if _may_read(reader, row.article) and _says(row.article, wanted):
                items.append(row)
            if len(items) == limit and number + 1 < len(rows):
                return FoundArticles(items, _place(row, listing))
        whole = len(rows) < LOOKED_AT_MAX
        return FoundArticles(items, None if whole else _place(rows[-1], listing))

    async def suggested(
        self, *, reader: Reader, issue: str, market: str, now: datetime
    ) -> Sequence[StoredArticle]:
        """What may help with a case of this issue; nothing that has expired."""
        rows = await self._rows(reader, {issue_gram(issue)}, Listing.LATEST, None)
        found = [
            row
            for row in rows
            if _may_read(reader, row.article)
            and row.article.is_of(market)
            and not row.article.expired(now)
        ]
        return found[:SUGGESTED_MAX]

    async def _rows(
        self, reader: Reader, grams: set[str], listing: Listing, after: ByMoment | None
    ) -> Sequence[StoredArticle]:
        start = after or (_FIRST if listing is Listing.EXPIRING else _LAST)
        statement = _STATEMENTS[listing]
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                statement, sorted(grams), start.at, start.id, LOOKED_AT_MAX, _desk_words(reader)
            )
        return [_stored(row) for row in rows]


def _place(row: StoredArticle, listing: Listing) -> ByMoment:
    """Where a page of this listing goes on behind this article."""
    if listing is Listing.EXPIRING:
        return ByMoment(row.article.expires_at or _NEVER, row.id)
    return ByMoment(row.changed_at, row.id)


def _stored(row: Any) -> StoredArticle:
    id_, version, body, retired_at, at, by = row
    return StoredArticle(
        id=id_,
        version=version,
        article=_decode(body),
        changed_at=at,
        changed_by=by,
        retired_at=retired_at,
    )


def _desk_words(reader: Reader) -> list[str] | None:
    """How an article names the desks of this reader; None: all are theirs to read."""
    if reader.runs:
        return None
    return sorted({word for desk in reader.desks for word in (str(desk), desk.kind.value)})


def _may_read(reader: Reader, article: Article) -> bool:
    if reader.runs:
        return True
    return reader.actor.role is Role.AGENT and any(article.is_for(desk) for desk in reader.desks)


def _says(article: Article, words: Sequence[str]) -> bool:
    """All words, in one of its languages."""
    texts = [plain(f"{one.title}\n{one.body}") for one in (article.zh, article.en)]
    return any(all(word in text for word in words) for text in texts)
