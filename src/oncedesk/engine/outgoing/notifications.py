"""What leaves to tell somebody who is not looking."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from oncedesk.domain.conversations.messages import Notice
from oncedesk.domain.conversations.notifying import (
    Merged,
    Notification,
    NotificationKind,
    Recipient,
    Waiting,
    about_order,
    desk_about_order,
    kind_of,
    notifications,
)
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.orders.messages import FinalPaymentReminded, PresaleEnd, PresaleEnded
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.remedies.messages.asking import (
    ClockWarned,
    CounterOfferMade,
    RemedyApproved,
    RemedyRefused,
    RemedyRequested,
)
from oncedesk.domain.remedies.messages.changing import ChangeRefused, ChargeFailed
from oncedesk.domain.remedies.messages.disputing import DisputeDecided, DisputeOpened
from oncedesk.domain.remedies.messages.refunding import ClosingPutOff, RouteAsked
from oncedesk.domain.remedies.messages.returning import (
    GoodsDue,
    InterceptionMissed,
    JourneyBegun,
    ReturnArranged,
    ReturnMissed,
    ReturnPlaceNamed,
    ReturnReceived,
    ReturnSplit,
)
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.waiting import waits_for
from oncedesk.domain.remedies.words import ClockKind
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.refs import PLATFORM, Desk, Ref
from oncedesk.engine.leaving import Happened, Leaving
from oncedesk.engine.reactions import telling

NOTIFICATION = "notification.requested"
WANTED = "notification.wanted"
"""A notification that waits for others like it; it never leaves as such."""

_TO_ACT: Mapping[type, Callable[[Any, Ref, Remedies], Sequence[Any]]] = {
    RemedyApproved: telling.granted_to_send,
    RemedyRefused: telling.refused,
    DisputeOpened: telling.disputed,
    DisputeDecided: telling.decided_to_act,
    CounterOfferMade: telling.offered,
    RouteAsked: telling.route_wanted,
    ReturnPlaceNamed: telling.place_named,
    InterceptionMissed: telling.not_held_up,
    ClockWarned: telling.warned,
    ClosingPutOff: telling.put_off,
    ReturnArranged: telling.labelled,
    ReturnMissed: telling.missed,
    ReturnSplit: telling.split,
    ChargeFailed: telling.not_made,
    ChangeRefused: telling.not_made,
}
"""Something runs out for the consumer, or came to nothing, who need not be looking at the order."""

_ASKS_DESK = (
    RemedyRequested,
    DisputeOpened,
    JourneyBegun,
    InterceptionMissed,
    ReturnReceived,
    GoodsDue,
)
"""From these on a remedy may wait for a merchant's desk; to the platform's a case comes."""
_OF_DESKS = (
    ClockKind.ANSWER,
    ClockKind.EVIDENCE,
    ClockKind.RETURN_PLACE,
    ClockKind.INSPECTION,
    ClockKind.SHIP_OUT,
)

_encode = msgspec.json.Encoder().encode


class NotificationMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom to tell what, in which language, and where it can be read. No texts.

    `count` is how many were merged into it. `version` is the conversation's at the latest of them.
    A merchant's or creator's desk gets no `link` that names the consumer.
    """

    kind: NotificationKind
    recipient: Recipient
    language: str
    link: str | UnsetType = UNSET
    count: int = 1
    consumer: str = ""
    conversation: str = ""
    case: int = 0
    version: int = 0
    deadline: Moment | None = None
    about: str = ""
    desks: tuple[str, ...] = ()


def wanted(happened: Happened) -> Sequence[Leaving]:
    state: Conversation = happened.after
    found = notifications(
        before=happened.before,
        after=state,
        events=happened.events,
        actor=happened.actor,
        pack=happened.packs.current(state.market),
        now=happened.decided_at,
    )
    return [
        Leaving(
            WANTED,
            _encode(
                Waiting(one, state.consumer, happened.source.id, happened.version, state.market)
            ),
            one.leaves_at,
        )
        for one in found
    ]


def notification_message(merged: Merged, *, link: str) -> bytes:
    """A notification as it leaves. Only the platform, and the desk that is told, may see it."""
    latest = merged.latest
    notification = latest.notification
    desk = notification.recipient.desk
    return _encode(
        NotificationMessage(
            kind=notification.kind,
            recipient=notification.recipient,
            language=notification.language,
            link=link,
            count=merged.count,
            consumer=str(latest.consumer),
            conversation="" if latest.order else str(latest.conversation),
            case=notification.case,
            version=latest.version,
            deadline=notification.deadline,
            about=str(latest.order or ""),
            desks=(desk,) if ":" in desk else (),
        )
    )


