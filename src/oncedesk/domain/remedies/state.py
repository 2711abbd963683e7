"""All remedies of one order, so that no two of them can both see "nothing refunded yet".

What a remedy gave stays counted by item after it was closed, whatever else is forgotten of it.
Ids, amounts and moments only, and never above 8 kB.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Self, TypedDict
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.journey import Journey, Out
from oncedesk.domain.remedies.messages.asking import CounterOffer, PaidPart, Replacement
from oncedesk.domain.remedies.messages.authorising import Upheld, Wanted
from oncedesk.domain.remedies.messages.disputing import Decision, Outcome, Side
from oncedesk.domain.remedies.messages.promising import Owed
from oncedesk.domain.remedies.messages.refunding import OutsideKind
from oncedesk.domain.remedies.words import (
    CaseLink,
    Charge,
    Clock,
    ClockKind,
    DecidedBy,
    Leg,
    LegStatus,
    Line,
    Payer,
    RefundStatus,
    RemedyKind,
    Route,
    Share,
    Source,
    Speed,
    Status,
    WantedLine,
)
from oncedesk.domain.shared.ledger import Entry, Phase, Transfer
from oncedesk.domain.shared.persons import PrivateText
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk

LIVE_MAX = 8
CLOSED_MAX = 12
LIVE_LINES_MAX = 100
OUTSIDE_MAX = 16
PAYOUTS_MAX = 32
LEGS_MAX = 40
CLOSED_WITH_LEGS = 4
"""Of so many remedies that are over, the last ones, what was sent is still known leg by leg."""
COMPENSATED_MAX = 24
"""Breaches of one order that give something; more of them give nothing by themselves."""
COMPENSATIONS_LIVE_MAX = 6
PUT_OFF_MAX = 8
"""Breaches that wait for a place; more of them give nothing by themselves."""
PROTECTED_MAX = 20
EVIDENCE_MAX = 27
"""Of each side in a dispute."""


class PaidOut(Record, frozen=True, array_like=True):
    """A payout that was recorded: what of a part was paid to whom. Fields: append only."""

    part: int
    id: UUID
    merchant_minor: int = 0
    creator_minor: int = 0
    agency_minor: int = 0
    agency: UUID | None = None
    fee_minor: int = 0


class Approval(Record, frozen=True, array_like=True):
    """Who wants to give it, and whose authority is being asked; append only.

    `asked` is None once that answered with no; with `second` None, a second person is waited for.
    `decision` is what they want a dispute to come to, `upheld` a contest, `offer` what they want to
    offer instead; without any of them, it is the remedy as it stands.
    """

    first: UUID
    by: DecidedBy
    asked: UUID | None
    second: UUID | None = None
    decision: Decision | None = None
    upheld: Upheld | None = None
    offer: CounterOffer | None = None

    @property
    def waits(self) -> bool:
        """For a second person."""
        return self.asked is None

    @property
    def wanted(self) -> Wanted | None:
        """What it is, where it is not the remedy as it stands."""
        return self.decision or self.upheld or self.offer


class Dispute(Record, frozen=True, array_like=True):
    """How far a dispute is. `wanted` are the lines and the amount in dispute; append only.

    `outcome` is what stands, by whom it was decided, which side objected to it, and who stood by
    the decision beside whom it was decided by.
    """

    wanted: tuple[Line, ...]
    wanted_minor: int
    consumer_evidence: int = 0
    merchant_evidence: int = 0
    outcome: Outcome | None = None
    decided_by: UUID | None = None
    objected: Side | None = None
    stood_by: UUID | None = None

    def decided_before(self, agent: UUID | None) -> bool:
        """Whether this person had a part in what was objected to."""
        first = agent is not None and agent in (self.decided_by, self.stood_by)
        return first and self.objected is not None


class ClosedLeg(Record, frozen=True, array_like=True):
    """What a remedy that is over sent, for what is still said of it. Fields: append only.

    `failed`: it was not sent, as far as payments have said; it counted against this `place`, or (at
    0) came on top of what was paid. `replaced`: it went elsewhere, or had gone back by the bank.
    The moments are known of what was closed since they are remembered.
    """

    number: int
    amount_minor: int
    credited: bool = False
    failed: bool = False
    place: int = 0
    sent_at: datetime | None = None
    credited_at: datetime | None = None
    replaced: bool = False


class ClosedRemedy(Record, frozen=True, array_like=True):
    """What is remembered of a remedy that is over. Fields: append only.

    `lapsed` is what payments were asked to take for a change or an exchange that came to nothing.
    `refused_part` is what it was about if it was refused for good.
    """

    number: int
    kind: RemedyKind
    status: Status
    amount_minor: int
    requested_at: datetime
    settled_at: datetime | None
    reason: str = ""
    legs: tuple[ClosedLeg, ...] = ()
    case: CaseLink | None = None
    lapsed: Charge | None = None
    refused_part: int = 0
    goodwill: bool = False


class Remedy(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One remedy that is not over. `clocks` are those that run, at most one of each kind.

    `sources` are where its money comes from, once that had to be asked; `asked_of` are those whose
    accounts have not answered yet, `fund_minor` what a budget has not answered for; then
    `send_minor` of it leaves.
    `undone`: it came to nothing, and only what was paid for it still has to go back.
    `otherwise` bears it where that is not who `shares` says, unless the merchant grants it.
    `human`: no rule decides it, and `overdue` is how often the person asked has not answered.
    `takes_over`: a merchant that says nothing leaves it to the platform. `granted_by` said yes in
    the place of a merchant that was not asked, or what it says against that; they do not decide it.
    `shown` is how many pieces of evidence it was refused with.
    `lapsed` is a charge that came to nothing; what payments take for it all the same goes back.
    `over` is what it was when it was over, if that was taken then.
    """

    number: int
    kind: RemedyKind
    reason: str
    status: Status
    requested_at: datetime
    rule: str
    pack: str
    lines: tuple[Line, ...] = ()
    amount_minor: int = 0
    shipping_minor: int = 0
    shares: tuple[Share, ...] = ()
    refund: RefundStatus = RefundStatus.NONE
    legs: tuple[Leg, ...] = ()
    clocks: tuple[Clock, ...] = ()
    desk: Desk | None = None
    case: CaseLink | None = None
    agent: UUID | None = None
    speed: Speed = Speed.INSTANT
    counter_offer: CounterOffer | None = None
    replacements: tuple[Replacement, ...] = ()
    difference_minor: int = 0
    method: str = ""
    goodwill: bool = False
    settled_at: datetime | None = None
    route_asked: int = 0
    sources: tuple[Source, ...] = ()
    asked_of: tuple[Share, ...] = ()
    fund_minor: int = 0
    send_minor: int = 0
    otherwise: tuple[Share, ...] = ()
    speed_reason: str = ""
    evidence_wanted: int = 0
    human: bool = False
    overdue: int = 0
    takes_over: bool = False
    approval: Approval | None = None
    dispute: Dispute | None = None
    route: Route | None = None
    charge: Charge | None = None
    address: PrivateText | None = None
    undone: bool = False
    journey: Journey | None = None
    granted_by: tuple[UUID, ...] = ()
    shown: int = 0
    lapsed: Charge | None = None
    over: ClosedRemedy | None = None

    @property
    def units(self) -> tuple[WantedLine, ...]:
        """What its lines are about, as one asks for it."""
        return tuple(WantedLine(line.part, line.item, line.quantity) for line in self.lines)

    @property
    def goods_pending(self) -> bool:
        """Whether something has to travel or be looked at, whatever the money does."""
        return self.journey is not None and not self.journey.is_over

    @property
    def may_come_back(self) -> bool:
        """Whether goods travel back; those of a cancellation may have left when it is granted."""
        waits = self.kind is RemedyKind.CANCEL and not self.is_granted
        return waits or self.kind.comes_back

    @property
    def is_paid(self) -> bool:
        """Whether its own money has been asked for, of payments or of those who bear it."""
        return self.waits_for_money or any(not leg.beyond for leg in self.legs)

    @property
    def is_ahead(self) -> bool:
        """Whether the consumer was given something before the goods are back: money, or others."""
        sent = self.journey is not None and self.journey.out in (Out.UNDER_WAY, Out.ARRIVED)
        return self.is_paid or sent

    @property
    def funded(self) -> bool:
        """Whether it was asked where all of its money comes from, and answered."""
        if self.asked_of or self.fund_minor:
            return False
        return sum(source.minor for source in self.sources) >= self.amount_minor

    @property
    def waits_for_money(self) -> bool:
        """Accounts or a budget have not answered yet, or have said no for now."""
        return bool(self.asked_of or self.fund_minor)

    @property
    def asked_minor(self) -> int:
        """What payments have sent or are to send."""
        return sum(leg.amount_minor for leg in self.legs if leg.counts and not leg.beyond)

    @property
    def failed(self) -> tuple[Leg, ...]:
        """What was not sent and waits for somebody to say where to."""
        return tuple(leg for leg in self.legs if leg.status is LegStatus.FAILED)

    @property
    def failed_minor(self) -> int:
        """What of its own money waits for that."""
        return sum(leg.amount_minor for leg in self.failed if not leg.beyond)

    @property
    def counts(self) -> bool:
        """Whether what it gives is what was paid."""
        return self.kind.pays_back

    @property
    def granted_minor(self) -> int:
        """What it gives by a yes that was said; nothing before that."""
        return self.amount_minor if self.is_granted else 0

    @property
    def is_granted(self) -> bool:
        """Somebody or a rule has said yes."""
        return self.status not in (Status.REQUESTED, Status.REFUSED, Status.WITHDRAWN)

    @property
    def disputed(self) -> bool:
        """In a dispute or an objection that is not decided."""
        return any(one.kind in (ClockKind.EVIDENCE, ClockKind.DECISION) for one in self.clocks)

    def place_of(self, leg: Leg) -> int:
        """Against which of the order's payments it counts; 0: it comes on top of what was paid."""
        return leg.place if self.counts and not leg.beyond else 0

    def clock(self, kind: ClockKind) -> Clock | None:
        return next((one for one in self.clocks if one.kind is kind), None)

    def leg(self, number: int) -> Leg | None:
        return next((one for one in self.legs if one.number == number), None)

    def with_clock(self, clock: Clock | None) -> Self:
        """With this clock running, in the place of another of its kind."""
        if clock is None:
            return self
        others = tuple(one for one in self.clocks if one.kind is not clock.kind)
        return replace(self, clocks=(*others, clock))

    def without_clocks(self, *kinds: ClockKind) -> Self:
        """With none of these running; without names, with none at all."""
        left = tuple(one for one in self.clocks if kinds and one.kind not in kinds)
        return replace(self, clocks=left)

    def with_clocks_only(self, *kinds: ClockKind) -> Self:
        """With none running but these."""
        return replace(self, clocks=tuple(one for one in self.clocks if one.kind in kinds))

    def with_leg(self, leg: Leg) -> Self:
        """With this leg as it is now, in its place or as one more."""
        if self.leg(leg.number) is None:
            return replace(self, legs=(*self.legs, leg))
        legs = tuple(leg if one.number == leg.number else one for one in self.legs)
        return replace(self, legs=legs)


