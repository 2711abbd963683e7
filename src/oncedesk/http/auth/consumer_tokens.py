"""What the marketplace signs about a consumer, and what is checked of it before it counts."""

import re
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import msgspec
from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError, SecurityWarning
from msgspec import Meta

from oncedesk.domain.shared.bounds import bounded
from oncedesk.domain.shared.records import Record
from oncedesk.http.auth.remembering import Remembered
from oncedesk.http.problems import Refused, problem
from oncedesk.storage.access.keys import Keys, SigningKey

TOKEN_LENGTH_MAX = 4096
LIFETIME_MAX = timedelta(minutes=15)
LEEWAY = timedelta(seconds=30)
"""Clocks differ; a token may be so much too early or too late."""
ALGORITHMS = ("Ed25519", "EdDSA", "HS256")
"""`EdDSA` is the older name of `Ed25519`."""
HS256_BYTES_MIN = 32
_KEY_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class KeyUnusable(ValueError):
    """What was given as a signing key is none; the message says what was expected."""


class Consumer(Record, frozen=True, kw_only=True):
    """Who a token is about. `mark` is the token's own, of which each counts once."""

    consumer: UUID
    mark: bytes
    expires_at: datetime
    market: str = ""
    language: str = ""


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    sub: UUID
    aud: str | list[str]
    iat: int
    exp: int
    jti: Annotated[str, Meta(min_length=8, max_length=128)]
    nbf: int = 0
    market: Annotated[str, bounded("[a-z0-9_-]{0,16}", max_length=16)] = ""
    language: Annotated[str, bounded("[A-Za-z0-9-]{0,16}", max_length=16)] = ""


class ConsumerTokens:
    """Checks tokens against the keys that are registered. `audience` is what they must name."""

    def __init__(self, keys: Keys, *, audience: str, clock: Callable[[], datetime]) -> None:
        self._audience = audience
        self._clock = clock
        self._known = Remembered(keys.find_signing, size=1_000)

    async def read(self, token: str) -> Consumer:
        """Who it is about. Raises `Refused` for anything that is not as it should be."""
        if not token.isascii() or len(token) > TOKEN_LENGTH_MAX:
            raise Refused(_invalid("a signed token"))
        header = _header(token)
        named = str(header.get("kid", ""))
        key = await self._known.get(named) if _KEY_NAME.fullmatch(named) else None
        if key is None or key.revoked_at is not None:
            raise Refused(_invalid("kid: a registered key"))
        # The algorithm is the key's own; what the token says of it only has to agree.
        if header.get("alg") != key.algorithm:
            raise Refused(_invalid(f"alg: {key.algorithm}, as the key was registered"))
        claims = _claims(token, key)
        self._check(claims, key)
        mark = sha256(f"{key.issuer}\x1f{claims.jti}".encode()).digest()
        return Consumer(
            consumer=claims.sub,
            mark=mark,
            expires_at=datetime.fromtimestamp(claims.exp, UTC) + LEEWAY,
            market=claims.market,
            language=claims.language,
        )

    def _check(self, claims: _Claims, key: SigningKey) -> None:
        now, leeway = self._clock().timestamp(), LEEWAY.total_seconds()
        audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
        if claims.iss != key.issuer:
            raise Refused(_invalid("iss: the issuer of this key"))
        if self._audience not in audiences:
            raise Refused(_invalid(f"aud: {self._audience}"))
        if now >= claims.exp + leeway:
            raise Refused(_invalid("exp: a time to come"))
        if now < max(claims.nbf, claims.iat) - leeway:
            raise Refused(_invalid("nbf, iat: a time that has come"))
        if not 0 < claims.exp - claims.iat <= LIFETIME_MAX.total_seconds():
            raise Refused(_invalid(f"exp: at most {LIFETIME_MAX} after iat"))


def signing_key(
    *, id_: str, issuer: str, algorithm: str, key: bytes, by: str, now: datetime
) -> SigningKey:
    """A key to register, given as PEM, as JWK, or for HS256 as the secret's bytes.

    Of a private key only the public part is kept. Raises KeyUnusable.
    """
    if algorithm not in ALGORITHMS:
        raise KeyUnusable(f"algorithm: one of {', '.join(ALGORITHMS)}")
    kept = _shared(key) if algorithm == "HS256" else _public(key)
    return SigningKey(
        id=id_,
        issuer=issuer,
        algorithm=algorithm,
        key=msgspec.json.encode(kept),
        created_at=now,
        created_by=by,
    )


def fingerprint(key: SigningKey) -> str:
    """By what a public key is recognised: SHA-256 of its SubjectPublicKeyInfo (RFC 5280), in hex.

    That of a shared secret would let it be guessed at, so it has none: empty.
    """
    if key.algorithm == "HS256":
        return ""
    public = jwk.OKPKey.import_key(msgspec.json.decode(key.key))
    return sha256(public.as_der(private=False)).hexdigest()


def _shared(key: bytes) -> dict[str, Any]:
    if len(key) < HS256_BYTES_MIN:
        raise KeyUnusable(f"key: a secret of at least {HS256_BYTES_MIN} bytes")
    try:
        return dict(jwk.OctKey.import_key(key).as_dict())
    except (JoseError, ValueError) as error:
        raise KeyUnusable("key: a shared secret, no public key") from error


def _public(key: bytes) -> dict[str, Any]:
    try:
        given: Any = msgspec.json.decode(key) if key.lstrip().startswith(b"{") else key
        found = jwk.OKPKey.import_key(given)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise KeyUnusable("key: an Ed25519 key, as PEM or JWK") from error
    public = dict(found.as_dict(private=False))
    if public.get("crv") != "Ed25519":
        raise KeyUnusable("key: an Ed25519 key, as PEM or JWK")
    return public


def _header(token: str) -> dict[str, Any]:
    try:
        return dict(jws.extract_compact(token.encode()).headers())
    except (JoseError, ValueError, TypeError, AttributeError):
        raise Refused(_invalid("a signed token")) from None


def _claims(token: str, key: SigningKey) -> _Claims:
    stored = msgspec.json.decode(key.key)
    kind = jwk.OctKey if key.algorithm == "HS256" else jwk.OKPKey
    try:
        with warnings.catch_warnings():
            # It would tell at each token that the algorithm has a newer name.
            warnings.simplefilter("ignore", SecurityWarning)
            read = jwt.decode(token, kind.import_key(stored), algorithms=[key.algorithm])
    except (JoseError, ValueError, TypeError):
        raise Refused(_invalid("a signature of this key")) from None
    try:
        return msgspec.convert(read.claims, _Claims)
    except msgspec.ValidationError as error:
        raise Refused(_invalid(str(error))) from None


def _invalid(expected: str) -> Any:
    return problem("token_invalid", expected, field="token")
