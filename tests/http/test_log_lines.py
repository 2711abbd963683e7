"""What is logged of a request: its id and its command's in every line, and nobody's words."""

import asyncio
import base64
import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO
from uuid import uuid4

import pytest
import structlog

from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.http import access_log
from oncedesk.http.auth.principals import Scope
from oncedesk.logs import set_up_logs
from tests.support.engines import Outside
from tests.support.served import PASSWORD, SHARED, served, token

WORDS = "my secret wish is a purple elephant"
UNSTORABLE = "nobody may ever read of the green giraffe"
WRONG = "an incorrect horse"
NAME = "Zoe Quartermaine"

Lines = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def _logs_as_json_at_debug() -> Iterator[None]:
    before = structlog.get_config()
    set_up_logs(level="debug", format_="json")
    yield
    structlog.configure(**before)


def told(capsys: pytest.CaptureFixture[str]) -> tuple[str, Lines]:
    """All that was logged, as text and line by line."""
    text = capsys.readouterr().err
    return text, [json.loads(line) for line in text.splitlines()]


def contact(text: str = WORDS, **changes: Any) -> dict[str, Any]:
    return {
        "consumer": str(uuid4()),
        "subject": {"kind": "none"},
        "text": text,
        "market": "cn",
        "channel": "app_chat",
        "surface": "order",
        "language": "en",
        "issue": "refund",
        **changes,
    }


