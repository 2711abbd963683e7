"""A stored rule pack to be read by people: as tables, against another, and its calendars."""

from typing import Annotated

from litestar.params import PathParameter, QueryParameter

from oncedesk.http.admin.packs import HashPath, stored_pack
from oncedesk.http.call import Call
from oncedesk.http.openapi import Question
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import get
from oncedesk.http.shapes.rules import (
    CalendarYear,
    Difference,
    PackTables,
    calendar_shape,
    difference_shape,
    pack_tables,
)
from oncedesk.rules.calendar_year import calendar_year
from oncedesk.rules.tabulating import difference, tables_of

CalendarPath = Annotated[str, PathParameter(pattern=r"^[a-z][a-z0-9_]{0,47}$(?!\n)", max_length=48)]
Year = Annotated[int, QueryParameter(ge=1990, le=2100)]
Against = Annotated[
    str,
    QueryParameter(
        pattern=r"^[0-9a-f]{32}$(?!\n)", max_length=32, description="The hash of the pack before"
    ),
]


@get("/packs/{pack:str}/tables", Question, "readPackTables", "A rule pack as tables")
async def tables(request: Call, pack: HashPath) -> PackTables:
    """Every row that holds in it, with its source and from when."""
    found = await stored_pack(request, pack)
    return pack_tables(found, tables_of(found))


@get(
    "/packs/{pack:str}/difference", Question, "comparePacks", "What differs from another rule pack"
)
async def compare(request: Call, pack: HashPath, against: Against) -> Difference:
    """Row by row, and of calendars day by day."""
    before, after = await stored_pack(request, against), await stored_pack(request, pack)
    return difference_shape(before, after, difference(before, after))


@get("/packs/{pack:str}/calendars/{calendar:str}", Question, "readCalendar", "A year of a calendar")
async def calendar(
    request: Call, pack: HashPath, calendar: CalendarPath, year: Year
) -> CalendarYear:
    """Which days are worked, and at which hours."""
    found = await stored_pack(request, pack)
    if calendar not in found.calendars:
        raise Refused(problem("not_found"))
    days = calendar_year(found, calendar=calendar, year=year)
    return calendar_shape(found, calendar=calendar, year=year, days=days)


ROUTES = (tables, compare, calendar)