class Given(Record, frozen=True, array_like=True):
    """What was given back for an item of the order, by all remedies that are over.

    Item 0 is the part's shipping. `kept_minor` of the amount was given for units that stayed.
    Those cost `difference_minor` more by now than what was bought, since exchanges. Append only.
    """

    part: int
    item: int
    quantity: int
    amount_minor: int
    subsidy_minor: int = 0
    commission_minor: int = 0
    kept_minor: int = 0
    difference_minor: int = 0


class Outside(Record, frozen=True, array_like=True):
    """Money that went back, or was paid, without us."""

    id: UUID
    kind: str
    amount_minor: int
    payment: int


class Protected(Record, frozen=True, array_like=True):
    """The lowest price of an item to which the difference was given back, for so many units.

    0 units are all that were left: of what was given before they were counted. Append only.
    """

    part: int
    item: int
    unit_price_minor: int
    quantity: int = 0


class Compensated(Record, frozen=True, array_like=True):
    """What a breach was given, by which remedy, and who bears it. Fields: append only.

    `withdrawn`: the consumer did not want it, so that it was given to nobody.
    """

    promise: UUID
    breach: str
    part: int
    remedy: int
    amount_minor: int
    shares: tuple[Share, ...]
    corrected: bool = False
    withdrawn: bool = False


