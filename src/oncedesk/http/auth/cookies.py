"""The cookies of people's browsers, and that no other page acts in their name."""

from urllib.parse import urlsplit

from oncedesk.http.auth.secrets import Seals
from oncedesk.http.auth.sessions import SessionKind
from oncedesk.http.headers import Headers
from oncedesk.http.problems import Refused, problem

NAMES = {SessionKind.AGENT: "oncedesk_agent", SessionKind.CONSUMER: "oncedesk_help"}
PATHS = {SessionKind.AGENT: "/v1", SessionKind.CONSUMER: "/v1/help"}
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_CSRF = "csrf"
_USUAL_PORTS = {"http": ":80", "https": ":443"}


class Cookies:
    """`public_url` is where browsers reach us, if that is known; its scheme decides `Secure`."""

    def __init__(self, seals: Seals, *, public_url: str) -> None:
        self._seals = seals
        self._origin = origin_of(public_url) if public_url else None

    def token(self, kind: SessionKind, headers: Headers) -> str | None:
        """What the browser sent for a session of this kind."""
        return self.named(NAMES[kind], headers)

    def named(self, name: str, headers: Headers) -> str | None:
        """The cookie of this name."""
        wanted = name + "="
        for part in headers.get(b"cookie").split(";"):
            part = part.strip()
            if part.startswith(wanted):
                return part[len(wanted) :]
        return None

    def origin(self, headers: Headers, *, scheme: str) -> str:
        """Where this browser reaches us."""
        return self._origin or f"{scheme}://{headers.get(b'host')}"

    def setting(self, kind: SessionKind, token: str, *, secure: bool, seconds: int) -> str:
        """The header that gives it to the browser; with no seconds it takes it away."""
        secure = secure or (self._origin or "").startswith("https:")
        return (
            f"{NAMES[kind]}={token}; Path={PATHS[kind]}; Max-Age={seconds}; HttpOnly; SameSite=Lax"
            + ("; Secure" if secure else "")
        )

    def csrf_token(self, session: bytes) -> str:
        """What a page of ours sends back in `X-CSRF-Token`; it is bound to its session."""
        return self._seals.mark(_CSRF, session).hex()

    def refuse_foreign(self, session: bytes, headers: Headers, *, scheme: str) -> None:
        """Raises `Refused` where this request was not made by a page of ours."""
        self.refuse_foreign_origin(headers, scheme=scheme)
        try:
            mark = bytes.fromhex(headers.get(b"x-csrf-token"))
        except ValueError:
            mark = b""
        if not self._seals.holds(_CSRF, session, mark):
            raise Refused(problem("csrf_failed", "the session's own token", field="X-CSRF-Token"))

    def refuse_foreign_origin(self, headers: Headers, *, scheme: str) -> None:
        """Raises `Refused` where the browser says that another site's page asks."""
        origin = headers.get(b"origin")
        ours = self.origin(headers, scheme=scheme)
        if origin and origin != ours:
            raise Refused(problem("origin_foreign", "a page of ours", field="Origin"))
        if not origin and headers.get(b"sec-fetch-site") not in ("", "same-origin", "none"):
            raise Refused(problem("origin_foreign", "a page of ours", field="Sec-Fetch-Site"))


def origin_of(url: str) -> str:
    """Scheme and host of a URL, as browsers name an origin: in small letters, and without the port
    that goes without saying."""
    parts = urlsplit(url)
    host = parts.netloc.lower().removesuffix(_USUAL_PORTS[parts.scheme])
    return f"{parts.scheme}://{host}"
