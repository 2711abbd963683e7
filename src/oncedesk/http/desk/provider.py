"""Logging in by an identity provider, where the settings name one."""

from typing import Annotated

from litestar import Response, get
from litestar.params import QueryParameter

from oncedesk.http.auth.identity_provider import ATTEMPT_LIFETIME
from oncedesk.http.call import Call
from oncedesk.http.desk.session import begin as begin_session
from oncedesk.http.openapi import OpenQuestion
from oncedesk.http.problems import Refused, problem

COOKIE = "oncedesk_provider"
_PATH = "/v1/desk/provider"

Code = Annotated[str, QueryParameter(min_length=1, max_length=2_000)]
State = Annotated[str, QueryParameter(name="state", min_length=1, max_length=200)]


@get(
    "/provider",
    status_code=303,
    operation_id="beginProviderLogIn",
    operation_class=OpenQuestion,
    summary="Log in by the identity provider",
)
async def begin(request: Call) -> Response[None]:
    """Sends the browser there; it comes back to `/v1/desk/provider/return`."""
    begun = await request.service.provider.begin(back_to=_back_to(request))
    seconds = int(ATTEMPT_LIFETIME.total_seconds())
    return Response(
        None,
        status_code=303,
        headers={
            "Location": begun.url,
            "Set-Cookie": _cookie(request, begun.held, seconds),
            "Cache-Control": "no-store",
        },
    )


@get(
    "/provider/return",
    status_code=303,
    operation_id="endProviderLogIn",
    operation_class=OpenQuestion,
    summary="Come back from the identity provider",
)
async def end(request: Call, code: Code, came_back: State) -> Response[None]:
    """Whoever has a log-in for who they are there is logged in, and sent to the first page."""
    service = request.service
    subject = await service.provider.subject(
        code=code,
        state=came_back,
        held=service.doors.cookies.named(COOKIE, request.sent) or "",
        back_to=_back_to(request),
    )
    login = await service.parts.access.logins.of_subject(subject)
    if login is None or login.disabled_at is not None:
        raise Refused(problem("login_failed", "an agent who may log in"))
    session = await begin_session(request, login)
    return Response(
        None,
        status_code=303,
        headers={
            "Location": "/",
            "Set-Cookie": session.headers["Set-Cookie"],
            "Cache-Control": "no-store",
        },
    )


ROUTES = (begin, end)


def _back_to(request: Call) -> str:
    return f"{_origin(request)}{_PATH}/return"


def _origin(request: Call) -> str:
    cookies = request.service.doors.cookies
    return cookies.origin(request.sent, scheme=request.scope["scheme"])


def _cookie(request: Call, held: str, seconds: int) -> str:
    # The provider sends the browser back by a link, with which a lax cookie comes.
    secure = _origin(request).startswith("https:")
    marks = "HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")
    return f"{COOKIE}={held}; Path={_PATH}; Max-Age={seconds}; {marks}"
