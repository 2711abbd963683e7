"""What translates messages for those who read them: a port, and how much of it happens at once."""

import asyncio
from typing import Protocol

AT_ONCE = 8
"""Translations that one process asks for at the same time; the others wait for their turn."""
LENGTH_MAX = 5_000
"""Characters of a message that is translated."""
ANSWER_LENGTH_MAX = 15_000


class NotTranslated(Exception):
    """There is no translation now: it is away, took too long, or its answer cannot be read."""


class Translator(Protocol):
    """Says a text in another language."""

    async def translate(self, text: str, *, into: str) -> str:
        """Raises `NotTranslated`."""
        ...

    async def close(self) -> None: ...


class Translating:
    """A translator that is not asked for more than it can bear."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def translate(self, text: str, *, into: str) -> str:
        """The text in that language. Raises `NotTranslated`."""
        async with self._turns:
            said = await self._translator.translate(text, into=into)
        if not said.strip() or len(said) > ANSWER_LENGTH_MAX or "\x00" in said:
            raise NotTranslated("no text that could be shown")
        return said

    async def close(self) -> None:
        await self._translator.close()
