"""Packs as bytes, named by the hash of those bytes.

The bytes are JSON with sorted keys and without defaults, so that anybody can read a stored pack and
a field that is added later changes nobody's hash.
"""

from hashlib import blake2b

import msgspec

from oncedesk.domain.shared.rulepack import Pack


class PackBytesInvalid(ValueError):
    """These bytes are not a stored pack."""


def pack_hash(content: bytes) -> str:
    """The name of a stored pack: 128 bits, as 32 hexadecimal digits."""
    return blake2b(content, digest_size=16).hexdigest()


def pack_to_bytes(pack: Pack) -> bytes:
    """The content of a pack, calendars included; its hash is not part of it."""
    plain = msgspec.to_builtins(msgspec.structs.replace(pack, hash=""), str_keys=True)
    return msgspec.json.encode(plain, order="sorted")


def pack_from_bytes(content: bytes) -> Pack:
    """The pack that was stored, with its hash. Raises PackBytesInvalid."""
    try:
        pack = msgspec.json.decode(content, type=Pack)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PackBytesInvalid(str(error)) from error
    return msgspec.structs.replace(pack, hash=pack_hash(content))


def seal(pack: Pack) -> Pack:
    """The pack with the hash of its own content."""
    return msgspec.structs.replace(pack, hash=pack_hash(pack_to_bytes(pack)))