def final_payment(event: FinalPaymentReminded, happened: Happened) -> Leaving:
    """The rest of a presale can be paid until then; it is about the order."""
    order: OrderState = happened.after
    return _about_order(
        NotificationKind.FINAL_PAYMENT,
        event,
        happened,
        language=order.language,
        deadline=event.pay_until,
    )


def presale_ended(event: PresaleEnded, happened: Happened) -> Iterator[Leaving]:
    """It does not come. What becomes of the money stands with the order; who ended it knows."""
    order: OrderState = happened.after
    if event.by is not PresaleEnd.CONSUMER:
        yield _about_order(
            NotificationKind.PRESALE_ENDED, event, happened, deadline=None, language=order.language
        )


def without_case(happened: Happened) -> Iterator[Leaving]:
    """What a consumer has to act upon in a remedy without a case: once for each kind, with the
    earliest end.
    """
    if happened.actor.role is Role.CONSUMER:
        return
    told: dict[Notice, tuple[Any, datetime | None]] = {}
    for event in happened.events:
        tell = _TO_ACT.get(type(event))
        for note in () if tell is None else tell(event, happened.source, happened.after):
            known = told.get(note.notice)
            if not note.case and (known is None or _ends_earlier(note.until, known[1])):
                told[note.notice] = event, note.until
    for notice, (event, until) in told.items():
        yield _about_order(kind_of(notice), event, happened, deadline=until)


def for_desks(happened: Happened) -> Iterator[Leaving]:
    """For which remedies a desk has to act now, and which of its clocks are about to run out: once
    for each desk and kind, with the earliest end.
    """
    state: Remedies = happened.after
    told: dict[tuple[NotificationKind, Desk], tuple[datetime, Any]] = {}
    for event in happened.events:
        if isinstance(event, ClockWarned):
            kind, desk, until = NotificationKind.CLOCK_WARNING, event.desk, _warned_of(event, state)
        elif isinstance(event, _ASKS_DESK):
            kind, desk, until = NotificationKind.REMEDY_WAITS, *_asked_of(event, state)
        else:
            continue
        if desk is not None and until is not None:
            known = told.get((kind, desk))
            if known is None or until < known[0]:
                told[kind, desk] = until, event
    pack = happened.packs.current(state.market)
    for (kind, desk), (until, event) in told.items():
        found = desk_about_order(kind, desk=desk, at=happened.decided_at, pack=pack, deadline=until)
        yield _waiting_about_order(found, event, happened)


def _warned_of(event: ClockWarned, state: Remedies) -> datetime | None:
    remedy = state.remedy(event.remedy)
    clock = None if remedy is None else remedy.clock(ClockKind(event.kind))
    return None if clock is None else clock.due_at


def _asked_of(event: Any, state: Remedies) -> tuple[Desk | None, datetime | None]:
    """The merchant's desk that has to act, and by when; nobody, where it was done in one go."""
    remedy = state.remedy(event.remedy)
    desk = None if remedy is None else waits_for(state=state, remedy=remedy)
    if remedy is None or desk == PLATFORM:
        return None, None
    ends = [clock.due_at for clock in remedy.clocks if clock.kind in _OF_DESKS]
    return desk, min(ends, default=None)


def _ends_earlier(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one < other)


def _about_order(
    kind: NotificationKind,
    event: Any,
    happened: Happened,
    *,
    deadline: datetime | None,
    language: str = "",
) -> Leaving:
    market = happened.after.market
    found = about_order(
        kind,
        consumer=event.consumer,
        at=happened.decided_at,
        pack=happened.packs.current(market),
        language=language,
        deadline=deadline,
    )
    return _waiting_about_order(found, event, happened)


def _waiting_about_order(found: Notification, event: Any, happened: Happened) -> Leaving:
    market = happened.after.market
    waiting = Waiting(found, event.consumer, event.order, happened.version, market, event.order)
    return Leaving(WANTED, _encode(waiting), found.leaves_at)


def plain_notification(kind: NotificationKind, recipient: Recipient, *, about: UUID) -> bytes:
    """One that is about no conversation; what it is about, it names."""
    desks = (recipient.desk,) if ":" in recipient.desk else ()
    return _encode(
        NotificationMessage(
            kind=kind,
            recipient=recipient,
            language="",
            link="",
            about=str(about),
            desks=desks,
        )
    )


_waiting = msgspec.json.Decoder(Waiting).decode


def waiting_notification(body: bytes) -> Waiting:
    """What stands in a row of the topic `WANTED`."""
    return _waiting(body)
