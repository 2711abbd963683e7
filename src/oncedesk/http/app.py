"""The service as one ASGI application: `create_app(parts, settings=...)`."""

from importlib.metadata import version
from typing import Any

import structlog
from litestar import Litestar, Request, Response, Router
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.types import ControllerRouterHandler

from oncedesk.engine.entry import BadInput
from oncedesk.engine.ports import ConnectionLost, TryAgain
from oncedesk.engine.submitting import EngineStopped, Overloaded
from oncedesk.http import echo, health, openapi
from oncedesk.http.auth.api_keys import KeyDoor
from oncedesk.http.auth.consumer_tokens import ConsumerTokens
from oncedesk.http.auth.cookies import Cookies
from oncedesk.http.auth.passwords import Passwords
from oncedesk.http.auth.secrets import Seals
from oncedesk.http.auth.sessions import SessionDoor
from oncedesk.http.bodies import StrictBody
from oncedesk.http.border import Border
from oncedesk.http.call import Call
from oncedesk.http.consumer import conversations as help_conversations
from oncedesk.http.consumer import session as help_session
from oncedesk.http.desk import cases as desk_cases
from oncedesk.http.desk import session as desk_session
from oncedesk.http.doors import Doors
from oncedesk.http.limits.overload import Overload
from oncedesk.http.limits.rates import Rates
from oncedesk.http.marketplace import contacts
from oncedesk.http.problems import Problem, Refused, headers_of, problem
from oncedesk.http.service import Service
from oncedesk.settings import Settings
from oncedesk.wiring import Parts

log = structlog.get_logger(__name__)

MARKETPLACE = (contacts,)
DESK = (desk_session, desk_cases)
HELP = (help_session, help_conversations)
"""The modules of each audience; each names its handlers in `ROUTES`."""

LOGIN_ATTEMPTS_PER_SECOND = 1 / 20
LOGIN_BURST_SECONDS = 200
"""So ten wrong passwords at once for a name or from an address, then one every twenty seconds."""


def create_app(parts: Parts, *, settings: Settings) -> Border:
    """The application on these parts; starting and stopping them is the caller's business."""
    service = _service(parts, settings)
    app = Litestar(
        route_handlers=[
            *health.ROUTES,
            *(echo.ROUTES if settings.bench_echo else ()),
            Router(
                "/v1/marketplace",
                route_handlers=_routes(MARKETPLACE),
                tags=["Marketplace"],
                security=[{openapi.API_KEY: []}],
            ),
            Router(
                "/v1/desk",
                route_handlers=_routes(DESK),
                tags=["Desk"],
                security=[{openapi.AGENT: []}],
            ),
            Router(
                "/v1/help",
                route_handlers=_routes(HELP),
                tags=["Help"],
                security=[{openapi.HELP: []}, {openapi.HELP_COOKIE: []}],
            ),
        ],
        request_class=Call,
        dto=StrictBody,
        return_dto=None,
        state=State({"service": service}),
        openapi_config=openapi.config(version("oncedesk")),
        exception_handlers={
            Refused: _refused,
            BadInput: _bad_input,
            EngineStopped: _stopping,
            Overloaded: _overloaded,
            ConnectionLost: _away,
            TryAgain: _away,
            HTTPException: _framework,
            Exception: _failed,
        },
        logging_config=None,
    )
    return Border(
        app,
        doors=service.doors,
        overload=Overload(parts.engine.writers, waiting_max=settings.waiting_max),
        settings=settings,
    )


def _routes(modules: tuple[Any, ...]) -> list[ControllerRouterHandler]:
    return [route for module in modules for route in module.ROUTES]


def _service(parts: Parts, settings: Settings) -> Service:
    clock = parts.engine.clock
    access = parts.access
    seals = Seals(parts.secret)
    doors = Doors(
        keys=KeyDoor(access.keys, clock=clock),
        sessions=SessionDoor(
            sessions=access.sessions, logins=access.logins, store=parts.store, clock=clock
        ),
        cookies=Cookies(seals, public_url=settings.public_url),
    )
    return Service(
        parts=parts,
        settings=settings,
        doors=doors,
        seals=seals,
        passwords=Passwords(),
        tokens=ConsumerTokens(access.keys, audience=settings.token_audience, clock=clock),
        attempts=Rates(
            per_second=LOGIN_ATTEMPTS_PER_SECOND,
            burst_seconds=LOGIN_BURST_SECONDS,
            code="too_many_attempts",
        ),
    )


def _respond(why: Problem) -> Response[Problem]:
    headers = {name.decode(): value.decode() for name, value in headers_of(why)}
    media_type = headers.pop("content-type")
    return Response(why, status_code=why.status, media_type=media_type, headers=headers)


def _refused(_: "Request[Any, Any, Any]", error: Refused) -> Response[Problem]:
    return _respond(error.problem)


def _bad_input(_: "Request[Any, Any, Any]", error: BadInput) -> Response[Problem]:
    return _respond(problem(error.code, error.detail))


def _stopping(_: "Request[Any, Any, Any]", error: EngineStopped) -> Response[Problem]:
    del error
    return _respond(problem("stopping", "ask again with the same key; it counts once"))


def _overloaded(_: "Request[Any, Any, Any]", error: Overloaded) -> Response[Problem]:
    del error
    return _respond(problem("overloaded", "fewer commands at once"))


def _away(_: "Request[Any, Any, Any]", error: Exception) -> Response[Problem]:
    log.warning("database_away", error=str(error))
    return _respond(problem("database_away", "ask again in a moment"))


def _framework(_: "Request[Any, Any, Any]", error: HTTPException) -> Response[Problem]:
    """What the framework says no to: no such path, no such method, a wrong parameter."""
    match error.status_code:
        case 404:
            return _respond(problem("not_found"))
        case 405:
            return _respond(problem("method_not_allowed"))
        case status if status < 500:
            return _respond(problem("parameter_invalid", *_parameter(error)))
        case _:
            return _failed(_, error)


def _parameter(error: HTTPException) -> tuple[str]:
    extra = error.extra[0] if isinstance(error.extra, list) and error.extra else {}
    said = extra.get("message", "") if isinstance(extra, dict) else ""
    name = extra.get("key", "") if isinstance(extra, dict) else ""
    return (f"{name}: {said}" if name else str(said or "what the description of the API says"),)


def _failed(_: "Request[Any, Any, Any]", error: Exception) -> Response[Problem]:
    log.error("request_failed", exc_info=error)
    return _respond(problem("internal_error", "nothing that you could change"))