class PutOff(Record, frozen=True, array_like=True):
    """What is owed, for which there was no place; it is tried again. Fields: append only."""

    owed: Owed
    again_at: datetime


class About(TypedDict):
    """What every event of a remedy begins with: whose, in which order, when, which."""

    consumer: UUID
    order: UUID
    at: datetime
    remedy: int


class Remedies(Record, frozen=True, kw_only=True, omit_defaults=True):
    """All remedies of one order. `numbered` is the last number given, `moved` the last transfer's.
    `granted` are the kinds that were granted, each once.

    `books` is what stands in each account by this order's posted transfers.
    `owed_minor` is what the consumer owes after contests that were upheld; nobody takes it.
    `refunded` is what went back to each of the order's payments (by its place, from 1), settled or
    on its way. `charged_minor` of those payments is not for what was bought, but for exchanges, or
    it went back by changes.
    """

    consumer: UUID
    order: UUID
    market: str
    currency: str
    pack: str
    placed_at: datetime
    paid: tuple[PaidPart, ...]
    creator: UUID | None = None
    numbered: int = 0
    moved: int = 0
    live: tuple[Remedy, ...] = ()
    closed: tuple[ClosedRemedy, ...] = ()
    given: tuple[Given, ...] = ()
    outside: tuple[Outside, ...] = ()
    pending: tuple[Transfer, ...] = ()
    refunded: tuple[int, ...] = ()
    books: tuple[Entry, ...] = ()
    payouts: tuple[PaidOut, ...] = ()
    granted: tuple[RemedyKind, ...] = ()
    compensated: tuple[Compensated, ...] = ()
    protected: tuple[Protected, ...] = ()
    owed_minor: int = 0
    put_off: tuple[PutOff, ...] = ()
    charged_minor: int = 0

    def about(self, remedy: int, at: datetime) -> About:
        """What an event of this remedy begins with, if it happens at this moment."""
        return About(consumer=self.consumer, order=self.order, at=at, remedy=remedy)

    @property
    def asked_for(self) -> int:
        """How many of those not over somebody asked for; breaches give theirs by themselves."""
        return sum(one.kind is not RemedyKind.COMPENSATION or one.goodwill for one in self.live)

    def moves(self, merchant: UUID) -> bool:
        """Whether goods of this merchant's have to travel for a remedy, to the consumer or back."""
        return any(
            one.goods_pending and merchant_of(state=self, remedy=one) == merchant
            for one in self.live
        )

    def covers(self, part: int, quantities: Sequence[int], *, some_came: bool) -> bool:
        """Whether all of a part, so many of each item, is given back or made good, or about to be.

        Where `some_came`, it is not known what did not: then some is enough that need not stay.
        Which goods were sent in the place of others is forgotten: then they count as all. Nor is it
        known of what money is that went back without us: only what is all that was paid counts.
        """
        outside_minor = sum(
            -one.amount_minor if one.kind == OutsideKind.OUTSIDE_PAYMENT else one.amount_minor
            for one in self.outside
        )
        paid_back = 0 < sum(one.paid_minor for one in self.paid) <= outside_minor
        if paid_back or any(kind.goes_out for kind in self.granted):
            return True
        taken = [0] * len(quantities)
        for one in self.given:
            if one.part == part and one.item:
                taken[one.item - 1] += one.quantity
        for remedy in self.counted():
            for line in remedy.lines if remedy.counts else ():
                if line.part == part and line.item and not line.stays:
                    taken[line.item - 1] += line.quantity
        if some_came:
            return any(taken)
        pairs = zip(taken, quantities, strict=True)
        return bool(taken) and all(took >= bought for took, bought in pairs)

    def lowest(self, part: int, item: int) -> Protected | None:
        """To which price of this item the difference was given back, if it was."""
        return next((one for one in self.protected if (one.part, one.item) == (part, item)), None)

    def remedy(self, number: int) -> Remedy | None:
        """The remedy of this number that is not over."""
        return next((one for one in self.live if one.number == number), None)

    def the_remedy(self, number: int) -> Remedy:
        """The same, where it is known to be there."""
        known = self.remedy(number)
        assert known is not None
        return known

    def over(self, number: int) -> ClosedRemedy | None:
        """The remedy of this number that is over, if it is remembered."""
        return next((one for one in self.closed if one.number == number), None)

    def with_remedy(self, remedy: Remedy) -> Self:
        """With this remedy as it is now."""
        if self.remedy(remedy.number) is None:
            return replace(self, live=(*self.live, remedy))
        live = tuple(remedy if one.number == remedy.number else one for one in self.live)
        return replace(self, live=live)

    def without(self, number: int) -> Self:
        """As if this remedy had never been asked for."""
        return replace(self, live=tuple(one for one in self.live if one.number != number))

    def counted(self) -> Iterator[Remedy]:
        """Those not over whose lines are taken: nobody else may have them meanwhile."""
        return (
            one
            for one in self.live
            if one.status not in (Status.REFUSED, Status.WITHDRAWN) and not one.kind.changes
        )

    @property
    def changing(self) -> bool:
        """Whether the order is about to become another; nothing else happens meanwhile."""
        return any(
            one.kind.changes
            and not one.undone
            and one.status not in (Status.SETTLED, Status.REFUSED)
            for one in self.live
        )


