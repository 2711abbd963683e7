"""How agents log in, as those see to it who run the system."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Response
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta

from oncedesk.domain.shared.bounds import Moment, bounded
from oncedesk.http.absence import comes_no_more
from oncedesk.http.auth.passwords import LENGTH_MAX, LENGTH_MIN
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.openapi import Plain, Question
from oncedesk.http.parameters import LIMIT, Cursor, Limit
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get, post, put
from oncedesk.storage.access.logins import Login, folded

_NAME = "/logins/{name:str}"
NamePath = Annotated[
    str, PathParameter(pattern=r"^[^\x00-\x1f\x7f]{1,200}$(?!\n)", min_length=1, max_length=200)
]
AgentQuery = Annotated[UUID | None, QueryParameter(description="Whose; else all")]
GoodPassword = Annotated[str, Meta(min_length=LENGTH_MIN, max_length=LENGTH_MAX)]

LoginRole = Literal["agent", "admin"]
LoginSubject = Annotated[str, bounded(r"[^\x00-\x1f\x7f]{3,400}", max_length=400)]


class NewLogin(Body, frozen=True, kw_only=True):
    """Who logs in by this name. Without a password only by the identity provider.

    `subject` is `ISSUER SUBJECT`, as the identity provider names them.
    """

    agent: UUID
    role: LoginRole = "agent"
    password: GoodPassword | None = None
    subject: LoginSubject | None = None


class PasswordSet(Body, frozen=True, kw_only=True):
    """The password from now on."""

    password: GoodPassword


class RoleSet(Body, frozen=True, kw_only=True):
    """What they are from now on."""

    role: LoginRole


class SubjectSet(Body, frozen=True, kw_only=True):
    """Who they are at the identity provider, `ISSUER SUBJECT`; nothing: they come in by password
    alone."""

    subject: LoginSubject | None = None


class LoginShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A log-in; its password is kept as a hash and shown nowhere."""

    name: str
    agent: UUID
    role: str
    created_at: Moment
    created_by: str
    has_password: bool
    subject: str | None = None
    disabled_at: Moment | None = None
    disabled_by: str | None = None


class ByName(msgspec.Struct, frozen=True):
    """Where a page of log-ins ended."""

    name: str


@get("/logins", Question, "listLogins", "All log-ins")
async def list_logins(
    request: Call, agent: AgentQuery = None, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[LoginShape]:
    """By their names; of one agent, if it is said which: one or none."""
    request.needs_admin()
    logins = request.service.parts.access.logins
    if agent is not None:
        login = await logins.of_agent(agent)
        return Page(items=() if login is None else (_shape(login),))
    after = request.position(ByName, cursor)
    found = await logins.page(after="" if after is None else after.name, limit=limit)
    last = ByName(found[-1].name) if found else None
    return request.page([_shape(one) for one in found], limit, last)


@put(_NAME, Plain, "createLogin", "Let an agent log in", status=201)
async def create(request: Call, name: NamePath, data: JSONBody[NewLogin]) -> Response[LoginShape]:
    """By this name; an agent has one, and a name is one agent's. The agent is registered first;
    whoever was erased comes in no more."""
    request.needs_admin()
    if not folded(name):
        raise Refused(problem("parameter_invalid", "a name that is not blank", field="name"))
    service = request.service
    if why := await service.parts.access.logins.why_none(data.agent):
        raise Refused(problem(why, "an agent who is registered, and not erased", field="agent"))
    password = None if data.password is None else await service.passwords.hashed(data.password)
    login = Login(
        name=folded(name),
        agent=data.agent,
        role=data.role,
        password=password,
        subject=data.subject,
        created_at=request.now,
        created_by=request.principal.name,
    )
    if not await service.parts.access.logins.add(login):
        raise Refused(problem("login_exists", "a name, agent and subject without a log-in"))
    return Response(_shape(login), status_code=201)


@put(_NAME + "/password", Plain, "resetPassword", "Set somebody's password", status=204)
async def set_password(request: Call, name: NamePath, data: JSONBody[PasswordSet]) -> None:
    """All their sessions end."""
    login = await _login(request, name)
    service = request.service
    hashed = await service.passwords.hashed(data.password)
    await service.parts.access.logins.set_password(login.name, password=hashed)
    await service.parts.access.sessions.end_all(login.agent, at=request.now)


@put(_NAME + "/role", Plain, "setLoginRole", "Make somebody an admin, or an agent", status=204)
async def set_role(request: Call, name: NamePath, data: JSONBody[RoleSet]) -> None:
    """All their sessions end, unless they are that already. The last log-in of an admin stays one:
    nobody could let another in."""
    login = await _login(request, name)
    if login.role == data.role:
        return
    logins = request.service.parts.access.logins
    if not await logins.set_role_but_last_admin(login, role=data.role, at=request.now):
        raise Refused(problem("last_admin", "another admin who can log in"))


@put(
    _NAME + "/subject",
    Plain,
    "setLoginSubject",
    "Say who somebody is at the identity provider",
    status=204,
)
async def set_subject(request: Call, name: NamePath, data: JSONBody[SubjectSet]) -> None:
    """All their sessions end, unless they are that already. Without a password it has to be
    somebody."""
    login = await _login(request, name)
    if login.subject == data.subject:
        return
    if data.subject is None and login.password is None:
        raise Refused(problem("parameter_invalid", "a subject, or a password", field="subject"))
    logins = request.service.parts.access.logins
    if not await logins.set_subject(login, subject=data.subject, at=request.now):
        raise Refused(problem("login_exists", "a subject without a log-in"))


@post(_NAME + "/disabling", Plain, "disableLogin", "Let somebody no longer log in", status=204)
async def disable(request: Call, name: NamePath) -> None:
    """Their sessions end, too, they are away, and none of their shifts takes place. The last log-in
    of an admin stays: nobody could let another in."""
    login = await _login(request, name)
    access = request.service.parts.access
    by = request.principal.name
    if not await access.logins.disable_but_last_admin(login.name, by=by, at=request.now):
        raise Refused(problem("last_admin", "another admin who can log in"))
    await access.sessions.end_all(login.agent, at=request.now)
    await comes_no_more(request, login.agent)


@post(_NAME + "/enabling", Plain, "enableLogin", "Let somebody log in again", status=204)
async def enable(request: Call, name: NamePath) -> None:
    """With the password they had."""
    login = await _login(request, name)
    await request.service.parts.access.logins.enable(login.name)


ROUTES = (list_logins, create, set_password, set_role, set_subject, disable, enable)


async def _login(request: Call, name: str) -> Login:
    request.needs_admin()
    login = await request.service.parts.access.logins.find(folded(name))
    if login is None:
        raise Refused(problem("not_found"))
    return login


def _shape(login: Login) -> LoginShape:
    return LoginShape(
        name=login.name,
        agent=login.agent,
        role=login.role,
        created_at=login.created_at,
        created_by=login.created_by,
        has_password=login.password is not None,
        subject=login.subject,
        disabled_at=login.disabled_at,
        disabled_by=login.disabled_by,
    )
