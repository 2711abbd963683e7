"""How a remedy came to where it is: dated steps, as codes that a page says in its own language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from oncedesk.domain.remedies.messages import (
    asking,
    authorising,
    changing,
    contesting,
    disputing,
    promising,
    refunding,
    returning,
)
from oncedesk.domain.remedies.messages.base import OfRemedy
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.http.shapes.dispute_seen import is_told
from oncedesk.http.shapes.orders import Minor
from oncedesk.http.shapes.remedies import RemedyNumber
from oncedesk.storage.views.readers import Reader


class Happened(StrEnum):
    """What happened to a remedy."""

    REQUESTED = "requested"
    COMPENSATED = "compensated"
    APPROVED = "approved"
    REFUSED = "refused"
    OFFERED = "offered"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_DECLINED = "offer_declined"
    TAKEN_OVER = "taken_over"
    HUMAN_ASKED = "human_asked"
    DISPUTED = "disputed"
    EVIDENCE_SHOWN = "evidence_shown"
    DECIDED = "decided"
    OBJECTED = "objected"
    REVERSED = "reversed"
    RETURN_PLACE_NAMED = "return_place_named"
    RETURN_LABELLED = "return_labelled"
    SENT_BACK = "sent_back"
    RECEIVED = "received"
    INSPECTED = "inspected"
    ACCEPTED_IN_PART = "accepted_in_part"
    RETURN_MISSED = "return_missed"
    RETURN_REOPENED = "return_reopened"
    RETURN_LOST = "return_lost"
    GOODS_SENT = "goods_sent"
    GOODS_ARRIVED = "goods_arrived"
    REFUND_INSTEAD = "refund_instead"
    REFUND_ASKED = "refund_asked"
    REFUND_SENT = "refund_sent"
    REFUND_CREDITED = "refund_credited"
    REFUND_FAILED = "refund_failed"
    REFUND_DROPPED = "refund_dropped"
    REFUND_SENT_TWICE = "refund_sent_twice"
    ROUTE_ASKED = "route_asked"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    WEIGHT_DIFFERED = "weight_differed"
    RISK_LIFTED = "risk_lifted"
    SECOND_PERSON_ASKED = "second_person_asked"
    GRANT_DECLINED = "grant_declined"
    CONTESTED = "contested"
    CONTEST_DECIDED = "contest_decided"
    CHARGE_FAILED = "charge_failed"
    CHARGED_LATE = "charged_late"
    CHANGE_REFUSED = "change_refused"


class HappenedShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step: what, when, and as far as it says so how much, by whom and why.

    `due_at` is until when what follows from it is to happen; a decision rests on `facts` and a
    `basis` (null: it was erased), and `objection` is how one objects to it.
    """

    at: Moment
    what: Happened
    amount_minor: Minor = 0
    method: str = ""
    by: str = ""
    reason: str = ""
    facts: tuple[str, ...] = ()
    outcome: str = ""
    basis: str | None = ""
    objection: str = ""
    due_at: Moment | None = None


class TimelineShape(msgspec.Struct, frozen=True, kw_only=True):
    """What has happened to one remedy, the earliest first."""

    number: RemedyNumber
    currency: str
    steps: Annotated[tuple[HappenedShape, ...], Meta(max_length=500)]


