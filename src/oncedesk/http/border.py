"""What every request passes before anything of it is understood, and every response on its way out.

One pure ASGI function around the application: it finds out who asks, counts, measures and reads;
what it refuses costs little. It writes the one line that is logged of a request.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import IPv6Address, IPv6Network
from typing import Any

from litestar.utils import normalize_path

from oncedesk.http.access_log import AccessLog
from oncedesk.http.auth.cookies import origin_of
from oncedesk.http.auth.principals import Kind, Principal
from oncedesk.http.direct import Direct
from oncedesk.http.doors import Area, area_of
from oncedesk.http.embedding import Embedding
from oncedesk.http.failures import problem_of
from oncedesk.http.headers import Headers, read_headers
from oncedesk.http.limits.bodies import ClientGone, discard_rest, read_body, refuse_deep
from oncedesk.http.limits.incoming import BYTES_PER_SECOND_MIN, Incoming, discard_file
from oncedesk.http.limits.rates import Rates
from oncedesk.http.limits.tokens import ShownTokens
from oncedesk.http.passage import EMBEDDED_HEADERS, SAFE_HEADERS, Passage
from oncedesk.http.problems import Problem, Refused, problem
from oncedesk.http.scope import BODY, HEADERS, INCOMING, SERVICE
from oncedesk.http.service import Service
from oncedesk.http.traffic import Traffic
from oncedesk.logs import ABOUT

CLIENT_GONE = 499
"""What the log says where nobody waited for the answer."""

BURST_SECONDS_OF_PEOPLE = 10.0
"""A page asks for several things at once, and whoever goes through a list opens many."""

IPV6_PREFIX = 64
"""The bits of an address that say whose network it is."""

_WITH_PORT = re.compile(r"(?:([0-9.]+)|\[([0-9A-Fa-f:.]+)\])(?::[0-9]{1,5})?")
"""As some proxies write who asks: each connection would be another address."""

HELP_PAGE = re.compile(r"/help(/|$)")

_ASKING = frozenset({"GET", "HEAD", "OPTIONS"})


class Border:
    """Lets what may come in ask `service`, by the application `app`; `direct` are the handlers that
    are called without it.

    `streamed` says which requests, by method and path, have bodies that are not read here: their
    handlers take them as they come, and say themselves how large they may be.
    """

    def __init__(
        self,
        app: Any,
        *,
        direct: Mapping[tuple[str, str], Direct],
        streamed: Callable[[str, str], bool],
        service: Service,
    ) -> None:
        self.traffic = Traffic()
        self._app = app
        self._direct = direct
        self._streamed = streamed
        self._service = service
        self._doors = service.doors
        self._overload = service.overload
        self._settings = settings = service.settings
        self._log = AccessLog(settings)
        self._embedding = Embedding([origin_of(one) for one in settings.help_origins.split()])
        self._machines = Rates(per_second=settings.rate_machine)
        self._people = Rates(per_second=settings.rate_person, burst_seconds=BURST_SECONDS_OF_PEOPLE)
        self._strangers = Rates(per_second=settings.rate_stranger)
        self._tokens = ShownTokens()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[SERVICE] = self._service
        if "//" in scope["path"]:
            # The router would find the same handler: who may come in is asked by the same spelling.
            scope["path"] = normalize_path(scope["path"])
        if scope["method"] == "HEAD" and not scope["path"].startswith("/v1/"):
            # Who watches us often asks so; the server leaves the body out.
            scope["method"] = "GET"
        passage = Passage(scope, send, seconds_max=self._settings.request_seconds_max)
        ABOUT.set(passage.about)
        loop = asyncio.get_running_loop()
        seconds = self._settings.body_seconds_max
        try:
            # First the body has to come in time, and then the answer.
            async with asyncio.timeout_at(loop.time() + seconds) as limit:
                if await self._answered_first(scope, passage):
                    return
                body = await self._admit(scope, receive, passage)
                if body is None:
                    await self._stream(scope, receive, passage, limit)
                else:
                    passage.admit(limit)
                    await self._pass_on(scope, receive, body, passage.send)
        except Refused as refused:
            await self._discard_unread(scope, receive, passage)
            await passage.refuse(refused.problem)
        except ClientGone:
            passage.status = CLIENT_GONE
        except TimeoutError:
            await self._discard_unread(scope, receive, passage)
            await passage.refuse(_late(reading=passage.reads_body, seconds=seconds))
        except Exception as error:  # noqa: BLE001 - told to whoever asked, and logged
            await passage.refuse(problem_of(error))
        finally:
            passage.end()
        passage.log(self._log)
        self.traffic.add(passage.area, status=passage.status, seconds=passage.seconds_to_answer)

    async def _discard_unread(self, scope: Any, receive: Any, passage: Passage) -> None:
        """Let the body of a request that ends before it was read go by."""
        if passage.unread:
            streamed = self._streamed(scope["method"], scope["path"])
            await (discard_file if streamed else discard_rest)(receive)

    async def close(self) -> None:
        """Nothing more comes; end what goes on behind requests, and say what was not said yet."""
        await self._service.trials.close()
        self._log.flush()

    async def _answered_first(self, scope: Any, passage: Passage) -> bool:
        """Whether a browser only asked whether it may ask, and was told."""
        if scope["method"] != "OPTIONS":
            return False
        headers = read_headers(scope["headers"])
        told = self._embedding.asked_first(scope["method"], scope["path"], headers)
        if told is None:
            return False
        await passage.send({"type": "http.response.start", "status": 204, "headers": told})
        await passage.send({"type": "http.response.body", "body": b"", "more_body": False})
        return True

    async def _admit(self, scope: Any, receive: Any, passage: Passage) -> bytes | None:
        """The body of a request that may come in; None where it is not read here.

        Raises `Refused`.
        """
        method, path = scope["method"], scope["path"]
        passage.unread = method not in _ASKING
        headers = scope[HEADERS] = read_headers(scope["headers"])
        safe = EMBEDDED_HEADERS if HELP_PAGE.match(path) else SAFE_HEADERS
        passage.beside = [*safe, *self._embedding.headers(path, headers)]
        area = passage.area = area_of(method, path)
        passage.private = path.startswith("/v1/")
        if area is Area.PUBLIC and passage.private:
            self._strangers.take(client_address(scope, headers, self._settings.proxies))
        if area is not Area.PUBLIC and method in _ASKING:
            # Who asks is looked up as well.
            self._overload.begin_read()
            passage.reading = self._overload
        principal = await self._find_out(area, scope, headers)
        scope["user"] = passage.principal = principal
        if principal is not None:
            is_machine = principal.kind is Kind.MARKETPLACE
            (self._machines if is_machine else self._people).take(principal.name)
        if method in _ASKING:
            return b""
        self._overload.refuse()
        if self._streamed(method, path):
            return None
        # From here on whoever reads it lets the rest go by.
        passage.unread, passage.reads_body = False, True
        body = await read_body(
            receive,
            declared=headers.get(b"content-length").encode(),
            bytes_max=self._settings.body_bytes_max,
        )
        if body:
            if not headers.get(b"content-type").lower().startswith("application/json"):
                raise Refused(
                    problem("media_type_unsupported", "application/json", field="Content-Type")
                )
            refuse_deep(body)
        return body

    async def _find_out(self, area: Area, scope: Any, headers: Headers) -> Principal | None:
        """Who asks; None in the public part. Raises `Refused`."""

        def find() -> Awaitable[Principal | None]:
            return self._doors.principal(
                area,
                method=scope["method"],
                path=scope["path"],
                headers=headers,
                scheme=scope["scheme"],
            )

        shown = headers.get(b"authorization") or headers.get(b"cookie")
        # Thousands of consumers may share an address, and none is refused for another's tokens.
        if area in (Area.PUBLIC, Area.HELP) or not shown:
            return await find()
        address = client_address(scope, headers, self._settings.proxies)
        return await self._tokens.look_up(shown, address=address, find=find)

    async def _stream(
        self, scope: Any, receive: Any, passage: Passage, limit: asyncio.Timeout
    ) -> None:
        """Let the handler take the body as it comes, and answer."""

        async def receive_piece() -> Any:
            passage.unread, passage.reads_body = False, True
            message = await receive()
            # What the handler does with it between two pieces, the sender does not delay.
            passage.reads_body = False
            return message

        incoming = scope[INCOMING] = Incoming(
            receive_piece, limit=limit, whole=lambda: passage.admit(limit)
        )

        async def send(message: Any) -> None:
            # Who is still sending would hear a broken connection instead.
            if message["type"] == "http.response.start" and message["status"] >= 400:
                await incoming.discard()
            await passage.send(message)

        await self._pass_on(scope, receive, b"", send)
        if incoming.gone:
            raise ClientGone

    async def _pass_on(self, scope: Any, receive: Any, body: bytes, send: Any) -> None:
        """Let the handler answer."""
        direct = self._direct.get((scope["method"], scope["path"]))
        if direct is not None:
            await direct.answer(scope, body, send)
            return
        scope[BODY] = body
        given = False

        async def receive_body() -> Any:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, receive_body, send)


def _late(*, reading: bool, seconds: float) -> Problem:
    if reading:
        return problem(
            "body_too_slow",
            f"all of it within {seconds:g} seconds; a file, {BYTES_PER_SECOND_MIN} bytes in each",
        )
    # What became of a command, its key will tell.
    return problem(
        "timed_out",
        "a command again with the same key: it counts once; where no key is taken, look first",
    )


def client_address(scope: Any, headers: Headers, proxies: int) -> str:
    """Where a request comes from. With `proxies` of ours in front, what the first of them saw.

    Of IPv6 it is the network of 64 bits: whoever has one address there has them all.
    """
    if proxies:
        seen = [one.strip() for one in headers.get(b"x-forwarded-for").split(",") if one.strip()]
        if len(seen) >= proxies:
            written = _WITH_PORT.fullmatch(seen[-proxies])
            return _network(seen[-proxies] if written is None else written[1] or written[2])
    client = scope.get("client")
    return "" if client is None else _network(str(client[0]))


def _network(address: str) -> str:
    if ":" not in address:
        return address
    try:
        whole = IPv6Address(address)
    except ValueError:
        return address
    return str(whole.ipv4_mapped or IPv6Network((whole, IPV6_PREFIX), strict=False))
