"""Translations by a signed webhook: the text and the language are posted, the answer is the text.

The request is signed as Standard Webhooks have it. What is sent is what agents read: masked.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from oncedesk.connectors.webhooks.signing import secret_key, signed_headers
from oncedesk.engine.translating import NotTranslated

if TYPE_CHECKING:
    from oncedesk.connectors.webhooks.posting import Poster


class Wanted(msgspec.Struct, frozen=True):
    """What is sent."""

    text: str
    into: str


class Reply(msgspec.Struct, frozen=True):
    """What comes back."""

    text: str


class HookTranslator:
    """Asks one URL. The `secret` is what Standard Webhooks call it: `whsec_...`."""

    def __init__(
        self,
        *,
        url: str,
        secret: str,
        poster: Callable[[], "Poster"],
        clock: Callable[[], datetime],
    ) -> None:
        self._url = url
        self._key = secret_key(secret)
        self._make_poster = poster
        self._poster: Poster | None = None
        self._clock = clock

    async def translate(self, text: str, *, into: str) -> str:
        """Raises `NotTranslated` unless the answer is a 2xx that can be read."""
        body = msgspec.json.encode(Wanted(text, into))
        headers = signed_headers([self._key], event=uuid4(), body=body, now=self._clock())
        if self._poster is None:
            self._poster = self._make_poster()
        answered = await self._poster.exchange(
            self._url, headers={**headers, "content-type": "application/json"}, body=body
        )
        if answered.code is None or not 200 <= answered.code < 300:
            # What the other side says of it may repeat the text.
            raise NotTranslated(f"answered {answered.code or 'nothing'}")
        if answered.body is None:
            raise NotTranslated("an answer that is too long or did not come to its end")
        try:
            return msgspec.json.decode(answered.body, type=Reply).text
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise NotTranslated("an answer that cannot be read") from None

    async def close(self) -> None:
        if self._poster is not None:
            await self._poster.close()
