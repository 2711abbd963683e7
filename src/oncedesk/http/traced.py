"""A span for each request, within the caller's trace if it names one; used only where traces are
asked for."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer


class Traced:
    """Wraps the application; what happens in a request belongs to its span."""

    def __init__(self, app: Any, tracer: "Tracer") -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from opentelemetry.propagate import extract
        from opentelemetry.trace import SpanKind, Status, StatusCode

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in _named(scope)}
        with self._tracer.start_as_current_span(
            scope["method"],
            context=extract(headers),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": scope["method"]},
        ) as span:

            async def answer(message: Any) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_status(Status(StatusCode.ERROR))
                    ids = [said for name, said in message["headers"] if name == b"x-request-id"]
                    span.set_attribute("oncedesk.request_id", b"".join(ids).decode())
                await send(message)

            await self._app(scope, receive, answer)
            if route := scope.get("path_template"):
                span.update_name(f"{scope['method']} {route}")
                span.set_attribute("http.route", route)


def _named(scope: Any) -> list[tuple[bytes, bytes]]:
    """What of its headers says to which trace a request belongs; nothing else is looked at."""
    wanted = (b"traceparent", b"tracestate")
    return [(name, value) for name, value in scope["headers"] if name in wanted]
