"""Where the embedded server keeps its files below Oncedesk's home.

HOME/postgres/data             the database; only the server's user may enter
HOME/postgres/socket           where clients connect (elsewhere if this path is too long)
HOME/postgres/postgresql.conf  written at every start, like access-rules.conf
HOME/postgres/postgres.log     with one earlier postgres.log.1
HOME/postgres/owner.lock       held by the process whose child the server is
HOME/postgres/programs-*       a copy of PostgreSQL, only if its user cannot reach ours
"""

import hashlib
import os
import stat
from pathlib import Path

import msgspec

from oncedesk.storage.embedded.process import Account

# A socket's path fits into 108 bytes on Linux and 104 elsewhere, the closing NUL included.
_SOCKET_PATH_BYTES_MAX = 103
_SOCKET_NAME = ".s.PGSQL.5432"
# These would need quoting rules of their own in PostgreSQL's list of socket folders.
_AWKWARD = frozenset(",\"'\\")


class HomeUnusable(Exception):
    """The home's folders cannot be made or are not what they should be."""


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    folder: Path
    data: Path
    configuration: Path
    access_rules: Path
    log: Path
    lock: Path


def data_folder(home: Path) -> Path:
    return home / "postgres" / "data"


def make_layout(*, home: Path, account: Account) -> Layout:
    """Create the folders that are missing. Folders that exist keep their permissions."""
    if any(not character.isprintable() for character in str(home)):
        raise HomeUnusable(f"the home {str(home)!r} contains unprintable characters")
    # Another user than ours has to pass through to the data, which itself stays closed.
    mode = 0o711 if account.dropped else 0o700
    folder = home.expanduser().absolute() / "postgres"
    _make_folders(folder, mode=mode)
    # PostgreSQL's processes are recognised by the folder they work in, so it needs its one name.
    folder = folder.resolve()
    return Layout(
        folder=folder,
        data=folder / "data",
        configuration=folder / "postgresql.conf",
        access_rules=folder / "access-rules.conf",
        log=folder / "postgres.log",
        lock=folder / "owner.lock",
    )


def make_socket_folder(*, layout: Layout, account: Account) -> Path:
    """A folder that only the server's user can enter, with a path short enough for a socket.

    It follows from the home and from whose data it has: where one owner's server is found, the
    next one's is found, too. So a temporary folder of each process's own will not do.

    To be called only by the holder of the home's lock. A killed server's socket is removed: the
    lock file beside it would stop the next one if its process id were in use again.
    """
    near = layout.folder / "socket"
    # The name is found again at the next start, so a killed server leaves nothing behind in /tmp.
    digest = hashlib.sha256(os.fsencode(layout.folder)).hexdigest()[:12]
    apart = f"oncedesk-{account.uid}-{digest}"
    candidates = [near, Path("/tmp", apart)]  # noqa: S108  # checked by _make_private
    for folder in candidates:
        if _fits(folder):
            _make_private(folder, account=account)
            _remove_socket(folder)
            return folder
    raise HomeUnusable(f"no folder for a socket has a path short enough: {candidates[-1]}")


def remove_socket_folder(socket_folder: Path, *, layout: Layout) -> None:
    """Remove the folder if it lies outside the home. PostgreSQL removed the socket itself."""
    if socket_folder.parent == layout.folder:
        return
    try:
        _remove_socket(socket_folder)
        socket_folder.rmdir()
    except OSError:
        # Somebody put something else there; it is an empty shell and does no harm.
        return


def give_to(path: Path, *, account: Account) -> None:
    if account.dropped:
        os.chown(path, account.uid, account.gid)


def _remove_socket(folder: Path) -> None:
    for name in (_SOCKET_NAME, f"{_SOCKET_NAME}.lock"):
        (folder / name).unlink(missing_ok=True)


def _fits(folder: Path) -> bool:
    if any(character in _AWKWARD for character in str(folder)):
        return False
    return len(os.fsencode(folder / _SOCKET_NAME)) <= _SOCKET_PATH_BYTES_MAX


def _make_folders(folder: Path, *, mode: int) -> None:
    if folder.is_dir():
        return
    _make_folders(folder.parent, mode=mode)
    folder.mkdir(exist_ok=True)
    # Said again, because mkdir's mode is cut by the umask.
    folder.chmod(mode)


def _make_private(folder: Path, *, account: Account) -> None:
    try:
        folder.mkdir(mode=0o700)
        give_to(folder, account=account)
    except FileExistsError:
        # In /tmp anybody could have made it first. A link or another user's folder is refused.
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
            raise HomeUnusable(
                f"{folder} exists and is not a folder of {account.name} alone; remove it"
            ) from None
