"""What dispatch reads: free agents, and the heads of the queues they can serve."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.shared.refs import Desk
from oncedesk.engine.dispatch import Served
from oncedesk.engine.matching import FreeAgent, Waiting
from oncedesk.engine.watching import DeskStaff
from oncedesk.storage.database import Pool, engine_errors
from oncedesk.storage.views import inbox, seats

_DESK = msgspec.msgpack.Decoder(DeskState)


class PostgresDispatchView:
    """Implements `engine.dispatch.DispatchView` and `engine.watching.WatchView`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def free_agents(self, *, now: datetime) -> Sequence[FreeAgent]:
        async with engine_errors(), self._pool.acquire() as connection:
            found = await seats.free_seats(connection)
        return [
            FreeAgent(
                agent=seat.agent,
                desks=tuple(dict.fromkeys(one.desk for one in seat.memberships if one.covers(now))),
                skills=seat.skills,
                languages=seat.languages,
                room=seat.room,
                load=seat.load,
            )
            for seat in found
        ]

    async def heads(
        self, queues: Iterable[Served], *, patient_since: datetime
    ) -> Sequence[Waiting]:
        places = [
            (place, one)
            for one in queues
            for place in inbox.queue_places(one.queue.desk, one.queue.skill)
        ]
        async with engine_errors(), self._pool.acquire() as connection:
            return await inbox.heads(connection, places, patient_since=patient_since)

    async def staff(self, *, now: datetime) -> Sequence[DeskStaff]:
        async with engine_errors(), self._pool.acquire() as connection:
            seats_now = await seats.all_seats(connection)
        on_duty: dict[Desk, bool] = {}
        from_at: dict[Desk, datetime] = {}
        skills: dict[Desk, set[str]] = {}
        for seat in seats_now:
            for desk in {one.desk for one in seat.memberships if one.covers(now)}:
                on_duty[desk] = on_duty.get(desk, False) or seat.on_duty
                skills.setdefault(desk, set()).update(seat.skills)
            if (at := seat.back_at) is None:
                continue
            # Also at a desk that they join by then.
            for desk in {one.desk for one in seat.memberships if one.covers(at)}:
                on_duty.setdefault(desk, False)
                from_at[desk] = min(from_at.get(desk, at), at)
        return [
            DeskStaff(
                desk=desk,
                on_duty=on_duty[desk],
                from_at=from_at.get(desk),
                skills=tuple(sorted(skills.get(desk, ()))),
            )
            for desk in sorted(on_duty)
        ]

    async def staffed_desks(self) -> Sequence[Desk]:
        async with engine_errors(), self._pool.acquire() as connection:
            bodies = await connection.fetch("SELECT body FROM state WHERE kind = 'desk'")
        states = [_DESK.decode(row[0]) for row in bodies]
        return [one.desk for one in states if one.staffed or one.staffed_from is not None]
