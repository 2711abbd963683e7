"""The pages that people use, as they were built from `web/`: one for consumers, one for staff.

Whatever they are made of has its content's hash in its name and is kept by browsers for ever; the
pages themselves are asked for again each time. Both pages find their way by the address themselves.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

from litestar import Response, get
from litestar.params import PathParameter
from litestar.response import Redirect

from oncedesk.domain.shared.records import Record
from oncedesk.http.call import Call
from oncedesk.http.problems import Refused, problem
from oncedesk.http.shapes.looks import sources

FOLDER = Path(__file__).parents[1] / "web"
"""Where `make web` builds them; a wheel brings them along."""

NOT_BUILT = "The pages are not built: run `make web` in the checkout, then start again.\n"

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_HELP, _STAFF, _EMBED = "help.html", "staff.html", "embed.js"
_FOR_EVER, _AGAIN, _HOUR = "public, max-age=31536000, immutable", "no-cache", "public, max-age=3600"

_PLACES = (
    *("desk", "views", "home", "statement", "supervisor"),
    *("knowledge", "flags", "insight", "webhooks", "admin"),
)
"""Where the staff's page is found; it finds its way from there by itself."""

# Scripts and questions come from here only, pictures also from the hosts that the setting names.
# Components of the staff's page style what they draw by themselves; the consumers' page has all its
# style in files.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{style}; "
    "img-src 'self' data: blob:{images}; media-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
)

Name = Annotated[str, PathParameter(max_length=100)]


class Piece(Record, frozen=True):
    """A built file: its bytes by encoding (`""`: as it is), and the hash of its content."""

    bodies: Mapping[str, bytes]
    media_type: str
    etag: str


@get(["/help", "/help/{rest:path}"], include_in_schema=False)
async def help_page(request: Call) -> Response[bytes]:
    """What consumers use; pages of the marketplace may show it within theirs."""
    origins = request.service.settings.help_origins
    policy = _policy(request, style="", ancestors=f"'self' {origins}".strip())
    return _answer(request, _HELP, keep=_AGAIN, policy=policy)


@get(
    [path for place in _PLACES for path in (f"/{place}", f"/{place}/{{rest:path}}")],
    include_in_schema=False,
)
async def staff_page(request: Call) -> Response[bytes]:
    """What agents, supervisors, analysts and admins use."""
    policy = _policy(request, style=" 'unsafe-inline'", ancestors="'none'")
    return _answer(request, _STAFF, keep=_AGAIN, policy=policy)


@get("/assets/{name:str}", include_in_schema=False)
async def asset(request: Call, name: Name) -> Response[bytes]:
    """What the pages are made of."""
    return _answer(request, f"assets/{name}", keep=_FOR_EVER)


@get("/embed.js", include_in_schema=False)
async def embed(request: Call) -> Response[bytes]:
    """The script by which a page of the marketplace shows the help page."""
    return _answer(request, _EMBED, keep=_HOUR)


@get("/", include_in_schema=False)
async def front() -> Redirect:
    """Whoever types the bare address works here."""
    return Redirect("/desk")


def _policy(request: Call, *, style: str, ancestors: str) -> str:
    images = sources(request.service.settings.image_hosts)
    return _POLICY.format(style=style, images=images, ancestors=ancestors)


def _answer(request: Call, name: str, *, keep: str, policy: str = "") -> Response[bytes]:
    pieces = built()
    if not pieces:
        return Response(NOT_BUILT.encode(), status_code=503, media_type="text/plain")
    piece = pieces.get(name)
    if piece is None:
        raise Refused(problem("not_found"))
    headers = {"ETag": piece.etag, "Cache-Control": keep, "Vary": "Accept-Encoding"}
    if policy:
        headers["Content-Security-Policy"] = policy
    if request.headers.get("if-none-match") == piece.etag:
        return Response(b"", status_code=304, headers=headers)
    taken = {one.partition(";")[0].strip() for one in _accepted(request).split(",")}
    encoding = next((one for one, _ in _ENCODINGS if one in taken and one in piece.bodies), "")
    if encoding:
        headers["Content-Encoding"] = encoding
    return Response(piece.bodies[encoding], media_type=piece.media_type, headers=headers)


def _accepted(request: Call) -> str:
    return request.headers.get("accept-encoding") or ""


@cache
def built(folder: Path = FOLDER) -> Mapping[str, Piece]:
    """All that was built, by its path within the folder; nothing where nothing was."""
    return {
        str(path.relative_to(folder)): _piece(path)
        for path in sorted(folder.rglob("*"))
        if path.suffix in _TYPES
    }


def _piece(path: Path) -> Piece:
    bodies = {"": path.read_bytes()}
    for encoding, suffix in _ENCODINGS:
        packed = path.with_name(path.name + suffix)
        if packed.exists():
            bodies[encoding] = packed.read_bytes()
    digest = hashlib.sha256(bodies[""]).hexdigest()[:20]
    return Piece(bodies=bodies, media_type=_TYPES[path.suffix], etag=f'"{digest}"')


ROUTES = (help_page, staff_page, asset, embed, front)
