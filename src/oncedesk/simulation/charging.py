"""Goes through all that consumers paid for changes: once, and back where it was for nothing.

The events are read as plain dicts and summed here anew; the deciders are not asked.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from oncedesk.simulation.tally import Tally

CHECKS = (
    "a consumer is charged once, as asked",
    "what was charged is what payments and wallets took",
    "a change is made, or its money goes back",
    "what goes into a wallet is there",
)
ONCE, TAKEN, DONE, CREDITED = CHECKS
_AMOUNT = 1
"""The place of the amount in a charge."""
_OVER = ("ChangeMade", "ChangeRefused", "RefundInstead")

Key = tuple[UUID, int]


class Charging:
    """Every charge, from when it is asked for, entry by entry."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._asked: dict[Key, int] = {}
        self._taken: Counter[Key] = Counter()
        self._late: set[Key] = set()
        self._over: set[Key] = set()
        self._back: set[Key] = set()
        self._by_order: Counter[UUID] = Counter()
        self._by_wallet: Counter[UUID] = Counter()
        self._to_wallets: Counter[UUID] = Counter()
        self._in_wallets: Counter[UUID] = Counter()

    def wallet(self, event: dict[str, Any]) -> None:
        """One event of a consumer's wallet."""
        match event["type"]:
            case "BalanceTaken":
                self._by_wallet[UUID(bytes=event["order"])] += event["amount_minor"]
            case "BalanceCredited":
                self._in_wallets[UUID(bytes=event["order"])] += event["amount_minor"]
            case _:
                pass

    def remedy(self, stream: UUID, event: dict[str, Any]) -> None:
        """One event of an order's remedies."""
        if "remedy" not in event:
            return
        key = (stream, event["remedy"])
        match event["type"]:
            case "ChargeRequested":
                self._asked[key] = event["charge"][_AMOUNT]
            case "ChargeTaken" | "ChargeTakenLate":
                self._took(key, event)
            case "RefundRequested" if key in self._late:
                self._back.add(key)
            case "RefundSent" if event.get("credits"):
                self._to_wallets[UUID(bytes=event["order"])] += event["amount_minor"]
            case name if name in _OVER:
                self._over.add(key)
            case _:
                pass

    def _took(self, key: Key, event: dict[str, Any]) -> None:
        self._taken[key] += 1
        minor, asked = event["amount_minor"], self._asked.get(key)
        right = self._taken[key] == 1 and minor == asked
        what = f"{key}: {minor} of {asked} asked for, {self._taken[key]} times"
        self._tally.expect(ONCE, right, what)
        self._by_order[UUID(bytes=event["order"])] += minor
        if event["type"] == "ChargeTakenLate":
            self._late.add(key)

    def done(self, charged_minor: Mapping[UUID, int]) -> None:
        """After the last event; `charged_minor` is by order what payments have taken."""
        expect = self._tally.expect
        for order in sorted({*charged_minor, *self._by_order, *self._by_wallet}):
            took = charged_minor.get(order, 0) + self._by_wallet[order]
            minor = self._by_order[order]
            expect(TAKEN, minor == took, f"{order}: {minor} recorded, {took} taken")
        for key in self._taken:
            ended = key in self._back if key in self._late else key in self._over
            expect(DONE, ended, f"{key}: paid for, and nothing came of it")
        for order in sorted({*self._to_wallets, *self._in_wallets}):
            out, in_ = self._to_wallets[order], self._in_wallets[order]
            expect(CREDITED, out == in_, f"{order}: {out} sent to a wallet, {in_} are there")
