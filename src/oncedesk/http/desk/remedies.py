"""What agents see of remedies, and what they decide in a dispute or above one's authority."""

from functools import partial

from litestar import Response
from litestar.params import JSONBody

from oncedesk.domain.remedies.messages.asking import (
    GrantRemedy,
    LiftRisk,
    MakeCounterOffer,
    RefuseRemedy,
)
from oncedesk.domain.remedies.messages.authorising import ApproveGrant, DeclineGrant
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    ObjectToDecision,
    Side,
    SubmitEvidence,
)
from oncedesk.http.answers import Accepted
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.desk.work import DeskQuery
from oncedesk.http.evidence import shown
from oncedesk.http.openapi import Asking, Command, Question
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit, PartWanted, RemedyPath
from oncedesk.http.remedy_taps import This, for_desks, tap, told
from oncedesk.http.remedying import (
    given_as_goodwill,
    previewed,
    previewed_goodwill,
    read_choices,
    read_remedies,
    read_timeline,
    requested,
)
from oncedesk.http.routes import get, post
from oncedesk.http.shapes.disputes import AsShown, Decision, Shown, Why
from oncedesk.http.shapes.remedies import (
    RemediesShape,
    WaitingRemedyShape,
    waiting_shape,
)
from oncedesk.http.shapes.timeline import TimelineShape
from oncedesk.http.shapes.wishes import (
    ChoicesShape,
    DeskWish,
    NewRemedy,
    Offered,
    OfferShape,
    PreviewShape,
    RefundRoute,
    RemedyRefusal,
    WishShape,
    offer_shape,
    route_of,
    wish_of,
)
from oncedesk.http.shapes.words import desk_of
from oncedesk.storage.views.remedy_work import WorkPosition

_ORDER = "/orders/{consumer:uuid}/{order:uuid}"


@get("/remedies", Question, "listWaitingRemedies", "The remedies that wait for a desk")
async def waiting(
    request: Call, desk: DeskQuery, cursor: Cursor = None, limit: Limit = LIMIT
) -> Page[WaitingRemedyShape]:
    """The first due first: what each clock will decide without the desk."""
    rows = await request.views.remedies.waiting(
        reader=request.reader,
        desk=desk_of(desk),
        after=request.position(WorkPosition, cursor),
        limit=limit,
    )
    last = WorkPosition(rows[-1].due_at, rows[-1].order, rows[-1].number) if rows else None
    return request.page([waiting_shape(row) for row in rows], limit, last)


@get(_ORDER + "/remedies", Question, "readDeskRemedies", "The remedies of an order")
async def read(request: Call, consumer: Id, order: Id) -> Response[RemediesShape]:
    """For a merchant's desk those of their part."""
    return await read_remedies(request, consumer=consumer, order=order)


@get(_ORDER + "/remedies/choices", Question, "listChoices", "All that can be asked for now")
async def possible(request: Call, consumer: Id, order: Id, part: PartWanted = 1) -> ChoicesShape:
    """Of one part, each kind with each reason for which it is possible, and what it comes to."""
    return await read_choices(request, consumer=consumer, order=order, part=part)


@get(
    _ORDER + "/remedies/{remedy:int}/timeline",
    Question,
    "readTimeline",
    "What happened to a remedy",
)
async def timeline(request: Call, consumer: Id, order: Id, remedy: RemedyPath) -> TimelineShape:
    """Each step with its date, as codes that a page puts into words."""
    return await read_timeline(request, consumer=consumer, order=order, remedy=remedy)


@post(_ORDER + "/remedies/preview", Asking, "previewRemedy", "What a wish would come to")
async def preview(request: Call, consumer: Id, order: Id, data: JSONBody[DeskWish]) -> PreviewShape:
    """For a merchant's desk of its own part. Goodwill is the platform's to give."""
    if data.goodwill:
        return await previewed_goodwill(request, consumer=consumer, order=order, data=data)
    return await previewed(request, consumer=consumer, order=order, data=data)


@post(_ORDER + "/remedies", Command, "requestRemedy", "The consumer wants this")
async def ask(
    request: Call, consumer: Id, order: Id, data: JSONBody[NewRemedy]
) -> Response[Accepted]:
    """By an agent of the platform, for the consumer."""
    return await requested(request, consumer=consumer, order=order, data=data, agent=request.person)


@post(_ORDER + "/goodwill", Command, "giveGoodwill", "Something that is not owed")
async def goodwill(
    request: Call, consumer: Id, order: Id, data: JSONBody[NewRemedy]
) -> Response[Accepted]:
    """By an agent of the platform, out of the budget; above the agent's authority a second person
    has to stand by it."""
    return await given_as_goodwill(request, consumer=consumer, order=order, data=data)


