"""A message in another language: asked for once, masked, kept with the message and gone with it."""

import asyncio
from typing import Any

import msgspec
import pytest
from standardwebhooks import Webhook

from oncedesk.settings import SettingsInvalid, load_settings
from oncedesk.storage.translations import LANGUAGES_MAX
from tests.http.world import World, the_world
from tests.support.engines import Outside
from tests.support.paying import SECRET
from tests.support.receivers import Answer, Request, receiver


def into_chinese(request: Request) -> Answer:
    said = msgspec.json.decode(request.body)
    return Answer(body=msgspec.json.encode({"text": f"[{said['into']}] {said['text']}"}))


async def last_said(world: World, who: str = "agent") -> dict[str, Any]:
    messages = (await world.clients[who].get(f"{world.case_path}/messages")).json()["items"]
    found: dict[str, Any] = messages[-1]
    return found


async def asked(world: World, message: dict[str, Any], who: str = "agent", **more: Any) -> Any:
    path = f"{world.case_path}/messages/{message['id']}/translation"
    body = {"language": "zh", "version": message["version"], **more}
    return await world.clients[who].post(path, json=body)


async def says(world: World, text: str) -> dict[str, Any]:
    said = await world.clients["owner"].post(
        "/v1/help/contacts",
        json={
            "subject": {"kind": "order", "id": str(world.order), "part": 1},
            "text": text,
            "case": 1,
        },
    )
    assert said.status_code == 200, said.text
    return await last_said(world)


async def test_it_is_asked_for_once_and_never_in_clear(url: str) -> None:
    async with (
        receiver(into_chinese) as hook,
        the_world(url, translation_url=hook.url, translation_secret=SECRET) as world,
    ):
        message = await says(world, "Call 13812345678")
        first = await asked(world, message)
        assert first.status_code == 200, first.text
        assert first.json()["text"] == "[zh] Call 138****5678"
        again = await asked(world, message, "platform")
        assert again.json() == first.json()
        (request,) = hook.got
        assert b"13812345678" not in request.body
        # No CloudEvent: many a framework would read no body of a type that it does not know.
        assert request.headers["content-type"] == "application/json"
        Webhook(SECRET).verify(request.body, request.headers)
        other = await asked(world, message, language="fr")
        assert other.json()["text"].startswith("[fr] ")
        known = (await world.clients["nobody"].get("/v1/installation")).json()
        assert known["translates"] is True


async def test_a_message_is_said_in_so_many_languages_and_no_more(url: str) -> None:
    async with (
        receiver(into_chinese) as hook,
        the_world(url, translation_url=hook.url, translation_secret=SECRET) as world,
    ):
        message = await last_said(world)
        for number in range(LANGUAGES_MAX):
            said = await asked(world, message, language=f"a{chr(ord('a') + number)}")
            assert said.status_code == 200, said.text
        refused = await asked(world, message, language="zh")
        why = refused.json()
        assert (refused.status_code, why["code"]) == (409, "languages_too_many")
        assert (await asked(world, message, language="aa")).status_code == 200
        assert len(hook.got) == LANGUAGES_MAX


async def test_what_may_not_be_read_is_not_translated(url: str) -> None:
    async with (
        receiver(into_chinese) as hook,
        the_world(url, translation_url=hook.url, translation_secret=SECRET) as world,
    ):
        message = await last_said(world, "platform")
        assert message["case"] == 2
        for who, body in (
            ("rival", {}),
            ("agent", {}),
            ("platform", {"version": message["version"] - 1}),
        ):
            assert (await asked(world, message, who, **body)).status_code == 404, who
        bad = await asked(world, message, "platform", language="Klingon")
        assert bad.status_code == 422
        assert hook.got == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=500),
        Answer(body=b"{}"),
        Answer(body=b'{"text": ""}'),
        Answer(body=b'{"text": 1}'),
        Answer(body=b"<html>"),
        Answer(body=b'{"text": "' + b"x" * 70_000 + b'"}'),
        Answer(status=302, headers={"location": "http://127.0.0.1/"}),
    ],
)
async def test_a_translator_that_fails_is_told_plainly_and_nothing_is_kept(
    url: str, answer: Answer
) -> None:
    async with (
        receiver(lambda _: answer) as hook,
        the_world(url, translation_url=hook.url, translation_secret=SECRET) as world,
        Outside(url) as outside,
    ):
        message = await says(world, "Good day")
        failed = await asked(world, message)
        assert (failed.status_code, failed.json()["code"]) == (503, "translator_away")
        assert await outside.value("SELECT count(*) FROM translation") == 0
        hook.behave = into_chinese
        assert (await asked(world, message)).status_code == 200


async def test_without_one_it_is_off(url: str) -> None:
    async with the_world(url) as world:
        answer = await asked(world, await says(world, "Good day"))
        assert (answer.status_code, answer.json()["code"]) == (409, "translation_off")


async def test_it_is_erased_with_its_message_also_while_it_comes(url: str) -> None:
    async with (
        receiver(into_chinese) as hook,
        the_world(url, translation_url=hook.url, translation_secret=SECRET) as world,
        Outside(url) as outside,
    ):
        machine = world.clients["machine"]
        known = await machine.put(
            f"/v1/marketplace/parties/{world.consumer}",
            json={"kind": "consumer", "market": "cn"},
            headers={"Idempotency-Key": "known"},
        )
        assert known.status_code == 200, known.text
        early = await says(world, "Good day")
        assert (await asked(world, early)).status_code == 200
        late = await says(world, "Good night")
        hook.gate.clear()
        coming = asyncio.create_task(asked(world, late))
        await outside.until("SELECT count(*) FROM translation", 1)
        while len(hook.got) < 2:  # noqa: ASYNC110 - somebody outside is asked
            await asyncio.sleep(0.01)
        erased = await machine.post(
            f"/v1/marketplace/parties/{world.consumer}/erasure",
            headers={"Idempotency-Key": "erased"},
        )
        assert erased.status_code == 200, erased.text
        hook.gate.set()
        told = await coming
        assert (told.status_code, told.json()["code"]) == (409, "message_erased")
        gone = await asked(world, early)
        assert (gone.status_code, gone.json()["code"]) == (409, "message_erased")
        assert await outside.value("SELECT count(*) FROM translation") == 0


def test_a_url_needs_a_secret() -> None:
    with pytest.raises(SettingsInvalid, match="TRANSLATION_SECRET"):
        load_settings(environ={"ONCEDESK_TRANSLATION_URL": "https://t.example.org"})
