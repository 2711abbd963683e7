"""Who can work: one row an agent with room, skills and desks, so that dispatch reads no states."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.agents.messages import Presence
from oncedesk.domain.agents.state import AgentState, Membership
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, Kind
from oncedesk.storage.rows import ByKind, Rows, insert, transpose

_UPSERT = insert(
    "seat",
    "bucket agent room body",
    "smallint uuid smallint bytea",
    conflict="ON CONFLICT (bucket, agent) DO UPDATE SET room = excluded.room, body = excluded.body",
)

_FREE = "SELECT body FROM seat WHERE room > 0"
_FIRST = "SELECT body FROM seat ORDER BY bucket, agent LIMIT $1"
_ALL = "SELECT body FROM seat"


class Seat(Record, frozen=True, array_like=True):
    """What dispatch needs to know of an agent. `room` is 0 for one who takes no work now, `on_duty`
    whether new work may come to them: who ends their shift finishes only what they have, and to
    whom no case is given at all, none comes.
    """

    agent: UUID
    room: int
    load: int
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    memberships: tuple[Membership, ...]
    on_duty: bool = False
    back_at: datetime | None = None

    def is_member(self, desk: Desk, at: datetime) -> bool:
        return any(one.desk == desk and one.covers(at) for one in self.memberships)


encoded = msgspec.msgpack.Encoder(uuid_format="bytes").encode
# Most seats are as they were a moment ago.
_decode = lru_cache(maxsize=65_536)(msgspec.msgpack.Decoder(Seat).decode)


def seat_of(state: AgentState) -> Seat:
    takes_any = state.capacity > 0
    return Seat(
        agent=state.agent,
        room=state.room if state.takes_work else 0,
        load=state.load,
        skills=state.skills,
        languages=state.languages,
        memberships=state.memberships,
        on_duty=takes_any and state.presence in (Presence.AVAILABLE, Presence.WRAP_UP),
        back_at=state.back_at if takes_any else None,
    )


def rows(winners: ByKind) -> Sequence[Rows | None]:
    """One row for each agent whose seat changed."""
    changed = []
    for write in winners[Kind.AGENT]:
        seat = seat_of(write.after)
        if write.before.state is None or seat_of(write.before.state) != seat:
            changed.append((write.ref.bucket, seat.agent, seat.room, encoded(seat)))
    return (transpose(changed, _UPSERT),)


async def free_seats(connection: Any) -> Sequence[Seat]:
    """Agents of all desks who can take work now. For dispatch only, which is the system itself."""
    return [_decode(row[0]) for row in await connection.fetch(_FREE)]


async def first_seats(connection: Any, *, limit: int) -> Sequence[Seat]:
    """Agents, up to so many. For operators and the system only."""
    return [_decode(row[0]) for row in await connection.fetch(_FIRST, limit)]


async def all_seats(connection: Any) -> Sequence[Seat]:
    """Every agent there is. For the watch over the desks, which is the system itself, and the
    roster, which shows each desk its own."""
    return [_decode(row[0]) for row in await connection.fetch(_ALL)]
