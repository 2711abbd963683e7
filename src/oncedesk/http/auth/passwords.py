"""Passwords: argon2, as slow for a name that does not exist, a few at a time."""

import asyncio
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from oncedesk.http.problems import Refused, problem

LENGTH_MIN = 12
LENGTH_MAX = 200
AT_ONCE = 2
"""Each takes a core for some tens of milliseconds, and 64 MiB."""
WAITING_MAX = 64

_hasher = PasswordHasher()


def _of_no_password() -> str:
    """What takes as long to compare as any that is made here, and took nothing to make."""
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    salt, hashed = (
        b64encode(bytes(length)).decode().rstrip("=")
        for length in (_hasher.salt_len, _hasher.hash_len)
    )
    return f"$argon2id$v=19${cost}${salt}${hashed}"


_NOBODYS = _of_no_password()


def refuse_weak(password: str) -> None:
    """Raises `Refused` for one that is too short; length is what helps."""
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        raise Refused(
            problem("password_weak", f"{LENGTH_MIN} to {LENGTH_MAX} characters", field="password")
        )


class Passwords:
    """Makes and checks them beside the event loop."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def hashed(self, password: str) -> str:
        """What is kept of it."""
        async with self._turns:
            return await asyncio.to_thread(_hasher.hash, password)

    async def fits(self, password: str, hashed: str | None) -> bool:
        """Whether it is this one's. None takes as long, and never fits."""
        if self._waiting >= WAITING_MAX:
            raise Refused(problem("overloaded", "fewer log-ins at once"))
        self._waiting += 1
        try:
            async with self._turns:
                fits = await asyncio.to_thread(_fits, password, hashed or _NOBODYS)
        finally:
            self._waiting -= 1
        return fits and hashed is not None


def _fits(password: str, hashed: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (Argon2Error, InvalidHashError):
        return False
