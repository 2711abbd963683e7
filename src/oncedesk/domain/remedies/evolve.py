"""How each event changes what is known of an order's remedies. Never refuses."""

from collections.abc import Sequence
from typing import assert_never

from msgspec.structs import replace

from oncedesk.domain.remedies.journeying import rest_of, travelled
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.asking import (
    AnswerOverdue,
    BooksOpened,
    ClockWarned,
    CounterOfferAccepted,
    CounterOfferDeclined,
    CounterOfferMade,
    HumanAsked,
    RemedyApproved,
    RemedyRefused,
    RemedyRequested,
    RemedyTakenOver,
    RemedyWithdrawn,
    RiskLifted,
)
from oncedesk.domain.remedies.messages.authorising import (
    AuthorisingEvent,
    AuthorityAsked,
    GrantDeclined,
    SecondPersonAsked,
)
from oncedesk.domain.remedies.messages.casework import GrantImpossible
from oncedesk.domain.remedies.messages.changing import (
    CancellationRequested,
    ChangeMade,
    ChangeRefused,
    ChangeRequested,
    ChargeFailed,
    ChargeRequested,
    ChargeTaken,
)
from oncedesk.domain.remedies.messages.contesting import ContestDecided, ContestingEvent
from oncedesk.domain.remedies.messages.disputing import (
    DecisionAsked,
    DecisionReversed,
    DisputeDecided,
    DisputeOpened,
    DisputingEvent,
    EvidenceSubmitted,
    ObjectionLapsed,
    ObjectionMade,
    Outcome,
    Side,
)
from oncedesk.domain.remedies.messages.funding import (
    ChargeApplied,
    ChargeWanted,
    FundingApplied,
    FundingDelayed,
    FundingWanted,
    MoneyReturned,
    PayoutRecorded,
)
from oncedesk.domain.remedies.messages.promising import (
    BearersChanged,
    BreachCompensated,
    CompensationCapped,
    CompensationVoided,
    PriceFell,
)
from oncedesk.domain.remedies.messages.refunding import (
    ClosingPutOff,
    OutsideRecorded,
    RefundCredited,
    RefundFailed,
    RefundRequested,
    RefundSent,
    RemedyClosed,
    RemedySettled,
    RouteAsked,
)
from oncedesk.domain.remedies.messages.returning import ReturningEvent, ReturnSplit
from oncedesk.domain.remedies.state import (
    CLOSED_MAX,
    CLOSED_WITH_LEGS,
    Approval,
    ClosedLeg,
    ClosedRemedy,
    Compensated,
    CounterOffer,
    Dispute,
    Given,
    LastPayout,
    Outside,
    Protected,
    Remedies,
    Remedy,
)
from oncedesk.domain.remedies.taking import added, with_shipping
from oncedesk.domain.remedies.words import (
    ChargeStatus,
    Clock,
    ClockKind,
    LegStatus,
    Line,
    RefundStatus,
    Status,
)
from oncedesk.domain.shared.ledger import Phase, posted, still_pending

_OUTLAST = (
    ClockKind.OBJECTION,
    ClockKind.EVIDENCE,
    ClockKind.DECISION,
    ClockKind.CONTEST,
)
"""What may still run when all that was owed was done."""


