"""What is owed by rule and finds no place among the remedies that run: it is tried again.

Whoever is owed it need not ask, and nobody has to look at it: each day, until there is a place.
"""

from datetime import timedelta

from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.promising import Owed, OwedDropped, OwedPutOff
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.room import room_left
from oncedesk.domain.remedies.state import COMPENSATIONS_LIVE_MAX, PUT_OFF_MAX, Remedies
from oncedesk.domain.shared.decider import Facts

AGAIN = timedelta(days=1)
_OWED_BYTES = 1_400
"""What a compensation takes at most until it is over."""


def no_place_for_owed(*, state: Remedies, purchase: Purchase, count: int = 1) -> bool:
    """Whether so many more remedies that nobody asked for have to wait."""
    if len(state.live) - state.asked_for >= COMPENSATIONS_LIVE_MAX:
        return True
    return room_left(state=state, purchase=purchase) < count * _OWED_BYTES


def waiting_enough(state: Remedies) -> bool:
    """Whether so many breaches wait for a place that no more of them can."""
    return sum(one.owed.promise is not None for one in state.put_off) >= PUT_OFF_MAX


def put_off(*, state: Remedies, owed: Owed, facts: Facts) -> list[RemedyEvent]:
    """It is tried again in a day; what is put off already is not put off further."""
    if any(one.owed.key == owed.key and one.again_at > facts.now for one in state.put_off):
        return []
    return [
        OwedPutOff(
            consumer=state.consumer,
            order=state.order,
            at=facts.now,
            owed=owed,
            again_at=facts.now + AGAIN,
        )
    ]


def dropped(*, state: Remedies, owed: Owed, facts: Facts) -> OwedDropped:
    """It was given, or is not owed after all."""
    return OwedDropped(consumer=state.consumer, order=state.order, at=facts.now, owed=owed)
