"""How the consumer found the service: theirs alone to say, once for each case; nothing follows.

It is no survey: nobody is picked, nothing is sent, and no case waits for it.
"""

from datetime import datetime, timedelta

from oncedesk.domain.conversations.access import is_consumer
from oncedesk.domain.conversations.messages import (
    ClosingReason,
    ConversationEvent,
    RateService,
    RatingReason,
    ServiceRated,
)
from oncedesk.domain.conversations.state import Case, ClosedCase, Conversation, LastRated
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.rulepack import Pack

NOT_RATED = frozenset(
    (ClosingReason.WITHDRAWN, ClosingReason.DUPLICATE, ClosingReason.DECIDED_ELSEWHERE)
)
"""Nobody served these to their end: the consumer left, or it went on or was decided elsewhere."""


def rate_service(
    *, state: Conversation, command: RateService, facts: Facts
) -> list[ConversationEvent] | Refusal:
    """The first time, or otherwise than before; saying the same again changes nothing."""
    if not is_consumer(consumer=command.consumer, facts=facts):
        return NOT_ALLOWED
    number, now = command.case, facts.now
    reasons = tuple(reason for reason in RatingReason if reason in command.reasons)
    case, last = _known(state, number), _last(state, number)
    if case and last and (case.score, last.reasons) == (command.score, reasons):
        return []
    pack = facts.packs.current(state.market)
    refused = why_not_rated(state=state, number=number, pack=pack, now=now)
    if refused is not None:
        return refused
    return [ServiceRated(case=number, at=now, score=command.score, reasons=reasons)]


def why_not_rated(*, state: Conversation, number: int, pack: Pack, now: datetime) -> Refusal | None:
    """Why the service in this case can not, or not any more, be rated; None where it can."""
    case, last, rule = _known(state, number), _last(state, number), pack.rating
    if case is None:
        return _TOO_LATE if number <= state.last_case else Refusal("case_unknown", field="case")
    reason = case.reason if isinstance(case, ClosedCase) else case.closing
    if reason is None:
        return Refusal("case_open", "a case that we say is over")
    if reason in NOT_RATED:
        return Refusal("rating_unfit", "a case that was served to its end", "case")
    if case.score:
        changes = last is not None and now < last.at + timedelta(seconds=rule.change_seconds)
        return None if changes else _FINAL
    if isinstance(case, ClosedCase) and now >= case.closed_at + timedelta(days=rule.days):
        return _TOO_LATE
    return None


def _known(state: Conversation, number: int) -> Case | ClosedCase | None:
    return state.case(number) or state.closed_case(number)


def _last(state: Conversation, number: int) -> LastRated | None:
    """When and why it was rated, if none was rated after it."""
    last = state.rated
    return last if last is not None and last.case == number else None


_FINAL = Refusal("rating_final", "it can be changed for a while, until another case is rated")
_TOO_LATE = Refusal("rating_over", "a case that has not been over for so long", "case")
