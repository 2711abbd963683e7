"""A merchant contests money that left before the goods were looked at; the platform decides."""

from uuid import UUID

from oncedesk.domain.remedies.messages.base import OfRemedy, ToRemedy
from oncedesk.domain.remedies.messages.returning import Digests
from oncedesk.domain.remedies.words import Clock, DecidedBy, Reason, WantedLine


class ContestRefund(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The merchant says that it should not have been given, and shows why."""

    reason: Reason
    evidence: Digests


class DecideContest(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Somebody of the platform's decides: upheld, or not."""

    upheld: bool
    reason: Reason


class ContestOpened(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Money leaves at the charge of a merchant that was not asked, and nothing comes back for it;
    or the goods have come, in whose place it was given.

    The merchant may contest it until the clock runs out; `granted_by` do not decide that.
    """

    clock: Clock
    granted_by: tuple[UUID, ...] = ()


class RefundContested(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The platform decides until the clock runs out, but none of `not_by`, who have said it.

    `lines`: about these alone, else about all.
    """

    reason: str
    evidence: tuple[bytes, ...]
    clock: Clock
    agent: UUID | None = None
    lines: tuple[WantedLine, ...] = ()
    not_by: tuple[UUID, ...] = ()


class ContestDecided(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """`fund_minor` goes to the merchant; `debt_minor` is what the consumer owes, taken by nobody.

    The clock is of the remedy's closing, if it was settled before.
    """

    upheld: bool
    reason: str
    by: DecidedBy
    rule: str
    fund_minor: int = 0
    debt_minor: int = 0
    agent: UUID | None = None
    clock: Clock | None = None


class ContestLapsed(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Nobody contested it in time."""


ContestingCommand = ContestRefund | DecideContest
ContestingEvent = ContestOpened | RefundContested | ContestDecided | ContestLapsed
