"""The API's description as it is served: the framework's, with schemas that say what is checked.

What bodies and answers are is said by the library that decodes and encodes them, so the description
and the service cannot differ: discriminators, bounds inside lists, and what may be null.
"""

import asyncio
from functools import cache
from inspect import cleandoc
from threading import Lock
from typing import Any, get_args, get_origin

import msgspec
from litestar import Litestar, Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.response import Stream
from litestar.routes import HTTPRoute

from oncedesk.engine.outgoing import DATA
from oncedesk.engine.webhooks.events import MEDIA_TYPE, TYPE_PREFIX, CloudEvent
from oncedesk.http.problems import Problem

_REF = "#/components/schemas/{name}"
# Of types that are called alike in different modules, as their users tell them apart.
_NAMES = {
    "oncedesk.backtesting.summary.Failure": "BacktestFailure",
    "oncedesk.domain.agents.state.SpentCopy": "AgentSpentCopy",
    "oncedesk.domain.conversations.messages.PartyKind": "ResponsibleKind",
    "oncedesk.domain.conversations.messages.Side": "ClockSide",
    "oncedesk.domain.conversations.messages.Surface": "Surface",
    "oncedesk.domain.conversations.state.ClockCopy": "CaseClockCopy",
    "oncedesk.domain.desks.state.ReliefCopy": "DeskReliefCopy",
    "oncedesk.domain.insight.figures.Side": "FigureSide",
    "oncedesk.domain.orders.messages.Surface": "OrderSurface",
    "oncedesk.domain.orders.state.ReliefCopy": "PromiseReliefCopy",
    "oncedesk.domain.parties.messages.PartyKind": "PartyKind",
    "oncedesk.domain.remedies.messages.disputing.Side": "DisputeSide",
    "oncedesk.domain.remedies.messages.asking.SpentCopy": "AuthoritySpentCopy",
    "oncedesk.domain.remedies.words.ClockCopy": "RemedyClockCopy",
    "oncedesk.domain.remedies.words.ClockKind": "RemedyClockKind",
    "oncedesk.domain.remedies.words.Status": "RemedyStatus",
    "oncedesk.domain.shared.refs.Kind": "StateKind",
    "oncedesk.domain.shared.rulepack.ClockKind": "ClockKind",
    "oncedesk.engine.submission.Status": "CommandStatus",
    "oncedesk.http.admin.operations.Tried": "ParkedTried",
    "oncedesk.http.auth.principals.Kind": "PrincipalKind",
    "oncedesk.http.desk.deciding.Finding": "DecisionFinding",
    "oncedesk.http.desk.views.Tried": "ViewTried",
    "oncedesk.http.marketplace.orders.Finding": "PromiseFinding",
    "oncedesk.http.marketplace.refunds.Failure": "FailedRefund",
    "oncedesk.http.shapes.cases.CaseShape": "CaseShape",
    "oncedesk.http.shapes.listed.RemedyClockShape": "ListedRemedyClockShape",
    "oncedesk.http.shapes.remedies.RemedyClockShape": "RemedyClockShape",
    "oncedesk.http.shapes.wishes.CaseShape": "WishCaseShape",
}


