"""Previews and wishes, as all three audiences give them."""

from uuid import UUID

from litestar import Response
from msgspec.structs import replace

from oncedesk.domain.remedies.messages.asking import RequestRemedy
from oncedesk.domain.remedies.messages.disputing import Side
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.call import Call
from oncedesk.http.evidence import shown_about
from oncedesk.http.shapes.wishes import (
    NewRemedy,
    PreviewShape,
    WishShape,
    link_of,
    preview_shape,
    wish_of,
)
from oncedesk.storage.views.readers import NotSeen


async def previewed(
    request: Call, *, consumer: UUID, order: UUID, data: WishShape, in_person: bool = False
) -> PreviewShape:
    """What this wish would come to now. Raises `NotSeen`."""
    parts = request.service.parts
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    found = await request.views.remedies.preview(
        seen=seen,
        wish=wish_of(data),
        packs=parts.library.at(request.now),
        now=request.now,
    )
    return preview_shape(found, in_person=in_person)


async def requested(
    request: Call,
    *,
    consumer: UUID,
    order: UUID,
    data: NewRemedy,
    agent: UUID | None = None,
    goodwill: bool = False,
) -> Response[Accepted]:
    """Ask for it. Raises `NotSeen` for an order that is none of the reader's."""
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    if not seen.whole:
        # A merchant's desk answers wishes; it has none of its own.
        raise NotSeen
    case = link_of(data.case)
    evidence = await shown_about(
        request,
        consumer=consumer,
        order=order,
        attachments=data.evidence,
        conversation=None if case is None else case.conversation,
        side=Side.CONSUMER,
    )
    command = RequestRemedy(
        consumer=consumer,
        order=order,
        wish=wish_of(data.wish),
        agent=agent,
        case=case,
        evidence=evidence,
        expected_minor=data.expected_minor,
        goodwill=goodwill,
        human=data.human,
    )
    if data.address is not None:
        seal = request.service.parts.engine.entry.seal(data.address)
        command = replace(command, digest=seal.digest, length=seal.length)
    return accepted(await request.submit(command, text=data.address))
