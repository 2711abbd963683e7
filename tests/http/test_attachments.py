"""Files over HTTP: they come in piece by piece, are named once, and go out to whom they are for."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from oncedesk.domain.conversations.messages import AssignCase
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.http.limits import incoming
from oncedesk.http.limits.streams import UPLOADS_MAX
from tests.engine.test_attachments import files_in
from tests.http.test_gate import ask_creator, where
from tests.http.world import World, the_world
from tests.support.engines import Outside
from tests.support.pictures import PDF, PLACE, mp4, picture, qr_picture
from tests.support.served import also_served, raw, served

JPEG = picture("JPEG", secret=True)


def uploads(world: World, who: str) -> tuple[str, dict[str, Any]]:
    """Where this one brings files for the order's conversation, and what is said with them."""
    about = {"kind": "order", "subject": str(world.order), "part": 1}
    if who in ("owner", "stranger"):
        return "/v1/help/attachments", about
    if who == "machine":
        path = f"/v1/marketplace/consumers/{world.consumer}/attachments"
        return path, {**about, "market": "cn"}
    return f"{world.case_path}/attachments", {}


def file_of(world: World, who: str, id_: str) -> str:
    """Where this one finds a file."""
    return f"{uploads(world, who)[0]}/{id_}"


async def upload(
    world: World, who: str, content: Any = JPEG, *, at: str = "", **headers: str
) -> httpx.Response:
    path, params = uploads(world, who)
    return await world.clients[who].post(
        f"{at}{path}", params={**params, "name": "../我家.png"}, content=content, headers=headers
    )


async def brought(world: World, who: str, content: Any = JPEG) -> str:
    answer = await upload(world, who, content)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def says(world: World, who: str, *ids: str, text: str = "", **more: Any) -> httpx.Response:
    """A message with these files."""
    said: dict[str, Any] = {"attachments": ids, "text": text, **more}
    subject = {"kind": "order", "id": str(world.order), "part": 1}
    match who:
        case "owner":
            path, said = "/v1/help/contacts", {"subject": subject, "case": 1, **said}
        case "machine":
            path = "/v1/marketplace/contacts"
            asked = {"consumer": str(world.consumer), "subject": subject, "market": "cn"}
            said = {**asked, "channel": "phone", "surface": "order", "case": 1, **said}
        case _:
            path, said = f"{world.case_path}/1/messages", {"audience": "consumer", **said}
    key = {"Idempotency-Key": uuid4().hex}
    return await world.clients[who].post(path, json=said, headers=key)


async def last_message(world: World, who: str) -> Any:
    answer = await world.clients[who].get(where(world, who) + "/messages")
    return answer.json()["items"][-1]


async def take_over(world: World) -> None:
    taken = await world.clients["platform"].post(
        f"{world.case_path}/1/take-over", json={"reason": "overdue"}
    )
    assert taken.status_code == 200, taken.text


@pytest.mark.parametrize("who", ["owner", "machine", "agent", "platform"])
async def test_what_is_brought_and_named_is_seen_by_all_who_read_it(
    url: str, tmp_path: Path, who: str
) -> None:
    creator = uuid4()
    async with the_world(url, home=tmp_path, creator=creator) as world:
        await ask_creator(world, creator)
        if who == "platform":
            await take_over(world)
        answer = await upload(world, who)
        kept = answer.json()
        assert (kept["name"], kept["type"]) == ("我家.jpg", "image/jpeg")
        assert (kept["width"], kept["height"]) == (60, 40)
        named = await says(world, who, kept["id"])
        assert named.status_code == 200, named.text
        for reader in ("owner", "machine", "agent", "creator", "platform", "admin"):
            assert (await last_message(world, reader))["attachments"] == [kept["id"]]
            file = await world.clients[reader].get(file_of(world, reader, kept["id"]))
            assert file.status_code == 200, f"{reader}: {file.text}"
            assert len(file.content) == kept["size"]
            assert PLACE not in file.content
        for stranger in ("stranger", "rival"):
            foreign = await world.clients[stranger].get(file_of(world, stranger, kept["id"]))
            absent = await world.clients[stranger].get(file_of(world, stranger, str(uuid4())))
            assert foreign.status_code == 404
            assert foreign.content == absent.content


async def test_a_case_goes_back_with_a_file_that_says_it_all(url: str, tmp_path: Path) -> None:
    async with the_world(url, home=tmp_path) as world:
        given = AssignCase(
            consumer=world.consumer, conversation=world.conversation, case=1, agent=world.agent
        )
        assigned = await world.service.parts.engine.submit(
            given, principal="tests", key="given", actor=SYSTEM
        )
        assert assigned.accepted, assigned
        file = await brought(world, "agent")
        back = await world.clients["agent"].post(
            f"{world.case_path}/1/return", json={"attachments": [file]}
        )
        assert back.status_code == 200, back.text
        line = await last_message(world, "agent")
        assert (line["audience"], line["attachments"]) == ("internal", [file])


