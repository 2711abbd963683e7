"""Many answers at once, in two steps: what each would come to, then each as a command of its own.

Nothing of it can be undone by the service, as nothing of it can when it is given one by one.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Sequence

from litestar.params import JSONBody
from msgspec.structs import replace

from oncedesk.domain.conversations.messages import PostMessage
from oncedesk.domain.remedies.messages.asking import RefuseRemedy
from oncedesk.domain.remedies.messages.contesting import ContestRefund
from oncedesk.domain.remedies.messages.disputing import Side
from oncedesk.domain.remedies.words import Share
from oncedesk.domain.shared.records import Record
from oncedesk.engine.foreseeing import Foreseen, Supposed
from oncedesk.engine.submission import Submission
from oncedesk.http.call import Call, why_not
from oncedesk.http.desk.giving import as_told, refuse_strange_case
from oncedesk.http.evidence import shown
from oncedesk.http.failures import problem_of
from oncedesk.http.openapi import Asking, Plain
from oncedesk.http.problems import Problem, Refused, problem
from oncedesk.http.remedy_taps import one_seen
from oncedesk.http.routes import post
from oncedesk.http.shapes.bulk import (
    ITEMS_MAX,
    Bulk,
    BulkDone,
    BulkItem,
    BulkPreview,
    BulkSum,
    DoneShape,
    ForetoldShape,
    items_of,
)
from oncedesk.http.shapes.remedies import bearers_shape
from oncedesk.storage.views.foretold import foretold
from oncedesk.storage.views.remedies import SeenRemedies


@post("/bulk/preview", Asking, "previewBulk", "What many answers would come to")
async def preview(request: Call, data: JSONBody[Bulk]) -> BulkPreview:
    """Each sees what those before it in the list would do. Nothing of it has happened by asking."""
    ready = await _ready(request, data)
    submissions = tuple(one.submission for one in ready if one.submission is not None)
    (foreseen,) = await request.service.parts.engine.foresight.foresee(
        [Supposed(submissions, request.now)], packs=request.packs
    )
    answers = iter(foreseen)
    items = tuple(
        ForetoldShape(key=one.item.key, why=one.why)
        if one.submission is None
        else _foretold(request, one, one.submission, next(answers))
        for one in ready
    )
    return BulkPreview(items=items, sums=_sums(items))


@post("/bulk", Plain, "giveBulk", "Many answers at once")
async def give(request: Call, data: JSONBody[Bulk]) -> BulkDone:
    """Each counts by itself, under its own key. Sent again, what was done is not done twice."""
    ready = await _ready(request, data)
    return BulkDone(items=tuple(await asyncio.gather(*(_done(request, one) for one in ready))))


class _Ready(Record, frozen=True):
    """An item that can be given, or why it cannot; of a remedy also how it stands."""

    item: BulkItem
    submission: Submission | None = None
    seen: SeenRemedies | None = None
    why: Problem | None = None


async def _ready(request: Call, data: Bulk) -> Sequence[_Ready]:
    """The items as commands. Raises `Refused` for none at all, too many, or a key twice."""
    items = list(
        items_of(
            data,
            person=request.person,
            agent=request.acting_agent,
            seal=request.seal,
        )
    )
    if not 0 < len(items) <= ITEMS_MAX:
        raise Refused(problem("body_invalid", f"1 to {ITEMS_MAX} items in all"))
    if len({one.key for one in items}) < len(items):
        raise Refused(problem("key_invalid", "another key for each item", field="key"))
    return [await _one_ready(request, item) for item in items]


async def _one_ready(request: Call, item: BulkItem) -> _Ready:
    seen: SeenRemedies | None = None
    command = item.command
    try:
        if isinstance(command, PostMessage):
            await refuse_strange_case(request, command)
        else:
            this, seen = await one_seen(
                request,
                consumer=command.consumer,
                order=command.order,
                remedy=command.remedy,
                key=item.key,
            )
            if isinstance(command, RefuseRemedy | ContestRefund):
                digests = await shown(request, this, item.evidence, side=Side.MERCHANT)
                command = replace(command, evidence=digests)
        submission = request.submission(command, key=item.key, text=item.text)
    except Exception as error:  # noqa: BLE001 - told of this item; the others go on
        return _Ready(item, why=problem_of(error))
    return _Ready(item, submission, seen)


def _foretold(
    request: Call, ready: _Ready, submission: Submission, foreseen: Foreseen
) -> ForetoldShape:
    if not foreseen.answer.accepted:
        # Words that the gate keeps back were wanted to be said; trying them here counts the same.
        request.service.parts.engine.blocks.notice(submission, foreseen.answer)
        return ForetoldShape(key=ready.item.key, why=why_not(foreseen.answer, submission.id))
    seen, command = ready.seen, ready.item.command
    remedy = None
    if seen is not None and not isinstance(command, PostMessage):
        remedy = seen.state.remedy(command.remedy)
    found = foretold(foreseen.events, remedy=remedy)
    return ForetoldShape(
        key=ready.item.key,
        comes_to=found.comes_to,
        currency="" if seen is None else seen.state.currency,
        amount_minor=sum(share.minor for share in found.shares),
        own_minor=_own(request, found.shares),
        bearers=bearers_shape(found.shares),
        until=found.until,
    )


def _own(request: Call, shares: Collection[Share]) -> int:
    parties = {desk.party for desk in request.principal.desks} - {None}
    return sum(share.minor for share in shares if share.party in parties)


def _sums(items: Sequence[ForetoldShape]) -> tuple[BulkSum, ...]:
    alike = defaultdict(list)
    for one in items:
        if one.comes_to is not None:
            alike[one.comes_to, one.currency].append(one)
    return tuple(
        BulkSum(
            comes_to=comes_to,
            currency=currency,
            items=len(found),
            amount_minor=sum(one.amount_minor for one in found),
            own_minor=sum(one.own_minor for one in found),
        )
        for (comes_to, currency), found in sorted(alike.items())
    )


async def _done(request: Call, ready: _Ready) -> DoneShape:
    if ready.submission is None:
        return DoneShape(key=ready.item.key, done=False, why=ready.why)
    try:
        done = as_told(request, await request.give(ready.submission))
    except Exception as error:  # noqa: BLE001 - told of this item; the others count all the same
        return DoneShape(key=ready.item.key, done=False, why=problem_of(error))
    return DoneShape(
        key=ready.item.key,
        done=True,
        command_id=done.command_id,
        events=tuple(type(event).__name__ for event in done.events),
        repeated=done.duplicate,
    )


ROUTES = (preview, give)
