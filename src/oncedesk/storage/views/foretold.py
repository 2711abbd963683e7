"""What a desk's answer would come to: for whom, how much, at whose charge, open until when."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from oncedesk.domain.conversations.messages import MessagePosted
from oncedesk.domain.remedies.messages.asking import (
    CounterOfferMade,
    RemedyApproved,
    RemedyRefused,
)
from oncedesk.domain.remedies.messages.authorising import GrantDeclined, SecondPersonAsked
from oncedesk.domain.remedies.messages.contesting import RefundContested
from oncedesk.domain.remedies.messages.disputing import DecisionAsked, ObjectionMade
from oncedesk.domain.remedies.state import Remedy
from oncedesk.domain.remedies.words import ClockKind, Share
from oncedesk.domain.shared.records import Record


class ComesTo(StrEnum):
    """What an answer is, once it is given."""

    GRANTED = "granted"
    SECOND_PERSON = "second_person"
    NOT_YOURS_TO_GIVE = "not_yours_to_give"
    REFUSED = "refused"
    OFFERED = "offered"
    CONTESTED = "contested"
    OBJECTED = "objected"
    ANSWERED = "answered"
    NOTHING = "nothing"


class Foretold(Record, frozen=True):
    """What it would come to. `shares` is who bears what is given, or what is contested."""

    comes_to: ComesTo
    shares: tuple[Share, ...] = ()
    until: datetime | None = None


_SIGNS: Sequence[tuple[type, ComesTo]] = (
    (RemedyApproved, ComesTo.GRANTED),
    (SecondPersonAsked, ComesTo.SECOND_PERSON),
    (GrantDeclined, ComesTo.NOT_YOURS_TO_GIVE),
    (RemedyRefused, ComesTo.REFUSED),
    (CounterOfferMade, ComesTo.OFFERED),
    (RefundContested, ComesTo.CONTESTED),
    (ObjectionMade, ComesTo.OBJECTED),
    (MessagePosted, ComesTo.ANSWERED),
)
_ABOUT_WHAT_IS_GIVEN = (ComesTo.SECOND_PERSON, ComesTo.CONTESTED, ComesTo.OBJECTED)


def foretold(events: Sequence[Any], *, remedy: Remedy | None) -> Foretold:
    """What these events of an answer mean; `remedy` is as it stands before it."""
    for kind, comes_to in _SIGNS:
        found = next((one for one in events if isinstance(one, kind)), None)
        if found is not None:
            shares = getattr(found, "shares", ())
            if remedy is not None and comes_to in _ABOUT_WHAT_IS_GIVEN:
                shares = remedy.shares
            return Foretold(comes_to, shares, _until(comes_to, found, events))
    return Foretold(ComesTo.NOTHING)


def _until(comes_to: ComesTo, found: Any, events: Sequence[Any]) -> datetime | None:
    """When that is over which it starts for somebody else; a yes starts nothing of the kind."""
    if comes_to is ComesTo.OBJECTED:
        found = next((one for one in events if isinstance(one, DecisionAsked)), None)
    clock = getattr(found, "clock", None)
    if clock is None or (comes_to is ComesTo.GRANTED and clock.kind is not ClockKind.SHIP_BACK):
        return None
    until: datetime = clock.due_at
    return until
