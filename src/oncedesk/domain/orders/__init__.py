"""The marketplace's orders as we mirror them: parts, shipments, tracking events and promises.

It decides which promise holds, what the estimate is now and when a promise counts as broken. It
never changes an order at the marketplace, and never amends a promise without recorded consent.
"""

from oncedesk.domain.orders.decide import decide, is_open, needs
from oncedesk.domain.orders.evolve import evolve
from oncedesk.domain.orders.messages import OrderCommand, OrderEvent
from oncedesk.domain.orders.settling import deadline
from oncedesk.domain.orders.state import OrderState, check
from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import Kind

DECIDER = Decider(
    kind=Kind.ORDER,
    state=OrderState,
    commands=OrderCommand,
    events=OrderEvent,
    decide=decide,
    evolve=evolve,
    needs=needs,
    deadline=deadline,
    is_open=is_open,
    check=check,
    party_of=lambda state: state.consumer,
)
