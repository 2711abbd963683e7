"""Reads CSV strictly, row by row, and loses nothing: a row is given out, or it is rejected.

A row that cannot be read is rejected at the line on which it begins, and reading goes on with the
next line: so a quote that is never closed does not swallow the rows behind it.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from oncedesk.connectors.rejects import BadRow, Reject
from oncedesk.domain.shared.records import Record


class FileUnusable(Exception):
    """The file is not there, cannot be read, or is not the one that was expected."""


class Row(Record, frozen=True):
    """One row by column name, and the line on which it begins (the header is line 1)."""

    line: int
    values: Mapping[str, str]


def read_rows(*, path: Path, columns: Sequence[str], rejects: list[Reject]) -> Iterator[Row]:
    """Every readable row; the others are added to `rejects`. More columns than `columns` may be
    there, but all rows have as many as the header. Raises FileUnusable."""
    lines = _lines(path)
    header = _header(path, lines, columns)
    position = 1
    while position < len(lines):
        feed = _Feed(lines, position)
        try:
            values = next(csv.reader(feed, strict=True))
            if values and len(values) != len(header):
                raise BadRow(f"{len(values)} columns instead of {len(header)}")
        except (BadRow, csv.Error) as error:
            reason = f"malformed CSV: {error}" if isinstance(error, csv.Error) else str(error)
            rejects.append(Reject(path.name, position + 1, reason))
            position += 1
            continue
        if values:
            yield Row(position + 1, dict(zip(header, values, strict=True)))
        position = feed.position


def _lines(path: Path) -> list[bytes]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileUnusable(f"{path}: {error.strerror}") from error
    return io.BytesIO(content.removeprefix(codecs.BOM_UTF8)).readlines()


def _header(path: Path, lines: Sequence[bytes], columns: Sequence[str]) -> list[str]:
    try:
        header = next(csv.reader(_Feed(lines, 0), strict=True), [])
    except (BadRow, csv.Error) as error:
        raise FileUnusable(f"{path}: no header: {error}") from error
    missing = [name for name in columns if name not in header]
    if missing or len(set(header)) != len(header):
        wrong = f"no column {', '.join(missing)}" if missing else "a column twice"
        raise FileUnusable(f"{path}: {wrong} in the header")
    return header


class _Feed:
    """Gives the lines of one row to the reader, decoded; `position` is the next line."""

    def __init__(self, lines: Sequence[bytes], position: int) -> None:
        self._lines = lines
        self.position = position

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if self.position >= len(self._lines):
            raise StopIteration
        line = self._lines[self.position]
        self.position += 1
        if b"\0" in line:
            raise BadRow("a NUL character")
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            raise BadRow("not UTF-8") from error
