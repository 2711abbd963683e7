"""A story as it is read: what was done, by whom, and on which rule of which source it rests."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from oncedesk.domain.shared.allowing import PEOPLE
from oncedesk.http.call import Call
from oncedesk.http.shapes.cases import AgentNamed, CitedRule, StoryShape, told_shape
from oncedesk.http.shapes.rules import origin_shape
from oncedesk.rules.tabulating import origin_of
from oncedesk.storage.views.story import Chapter, Told


async def story_shape(request: Call, chapter: Chapter) -> StoryShape:
    """The chapter, with the names and sources that it takes to be understood."""
    names = await request.views.names.of(_agents(chapter.told), reader=request.reader)
    return StoryShape(
        items=tuple(told_shape(one) for one in chapter.told),
        upto=chapter.upto,
        agents=tuple(AgentNamed(id=agent, name=name) for agent, name in sorted(names.items())),
        rules=tuple(_cited(request, chapter.told)),
    )


def _agents(told: Sequence[Told]) -> set[UUID]:
    """Those who did something, and those to whom a case was given."""
    doing = {one.actor.id for one in told if one.actor.role in PEOPLE and one.actor.id}
    given = {getattr(event, "agent", None) for one in told for event in one.events}
    return doing | {agent for agent in given if isinstance(agent, UUID)}


def _cited(request: Call, told: Sequence[Told]) -> Iterator[CitedRule]:
    """Each rule that is named, as a pack has it in which it stands; one without a row is the
    program's own."""
    packs = request.packs.packs.values()
    for rule in sorted({rule for one in told for rule in one.basis}):
        market, _, rest = rule.partition("/")
        table, _, key = rest.rpartition("@")[0].partition("/")
        rows = (rows for pack in packs if pack.market == market if (rows := origin_of(pack, rule)))
        origins = [origin for _, origin in next(rows, ())]
        origin = origin_shape(origins[0]) if origins else None
        yield CitedRule(rule=rule, table=table, key=key, origin=origin)