def evolve(state: Remedies | None, event: RemedyEvent) -> Remedies:
    """What is known after this event."""
    if isinstance(event, BooksOpened):
        opened = Remedies(
            consumer=event.consumer,
            order=event.order,
            market=event.market,
            currency=event.currency,
            pack=event.pack,
            placed_at=event.placed_at,
            paid=event.paid,
            creator=event.creator,
        )
        return _moved(opened, event)
    assert state is not None, "the books are opened first"
    state = _moved(state, event)
    match event:
        case OutsideRecorded():
            told = Outside(event.id, event.kind, event.amount_minor, event.payment)
            return replace(state, outside=(*state.outside, told))
        case PayoutRecorded():
            paid_out = tuple(one for one in state.payouts if one.part != event.part)
            return replace(state, payouts=(*paid_out, LastPayout(event.part, event.id)))
        case MoneyReturned():
            return state
        case RemedyRequested():
            return replace(_requested(state, event), numbered=event.remedy)
        case RemedyClosed():
            return _closed(state, event.remedy, None)
        case RemedyWithdrawn():
            return _closed(state, event.remedy, Status.WITHDRAWN)
        case RefundCredited() if state.remedy(event.remedy) is None:
            return _credited_late(state, event)
        case ChargeFailed() if _known(state, event.remedy).kind.changes:
            return _closed(state, event.remedy, Status.WITHDRAWN)
        case CancellationRequested() | GrantImpossible():
            return state
        case RemedyApproved() if not _known(state, event.remedy).kind.changes:
            state = _granted(state, event.remedy)
        case ChangeMade():
            # Until then it may still come to nothing, and nothing else happens.
            state = _granted(state, event.remedy)
        case PriceFell():
            others = (
                one for one in state.protected if (one.part, one.item) != (event.part, event.item)
            )
            now = Protected(event.part, event.item, event.unit_price_minor)
            return replace(state, protected=(*others, now))
        case BreachCompensated() | CompensationCapped() | CompensationVoided() | BearersChanged():
            return _compensated(state, event)
        case ReturnSplit():
            state = replace(
                state.with_remedy(rest_of(_known(state, event.remedy), event)), numbered=event.rest
            )
        case ContestDecided():
            state = replace(state, owed_minor=state.owed_minor + event.debt_minor)
        case _:
            pass
    before = _known(state, event.remedy)
    after = _changed(before, event)
    return _refunded(state, before, after).with_remedy(after)


def evolved(state: Remedies | None, events: Sequence[RemedyEvent]) -> Remedies:
    """What is known after all of these events; there is at least one."""
    for event in events:
        state = evolve(state, event)
    assert state is not None
    return state


def _granted(state: Remedies, number: int) -> Remedies:
    """With the kind of this remedy among those that were granted."""
    kind = _known(state, number).kind
    return state if kind in state.granted else replace(state, granted=(*state.granted, kind))


def _known(state: Remedies, number: int) -> Remedy:
    remedy = state.remedy(number)
    assert remedy is not None
    return remedy


def _requested(state: Remedies, event: RemedyRequested) -> Remedies:
    remedy = Remedy(
        number=event.remedy,
        kind=event.kind,
        reason=event.reason,
        status=Status.REQUESTED,
        requested_at=event.at,
        rule=event.rule,
        pack=event.pack,
        lines=event.lines,
        amount_minor=event.amount_minor,
        shipping_minor=event.shipping_minor,
        shares=event.shares,
        desk=event.desk,
        case=event.case,
        agent=event.agent,
        speed=event.speed,
        replacements=event.replacements,
        difference_minor=event.difference_minor,
        method=event.method,
        goodwill=event.goodwill,
        route=event.route,
        address=event.address,
        otherwise=event.otherwise,
        speed_reason=event.speed_reason,
        evidence_wanted=event.evidence_wanted,
        human=event.human,
        takes_over=event.takes_over,
    )
    return state.with_remedy(remedy.with_clock(event.clock))