class Description(JsonRenderPlugin):
    """Serves it as JSON; made when somebody first asks."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json")

    def render(
        self,
        request: "Request[Any, Any, Any]",
        openapi_schema: dict[str, Any],  # noqa: ARG002 - what it is made of, kept by the framework
    ) -> bytes:
        return description(request.app)


async def wait_until_made(request: "Request[Any, Any, Any]") -> None:
    """It takes seconds: in a thread of its own, as nobody else would be answered meanwhile."""
    await asyncio.to_thread(description, request.app)


def description(app: Litestar) -> bytes:
    """The description of this application, as JSON; made once, by whoever comes first."""
    with _making:
        return _made(app)


_making = Lock()


@cache
def _made(app: Litestar) -> bytes:
    # The framework keeps its own, and gives it to `render`: that has to be ready by then, too.
    framework: Any = app.plugins.get("OpenAPIPlugin")
    return msgspec.json.encode(_described(app, framework.provide_openapi_schema()))


def _described(app: Litestar, schema: dict[str, Any]) -> dict[str, Any]:
    """The framework's description of this application, made exact."""
    operations = [*_operations(app, schema)]
    types: dict[Any, None] = dict.fromkeys([Problem, CloudEvent, *DATA.values()])
    for handler, _ in operations:
        asked_and_told = [*_body_of(handler), *_content_of(handler), *_events_of(handler).values()]
        types.update(dict.fromkeys(asked_and_told))
    refs, components = msgspec.json.schema_components(types, ref_template=_REF)
    by_type = dict(zip(types, refs, strict=True))
    for handler, operation in operations:
        for type_ in _body_of(handler):
            body = operation["requestBody"]
            body["content"]["application/json"]["schema"] = by_type[type_]
            body["required"] = type(None) not in get_args(type_)
        for type_ in _content_of(handler):
            for status, response in operation["responses"].items():
                if status.startswith("2"):
                    response["content"] = {"application/json": {"schema": by_type[type_]}}
                    if any(one["name"] == "format" for one in operation.get("parameters", ())):
                        # Whoever asks for it gets the same as lines of a table.
                        response["content"]["text/csv"] = {"schema": {"type": "string"}}
                elif "application/json" in response["content"]:
                    response["content"]["application/json"] = {"schema": by_type[type_]}
        if events := _events_of(handler):
            told = operation["responses"]["200"]["content"]["text/event-stream"]
            told["x-events"] = {name: by_type[type_] for name, type_ in events.items()}
        for parameter in operation.get("parameters", ()):
            _without_null(parameter["schema"])
    for component in components.values():
        component["description"] = cleandoc(component.get("description", ""))
    assert not components.keys() & set(_NAMES.values()), "one of our names is another type's"
    whole = {
        **schema,
        "webhooks": {
            topic: {"post": _told(topic, event=by_type[CloudEvent], data=by_type[data])}
            for topic, data in DATA.items()
        },
        "components": {**schema["components"], "schemas": components},
    }
    renamed: dict[str, Any] = _renamed(whole)
    for name, component in renamed["components"]["schemas"].items():
        # What makes clients may call a type by its title: of two alike it leaves out one.
        component["title"] = name
    return renamed


def _told(topic: str, *, event: Any, data: Any) -> dict[str, Any]:
    """What an endpoint that follows this topic is sent, and what it answers."""
    exact = {"properties": {"type": {"const": f"{TYPE_PREFIX}{topic}"}, "data": data}}
    return {
        "summary": topic,
        "description": "Signed as Standard Webhooks say; with the same `id` it is the same again.",
        "tags": ["Webhooks"],
        "security": [{}],
        "requestBody": {
            "required": True,
            "content": {MEDIA_TYPE: {"schema": {"allOf": [event, exact]}}},
        },
        "responses": {
            "2XX": {"description": "Taken, whatever else it says"},
            "410": {"description": "Never again: the endpoint is disabled"},
            "default": {"description": "Not taken: it comes again"},
        },
    }


def _renamed(part: Any) -> Any:
    """With our names, where the components stand and wherever one is meant."""
    match part:
        case dict():
            return {_NAMES.get(key, key): _renamed(value) for key, value in part.items()}
        case list() | tuple():
            return [_renamed(one) for one in part]
        case str() if part.startswith(_REF.format(name="")):
            name = part.removeprefix(_REF.format(name=""))
            return _REF.format(name=_NAMES.get(name, name))
    return part


def _operations(app: Litestar, schema: dict[str, Any]) -> Any:
    for route in app.routes:
        if not isinstance(route, HTTPRoute) or route.path_format not in schema["paths"]:
            continue
        for method, (handler, _) in route.route_handler_map.items():
            operation = schema["paths"][route.path_format].get(method.lower())
            if operation is not None:
                yield handler, operation


def _body_of(handler: HTTPRouteHandler) -> list[Any]:
    data = handler.parsed_fn_signature.parameters.get("data")
    return [] if data is None else [data.annotation]


def _content_of(handler: HTTPRouteHandler) -> list[Any]:
    """What it answers with as JSON; nothing where there is none, or where it has no end."""
    annotation = handler.parsed_fn_signature.return_type.annotation
    if get_origin(annotation) is Response:
        (annotation,) = get_args(annotation)
    return [] if annotation in (None, type(None), bytes, str, Stream) else [annotation]


def _events_of(handler: HTTPRouteHandler) -> dict[str, Any]:
    """What a stream tells, by the names of its events; any may end with why it does."""
    told: dict[str, Any] | None = handler.opt.get("tells")
    return {} if told is None else {**told, "ended": Problem}


def _without_null(schema: dict[str, Any]) -> None:
    """A parameter that may be left out is never null."""
    choices = [one for one in schema.get("oneOf", ()) if one != {"type": "null"}]
    if len(choices) == 1:
        del schema["oneOf"]
        schema.update(choices[0])
