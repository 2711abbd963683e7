"""Nothing of a part comes any more, and something of it went back to its sender or is lost.

Whoever's doing that was, the consumer has paid and does not have it, and nothing else would happen:
so service opens, unless remedies look after it already; if one of these comes to nothing, it is
looked at again. What was promised about it does not matter, and it gives nothing by itself.
"""

from collections.abc import Sequence
from typing import Any

from oncedesk.domain.orders.messages import (
    AmendPromise,
    AnnounceShipment,
    Breach,
    BreachCorrected,
    CheckComing,
    FakeFinding,
    FoundBy,
    OrderCommand,
    OrderEvent,
    PayFinal,
    PlaceOrder,
    PromiseBroken,
    PromiseKind,
    RecordTracking,
    ReportFakeTracking,
)
from oncedesk.domain.orders.promises import promise_id
from oncedesk.domain.orders.state import OrderState, Part
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.facts_seen import remedies_cover
from oncedesk.domain.shared.vocabularies import TrackingStatus, told


def may_end(state: OrderState, command: OrderCommand) -> bool:
    """Whether it may tell that nothing of a part comes any more: then its remedies are needed."""
    match command:
        case RecordTracking():
            if any(track.not_coming for track in state.tracks):
                return True
            said = told(vocabulary=command.vocabulary, code=command.code, substate=command.substate)
            if isinstance(said, Refusal):
                return False
            return said.status.not_coming or said.status is TrackingStatus.VOIDED
        case ReportFakeTracking():
            # What is cleared may have gone back while it was taken for another order's.
            found = command.finding is not FakeFinding.CLEARED
            return found or any(track.not_coming for track in state.tracks)
        case AnnounceShipment() | AmendPromise() | PlaceOrder() | CheckComing() | PayFinal():
            return any(track.not_coming for track in state.tracks)
        case _:
            return False


def not_coming(*, state: OrderState, facts: Facts, may_open: bool) -> Sequence[OrderEvent]:
    """What nothing comes of, where that was not said, and what is on its way again after all.

    `may_open`: the remedies are among the facts, if there are any.
    """
    events: list[OrderEvent] = []
    for part in state.parts:
        gone = state.is_gone(part)
        if gone is (part.number in state.gone) or state.is_over(part):
            continue
        if not gone:
            events.append(BreachCorrected(**_about(state, part, facts), breach=Breach.NOT_COMING))
        elif may_open and not _is_covered(state, part, facts):
            events.append(
                PromiseBroken(
                    **_about(state, part, facts),
                    breach=Breach.NOT_COMING,
                    found_by=FoundBy.EVENT,
                    happened_at=state.last_scan_at(part),
                )
            )
    return events


def _is_covered(state: OrderState, part: Part, facts: Facts) -> bool:
    return remedies_cover(
        facts.states,
        state.order,
        consumer=state.consumer,
        part=part.number,
        quantities=[item.quantity for item in part.items],
        some_came=state.some_came(part),
    )


def _about(state: OrderState, part: Part, facts: Facts) -> dict[str, Any]:
    due_at = state.last_scan_at(part) or facts.now
    return {
        "consumer": state.consumer,
        "order": state.order,
        "at": facts.now,
        "part": part.number,
        "market": state.market,
        "promise": promise_id(order=state.order, part=part.number, kind=PromiseKind.MOVEMENT),
        "kind": PromiseKind.MOVEMENT,
        "due_at": due_at,
        "original_due_at": due_at,
        "merchant": part.merchant,
        "creator": state.creator,
        "language": state.language,
    }
