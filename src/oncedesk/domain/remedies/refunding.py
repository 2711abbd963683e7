"""Money to the consumer, leg by leg: payments are asked, and asked again until they have answered.

A leg is asked for under one idempotency key, however often: payments send it once. Until they have
said what became of it, it counts as given.
"""

from collections.abc import Sequence
from typing import assert_never

from oncedesk.domain.remedies.amounts import legs_for, owed_minor, unpaid
from oncedesk.domain.remedies.confirming import (
    confirm,
    credit,
    fail,
    said_of_closed,
    sent_after_all,
)
from oncedesk.domain.remedies.evolve import evolve, evolved
from oncedesk.domain.remedies.funding import waits_for_money
from oncedesk.domain.remedies.legs import request_leg, settle_clock, settled_if_done, settling_rule
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmCredit,
    ConfirmRefund,
    FailRefund,
    NameRoute,
    OutsideKind,
    OutsideRecorded,
    RecordOutside,
    RefundingCommand,
    RefundRequested,
    RefundSentTwice,
    RemedyClosed,
)
from oncedesk.domain.remedies.postings import outside
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.rerouting import ask_route, drop_needless, name_route
from oncedesk.domain.remedies.room import done_early
from oncedesk.domain.remedies.state import OUTSIDE_MAX, Remedies, Remedy
from oncedesk.domain.remedies.words import Leg, LegStatus, RemedyKind, Route, Status
from oncedesk.domain.shared.decider import Facts, Refusal

ACCOUNT = "account"
"""Where a compensation goes if nobody chose: the consumer's account at the marketplace."""


def refunding(
    *, state: Remedies, command: RefundingCommand, purchase: Purchase, facts: Facts
) -> Answer:
    """What payments said, recorded once; saying it again changes nothing."""
    if isinstance(command, RecordOutside):
        return _outside(state, command, purchase, facts)
    remedy = state.remedy(command.remedy)
    if remedy is None:
        if isinstance(command, ConfirmRefund):
            late = sent_after_all(state=state, command=command, now=facts.now)
            if isinstance(late, RecordOutside):
                return _outside(state, late, purchase, facts)
            if late is not None:
                return _with_needless(state, late, purchase, facts)
        return said_of_closed(state=state, command=command, now=facts.now)
    match command:
        case ConfirmRefund():
            said = confirm(state=state, remedy=remedy, command=command, facts=facts)
            return _with_needless(state, said, purchase, facts)
        case ConfirmCredit():
            return credit(state=state, remedy=remedy, command=command, now=facts.now)
        case FailRefund():
            return fail(state=state, remedy=remedy, command=command, purchase=purchase, facts=facts)
        case NameRoute():
            return name_route(
                state=state, remedy=remedy, command=command, purchase=purchase, facts=facts
            )
        case _:
            assert_never(command)


def settle(
    *,
    state: Remedies,
    remedy: int,
    facts: Facts,
    purchase: Purchase,
    amount_minor: int | None = None,
) -> list[RemedyEvent]:
    """Ask payments for all that they were not asked for, once the money for it is there; with
    nothing to send it is settled.

    All is the remedy's amount, or `amount_minor`. While goods travel nothing is settled. What no
    payment can take back waits for somebody to say where to.
    """
    known = state.the_remedy(remedy)
    wanted_minor = known.amount_minor if amount_minor is None else amount_minor
    waiting = waits_for_money(state=state, remedy=known, send_minor=wanted_minor, facts=facts)
    if waiting:
        after = evolved(state, waiting)
        return [*waiting, *settle_once_funded(after, remedy, facts, purchase)]
    owed = owed_minor(purchase=purchase, book=state, remedy=known, wanted_minor=wanted_minor)
    legs = _legs(state, known, owed, purchase)
    events: list[RemedyEvent] = []
    for leg in legs:
        events.append(request_leg(state=state, remedy=known, leg=leg, facts=facts))
        state = evolve(state, events[-1])
        # What the next takes is beside what this one has taken.
        known = state.the_remedy(remedy)
    homeless_minor = owed - sum(leg.amount_minor for leg in legs)
    if homeless_minor:
        number = max((leg.number for leg in known.legs), default=0) + 1
        leg = Leg(number, 0, "", homeless_minor, LegStatus.FAILED)
        events.append(ask_route(state=state, remedy=known, facts=facts, leg=leg))
    if not events:
        events += settled_if_done(state=state, remedy=remedy, facts=facts)
    return events


def _legs(
    state: Remedies, remedy: Remedy, amount_minor: int, purchase: Purchase
) -> tuple[Leg, ...]:
    """To where this amount goes."""
    numbered = max((leg.number for leg in remedy.legs), default=0)
    if remedy.kind is RemedyKind.COMPENSATION:
        # It comes on top of what was paid, so it goes to none of the payments.
        method = remedy.method or ACCOUNT
        return (Leg(numbered + 1, 0, method, amount_minor),) if amount_minor else ()
    return legs_for(
        purchase=purchase,
        book=state,
        amount_minor=amount_minor,
        numbered=numbered,
        route=_route(remedy),
    )


