import asyncio
import json
import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psutil
import pytest
from msgspec.structs import replace
from rich.console import Console

from oncedesk.cli import doctor
from oncedesk.cli.doctor import (
    DoctorReport,
    check_charges,
    check_health,
    check_holidays,
    check_market,
    check_orders,
    check_parked,
    check_reactions,
    check_skills,
    check_webhooks,
    doctor_command,
    examine,
    print_report,
)
from oncedesk.domain.rulebook.messages import PublishPack
from oncedesk.domain.rulebook.state import Publication, RulebookState
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.backfilling import ReactionSet
from oncedesk.engine.reactions import FIRST
from oncedesk.engine.webhooks.model import EVERYTHING, Endpoint
from oncedesk.rules.loading import builtin_markets, load_builtin
from oncedesk.rules.storing import seal
from oncedesk.settings import Settings
from oncedesk.storage.attachments.files import StoredFile
from oncedesk.storage.attachments.s3 import S3Files
from oncedesk.storage.backlogs import COUNTED_MAX, Backlog, Backlogs
from oncedesk.storage.embedded import EmbeddedServer
from oncedesk.storage.health import DatabaseHealth
from oncedesk.storage.schema import migrate, newest_revision
from oncedesk.storage.views.unserved import Unserved
from oncedesk.wiring import build
from tests.support.buckets import new_bucket, s3_serving
from tests.support.engines import ADMIN
from tests.support.homes import end_all, fresh_home, processes_of


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with fresh_home() as folder:
        yield folder
        end_all(folder)


def verdicts(report: DoctorReport) -> dict[str, str]:
    return {check.name: check.verdict for check in report.checks}


def detail(report: DoctorReport, name: str) -> str:
    return next(check.detail for check in report.checks if check.name == name)


def printed(report: DoctorReport) -> str:
    console = Console(width=200)
    with console.capture() as captured:
        print_report(report, console=console)
    return captured.get()


def test_a_home_that_is_not_there_yet_is_fine_and_stays_so(tmp_path: Path) -> None:
    report = examine(environ={"ONCEDESK_HOME": str(tmp_path / "home")})
    assert report.healthy
    assert verdicts(report)["home"] == "note"
    assert verdicts(report)["programs"] == "ok"
    assert detail(report, "database") == "embedded, not created yet; the first start makes it"
    assert list(tmp_path.iterdir()) == []


def test_starts_the_embedded_database_and_stops_it_again(home: Path) -> None:
    environ = {"ONCEDESK_HOME": str(home)}
    with EmbeddedServer(home=home) as server:
        report = examine(environ=environ)
        assert detail(report, "database") == "embedded, running"
        assert server.is_running()
        assert detail(report, "schema") == "there are no tables yet; the next start makes them"
        assert report.healthy
        asyncio.run(migrate(server.dsn))
    report = examine(environ=environ)
    assert report.healthy, report.checks
    assert detail(report, "database") == "embedded, started for this check"
    assert detail(report, "schema") == f"at {newest_revision()}"
    assert detail(report, "parked") == "nothing waits for you"
    assert detail(report, "version").startswith("PostgreSQL 18")
    assert processes_of(home) == []


def test_a_database_that_forgets_or_mangles_is_wrong(home: Path) -> None:
    with EmbeddedServer(home=home) as server:
        dsn = server.create_database(name="careless")
        environ = {"ONCEDESK_HOME": str(home), "ONCEDESK_DATABASE_URL": f"{dsn}&user=oncedesk"}
        asyncio.run(migrate(dsn))
        assert examine(environ=environ).healthy
        forgetful = f"{dsn}&synchronous_commit=off"
        report = examine(environ=environ | {"ONCEDESK_DATABASE_URL": forgetful})
    wrong = [check for check in report.checks if check.verdict == "wrong"]
    assert [check.name for check in wrong] == ["durability"]
    assert "synchronous_commit = off" in wrong[0].detail


def test_judges_version_encoding_and_schema() -> None:
    health = DatabaseHealth(
        version="16.4", major=16, encoding="SQL_ASCII", losses=("fsync = off",), revision="9999"
    )
    wrong = {check.name: check.detail for check in check_health(health) if check.verdict == "wrong"}
    assert wrong == {
        "version": "PostgreSQL 16.4; at least 18 is needed",
        "durability": "fsync = off: an acknowledged command could be lost",
        "encoding": "SQL_ASCII; UTF8 is needed",
        "schema": "at 9999, which this program does not know: it is too old",
    }


