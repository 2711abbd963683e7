"""`oncedesk backtest`: what it prints, and what it says where it cannot."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from oncedesk.backtesting.choosing import PackNotFound, choose
from oncedesk.backtesting.report import ASSUMPTIONS
from oncedesk.rules.loading import PACKS_FOLDER, builtin_markets
from oncedesk.rules.problems import PackInvalid
from oncedesk.rules.storing import seal
from tests.backtest.history import MERCHANTS, merchant, order, pack


def backtest(url: str, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Without a URL the embedded database in this home is meant."""
    main = "from oncedesk.cli.main import main; main()"
    environ = {
        **os.environ,
        "ONCEDESK_DATABASE_URL": url,
        "ONCEDESK_HOME": str(home),
        "ONCEDESK_LOG_LEVEL": "error",
        "COLUMNS": "200",
    }
    if not url:
        del environ["ONCEDESK_DATABASE_URL"]
    return subprocess.run(
        [sys.executable, "-c", main, "backtest", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def refused(done: subprocess.CompletedProcess[str], *, code: int) -> str:
    """The one line that it said; nothing was printed for machines."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr.strip()


@pytest.fixture
def faster(tmp_path: Path) -> Path:
    """The folder of a pack that wants everything shipped in 30 hours, from a later day on."""
    folder = tmp_path / "faster"
    shutil.copytree(PACKS_FOLDER / "cn", folder)
    (folder / "own.toml").write_text(
        '[[promise]]\nkey = "ship_by_seconds"\nvalue = 108_000\n'
        'source = "a proposal"\nfrom = 2027-03-01\nfirm = false\n'
    )
    return folder


def keeping(report: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in report["questions"] if one["name"] == "keeping")
    return found


def test_prints_what_changes_as_json(lived: str, tmp_path: Path, faster: Path) -> None:
    done = backtest(lived, tmp_path, "--pack", str(faster), "--processes", "1", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["against"] is None
    assert [one["market"] for one in report["candidate"]] == ["cn"]
    assert report["decisions"] == report["decided"] + report["unknown"] == 178
    # Twelve promises move, and three parcels were slower than 30 hours but not than 48.
    assert report["changed"] == 12 + 3
    kept = keeping(report)
    assert (kept["decided"], kept["changed"]) == (12, 3)
    assert kept["held"] == [
        {"name": "shipping/standard", "before": "kept", "after": "broken", "count": 3}
    ]
    assert {one["stream"] for one in kept["examples"]} == {str(order(n)) for n in (6, 7, 8)}
    assert report["merchants_better"] == 0
    # The second merchant sold orders 6 and 8, so it loses more.
    losers = [(one["merchant"], one["changes"]["broken"]) for one in report["losers"]]
    assert losers == [(str(merchant(6)), 2), (str(merchant(7)), 1)]
    assert report["assumptions"] == list(ASSUMPTIONS)
    assert report["decisions_per_second_per_core"] > 0
    assert (report["workers"], report["streams"]) == (1, 25)


def test_prints_sentences_for_people(lived: str, tmp_path: Path, faster: Path) -> None:
    done = backtest(lived, tmp_path, "--pack", str(faster), "--against", "cn")
    assert done.returncode == 0, done.stderr
    assert "would be otherwise" in done.stdout
    assert "What this cannot know" in done.stdout
    assert "a person decided, no rule" in done.stdout
    assert "2 worse" in done.stdout
    for one in MERCHANTS:
        assert str(one) in done.stdout


def test_before_its_day_the_folder_reads_as_it_did(
    lived: str, tmp_path: Path, faster: Path
) -> None:
    day = ("--at", "2027-02-28", "--processes", "1", "--json")
    done = backtest(lived, tmp_path, "--pack", str(faster), *day)
    assert json.loads(done.stdout)["changed"] == 0


def test_an_empty_journal_is_one_clear_line(url: str, tmp_path: Path) -> None:
    line = refused(backtest(url, tmp_path, "--pack", "cn", "--processes", "1", "--json"), code=1)
    assert line.startswith("nothing to decide again")


def test_an_unknown_pack_is_one_clear_line(url: str, tmp_path: Path) -> None:
    for arguments in (("--pack", "0" * 32), ("--pack", "cn", "--against", "nowhere/cn")):
        line = refused(backtest(url, tmp_path, *arguments), code=2)
        assert "is no folder, no pack that comes along (cn, eu" in line
        assert f"and no stored pack: cn {pack().version} " in line


def test_a_bad_folder_names_its_error(url: str, tmp_path: Path, faster: Path) -> None:
    own = faster / "own.toml"
    own.write_text(own.read_text().replace("108_000", '"soon"'))
    line = refused(backtest(url, tmp_path, "--pack", str(faster)), code=2)
    assert "own.toml" in line
    assert "ship_by_seconds" in line


def test_a_cluster_elsewhere_cannot_reach_the_embedded_database(tmp_path: Path) -> None:
    home = tmp_path / "none"
    line = refused(backtest("", home, "--pack", "cn", "--ray", "h:1"), code=2)
    assert "ONCEDESK_DATABASE_URL" in line
    assert not home.exists()


def test_a_pack_is_found_by_hash_and_by_version(tmp_path: Path) -> None:
    one = pack()
    other = seal(replace(one, version="2027.1"))
    for name in (other.hash, "2027.1"):
        assert choose(name, at=None, stored=(one, other)).packs == (other,)
    again = seal(replace(other, language="en"))
    with pytest.raises(PackNotFound, match=f"several .* name a hash: .*{again.hash}"):
        choose("2027.1", at=None, stored=(one, other, again))
    file = tmp_path / "pack.toml"
    file.write_text("")
    with pytest.raises(PackNotFound, match="is no folder"):
        choose(str(file), at=None, stored=())


def test_a_folder_of_several_markets_is_a_pack_for_each() -> None:
    found = choose(str(PACKS_FOLDER), at=date(2026, 11, 1), stored=())
    assert tuple(one.market for one in found.packs) == builtin_markets()


def test_a_folder_without_rules_is_invalid(tmp_path: Path) -> None:
    with pytest.raises(PackInvalid):
        choose(str(tmp_path), at=None, stored=())
