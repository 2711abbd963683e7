"""Commands to a desk's state and the events it records. Names are stable for ever."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.shared.bounds import RELIEF_SECONDS_MAX, Moment, bounded
from oncedesk.domain.shared.decider import Actor, Refusal, Wake
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, Ref, desk_ref

Market = Annotated[str, bounded("[a-z0-9_-]{1,16}", max_length=16)]
Language = Annotated[str, bounded("[A-Za-z0-9-]{2,16}", max_length=16)]
Code = Annotated[str, bounded("[A-Za-z0-9_.:-]{1,40}", max_length=40)]
Count = Annotated[int, Meta(ge=0)]


class ToDesk(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What every command to a desk has."""

    desk: Desk

    def target(self) -> Ref:
        return desk_ref(self.desk)


class OpenDesk(ToDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The desk takes work, in these languages; said again, the languages are replaced."""

    market: Market
    languages: Annotated[tuple[Language, ...], Meta(max_length=16)] = ()


class CloseDesk(ToDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The desk takes no new work. What it has keeps its clocks. The platform's never closes."""


class ReportLoad(ToDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """What the dispatcher saw at `at`. `staffed`: somebody is on duty, busy or not; who
    ends their shift is not.

    `oldest_wait_seconds` is 0 where nobody waits. `staffed_from` says when somebody will be there.
    """

    waiting: Count
    oldest_wait_seconds: Count
    staffed: bool
    at: Moment
    staffed_from: Moment | None = None


class DeclareSurge(ToDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Somebody sees a surge coming: it holds until then, however short the wait. `by` is a
    supervisor of the desk, where nobody else says so. Said again, the end moves."""

    until: Moment
    by: UUID | None = None


class CallOffSurge(ToDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The declared surge is over; one that the wait itself brings about begins again by itself."""

    by: UUID | None = None


class PublishRelief(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Promises in [starts_at, ends_at) of this market get longer: weather, a carrier, a peak.

    It must be published before it starts. Without region or carrier it holds for all of them.
    """

    relief: UUID
    market: Market
    starts_at: Moment
    ends_at: Moment
    extends_seconds: Annotated[int, Meta(ge=1, le=RELIEF_SECONDS_MAX)]
    region: Code | None = None
    carrier: Code | None = None

    def target(self) -> Ref:
        return desk_ref(PLATFORM)


class WithdrawRelief(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A published relief does not come. Once it has started it stays."""

    relief: UUID

    def target(self) -> Ref:
        return desk_ref(PLATFORM)


DeskCommand = (
    OpenDesk
    | CloseDesk
    | ReportLoad
    | DeclareSurge
    | CallOffSurge
    | PublishRelief
    | WithdrawRelief
    | Wake
)


class OfDesk(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What every event of a desk has."""

    desk: Desk
    at: datetime


class DeskOpened(OfDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It takes work from now on, or its languages have changed."""

    market: str
    languages: tuple[str, ...] = ()


class DeskClosed(OfDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    pass


class StaffingChanged(OfDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Somebody is on duty, or nobody is, and from when somebody will be."""

    staffed: bool
    staffed_from: datetime | None = None


class WaitChanged(OfDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The wait as it is shown, in coarse steps, rounded up; 0 where nobody waits."""

    oldest_wait_seconds: int
    waiting: int


class SurgeBegan(OfDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The oldest wait passed the pack's limit: the wait is shown, rules may decide more."""

    wait_seconds: int
    waiting: int
    rule: str
    pack: str


class SurgeEnded(OfDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    wait_seconds: int
    rule: str
    pack: str


class SurgeDeclared(OfDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """By hand, until then."""

    until: datetime
    by: Actor


class SurgeCalledOff(OfDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The declared surge has ended: by hand (`by`), or because its time was over."""

    by: Actor | None = None


class ReliefPublished(OfDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Announced at `at`, which is before it starts."""

    relief: UUID
    market: str
    starts_at: datetime
    ends_at: datetime
    extends_seconds: int
    region: str | None = None
    carrier: str | None = None


class ReliefWithdrawn(OfDesk, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    relief: UUID


DeskEvent = (
    WaitChanged
    | StaffingChanged
    | SurgeBegan
    | SurgeEnded
    | SurgeDeclared
    | SurgeCalledOff
    | DeskOpened
    | DeskClosed
    | ReliefPublished
    | ReliefWithdrawn
)

Answer = Sequence[DeskEvent] | Refusal
"""What a command comes to."""
