"""A small identity provider on a real port: it knows one person, and says yes to whoever asks."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey

from oncedesk.http.ports import ReservedPort
from oncedesk.http.serving import listening

SECRET = "the provider's own"


@dataclass
class Provider:
    """`changes` are put into the next tokens, to make them wrong; `refuses` is why whoever comes
    next is let in by nobody."""

    issuer: str
    subject: str = "u-1"
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "p"}))
    changes: dict[str, Any] = field(default_factory=dict)
    signs_with: Any = None
    refuses: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = (await receive()).get("body", b"") if scope["method"] == "POST" else b""
        query = {k: v[0] for k, v in parse_qs(scope["query_string"].decode()).items()}
        status, headers, content = self._answer(
            scope["path"], query, {k: v[0] for k, v in parse_qs(body.decode()).items()}, scope
        )
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _answer(
        self, path: str, query: dict[str, str], form: dict[str, str], scope: Any
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        match path:
            case "/.well-known/openid-configuration":
                return _json(
                    {
                        "issuer": self.issuer,
                        "authorization_endpoint": f"{self.issuer}/authorize",
                        "token_endpoint": f"{self.issuer}/token",
                        "jwks_uri": f"{self.issuer}/keys",
                    }
                )
            case "/keys":
                return _json({"keys": [self.key.as_dict(private=False)]})
            case "/authorize":
                assert query["code_challenge_method"] == "S256"
                code = str(uuid4())
                self.codes[code] = query
                said = {"error": self.refuses} if self.refuses else {"code": code}
                back = urlencode({**said, "state": query["state"]})
                location = f"{query['redirect_uri']}?{back}"
                return 302, [(b"location", location.encode())], b""
            case "/token":
                return self._token(form, dict(scope["headers"]))
            case _:
                return 404, [], b""

    def _token(
        self, form: dict[str, str], headers: dict[bytes, bytes]
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """A code is good once, for whoever asked for it and shows the verifier."""
        asked = self.codes.pop(form["code"], None)
        known = b"Basic " + base64.b64encode(f"oncedesk:{SECRET}".encode())
        challenge = base64.urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest())
        if (
            asked is None
            or headers.get(b"authorization") != known
            or challenge.decode().rstrip("=") != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return _json({"error": "invalid_grant"}, status=400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 60,
            "nonce": asked["nonce"],
            **self.changes,
        }
        key = self.signs_with or self.key
        token = jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)
        return _json({"access_token": "x", "token_type": "Bearer", "id_token": token})


def _json(value: Any, *, status: int = 200) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    return status, [(b"content-type", b"application/json")], msgspec.json.encode(value)


@asynccontextmanager
async def identity_provider() -> AsyncIterator[Provider]:
    port = ReservedPort("127.0.0.1", 0)
    provider = Provider(port.url)
    try:
        async with listening(provider, host=port.host, port=port.port):
            yield provider
    finally:
        port.close()


@contextmanager
def identity_provider_beside() -> Iterator[Provider]:
    """The same in a thread of its own, for whoever has no loop to run it in."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    running = identity_provider()
    try:
        yield asyncio.run_coroutine_threadsafe(running.__aenter__(), loop).result()
    finally:
        ended = running.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(ended, loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
