"""Before the first consumer comes: parties, desks and agents are set up."""

from collections.abc import Iterator
from datetime import timedelta

from oncedesk.domain.agents.messages import (
    RegisterAgent,
    SetSkills,
)
from oncedesk.domain.desks.messages import CloseDesk, OpenDesk
from oncedesk.domain.parties.messages import ManageCreator, PartyKind, RegisterParty
from oncedesk.domain.shared.decider import Command
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.staffing import join
from oncedesk.simulation.stage import ADMIN, Stage
from oncedesk.simulation.world import MARKET


def open_market(stage: Stage, dice: Dice) -> None:
    """Send all that sets the marketplace up; commands on one state keep their order."""
    for command in _commands(stage):
        stage.sender.send(command, actor=ADMIN, dice=dice)
    closing = stage.world.merchants[-1]

    def close() -> None:
        stage.sender.send(CloseDesk(desk=closing.desk), actor=ADMIN, dice=dice)

    stage.at(stage.clock() + timedelta(days=2), close)


def _commands(stage: Stage) -> Iterator[Command]:
    world = stage.world
    since = stage.clock() - timedelta(days=30)
    for desk in world.desks():
        yield OpenDesk(desk=desk, market=MARKET, languages=("zh", "en"))
    for merchant in world.merchants:
        yield RegisterParty(party=merchant.id, kind=PartyKind.MERCHANT, market=MARKET)
    for agency in world.agencies:
        yield RegisterParty(party=agency, kind=PartyKind.AGENCY, market=MARKET)
    for creator in world.creators:
        yield RegisterParty(party=creator.id, kind=PartyKind.CREATOR, market=MARKET)
        if creator.agency is not None:
            yield ManageCreator(creator=creator.id, agency=creator.agency, starts_at=since)
    for worker in world.workers:
        yield RegisterAgent(agent=worker.id, capacity=worker.capacity)
        yield SetSkills(agent=worker.id, skills=worker.skills, languages=worker.languages)
        for desk in worker.desks:
            yield join(worker.id, desk, since)
