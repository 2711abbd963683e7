"""Before the first consumer comes: parties, desks and agents are set up."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from oncedesk.domain.agents.messages import RegisterAgent, SetSkills
from oncedesk.domain.desks.messages import CloseDesk, OpenDesk
from oncedesk.domain.listings.messages import DescribeListing, Variant
from oncedesk.domain.parties.messages import (
    ForRegions,
    ManageCreator,
    PartyKind,
    RegisterParty,
    SetReturnPlaces,
)
from oncedesk.domain.shared.decider import MARKETPLACE, Command
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.goods import Listing
from oncedesk.simulation.people import Person
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.staffing import join
from oncedesk.simulation.stage import ADMIN, Stage
from oncedesk.simulation.tables import Pair
from oncedesk.simulation.workers import Worker
from oncedesk.simulation.world import MARKET


def open_market(stage: Stage, dice: Dice) -> None:
    """Register everybody, and open the desks; commands on one state keep their order."""
    for one in _registrations(stage):
        stage.sender.send(one.command, actor=ADMIN, dice=dice, text=one.text)


def let_work(stage: Stage, dice: Dice) -> None:
    """Once everybody is known: who manages whom, and who works where."""
    since = stage.clock() - timedelta(days=30)
    for creator in stage.world.creators:
        if creator.agency is not None:
            manage = ManageCreator(creator=creator.id, agency=creator.agency, starts_at=since)
            stage.sender.send(manage, actor=ADMIN, dice=dice)
    for merchant in stage.world.merchants[:-1]:
        # The last one has told nobody where its goods should go back to.
        places = SetReturnPlaces(party=merchant.id, places=(ForRegions(_place_of(merchant.id)),))
        stage.sender.send(places, actor=ADMIN, dice=dice)
    for merchant in stage.world.merchants:
        for listing in merchant.listings:
            stage.sender.send(_described(listing), actor=MARKETPLACE, dice=dice)
    for worker in stage.world.workers:
        skills = SetSkills(agent=worker.id, skills=worker.skills, languages=worker.languages)
        stage.sender.send(skills, actor=ADMIN, dice=dice)
        for desk in worker.desks:
            stage.sender.send(join(worker, desk, since), actor=ADMIN, dice=dice)


def close_a_desk(stage: Stage, dice: Dice, *, after: timedelta) -> None:
    """One shop gives up its desk in the middle of it all."""
    closing = stage.world.merchants[-1]

    def close() -> None:
        stage.sender.send(CloseDesk(desk=closing.desk), actor=ADMIN, dice=dice)

    stage.at(stage.clock() + after, close)


def introduce(stage: Stage, plan: Plan) -> None:
    """The marketplace tells us of a consumer whom we do not know yet."""
    text = plan.person.to_text()
    seal = stage.sayings.seal(text)
    command = RegisterParty(
        party=plan.consumer,
        kind=PartyKind.CONSUMER,
        market=MARKET,
        language=plan.language,
        digest=seal.digest,
        length=seal.length,
    )
    stage.sender.send(command, actor=MARKETPLACE, dice=plan.dice, text=text)


class _Step(Record, frozen=True):
    command: Command
    text: str | None = None


def _registrations(stage: Stage) -> Iterator[_Step]:
    world = stage.world
    for desk in world.desks():
        yield _Step(OpenDesk(desk=desk, market=MARKET, languages=("zh", "en")))
    for merchant in world.merchants:
        yield _party(stage, merchant.id, PartyKind.MERCHANT, merchant.name)
        yield _return_place(stage, merchant.id, merchant.name)
    for agency in world.agencies:
        yield _party(stage, agency.id, PartyKind.AGENCY, agency.name)
    for carrier in world.carriers:
        yield _party(stage, carrier.id, PartyKind.CARRIER, carrier.name)
    for creator in world.creators:
        yield _party(stage, creator.id, PartyKind.CREATOR, creator.name)
    for worker in world.workers:
        yield _agent(stage, worker)


def _party(stage: Stage, party: UUID, kind: PartyKind, name: Pair) -> _Step:
    text = _named(name).to_text()
    seal = stage.sayings.seal(text)
    command = RegisterParty(
        party=party, kind=kind, market=MARKET, digest=seal.digest, length=seal.length
    )
    return _Step(command, text)


def _described(listing: Listing) -> DescribeListing:
    return DescribeListing(
        merchant=listing.merchant,
        listing=listing.id,
        currency="CNY",
        variants=tuple(Variant(one.id, one.price_minor) for one in listing.variants),
        category=listing.category.code,
        title=listing.title.zh,
    )


def _return_place(stage: Stage, merchant: UUID, name: Pair) -> _Step:
    text = _named(name).to_text()
    seal = stage.sayings.seal(text)
    command = RegisterParty(
        party=_place_of(merchant),
        kind=PartyKind.PLACE,
        market=MARKET,
        owner=merchant,
        digest=seal.digest,
        length=seal.length,
    )
    return _Step(command, text)


def _place_of(merchant: UUID) -> UUID:
    return derived_id("simulated place", merchant)


def _agent(stage: Stage, worker: Worker) -> _Step:
    text = _named(worker.name).to_text()
    seal = stage.sayings.seal(text)
    command = RegisterAgent(
        agent=worker.id, capacity=worker.capacity, digest=seal.digest, length=seal.length
    )
    return _Step(command, text)


def _named(name: Pair) -> Person:
    return Person(f"{name.zh} ({name.en})")
