"""The service as one ASGI application: `create_app(parts, settings=...)`."""

from functools import cache
from importlib.metadata import version
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.exceptions import HTTPException, MethodNotAllowedException

from oncedesk.backtesting.trials import Trials
from oncedesk.http import documentation, echo, health, installation, openapi, pages
from oncedesk.http.admin import (
    agents,
    candidates,
    desks,
    fund,
    keys,
    logins,
    operations,
    pack_tables,
    packs,
    reveals,
    rostering,
)
from oncedesk.http.admin import privacy as admin_privacy
from oncedesk.http.admin import webhooks as admin_webhooks
from oncedesk.http.auth.api_keys import KeyDoor
from oncedesk.http.auth.consumer_tokens import ConsumerTokens
from oncedesk.http.auth.cookies import Cookies
from oncedesk.http.auth.identity_provider import IdentityProvider
from oncedesk.http.auth.passwords import Passwords
from oncedesk.http.auth.secrets import Seals
from oncedesk.http.auth.sessions import SessionDoor
from oncedesk.http.bodies import StrictBody
from oncedesk.http.border import Border
from oncedesk.http.call import Call
from oncedesk.http.consumer import attachments as help_attachments
from oncedesk.http.consumer import attending as help_attending
from oncedesk.http.consumer import conversations as help_conversations
from oncedesk.http.consumer import export as help_export
from oncedesk.http.consumer import orders as help_orders
from oncedesk.http.consumer import remedies as help_remedies
from oncedesk.http.consumer import returns as help_returns
from oncedesk.http.consumer import session as help_session
from oncedesk.http.consumer import updates as help_updates
from oncedesk.http.consumer import waiting as help_waiting
from oncedesk.http.copies import copy_rates
from oncedesk.http.cursors import Cursors
from oncedesk.http.description import description as description_of
from oncedesk.http.desk import articles as desk_articles
from oncedesk.http.desk import attachments as desk_attachments
from oncedesk.http.desk import attending as desk_attending
from oncedesk.http.desk import books as desk_books
from oncedesk.http.desk import bulk as desk_bulk
from oncedesk.http.desk import calls as desk_calls
from oncedesk.http.desk import deciding, talking
from oncedesk.http.desk import flags as desk_flags
from oncedesk.http.desk import home as desk_home
from oncedesk.http.desk import insight as desk_insight
from oncedesk.http.desk import lists as desk_lists
from oncedesk.http.desk import macros as desk_macros
from oncedesk.http.desk import many as desk_many
from oncedesk.http.desk import mentions as desk_mentions
from oncedesk.http.desk import names as desk_names
from oncedesk.http.desk import provider as desk_provider
from oncedesk.http.desk import reading as desk_reading
from oncedesk.http.desk import remedies as desk_remedies
from oncedesk.http.desk import replacements as desk_replacements
from oncedesk.http.desk import returns as desk_returns
from oncedesk.http.desk import reveals as desk_reveals
from oncedesk.http.desk import session as desk_session
from oncedesk.http.desk import supervising as desk_supervising
from oncedesk.http.desk import translations as desk_translations
from oncedesk.http.desk import updates as desk_updates
from oncedesk.http.desk import views as desk_views
from oncedesk.http.desk import wall as desk_wall
from oncedesk.http.desk import webhooks as desk_webhooks
from oncedesk.http.desk import work as desk_work
from oncedesk.http.direct import direct_ways
from oncedesk.http.doors import Doors, insist
from oncedesk.http.failures import problem_of
from oncedesk.http.limits.attempts import Attempts, Places
from oncedesk.http.limits.overload import READS_PER_CONNECTION, Overload
from oncedesk.http.limits.rates import Rates
from oncedesk.http.limits.streams import UPLOADS_MAX, Streams
from oncedesk.http.marketplace import (
    attachments,
    books,
    breaches,
    charges,
    contacts,
    conversations,
    listings,
    orders,
    parties,
    presales,
    privacy,
    refunds,
    remedies,
    returns,
    speaking,
    wallets,
    webhooks,
)
from oncedesk.http.problems import Problem, headers_of
from oncedesk.http.sandbox import Sandbox
from oncedesk.http.service import Service
from oncedesk.http.streamed import streamed_ways
from oncedesk.settings import Settings
from oncedesk.wiring import Parts

