"""What leaves Oncedesk when something happens: topic and content, by event; only what is asked for.

A look-up by the event's type is all that it costs where nobody asked.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from oncedesk.domain.accounts.messages import DebtAged, DebtWrittenOff, RecoveryRequested
from oncedesk.domain.agents.messages import BlocksRepeated, RevealAlarmRaised
from oncedesk.domain.conversations.messages import (
    Audience,
    CallBackRequested,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CaseResolved,
    ConsumerTold,
    MessagePosted,
    TakenOver,
    Transferred,
)
from oncedesk.domain.conversations.notifying import (
    Merged,
    NotificationKind,
    Recipient,
    RecipientKind,
    Waiting,
    notifications,
)
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.orders.messages import FinalPaymentReminded
from oncedesk.domain.remedies.messages.changing import ChargeRequested, charge_id
from oncedesk.domain.remedies.messages.funding import FundingDelayed
from oncedesk.domain.remedies.messages.refunding import RefundRequested, RouteAsked, refund_id
from oncedesk.domain.remedies.messages.returning import Back, JourneyBegun
from oncedesk.domain.remedies.words import COUPON
from oncedesk.domain.shared.decider import Actor
from oncedesk.domain.shared.refs import Desk
from oncedesk.engine import outgoing_money as money
from oncedesk.engine.leaving import Happened, Leaving

NOTIFICATION = "notification.requested"
WANTED = "notification.wanted"
"""A notification that waits for others like it; it never leaves as such."""
TO_PAYMENTS = "refund.execute"
"""A refund on its way to the executor that is set; who follows `refund.requested` gets another."""

_encode = msgspec.json.Encoder().encode


class CaseMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a receiver learns: which case of whom, and what happened in it. No texts.

    `desks` are those beside the platform's that the case lies with, or lay until now.
    """

    conversation: str
    case: int
    version: int
    event: Any
    consumer: str = ""
    desks: tuple[str, ...] = ()


class AgentMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a receiver learns about an agent: what happened, and at which version of theirs."""

    agent: str
    version: int
    event: Any


class NotificationMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom to tell what, in which language, and where it can be read. No texts.

    `count` is how many were merged into it. `version` is the conversation's at the latest of them.
    """

    kind: str
    recipient: Any
    language: str
    link: str
    count: int = 1
    consumer: str = ""
    conversation: str = ""
    case: int = 0
    version: int = 0
    deadline: Any = None
    about: str = ""
    desks: tuple[str, ...] = ()


class RefundMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What payments are asked to send: `refund` is its key, the same however often it is asked.

    `sources` are the accounts out of which it comes.
    """

    refund: str
    consumer: str
    order: str
    remedy: int
    leg: int
    amount_minor: int
    currency: str
    method: str
    payment: int
    reference: str = ""
    again: bool = False
    sources: tuple[money.SourceMessage, ...] = ()


class RouteMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom to ask where money can go whose way back is closed: the consumer, or else `desk`."""

    consumer: str
    order: str
    remedy: int
    amount_minor: int
    currency: str
    times: int
    until: datetime
    desk: str = ""


def _always(event: Any) -> bool:
    del event
    return True


def _is_for_all(event: MessagePosted) -> bool:
    """What desks say among themselves is nobody else's."""
    return event.audience is Audience.CONSUMER


def _is_money(event: RefundRequested) -> bool:
    return event.leg.method != COUPON


def _about_case(event: Any, happened: Happened) -> bytes:
    return _encode(
        CaseMessage(
            conversation=str(happened.source.id),
            case=event.case,
            version=happened.version,
            event=_plain(event),
            consumer=str(happened.after.consumer),
            desks=_desks(event, happened),
        )
    )


def _about_agent(event: Any, happened: Happened) -> bytes:
    return _encode(
        AgentMessage(agent=str(event.agent), version=happened.version, event=_plain(event))
    )


class InterceptionMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """A parcel that need not reach the consumer any more: hold it up, if that can be done."""

    consumer: str
    order: str
    remedy: int
    part: int


def _is_interception(event: JourneyBegun) -> bool:
    return event.back is Back.INTERCEPTING


