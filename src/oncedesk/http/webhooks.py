"""Webhooks over HTTP, the same for each audience: who may manage which endpoint the actor decides.

No command of the engine's, so no idempotency key is read. What is repeated is harmless, but for
`rotate`, which makes another secret: what was valid two secrets before signs no more.
"""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
from litestar import Controller, Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from oncedesk.connectors.webhooks.managing import Replay, Webhooks
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.decider import Refusal
from oncedesk.domain.shared.records import Record
from oncedesk.engine.outgoing import DESK_TOPICS, TOPICS
from oncedesk.engine.webhooks.model import COUNTED_MAX, DeliveryStatus, EndpointPosition
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.cursors import LIMIT_MAX, Page
from oncedesk.http.openapi import Plain, Question
from oncedesk.http.parameters import LIMIT, Cursor, Id, Limit
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import delete, get, post
from oncedesk.http.shapes.webhooks import (
    DeliveryShape,
    EndpointCountedShape,
    EndpointShape,
    OutcomeShape,
    SecretShape,
    counted_shape,
    delivery_shape,
    endpoint_shape,
    outcome_shape,
    secret_shape,
)
from oncedesk.http.shapes.words import DESK_PATTERN, DeskName, desk_of

T = TypeVar("T")

_ONE = "/{webhook:uuid}"
_NO_STORE = {"Cache-Control": "no-store"}
_AUDIENCES = {"admin": "", "marketplace": "Marketplace", "desk": "Desk"}
Topic = Annotated[str, Meta(max_length=64, extra_json_schema={"enum": list(TOPICS)})]
OfDesk = Annotated[
    str | None,
    QueryParameter(pattern=DESK_PATTERN, max_length=45, description="Only those of this desk"),
]
StatusQuery = Annotated[
    DeliveryStatus | None, QueryParameter(description="Only those that stand there")
]


class NewEndpoint(Body, frozen=True, kw_only=True):
    """Which desk wants to be told, where, and of what; without `topics`, or with all of them, of
    all that it may be, also what a later version tells of."""

    desk: DeskName
    url: Annotated[str, Meta(min_length=1, max_length=1_000)]
    topics: Annotated[tuple[Topic, ...], Meta(min_length=1, max_length=len(TOPICS))] | None = None
    note: Annotated[str, Meta(max_length=200)] = ""


class Disabling(Body, frozen=True, kw_only=True):
    """Why, in words that everybody sees who manages the endpoint."""

    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class ReplayAsked(Body, frozen=True, kw_only=True):
    """One delivery; or all that are over and happened since then; `failed`: only those given up."""

    delivery: UUID | None = None
    since: Moment | None = None
    failed: bool = False


class ReplayBegun(msgspec.Struct, frozen=True):
    """So many deliveries are sent again."""

    count: Annotated[int, Meta(ge=0)]


class SendNowAsked(Body, frozen=True, kw_only=True):
    """One delivery that waits; without one all that wait for their next attempt."""

    delivery: UUID | None = None


class SendNowBegun(msgspec.Struct, frozen=True):
    """So many deliveries do not wait for their next attempt any more; `at_least`: or more, none is
    counted further."""

    count: Annotated[int, Meta(ge=0)]
    at_least: bool


class TopicsOffered(msgspec.Struct, frozen=True):
    """What an endpoint can ask for: the platform's, and one of a merchant's or creator's desk."""

    platform: tuple[Topic, ...]
    desk: tuple[Topic, ...]


_OFFERED = TopicsOffered(TOPICS, DESK_TOPICS)


class EndpointList(msgspec.Struct, frozen=True):
    """A page, the oldest first, and the topics that one more can ask for. `next` asks for what
    follows; without it there is nothing more."""

    items: Annotated[tuple[EndpointShape, ...], Meta(max_length=LIMIT_MAX)]
    topics: TopicsOffered
    next: str | None = None


class ByDelivery(Record, frozen=True):
    """Where a page of deliveries ended."""

    id: UUID


def _named(verb: str, noun: str) -> Any:
    """Each audience has operations of its own, named after it."""

    def name(handler: HTTPRouteHandler, method: Any, path: Sequence[Any]) -> str:
        del handler, method
        return f"{verb}{_AUDIENCES[path[1]]}{noun}"

    return name


