"""Goes through all presales that ended: what goes back for it is given, and what comes on top.

The events are read as plain dicts and summed here anew; the deciders are not asked.
"""

from collections import Counter
from typing import Any
from uuid import UUID

from oncedesk.simulation.tally import Tally

CHECKS = ("a presale that ends gives what it must",)
(GIVES,) = CHECKS
_ON_TOP = "deposit_double"


class Presales:
    """Every end of a presale, and what the remedies of its order make of it."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._returned: dict[UUID, int] = {}
        self._penalty: dict[UUID, int] = {}
        self._by: dict[UUID, str] = {}
        self._given: Counter[tuple[UUID, str]] = Counter()
        self._others: set[UUID] = set()

    def order(self, event: dict[str, Any]) -> None:
        """One event of an order."""
        if event["type"] == "PresaleEnded":
            order = UUID(bytes=event["order"])
            self._by[order] = event["by"]
            self._returned[order] = event["returned_minor"]
            self._penalty[order] = event["penalty_minor"]

    def remedy(self, event: dict[str, Any]) -> None:
        """One event of an order's remedies; reasons are the consumer's own, or how it ended."""
        if event["type"] == "OutsideRecorded":
            self._others.add(UUID(bytes=event["order"]))
        if event["type"] != "RemedyRequested":
            return
        order, reason = UUID(bytes=event["order"]), event.get("reason", "")
        if reason in (_ON_TOP, "unpaid", "consumer", "merchant"):
            self._given[order, reason] += event["amount_minor"]
        elif event["kind"] != "compensation":
            self._others.add(order)

    def done(self) -> None:
        """After the last event. What was given for it otherwise is not given once more."""
        for order, by in self._by.items():
            given, returned = self._given[order, by], self._returned[order]
            on_top, penalty = self._given[order, _ON_TOP], self._penalty[order]
            less = given < returned and order in self._others
            right = (given == returned or less) and on_top == penalty
            what = f"{order}, {by}: {given} of {returned}, and {on_top} of {penalty}"
            self._tally.expect(GIVES, right, what)