async def test_only_who_brought_it_sees_and_names_what_no_message_names(
    url: str, tmp_path: Path
) -> None:
    async with the_world(url, home=tmp_path) as world:
        mine, theirs = await brought(world, "owner"), await brought(world, "agent")
        seen = {
            (who, id_): (await world.clients[who].get(file_of(world, who, id_))).status_code
            for who in ("owner", "agent", "platform", "admin")
            for id_ in (mine, theirs)
        }
        allowed = {("owner", mine), ("agent", theirs), ("admin", mine), ("admin", theirs)}
        assert {key for key, status in seen.items() if status == 200} == allowed
        assert set(seen.values()) == {200, 404}
        for who, id_ in (("owner", theirs), ("agent", mine), ("owner", str(uuid4()))):
            refused = await says(world, who, id_, text="见图")
            assert refused.status_code == 422, refused.text
            why = refused.json()
            assert (why["code"], why["field"]) == ("attachment_unknown", "attachments")
        assert (await says(world, "owner", mine)).status_code == 200
        assert (await says(world, "owner", mine)).json()["code"] == "attachment_unknown"


async def test_the_same_message_once_more_counts_once(url: str, tmp_path: Path) -> None:
    async with the_world(url, home=tmp_path) as world:
        id_, subject = await brought(world, "owner"), {"kind": "order", "id": str(world.order)}
        said = {"subject": {**subject, "part": 1}, "case": 1, "attachments": [id_]}
        key = {"Idempotency-Key": "one"}
        first, again = [
            await world.clients["owner"].post("/v1/help/contacts", json=said, headers=key)
            for _ in range(2)
        ]
        assert first.status_code == again.status_code == 200, again.text
        assert again.headers["idempotent-replayed"] == "true"
        assert again.json() == first.json()


async def test_a_desk_that_no_longer_has_the_case_goes_on_seeing_its_files(
    url: str, tmp_path: Path
) -> None:
    async with the_world(url, home=tmp_path) as world:
        id_ = await brought(world, "owner")
        assert (await says(world, "owner", id_)).status_code == 200
        await take_over(world)
        assert (await last_message(world, "agent"))["attachments"] == [id_]
        assert (await world.clients["agent"].get(file_of(world, "agent", id_))).status_code == 200


async def test_a_file_is_handed_out_in_parts_and_can_do_no_harm(url: str, tmp_path: Path) -> None:
    async with the_world(url, home=tmp_path) as world:
        id_ = await brought(world, "owner", mp4(600_000))
        owner, path = world.clients["owner"], file_of(world, "owner", id_)
        whole = await owner.get(path)
        size = len(whole.content)
        assert (whole.status_code, whole.content) == (200, mp4(600_000))
        headers = whole.headers
        assert headers["content-type"] == "video/mp4"
        assert headers["content-disposition"].startswith("attachment; ")
        assert headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert headers["cache-control"] == "private, no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-length"] == str(size)
        for asked, first, end in (
            ("bytes=0-0", 0, 1),
            ("bytes=5-", 5, size),
            ("bytes=300000-400000", 300_000, 400_001),
            (f"bytes=7-{size + 9}", 7, size),
        ):
            part = await owner.get(path, headers={"Range": asked})
            assert (part.status_code, part.content) == (206, whole.content[first:end]), asked
            assert part.headers["content-range"] == f"bytes {first}-{end - 1}/{size}"
            assert part.headers["content-length"] == str(end - first)
        for asked in ("bytes=9-5", "bytes=-5", "bytes=0-1,4-5", "lines=1-2", "bytes=x-"):
            assert (await owner.get(path, headers={"Range": asked})).content == whole.content
        beyond = await owner.get(path, headers={"Range": f"bytes={size}-"})
        assert (beyond.status_code, beyond.json()["code"]) == (416, "range_unsatisfiable")


