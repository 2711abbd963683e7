"""Whether an order can still be changed as a remedy asks. The answer is an event either way.

Whoever asked waits for it, and may have charged the consumer: so a payment is recorded even where
the change comes too late, and can be given back like any other.
"""

from oncedesk.domain.orders.evolve import evolve
from oncedesk.domain.orders.messages import ChangeDeclined, ChangeOrder, OrderChanged
from oncedesk.domain.orders.state import ITEMS_MAX, OrderState
from oncedesk.domain.shared.decider import Facts


def change(
    *, state: OrderState, command: ChangeOrder, facts: Facts
) -> OrderChanged | ChangeDeclined:
    """What becomes of this change now."""
    place = 0 if command.payment is None else len(state.payments) + 1
    reason = _in_the_way(state, command)
    if reason is None:
        changed = OrderChanged(
            consumer=state.consumer,
            order=state.order,
            at=facts.now,
            remedy=command.remedy,
            payment=command.payment,
            place=place,
            items=command.items,
            address=command.address,
        )
        after = evolve(state, changed)
        reason = "order_too_large" if _too_large(after) else None
    if reason is None:
        return changed
    return ChangeDeclined(
        consumer=state.consumer,
        order=state.order,
        at=facts.now,
        remedy=command.remedy,
        payment=command.payment,
        place=place,
        reason=reason,
    )


def _in_the_way(state: OrderState, command: ChangeOrder) -> str | None:
    if command.unshipped and state.cancelled:
        return "order_cancelled"
    if command.unshipped and any(part.shipped_at is not None for part in state.parts):
        return "order_shipped"
    for one in command.items:
        part = state.part(one.part)
        if part is None or not 1 <= one.item <= len(part.items):
            return "item_unknown"
        if one.quantity > part.items[one.item - 1].quantity:
            return "quantity_exceeds_bought"
    return None


def _too_large(state: OrderState) -> bool:
    return sum(len(part.items) for part in state.parts) > ITEMS_MAX or not state.has_room(0)
