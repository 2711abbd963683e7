"""What leaves of what happened: all that its topic's shape names, and nothing else."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from oncedesk.domain.accounts import messages as accounts
from oncedesk.domain.accounts.state import PartyAccount
from oncedesk.domain.agents import messages as agents
from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.conversations import messages as conversations
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.orders.messages import OrderChanged
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.remedies.messages.changing import ChargeRequested
from oncedesk.domain.remedies.messages.funding import FundingDelayed
from oncedesk.domain.remedies.messages.refunding import (
    RefundRequested,
    RefundSentTwice,
    RouteAsked,
)
from oncedesk.domain.remedies.messages.returning import Back, GoodsDue, JourneyBegun
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import COUPON
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import Kind, Ref
from oncedesk.engine.leaving import Happened, Leaving
from oncedesk.engine.outgoing import CANCELLATION, DATA, NOTIFICATION, TOPICS, Outgoing
from oncedesk.rules.library import PackLibrary
from tests.support.samples import sample
from tests.support.specs import START


def full(kind: type, **changed: Any) -> Any:
    return replace(sample(kind, full=True), **changed)


SOMEBODY = UUID(int=9)
REFUND = full(RefundRequested)
CHARGE = full(ChargeRequested)
OF_CASES = {
    "case.opened": full(conversations.CaseOpened),
    "case.transferred": full(conversations.Transferred),
    "case.taken_over": full(conversations.TakenOver),
    "case.resolved": full(conversations.CaseResolved),
    "case.reopened": full(conversations.CaseReopened),
    "case.closed": full(conversations.CaseClosed),
    "message.posted": full(conversations.MessagePosted, audience=conversations.Audience.CONSUMER),
    "consumer.told": full(conversations.ConsumerTold),
    "call_back.requested": full(conversations.CallBackRequested),
}
OF_AGENTS = {
    "agent.blocks_repeated": full(agents.BlocksRepeated),
    "agent.reveal_alarm": full(agents.RevealAlarmRaised),
}
OF_MONEY = {
    "refund.requested": replace(REFUND, leg=replace(REFUND.leg, method="card")),
    "coupon.requested": replace(REFUND, leg=replace(REFUND.leg, method=COUPON)),
    "refund.route_asked": full(RouteAsked),
    "refund.sent_twice": full(RefundSentTwice),
    "interception.requested": full(JourneyBegun, back=Back.INTERCEPTING, out_clock=None),
    "goods.requested": full(GoodsDue, remedy=sample(Remedies, full=True).live[0].number),
    "charge.requested": replace(
        CHARGE,
        charge=replace(CHARGE.charge, route=replace(CHARGE.charge.route, stored=False)),
    ),
    "remedy.funding_delayed": full(FundingDelayed),
}
OF_ORDERS = {"order.changed": full(OrderChanged)}
OF_ACCOUNTS = {
    "recovery.requested": full(accounts.RecoveryRequested),
    "account.debt_aged": full(accounts.DebtAged),
    "account.debt_written_off": full(accounts.DebtWrittenOff),
}
STATES: Mapping[type, Mapping[str, Any]] = {
    Conversation: OF_CASES,
    AgentState: OF_AGENTS,
    Remedies: OF_MONEY,
    OrderState: OF_ORDERS,
    PartyAccount: OF_ACCOUNTS,
}
EACH = [(topic, state) for state, events in STATES.items() for topic in events]


def left(state: type, event: Any) -> Leaving:
    """The one thing that leaves of it, whoever asks for whatever."""
    happened = Happened(
        source=Ref(Kind.CONVERSATION, 0, UUID(int=1)),
        before=None,
        after=sample(state, full=True),
        version=7,
        at=START,
        decided_at=START,
        actor=SYSTEM,
        events=[event],
        packs=PackLibrary.always([]).at(START),
    )
    (leaving,) = Outgoing(set(TOPICS) - {NOTIFICATION, CANCELLATION})(happened)
    return leaving


def test_each_topic_has_an_example_here() -> None:
    """But for those that leave by what has become of a state, whatever the event."""
    assert {topic for topic, _ in EACH} == set(TOPICS) - {NOTIFICATION, CANCELLATION}


@pytest.mark.parametrize(("topic", "state"), EACH)
def test_what_leaves_is_all_that_is_said_of_its_topic(topic: str, state: type) -> None:
    leaving = left(state, STATES[state][topic])
    assert leaving.topic == topic
    assert msgspec.json.encode(msgspec.json.decode(leaving.body, type=DATA[topic])) == leaving.body


def test_who_must_not_get_a_case_and_who_is_mentioned_stays_here() -> None:
    opened, posted = OF_CASES["case.opened"], OF_CASES["message.posted"]
    event = replace(opened, barred=SOMEBODY)
    assert str(SOMEBODY).encode() not in left(Conversation, event).body
    event = replace(posted, to=SOMEBODY, mentions=(SOMEBODY,))
    assert str(SOMEBODY).encode() not in left(Conversation, event).body
