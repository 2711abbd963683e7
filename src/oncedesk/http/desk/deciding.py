"""What agents decide of a case: that it is done, whose it is, and what it is about."""

from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.conversations.messages import (
    CaseNumber,
    ClosingReason,
    Code,
    CorrectAttribution,
    FollowUp,
    Issue,
    MergeCases,
    Party,
    PartyKind,
    Reclassify,
    ReopenCase,
    ResolveCase,
    Share,
    SplitCase,
    TakeOverCase,
    TransferCase,
)
from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.answers import Accepted
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.desk.giving import This, about_cases, given
from oncedesk.http.openapi import Command
from oncedesk.http.routes import post
from oncedesk.http.shapes.words import DeskName, desk_of


class Resolution(Body, frozen=True, kw_only=True):
    """Why it is done."""

    reason: ClosingReason


class Transfer(Body, frozen=True, kw_only=True):
    """Which desk owns it from now on, and why."""

    desk: DeskName
    reason: Code


class TakeOver(Body, frozen=True, kw_only=True):
    """Why the platform steps in."""

    reason: Code


class Rest(Body, frozen=True, kw_only=True):
    """When to look at it again."""

    at: Moment


class Merge(Body, frozen=True, kw_only=True):
    """The case that goes on."""

    into: Annotated[CaseNumber, Meta(le=30_000)]


class NewIssue(Body, frozen=True, kw_only=True):
    """What it is about."""

    issue: Issue


class PartyNamed(Body, frozen=True, kw_only=True):
    """Who; the id where it is known and needed."""

    kind: PartyKind
    id: UUID | None = None


class Liability(Body, frozen=True, kw_only=True):
    """Who bears how much of it, in percent, and why."""

    who: PartyNamed
    percent: Annotated[int, Meta(ge=0, le=100)]
    reasons: Annotated[tuple[Code, ...], Meta(max_length=8)] = ()


class Finding(Body, frozen=True, kw_only=True):
    """Who owns the work, who caused it, and who is liable; the shares add up to 100."""

    owner: DeskName
    cause: PartyNamed
    liable: Annotated[tuple[Liability, ...], Meta(min_length=1, max_length=4)]
    reasons: Annotated[tuple[Code, ...], Meta(max_length=8)] = ()


@post("/resolution", Command, "resolveCase", "It is done")
async def resolve(request: Call, this: This, data: JSONBody[Resolution]) -> Response[Accepted]:
    """The recontact window begins."""
    return await given(request, this, partial(ResolveCase, reason=data.reason))


@post("/reopening", Command, "reopenCase", "It was resolved wrongly")
async def reopen(request: Call, this: This) -> Response[Accepted]:
    """The same case goes on."""
    return await given(request, this, ReopenCase)


@post("/transfer", Command, "transferCase", "Give it to another desk")
async def transfer(request: Call, this: This, data: JSONBody[Transfer]) -> Response[Accepted]:
    """That desk owns it from now on; the consumer's clock runs on."""
    said = partial(TransferCase, desk=desk_of(data.desk), reason=data.reason)
    return await given(request, this, said)


@post("/take-over", Command, "takeOverCase", "The platform steps in")
async def take_over(request: Call, this: This, data: JSONBody[TakeOver]) -> Response[Accepted]:
    """By its own decision; the consumer is told who has it now."""
    return await given(request, this, partial(TakeOverCase, reason=data.reason))


@post("/follow-up", Command, "followUp", "Look at it again then")
async def follow_up(request: Call, this: This, data: JSONBody[Rest]) -> Response[Accepted]:
    """All other clocks run on."""
    return await given(request, this, partial(FollowUp, at=data.at))


@post("/merge", Command, "mergeCases", "It is the same problem as another")
async def merge(request: Call, this: This, data: JSONBody[Merge]) -> Response[Accepted]:
    """It ends in the other case, which goes on."""
    await request.views.cases.case(
        reader=request.reader,
        consumer=this.consumer,
        conversation=this.conversation,
        case=data.into,
    )
    return await given(request, this, partial(MergeCases, into=data.into))


@post("/split", Command, "splitCase", "There is a second problem in it")
async def split(request: Call, this: This, data: JSONBody[NewIssue]) -> Response[Accepted]:
    """The second becomes a case of its own."""
    return await given(request, this, partial(SplitCase, issue=data.issue))


@post("/issue", Command, "reclassifyCase", "It is about something else")
async def reclassify(request: Call, this: This, data: JSONBody[NewIssue]) -> Response[Accepted]:
    """Deadlines may come closer, never move away."""
    return await given(request, this, partial(Reclassify, issue=data.issue))


@post("/attribution", Command, "correctAttribution", "Somebody else owns, caused or bears it")
async def attribute(request: Call, this: This, data: JSONBody[Finding]) -> Response[Accepted]:
    """What was found, in place of what the rules presumed."""
    said = partial(
        CorrectAttribution,
        owner=desk_of(data.owner),
        cause=Party(data.cause.kind, data.cause.id),
        liable=tuple(
            Share(Party(one.who.kind, one.who.id), one.percent, one.reasons) for one in data.liable
        ),
        reasons=data.reasons,
    )
    return await given(request, this, said)


ROUTES = (
    about_cases(
        resolve, reopen, transfer, take_over, follow_up, merge, split, reclassify, attribute
    ),
)
