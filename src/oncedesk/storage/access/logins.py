"""How agents log in: a name, a role, and a password's hash or who they are elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from oncedesk.domain.agents.messages import AgentDataErased
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import agent_ref
from oncedesk.engine.codec import Codec
from oncedesk.storage.access.sessions import end_sessions
from oncedesk.storage.database import Pool, connected

_COLUMNS = "name, agent, role, password, subject, created_at, created_by, disabled_at, disabled_by"
_DISABLE = """
UPDATE login SET disabled_at = $2, disabled_by = $3 WHERE name = $1 AND disabled_at IS NULL
"""
# Of whom nobody ever registered there is nothing.
_WAS_ERASED = """
SELECT bool_or(position($3::bytea IN events) > 0) FROM journal WHERE bucket = $1 AND stream = $2
"""
# Erasing an agent writes this row first, and deletes their log-in in the same transaction.
_UNERASED = "SELECT FROM state WHERE bucket = $1 AND id = $2 FOR SHARE"


class Login(Record, frozen=True, kw_only=True):
    """One agent's way in. `role` is `agent` or `admin`; `password` is what argon2 made of it.

    `subject` is `issuer subject` of the identity provider.
    """

    name: str
    agent: UUID
    role: str
    created_at: datetime
    created_by: str
    password: str | None = None
    subject: str | None = None
    disabled_at: datetime | None = None
    disabled_by: str | None = None

    def __repr__(self) -> str:
        return f"Login({self.name!r}, {self.agent}, {self.role!r})"


def folded(name: str) -> str:
    """A log-in's name as it is kept: without regard to case and to blanks around it."""
    return name.strip().casefold()


class Logins:
    """The rows of agents' log-ins."""

    def __init__(self, pool: Pool, codec: Codec) -> None:
        self._pool = pool
        self._erased = codec.tag(AgentDataErased)

    async def why_none(self, agent: UUID) -> str:
        """Why this agent gets no log-in: `agent_unknown`, or `party_erased`, as a name to log in by
        would say again whose work it was. Nothing where they may have one."""
        ref = agent_ref(agent)
        async with connected(self._pool) as connection:
            erased = await connection.fetchval(_WAS_ERASED, ref.bucket, ref.id, self._erased)
        return "agent_unknown" if erased is None else "party_erased" if erased else ""

    async def add(self, login: Login) -> bool:
        """False where the name, the agent or the subject has a log-in already, or the agent was
        erased meanwhile: that comes wholly before it, or deletes it."""
        ref = agent_ref(login.agent)
        async with connected(self._pool) as connection, connection.transaction():
            await connection.execute(_UNERASED, ref.bucket, ref.id)
            if await connection.fetchval(_WAS_ERASED, ref.bucket, ref.id, self._erased):
                return False
            done = await connection.execute(
                "INSERT INTO login (name, agent, role, password, subject, created_at, created_by) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                login.name,
                login.agent,
                login.role,
                login.password,
                login.subject,
                login.created_at,
                login.created_by,
            )
        return bool(done == "INSERT 0 1")

    async def find(self, name: str) -> Login | None:
        return await self._one("name = $1", name)

    async def stands(self, login: Login) -> bool:
        """Whether it is still this. Whoever changes it at the moment is waited for, or waits: what
        they end with it is what there was before."""
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(
                f"SELECT {_COLUMNS} FROM login WHERE name = $1 FOR SHARE",  # noqa: S608 - one of ours
                login.name,
            )
        return row is not None and Login(**row) == login

    async def of_agent(self, agent: UUID) -> Login | None:
        return await self._one("agent = $1", agent)

    async def of_subject(self, subject: str) -> Login | None:
        return await self._one("subject = $1", subject)

    async def page(self, *, after: str, limit: int) -> Sequence[Login]:
        """In the order of their names, from behind this one on."""
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                f"SELECT {_COLUMNS} FROM login WHERE name > $1 ORDER BY name LIMIT $2",  # noqa: S608
                after,
                limit,
            )
        return [Login(**row) for row in rows]

    async def set_password(self, name: str, *, password: str) -> bool:
        async with connected(self._pool) as connection:
            done = await connection.execute(
                "UPDATE login SET password = $2 WHERE name = $1", name, password
            )
        return bool(done == "UPDATE 1")

    async def replace_password(
        self, login: Login, *, password: str, at: datetime, but: bytes
    ) -> bool:
        """Whether it was still the password of this log-in that was replaced; with it end all its
        sessions, except the one with this hash."""
        async with connected(self._pool) as connection, connection.transaction():
            done = await connection.execute(
                "UPDATE login SET password = $3 WHERE name = $1 AND password = $2",
                login.name,
                login.password,
                password,
            )
            if done != "UPDATE 1":
                return False
            await end_sessions(connection, login.agent, at=at, but=but)
        return True

    async def disable(self, name: str, *, by: str, at: datetime) -> bool:
        """Whether there was one to disable."""
        async with connected(self._pool) as connection:
            done = await connection.execute(_DISABLE, name, at, by)
        return bool(done == "UPDATE 1")

    async def disable_but_last_admin(self, name: str, *, by: str, at: datetime) -> bool:
        """False where nobody could administer any more; else it is disabled now, if there is one.

        Two admins who disable each other at once come one after the other.
        """
        async with connected(self._pool) as connection, connection.transaction():
            if await _is_last_admin(connection, name):
                return False
            await connection.execute(_DISABLE, name, at, by)
        return True

    async def set_role_but_last_admin(self, login: Login, *, role: str, at: datetime) -> bool:
        """False where nobody could administer any more; else this is the role now, if there is
        such a log-in, and all its sessions have ended."""
        async with connected(self._pool) as connection, connection.transaction():
            if role != "admin" and await _is_last_admin(connection, login.name):
                return False
            await connection.execute("UPDATE login SET role = $2 WHERE name = $1", login.name, role)
            await end_sessions(connection, login.agent, at=at)
        return True

    async def set_subject(self, login: Login, *, subject: str | None, at: datetime) -> bool:
        """False where the subject has another log-in; else it is this one's, if there is such, and
        all its sessions have ended."""
        async with connected(self._pool) as connection:
            try:
                async with connection.transaction():
                    await connection.execute(
                        "UPDATE login SET subject = $2 WHERE name = $1", login.name, subject
                    )
                    await end_sessions(connection, login.agent, at=at)
            except asyncpg.UniqueViolationError:
                return False
        return True

    async def enable(self, name: str) -> bool:
        async with connected(self._pool) as connection:
            done = await connection.execute(
                "UPDATE login SET disabled_at = NULL, disabled_by = NULL "
                "WHERE name = $1 AND disabled_at IS NOT NULL",
                name,
            )
        return bool(done == "UPDATE 1")

    async def _one(self, condition: str, value: str | UUID) -> Login | None:
        async with connected(self._pool) as connection:
            row = await connection.fetchrow(
                f"SELECT {_COLUMNS} FROM login WHERE {condition}",  # noqa: S608 - one of ours
                value,
            )
        return None if row is None else Login(**row)


async def _is_last_admin(connection: Any, name: str) -> bool:
    """Whether nobody else can administer; until the transaction ends that does not change."""
    admins = await connection.fetch(
        "SELECT name FROM login WHERE role = 'admin' AND disabled_at IS NULL "
        "AND (password IS NOT NULL OR subject IS NOT NULL) ORDER BY name FOR UPDATE"
    )
    return [row["name"] for row in admins] == [name]
