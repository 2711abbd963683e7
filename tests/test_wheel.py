"""What is installed elsewhere: a wheel with all that the program needs at run time."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_a_wheel_brings_the_built_pages_the_packs_and_the_migrations(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in ("web/help.html", "web/staff.html", "web/embed.js", "rules/packs/cn/clocks.toml"):
        assert f"oncedesk/{needed}" in names, needed
    assert any(one.startswith("oncedesk/web/assets/") and one.endswith(".js.br") for one in names)
    assert not any("node_modules" in one or one.startswith("tests/") for one in names)
