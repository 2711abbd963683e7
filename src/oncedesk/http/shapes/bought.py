"""What was bought, in so many words as a row of a list has room for."""

from collections.abc import Collection
from typing import Annotated

import msgspec
from msgspec import Meta

from oncedesk.domain.remedies.words import Line
from oncedesk.domain.shared.bounds import Moment
from oncedesk.http.shapes.looks import Looks
from oncedesk.storage.views.orders import SeenOrder

ITEMS_SHOWN = 3


class BoughtItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """So many of something, and what it was called, where that is known."""

    quantity: Annotated[int, Meta(ge=1)]
    title: str | None = None


class BoughtShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When it was ordered, and the first of the items in question; `more` follow."""

    placed_at: Moment
    items: Annotated[tuple[BoughtItem, ...], Meta(max_length=ITEMS_SHOWN)]
    more: Annotated[int, Meta(ge=0)] = 0


def bought_shape(
    seen: SeenOrder | None, *, looks: Looks, lines: Collection[Line] = (), part: int = 0
) -> BoughtShape | None:
    """The items of these lines; without any, of this part, and of part 0 all that is seen. None of
    what is not seen at all."""
    if seen is None or seen.state.placed_at is None:
        return None
    wanted = {(line.part, line.item): line.quantity for line in lines}
    items = [
        BoughtItem(
            quantity=wanted.get((one.number, place), item.quantity),
            title=looks.of(order=seen.state.order, part=one, item=item).title,
        )
        for one in seen.state.parts
        if one.number in seen.parts and part in (0, one.number)
        for place, item in enumerate(one.items, 1)
        if not wanted or (one.number, place) in wanted
    ]
    return BoughtShape(
        placed_at=seen.state.placed_at,
        items=tuple(items[:ITEMS_SHOWN]),
        more=max(len(items) - ITEMS_SHOWN, 0),
    )
