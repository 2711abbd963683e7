"""Names in rows that no row of the pack defines, on whatever day."""

from collections.abc import Iterator

from oncedesk.rules.dispute_rows import DisputeRow
from oncedesk.rules.problems import PackError
from oncedesk.rules.promise_rows import PresaleRow, PriceProtectionRow
from oncedesk.rules.reading import Placed, Written
from oncedesk.rules.remedy_rows import RemedyRow, ReturnRow, SettlingRow
from oncedesk.rules.rows import (
    AskingRow,
    ClockRow,
    IssueRow,
    NotifyingRow,
    PromiseRow,
    Row,
    SpecialDayRow,
)

ANY_ISSUE = "*"


def names_used(row: Row) -> Iterator[tuple[str, str, str]]:
    """What a row refers to: the field, the table that defines such names, and the name."""
    match row:
        case IssueRow():
            yield "skill", "skill", row.skill
        case ClockRow():
            if row.issue != ANY_ISSUE:
                yield "issue", "issue", row.issue
            yield "calendar", "calendar", row.calendar
        case ReturnRow():
            if row.reason != ANY_ISSUE:
                yield "reason", "reason", row.reason
        case RemedyRow():
            if row.reason != ANY_ISSUE:
                yield "reason", "reason", row.reason
            if row.category != ANY_ISSUE:
                yield "category", "category", row.category
            yield "calendar", "calendar", row.calendar
            if row.ends_on:
                yield "ends_on", "calendar", row.ends_on
        case PresaleRow() | PriceProtectionRow():
            if row.category != ANY_ISSUE:
                yield "category", "category", row.category
        case SpecialDayRow():
            yield "calendar", "calendar", row.calendar
        case (
            AskingRow(name="calendar")
            | PromiseRow(name="ship_by_calendar")
            | NotifyingRow(name="hours")
            | DisputeRow(name="evidence_calendar" | "decision_calendar")
        ):
            yield "value", "calendar", str(row.value)
        case SettlingRow(name="ship_back_ends_on") | DisputeRow(name="objection_ends_on"):
            if row.value:
                yield "value", "calendar", str(row.value)
        case _:
            return


def unknown_names(written: Written) -> Iterator[PackError]:
    for placed in written.rows:
        for field, table, name in names_used(placed.row):
            if name not in written.named.get(table, frozenset()):
                yield _unknown(placed, field, table, name)


def _unknown(placed: Placed, field: str, table: str, name: str) -> PackError:
    return placed.place.error(field, f"unknown {table} {name!r}; no row [[{table}]] defines it")
