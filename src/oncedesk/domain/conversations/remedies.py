"""What becomes of a case's remedies: the consumer is told, and the recontact window waits for them.

It only ever notes, and is never refused: a case that is closed is only told in, and news that is
old leads to nothing.
"""

from datetime import timedelta

from oncedesk.domain.conversations import clocks
from oncedesk.domain.conversations.access import is_system
from oncedesk.domain.conversations.messages import (
    ConsumerTold,
    ConversationEvent,
    NoteRemedy,
    Notice,
    RemedyNoted,
    Side,
)
from oncedesk.domain.conversations.speaking import language_of, order_of
from oncedesk.domain.conversations.state import REMEDIES_KEPT_MAX, Case, Conversation
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.rulepack import ClockKind

_OF_A_WISH = frozenset(
    (
        Notice.REMEDY_ASKED,
        Notice.REMEDY_GRANTED,
        Notice.REMEDY_REFUSED,
        Notice.REMEDY_OFFERED,
    )
)
"""A remedy of which this is told was asked for; what comes by itself is told otherwise."""
NEWS_FOR = timedelta(days=1)
"""What happened longer ago is no news: it was recorded before anybody was told such things."""


def note_remedy(
    *, state: Conversation, command: NoteRemedy, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """Note whether it runs, move the window of a resolved case, and tell what is news."""
    if not is_system(facts):
        return NOT_ALLOWED
    if state.consumer != command.consumer:
        return []
    case = _case_of(state, command)
    number = _closed_case(state, command) if case is None else case.number
    events = [] if case is None else _noted(state, case, command, facts)
    is_news = facts.now - command.happened_at <= NEWS_FOR
    if number and command.notice is not None and is_news:
        events.append(
            ConsumerTold(
                case=number,
                at=facts.now,
                notice=command.notice,
                until=command.until,
                amount_minor=command.amount_minor,
                currency=command.currency,
                method=command.method,
                remedy=command.remedy,
                # What was spoken in a closed case is not kept.
                language=_language(state, facts) if case is None else "",
            )
        )
    return events


def _closed_case(state: Conversation, command: NoteRemedy) -> int:
    """The case in which it was asked for, where all are closed: the consumer still reads it. 0:
    there is none.
    """
    return command.case if command.case <= state.last_case else 0


def _language(state: Conversation, facts: Facts) -> str:
    order = order_of(subject=state.subject, consumer=state.consumer, states=facts.states)
    return language_of(state=state, order=order)


def _case_of(state: Conversation, command: NoteRemedy) -> Case | None:
    """The case that this remedy was asked for in; else the one in which it runs, as that was merged
    into it; else the newest that is open. Of a remedy that was asked for in a case that is gone,
    for instance merged before it was refused, the newest of all will do: it is one talk. A second
    person's own is taken only where there is no other.
    """
    if command.case:
        named = state.case(command.case)
        if named is not None:
            return named
        for case in state.cases:
            if command.remedy in case.remedies:
                return case
    cases = [case for case in reversed(state.cases) if case.is_open or command.case]
    return min(cases, key=lambda case: (not case.is_open, case.barred is not None), default=None)


def _noted(
    state: Conversation, case: Case, command: NoteRemedy, facts: Facts
) -> list[ConversationEvent]:
    known = command.remedy in case.remedies
    runs = known if command.runs is None else command.runs
    wished = command.notice in _OF_A_WISH
    if runs is known and (case.wished or not wished):
        return []
    if runs and not known and len(case.remedies) >= REMEDIES_KEPT_MAX:
        return []
    noted = RemedyNoted(
        case=case.number, at=facts.now, remedy=command.remedy, runs=runs, wished=wished
    )
    window = case.clock(ClockKind.RECONTACT, Side.CONSUMER)
    if runs or not known or window is None or len(case.remedies) > 1:
        return [noted]
    assert window.due_at is not None
    pack = facts.packs.by_hash(state.pack_of(window))
    until = clocks.window_until(pack=pack, since=command.happened_at)
    if until <= window.due_at:
        return [noted]
    return [noted, clocks.move_window(case=case, until=until, now=facts.now)]
