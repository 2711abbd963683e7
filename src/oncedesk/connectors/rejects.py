"""Rows that could not be taken, each with its place and reason."""

import csv
from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path

from oncedesk.domain.shared.records import Record


class BadRow(Exception):
    """This row cannot be taken; the message says why, in words for whoever made the file."""


class Reject(Record, frozen=True):
    """A row left out: its file, the line on which it begins, and why."""

    file: str
    line: int
    reason: str


class RejectsUnwritable(Exception):
    """The rejects file cannot be written there."""


def write_rejects(*, path: Path, rejects: Sequence[Reject]) -> None:
    """Write them as CSV with a header, by file and line; an empty list leaves the header alone."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["file", "line", "reason"])
            for one in sorted(rejects, key=attrgetter("file", "line", "reason")):
                writer.writerow([one.file, one.line, one.reason])
    except OSError as error:
        raise RejectsUnwritable(f"{path}: {error.strerror}") from error
