"""Which part of the service a path belongs to, and who is let into it."""

import re
from enum import StrEnum
from typing import Any, NamedTuple

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from oncedesk.http.auth import api_keys
from oncedesk.http.auth.api_keys import KeyDoor
from oncedesk.http.auth.cookies import SAFE_METHODS, Cookies
from oncedesk.http.auth.principals import Kind, Principal, Scope
from oncedesk.http.auth.sessions import PREFIXES, SessionDoor, SessionKind
from oncedesk.http.headers import Headers
from oncedesk.http.problems import Refused, problem

_BEARER = "Bearer "


class Area(StrEnum):
    """Whom a part of the service is for. `public` asks nobody who they are."""

    MARKETPLACE = "/v1/marketplace/"
    DESK = "/v1/desk/"
    ADMIN = "/v1/admin/"
    HELP = "/v1/help/"
    PUBLIC = "/"


_AREAS = tuple((area.value, area) for area in Area)
_ENTRANCES = frozenset(
    {
        ("POST", "/v1/desk/session"),
        ("GET", "/v1/desk/provider"),
        ("GET", "/v1/desk/provider/return"),
        ("POST", "/v1/help/session"),
    }
)
"""Where somebody says for the first time who they are."""
_BY_ITSELF = re.compile(r"/v1/desk/(?:.+/updates|me/seen|cases/[^/]+/[^/]+/[^/]+/attending)")
"""What an open page asks and tells by itself, whether anybody sits before it or not."""
_UNATTENDED = b"oncedesk-unattended"
"""The header, with any value, by which a page says so of whatever else it asks by itself."""


def area_of(method: str, path: str) -> Area:
    """The part that this path belongs to."""
    for start, area in _AREAS:
        if path.startswith(start):
            return Area.PUBLIC if (method, path) in _ENTRANCES else area
    return Area.PUBLIC


def insist(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A handler behind a door is not reached by anybody who was not asked. Raises `Refused`."""
    scope: Any = connection.scope
    if scope["user"] is None and (scope["method"], scope["path_template"]) not in _ENTRANCES:
        raise Refused(_MISSING)


class Doors:
    """Finds out who comes. Nobody is let in by default."""

    def __init__(self, *, keys: KeyDoor, sessions: SessionDoor, cookies: Cookies) -> None:
        self.keys = keys
        self.sessions = sessions
        self.cookies = cookies

    async def principal(
        self, area: Area, *, method: str, path: str, headers: Headers, scheme: str
    ) -> Principal | None:
        """Who asks; None in the public part. Raises `Refused`."""
        by_itself = _UNATTENDED in headers or _BY_ITSELF.fullmatch(path) is not None
        sent = _Sent(method, headers, scheme, by_itself=by_itself)
        match area:
            case Area.PUBLIC:
                return None
            case Area.MARKETPLACE:
                return await self.keys.principal(_bearer(headers, api_keys.PREFIX))
            case Area.DESK:
                return await self._person(SessionKind.AGENT, sent)
            case Area.HELP:
                return await self._person(SessionKind.CONSUMER, sent)
            case Area.ADMIN:
                return await self._admin(sent)

    async def _person(self, kind: SessionKind, sent: "_Sent") -> Principal:
        """By a token in the header, or by a cookie; only a cookie comes without being asked."""
        found = self.sessions.watching if sent.by_itself else self.sessions.principal
        if sent.headers.get(b"authorization"):
            return await found(kind, _bearer(sent.headers, PREFIXES[kind]))
        token = self.cookies.token(kind, sent.headers)
        if token is None:
            raise Refused(_MISSING)
        principal = await found(kind, token)
        if sent.method not in SAFE_METHODS:
            self.cookies.refuse_foreign(principal.session, sent.headers, scheme=sent.scheme)
        return principal

    async def _admin(self, sent: "_Sent") -> Principal:
        if sent.headers.get(b"authorization").startswith(_BEARER + api_keys.PREFIX):
            principal = await self.keys.principal(_bearer(sent.headers, api_keys.PREFIX))
            if Scope.ADMIN not in principal.scopes:
                raise Refused(problem("scope_missing", Scope.ADMIN))
            return principal
        principal = await self._person(SessionKind.AGENT, sent)
        if principal.kind is not Kind.ADMIN:
            raise Refused(problem("not_allowed"))
        return principal


class _Sent(NamedTuple):
    """What of a request says who sent it. `by_itself`: a page did, nobody had to be there."""

    method: str
    headers: Headers
    scheme: str
    by_itself: bool


_MISSING = problem("credentials_missing", "a key or a session")


def _bearer(headers: Headers, prefix: str) -> str:
    held = headers.get(b"authorization")
    if not held:
        raise Refused(_MISSING)
    token = held[len(_BEARER) :]
    if not held.startswith(_BEARER) or not token.startswith(prefix):
        raise Refused(problem("credentials_invalid", f"Bearer {prefix}..."))
    return token
