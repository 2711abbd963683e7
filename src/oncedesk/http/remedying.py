"""Previews and wishes, as all three audiences give them."""

from uuid import UUID

from litestar import Response
from msgspec.structs import replace

from oncedesk.domain.remedies.messages.asking import RequestRemedy
from oncedesk.domain.remedies.messages.disputing import Side
from oncedesk.domain.remedies.purchase import stage_of
from oncedesk.http.answers import Accepted, accepted, versioned
from oncedesk.http.call import Call
from oncedesk.http.evidence import shown_about
from oncedesk.http.shapes.remedies import RemediesShape, remedies_shape
from oncedesk.http.shapes.timeline import TimelineShape, timeline_shape
from oncedesk.http.shapes.wishes import (
    ChoicesShape,
    NewRemedy,
    PreviewShape,
    WishShape,
    choice_shape,
    link_of,
    preview_shape,
    wish_of,
)
from oncedesk.storage.views.readers import NotSeen


async def read_remedies(request: Call, *, consumer: UUID, order: UUID) -> Response[RemediesShape]:
    """How far each is; none where nothing was asked for of an order of theirs. Raises `NotSeen`."""
    try:
        seen = await request.views.remedies.of_order(
            reader=request.reader, consumer=consumer, order=order
        )
    except NotSeen:
        of = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
        content = RemediesShape(
            consumer=consumer, order=order, version=0, currency=of.state.currency, remedies=()
        )
        return versioned(content, 0)
    packs = request.service.parts.library.at(request.now)
    return versioned(remedies_shape(seen, packs=packs, now=request.now), seen.version)


async def read_timeline(
    request: Call, *, consumer: UUID, order: UUID, remedy: int
) -> TimelineShape:
    """How one of them came to where it is. Raises `NotSeen`."""
    seen = await request.views.remedies.of_order(
        reader=request.reader, consumer=consumer, order=order
    )
    events = await request.views.story.of_remedy(seen=seen, remedy=remedy)
    return timeline_shape(
        events, remedy=remedy, currency=seen.state.currency, in_person=seen.in_person
    )


async def read_choices(request: Call, *, consumer: UUID, order: UUID, part: int) -> ChoicesShape:
    """All that can be asked for of this part now. Raises `NotSeen`."""
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    known = seen.state.part(part)
    if known is None:
        raise NotSeen
    found = await request.views.remedies.choices(
        seen=seen, part=part, packs=request.service.parts.library.at(request.now), now=request.now
    )
    return ChoicesShape(
        order=order,
        part=part,
        currency=seen.state.currency,
        stage=stage_of(seen.state, known),
        choices=tuple(choice_shape(one) for one in found),
    )


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
