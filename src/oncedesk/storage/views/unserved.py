"""Queues in which cases wait for a skill that nobody at the desk has: dispatch serves none of them.

For operators. Each queue is asked for one case by its index, so none is ever read whole.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from oncedesk.domain.conversations.messages import CaseStatus
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.storage.packs import SET
from oncedesk.storage.views.inbox import OTHER_SKILL, queue_places
from oncedesk.storage.views.seats import all_seats

DESKS_MAX = 1_000
"""The platform's, and of those that have agents the first by name."""

_SKILLS = """
SELECT DISTINCT jsonb_array_elements_text(convert_from(body, 'UTF8')::jsonb -> 'skills')
FROM pack WHERE market <> $1
"""
_WAITING = """
SELECT DISTINCT k.n FROM unnest($1::smallint[], $2::uuid[], $3::int[]) k(b, q, n)
CROSS JOIN LATERAL (
    SELECT 1 FROM inbox i WHERE i.bucket = k.b AND i.queue = k.q AND i.status = $4 LIMIT 1
) one
ORDER BY k.n
"""


class Unserved(Record, frozen=True):
    """A desk's queue for whose cases nobody has the skill, be they there or away."""

    desk: Desk
    skill: str


async def unserved_queues(connection: Any, *, now: datetime) -> Sequence[Unserved]:
    """By desk and skill. A desk without any agent counts as unstaffed and is not named, but for
    the platform's, to which everything goes in the end."""
    able: dict[Desk, set[str]] = {PLATFORM: set()}
    for seat in await all_seats(connection):
        for desk in {one.desk for one in seat.memberships if one.covers(now)}:
            able.setdefault(desk, set()).update(seat.skills)
    skills = sorted({OTHER_SKILL, *(row[0] for row in await connection.fetch(_SKILLS, SET))})
    desks = sorted(able, key=lambda desk: (desk != PLATFORM, desk))[:DESKS_MAX]
    asked = [Unserved(desk, one) for desk in desks for one in skills if one not in able[desk]]
    places = [
        (place, number)
        for number, one in enumerate(asked)
        for place in queue_places(one.desk, one.skill)
    ]
    rows = await connection.fetch(
        _WAITING,
        [place.bucket for place, _ in places],
        [place.id for place, _ in places],
        [number for _, number in places],
        CaseStatus.QUEUED.value,
    )
    return [asked[number] for (number,) in rows]
