"""The narrow views through which a conversation sees other states fit those states."""

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.parties.messages import PartyKind
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.rulebook.state import RulebookState
from oncedesk.domain.shared.facts_seen import (
    PLATFORM_DESK_REF,
    AgentSeen,
    DeskSeen,
    OrderSeen,
    agent_seen,
    desk_seen,
    order_seen,
    reliefs_seen,
)
from oncedesk.domain.shared.refs import PLATFORM
from tests.specs.conversations.world import (
    CONSUMER,
    ORDER,
    ORDER_PART,
    SHOP_AGENT,
    STRANGER,
    OrderView,
)
from tests.support.specs import START


def seen(order: OrderState, desk: DeskState, agent: AgentState) -> bool:
    """The type checker compares the shapes here; calling it compares them once more."""
    views: tuple[OrderSeen, DeskSeen, AgentSeen] = (order, desk, agent)
    one, two, three = views
    return one.placed or bool(one.parts) or two.surge or three.member_of(PLATFORM, START)


def test_fit_the_states_they_are_views_of() -> None:
    order = OrderState(consumer=CONSUMER, order=ORDER)
    desk = DeskState(desk=PLATFORM, market="cn")
    agent = AgentState(agent=SHOP_AGENT, digest=b"", length=0)
    assert not seen(order, desk, agent)
    assert (desk.open, desk.staffed, desk.staffed_from, desk.oldest_wait_seconds) == (
        True,
        False,
        None,
        0,
    )


def test_do_not_show_an_order_that_only_tracking_speaks_of() -> None:
    states = {ORDER: OrderState(consumer=CONSUMER, order=ORDER)}
    assert order_seen(states, ORDER, consumer=CONSUMER) is None


def test_do_not_show_another_consumer_s_order() -> None:
    states = {ORDER: OrderView()}
    assert order_seen(states, ORDER, consumer=CONSUMER) is states[ORDER]
    assert order_seen(states, ORDER, consumer=STRANGER) is None


def test_do_not_show_what_is_of_another_kind() -> None:
    order = OrderState(consumer=CONSUMER, order=ORDER, placed_at=START)
    desk = DeskState(desk=PLATFORM, market="cn")
    agent = AgentState(agent=SHOP_AGENT, digest=b"", length=0)
    party = PartyState(party=CONSUMER, kind=PartyKind.CONSUMER, market="cn")
    talk = Conversation(consumer=CONSUMER, subject=ORDER_PART, market="cn", opened_at=START)
    book = RulebookState(market="cn")
    platform = PLATFORM_DESK_REF.id
    for state in (order, desk, agent, party, talk, book):
        if state is not order:
            assert order_seen({ORDER: state}, ORDER, consumer=CONSUMER) is None
        if state is not desk:
            assert desk_seen({platform: state}, PLATFORM) is None
            assert reliefs_seen({platform: state}) == ()
        if state is not agent:
            assert agent_seen({SHOP_AGENT: state}, SHOP_AGENT) is None
