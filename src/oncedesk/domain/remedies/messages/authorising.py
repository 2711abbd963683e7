"""Whether an agent may give so much: counted in the agent's own state, told back here."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from oncedesk.domain.remedies.messages.asking import CounterOffer
from oncedesk.domain.remedies.messages.base import OfRemedy, ToRemedies, ToRemedy
from oncedesk.domain.remedies.messages.disputing import Decision
from oncedesk.domain.remedies.words import Clock, DecidedBy, Minor, Number, Reason, RuleId
from oncedesk.domain.shared.bounds import Moment, bounded
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk

LimitName = Annotated[str, bounded("[a-z_]{0,32}", max_length=32)]


class Upheld(Record, frozen=True, array_like=True):
    """A contest that somebody wants to uphold, for so much of the fund's money; append only."""

    reason: str
    amount_minor: int


Wanted = Decision | Upheld | CounterOffer
"""What somebody's authority may be asked for, beside a remedy as it stands."""


class ApplyAuthority(ToRemedies, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agent's own state has answered: within the authority, or which `limit` it exceeds.

    `amount_minor` was counted at `spent_at` at the agent, at `counted_at` at the consumer.
    """

    remedy: Number
    agent: UUID
    rule: RuleId
    limit: LimitName = ""
    amount_minor: Minor | None = None
    spent_at: Moment | None = None
    counted_at: Moment | None = None


class ApproveGrant(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A second person stands by what the first one wants to give, shown as `expected_minor`."""

    expected_minor: Minor | None = None


class DeclineGrant(ToRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A second person does not; the remedy is as undecided as before."""

    reason: Reason


class AuthorityAsked(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """This agent wants to give it. `case_minor` is what this remedy's case was given in all.

    `second`: it is the second person whose authority is asked. `decision` is what a dispute comes
    to if they may, `upheld` a contest, `offer` what is then offered instead.
    """

    agent: UUID
    desk: Desk
    market: str
    currency: str
    amount_minor: int
    case_minor: int
    by: DecidedBy
    clock: Clock
    second: bool = False
    goodwill: bool = False
    decision: Decision | None = None
    upheld: Upheld | None = None
    offer: CounterOffer | None = None


class SecondPersonAsked(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It is more than this agent may give alone; somebody else has to stand by it."""

    agent: UUID
    limit: str
    rule: str
    clock: Clock


class GrantDeclined(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Nobody gave it yet: refused by a second person, or not within anybody's authority."""

    reason: str
    agent: UUID | None = None
    clock: Clock | None = None


class AuthorityUnused(OfRemedy, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """The agent might have given it, but something else was decided first: it does not count."""

    agent: UUID
    amount_minor: int
    currency: str
    spent_at: datetime
    counted_at: datetime


AuthorisingCommand = ApplyAuthority | ApproveGrant | DeclineGrant
AuthorisingEvent = AuthorityAsked | SecondPersonAsked | GrantDeclined
