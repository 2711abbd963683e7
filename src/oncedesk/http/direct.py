"""The shortest way to a handler that takes a body and nothing from the path.

Contacts are what there are thousands of a second of. The framework has these routes like all others
and describes them; but to find one, to look for parameters it has not got and to build a response
takes it as long as the engine takes to decide. So the border calls these itself, with the same
request, the same decoder and the same handler; a test compares the two ways.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import msgspec
from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler

from oncedesk.http.bodies import decoded
from oncedesk.http.call import Call
from oncedesk.http.failures import problem_of
from oncedesk.http.problems import encode, headers_of

_JSON = (b"content-type", b"application/json")


class Direct:
    """One handler, called without the framework."""

    def __init__(self, app: Litestar, path: str, handler: HTTPRouteHandler) -> None:
        assert handler.status_code == 200
        self._app = app
        self._path = path
        self._handle: Callable[..., Awaitable[Response[Any]]] = handler.fn
        data = handler.parsed_fn_signature.parameters["data"]
        self._decoder = msgspec.json.Decoder(data.annotation)

    async def answer(self, scope: Any, body: bytes, send: Any) -> None:
        """Handle this request, and send what comes of it."""
        scope["litestar_app"] = self._app
        scope["path_template"] = self._path
        try:
            response = await self._handle(Call(scope), decoded(body, self._decoder))
        except Exception as error:  # noqa: BLE001 - told to whoever asked, and logged
            why = problem_of(error)
            await _send(send, why.status, headers_of(why), encode(why))
            return
        headers = [(k.lower().encode(), v.encode()) for k, v in response.headers.items()]
        await _send(send, 200, [_JSON, *headers], encode(response.content))


def direct_ways(
    app: Litestar, handlers: Iterable[HTTPRouteHandler]
) -> Mapping[tuple[str, str], Direct]:
    """By method and path: the handlers of this application that are called directly."""
    wanted = {handler.fn for handler in handlers}
    return {
        (method, route.path): Direct(app, route.path, handler)
        for route in app.routes
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items()
        if handler.fn in wanted
    }


async def _send(send: Any, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
