"""What is known of one piece of evidence."""

from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.evidence.messages import EvidenceShown
from oncedesk.domain.shared.records import Record

ORDERS_MAX = 2
"""With two of them it was shown elsewhere, whichever order asks."""


class EvidenceState(Record, frozen=True, omit_defaults=True):
    """The first orders for which it was shown."""

    digest: bytes
    orders: tuple[UUID, ...] = ()

    def shown_elsewhere(self, order: UUID) -> bool:
        """Whether it served for another order than this."""
        return any(one != order for one in self.orders)


def evolve(state: EvidenceState | None, event: EvidenceShown) -> EvidenceState:
    """What is known after this event."""
    known = state or EvidenceState(event.digest)
    return replace(known, orders=(*known.orders, event.order))


def check(state: EvidenceState) -> None:
    """What must hold for every piece, always."""
    assert 0 < len(state.orders) <= ORDERS_MAX
    assert len(set(state.orders)) == len(state.orders)
