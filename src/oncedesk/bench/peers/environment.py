"""The peer's own Python environment, made once and kept below the home."""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

INSTALL_SECONDS_MAX = 600.0
_DONE = "installed"
# Of our own environment; the peer must not see it.
_OURS = frozenset({"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX", "UV_PYTHON"})


class PeerNotInstalled(Exception):
    """The peer's packages could not be installed; the message says why."""


def environment(*, home: Path, requirements: Path, progress: Callable[[str], None]) -> Path:
    """The Python of an environment that has exactly these requirements.

    Made at the first call, from the package index as uv or pip find it. Raises PeerNotInstalled.
    """
    pinned = requirements.read_bytes()
    name = hashlib.sha256(pinned + sysconfig.get_python_version().encode()).hexdigest()[:12]
    folder = home / "peers" / name
    python = folder / "bin" / "python"
    if (folder / _DONE).exists():
        return python
    progress("installing the peer")
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    problems: list[str] = []
    for steps in _ways(folder, python, requirements):
        problem = _first_problem(steps)
        if problem is None:
            (folder / _DONE).touch()
            return python
        problems.append(problem)
        shutil.rmtree(folder, ignore_errors=True)
    raise PeerNotInstalled("the peer cannot be installed: " + "; ".join(problems or [_NO_WAY]))


def clean_environment(**more: str) -> dict[str, str]:
    """This process's variables without those that lead Python back to our own packages."""
    return {name: value for name, value in os.environ.items() if name not in _OURS} | more


_NO_WAY = "neither uv nor pip is here"
_Step = Sequence[str]


def _ways(folder: Path, python: Path, requirements: Path) -> list[Sequence[_Step]]:
    """How it could be installed, the quickest first: lists of commands."""
    ways: list[Sequence[_Step]] = []
    wanted = ("--requirement", str(requirements))
    # A checkout that had no uv was given one.
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.prefix).parent / ".tools"))
    if uv is not None:
        ways.append(
            (
                (uv, "venv", "--quiet", "--python", sys.executable, str(folder)),
                (uv, "pip", "install", "--quiet", "--python", str(python), *wanted),
            )
        )
    if find_spec("ensurepip") is not None:
        ways.append(
            (
                (sys.executable, "-m", "venv", str(folder)),
                (str(python), "-m", "pip", "install", "--quiet", *wanted),
            )
        )
    return ways


def _first_problem(steps: Sequence[_Step]) -> str | None:
    for step in steps:
        try:
            done = subprocess.run(
                step,
                env=clean_environment(UV_PYTHON_DOWNLOADS="never"),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=INSTALL_SECONDS_MAX,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{Path(step[0]).name}: {error}"
        if done.returncode != 0:
            said = " ".join((done.stderr or done.stdout).split())
            return f"{Path(step[0]).name} {step[1]} {step[2]}: {said[-600:]}"
    return None
