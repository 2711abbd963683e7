"""Names for things: derived, never random, so that a retry names the same thing again."""

from hashlib import blake2b
from uuid import UUID, uuid5
from zlib import crc32

BUCKETS = 4096
"""Fixed for ever: every table's key begins with one of these (DESIGN.md section 3)."""

_NAMESPACE = UUID("6f6e6365-6465-736b-8000-000000000001")


def derived_id(*parts: str | UUID) -> UUID:
    """The one id for these parts (UUIDv5); the same parts give the same id everywhere."""
    return uuid5(_NAMESPACE, "\x1f".join(map(str, parts)))


def command_id(*, principal: str, key: str, party: UUID) -> UUID:
    """The id of a command: one per principal, idempotency key and party it is about."""
    return derived_id("command", principal, key, party)


def bucket_of(party: UUID) -> int:
    """The bucket (0..4095) in which all data of this party stands."""
    return crc32(party.bytes) & (BUCKETS - 1)


def digest(content: bytes, *, secret: bytes = b"") -> bytes:
    """A 16-byte hash. With the installation's secret it does not reveal short texts by guessing."""
    return blake2b(content, digest_size=16, key=secret).digest()