class WebhookRoutes(Controller):
    """What can be done with endpoints. Each audience has its own, with its own door."""

    path = "/webhooks"

    def enter(self, request: Call) -> Webhooks:
        """What answers this audience. Raises `Refused`."""
        return request.service.parts.webhooks

    @get("", Question, _named("list", "Webhooks"), "All endpoints")
    async def list_endpoints(
        self, request: Call, desk: OfDesk = None, cursor: Cursor = None, limit: Limit = LIMIT
    ) -> EndpointList:
        """Those of one desk; without `desk` all, for those who manage all."""
        webhooks, after = self.enter(request), request.position(EndpointPosition, cursor)
        found = _granted(
            await webhooks.list(
                actor=request.principal.actor,
                desk=None if desk is None else desk_of(desk),
                after=after,
                limit=limit,
            )
        )
        last = EndpointPosition(found[-1].created_at, found[-1].id) if found else None
        page = request.page([endpoint_shape(one) for one in found], limit, last)
        return EndpointList(page.items, _OFFERED, page.next)

    @post("", Plain, _named("add", "Webhook"), "Tell a URL what happens", status=201)
    async def add(self, request: Call, data: JSONBody[NewEndpoint]) -> Response[SecretShape]:
        """From about a second on. The secret is shown this once."""
        added = _granted(
            await self.enter(request).add(
                actor=request.principal.actor,
                desk=desk_of(data.desk),
                url=data.url,
                topics=data.topics,
                note=data.note,
            )
        )
        request.log("webhook_added", id=str(added.endpoint.id), desk=data.desk)
        return Response(secret_shape(added), status_code=201, headers=_NO_STORE)

    @get(_ONE, Question, _named("read", "Webhook"), "An endpoint")
    async def read(self, request: Call, webhook: Id) -> EndpointCountedShape:
        """How it is going there, and how many deliveries stand where."""
        found = await self.enter(request).show(webhook, actor=request.principal.actor)
        return counted_shape(_granted(found))

    @post(
        _ONE + "/disabling",
        Plain,
        _named("disable", "Webhook"),
        "Send nothing there any more",
        status=204,
    )
    async def disable(self, request: Call, webhook: Id, data: JSONBody[Disabling]) -> None:
        """What waits is given up, and can be replayed."""
        webhooks = self.enter(request)
        _refuse(await webhooks.disable(webhook, actor=request.principal.actor, reason=data.reason))
        request.log("webhook_disabled", id=str(webhook))

    @post(_ONE + "/enabling", Plain, _named("enable", "Webhook"), "Send there again", status=204)
    async def enable(self, request: Call, webhook: Id) -> None:
        """What happens from now on. If the installation's key has changed, rotate it as well."""
        _granted(await self.enter(request).enable(webhook, actor=request.principal.actor))
        request.log("webhook_enabled", id=str(webhook))

    @delete(_ONE, Plain, _named("remove", "Webhook"), "Forget an endpoint")
    async def remove(self, request: Call, webhook: Id) -> None:
        """What waits for it is never sent."""
        _refuse(await self.enter(request).remove(webhook, actor=request.principal.actor))
        request.log("webhook_removed", id=str(webhook))

    @post(_ONE + "/rotation", Plain, _named("rotate", "Webhook"), "Another secret")
    async def rotate(self, request: Call, webhook: Id) -> Response[SecretShape]:
        """It is shown this once. For a day the one before signs, too."""
        rotated = _granted(await self.enter(request).rotate(webhook, actor=request.principal.actor))
        request.log("webhook_rotated", id=str(webhook))
        return Response(secret_shape(rotated), headers=_NO_STORE)

    @post(_ONE + "/test", Plain, _named("test", "Webhook"), "Send a ping now")
    async def test(self, request: Call, webhook: Id) -> OutcomeShape:
        """Signed, once, and what came back; a refusal of the receiver's is an outcome as well."""
        found = await self.enter(request).test(webhook, actor=request.principal.actor)
        return outcome_shape(_granted(found))

    @get(
        _ONE + "/deliveries",
        Question,
        _named("list", "Deliveries"),
        "What went or goes to an endpoint",
    )
    async def deliveries(
        self,
        request: Call,
        webhook: Id,
        status: StatusQuery = None,
        cursor: Cursor = None,
        limit: Limit = LIMIT,
    ) -> Page[DeliveryShape]:
        """What happened last first; without what was sent."""
        webhooks, after = self.enter(request), request.position(ByDelivery, cursor)
        found = _granted(
            await webhooks.deliveries(
                webhook,
                actor=request.principal.actor,
                status=status,
                before=None if after is None else after.id,
                limit=limit,
            )
        )
        last = ByDelivery(found[-1].id) if found else None
        return request.page([delivery_shape(one) for one in found], limit, last)

    @post(_ONE + "/replay", Plain, _named("replay", "Deliveries"), "Send deliveries again")
    async def replay(self, request: Call, webhook: Id, data: JSONBody[ReplayAsked]) -> ReplayBegun:
        """Under the same ids, so a receiver knows what it has taken before."""
        what = Replay(delivery=data.delivery, since=data.since, failed=data.failed)
        count = _granted(
            await self.enter(request).replay(webhook, actor=request.principal.actor, what=what)
        )
        request.log("webhook_replayed", id=str(webhook), count=str(count))
        return ReplayBegun(count)

    @post(
        _ONE + "/send-now",
        Plain,
        _named("send", "DeliveriesNow"),
        "Send at once what waits for its next attempt",
    )
    async def send_now(
        self, request: Call, webhook: Id, data: JSONBody[SendNowAsked]
    ) -> SendNowBegun:
        """In their order, as always; what is on its way is not sent twice. What is not taken keeps
        the turn that it had, so none is given up any sooner."""
        count = _granted(
            await self.enter(request).send_now(
                webhook, actor=request.principal.actor, delivery=data.delivery
            )
        )
        request.log("webhook_sent_now", id=str(webhook), count=str(count))
        return SendNowBegun(count, at_least=count == COUNTED_MAX)


def _granted(found: T | Refusal) -> T:
    if isinstance(found, Refusal):
        raise Refused(problem(found.code, found.detail, field=found.field))
    return found


def _refuse(refusal: Refusal | None) -> None:
    _granted(refusal)
