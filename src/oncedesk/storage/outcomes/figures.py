"""The figures' sums, by whatever they are asked by, and the rows behind each.

A supervisor sees what came to a desk of theirs first; the platform's supervisors and admins see
everything. Who is at a desk sees no figures: they are about people.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from oncedesk.domain.insight.figures import FigureName
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.storage.database import Unhurried
from oncedesk.storage.outcomes.working_out import CASE, PROMISE, REFUND, STAY
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
    AGENT = "agent"
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
    """A figure for one group. Times add up to seconds; `median` and `p90` are of the same rows.
    `excluded` are rows, `denominator` too, unless the figure divides by a time."""

    group: str
    numerator: int
    denominator: int
    excluded: int
    median: int | None
    p90: int | None


class OutcomeRow(Record, frozen=True):
    """One thing behind a figure: a case, a promise or a refund. `seconds` are those that the figure
    adds up, if it does."""

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
    agent: UUID | None
    stream: UUID
    number: int


class ByEnd(Record, frozen=True):
    """Where a page ended that goes from the latest to the earliest."""

    at: datetime
    stream: UUID
    number: int


class _Sum(Record, frozen=True, kw_only=True):
    """How a figure is added up, in expressions over a row `o`. All are constants of this file.

    `among` are those of its kind that it is about at all. `adds` is what a row adds to the
    numerator, `divides` to the denominator: one, or its seconds. `spread` are the seconds whose
    median is of interest.
    """

    kind: str
    among: str = ""
    counted: str = "true"
    good: str = "true"
    adds: str = ""
    divides: str = ""
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
    FigureName.PAUSED_SHARE: _Sum(
        kind=STAY,
        among="o.agent IS NOT NULL",
        good="o.paused_seconds > 0",
        adds="o.paused_seconds",
        divides="o.seconds",
    ),
}
_GROUPS = {
    By.TOTAL: "''",
    By.DAY: "to_char(o.at AT TIME ZONE {zone}, 'YYYY-MM-DD')",
    By.DESK: "o.desk",
    By.MERCHANT: "coalesce(o.merchant::text, '')",
    By.CREATOR: "coalesce(o.creator::text, '')",
    By.AGENT: "coalesce(o.agent::text, '')",
    By.CATEGORY: "o.category",
}
_SPAN = "o.kind = $1 AND o.at >= $2 AND o.at < $3"
_VALUES = """
SELECT {group} AS g,
    coalesce(sum({adds}) FILTER (WHERE ({counted}) AND ({good})), 0)::bigint,
    coalesce(sum({divides}) FILTER (WHERE {counted}), 0)::bigint,
    count(*) FILTER (WHERE NOT ({counted})),
    percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {spread}) FILTER (WHERE {counted})
FROM outcome o WHERE {where}
GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT {limit}
"""
_ROWS = """
SELECT o.at, o.consumer, o.market, o.category, o.desk, o.merchant, o.creator, {shown}, o.reason,
    o.order_id, o.conversation, o.case_number, o.score, o.agent, o.stream, o.number
FROM outcome o WHERE {where} AND ({part})
  AND (o.at, o.stream, o.number) < ({at}::timestamptz, {stream}::uuid, {number}::int)
ORDER BY o.at DESC, o.stream DESC, o.number DESC LIMIT {limit}
"""
# Nothing ended before or will after, and there are moments there that no zone can tell.
_DAYS = (date(1970, 1, 1), date(9999, 1, 1))
_FIRST = ByEnd(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1), 2**31 - 1)


class Figures:
    """Answers supervisors and admins how it went. Others: `NotSeen`."""

    def __init__(self, unhurried: Unhurried) -> None:
        self._unhurried = unhurried

    async def values(
        self, *, reader: Reader, figure: FigureName, asked: Asked, by: By
    ) -> Sequence[Value]:
        """By group, the largest groups first; by day, the earliest first. At most `GROUPS_MAX`."""
        terms = _SUMS[figure]
        given = _Given(reader, terms, asked)
        group = _GROUPS[by]
        if by is By.DAY:
            group = group.format(zone=given.also(asked.timezone))
        statement = _VALUES.format(
            group=group,
            adds=terms.adds or "1",
            divides=terms.divides or "1",
            counted=terms.counted,
            good=terms.good,
            spread=terms.spread or "NULL::int",
            where=given.where,
            limit=given.also(GROUPS_MAX),
        )
        rows = await self._fetch(statement, given)
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
        given, start = _Given(reader, terms, asked), after or _FIRST
        statement = _ROWS.format(
            shown=terms.adds or "NULL::int",
            where=given.where,
            part=parts[part],
            at=given.also(start.at),
            stream=given.also(start.stream),
            number=given.also(start.number),
            limit=given.also(limit),
        )
        return [OutcomeRow(*row) for row in await self._fetch(statement, given)]

    async def _fetch(self, statement: str, given: "_Given") -> "Sequence[asyncpg.Record]":
        async with self._unhurried.connected() as connection:
            found: Sequence[asyncpg.Record] = await connection.fetch(statement, *given.values)
            return found


class _Given:
    """What a statement takes, and the conditions over it: only those that were asked for.

    A condition that may be empty would keep the index of a desk from being used, for plans are made
    without knowing. Raises `NotSeen` for who supervises nothing of it.
    """

    def __init__(self, reader: Reader, terms: _Sum, asked: Asked) -> None:
        days = (_begin(day, asked.timezone) for day in (asked.since, asked.until))
        self.values: list[Any] = [terms.kind, *days]
        conditions = [_SPAN, terms.among] if terms.among else [_SPAN]
        desks = _desks(reader, asked)
        if desks is not None:
            conditions.append(f"o.desk = ANY({self.also(desks)}::text[])")
        if asked.market:
            conditions.append(f"o.market = {self.also(asked.market)}")
        if asked.merchant is not None:
            conditions.append(f"o.merchant = {self.also(asked.merchant)}")
        if asked.creator is not None:
            conditions.append(f"o.creator = {self.also(asked.creator)}")
        if asked.category:
            conditions.append(f"o.category = {self.also(asked.category)}")
        self.where = " AND ".join(conditions)

    def also(self, value: Any) -> str:
        """Its place in the statement."""
        self.values.append(value)
        return f"${len(self.values)}"


def _begin(day: date, timezone: str) -> datetime:
    """Midnight where whoever asks is; the first one where it comes twice, as the clock is set."""
    within = min(max(day, _DAYS[0]), _DAYS[1])
    return datetime.combine(within, time(), ZoneInfo(timezone)).astimezone(UTC)


def _desks(reader: Reader, asked: Asked) -> list[str] | None:
    """Of which desks the reader sees what was asked for; None: of all."""
    wanted = None if asked.desk is None else str(asked.desk)
    if reader.supervises(PLATFORM):
        return None if wanted is None else [wanted]
    own = [str(desk) for desk in reader.supervised]
    if not own or wanted not in (None, *own):
        raise NotSeen
    return own if wanted is None else [wanted]


def _value(
    group: str,
    numerator: int,
    denominator: int,
    excluded: int,
    spread: Sequence[int] | None,
) -> Value:
    median, p90 = spread or (None, None)
    return Value(group, numerator, denominator, excluded, median, p90)
