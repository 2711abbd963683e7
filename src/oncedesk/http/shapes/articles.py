"""Articles, as agents read them."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.shared.articles import Article
from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.shapes.cases import Number
from oncedesk.storage.desk_tools.articles import StoredArticle


class ArticleShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An article at a version. `expired`: nobody vouches for it any more; `retired`: not found."""

    id: UUID
    version: Number
    article: Article
    changed_at: Moment
    changed_by: str
    expired: bool = False
    retired: bool = False


class ArticleList(msgspec.Struct, frozen=True):
    """Some articles."""

    items: Annotated[tuple[ArticleShape, ...], Meta(max_length=100)]


def article_shape(stored: StoredArticle, now: Moment) -> ArticleShape:
    return ArticleShape(
        id=stored.id,
        version=stored.version,
        article=stored.article,
        changed_at=stored.changed_at,
        changed_by=stored.changed_by,
        expired=stored.article.expired(now),
        retired=stored.retired_at is not None,
    )