def _about_interception(event: JourneyBegun, happened: Happened) -> bytes:
    remedy = happened.after.remedy(event.remedy)
    return _encode(
        InterceptionMessage(
            consumer=str(event.consumer),
            order=str(event.order),
            remedy=event.remedy,
            part=0 if remedy is None else remedy.lines[0].part,
        )
    )


def _about_refund(event: RefundRequested, happened: Happened) -> bytes:
    del happened
    leg = event.leg
    return _encode(
        RefundMessage(
            refund=str(refund_id(order=event.order, remedy=event.remedy, leg=leg.number)),
            consumer=str(event.consumer),
            order=str(event.order),
            remedy=event.remedy,
            leg=leg.number,
            amount_minor=leg.amount_minor,
            currency=event.currency,
            method=leg.method,
            payment=leg.payment,
            reference=leg.reference,
            again=event.again,
            sources=money.source_messages(leg.taken),
        )
    )


def _about_route(event: RouteAsked, happened: Happened) -> bytes:
    return _encode(
        RouteMessage(
            consumer=str(event.consumer),
            order=str(event.order),
            remedy=event.remedy,
            amount_minor=event.amount_minor,
            currency=happened.after.currency,
            times=event.times,
            until=event.clock.due_at,
            desk="" if event.desk is None else str(event.desk),
        )
    )


class ChargeMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What payments are asked to take: `charge` is its key, the same however often it is asked."""

    charge: str
    consumer: str
    order: str
    remedy: int
    amount_minor: int
    currency: str
    method: str
    reference: str
    again: bool = False


def _about_charge(event: ChargeRequested, happened: Happened) -> bytes:
    del happened
    route = event.charge.route
    return _encode(
        ChargeMessage(
            charge=str(charge_id(order=event.order, remedy=event.remedy)),
            consumer=str(event.consumer),
            order=str(event.order),
            remedy=event.remedy,
            amount_minor=event.charge.amount_minor,
            currency=event.currency,
            method=route.method,
            reference=route.reference,
            again=event.again,
        )
    )


def _is_outside(event: ChargeRequested) -> bool:
    """What a wallet keeps, no payments are asked for."""
    return not event.charge.route.stored


class _Topic(msgspec.Struct, frozen=True):
    name: str
    leaves: Callable[[Any], bool] = _always
    message: Callable[[Any, Happened], bytes] = _about_case


_TOPICS: Mapping[type, _Topic] = {
    CaseOpened: _Topic("case.opened"),
    Transferred: _Topic("case.transferred"),
    TakenOver: _Topic("case.taken_over"),
    CaseResolved: _Topic("case.resolved"),
    CaseReopened: _Topic("case.reopened"),
    CaseClosed: _Topic("case.closed"),
    MessagePosted: _Topic("message.posted", _is_for_all),
    ConsumerTold: _Topic("consumer.told"),
    CallBackRequested: _Topic("call_back.requested"),
    BlocksRepeated: _Topic("agent.blocks_repeated", message=_about_agent),
    RevealAlarmRaised: _Topic("agent.reveal_alarm", message=_about_agent),
    RefundRequested: _Topic("refund.requested", _is_money, message=_about_refund),
    RouteAsked: _Topic("refund.route_asked", message=_about_route),
    JourneyBegun: _Topic("interception.requested", _is_interception, message=_about_interception),
    ChargeRequested: _Topic("charge.requested", _is_outside, _about_charge),
    RecoveryRequested: _Topic("recovery.requested", message=money.about_recovery),
    FundingDelayed: _Topic("remedy.funding_delayed", message=money.about_funding),
    DebtAged: _Topic("account.debt_aged", message=money.about_debt),
    DebtWrittenOff: _Topic("account.debt_written_off", message=money.about_debt),
}
_COUPONS = _Topic("coupon.requested", message=_about_refund)
"""A leg that is no money leaves under a topic of its own; it is confirmed like any other."""

TO_CONSUMERS = ("consumer.told", "call_back.requested")
"""What the consumer's page shows, and what they asked of us by it."""
OF_AGENTS = ("agent.blocks_repeated", "agent.reveal_alarm")
"""What somebody should look at who answers for the agents."""

TOPICS = (*(topic.name for topic in _TOPICS.values()), _COUPONS.name, NOTIFICATION)
"""All that somebody can ask for."""


