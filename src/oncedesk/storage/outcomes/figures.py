"""The figures' sums, by whatever they are asked by, and the rows behind each.

A supervisor sees what came to a desk of theirs first; the platform's supervisors and admins see
everything. Who is at a desk sees no figures: they are about people.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg

from oncedesk.domain.insight.figures import FigureName
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.storage.database import connected
from oncedesk.storage.outcomes.working_out import CASE, PROMISE, REFUND
from oncedesk.storage.views.readers import NotSeen, Reader

GROUPS_MAX = 400
"""Groups of an answer: the largest; by day there are at most so many days in a span."""


class By(StrEnum):
    """What a figure is broken down by; `total` not at all."""

    TOTAL = "total"
    DAY = "day"
    DESK = "desk"
    MERCHANT = "merchant"
    CREATOR = "creator"
    CATEGORY = "category"


class Part(StrEnum):
    """Which rows of a figure: those it counts, those of them that count for it, or the others."""

    DENOMINATOR = "denominator"
    NUMERATOR = "numerator"
    EXCLUDED = "excluded"


class Asked(Record, frozen=True, kw_only=True):
    """Which rows: of days [since, until) in a time zone, perhaps of one desk, party or category."""

    since: date
    until: date
    timezone: str
    market: str = ""
    desk: Desk | None = None
    merchant: UUID | None = None
    creator: UUID | None = None
    category: str = ""


class Value(Record, frozen=True):
    """A figure for one group. Times add up to seconds; `median` and `p90` are of the same rows."""

    group: str
    numerator: int
    denominator: int
    excluded: int
    median: int | None
    p90: int | None


class OutcomeRow(Record, frozen=True):
    """One thing behind a figure: a case, a promise or a refund."""

    at: datetime
    consumer: UUID
    market: str
    category: str
    desk: str
    merchant: UUID | None
    creator: UUID | None
    seconds: int | None
    reason: str
    order: UUID | None
    conversation: UUID | None
    case: int | None
    score: int | None
    stream: UUID
    number: int


class ByEnd(Record, frozen=True):
    """Where a page ended that goes from the latest to the earliest."""

    at: datetime
    stream: UUID
    number: int


class _Sum(Record, frozen=True, kw_only=True):
    """How a figure is added up, in expressions over a row `o`. All are constants of this file."""

    kind: str
    counted: str = "true"
    good: str = "true"
    adds: str = "1"
    spread: str = ""


_SUMS = {
    FigureName.CONTACT_ONCE: _Sum(
        kind=CASE,
        counted="o.closed_at IS NOT NULL AND o.contacts > 0",
        good="coalesce(o.good, false)",
    ),
    FigureName.FIRST_RESPONSE: _Sum(
        kind=CASE,
        counted="o.answer_seconds IS NOT NULL",
        adds="o.answer_seconds",
        spread="o.answer_seconds",
    ),
    FigureName.ANSWERED_IN_TIME: _Sum(
        kind=CASE, counted="o.answered_in_time IS NOT NULL", good="o.answered_in_time"
    ),
    FigureName.RESOLUTION: _Sum(
        kind=CASE,
        counted="o.reason NOT IN ('withdrawn', 'no_reply', 'duplicate')",
        adds="o.seconds",
        spread="o.seconds",
    ),
    FigureName.REFUND_TIME: _Sum(kind=REFUND, adds="o.seconds", spread="o.seconds"),
    FigureName.PROMISE_KEPT: _Sum(kind=PROMISE, good="coalesce(o.good, false)"),
    FigureName.TAKE_OVERS: _Sum(kind=CASE, counted="o.desk <> 'platform'", good="o.taken_over"),
    FigureName.COST_PER_CASE: _Sum(kind=CASE, adds="o.worked_seconds"),
    FigureName.SATISFACTION: _Sum(kind=CASE, counted="o.score IS NOT NULL", good="o.score >= 4"),
}
_GROUPS = {
    By.TOTAL: "''",
    By.DAY: "to_char(o.at AT TIME ZONE $4, 'YYYY-MM-DD')",
    By.DESK: "o.desk",
    By.MERCHANT: "coalesce(o.merchant::text, '')",
    By.CREATOR: "coalesce(o.creator::text, '')",
    By.CATEGORY: "o.category",
}
# Days begin at midnight where whoever asks is.
_WHERE = """
o.kind = $1 AND o.at >= ($2::date)::timestamp AT TIME ZONE $4
  AND o.at < ($3::date)::timestamp AT TIME ZONE $4
  AND ($5::text[] IS NULL OR o.desk = ANY($5)) AND ($6 = '' OR o.market = $6)
  AND ($7 = '' OR o.desk = $7) AND ($8::uuid IS NULL OR o.merchant = $8)
  AND ($9::uuid IS NULL OR o.creator = $9) AND ($10 = '' OR o.category = $10)
