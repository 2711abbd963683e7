"""A conversation as it goes on, for whoever looks at it: what is said, and how it stands."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from oncedesk.domain.shared.records import Record
from oncedesk.http.auth.principals import Principal
from oncedesk.http.call import reader_of
from oncedesk.http.live import Event, Seen
from oncedesk.http.problems import Refused, problem
from oncedesk.http.shapes.cases import messages_shape
from oncedesk.storage.views.cases import SeenConversation
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.wiring import Views

MESSAGES_AT_ONCE = 100


class Others(Record, frozen=True):
    """Who else is there, as this side is told of it: the event's name, what it says now, and what
    it says of nobody, which is not told to begin with."""

    name: str
    told: Callable[[SeenConversation, Reader], Any]
    nobody: Any


class ThreadUpdates:
    """What is new in one conversation, from behind a version on; `shape` is how its reader sees it.

    `message` events come in the order of their versions, each once; then, when all are there, one
    `conversation` for how it stands now, and who else is there (`others`). A case that is new in it
    may have messages from before, where somebody has only now become part of it; those are asked
    for.
    """

    def __init__(
        self,
        views: Views,
        *,
        consumer: UUID,
        conversation: UUID,
        after: int,
        shape: Callable[[SeenConversation], Awaitable[Any]],
        others: Others,
    ) -> None:
        self._views = views
        self._others = others
        self._told: Any = others.nobody
        self._consumer = consumer
        self._conversation = conversation
        self._after = after
        self._shape = shape
        self._shown = 0

    async def look(self, principal: Principal) -> Seen:
        """Raises `Refused` for those who are no part of it."""
        reader = reader_of(principal)
        try:
            seen = await self._views.cases.conversation(
                reader=reader, consumer=self._consumer, conversation=self._conversation
            )
        except NotSeen:
            raise Refused(problem("not_found")) from None
        if self._after > seen.version:
            # Of a past that is none any more, as after a restore: what is behind it is not known.
            self._after = 0
        found = await self._views.thread.page(
            reader=reader, seen=seen, after=self._after, limit=MESSAGES_AT_ONCE
        )
        shown = messages_shape(found, reader, after=self._after, limit=MESSAGES_AT_ONCE)
        events = [Event("message", one, one.version) for one in shown.items]
        if len(found) == MESSAGES_AT_ONCE:
            self._after = found[-1].version
            return Seen(events, more=True)
        if seen.version > self._shown:
            events.append(Event("conversation", await self._shape(seen), seen.version))
        self._after = self._shown = seen.version
        there = self._others.told(seen, reader)
        if there != self._told:
            self._told = there
            events.append(Event(self._others.name, there))
        return Seen(events)
