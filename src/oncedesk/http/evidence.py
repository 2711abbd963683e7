"""Evidence, as all three audiences show it: files of messages about the order, by their ids.

What a file is known by is taken from its row: nobody says of a file what is not in it.
"""

from collections.abc import Sequence
from uuid import UUID

from oncedesk.domain.remedies.messages.disputing import Side
from oncedesk.http.call import Call
from oncedesk.http.remedy_taps import OneRemedy
from oncedesk.storage.attachments.showing import Showing, shown_digests


async def shown(
    request: Call, this: OneRemedy, attachments: Sequence[UUID], *, side: Side
) -> tuple[bytes, ...]:
    """The digests of what is shown for this remedy. Raises `EvidenceUnknown`, `NotSeen`."""
    if not attachments:
        return ()
    seen = await request.views.remedies.of_order(
        reader=request.reader, consumer=this.consumer, order=this.order
    )
    remedy = seen.state.remedy(this.remedy)
    case = None if remedy is None else remedy.case
    return await shown_about(
        request,
        consumer=this.consumer,
        order=this.order,
        attachments=attachments,
        conversation=None if case is None else case.conversation,
        side=side,
    )


async def shown_about(
    request: Call,
    *,
    consumer: UUID,
    order: UUID,
    attachments: Sequence[UUID],
    conversation: UUID | None,
    side: Side,
) -> tuple[bytes, ...]:
    """The same where there is no remedy yet. Raises `EvidenceUnknown`."""
    if not attachments:
        return ()
    parts = request.service.parts
    return await shown_digests(
        parts.pool,
        parts.codec,
        request.views.cases,
        mark=parts.engine.entry.mark,
        showing=Showing(
            actor=request.principal.actor,
            side=side,
            consumer=consumer,
            order=order,
            attachments=attachments,
            conversation=conversation,
        ),
        now=request.now,
    )
