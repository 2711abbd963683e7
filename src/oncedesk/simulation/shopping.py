"""Orders and parcels behind the stories: placed, shipped, late, lost, told late and in disorder."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from oncedesk.domain.conversations.subjects import SubjectKind, conversation_id
from oncedesk.domain.orders.messages import (
    AmendPromise,
    AnnounceShipment,
    CancelOrder,
    ChangeDeclined,
    Delivered,
    FinalPaid,
    ItemShown,
    OrderChanged,
    OrderedPart,
    OrderPlaced,
    PlaceOrder,
    PresaleEnded,
    PromiseBroken,
    PromiseKept,
    PromiseKind,
    RecordTracking,
    Surface,
)
from oncedesk.domain.remedies.messages.promising import TellPrice
from oncedesk.domain.shared.decider import MARKETPLACE, Command
from oncedesk.domain.shared.ids import derived_id, digest
from oncedesk.simulation.buying import draw_purchase
from oncedesk.simulation.parcels import Fate, Parcel, delivered, draw_fate, travel
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.preselling import Preselling, Presold, draw_presale
from oncedesk.simulation.promising import Promised, draw_promise
from oncedesk.simulation.seeing import Life
from oncedesk.simulation.stage import Stage
from oncedesk.simulation.till import Till
from oncedesk.simulation.world import CITY, MARKET

ZONE = "Asia/Shanghai"
FALLS_PERCENT = 8
PRESOLD_PERCENT = 80
_DISORDERS = (
    ("none", 73.0),
    ("late", 9.0),
    ("last_late", 5.0),
    ("swapped", 7.0),
    ("before_order", 6.0),
)

_COUNTED = (
    OrderPlaced,
    PromiseKept,
    PromiseBroken,
    Delivered,
    FinalPaid,
    PresaleEnded,
    OrderChanged,
    ChangeDeclined,
)


class Shopping:
    """Plays the marketplace's back end and the carriers."""

    def __init__(self, stage: Stage, till: Till) -> None:
        self._stage = stage
        self._till = till
        self._preselling = Preselling(stage, till)
        for event in _COUNTED:
            stage.seeing.count_elsewhere(event, f"orders.{event.__name__}")

    def enter(self, plan: Plan) -> None:
        """The order that this story is about, up to three days before its consumer calls."""
        if plan.subject.kind is not SubjectKind.ORDER:
            return
        stage, dice = self._stage, plan.dice
        order, ordered_at = plan.subject.id, plan.ordered_at
        assert order is not None
        assert ordered_at is not None
        # A broken promise may open the conversation before the consumer does.
        conversation = conversation_id(consumer=plan.consumer, subject=plan.subject)
        stage.seeing.lives[conversation] = Life(plan, conversation)
        if plan.topic == "presale_date" and dice.percent(PRESOLD_PERCENT):
            presold = draw_presale(plan, ordered_at)
            place = partial(self._place, plan, ordered_at, presold.promised, None, presold)
            self._tell(ordered_at, place)
            self._preselling.enter(plan, presold, ordered_at)
            return
        fate = draw_fate(plan)
        promised = draw_promise(
            plan,
            ordered_at=ordered_at,
            to_door=fate is Fate.WRONG_HANDOVER,
            now=stage.clock(),
        )
        if fate is Fate.CANCELLED:
            self._tell(ordered_at, partial(self._place, plan, ordered_at, promised, None))
            at = ordered_at + timedelta(hours=3)
            cancel = CancelOrder(consumer=plan.consumer, order=order, at=at)
            self._tell(at, partial(self._send, plan, cancel))
            return
        shipment = derived_id("simulated shipment", plan.consumer)
        parcel = Parcel(plan.consumer, order, shipment, plan.carrier.id)
        scans = travel(parcel, plan, fate, promised)
        delivered_at = delivered(scans)
        self._tell(ordered_at, partial(self._place, plan, ordered_at, promised, delivered_at))
        disorder = dice.weighted(_DISORDERS)
        for number, scan in enumerate(scans):
            told_at = scan.at
            if disorder == "late" and number == 1:
                told_at += timedelta(hours=dice.between(5, 30))
            elif disorder == "last_late" and scan is scans[-1]:
                # What was taken for late was none, and what was given for it is taken back.
                told_at += timedelta(hours=dice.between(6, 60))
            elif disorder == "swapped" and number == 0:
                told_at += timedelta(hours=9)
            elif disorder == "before_order" and number == 0:
                told_at = ordered_at - timedelta(hours=1)
            disordered = self._heard_at(told_at) != self._heard_at(scan.at)
            self._tell(told_at, partial(self._scan, plan, scan, disordered))

    def _tell(self, at: datetime, action: partial[None]) -> None:
        self._stage.at(self._heard_at(at), action)

    def _heard_at(self, at: datetime) -> datetime:
        """What was before this play is told at its beginning."""
        return max(at, self._stage.clock())

    def _scan(self, plan: Plan, scan: RecordTracking, disordered: bool) -> None:  # noqa: FBT001
        self._stage.counts["faults.late_events"] += disordered
        self._send(plan, scan)
        if plan.dice.percent(4):
            # Carriers tell things twice, and each time it is a command of its own.
            self._stage.counts["faults.events_told_twice"] += 1
            self._send(plan, scan)

    def _place(
        self,
        plan: Plan,
        ordered_at: datetime,
        promised: Promised,
        delivered_at: datetime | None,
        presold: Presold | None = None,
    ) -> None:
        order = plan.subject.id
        bought = draw_purchase(plan) if presold is None else presold.bought
        assert order is not None
        part = OrderedPart(
            merchant=plan.merchant,
            items=(bought.item,),
            promises=promised.terms,
            shipping_minor=bought.shipping_minor,
            presale=None if presold is None else presold.terms,
            shown=(ItemShown(1, plan.listing.title.zh),),
        )
        self._send(
            plan,
            PlaceOrder(
                consumer=plan.consumer,
                order=order,
                market=MARKET,
                placed_at=ordered_at,
                timezone=ZONE,
                currency="CNY",
                parts=(part,),
                payments=bought.payments,
                surface=_surface(plan),
                content=None if plan.show is None else plan.show.id,
                creator=plan.creator,
                language=plan.language,
            ),
        )
        shipment = derived_id("simulated shipment", plan.consumer)
        announce = AnnounceShipment(
            consumer=plan.consumer,
            order=order,
            part=1,
            shipment=shipment,
            carrier=plan.carrier.id,
        )
        self._send(plan, announce)
        if plan.dice.percent(3):
            self._amend(plan, order, ordered_at)
        self._till.took_in(plan, bought, delivered_at=delivered_at)
        if plan.dice.percent(FALLS_PERCENT):
            self._price_falls(plan, order, ordered_at)

    def _price_falls(self, plan: Plan, order: UUID, ordered_at: datetime) -> None:
        """Once or twice; what fell first may be told last, and a day late."""
        dice, unit_minor = plan.dice, plan.listing.price_minor
        for _ in range(1 + dice.percent(50)):
            at = ordered_at + timedelta(hours=dice.between(1, 160))
            unit_minor = unit_minor * dice.between(55, 97) // 100
            told = TellPrice(
                consumer=plan.consumer,
                order=order,
                part=1,
                item=1,
                unit_price_minor=unit_minor,
                currency="CNY",
                told_at=at,
                proof=digest(order.bytes + b"price"),
            )
            self._stage.counts["prices.told"] += 1
            late = timedelta(hours=dice.among((0, 0, 24)))
            self._stage.at(max(at + late, self._stage.clock()), partial(self._send, plan, told))

    def _amend(self, plan: Plan, order: UUID, ordered_at: datetime) -> None:
        """The consumer agrees to a later day; once in a while nobody recorded the consent."""
        day = ordered_at.astimezone(CITY).date() + timedelta(days=6)
        consent = derived_id("consent", plan.consumer) if plan.dice.percent(80) else None
        self._send(
            plan,
            AmendPromise(
                consumer=plan.consumer,
                order=order,
                part=1,
                promise=PromiseKind.DELIVERY,
                consent=consent,
                on=day,
            ),
        )

    def _send(self, plan: Plan, command: Command) -> None:
        self._stage.sender.send(command, actor=MARKETPLACE, dice=plan.dice)


def _surface(plan: Plan) -> Surface:
    if plan.show is None:
        return Surface.SHOP
    return Surface.LIVE if plan.show.live else Surface.VIDEO
