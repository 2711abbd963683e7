"""Notifications that have waited long enough become one thing that leaves, for each group of them.

A waiting notification is a row of the outbox, written with its event and changed by nobody. What
leaves instead of a group is written in the transaction that deletes the group's rows: so whenever a
process dies, each is told of once, and one that comes meanwhile belongs to the next group.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec
import structlog
from msgspec.structs import replace

from oncedesk.domain.conversations.notifying import (
    Merged,
    Recipient,
    RecipientKind,
    Waiting,
    is_too_late,
    merge,
    merged,
    quiet_until,
)
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.shared.decider import Packs
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref, order_ref
from oncedesk.engine.outgoing import NOTIFICATION, notification_message, waiting_notification
from oncedesk.engine.ports import OutboxRow, Stored

log = structlog.get_logger(__name__)

TAKEN_AT_ONCE = 200
FAILED_PAUSE = timedelta(hours=1)


class NotifyingStore(Protocol):
    """The notifications that wait."""

    async def notifications_due(self, *, now: datetime, limit: int) -> Sequence[OutboxRow]:
        """All that wait about the same things as those that are due, at least `limit` if due."""
        ...

    async def notifications_merged(
        self, taken: Sequence[OutboxRow], leaving: Sequence[OutboxRow]
    ) -> None:
        """Put these in the place of those, in one transaction. Raises `TryAgain` if any is gone."""
        ...

    async def notifications_wait(self, rows: Sequence[OutboxRow], *, until: datetime) -> None:
        """Look at them again then."""
        ...

    async def outbox_failed(self, row: OutboxRow, *, error: str, next_at: datetime) -> None: ...


class States(Protocol):
    """Where the orders stand of which something is told."""

    async def load(self, refs: Sequence[Ref]) -> Mapping[UUID, Stored]: ...


class Links(Record, frozen=True):
    """Where a notification leads: templates with `{consumer}`, `{conversation}` and `{case}`, and
    the paths at `base` where a consumer looks at an order, and a desk at all that waits for it.

    One that does not begin with a scheme, such as `https:`, is put behind `base`.
    """

    base: str
    consumer: str
    desk: str

    def to_order(self, recipient: Recipient, order: UUID) -> str:
        is_consumer = recipient.kind is RecipientKind.CONSUMER
        return self.base.rstrip("/") + (f"/help/order/{order}" if is_consumer else "/desk")

    def to(self, recipient: Recipient, *, consumer: UUID, conversation: UUID, case: int) -> str:
        to_consumer = recipient.kind is RecipientKind.CONSUMER
        path = self.consumer if to_consumer else self.desk
        for name, value in (("consumer", consumer), ("conversation", conversation), ("case", case)):
            path = path.replace("{" + name + "}", str(value))
        return path if ":" in path.split("/")[0] else f"{self.base.rstrip('/')}{path}"


class Notifying:
    """Lets notifications leave that are due, together with others like them."""

    name = "notifications"
    idle_seconds = 0.25

    def __init__(
        self,
        *,
        store: NotifyingStore,
        states: States,
        links: Links,
        packs: Callable[[], Packs],
        clock: Callable[[], datetime],
        named_point: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._states = states
        self._links = links
        self._packs = packs
        self._clock = clock
        self._named_point = named_point

    async def run(self) -> int:
        """Merge what is due; how many rows were taken or put off."""
        now = self._clock()
        rows = await self._store.notifications_due(now=now, limit=TAKEN_AT_ONCE)
        readable = [(row, one) for row in rows if (one := await self._read(row, now)) is not None]
        languages = await self._languages(one for _, one in readable)
        readable = [(row, _as_ordered(one, languages)) for row, one in readable]
        # By which object it is: two presales of an order may end at once and say the same.
        row_of = {id(one): row for row, one in readable}
        taken: list[OutboxRow] = []
        leaving: list[OutboxRow] = []
        put_off = 0
        for group in merged((one for _, one in readable), now=now):
            its = [row_of[id(one)] for one in group]
            try:
                whole = merge(group, at=now)
                quiet = self._quiet_until(whole.latest, now)
                as_one = self._as_one(whole, its[0], now)
            except Exception as error:
                # A bug, or a market that is not known here: this group's, so the others are spared.
                log.exception("notification_failed", id=str(its[0].id))
                await self._failed(its, error, now)
                put_off += len(its)
                continue
            if quiet is not None:
                await self._store.notifications_wait(its, until=quiet)
                put_off += len(its)
                continue
            taken += its
            leaving.append(as_one)
        if taken:
            await self._store.notifications_merged(taken, leaving)
            self._named_point("notifications_merged")
        return len(taken) + put_off

    async def _languages(self, waiting: Iterable[Waiting]) -> Mapping[UUID, str]:
        """As each of these orders was told: without a case nothing else says what its consumer
        reads."""
        refs = {
            order_ref(consumer=one.consumer, order=one.order): None
            for one in waiting
            if one.order is not None
        }
        found = await self._states.load([*refs]) if refs else {}
        return {
            id_: one.state.language
            for id_, one in found.items()
            if isinstance(one.state, OrderState)
        }

    def _quiet_until(self, one: Waiting, now: datetime) -> datetime | None:
        pack = self._packs().current(one.market)
        until = quiet_until(one.notification.recipient, pack=pack, now=now)
        if until is None or is_too_late(one.notification, now=now, at=until):
            return None
        return until

    async def _read(self, row: OutboxRow, now: datetime) -> Waiting | None:
        try:
            return waiting_notification(row.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            # Of a later version perhaps, which was taken back; it waits for that one.
            log.warning("notification_unreadable", id=str(row.id), error=str(error))
            await self._store.outbox_failed(row, error=str(error), next_at=now + FAILED_PAUSE)
            return None

    async def _failed(self, rows: Sequence[OutboxRow], error: Exception, now: datetime) -> None:
        text = f"{type(error).__name__}: {error}"
        for row in rows:
            await self._store.outbox_failed(row, error=text, next_at=now + FAILED_PAUSE)

    def _as_one(self, whole: Merged, first: OutboxRow, now: datetime) -> OutboxRow:
        link = self._link(whole.latest)
        return OutboxRow(
            bucket=first.bucket,
            id=derived_id("notification", first.id),
            topic=NOTIFICATION,
            body=notification_message(whole, link=link),
            at=now,
            stream=first.stream,
            version=whole.latest.version,
            number=0,
            leaves_at=now,
        )

    def _link(self, one: Waiting) -> str:
        if one.order is not None:
            return self._links.to_order(one.notification.recipient, one.order)
        return self._links.to(
            one.notification.recipient,
            consumer=one.consumer,
            conversation=one.conversation,
            case=one.notification.case,
        )

    async def close(self) -> None:
        """Nothing is under way between two runs."""


def _as_ordered(one: Waiting, languages: Mapping[UUID, str]) -> Waiting:
    """To the consumer of an order in its language, where it was told."""
    notification = one.notification
    language = "" if one.order is None else languages.get(one.order, "")
    if not language or notification.recipient.kind is not RecipientKind.CONSUMER:
        return one
    return replace(one, notification=replace(notification, language=language))
