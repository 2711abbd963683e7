"""A request's headers, read once."""

from collections.abc import Iterable

from oncedesk.http.problems import Refused, problem

HEADER_BYTES_MAX = 16_384
HEADERS_MAX = 64
_JOINED = {b"cookie": b"; ", b"x-forwarded-for": b", "}
"""What may come in several lines that mean one: a browser's cookies, what each proxy has seen."""


class Headers(dict[bytes, bytes]):
    """By their names in lower case. Of several with one name the last, and of a few all."""

    __slots__ = ()

    def get(self, name: bytes) -> str:  # type: ignore[override]
        """The value as text, empty where there is none."""
        found = dict.get(self, name)
        return "" if found is None else found.decode("latin-1")

    def given(self, name: bytes) -> str | None:
        """The value as text, None where there is none: an empty one is malformed, not absent."""
        found = dict.get(self, name)
        return None if found is None else found.decode("latin-1")


def read_headers(raw: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Raises `Refused` for more than anybody needs."""
    headers = Headers()
    size = number = 0
    for name, value in raw:
        number += 1
        size += len(name) + len(value)
        if name in _JOINED and name in headers:
            value = headers[name] + _JOINED[name] + value
        headers[name] = value
    if size > HEADER_BYTES_MAX or number > HEADERS_MAX:
        raise Refused(
            problem("headers_too_large", f"{HEADERS_MAX} headers, {HEADER_BYTES_MAX} bytes")
        )
    return headers
