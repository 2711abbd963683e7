"""One remedy as it stands in its story, and what somebody may say about it."""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from oncedesk.domain.orders.messages import PlaceOrder
from oncedesk.domain.remedies.journey import Journey
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE, Actor
from tests.properties.stories.story import Story
from tests.specs.remedies.money import CONSUMER


@dataclass(frozen=True)
class Said:
    """A command, and who gives it."""

    command: Any
    by: Actor = MARKETPLACE


@dataclass(frozen=True)
class Scene:
    """`remedy` is None where there is none of this number, or it is over."""

    story: Story
    order: UUID
    number: int
    dice: Random

    @property
    def about(self) -> dict[str, Any]:
        """What every command about it begins with."""
        return {"consumer": CONSUMER, "order": self.order, "remedy": self.number}

    @property
    def placed(self) -> PlaceOrder:
        return self.story.orders[self.order]

    @property
    def book(self) -> Remedies | None:
        return self.story.book_of(self.order)

    @property
    def remedy(self) -> Remedy | None:
        return None if self.book is None else self.book.remedy(self.number)

    @property
    def journey(self) -> Journey | None:
        return None if self.remedy is None else self.remedy.journey

    @property
    def units(self) -> tuple[WantedLine, ...]:
        return (() if self.remedy is None else self.remedy.units) or (WantedLine(1, 1),)

    def parcel(self, *, outward: bool) -> UUID:
        """One of two that travel for it in this direction."""
        first = (0xE000 if outward else 0xB000) + self.number * 16
        return UUID(int=(self.order.int << 32) + first + self.dice.randrange(2))
