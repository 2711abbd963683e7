"""What merchants, creators and carriers are called, for pages that know them by id."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import Plain
from oncedesk.http.routes import post

NAMES_MAX = 100
Parties = Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=NAMES_MAX)]


class NamesWanted(Body, frozen=True, kw_only=True):
    """The merchants, creators and carriers in question."""

    parties: Parties


class PublicName(msgspec.Struct, frozen=True, kw_only=True):
    """What one of them is called in public."""

    party: UUID
    name: str


class PublicNameList(msgspec.Struct, frozen=True):
    """Those that have a name; others are left out."""

    items: Annotated[tuple[PublicName, ...], Meta(max_length=NAMES_MAX)]


@post("/names", Plain, "readPublicNames", "What merchants, creators and carriers are called")
async def names(request: Call, data: JSONBody[NamesWanted]) -> PublicNameList:
    """Many at once: a page asks once for all that it shows."""
    found = await request.views.public_names.of(data.parties, reader=request.reader)
    return PublicNameList(
        tuple(PublicName(party=party, name=name) for party, name in sorted(found.items()))
    )


ROUTES = (names,)
