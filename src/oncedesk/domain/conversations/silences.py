"""Since when the consumer waits for a person's word, told from a conversation's events: for who
answers for a desk, nothing else.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from oncedesk.domain.conversations.messages import (
    Audience,
    CallBackRequested,
    CaseResolved,
    CasesMerged,
    ClocksStopped,
    ClockStarted,
    ConversationEvent,
    MessagePosted,
    Side,
    StopReason,
)
from oncedesk.domain.conversations.state import RESPONSES, Case
from oncedesk.domain.shared.allowing import PEOPLE
from oncedesk.domain.shared.records import Record


class Spoken(Record, frozen=True):
    """Of one case. `since`: from then on a word is owed, as far as one is. `answered_at`: a person
    spoke to the consumer last; None: nobody ever has.
    """

    since: datetime | None = None
    answered_at: datetime | None = None


def is_owed(case: Case) -> bool:
    """Whether the consumer waits for a person's word: for an answer, or to be called."""
    if case.asked is not None:
        return False
    return case.call_back or any(clock.side is Side.CONSUMER for clock in case.responses)


def spoken(events: Iterable[ConversationEvent]) -> Mapping[int, Spoken]:
    """By case, after these events. An answer is owed as its clock has it, so no program's reply
    and nothing that was said before the case rested or was over makes anybody wait.
    """
    since: dict[int, datetime] = {}
    answered: dict[int, datetime] = {}
    for event in events:
        match event:
            case ClockStarted() if event.clock in RESPONSES and event.side is Side.CONSUMER:
                since.setdefault(event.case, event.at)
            case CallBackRequested():
                since.setdefault(event.case, event.at)
            case ClocksStopped() if event.reason is not StopReason.MERGED and any(
                one.clock in RESPONSES and one.side is Side.CONSUMER for one in event.clocks
            ):
                since.pop(event.case, None)
            case CaseResolved():
                since.pop(event.case, None)
            case CasesMerged():
                both = [since.pop(one, None) for one in (event.case, event.into)]
                if waits := [at for at in both if at is not None]:
                    since[event.into] = min(waits)
            case MessagePosted() if _is_answer(event):
                answered[event.case] = event.at
                since.pop(event.case, None)
            case _:
                pass
    return {
        number: Spoken(since.get(number), answered.get(number))
        for number in since.keys() | answered.keys()
    }


def _is_answer(event: MessagePosted) -> bool:
    """A person's words, or a call in which somebody was reached."""
    if event.automatic or event.author.role not in PEOPLE:
        return False
    reached = event.call is not None and event.call.seconds > 0
    return event.audience is Audience.CONSUMER or reached
