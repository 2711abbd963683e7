"""What is said in a dispute: evidence, a decision, an objection."""

from typing import Annotated

from msgspec import Meta

from oncedesk.domain.remedies.messages.disputing import (
    EVIDENCE_AT_ONCE,
    SHARES_MAX,
    LiableShare,
    Outcome,
)
from oncedesk.domain.remedies.words import Payer, Reason
from oncedesk.domain.shared.bounds import bounded, one_line
from oncedesk.http.bodies import Body
from oncedesk.http.shapes.orders import Minor

Digest = Annotated[str, bounded("[0-9a-f]{32}", max_length=32)]


class Why(Body, frozen=True, kw_only=True):
    """A reason, as a code."""

    reason: Reason


class Shown(Body, frozen=True, kw_only=True):
    """The digests (hex) of what is shown; the files and words are messages of the case."""

    digests: Annotated[tuple[Digest, ...], Meta(min_length=1, max_length=EVIDENCE_AT_ONCE)]

    @property
    def as_bytes(self) -> tuple[bytes, ...]:
        return tuple(bytes.fromhex(one) for one in self.digests)


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
