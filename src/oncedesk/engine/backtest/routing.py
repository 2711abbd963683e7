"""Which desk a case came to, who answers for it, and which clocks began with that.

It is decided when a case is opened, when it comes back, and when the consumer says more clearly
what it is about. Whatever else moves a case people decide, or it follows from how long they took.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from oncedesk.domain.conversations.attribution import Parties
from oncedesk.domain.conversations.messages import (
    Attributed,
    CallBackOffered,
    Channel,
    ClockMoved,
    ClockStarted,
    ContactKind,
    Decided,
    ReopenCause,
    RoutedTo,
    Side,
)
from oncedesk.domain.conversations.opening import NewCase, settle
from oncedesk.domain.conversations.refining import refine
from oncedesk.domain.conversations.reopening import reopen
from oncedesk.domain.conversations.state import Case as CaseState
from oncedesk.domain.shared.decider import SYSTEM, Actor, Facts
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.domain.shared.rulepack import ClockKind, Pack
from oncedesk.engine.backtest.case_clocks import UNTOLD, Fate, moved_term, term
from oncedesk.engine.backtest.outcomes import Liable, Outcome

WORDS = ("desk", "cause", "liable", "skill", "language", "priority", "decided", "call_back")


class DeskThen(Record, frozen=True):
    """What a desk was like when the case came: of its state, what routing looks at."""

    open: bool
    staffed: bool
    staffed_from: datetime | None
    surge: bool
    oldest_wait_seconds: int


class Reopened(Record, frozen=True, array_like=True):
    """A resolved case came back."""

    case: CaseState
    cause: ReopenCause
    kind: ContactKind | None
    channel: Channel


class Refined(Record, frozen=True, array_like=True):
    """An unclear case turned out to be about this issue."""

    case: CaseState
    issue: str
    parties: Parties
    by: Actor


class Routing(Record, frozen=True):
    """The facts of one decision, and what became of it at the `desk` to which it came."""

    what: NewCase | Reopened | Refined
    at: datetime
    desks: Mapping[UUID, DeskThen]
    desk: Desk | None = None
    fates: Mapping[tuple[ClockKind, Side], Fate] = {}


def decide(facts: Routing, pack: Pack) -> Outcome:
    """Where it would have come to under this pack."""
    what = facts.what
    match what:
        case NewCase():
            events = settle(new=what, pack=pack, states=facts.desks, now=facts.at)
        case Reopened():
            events = reopen(
                case=what.case,
                cause=what.cause,
                kind=what.kind,
                channel=what.channel,
                pack=pack,
                facts=_facts(facts, SYSTEM),
            )
        case Refined():
            events = refine(
                case=what.case,
                issue=what.issue,
                parties=what.parties,
                pack=pack,
                facts=_facts(facts, what.by),
            )
        case _:
            assert_never(what)
    return outcome_of(events, facts.desk, facts.fates)


def _facts(facts: Routing, by: Actor) -> Facts:
    return Facts(now=facts.at, command_id=_NO_ID, actor=by, packs=_NO_PACKS, states=facts.desks)


class _NoPacks:
    """Whoever decides a case again is given the one pack that counts."""

    def current(self, market: str) -> Pack:
        raise AssertionError(market)

    by_hash = current


_NO_PACKS = _NoPacks()
_NO_ID = UUID(int=0)


def outcome_of(
    events: Sequence[Any], desk: Desk | None, fates: Mapping[tuple[ClockKind, Side], Fate]
) -> Outcome:
    """What these events say. `fates` tell of the clocks only if it is at this `desk`."""
    owner: Desk | None = None
    cause = liable = skill = language = priority = decided = call_back = ""
    shares: tuple[Liable, ...] = ()
    clocks: list[ClockStarted | ClockMoved] = []
    for event in events:
        kind = type(event)
        if kind is ClockStarted or kind is ClockMoved:
            clocks.append(event)
        elif kind is RoutedTo:
            owner, skill, language = event.desk, event.skill, event.language
            priority = str(event.priority)
        elif kind is Attributed:
            owner, cause = event.owner, event.cause.kind.value
            shares = tuple(Liable(one.who.kind.value, one.percent) for one in event.liable)
            liable = " ".join([f"{one.who}:{one.percent}" for one in shares])
        elif kind is Decided:
            decided = event.decision
        elif kind is CallBackOffered:
            call_back = "offered"
    assert owner is not None
    told = fates if owner == desk else {}
    return Outcome(
        (owner.kind.value, cause, liable, skill, language, priority, decided, call_back),
        tuple(
            [
                term(started=clock, fate=told.get((clock.clock, clock.side), UNTOLD))
                if isinstance(clock, ClockStarted)
                else moved_term(moved=clock, desk=owner.kind)
                for clock in clocks
            ]
        ),
        shares,
        (),
        owner.party if owner.kind is DeskKind.MERCHANT else None,
    )
