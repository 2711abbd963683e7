"""The live view: true numbers, bounded, masked; and it only looks."""

import asyncio
import io
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from rich.console import Console

from oncedesk.domain.agents.messages import (
    DeskRole,
    JoinDesk,
    Presence,
    RegisterAgent,
    SetPresence,
    SetSkills,
)
from oncedesk.domain.conversations.messages import CaseOpened, MessagePosted
from oncedesk.domain.desks.messages import OpenDesk
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.instants import settle
from oncedesk.engine.running import utc_now
from oncedesk.operation.looking import Look, Onlooker, OtherSchema, onlooker
from oncedesk.operation.screen import NOTHING_YET, Chosen, Frame, View, next_choice
from oncedesk.settings import Settings
from oncedesk.storage.backlogs import Backlog, Backlogs, Webhooks
from oncedesk.storage.database import onlooking_pool
from oncedesk.storage.embedded import running_at
from oncedesk.storage.views import overview as view
from oncedesk.storage.views import standing
from oncedesk.storage.views.overview import DeskStanding, NotAnOperator, Overview, overview
from oncedesk.wiring import Parts, build
from tests.support.engines import Outside, Rig, builtin_packs, contact, engine_on, party, within
from tests.support.homes import end_all, fresh_home, processes_of
from tests.support.lines import line_to

SOON = timedelta(minutes=15)
ADMIN = Actor(Role.ADMIN)
WORDS = "a purple elephant"
MAIN = "from oncedesk.cli.main import main; main()"
ROOM = {"COLUMNS": "120", "LINES": "40"}


async def platform(rig: Rig, *, agents: int, capacity: int) -> None:
    """The platform's desk, with so many who can take so much."""
    commands: list[Any] = [OpenDesk(desk=PLATFORM, market="cn")]
    skill = builtin_packs().at(utc_now()).current("cn").issue("refund").skill
    for number in range(agents):
        who = party(10_000 + number)
        commands += [
            RegisterAgent(agent=who, capacity=capacity),
            JoinDesk(agent=who, desk=PLATFORM, role=DeskRole.AGENT, starts_at=utc_now()),
            SetSkills(agent=who, skills=(skill,), languages=("zh",)),
            SetPresence(agent=who, presence=Presence.AVAILABLE),
        ]
    for command in commands:
        assert (await within(rig.submit(command))).accepted


async def looked(url: str, *, soon: timedelta = SOON) -> Overview:
    async with onlooker(url, soon=soon) as looking:
        return (await looking.look()).overview


def drawn(look: Look, chosen: Chosen | None = None, *, width: int = 120) -> str:
    console = Console(width=width, height=50, file=io.StringIO())
    with console.capture() as captured:
        console.print(Frame(look, chosen or Chosen(), place="here"))
    return captured.get()


