"""The service on a real port, with real parts behind it, and those who call it."""

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

import httpx
from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey
from msgspec.structs import replace

from oncedesk.domain.agents.messages import DeskRole, JoinDesk, RegisterAgent
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import Desk
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.api_keys import make_key
from oncedesk.http.auth.consumer_tokens import signing_key
from oncedesk.http.auth.principals import Kind, Scope
from oncedesk.http.ports import ReservedPort
from oncedesk.http.sandbox import Sandbox
from oncedesk.http.serving import serving
from oncedesk.settings import Settings
from oncedesk.storage.access.logins import Login
from oncedesk.wiring import Parts, build
from tests.support.engines import Outside

ISSUER = "https://market.example"
SIGNS = OKPKey.generate_key("Ed25519")
SHARED = OctKey.generate_key(256)
PASSWORD = "correct horse battery"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""What is kept of a password says how it was made; the tests' are made quickly."""
NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Whom clients trust that never ask over TLS: else each reads everybody's certificates."""
_NUMBERS = count(1)


@dataclass
class Served:
    """One served process, as seen from outside, and its parts."""

    url: str
    database: str
    settings: Settings
    parts: Parts
    clients: AsyncExitStack

    async def client(self, **headers: str) -> httpx.AsyncClient:
        """Somebody about whom nothing is known; closed with the service."""
        client = httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30, verify=NOBODY)
        return await self.clients.enter_async_context(client)

    async def machine(self, *scopes: Scope, name: str = "shop") -> httpx.AsyncClient:
        """The marketplace's back end, with a key for this; for all, if nothing is said."""
        made = make_key(name=name, scopes=scopes or tuple(Scope), by="tests", now=utc_now())
        await self.parts.access.keys.add(made.key)
        return await self.client(authorization=f"Bearer {made.token}")

    async def consumer(self, consumer: UUID, **claims: Any) -> httpx.AsyncClient:
        """A consumer who has exchanged a token for a session."""
        client = await self.client()
        signed = token(consumer, **claims)
        answer = await client.post("/v1/help/session", json={"token": signed})
        assert answer.status_code == 200, answer.text
        client.headers["authorization"] = f"Bearer {answer.json()['token']}"
        return client

    async def agent(
        self, *desks: Desk, agent: UUID | None = None, role: Kind = Kind.AGENT
    ) -> httpx.AsyncClient:
        """An agent of these desks who has logged in."""
        who = agent or uuid4()
        name = f"{who}@example.com"
        await self.register(who, *desks)
        await self.parts.access.logins.add(
            Login(
                name=name,
                agent=who,
                role=role.value,
                password=QUICK.hash(PASSWORD),
                created_at=utc_now(),
                created_by="tests",
            )
        )
        return await self.log_in(name)

    async def register(self, agent: UUID, *desks: Desk) -> None:
        """An agent exists and belongs to these desks from now on."""
        engine = self.parts.engine
        commands: list[Any] = [RegisterAgent(agent=agent)]
        commands += [
            JoinDesk(agent=agent, desk=desk, role=DeskRole.AGENT, starts_at=utc_now())
            for desk in desks
        ]
        for command in commands:
            key = f"{next(_NUMBERS)}"
            answer = await engine.submit(command, principal="tests", key=key, actor=SYSTEM)
            assert answer.accepted, answer

    async def log_in(self, name: str, password: str = PASSWORD) -> httpx.AsyncClient:
        client = await self.client()
        answer = await client.post("/v1/desk/session", json={"name": name, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["x-csrf-token"] = answer.json()["csrf_token"]
        return client

    async def journal(self) -> int:
        """How many commands were ever accepted."""
        async with Outside(self.database) as outside:
            return int(await outside.value("SELECT count(*) FROM journal"))


@asynccontextmanager
async def served(
    database: str, *, started: bool = False, sandbox: Sandbox | None = None, **settings: Any
) -> AsyncIterator[Served]:
    """A process that serves; with `started`, everything that happens by itself, too. Without a
    `home` it has one for as long as it lives."""
    port = ReservedPort("127.0.0.1", 0)
    try:
        async with AsyncExitStack() as closing:
            home = Path(closing.enter_context(TemporaryDirectory(prefix="oncedesk-")))
            chosen = Settings(**{"home": home, "database_url": database, **settings})
            parts = await closing.enter_async_context(build(database, settings=chosen))
            if started:
                await parts.engine.start()
            await register_signing_keys(parts)
            async with (
                serving(parts, settings=chosen, host=port.host, port=port.port, sandbox=sandbox),
                AsyncExitStack() as clients,
            ):
                yield Served(port.url, database, chosen, parts, clients)
    finally:
        port.close()


@asynccontextmanager
async def also_served(service: Served, **settings: Any) -> AsyncIterator[str]:
    """The same parts behind a second port with other settings, whose address this is: so that what
    is to be too short for one request holds for no other."""
    chosen = replace(service.settings, **settings)
    port = ReservedPort("127.0.0.1", 0)
    try:
        async with serving(service.parts, settings=chosen, host=port.host, port=port.port):
            yield port.url
    finally:
        port.close()


async def register_signing_keys(parts: Parts) -> None:
    public = json.dumps(SIGNS.as_dict(private=False)).encode()
    for id_, algorithm, content in (
        ("ed", "Ed25519", public),
        ("old", "EdDSA", public),
        ("hs", "HS256", SHARED.get_op_key("sign")),
    ):
        key = signing_key(
            id_=id_, issuer=ISSUER, algorithm=algorithm, key=content, by="tests", now=utc_now()
        )
        await parts.access.keys.add_signing(key)


def token(consumer: UUID, *, header: Any = None, key: Any = SIGNS, **claims: Any) -> str:
    """What the marketplace signs; claims that are None are left out."""
    now = int(time.time())
    said = {
        "iss": ISSUER,
        "aud": "oncedesk",
        "sub": str(consumer),
        "iat": now,
        "exp": now + 300,
        "jti": str(uuid4()),
        **claims,
    }
    header = header or {"alg": "Ed25519", "kid": "ed"}
    return jwt.encode(
        header,
        {name: value for name, value in said.items() if value is not None},
        key,
        algorithms=[header["alg"]],
    )


async def raw(url: str, sent: bytes, *, seconds: float = 20.0) -> bytes:
    """What comes back for these very bytes, until the server closes or nothing more comes."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(sent)
        await writer.drain()
        return await asyncio.wait_for(reader.readuntil(b"}"), seconds)
    finally:
        writer.close()
