"""The commands of those who run an installation, as processes of their own."""

import asyncio
import json
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cyclopts import App
from rich.console import Console

from oncedesk.cli import main, operate
from oncedesk.cli.stopping import stopped_by_signals
from oncedesk.domain.conversations.messages import AssignCase
from oncedesk.domain.orders.messages import OrderedPart, PlaceOrder, StandardShipping
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.engine.instants import SimulatedClock, play_until
from oncedesk.engine.reactions import REACTIONS, Reactions
from oncedesk.settings import Settings
from oncedesk.storage.health import DatabaseHealth, InUse, kept_alone, unfit
from oncedesk.wiring import build
from tests.support.engines import Outside, contact, party

ASKED = contact(1)


def oncedesk(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from oncedesk.cli.main import main; main()", *arguments],
        env={**os.environ, "ONCEDESK_DATABASE_URL": url, "ONCEDESK_LOG_LEVEL": "error"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def typed(answer: str, *arguments: str, at: str) -> str:
    """What a terminal shows where this is typed at a question; nothing was done, which is a 1."""
    terminal, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", "from oncedesk.cli.main import main; main()", *arguments],
        env={**os.environ, "ONCEDESK_DATABASE_URL": "postgresql://nowhere"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    try:
        # Whoever has ended leaves no terminal to read from.
        with suppress(OSError):
            while at.encode() not in shown and select.select([terminal], [], [], 60)[0]:
                shown += os.read(terminal, 4096)
            os.write(terminal, answer.encode())
            while some := os.read(terminal, 4096):
                shown += some
        assert process.wait(60) == 1
        assert at in shown.decode()
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
    return shown.decode()


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_the_list_says_what_each_command_is_for(arguments: tuple[str, ...]) -> None:
    done = oncedesk("postgresql://nowhere", *arguments)
    assert done.returncode == 0
    assert "Check rule packs" in done.stdout
    assert "Serve the marketplace" in done.stdout


def test_what_a_program_reads_is_utf_8_whatever_the_locale() -> None:
    program = "from oncedesk.cli import main; main._open_streams(); print('\u4f60 \U0001f600')"
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONIOENCODING": "gbk"},
        capture_output=True,
        timeout=60,
        check=True,
    ).stdout
    assert said.decode("utf-8") == "\u4f60 \U0001f600\n"


def commands_of(app: App, *path: str) -> Iterator[tuple[str, App]]:
    """Every command below this one, by its whole name."""
    if app.default_command is not None:
        yield " ".join(path), app
    for name in app:
        if not name.startswith("-"):
            yield from commands_of(app[name], *path, name)


def test_every_command_says_what_each_of_its_arguments_is() -> None:
    found = dict(commands_of(main.app))
    assert {"serve", "agents create-login", "webhooks show"} < found.keys()
    for name, command in found.items():
        arguments = command.assemble_argument_collection(parse_docstring=True)
        about, _, _ = command.help.partition("Parameters\n")
        for one in arguments:
            assert one.parameter.help, (name, one.name)
            # What is only there for Python is no word for people.
            assert not one.name.endswith("_"), (name, one.name)
            # What is no section of the docstring stands among its sentences.
            assert f"{one.name.strip('-')}: " not in about, (name, one.name)


def test_only_the_command_that_is_called_is_imported() -> None:
    code = (
        "import sys\nfrom oncedesk.cli.main import app\napp['serve']\n"
        "print([name for name in sys.modules if name.startswith('oncedesk.cli.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = ["main", "session", "stopping", "serve"]
    assert done.stdout == f"{[f'oncedesk.cli.{one}' for one in imported]}\n"


@pytest.mark.parametrize("at", ["cyclopts", "oncedesk.cli.serve", "oncedesk.wiring"])
def test_interrupted_while_it_is_imported_it_ends_without_a_traceback(at: str) -> None:
    """As by Ctrl-C in the first second."""
    code = (
        "import os, signal, sys\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path, target=None):\n"
        f"        if name == {at!r}:\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "from oncedesk.cli.main import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "serve", "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_nothing_takes_the_place_of_a_closed_standard_stream(closed: str) -> None:
    code = (
        "import os, sys\nfrom oncedesk.cli.main import main\ntry:\n    main()\n"
        "finally:\n    assert os.open(os.devnull, os.O_RDONLY) > 2\n"
        "    assert sys.stdin.read() == '' and not sys.stderr.isatty()\n"
    )
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -c "$1" --version {closed}', sys.executable, code],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert (done.returncode, done.stderr) == (0, "")


async def _one_case(url: str) -> None:
    async with build(url, settings=Settings(home=Path("/nowhere"))) as parts:
        seal = parts.engine.entry.seal("您好")
        command = contact(1, digest=seal.digest, length=seal.length)
        answer = await parts.engine.submit(
            command, principal="tests", key="1", actor=MARKETPLACE, text="您好"
        )
        assert answer.accepted


@pytest.mark.slow
async def test_replay_finds_nothing_and_then_a_changed_state(url: str) -> None:
    await _one_case(url)
    done = oncedesk(url, "replay", "--check", "--decide", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == {"check", "decide"}
    assert found["check"]["states"] >= 2
    assert found["check"]["different"] == found["decide"]["different"] == 0

    async with Outside(url) as outside:
        await outside.run(
            "UPDATE state SET body = set_byte(body, 20, (get_byte(body, 20) + 1) % 256) "
            "WHERE kind = 'conversation'"
        )
    done = oncedesk(url, "replay", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["check"]["different"] == 1
    async with build(url, settings=Settings(home=Path("/nowhere"))), Outside(url) as outside:
        before = await outside.rows("SELECT id, version, body FROM state ORDER BY id")
        done = await asyncio.to_thread(oncedesk, url, "replay", "--rebuild")
        assert (done.returncode, done.stdout) == (1, "")
        assert "stop every process of this installation first" in " ".join(done.stderr.split())
        assert await outside.rows("SELECT id, version, body FROM state ORDER BY id") == before
    done = oncedesk(url, "replay", "--rebuild", "--check", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["rebuild"]["rebuilt"], found["check"]["different"]) == (1, 0)
    assert "; 0 written anew" in oncedesk(url, "replay", "--rebuild").stdout


async def test_nobody_begins_while_states_are_written_anew(url: str) -> None:
    settings = Settings(home=Path("/nowhere"))
    async with kept_alone(url):
        with pytest.raises(InUse, match="begin again when it has ended"):
            async with build(url, settings=settings):
                pass
        with pytest.raises(InUse, match="begin again when it has ended"):
            async with kept_alone(url):
                pass
        async with build(url, settings=settings, alone=True):
            pass
        done = await asyncio.to_thread(oncedesk, url, "replay", "--check")
        assert (done.returncode, done.stdout) == (1, "")
        assert "begin again when it has ended" in " ".join(done.stderr.split())
        together = ("serve", "--port", "0", "--processes", "2")
        done = await asyncio.to_thread(oncedesk, url, *together)
        assert (done.returncode, done.stdout) == (1, "")
        assert "begin again when it has ended" in " ".join(done.stderr.split())
        assert "Traceback" not in done.stderr
    async with build(url, settings=settings):
        with pytest.raises(InUse, match="stop every process"):
            async with kept_alone(url):
                pass
    async with kept_alone(url):
        pass


async def test_a_user_who_may_make_no_tables_gets_one_line(server_url: str) -> None:
    """As any user of a database that somebody else owns, since PostgreSQL 15."""
    async with Outside(server_url) as outside:
        await outside.run("CREATE ROLE guest LOGIN")
        await outside.run("CREATE DATABASE closed")
    theirs = server_url.replace("oncedesk@/tests?", "guest@/closed?")
    try:
        for command in (["db", "migrate"], ["serve", "--port", "0"]):
            done = await asyncio.to_thread(oncedesk, theirs, *command)
            assert (done.returncode, done.stdout) == (1, "")
            assert len(done.stderr.splitlines()) == 1, done.stderr
            assert "its user may not make tables" in done.stderr
        found = json.loads((await asyncio.to_thread(oncedesk, theirs, "doctor", "--json")).stdout)
        wrong = [check["name"] for check in found["checks"] if check["verdict"] == "wrong"]
        assert wrong == ["rights"]
    finally:
        async with Outside(server_url) as outside:
            await outside.run("DROP DATABASE closed WITH (FORCE)")
            await outside.run("DROP ROLE guest")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"major": 17, "version": "17.2"}, "PostgreSQL 17.2; at least 18 is needed"),
        ({"encoding": "SQL_ASCII"}, "its encoding is SQL_ASCII; UTF8 is needed"),
        ({"creates": False}, "its user may not make tables"),
    ],
)
def test_what_no_program_of_ours_works_on_is_said_before_anything_is_changed(
    found: dict[str, Any], said: str
) -> None:
    fine: dict[str, Any] = {
        "version": "18.1",
        "major": 18,
        "encoding": "UTF8",
        "losses": (),
        "revision": None,
    }
    assert unfit(DatabaseHealth(**fine)) is None
    assert (unfit(DatabaseHealth(**{**fine, **found})) or "").startswith(said)


def test_a_replay_tells_on_the_terminal_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Console(file=StringIO(), force_terminal=True, width=80)
    monkeypatch.setattr(operate, "errors", terminal)
    with operate._counting("rebuild") as progress:
        for _ in range(1234):
            progress()
    assert isinstance(terminal.file, StringIO)
    assert "rebuild: 1,234 states" in terminal.file.getvalue()


@pytest.mark.slow
async def test_erase_asks_first_and_then_overwrites(url: str) -> None:
    await _one_case(url)
    asked = oncedesk(url, "privacy", "erase", str(party(1)))
    assert asked.returncode == 1
    assert "--yes" in asked.stderr
    async with Outside(url) as outside:
        assert await outside.column("SELECT text FROM message") == ["您好"]
        done = oncedesk(url, "privacy", "erase", str(party(1)), "--yes")
        assert done.returncode == 0, done.stderr
        assert await outside.column("SELECT text FROM message") == [None]
    assert oncedesk(url, "replay", "--check", "--decide").returncode == 0


@pytest.mark.parametrize("answer", ["\x04", "\n", "no\n"])
def test_what_cannot_be_undone_is_done_at_a_yes_only(answer: str) -> None:
    shown = typed(answer, "privacy", "erase", str(party(1)), at="y/N")
    assert "Traceback" not in shown
    assert "overwritten" not in shown


def test_who_gives_no_password_is_told_how_long_one_is() -> None:
    shown = typed("\x04", "agents", "create-login", "admin", at="Password:")
    assert "Traceback" not in shown
    assert "A password has" in shown


@pytest.mark.slow
async def test_a_copy_overwrites_no_folder_and_says_which_file_is_missing(
    url: str, tmp_path: Path
) -> None:
    await _one_case(url)
    copy = ("privacy", "export", str(party(1)), "--files")
    taken = oncedesk(url, *copy, str(tmp_path))
    assert (taken.returncode, taken.stdout) == (1, "")
    assert taken.stderr.strip() == f"{tmp_path}: File exists"
    async with Outside(url) as outside:
        await outside.run(
            "INSERT INTO attachment (bucket, id, consumer, conversation, uploader, at, name, "
            "media, size, sha256, width, height, code, stored_at) VALUES "
            "($1, $2, $3, $2, 'consumer', now(), 'x.pdf', 'application/pdf', 9, '', 0, 0, "
            "false, now())",
            ASKED.target().bucket,
            party(77),
            party(1),
        )
    missing = oncedesk(url, *copy, str(tmp_path / "new"))
    assert (missing.returncode, missing.stdout) == (1, "")
    assert party(77).hex in missing.stderr
    assert "Traceback" not in missing.stderr


@pytest.mark.parametrize("limit", ["0", str(2**63)])
def test_how_much_to_list_of_what_is_parked_has_bounds_and_a_name(limit: str) -> None:
    done = oncedesk("postgresql://nowhere", "parked", "list", "--limit", limit)
    assert done.returncode == 2
    assert "--limit" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
async def test_parked_reactions_are_listed_and_tried_again(url: str) -> None:
    await _one_case(url)
    async with build(url, settings=Settings(home=Path("/nowhere"))) as parts:
        ref = ASKED.target()
        command = AssignCase(consumer=party(1), conversation=ref.id, case=1, agent=party(9))
        body = parts.codec.encode(command)
    async with Outside(url) as outside:
        await outside.run(
            "INSERT INTO reaction (bucket, target, source, version, number, id, kind, depth, "
            "command, at, parked_at, reason) "
            "VALUES ($1, $2, $3, 1, 0, $3, 'conversation', 1, $4, now(), now(), 'once\n[/broken]')",
            ref.bucket,
            ref.id,
            party(9),
            body,
        )
    listed = oncedesk(url, "parked", "list", "--json")
    assert [row["error"] for row in json.loads(listed.stdout)] == ["once\n[/broken]"]
    assert [row["name"] for row in json.loads(listed.stdout)] == ["AssignCase"]
    shown = oncedesk(url, "parked", "list")
    assert shown.returncode == 0, shown.stderr
    (line,) = shown.stdout.splitlines()[1:]
    assert "once [/broken]" in line
    tried = oncedesk(url, "parked", "retry", str(party(9)))
    assert tried.returncode == 0, tried.stderr + tried.stdout
    assert json.loads(oncedesk(url, "parked", "list", "--json").stdout) == []
    again = oncedesk(url, "parked", "retry", str(party(9)))
    assert again.returncode == 1
    assert "is parked" in again.stderr
    async with Outside(url) as outside:
        for number in (1, 2, 3):
            await outside.run(
                "INSERT INTO reaction (bucket, target, source, version, number, id, kind, depth, "
                "command, at, parked_at, reason) "
                "VALUES ($1, $2, $3, 1, 0, $3, 'conversation', 1, $4, now(), now(), 'broken')",
                ref.bucket,
                ref.id,
                party(number),
                body if number < 3 else b"\x80",
            )
    every = oncedesk(url, "parked", "retry", "--all")
    assert every.returncode == 1, every.stderr
    assert "Accepted: 2. Still parked: 1." in every.stdout
    unreadable = oncedesk(url, "parked", "retry", str(party(3)))
    assert unreadable.returncode == 1
    assert unreadable.stderr.startswith(f"{party(3)} cannot be read: ")
    assert oncedesk(url, "parked", "retry").returncode == 2


ORDERED_AT = datetime(2025, 3, 3, 2, tzinfo=UTC)
BEFORE = Reactions(one for one in REACTIONS if one.name != "open_service")


async def _broken_promises(url: str) -> None:
    """A program that did not open service for them."""
    clock = SimulatedClock(ORDERED_AT)
    settings = Settings(home=Path("/nowhere"))
    async with build(url, settings=settings, clock=clock, reactions=BEFORE) as parts:
        for number in range(3):
            command = PlaceOrder(
                consumer=party(number),
                order=party(100 + number),
                market="cn",
                placed_at=ORDERED_AT,
                timezone="Asia/Shanghai",
                currency="CNY",
                parts=(OrderedPart(merchant=party(9), promises=(StandardShipping(),)),),
            )
            answer = await parts.engine.submit(
                command, principal="tests", key="1", actor=MARKETPLACE
            )
            assert answer.accepted
        await play_until(parts.engine, clock, ORDERED_AT + timedelta(days=10))


def checks(url: str) -> dict[str, tuple[str, str]]:
    found = json.loads(oncedesk(url, "doctor", "--json").stdout)["checks"]
    return {one["name"]: (one["verdict"], one["detail"]) for one in found}


@pytest.mark.slow
async def test_backfill_opens_service_for_what_broke_before(url: str) -> None:
    await _broken_promises(url)
    async with Outside(url) as outside:
        broken = "SELECT count(*) FROM journal WHERE position('PromiseBroken'::bytea IN events) > 0"
        count = await outside.value(broken)
        assert count >= 3
        opened = "SELECT count(*) FROM state WHERE kind = 'conversation'"
        assert await outside.value(opened) == 0
        detail = "new here: open_service; the next start makes them known"
        assert checks(url)["reactions"] == ("note", detail)
        assert oncedesk(url, "parked", "list").returncode == 0
        verdict, detail = checks(url)["reactions"]
        assert verdict == "note"
        assert detail.startswith("0% of the past was looked through")
        assert "oncedesk db backfill" in detail

        done = oncedesk(url, "db", "backfill", "--json")
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert (found["asked"], found["parked"], found["failed"]) == (count, 0, 0)
        assert await outside.value(opened) == 3
        verdict, detail = checks(url)["reactions"]
        assert verdict == "ok"
        assert detail.startswith(f"{len(REACTIONS.names)} known, none waits for the past")

        everything = "SELECT * FROM journal ORDER BY bucket, stream, version"
        before = await outside.rows(everything)
        for more in ((), ("--again",)):
            done = oncedesk(url, "db", "backfill", *more)
            assert done.returncode == 0, done.stderr
            assert f"Commands asked for: {count}, parked: 0. States that failed: 0." in done.stdout
        assert await outside.rows(everything) == before
    assert oncedesk(url, "replay", "--check", "--decide").returncode == 0


@pytest.mark.slow
async def test_backfill_says_what_it_could_not_read(url: str) -> None:
    await _broken_promises(url)
    async with Outside(url) as outside:
        await outside.run(
            "UPDATE journal SET events = '\\xc1' WHERE stream = $1 AND version = 1", party(100)
        )
        done = oncedesk(url, "db", "backfill")
        assert done.returncode == 1
        assert "parked: 0. States that failed: 1." in done.stdout
        assert "backfill_failed" in done.stderr
        assert str(party(100)) in done.stderr
        verdict, detail = checks(url)["reactions"]
        assert verdict == "wrong"
        assert detail.startswith("states that failed: 1")
        assert await outside.value("SELECT count(*) FROM state WHERE kind = 'conversation'") == 2


def test_a_wrong_setting_is_one_clear_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from oncedesk.cli.main import main; main()", "replay"],
        env={**os.environ, "ONCEDESK_BATCH_MAX": "many", "ONCEDESK_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "ONCEDESK_BATCH_MAX" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("value", ["minio:9000", ""])
def test_a_store_for_files_that_has_no_url_is_one_clear_line(
    url: str, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("ONCEDESK_FILES_URL", "s3://attachments")
    monkeypatch.setenv("AWS_ENDPOINT_URL", value)
    done = oncedesk(url, "parked", "list")
    assert (done.returncode, done.stdout) == (1, "")
    assert "AWS_ENDPOINT_URL is expected to be a URL" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


async def test_a_closed_terminal_stops_nobody_who_was_told_to_ignore_it() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        stopped_by_signals()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