async def test_tells_how_a_desk_stands(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        # Packs are stored by `build`; here the skills are told.
        await platform(rig, agents=2, capacity=3)
        await rig.all([contact(number) for number in range(20)], actor=MARKETPLACE)
        await within(settle(rig.engine))
        skills = await outside.column("SELECT DISTINCT skill FROM inbox")
        pool = await onlooking_pool(url)
        now = utc_now()

        async def seen(soon: timedelta, at: Any = now) -> Overview:
            return await overview(pool, rig.codec, actor=ADMIN, skills=skills, now=at, soon=soon)

        try:
            found = await seen(timedelta(0))
            (desk,) = found.desks
            assert (desk.desk, desk.market, found.known) == (PLATFORM, "cn", 1)
            assert (desk.waiting, desk.assigned, desk.capped) == (14, 6, False)
            assert (desk.agents, desk.on_duty, desk.load, desk.room) == (2, 2, 6, 0)
            assert (desk.at_risk, desk.overdue) == (0, 0)
            oldest = await outside.value("SELECT min(queued_at) FROM inbox WHERE status='queued'")
            assert desk.oldest == oldest
            assert (await seen(timedelta(days=30))).desks[0].at_risk == 20
            later = (await seen(SOON, now + timedelta(days=30))).desks[0]
            assert (later.overdue, later.at_risk) == (20, 0)
            assert [one.kind for one in found.happenings[-1:]] == ["desk"]
            assert len(found.happenings) == await outside.value("SELECT count(*) FROM journal")
        finally:
            pool.terminate()


async def test_what_is_many_is_counted_up_to_a_bound(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "QUEUED_MAX", 32)
    monkeypatch.setattr(view, "DESKS_SHOWN", 3)
    async with engine_on(url) as rig, Outside(url) as outside:
        await platform(rig, agents=0, capacity=1)
        desks = [Desk(DeskKind.MERCHANT, uuid4()) for _ in range(5)]
        await rig.all([OpenDesk(desk=desk, market="cn") for desk in desks])
        await rig.all([contact(number) for number in range(100)], actor=MARKETPLACE)
        skills = await outside.column("SELECT DISTINCT skill FROM inbox")
        pool = await onlooking_pool(url)
        found = await overview(
            pool, rig.codec, actor=ADMIN, skills=skills, now=utc_now(), soon=SOON
        )
        pool.terminate()
    assert (len(found.desks), found.known) == (3, 6)
    assert found.desks[0].desk == PLATFORM
    assert found.desks[0].capped
    assert found.desks[0].waiting == 32
    text = drawn(_look(found))
    assert "32+" in text
    assert "the 3 busiest of 6 desks" in text


async def test_only_an_operator_sees_all_desks(url: str) -> None:
    async with engine_on(url) as rig:
        pool = await onlooking_pool(url)
        for role in (Role.AGENT, Role.CONSUMER, Role.MARKETPLACE):
            with pytest.raises(NotAnOperator):
                await overview(
                    pool,
                    rig.codec,
                    actor=Actor(role, uuid4()),
                    skills=(),
                    now=utc_now(),
                    soon=SOON,
                )
        pool.terminate()


async def test_an_onlooker_cannot_write(url: str) -> None:
    pool = await onlooking_pool(url)
    with pytest.raises(Exception, match="read-only"):
        await pool.execute("DELETE FROM state")
    pool.terminate()


async def test_no_frame_reads_a_table_whole(url: str) -> None:
    async with Outside(url) as outside:
        await outside.run("SET enable_seqscan = off")
        for statement, what in (
            (view._DESKS.replace("$1", "9"), "state_desk"),
            (view._HAPPENINGS.replace("$1", "'(7,0)'").replace("$2", "9"), "Tid Range Scan"),
        ):
            plan = await outside.column(f"EXPLAIN (COSTS off) {statement}")
            assert any(what in line for line in plan), plan
        await outside.run(f"PREPARE queues AS {standing._STANDINGS}")
        await outside.run("SET enable_bitmapscan = off; SET enable_sort = off")
        plan = await outside.column(
            "EXPLAIN (COSTS off) EXECUTE queues('{1}', ARRAY[gen_random_uuid()], '{0}', "
            "'{queued}', '{9}', now(), now())"
        )
        assert any("Index Scan using inbox_queue" in line for line in plan), plan
        assert any("Limit" in line for line in plan), plan


async def test_an_empty_installation_says_what_to_do(url: str) -> None:
    text = drawn(_look(await looked(url)))
    for line in NOTHING_YET:
        assert line in text


async def test_events_are_told_without_texts_or_names(url: str) -> None:
    merchant = uuid4()
    async with build(url, settings=Settings(home=Path("/nowhere"))) as parts:
        await _case(parts, merchant)
    found = await looked(url)
    events = [type(event) for one in found.happenings for event in one.events]
    assert CaseOpened in events
    assert MessagePosted in events
    text = drawn(_look(found), Chosen(view=View.EVENTS), width=400)
    assert "CaseOpened(" in text
    assert "MessagePosted(" in text
    for told in (WORDS, str(party(1)), str(merchant), "+86"):
        assert told not in text


async def _case(parts: Parts, merchant: Any) -> None:
    seal = parts.engine.entry.seal(WORDS)
    command = contact(1, digest=seal.digest, length=seal.length)
    for one, text in ((OpenDesk(desk=Desk(DeskKind.MERCHANT, merchant), market="cn"), None),):
        await within(parts.engine.submit(one, principal="t", key="d", actor=MARKETPLACE, text=text))
    answer = await within(
        parts.engine.submit(command, principal="t", key="1", actor=MARKETPLACE, text=WORDS)
    )
    assert answer.accepted


def _look(seen: Overview, *, per_second: float | None = 12.0, **backlogs: Any) -> Look:
    nothing = {
        "parked_commands": 0,
        "parked_reactions": 0,
        "reactions": Backlog(0, 0.0),
        "outbox": Backlog(0, 0.0),
        "webhooks": (),
        "wake_late_seconds": 0.0,
    }
    return Look(overview=seen, backlogs=Backlogs(**{**nothing, **backlogs}), per_second=per_second)


def _seen(desks: Sequence[DeskStanding], **changes: Any) -> Overview:
    return Overview(
        **{
            "at": utc_now(),
            "desks": tuple(desks),
            "known": len(desks),
            "agents_capped": False,
            "happenings": (),
            "recorded": 7,
            **changes,
        }
    )


def test_what_goes_wrong_is_on_the_screen() -> None:
    desk = DeskStanding(
        desk=PLATFORM, market="cn", staffed=True, surge=True, waiting=1234, overdue=5
    )
    look = _look(
        _seen([desk], known=5000, agents_capped=True),
        parked_commands=600,
        parked_reactions=600,
        outbox=Backlog(1000, 7300.0),
        webhooks=(Webhooks(DeskKind.PLATFORM, 3, 7300.0), Webhooks(DeskKind.MERCHANT, 1, 90.0)),
        wake_late_seconds=200.0,
    )
    text = drawn(look)
    for told in (
        "parked 1,000+",
        "outbox 1,000+ (oldest 2 h)",
        "webhooks late 2 h",
        "clocks late 3 min",
        "12 commands/s · 7 recorded",
        "platform surge",
        "1,234",
        "the 1 busiest of 1,000+ desks",
        "of the agents the first 5,000 were counted",
    ):
        assert told in text, text


def test_kinds_and_views_are_chosen_by_keys() -> None:
    desks = [
        DeskStanding(desk=desk, market="cn", staffed=True, surge=False, waiting=1)
        for desk in (PLATFORM, Desk(DeskKind.MERCHANT, uuid4()), Desk(DeskKind.CREATOR, uuid4()))
    ]
    look, chosen = _look(_seen(desks)), Chosen()
    shown = []
    for key in "kkkk":
        following = next_choice(chosen, key)
        assert following is not None
        chosen = following
        text = drawn(look, chosen)
        shown.append([kind.value for kind in DeskKind if kind.value in text])
    assert shown == [["platform"], ["merchant"], ["creator"], ["platform", "merchant", "creator"]]
    assert next_choice(chosen, "x") == chosen
    assert next_choice(chosen, "q") is None
    events = next_choice(chosen, "e")
    assert events is not None
    assert "waiting" not in drawn(look, events)
    assert "no commands yet" in drawn(look, events)
    only_desks = next_choice(events, "d")
    assert only_desks is not None
    assert "no commands yet" not in drawn(look, only_desks)


@pytest.mark.parametrize("height", [5, 12, 24, 60])
def test_a_frame_fits_into_the_terminal(height: int) -> None:
    desks = [
        DeskStanding(desk=Desk(DeskKind.MERCHANT, uuid4()), market="cn", staffed=True, surge=False)
        for _ in range(40)
    ]
    console = Console(width=100, height=height, force_terminal=True, record=True)
    with console.capture():
        console.print(Frame(_look(_seen(desks, known=90)), Chosen(), place="x", help_="keys"))
    lines = console.export_text().count("\n")
    assert lines <= max(height, 20)


async def test_another_schema_is_refused(url: str) -> None:
    async with Outside(url) as outside:
        found = await outside.value("SELECT version_num FROM alembic_version")
        await outside.run("UPDATE alembic_version SET version_num = '9999'")
        try:
            with pytest.raises(OtherSchema, match="9999"):
                async with onlooker(url, soon=SOON):
                    pass
        finally:
            await outside.run("UPDATE alembic_version SET version_num = $1", found)


async def test_the_pace_is_what_was_recorded_between_looks() -> None:
    watching = Onlooker(None, soon=SOON)
    assert watching._pace(100) is None
    since = time.monotonic() - 4.0
    watching._recorded[0] = (since, 100)
    pace = watching._pace(500)
    assert pace is not None
    assert 400 / (time.monotonic() - since) <= pace <= 100


async def test_an_unreadable_event_hides_only_itself(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([contact(number) for number in range(3)], actor=MARKETPLACE)
        await outside.run(
            "UPDATE journal SET events = '\\xc1' WHERE stream = $1", contact(1).target().id
        )
    found = await looked(url)
    assert [len(one.events) == 0 for one in found.happenings].count(True) == 1
    assert msgspec.to_builtins(found.recorded) >= 0


def _oncedesk(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", MAIN, *arguments],
        env={**os.environ, **ROOM, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.slow
async def test_once_prints_a_frame_where_no_terminal_is(url: str) -> None:
    async with engine_on(url) as rig:
        await platform(rig, agents=1, capacity=1)
    done = await asyncio.to_thread(_oncedesk, "watch", ONCEDESK_DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert "commands/s" in done.stdout
    assert "platform (1)" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_starts_no_database_and_says_so(tmp_path: Path) -> None:
    done = _oncedesk("watch", "--once", ONCEDESK_HOME=str(tmp_path / "home"))
    assert done.returncode == 1
    assert done.stderr == (f"nothing runs in {tmp_path / 'home'}: start it with oncedesk serve\n")
    assert list(tmp_path.iterdir()) == []
    away = "postgresql://desk:hush@127.0.0.1:9/x"
    done = _oncedesk("watch", "--once", ONCEDESK_DATABASE_URL=away)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "hush" not in done.stderr


@pytest.mark.slow
def test_joins_an_embedded_database_that_runs(tmp_path: Path) -> None:
    with fresh_home() as home:
        try:
            assert running_at(home=home) is None
            process = subprocess.Popen(
                [sys.executable, "-c", MAIN, "serve", "--port", "0"],
                env={**os.environ, "ONCEDESK_HOME": str(home)},
                stdout=subprocess.PIPE,
            )
            assert process.stdout is not None
            assert b"serves at" in process.stdout.readline()
            done = _oncedesk("watch", "--once", ONCEDESK_HOME=str(home))
            assert done.returncode == 0, done.stderr
            assert str(home) in done.stdout
            assert process.poll() is None
            process.terminate()
            process.communicate(timeout=300)
            assert running_at(home=home) is None
            assert processes_of(home) == []
        finally:
            end_all(home)


def _read_until(terminal: int, wanted: bytes, *, seconds: float = 120.0) -> bytes:
    got = b""
    deadline = time.monotonic() + seconds
    while wanted not in got:
        assert time.monotonic() < deadline, got
        if select.select([terminal], [], [], 0.1)[0]:
            got += os.read(terminal, 65_536)
    return got


@pytest.mark.slow
async def test_lives_in_a_terminal_until_q_and_survives_a_lost_database(url: str) -> None:
    async with line_to(url) as line:
        terminal, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-c", MAIN, "watch", "--every", "0.2"],
            env={**os.environ, **ROOM, "TERM": "xterm", "ONCEDESK_DATABASE_URL": line.url},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        # Their side stays open here too, so that its end is not an error of ours.
        try:
            await asyncio.to_thread(_read_until, terminal, b"commands/s")
            line.down()
            await asyncio.to_thread(_read_until, terminal, b"looking again")
            await line.up()
            await asyncio.to_thread(_read_until, terminal, b"commands/s")
            os.write(terminal, b"dekaq")
            # The screen that stood there before comes back.
            await asyncio.to_thread(_read_until, terminal, b"\x1b[?1049l")
            assert await asyncio.to_thread(process.wait, 120) == 0
        finally:
            process.kill()
            process.wait()
            os.close(theirs)
            os.close(terminal)
