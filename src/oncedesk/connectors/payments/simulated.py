"""A payment side that is none: for demonstrations and tests, as unreliable as a real one.

What becomes of a refund follows from the seed and the refund's key alone, so it is the same however
often, and by whichever process, it is asked for. It pays each key at most once.
"""

import random
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from oncedesk.domain.remedies.messages.refunding import RefundFailure
from oncedesk.engine.outbox import NotDelivered
from oncedesk.engine.outgoing import RefundMessage
from oncedesk.engine.paying import PaymentAnswer, Said
from oncedesk.engine.ports import OutboxRow


class Manner(StrEnum):
    """How a refund is answered: at once; only when asked again, paid or not meanwhile; never the
    first time, though paid; or not at all, for its route is dead."""

    AT_ONCE = "at_once"
    LATE = "late"
    LOST = "lost"
    DEAD = "dead"


WEIGHTS = {Manner.AT_ONCE: 85, Manner.LATE: 8, Manner.LOST: 5, Manner.DEAD: 2}
ASKED_REMEMBERED_MAX = 10_000


def manner_of(*, seed: int, refund: RefundMessage) -> Manner:
    """What becomes of this refund; a route that the consumer named is never dead."""
    dice = random.Random(f"{seed}/{refund.refund}")  # noqa: S311 - it is a game
    manners = [one for one in Manner if refund.payment or one is not Manner.DEAD]
    return dice.choices(manners, [WEIGHTS[one] for one in manners])[0]


class SimulatedExecutor:
    """Answers by the refund's manner. What it was asked before is remembered here only; asked by
    another process it answers once more as if for the first time."""

    def __init__(self, *, seed: int, clock: Callable[[], datetime]) -> None:
        self._seed = seed
        self._clock = clock
        self._asked: dict[str, datetime] = {}

    async def execute(self, row: OutboxRow, refund: RefundMessage) -> PaymentAnswer:
        """Raises `NotDelivered` where the answer got lost."""
        del row
        now = self._clock()
        first = refund.refund not in self._asked
        at = self._asked.setdefault(refund.refund, now)
        while len(self._asked) > ASKED_REMEMBERED_MAX:
            del self._asked[next(iter(self._asked))]
        manner = manner_of(seed=self._seed, refund=refund)
        if manner is Manner.DEAD:
            return PaymentAnswer(Said.FAILED, reason=RefundFailure.ROUTE_DEAD)
        if manner is Manner.LATE and first and not refund.again:
            return PaymentAnswer(Said.TAKEN)
        if manner is Manner.LOST and first and not refund.again:
            raise NotDelivered("the answer was lost")
        return PaymentAnswer(Said.SENT, sent_at=at, reference=f"sim-{refund.refund[:8]}")

    async def close(self) -> None:
        """Nothing is under way."""
