"""Who may come into the demo: log-ins of agents, a key for the marketplace, a consumer's token.

The passwords and the key are new each time, shown once, and good for nothing when the demo is over.
"""

import secrets
from collections.abc import Callable, Iterable
from uuid import UUID, uuid4

from oncedesk.cli.demo_link import forget_links, help_links
from oncedesk.domain.agents.messages import DeskRole, JoinDesk, RegisterAgent, SetSkills
from oncedesk.domain.shared.decider import SYSTEM, Command
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.http.auth.api_keys import make_key
from oncedesk.http.auth.passwords import Passwords
from oncedesk.http.auth.principals import Kind, Scope
from oncedesk.http.auth.sessions import AGENT_IDLE, SessionDoor, SessionKind
from oncedesk.simulation.people import Person
from oncedesk.simulation.playing import Play
from oncedesk.simulation.seeing import Life
from oncedesk.simulation.tables import Pair
from oncedesk.simulation.workers import Worker
from oncedesk.simulation.world import MARKET, World
from oncedesk.storage.access.logins import Login
from oncedesk.wiring import Parts

BY = "demo"


class DemoLogin(Record, frozen=True):
    """A way in: as whom, and where they work."""

    name: str
    about: Pair
    agent: UUID


class Doors(Record, frozen=True):
    """What a visitor needs. `consumer` is somebody with an open case; `token` lets one in, and so
    does each `help_link` that is made, once."""

    logins: tuple[DemoLogin, ...]
    password: str
    key: str
    key_id: str
    consumer: str
    token: str
    help_link: Callable[[], str]


async def open_doors(parts: Parts, play: Play, *, audience: str) -> Doors:
    """Make them all; the agents are those of the play, and two who have done nothing yet.

    `audience` is what a consumer's token has to name.
    """
    world, now = play.stage.world, parts.engine.clock()
    password = secrets.token_urlsafe(9)
    logins = (*_played(world), *await _registered(parts, world))
    hashed = await Passwords().hashed(password)
    for login in logins:
        kind = Kind.ADMIN if login.name == "admin" else Kind.AGENT
        added = await parts.access.logins.add(
            Login(
                name=login.name,
                agent=login.agent,
                role=kind.value,
                password=hashed,
                created_at=now,
                created_by=BY,
            )
        )
        assert added, login
    made = make_key(name="demo marketplace", scopes=list(Scope), by=BY, now=now)
    await parts.access.keys.add(made.key)
    life = _open_life(play)
    begun = await _door(parts).begin(
        SessionKind.CONSUMER, life.plan.consumer, market=MARKET, language=life.plan.language
    )
    link = await help_links(
        parts,
        consumer=life.plan.consumer,
        market=MARKET,
        language=life.plan.language,
        audience=audience,
        by=BY,
    )
    name = life.plan.person.name
    return Doors(logins, password, made.token, made.key.id, name, begun.token, link)


async def close_doors(parts: Parts, doors: Doors) -> None:
    """Nobody comes in by them any more, should the database be kept."""
    now = parts.engine.clock()
    for login in doors.logins:
        await parts.access.logins.disable(login.name, by=BY, at=now)
        await parts.access.sessions.end_all(login.agent, at=now)
    await parts.access.keys.revoke(doors.key_id, by=BY, at=now)
    await forget_links(parts, by=BY)


async def who_is_here(parts: Parts) -> set[UUID]:
    """The agents and consumers as whom people are logged in."""
    now = parts.engine.clock()
    return await parts.access.sessions.present(now=now, seen_since=now - AGENT_IDLE)


def _played(world: World) -> tuple[DemoLogin, ...]:
    """An agent of each kind of desk: who has no shifts planned can work at any time."""
    shop, creator = world.merchants[0], world.creators[0]
    return (
        DemoLogin("platform", Pair("平台", "the platform"), _agent_of(world.workers, PLATFORM)),
        DemoLogin("merchant", shop.name, _agent_of(world.workers, shop.desk)),
        DemoLogin("creator", creator.name, _agent_of(world.workers, creator.desk)),
    )


def _agent_of(workers: Iterable[Worker], desk: Desk) -> UUID:
    members = [one for one in workers if desk in one.desks]
    best = max(members, key=lambda one: (one.desks[0] == desk, not one.planned, len(one.skills)))
    return best.id


async def _registered(parts: Parts, world: World) -> tuple[DemoLogin, ...]:
    """A supervisor of the platform's desk, and somebody who runs the system."""
    supervisor, admin, now = uuid4(), uuid4(), parts.engine.clock()
    skills = tuple(sorted({skill for one in world.workers for skill in one.skills}))
    steps: list[tuple[Command, str | None]] = [
        _registration(parts, supervisor, "主管 (Supervisor)"),
        (SetSkills(agent=supervisor, skills=skills, languages=("en", "zh")), None),
        (JoinDesk(agent=supervisor, desk=PLATFORM, role=DeskRole.SUPERVISOR, starts_at=now), None),
        _registration(parts, admin, "管理员 (Admin)"),
    ]
    for number, (command, text) in enumerate(steps):
        answer = await parts.engine.submit(
            command, principal=BY, key=f"door/{number}/{now.isoformat()}", actor=SYSTEM, text=text
        )
        assert answer.accepted, answer
    return (
        DemoLogin("supervisor", Pair("平台主管", "the platform's supervisor"), supervisor),
        DemoLogin("admin", Pair("系统管理员", "runs the system"), admin),
    )


def _registration(parts: Parts, agent: UUID, name: str) -> tuple[Command, str]:
    text = Person(name).to_text()
    seal = parts.engine.entry.seal(text)
    return RegisterAgent(agent=agent, digest=seal.digest, length=seal.length), text


def _open_life(play: Play) -> Life:
    """Whose story is under way; the longest, so that there is something to read."""
    lives = play.stage.seeing.lives.values()
    return max(
        lives, key=lambda life: sum(5 * one.is_open + one.moves for one in life.cases.values())
    )


def _door(parts: Parts) -> SessionDoor:
    access = parts.access
    return SessionDoor(
        sessions=access.sessions, logins=access.logins, store=parts.store, clock=parts.engine.clock
    )
