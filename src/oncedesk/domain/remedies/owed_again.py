"""What was put off is given once there is a place for it."""

from typing import Any

from oncedesk.domain.remedies.compensating import promising
from oncedesk.domain.remedies.evolve import evolved
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.promising import (
    CompensateBreach,
    Owed,
    OwedPutOff,
    SettlePresale,
)
from oncedesk.domain.remedies.owing import owing
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.putting_off import dropped
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.shared.decider import Facts, Refusal


def owed_again(*, state: Remedies, purchase: Purchase, facts: Facts) -> list[RemedyEvent]:
    """As it was decided first, but now; whatever comes of it, it is put off again or no longer."""
    events: list[RemedyEvent] = []
    for one in state.put_off:
        if one.again_at > facts.now:
            continue
        found = _tried(state, one.owed, purchase, facts)
        if not any(isinstance(event, OwedPutOff) for event in found):
            found.append(dropped(state=state, owed=one.owed, facts=facts))
        state = evolved(state, found)
        events += found
    return events


def _tried(state: Remedies, owed: Owed, purchase: Purchase, facts: Facts) -> list[RemedyEvent]:
    about: dict[str, Any] = {
        "consumer": state.consumer,
        "order": state.order,
        "part": owed.part,
    }
    if owed.promise is not None and owed.case is not None:
        breach = CompensateBreach(**about, promise=owed.promise, breach=owed.reason, case=owed.case)
        found = promising(state=state, command=breach, purchase=purchase, facts=facts)
    else:
        ended = SettlePresale(
            **about,
            reason=owed.reason,
            returned_minor=owed.returned_minor,
            penalty_minor=owed.penalty_minor,
            rule=owed.rule,
        )
        found = owing(state=state, command=ended, purchase=purchase, facts=facts)
    assert not isinstance(found, Refusal), found
    return list(found)
