"""The commands about who may come in, as processes of their own."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from joserfc.jwk import OKPKey

from oncedesk.cli.serve import POOL_LEAST, embedded_pool
from oncedesk.domain.agents.messages import EraseAgentData
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.storage.embedded import CONNECTIONS_MAX
from tests.support.engines import Outside
from tests.support.served import served
from tests.test_commands import oncedesk

pytestmark = pytest.mark.slow
CALL = "from oncedesk.cli.main import main; main()"


async def test_a_key_is_shown_once_works_and_is_revoked(url: str) -> None:
    made = oncedesk(
        url, "keys", "create", "shop", "--scope", "cases:read", "--scope", "admin", "--json"
    )
    assert made.returncode == 0, made.stderr
    key = json.loads(made.stdout)
    assert key["scopes"] == ["admin", "cases:read"]
    listed = oncedesk(url, "keys", "list", "--json")
    assert key["token"] not in listed.stdout
    assert [one["id"] for one in json.loads(listed.stdout)] == [key["id"]]
    async with served(url) as service:
        client = await service.client(authorization=f"Bearer {key['token']}")
        assert (await client.get("/v1/admin/markets")).json() == {
            "items": ["cn", "eu"],
            "own": "cn",
        }
    assert oncedesk(url, "keys", "revoke", key["id"]).returncode == 0
    again = oncedesk(url, "keys", "revoke", key["id"])
    assert again.returncode == 1
    assert "to revoke" in again.stderr
    async with Outside(url) as outside:
        assert await outside.value("SELECT revoked_by FROM api_key") == "command line"


def test_a_key_is_listed_as_it_is_called(url: str) -> None:
    for name in ("[live] shop", "shop [/]"):
        assert oncedesk(url, "keys", "create", name, "--scope", "cases:read").returncode == 0
    listed = oncedesk(url, "keys", "list")
    assert listed.returncode == 0, listed.stderr
    assert "[live]" in listed.stdout
    assert "[/]" in listed.stdout


def test_a_key_is_listed_in_one_line_and_nothing_is_cut(url: str) -> None:
    scopes = ("cases:read", "contacts:write", "orders:write", "parties:write", "webhooks:write")
    wanted = [word for scope in scopes for word in ("--scope", scope)]
    key = json.loads(oncedesk(url, "keys", "create", "shop", *wanted, "--json").stdout)
    (line,) = oncedesk(url, "keys", "list").stdout.splitlines()[1:]
    assert line.startswith(f"{key['id']}  shop  {' '.join(scopes)}  ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("keys", "create", "shop", "--scope", "everything"),
        ("keys", "create", "shop", "--scope", "admin", "--days", "0"),
        ("keys", "create", "shop", "--scope", "admin", "--days", "9999999"),
        ("agents", "create-login", "x", "--role", "consumer"),
        ("agents", "create-login", " "),
        ("agents", "create-login", "two\nlines"),
        ("serve", "--processes", "0"),
        ("serve", "--port", "70000"),
    ],
)
def test_a_wrong_argument_is_one_clear_line(url: str, arguments: tuple[str, ...]) -> None:
    done = oncedesk(url, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert 0 < done.stderr.count("\n") < 6


@pytest.mark.parametrize("processes", range(1, 65))
def test_the_embedded_database_has_the_connections_of_all_processes(processes: int) -> None:
    pool = embedded_pool(processes)
    assert processes * (pool + 2) <= CONNECTIONS_MAX - 10
    assert (pool >= POOL_LEAST) == (processes <= 31)


def test_more_processes_than_the_embedded_database_serves_are_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CALL, "serve", "--processes", "32"],
        env={**os.environ, "ONCEDESK_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "takes 200 connections" in done.stderr
    assert list(tmp_path.iterdir()) == []


async def test_the_first_admin_logs_in(url: str, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("too short\n")
    weak = oncedesk(url, "agents", "create-login", "admin", "--password-file", str(file))
    assert weak.returncode == 1
    file.write_text("the first admin's own\n")
    admin = ("agents", "create-login", "Admin@Example.com", "--role", "admin")
    made = oncedesk(url, *admin, "--password-file", str(file))
    assert made.returncode == 0, made.stderr
    twice = oncedesk(url, *admin, "--password-file", str(file))
    assert twice.returncode == 1
    async with served(url) as service:
        client = await service.log_in("admin@example.com", "the first admin's own")
        assert (await client.get("/v1/admin/logins")).json()["items"][0]["role"] == "admin"


async def test_whoever_was_erased_or_was_never_registered_is_not_let_in(
    url: str, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    file.write_text("a password of hers\n")
    unknown, erased = uuid4(), uuid4()
    async with served(url) as service:
        await service.register(erased)
        gone = await service.parts.engine.submit(
            EraseAgentData(agent=erased), principal="tests", key="gone", actor=SYSTEM
        )
        assert gone.accepted, gone
    for agent, said in ((unknown, "registered"), (erased, "erased")):
        login = ("agents", "create-login", "han", "--agent", str(agent))
        done = oncedesk(url, *login, "--password-file", str(file))
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr
    async with Outside(url) as outside:
        assert await outside.value("SELECT count(*) FROM login") == 0


def test_a_password_that_cannot_be_read_is_told_as_such(url: str, tmp_path: Path) -> None:
    login = ("agents", "create-login", "admin", "--password-file")
    file = tmp_path / "password"
    for content, said in ((None, "No such file or directory"), (b"\xff" * 20, "UTF-8")):
        if content is not None:
            file.write_bytes(content)
        done = oncedesk(url, *login, str(file))
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"--password-file {file}: ")
        assert said in done.stderr


async def test_a_signing_key_is_registered_without_its_private_part(
    url: str, tmp_path: Path
) -> None:
    key = OKPKey.generate_key("Ed25519")
    file = tmp_path / "key.pem"
    file.write_bytes(key.as_pem(private=True))
    arguments = ("keys", "sign", "shop-2026", str(file), "--issuer", "https://market.example")
    made = await asyncio.to_thread(oncedesk, url, *arguments)
    assert made.returncode == 0, made.stderr
    async with Outside(url) as outside:
        kept = json.loads(await outside.value("SELECT key FROM signing_key"))
    assert kept == key.as_dict(private=False)
    file.write_text("no key")
    wrong = oncedesk(url, "keys", "sign", "other", str(file), "--issuer", "x")
    assert wrong.returncode == 1
    assert "Ed25519" in wrong.stderr
