"""The gate that stands: made of the packs in force, anew only when they change."""

from collections.abc import Callable
from functools import lru_cache

from oncedesk.domain.shared.gate.looking import Gate
from oncedesk.domain.shared.gate.rules import GateRules, GateWords
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
                rules = [packs.current(market).gate for market in sorted(packs.holding)]
                self._gate = _gate(
                    tuple(words for one in rules for words in one.words),
                    tuple(host for one in rules for host in one.hosts),
                )
            self._made_for = packs
        return self._gate


@lru_cache(maxsize=8)
def _gate(words: tuple[GateWords, ...], hosts: tuple[str, ...]) -> Gate:
    """Hundreds of patterns: most packs that are published find the same as those before."""
    return Gate([GateRules(words=words, hosts=hosts)])
