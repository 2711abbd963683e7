"""API keys: how they are made, and whom one lets in."""

import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.records import Record
from oncedesk.http.auth.principals import Kind, Principal, Scope
from oncedesk.http.auth.remembering import Remembered
from oncedesk.http.problems import CredentialsWrong, Refused, problem
from oncedesk.storage.access.keys import ApiKey, Keys

PREFIX = "odk_"
USE_NOTED_EACH = timedelta(minutes=5)
_TOKEN = re.compile(r"odk_([a-z0-9]{12})_([A-Za-z0-9_-]{43})")
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_ID_LENGTH = 12


class MadeKey(Record, frozen=True):
    """A new key; `token` is shown once and kept nowhere."""

    key: ApiKey
    token: str


def make_key(
    *,
    name: str,
    scopes: Sequence[Scope],
    by: str,
    now: datetime,
    expires_at: datetime | None = None,
    asked_as: UUID | None = None,
) -> MadeKey:
    """A key for the machine of this name, not yet stored. What is asked for again (`asked_as`) has
    the same id and another secret."""
    drawn = secrets.token_bytes(_ID_LENGTH) if asked_as is None else asked_as.bytes
    id_ = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in drawn[-_ID_LENGTH:])
    secret = secrets.token_urlsafe(32)
    key = ApiKey(
        id=id_,
        name=name,
        hash=_hash(secret),
        scopes=tuple(sorted({scope.value for scope in scopes})),
        created_at=now,
        created_by=by,
        expires_at=expires_at,
    )
    return MadeKey(key, f"{PREFIX}{id_}_{secret}")


class KeyDoor:
    """Lets machines in."""

    def __init__(self, keys: Keys, *, clock: Callable[[], datetime]) -> None:
        self._keys = keys
        self._clock = clock
        self._known = Remembered(self._look_up)

    async def principal(self, token: str) -> Principal:
        """Whose key this is. Raises `Refused` for one that is none, is over, or was revoked."""
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            raise Refused(_UNKNOWN)
        key = await self._known.get(_Shown(parts[1], _hash(parts[2])))
        if key is None or not key.key.valid(self._clock()):
            raise CredentialsWrong(_UNKNOWN)
        return key.principal

    async def _look_up(self, shown: "_Shown") -> "_Known | None":
        key = await self._keys.find(shown.id)
        # Whoever only names a key has not used it.
        if key is None or not hmac.compare_digest(key.hash, shown.hash):
            return None
        now = self._clock()
        if key.valid(now) and (key.used_at is None or now - key.used_at > USE_NOTED_EACH):
            await self._keys.note_use(key.id, at=now)
        principal = Principal(
            kind=Kind.MARKETPLACE,
            name=f"marketplace/{key.name}",
            actor=MARKETPLACE,
            scopes=key.scopes,
        )
        return _Known(key, principal)


class _Shown(Record, frozen=True):
    id: str
    hash: bytes


class _Known(Record, frozen=True):
    key: ApiKey
    principal: Principal


_UNKNOWN = problem("credentials_invalid", "a key that is neither revoked nor expired")


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
