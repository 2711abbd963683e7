"""What every request passes before anything of it is understood, and every response on its way out.

One pure ASGI function around the application: it finds out who asks, counts, measures and reads;
what it refuses costs little. It writes the one line that is logged of a request.
"""

import asyncio
import time
from typing import Any

import structlog

from oncedesk.http.auth.principals import Kind, Principal
from oncedesk.http.doors import Area, Doors, area_of
from oncedesk.http.headers import Headers, read_headers
from oncedesk.http.limits.bodies import ClientGone, read_body, refuse_deep
from oncedesk.http.limits.overload import Overload
from oncedesk.http.limits.rates import Rates
from oncedesk.http.problems import Problem, Refused, encode, headers_of, problem
from oncedesk.settings import Settings

log = structlog.get_logger("oncedesk.http")

COMMAND_ID = "oncedesk.command_id"
"""Where in the scope the id of the request's command stands, for the log."""

_ASKING = frozenset({"GET", "HEAD", "OPTIONS"})
_SAFE_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
]


class Border:
    """Wraps the application `app`."""

    def __init__(self, app: Any, *, doors: Doors, overload: Overload, settings: Settings) -> None:
        self._app = app
        self._doors = doors
        self._overload = overload
        self._settings = settings
        self._machines = Rates(per_second=settings.rate_machine)
        self._people = Rates(per_second=settings.rate_person)
        self._strangers = Rates(per_second=settings.rate_stranger)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passage = _Passage(scope, send)
        try:
            body = await self._admit(scope, receive, passage)
        except Refused as refused:
            await passage.refuse(refused.problem)
        except ClientGone:
            passage.status = 499
        else:
            await self._pass_on(scope, receive, body, passage)
        passage.log()

    async def _admit(self, scope: Any, receive: Any, passage: "_Passage") -> bytes:
        """The body of a request that may come in. Raises `Refused`."""
        method, path = scope["method"], scope["path"]
        headers = passage.headers = read_headers(scope["headers"])
        area = area_of(method, path)
        if area is Area.PUBLIC and path.startswith("/v1/"):
            self._strangers.take(client_address(scope, headers, self._settings.proxies))
        principal = await self._doors.principal(
            area, method=method, headers=headers, scheme=scope["scheme"]
        )
        scope["user"] = passage.principal = principal
        if principal is not None:
            is_machine = principal.kind is Kind.MARKETPLACE
            (self._machines if is_machine else self._people).take(principal.name)
        if method in _ASKING:
            return b""
        self._overload.refuse()
        body = await read_body(
            receive,
            declared=headers.get(b"content-length").encode(),
            bytes_max=self._settings.body_bytes_max,
            seconds_max=self._settings.body_seconds_max,
        )
        if body:
            if not headers.get(b"content-type").startswith("application/json"):
                raise Refused(
                    problem("media_type_unsupported", "application/json", field="Content-Type")
                )
            refuse_deep(body)
        return body

    async def _pass_on(self, scope: Any, receive: Any, body: bytes, passage: "_Passage") -> None:
        """Let the application answer, within its time."""

        given = False

        async def receive_body() -> Any:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        try:
            async with asyncio.timeout(self._settings.request_seconds_max):
                await self._app(scope, receive_body, passage.send)
        except TimeoutError:
            # What became of a command, its key will tell.
            await passage.refuse(
                problem("timed_out", "ask again with the same key; it counts once", retry_after=1)
            )


class _Passage:
    """One request on its way through."""

    __slots__ = ("_began", "_scope", "_send", "headers", "principal", "status")

    def __init__(self, scope: Any, send: Any) -> None:
        self._scope = scope
        self._send = send
        self._began = time.perf_counter()
        self.headers = Headers()
        self.principal: Principal | None = None
        self.status = 0

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], *_SAFE_HEADERS]
        await self._send(message)

    async def refuse(self, why: Problem) -> None:
        """Answer with a problem, unless an answer has begun."""
        if self.status:
            return
        body = encode(why)
        headers = [*headers_of(why), (b"content-length", str(len(body)).encode())]
        await self.send({"type": "http.response.start", "status": why.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body, "more_body": False})

    def log(self) -> None:
        """Never bodies, tokens or names; the path only as its route has it."""
        scope = self._scope
        command_id = scope.get(COMMAND_ID)
        log.info(
            "request",
            method=scope["method"],
            route=scope.get("path_template") or "",
            status=self.status,
            ms=round((time.perf_counter() - self._began) * 1000, 1),
            who="" if self.principal is None else self.principal.kind.value,
            **({} if command_id is None else {"command_id": str(command_id)}),
        )


def client_address(scope: Any, headers: Headers, proxies: int) -> str:
    """Where a request comes from. With `proxies` of ours in front, what the first of them saw."""
    if proxies:
        seen = [one.strip() for one in headers.get(b"x-forwarded-for").split(",") if one.strip()]
        if len(seen) >= proxies:
            return seen[-proxies]
    client = scope.get("client")
    return "" if client is None else str(client[0])
