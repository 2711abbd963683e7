"""Names for things: derived, never random, so that a retry names the same thing again."""

from datetime import datetime
from hashlib import blake2b, sha1
from uuid import UUID
from zlib import crc32

from msgspec.msgpack import Decoder

BUCKETS = 4096
"""Fixed for ever: every table's key begins with one of these (DESIGN.md section 3)."""

_NAMESPACE = UUID("6f6e6365-6465-736b-8000-000000000001").bytes
_AS_MESSAGE = b"\xc4\x10"
_uuid = Decoder(UUID).decode


def derived_id(*parts: str | UUID) -> UUID:
    """The one id for these parts (UUIDv5); the same parts give the same id everywhere."""
    name = "\x1f".join([part if isinstance(part, str) else part.hex for part in parts])
    # What uuid5 does, at a fifth of its time: this is called for every command. Decoding 16 bytes
    # makes a UUID much faster than its own constructor.
    hashed = bytearray(sha1(_NAMESPACE + name.encode(), usedforsecurity=False).digest()[:16])
    hashed[6] = hashed[6] & 0x0F | 0x50
    hashed[8] = hashed[8] & 0x3F | 0x80
    return _uuid(_AS_MESSAGE + hashed)


def derived_key(*parts: str | UUID, first_asked_at: datetime | None) -> UUID:
    """Under which others know what is asked of them. After a restore other things are asked for
    under the same numbers: the moment tells them apart."""
    moment = () if first_asked_at is None else (first_asked_at.isoformat(),)
    return derived_id(*parts, *moment)


def bucket_of(party: UUID) -> int:
    """The bucket (0..4095) in which all data of this party stands."""
    return crc32(party.bytes) & (BUCKETS - 1)


def digest(content: bytes, *, secret: bytes = b"") -> bytes:
    """A 16-byte hash. With the installation's secret it does not reveal short texts by guessing."""
    return blake2b(content, digest_size=16, key=secret).digest()
