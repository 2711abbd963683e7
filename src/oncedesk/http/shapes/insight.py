"""Figures, what they mean, and what is behind them."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.insight.figures import Figure, FigureName, Side, Unit, Words
from oncedesk.domain.insight.forecasting import Forecast
from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.shapes.cases import Count
from oncedesk.storage.outcomes.figures import By, OutcomeRow, Value

Whole = Annotated[int, Meta(ge=0)]


class WordsShape(msgspec.Struct, frozen=True):
    """The same in Chinese and in English."""

    zh: str
    en: str


class FigureShape(msgspec.Struct, frozen=True, kw_only=True):
    """What a figure is. Its value is numerator by denominator, in this unit."""

    name: FigureName
    unit: Unit
    better: Side
    title: WordsShape
    definition: WordsShape
    numerator: WordsShape
    denominator: WordsShape
    excluded: WordsShape


class FigureList(msgspec.Struct, frozen=True):
    """All figures there are."""

    items: tuple[FigureShape, ...]


class ValueShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure for one group; `median` and `p90` of what is in seconds. `excluded` rows are not
    counted: the definition says which. `name` is what an agent is called, where that is known."""

    group: str
    name: str = ""
    numerator: Whole
    denominator: Whole
    excluded: Whole
    median: int | None = None
    p90: int | None = None


class ValueList(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure by group: by day the earliest first, else the largest groups first, at most 400.

    Days are those of `timezone`, from `since` up to but without `until`.
    """

    figure: FigureName
    by: By
    since: date
    until: date
    timezone: str
    items: tuple[ValueShape, ...]
    currency: str = ""


class BehindShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case, a promise or a refund behind a figure; `seconds` is how long it took, where the
    figure is about that, `score` how the service in it was rated, `agent` who had it. It is opened
    by its conversation and case, or by its order; `id` is no other row's of the figure."""

    id: str
    at: Moment
    consumer: UUID
    market: str
    category: str
    desk: str
    seconds: int | None = None
    reason: str = ""
    merchant: UUID | None = None
    creator: UUID | None = None
    order: UUID | None = None
    conversation: UUID | None = None
    case: int | None = None
    score: int | None = None
    agent: UUID | None = None


class HourShape(msgspec.Struct, frozen=True, kw_only=True):
    """An hour to come: what is expected, how many people it takes, how many are planned."""

    starts_at: Moment
    arrivals: float
    staff: Count
    planned: Count


class StaffingShape(msgspec.Struct, frozen=True, kw_only=True):
    """How many people a desk should have. `weeks`: of so many weeks the same hour was looked at;
    0: of the last days. Where nothing was `measured`, a usual time is taken for a case."""

    hours: tuple[HourShape, ...]
    handling_seconds: Count
    measured: bool
    weeks: Count
    within_seconds: Count
    level: float


def figure_shape(figure: Figure) -> FigureShape:
    return FigureShape(
        name=figure.name,
        unit=figure.unit,
        better=figure.better,
        title=_words(figure.title),
        definition=_words(figure.definition),
        numerator=_words(figure.numerator),
        denominator=_words(figure.denominator),
        excluded=_words(figure.excluded),
    )


def value_shape(value: Value, *, numerator: int, name: str = "") -> ValueShape:
    return ValueShape(
        group=value.group,
        name=name,
        numerator=numerator,
        denominator=value.denominator,
        excluded=value.excluded,
        median=value.median,
        p90=value.p90,
    )


def behind_shape(row: OutcomeRow) -> BehindShape:
    return BehindShape(
        id=f"{row.stream}-{row.number}",
        at=row.at,
        consumer=row.consumer,
        market=row.market,
        category=row.category,
        desk=row.desk,
        seconds=row.seconds,
        reason=row.reason,
        merchant=row.merchant,
        creator=row.creator,
        order=row.order,
        conversation=row.conversation,
        case=row.case,
        score=row.score,
        agent=row.agent,
    )


def staffing_shape(found: Forecast, *, within_seconds: int, level: float) -> StaffingShape:
    return StaffingShape(
        hours=tuple(
            HourShape(
                starts_at=one.starts_at,
                arrivals=round(one.arrivals, 2),
                staff=one.staff,
                planned=one.planned,
            )
            for one in found.hours
        ),
        handling_seconds=found.handling_seconds,
        measured=found.measured,
        weeks=found.weeks,
        within_seconds=within_seconds,
        level=level,
    )


def _words(words: Words) -> WordsShape:
    return WordsShape(words.zh, words.en)