class Outgoing:
    """What of a command leaves, as long as somebody asks for these topics.

    Where something `pays`, refunds leave for it whoever else asks.
    """

    def __init__(self, topics: Collection[str] = (), *, pays: bool = False) -> None:
        self._topics: Mapping[type, _Topic] = {}
        self._notifies = self._gives_coupons = False
        self._pays = pays
        self.follow(topics)

    def follow(self, topics: Collection[str]) -> None:
        """From the next command on, these leave and no others."""
        self._topics = {type_: one for type_, one in _TOPICS.items() if one.name in topics}
        self._notifies = NOTIFICATION in topics
        self._gives_coupons = _COUPONS.name in topics

    def __bool__(self) -> bool:
        """Whether anything can leave at all; if not, nobody need ask."""
        return self._notifies or self._gives_coupons or self._pays or bool(self._topics)

    def __call__(self, happened: Happened) -> Sequence[Leaving]:
        topics = self._topics
        leaving: list[Leaving] = []
        for event in happened.events:
            topic = topics.get(type(event))
            if topic is not None and topic.leaves(event):
                leaving.append(Leaving(topic.name, topic.message(event, happened)))
            if self._pays and type(event) is RefundRequested and _is_money(event):
                leaving.append(Leaving(TO_PAYMENTS, _about_refund(event, happened)))
            if self._gives_coupons and type(event) is RefundRequested and not _is_money(event):
                leaving.append(Leaving(_COUPONS.name, _COUPONS.message(event, happened)))
            if self._notifies and isinstance(event, FinalPaymentReminded):
                leaving.append(Leaving(NOTIFICATION, _final_payment(event, happened)))
        if self._notifies and isinstance(happened.after, Conversation):
            leaving += _wanted(happened)
        return leaving


_LEFT_OUT = frozenset({"agent", "case", "digest", "masks"})


def _plain(event: Any) -> Mapping[str, Any]:
    """An event for others: desks by their names, of actors the role, and nothing of a text."""
    plain: dict[str, Any] = {"type": type(event).__name__}
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if name in _LEFT_OUT or value is None:
            continue
        if isinstance(value, Desk):
            value = str(value)
        elif isinstance(value, Actor):
            value = value.role.value
        plain[name] = value
    return plain


def _desks(event: Any, happened: Happened) -> tuple[str, ...]:
    """Those that the case lies with, or lay until this command; the platform sees everything."""
    found: set[Desk] = set()
    for state in (happened.before, happened.after):
        case: Case | None = None if state is None else state.case(event.case)
        if case is not None:
            found.add(case.owner)
            if case.referral is not None:
                found.update((case.referral.desk, case.referral.back_to))
    return tuple(sorted(str(desk) for desk in found if desk.party is not None))


def _wanted(happened: Happened) -> Sequence[Leaving]:
    state: Conversation = happened.after
    found = notifications(
        before=happened.before,
        after=state,
        events=happened.events,
        actor=happened.actor,
        pack=happened.packs.current(state.market),
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
            kind=notification.kind.value,
            recipient=notification.recipient,
            language=notification.language,
            link=link,
            count=merged.count,
            consumer=str(latest.consumer),
            conversation=str(latest.conversation),
            case=notification.case,
            version=latest.version,
            deadline=notification.deadline,
            desks=(desk,) if ":" in desk else (),
        )
    )


def _final_payment(event: FinalPaymentReminded, happened: Happened) -> bytes:
    """The rest of a presale can be paid until then; it is about the order."""
    return _encode(
        NotificationMessage(
            kind=NotificationKind.FINAL_PAYMENT.value,
            recipient=Recipient(RecipientKind.CONSUMER, event.consumer),
            language=happened.after.language,
            link="",
            consumer=str(event.consumer),
            version=happened.version,
            deadline=event.pay_until,
            about=str(event.order),
        )
    )


def plain_notification(kind: NotificationKind, recipient: Recipient, *, about: UUID) -> bytes:
    """One that is about no conversation; what it is about, it names."""
    desks = (recipient.desk,) if ":" in recipient.desk else ()
    return _encode(
        NotificationMessage(
            kind=kind.value,
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
