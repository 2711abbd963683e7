"""Promises that the marketplace itself found broken, of which we keep no order."""

from uuid import UUID

from litestar import Response
from litestar.params import JSONBody

from oncedesk.domain.conversations.messages import (
    Issue,
    Language,
    Market,
    NoteBreachCorrected,
    OpenForBreach,
)
from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.auth.principals import Scope
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import MachineCommand
from oncedesk.http.parameters import Id
from oncedesk.http.routes import post
from oncedesk.http.shapes.words import SubjectShape, subject_of


class Breach(Body, frozen=True, kw_only=True):
    """What was promised until when, and how it was broken; `breach` is also the case's issue."""

    subject: SubjectShape
    market: Market
    breach: Issue
    promise: UUID
    due_at: Moment
    merchant: UUID | None = None
    creator: UUID | None = None
    language: Language = ""


class Correction(Body, frozen=True, kw_only=True):
    """Which breach was none."""

    subject: SubjectShape
    promise: UUID
    breach: Issue


@post(
    "/consumers/{consumer:uuid}/breaches", MachineCommand, "openForBreach", "A promise was broken"
)
async def open_for_breach(
    request: Call, consumer: Id, data: JSONBody[Breach]
) -> Response[Accepted]:
    """Service opens before the consumer asks, once for each promise and breach."""
    request.needs(Scope.CONTACTS_WRITE)
    command = OpenForBreach(
        consumer=consumer,
        subject=subject_of(data.subject),
        market=data.market,
        breach=data.breach,
        promise=data.promise,
        due_at=data.due_at,
        merchant=data.merchant,
        creator=data.creator,
        language=data.language,
    )
    return accepted(await request.submit(command))


@post(
    "/consumers/{consumer:uuid}/breaches/corrections",
    MachineCommand,
    "correctBreach",
    "A breach was none",
)
async def correct(request: Call, consumer: Id, data: JSONBody[Correction]) -> Response[Accepted]:
    """A case that nobody touched resolves by itself."""
    request.needs(Scope.CONTACTS_WRITE)
    command = NoteBreachCorrected(
        consumer=consumer,
        subject=subject_of(data.subject),
        promise=data.promise,
        breach=data.breach,
    )
    return accepted(await request.submit(command))


ROUTES = (open_for_breach, correct)
