"""What of a state stands in the consumer's own copy: nothing that names who else had a part in it,
what others bear of it, or what they are paid for it.
"""

from typing import Any

from msgspec.structs import replace

from oncedesk.domain.conversations.messages import Side
from oncedesk.domain.conversations.state import Case, Conversation
from oncedesk.domain.orders.state import OrderState, Part
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import Line


def own_view(state: Any) -> Any:
    """What of it is the consumer's business: no agents, no reviews, no holds, nobody's books."""
    match state:
        case PartyState():
            # Whose accounts these are said to be is for others to know.
            trust = None if state.trust is None else replace(state.trust, linked=())
            return replace(state, holds=(), trust=trust)
        case Conversation():
            return replace(state, flags=0, left=(), cases=tuple(map(_own_case, state.cases)))
        case OrderState():
            return replace(state, parts=tuple(map(_own_part, state.parts)))
        case Remedies():
            return _own_remedies(state)
        case _:
            return state


def _own_case(case: Case) -> Case:
    asked = None if case.asked is None else replace(case.asked, agent=None)
    return replace(
        case,
        clocks=tuple(clock for clock in case.clocks if clock.side is not Side.REFERRAL),
        agent=None,
        preferred=None,
        asked=asked,
        referral=None,
        barred=None,
        needed=False,
    )


def _own_part(part: Part) -> Part:
    items = (
        item
        if item.sold_as is None
        else replace(item, sold_as=replace(item.sold_as, commission_minor=0))
        for item in part.items
    )
    return replace(part, items=tuple(items))


def _own_remedies(state: Remedies) -> Remedies:
    """Whose account the money stands in is theirs; the consumer's entries are listed apart."""
    return replace(
        state,
        live=tuple(map(_own_remedy, state.live)),
        paid=tuple(replace(one, commission_minor=0) for one in state.paid),
        given=tuple(replace(one, commission_minor=0) for one in state.given),
        compensated=tuple(replace(one, shares=()) for one in state.compensated),
        books=(),
        pending=(),
        payouts=(),
    )


def _own_remedy(remedy: Remedy) -> Remedy:
    dispute, offer = remedy.dispute, remedy.counter_offer
    return replace(
        remedy,
        agent=None,
        lines=_own_lines(remedy.lines),
        legs=tuple(replace(leg, taken=()) for leg in remedy.legs),
        counter_offer=None
        if offer is None
        else replace(offer, lines=_own_lines(offer.lines), shares=(), spent=None),
        approval=None,
        dispute=None
        if dispute is None
        else replace(dispute, wanted=_own_lines(dispute.wanted), decided_by=None, stood_by=None),
        granted_by=(),
        shares=(),
        otherwise=(),
        sources=(),
        asked_of=(),
        fund_minor=0,
    )


def _own_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(replace(one, commission_minor=0) for one in lines)
