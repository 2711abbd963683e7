"""A consumer's conversations, and what stands between the messages of one, for all who may look."""

from uuid import UUID

from oncedesk.domain.shared.decider import Role
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.shapes.cases import ConversationShape, conversation_shape
from oncedesk.http.shapes.entries import EntriesShape, entries_shape
from oncedesk.storage.views.cases import ByTime


async def conversations_of(
    request: Call, *, consumer: UUID, cursor: str | None, limit: int
) -> Page[ConversationShape]:
    """The last changed first. Raises `NotSeen`."""
    found = await request.views.cases.of_consumer(
        reader=request.reader,
        consumer=consumer,
        after=request.position(ByTime, cursor),
        limit=limit,
    )
    last = None
    if found and found[-1].at is not None:
        last = ByTime(found[-1].at, found[-1].ref.id)
    return request.page([conversation_shape(one) for one in found], limit, last)


async def read_entries(
    request: Call, *, consumer: UUID, conversation: UUID, after: int, limit: int
) -> EntriesShape:
    """From behind a version on, at most so many versions. Raises `NotSeen`."""
    reader = request.reader
    seen = await request.views.cases.conversation(
        reader=reader, consumer=consumer, conversation=conversation
    )
    chapter = await request.views.story.of_thread(seen=seen, after=after, limit=limit)
    in_person = reader.actor.role is Role.CONSUMER
    names = await request.views.public_names.in_chapter(chapter)
    return entries_shape(chapter, after=after, in_person=in_person, names=names)
