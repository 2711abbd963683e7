"""How agents log in and out."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.shared.bounds import Moment, one_line
from oncedesk.http.absence import goes_away
from oncedesk.http.auth.passwords import LENGTH_MAX, refuse_weak
from oncedesk.http.auth.principals import Kind
from oncedesk.http.auth.sessions import AGENT_LONGEST, LOGIN_FAILED, SessionKind
from oncedesk.http.bodies import Body
from oncedesk.http.border import client_address
from oncedesk.http.call import Call
from oncedesk.http.openapi import Entrance, Plain, Question
from oncedesk.http.problems import CredentialsWrong, Refused, problem
from oncedesk.http.routes import delete, get, post, put
from oncedesk.http.shapes.words import DeskName
from oncedesk.storage.access.logins import Login, folded

_KIND = SessionKind.AGENT
_NOT_IN_FORCE = problem("not_allowed", "the password in force", field="old")
LoginName = Annotated[str, one_line(200)]
Password = Annotated[str, Meta(min_length=1, max_length=LENGTH_MAX)]


class LogIn(Body, frozen=True, kw_only=True):
    """A name or e-mail address, and the password."""

    name: LoginName
    password: Password


class NewPassword(Body, frozen=True, kw_only=True):
    """The old one once more, and the new one."""

    old: Password
    new: Password


class DeskSession(msgspec.Struct, frozen=True, kw_only=True):
    """Who is logged in, where they work, which of these desks they supervise, and until when at
    most.

    Each command sends `csrf_token` back in the header `X-CSRF-Token`.
    """

    agent: UUID
    role: Kind
    desks: tuple[DeskName, ...]
    supervised: tuple[DeskName, ...]
    expires_at: Moment
    csrf_token: str


@post("/session", Entrance, "logIn", "Log in")
async def log_in(request: Call, data: JSONBody[LogIn]) -> Response[DeskSession]:
    """A wrong name takes as long and says the same as a wrong password."""
    service = request.service
    headers = request.sent
    service.doors.cookies.refuse_foreign_origin(headers, scheme=request.scope["scheme"])
    name = folded(data.name)
    address = client_address(request.scope, headers, service.settings.proxies)
    client = service.places.client(name, address)
    async with service.attempts.one(client, f"address {address}"):
        login = await service.parts.access.logins.find(name)
        usable = login is not None and login.disabled_at is None
        fits = await service.passwords.fits(
            data.password, login.password if login is not None and usable else None
        )
        if login is None or not fits:
            raise CredentialsWrong(LOGIN_FAILED)
    service.places.came_in(name, address)
    return await begin(request, login)


async def begin(request: Call, login: Login) -> Response[DeskSession]:
    """A session for an agent who has shown that this log-in is theirs."""
    doors = request.service.doors
    begun = await doors.sessions.begin_by(login)
    content = await _session(request, begun.token)
    cookie = doors.cookies.setting(
        _KIND,
        begun.token,
        secure=request.scope["scheme"] == "https",
        seconds=int(AGENT_LONGEST.total_seconds()),
    )
    return Response(content, headers={"Set-Cookie": cookie, "Cache-Control": "no-store"})


@get("/session", Question, "readDeskSession", "Who is logged in")
async def read(request: Call) -> Response[DeskSession]:
    """For a page that was loaded again."""
    content = await _session(request, request.held_token(_KIND))
    return Response(content, headers={"Cache-Control": "no-store"})


@delete("/session", Plain, "logOut", "Log out")
async def log_out(request: Call) -> Response[None]:
    """It is over at once here, and within seconds at every other process; and they are away,
    unless they are logged in elsewhere too."""
    doors = request.service.doors
    token = request.held_token(_KIND)
    if not await doors.sessions.has_others(token):
        await goes_away(request, request.person)
    await doors.sessions.end(_KIND, token)
    cookie = doors.cookies.setting(_KIND, "", secure=request.scope["scheme"] == "https", seconds=0)
    return Response(None, headers={"Set-Cookie": cookie})


@put("/session/password", Plain, "changePassword", "Change the password", status=204)
async def change_password(request: Call, data: JSONBody[NewPassword]) -> None:
    """All other sessions of this agent end. A password that was set meanwhile stands."""
    service, principal = request.service, request.principal
    access = service.parts.access
    agent = principal.actor.id
    assert agent is not None, "an agent is somebody"
    async with service.attempts.one(f"password {agent}"):
        login = await access.logins.of_agent(agent)
        if login is None or not await service.passwords.fits(data.old, login.password):
            raise CredentialsWrong(_NOT_IN_FORCE)
    refuse_weak(data.new)
    new = await service.passwords.hashed(data.new)
    if not await access.logins.replace_password(
        login, password=new, at=request.now, but=principal.session
    ):
        raise Refused(_NOT_IN_FORCE)


async def _session(request: Call, token: str) -> DeskSession:
    doors = request.service.doors
    principal = await doors.sessions.watching(_KIND, token)
    session = await doors.sessions.session(_KIND, token)
    return DeskSession(
        agent=session.party,
        role=principal.kind,
        desks=tuple(str(desk) for desk in principal.desks),
        supervised=tuple(str(desk) for desk in principal.supervised),
        expires_at=session.expires_at,
        csrf_token=doors.cookies.csrf_token(session.hash),
    )


ROUTES = (log_in, read, log_out, change_password)
