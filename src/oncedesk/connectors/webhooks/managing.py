"""What people do with webhooks: add, look, disable, change the secret, replay, test.

Everything takes the actor and is denied by default: the marketplace and its admins manage all
endpoints, a supervisor those of the own desk. Of what somebody may not see there is nothing.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from uuid import UUID, uuid4

from oncedesk.connectors.webhooks.signing import ROTATION, SecretChanged, Signer
from oncedesk.domain.shared.allowing import NOT_ALLOWED, manages
from oncedesk.domain.shared.decider import Actor, Refusal, Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.engine.outgoing import TOPICS, topics_for
from oncedesk.engine.webhooks.events import event_body
from oncedesk.engine.webhooks.model import (
    EVERYTHING,
    Delivery,
    DeliveryStatus,
    Endpoint,
    EndpointPosition,
    EndpointStore,
    Outcome,
)

if TYPE_CHECKING:
    from oncedesk.connectors.webhooks.posting import Poster

ENDPOINTS_MAX = 20
"""Of the marketplace itself."""
DESK_ENDPOINTS_MAX = 5
"""Of any other desk: each can take up to a lane's worth of what there is."""
NOTE_LENGTH_MAX = 200
PAGE_MAX = 200
NOT_FOUND = Refusal("webhook_unknown", "an endpoint of yours", "id")
_DISABLED = Refusal("webhook_disabled", "an endpoint that is enabled; enable it first")
_CHANGED = Refusal("webhook_changed", "nobody who changes the secret at the same moment")

Supervises = Callable[[UUID, Desk], Awaitable[bool]]
"""Whether this agent is a supervisor at this desk now."""


class EndpointWithSecret(Record, frozen=True):
    """An endpoint, and what its receiver verifies with: to be shown once, and kept nowhere."""

    endpoint: Endpoint
    secret: str


class EndpointCounted(Record, frozen=True):
    """An endpoint, and how many of its deliveries stand where; `COUNTED_MAX` means: or more."""

    endpoint: Endpoint
    counts: Mapping[DeliveryStatus, int]


class Replay(Record, frozen=True):
    """What to send again: one delivery, or all since then that were taken or given up (`failed`:
    only those given up).
    """

    delivery: UUID | None = None
    since: datetime | None = None
    failed: bool = False


class ManagingStore(EndpointStore, Protocol):
    """The endpoints and deliveries, whomever they belong to."""

    async def page(
        self, *, desk: Desk | None, after: EndpointPosition | None, limit: int | None
    ) -> Sequence[Endpoint]: ...

    async def endpoint(self, id_: UUID) -> Endpoint | None: ...

    async def add(self, endpoint: Endpoint, *, most: int) -> bool: ...

    async def remove(self, id_: UUID) -> None: ...

    async def enable(self, endpoint: Endpoint, *, seal: bytes) -> bool: ...

    async def fail_left(self, endpoint: UUID, *, now: datetime) -> None: ...

    async def rotate(
        self, endpoint: Endpoint, *, seal: bytes, previous_until: datetime
    ) -> bool: ...

    async def counts(self, endpoint: UUID) -> Mapping[DeliveryStatus, int]: ...

    async def deliveries(
        self,
        endpoint: UUID,
        *,
        status: DeliveryStatus | None,
        before: Delivery | None,
        limit: int,
    ) -> Sequence[Delivery]: ...

    async def delivery(self, endpoint: UUID, id_: UUID) -> Delivery | None: ...

    async def replay_one(self, endpoint: UUID, id_: UUID, *, now: datetime) -> int: ...

    async def replay_all(
        self,
        endpoint: UUID,
        *,
        statuses: Sequence[DeliveryStatus],
        since: datetime,
        now: datetime,
    ) -> int: ...

    async def count_put_off(self, endpoint: UUID, *, now: datetime) -> int: ...

    async def ask_to_hasten(self, endpoint: UUID, *, now: datetime) -> bool: ...

    async def hasten_stream_of(self, delivery: Delivery, *, now: datetime) -> int: ...


