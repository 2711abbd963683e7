"""What stands between a conversation's messages, for both who may look at it."""

from uuid import UUID

from oncedesk.domain.shared.decider import Role
from oncedesk.http.call import Call
from oncedesk.http.shapes.entries import EntriesShape, entries_shape


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
