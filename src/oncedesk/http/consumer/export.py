"""A consumer's copy of what is kept about them."""

from litestar import Response

from oncedesk.http.call import Call
from oncedesk.http.copies import copy_of
from oncedesk.http.openapi import Question
from oncedesk.http.routes import get
from oncedesk.storage.views.personal_data import KeptData


@get("/export", Question, "exportMine", "All about me")
async def export(request: Call) -> Response[KeptData]:
    """Orders, conversations, messages and files, and when somebody saw data of mine in clear.

    Three times at once, then every five minutes; after that 429 says when again.
    """
    return await copy_of(request, request.person)


ROUTES = (export,)