class Webhooks:
    """The endpoints, for those who manage them. `changed` is awaited after each change."""

    def __init__(
        self,
        *,
        store: ManagingStore,
        signer: Signer,
        poster: Callable[[Desk], "Poster"],
        supervises: Supervises,
        changed: Callable[[], Awaitable[None]],
        source: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._signer = signer
        self._poster = poster
        self._supervises = supervises
        self._changed = changed
        self._source = source
        self._clock = clock

    async def add(
        self,
        *,
        actor: Actor,
        desk: Desk,
        url: str,
        topics: Sequence[str] | None = None,
        note: str = "",
    ) -> EndpointWithSecret | Refusal:
        """Tell this URL of these topics, or of all that this desk may be told of, from about a
        second from now on. All that there are means those of later versions, too.

        Refused where this desk has an endpoint at this URL: who heard no answer tries again, and
        everything would come there twice, half of it signed with a secret that nobody knows.
        """
        if not await self._may(actor, desk):
            return NOT_ALLOWED
        topics = topics_for(desk) if topics is None else topics
        if (refused := _refuse(desk, topics, note)) is not None:
            return refused
        if (refused := await self._refuse_another(desk, url)) is not None:
            return refused
        if (refused := await self._poster(desk).refuse(url)) is not None:
            return refused
        id_ = uuid4()
        endpoint = Endpoint(
            id=id_,
            desk=desk,
            url=url,
            topics=_stored(desk, topics),
            note=note,
            created_at=self._clock(),
            generation=1,
            seal=self._signer.seal(id_, 1),
        )
        if not await self._store.add(endpoint, most=_most(desk)):
            found = await self._refuse_another(desk, url)
            return found or Refusal("webhook_exists", "another URL, or this one again", "url")
        await self._changed()
        return EndpointWithSecret(endpoint, self._signer.secret(id_, 1))

    async def list(
        self,
        *,
        actor: Actor,
        desk: Desk | None = None,
        after: EndpointPosition | None = None,
        limit: int | None = None,
    ) -> Sequence[Endpoint] | Refusal:
        """Those of one desk, or all that there are; the oldest first, of those behind `after`."""
        if not (manages(actor) if desk is None else await self._may(actor, desk)):
            return NOT_ALLOWED
        return await self._store.page(desk=desk, after=after, limit=limit)

    async def show(self, id_: UUID, *, actor: Actor) -> EndpointCounted | Refusal:
        found = await self._own(id_, actor)
        if isinstance(found, Refusal):
            return found
        return EndpointCounted(found, await self._store.counts(id_))

    async def disable(self, id_: UUID, *, actor: Actor, reason: str) -> Refusal | None:
        """Nothing goes there any more, and what waits is given up."""
        found = await self._own(id_, actor)
        if isinstance(found, Refusal):
            return found
        if len(reason) > NOTE_LENGTH_MAX or not reason.isprintable():
            return Refusal("webhook_reason", f"one line of at most {NOTE_LENGTH_MAX}", "reason")
        await self._store.disable(id_, reason=reason, now=self._clock(), notice=None)
        await self._changed()
        return None

    async def enable(self, id_: UUID, *, actor: Actor) -> EndpointWithSecret | Refusal:
        """What happens from now on goes there again. What was given up can be replayed."""
        found = await self._own(id_, actor)
        if isinstance(found, Refusal):
            return found
        refused = await self._poster(found.desk).refuse(found.url)
        if refused is not None:
            return refused
        # Maybe nothing has swept up what waits: it would wait for hours, and the new behind it.
        await self._store.fail_left(id_, now=self._clock())
        if not await self._store.enable(found, seal=self._signer.seal(id_, found.generation)):
            return _CHANGED
        await self._changed()
        return EndpointWithSecret(found, self._signer.secret(id_, found.generation))

    async def remove(self, id_: UUID, *, actor: Actor) -> Refusal | None:
        """Forget the endpoint; what waited for it is never sent."""
        found = await self._own(id_, actor)
        if isinstance(found, Refusal):
            return found
        await self._store.remove(id_)
        await self._changed()
        return None

    async def rotate(self, id_: UUID, *, actor: Actor) -> EndpointWithSecret | Refusal:
        """Another secret from now on; for a day the present one signs, too."""
        found = await self._own(id_, actor)
        if isinstance(found, Refusal):
            return found
        following = found.generation + 1
        rotated = await self._store.rotate(
            found,
            seal=self._signer.seal(id_, following),
            previous_until=self._clock() + ROTATION,
        )
        if not rotated:
            return _CHANGED
        await self._changed()
        return EndpointWithSecret(found, self._signer.secret(id_, following))

    async def deliveries(
        self,
        id_: UUID,
        *,
        actor: Actor,
        status: DeliveryStatus | None = None,
        before: UUID | None = None,
        limit: int = 50,
    ) -> Sequence[Delivery] | Refusal:
        """The newest first; `before` is the delivery with which the last page ended."""
        found = await self._own(id_, actor)
        if isinstance(found, Refusal):
            return found
        last = None if before is None else await self._store.delivery(id_, before)
        if before is not None and last is None:
            return Refusal("delivery_unknown", "a delivery of this endpoint", "before")
        return await self._store.deliveries(
            id_, status=status, before=last, limit=max(1, min(limit, PAGE_MAX))
        )

    async def replay(self, id_: UUID, *, actor: Actor, what: Replay) -> int | Refusal:
        """Send again, under the same ids; how many deliveries that are."""
        found = await self._enabled(id_, actor)
        if isinstance(found, Refusal):
            return found
        now = self._clock()
        if what.delivery is not None:
            done = await self._store.replay_one(id_, what.delivery, now=now)
            return done or Refusal("delivery_unknown", "a delivery that is over", "delivery")
        if what.since is None and not what.failed:
            return Refusal("replay_what", "one delivery, a time since when, or those that failed")
        statuses = [DeliveryStatus.FAILED, *([] if what.failed else [DeliveryStatus.TAKEN])]
        since = what.since or found.created_at - timedelta(days=1)
        return await self._store.replay_all(id_, statuses=statuses, since=since, now=now)

    async def send_now(
        self, id_: UUID, *, actor: Actor, delivery: UUID | None = None
    ) -> int | Refusal:
        """Try at once all that waits for its turn, or this delivery and what it waits for; how many
        deliveries that are, `COUNTED_MAX` or more of all.

        What is due or under way is not tried again. What is not taken keeps the turn that it had.
        """
        found = await self._enabled(id_, actor)
        if isinstance(found, Refusal):
            return found
        now = self._clock()
        if delivery is not None:
            waiting = await self._store.delivery(id_, delivery)
            if waiting is None:
                return Refusal("delivery_unknown", "a delivery of this endpoint", "delivery")
            if waiting.status is not DeliveryStatus.WAITING:
                return Refusal("delivery_over", "one that waits; replay this one", "delivery")
            return await self._store.hasten_stream_of(waiting, now=now)
        count = await self._store.count_put_off(id_, now=now)
        if not await self._store.ask_to_hasten(id_, now=now):
            return _DISABLED
        await self._changed()
        return count

    async def test(self, id_: UUID, *, actor: Actor) -> Outcome | Refusal:
        """Send a signed ping now, once, and say what came back."""
        found = await self._own(id_, actor)
        if isinstance(found, Refusal):
            return found
        event, now = uuid4(), self._clock()
        body = event_body(
            id_=event, type_="ping", source=self._source, at=now, data={"endpoint": str(id_)}
        )
        try:
            headers = self._signer.headers(found, event=event, body=body, now=now)
        except SecretChanged as error:
            return Refusal("webhook_secret_changed", str(error))
        return await self._poster(found.desk).post(found.url, headers=headers, body=body)

    async def _refuse_another(self, desk: Desk, url: str) -> Refusal | None:
        of_desk = [one for one in await self._store.endpoints() if one.desk == desk]
        if (there := next((one for one in of_desk if one.url == url), None)) is not None:
            return Refusal("webhook_exists", f"another URL; {there.id} is at this one", "url")
        if len(of_desk) >= _most(desk):
            return Refusal("webhook_limit", f"at most {_most(desk)} endpoints of this desk")
        return None

    async def _enabled(self, id_: UUID, actor: Actor) -> Endpoint | Refusal:
        found = await self._own(id_, actor)
        return found if isinstance(found, Refusal) or found.enabled else _DISABLED

    async def _own(self, id_: UUID, actor: Actor) -> Endpoint | Refusal:
        found = await self._store.endpoint(id_)
        if found is None or not await self._may(actor, found.desk):
            return NOT_FOUND
        return found

    async def _may(self, actor: Actor, desk: Desk) -> bool:
        if manages(actor):
            return True
        if actor.role is not Role.AGENT or actor.id is None or desk == PLATFORM:
            return False
        return await self._supervises(actor.id, desk)


def _most(desk: Desk) -> int:
    return ENDPOINTS_MAX if desk == PLATFORM else DESK_ENDPOINTS_MAX


def _stored(desk: Desk, topics: Sequence[str]) -> tuple[str, ...]:
    asked = tuple(topic for topic in TOPICS if topic in topics)
    return (EVERYTHING,) if set(asked) == set(topics_for(desk)) else asked


def _refuse(desk: Desk, topics: Sequence[str], note: str) -> Refusal | None:
    unknown = sorted(set(topics) - set(TOPICS))
    if unknown or not topics:
        return Refusal("webhook_topics", f"expected some of {', '.join(TOPICS)}", "topics")
    if foreign := sorted(set(topics) - set(topics_for(desk))):
        detail = f"{', '.join(foreign)}: told to the platform's endpoints only"
        return Refusal("webhook_topics_of_platform", detail, "topics")
    if len(note) > NOTE_LENGTH_MAX or not note.isprintable():
        return Refusal("webhook_note", f"one line of at most {NOTE_LENGTH_MAX} letters", "note")
    return None
