"""What the remedies of an order answer to a command."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from oncedesk.domain.remedies.access import is_allowed
from oncedesk.domain.remedies.answering import asking
from oncedesk.domain.remedies.applying import apply_authority
from oncedesk.domain.remedies.authorising import second_person
from oncedesk.domain.remedies.casework import grant_for_case
from oncedesk.domain.remedies.changing import changing
from oncedesk.domain.remedies.charged_late import charged_late
from oncedesk.domain.remedies.circumstances import refs_for
from oncedesk.domain.remedies.compensating import promising
from oncedesk.domain.remedies.confirming import talk_about
from oncedesk.domain.remedies.counter_offers import given_back
from oncedesk.domain.remedies.disputing import disputing
from oncedesk.domain.remedies.evolve import evolve, evolved
from oncedesk.domain.remedies.expiry import expired
from oncedesk.domain.remedies.funding import funding
from oncedesk.domain.remedies.messages import Answer, RemedyCommand, RemedyEvent
from oncedesk.domain.remedies.messages.asking import (
    AskingCommand,
    MakeCounterOffer,
    RequestRemedy,
)
from oncedesk.domain.remedies.messages.authorising import ApplyAuthority, ApproveGrant, DeclineGrant
from oncedesk.domain.remedies.messages.casework import GrantForCase
from oncedesk.domain.remedies.messages.changing import ChangingCommand, ConfirmCharge, FailCharge
from oncedesk.domain.remedies.messages.contesting import ContestRefund, DecideContest
from oncedesk.domain.remedies.messages.disputing import DecideDispute, OpenDispute
from oncedesk.domain.remedies.messages.funding import FundingCommand, MoneyReturned, RecordPayout
from oncedesk.domain.remedies.messages.promising import (
    CompensateBreach,
    SettlePresale,
    TakeBackCompensation,
    TellPrice,
)
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmRefund,
    NameRoute,
    RecordOutside,
    RefundingCommand,
)
from oncedesk.domain.remedies.messages.returning import (
    ArrangeReturn,
    Back,
    InspectReturn,
    NoteComingBack,
    RecordReturnTracking,
    SendBack,
    SendOut,
)
from oncedesk.domain.remedies.moving import MovingCommand, moving
from oncedesk.domain.remedies.opening import book_payments, open_books
from oncedesk.domain.remedies.owing import owing
from oncedesk.domain.remedies.purchase import Purchase, purchase_seen
from oncedesk.domain.remedies.refunding import refunding, settle_once_funded
from oncedesk.domain.remedies.repricing import given_after_all
from oncedesk.domain.remedies.room import FULL, room_left
from oncedesk.domain.remedies.state import Remedies, lapsed_charge, merchant_of
from oncedesk.domain.remedies.transit import note_coming_back
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal, Wake
from oncedesk.domain.shared.refs import Ref, agent_ref, order_ref, party_ref

_PLACELESS = (Back.INTERCEPTING, Back.PLACE_AWAITED, Back.AWAITED)
REMEDY_UNKNOWN = Refusal("remedy_unknown", "one that is not over", "remedy")
_Growing = (
    ArrangeReturn
    | ContestRefund
    | DecideContest
    | DecideDispute
    | InspectReturn
    | MakeCounterOffer
    | NameRoute
    | OpenDispute
    | RecordOutside
    | RecordPayout
    | RecordReturnTracking
    | SendBack
    | SendOut
)
"""What somebody says or does that makes the state grow by more than was kept free for it."""


def decide(state: Remedies | None, command: RemedyCommand, facts: Facts) -> Answer:
    """The events of this command, none where it changes nothing, or why not."""
    booked = _booked(state, facts)
    state = evolved(state, booked) if booked else state
    found = _decide(state, command, facts)
    if isinstance(found, Refusal) or not found:
        return found
    if state is not None:
        purchase = purchase_seen(facts.states, state.order, consumer=state.consumer)
        found = [*found, *given_back(state=state, events=found, facts=facts)]
        more = given_after_all(state=state, events=found, purchase=purchase, facts=facts)
        found = [*found, *more]
    if isinstance(command, _Growing) and _outgrown(state, found, command, facts):
        return FULL
    return [*booked, *found] if booked else found


def _booked(state: Remedies | None, facts: Facts) -> list[RemedyEvent]:
    """What has been paid for the order since its books were opened, before anything rests on it."""
    if state is None:
        return []
    purchase = purchase_seen(facts.states, state.order, consumer=state.consumer)
    if purchase is None or not purchase.presales:
        return []
    return book_payments(state=state, purchase=purchase, now=facts.now)


def _outgrown(
    state: Remedies | None, found: Sequence[RemedyEvent], command: _Growing, facts: Facts
) -> bool:
    purchase = purchase_seen(facts.states, command.order, consumer=command.consumer)
    if state is None or purchase is None:
        return False
    left = room_left(state=evolved(state, found), purchase=purchase)
    return left < min(0, room_left(state=state, purchase=purchase))


def _decide(state: Remedies | None, command: RemedyCommand, facts: Facts) -> Answer:
    if not is_allowed(state=state, command=command, facts=facts):
        return NOT_ALLOWED
    if isinstance(command, Wake):
        if state is None:
            return []
        purchase = purchase_seen(facts.states, state.order, consumer=state.consumer)
        return expired(state=state, purchase=purchase, facts=facts)
    purchase = purchase_seen(facts.states, command.order, consumer=command.consumer)
    if isinstance(command, CompensateBreach | TakeBackCompensation):
        return promising(state=state, command=command, purchase=purchase, facts=facts)
    if isinstance(command, GrantForCase):
        return grant_for_case(state=state, command=command, purchase=purchase, facts=facts)
    if purchase is None:
        return Refusal("order_unknown", "a placed order of this consumer", "order")
    if isinstance(command, RefundingCommand | FundingCommand):
        if state is not None:
            return _about_money(state, command, purchase, facts)
        if not isinstance(command, RecordOutside | RecordPayout):
            return REMEDY_UNKNOWN
        opened = open_books(purchase=purchase, now=facts.now)
        found = _about_money(evolve(None, opened), command, purchase, facts)
        return found if isinstance(found, Refusal) else [opened, *found]
    if isinstance(command, SettlePresale | TellPrice):
        return owing(state=state, command=command, purchase=purchase, facts=facts)
    if isinstance(command, AskingCommand):
        return asking(state=state, command=command, purchase=purchase, facts=facts)
    if isinstance(command, NoteComingBack):
        return [] if state is None else note_coming_back(state, command, facts, purchase)
    if state is None:
        return REMEDY_UNKNOWN
    if isinstance(command, ApplyAuthority):
        return apply_authority(state=state, command=command, purchase=purchase, facts=facts)
    if isinstance(command, ConfirmCharge | FailCharge):
        lapsed = lapsed_charge(state, command.remedy)
        if lapsed is not None:
            return charged_late(
                state=state, charge=lapsed, command=command, purchase=purchase, facts=facts
            )
    remedy = state.remedy(command.remedy)
    if remedy is None:
        return REMEDY_UNKNOWN
    if isinstance(command, ChangingCommand):
        return changing(state=state, remedy=remedy, command=command, purchase=purchase, facts=facts)
    if isinstance(command, ApproveGrant | DeclineGrant):
        return second_person(state=state, remedy=remedy, command=command, facts=facts)
    if isinstance(command, MovingCommand):
        return moving(state=state, remedy=remedy, command=command, purchase=purchase, facts=facts)
    return disputing(state=state, remedy=remedy, command=command, purchase=purchase, facts=facts)


def _about_money(
    state: Remedies,
    command: RefundingCommand | FundingCommand,
    purchase: Purchase,
    facts: Facts,
) -> Answer:
    if isinstance(command, RefundingCommand):
        return refunding(state=state, command=command, purchase=purchase, facts=facts)
    events = funding(state=state, command=command, facts=facts)
    if isinstance(events, Refusal) or isinstance(command, RecordPayout):
        return events
    if not events or isinstance(events[-1], MoneyReturned):
        return events
    after = evolved(state, events)
    return [*events, *settle_once_funded(after, command.remedy, facts, purchase)]


def needs(
    state: Remedies | None, command: RemedyCommand, found: Mapping[UUID, object]
) -> Sequence[Ref]:
    """The order, who gives the command, what previewing looks at, and where goods go back to."""
    if isinstance(command, Wake):
        if state is None:
            return ()
        order = order_ref(consumer=state.consumer, order=state.order)
        return (order, *_merchants(state))
    order = order_ref(consumer=command.consumer, order=command.order)
    agent = getattr(command, "agent", None)
    refs = [order] if agent is None else [order, agent_ref(agent)]
    merchants = [] if state is None else _merchants(state)
    if isinstance(command, RequestRemedy):
        purchase = purchase_seen(found, command.order, consumer=command.consumer)
        if purchase is not None:
            refs += refs_for(purchase=purchase, wish=command.wish, evidence=command.evidence)
            if command.wish.kind.comes_back:
                sellers = [part.merchant for part in purchase.parts]
                merchants += [party_ref(one) for one in sellers if one is not None]
    elif isinstance(command, ConfirmRefund):
        remedy = None if state is None else state.remedy(command.remedy)
        talk = None if state is None or remedy is None else talk_about(state=state, remedy=remedy)
        refs += [] if talk is None else [talk]
    return list(dict.fromkeys([*refs, *merchants]))


def _merchants(state: Remedies) -> list[Ref]:
    """Those who have to say where something goes back to."""
    found = []
    for remedy in state.live:
        merchant = merchant_of(state=state, remedy=remedy)
        open_ = remedy.journey is None or remedy.journey.back in _PLACELESS
        if remedy.may_come_back and open_ and merchant is not None:
            found.append(party_ref(merchant))
    return list(dict.fromkeys(found))


def deadline(state: Remedies) -> datetime | None:
    """The earliest moment at which a clock warns or runs out, or something is tried again."""
    clocks = [
        min(clock.due_at, clock.warn_at or clock.due_at)
        for remedy in state.live
        for clock in remedy.clocks
    ]
    return min([*clocks, *(one.again_at for one in state.put_off)], default=None)


def is_open(state: Remedies) -> bool:
    """Whether a remedy is not over, or something is still owed."""
    return bool(state.live or state.put_off)
