"""Which event leaves under which topic, and what of a command leaves as long as somebody asks.

A look-up by the event's type is all that it costs where nobody asked.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import msgspec

from oncedesk.domain.accounts.messages import DebtAged, DebtWrittenOff, RecoveryRequested
from oncedesk.domain.agents.messages import BlocksRepeated, RevealAlarmRaised
from oncedesk.domain.conversations.messages import (
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
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.orders.messages import FinalPaymentReminded, OrderChanged, PresaleEnded
from oncedesk.domain.remedies.messages.changing import ChargeRequested
from oncedesk.domain.remedies.messages.funding import FundingDelayed
from oncedesk.domain.remedies.messages.refunding import (
    RefundRequested,
    RefundSentTwice,
    RouteAsked,
)
from oncedesk.domain.remedies.messages.returning import GoodsDue, JourneyBegun
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.engine.leaving import Happened, Leaving
from oncedesk.engine.outgoing.accounts import (
    DebtMessage,
    FundingMessage,
    RecoveryMessage,
    about_debt,
    about_funding,
    about_recovery,
)
from oncedesk.engine.outgoing.cases import (
    AgentMessage,
    AlarmEvent,
    BlocksEvent,
    CallBackEvent,
    CaseMessage,
    ClosedEvent,
    OpenedEvent,
    PostedEvent,
    ReopenedEvent,
    ResolvedEvent,
    TakenOverEvent,
    ToldEvent,
    TransferredEvent,
    about_agent,
    about_case,
    is_for_all,
)
from oncedesk.engine.outgoing.notifications import (
    NOTIFICATION,
    NotificationMessage,
    final_payment,
    for_desks,
    presale_ended,
    wanted,
    without_case,
)
from oncedesk.engine.outgoing.orders import (
    CancellationMessage,
    ChangeMessage,
    GoodsMessage,
    about_change,
    about_goods,
    cancellations,
    is_at_once,
)
from oncedesk.engine.outgoing.refunds import (
    ChargeMessage,
    InterceptionMessage,
    RefundMessage,
    RouteMessage,
    SentTwiceMessage,
    about_charge,
    about_interception,
    about_refund,
    about_route,
    about_sent_twice,
    is_interception,
    is_money,
    is_outside,
)

TO_PAYMENTS = "refund.execute"
"""A refund on its way to the executor that is set; who follows `refund.requested` gets another."""


def _always(event: Any) -> bool:
    del event
    return True


class _Topic(msgspec.Struct, frozen=True):
    name: str
    data: Any
    leaves: Callable[[Any], bool] = _always
    message: Callable[[Any, Happened], bytes] = about_case


CHARGES = "charge.requested"
"""Consumers are to be charged for a remedy."""

_TOPICS: Mapping[type, _Topic] = {
    CaseOpened: _Topic("case.opened", CaseMessage[OpenedEvent]),
    Transferred: _Topic("case.transferred", CaseMessage[TransferredEvent]),
    TakenOver: _Topic("case.taken_over", CaseMessage[TakenOverEvent]),
    CaseResolved: _Topic("case.resolved", CaseMessage[ResolvedEvent]),
    CaseReopened: _Topic("case.reopened", CaseMessage[ReopenedEvent]),
    CaseClosed: _Topic("case.closed", CaseMessage[ClosedEvent]),
    MessagePosted: _Topic("message.posted", CaseMessage[PostedEvent], is_for_all),
    ConsumerTold: _Topic("consumer.told", CaseMessage[ToldEvent]),
    CallBackRequested: _Topic("call_back.requested", CaseMessage[CallBackEvent]),
    BlocksRepeated: _Topic("agent.blocks_repeated", AgentMessage[BlocksEvent], message=about_agent),
    RevealAlarmRaised: _Topic("agent.reveal_alarm", AgentMessage[AlarmEvent], message=about_agent),
    RefundRequested: _Topic("refund.requested", RefundMessage, is_money, about_refund),
    RouteAsked: _Topic("refund.route_asked", RouteMessage, message=about_route),
    RefundSentTwice: _Topic("refund.sent_twice", SentTwiceMessage, message=about_sent_twice),
    JourneyBegun: _Topic(
        "interception.requested", InterceptionMessage, is_interception, about_interception
    ),
    ChargeRequested: _Topic(CHARGES, ChargeMessage, is_outside, about_charge),
    RecoveryRequested: _Topic("recovery.requested", RecoveryMessage, message=about_recovery),
    FundingDelayed: _Topic("remedy.funding_delayed", FundingMessage, message=about_funding),
    OrderChanged: _Topic("order.changed", ChangeMessage, message=about_change),
    GoodsDue: _Topic("goods.requested", GoodsMessage, message=about_goods),
    DebtAged: _Topic("account.debt_aged", DebtMessage, message=about_debt),
    DebtWrittenOff: _Topic("account.debt_written_off", DebtMessage, message=about_debt),
}
_COUPONS = _Topic("coupon.requested", RefundMessage, message=about_refund)
"""A leg that is no money leaves under a topic of its own; it is confirmed like any other."""

_GOODS = _Topic("goods.requested", GoodsMessage, is_at_once, about_goods)
"""A journey that begins may have them leave without waiting for anything."""
CANCELLATION = "cancellation.requested"
"""By whatever event somebody has said yes to it."""
OF_ORDERS = (CANCELLATION, "order.changed", "goods.requested")
"""What whoever packs and sends has to hear of."""

TO_CONSUMERS = ("consumer.told", "call_back.requested")
"""What the consumer's page shows, and what they asked of us by it."""
OF_AGENTS = ("agent.blocks_repeated", "agent.reveal_alarm")
"""What somebody should look at who answers for the agents."""

