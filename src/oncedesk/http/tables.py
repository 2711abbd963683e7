"""Lists as CSV (RFC 4180): written as they are read, page by page, so that none is too long."""

import csv
import io
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Literal

from litestar.params import QueryParameter
from litestar.response import Stream

from oncedesk.http.call import Call

CSV = "text/csv"
Row = Sequence[object]
Chosen = Literal["json", "csv"] | None
Format = Annotated[
    Chosen,
    QueryParameter(name="format", description="`csv`: all of it as CSV, as by `Accept: text/csv`"),
]
_ROWS_AT_ONCE = 500


def wants_csv(request: Call, chosen: Chosen) -> bool:
    """What the question mark says counts before what the header says."""
    if chosen is not None:
        return chosen == "csv"
    return request.sent.get(b"accept").partition(";")[0].strip() == CSV


def table(name: str, header: Sequence[str], rows: AsyncGenerator[Row]) -> Stream:
    """These rows below this header, as a file of this name; None is an empty field."""
    return Stream(
        _written(header, rows),
        media_type=f"{CSV}; charset=utf-8; header=present",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Cache-Control": "private, no-store",
        },
    )


async def _written(header: Sequence[str], rows: AsyncGenerator[Row]) -> AsyncIterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    waiting = 1
    async with aclosing(rows) as given:
        async for row in given:
            writer.writerow(row)
            waiting += 1
            if waiting >= _ROWS_AT_ONCE:
                yield text.getvalue().encode()
                text.seek(0)
                text.truncate()
                waiting = 0
    yield text.getvalue().encode()
