"""Which requests have bodies that are taken as they come, instead of being read at the border."""

import re
from collections.abc import Callable, Iterable

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler


def streamed_ways(
    app: Litestar, handlers: Iterable[HTTPRouteHandler]
) -> Callable[[str, str], bool]:
    """Whether a request, by method and path, is for one of these handlers of this application."""
    wanted = {handler.fn for handler in handlers}
    ways = [
        f"{method} {_pattern(route.path_format)}"
        for route in app.routes
        for method, (handler, _) in getattr(route, "route_handler_map", {}).items()
        if handler.fn in wanted
    ]
    found = re.compile("|".join(ways)).fullmatch
    return lambda method, path: found(f"{method} {path}") is not None


def _pattern(path: str) -> str:
    # The framework takes a path with slashes behind it for the same.
    return re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)) + "/*"
