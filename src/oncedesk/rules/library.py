"""All packs that are known here, and which of them hold when.

The library grows; what a batch sees of it, a `PackSet`, never changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from oncedesk.domain.rulebook.state import Publication, RulebookState
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import Pack, PackUnknown
from oncedesk.rules.storing import pack_hash

BEGINNING = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)


class PackSet(Record, frozen=True):
    """The packs of one batch: which holds in each market, and all others by hash.

    `hash` names what holds (`holding`, market to pack hash), so that a decision can be repeated
    under the same set; `PackLibrary.holding` makes it again.
    """

    hash: str
    holding: Mapping[str, str]
    packs: Mapping[str, Pack]

    def current(self, market: str) -> Pack:
        """The pack that holds in this market. Raises PackUnknown where none does."""
        found = self.holding.get(market)
        if found is None:
            raise PackUnknown(f"no rule pack holds in market {market!r}")
        return self.by_hash(found)

    def by_hash(self, pack_hash: str) -> Pack:
        """The pack of this hash, current or not. Raises PackUnknown."""
        found = self.packs.get(pack_hash)
        if found is None:
            raise PackUnknown(f"no rule pack {pack_hash!r} is stored")
        return found


class PackLibrary:
    """Packs as they were stored, and the publications that say from when each holds.

    Adding a pack and following a rulebook change what the next `at` returns, never a set that was
    handed out. Following a rulebook that names a pack which was not added raises PackUnknown and
    changes nothing, so that no market is left without its pack.
    """

    def __init__(self, packs: Iterable[Pack] = ()) -> None:
        self._packs: Mapping[str, Pack] = {}
        self._skills: frozenset[str] = frozenset()
        self._publications: dict[str, Sequence[Publication]] = {}
        self._set: PackSet | None = None
        self._set_from = self._set_until = BEGINNING
        self.add(packs)

    @classmethod
    def always(cls, packs: Iterable[Pack]) -> "PackLibrary":
        """A library in which each of these packs, one a market, holds at all times."""
        library = cls(packs)
        for pack in library._packs.values():
            assert pack.market not in library._publications, "one pack a market"
            library._publications[pack.market] = (Publication(pack.hash, pack.version, BEGINNING),)
        return library

    def add(self, packs: Iterable[Pack]) -> None:
        """Make packs known by their hash; none of them holds by that alone."""
        self._packs = {**self._packs, **{pack.hash: pack for pack in packs}}
        self._skills = frozenset(skill for pack in self._packs.values() for skill in pack.skills)
        self._set = None

    def follow(self, rulebook: RulebookState) -> None:
        """Let hold in this market what its rulebook says now. Raises PackUnknown."""
        for publication in rulebook.publications:
            if publication.pack_hash not in self._packs:
                raise PackUnknown(f"{rulebook.market}: {publication.pack_hash!r} is not stored")
        self._publications[rulebook.market] = rulebook.publications
        self._set = None

    def at(self, now: datetime) -> PackSet:
        """The set that holds at this moment; the same object until something changes."""
        if self._set is None or not self._set_from <= now < self._set_until:
            self._renew(now)
        assert self._set is not None
        return self._set

    def skills(self) -> frozenset[str]:
        """The skills of all packs that are known: what waits under one that no pack that holds has
        any more waits all the same."""
        return self._skills

    def holding(self, holding: Mapping[str, str]) -> PackSet:
        """The set in which these packs hold. Raises PackUnknown."""
        for name in holding.values():
            if name not in self._packs:
                raise PackUnknown(f"no rule pack {name!r} is stored")
        ordered = dict(sorted(holding.items()))
        content = "\n".join(f"{market}={name}" for market, name in ordered.items())
        return PackSet(hash=pack_hash(content.encode()), holding=ordered, packs=self._packs)

    def _renew(self, now: datetime) -> None:
        holding: dict[str, str] = {}
        self._set_from, self._set_until = BEGINNING, _END
        for market, publications in self._publications.items():
            for publication in publications:
                if publication.valid_from <= now:
                    holding[market] = publication.pack_hash
                    self._set_from = max(self._set_from, publication.valid_from)
                else:
                    self._set_until = min(self._set_until, publication.valid_from)
        self._set = self.holding(holding)
