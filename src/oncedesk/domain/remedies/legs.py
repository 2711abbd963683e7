"""One refund to one payment: how it is asked for, and until when payments have to answer."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from oncedesk.domain.remedies.messages.refunding import RefundRequested, RemedySettled
from oncedesk.domain.remedies.postings import asked, taken, undone, unsent
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import Clock, ClockKind, Leg, LegStatus
from oncedesk.domain.shared.decider import Facts
from oncedesk.domain.shared.remedy_rules import SettlingRule

ANSWER_SECONDS_MAX = 86_400
_DONE = (LegStatus.SENT, LegStatus.CREDITED, LegStatus.REPLACED)


def request_leg(
    *, state: Remedies, remedy: Remedy, leg: Leg, facts: Facts, again: bool = False
) -> RefundRequested:
    """Payments are asked for this leg, and what it takes is set aside."""
    number = state.moved + 1
    # What comes on top has bearers and sources of its own.
    whose = replace(remedy, number=0, legs=(), sources=()) if leg.beyond else remedy
    sources = leg.taken or taken(state=state, remedy=whose, amount_minor=leg.amount_minor)
    first_asked_at = leg.first_asked_at if again else facts.now
    leg = replace(leg, transfer=number, taken=sources, first_asked_at=first_asked_at)
    return RefundRequested(
        **state.about(remedy.number, facts.now),
        leg=leg,
        currency=state.currency,
        clock=settle_clock(
            rule=settling_rule(remedy, facts), asked_again=leg.asked_again, now=facts.now
        ),
        again=again,
        transfers=asked(state=state, leg=leg, number=number),
    )


def settle_clock(*, rule: SettlingRule, asked_again: int, now: datetime) -> Clock:
    """When payments are asked again what became of it; each time twice as long, up to a day."""
    seconds = min(rule.answer_seconds << min(asked_again, 20), ANSWER_SECONDS_MAX)
    return Clock(ClockKind.SETTLE, now + timedelta(seconds=seconds), rule.id)


def settling_rule(remedy: Remedy, facts: Facts) -> SettlingRule:
    return facts.packs.by_hash(remedy.pack).remedies.settling


def settled_if_done(*, state: Remedies, remedy: int, facts: Facts) -> list[RemedySettled]:
    """That it is settled: all its money was sent, and nothing travels any more."""
    known = state.the_remedy(remedy)
    if known.goods_pending or known.waits_for_money:
        return []
    if any(leg.status not in _DONE for leg in known.legs):
        return []
    return [settled(state=state, remedy=known, facts=facts)]


def settled(*, state: Remedies, remedy: Remedy, facts: Facts) -> RemedySettled:
    """All that was owed was done; after a while it is forgotten but for what it gave."""
    rule = settling_rule(remedy, facts)
    contest = remedy.clock(ClockKind.CONTEST)
    closing_at = max(
        facts.now + timedelta(seconds=rule.closing_seconds),
        facts.now if contest is None else contest.due_at,
    )
    return RemedySettled(
        **state.about(remedy.number, facts.now),
        seconds=seconds_between(remedy.requested_at, facts.now),
        clock=Clock(ClockKind.CLOSING, closing_at, rule.id),
        released=unsent(remedy),
        transfers=() if remedy.settled_at else undone(state=state, remedy=remedy),
    )


def seconds_between(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))