@pytest.mark.parametrize(
    ("revision", "verdict"), [(None, "wrong"), ("0001", "wrong"), (newest_revision(), "note")]
)
def test_says_whether_tables_may_be_made(revision: str | None, verdict: str) -> None:
    health = DatabaseHealth(
        version="18.1", major=18, encoding="UTF8", losses=(), revision=revision, creates=False
    )
    (found,) = [check for check in check_health(health) if check.name == "rights"]
    assert (found.verdict, "may not make tables" in found.detail) == (verdict, True)


STILL = (
    "of the past was looked through for new ones; a started engine goes on, or oncedesk db backfill"
)
SINCE = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sets", "verdict", "detail"),
    [
        ([], "note", "new here: refund; the next start makes them known"),
        ([ReactionSet(0, FIRST, SINCE, done_at=SINCE)], "note", "new here: refund; the next"),
        (
            [ReactionSet(1, FIRST | {"refund"}, SINCE, at_bucket=1024)],
            "note",
            f"25% {STILL}; refund since 2026-11-30",
        ),
        (
            [ReactionSet(1, FIRST | {"refund"}, SINCE, done_at=SINCE)],
            "ok",
            "7 known, none waits for the past; refund since 2026-11-30",
        ),
        (
            [
                ReactionSet(1, FIRST | {"refund", "given_up"}, SINCE, done_at=SINCE),
                ReactionSet(2, FIRST | {"refund"}, SINCE + timedelta(days=9), done_at=SINCE),
            ],
            "ok",
            "7 known, none waits for the past; refund since 2026-11-30",
        ),
        (
            [ReactionSet(1, FIRST | {"refund"}, SINCE, failed=3, done_at=SINCE)],
            "wrong",
            "states that failed: 3, why is in the log; oncedesk db backfill --again looks again",
        ),
    ],
)
def test_judges_whether_the_past_got_its_reactions(
    sets: list[ReactionSet], verdict: str, detail: str
) -> None:
    found = check_reactions(sets, FIRST | {"refund"})
    assert (found.verdict, found.detail[: len(detail)]) == (verdict, detail)


def test_a_market_without_rules_is_wrong() -> None:
    books = [RulebookState(market, (Publication("", "1", SINCE),)) for market in ("cn", "eu")]
    books.append(RulebookState("us"))
    assert check_market("eu", books=books, now=SINCE).verdict == "ok"
    for market in ("us", "jp"):
        found = check_market(market, books=books, now=SINCE)
        assert found.verdict == "wrong"
        assert found.detail.endswith("those with rules: cn, eu")


def test_a_market_whose_first_rules_are_planned_is_wrong_until_they_hold() -> None:
    holding, planned = (
        RulebookState(market, (Publication("", "1", since),))
        for market, since in (("cn", SINCE), ("us", SINCE + timedelta(days=30)))
    )
    found = check_market("us", books=[holding, planned], now=SINCE)
    assert found.verdict == "wrong"
    assert found.detail == (
        "market = 'us' has no rules before 2026-12-30 00:00 UTC, so consumers whose token names"
        " none are refused; those with rules: cn"
    )
    then = SINCE + timedelta(days=30)
    assert check_market("us", books=[holding, planned], now=then).verdict == "ok"
    assert check_market("us", books=[planned], now=SINCE).detail.endswith("with rules: none")


async def test_looks_at_the_market_that_is_set(url: str, tmp_path: Path) -> None:
    async with build(url, settings=Settings(home=tmp_path)):
        pass
    for market, verdict in (("eu", "ok"), ("us", "wrong")):
        environ = {
            "ONCEDESK_HOME": str(tmp_path),
            "ONCEDESK_DATABASE_URL": url,
            "ONCEDESK_MARKET": market,
        }
        report = await asyncio.to_thread(examine, environ=environ)
        assert verdicts(report)["market"] == verdict


async def test_a_market_of_which_only_coming_rules_are_published_is_wrong(
    url: str, tmp_path: Path
) -> None:
    since = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    pack = seal(replace(load_builtin("cn").pack(since.date()), market="us"))
    async with build(url, settings=Settings(home=tmp_path)) as parts:
        await parts.keep([pack])
        command = PublishPack(
            market="us",
            pack_hash=pack.hash,
            version=pack.version,
            valid_from=since,
            announced_at=parts.engine.clock(),
            reason="a market that opens",
        )
        answer = await parts.engine.submit(command, principal="tests", key="us", actor=ADMIN)
        assert answer.accepted
    environ = {
        "ONCEDESK_HOME": str(tmp_path),
        "ONCEDESK_DATABASE_URL": url,
        "ONCEDESK_MARKET": "us",
    }
    report = await asyncio.to_thread(examine, environ=environ)
    assert verdicts(report)["market"] == "wrong"
    assert detail(report, "market").startswith(
        f"market = 'us' has no rules before {since:%Y-%m-%d %H:%M} UTC,"
    )