@tap("/grant", "grantRemedy", "The desk that was asked says yes")
async def grant(
    request: Call, this: This, data: JSONBody[AsShown | None] = None
) -> Response[Accepted]:
    """Within the agent's authority; above it a second person stands by it."""
    return await told(request, this, partial(GrantRemedy, expected_minor=_expected(data)))


@tap("/refusal", "refuseRemedy", "The desk that was asked says no")
async def refuse(request: Call, this: This, data: JSONBody[RemedyRefusal]) -> Response[Accepted]:
    """With its reason; the consumer can dispute it."""
    digests = await shown(request, this, data.evidence, side=Side.MERCHANT)
    return await told(
        request,
        this,
        partial(RefuseRemedy, reason=data.reason, facts=data.facts, evidence=digests),
    )


@tap("/counter-offer", "offerInstead", "Something else instead")
async def offer(request: Call, this: This, data: JSONBody[Offered]) -> Response[Accepted]:
    """The consumer takes it or not, in one tap."""
    return await told(
        request,
        this,
        partial(MakeCounterOffer, wish=wish_of(data.wish), expected_minor=data.expected_minor),
    )


@post("/counter-offer/preview", Asking, "previewOffer", "What an offer would come to")
async def preview_offer(request: Call, this: This, data: JSONBody[WishShape]) -> OfferShape:
    """Its amount and lines, who bears it, and until when the consumer may take it."""
    offer = MakeCounterOffer(
        consumer=this.consumer,
        order=this.order,
        remedy=this.remedy,
        agent=this.agent,
        wish=wish_of(data),
    )
    found = await request.views.remedies.preview_offer(
        reader=request.reader,
        offer=offer,
        packs=request.packs,
        now=request.now,
    )
    return offer_shape(found)


@tap("/route", "nameRouteForConsumer", "Where the money should go instead")
async def route(request: Call, this: This, data: JSONBody[RefundRoute]) -> Response[Accepted]:
    """By the platform, where what it was paid with cannot take it back."""
    return await told(request, this, route_of(data))


@tap("/risk-lifted", "liftRisk", "A person has looked at it")
async def lift_risk(request: Call, this: This, data: JSONBody[Why]) -> Response[Accepted]:
    """Nothing makes it slower any more."""
    return await told(request, this, partial(LiftRisk, reason=data.reason))


@tap("/evidence", "showEvidence", "What the merchant has to show")
async def evidence(request: Call, this: This, data: JSONBody[Shown]) -> Response[Accepted]:
    """As long as the dispute is not decided."""
    digests = await shown(request, this, data.evidence, side=Side.MERCHANT)
    return await told(request, this, partial(SubmitEvidence, digests=digests, side=Side.MERCHANT))


@tap("/decision", "decideDispute", "The platform decides a dispute")
async def decide(request: Call, this: This, data: JSONBody[Decision]) -> Response[Accepted]:
    """Of an objection somebody else than who decided first."""
    seal = request.seal(data.basis)
    return await told(
        request,
        this,
        partial(
            DecideDispute,
            outcome=data.outcome,
            reason=data.reason,
            amount_minor=data.amount_minor,
            shares=data.shares,
            digest=seal.digest,
            length=seal.length,
        ),
        text=data.basis,
    )


@tap("/objection", "objectToDecision", "The merchant objects to a decision")
async def objection(request: Call, this: This, data: JSONBody[Why]) -> Response[Accepted]:
    """Once. What the consumer got is not taken back; the platform would bear it."""
    return await told(
        request, this, partial(ObjectToDecision, side=Side.MERCHANT, reason=data.reason)
    )


@tap("/second-approval", "approveGrant", "A second person stands by it")
async def approve(
    request: Call, this: This, data: JSONBody[AsShown | None] = None
) -> Response[Accepted]:
    """Somebody else than who wants to give it, within their own authority."""
    return await told(request, this, partial(ApproveGrant, expected_minor=_expected(data)))


@tap("/second-refusal", "declineGrant", "A second person does not")
async def decline(request: Call, this: This, data: JSONBody[Why]) -> Response[Accepted]:
    """The remedy is as undecided as before."""
    return await told(request, this, partial(DeclineGrant, reason=data.reason))


def _expected(data: AsShown | None) -> int | None:
    return None if data is None else data.expected_minor


ROUTES = (
    *(waiting, read, possible, timeline, preview, ask, goodwill),
    for_desks(
        *(grant, refuse, offer, preview_offer, route, lift_risk),
        *(evidence, decide, objection, approve, decline),
    ),
)
