"""How each event changes what is known of an order's remedies. Never refuses."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from oncedesk.domain.remedies.evolving.answers import AnswerEvent, answered, requested
from oncedesk.domain.remedies.evolving.authority import authorised
from oncedesk.domain.remedies.evolving.changes import ChangeEvent, changing
from oncedesk.domain.remedies.evolving.closing import closed, taken_up
from oncedesk.domain.remedies.evolving.compensations import (
    compensated,
    dropped,
    not_wanted,
    put_off,
)
from oncedesk.domain.remedies.evolving.disputes import disputed
from oncedesk.domain.remedies.evolving.funds import FundEvent, funded
from oncedesk.domain.remedies.evolving.journeys import rest_of, travelled
from oncedesk.domain.remedies.evolving.refunds import (
    RefundEvent,
    heard_late,
    refunded,
    sent_twice,
    with_taken,
)
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.asking import (
    BooksOpened,
    PaymentBooked,
    RemedyApproved,
    RemedyRequested,
    RemedyWithdrawn,
)
from oncedesk.domain.remedies.messages.authorising import AuthorisingEvent, AuthorityUnused
from oncedesk.domain.remedies.messages.casework import GrantImpossible
from oncedesk.domain.remedies.messages.changing import (
    CancellationRequested,
    ChangeMade,
    ChangeRefused,
    ChargeFailed,
    ChargeTakenLate,
)
from oncedesk.domain.remedies.messages.contesting import ContestDecided, ContestingEvent
from oncedesk.domain.remedies.messages.disputing import DisputingEvent
from oncedesk.domain.remedies.messages.funding import MoneyReturned, PayoutRecorded
from oncedesk.domain.remedies.messages.promising import (
    BearersChanged,
    BreachCompensated,
    CompensationCapped,
    CompensationVoided,
    OwedDropped,
    OwedPutOff,
    PriceFell,
)
from oncedesk.domain.remedies.messages.refunding import (
    OutsideRecorded,
    RefundCredited,
    RefundRequested,
    RefundSent,
    RefundSentTwice,
    RemedyClosed,
    RemedySettled,
)
from oncedesk.domain.remedies.messages.returning import ReturningEvent, ReturnSplit
from oncedesk.domain.remedies.state import Outside, PaidOut, Protected, Remedies, Remedy
from oncedesk.domain.remedies.words import Status
from oncedesk.domain.shared.ledger import Account, posted, still_pending


class _Evolved(NamedTuple):
    """What became of this very state by this very event."""

    before: Remedies | None
    event: RemedyEvent
    after: Remedies


_EVOLVED_MAX = 64
_evolved_last: dict[int, _Evolved] = {}
"""By the event's identity. A decision follows its own events to decide on; who records them then
follows them once more, from the same state. It is remembered, never relied on.
"""


def evolve(state: Remedies | None, event: RemedyEvent) -> Remedies:
    """What is known after this event."""
    known = _evolved_last.get(id(event))
    if known is not None and known.event is event and known.before is state:
        return known.after
    after = _evolve(state, event)
    if len(_evolved_last) >= _EVOLVED_MAX:
        _evolved_last.clear()
    _evolved_last[id(event)] = _Evolved(state, event, after)
    return after


def _evolve(state: Remedies | None, event: RemedyEvent) -> Remedies:
    if isinstance(event, BooksOpened):
        opened = Remedies(
            consumer=event.consumer,
            order=event.order,
            market=event.market,
            currency=event.currency,
            pack=event.pack,
            placed_at=event.placed_at,
            paid=event.paid,
            creator=event.creator,
        )
        return _moved(opened, event)
    assert state is not None, "the books are opened first"
    state = _moved(state, event)
    if isinstance(event, RefundSent | RefundCredited) and state.remedy(event.remedy) is None:
        return heard_late(state, event)
    if isinstance(event, RefundRequested | RefundSent | RemedySettled):
        # What happens most, and to nothing but one remedy.
        return _with_changed(state, event)
    match event:
        case PaymentBooked():
            return replace(state, paid=event.paid)
        case RefundSentTwice():
            return sent_twice(state, event)
        case OutsideRecorded():
            told = Outside(event.id, event.kind, event.amount_minor, event.payment)
            return replace(state, outside=(*state.outside, told))
        case PayoutRecorded():
            return replace(state, payouts=(*state.payouts, _paid_out(event)))
        case OwedPutOff():
            return put_off(state, event)
        case OwedDropped():
            return dropped(state, event)
        case MoneyReturned() | AuthorityUnused():
            return state
        case RemedyRequested():
            return replace(requested(state, event), numbered=event.remedy)
        case RemedyClosed():
            return closed(state, event.remedy, None, refused_part=event.refused_part)
        case RemedyWithdrawn():
            return _came_to_nothing(state, event)
        case ChargeFailed() if state.the_remedy(event.remedy).kind.changes:
            return _came_to_nothing(state, event)
        case ChargeTakenLate() if state.remedy(event.remedy) is None:
            return taken_up(state, event)
        case CancellationRequested() | GrantImpossible():
            return state
        case RemedyApproved() if not state.the_remedy(event.remedy).kind.changes:
            state = _granted(state, event.remedy)
        case ChangeMade():
            # Until then it may still come to nothing, and nothing else happens.
            state = _charged(_granted(state, event.remedy), event.remedy)
            state = _besides(state, event.back_minor)
        case ChangeRefused():
            state = _besides(state, event.back_minor)
        case PriceFell():
            others = (
                one for one in state.protected if (one.part, one.item) != (event.part, event.item)
            )
            now = Protected(event.part, event.item, event.unit_price_minor, event.quantity)
            return replace(state, protected=(*others, now))
        case BreachCompensated() | CompensationCapped() | CompensationVoided() | BearersChanged():
            return compensated(state, event)
        case ReturnSplit():
            state = replace(
                state.with_remedy(rest_of(state.the_remedy(event.remedy), event)),
                numbered=event.rest,
            )
        case ContestDecided():
            state = replace(state, owed_minor=state.owed_minor + event.debt_minor)
        case _:
            pass
    return _with_changed(state, event)


def _paid_out(event: PayoutRecorded) -> PaidOut:
    entries = (entry for transfer in event.transfers for entry in transfer.entries)
    return PaidOut(
        event.part,
        event.id,
        event.merchant_minor,
        event.creator_minor,
        event.agency_minor,
        next((entry.party for entry in entries if entry.account is Account.AGENCY), None),
        event.fee_minor,
    )


def evolved(state: Remedies | None, events: Sequence[RemedyEvent]) -> Remedies:
    """What is known after all of these events; there is at least one."""
    for event in events:
        state = evolve(state, event)
    assert state is not None
    return state


_OfOne = (
    AnswerEvent
    | RefundEvent
    | FundEvent
    | ChangeEvent
    | AuthorisingEvent
    | DisputingEvent
    | ReturningEvent
    | ContestingEvent
)
"""What happens to one remedy."""


def _with_changed(state: Remedies, event: _OfOne) -> Remedies:
    before = state.the_remedy(event.remedy)
    after = _changed(before, event)
    return with_taken(state, before, after).with_remedy(after)


def _changed(remedy: Remedy, event: _OfOne) -> Remedy:
    if isinstance(event, RefundEvent):
        return refunded(remedy, event)
    if isinstance(event, AnswerEvent):
        return answered(remedy, event)
    if isinstance(event, FundEvent):
        return funded(remedy, event)
    if isinstance(event, ReturningEvent | ContestingEvent):
        return travelled(remedy, event)
    if isinstance(event, ChangeEvent):
        return changing(remedy, event)
    if isinstance(event, AuthorisingEvent):
        return authorised(remedy, event)
    return disputed(remedy, event)


def _came_to_nothing(state: Remedies, event: RemedyWithdrawn | ChargeFailed) -> Remedies:
    """Without it; what payments may have taken for it all the same is remembered."""
    if event.lapsed is not None:
        state = state.with_remedy(replace(state.the_remedy(event.remedy), lapsed=event.lapsed))
    return closed(not_wanted(state, event.remedy), event.remedy, Status.WITHDRAWN)


def _granted(state: Remedies, number: int) -> Remedies:
    """With the kind of this remedy among those that were granted."""
    kind = state.the_remedy(number).kind
    return state if kind in state.granted else replace(state, granted=(*state.granted, kind))


def _charged(state: Remedies, number: int) -> Remedies:
    """With what was paid for an exchange; by a change the order itself costs something else."""
    remedy = state.the_remedy(number)
    if remedy.kind.changes or remedy.charge is None:
        return state
    return _besides(state, remedy.charge.amount_minor)


def _besides(state: Remedies, minor: int) -> Remedies:
    """With so much more of the order's payments that is not for what was bought."""
    return replace(state, charged_minor=state.charged_minor + minor) if minor else state


def _moved(state: Remedies, event: RemedyEvent) -> Remedies:
    """With this event's transfers: what is pending waits, what was posted or voided is over."""
    if not event.transfers:
        return state
    return replace(
        state,
        pending=still_pending(state.pending, event.transfers),
        books=posted(state.books, event.transfers),
        moved=max(state.moved, *(one.number for one in event.transfers)),
    )
