"""Commands about who may come in: keys of machines, signing keys, log-ins of agents."""

import getpass
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID, uuid4

import msgspec
from cyclopts import App, Parameter
from rich.console import Console
from rich.text import Text

from oncedesk.cli.printing import listing, print_listing
from oncedesk.cli.session import complain, errors, parts, run, settings_or_exit
from oncedesk.domain.agents.messages import RegisterAgent
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.records import Record
from oncedesk.http.auth.api_keys import make_key
from oncedesk.http.auth.principals import Scope
from oncedesk.storage.access.keys import ApiKey
from oncedesk.storage.access.logins import Login, folded

console = Console()

DAYS_MAX = 36_500
"""A key that is good for longer is good until it is revoked."""

_WHY_NONE = {
    "agent_unknown": "nobody has registered this agent",
    "party_erased": "this agent was erased; a return needs a new id",
}

keys_app = App(name="keys", help="Keys: of the marketplace's machines, and those it signs by.")
agents_app = App(name="agents", help="Agents: their log-ins.")


@keys_app.command
def create(name: str, *, scope: Sequence[str], days: int | None = None, json: bool = False) -> int:
    """Make an API key and print it. It is shown this once.

    Parameters
    ----------
    name
        The machine it is for. Keys of one name are the same client, so that one replaces another.
    scope
        What it is good for; say it again for each: orders:read, orders:write, contacts:write,
        cases:read, parties:write, privacy:read, privacy:write, webhooks:write, refunds:read,
        refunds:write, admin.
    days
        After so many days it is no longer good; if not given, until it is revoked.
    json
        Print one JSON object.
    """
    if not 0 < len(name) <= 64 or not name.isprintable():
        complain("NAME: 1 to 64 printable characters")
        return 2
    if days is not None and not 1 <= days <= DAYS_MAX:
        complain(f"--days: 1 to {DAYS_MAX}")
        return 2
    if unknown := sorted(set(scope) - set(Scope)):
        complain(f"--scope {unknown[0]}: one of {', '.join(Scope)}")
        return 2

    async def work() -> int:
        async with parts(settings_or_exit()) as built:
            now = built.engine.clock()
            made = make_key(
                name=name,
                scopes=[Scope(one) for one in scope],
                by="command line",
                now=now,
                expires_at=None if days is None else now + timedelta(days=days),
            )
            await built.access.keys.add(made.key)
        if json:
            _print_json(_MadeKey(made.key.id, name, made.key.scopes, made.token))
        else:
            errors.print("It is shown this once; keep it as you keep a password:")
            sys.stdout.write(made.token + "\n")
        return 0

    return run(work())


@keys_app.command(name="list")
def list_keys(*, json: bool = False) -> int:
    """Show the keys there are and were, the newest first. Their secrets are kept nowhere.

    Parameters
    ----------
    json
        Print them as JSON.
    """

    async def work() -> int:
        async with parts(settings_or_exit()) as built:
            rows = await built.access.keys.all()
            now = built.engine.clock()
        if json:
            _print_json([_ShownKey.of(row) for row in rows])
            return 0
        table = listing("id", "name", "scopes", "made", "by", "used", "")
        for row in rows:
            used = "never" if row.used_at is None else f"{row.used_at:%Y-%m-%d %H:%M}"
            state = "" if row.valid(now) else "revoked" if row.revoked_at else "expired"
            table.add_row(
                row.id,
                Text(row.name),
                " ".join(row.scopes),
                f"{row.created_at:%Y-%m-%d %H:%M}",
                row.created_by,
                used,
                state,
            )
        print_listing(table)
        return 0

    return run(work())


@keys_app.command
def revoke(id_: Annotated[str, Parameter(name="ID")], /) -> int:
    """Let a key, or a signing key, no longer count. Running processes follow within seconds.

    Parameters
    ----------
    id_
        The key's id, as `oncedesk keys list` shows it; of a signing key its name.
    """

    async def work() -> int:
        async with parts(settings_or_exit()) as built:
            keys, now = built.access.keys, built.engine.clock()
            done = await keys.revoke(id_, by="command line", at=now) or (
                await keys.revoke_signing(id_, by="command line", at=now)
            )
        if not done:
            complain(f"No key {id_} to revoke.")
            return 1
        console.print(f"{id_} is revoked.", markup=False)
        return 0

    return run(work())


