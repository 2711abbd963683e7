"""Previews and wishes, as all three audiences give them."""

from uuid import UUID

from litestar import Response
from msgspec.structs import replace

from oncedesk.domain.remedies.messages.asking import GrantRemedy, RemedyRequested, RequestRemedy
from oncedesk.domain.remedies.messages.disputing import Side
from oncedesk.domain.remedies.purchase import stage_of
from oncedesk.domain.remedies.words import CaseLink
from oncedesk.http.answers import Accepted, accepted, versioned
from oncedesk.http.call import Call
from oncedesk.http.evidence import shown_about
from oncedesk.http.problems import Refused, problem
from oncedesk.http.shapes.dispute_seen import wanted_bases
from oncedesk.http.shapes.remedies import RemediesShape, remedies_shape
from oncedesk.http.shapes.timeline import TimelineShape, bases_of, timeline_shape
from oncedesk.http.shapes.wishes import (
    ChoicesShape,
    DeskWish,
    GoodwillShape,
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
    packs = request.packs
    seen = await request.views.remedies.as_disputed(
        seen=seen, reader=request.reader, packs=packs, now=request.now
    )
    bases = await request.views.remedies.bases(seen=seen, texts=wanted_bases(seen.live))
    shape = remedies_shape(seen, reader=request.reader, packs=packs, now=request.now, bases=bases)
    return versioned(shape, seen.version)


async def read_timeline(
    request: Call, *, consumer: UUID, order: UUID, remedy: int
) -> TimelineShape:
    """How one of them came to where it is. Raises `NotSeen`."""
    seen = await request.views.remedies.of_order(
        reader=request.reader, consumer=consumer, order=order
    )
    events = await request.views.story.of_remedy(seen=seen, remedy=remedy)
    bases = await request.views.remedies.bases(seen=seen, texts=bases_of(events))
    return timeline_shape(
        events,
        remedy=remedy,
        currency=seen.state.currency,
        in_person=seen.in_person,
        reader=request.reader,
        bases=bases,
    )


async def read_choices(request: Call, *, consumer: UUID, order: UUID, part: int) -> ChoicesShape:
    """All that can be asked for of this part now. Raises `NotSeen`."""
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    known = seen.state.part(part)
    if known is None:
        raise NotSeen
    found = await request.views.remedies.choices(
        seen=seen, part=part, packs=request.packs, now=request.now
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
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    found = await request.views.remedies.preview(
        seen=seen,
        wish=wish_of(data),
        packs=request.packs,
        now=request.now,
    )
    return preview_shape(found, in_person=in_person)


async def previewed_goodwill(
    request: Call, *, consumer: UUID, order: UUID, data: DeskWish
) -> PreviewShape:
    """What giving it without owing it would come to, and come up against. Raises `NotSeen`."""
    packs = request.packs
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    if not seen.whole:
        # The platform gives it; a merchant's desk makes offers of its own.
        raise NotSeen
    found = await request.views.remedies.preview(
        seen=seen, wish=wish_of(data), packs=packs, now=request.now, goodwill=True
    )
    shape = preview_shape(found, in_person=False)
    if not shape.possible:
        return shape
    room = await request.views.goodwill.room(
        seen=seen,
        agent=request.person,
        amount_minor=shape.amount_minor,
        case=link_of(data.case),
        packs=packs,
        now=request.now,
    )
    limits = GoodwillShape(limit=room.limit, budget_minor=room.budget_minor)
    return replace(shape, goodwill=limits)


async def requested(
    request: Call, *, consumer: UUID, order: UUID, data: NewRemedy, agent: UUID | None = None
) -> Response[Accepted]:
    """Ask for it. Raises `NotSeen` for an order that is none of the reader's."""
    command, text = await _asking(request, consumer=consumer, order=order, data=data, agent=agent)
    return accepted(await request.submit(command, text=text))


async def given_as_goodwill(
    request: Call, *, consumer: UUID, order: UUID, data: NewRemedy
) -> Response[Accepted]:
    """Asked for, and said yes to by the same agent, each counting once under this key.

    Where only the first was heard, it waits for the platform's yes like any other wish. Raises
    `NotSeen` for an order that is none of the reader's.
    """
    agent = request.person
    command, text = await _asking(request, consumer=consumer, order=order, data=data, agent=agent)
    asked = await request.submit(replace(command, goodwill=True), text=text)
    number = next(one.remedy for one in asked.events if isinstance(one, RemedyRequested))
    yes = GrantRemedy(consumer=consumer, order=order, remedy=number, agent=agent)
    return accepted(await request.give(request.submission(yes, key=f"{request.key}/yes")))


async def _insist_on(request: Call, *, consumer: UUID, case: CaseLink) -> None:
    """Where a remedy belongs to is told; a case that is nowhere would wait for nobody's answer."""
    try:
        await request.views.cases.case(
            reader=request.reader,
            consumer=consumer,
            conversation=case.conversation,
            case=case.case,
        )
    except NotSeen:
        wanted = "a case of this consumer's that one may see"
        raise Refused(problem("case_unknown", wanted, field="case")) from None


async def _asking(
    request: Call, *, consumer: UUID, order: UUID, data: NewRemedy, agent: UUID | None
) -> tuple[RequestRemedy, str | None]:
    """The command, and the private text that goes with it."""
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    if not seen.whole:
        # A merchant's desk answers wishes; it has none of its own.
        raise NotSeen
    case = link_of(data.case)
    if case is not None:
        await _insist_on(request, consumer=consumer, case=case)
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
        human=data.human,
    )
    if data.address is not None:
        seal = request.seal(data.address)
        command = replace(command, digest=seal.digest, length=seal.length)
    return command, data.address