_TOLD_ALL: Mapping[type[OfRemedy], Happened] = {
    asking.RemedyRequested: Happened.REQUESTED,
    promising.BreachCompensated: Happened.COMPENSATED,
    promising.CompensationVoided: Happened.WITHDRAWN,
    asking.RemedyApproved: Happened.APPROVED,
    asking.RemedyRefused: Happened.REFUSED,
    asking.CounterOfferMade: Happened.OFFERED,
    asking.CounterOfferAccepted: Happened.OFFER_ACCEPTED,
    asking.CounterOfferDeclined: Happened.OFFER_DECLINED,
    asking.RemedyTakenOver: Happened.TAKEN_OVER,
    asking.HumanAsked: Happened.HUMAN_ASKED,
    asking.RemedyWithdrawn: Happened.WITHDRAWN,
    changing.ChargeFailed: Happened.CHARGE_FAILED,
    changing.ChargeTakenLate: Happened.CHARGED_LATE,
    changing.ChangeRefused: Happened.CHANGE_REFUSED,
    disputing.DisputeOpened: Happened.DISPUTED,
    disputing.EvidenceSubmitted: Happened.EVIDENCE_SHOWN,
    disputing.DisputeDecided: Happened.DECIDED,
    disputing.ObjectionMade: Happened.OBJECTED,
    returning.ReturnPlaceNamed: Happened.RETURN_PLACE_NAMED,
    returning.ReturnArranged: Happened.RETURN_LABELLED,
    returning.ReturnSent: Happened.SENT_BACK,
    returning.ReturnReceived: Happened.RECEIVED,
    returning.ReturnInspected: Happened.INSPECTED,
    returning.ReturnSplit: Happened.ACCEPTED_IN_PART,
    returning.ReturnMissed: Happened.RETURN_MISSED,
    returning.ReturnReopened: Happened.RETURN_REOPENED,
    returning.ReturnLost: Happened.RETURN_LOST,
    returning.GoodsSent: Happened.GOODS_SENT,
    returning.GoodsArrived: Happened.GOODS_ARRIVED,
    returning.RefundInstead: Happened.REFUND_INSTEAD,
    refunding.RefundRequested: Happened.REFUND_ASKED,
    refunding.RefundSent: Happened.REFUND_SENT,
    refunding.RefundCredited: Happened.REFUND_CREDITED,
    refunding.RefundFailed: Happened.REFUND_FAILED,
    refunding.RefundDropped: Happened.REFUND_DROPPED,
    refunding.RouteAsked: Happened.ROUTE_ASKED,
    refunding.RemedySettled: Happened.SETTLED,
    refunding.RemedyClosed: Happened.CLOSED,
}
_TOLD_DESKS: Mapping[type[OfRemedy], Happened] = {
    **_TOLD_ALL,
    returning.WeightDiffered: Happened.WEIGHT_DIFFERED,
    asking.RiskLifted: Happened.RISK_LIFTED,
    disputing.DecisionReversed: Happened.REVERSED,
    authorising.SecondPersonAsked: Happened.SECOND_PERSON_ASKED,
    authorising.GrantDeclined: Happened.GRANT_DECLINED,
    contesting.RefundContested: Happened.CONTESTED,
    contesting.ContestDecided: Happened.CONTEST_DECIDED,
    refunding.RefundSentTwice: Happened.REFUND_SENT_TWICE,
}
"""What desks have among themselves is not told to the consumer."""
_TOLD_ONE_DESK = (authorising.SecondPersonAsked, authorising.GrantDeclined)


def timeline_shape(
    events: Sequence[OfRemedy],
    *,
    remedy: int,
    currency: str,
    in_person: bool,
    reader: Reader,
    bases: Mapping[UUID, str | None],
) -> TimelineShape:
    """What of these events this reader may see; `bases` is what decisions rest on, by the ids."""
    told = _TOLD_ALL if in_person else _TOLD_DESKS
    return TimelineShape(
        number=remedy,
        currency=currency,
        steps=tuple(
            _step(event, told[type(event)], bases)
            for event in _seen(events, reader)
            if type(event) in told and not _is_repeated(event)
        ),
    )


def _seen(events: Sequence[OfRemedy], reader: Reader) -> Iterator[OfRemedy]:
    """Without what the people of other desks had yet to stand by; what a broken promise gives is
    given, and nobody had asked for it."""
    desk = None
    by_itself = any(isinstance(event, promising.BreachCompensated) for event in events)
    for event in events:
        if isinstance(event, authorising.AuthorityAsked):
            desk = event.desk
        if by_itself and isinstance(event, asking.RemedyRequested | asking.RemedyApproved):
            continue
        if not isinstance(event, _TOLD_ONE_DESK) or is_told(reader, desk):
            yield event


def _is_repeated(event: OfRemedy) -> bool:
    """Payments are asked until they answer; that is told once."""
    return isinstance(event, refunding.RefundRequested) and event.again


def bases_of(events: Iterable[OfRemedy]) -> Iterator[PrivateText]:
    """Where it stands what the decisions among these rest on."""
    for event in events:
        if isinstance(event, disputing.DisputeDecided) and event.text is not None:
            yield event.text


def _step(event: OfRemedy, what: Happened, bases: Mapping[UUID, str | None]) -> HappenedShape:
    # Events that say these things call them by the same names.
    clock = getattr(event, "clock", None)
    said = HappenedShape(
        at=event.at,
        what=what,
        amount_minor=getattr(event, "amount_minor", 0),
        by=str(getattr(event, "by", "") or getattr(event, "side", "")),
        reason=getattr(event, "reason", ""),
        facts=getattr(event, "facts", ()),
        outcome=str(getattr(event, "outcome", "")),
        basis=getattr(event, "basis", ""),
        objection=getattr(event, "objection", ""),
        due_at=getattr(event, "send_at", None) if clock is None else clock.due_at,
    )
    if isinstance(event, disputing.DisputeDecided) and event.text is not None:
        return msgspec.structs.replace(said, basis=bases.get(event.text.id))
    if isinstance(event, refunding.RefundRequested):
        return msgspec.structs.replace(
            said, amount_minor=event.leg.amount_minor, method=event.leg.method
        )
    return said
