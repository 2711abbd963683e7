"""What the server, the framework and the border cost alone: a route that sends the body back.

Only a server that a bench has started has it (the setting `bench_echo`).
"""

from litestar import Response, post

from oncedesk.http.call import Call


@post("/bench/echo", status_code=200, include_in_schema=False)
async def echo(request: Call) -> Response[bytes]:
    """The body, as it came."""
    return Response(await request.body(), media_type="application/json")


ROUTES = (echo,)
