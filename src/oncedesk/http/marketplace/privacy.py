"""What consumers ask of the marketplace about their data: a copy, or that it is erased."""

from litestar import Response

from oncedesk.http.answers import Accepted, accepted
from oncedesk.http.auth.principals import Scope
from oncedesk.http.call import Call
from oncedesk.http.copies import copy_of
from oncedesk.http.erasing import erased
from oncedesk.http.openapi import MachineCommand, Question
from oncedesk.http.parameters import Id
from oncedesk.http.routes import get, post
from oncedesk.storage.views.personal_data import KeptData


@get(
    "/consumers/{consumer:uuid}/export",
    Question,
    "exportForConsumer",
    "A consumer's own copy of all about them",
)
async def export(request: Call, consumer: Id) -> Response[KeptData]:
    """To hand it over: without what desks said among themselves, and without agents."""
    request.needs(Scope.PRIVACY_READ)
    return await copy_of(request, consumer)


@post(
    "/parties/{party:uuid}/erasure",
    MachineCommand,
    "eraseForParty",
    "Overwrite a party's texts and private data",
)
async def erase(request: Call, party: Id) -> Response[Accepted]:
    """It cannot be undone. Cases, amounts and times stay. Refused under a legal hold."""
    request.needs(Scope.PRIVACY_WRITE)
    return accepted(await erased(request, party))


ROUTES = (export, erase)
