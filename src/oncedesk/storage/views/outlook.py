"""What a clock will do to a desk by itself, what it will cost, and which action prevents it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from oncedesk.domain.conversations.messages import (
    Decided,
    ObligationMissed,
    PartyReminded,
    ReferralEnded,
    Reminded,
    Side,
    TakenOver,
)
from oncedesk.domain.conversations.state import Case
from oncedesk.domain.conversations.state import Clock as CaseClock
from oncedesk.domain.remedies.messages.asking import (
    CounterOfferDeclined,
    RemedyApproved,
    RemedyTakenOver,
)
from oncedesk.domain.remedies.messages.disputing import DecisionAsked, DisputeDecided
from oncedesk.domain.remedies.messages.returning import RefundInstead, ReturnInspected
from oncedesk.domain.remedies.state import Remedy
from oncedesk.domain.remedies.words import Clock, ClockKind, Share
from oncedesk.domain.shared import rulepack
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk


class Then(StrEnum):
    """What happens by itself, told by the most that comes of it."""

    GRANTED = "granted"
    MONEY_INSTEAD = "money_instead"
    GOODS_ACCEPTED = "goods_accepted"
    DECIDED = "decided"
    TAKEN_OVER = "taken_over"
    DISPUTED = "disputed"
    PLATFORM_DECIDES = "platform_decides"
    LAPSED = "lapsed"
    REMINDED = "reminded"
    GOES_ON = "goes_on"


class Action(StrEnum):
    """What the desk does so that it does not come to this."""

    ANSWER = "answer"
    RESOLVE = "resolve"
    ANSWER_REFERRAL = "answer_referral"
    GRANT = "grant"
    REFUSE = "refuse"
    OFFER = "offer"
    SHOW_EVIDENCE = "show_evidence"
    INSPECT = "inspect"
    NAME_PLACE = "name_place"
    SEND_OUT = "send_out"
    SECOND_PERSON = "second_person"


class Outlook(Record, frozen=True):
    """What comes at `at`: `amount_minor` for the consumer, of it `own_minor` at this desk's charge.

    `decision` is what a case's rule decides. `missed`: it is recorded as something that this desk
    did not do in time.
    """

    at: datetime
    then: Then
    amount_minor: int = 0
    own_minor: int = 0
    currency: str = ""
    decision: str = ""
    missed: bool = False
    prevented_by: tuple[Action, ...] = ()


_COMES_TO: Sequence[tuple[type, Then]] = (
    (RefundInstead, Then.MONEY_INSTEAD),
    (ReturnInspected, Then.GOODS_ACCEPTED),
    (RemedyApproved, Then.GRANTED),
    (DisputeDecided, Then.DECIDED),
    (Decided, Then.DECIDED),
    (TakenOver, Then.TAKEN_OVER),
    (RemedyTakenOver, Then.TAKEN_OVER),
    (DecisionAsked, Then.PLATFORM_DECIDES),
    (CounterOfferDeclined, Then.DISPUTED),
    (ReferralEnded, Then.LAPSED),
)
"""The first of these that is among the events is what is told."""

_CASE_ACTIONS: Mapping[rulepack.ClockKind, tuple[Action, ...]] = {
    rulepack.ClockKind.FIRST_RESPONSE: (Action.ANSWER,),
    rulepack.ClockKind.NEXT_RESPONSE: (Action.ANSWER,),
    rulepack.ClockKind.RESOLUTION: (Action.RESOLVE,),
}
_REMEDY_ACTIONS: Mapping[ClockKind, tuple[Action, ...]] = {
    ClockKind.ANSWER: (Action.GRANT, Action.REFUSE, Action.OFFER),
    ClockKind.EVIDENCE: (Action.SHOW_EVIDENCE,),
    ClockKind.INSPECTION: (Action.INSPECT,),
    ClockKind.RETURN_PLACE: (Action.NAME_PLACE,),
    ClockKind.SHIP_OUT: (Action.SEND_OUT,),
    ClockKind.AUTHORITY: (Action.SECOND_PERSON,),
}


def next_clock(case: Case, desk: Desk) -> CaseClock | None:
    """The clock of an open case that runs out next for this desk; None where nothing runs. For one
    that was asked it is that of its answer, which concerns nobody else.
    """
    asked = case.referral is not None and case.referral.desk == desk != case.owner
    running = [
        clock
        for clock in case.clocks
        if clock.due_at is not None and (clock.side is Side.REFERRAL) is asked
    ]
    return min(running, key=lambda clock: (clock.due_at, clock.side), default=None)


def case_outlook(
    *, desk: Desk, case: Case, clock: CaseClock, events: Sequence[Any], currency: str
) -> Outlook:
    """What these events, which follow when the clock runs out, mean for the desk."""
    assert clock.due_at is not None
    own = [
        one
        for one in events
        if getattr(one, "case", case.number) == case.number
        and not (isinstance(one, PartyReminded | ReferralEnded) and one.desk != desk)
    ]
    if clock.side is Side.REFERRAL:
        actions: tuple[Action, ...] = (Action.ANSWER_REFERRAL,)
    else:
        actions = _CASE_ACTIONS.get(clock.kind, ())
    return _outlook(
        desk=desk, at=clock.due_at, events=own, actions=actions, currency=currency, kept=()
    )


def remedy_outlook(
    *, desk: Desk, remedy: Remedy, clock: Clock, events: Sequence[Any], currency: str
) -> Outlook:
    """What these events, which follow when the clock runs out, mean for the desk."""
    own = [one for one in events if getattr(one, "remedy", 0) == remedy.number]
    actions = _REMEDY_ACTIONS.get(clock.kind, ())
    return _outlook(
        desk=desk,
        at=clock.due_at,
        events=own,
        actions=actions,
        currency=currency,
        kept=() if remedy.is_paid else remedy.shares,
    )


def _outlook(
    *,
    desk: Desk,
    at: datetime,
    events: Sequence[Any],
    actions: tuple[Action, ...],
    currency: str,
    kept: tuple[Share, ...],
) -> Outlook:
    kinds = {type(one) for one in events}
    then = next((then for kind, then in _COMES_TO if kind in kinds), None)
    if then is None:
        then = Then.REMINDED if _reminds(events) else Then.GOES_ON
    shares = _given(events, kept)
    return Outlook(
        at=at,
        then=then,
        amount_minor=sum(share.minor for share in shares),
        own_minor=sum(share.minor for share in shares if share.party == desk.party),
        currency=currency if shares else "",
        decision=next((one.decision for one in events if isinstance(one, Decided)), ""),
        missed=any(isinstance(one, ObligationMissed) and one.desk == desk for one in events),
        prevented_by=actions,
    )


def _reminds(events: Iterable[Any]) -> bool:
    return any(isinstance(one, PartyReminded) and one.who is Reminded.DESK for one in events)


def _given(events: Sequence[Any], kept: tuple[Share, ...]) -> Sequence[Share]:
    """Who bears what the consumer gets by it; `kept` is as it stood when goods count."""
    for kind in (RemedyApproved, RefundInstead, DisputeDecided):
        found = [one for one in events if isinstance(one, kind)]
        if found:
            return [share for one in found for share in one.shares]
    return kept if any(isinstance(one, ReturnInspected) for one in events) else ()
