"""Refunds by a signed webhook: the marketplace's payments answer at once, or later by the API.

The request is signed as Standard Webhooks have it, and carries the refund's key twice: in the body
and as `idempotency-key`. Whatever may be called by webhooks may be called here, and nothing else.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from oncedesk.connectors.webhooks.signing import secret_key, signed_headers
from oncedesk.domain.remedies.messages.refunding import RefundFailure
from oncedesk.domain.remedies.words import Code, Minor
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.money import Currency
from oncedesk.engine.outbox import NotDelivered
from oncedesk.engine.outgoing import RefundMessage
from oncedesk.engine.paying import PaymentAnswer, Said
from oncedesk.engine.ports import OutboxRow
from oncedesk.engine.webhooks.events import event_body

if TYPE_CHECKING:
    from oncedesk.connectors.webhooks.posting import Poster


class Status(StrEnum):
    """How far a refund is, in the words of the answer."""

    ACCEPTED = "accepted"
    SENT = "sent"
    FAILED = "failed"


class Reply(msgspec.Struct, frozen=True):
    """The answer's body; empty is the same as `accepted`. What is sent says how much of what."""

    status: Status
    sent_at: Moment | None = None
    reference: Code = ""
    reason: RefundFailure = RefundFailure.DECLINED
    amount_minor: Minor | None = None
    currency: Currency | None = None


class HookExecutor:
    """Posts each refund to one URL. The `secret` is what Standard Webhooks call it: `whsec_...`."""

    def __init__(
        self,
        *,
        url: str,
        secret: str,
        poster: Callable[[], "Poster"],
        source: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._url = url
        self._key = secret_key(secret)
        self._make_poster = poster
        self._poster: Poster | None = None
        self._source = source
        self._clock = clock

    async def execute(self, row: OutboxRow, refund: RefundMessage) -> PaymentAnswer:
        """Raises `NotDelivered` unless the answer is a 2xx that can be read."""
        body = event_body(
            id_=row.id,
            type_="refund.requested",
            source=self._source,
            at=row.at,
            data=refund,
            subject=refund.refund,
        )
        headers = signed_headers([self._key], event=row.id, body=body, now=self._clock())
        if self._poster is None:
            self._poster = self._make_poster()
        answered = await self._poster.exchange(
            self._url, headers={**headers, "idempotency-key": refund.refund}, body=body
        )
        if answered.code is None or not 200 <= answered.code < 300:
            raise NotDelivered(f"{answered.code or ''} {answered.said}".strip())
        if answered.body is None:
            raise NotDelivered("an answer that is too long or did not come to its end")
        return answer_of(answered.body)

    async def close(self) -> None:
        if self._poster is not None:
            await self._poster.close()


def answer_of(body: bytes) -> PaymentAnswer:
    """What the body of a 2xx says. Raises `NotDelivered` where it cannot be read."""
    if not body.strip():
        return PaymentAnswer(Said.TAKEN)
    try:
        reply = _reply(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotDelivered(f"an answer that cannot be read: {error}") from error
    if reply.status is Status.ACCEPTED:
        return PaymentAnswer(Said.TAKEN)
    if reply.status is Status.FAILED:
        return PaymentAnswer(Said.FAILED, reason=reply.reason)
    return PaymentAnswer(
        Said.SENT,
        sent_at=reply.sent_at,
        reference=reply.reference,
        amount_minor=reply.amount_minor,
        currency=reply.currency or "",
    )


_reply = msgspec.json.Decoder(Reply).decode
