"""A report as it is kept and read on a page: typed, and no longer than anybody reads."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from oncedesk.backtesting.report import (
    Borne,
    Count,
    MerchantReport,
    Moved,
    PackNamed,
    QuestionReport,
    Report,
    Uncertain,
)
from oncedesk.domain.shared.ids import BUCKETS
from oncedesk.domain.shared.records import Record

COUNTS_SHOWN = 40
NAMES_SHOWN = 200


class Minor(Record, frozen=True):
    """An amount in minor units."""

    currency: str
    minor: int


class Failure(Record, frozen=True):
    """So many decisions raised this error when they were decided again."""

    error: str
    count: int


class Changed(Record, frozen=True):
    """For example this decision: in version so many of the journal of this thing."""

    kind: str
    stream: UUID
    version: int
    at: datetime
    merchant: UUID | None
    differences: tuple[str, ...]


class QuestionSummary(Record, frozen=True, kw_only=True):
    """One kind of decision; of counts and names the most frequent."""

    name: str
    about: str
    decided: int
    changed: int
    unknown: tuple[Uncertain, ...]
    failures: tuple[Failure, ...]
    counts: tuple[Count, ...]
    moved: tuple[Moved, ...]
    stakes: tuple[Minor, ...]
    pays: tuple[Borne, ...]
    liable: tuple[Borne, ...]
    examples: tuple[Changed, ...]


class MerchantSummary(Record, frozen=True, kw_only=True):
    """What changes for a merchant: candidate less before, see `MerchantTally`."""

    merchant: UUID
    decisions: int
    better: int
    worse: int
    owned: int
    broken: int
    liable_percent: int
    seconds: int
    pays: tuple[Minor, ...]


class Summary(Record, frozen=True, kw_only=True):
    """What would have been otherwise. `buckets` of `buckets_all` were looked through."""

    candidate: tuple[PackNamed, ...]
    against: tuple[PackNamed, ...] | None
    decisions: int
    decided: int
    changed: int
    unknown: int
    buckets: int
    buckets_all: int
    seconds: float
    questions: tuple[QuestionSummary, ...]
    merchants_better: int
    merchants_worse: int
    winners: tuple[MerchantSummary, ...]
    losers: tuple[MerchantSummary, ...]
    assumptions: tuple[str, ...]


def summary_of(report: Report) -> Summary:
    """The same, shortened."""
    return Summary(
        candidate=report.candidate,
        against=report.against,
        decisions=report.decisions,
        decided=report.decided,
        changed=report.changed,
        unknown=report.unknown,
        buckets=report.buckets,
        buckets_all=BUCKETS,
        seconds=report.seconds,
        questions=tuple(_question(one) for one in report.questions if one.decided or one.unknown),
        merchants_better=report.merchants_better,
        merchants_worse=report.merchants_worse,
        winners=tuple(_merchant(one) for one in report.winners),
        losers=tuple(_merchant(one) for one in report.losers),
        assumptions=report.assumptions,
    )


def _question(one: QuestionReport) -> QuestionSummary:
    counts = sorted((*one.words, *one.held), key=lambda count: -count.count)
    return QuestionSummary(
        name=one.name,
        about=one.about,
        decided=one.decided,
        changed=one.changed,
        unknown=one.unknown,
        failures=tuple(
            Failure(error, count) for error, count in [*one.failures.items()][:COUNTS_SHOWN]
        ),
        counts=tuple(counts[:COUNTS_SHOWN]),
        moved=one.moved[:NAMES_SHOWN],
        stakes=_minors(one.stake_minor),
        pays=_most(one.pays),
        liable=_most(one.liable),
        examples=tuple(
            Changed(each.kind, each.stream, each.version, each.at, each.merchant, each.differences)
            for each in one.examples
        ),
    )


def _merchant(one: MerchantReport) -> MerchantSummary:
    tally = one.changes
    return MerchantSummary(
        merchant=one.merchant,
        decisions=tally.decisions,
        better=tally.better,
        worse=tally.worse,
        owned=tally.owned,
        broken=tally.broken,
        liable_percent=tally.liable_percent,
        seconds=tally.seconds,
        pays=_minors(tally.pays_minor),
    )


def _most(borne: tuple[Borne, ...]) -> tuple[Borne, ...]:
    """Those for whom most changes."""
    ordered = sorted(borne, key=lambda one: -abs(one.after_minor - one.before_minor))
    return tuple(ordered[:NAMES_SHOWN])


def _minors(amounts: Mapping[str, int]) -> tuple[Minor, ...]:
    return tuple(Minor(currency, minor) for currency, minor in sorted(amounts.items()))
