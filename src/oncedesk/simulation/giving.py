"""Goes through all that was granted: it is sent, somebody hears of it, and nothing is forgotten.

The other checks of money look for too much; this one looks for too little. The events are read as
plain lists and dicts and summed here anew; the deciders are not asked.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from oncedesk.domain.remedies.words import Leg
from oncedesk.simulation.tally import Tally

CHECKS = (
    "what is granted is sent before it is settled",
    "no refund waits without being asked for again",
    "what becomes of a remedy is told",
    "what was taken is what is booked as taken back",
)
ALL_SENT, ANSWERED, HEARD, TAKEN = CHECKS

ASKED_AGAIN_WITHIN = timedelta(days=2)
"""Payments are asked again after a day at the latest, and then they answer within the hour."""
_CHANGES = ("change_items", "change_payment")
_PAYS = (
    "cancel", "refund", "return_and_refund", "price_protection", "compensation", *_CHANGES,
)  # fmt: skip
"""What gives money whatever becomes of it; of the others only what became one of these."""
_GIVES = (
    "RemedyApproved", "RemedyRepriced", "BreachCompensated", "ReturnSplit", "RefundInstead",
    "ChangeRefused",
)  # fmt: skip
_TOLD = {
    "RemedyRefused": "remedy_refused",
    "CounterOfferMade": "remedy_offered",
    "ReturnPlaceNamed": "return_place",
    "ReturnReceived": "return_received",
    "ReturnMissed": "return_missed",
    "GoodsSent": "goods_sent",
    "RouteAsked": "route_wanted",
    "CompensationVoided": "compensation_voided",
    "ChargeFailed": "change_not_made",
    "ChangeRefused": "change_not_made",
}
"""What is told in the case of a remedy whenever this happens."""
_ENDS = ("refund_sent", "remedy_settled")
_LEG = {name: place for place, name in enumerate(Leg.__struct_fields__)}

RemedyKey = tuple[UUID, int]


class Giving:
    """Every remedy's money from the yes to the last of it, entry by entry."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._kind: dict[RemedyKey, str] = {}
        self._offered: dict[RemedyKey, str] = {}
        self._due: Counter[RemedyKey] = Counter()
        self._legs: dict[tuple[UUID, int, int], int] = {}
        self._given: Counter[RemedyKey] = Counter()
        self._waits: dict[tuple[UUID, int, int], datetime] = {}
        self._outside: set[UUID] = set()
        self._case: dict[RemedyKey, UUID] = {}
        self._by_itself: set[RemedyKey] = set()
        self._undone: set[RemedyKey] = set()
        self._to_hear: set[tuple[UUID, int, tuple[str, ...]]] = set()
        self._heard: set[tuple[UUID, int, str]] = set()
        self._posted: Counter[UUID] = Counter()
        self.under_way: Counter[UUID] = Counter()
        """What parties were asked for and nobody has answered, as the states have it."""

    def told(self, stream: UUID, event: dict[str, Any]) -> None:
        """One event of a conversation."""
        if event["type"] == "ConsumerTold" and event.get("remedy"):
            self._heard.add((stream, event["remedy"], event["notice"]))

    def account(self, event: dict[str, Any]) -> None:
        """One event of a party's account."""
        if event["type"] == "RecoveryPosted":
            self._posted[UUID(bytes=event["party"])] += event["amount_minor"]

    def remedy(self, stream: UUID, event: dict[str, Any]) -> None:
        """One event of an order's remedies."""
        if event["type"] == "OutsideRecorded":
            self._outside.add(stream)
        if "remedy" not in event:
            return
        key = (stream, event["remedy"])
        self._granted(key, event)
        self._sent(key, event)
        match event["type"]:
            case "BreachCompensated":
                self._to_hear.add((UUID(bytes=event["case"][0]), key[1], ("compensated",)))
            case "RemedyRequested" if link := event.get("case"):
                self._case[key] = UUID(bytes=link[0])
                if event["kind"] == "compensation" and not event["lines"]:
                    self._by_itself.add(key)
            case "RemedyApproved" if key in self._case and key not in self._by_itself:
                self._to_hear.add((self._case[key], key[1], ("remedy_granted",)))
            case "ReturnSplit" if key in self._case:
                self._case[key[0], event["rest"]] = self._case[key]
                part = (self._case[key], event["rest"], ("return_refused_in_part",))
                self._to_hear.add(part)
            case "RemedySettled":
                self._settled(key)
            case name if name in _TOLD and key in self._case and _is_for_consumer(event):
                self._to_hear.add((self._case[key], key[1], (_TOLD[name],)))
            case _:
                pass

    def _granted(self, key: RemedyKey, event: dict[str, Any]) -> None:
        """What kind it is, and how much it gives."""
        match event["type"]:
            case "RemedyRequested" | "RefundInstead":
                self._kind[key] = event["kind"]
            case "BreachCompensated":
                self._kind[key] = "compensation"
            case "CounterOfferMade":
                self._offered[key] = event["wish"]["kind"]
            case "CounterOfferAccepted":
                self._kind[key] = self._offered[key]
            case "ReturnSplit":
                self._kind[key[0], event["rest"]] = self._kind[key]
            case "ChargeFailed" | "RemedyWithdrawn" if self._kind.get(key) in _CHANGES:
                # What payments take all the same goes back beside it.
                self._due[key] = 0
            case "FreightCharged":
                self._due[key] -= event["taken_minor"]
            case "DisputeDecided":
                # What was given stays given.
                self._due[key] = max(self._due[key], event["amount_minor"])
            case _:
                pass
        if event["type"] == "ChangeRefused" and not event.get("amount_minor"):
            # That it is not made was told.
            self._undone.add(key)
        if event["type"] in _GIVES:
            self._due[key] = event.get("amount_minor", 0)

    def _sent(self, key: RemedyKey, event: dict[str, Any]) -> None:
        """What payments were asked for, and what they have said."""
        match event["type"]:
            case "RefundRequested":
                leg = (*key, event["leg"][_LEG["number"]])
                self._waited(leg, event["at"])
                beyond = event["leg"][_LEG["beyond"]]
                self._legs[leg] = 0 if beyond else event["leg"][_LEG["amount_minor"]]
                self._waits[leg] = event["at"]
            case "RefundSent" | "RefundDropped":
                leg = (*key, event["leg"])
                self._waited(leg, event["at"])
                self._given[key] += self._legs.get(leg, 0)
            case "RefundFailed":
                self._waited((*key, event["leg"]), event["at"])
            case _:
                pass

    def _waited(self, leg: tuple[UUID, int, int], until: datetime) -> None:
        """Payments have answered, or were asked again."""
        at = self._waits.pop(leg, until)
        in_time = until - at <= ASKED_AGAIN_WITHIN
        self._tally.expect(ANSWERED, in_time, f"{leg}: asked for at {at}, then not until {until}")

    def _settled(self, key: RemedyKey) -> None:
        if key in self._case and key not in self._undone:
            self._to_hear.add((self._case[key], key[1], _ENDS))
        # What went back without us is not sent once more.
        if self._kind.get(key) in _PAYS and key[0] not in self._outside:
            given, due = self._given[key], self._due[key]
            self._tally.expect(ALL_SENT, given >= due, f"{key}: {given} sent of {due}, settled")

    def done(self, *, taken_minor: Mapping[UUID, int], now: datetime) -> None:
        """After the last event; `taken_minor` is by party what the till has taken."""
        expect = self._tally.expect
        for leg in list(self._waits):
            self._waited(leg, now)
        for stream, remedy, notices in sorted(self._to_hear):
            heard = any((stream, remedy, one) in self._heard for one in notices)
            expect(HEARD, heard, f"{stream}, remedy {remedy}: {' or '.join(notices)} never")
        for party in sorted({*taken_minor, *self._posted, *self.under_way}):
            taken, posted = taken_minor.get(party, 0), self._posted[party]
            most = posted + self.under_way[party]
            expect(TAKEN, posted <= taken <= most, f"{party}: {taken} taken, {posted} booked")


def _is_for_consumer(event: dict[str, Any]) -> bool:
    """Where money can go the platform's people ask, too; what was for goods is money instead."""
    match event["type"]:
        case "RouteAsked":
            return not event.get("desk")
        case "ChargeFailed":
            return bool(event.get("part"))
        case _:
            return True
