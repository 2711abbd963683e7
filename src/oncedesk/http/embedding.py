"""Consumers' pages inside the marketplace's own: which sites' scripts may ask, and read the answer.

Only with a token that the page holds itself: cookies are never asked for across sites.
"""

from collections.abc import Sequence

from oncedesk.http.headers import Headers

_PATH = "/v1/help/"
_ALLOWED = [
    (b"access-control-allow-methods", b"GET, POST, PUT, DELETE"),
    (
        b"access-control-allow-headers",
        b"authorization, content-type, idempotency-key, if-match, last-event-id",
    ),
    (b"access-control-max-age", b"600"),
]
_EXPOSED = (b"access-control-expose-headers", b"etag, idempotent-replayed, retry-after")

HeaderList = list[tuple[bytes, bytes]]


class Embedding:
    """`origins` are the sites that may; by default none."""

    def __init__(self, origins: Sequence[str]) -> None:
        self._origins = frozenset(origins)

    def headers(self, path: str, headers: Headers) -> HeaderList:
        """What a response says to the browser of a page of another site."""
        if not self._origins or not path.startswith(_PATH):
            return []
        origin = headers.get(b"origin")
        varies = (b"vary", b"origin")
        if origin not in self._origins:
            return [varies]
        return [(b"access-control-allow-origin", origin.encode()), _EXPOSED, varies]

    def asked_first(self, method: str, path: str, headers: Headers) -> HeaderList | None:
        """The answer to a browser that asks whether it may ask; None where it does not."""
        if method != "OPTIONS" or not headers.get(b"access-control-request-method"):
            return None
        allowed = self.headers(path, headers)
        return [*allowed, *_ALLOWED] if len(allowed) > 1 else None
