"""What will happen by itself next in a case, if nobody does anything before.

It says beforehand what `expiry` will do, of the one clock that runs out first; nothing is decided
here.
"""

from datetime import datetime
from enum import StrEnum

from oncedesk.domain.conversations import clocks
from oncedesk.domain.conversations.messages import Side
from oncedesk.domain.conversations.state import Case, Clock, Conversation
from oncedesk.domain.shared.decider import Packs
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.domain.shared.rulepack import ClockKind, Expiry, Pack


class Foreseen(StrEnum):
    """What follows when a clock runs out."""

    DECIDED = "decided"
    TAKEN_OVER = "taken_over"
    DESK_REMINDED = "desk_reminded"
    CONSUMER_REMINDED = "consumer_reminded"
    CLOSED_NO_REPLY = "closed_no_reply"
    LOOKED_AT_AGAIN = "looked_at_again"
    REFERRAL_LAPSED = "referral_lapsed"
    MORE_URGENT = "more_urgent"
    CLOSED = "closed"
    WINDOW_MOVED = "window_moved"


_ONLY_REMINDS = frozenset({Foreseen.DESK_REMINDED, Foreseen.CONSUMER_REMINDED})
"""Of several clocks that run out at one moment, those are told last that take nothing away."""


class Foretold(Record, frozen=True):
    """The clock that runs out first, and then. `desk` is whose it is; None: the consumer's.

    `decision` is what silence decides, where it does (`Foreseen.DECIDED`).
    """

    clock: ClockKind
    side: Side
    due_at: datetime
    then: Foreseen
    desk: Desk | None = None
    decision: str = ""


def foretell(*, state: Conversation, case: Case, packs: Packs) -> Foretold | None:
    """What happens in this case first; None where none of its clocks runs."""
    running = [(clock.due_at, clock) for clock in case.clocks if clock.due_at is not None]
    if not running:
        return None
    first_at = min(due_at for due_at, _ in running)
    told = [
        _foretold(state=state, case=case, clock=clock, due_at=due_at, packs=packs)
        for due_at, clock in running
        if due_at == first_at
    ]
    return next((one for one in told if one.then not in _ONLY_REMINDS), told[0])


def _foretold(
    *, state: Conversation, case: Case, clock: Clock, due_at: datetime, packs: Packs
) -> Foretold:
    own = packs.by_hash(state.pack_of(clock))
    then = _then(state=state, case=case, clock=clock, own=own)
    decision = own.issue(case.issue).decision if then is Foreseen.DECIDED else ""
    return Foretold(clock.kind, clock.side, due_at, then, _whose(case, clock), decision)


def _then(*, state: Conversation, case: Case, clock: Clock, own: Pack) -> Foreseen:
    match clock.kind:
        case ClockKind.RECONTACT:
            return Foreseen.WINDOW_MOVED if case.remedies else Foreseen.CLOSED
        case ClockKind.REPLY:
            again = clock.reminders < own.asking.reminders
            if again:
                return Foreseen.CONSUMER_REMINDED
            return Foreseen.LOOKED_AT_AGAIN if case.needed else Foreseen.CLOSED_NO_REPLY
        case ClockKind.FOLLOW_UP:
            return Foreseen.LOOKED_AT_AGAIN
        case _:
            return _of_obligation(state=state, case=case, clock=clock, own=own)


def _of_obligation(*, state: Conversation, case: Case, clock: Clock, own: Pack) -> Foreseen:
    says = clocks.silence_says(pack=own, state=state, case=case, clock=clock)
    reminds = says is Expiry.REMIND and clock.reminders < own.asking.reminders
    if clock.side is Side.REFERRAL:
        return Foreseen.DESK_REMINDED if reminds else Foreseen.REFERRAL_LAPSED
    if case.asked is not None:
        return Foreseen.MORE_URGENT
    if says is Expiry.DECIDE:
        return Foreseen.DECIDED
    if reminds:
        return Foreseen.DESK_REMINDED
    return Foreseen.MORE_URGENT if case.owner == PLATFORM else Foreseen.TAKEN_OVER


def _whose(case: Case, clock: Clock) -> Desk | None:
    if clock.kind in (ClockKind.REPLY, ClockKind.RECONTACT):
        return None
    if clock.side is Side.REFERRAL and case.referral is not None:
        return case.referral.desk
    return case.owner
