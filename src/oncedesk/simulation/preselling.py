"""Orders that are paid in two: the rest is paid, or it ends, by whoever ends it."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.orders.messages import (
    EndPresale,
    PayFinal,
    Payment,
    PaymentStage,
    PresaleEnd,
    PresaleShipping,
    PresaleTerms,
    RecordTracking,
    TellFinalPrice,
)
from oncedesk.domain.shared.decider import MARKETPLACE, Command
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.vocabularies import TrackingStatus
from oncedesk.simulation.buying import Bought, draw_purchase
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.promising import Promised
from oncedesk.simulation.stage import Stage
from oncedesk.simulation.till import Till

_GOES = (
    ("shipped", 36.0),
    ("never_shipped", 12.0),
    ("told_late", 8.0),
    ("unpaid", 14.0),
    ("consumer", 12.0),
    ("merchant", 10.0),
    ("merchant_paid", 8.0),
)
CHEAPER_PERCENT, TWICE_PERCENT = 25, 20
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Presold(Record, frozen=True):
    """What is paid at once, on which terms, and what is promised."""

    bought: Bought
    terms: PresaleTerms
    promised: Promised


def draw_presale(plan: Plan, ordered_at: datetime) -> Presold:
    """A deposit now, of which the law may take a part for a part payment, and the rest soon."""
    dice, bought = plan.dice, draw_purchase(plan)
    whole_minor = sum(one.amount_minor for one in bought.payments)
    deposit_minor = max(1, whole_minor * dice.between(10, 40) // 100)
    deposit = Payment(
        "card", deposit_minor, f"deposit-{plan.number:08}", stage=PaymentStage.DEPOSIT
    )
    terms = PresaleTerms(
        deposit_minor=deposit_minor,
        final_minor=whole_minor - deposit_minor,
        pay_from=ordered_at + HOUR,
        pay_until=ordered_at + timedelta(hours=dice.between(70, 120)),
    )
    ship_by = ordered_at + timedelta(days=dice.between(6, 12))
    shipping = PresaleShipping(ship_by=ship_by)
    return Presold(
        replace(bought, payments=(deposit,)), terms, Promised((shipping,), ship_by + 2 * DAY)
    )


class Preselling:
    """Plays what becomes of them after they were ordered."""

    def __init__(self, stage: Stage, till: Till) -> None:
        self._stage = stage
        self._till = till

    def enter(self, plan: Plan, presold: Presold, ordered_at: datetime) -> None:
        """All of it, from when it was ordered."""
        dice, terms, how = plan.dice, presold.terms, plan.dice.weighted(_GOES)
        self._stage.counts[f"presales.{how}"] += 1
        final_minor = terms.final_minor
        if dice.percent(CHEAPER_PERCENT):
            final_minor = final_minor * dice.between(60, 100) // 100
            cheaper = TellFinalPrice(**_of(plan), final_minor=final_minor)
            self._tell(plan, ordered_at + HOUR, cheaper)
        window = terms.pay_until - terms.pay_from
        at = terms.pay_from + window * dice.between(40, 95) / 100
        match how:
            case "unpaid":
                return
            case "consumer" | "merchant":
                self._end(plan, at, PresaleEnd(how))
                return
            case "told_late":
                told_at = terms.pay_until + HOUR * dice.between(1, 30)
            case _:
                told_at = at
        payment = Payment("card", final_minor, f"final-{plan.number:08}", stage=PaymentStage.FINAL)
        pays = PayFinal(**_of(plan), payment=payment, at=at)
        self._tell(plan, told_at, pays)
        self._at(told_at, partial(self._till.took_more, plan, final_minor))
        if how == "shipped":
            self._ship(plan, at)
        elif how == "merchant_paid":
            self._end(plan, at + DAY, PresaleEnd.MERCHANT)

    def _end(self, plan: Plan, at: datetime, by: PresaleEnd) -> None:
        for _ in range(1 + plan.dice.percent(TWICE_PERCENT)):
            self._tell(plan, at, EndPresale(**_of(plan), by=by))

    def _ship(self, plan: Plan, paid_at: datetime) -> None:
        shipment = derived_id("simulated shipment", plan.consumer)
        for days, status in ((1, TrackingStatus.COLLECTED), (3, TrackingStatus.DELIVERED)):
            at = paid_at + days * DAY
            scan = RecordTracking(
                consumer=plan.consumer,
                order=_order(plan),
                shipment=shipment,
                code=status.value,
                at=at,
                carrier=plan.carrier.id,
            )
            self._tell(plan, at, scan)

    def _tell(self, plan: Plan, at: datetime, command: Command) -> None:
        send = partial(self._stage.sender.send, command, actor=MARKETPLACE, dice=plan.dice)
        self._at(at, send)

    def _at(self, at: datetime, act: Any) -> None:
        self._stage.at(max(at, self._stage.clock()), act)


def _order(plan: Plan) -> UUID:
    assert plan.subject.id is not None
    return plan.subject.id


def _of(plan: Plan) -> dict[str, Any]:
    return {"consumer": plan.consumer, "order": _order(plan), "part": 1}


COUNTS = tuple(f"presales.{how}" for how, _ in _GOES)
"""What is counted one by one, whether or not it happened."""