MARKETPLACE = (
    contacts,
    orders,
    conversations,
    attachments,
    breaches,
    parties,
    privacy,
    refunds,
    webhooks,
    remedies,
    returns,
    listings,
    wallets,
    charges,
    presales,
    speaking,
    books,
)
DESK = (
    desk_session,
    desk_provider,
    desk_work,
    desk_reading,
    talking,
    deciding,
    desk_updates,
    desk_attachments,
    desk_flags,
    desk_reveals,
    desk_webhooks,
    desk_remedies,
    desk_replacements,
    desk_returns,
    desk_books,
    desk_wall,
    desk_supervising,
    desk_lists,
    desk_home,
    desk_attending,
    desk_insight,
    desk_articles,
    desk_macros,
    desk_views,
    desk_many,
    desk_calls,
    desk_mentions,
    desk_names,
    desk_translations,
    desk_bulk,
)
HELP = (
    help_session,
    help_conversations,
    help_orders,
    help_updates,
    help_attachments,
    help_export,
    help_remedies,
    help_returns,
    help_attending,
    help_waiting,
)
ADMIN = (
    agents,
    rostering,
    desks,
    logins,
    keys,
    packs,
    pack_tables,
    candidates,
    operations,
    reveals,
    admin_privacy,
    admin_webhooks,
    fund,
)
"""The modules of each audience; each names its handlers in `ROUTES`."""

DIRECT = (contacts.receive_contact, help_conversations.say)
"""What there is most of; see `direct`."""

STREAMED = (attachments.attach, desk_attachments.attach, help_attachments.attach)
"""What takes bodies as they come; see `streamed`."""

LOGIN_ATTEMPTS_PER_SECOND = 1 / 20
LOGIN_BURST_SECONDS = 200
"""So ten wrong passwords at once for a name or from an address, then one every twenty seconds."""


def create_app(parts: Parts, *, settings: Settings, sandbox: Sandbox | None = None) -> Border:
    """The application on these parts; starting and stopping them is the caller's business. With a
    `sandbox` everybody is offered its log-ins."""
    app = _application(with_echo=settings.bench_echo)
    return Border(
        app,
        direct=direct_ways(app, DIRECT),
        streamed=streamed_ways(app, STREAMED),
        service=_service(parts, settings, sandbox),
    )


def description() -> bytes:
    """What all operations take and give: OpenAPI 3.1, as JSON. It needs no parts."""
    return description_of(_application(with_echo=False))


@cache
def _application(*, with_echo: bool) -> Litestar:
    """Every route, put together once: what differs between services comes with each request."""
    return Litestar(
        route_handlers=[
            *health.ROUTES,
            *installation.ROUTES,
            *documentation.ROUTES,
            *pages.ROUTES,
            *(echo.ROUTES if with_echo else ()),
            _router("/v1/marketplace", MARKETPLACE, "Marketplace", openapi.API_KEY),
            _router("/v1/desk", DESK, "Desk", openapi.AGENT),
            _router("/v1/help", HELP, "Help", openapi.HELP, openapi.HELP_COOKIE),
            _router("/v1/admin", ADMIN, "Administration", openapi.AGENT, openapi.API_KEY),
        ],
        request_class=Call,
        dto=StrictBody,
        return_dto=None,
        openapi_config=openapi.config(version("oncedesk")),
        exception_handlers={HTTPException: _problem, Exception: _problem},
        logging_config=None,
    )


def _router(path: str, modules: tuple[Any, ...], tag: str, *security: str) -> Router:
    return Router(
        path,
        route_handlers=[route for module in modules for route in module.ROUTES],
        tags=[tag],
        guards=[insist],
        security=[{scheme: []} for scheme in security],
    )


def _service(parts: Parts, settings: Settings, sandbox: Sandbox | None) -> Service:
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
        cursors=Cursors(seals),
        passwords=Passwords(),
        tokens=ConsumerTokens(access.keys, audience=settings.token_audience, clock=clock),
        overload=Overload(
            parts.engine.writers,
            waiting_max=settings.waiting_max,
            reads_max=settings.pool_max * READS_PER_CONNECTION,
        ),
        provider=IdentityProvider(settings, seals, clock=clock),
        attempts=Attempts(
            Rates(
                per_second=LOGIN_ATTEMPTS_PER_SECOND,
                burst_seconds=LOGIN_BURST_SECONDS,
                code="too_many_attempts",
            )
        ),
        places=Places(),
        streams=Streams(),
        copies=copy_rates(),
        trials=Trials(parts, clock=clock),
        sandbox=sandbox,
        uploads=Streams(most=UPLOADS_MAX, code="too_many_uploads"),
    )


def _problem(_: "Request[Any, Any, Any]", error: Exception) -> Response[Problem]:
    why = problem_of(error)
    headers = {name.decode(): value.decode() for name, value in headers_of(why)}
    media_type = headers.pop("content-type")
    if isinstance(error, MethodNotAllowedException):
        # By which methods it may be asked, as the framework found them.
        headers |= error.headers or {}
    return Response(why, status_code=why.status, media_type=media_type, headers=headers)
