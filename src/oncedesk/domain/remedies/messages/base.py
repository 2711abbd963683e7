"""What every command to an order's remedies and every event of them has."""

from datetime import datetime
from uuid import UUID

from oncedesk.domain.remedies.words import Number
from oncedesk.domain.shared.ledger import Transfer
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref, remedies_ref


class ToRemedies(Record, frozen=True, kw_only=True, omit_defaults=True):
    """A command to all remedies of an order."""

    consumer: UUID
    order: UUID

    def target(self) -> Ref:
        return remedies_ref(consumer=self.consumer, order=self.order)


class ToRemedy(ToRemedies, frozen=True, kw_only=True, omit_defaults=True):
    """A command to one remedy. `agent` is who gives it, where somebody does."""

    remedy: Number
    agent: UUID | None = None


class OfRemedies(Record, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened to an order's remedies; `transfers` is the money that it moved."""

    consumer: UUID
    order: UUID
    at: datetime
    transfers: tuple[Transfer, ...] = ()


class OfRemedy(OfRemedies, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened to one remedy."""

    remedy: int
