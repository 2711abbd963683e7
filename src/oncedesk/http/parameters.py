"""What stands in paths and behind the question mark, with its bounds."""

from typing import Annotated
from uuid import UUID

from litestar.params import PathParameter, QueryParameter

from oncedesk.http.cursors import LENGTH_MAX, LIMIT_MAX

Id = Annotated[UUID, PathParameter()]
CasePath = Annotated[int, PathParameter(ge=1, le=30_000)]
RemedyPath = Annotated[int, PathParameter(ge=1, le=10_000)]
PartWanted = Annotated[int, QueryParameter(ge=1, le=16, description="A part of the order")]
Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX, description="So many at most")]
Cursor = Annotated[
    str | None, QueryParameter(max_length=LENGTH_MAX, description="The `next` of the page before")
]
After = Annotated[
    int,
    QueryParameter(ge=0, le=2_147_483_647, description="From behind this version on; 0: all"),
]
LIMIT = 50
