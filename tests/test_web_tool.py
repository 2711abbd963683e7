"""tools/web.py, in a folder of its own, with a Node.js that only says what it was given."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NODE = "#!/bin/sh\necho v24.19.0\n"
NPM = f"""#!{sys.executable}
import json, os, pathlib, sys
pathlib.Path(os.environ["SAID"]).write_text(json.dumps([sys.argv[1:], dict(os.environ)]))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """As much of this project as the tool needs, with everything installed."""
    for name in ("web.py", "bootstrap.py"):
        (tmp_path / "tools").mkdir(exist_ok=True)
        shutil.copy(ROOT / "tools" / name, tmp_path / "tools")
    installed = tmp_path / "web" / "node_modules"
    installed.mkdir(parents=True)
    (tmp_path / "web" / "package-lock.json").touch()
    (installed / ".package-lock.json").touch()
    (tmp_path / "home").mkdir()
    for name, text in (("node", NODE), ("npm", NPM)):
        program = tmp_path / "programs" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(text)
        program.chmod(0o755)
    return tmp_path


def npm_of(project: Path, **more: str) -> dict[str, str]:
    """What npm was started with."""
    arguments, started_with = said_to_npm(project, "format", **more)
    assert arguments == ["run", "--silent", "format"]
    return started_with


def said_to_npm(project: Path, wanted: str, **more: str) -> tuple[list[str], dict[str, str]]:
    """What npm was told the last time, and what was set for it; the tool is asked for this."""
    said = project / "said.json"
    environment = {
        "PATH": f"{project / 'programs'}{os.pathsep}/usr/bin:/bin",
        "HOME": str(project / "home"),
        "PIP_CONFIG_FILE": os.devnull,
        "SAID": str(said),
        **more,
    }
    command = [sys.executable, str(project / "tools" / "web.py"), wanted]
    subprocess.run(command, env=environment, check=True, timeout=60)
    arguments, started_with = json.loads(said.read_text())
    return arguments, started_with


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE"])
def test_npm_trusts_the_certificates_that_the_set_up_does(project: Path, name: str) -> None:
    own = project / "own.pem"
    own.touch()
    seen = npm_of(project, **{name: str(own)})
    assert seen["NODE_EXTRA_CA_CERTS"] == str(own)
    assert seen["NODE_USE_SYSTEM_CA"] == "1"


def test_pips_own_setting_names_certificates_too(project: Path) -> None:
    own, pip = project / "own.pem", project / "pip.conf"
    own.touch()
    pip.write_text(f"[global]\ncert = {own}\n")
    assert npm_of(project, PIP_CONFIG_FILE=str(pip))["NODE_EXTRA_CA_CERTS"] == str(own)


def test_what_was_set_for_npm_stays(project: Path) -> None:
    own = project / "own.pem"
    own.touch()
    chosen = {
        "NODE_EXTRA_CA_CERTS": "/etc/ours.pem",
        "NODE_USE_SYSTEM_CA": "0",
        "NPM_CONFIG_CACHE": "/var/cache/npm",
    }
    seen = npm_of(project, SSL_CERT_FILE=str(own), HOME="/nowhere", **chosen)
    assert seen.items() >= chosen.items()
    assert "npm_config_cache" not in seen


def test_whoever_has_no_home_has_the_cache_in_the_project(project: Path) -> None:
    assert "npm_config_cache" not in npm_of(project)
    seen = npm_of(project, HOME="/nowhere")
    assert seen["npm_config_cache"] == str(project / ".tools" / "npm")
    assert "NODE_EXTRA_CA_CERTS" not in seen


def test_what_the_pages_need_is_brought_where_it_is_older_than_what_names_it(project: Path) -> None:
    os.utime(project / "web" / "node_modules" / ".package-lock.json", (0, 0))
    brought, _ = said_to_npm(project, "install")
    assert brought == ["ci", "--no-audit", "--no-fund"]
    (project / "said.json").write_text('[["nothing more"], {}]')
    assert said_to_npm(project, "install") == (["nothing more"], {})
