"""Backups: made while commands are being committed, put back whole or not at all.

Made and read by PostgreSQL's own programs. A backup is one moment of the database, then the files,
then a manifest that says what is in it; without its manifest it is not a backup. It knows nothing
about what the rows mean: whoever restores is asked to check them before they count.
"""

from oncedesk.storage.backup.last import LastBackup, last_backup, remember_backup
from oncedesk.storage.backup.making import make_backup
from oncedesk.storage.backup.manifest import BackupFailed, Manifest
from oncedesk.storage.backup.restoring import Restored, restore_backup
from oncedesk.storage.backup.verifying import verify_backup

__all__ = [
    "BackupFailed",
    "LastBackup",
    "Manifest",
    "Restored",
    "last_backup",
    "make_backup",
    "remember_backup",
    "restore_backup",
    "verify_backup",
]
