"""The examples of the guide work as they stand there."""

import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Scope
from tests.support.pictures import picture
from tests.support.served import PASSWORD, Served, served, token

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "api.md"
FENCE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> list[str]:
    """Each call of curl, on one line."""
    text = "\n".join(FENCE.findall(GUIDE.read_text(encoding="utf-8")))
    lines = re.split(r"\n(?=curl |oncedesk )", text.replace("\\\n", " "))
    return [line.strip() for line in lines if line.startswith("curl ")]


async def call(client: httpx.AsyncClient, example: str, names: dict[str, str]) -> Any:
    for name, value in sorted(names.items(), key=lambda item: -len(item[0])):
        example = example.replace("$" + name, value)
    words = shlex.split(example)
    method, url, headers = "GET", "", {}
    content: str | bytes | None = None
    rest = iter(words[1:])
    for word in rest:
        match word:
            case "-X":
                method = next(rest)
            case "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value
            case "-d":
                content = next(rest)
            case "--data-binary":
                assert next(rest) == "@photo.jpg"
                content = picture("JPEG")
            case _:
                url = word
    answer = await client.request(method, url, headers=headers, content=content)
    assert answer.status_code == 200, f"{example}: {answer.text}"
    return answer.json() if answer.headers["content-type"] == "application/json" else {}


async def prepared(service: Served) -> dict[str, str]:
    """What the guide says is there."""
    machine = await service.machine(
        Scope.ORDERS_WRITE, Scope.CONTACTS_WRITE, Scope.CASES_READ, name="shop"
    )
    consumer, agent = uuid4(), uuid4()
    await service.agent(agent=agent)
    return {
        "URL": service.url,
        "KEY": machine.headers["authorization"].removeprefix("Bearer "),
        "CONSUMER": str(consumer),
        "ORDER": str(uuid4()),
        "MERCHANT": str(uuid4()),
        "LISTING": str(uuid4()),
        "SHIPMENT": str(uuid4()),
        "TOKEN": token(consumer),
        "PASSWORD": PASSWORD,
        "agent": f"{agent}@example.com",
    }


async def test_every_example_works(url: str) -> None:
    found = examples()
    assert len(found) == 11
    async with served(url) as service:
        names = await prepared(service)
        client = await service.client()
        hour_ago = (utc_now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:")
        for example in found:
            example = example.replace("admin@example.com", names["agent"])
            example = re.sub(r"2026-11-26T07:", hour_ago, example)
            said = await call(client, example, names)
            if "conversation" in said:
                names["CONVERSATION"] = said["conversation"]
            if "size" in said:
                names["FILE"] = said["id"]
            if "token" in said:
                names["SESSION"] = said["token"]