def _changed(
    remedy: Remedy,
    event: RemedyApproved
    | RemedyRefused
    | CounterOfferMade
    | CounterOfferAccepted
    | CounterOfferDeclined
    | ClockWarned
    | RemedyTakenOver
    | HumanAsked
    | AnswerOverdue
    | RiskLifted
    | RefundRequested
    | RefundSent
    | RefundCredited
    | RefundFailed
    | RouteAsked
    | RemedySettled
    | ChargeWanted
    | ChargeApplied
    | FundingWanted
    | FundingApplied
    | FundingDelayed
    | ClosingPutOff
    | ChargeRequested
    | ChargeTaken
    | ChargeFailed
    | ChangeRequested
    | ChangeMade
    | ChangeRefused
    | AuthorisingEvent
    | DisputingEvent
    | ReturningEvent
    | ContestingEvent,
) -> Remedy:
    if isinstance(event, ReturningEvent | ContestingEvent):
        return travelled(remedy, event)
    match event:
        case AuthorityAsked() | SecondPersonAsked() | GrantDeclined():
            return _authorised(remedy, event)
        case (
            DisputeOpened()
            | EvidenceSubmitted()
            | DecisionAsked()
            | DisputeDecided()
            | ObjectionMade()
            | DecisionReversed()
            | ObjectionLapsed()
        ):
            return _disputed(remedy, event)
        case (
            ChargeRequested()
            | ChargeTaken()
            | ChargeFailed()
            | ChangeRequested()
            | ChangeMade()
            | ChangeRefused()
        ):
            return _changing(remedy, event)
        case ClosingPutOff():
            return remedy.with_clock(event.clock)
        case RemedyApproved():
            approved = replace(
                remedy,
                status=Status.APPROVED,
                amount_minor=event.amount_minor,
                shares=event.shares,
                desk=None,
                approval=None,
                counter_offer=None,
            )
            return approved.with_clocks_only(ClockKind.OBJECTION).with_clock(event.clock)
        case RemedyRefused():
            refused = replace(remedy, status=Status.REFUSED, desk=None, counter_offer=None)
            return refused.without_clocks().with_clock(event.clock)
        case CounterOfferMade():
            offer = CounterOffer(
                event.wish, event.lines, event.amount_minor, event.shares, event.rule
            )
            offered = replace(remedy, counter_offer=offer)
            return offered.without_clocks(ClockKind.ANSWER).with_clock(event.clock)
        case CounterOfferAccepted():
            return _as_offered(remedy)
        case CounterOfferDeclined():
            return replace(remedy, counter_offer=None).without_clocks(ClockKind.COUNTER_OFFER)
        case ClockWarned():
            return _warned(remedy, event.kind)
        case RemedyTakenOver():
            return replace(remedy, desk=event.desk).with_clock(event.clock)
        case HumanAsked():
            asked = replace(remedy, desk=event.desk, human=True, counter_offer=None, approval=None)
            return asked.without_clocks().with_clock(event.clock)
        case AnswerOverdue():
            return replace(remedy, overdue=event.times).with_clock(event.clock)
        case RiskLifted():
            return replace(remedy, speed=event.speed, speed_reason="lifted")
        case RefundRequested():
            leg = replace(
                event.leg,
                requested_at=event.leg.requested_at or event.at,
                asked_again=event.leg.asked_again + event.again,
            )
            status = remedy.status if remedy.goods_pending else Status.SETTLING
            settling = _answered(replace(remedy, status=status).with_leg(leg))
            return settling.without_clocks(ClockKind.HOLD, ClockKind.FUNDING).with_clock(
                event.clock
            )
        case RefundSent():
            sent = _leg_is(remedy, event.leg, LegStatus.SENT)
            leg_sent = sent.leg(event.leg)
            assert leg_sent is not None
            return _answered(sent.with_leg(replace(leg_sent, sent_at=event.sent_at)))
        case RefundCredited():
            return _with_refund(_leg_is(remedy, event.leg, LegStatus.CREDITED))
        case RefundFailed():
            leg_failed = remedy.leg(event.leg)
            assert leg_failed is not None
            ended = LegStatus.REPLACED if leg_failed.route else LegStatus.FAILED
            return _answered(_leg_is(remedy, event.leg, ended))
        case RouteAsked():
            status = remedy.status if remedy.goods_pending else Status.SETTLING
            asked = replace(remedy, status=status, route_asked=event.times)
            asked = asked if event.leg is None else asked.with_leg(event.leg)
            return _with_refund(asked).with_clock(event.clock)
        case RemedySettled():
            settled = replace(remedy, status=Status.SETTLED, settled_at=event.at)
            return settled.with_clocks_only(*_OUTLAST).with_clock(event.clock)
        case ChargeWanted():
            wanted = replace(
                remedy,
                asked_of=event.charges,
                sources=event.sources,
                fund_minor=0,
                send_minor=event.send_minor,
            )
            return wanted.without_clocks(ClockKind.HOLD).with_clock(event.clock)
        case ChargeApplied():
            left = tuple(
                one
                for one in remedy.asked_of
                if (one.payer, one.party) != (event.payer, event.party)
            )
            return replace(remedy, asked_of=left, sources=(*remedy.sources, *event.sources))
        case FundingWanted():
            wanted = replace(
                remedy,
                asked_of=(),
                sources=event.sources,
                fund_minor=event.amount_minor,
                send_minor=event.send_minor,
            )
            return wanted.without_clocks(ClockKind.HOLD).with_clock(event.clock)
        case FundingApplied():
            applied = replace(
                remedy,
                asked_of=(),
                sources=event.sources,
                fund_minor=0,
                send_minor=event.send_minor,
            )
            return applied.without_clocks(ClockKind.HOLD)
        case FundingDelayed():
            return remedy.with_clock(event.clock)
        case _:
            assert_never(event)