DATA: Mapping[str, Any] = {
    **{topic.name: topic.data for topic in (*_TOPICS.values(), _COUPONS)},
    CANCELLATION: CancellationMessage,
    NOTIFICATION: NotificationMessage,
}
"""What is told of each topic."""
TOPICS = (*DATA,)
"""All that somebody can ask for."""
DESK_TOPICS = (
    *(topic.name for topic in _TOPICS.values() if topic.message is about_case),
    *OF_ORDERS,
    NOTIFICATION,
)
"""Those of a merchant's or creator's desk: their messages name desks, all others go to none."""


def topics_for(desk: Desk) -> tuple[str, ...]:
    """All that an endpoint of this desk can ask for."""
    return TOPICS if desk == PLATFORM else DESK_TOPICS


class Outgoing:
    """What of a command leaves, as long as somebody asks for these topics.

    Where something `pays`, refunds leave for it whoever else asks.
    """

    def __init__(self, topics: Collection[str] = (), *, pays: bool = False) -> None:
        self._topics: Mapping[type, _Topic] = {}
        self._notifies = self._gives_coupons = self._cancels = self._sends = False
        self._pays = pays
        self.follow(topics)

    def follow(self, topics: Collection[str]) -> None:
        """From the next command on, these leave and no others."""
        self._topics = {type_: one for type_, one in _TOPICS.items() if one.name in topics}
        self._notifies = NOTIFICATION in topics
        self._gives_coupons = _COUPONS.name in topics
        self._cancels = CANCELLATION in topics
        self._sends = _GOODS.name in topics

    def __bool__(self) -> bool:
        """Whether anything can leave at all; if not, nobody need ask."""
        beside = self._notifies or self._gives_coupons or self._cancels or self._pays
        return beside or bool(self._topics)

    def __call__(self, happened: Happened) -> Sequence[Leaving]:
        topics = self._topics
        leaving: list[Leaving] = []
        for event in happened.events:
            topic = topics.get(type(event))
            if topic is not None and topic.leaves(event):
                leaving.append(Leaving(topic.name, topic.message(event, happened)))
            if self._pays and type(event) is RefundRequested and is_money(event):
                leaving.append(Leaving(TO_PAYMENTS, about_refund(event, happened)))
            if self._gives_coupons and type(event) is RefundRequested and not is_money(event):
                leaving.append(Leaving(_COUPONS.name, _COUPONS.message(event, happened)))
            if self._sends and type(event) is JourneyBegun and is_at_once(event):
                leaving.append(Leaving(_GOODS.name, about_goods(event, happened)))
            if self._notifies and isinstance(event, FinalPaymentReminded):
                leaving.append(final_payment(event, happened))
            if self._notifies and isinstance(event, PresaleEnded):
                leaving += presale_ended(event, happened)
        if self._notifies and isinstance(happened.after, Conversation):
            leaving += wanted(happened)
        if self._cancels and isinstance(happened.after, Remedies):
            leaving += [Leaving(CANCELLATION, body) for body in cancellations(happened)]
        if self._notifies and isinstance(happened.after, Remedies):
            leaving += without_case(happened)
            leaving += for_desks(happened)
        return leaving
