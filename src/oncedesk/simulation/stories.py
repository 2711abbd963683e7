"""Which of a day's cases are worth telling: much happened in them, and they are short to read."""

from typing import Any
from uuid import UUID

from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import conversation_ref
from oncedesk.engine.ports import Unreadable
from oncedesk.simulation.playing import Play
from oncedesk.simulation.seeing import Life
from oncedesk.simulation.story import Line, tell
from oncedesk.storage.journal import PostgresJournal

LOOKED_AT = 80
LINES_MAX = 30
_TEXTS = "SELECT id, text FROM message WHERE conversation = $1"
_TELLING = {"gift_missing", "gift_promised", "late_parcel", "price_dropped", "seal_broken"}
_SPECIAL = {"TakenOver", "Referred", "Transferred", "ConsumerAsked", "BreachNoted", "CaseReopened"}


class Story(Record, frozen=True):
    """One case told line by line; `about` is what the consumer came with."""

    about: str
    language: str
    lines: list[Line]


async def best_stories(play: Play, *, languages: tuple[str, ...]) -> list[Story]:
    """The eventful case that says most in little, for each of these languages."""
    reader = PostgresJournal(play.parts[0].pool, play.parts[0].codec)
    stories = []
    for language in languages:
        candidates = [
            one for life in _eventful(play, language) for one in await _candidates(reader, life)
        ]
        if candidates:
            best = max(candidates, key=lambda one: one.interest)
            stories.append(await _told(play, best))
    return stories


class _Candidate(Record, frozen=True):
    """A case with all its events, each with the id of the command it came from."""

    life: Life
    events: list[tuple[UUID, Any]]

    @property
    def interest(self) -> int:
        """Many kinds of things happened, and a person spoke; but not so much that nobody reads."""
        kinds = {type(event).__name__ for _, event in self.events}
        spoke = sum(
            type(event).__name__ == "MessagePosted" and event.author.role is Role.AGENT
            for _, event in self.events
        )
        special = len(kinds & _SPECIAL) + (self.life.plan.topic in _TELLING)
        lines = len(tell(self.events, {}))
        too_long = max(0, lines - LINES_MAX)
        return len(kinds) + 2 * min(spoke, 3) + 3 * special - 2 * too_long


def _eventful(play: Play, language: str) -> list[Life]:
    lives = [
        life
        for life in play.stage.seeing.lives.values()
        if life.plan.language == language and any(case.resolved for case in life.cases.values())
    ]
    lives.sort(key=lambda life: -sum(case.moves for case in life.cases.values()))
    return lives[:LOOKED_AT]


async def _candidates(reader: PostgresJournal, life: Life) -> list[_Candidate]:
    ref = conversation_ref(consumer=life.plan.consumer, conversation=life.conversation)
    events: list[tuple[UUID, Any]] = []
    for entry in (await reader.stream(ref)).entries:
        assert not isinstance(entry.events, Unreadable), entry.events.error
        events += [(entry.command_id, event) for event in entry.events]
    return [
        _Candidate(life, [one for one in events if getattr(one[1], "case", 0) == number])
        for number, case in life.cases.items()
        if case.resolved
    ]


async def _told(play: Play, best: _Candidate) -> Story:
    rows = await play.parts[0].pool.fetch(_TEXTS, best.life.conversation)
    plan = best.life.plan
    lines = tell(best.events, {row[0]: row[1] for row in rows})
    return Story(plan.topic, plan.language, lines)