async def test_a_line_names_its_request_and_its_command(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with served(url) as service, Outside(url) as outside:
        machine = await service.machine(Scope.CONTACTS_WRITE)
        capsys.readouterr()

        async def brought(key: str) -> Any:
            return await machine.post(
                "/v1/marketplace/contacts", json=contact(), headers={"Idempotency-Key": key}
            )

        answers = await asyncio.gather(*(brought(f"k{number}") for number in range(8)))
        refused = await machine.post("/v1/marketplace/contacts", json=contact())
        recorded = set(await outside.column("SELECT command_id::text FROM journal"))
    _, lines = told(capsys)
    requests = {line["request_id"]: line for line in lines if line["event"] == "request"}
    assert len(requests) == 9
    assert {answer.headers["x-request-id"] for answer in (*answers, refused)} == set(requests)
    assert refused.status_code == 422 or refused.status_code == 400
    assert "command_id" not in requests[refused.headers["x-request-id"]]
    commands = {requests[answer.headers["x-request-id"]]["command_id"] for answer in answers}
    assert len(commands) == 8
    assert commands <= recorded
    assert {line["status"] for line in requests.values()} == {200, refused.status_code}


async def test_a_bug_in_a_handler_is_told_with_its_request(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(url) as service:
        machine = await service.machine(Scope.CONTACTS_WRITE)
        monkeypatch.setattr(service.parts.engine, "send", None)
        failed = await machine.post(
            "/v1/marketplace/contacts", json=contact(), headers={"Idempotency-Key": "k"}
        )
        assert failed.status_code == 500
    text, lines = told(capsys)
    (line,) = [line for line in lines if line["event"] == "request_failed"]
    assert line["request_id"] == failed.headers["x-request-id"]
    assert line["command_id"]
    assert "NoneType" in line["exception"]
    assert WORDS not in text


async def test_no_words_tokens_or_secrets_are_ever_logged(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    consumer = uuid4()
    secrets = [WORDS, UNSTORABLE, WRONG, PASSWORD, NAME]
    async with Outside(url) as outside, served(url, started=True) as service:
        secret = service.parts.secret
        secrets += [secret.hex(), base64.b64encode(secret).decode(), repr(secret)]
        secrets.append(str(SHARED.as_dict(private=True)["k"]))
        machine = await service.machine()
        agent = await service.agent(PLATFORM)
        person = await service.consumer(consumer)
        for client in (machine, agent, person):
            secrets += [value for name, value in client.headers.items() if "auth" in name]
            secrets += [value for name, value in client.headers.items() if "csrf" in name]
            secrets += list(client.cookies.values())
        stranger = await service.client()
        signed = token(uuid4())
        secrets.append(signed)
        await stranger.post("/v1/help/session", json={"token": signed})
        await stranger.post("/v1/help/session", json={"token": signed + "x"})
        await stranger.post("/v1/desk/session", json={"name": NAME, "password": WRONG})
        said = {"subject": {"kind": "none"}, "text": WORDS, "issue": "refund"}
        assert (await person.post("/v1/help/contacts", json=said)).status_code == 200
        for key, body in enumerate(
            (
                contact(),
                contact(text=WORDS + "\x00"),
                contact(channel=WORDS),
                {**contact(), WORDS: 1},
                {**contact(), "consumer": WORDS},
            )
        ):
            await machine.post(
                "/v1/marketplace/contacts", json=body, headers={"Idempotency-Key": f"{key}"}
            )
        await machine.get(f"/v1/marketplace/{WORDS}?text={WORDS}")
        # What PostgreSQL refuses it quotes in its details, row and all.
        await outside.run(
            "ALTER TABLE message ADD CONSTRAINT unstorable CHECK (text NOT LIKE '%giraffe%')"
        )
        try:
            parked = await machine.post(
                "/v1/marketplace/contacts",
                json=contact(text=UNSTORABLE),
                headers={"Idempotency-Key": "unstorable"},
            )
        finally:
            await outside.run("ALTER TABLE message DROP CONSTRAINT unstorable")
        assert parked.json()["code"] == "parked"
        errors = await outside.column("SELECT error FROM parked")
        assert [UNSTORABLE in error for error in errors] == [False]
    text, lines = told(capsys)
    assert {line["event"] for line in lines} >= {"request", "command_parked"}
    found = [one for one in secrets if len(one) > 5 and one in text]
    assert found == []
    assert len(secrets) > 12


@contextmanager
def nobody_reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[TextIO]:
    """Standard error is a pipe whose reader is gone."""
    reading, writing = os.pipe()
    os.close(reading)
    broken = os.fdopen(writing, "w", buffering=1)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", broken)
        yield broken
    # What could not be written is tried once more.
    with suppress(BrokenPipeError):
        broken.close()


async def test_requests_are_answered_though_nobody_reads_the_log(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "LINES_MAX", 1)
    loop, failures = asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda _, context: failures.append(context))
    with nobody_reads(monkeypatch):
        async with served(url) as service:
            machine = await service.machine(Scope.CONTACTS_WRITE)
            for key in "kl":
                answer = await machine.post(
                    "/v1/marketplace/contacts", json=contact(), headers={"Idempotency-Key": key}
                )
                assert answer.status_code == 200
            monkeypatch.setattr(service.parts.engine, "send", None)
            failed = await machine.post(
                "/v1/marketplace/contacts", json=contact(), headers={"Idempotency-Key": "m"}
            )
            assert failed.json()["code"] == "internal_error"
    assert failures == []


@pytest.mark.parametrize("closed", [False, True])
def test_whoever_logs_goes_on_though_nobody_reads_it(
    monkeypatch: pytest.MonkeyPatch, closed: bool
) -> None:
    with nobody_reads(monkeypatch) as broken:
        if closed:
            with suppress(BrokenPipeError):
                broken.close()
        structlog.get_logger().warning("background_interrupted", job="clocks")
        logging.getLogger("some.library").warning("odd")


def test_a_librarys_warning_looks_like_ours_and_its_chatter_is_not_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logging.getLogger("some.library").warning("odd: %s", 1)
    logging.getLogger("some.library").debug("what was sent: %s", WORDS)
    logging.getLogger("some.library").info("what was sent: %s", WORDS)
    _, (line,) = told(capsys)
    assert (line["event"], line["level"], line["library"]) == ("odd: 1", "warning", "some.library")


def test_auto_is_json_where_no_terminal_is(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(level="info", format_="auto")
    structlog.get_logger().info("hello", number=1)
    _, (line,) = told(capsys)
    assert (line["event"], line["number"]) == ("hello", 1)
