"""One attempt: post, read a little of the answer, be gone in time. No redirect is followed."""

import asyncio
import re
from collections.abc import Mapping
from typing import Self

import aiohttp
import structlog
from yarl import URL

from oncedesk.connectors.webhooks.resolving import (
    CheckedResolver,
    Resolve,
    SystemResolver,
    checked_addresses,
)
from oncedesk.connectors.webhooks.targets import NotAllowed, Rules, target_of
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.records import Record
from oncedesk.engine.webhooks.model import Outcome

log = structlog.get_logger(__name__)

ANSWER_BYTES_MAX = 65_536
"""What of an answer is read at most; the connection is closed then."""
ANSWER_KEPT_MAX = 1_024
_UNCALLABLE = "a host must be up, at public addresses only, called by https and an allowed port"
_USER_AGENT = "Oncedesk-Webhooks/1"
_RESOLVE_SECONDS = 5.0
_PRIVATE = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+|\d[\d \-()/.]{4,}\d|[A-Za-z0-9+/_-]{32,}={0,2}")


class Times(Record, frozen=True):
    """Seconds: to connect, and until the end of the answer."""

    connect: float = 5.0
    total: float = 15.0


class Answered(Record, frozen=True):
    """An answer's status (None: there was none), what is shown of it or the error, and its body.

    Of an answer that did not come to its end there is no body.
    """

    code: int | None
    said: str
    body: bytes | None = None


class Poster:
    """Posts to whoever may be called. Close it at the end."""

    def __init__(
        self, *, rules: Rules, resolve: Resolve | None = None, times: Times | None = None
    ) -> None:
        self._rules = rules
        self._own: SystemResolver | None = None
        if resolve is None:
            resolve = self._own = SystemResolver()
        self._resolve = resolve
        self._times = times or Times()
        self._sessions: dict[str, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def refuse(self, url: str) -> Refusal | None:
        """Why this URL cannot be one's endpoint, as things stand; None if it can."""
        target = target_of(url)
        if isinstance(target, Refusal):
            return target
        try:
            async with asyncio.timeout(_RESOLVE_SECONDS):
                await checked_addresses(target, rules=self._rules, resolve=self._resolve)
        except (NotAllowed, OSError, UnicodeError) as error:
            log.info("webhook_target_refused", host=target.place, error=str(error))
            return Refusal("webhook_target", f"{target.host}: {_UNCALLABLE}", "url")
        return None

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Outcome:
        """One attempt; it always has an outcome. A 3xx is an answer like any other."""
        answered = await self.exchange(url, headers=headers, body=body)
        return Outcome(answered.code, answered.said)

    async def exchange(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answered:
        """The same, for whoever has to read the answer."""
        target = target_of(url)
        if isinstance(target, Refusal):
            return Answered(None, target.detail)
        try:
            if target.address is not None:
                # The client asks no resolver for what is an address already.
                self._rules.check(target, target.address)
            return await self._post(target.scheme, url, headers, body)
        except (NotAllowed, aiohttp.ClientError, OSError, ValueError) as error:
            said = _why(error)
            log.info("webhook_not_answered", host=target.place, said=said, error=_logged(error))
            return Answered(None, said)

    async def _post(
        self, scheme: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Answered:
        session = self._session(scheme)
        async with session.post(
            URL(url, encoded=True), headers=headers, data=body, allow_redirects=False
        ) as answer:
            try:
                whole = await _whole(answer.content)
            except (aiohttp.ClientError, TimeoutError, ValueError):
                # The status has come, which is all that most want to know.
                answer.close()
                return Answered(answer.status, "")
            return Answered(answer.status, shown(whole), whole)

    def _session(self, scheme: str) -> aiohttp.ClientSession:
        """One for each scheme, so that the resolver knows what it answers for."""
        found = self._sessions.get(scheme)
        if found is None:
            times = self._times
            found = self._sessions[scheme] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=CheckedResolver(
                        scheme=scheme, rules=self._rules, resolve=self._resolve
                    ),
                    use_dns_cache=False,
                    limit=0,
                ),
                timeout=aiohttp.ClientTimeout(total=times.total, sock_connect=times.connect),
                # Nothing is unpacked, so nothing may come packed.
                headers={"user-agent": _USER_AGENT, "accept-encoding": "identity"},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return found

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()
        if self._own is not None:
            self._own.close()


async def _whole(content: aiohttp.StreamReader) -> bytes:
    """All that comes. A longer answer is not awaited to its end; raises ValueError."""
    read = bytearray()
    async for piece in content.iter_any():
        read += piece
        if len(read) > ANSWER_BYTES_MAX:
            raise ValueError("a longer answer than anybody reads")
    return bytes(read)


def shown(answer: bytes) -> str:
    """What is kept of an answer: its beginning, without what could be about a person or a key."""
    text = answer[:ANSWER_KEPT_MAX].decode(errors="replace")
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return _PRIVATE.sub("***", plain).strip()


def _logged(error: Exception) -> str:
    """What the installation's own log learns: all of it, but for errors that quote the URL."""
    if isinstance(error, NotAllowed | aiohttp.ClientConnectorError):
        return str(error)
    if isinstance(error, aiohttp.ClientResponseError):
        return f"{error.status} {error.message}"
    return type(error).__name__


def _why(error: Exception) -> str:
    """What the owner of an endpoint learns: nothing of what lies inside, not even whether."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return "no trusted certificate, or no TLS"
    if isinstance(error, NotAllowed | aiohttp.ClientConnectorError):
        return f"not reached: {_UNCALLABLE}"
    return f"no answer that could be read ({type(error).__name__})"
