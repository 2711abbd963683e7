"""Logging in by an identity provider, where the settings name one.

A browser comes here by itself, and whoever sits before it reads no JSON: they are told on the page.
"""

from typing import Annotated

import structlog
from litestar import Response
from litestar.params import QueryParameter

from oncedesk.http.auth.identity_provider import ATTEMPT_LIFETIME
from oncedesk.http.call import Call
from oncedesk.http.desk.session import begin as begin_session
from oncedesk.http.openapi import OpenQuestion
from oncedesk.http.problems import Problem, Refused, problem
from oncedesk.http.routes import get
from oncedesk.storage.access.logins import Login

COOKIE = "oncedesk_provider"
_PATH = "/v1/desk/provider"
_TOLD = ("login_failed", "provider_away")
"""What the page has words for."""

Code = Annotated[str, QueryParameter(max_length=4_000, description="What it lets in by")]
State = Annotated[str, QueryParameter(name="state", max_length=200)]
Error = Annotated[str, QueryParameter(name="error", max_length=200, description="Why it does not")]

log = structlog.get_logger(__name__)


@get("/provider", OpenQuestion, "beginProviderLogIn", "Log in by the identity provider", status=303)
async def begin(request: Call) -> Response[None]:
    """Sends the browser there; it comes back to `/v1/desk/provider/return`. Where the provider is
    away, to `/desk?login=provider_away`."""
    try:
        begun = await request.service.provider.begin(back_to=_back_to(request))
    except Refused as refused:
        return _sent_away(refused.problem)
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
    OpenQuestion,
    "endProviderLogIn",
    "Come back from the identity provider",
    status=303,
)
async def end(
    request: Call, code: Code = "", came_back: State = "", error: Error = ""
) -> Response[None]:
    """Whoever has a log-in for who they are there is logged in, and sent to the first page.
    Everybody else is sent to `/desk?login=`: `login_failed`, or `provider_away`."""
    try:
        if error or not code:
            raise Refused(problem("login_failed", f"a code of the provider, not: {error}"))
        login = await _login(request, code=code, state=came_back)
        session = await begin_session(request, login)
    except Refused as refused:
        return _sent_away(refused.problem)
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


async def _login(request: Call, *, code: str, state: str) -> Login:
    """Whose log-in it is. Raises `Refused`."""
    service = request.service
    subject = await service.provider.subject(
        code=code,
        state=state,
        held=service.doors.cookies.named(COOKIE, request.sent) or "",
        back_to=_back_to(request),
    )
    login = await service.parts.access.logins.of_subject(subject)
    if login is None or login.disabled_at is not None:
        raise Refused(problem("login_failed", "an agent who may log in"))
    return login


def _sent_away(why: Problem) -> Response[None]:
    """To the page that says so. Raises `Refused` where there is no provider at all."""
    if why.code not in _TOLD:
        raise Refused(why)
    log.warning("provider_log_in_refused", code=why.code, expected=why.detail)
    headers = {"Location": f"/desk?login={why.code}", "Cache-Control": "no-store"}
    return Response(None, status_code=303, headers=headers)


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
