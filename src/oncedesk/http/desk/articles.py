"""What agents look up, and those who see to it that it stays true."""

from typing import Annotated, Literal

from litestar import Response
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from oncedesk.domain.shared.articles import Article
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.http.answers import versioned
from oncedesk.http.auth.principals import Kind
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.desk.giving import CASE
from oncedesk.http.openapi import Plain, Question
from oncedesk.http.parameters import LIMIT, CasePath, Cursor, Id, Limit
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get, post, put
from oncedesk.http.shapes.articles import ArticleList, ArticleShape, article_shape
from oncedesk.storage.desk_tools.articles import ByMoment, Listing, StoredArticle

_ARTICLE = "/articles/{article:uuid}"

Listed = Annotated[
    Literal["latest", "expiring", "retired"],
    QueryParameter(description="The latest first, the soonest to expire, or what is retired"),
]


class ArticleSaid(Body, frozen=True, kw_only=True):
    """What the article says from now on, and the version that was read; 0: there is none yet."""

    seen: Annotated[int, Meta(ge=0, le=1_000_000)]
    article: Article


@get("/articles", Question, "searchArticles", "Articles")
async def search(
    request: Call,
    words: Annotated[str, QueryParameter(max_length=200, description="All must stand in it")] = "",
    listing: Listed = "latest",
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Page[ArticleShape]:
    """In any language; a page may be short and yet have a next one."""
    found = await request.service.parts.articles.search(
        reader=request.reader,
        words=words,
        listing=Listing(listing),
        after=request.position(ByMoment, cursor),
        limit=limit,
    )
    items = tuple(article_shape(one, request.now) for one in found.items)
    return request.page_upto(items, found.upto)


@get(_ARTICLE, Question, "readArticle", "An article")
async def read(request: Call, article: Id) -> Response[ArticleShape]:
    """As it stands now."""
    found = await request.service.parts.articles.one(reader=request.reader, id_=article)
    return versioned(article_shape(found, request.now), found.version)


@get(_ARTICLE + "/versions", Question, "readArticleVersions", "What an article said")
async def versions(request: Call, article: Id) -> ArticleList:
    """The latest first, at most a hundred."""
    found = await request.service.parts.articles.versions(reader=request.reader, id_=article)
    return ArticleList(tuple(article_shape(one, request.now) for one in found))


@put(_ARTICLE, Plain, "writeArticle", "Write an article")
async def write(request: Call, article: Id, data: JSONBody[ArticleSaid]) -> Response[ArticleShape]:
    """By an admin, or a supervisor: of the platform's for everybody, else for their own desks.
    The same once more changes nothing."""
    _needs_leave(request, data.article)
    before = await request.service.parts.articles.standing(reader=request.reader, id_=article)
    if before is not None:
        _needs_leave(request, before.article)
        if _same(before, data):
            return versioned(article_shape(before, request.now), before.version)
    stored = await request.service.parts.articles.put(
        article, data.article, seen=data.seen, by=request.principal.name, now=request.now
    )
    if stored is None:
        raise Refused(problem("stale_version", "the version that was read", field="seen"))
    return versioned(article_shape(stored, request.now), stored.version)


@post(
    _ARTICLE + "/retirement", Plain, "retireArticle", "Let an article be found no more", status=204
)
async def retire(request: Call, article: Id) -> None:
    """What it said stays on record; written again over the version that it has then, it is back."""
    before = await request.service.parts.articles.one(reader=request.reader, id_=article)
    _needs_leave(request, before.article)
    await request.service.parts.articles.retire(article, now=request.now)


@get(CASE + "/articles", Question, "suggestArticles", "What may help with a case")
async def suggest(request: Call, consumer: Id, conversation: Id, case: CasePath) -> ArticleList:
    """By its issue and market; nothing that has expired. At most five."""
    seen = await request.views.cases.case(
        reader=request.reader, consumer=consumer, conversation=conversation, case=case
    )
    known = seen.state.case(case)
    if known is None:
        return ArticleList(())
    found = await request.service.parts.articles.suggested(
        reader=request.reader, issue=known.issue, market=seen.state.market, now=request.now
    )
    return ArticleList(tuple(article_shape(one, request.now) for one in found))


def _same(before: StoredArticle, data: ArticleSaid) -> bool:
    return (
        before.version == data.seen + 1
        and before.article == data.article
        and before.retired_at is None
    )


def _needs_leave(request: Call, article: Article) -> None:
    """Raises `Refused` for those who may not say this to all whom it is for."""
    if request.principal.kind is Kind.ADMIN:
        return
    if request.reader.supervises(PLATFORM):
        return
    # A kind of desks is more than anybody's own.
    own = {str(desk) for desk in request.principal.supervised}
    if not article.desks or not own.issuperset(article.desks):
        raise Refused(problem("not_allowed", "a supervisor of all its desks, or an admin"))


ROUTES = (search, read, versions, write, retire, suggest)