def test_counts_the_reactions_that_came_together() -> None:
    many = FIRST | {f"reaction_{number}" for number in range(11)}
    later = SINCE + timedelta(days=9)
    sets = [
        ReactionSet(1, many, SINCE, done_at=SINCE),
        ReactionSet(2, many | {"refund"}, later, done_at=later),
    ]
    found = check_reactions(sets, many | {"refund"})
    assert found.detail == (
        "18 known, none waits for the past; 11 of them since 2026-11-30; refund since 2026-12-09"
    )


def test_what_is_printed_is_not_cut(tmp_path: Path) -> None:
    home = tmp_path / ("a" * 60) / ("b" * 60)
    console = Console(width=80)
    with console.capture() as captured:
        print_report(examine(environ={"ONCEDESK_HOME": str(home)}), console=console)
    assert "…" not in captured.get()


def test_a_database_that_knows_the_first_reactions_only_waits_for_none() -> None:
    assert check_reactions([], FIRST).detail == "6 known"


def test_a_server_that_cannot_be_reached_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql://desk:hush@/service?host={tmp_path}"
    environ = {"ONCEDESK_HOME": str(tmp_path), "ONCEDESK_DATABASE_URL": url}
    report = examine(environ=environ)
    assert not report.healthy
    assert verdicts(report)["database"] == "wrong"
    assert detail(report, "database").startswith("postgresql://desk:***@/service?***: ")
    assert "hush" not in printed(report)


def test_a_broken_embedded_database_is_wrong(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("18\n")
    report = examine(environ={"ONCEDESK_HOME": str(tmp_path)})
    assert verdicts(report)["database"] == "wrong"
    assert not report.healthy


def test_a_home_below_a_file_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    report = examine(environ={"ONCEDESK_HOME": str(tmp_path / "file" / "home")})
    assert detail(report, "home") == f"{tmp_path / 'file'} is not a folder"
    assert not report.healthy


def test_a_store_for_attachments_is_tried_and_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"ONCEDESK_HOME": str(tmp_path / "home")}
    assert "files" not in verdicts(examine(environ=environ)), "the home is looked at anyway"

    async def listed(place: str) -> list[StoredFile]:
        return [one async for some in S3Files.at(place).listed() for one in some]

    with s3_serving() as endpoint:
        place = new_bucket(endpoint, monkeypatch)
        report = examine(environ={**environ, "ONCEDESK_FILES_URL": place})
        assert (verdicts(report)["files"], report.healthy) == ("ok", True)
        assert asyncio.run(listed(place)) == []
        report = examine(environ={**environ, "ONCEDESK_FILES_URL": "s3://no-such-bucket"})
        assert (verdicts(report)["files"], report.healthy) == ("wrong", False)
        assert detail(report, "files").startswith("s3://no-such-bucket: ")
        assert "\n" not in detail(report, "files")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AWS_ENDPOINT_URL", "minio:9000"),
        ("AWS_ENDPOINT_URL", "https://minio:99999"),
        ("AWS_ALLOW_HTTP", "perhaps"),
    ],
)
def test_a_store_for_attachments_that_is_described_wrongly_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv(variable, value)
    environ = {"ONCEDESK_HOME": str(tmp_path / "home"), "ONCEDESK_FILES_URL": "s3://attachments"}
    report = examine(environ=environ)
    assert verdicts(report)["files"] == "wrong"
    assert (variable if "URL" in variable else value) in detail(report, "files")
    assert "\n" not in detail(report, "files")


def test_a_store_for_attachments_that_does_not_answer_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "FILES_SECONDS_MAX", 0.5)
    with s3_serving() as endpoint:
        place = new_bucket(endpoint, monkeypatch)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        home = str(tmp_path / "home")
        report = examine(environ={"ONCEDESK_HOME": home, "ONCEDESK_FILES_URL": place})
    assert verdicts(report)["files"] == "wrong"
    assert "did not answer" in detail(report, "files")


def test_a_pool_larger_than_the_embedded_database_takes_is_wrong(tmp_path: Path) -> None:
    environ = {"ONCEDESK_HOME": str(tmp_path), "ONCEDESK_POOL_MAX": "191"}
    assert verdicts(examine(environ=environ))["connections"] == "wrong"
    environ["ONCEDESK_POOL_MAX"] = "190"
    assert examine(environ=environ).healthy