"""
_VALUES = """
SELECT {group} AS g,
    coalesce(sum({adds}) FILTER (WHERE ({counted}) AND ({good})), 0)::bigint,
    count(*) FILTER (WHERE {counted}), count(*) FILTER (WHERE NOT ({counted})),
    percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {spread}) FILTER (WHERE {counted})
FROM outcome o WHERE {where}
GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT $11
"""
_ROWS = """
SELECT o.at, o.consumer, o.market, o.category, o.desk, o.merchant, o.creator, {shown}, o.reason,
    o.order_id, o.conversation, o.case_number, o.score, o.stream, o.number
FROM outcome o WHERE {where} AND ({part})
  AND (o.at, o.stream, o.number) < ($11::timestamptz, $12::uuid, $13::int)
ORDER BY o.at DESC, o.stream DESC, o.number DESC LIMIT $14
"""
_FIRST = ByEnd(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1), 2**31 - 1)


class Figures:
    """Answers supervisors and admins how it went. Others: `NotSeen`."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def values(
        self, *, reader: Reader, figure: FigureName, asked: Asked, by: By
    ) -> Sequence[Value]:
        """By group, the largest groups first; by day, the earliest first. At most `GROUPS_MAX`."""
        terms = _SUMS[figure]
        statement = _VALUES.format(
            group=_GROUPS[by],
            adds=terms.adds,
            counted=terms.counted,
            good=terms.good,
            spread=terms.spread or "NULL::int",
            where=_WHERE,
        )
        given = _given(reader, terms, asked)
        async with connected(self._pool) as connection:
            rows = await connection.fetch(statement, *given, GROUPS_MAX)
        values = [_value(*row) for row in rows]
        return sorted(values, key=lambda one: one.group) if by is By.DAY else values

    async def rows(
        self,
        *,
        reader: Reader,
        figure: FigureName,
        asked: Asked,
        part: Part,
        after: ByEnd | None,
        limit: int,
    ) -> Sequence[OutcomeRow]:
        """What is behind a figure, the latest first."""
        terms = _SUMS[figure]
        parts = {
            Part.DENOMINATOR: terms.counted,
            Part.NUMERATOR: f"({terms.counted}) AND ({terms.good})",
            Part.EXCLUDED: f"NOT ({terms.counted})",
        }
        statement = _ROWS.format(
            shown=terms.spread or "o.worked_seconds",
            where=_WHERE,
            part=parts[part],
        )
        given = _given(reader, terms, asked)
        start = after or _FIRST
        async with connected(self._pool) as connection:
            rows = await connection.fetch(
                statement, *given, start.at, start.stream, start.number, limit
            )
        return [OutcomeRow(*row) for row in rows]


def _given(reader: Reader, terms: _Sum, asked: Asked) -> Sequence[Any]:
    """What every statement takes first. Raises `NotSeen` for who supervises nothing of it."""
    own: list[str] | None = None
    if not reader.supervises(PLATFORM):
        own = [str(desk) for desk in reader.supervised]
        if not own or (asked.desk is not None and str(asked.desk) not in own):
            raise NotSeen
    return (
        terms.kind,
        asked.since,
        asked.until,
        asked.timezone,
        own,
        asked.market,
        "" if asked.desk is None else str(asked.desk),
        asked.merchant,
        asked.creator,
        asked.category,
    )


def _value(
    group: str,
    numerator: int,
    denominator: int,
    excluded: int,
    spread: Sequence[int] | None,
) -> Value:
    median, p90 = spread or (None, None)
    return Value(group, numerator, denominator, excluded, median, p90)
