"""Secrets and signatures, as Standard Webhooks have them.

No secret is kept. It is derived from the installation's own, from a key that can be set outside of
the database, from the endpoint and from how often its secret was changed.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from oncedesk.engine.webhooks.events import CONTENT_TYPE
from oncedesk.engine.webhooks.model import Endpoint

ROTATION = timedelta(hours=24)
"""How long the secret before the present one still signs, too."""
KEY_BYTES_MIN = 16
_PREFIX = "whsec_"


class SecretChanged(Exception):
    """What the secrets derive from is not what it was when the endpoint got its own."""


class Signer:
    """Signs for endpoints. `key` is `ONCEDESK_WEBHOOK_KEY`, empty if none is set."""

    def __init__(self, *, installation: bytes, key: str) -> None:
        self._master = hmac.digest(installation, b"webhooks\x00" + key.encode(), sha256)

    def secret(self, endpoint: UUID, generation: int) -> str:
        """What the receiver verifies with: `whsec_` and 32 bytes in base64."""
        return _PREFIX + b64encode(self._key(endpoint, generation)).decode()

    def seal(self, endpoint: UUID, generation: int) -> bytes:
        """Names a secret without revealing it."""
        return hmac.digest(self._key(endpoint, generation), b"seal", sha256)[:16]

    def check(self, endpoint: Endpoint) -> None:
        """Raises `SecretChanged` where the receiver would not know what we would sign with."""
        if not hmac.compare_digest(self.seal(endpoint.id, endpoint.generation), endpoint.seal):
            raise SecretChanged(
                "the secret is another one than the receiver has: ONCEDESK_WEBHOOK_KEY or the "
                "database's secret has changed; set it back, or enable the endpoint again and "
                "give the receiver the secret that is shown then"
            )

    def headers(
        self, endpoint: Endpoint, *, event: UUID, body: bytes, now: datetime
    ) -> Mapping[str, str]:
        """The headers of one attempt; within a day of a change both secrets sign."""
        self.check(endpoint)
        generations = [endpoint.generation]
        if endpoint.previous_until is not None and now < endpoint.previous_until:
            generations.append(endpoint.generation - 1)
        keys = [self._key(endpoint.id, one) for one in generations]
        return signed_headers(keys, event=event, body=body, now=now)

    def _key(self, endpoint: UUID, generation: int) -> bytes:
        return hmac.digest(self._master, endpoint.bytes + generation.to_bytes(4, "big"), sha256)


def secret_key(secret: str) -> bytes:
    """The key within a secret such as `whsec_...`. Raises ValueError."""
    if not secret.startswith(_PREFIX):
        raise ValueError("a secret begins with whsec_")
    key = b64decode(secret.removeprefix(_PREFIX), validate=True)
    if len(key) < KEY_BYTES_MIN:
        raise ValueError(f"a secret has at least {KEY_BYTES_MIN} bytes")
    return key


def signed_headers(
    keys: Sequence[bytes], *, event: UUID, body: bytes, now: datetime
) -> Mapping[str, str]:
    """The headers of one attempt, signed by each of these keys."""
    timestamp = str(int(now.timestamp()))
    signed = f"{event}.{timestamp}.".encode() + body
    signatures = (b64encode(hmac.digest(key, signed, sha256)).decode() for key in keys)
    return {
        "content-type": CONTENT_TYPE,
        "webhook-id": str(event),
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }
