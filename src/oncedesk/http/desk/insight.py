"""How it went, for supervisors and admins: figures, what they mean, and what is behind them."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

import litestar
from litestar import Response
from litestar.params import PathParameter, QueryParameter

from oncedesk.domain.insight.figures import BY_NAME, FIGURES, FigureName, Unit
from oncedesk.http.call import Call
from oncedesk.http.cursors import Page
from oncedesk.http.openapi import Question
from oncedesk.http.parameters import LIMIT, Cursor, Limit
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get
from oncedesk.http.shapes.insight import (
    BehindShape,
    FigureList,
    ValueList,
    ValueShape,
    behind_shape,
    figure_shape,
    value_shape,
)
from oncedesk.http.shapes.words import DESK_PATTERN, desk_of
from oncedesk.storage.outcomes.figures import Asked, By, ByEnd, OutcomeRow, Part, Value
from oncedesk.storage.views.readers import NotSeen

DAYS_MAX = 400

FigurePath = Annotated[FigureName, PathParameter()]
Since = Annotated[date, QueryParameter(description="The first day")]
Until = Annotated[date, QueryParameter(description="The day after the last, at most 400 on")]
Zone = Annotated[
    str, QueryParameter(max_length=64, description="Where days begin at midnight: `Asia/Shanghai`")
]
DeskIfAny = Annotated[str | None, QueryParameter(pattern=DESK_PATTERN, max_length=45)]
PartyIfAny = Annotated[UUID | None, QueryParameter()]
ByQuery = Annotated[By, QueryParameter(description="What it is broken down by")]
PartName = Annotated[
    Literal["denominator", "numerator", "excluded"],
    QueryParameter(description="What is counted, what of it counts for it, or what is left out"),
]
Code = Annotated[str, QueryParameter(pattern=r"^[A-Za-z0-9_.:-]{0,48}$(?!\n)", max_length=48)]


@get("/insight/figures", Question, "listFigures", "What each figure means")
async def figures(request: Call) -> FigureList:
    """In Chinese and in English: what is counted, by what it is divided, and what is left out."""
    _refuse_agents(request)
    return FigureList(tuple(figure_shape(one) for one in FIGURES))


@get("/insight/{figure:str}", Question, "readFigure", "A figure")
async def values(
    request: Call,
    figure: FigurePath,
    since: Since,
    until: Until,
    by: ByQuery = By.TOTAL,
    timezone: Zone = "UTC",
    market: Code = "",
    desk: DeskIfAny = None,
    merchant: PartyIfAny = None,
    creator: PartyIfAny = None,
    category: Code = "",
) -> ValueList:
    """For all, or by day, desk, merchant, creator, agent or category; of what came to one's desks
    first, for the platform's supervisors of everything."""
    asked = _asked(since, until, timezone, market, desk, merchant, creator, category)
    return await _values(request, figure, asked, by)


@litestar.get(
    "/insight/{figure:str}/export",
    operation_id="exportFigure",
    operation_class=Question,
    summary="A figure as a file",
    media_type="text/csv",
)
async def export(
    request: Call,
    figure: FigurePath,
    since: Since,
    until: Until,
    by: ByQuery = By.DAY,
    timezone: Zone = "UTC",
    market: Code = "",
    desk: DeskIfAny = None,
    merchant: PartyIfAny = None,
    creator: PartyIfAny = None,
    category: Code = "",
) -> Response[str]:
    """The same as comma-separated values, with a line of names; `currency` is of what is in minor
    units."""
    asked = _asked(since, until, timezone, market, desk, merchant, creator, category)
    found = await _values(request, figure, asked, by)
    name = f"{figure.value}-by-{by.value}-{since}-{until}.csv"
    return Response(
        _table(found),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@get("/insight/{figure:str}/rows", Question, "listBehindFigure", "What is behind a figure")
async def rows(
    request: Call,
    figure: FigurePath,
    since: Since,
    until: Until,
    part: PartName = "denominator",
    timezone: Zone = "UTC",
    market: Code = "",
    desk: DeskIfAny = None,
    merchant: PartyIfAny = None,
    creator: PartyIfAny = None,
    category: Code = "",
    cursor: Cursor = None,
    limit: Limit = LIMIT,
) -> Page[BehindShape]:
    """The cases, promises or refunds that it counts, those of them that count for it, or those that
    it leaves out; the latest first."""
    found = await request.views.figures.rows(
        reader=request.reader,
        figure=figure,
        asked=_asked(since, until, timezone, market, desk, merchant, creator, category),
        part=Part(part),
        after=request.position(ByEnd, cursor),
        limit=limit,
    )
    last = _position(found[-1]) if found else None
    return request.page([behind_shape(one) for one in found], limit, last)


async def _values(request: Call, figure: FigureName, asked: Asked, by: By) -> ValueList:
    found = await request.views.figures.values(
        reader=request.reader, figure=figure, asked=asked, by=by
    )
    names: Mapping[UUID, str] = {}
    if by is By.AGENT:
        agents = [UUID(one.group) for one in found if one.group]
        names = await request.views.names.of(agents, reader=request.reader)
    called = {str(agent): name for agent, name in names.items()}
    money = BY_NAME[figure].unit is Unit.MONEY
    settings = request.service.settings
    return ValueList(
        figure=figure,
        by=by,
        since=asked.since,
        until=asked.until,
        timezone=asked.timezone,
        items=tuple(
            _cost(one, settings.agent_hour_cost_minor)
            if money
            else value_shape(one, numerator=one.numerator, name=called.get(one.group, ""))
            for one in found
        ),
        currency=settings.agent_cost_currency if money else "",
    )


def _cost(value: Value, hour_minor: int) -> ValueShape:
    """Seconds of work become what they cost, rounded half up."""
    return value_shape(value, numerator=(value.numerator * hour_minor + 1_800) // 3_600)


def _table(values: ValueList) -> str:
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(
        (
            *(values.by.value, "numerator", "denominator", "value", "excluded", "median", "p90"),
            "currency",
        )
    )
    for one in values.items:
        value = round(one.numerator / one.denominator, 6) if one.denominator else ""
        lines.writerow(
            (
                *(one.group, one.numerator, one.denominator, value, one.excluded),
                *(one.median, one.p90, values.currency),
            )
        )
    return written.getvalue()


def _asked(
    since: date,
    until: date,
    timezone: str,
    market: str,
    desk: str | None,
    merchant: UUID | None,
    creator: UUID | None,
    category: str,
) -> Asked:
    """Raises `Refused` for a span or a time zone that makes no sense."""
    if timezone not in _zones():
        raise Refused(problem("timezone_unknown", "a name such as Asia/Shanghai", field="timezone"))
    if not 0 < (until - since).days <= DAYS_MAX:
        raise Refused(problem("span_empty", f"1 to {DAYS_MAX} days", field="until"))
    return Asked(
        since=since,
        until=until,
        timezone=timezone,
        market=market,
        desk=None if desk is None else desk_of(desk),
        merchant=merchant,
        creator=creator,
        category=category,
    )


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """Those of places, which the database knows as well. Reading them means looking through a
    folder."""
    return frozenset({"UTC", *(name for name in available_timezones() if "/" in name)})


def _refuse_agents(request: Call) -> None:
    """Figures are for those who answer for a desk. Raises `NotSeen`."""
    reader = request.reader
    if not reader.supervised and not reader.runs:
        raise NotSeen


def _position(row: OutcomeRow) -> ByEnd:
    return ByEnd(row.at, row.stream, row.number)


ROUTES = (figures, values, export, rows)