def _changing(
    remedy: Remedy,
    event: ChargeRequested
    | ChargeTaken
    | ChargeFailed
    | ChangeRequested
    | ChangeMade
    | ChangeRefused,
) -> Remedy:
    match event:
        case ChargeRequested():
            asked_again = event.charge.asked_again + event.again
            charge = replace(event.charge, asked_again=asked_again)
            return _under_way(replace(remedy, charge=charge)).with_clock(event.clock)
        case ChargeTaken():
            assert remedy.charge is not None
            taken = replace(remedy.charge, status=ChargeStatus.TAKEN)
            return replace(remedy, charge=taken).without_clocks(ClockKind.CHARGE)
        case ChangeRequested():
            return _under_way(remedy).with_clock(event.clock)
        case ChargeFailed():
            return replace(remedy, charge=None).without_clocks(ClockKind.CHARGE)
        case ChangeMade():
            return remedy.without_clocks(ClockKind.CHANGE)
        case ChangeRefused():
            undone = replace(
                remedy, undone=True, amount_minor=event.amount_minor, shares=event.shares, lines=()
            )
            return undone.without_clocks(ClockKind.CHANGE)
        case _:
            assert_never(event)


def _under_way(remedy: Remedy) -> Remedy:
    """A change settles from its first step on; how far goods are, their journey says."""
    return replace(remedy, status=Status.SETTLING) if remedy.kind.changes else remedy


def _authorised(remedy: Remedy, event: AuthorisingEvent) -> Remedy:
    approval = remedy.approval
    match event:
        case AuthorityAsked(second=False):
            asked = replace(remedy, approval=Approval(event.agent, event.by, event.agent))
            return asked.with_clock(event.clock)
        case AuthorityAsked():
            assert approval is not None
            again = replace(approval, asked=event.agent, second=event.agent)
            return replace(remedy, approval=again).with_clock(event.clock)
        case SecondPersonAsked():
            assert approval is not None
            waiting = replace(remedy, approval=replace(approval, asked=None))
            return waiting.with_clock(event.clock)
        case GrantDeclined():
            return replace(remedy, approval=None).without_clocks(ClockKind.AUTHORITY)
        case _:
            assert_never(event)


def _disputed(remedy: Remedy, event: DisputingEvent) -> Remedy:
    if isinstance(event, DisputeOpened):
        dispute = Dispute(remedy.lines, remedy.amount_minor)
        opened = replace(remedy, status=Status.REQUESTED, desk=event.desk, dispute=dispute)
        return opened.without_clocks().with_clock(event.clock)
    known = remedy.dispute
    assert known is not None
    match event:
        case EvidenceSubmitted():
            count = len(event.digests)
            if event.side is Side.CONSUMER:
                more = replace(known, consumer_evidence=known.consumer_evidence + count)
            else:
                more = replace(known, merchant_evidence=known.merchant_evidence + count)
            return replace(remedy, dispute=more)
        case DecisionAsked():
            asked = replace(remedy, desk=event.desk)
            return asked.without_clocks(ClockKind.EVIDENCE).with_clock(event.clock)
        case DisputeDecided():
            return _decided(remedy, known, event)
        case ObjectionMade():
            objected = replace(remedy, dispute=replace(known, objected=event.side))
            return objected.without_clocks(ClockKind.OBJECTION)
        case DecisionReversed():
            return remedy
        case ObjectionLapsed():
            return remedy.without_clocks(ClockKind.OBJECTION)
        case _:
            assert_never(event)


