"""The gate that stands: made of the packs in force, anew only when they change."""

from collections.abc import Callable

from oncedesk.domain.shared.gate.looking import Gate
from oncedesk.engine.deciding import PackSet


class Gates:
    """Gives the gate of the pack set that holds now.

    It looks for what any market's pack lists, for people do not keep to one language; what follows
    from a hit is decided by the pack of the conversation's own market.
    """

    def __init__(self, packs: Callable[[], PackSet]) -> None:
        self._packs = packs
        self._made_for: PackSet | None = None
        self._gate = Gate(())

    def current(self) -> Gate:
        packs = self._packs()
        if packs is not self._made_for:
            if self._made_for is None or packs.hash != self._made_for.hash:
                self._gate = Gate(packs.current(market).gate for market in sorted(packs.holding))
            self._made_for = packs
        return self._gate
