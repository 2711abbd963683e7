"""What is said in a dispute: evidence, a decision, an objection."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.remedies.messages.disputing import (
    EVIDENCE_AT_ONCE,
    SHARES_MAX,
    LiableShare,
    Outcome,
)
from oncedesk.domain.remedies.words import Payer, Reason
from oncedesk.domain.shared.bounds import one_line
from oncedesk.http.bodies import Body
from oncedesk.http.shapes.orders import Minor


class Why(Body, frozen=True, kw_only=True):
    """A reason, as a code."""

    reason: Reason


class AsShown(Body, frozen=True, kw_only=True):
    """Yes to what was shown: if the amount is another by now, it is refused (`amount_changed`)."""

    expected_minor: Minor | None = None


class Shown(Body, frozen=True, kw_only=True):
    """The files that are shown, by their ids: attached to messages about the order."""

    evidence: Annotated[tuple[UUID, ...], Meta(min_length=1, max_length=EVIDENCE_AT_ONCE)]


class Bears(Body, frozen=True, kw_only=True):
    """Who bears how many hundredths of it."""

    payer: Payer
    percent: Annotated[int, Meta(ge=0, le=100)]


class Decision(Body, frozen=True, kw_only=True):
    """What it comes to, why, and on what basis. Without `bearers` the rule's stand."""

    outcome: Outcome
    reason: Reason
    basis: Annotated[str, one_line(120)]
    amount_minor: Minor | None = None
    bearers: Annotated[tuple[Bears, ...], Meta(max_length=SHARES_MAX)] = ()

    @property
    def shares(self) -> tuple[LiableShare, ...]:
        return tuple(LiableShare(one.payer.value, one.percent) for one in self.bearers)
