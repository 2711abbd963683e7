"""Logging in by an identity provider: OpenID Connect, authorization code with PKCE.

What has to come back with the code (state, nonce, verifier) lies in a cookie of the browser that
asked, under our mark; so nothing is kept of those who never come back, and a code that another
browser asked for is worth nothing here.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

import httpx2
import msgspec
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwk, jwt
from joserfc.errors import JoseError
from msgspec import Meta

from oncedesk.domain.shared.records import Record
from oncedesk.http.auth.remembering import Remembered
from oncedesk.http.auth.secrets import Seals
from oncedesk.http.problems import Refused, problem
from oncedesk.settings import Settings

ASKED_SECONDS_MAX = 10.0
REMEMBERED_SECONDS = 300.0
ATTEMPT_LIFETIME = timedelta(minutes=10)
LEEWAY_SECONDS = 30
# Signed by the provider alone: a shared secret would let whoever knows it be anybody.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "Ed25519", "EdDSA")
_PURPOSE = "identity provider"


class Attempt(msgspec.Struct, frozen=True):
    """A log-in that was begun in one browser, until it comes back from the provider."""

    state: str
    nonce: str
    verifier: str
    until: datetime


class Begun(Record, frozen=True):
    """Where the browser goes, and what it holds meanwhile."""

    url: str
    held: str


class _Provider(msgspec.Struct, frozen=True):
    """What the provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Said(msgspec.Struct, frozen=True):
    """What its token says of the agent."""

    iss: str
    sub: Annotated[str, Meta(min_length=1, max_length=255)]
    aud: str | list[str]
    exp: int
    iat: int
    nonce: str
    azp: str | None = None


class IdentityProvider:
    """The one that the settings name, if they name one."""

    def __init__(self, settings: Settings, seals: Seals, *, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._seals = seals
        self._clock = clock
        self._provider = Remembered(self._discover, seconds=REMEMBERED_SECONDS)
        self._keys = Remembered(self._fetch, seconds=REMEMBERED_SECONDS)

    async def begin(self, *, back_to: str) -> Begun:
        """Send a browser there. Raises `Refused` where there is no provider, or it is away."""
        provider = await self._found()
        attempt = Attempt(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            until=self._clock() + ATTEMPT_LIFETIME,
        )
        async with self._client(back_to) as client:
            url, _ = client.create_authorization_url(
                provider.authorization_endpoint,
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return Begun(url, self._held(attempt))

    async def subject(self, *, code: str, state: str, held: str, back_to: str) -> str:
        """Who came back, as `issuer subject`. Raises `Refused` for anything not as it should be."""
        attempt = self._attempt(held)
        if attempt is None or not secrets.compare_digest(attempt.state.encode(), state.encode()):
            raise Refused(_failed("a log-in that this browser has begun"))
        provider = await self._found()
        try:
            async with self._client(back_to) as client:
                answer = await client.fetch_token(
                    provider.token_endpoint, code=code, code_verifier=attempt.verifier
                )
            said = await self._read(str(answer.get("id_token")), provider.jwks_uri)
        except (OAuthError, JoseError, httpx2.HTTPError, msgspec.MsgspecError, ValueError) as error:
            raise Refused(_failed("a code that the provider has given")) from error
        self._check(said, attempt)
        return f"{said.iss} {said.sub}"

    async def _read(self, token: str, jwks_uri: str) -> _Said:
        keys = await self._keys.get(jwks_uri)
        try:
            return _read(token, keys)
        except Refused:
            # It may be signed by a key that the provider has had only since we looked.
            self._keys.forget(jwks_uri)
            return _read(token, await self._keys.get(jwks_uri))

    def _check(self, said: _Said, attempt: Attempt) -> None:
        ours, now = self._settings.oidc_client_id, self._clock().timestamp()
        audiences = [said.aud] if isinstance(said.aud, str) else said.aud
        if (
            said.iss != self._settings.oidc_issuer
            or ours not in audiences
            or (said.azp or ours) != ours
            or not secrets.compare_digest(said.nonce.encode(), attempt.nonce.encode())
            or now >= said.exp + LEEWAY_SECONDS
            or now < said.iat - LEEWAY_SECONDS
        ):
            raise Refused(_failed("a token of this log-in"))

    def _held(self, attempt: Attempt) -> str:
        body = msgspec.json.encode(attempt)
        return urlsafe_b64encode(self._seals.mark(_PURPOSE, body) + body).decode().rstrip("=")

    def _attempt(self, held: str) -> Attempt | None:
        try:
            content = urlsafe_b64decode(held + "=" * (-len(held) % 4))
        except ValueError:
            return None
        mark, body = content[:32], content[32:]
        if not self._seals.holds(_PURPOSE, body, mark):
            return None
        try:
            attempt = msgspec.json.decode(body, type=Attempt)
        except msgspec.DecodeError:
            # Begun under an earlier release.
            return None
        return attempt if self._clock() < attempt.until else None

    def _client(self, back_to: str) -> Any:
        return AsyncOAuth2Client(
            self._settings.oidc_client_id,
            self._settings.oidc_client_secret,
            scope="openid",
            redirect_uri=back_to,
            code_challenge_method="S256",
            timeout=ASKED_SECONDS_MAX,
        )

    async def _found(self) -> _Provider:
        issuer = self._settings.oidc_issuer
        if issuer is None:
            raise Refused(problem("not_found"))
        try:
            provider = await self._provider.get(issuer)
        except (httpx2.HTTPError, msgspec.DecodeError) as error:
            raise Refused(problem("provider_away", "the identity provider answers")) from error
        if provider.issuer != issuer:
            raise Refused(problem("provider_away", "a provider that names itself as we do"))
        return provider

    async def _discover(self, issuer: str) -> _Provider:
        place = issuer.rstrip("/") + "/.well-known/openid-configuration"
        return msgspec.json.decode(await _get(place), type=_Provider)

    async def _fetch(self, place: str) -> jwk.KeySet:
        return jwk.KeySet.import_key_set(msgspec.json.decode(await _get(place)))


async def _get(place: str) -> bytes:
    async with httpx2.AsyncClient(timeout=ASKED_SECONDS_MAX) as client:
        answer = await client.get(place)
        answer.raise_for_status()
        return answer.content


def _read(token: str, keys: jwk.KeySet) -> _Said:
    try:
        return msgspec.convert(jwt.decode(token, keys, algorithms=ALGORITHMS).claims, _Said)
    except (JoseError, ValueError, TypeError, msgspec.ValidationError) as error:
        raise Refused(_failed("a token that the provider has signed")) from error


def _failed(expected: str) -> Any:
    return problem("login_failed", expected)