def _decided(remedy: Remedy, dispute: Dispute, event: DisputeDecided) -> Remedy:
    """What was given stays given; else the remedy is from now on what was decided."""
    after = replace(
        remedy,
        desk=None,
        approval=None,
        dispute=replace(dispute, outcome=event.outcome, decided_by=event.agent),
    ).without_clocks(ClockKind.EVIDENCE, ClockKind.DECISION, ClockKind.AUTHORITY)
    after = after.with_clock(event.clock)
    if remedy.is_granted and event.amount_minor <= remedy.amount_minor:
        return after
    if event.outcome is Outcome.REFUSED:
        return replace(after, status=Status.REFUSED)
    return replace(
        after,
        lines=event.lines,
        amount_minor=event.amount_minor,
        shipping_minor=_besides(event.lines, event.amount_minor),
        shares=event.shares,
        otherwise=(),
    )


def _besides(lines: tuple[Line, ...], amount_minor: int) -> int:
    """What of an amount is for no line: what was paid for shipping."""
    return max(0, amount_minor - sum(line.amount_minor for line in lines))


def _as_offered(remedy: Remedy) -> Remedy:
    offer = remedy.counter_offer
    assert offer is not None
    return replace(
        remedy,
        kind=offer.wish.kind,
        reason=offer.wish.reason,
        lines=offer.lines,
        amount_minor=offer.amount_minor,
        shipping_minor=_besides(offer.lines, offer.amount_minor),
        shares=offer.shares,
        rule=offer.rule,
        replacements=offer.wish.replacements,
        method=offer.wish.method,
        otherwise=(),
        takes_over=False,
        counter_offer=None,
    ).without_clocks(ClockKind.COUNTER_OFFER)


def _warned(remedy: Remedy, kind: str) -> Remedy:
    clocks = tuple(
        Clock(one.kind, one.due_at, one.rule) if one.kind == kind else one for one in remedy.clocks
    )
    return replace(remedy, clocks=clocks)


def _leg_is(remedy: Remedy, number: int, status: LegStatus) -> Remedy:
    leg = remedy.leg(number)
    assert leg is not None
    return remedy.with_leg(replace(leg, status=status))


def _answered(remedy: Remedy) -> Remedy:
    """With no clock but for what payments, or whoever names a route, have not answered yet."""
    statuses = {leg.status for leg in remedy.legs}
    if LegStatus.REQUESTED not in statuses:
        remedy = remedy.without_clocks(ClockKind.SETTLE)
    if LegStatus.FAILED not in statuses:
        remedy = replace(remedy, route_asked=0).without_clocks(ClockKind.ROUTE)
    return _with_refund(remedy)


def _with_refund(remedy: Remedy) -> Remedy:
    """With the refund status that its legs together have."""
    left = [leg.status for leg in remedy.legs if leg.status is not LegStatus.REPLACED]
    if not left:
        return replace(remedy, refund=RefundStatus.NONE)
    if LegStatus.FAILED in left:
        return replace(remedy, refund=RefundStatus.FAILED)
    if LegStatus.REQUESTED in left:
        return replace(remedy, refund=RefundStatus.REQUESTED)
    credited = all(status is LegStatus.CREDITED for status in left)
    return replace(remedy, refund=RefundStatus.CREDITED if credited else RefundStatus.SENT)


def _refunded(state: Remedies, before: Remedy, after: Remedy) -> Remedies:
    """With what this remedy's legs take from the order's payments now, in the place of before."""
    if before.legs == after.legs:
        return state
    refunded = list(state.refunded)
    for remedy, sign in ((before, -1), (after, 1)):
        for leg in remedy.legs if remedy.counts else ():
            if leg.counts and not leg.beyond:
                refunded += [0] * (leg.place - len(refunded))
                refunded[leg.place - 1] += sign * leg.amount_minor
    return replace(state, refunded=tuple(refunded))


