"""Who reads, and what that lets them see. Whatever is not named here is not seen."""

from collections.abc import Iterable

from oncedesk.domain.shared.allowing import manages
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind


class NotSeen(Exception):
    """There is none, or none that this reader may see; nobody is told which of the two."""


class Reader(Record, frozen=True):
    """Who asks; for an agent the desks to which they belong now, and those they supervise."""

    actor: Actor
    desks: tuple[Desk, ...] = ()
    supervised: tuple[Desk, ...] = ()

    @property
    def runs(self) -> bool:
        """Those who run the system, and the marketplace whose it is."""
        return manages(self.actor)

    @property
    def sees_all(self) -> bool:
        """Those who run the system, and the platform's agents."""
        return self.runs or (self.actor.role is Role.AGENT and PLATFORM in self.desks)

    def supervises(self, desk: Desk) -> bool:
        """Whether this reader answers for that desk: an admin for all of them."""
        return self.actor.role is Role.ADMIN or (
            self.actor.role is Role.AGENT and desk in self.supervised
        )

    def belongs_to(self, desks: Iterable[Desk]) -> bool:
        """Whether one of these is a desk of this agent."""
        return self.actor.role is Role.AGENT and any(desk in self.desks for desk in desks)


def refuse_strangers(reader: Reader, desk: Desk) -> None:
    """Only a merchant's or creator's own people, and an admin, see what is at home there.

    Raises `NotSeen` for all others, and for the platform's desk, which has no such home.
    """
    if desk.kind is DeskKind.PLATFORM:
        raise NotSeen
    if not reader.belongs_to((desk,)) and reader.actor.role is not Role.ADMIN:
        raise NotSeen
