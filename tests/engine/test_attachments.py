"""Files with messages: taken in, named once, shown to whoever may see them, and gone for good."""

import asyncio
import os
import resource
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from oncedesk.domain.agents.messages import DeskRole, JoinDesk, LeaveDesk, RegisterAgent
from oncedesk.domain.conversations.messages import (
    AssignCase,
    Audience,
    PostMessage,
    ReturnToQueue,
    WithdrawClaim,
)
from oncedesk.domain.desks.messages import OpenDesk, ReportLoad
from oncedesk.domain.parties.messages import LiftHold, PartyKind, PlaceHold, RegisterParty
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor, Role
from oncedesk.domain.shared.ids import bucket_of, derived_id
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.rulepack import ATTACHMENT_DEFAULT, AttachmentRule
from oncedesk.engine import privacy
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.ports import ConnectionLost
from oncedesk.engine.submission import Answer
from oncedesk.settings import Settings
from oncedesk.storage.attachments import uploading
from oncedesk.storage.attachments.files import FileKey, FileMissing, FilesUnreachable
from oncedesk.storage.attachments.serving import AttachmentUnknown, Span, serve
from oncedesk.storage.attachments.sweeping import FAILURES_MAX, SWEPT_AT_ONCE
from oncedesk.storage.attachments.uploading import (
    UNATTACHED_MAX,
    AttachmentRefused,
    Upload,
    Uploaded,
)
from oncedesk.storage.marks import marks_of
from oncedesk.storage.retention import overwrite_old_texts
from oncedesk.storage.views.personal_data import kept_about, write_files
from oncedesk.storage.views.readers import Reader
from oncedesk.wiring import Parts, build
from tests.support.dying import EXIT_CODE
from tests.support.engines import ADMIN, Outside, consumer, contact, party
from tests.support.pictures import PDF, PLACE, mp4, picture, qr_picture

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
SHOP, OTHER_SHOP = (Desk(DeskKind.MERCHANT, party(number)) for number in (50, 51))
AT_SHOP, COLLEAGUE, AT_OTHER, AT_PLATFORM = (
    Actor(Role.AGENT, derived_id("agent", name)) for name in ("shop", "2", "other", "platform")
)
DESKS = {AT_SHOP: SHOP, COLLEAGUE: SHOP, AT_OTHER: OTHER_SHOP, AT_PLATFORM: PLATFORM}
JPEG = picture("JPEG", secret=True)


@pytest.fixture
async def parts(url: str, tmp_path: Path) -> AsyncIterator[Parts]:
    clock = SimulatedClock(NOW)
    async with build(url, settings=Settings(home=tmp_path), clock=clock) as built:
        yield built


