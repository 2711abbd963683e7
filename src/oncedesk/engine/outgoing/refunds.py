"""What leaves about refunds and charges, and about parcels that are held up for them."""

import msgspec

from oncedesk.domain.remedies.messages.changing import ChargeRequested, charge_key
from oncedesk.domain.remedies.messages.refunding import (
    RefundRequested,
    RefundSentTwice,
    RouteAsked,
    refund_key,
)
from oncedesk.domain.remedies.messages.returning import Back, JourneyBegun
from oncedesk.domain.remedies.words import COUPON
from oncedesk.domain.shared.bounds import Moment
from oncedesk.engine.leaving import Happened
from oncedesk.engine.outgoing.accounts import SourceMessage, source_messages

_encode = msgspec.json.Encoder().encode


class RefundMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What payments are asked to send: `refund` is its key, the same however often it is asked.

    `sources` are the accounts out of which it comes, `kind` what kind of remedy gives it. `asked`
    counts how often it was asked for, from 1; 0: as nobody counted yet.
    """

    refund: str
    consumer: str
    order: str
    remedy: int
    leg: int
    amount_minor: int
    currency: str
    method: str
    payment: int
    reference: str = ""
    again: bool = False
    kind: str = ""
    sources: tuple[SourceMessage, ...] = ()
    asked: int = 0


class SentTwiceMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """A refund that was said to have failed, was sent elsewhere, and was sent itself, too."""

    consumer: str
    order: str
    remedy: int
    leg: int
    amount_minor: int
    currency: str
    sent_at: Moment
    reference: str = ""


class RouteMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whom to ask where money can go whose way back is closed: the consumer, or else `desk`."""

    consumer: str
    order: str
    remedy: int
    amount_minor: int
    currency: str
    times: int
    until: Moment
    desk: str = ""


class ChargeMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What payments are asked to take: `charge` is its key, the same however often it is asked."""

    charge: str
    consumer: str
    order: str
    remedy: int
    amount_minor: int
    currency: str
    method: str
    reference: str
    again: bool = False


class InterceptionMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """A parcel that need not reach the consumer any more: hold it up, if that can be done."""

    consumer: str
    order: str
    remedy: int
    part: int


def is_money(event: RefundRequested) -> bool:
    return event.leg.method != COUPON


def about_refund(event: RefundRequested, happened: Happened) -> bytes:
    leg, remedy = event.leg, happened.after.remedy(event.remedy)
    return _encode(
        RefundMessage(
            refund=str(refund_key(order=event.order, remedy=event.remedy, leg=leg)),
            consumer=str(event.consumer),
            order=str(event.order),
            remedy=event.remedy,
            leg=leg.number,
            amount_minor=leg.amount_minor,
            currency=event.currency,
            method=leg.method,
            payment=leg.payment,
            reference=leg.reference,
            again=event.again,
            kind="" if remedy is None else remedy.kind.value,
            sources=source_messages(leg.taken),
            asked=leg.asked + event.again,
        )
    )


def about_sent_twice(event: RefundSentTwice, happened: Happened) -> bytes:
    return _encode(
        SentTwiceMessage(
            consumer=str(event.consumer),
            order=str(event.order),
            remedy=event.remedy,
            leg=event.leg,
            amount_minor=event.amount_minor,
            currency=happened.after.currency,
            sent_at=event.sent_at,
            reference=event.reference,
        )
    )


def about_route(event: RouteAsked, happened: Happened) -> bytes:
    return _encode(
        RouteMessage(
            consumer=str(event.consumer),
            order=str(event.order),
            remedy=event.remedy,
            amount_minor=event.amount_minor,
            currency=happened.after.currency,
            times=event.times,
            until=event.clock.due_at,
            desk="" if event.desk is None else str(event.desk),
        )
    )


def is_outside(event: ChargeRequested) -> bool:
    """What a wallet keeps, no payments are asked for."""
    return not event.charge.route.stored


def about_charge(event: ChargeRequested, happened: Happened) -> bytes:
    del happened
    route = event.charge.route
    return _encode(
        ChargeMessage(
            charge=str(charge_key(order=event.order, remedy=event.remedy, charge=event.charge)),
            consumer=str(event.consumer),
            order=str(event.order),
            remedy=event.remedy,
            amount_minor=event.charge.amount_minor,
            currency=event.currency,
            method=route.method,
            reference=route.reference,
            again=event.again,
        )
    )


def is_interception(event: JourneyBegun) -> bool:
    return event.back is Back.INTERCEPTING


def about_interception(event: JourneyBegun, happened: Happened) -> bytes:
    remedy = happened.after.remedy(event.remedy)
    return _encode(
        InterceptionMessage(
            consumer=str(event.consumer),
            order=str(event.order),
            remedy=event.remedy,
            part=0 if remedy is None else remedy.lines[0].part,
        )
    )
