"""Which packs were published for one market, and from when each holds."""

from datetime import datetime
from itertools import pairwise
from typing import assert_never

from msgspec.structs import replace

from oncedesk.domain.rulebook.messages import PackPublished, PackWithdrawn, RulebookEvent
from oncedesk.domain.shared.records import Record

PUBLICATIONS_KEPT = 40
PLANNED_MAX = 16
"""Planned packs are never dropped; older ones are in the journal."""


class Publication(Record, frozen=True, array_like=True):
    """A pack, from the moment from which it holds until the next one does."""

    pack_hash: str
    version: str
    valid_from: datetime


class RulebookState(Record, frozen=True, omit_defaults=True):
    """One market's publications, in the order in which they hold."""

    market: str
    publications: tuple[Publication, ...] = ()

    def holding(self, at: datetime) -> Publication | None:
        """The publication that holds at this moment."""
        started = [one for one in self.publications if one.valid_from <= at]
        return started[-1] if started else None

    def planned(self, now: datetime) -> tuple[Publication, ...]:
        """Those that do not hold yet."""
        return tuple(one for one in self.publications if one.valid_from > now)

    def with_publication(self, added: Publication) -> "RulebookState":
        """The same with one more."""
        ordered = sorted((*self.publications, added), key=lambda one: one.valid_from)
        return replace(self, publications=tuple(ordered[-PUBLICATIONS_KEPT:]))


def evolve(state: RulebookState | None, event: RulebookEvent) -> RulebookState:
    """What is published after this event."""
    known = state or RulebookState(market=event.market)
    match event:
        case PackPublished():
            added = Publication(event.pack_hash, event.version, event.valid_from)
            return known.with_publication(added)
        case PackWithdrawn():
            left = tuple(one for one in known.publications if one.valid_from != event.valid_from)
            return replace(known, publications=left)
        case _:
            assert_never(event)


def check(state: RulebookState) -> None:
    """What must hold for every rulebook, always."""
    assert len(state.publications) <= PUBLICATIONS_KEPT
    for earlier, later in pairwise(state.publications):
        assert earlier.valid_from < later.valid_from, "two packs hold from the same moment"