WRONG: dict[str, tuple[bytes, str, int, str]] = {
    "a page": (b"<html>" + bytes(50), "", 415, "attachment_type_unknown"),
    "a picture that runs": (
        b"<svg onload=alert(1)>" + bytes(50),
        "",
        415,
        "attachment_type_unknown",
    ),
    "a lie": (JPEG, "image/png", 415, "attachment_type_mismatch"),
    "a form": (JPEG, "multipart/form-data; boundary=x", 415, "attachment_type_mismatch"),
    "half a picture": (JPEG[:-40], "image/jpeg", 422, "attachment_damaged"),
    "nothing": (b"", "image/jpeg", 422, "attachment_empty"),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_is_not_taken_is_said_and_gone(url: str, tmp_path: Path, wrong: str) -> None:
    content, declared, status, code = WRONG[wrong]
    async with the_world(url, home=tmp_path) as world, Outside(url) as outside:
        headers = {"Content-Type": declared} if declared else {}
        answer = await upload(world, "owner", content, **headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["content-type"] == "application/problem+json"
        assert await outside.value("SELECT count(*) FROM attachment") == 0
        assert files_in(tmp_path) == []


async def test_what_is_too_large_is_refused_before_and_while_it_comes(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with the_world(url, home=tmp_path) as world, Outside(url) as outside:

        async def endless() -> AsyncIterator[bytes]:
            yield JPEG
            for _ in range(40):
                yield bytes(1 << 20)

        answer = await upload(world, "owner", endless())
        assert (answer.status_code, answer.json()["code"]) == (413, "attachment_too_large")
        whole = await upload(world, "owner", JPEG + bytes(130 << 20))
        assert (whole.status_code, whole.json()["code"]) == (413, "attachment_too_large")
        # Who announces more and sends nothing is waited for so long.
        monkeypatch.setattr(incoming, "DISCARDED_SECONDS", 0.3)
        announced = await _begun(world, b"", announced=200 << 20)
        assert b"413" in announced.splitlines()[0]
        assert b"attachment_too_large" in announced
        assert await outside.value("SELECT count(*) FROM attachment") == 0
        assert files_in(tmp_path) == []


LARGE = mp4(20 << 20)
REFUSED: dict[str, tuple[str, dict[str, str], int, str]] = {
    "nobody who is known": ("nobody", {}, 401, "credentials_missing"),
    "a key that is not good for it": ("reads", {}, 403, "scope_missing"),
    "another's case": ("rival", {}, 404, "not_found"),
    "half a subject": ("owner", {"subject": ""}, 422, "parameter_invalid"),
    "a market without rules": ("machine", {"market": "zz"}, 422, "market_unknown"),
    "no such way": ("machine", {"consumer": "x"}, 404, "not_found"),
}


@pytest.mark.parametrize("refused", REFUSED)
async def test_who_still_sends_hears_why(url: str, tmp_path: Path, refused: str) -> None:
    who, wrong, status, code = REFUSED[refused]
    as_whom = {"nobody": "owner", "reads": "machine", "rival": "agent"}.get(who, who)
    async with the_world(url, home=tmp_path) as world:
        path, params = uploads(world, as_whom)
        if "consumer" in wrong:
            path = path.replace(str(world.consumer), "x")
        answer = await world.clients[who].post(path, params={**params, **wrong}, content=LARGE)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_large_file_is_taken_where_bodies_are_small(url: str, tmp_path: Path) -> None:
    async with the_world(url, home=tmp_path, body_bytes_max=2_000) as world:
        content = mp4(20 << 20)
        id_ = await brought(world, "owner", content)
        file = await world.clients["owner"].get(file_of(world, "owner", id_))
        assert file.content == content


async def _until(outside: Outside, rows: int) -> None:
    """So many files are there or on their way."""
    async with asyncio.timeout(20):
        while await outside.value("SELECT count(*) FROM attachment") != rows:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _begun(world: World, sent: bytes, *, announced: int, at: str = "") -> bytes:
    """What is answered to somebody who sends so much of a file, and then nothing."""
    path, params = uploads(world, "owner")
    query = "&".join(f"{name}={value}" for name, value in params.items())
    held = world.clients["owner"].headers["authorization"]
    head = (
        f"POST {path}?{query} HTTP/1.1\r\nHost: x\r\nAuthorization: {held}\r\n"
        f"Content-Length: {announced}\r\n\r\n"
    )
    return await raw(at or world.service.url, head.encode() + sent)


async def test_who_stops_sending_is_not_waited_for(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that what has come buys no time.
    monkeypatch.setattr(incoming, "BYTES_PER_SECOND_MIN", 1 << 30)
    async with (
        the_world(url, home=tmp_path) as world,
        also_served(world.service, body_seconds_max=0.3) as at,
        Outside(url) as outside,
    ):
        answer = await _begun(world, JPEG[:200], announced=len(JPEG), at=at)
        assert b"408" in answer.splitlines()[0]
        assert b"body_too_slow" in answer
        assert await outside.value("SELECT count(*) FROM attachment") == 0
        assert files_in(tmp_path) == []


async def test_who_goes_on_sending_is_waited_for(url: str, tmp_path: Path) -> None:
    async with (
        the_world(url, home=tmp_path) as world,
        also_served(world.service, body_seconds_max=2.0) as at,
    ):
        content = mp4(1 << 20)

        async def slowly() -> AsyncIterator[bytes]:
            for start in range(0, len(content), 1 << 17):
                yield content[start : start + (1 << 17)]
                await asyncio.sleep(0.3)

        assert (await upload(world, "owner", slowly(), at=at)).status_code == 200


async def test_who_goes_away_leaves_nothing(url: str, tmp_path: Path) -> None:
    async with the_world(url, home=tmp_path) as world, Outside(url) as outside:
        going = asyncio.create_task(_begun(world, JPEG[:200], announced=len(JPEG)))
        await _until(outside, 1)
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)
        await _until(outside, 0)
        assert files_in(tmp_path) == []


async def test_so_many_at_once_and_no_more(url: str, tmp_path: Path) -> None:
    async with the_world(url, home=tmp_path) as world:
        go_on = asyncio.Event()

        async def held() -> AsyncIterator[bytes]:
            yield JPEG[:200]
            await go_on.wait()
            yield JPEG[200:]

        async with asyncio.TaskGroup() as group:
            waiting = [
                group.create_task(upload(world, "owner", held())) for _ in range(UPLOADS_MAX)
            ]
            async with Outside(url) as outside:
                await _until(outside, UPLOADS_MAX)
            refused = await upload(world, "owner", LARGE)
            assert (refused.status_code, refused.json()["code"]) == (429, "too_many_uploads")
            go_on.set()
        assert {task.result().status_code for task in waiting} == {200}
        assert (await upload(world, "owner")).status_code == 200


async def test_a_code_in_a_merchants_picture_is_blocked(url: str, tmp_path: Path) -> None:
    async with the_world(url, home=tmp_path) as world:
        id_ = await brought(world, "agent", qr_picture("https://u.wechat.com/abc"))
        refused = await says(world, "agent", id_, text="请看")
        assert (refused.status_code, refused.json()["code"]) == (422, "message_blocked")
        assert refused.json()["places"] == [{"kind": "code", "start": 0, "end": 0}]


async def test_a_file_that_cannot_be_kept_now_is_told_so(url: str, tmp_path: Path) -> None:
    async with the_world(url, home=tmp_path) as world:
        (tmp_path / "files").write_text("no folder")
        answer = await upload(world, "owner", PDF)
        assert (answer.status_code, answer.json()["code"]) == (503, "files_away")
        assert "retry-after" in answer.headers


async def test_a_file_that_is_lost_is_none(url: str, tmp_path: Path) -> None:
    async with the_world(url, home=tmp_path) as world:
        id_ = await brought(world, "owner")
        for path in (tmp_path / "files").rglob("*"):
            if path.is_file():
                path.unlink()
        answer = await world.clients["owner"].get(file_of(world, "owner", id_))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_subject_or_a_market_that_is_none_is_said(url: str, tmp_path: Path) -> None:
    async with served(url, home=tmp_path) as service:
        me, shop, consumer = await service.consumer(uuid4()), await service.machine(), uuid4()
        half = await me.post("/v1/help/attachments", params={"kind": "order"}, content=JPEG)
        assert (half.status_code, half.json()["code"]) == (422, "subject_incomplete")
        nowhere = await shop.post(
            f"/v1/marketplace/consumers/{consumer}/attachments",
            params={"kind": "none", "market": "zz"},
            content=JPEG,
        )
        assert (nowhere.status_code, nowhere.json()["code"]) == (422, "market_unknown")
        with_slash = await me.post("/v1/help/attachments/", params={"kind": "none"}, content=JPEG)
        assert with_slash.status_code == 200, with_slash.text


async def test_who_reads_slowly_is_waited_for_and_who_stops_is_not(
    url: str, tmp_path: Path
) -> None:
    async with (
        the_world(url, home=tmp_path) as world,
        also_served(world.service, request_seconds_max=2.0) as at,
    ):
        content = mp4(40 << 20)
        id_ = await brought(world, "owner", content)
        owner, path = world.clients["owner"], f"{at}{file_of(world, 'owner', id_)}"
        async with owner.stream("GET", path) as answer:
            size = 0
            async for piece in answer.aiter_bytes(4 << 20):
                size += len(piece)
                await asyncio.sleep(0.3)
            assert size == len(content)
        async with owner.stream("GET", path) as answer:
            pieces = answer.aiter_bytes(1 << 16)
            await anext(pieces)
            await asyncio.sleep(3)
            with pytest.raises(httpx.RemoteProtocolError):
                async for _ in pieces:
                    pass
