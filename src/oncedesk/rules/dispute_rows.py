"""The rows that say how much a person may give alone, and how a dispute goes."""

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.remedy_rules import AuthorityRule, OnUndecided
from oncedesk.rules.rows import (
    Code,
    CodeOrNone,
    Problem,
    Row,
    Seconds,
    ValueRow,
    currency_problems,
)

Minor = Annotated[int, Meta(ge=0, le=10**12)]


class AuthorityRow(Row, frozen=True, kw_only=True):
    """How much somebody of this role at this kind of desk may give in this currency, alone."""

    table = "authority"

    desk: Literal["platform", "merchant", "creator"]
    role: Literal["agent", "supervisor"]
    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$(?!\n)")]
    per_case_minor: Minor
    per_day_minor: Minor
    per_consumer_minor: Minor

    @property
    def key(self) -> str:
        return f"{self.desk}/{self.role}/{self.currency}"

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        yield from currency_problems("currency", self.currency)


class DisputeValues(Record, frozen=True):
    """The keys of the table `dispute`."""

    evidence_seconds: Seconds = 2 * 86_400
    evidence_calendar: Code = "always"
    decision_seconds: Seconds = 2 * 86_400
    decision_calendar: Code = "always"
    objection_days: Annotated[int, Meta(ge=1, le=366)] = 7
    silent_merchant: OnUndecided = OnUndecided.GRANT
    undecided: OnUndecided = OnUndecided.GRANT
    authority_seconds: Seconds = 600
    second_person_seconds: Seconds = 4 * 3_600
    objection_ends_on: CodeOrNone = ""


class DisputeRow(ValueRow, frozen=True, kw_only=True):
    table = "dispute"
    group = DisputeValues


def authority_rule(row: AuthorityRow, *, id_: str) -> AuthorityRule:
    """The row as the deciders read it."""
    return AuthorityRule(
        id=id_,
        desk=row.desk,
        role=row.role,
        currency=row.currency,
        per_case_minor=row.per_case_minor,
        per_day_minor=row.per_day_minor,
        per_consumer_minor=row.per_consumer_minor,
    )
