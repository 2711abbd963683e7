"""Create the database files, completely or not at all."""

import os
import shutil
import tempfile
from pathlib import Path

from oncedesk.storage.embedded.binaries import POSTGRES_MAJOR, Binaries
from oncedesk.storage.embedded.layout import Layout, give_to
from oncedesk.storage.embedded.process import Account, run_as

SUPERUSER = "oncedesk"
_UNFINISHED = "unfinished-"
_SECONDS_MAX = 300.0


class ClusterUnusable(Exception):
    """The data folder holds something that this PostgreSQL cannot run."""


class ClusterNotCreated(Exception):
    """initdb failed; nothing was left behind."""


def ensure_cluster(*, layout: Layout, binaries: Binaries, account: Account) -> None:
    """Check the data folder, or create it. To be called only by the holder of the home's lock."""
    for unfinished in layout.folder.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    if layout.data.is_dir() and any(layout.data.iterdir()):
        _check(layout=layout, account=account)
    else:
        _create(layout=layout, binaries=binaries, account=account)


def _check(*, layout: Layout, account: Account) -> None:
    version = layout.data / "PG_VERSION"
    if not version.is_file() or not (layout.data / "global" / "pg_control").is_file():
        # We never leave a half-made folder, so this is damage or somebody else's. Data is never
        # deleted on a guess.
        raise ClusterUnusable(
            f"{layout.data} is not a complete database; restore it, or move it away to start anew"
        )
    major = version.read_text(encoding="ascii", errors="replace").strip()
    if major != str(POSTGRES_MAJOR):
        raise ClusterUnusable(
            f"{layout.data} was written by PostgreSQL {major}, and this is {POSTGRES_MAJOR}"
        )
    owner = layout.data.stat().st_uid
    if owner != account.uid:
        raise ClusterUnusable(
            f"{layout.data} belongs to user id {owner}, and PostgreSQL would run as"
            f" {account.name} (id {account.uid}); use the home as the user who made it"
        )


def _create(*, layout: Layout, binaries: Binaries, account: Account) -> None:
    building = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=layout.folder))
    try:
        give_to(building, account=account)
        made = run_as(
            account=account,
            folder=layout.folder,
            command=[
                str(binaries.initdb),
                f"--pgdata={building}",
                f"--username={SUPERUSER}",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-instructions",
            ],
            seconds_max=_SECONDS_MAX,
        )
        if made.returncode != 0:
            raise ClusterNotCreated(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")
        # initdb has written everything to disk; now the name has to get there too.
        building.rename(layout.data)
        descriptor = os.open(layout.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