def _route(remedy: Remedy) -> Route | None:
    """The method that was named for its money; None where that was for what is paid.

    What is paid by another method from now on goes back to the payments of before, as does what is
    given in the place of goods.
    """
    journey = remedy.journey
    instead = journey is not None and journey.sends is not None and not remedy.kind.goes_out
    return None if instead or remedy.kind is RemedyKind.CHANGE_PAYMENT else remedy.route


def settle_once_funded(
    state: Remedies, remedy: int, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """Go on where the answer has come that a remedy waited for."""
    known = state.remedy(remedy)
    if known is None or not known.funded or known.asked_minor >= known.send_minor:
        return []
    return settle(
        state=state,
        remedy=remedy,
        facts=facts,
        purchase=purchase,
        amount_minor=known.send_minor,
    )


def pay_beyond(
    *, state: Remedies, remedy: Remedy, amount_minor: int, method: str, facts: Facts
) -> RefundRequested:
    """Ask payments for what comes on top of what was paid; `remedy` has the shares of who pays."""
    number = max((leg.number for leg in remedy.legs), default=0) + 1
    leg = Leg(number, 0, method, amount_minor, beyond=True)
    return request_leg(state=state, remedy=remedy, leg=leg, facts=facts)


def closed(*, state: Remedies, remedy: Remedy, facts: Facts) -> RemedyClosed:
    """Nothing can come of it any more."""
    refused = remedy.status is Status.REFUSED and not remedy.kind.changes
    return RemedyClosed(
        **state.about(remedy.number, facts.now),
        case=remedy.case,
        refused_part=remedy.lines[0].part if refused and remedy.lines else 0,
    )


def closed_early(*, state: Remedies, facts: Facts) -> list[RemedyEvent]:
    """What is done makes place for what is new."""
    return [closed(state=state, remedy=one, facts=facts) for one in done_early(state)]


def ask_again(*, state: Remedies, remedy: Remedy, facts: Facts) -> list[RemedyEvent]:
    """The settle clock ran out: payments are asked about every leg they have not answered."""
    rule = settling_rule(remedy, facts)
    unanswered = [leg for leg in remedy.legs if leg.status is LegStatus.REQUESTED]
    least = min((leg.asked_again for leg in unanswered), default=0)
    clock = settle_clock(rule=rule, asked_again=least + 1, now=facts.now)
    return [
        RefundRequested(
            **state.about(remedy.number, facts.now),
            leg=leg,
            currency=state.currency,
            clock=clock,
            again=True,
        )
        for leg in unanswered
    ]


def _outside(state: Remedies, command: RecordOutside, purchase: Purchase, facts: Facts) -> Answer:
    """It counts, once; what failed and has gone back by it is not asked about any more."""
    known = next((one for one in state.outside if one.id == command.id), None)
    if known is not None:
        same = (known.kind, known.amount_minor, known.payment) == (
            command.kind.value,
            command.amount_minor,
            command.payment,
        )
        return [] if same else Refusal("outside_differs", "known with other content", "id")
    if command.currency != state.currency:
        return Refusal("currency_differs", f"the order's is {state.currency}", "currency")
    if command.payment > len(purchase.payments):
        return Refusal("payment_unknown", "a payment of this order, from 1; 0: none", "payment")
    if command.amount_minor == 0:
        return Refusal("amount_not_positive", "1 or more minor units", "amount_minor")
    if len(state.outside) >= OUTSIDE_MAX:
        return Refusal("outside_too_many", f"at most {OUTSIDE_MAX} for an order")
    told: list[RemedyEvent] = [
        OutsideRecorded(
            consumer=state.consumer,
            order=state.order,
            at=facts.now,
            id=command.id,
            kind=OutsideKind(command.kind).value,
            amount_minor=command.amount_minor,
            payment=command.payment,
            transfers=outside(
                state=state,
                kind=command.kind,
                amount_minor=command.amount_minor,
                unpaid=unpaid(purchase=purchase, book=state),
            ),
        )
    ]
    return _dropping(state, told, purchase, facts)


def _with_needless(state: Remedies, said: Answer, purchase: Purchase, facts: Facts) -> Answer:
    """The same; with what was sent twice nobody is asked any more where to what it has given."""
    if isinstance(said, Refusal) or not any(isinstance(one, RefundSentTwice) for one in said):
        return said
    return _dropping(state, said, purchase, facts)


def _dropping(
    state: Remedies, events: Sequence[RemedyEvent], purchase: Purchase, facts: Facts
) -> list[RemedyEvent]:
    found = list(events)
    for remedy in state.live:
        known = evolved(state, found)
        after = known.the_remedy(remedy.number)
        found += drop_needless(state=known, remedy=after, purchase=purchase, facts=facts)
    return found
