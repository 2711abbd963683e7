"""What only this installation can have said: marks under its own secret, one key a purpose."""

import hmac
from hashlib import sha256


class Seals:
    """Marks for cursors, CSRF tokens and the like; none of them is good for another purpose."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def mark(self, purpose: str, content: bytes) -> bytes:
        """32 bytes that nobody else can make."""
        key = hmac.digest(self._secret, b"oncedesk/http/" + purpose.encode(), sha256)
        return hmac.digest(key, content, sha256)

    def holds(self, purpose: str, content: bytes, mark: bytes) -> bool:
        return self.same(self.mark(purpose, content), mark)

    def same(self, one: bytes, other: bytes) -> bool:
        """Compared in a time that tells nothing."""
        return hmac.compare_digest(one, other)
