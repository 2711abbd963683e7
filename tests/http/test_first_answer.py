"""The guide for newcomers works as it stands there, from its first command to its last."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.operation.test_metrics import free_ports

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "first-answer.md"
FENCE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS_MAX = 240


@contextmanager
def left_running(script: str, *, folder: Path, environment: dict[str, str]) -> Iterator[Path]:
    """A terminal in which this goes on; what it prints is in the file."""
    printed = folder / f"printed-{time.monotonic_ns()}"
    with printed.open("wb") as stream:
        # The last command takes the shell's place, so that ending it ends that.
        lines = script.strip().splitlines()
        lines[-1] = f"exec {lines[-1]}"
        process = subprocess.Popen(
            ["bash", "-euc", "\n".join(lines)],
            cwd=folder,
            env=environment,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        try:
            yield printed
        finally:
            process.terminate()
            process.wait(timeout=SECONDS_MAX)


def waited_for(printed: Path, words: str, *, times: int = 1) -> str:
    """What was printed, once these words are in it so often."""
    until = time.monotonic() + SECONDS_MAX
    while (text := printed.read_text()).count(words) < times:
        assert time.monotonic() < until, text
        time.sleep(0.05)
    return text


def listens(port: int, printed: Path) -> None:
    """Returns once somebody takes connections there."""
    until = time.monotonic() + SECONDS_MAX
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < until, printed.read_text()
        time.sleep(0.05)


@pytest.mark.slow
def test_every_command_of_the_first_answer_works(url: str, tmp_path: Path) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    make, settings, serve, receiver, *rest = FENCE.findall(text)
    assert make == "make web\n"
    assert "ONCEDESK_HOME" in settings
    assert serve == "oncedesk serve\n"
    environment = {
        **os.environ,
        "ONCEDESK_DATABASE_URL": url,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    hook = str(free_ports(1))
    script = settings + receiver.replace("8585", hook)
    anywhere = settings + "oncedesk serve --port 0\n"
    with (
        left_running(script, folder=tmp_path, environment=environment) as heard,
        left_running(anywhere, folder=tmp_path, environment=environment) as served,
    ):
        listens(int(hook), heard)
        waited_for(served, "serves at http://127.0.0.1:")
        (port,) = re.findall(r"serves at http://127\.0\.0\.1:(\d+)\n", served.read_text())
        script = settings + "".join(rest).replace("8484", port).replace("8585", hook)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        thread = done.stdout.splitlines()[-1]
        assert "Can you send it in blue?" in thread
        assert "Yes, the blue one leaves today." in thread
        waited_for(heard, "oncedesk.case.opened")
        said = waited_for(heard, "oncedesk.message.posted", times=2)
        assert "blue" not in said
