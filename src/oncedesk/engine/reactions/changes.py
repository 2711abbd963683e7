"""What changes of an order ask of the wallet, the order and the remedies, each of the other."""

from collections.abc import Sequence
from typing import Any

from oncedesk.domain.orders.messages import (
    CancelOrder,
    ChangeDeclined,
    ChangeOrder,
    ItemChange,
    OrderChanged,
    Payment,
)
from oncedesk.domain.remedies.messages.changing import (
    CancellationRequested,
    ChangeRequested,
    ChargeFailure,
    ChargeRequested,
    ConfirmCharge,
    FailCharge,
    NoteChange,
)
from oncedesk.domain.remedies.messages.refunding import RefundSent
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import Ref
from oncedesk.domain.wallets.messages import (
    BalanceLacking,
    BalanceTaken,
    CreditBalance,
    TakeBalance,
)


def take_balance(event: ChargeRequested, _source: Ref, _state: object) -> Sequence[Command]:
    """Only from a balance, and once: a wallet that was asked answers."""
    if event.again or not event.charge.route.stored:
        return ()
    return (
        TakeBalance(
            consumer=event.consumer,
            method=event.charge.route.reference,
            order=event.order,
            remedy=event.remedy,
            amount_minor=event.charge.amount_minor,
            currency=event.currency,
        ),
    )


def confirm_charge(event: BalanceTaken, _source: Ref, _state: object) -> Sequence[Command]:
    return (
        ConfirmCharge(
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            amount_minor=event.amount_minor,
            currency=event.currency,
            charged_at=event.at,
        ),
    )


def fail_charge(event: BalanceLacking, _source: Ref, _state: object) -> Sequence[Command]:
    return (
        FailCharge(
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            reason=ChargeFailure.BALANCE_INSUFFICIENT,
        ),
    )


def credit_balance(event: RefundSent, _source: Ref, state: Remedies) -> Sequence[Command]:
    if not event.credits:
        return ()
    leg = state.the_remedy(event.remedy).leg(event.leg)
    assert leg is not None
    return (
        CreditBalance(
            consumer=event.consumer,
            method=event.credits,
            order=event.order,
            remedy=event.remedy,
            amount_minor=event.amount_minor,
            currency=event.currency,
            kind=leg.method,
        ),
    )


def change_order(event: ChangeRequested, _source: Ref, _state: object) -> Sequence[Command]:
    """An order that was asked answers; asked again it would change twice."""
    if event.again:
        return ()
    charge = event.charge
    return (
        ChangeOrder(
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            items=tuple(
                ItemChange(
                    one.part,
                    one.item,
                    one.quantity,
                    one.listing,
                    one.variant,
                    one.unit_price_minor,
                )
                for one in event.items
            ),
            payment=(
                None
                if charge is None
                else Payment(
                    charge.route.method,
                    charge.amount_minor,
                    charge.route.reference,
                    stored=charge.route.stored,
                )
            ),
            address=event.address,
            unshipped=event.unshipped,
        ),
    )


def note_change(
    event: OrderChanged | ChangeDeclined, _source: Ref, _state: object
) -> Sequence[Command]:
    return (
        NoteChange(
            consumer=event.consumer,
            order=event.order,
            remedy=event.remedy,
            changed=isinstance(event, OrderChanged),
            reason="" if isinstance(event, OrderChanged) else event.reason,
            place=event.place,
        ),
    )


def cancel_order(event: CancellationRequested, _source: Ref, state: Any) -> Sequence[Command]:
    # The marketplace's clock may be a little ahead of ours.
    at = max(event.at, state.placed_at)
    return (
        CancelOrder(
            consumer=event.consumer,
            order=event.order,
            at=at,
            remedy=event.remedy,
            part=event.part,
        ),
    )
