"""When this home was last backed up, for whoever asks whether all is well."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from oncedesk.domain.shared.records import Record

FILE = "last-backup.json"


class LastBackup(Record, frozen=True, kw_only=True):
    """Of which moment it is, and where it was written to."""

    taken_at: datetime
    target: str


def last_backup(*, home: Path) -> LastBackup | None:
    """The last one that was made with this home, if that is known."""
    try:
        return msgspec.json.decode((home / FILE).read_bytes(), type=LastBackup)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def remember_backup(last: LastBackup, *, home: Path) -> None:
    """A home that cannot be written, or is not there, forgets it."""
    with suppress(OSError):
        (home / FILE).write_bytes(msgspec.json.encode(last))
