"""What is malformed, too large, deep, slow or much: one clear problem, and nothing has changed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest

from oncedesk.domain.shared.ids import derived_id
from oncedesk.http.limits import bodies
from oncedesk.http.limits.overload import READS_PER_CONNECTION
from oncedesk.http.problems import Refused
from tests.http.test_contacts import contact
from tests.support.engines import Outside
from tests.support.served import Served, also_served, raw, served

CONTACTS = "/v1/marketplace/contacts"


@asynccontextmanager
async def machine(url: str, **settings: Any) -> AsyncIterator[tuple[Served, httpx.AsyncClient]]:
    async with served(url, **settings) as service:
        client = await service.machine()
        client.headers["Idempotency-Key"] = "one"
        before = await service.journal()
        yield service, client
        assert await service.journal() == before, "a refusal has changed something"


WRONG: dict[str, tuple[Any, str, str]] = {
    "no JSON": (b"{", "body_invalid", ""),
    "no UTF-8": (b'{"text": "\xff"}', "body_invalid", ""),
    "nothing": (b"", "body_invalid", ""),
    "a list": (b"[]", "body_invalid", ""),
    "a field too many": (contact(uuid4(), colour="red"), "body_invalid", "colour"),
    "a field missing": ({"consumer": str(uuid4())}, "body_invalid", "subject"),
    "a wrong type": (contact(uuid4(), fresh="yes"), "body_invalid", "fresh"),
    "a number as text": (contact(uuid4(), case="1"), "body_invalid", "case"),
    "no id": (contact("1"), "body_invalid", "consumer"),
    "an unknown word": (contact(uuid4(), channel="pigeon"), "body_invalid", "channel"),
    "wrong inside": (
        contact(uuid4(), subject={"kind": "order", "part": -1}),
        "body_invalid",
        "subject.part",
    ),
    "an empty text": (contact(uuid4(), text=""), "message_empty", "text"),
    "a long text": (contact(uuid4(), text="x" * 20_001), "body_invalid", "text"),
    "a NUL": (contact(uuid4(), text="a\0b"), "text_invalid", ""),
    "half a character": (
        json.dumps(contact(uuid4(), text="@")).replace("@", "\\ud800").encode(),
        "body_invalid",
        "",
    ),
    "a NUL in a word": (contact(uuid4(), issue="a\0"), "body_invalid", "issue"),
    "a word with a line break": (contact(uuid4(), market="cn\n"), "body_invalid", "market"),
    "half a subject": (
        contact(uuid4(), subject={"kind": "order"}),
        "subject_incomplete",
        "subject",
    ),
    "a market without rules": (contact(uuid4(), market="zz"), "market_unknown", "market"),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_says_what_is_wrong(url: str, wrong: str) -> None:
    body, code, field = WRONG[wrong]
    async with machine(url) as (_, client):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = await client.post(
            CONTACTS, content=content, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        said = answer.json()
        assert (said["code"], said.get("field", "")) == (code, field)
        assert said["type"] == f"urn:oncedesk:problem:{code}"
        assert said["status"] == 422
        assert said["title"]


async def test_refuses_what_is_too_large_before_and_while_it_comes(url: str) -> None:
    async with machine(url, body_bytes_max=2_000) as (_, client):
        large = contact(uuid4(), text="x" * 2_000)
        told = await client.post(CONTACTS, json=large)

        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(30):
                yield b"x" * 100

        untold = await client.post(
            CONTACTS, content=pieces(), headers={"Content-Type": "application/json"}
        )
        for answer in (told, untold):
            assert answer.status_code == 413
            assert answer.json()["code"] == "body_too_large"


async def test_whoever_still_sends_hears_why_it_was_refused(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "DISCARDED_SECONDS_MAX", 3_600.0)
    async with machine(url, body_bytes_max=2_000) as (_, client):
        for key, status in ((client.headers["Authorization"], b"413"), ("Bearer nobody", b"401")):
            reader, writer = await asyncio.open_connection(
                client.base_url.host, client.base_url.port
            )
            head = (
                f"POST {CONTACTS} HTTP/1.1\r\nHost: here\r\nAuthorization: {key}\r\n"
                "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            writer.write(head.encode() + b"BB8\r\n" + b"x" * 3_000 + b"\r\n")
            answer = asyncio.create_task(reader.readline())
            # An answer before the end would close the connection, and be lost in the reset.
            done, _ = await asyncio.wait([answer], timeout=0.3)
            assert not done
            writer.write(b"0\r\n\r\n")
            assert (await answer).split()[1] == status
            writer.close()


async def test_refuses_what_is_too_deep(url: str) -> None:
    async with machine(url) as (_, client):
        json_type = {"Content-Type": "application/json"}
        deep = await client.post(CONTACTS, content=b"[" * 33 + b"]" * 33, headers=json_type)
        assert (deep.status_code, deep.json()["code"]) == (422, "body_too_deep")
        # Brackets in texts and side by side nest nothing.
        flat = contact(uuid4(), text='[{"' * 100, colour=[[]] * 100)
        answer = await client.post(CONTACTS, json=flat)
        assert (answer.json()["code"], answer.json()["field"]) == ("body_invalid", "colour")


def test_a_text_without_an_end_is_looked_through_once() -> None:
    """As large as a body may be: tried again from each quote, it would take an hour."""
    with pytest.raises(Refused) as refused:
        bodies.refuse_deep(b"[" * 33 + b'"' + b'\\"' * 500_000)
    assert refused.value.problem.code == "body_too_deep"
    bodies.refuse_deep(b'["' + b"[" * 500_000 + b"\\")


async def test_refuses_another_type_of_body(url: str) -> None:
    async with machine(url) as (_, client):
        answer = await client.post(CONTACTS, data={"text": "Hello"})
        assert (answer.status_code, answer.json()["code"]) == (415, "media_type_unsupported")


async def test_a_type_of_body_is_the_same_however_it_is_written(url: str) -> None:
    async with machine(url) as (_, client):
        answer = await client.post(
            CONTACTS, content=b"{}", headers={"content-type": "Application/JSON; charset=UTF-8"}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "body_invalid")


async def test_refuses_too_many_and_too_large_headers(url: str) -> None:
    async with machine(url) as (_, client):
        many = {f"x-{number}": "y" for number in range(70)}
        for headers in (many, {"x-large": "y" * 17_000}):
            answer = await client.post(CONTACTS, json=contact(uuid4()), headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (431, "headers_too_large")


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("Idempotency-Key", "", "idempotency_key_missing"),
        ("Idempotency-Key", "x" * 201, "key_invalid"),
        ("If-Match", "seven", "if_match_invalid"),
        ("If-Match", '"99999999999"', "if_match_invalid"),
    ],
)
async def test_refuses_headers_that_mean_nothing(
    url: str, header: str, value: str, code: str
) -> None:
    async with machine(url) as (_, client):
        answer = await client.post(CONTACTS, json=contact(uuid4()), headers={header: value})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert answer.json()["field"] == header


async def test_says_no_to_paths_methods_and_parameters(url: str) -> None:
    orders = f"/v1/marketplace/consumers/{uuid4()}/orders"
    async with machine(url) as (_, client):
        for method, path, status, code in (
            ("GET", "/v1/marketplace/nothing", 404, "not_found"),
            ("DELETE", CONTACTS, 405, "method_not_allowed"),
            (
                "GET",
                f"{orders}?limit=0",
                422,
                "parameter_invalid",
            ),
            (
                "GET",
                f"{orders}?limit=x",
                422,
                "parameter_invalid",
            ),
            ("GET", "/v1/marketplace/consumers/1/orders", 404, "not_found"),
        ):
            answer = await client.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (status, code), path


async def test_says_by_which_methods_it_may_be_asked(url: str) -> None:
    case = f"/v1/marketplace/consumers/{uuid4()}/conversations/{uuid4()}"
    async with machine(url) as (_, client):
        for method, path, allowed in (
            ("DELETE", CONTACTS, {"POST", "OPTIONS"}),
            ("PUT", case, {"GET", "OPTIONS"}),
        ):
            answer = await client.request(method, path)
            assert answer.status_code == 405
            assert set(answer.headers["allow"].split(", ")) == allowed


async def test_names_the_parameter_that_is_missing(url: str) -> None:
    needed = {"currency": "CNY", "since": "2026-11-01T00:00Z", "until": "2026-12-01T00:00Z"}
    async with machine(url) as (_, client):
        path = f"/v1/marketplace/parties/{uuid4()}/statement"
        for missing in needed:
            others = {name: value for name, value in needed.items() if name != missing}
            answer = await client.get(path, params=others)
            said = answer.json()
            assert (answer.status_code, said["code"]) == (422, "parameter_invalid")
            assert (said["field"], said["detail"]) == (missing, "it is required")


async def test_gives_up_on_a_body_that_does_not_come(url: str) -> None:
    async with machine(url, body_seconds_max=0.2) as (service, client):
        head = (
            f"POST {CONTACTS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Authorization: {client.headers['authorization']}\r\nIdempotency-Key: one\r\n"
            "Content-Length: 100\r\n\r\n{"
        )
        answer = await raw(service.url, head.encode())
        assert answer.startswith(b"HTTP/1.1 408 "), answer
        assert b"body_too_slow" in answer


async def test_gives_up_on_an_answer_that_does_not_come_but_it_counts(url: str) -> None:
    consumer = uuid4()
    async with (
        served(url) as service,
        also_served(service, request_seconds_max=1.0) as hurried,
        Outside(url) as outside,
    ):
        client = await service.machine()
        client.headers["Idempotency-Key"] = "one"
        async with outside_lock(outside):
            late = await client.post(f"{hurried}{CONTACTS}", json=contact(consumer))
            assert late.status_code == 503, late.text
            assert late.json()["code"] == "timed_out"
            assert late.headers["retry-after"]
        await outside.until("SELECT count(*) FROM message", 1)
        again = await client.post(CONTACTS, json=contact(consumer))
        assert again.status_code == 200, again.text
        assert again.headers["idempotent-replayed"] == "true"
        assert await outside.value("SELECT count(*) FROM message") == 1


@asynccontextmanager
async def outside_lock(outside: Outside) -> AsyncIterator[None]:
    """Nobody can write a message meanwhile."""
    await outside.run("BEGIN")
    await outside.run("LOCK TABLE message IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        await outside.run("COMMIT")


async def test_one_client_may_come_so_often_and_others_still_come(url: str) -> None:
    async with served(url, rate_machine=1.0) as service:
        client, other = await service.machine(name="busy"), await service.machine(name="calm")
        path = f"/v1/marketplace/consumers/{uuid4()}/orders"
        for _ in range(2):
            assert (await client.get(path)).status_code == 200
        for _ in range(50):
            # However slowly they come: one a second may.
            refused = await client.get(path)
            if refused.status_code != 200:
                break
        assert refused.status_code == 429
        assert refused.json()["code"] == "too_many_requests"
        assert int(refused.headers["retry-after"]) >= 1
        assert (await other.get(path)).status_code == 200


async def test_says_no_in_time_when_too_much_waits_and_keeps_what_it_took(url: str) -> None:
    async with (
        served(url, waiting_max=5, batch_max=1, writers=1) as service,
        Outside(url) as outside,
    ):
        client = await service.machine()
        async with outside_lock(outside):
            sent = [
                asyncio.create_task(
                    client.post(
                        CONTACTS,
                        json=contact(derived_id("crowd", str(number))),
                        headers={"Idempotency-Key": f"{number}"},
                    )
                )
                for number in range(20)
            ]
            refused: list[httpx.Response] = []
            while len(refused) < 5:
                done, _ = await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED)
                refused = [one.result() for one in done]
            for answer in refused:
                assert answer.status_code == 503
                assert answer.json()["code"] == "overloaded"
                assert answer.headers["retry-after"]
            # To ask something is still possible.
            assert (await client.get("/health/live")).status_code == 200
        answers = await asyncio.gather(*sent)
        taken = [one for one in answers if one.status_code == 200]
        assert {one.status_code for one in answers} == {200, 503}
        assert await outside.value("SELECT count(*) FROM message") == len(taken)


async def test_one_slow_question_keeps_no_other_waiting_however_small_the_pool(url: str) -> None:
    """Such as a statement that is streamed for minutes."""
    async with served(url, pool_max=4) as service:
        client = await service.machine()
        async with service.parts.readers.acquire():
            asked = client.get(f"/v1/marketplace/consumers/{uuid4()}/orders")
            assert (await asyncio.wait_for(asked, 60)).status_code == 200
        told = await client.post(
            CONTACTS, json=contact(uuid4()), headers={"Idempotency-Key": "one"}
        )
        assert told.status_code == 200


async def test_says_no_when_too_much_is_asked_at_once_and_hears_what_consumers_say(
    url: str,
) -> None:
    async with served(url, pool_max=4) as service, AsyncExitStack() as held:
        asking, telling = await service.machine(name="asks"), await service.machine(name="tells")
        path = f"/v1/marketplace/consumers/{uuid4()}/orders"
        readers = service.parts.readers
        for _ in range(readers.get_max_size()):
            await held.enter_async_context(readers.acquire())
        asked = [asyncio.create_task(asking.get(path)) for _ in range(90)]
        waiting = set(asked)
        while len(waiting) > 4 * READS_PER_CONNECTION:
            _, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        refused = [one.result() for one in asked if one.done()]
        assert len(refused) == 90 - 4 * READS_PER_CONNECTION
        for answer in refused:
            assert (answer.status_code, answer.json()["code"]) == (503, "overloaded")
            assert answer.headers["retry-after"]
        told = await telling.post(
            CONTACTS, json=contact(uuid4()), headers={"Idempotency-Key": "one"}
        )
        assert told.status_code == 200
        assert not any(one.done() for one in waiting)
        await held.aclose()
        assert {one.status_code for one in await asyncio.gather(*waiting)} == {200}
        # Whoever is refused, or has been answered, counts no more.
        again = await asyncio.gather(*(asking.get(path) for _ in range(4 * READS_PER_CONNECTION)))
        assert {one.status_code for one in again} == {200}


async def test_what_is_parked_says_so_and_is_not_retried_blindly(url: str) -> None:
    async with served(url) as service, Outside(url) as outside:
        client = await service.machine()
        decider = service.parts.engine.writers._decider

        def broken(*_: Any, **__: Any) -> Any:
            raise ArithmeticError("a bug")

        decider.begin = broken  # type: ignore[method-assign]
        answer = await client.post(
            CONTACTS, json=contact(uuid4()), headers={"Idempotency-Key": "one"}
        )
        assert answer.status_code == 503
        said = answer.json()
        assert said["code"] == "parked"
        assert "retry-after" not in answer.headers
        assert str(await outside.value("SELECT id FROM parked")) == said["command_id"]