def merchant_of(*, state: Remedies, remedy: Remedy) -> UUID | None:
    """Who sold what this remedy is about."""
    part = remedy.lines[0].part if remedy.lines else 0
    return next((one.merchant for one in state.paid if one.part == part), None)


def lapsed_charge(state: Remedies, number: int) -> Charge | None:
    """What payments were asked to take for this remedy, if that came to nothing."""
    remedy = state.remedy(number) or state.over(number)
    return None if remedy is None else remedy.lapsed


def parts_of(*, state: Remedies, remedy: Remedy) -> frozenset[int]:
    """The parts that it is about: those of its lines, or of the breach that it was given for, or
    what the merchants sold that bear it. What names none of them is about the whole order.
    """
    if remedy.lines:
        return frozenset(line.part for line in remedy.lines)
    breached = {one.part for one in state.compensated if one.remedy == remedy.number}
    if breached:
        return frozenset(breached)
    sellers = {one.party for one in remedy.shares if one.payer is Payer.MERCHANT}
    sold = {one.part for one in state.paid if one.merchant in sellers}
    return frozenset(sold or (one.part for one in state.paid))


def check(state: Remedies) -> None:
    """What must hold for every order's remedies, always."""
    assert state.asked_for <= LIVE_MAX
    assert len(state.live) - state.asked_for <= COMPENSATIONS_LIVE_MAX
    assert len(state.compensated) <= COMPENSATED_MAX
    assert len(state.protected) <= PROTECTED_MAX
    assert len({(one.promise, one.breach) for one in state.compensated}) == len(state.compensated)
    for given in state.compensated:
        assert sum(share.minor for share in given.shares) == given.amount_minor > 0
    assert len(state.closed) <= CLOSED_MAX
    waiting = [one.owed for one in state.put_off]
    assert sum(one.promise is not None for one in waiting) <= PUT_OFF_MAX
    assert len({one.key for one in waiting}) == len(waiting)
    assert len({one.number for one in state.live}) == len(state.live)
    assert all(one.phase is Phase.PENDING for one in state.pending)
    assert sum(one.minor for one in state.books) == 0, "the books do not balance"
    waited_for = {
        leg.transfer
        for remedy in state.live
        for leg in remedy.legs
        if leg.status is LegStatus.REQUESTED
    }
    assert all(one.number in waited_for for one in state.pending), "nothing waits for this money"
    for remedy in state.live:
        assert remedy.clocks, f"remedy {remedy.number} waits and nothing runs"
        assert len({clock.kind for clock in remedy.clocks}) == len(remedy.clocks)
        taken_minor = 0 if remedy.journey is None else remedy.journey.taken_minor
        lines_minor = sum(line.amount_minor for line in remedy.lines)
        assert lines_minor + remedy.shipping_minor <= remedy.amount_minor + taken_minor
        assert len(remedy.legs) <= LEGS_MAX
        assert sum(share.minor for share in remedy.shares) == remedy.amount_minor
        assert remedy.asked_minor <= remedy.amount_minor, (
            f"remedy {remedy.number} sends more than it gives"
        )
        _check_bearers(remedy)


def _check_bearers(remedy: Remedy) -> None:
    """Nobody gives more of a remedy than their share, and no source more than was set aside."""
    own = [leg for leg in remedy.legs if not leg.beyond and leg.status is not LegStatus.REPLACED]
    taken = [source for leg in own for source in leg.taken]
    for leg in own:
        given_minor = sum(source.minor for source in leg.taken)
        assert given_minor in (0, leg.amount_minor), f"leg {leg.number} is not what it takes"
    for share in remedy.shares:
        whose = share.payer, share.party
        bears_minor = sum(one.minor for one in taken if (one.payer, one.liable) == whose)
        share_minor = sum(one.minor for one in remedy.shares if (one.payer, one.party) == whose)
        assert bears_minor <= share_minor, f"{share.payer} bears more than its share"
    aside: dict[tuple[object, ...], int] = {}
    for source in remedy.sources:
        key = source.account, source.party, source.payer, source.liable
        aside[key] = aside.get(key, 0) + source.minor
    for source in taken if remedy.sources else ():
        key = source.account, source.party, source.payer, source.liable
        aside[key] = aside.get(key, 0) - source.minor
        assert aside[key] >= 0, f"{source.account} gives more than was set aside"