def test_prints_each_setting_with_its_origin(tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text(f"home = '{tmp_path}/[bold]'\n")
    text = printed(examine(environ={"ONCEDESK_WRITERS": "3"}, config=config))
    lines = [line.split() for line in text.splitlines()]
    assert ["home", f"{tmp_path}/[bold]", str(config)] in lines
    assert ["writers", "3", "ONCEDESK_WRITERS"] in lines
    assert ["market", "'cn'", "default"] in lines
    assert text.endswith("Nothing is wrong.\n")


def test_the_command_prints_json_and_fails_on_bad_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = set(psutil.Process().children())
    monkeypatch.setenv("ONCEDESK_HOME", str(tmp_path / "home"))
    assert doctor_command(json=True) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["healthy"] is True
    assert report["settings"][0]["variable"] == "ONCEDESK_HOME"

    monkeypatch.setenv("ONCEDESK_WRITERS", "99")
    assert doctor_command(json=False) == 1
    assert "'99' is not a whole number from 1 to 8" in capsys.readouterr().out
    assert set(psutil.Process().children()) == before, "it left a process behind"


def test_says_what_failed_and_waits_for_an_operator() -> None:
    idle = Backlog(0, 0.0)
    none = Backlogs(
        parked_commands=0,
        parked_reactions=0,
        reactions=idle,
        outbox=idle,
        webhooks=(),
        wake_late_seconds=0.0,
    )
    assert check_parked(none).verdict == "ok"
    found = check_parked(replace(none, parked_commands=2, parked_reactions=1))
    assert (found.verdict, found.detail) == (
        "note",
        "3 failed and wait for you; oncedesk parked list",
    )
    found = check_parked(replace(none, parked_commands=COUNTED_MAX))
    assert found.detail.startswith("1000 or more failed")


def test_names_the_queues_that_nobody_can_serve() -> None:
    shop = Desk(DeskKind.MERCHANT, UUID(int=7))
    assert check_skills([]).verdict == "ok"
    found = check_skills([Unserved(PLATFORM, "refunds"), Unserved(shop, "delivery")])
    assert (found.verdict, found.detail) == (
        "note",
        f"cases wait and nobody at the desk has the skill: refunds at platform, delivery at {shop}",
    )
    found = check_skills([Unserved(shop, f"skill-{number}") for number in range(12)])
    assert found.detail.endswith(f"skill-9 at {shop} and 2 more")


def test_names_the_calendars_whose_holidays_end() -> None:
    packs = [load_builtin(market).pack(date(2026, 11, 30)) for market in builtin_markets()]
    fine = check_holidays(packs, soon=date(2027, 12, 31))
    assert (fine.verdict, fine.detail) == ("ok", "known for 2027")
    ending = check_holidays(packs, soon=date(2028, 1, 1))
    assert ending.verdict == "note"
    assert "cn/office_hours until 2027, eu/" in ending.detail
    assert "tau_retail" not in ending.detail


def test_says_which_webhooks_reach_nobody() -> None:
    at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    well = Endpoint(UUID(int=1), PLATFORM, "https://a.example.org", (EVERYTHING,), "", at, 1, b"")
    assert check_webhooks([well, well]).verdict == "ok"
    failing = replace(well, id=UUID(int=2), failing_since=at)
    off = replace(well, id=UUID(int=3), disabled_at=at, disabled_reason="answered 410 Gone")
    found = check_webhooks([well, failing, off])
    assert found.verdict == "note"
    assert found.detail == (
        f"{UUID(int=3)} disabled: answered 410 Gone; "
        f"{UUID(int=2)} fails since 2026-11-30 08:00 UTC; oncedesk webhooks list"
    )


def test_notes_that_nobody_charges_consumers() -> None:
    at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    all_ = Endpoint(UUID(int=1), PLATFORM, "https://a.example.org", (EVERYTHING,), "", at, 1, b"")
    charged, told = (
        replace(all_, topics=(topic,)) for topic in ("charge.requested", "case.opened")
    )
    merchants = replace(all_, desk=Desk(DeskKind.MERCHANT, UUID(int=7)))
    assert check_charges([told, all_]).verdict == check_charges([told, charged]).verdict == "ok"
    for nobody in (told, merchants, replace(charged, disabled_at=at)):
        assert check_charges([nobody]).verdict == "note"


def test_notes_that_whoever_packs_is_not_told() -> None:
    at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    all_ = Endpoint(UUID(int=1), PLATFORM, "https://a.example.org", (EVERYTHING,), "", at, 1, b"")
    cancelled, others = (
        replace(all_, topics=topics)
        for topics in (("cancellation.requested",), ("order.changed", "goods.requested"))
    )
    assert check_orders([all_]).verdict == check_orders([cancelled, others]).verdict == "ok"
    found = check_orders([others, replace(all_, disabled_at=at)])
    assert found.verdict == "note"
    assert found.detail == (
        "nobody follows cancellation.requested: whoever packs and sends is not told"
    )
