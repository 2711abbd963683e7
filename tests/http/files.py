"""Files that somebody brought and attached to a message about the world's order."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import httpx
from PIL import Image

from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from tests.http.world import MERCHANTS_ISSUE, World


def photo(shade: int) -> bytes:
    """A picture that is another for each shade."""
    out = BytesIO()
    Image.new("RGB", (40, 30), (shade, 20, 20)).save(out, "PNG")
    return out.getvalue()


async def uploaded(world: World, content: bytes, who: str = "owner") -> str:
    """A file that no message names yet."""
    query: dict[str, Any] = {"kind": "order", "subject": str(world.order), "part": 1}
    brought = await world.clients[who].post("/v1/help/attachments", params=query, content=content)
    assert brought.status_code == 200, brought.text
    return str(brought.json()["id"])


async def says_with(world: World, content: bytes) -> str:
    """The consumer attaches a file to what they say about the order; its id."""
    file = await uploaded(world, content)
    subject = {"kind": "order", "id": str(world.order), "part": 1}
    said = {"subject": subject, "issue": MERCHANTS_ISSUE, "text": "See", "attachments": [file]}
    await _said(world.clients["owner"], "/v1/help/contacts", said)
    return file


async def answers_with(
    world: World, content: bytes, *, who: str = "agent", audience: str = "desks"
) -> str:
    """Somebody at a desk attaches one to what they say in the first case about it; its id."""
    subject = Subject(SubjectKind.ORDER, world.order, 1)
    conversation = conversation_id(consumer=world.consumer, subject=subject)
    cases = f"/v1/desk/cases/{world.consumer}/{conversation}"
    brought = await world.clients[who].post(f"{cases}/attachments", content=content)
    assert brought.status_code == 200, brought.text
    file = str(brought.json()["id"])
    said = {"audience": audience, "text": "See", "attachments": [file]}
    await _said(world.clients[who], f"{cases}/1/messages", said)
    return file


async def _said(client: httpx.AsyncClient, path: str, body: Any) -> None:
    answer = await client.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 200, answer.text
