"""Copies, erasing and legal holds: an admin's in person, who can be asked about it."""

from typing import Annotated

import msgspec
from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.parties.messages import HoldReason, LiftHold
from oncedesk.domain.parties.state import HOLDS_MAX
from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.answers import Accepted, Version, accepted, versioned
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.copies import copy_of
from oncedesk.http.erasing import erased, held
from oncedesk.http.openapi import AdminCommand, Question
from oncedesk.http.parameters import Id
from oncedesk.http.routes import get, post
from oncedesk.storage.views.personal_data import KeptData

_PARTY = "/parties/{party:uuid}"


class Hold(Body, frozen=True, kw_only=True):
    """By which reference, such as a file number, the data has to be kept; no personal data."""

    reason: HoldReason


class PrivacyShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which holds stand, and when the party's data was erased the last time."""

    version: Version
    holds: Annotated[tuple[str, ...], Meta(max_length=HOLDS_MAX)] = ()
    erased_at: Moment | None = None


@get(
    "/consumers/{consumer:uuid}/export",
    Question,
    "exportConsumer",
    "All that is kept about a consumer",
)
async def export(request: Call, consumer: Id) -> Response[KeptData]:
    """Also what desks said among themselves, who saw what in clear, and holds."""
    request.needs_admin()
    return await copy_of(request, consumer)


@get(_PARTY + "/privacy", Question, "readPrivacy", "Whether a party's data is held or was erased")
async def read(request: Call, party: Id) -> Response[PrivacyShape]:
    """Who did it and when is in the party's story."""
    request.needs_admin()
    found = await request.views.administration.party(reader=request.reader, party=party)
    content = PrivacyShape(
        version=found.version, holds=found.state.holds, erased_at=found.state.erased_at
    )
    return versioned(content, found.version)


@post(_PARTY + "/erasure", AdminCommand, "eraseParty", "Overwrite a party's texts and private data")
async def erase(request: Call, party: Id) -> Response[Accepted]:
    """It cannot be undone. Cases, amounts and times stay. Refused under a legal hold."""
    request.needs_admin()
    return accepted(await erased(request, party))


@post(_PARTY + "/holds", AdminCommand, "placeHold", "Nothing of a party may be erased")
async def place_hold(request: Call, party: Id, data: JSONBody[Hold]) -> Response[Accepted]:
    """Until every hold is lifted, nothing expires either. The same once more changes nothing."""
    request.needs_admin()
    return accepted(await held(request, party, reason=data.reason))


@post(_PARTY + "/holds/lifting", AdminCommand, "liftHold", "A hold is over")
async def lift_hold(request: Call, party: Id, data: JSONBody[Hold]) -> Response[Accepted]:
    """The one with this reference; others may remain."""
    request.needs_admin()
    return accepted(await request.submit(LiftHold(party=party, reason=data.reason)))


ROUTES = (export, read, erase, place_hold, lift_hold)