def _compensated(
    state: Remedies,
    event: BreachCompensated | CompensationCapped | CompensationVoided | BearersChanged,
) -> Remedies:
    """With what this breach gives and who bears it."""
    if isinstance(event, CompensationCapped):
        return state
    breached, number = event.breached, event.remedy
    others = tuple(one for one in state.compensated if one.remedy != number)
    match event:
        case BreachCompensated():
            now = Compensated(
                breached.promise,
                breached.breach,
                breached.part,
                number,
                event.amount_minor,
                event.shares,
            )
            return replace(state, compensated=(*others, now))
        case CompensationVoided():
            return replace(_closed(state, number, Status.WITHDRAWN), compensated=others)
        case BearersChanged():
            compensated = tuple(
                replace(one, shares=event.shares, corrected=event.corrected)
                if one.remedy == number
                else one
                for one in state.compensated
            )
            return _borne(replace(state, compensated=compensated), event)
        case _:
            assert_never(event)


def _borne(state: Remedies, event: BearersChanged) -> Remedies:
    """What is on its way is taken from them by the transfer that is pending now."""
    remedy = state.remedy(event.remedy)
    if remedy is None:
        return state
    pending = [one.number for one in event.transfers if one.phase is Phase.PENDING]
    legs = tuple(
        replace(leg, transfer=pending[0] if pending else leg.transfer, taken=event.taken)
        if leg.counts
        else leg
        for leg in remedy.legs
    )
    return state.with_remedy(replace(remedy, shares=event.shares, legs=legs, sources=()))


def _credited_late(state: Remedies, event: RefundCredited) -> Remedies:
    over = state.over(event.remedy)
    assert over is not None
    legs = tuple(
        replace(one, credited=True) if one.number == event.leg else one for one in over.legs
    )
    closed = tuple(
        replace(one, legs=legs) if one.number == event.remedy else one for one in state.closed
    )
    return replace(state, closed=closed)


def _closed(state: Remedies, number: int, status: Status | None) -> Remedies:
    """Forget a remedy but for what it gave."""
    remedy = _known(state, number)
    unmet = remedy.status in (Status.REFUSED, Status.WITHDRAWN)
    last = status or (remedy.status if unmet else Status.CLOSED)
    if remedy.undone:
        last = Status.REFUSED
    over = ClosedRemedy(
        number,
        remedy.kind,
        last,
        remedy.amount_minor if last is Status.CLOSED else 0,
        remedy.requested_at,
        remedy.settled_at,
        remedy.reason,
        tuple(
            ClosedLeg(leg.number, leg.amount_minor, leg.status is LegStatus.CREDITED)
            for leg in remedy.legs
            if leg.status in (LegStatus.SENT, LegStatus.CREDITED)
        ),
    )
    state = replace(
        state,
        live=tuple(one for one in state.live if one.number != number),
        closed=_remembered((*state.closed, over)),
    )
    if last is not Status.CLOSED or remedy.kind.goes_out:
        # Who was given goods has them, and may have cause to ask again.
        return state
    given = {(one.part, one.item): one for one in state.given}
    for line in remedy.lines if remedy.kind.takes_units else ():
        key = (line.part, line.item)
        given[key] = added(given.get(key) or Given(*key, 0, 0), line)
    if remedy.shipping_minor and remedy.lines:
        key = (remedy.lines[0].part, 0)
        given[key] = with_shipping(given.get(key) or Given(*key, 0, 0), remedy.shipping_minor)
    return replace(state, given=tuple(given.values()))


def _remembered(closed: Sequence[ClosedRemedy]) -> tuple[ClosedRemedy, ...]:
    """The last of those that are over, and of the very last what was sent."""
    plain = [replace(one, legs=()) for one in closed[:-CLOSED_WITH_LEGS]]
    return (*plain, *closed[-CLOSED_WITH_LEGS:])[-CLOSED_MAX:]


def _moved(state: Remedies, event: RemedyEvent) -> Remedies:
    """With this event's transfers: what is pending waits, what was posted or voided is over."""
    if not event.transfers:
        return state
    return replace(
        state,
        pending=still_pending(state.pending, event.transfers),
        books=posted(state.books, event.transfers),
        moved=max(state.moved, *(one.number for one in event.transfers)),
    )
