"""Orders and parcels behind the stories: placed, shipped, late, lost, told late and in disorder."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from oncedesk.domain.conversations.subjects import SubjectKind, conversation_id
from oncedesk.domain.orders.messages import (
    AmendPromise,
    AnnounceShipment,
    CancelOrder,
    ChosenDay,
    DeliverBy,
    Delivered,
    Item,
    NextDay,
    OnDemandHandover,
    OrderedPart,
    OrderPlaced,
    PlaceOrder,
    PromiseBroken,
    PromiseKept,
    PromiseKind,
    RecordTracking,
    SameDay,
    StandardShipping,
    Surface,
    Terms,
)
from oncedesk.domain.orders.vocabularies import Handover, TrackingStatus, Vocabulary
from oncedesk.domain.shared.decider import MARKETPLACE, Command
from oncedesk.domain.shared.ids import derived_id
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.seeing import Life
from oncedesk.simulation.stage import Stage
from oncedesk.simulation.world import CITY, MARKET

ZONE = "Asia/Shanghai"
_FATES = (
    ("well", 66.0),
    ("late", 16.0),
    ("wrong_handover", 8.0),
    ("lost", 6.0),
    ("cancelled", 4.0),
)
_DISORDERS = (("none", 78.0), ("late", 9.0), ("swapped", 7.0), ("before_order", 6.0))


class Shopping:
    """Plays the marketplace's back end and the carriers."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        for event in (OrderPlaced, PromiseKept, PromiseBroken, Delivered):
            stage.seeing.count_elsewhere(event, f"orders.{event.__name__}")

    def enter(self, plan: Plan) -> None:
        """The order that this story is about, up to three days before its consumer calls."""
        if plan.subject.kind is not SubjectKind.ORDER:
            return
        stage, dice = self._stage, plan.dice
        # A broken promise may open the conversation before the consumer does.
        conversation = conversation_id(consumer=plan.consumer, subject=plan.subject)
        stage.seeing.lives[conversation] = Life(plan, conversation)
        placed_at = plan.begins_at - timedelta(minutes=10 * dice.between(1, 430))
        stage.at(max(placed_at, stage.clock()), partial(self._place, plan, placed_at))
        shipment = derived_id("simulated shipment", plan.consumer)
        scans = self._scans(plan, placed_at, shipment)
        disorder = dice.weighted(_DISORDERS)
        for number, scan in enumerate(scans):
            told_at = scan.at
            if disorder == "late" and number == 1:
                told_at += timedelta(hours=dice.between(5, 30))
            elif disorder == "swapped" and number == 0:
                told_at += timedelta(hours=9)
            elif disorder == "before_order" and number == 0:
                told_at = placed_at - timedelta(hours=1)
            self._tell(told_at, partial(self._scan, plan, scan, told_at != scan.at))

    def _tell(self, at: datetime, action: partial[None]) -> None:
        self._stage.at(max(at, self._stage.clock()), action)

    def _scan(self, plan: Plan, scan: RecordTracking, disordered: bool) -> None:  # noqa: FBT001
        self._stage.counts["faults.late_events"] += disordered
        self._send(plan, scan)
        if plan.dice.percent(4):
            # Carriers tell things twice, and each time it is a command of its own.
            self._stage.counts["faults.events_told_twice"] += 1
            self._send(plan, scan)

    def _place(self, plan: Plan, placed_at: datetime) -> None:
        dice = plan.dice
        order = plan.subject.id
        assert order is not None
        price = dice.between(900, 60_000)
        part = OrderedPart(
            merchant=plan.merchant,
            items=(Item(derived_id("simulated listing", str(plan.number % 997)), price, 1),),
            promises=self._promises(plan, placed_at),
        )
        self._send(
            plan,
            PlaceOrder(
                consumer=plan.consumer,
                order=order,
                market=MARKET,
                placed_at=placed_at,
                timezone=ZONE,
                currency="CNY",
                parts=(part,),
                surface=Surface.LIVE if plan.creator else Surface.SHOP,
                creator=plan.creator,
                language=plan.language,
            ),
        )
        shipment = derived_id("simulated shipment", plan.consumer)
        self._send(
            plan,
            AnnounceShipment(consumer=plan.consumer, order=order, part=1, shipment=shipment),
        )
        if dice.percent(3):
            self._amend(plan, order, placed_at)

    def _promises(self, plan: Plan, placed_at: datetime) -> tuple[Terms, ...]:
        dice = plan.dice
        day = placed_at.astimezone(CITY).date()
        window = placed_at + timedelta(days=2)
        choices: tuple[tuple[Terms, float], ...] = (
            (DeliverBy(on=day + timedelta(days=3)), 60.0),
            (NextDay(), 18.0),
            (SameDay(), 7.0),
            (ChosenDay(starts_at=window, ends_at=window + timedelta(hours=6)), 15.0),
        )
        delivery = dice.weighted(choices)
        if dice.percent(15):
            return (StandardShipping(), delivery, OnDemandHandover(handover=Handover.DOOR))
        return (StandardShipping(), delivery)

    def _amend(self, plan: Plan, order: UUID, placed_at: datetime) -> None:
        """The consumer agrees to a later day; once in a while nobody recorded the consent."""
        day = placed_at.astimezone(CITY).date() + timedelta(days=6)
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

    def _scans(self, plan: Plan, placed_at: datetime, shipment: UUID) -> list[RecordTracking]:
        dice, fate = plan.dice, plan.dice.weighted(_FATES)
        order = plan.subject.id
        assert order is not None
        if fate == "cancelled":
            at = placed_at + timedelta(hours=3)
            cancel = CancelOrder(consumer=plan.consumer, order=order, at=at)
            self._tell(at, partial(self._send, plan, cancel))
            return []
        slow = 2.2 if fate == "late" else 1.0
        collected = placed_at + timedelta(hours=dice.between(4, 34) * slow)
        moved = collected + timedelta(hours=dice.between(3, 14))
        handed = moved + timedelta(hours=dice.between(4, 20) * slow)
        words = dice.weighted((("ours", 60.0), ("aftership", 20.0), ("kuaidi100", 20.0)))

        def scan(status: TrackingStatus, at: datetime, substate: str = "") -> RecordTracking:
            vocabulary, code = Vocabulary.ONCEDESK, status.value
            if words == "aftership" and status in _AFTERSHIP:
                vocabulary, code, substate = Vocabulary.AFTERSHIP, _AFTERSHIP[status], ""
            elif words == "kuaidi100" and status in _KUAIDI100 and not substate:
                vocabulary, code = Vocabulary.KUAIDI100, _KUAIDI100[status]
            return RecordTracking(
                consumer=plan.consumer,
                order=order,
                shipment=shipment,
                code=code,
                at=at,
                vocabulary=vocabulary,
                substate=substate,
            )

        scans = [
            scan(TrackingStatus.COLLECTED, collected),
            scan(TrackingStatus.IN_TRANSIT, moved),
        ]
        if fate == "lost":
            # Nothing more is heard for days; then it comes after all, or goes back.
            found = moved + timedelta(days=dice.between(4, 8))
            last = TrackingStatus.DELIVERED if dice.percent(60) else TrackingStatus.RETURNED
            return [*scans, scan(last, found)]
        handover = Handover.LOCKER if fate == "wrong_handover" else Handover.DOOR
        return [*scans, scan(TrackingStatus.DELIVERED, handed, handover.value)]

    def _send(self, plan: Plan, command: Command) -> None:
        self._stage.sender.send(command, actor=MARKETPLACE, dice=plan.dice)


_AFTERSHIP = {
    TrackingStatus.COLLECTED: "InTransit",
    TrackingStatus.IN_TRANSIT: "InTransit",
    TrackingStatus.DELIVERED: "Delivered",
}
_KUAIDI100 = {
    TrackingStatus.COLLECTED: "1",
    TrackingStatus.IN_TRANSIT: "0",
    TrackingStatus.DELIVERED: "3",
    TrackingStatus.RETURNED: "4",
}