async def pieces(content: bytes, size: int = 7_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def take(
    parts: Parts,
    content: bytes = JPEG,
    *,
    actor: Actor | None = None,
    number: int = 1,
    name: str = "photo.jpg",
    declared: str = "",
    rule: AttachmentRule = ATTACHMENT_DEFAULT,
) -> Uploaded:
    upload = Upload(
        actor=actor or consumer(number),
        consumer=party(number),
        conversation=contact(number).target().id,
        name=name,
        declared=declared,
    )
    return await parts.uploads.take(upload, pieces(content), rule=rule)


async def say(
    parts: Parts,
    *ids: UUID,
    number: int = 1,
    command: Any = None,
    actor: Actor | None = None,
    key: str | None = None,
    text: str = "见图",
) -> Answer:
    """Say something with these files, as a route does: what is known of them is looked up here."""
    command = command or contact(number, issue="quality", merchant=party(50))
    actor, key = actor or consumer(number), key or uuid4().hex
    seal = parts.engine.entry.seal(text)
    command = replace(command, digest=seal.digest, length=seal.length)
    message = parts.engine.entry.command_id(principal="tests", key=key, target=command.target())
    seen = await parts.uploads.seen(
        ids, consumer=party(number), message=message, now=parts.engine.clock()
    )
    return await parts.engine.submit(
        command, principal="tests", key=key, actor=actor, text=text, attachments=seen
    )


def post(number: int = 1, **changes: Any) -> PostMessage:
    values: dict[str, Any] = {
        "agent": AT_SHOP.id,
        "audience": Audience.CONSUMER,
        "digest": b"",
        "length": 0,
        **changes,
    }
    return PostMessage(
        consumer=party(number), conversation=contact(number).target().id, case=1, **values
    )


async def at_shop(parts: Parts, number: int = 1) -> None:
    """A consumer's case lies with a shop; four agents at three desks are there."""
    engine = parts.engine
    there = ReportLoad(desk=SHOP, waiting=0, oldest_wait_seconds=0, staffed=True, at=NOW)
    steps: list[Any] = [OpenDesk(desk=SHOP, market="cn"), there]
    for actor, desk in DESKS.items():
        assert actor.id is not None
        steps.append(RegisterAgent(agent=actor.id))
        steps.append(JoinDesk(agent=actor.id, desk=desk, role=DeskRole.AGENT, starts_at=NOW))
    for step in steps:
        assert (await engine.submit(step, principal="t", key=uuid4().hex, actor=SYSTEM)).accepted
    assert (await say(parts, number=number)).accepted
    given = AssignCase(
        consumer=party(number),
        conversation=contact(number).target().id,
        case=1,
        agent=AT_SHOP.id or uuid4(),
    )
    assert (await engine.submit(given, principal="t", key=uuid4().hex, actor=SYSTEM)).accepted


async def content(parts: Parts, id_: UUID, actor: Actor, *, number: int = 1, **more: Any) -> bytes:
    served = await serve(
        parts.pool,
        parts.codec,
        parts.files,
        parts.views.cases,
        actor=actor,
        consumer=party(number),
        attachment=id_,
        now=parts.engine.clock(),
        **more,
    )
    return b"".join([chunk async for chunk in served.content])


async def may_see(parts: Parts, id_: UUID, *actors: Actor) -> list[bool]:
    found = []
    for actor in actors:
        try:
            found.append(bool(await content(parts, id_, actor)))
        except AttachmentUnknown:
            found.append(False)
    return found


def files_in(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


async def test_a_file_goes_in_and_comes_out_without_what_it_gives_away(
    parts: Parts, tmp_path: Path
) -> None:
    taken = await take(parts, name="../我家.png", declared="image/jpeg")
    assert (taken.name, taken.media, taken.code) == ("我家.jpg", "image/jpeg", False)
    assert (taken.width, taken.height) == (60, 40)
    assert (await say(parts, taken.id)).accepted
    out = await content(parts, taken.id, consumer(1))
    assert len(out) == taken.size
    assert PLACE in JPEG
    assert PLACE not in out
    part = await content(parts, taken.id, consumer(1), span=Span(5, 9))
    assert part == out[5:9]
    assert await content(parts, taken.id, consumer(1), span=Span(9, 5)) == b""
    assert await content(parts, taken.id, consumer(1), span=Span(1 << 40, 1 << 41)) == b""
    assert len(files_in(tmp_path)) == 1


@pytest.mark.parametrize(
    ("sent", "more", "code"),
    [
        (b"<svg onload=alert(1)>" + bytes(50), {}, "attachment_type_unknown"),
        (b"x", {}, "attachment_type_unknown"),
        (b"", {}, "attachment_empty"),
        (JPEG, {"declared": "image/png"}, "attachment_type_mismatch"),
        (PDF, {"declared": "image/jpeg"}, "attachment_type_mismatch"),
        (JPEG[:-40], {}, "attachment_damaged"),
        (b"\xff\xd8\xff" + os.urandom(500), {}, "attachment_damaged"),
        (
            JPEG,
            {"rule": replace(ATTACHMENT_DEFAULT, image_bytes_max=500)},
            "attachment_too_large",
        ),
        (
            mp4(9_000),
            {"rule": replace(ATTACHMENT_DEFAULT, video_bytes_max=8_000)},
            "attachment_too_large",
        ),
        (JPEG, {"actor": consumer(2)}, "not_allowed"),
        (JPEG, {"actor": AT_SHOP}, "not_allowed"),
        (JPEG, {"actor": SYSTEM}, "not_allowed"),
        (JPEG, {"actor": Actor(Role.AGENT)}, "not_allowed"),
    ],
)
async def test_what_is_refused_leaves_nothing_behind(
    parts: Parts, url: str, tmp_path: Path, sent: bytes, more: Any, code: str
) -> None:
    with pytest.raises(AttachmentRefused) as refused:
        await take(parts, sent, **more)
    assert refused.value.code == code
    assert files_in(tmp_path) == []
    async with Outside(url) as outside:
        assert await outside.value("SELECT count(*) FROM attachment") == 0


async def test_a_sender_who_goes_away_leaves_nothing_behind(
    parts: Parts, url: str, tmp_path: Path
) -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield JPEG[:500]
        raise ConnectionResetError

    upload = Upload(
        actor=consumer(1),
        consumer=party(1),
        conversation=contact(1).target().id,
        name="x.jpg",
    )
    with pytest.raises(ConnectionResetError):
        await parts.uploads.take(upload, breaks(), rule=ATTACHMENT_DEFAULT)
    assert files_in(tmp_path) == []
    async with Outside(url) as outside:
        assert await outside.value("SELECT count(*) FROM attachment") == 0


async def test_where_no_file_can_be_kept_none_is_there(parts: Parts, tmp_path: Path) -> None:
    (tmp_path / "files").write_text("no folder")
    with pytest.raises(FilesUnreachable):
        await take(parts)
    (tmp_path / "files").unlink()
    clock = parts.engine.clock
    assert isinstance(clock, SimulatedClock)
    clock.jump(NOW + timedelta(hours=25))
    assert await parts.file_sweep.run() == 2


async def test_where_the_disk_lets_nobody_write_any_more_that_is_told(
    parts: Parts, tmp_path: Path, url: str
) -> None:
    (tmp_path / "incoming").write_text("no folder")
    with pytest.raises(FilesUnreachable):
        await take(parts)
    async with Outside(url) as outside:
        assert await outside.value("SELECT count(*) FROM attachment") == 0


async def test_what_could_not_be_kept_takes_no_room_and_nobodys_turn(
    parts: Parts, tmp_path: Path
) -> None:
    (tmp_path / "files").write_text("no folder")
    for _ in range(UNATTACHED_MAX):
        with pytest.raises(FilesUnreachable):
            await take(parts, PDF)
    assert files_in(tmp_path) == [tmp_path / "files"]
    (tmp_path / "files").unlink()
    await take(parts, PDF)


@pytest.mark.parametrize("content", [PDF, JPEG])
async def test_a_full_disk_is_told_as_such_and_nothing_is_left(
    parts: Parts, tmp_path: Path, url: str, content: bytes
) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, before[1]))
    try:
        with pytest.raises(FilesUnreachable):
            await take(parts, content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert files_in(tmp_path) == []
    async with Outside(url) as outside:
        assert await outside.value("SELECT count(*) FROM attachment") == 0


async def test_the_last_of_the_disk_is_left_to_the_database(
    parts: Parts, tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named files are many, too: whoever sends them one after the other ends there."""
    monkeypatch.setattr(uploading, "DISK_KEPT_BYTES", 1 << 60)
    monkeypatch.setattr(uploading, "DISK_KEPT_SHARE", 1)
    with pytest.raises(FilesUnreachable):
        await take(parts, PDF)
    assert files_in(tmp_path) == []
    async with Outside(url) as outside:
        assert await outside.value("SELECT count(*) FROM attachment") == 0
    monkeypatch.undo()
    await take(parts, PDF)


async def test_nobody_fills_the_disk_with_what_no_message_names(parts: Parts) -> None:
    for _ in range(UNATTACHED_MAX):
        await take(parts, PDF)
    with pytest.raises(AttachmentRefused, match="attachments_too_many"):
        await take(parts, PDF)
    await take(parts, PDF, number=2)


async def test_nobody_fills_the_disk_with_what_messages_name(url: str, tmp_path: Path) -> None:
    clock, video = SimulatedClock(NOW), mp4(400 << 10)
    settings = Settings(home=tmp_path, upload_day_bytes_max=1 << 20)
    async with build(url, settings=settings, clock=clock) as parts:
        for _ in range(2):
            assert (await say(parts, (await take(parts, video)).id)).accepted
        kept = files_in(tmp_path)
        # Refused once it is known how large it is; what is small enough still goes.
        with pytest.raises(AttachmentRefused, match=r"attachments_day_full: at most 1048576 bytes"):
            await take(parts, video)
        assert files_in(tmp_path) == kept
        left = (1 << 20) - 2 * len(video)
        assert (await take(parts, mp4(left - len(mp4(0))))).size == left
        with pytest.raises(AttachmentRefused, match="attachments_day_full"):
            await take(parts, PDF)
        await take(parts, video, number=2)
        clock.jump(NOW + timedelta(hours=23, minutes=59))
        with pytest.raises(AttachmentRefused, match="attachments_day_full"):
            await take(parts, PDF)
        clock.jump(NOW + timedelta(hours=24))
        await take(parts, video)


async def test_what_comes_in_side_by_side_is_one_days_too(url: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, upload_day_bytes_max=1 << 20)
    async with build(url, settings=settings, clock=SimulatedClock(NOW)) as parts:
        go_on = asyncio.Event()

        async def held(content: bytes) -> AsyncIterator[bytes]:
            yield content[:100]
            await go_on.wait()
            yield content[100:]

        upload = Upload(
            actor=consumer(1),
            consumer=party(1),
            conversation=contact(1).target().id,
            name="clip.mp4",
        )
        first = asyncio.create_task(
            parts.uploads.take(upload, held(mp4(700 << 10)), rule=ATTACHMENT_DEFAULT)
        )
        await take(parts, mp4(700 << 10))
        go_on.set()
        with pytest.raises(AttachmentRefused, match="attachments_day_full"):
            await first
        assert len(files_in(tmp_path)) == 1


async def test_a_message_names_own_files_of_this_conversation_that_are_there(
    parts: Parts, url: str
) -> None:
    await at_shop(parts)
    own, foreign = await take(parts), await take(parts, number=2)
    theirs = await take(parts, actor=AT_SHOP)
    for ids in (
        (foreign.id,),
        (theirs.id,),
        (uuid4(),),
        (own.id, own.id),
        (own.id, foreign.id),
    ):
        assert (await say(parts, *ids)).code == "attachment_unknown"
    many = [(await take(parts, PDF)).id for _ in range(10)]
    assert (await say(parts, *many)).code == "attachments_too_many"
    assert (await say(parts, own.id, command=post(), actor=AT_SHOP)).code == "attachment_unknown"
    async with Outside(url) as outside:
        assert await outside.value("SELECT count(message) FROM attachment") == 0
        assert (await say(parts, own.id, many[0], text="")).accepted
        marks = await outside.value("SELECT marks FROM message ORDER BY version DESC LIMIT 1")
        assert marks_of(marks).attachments == (own.id, many[0])
        assert await outside.value("SELECT count(message) FROM attachment") == 2
    assert (await say(parts, text="")).code == "message_empty"
    assert (await say(parts, own.id)).code == "attachment_unknown", "it is another message's"


async def test_a_line_that_is_not_said_takes_no_file(parts: Parts, url: str) -> None:
    await at_shop(parts)
    theirs = await take(parts)
    silent = ReturnToQueue(
        consumer=party(1), conversation=contact(1).target().id, case=1, agent=AT_SHOP.id
    )
    seen = await parts.uploads.seen(
        [theirs.id], consumer=party(1), message=uuid4(), now=parts.engine.clock()
    )
    done = await parts.engine.submit(
        silent, principal="tests", key="q", actor=AT_SHOP, attachments=seen
    )
    assert done.accepted
    async with Outside(url) as outside:
        assert await outside.value("SELECT count(message) FROM attachment") == 0


async def test_the_marketplace_brings_its_consumers_files(parts: Parts) -> None:
    taken = await take(parts, actor=MARKETPLACE)
    assert (await say(parts, taken.id, actor=MARKETPLACE)).accepted
    assert await may_see(parts, taken.id, consumer(1), MARKETPLACE, consumer(2)) == [
        True,
        True,
        False,
    ]


async def test_the_same_again_gets_the_same_answer_and_other_files_do_not(parts: Parts) -> None:
    one, other = await take(parts), await take(parts)
    first = await say(parts, one.id, key="once")
    again = await say(parts, one.id, key="once")
    assert (first.accepted, again.accepted, again.duplicate) == (True, True, True)
    assert (await say(parts, other.id, key="once")).code == "idempotency_key_reused"
    assert (await say(parts, key="once")).code == "idempotency_key_reused"
    assert (await privacy.erase(parts.engine, party(1), market="cn", key="x")).accepted
    assert (await say(parts, one.id, key="once")).duplicate


async def test_the_audience_of_its_message_says_who_sees_a_file(parts: Parts) -> None:
    await at_shop(parts)
    everybody = (
        *(consumer(1), consumer(2), AT_SHOP, COLLEAGUE, AT_OTHER),
        *(AT_PLATFORM, ADMIN, MARKETPLACE, SYSTEM),
    )
    seen = {
        Audience.CONSUMER: [True, False, True, True, False, True, True, True, False],
        Audience.DESKS: [False, False, True, True, False, True, True, False, False],
        Audience.INTERNAL: [False, False, True, True, False, False, True, False, False],
    }
    for audience, expected in seen.items():
        taken = await take(parts, actor=AT_SHOP)
        before = await may_see(parts, taken.id, *everybody)
        assert before == [actor in (AT_SHOP, ADMIN) for actor in everybody]
        said = await say(parts, taken.id, command=post(audience=audience), actor=AT_SHOP)
        assert said.accepted, said
        assert await may_see(parts, taken.id, *everybody) == expected, audience


@pytest.fixture(params=["UPDATE message SET marks = marks", "UPDATE message SET marks = NULL"])
async def noted(url: str, request: pytest.FixtureRequest) -> AsyncIterator[Callable[[], Any]]:
    """Also of a note of which was not recorded in which desk's name it was written."""
    async with Outside(url) as outside:
        yield lambda: outside.run(request.param)


async def test_a_notes_file_does_not_follow_its_author_to_another_desk(
    parts: Parts, noted: Callable[[], Any]
) -> None:
    await at_shop(parts)
    clock = parts.engine.clock
    assert isinstance(clock, SimulatedClock)
    assert AT_SHOP.id is not None
    file = await take(parts, actor=AT_SHOP)
    note = post(audience=Audience.INTERNAL)
    assert (await say(parts, file.id, command=note, actor=AT_SHOP)).accepted
    await noted()
    clock.jump(NOW + timedelta(hours=1))
    joins = JoinDesk(
        agent=AT_SHOP.id, desk=OTHER_SHOP, role=DeskRole.AGENT, starts_at=NOW + timedelta(hours=1)
    )
    assert (await parts.engine.submit(joins, principal="t", key="joins", actor=SYSTEM)).accepted
    clock.jump(NOW + timedelta(hours=2))
    assert await may_see(parts, file.id, COLLEAGUE, AT_OTHER, AT_SHOP) == [True, False, True]


async def notes_read_by(parts: Parts, agent: Actor) -> int:
    reader = Reader(agent, (DESKS[agent],))
    seen = await parts.views.cases.conversation(
        reader=reader, consumer=party(1), conversation=contact(1).target().id
    )
    page = await parts.views.thread.page(reader=reader, seen=seen, after=0, limit=100)
    return sum(one.audience is Audience.INTERNAL for one in page)


async def test_a_desk_keeps_a_note_and_its_file_when_the_author_leaves(
    parts: Parts, noted: Callable[[], Any]
) -> None:
    await at_shop(parts)
    clock = parts.engine.clock
    assert isinstance(clock, SimulatedClock)
    assert AT_SHOP.id is not None
    file = await take(parts, actor=AT_SHOP)
    note = post(audience=Audience.INTERNAL)
    assert (await say(parts, file.id, command=note, actor=AT_SHOP)).accepted
    await noted()
    later = NOW + timedelta(hours=1)
    clock.jump(later)
    for step in (
        LeaveDesk(agent=AT_SHOP.id, desk=SHOP),
        JoinDesk(agent=AT_SHOP.id, desk=OTHER_SHOP, role=DeskRole.AGENT, starts_at=later),
    ):
        key = type(step).__name__
        assert (await parts.engine.submit(step, principal="t", key=key, actor=SYSTEM)).accepted
    clock.jump(NOW + timedelta(hours=2))
    assert await notes_read_by(parts, COLLEAGUE) == 1
    assert await may_see(parts, file.id, COLLEAGUE, AT_OTHER) == [True, False]


async def test_a_file_is_looked_for_under_its_own_consumer_only(parts: Parts) -> None:
    taken = await take(parts)
    assert (await say(parts, taken.id)).accepted
    with pytest.raises(AttachmentUnknown):
        await content(parts, taken.id, consumer(2), number=2)


async def test_a_code_that_leads_elsewhere_is_blocked_or_flagged(parts: Parts, url: str) -> None:
    await at_shop(parts)
    code, ours = qr_picture("https://u.wechat.com/abc"), qr_picture("https://oncedesk.example/x")
    theirs = await take(parts, code, actor=AT_SHOP)
    assert theirs.code
    blocked = await say(parts, theirs.id, command=post(), actor=AT_SHOP)
    assert (blocked.code, blocked.detail) == (
        "message_blocked",
        "code (cn/gate/code@2024-01-01)",
    )
    helping = await take(parts, ours, actor=AT_SHOP)
    assert not helping.code
    assert (await say(parts, helping.id, command=post(), actor=AT_SHOP)).accepted
    own = await take(parts, code)
    assert (await say(parts, own.id)).accepted
    async with Outside(url) as outside:
        assert await outside.column("SELECT kinds FROM flag") == ["code"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("加微信abc123.jpg", "file.jpg"),
        ("call 138-1234-5678.jpeg", "file.jpg"),
        ("138:1234:5678.jpg", "file.jpg"),
        ("shop.com.png", "file.jpg"),
        ("IMG_20261129_123456.jpg", "IMG_20261129_123456.jpg"),
        ("破损照片 3.jpg", "破损照片 3.jpg"),
    ],
)
async def test_a_name_says_nothing_that_a_message_may_not(
    parts: Parts, name: str, shown: str
) -> None:
    assert (await take(parts, name=name)).name == shown


async def _erased(url: str) -> list[tuple[Any, ...]]:
    async with Outside(url) as outside:
        return await outside.rows(
            "SELECT name, sha256, erased_at IS NOT NULL, gone_at IS NOT NULL FROM attachment"
        )


async def test_erasing_takes_a_consumers_files_and_nobody_elses(
    parts: Parts, url: str, tmp_path: Path
) -> None:
    own, waiting, other = await take(parts), await take(parts), await take(parts, number=2)
    assert (await say(parts, own.id)).accepted
    assert (await say(parts, other.id, number=2)).accepted
    assert (await privacy.erase(parts.engine, party(1), market="cn", key="x")).accepted
    for id_ in (own.id, waiting.id):
        assert await may_see(parts, id_, consumer(1), ADMIN) == [False, False]
    assert len(files_in(tmp_path)) == 3
    assert await parts.file_sweep.run() == 2
    assert len(files_in(tmp_path)) == 1
    assert await content(parts, other.id, consumer(2), number=2)
    rows = await _erased(url)
    assert rows.count((None, None, True, True)) == 2
    assert await parts.file_sweep.run() == 0
    replay = await parts.replay()
    for report in (await replay.check(), await replay.decide()):
        assert report.differences == []


async def _dies_at(point: str, *, url: str, home: Path) -> None:
    """A process takes a file, has it erased and sweeps; it is gone at this very moment."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.dying", url, str(home), point
    )
    assert await process.wait() == EXIT_CODE


@pytest.mark.parametrize("point", ["before_file", "after_file"])
async def test_what_a_process_was_taking_when_it_died_expires(
    url: str, tmp_path: Path, point: str
) -> None:
    await _dies_at(point, url=url, home=tmp_path)
    assert len(files_in(tmp_path)) == 1, "a part of it, or all of it"
    async with Outside(url) as outside:
        left = await outside.value("SELECT id FROM attachment WHERE stored_at IS NULL")
    clock = SimulatedClock(NOW)
    async with build(url, settings=Settings(home=tmp_path), clock=clock) as parts:
        assert await may_see(parts, left, consumer(1), ADMIN) == [False, False]
        assert (await say(parts, left)).code == "attachment_unknown"
        assert await parts.file_sweep.run() == 0
        clock.jump(NOW + timedelta(hours=25))
        assert await parts.file_sweep.run() == 2, "it expired, and was deleted"
        assert files_in(tmp_path / "files") == []
        clock.jump(datetime.now(UTC) + timedelta(hours=25))
        assert await parts.file_sweep.sweep_orphans() == (point == "before_file")
        assert files_in(tmp_path) == []


async def test_a_process_that_died_between_file_and_row_is_followed_by_one_that_sweeps_again(
    url: str, tmp_path: Path
) -> None:
    await _dies_at("after_files_deleted", url=url, home=tmp_path)
    assert files_in(tmp_path) == []
    assert await _erased(url) == [(None, None, True, False)]
    clock = SimulatedClock(NOW)
    async with build(url, settings=Settings(home=tmp_path), clock=clock) as parts:
        assert await parts.file_sweep.run() == 1
        assert await _erased(url) == [(None, None, True, True)]
        assert await parts.file_sweep.run() == 0


async def test_many_files_under_a_hold_do_not_keep_those_of_others(parts: Parts, url: str) -> None:
    clock = parts.engine.clock
    assert isinstance(clock, SimulatedClock)
    known = RegisterParty(party=party(2), kind=PartyKind.CONSUMER, market="cn")
    await parts.engine.submit(known, principal="t", key="known", actor=SYSTEM)
    hold = PlaceHold(party=party(2), reason="case-7")
    assert (await parts.engine.submit(hold, principal="t", key="hold", actor=ADMIN)).accepted
    async with Outside(url) as outside:
        await outside.run(
            "INSERT INTO attachment (bucket, id, consumer, conversation, uploader, at, name, media,"
            " size, sha256, stored_at) SELECT $1, gen_random_uuid(), $2::uuid, $3,"
            " 'consumer:' || $2::uuid, $4, 'x', 'application/pdf', 1, '\\x00', $4"
            " FROM generate_series(0, $5)",
            bucket_of(party(2)),
            party(2),
            contact(2).target().id,
            NOW,
            2 * SWEPT_AT_ONCE,
        )
    clock.jump(NOW + timedelta(minutes=1))
    loose = await take(parts)
    clock.jump(NOW + timedelta(days=2))
    assert await parts.file_sweep.run() == 2, "it expired, and was deleted"
    assert await may_see(parts, loose.id, consumer(1)) == [False]


async def test_what_no_message_names_expires_unless_it_is_held(parts: Parts, url: str) -> None:
    clock = parts.engine.clock
    assert isinstance(clock, SimulatedClock)
    for number in (1, 2):
        known = RegisterParty(party=party(number), kind=PartyKind.CONSUMER, market="cn")
        await parts.engine.submit(known, principal="t", key=f"r{number}", actor=SYSTEM)
    hold = PlaceHold(party=party(2), reason="case-7")
    assert (await parts.engine.submit(hold, principal="t", key="h", actor=ADMIN)).accepted
    named, loose, held = await take(parts), await take(parts), await take(parts, number=2)
    assert (await say(parts, named.id)).accepted
    clock.jump(NOW + timedelta(hours=23, minutes=30))
    assert await parts.file_sweep.run() == 0
    assert (await say(parts, loose.id)).code == "attachment_unknown", "too late to name it"
    clock.jump(NOW + timedelta(hours=24, seconds=1))
    assert await parts.file_sweep.run() == 2
    assert await may_see(parts, loose.id, consumer(1), ADMIN) == [False, False]
    assert await may_see(parts, named.id, consumer(1)) == [True]
    assert await content(parts, held.id, ADMIN, number=2)
    lift = LiftHold(party=party(2), reason="case-7")
    assert (await parts.engine.submit(lift, principal="t", key="l", actor=ADMIN)).accepted
    assert await parts.file_sweep.run() == 2


async def test_files_expire_with_the_texts_they_came_with(parts: Parts, tmp_path: Path) -> None:
    for number in (1, 2):
        taken = await take(parts, number=number)
        assert (await say(parts, taken.id, number=number)).accepted
    withdraw = WithdrawClaim(consumer=party(1), conversation=contact(1).target().id, case=1)
    done = await parts.engine.submit(withdraw, principal="t", key="w", actor=consumer(1))
    assert done.accepted
    later = NOW + timedelta(days=1)
    over = await overwrite_old_texts(
        parts.pool,
        parts.codec,
        messages_before={"cn": later},
        parked_before=later,
        reveals_before=later,
        now=later,
    )
    assert (over.messages, over.attachments) == (1, 1), "the other's case is open"
    assert await parts.file_sweep.run() == 1
    assert len(files_in(tmp_path)) == 1


async def test_a_file_that_no_row_speaks_of_is_swept_when_it_is_old(
    parts: Parts, tmp_path: Path
) -> None:
    clock = parts.engine.clock
    assert isinstance(clock, SimulatedClock)
    kept = await take(parts)
    orphan = tmp_path / "files" / "0ab" / uuid4().hex
    orphan.parent.mkdir(exist_ok=True)
    part, readme = tmp_path / "incoming" / "x.part", tmp_path / "files" / "readme.txt"
    for path in (orphan, part, readme):
        path.write_bytes(b"x")
    clock.jump(datetime.now(UTC))
    assert await parts.file_sweep.sweep_orphans() == 0
    clock.jump(datetime.now(UTC) + timedelta(hours=25))
    assert await parts.file_sweep.sweep_orphans() == 2
    assert (orphan.exists(), part.exists(), readme.exists()) == (False, False, True)
    assert await content(parts, kept.id, consumer(1))


async def test_files_that_cannot_be_deleted_do_not_keep_the_others(
    parts: Parts, url: str, tmp_path: Path
) -> None:
    clock = parts.engine.clock
    assert isinstance(clock, SimulatedClock)
    taken = [await take(parts) for _ in range(FAILURES_MAX + 1)]
    stuck = [path for path in files_in(tmp_path / "files") if path.name != taken[-1].id.hex]
    assert len(stuck) == FAILURES_MAX
    for path in stuck:
        path.unlink()
        path.mkdir()
    async with Outside(url) as outside:
        for number, one in enumerate(taken):
            await outside.run(
                "UPDATE attachment SET erased_at = $2 WHERE id = $1",
                one.id,
                NOW + timedelta(seconds=number),
            )
        assert [await parts.file_sweep.run() for _ in range(2)] == [0, 1]
        assert parts.file_sweep.failing == FAILURES_MAX
        for path in stuck:
            path.rmdir()
        clock.jump(NOW + timedelta(hours=1))
        assert await parts.file_sweep.run() == FAILURES_MAX
        left = "SELECT count(*) FROM attachment WHERE gone_at IS NULL"
        assert await outside.value(left) == 0


async def test_an_upload_that_ends_meanwhile_does_not_stop_the_sweep(
    parts: Parts, tmp_path: Path
) -> None:
    """Its file has another name by the time it is looked at."""
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / "moved.part").symlink_to(tmp_path / "moved")
    (tmp_path / "incoming" / "old.part").write_bytes(b"x")
    clock = parts.engine.clock
    assert isinstance(clock, SimulatedClock)
    clock.jump(datetime.now(UTC) + timedelta(hours=25))
    assert await parts.file_sweep.sweep_orphans() == 1


async def test_a_copy_has_files_with_long_names_and_is_whole_or_not_there(
    parts: Parts, tmp_path: Path
) -> None:
    names = ("图" * 100 + ".jpg", "short.jpg")
    taken = [await take(parts, name=name) for name in names]
    assert (await say(parts, *(one.id for one in taken))).accepted
    kept = await kept_about(parts.pool, parts.codec, consumer=party(1), actor=ADMIN)
    folder = tmp_path / "copy"
    await write_files(parts.files, kept, folder=folder)
    written = sorted(path.name[len(str(taken[0].id)) + 1 :] for path in folder.iterdir())
    assert written == ["short.jpg", "图" * 66 + ".jpg"]
    await parts.files.delete(FileKey(bucket_of(party(1)), taken[1].id))
    with pytest.raises(FileMissing):
        await write_files(parts.files, kept, folder=tmp_path / "again")
    assert not (tmp_path / "again").exists()


async def test_a_copy_has_the_files_that_its_reader_may_have(parts: Parts, tmp_path: Path) -> None:
    await at_shop(parts)
    own, note, answer = (
        await take(parts, name="own.jpg"),
        await take(parts, PDF, actor=AT_SHOP, name="note.pdf"),
        await take(parts, PDF, actor=AT_SHOP, name="answer.pdf"),
    )
    assert (await say(parts, own.id)).accepted
    internal = post(audience=Audience.INTERNAL)
    for file, command, words in ((note, internal, "内部备注"), (answer, post(), "请看附件")):
        said = await say(parts, file.id, command=command, actor=AT_SHOP, text=words)
        assert said.accepted
    copies = {}
    for actor in (ADMIN, consumer(1)):
        kept = await kept_about(parts.pool, parts.codec, consumer=party(1), actor=actor)
        copies[actor.role] = kept
        folder = tmp_path / f"copy-{actor.role}"
        await write_files(parts.files, kept, folder=folder)
        written = {path.name.partition("-own")[0][-8:]: path for path in folder.iterdir()}
        assert len(written) == len(kept.attachments)
        for one in kept.attachments:
            path = folder / f"{one.id}-{one.name}"
            assert path.stat().st_size == one.size
        with pytest.raises(FileExistsError):
            await write_files(parts.files, kept, folder=folder)
    everything, theirs = copies[Role.ADMIN], copies[Role.CONSUMER]
    assert {one.name for one in everything.attachments} == {"own.jpg", "note.pdf", "answer.pdf"}
    assert {one.name for one in theirs.attachments} == {"own.jpg", "answer.pdf"}
    assert {one.text for one in everything.messages} - {one.text for one in theirs.messages} == {
        "内部备注"
    }
    hashes = {one.id: one.sha256 for one in theirs.attachments}
    assert hashes == {own.id: own.sha256.hex(), answer.id: answer.sha256.hex()}


async def test_a_sweep_without_its_database_is_interrupted_and_no_bug(parts: Parts) -> None:
    await parts.pool.close()
    with pytest.raises(ConnectionLost):
        await parts.file_sweep.run()
