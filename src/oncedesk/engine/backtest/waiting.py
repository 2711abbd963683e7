"""The clocks that begin while a case is under way.

They begin when an answer is owed again, when a case goes to a desk or a desk is asked, when the
consumer is asked, and when a case is resolved. Who had the case then is taken as it was.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from oncedesk.domain.conversations import clocks
from oncedesk.domain.conversations.asking import start_reply
from oncedesk.domain.conversations.messages import ClockStarted, Side
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind, Kind
from oncedesk.domain.shared.rulepack import ClockKind, Pack
from oncedesk.engine.backtest.case_clocks import Fate, fate_of, term
from oncedesk.engine.backtest.outcomes import Outcome
from oncedesk.engine.backtest.questions import Case, Past, Question, Reason, Seen, Step, Unknown
from oncedesk.engine.backtest.routed import routes_by_rule
from oncedesk.engine.ports import Unreadable


class Waiting(Record, frozen=True, array_like=True):
    """What a clock's length follows from, and how the clock ended."""

    clock: ClockKind
    side: Side
    desk: Desk | None
    issue: str
    repeat: bool
    reminders: int
    at: datetime
    fate: Fate
    seconds_max: int | None = None


def decide(facts: Waiting, pack: Pack) -> Outcome:
    """The deadline under this pack; none where it sets no such limit."""
    number, now = 1, facts.at
    if facts.clock is ClockKind.RECONTACT:
        started = [clocks.start_window(number=number, pack=pack, now=now)]
    elif facts.clock is ClockKind.REPLY:
        started = [start_reply(number=number, pack=pack, now=now, reminders=facts.reminders)]
    else:
        started = clocks.start(
            number=number,
            issue=facts.issue,
            repeat=facts.repeat,
            pack=pack,
            kind=facts.clock,
            side=facts.side,
            desk=facts.desk,
            now=now,
            reminders=facts.reminders,
            seconds_max=facts.seconds_max,
        )
    return _outcome(started, facts)


def _outcome(started: Sequence[ClockStarted], facts: Waiting) -> Outcome:
    desk = facts.desk
    return Outcome(
        (),
        tuple([term(started=clock, fate=facts.fate) for clock in started]),
        (),
        (),
        desk.party if desk is not None and desk.kind is DeskKind.MERCHANT else None,
    )


def _decides(events: Sequence[Any]) -> bool:
    return any(type(event) is ClockStarted for event in events) and not routes_by_rule(events)


def _cases(step: Step, _seen: Seen, past: Past) -> Iterable[Case | Unknown]:
    events = step.entry.events
    assert not isinstance(events, Unreadable)
    for started in events:
        if not isinstance(started, ClockStarted):
            continue
        if started.clock is ClockKind.FOLLOW_UP:
            yield Unknown(Reason.PEOPLE)
        else:
            yield _case(started, step, past)


def _case(started: ClockStarted, step: Step, past: Past) -> Case:
    state: Conversation = step.after
    before: Conversation = step.before
    case = state.case(started.case) or before.case(started.case)
    assert case is not None
    facts = Waiting(
        started.clock,
        started.side,
        started.desk,
        case.issue,
        case.reopens > 0,
        started.reminders,
        started.at,
        fate_of(started=started, step=step, past=past),
        started.seconds_max,
    )
    number = f"{started.case}/{started.clock}/{started.side}"
    return Case(
        key=derived_id("waiting", step.entry.command_id, number),
        stream=past.ref.id,
        version=step.entry.version,
        at=started.at,
        market=state.market,
        pack=started.pack,
        merchant=state.merchant,
        facts=facts,
        recorded=_outcome((started,), facts),
    )


WAITING = Question(
    name="waiting",
    about="a clock that began while a case was under way",
    kind=Kind.CONVERSATION,
    words=(),
    sees=frozenset(),
    decides=_decides,
    cases=_cases,
    decide=decide,
)
