"""Where a consumer comes in: a token of the marketplace's is exchanged, once, for a session."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.attachments import UploadLimits, upload_limits
from oncedesk.http.auth.consumer_tokens import TOKEN_LENGTH_MAX
from oncedesk.http.auth.sessions import CONSUMER_LONGEST, SessionKind
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import Entrance, Plain, Question
from oncedesk.http.routes import delete, get, post
from oncedesk.storage.access.sessions import OneTime

_KIND = SessionKind.CONSUMER


class Exchange(Body, frozen=True, kw_only=True):
    """`token` is the marketplace's. `hold` says how the page will show who it is: itself, in the
    header `Authorization` (`bearer`), or by a cookie that no script can read."""

    token: Annotated[str, Meta(min_length=1, max_length=TOKEN_LENGTH_MAX)]
    hold: Literal["bearer", "cookie"] = "bearer"


class HelpSession(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who the consumer is here, until when, and what they may bring. `token` comes once, and only
    to be held itself."""

    consumer: UUID
    language: str
    expires_at: Moment
    uploads: UploadLimits
    token: str = ""
    csrf_token: str = ""


@post("/session", Entrance, "beginHelpSession", "Exchange a token for a session")
async def begin(request: Call, data: JSONBody[Exchange]) -> Response[HelpSession]:
    """A token counts once; the page asks the marketplace for another when the session is over."""
    service = request.service
    consumer = await service.tokens.read(data.token)
    market = consumer.market or service.settings.market
    uploads = upload_limits(request, market)
    begun = await service.doors.sessions.begin(
        _KIND,
        consumer.consumer,
        market=market,
        language=consumer.language,
        by=OneTime(hash=consumer.mark, expires_at=consumer.expires_at),
    )
    by_cookie = data.hold == "cookie"
    cookies = service.doors.cookies
    content = HelpSession(
        consumer=consumer.consumer,
        language=consumer.language,
        expires_at=begun.session.expires_at,
        uploads=uploads,
        token="" if by_cookie else begun.token,
        csrf_token=cookies.csrf_token(begun.session.hash) if by_cookie else "",
    )
    response = Response(content, headers={"Cache-Control": "no-store"})
    if by_cookie:
        seconds = int(CONSUMER_LONGEST.total_seconds())
        response.headers["Set-Cookie"] = cookies.setting(
            _KIND, begun.token, secure=request.url.scheme == "https", seconds=seconds
        )
    return response


@delete("/session", Plain, "endHelpSession", "End the session")
async def end(request: Call) -> None:
    """It is over at once here, and within seconds at every other process."""
    token = request.held_token(_KIND)
    await request.service.doors.sessions.end(_KIND, token)


@get("/session", Question, "readHelpSession", "Who the page is for")
async def read(request: Call) -> HelpSession:
    """For a page that was loaded again: who it is for, and its token against forged requests."""
    service, principal = request.service, request.principal
    session = await service.doors.sessions.session(_KIND, request.held_token(_KIND))
    return HelpSession(
        consumer=session.party,
        language=session.language,
        expires_at=session.expires_at,
        uploads=upload_limits(request, principal.market),
        csrf_token=service.doors.cookies.csrf_token(principal.session),
    )


ROUTES = (begin, read, end)
