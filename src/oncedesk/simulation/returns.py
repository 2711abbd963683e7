"""What comes back and what goes out again: who moves the goods of a remedy, and who does not."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.messages import returning
from oncedesk.domain.remedies.messages.returning import Back, Slot
from oncedesk.domain.shared.decider import MARKETPLACE, Command
from oncedesk.domain.shared.ids import derived_id, digest
from oncedesk.domain.shared.vocabularies import TrackingStatus
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.stage import Stage, by_consumer

_SENDS = (("label", 50.0), ("itself", 36.0), ("never", 14.0))
_FOUND = (("accepted", 66.0), ("refused", 14.0), ("silent", 20.0))
_GOES = (("well", 72.0), ("turns", 14.0), ("lost", 14.0))
LOST_PERCENT, LIGHT_PERCENT, SENT_OUT_PERCENT = 4, 5, 85
SLOT_PERCENT, MOVED_PERCENT, SAID_PERCENT = 55, 30, 8
TWO_PERCENT, SILENT_CARRIER_PERCENT, LATE_PERCENT, REOPENS_PERCENT = 8, 6, 40, 35
SHIPPED_GRAMS, LIGHT_GRAMS = 800, 150


class Returns:
    """Plays all who move a remedy's goods."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._sent_out: Counter[tuple[UUID, int]] = Counter()

    def heard(self) -> Mapping[type, Any]:
        """What each of these events makes somebody do."""
        return {
            returning.JourneyBegun: self._begun,
            returning.ReturnPlaceNamed: self._awaited,
            returning.ReturnArranged: self._travels,
            returning.ReturnSent: self._travels,
            returning.ReturnReceived: self._received,
            returning.GoodsDue: self._goods_due,
            returning.GoodsSent: self._out,
            returning.ReturnMissed: self._missed,
            returning.ReturnReopened: self._awaited,
        }

    def _begun(self, event: returning.JourneyBegun, dice: Dice) -> None:
        if event.back is Back.AWAITED:
            self._awaited(event, dice)
        elif event.back is Back.PLACE_AWAITED:
            # The marketplace knows where it goes, and arranges it.
            self._later(event, dice, partial(self._arrange, event, dice))
        if event.out_clock is not None:
            self._goods_due(event, dice)

    def _awaited(self, event: Any, dice: Dice) -> None:
        match dice.weighted(_SENDS):
            case "label":
                self._later(event, dice, partial(self._arrange, event, dice))
            case "itself":
                self._later(event, dice, partial(self._send_back, event, dice))
            case _:
                self._stage.counts["faults.never_sent_back"] += 1

    def _arrange(self, event: Any, dice: Dice) -> None:
        """A label, most often with a slot, which may be moved."""
        slot = self._slot(dice) if dice.percent(SLOT_PERCENT) else None
        label = returning.ArrangeReturn(
            **_of(event),
            shipment=_parcel(event, "back"),
            freight_minor=1_200,
            insured_minor=dice.among((0, 0, 800)),
            slot=slot,
        )
        self._by_marketplace(label, dice)
        if slot is not None and dice.percent(MOVED_PERCENT):
            self._later(event, dice, partial(self._move_slot, label, dice))

    def _move_slot(self, label: returning.ArrangeReturn, dice: Dice) -> None:
        self._by_marketplace(replace(label, slot=self._slot(dice)), dice)

    def _slot(self, dice: Dice) -> Slot:
        self._stage.counts["returns.slots"] += 1
        starts_at = self._stage.clock() + timedelta(hours=dice.between(2, 60))
        return Slot(starts_at, starts_at + timedelta(hours=2))

    def _missed(self, event: returning.ReturnMissed, dice: Dice) -> None:
        """Some ask for it once more, a few of them when it is nearly too late."""
        if event.given or not dice.percent(REOPENS_PERCENT):
            return
        command = returning.ReopenReturn(**_of(event))
        act = partial(
            self._stage.sender.send, command, actor=by_consumer(event.consumer), dice=dice
        )
        if dice.percent(REOPENS_PERCENT):
            self._stage.at(event.clock.due_at - self._stage.agenda.tick, act)
        else:
            self._later(event, dice, act)

    def _send_back(self, event: Any, dice: Dice) -> None:
        command = returning.SendBack(
            **_of(event),
            shipment=_parcel(event, "own"),
            freight_minor=1_500,
            evidence=(digest(event.order.bytes + b"posted"),),
        )
        self._stage.sender.send(command, actor=by_consumer(event.consumer), dice=dice)

    def _travels(self, event: Any, dice: Dice) -> None:
        """Collected, and some days later there: lighter than it was, or never."""
        grams = SHIPPED_GRAMS
        if dice.percent(LIGHT_PERCENT):
            self._stage.counts["faults.returns_too_light"] += 1
            grams = LIGHT_GRAMS
        days = dice.between(1, 3)
        self._scan(event, TrackingStatus.COLLECTED, days, dice, grams=grams)
        if dice.percent(SAID_PERCENT):
            # The merchant has it, whatever the carrier says.
            has_it = partial(self._by_marketplace, returning.ConfirmReceipt(**_of(event)), dice)
            self._stage.at(self._stage.clock() + timedelta(days=days + 1), has_it)
        if dice.percent(LOST_PERCENT):
            self._stage.counts["faults.returns_lost"] += 1
            return
        self._scan(event, TrackingStatus.DELIVERED, days + dice.between(1, 3), dice, grams=grams)

    def _scan(
        self,
        event: Any,
        status: TrackingStatus,
        days: int,
        dice: Dice,
        *,
        grams: int = 0,
        told_late: int = 0,
    ) -> None:
        at = self._stage.clock() + timedelta(days=days)
        scan = returning.RecordReturnTracking(
            **_of(event),
            shipment=event.shipment,
            code=status.value,
            happened_at=at,
            grams=grams,
            shipped_grams=SHIPPED_GRAMS if grams else 0,
        )
        self._stage.at(at + timedelta(days=told_late), partial(self._by_marketplace, scan, dice))

    def _received(self, event: returning.ReturnReceived, dice: Dice) -> None:
        if event.clock is None:
            return
        how = dice.weighted(_FOUND)
        if how == "silent":
            self._stage.counts["faults.uninspected"] += 1
            return
        refused = (returning.RefusedLine(1, 1, 1, "worn"),) if how == "refused" else ()
        command = returning.InspectReturn(
            **_of(event), refused=refused, evidence=(digest(event.order.bytes + b"looked at"),)
        )
        self._later(event, dice, partial(self._by_marketplace, command, dice))

    def _goods_due(self, event: Any, dice: Dice) -> None:
        if not dice.percent(SENT_OUT_PERCENT):
            self._stage.counts["faults.goods_not_sent"] += 1
            return
        for _ in range(1 + dice.percent(TWO_PERCENT)):
            self._sent_out[event.order, event.remedy] += 1
            number = self._sent_out[event.order, event.remedy]
            command = returning.SendOut(**_of(event), shipment=_parcel(event, f"out {number}"))
            self._later(event, dice, partial(self._by_marketplace, command, dice))

    def _out(self, event: returning.GoodsSent, dice: Dice) -> None:
        """It arrives; or turns round, or is lost, and may come after all."""
        days = dice.between(1, 3)
        if dice.percent(SILENT_CARRIER_PERCENT):
            self._stage.counts["faults.goods_not_scanned"] += 1
            return
        self._scan(event, TrackingStatus.COLLECTED, 0, dice)
        match dice.weighted(_GOES):
            case "turns":
                self._stage.counts["faults.goods_turned"] += 1
                turned = dice.among((TrackingStatus.REFUSED, TrackingStatus.RETURNED))
                self._scan(event, turned, days, dice)
                if dice.percent(LATE_PERCENT):
                    self._scan(event, TrackingStatus.DELIVERED, days + 2, dice)
            case "lost":
                self._stage.counts["faults.goods_lost"] += 1
                if dice.percent(LATE_PERCENT):
                    self._scan(event, TrackingStatus.DELIVERED, dice.between(11, 20), dice)
            case _:
                self._scan(event, TrackingStatus.DELIVERED, days, dice)
                if dice.percent(LATE_PERCENT):
                    # A scan of before it was there, told after it was.
                    self._scan(event, TrackingStatus.IN_TRANSIT, days - 1, dice, told_late=2)

    def _later(self, _event: Any, dice: Dice, act: Any) -> None:
        self._stage.soon(dice.between(1, 24), act)

    def _by_marketplace(self, command: Command, dice: Dice) -> None:
        """Merchants and carriers tell the marketplace, which tells us."""
        self._stage.sender.send(command, actor=MARKETPLACE, dice=dice)


def _of(event: Any) -> dict[str, Any]:
    return {"consumer": event.consumer, "order": event.order, "remedy": event.remedy}


def _parcel(event: Any, way: str) -> UUID:
    return derived_id("simulated parcel", event.order, str(event.remedy), way)
