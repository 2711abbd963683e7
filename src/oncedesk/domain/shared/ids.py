"""Names for things: derived, never random, so that a retry names the same thing again."""

from hashlib import blake2b, sha1
from uuid import UUID, SafeUUID
from zlib import crc32

BUCKETS = 4096
"""Fixed for ever: every table's key begins with one of these (DESIGN.md section 3)."""

_NAMESPACE = UUID("6f6e6365-6465-736b-8000-000000000001").bytes
_VERSION_BITS = 5 << 76 | 1 << 63
"""Version 5 of the RFC's variant (RFC 9562, sections 4 and 5.5)."""
_RANDOM_BITS = (1 << 128) - 1 & ~(0xF << 76 | 0b11 << 62)
_new, _set, _UNKNOWN = UUID.__new__, object.__setattr__, SafeUUID.unknown


def derived_id(*parts: str | UUID) -> UUID:
    """The one id for these parts (UUIDv5); the same parts give the same id everywhere."""
    name = "\x1f".join([part if isinstance(part, str) else f"{part.int:032x}" for part in parts])
    # What uuid5 does, at a fifth of its time: this is called several times for every command.
    hashed = sha1(_NAMESPACE + name.encode(), usedforsecurity=False).digest()
    made = _new(UUID)
    _set(made, "int", int.from_bytes(hashed[:16]) & _RANDOM_BITS | _VERSION_BITS)
    _set(made, "is_safe", _UNKNOWN)
    return made


def bucket_of(party: UUID) -> int:
    """The bucket (0..4095) in which all data of this party stands."""
    return crc32(party.bytes) & (BUCKETS - 1)


def digest(content: bytes, *, secret: bytes = b"") -> bytes:
    """A 16-byte hash. With the installation's secret it does not reveal short texts by guessing."""
    return blake2b(content, digest_size=16, key=secret).digest()
