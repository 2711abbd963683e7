"""Who there is: consumers, merchants, creators, agencies, carriers."""

from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import JSONBody
from msgspec import Meta

from oncedesk.domain.parties.messages import (
    PLACES_MAX,
    EndManagement,
    ForRegions,
    Language,
    ManageCreator,
    Market,
    PartyKind,
    Region,
    RegisterParty,
    SetReturnPlaces,
    TellTerms,
    TellTrust,
    TrustLevel,
    UpdateParty,
)
from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.answers import Accepted, accepted, versioned
from oncedesk.http.auth.principals import Scope
from oncedesk.http.bodies import Body, private_text
from oncedesk.http.call import Call
from oncedesk.http.openapi import MachineCommand, Question
from oncedesk.http.parameters import Id
from oncedesk.http.routes import get, patch, post, put
from oncedesk.http.shapes.people import PartyShape, party_shape

_PARTY = "/parties/{party:uuid}"


class Person(Body, frozen=True, kw_only=True, omit_defaults=True):
    """Private data. It is kept apart from everything else, and erased on demand.

    The `name` of a merchant or creator is what it is called in public, never a person's of its: its
    customers read it.
    """

    name: Annotated[str, Meta(max_length=200)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    email: Annotated[str, Meta(max_length=254)] = ""
    address: Annotated[str, Meta(max_length=1_000)] = ""
    id_number: Annotated[str, Meta(max_length=40)] = ""


class NewParty(Body, frozen=True, kw_only=True):
    """What a party is; kind and market never change. A place has the merchant as its owner."""

    kind: PartyKind
    market: Market
    language: Language = ""
    person: Person | None = None
    owner: UUID | None = None


class PlaceForRegions(Body, frozen=True, kw_only=True):
    """A place of the merchant's, and the regions whose orders go back to it; none: any."""

    place: UUID
    regions: Annotated[tuple[Region, ...], Meta(max_length=32)] = ()


class ReturnPlaces(Body, frozen=True, kw_only=True):
    """All of them; the first that fits counts."""

    places: Annotated[tuple[PlaceForRegions, ...], Meta(max_length=PLACES_MAX)]


class PartyChange(Body, frozen=True, kw_only=True):
    """The language and the private data are now these; without `person` there is none."""

    language: Language = ""
    person: Person | None = None


class NewManagement(Body, frozen=True, kw_only=True):
    """The agency that manages the creator from then on, until then or until further notice."""

    agency: UUID
    starts_at: Moment
    ends_at: Moment | None = None


class ManagementEnd(Body, frozen=True, kw_only=True):
    """When it ends; now, if nothing is said."""

    agency: UUID
    ends_at: Moment | None = None


class Trusting(Body, frozen=True, kw_only=True):
    """How a consumer is known now. It changes how fast money leaves, and nothing else.

    `linked` are accounts of the same person's, `remedies` how many there were in 30 days.
    """

    level: TrustLevel
    linked: Annotated[tuple[UUID, ...], Meta(max_length=16)] = ()
    remedies: Annotated[int, Meta(ge=0, le=100_000)] = 0


class Terms(Body, frozen=True, kw_only=True):
    """What a merchant agreed to: to bear refunds for which the consumer keeps the goods."""

    refunds_without_return: bool


@put(_PARTY, MachineCommand, "registerParty", "There is this party")
async def register(request: Call, party: Id, data: JSONBody[NewParty]) -> Response[Accepted]:
    """The same once more changes nothing."""
    request.needs(Scope.PARTIES_WRITE)
    text = private_text(data.person)
    seal = request.seal(text)
    command = RegisterParty(
        party=party,
        kind=data.kind,
        market=data.market,
        language=data.language,
        digest=seal.digest,
        length=seal.length,
        owner=data.owner,
    )
    return accepted(await request.submit(command, text=text))


@patch(_PARTY, MachineCommand, "updateParty", "A party's language and private data are now these")
async def update(request: Call, party: Id, data: JSONBody[PartyChange]) -> Response[Accepted]:
    """What was there before is overwritten."""
    request.needs(Scope.PARTIES_WRITE)
    text = private_text(data.person)
    seal = request.seal(text)
    command = UpdateParty(
        party=party,
        language=data.language,
        digest=seal.digest,
        length=seal.length,
    )
    return accepted(await request.submit(command, text=text))


@put(
    "/merchants/{party:uuid}/return-places",
    MachineCommand,
    "setReturnPlaces",
    "Where goods of a merchant go back to",
)
async def return_places(
    request: Call, party: Id, data: JSONBody[ReturnPlaces]
) -> Response[Accepted]:
    """From now on; each was registered as a place of this merchant, with its address."""
    request.needs(Scope.PARTIES_WRITE)
    places = tuple(ForRegions(one.place, one.regions) for one in data.places)
    return accepted(await request.submit(SetReturnPlaces(party=party, places=places)))


@get(_PARTY, Question, "readParty", "A party")
async def read(request: Call, party: Id) -> Response[PartyShape]:
    """What is known beside private data."""
    request.needs(Scope.PARTIES_WRITE)
    found = await request.views.administration.party(reader=request.reader, party=party)
    return versioned(party_shape(found.state, found.version), found.version)


@post(
    "/creators/{creator:uuid}/managements",
    MachineCommand,
    "manageCreator",
    "An agency manages a creator",
)
async def manage(request: Call, creator: Id, data: JSONBody[NewManagement]) -> Response[Accepted]:
    """From then on, until then or until further notice."""
    request.needs(Scope.PARTIES_WRITE)
    command = ManageCreator(
        creator=creator, agency=data.agency, starts_at=data.starts_at, ends_at=data.ends_at
    )
    return accepted(await request.submit(command))


@post(
    "/creators/{creator:uuid}/managements/end",
    MachineCommand,
    "endManagement",
    "An agency manages a creator no longer",
)
async def end_management(
    request: Call, creator: Id, data: JSONBody[ManagementEnd]
) -> Response[Accepted]:
    """From then on, or from now on."""
    request.needs(Scope.PARTIES_WRITE)
    command = EndManagement(creator=creator, agency=data.agency, ends_at=data.ends_at)
    return accepted(await request.submit(command))


@put(_PARTY + "/trust", MachineCommand, "tellTrust", "How a consumer is known")
async def trust(request: Call, party: Id, data: JSONBody[Trusting]) -> Response[Accepted]:
    """All that was told before is replaced."""
    request.needs(Scope.PARTIES_WRITE)
    command = TellTrust(party=party, level=data.level, linked=data.linked, remedies=data.remedies)
    return accepted(await request.submit(command))


@put(_PARTY + "/terms", MachineCommand, "tellTerms", "What a merchant agreed to")
async def terms(request: Call, party: Id, data: JSONBody[Terms]) -> Response[Accepted]:
    """Without it nobody makes a merchant pay for goods that the consumer keeps."""
    request.needs(Scope.PARTIES_WRITE)
    command = TellTerms(party=party, refunds_without_return=data.refunds_without_return)
    return accepted(await request.submit(command))


ROUTES = (register, update, return_places, read, trust, terms, manage, end_management)
