"""The whole installation at one glance: how each desk stands, and what has just happened.

For operators. Every statement reads a bounded number of rows, so a desk is only looked at if it is
among the busiest as the desk watch last recorded them, and what is counted stops at a bound.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from oncedesk.domain.conversations.messages import CaseStatus
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, Kind
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.views.inbox import OTHER_SKILL, REFERRAL_SKILL, queue_places
from oncedesk.storage.views.seats import Seat, first_seats
from oncedesk.storage.views.standing import counted, standings
from oncedesk.storage.writing import actor_of

COUNTED_MAX = 1_000
"""Desks are looked at up to this many."""
AGENTS_MAX = 5_000
DESKS_SHOWN = 40
_HAPPENINGS_MAX = 200
_BLOCKS_READ = (64, 512)
"""Of the journal's end; further only where that is still empty, as after it was made longer."""

_DESKS = "SELECT body FROM state WHERE kind = 'desk' ORDER BY bucket, id LIMIT $1"
# The journal only grows, so what is new stands at its end; there is no index by time. The end is a
# value of its own statement: only then PostgreSQL begins to read there.
_BLOCKS = "SELECT pg_relation_size('journal') / current_setting('block_size')::bigint"
_HAPPENINGS = """
SELECT j.at, j.kind, j.actor, j.stream, j.version, j.events FROM journal j
WHERE j.ctid >= $1::text::tid ORDER BY j.at DESC, j.version DESC LIMIT $2
"""
_RECORDED = """
SELECT coalesce(sum(n_tup_ins), 0)::bigint FROM pg_stat_user_tables WHERE relname = 'journal'
"""


class NotAnOperator(PermissionError):
    """Only an admin and the system itself see all desks."""


class DeskStanding(Record, frozen=True, kw_only=True):
    """One desk: its open cases that are the desk's to work on, and who is there.

    `overdue` are deadlines that have passed and were not acted upon yet; `at_risk` are those that
    pass soon. `capped` says that there is more than was counted. An agent of several desks
    counts at each.
    """

    desk: Desk
    market: str
    staffed: bool
    surge: bool
    waiting: int = 0
    assigned: int = 0
    oldest: datetime | None = None
    overdue: int = 0
    at_risk: int = 0
    capped: bool = False
    agents: int = 0
    on_duty: int = 0
    load: int = 0
    room: int = 0


class Happening(Record, frozen=True, kw_only=True):
    """An accepted command: its events, who gave it by role, and on which state."""

    at: datetime
    kind: Kind
    role: Role
    state: str
    version: int
    events: tuple[Any, ...]


class Overview(Record, frozen=True, kw_only=True):
    """One moment. `known` desks were counted up to a bound; those in `desks` were looked at.

    `agents_capped`: there are more agents than were counted. `recorded` is how many commands the
    database has ever recorded, by its own statistics.
    """

    at: datetime
    desks: tuple[DeskStanding, ...]
    known: int
    agents_capped: bool
    happenings: tuple[Happening, ...]
    recorded: int


async def overview(
    pool: Pool,
    codec: Codec,
    *,
    actor: Actor,
    skills: Iterable[str],
    now: datetime,
    soon: timedelta,
) -> Overview:
    """How everything stands. `skills` are those that queues exist for. Raises `NotAnOperator`."""
    if actor.role not in (Role.ADMIN, Role.SYSTEM):
        raise NotAnOperator
    async with connected(pool) as connection:
        return await _overview(connection, codec, skills, now, soon)


async def _overview(
    connection: Any, codec: Codec, skills: Iterable[str], now: datetime, soon: timedelta
) -> Overview:
    desks = [
        state
        for (body,) in await connection.fetch(_DESKS, COUNTED_MAX + 1)
        if isinstance(state := codec.state(Kind.DESK, body), DeskState)
    ]
    seats = await first_seats(connection, limit=AGENTS_MAX)
    chosen = _busiest(desks)
    queues = sorted({*skills, REFERRAL_SKILL, OTHER_SKILL})
    standing = await _queues(connection, chosen, queues, now=now, soon=soon)
    happenings = await _newest(connection)
    return Overview(
        at=now,
        desks=tuple(_with_agents(standing, seats, now)),
        agents_capped=len(seats) >= AGENTS_MAX,
        known=len(desks),
        happenings=tuple(_happening(row, codec) for row in happenings),
        recorded=await connection.fetchval(_RECORDED),
    )


def _busiest(desks: Sequence[DeskState]) -> Sequence[DeskState]:
    """The platform's, then by the wait that was last recorded; those with agents first."""
    ordered = sorted(
        desks,
        key=lambda one: (
            one.desk != PLATFORM,
            not one.surge,
            -one.oldest_wait_seconds,
            not one.staffed,
            one.desk,
        ),
    )
    return ordered[:DESKS_SHOWN]


async def _queues(
    connection: Any,
    desks: Sequence[DeskState],
    skills: Sequence[str],
    *,
    now: datetime,
    soon: timedelta,
) -> Sequence[DeskStanding]:
    wanted = [
        one
        for number, desk in enumerate(desks)
        for skill in skills
        for one in counted(queue_places(desk.desk, skill), group=number)
    ]
    found = [
        DeskStanding(desk=one.desk, market=one.market, staffed=one.staffed, surge=one.surge)
        for one in desks
    ]
    for one in await standings(connection, wanted, now=now, soon=now + soon):
        before = found[one.group]
        queued = one.status == CaseStatus.QUEUED
        found[one.group] = msgspec.structs.replace(
            before,
            waiting=before.waiting + (one.cases if queued else 0),
            assigned=before.assigned + (0 if queued else one.cases),
            oldest=one.oldest if queued else before.oldest,
            overdue=before.overdue + one.overdue,
            at_risk=before.at_risk + one.at_risk,
            capped=before.capped or one.capped,
        )
    return found


async def _newest(connection: Any) -> Sequence[Any]:
    end = await connection.fetchval(_BLOCKS)
    found: Sequence[Any] = ()
    for blocks in _BLOCKS_READ:
        first = f"({max(end - blocks, 0)},0)"
        found = await connection.fetch(_HAPPENINGS, first, _HAPPENINGS_MAX)
        if found:
            break
    return found


def _with_agents(
    standings: Sequence[DeskStanding], seats: Sequence[Seat], now: datetime
) -> Sequence[DeskStanding]:
    at: dict[Desk, list[Seat]] = {one.desk: [] for one in standings}
    for seat in seats:
        for desk in {one.desk for one in seat.memberships if one.covers(now)} & at.keys():
            at[desk].append(seat)
    return [
        msgspec.structs.replace(
            one,
            agents=len(at[one.desk]),
            on_duty=sum(seat.on_duty for seat in at[one.desk]),
            load=sum(seat.load for seat in at[one.desk]),
            room=sum(seat.room for seat in at[one.desk]),
        )
        for one in standings
    ]


def _happening(row: Any, codec: Codec) -> Happening:
    at, kind, actor, stream, version, events = row
    try:
        read = codec.events(Kind(kind), events)
    except (msgspec.DecodeError, UnicodeDecodeError):
        read = ()
    return Happening(
        at=at,
        kind=Kind(kind),
        role=actor_of(actor).role,
        state=str(stream)[:8],
        version=version,
        events=read,
    )
