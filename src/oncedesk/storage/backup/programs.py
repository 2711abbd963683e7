"""PostgreSQL's own programs for backups: which one suits a server, and how bytes get in and out."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Literal

from oncedesk.storage.backup.manifest import BackupFailed
from oncedesk.storage.backup.packing import CHUNK_BYTES
from oncedesk.storage.embedded import BinariesMissing, installed_program, tied_to_us
from oncedesk.storage.urls import Address

_PROBE_SECONDS_MAX = 30.0
_SAID_BYTES_MAX = 20_000
_SAID_LENGTH_MAX = 500

Name = Literal["pg_dump", "pg_restore"]


def program_for(name: Name, *, major: int) -> Path:
    """The program that can talk to a server of this version: ours, or else one on the PATH.

    A program of an older PostgreSQL refuses a newer server. Raises BackupFailed.
    """
    seen = []
    for path in _candidates(name):
        version = _major_of(path)
        if version >= major:
            return path
        seen.append(f"{path} is of {version}")
    found = "; ".join(seen) or "there is none"
    raise BackupFailed(
        f"PostgreSQL {major} needs a {name} of {major} or later on the PATH: {found}"
    )


async def take_from(
    program: Path, *arguments: str, address: Address, take: Callable[[bytes], object]
) -> None:
    """Run it on the database at `address` and hand on what it writes.

    Raises BackupFailed with what it said if it failed.
    """
    async with _running(program, arguments, address, reads=False) as process:
        assert process.stdout is not None
        while chunk := await process.stdout.read(CHUNK_BYTES):
            take(chunk)


async def give_to(
    program: Path, *arguments: str, address: Address | None, chunks: Iterable[bytes]
) -> None:
    """Run it and give it these bytes. Raises BackupFailed with what it said if it failed."""
    async with _running(program, arguments, address, reads=True) as process:
        assert process.stdin is not None
        # Why it takes no more, it says itself.
        with suppress(BrokenPipeError, ConnectionResetError):
            for chunk in chunks:
                process.stdin.write(chunk)
                await process.stdin.drain()
            process.stdin.close()
            await process.stdin.wait_closed()


def _candidates(name: Name) -> Iterator[Path]:
    with suppress(BinariesMissing):
        yield installed_program(name)
    if (found := shutil.which(name)) is not None:
        yield Path(found)


def _major_of(program: Path) -> int:
    """0 for a program that does not run or does not say."""
    try:
        said = subprocess.run(
            [str(program), "--version"],
            capture_output=True,
            text=True,
            timeout=_PROBE_SECONDS_MAX,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0


@asynccontextmanager
async def _running(
    program: Path, arguments: Iterable[str], address: Address | None, *, reads: bool
) -> AsyncIterator[Process]:
    """The program; it does not outlive this process, nor the block if that fails."""
    named = () if address is None else (f"--dbname={address.url}", "--no-password")
    environment = {**os.environ, "LC_ALL": "C"}
    if address is not None and address.password is not None:
        environment["PGPASSWORD"] = address.password
    process = await asyncio.create_subprocess_exec(
        *tied_to_us([str(program), *arguments, *named], death=signal.SIGTERM),
        stdin=PIPE if reads else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if reads else PIPE,
        stderr=PIPE,
        env=environment,
        start_new_session=True,
    )
    assert process.stderr is not None
    said = asyncio.create_task(_last_words(process.stderr))
    try:
        yield process
        code = await process.wait()
        words = await said
    finally:
        said.cancel()
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if code != 0:
        raise BackupFailed(f"{program.name} failed: {words or f'it ended with {code}'}")


async def _last_words(stream: asyncio.StreamReader) -> str:
    """What it complained about, as one line of bounded length; the rest is read and dropped."""
    kept = b""
    while chunk := await stream.read(_SAID_BYTES_MAX):
        kept = (kept + chunk)[:_SAID_BYTES_MAX]
    lines = [line.strip() for line in kept.decode("utf-8", "replace").splitlines()]
    worst = [line for line in lines if "error:" in line] or lines
    return " ".join(worst)[:_SAID_LENGTH_MAX]