@keys_app.command
def sign(
    id_: Annotated[str, Parameter(name="ID")],
    file: Path,
    /,
    *,
    issuer: str,
    algorithm: str = "Ed25519",
) -> int:
    """Register a key by which the marketplace signs who a consumer is.

    Parameters
    ----------
    id_
        The name of the key, which tokens carry as `kid`.
    file
        The public key as PEM or JWK; for HS256 the shared secret itself.
    issuer
        What tokens carry as `iss`.
    algorithm
        Ed25519, EdDSA (its older name) or HS256.
    """
    from oncedesk.http.auth.consumer_tokens import KeyUnusable, signing_key

    try:
        content = file.read_bytes()
    except OSError as error:
        complain(f"{file}: {error.strerror}")
        return 1

    async def work() -> int:
        async with parts(settings_or_exit()) as built:
            try:
                key = signing_key(
                    id_=id_,
                    issuer=issuer,
                    algorithm=algorithm,
                    key=content,
                    by="command line",
                    now=built.engine.clock(),
                )
            except KeyUnusable as error:
                complain(error)
                return 1
            if not await built.access.keys.add_signing(key):
                complain(f"There is a signing key {id_} already.")
                return 1
        console.print(f"Tokens signed by {id_} count from now on.", markup=False)
        return 0

    return run(work())


@agents_app.command(name="create-login")
def create_login(
    name: str,
    *,
    agent: UUID | None = None,
    role: Literal["agent", "admin"] = "agent",
    password_file: Path | None = None,
) -> int:
    """Let an agent log in by this name. The password is asked for, or read from a file.

    Parameters
    ----------
    name
        A name or an e-mail address.
    agent
        The id of an agent who is registered; if not given, a new agent is.
    role
        An admin is somebody who runs the system.
    password_file
        The file in which the password stands, instead of asking for it.
    """
    from oncedesk.http.auth.passwords import LENGTH_MAX, LENGTH_MIN, Passwords

    if not 0 < len(folded(name)) <= 200 or not name.isprintable():
        complain("NAME: 1 to 200 printable characters")
        return 2
    try:
        password = _password(password_file)
    except OSError as error:
        said = f"--password-file {password_file}: {error.strerror}"
        complain(said)
        return 1
    except UnicodeDecodeError:
        said = f"--password-file {password_file}: not a text in UTF-8"
        complain(said)
        return 1
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        complain(f"A password has {LENGTH_MIN} to {LENGTH_MAX} characters.")
        return 1

    async def work() -> int:
        async with parts(settings_or_exit()) as built:
            who = agent or uuid4()
            if agent is not None and (why := await built.access.logins.why_none(agent)):
                complain(f"--agent {agent}: {_WHY_NONE[why]}")
                return 1
            now = built.engine.clock()
            login = Login(
                name=folded(name),
                agent=who,
                role=role,
                password=await Passwords().hashed(password),
                created_at=now,
                created_by="command line",
            )
            taken = await built.access.logins.find(login.name) is not None
            if agent is None and not taken:
                # First, as one whom nobody knows could log in otherwise, should this end midway.
                answer = await built.engine.submit(
                    RegisterAgent(agent=who), principal="cli", key=f"agent/{who}", actor=SYSTEM
                )
                assert answer.accepted, answer
            if taken or not await built.access.logins.add(login):
                complain("This name or agent can log in already.")
                return 1
        console.print(f"{login.name} can log in as {role} {who}.", markup=False)
        return 0

    return run(work())


class _MadeKey(Record, frozen=True):
    id: str
    name: str
    scopes: tuple[str, ...]
    token: str


class _ShownKey(Record, frozen=True):
    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: str
    created_by: str
    used_at: str | None
    revoked_at: str | None
    expires_at: str | None

    @classmethod
    def of(cls, key: ApiKey) -> "_ShownKey":
        moments = key.used_at, key.revoked_at, key.expires_at
        used, revoked, expires = (None if at is None else at.isoformat() for at in moments)
        return cls(
            key.id,
            key.name,
            key.scopes,
            key.created_at.isoformat(),
            key.created_by,
            used,
            revoked,
            expires,
        )


def _password(file: Path | None) -> str:
    """From the file, the terminal or standard input."""
    if file is not None:
        return file.read_text(encoding="utf-8").rstrip("\n")
    if sys.stdin.isatty():
        try:
            return getpass.getpass("Password: ")
        except EOFError:
            # Ctrl-D: none was given, which is too short.
            return ""
    return sys.stdin.readline().rstrip("\n")


def _print_json(value: object) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
