"""The short way to a handler answers as the framework would."""

from typing import Any
from uuid import uuid4

import pytest

from oncedesk.http import app
from tests.http.test_bad_input import CONTACTS, WRONG
from tests.http.test_contacts import contact
from tests.support.served import served

HEADERS = ("content-type", "etag", "idempotent-replayed", "cache-control", "x-frame-options")


async def answers(url: str, name: str) -> list[Any]:
    """What is said to a good contact, its repeat, and everything that is wrong with one."""
    consumer = str(uuid4())
    async with served(url) as service:
        machine = await service.machine(name=name)
        machine.headers["Idempotency-Key"] = "one"
        bodies: list[Any] = [contact(consumer), contact(consumer), contact(consumer, text="Other")]
        bodies += [body for body, _, _ in WRONG.values() if isinstance(body, dict)]
        said: list[Any] = []
        for body in bodies:
            answer = await machine.post(CONTACTS, json=body)
            content = answer.json()
            said.append(
                [
                    answer.status_code,
                    content if answer.status_code != 200 else sorted(content),
                    *(answer.headers.get(header) for header in HEADERS),
                ]
            )
        person = await service.consumer(uuid4())
        hello = {"subject": {"kind": "none"}, "text": "Hello"}
        assert (await person.post("/v1/help/contacts", json=hello)).status_code == 200
    return said


async def test_a_contact_takes_either_way(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    directly = await answers(url, "direct")
    monkeypatch.setattr(app, "DIRECT", ())
    assert directly == await answers(url, "framework")
    assert [one[0] for one in directly[:3]] == [200, 200, 409]
    assert {one[2 + HEADERS.index("cache-control")] for one in directly} == {"no-store"}
