"""The narrow views through which a conversation sees other states fit those states."""

from oncedesk.domain.agents.state import AgentState
from oncedesk.domain.desks.state import DeskState
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.shared.facts_seen import AgentSeen, DeskSeen, OrderSeen, order_seen
from oncedesk.domain.shared.refs import PLATFORM
from tests.specs.conversations.world import CONSUMER, ORDER, SHOP_AGENT
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
    assert order_seen({ORDER: OrderState(consumer=CONSUMER, order=ORDER)}, ORDER) is None
