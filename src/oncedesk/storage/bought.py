"""What the items of an order were called when it was placed: written with the event, and kept."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from oncedesk.domain.orders.messages import OrderPlaced
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.storage.rows import ByKind, Rows, insert, transpose

# An order is placed once.
_BOUGHT = insert("bought", 'bucket "order" body', "smallint uuid text")


class Bought(Record, frozen=True, array_like=True):
    """An item of a part, as the consumer saw it. Rows hold these: append only."""

    part: int
    listing: UUID
    variant: UUID | None
    title: str | None = None
    picture: str | None = None


bought_of = msgspec.json.Decoder(tuple[Bought, ...]).decode
_to_bytes = msgspec.json.Encoder().encode


def rows(winners: ByKind) -> Sequence[Rows | None]:
    """One for each order that was placed and told with it."""
    placed = [
        (write.ref.bucket, write.ref.id, _to_bytes(goods).decode())
        for write in winners[Kind.ORDER]
        for one in write.decided
        for event in one.events
        if isinstance(event, OrderPlaced) and (goods := tuple(_goods(event)))
    ]
    return (transpose(placed, _BOUGHT),)


def _goods(event: OrderPlaced) -> Iterable[Bought]:
    for part in event.parts:
        for one in part.shown:
            item = part.items[one.item - 1]
            yield Bought(part.number, item.listing, item.variant, one.title, one.picture)
