"""What all audiences have in common when they ask for a remedy: a preview, and the wish itself."""

from collections.abc import Sequence
from uuid import UUID

from litestar import Response

from oncedesk.domain.remedies.messages.asking import RequestRemedy
from oncedesk.domain.remedies.messages.base import ToRemedy
from oncedesk.domain.remedies.nearest import answer_to
from oncedesk.domain.shared.decider import Role
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.call import Call
from oncedesk.http.problems import Refused, problem
from oncedesk.http.shapes.remedies import (
    PreviewAsked,
    PreviewShape,
    RemedyAsked,
    preview_shape,
    wish_of,
)


async def previewed(
    request: Call, *, consumer: UUID, order: UUID, data: PreviewAsked
) -> PreviewShape:
    """What this would come to now. Of an order that is none of theirs there is none: `NotSeen`."""
    evidence = await _digests(request, consumer, order, data.evidence)
    found = await request.views.remedies.asked(
        reader=request.reader,
        consumer=consumer,
        order=order,
        wish=wish_of(data.wish),
        evidence=evidence,
        packs=request.service.parts.library.at(request.now),
        now=request.now,
        human=data.human,
    )
    return preview_shape(answer_to(found.asked), whole=found.whole)


async def wished(
    request: Call, *, consumer: UUID, order: UUID, data: RemedyAsked
) -> Response[Accepted]:
    """It is asked for, and decided if a rule can. Raises `NotSeen` as a preview does."""
    evidence = await _digests(request, consumer, order, data.evidence)
    command = RequestRemedy(
        consumer=consumer,
        order=order,
        wish=wish_of(data.wish),
        agent=acting(request),
        evidence=evidence,
        expected_minor=data.expected_minor,
        human=data.human,
    )
    return accepted(await request.submit(command))


async def answered_to(request: Call, command: ToRemedy) -> Response[Accepted]:
    """An answer to a remedy that this reader may see. Raises `NotSeen`."""
    await request.views.remedies.remedy(
        reader=request.reader,
        consumer=command.consumer,
        order=command.order,
        number=command.remedy,
    )
    return accepted(await request.submit(command))


def acting(request: Call) -> UUID | None:
    """The agent in whose name it is done; nobody for a consumer or a machine."""
    actor = request.principal.actor
    return actor.id if actor.role is Role.AGENT else None


async def _digests(
    request: Call, consumer: UUID, order: UUID, files: Sequence[UUID]
) -> tuple[bytes, ...]:
    """What the files are known by, once it is clear that the order is this reader's to see.

    Raises `NotSeen`, and `Refused` where a file is not the consumer's own, or is gone. Whoever sees
    a part of the order only, is not told which files there are.
    """
    seen = await request.views.orders.order(reader=request.reader, consumer=consumer, order=order)
    found = None
    if seen.whole or not files:
        found = await request.views.remedies.digests(consumer=consumer, files=frozenset(files))
    if found is None:
        raise Refused(problem("attachment_unknown", "files of this consumer", field="evidence"))
    return found
