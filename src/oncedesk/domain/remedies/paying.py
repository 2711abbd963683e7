"""When the money of a remedy with a journey leaves, and what the way back does to it.

The way back is charged once. What the consumer bears of a label is off the refund, never taken from
money that has left; what the consumer paid for somebody else comes on top of the refund.
"""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.charging import ask_charge, charge_due
from oncedesk.domain.remedies.clocks import in_seconds
from oncedesk.domain.remedies.evolve import evolved
from oncedesk.domain.remedies.journey import Contest, Out
from oncedesk.domain.remedies.legs import settled_if_done
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.contesting import ContestOpened
from oncedesk.domain.remedies.messages.returning import Back, FreightCharged, GoodsDue
from oncedesk.domain.remedies.postings import freight
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.refunding import pay_beyond, settle
from oncedesk.domain.remedies.state import Remedies, Remedy, merchant_of
from oncedesk.domain.remedies.words import (
    Clock,
    ClockKind,
    DecidedBy,
    Payer,
    RemedyKind,
    Share,
    Speed,
)
from oncedesk.domain.shared.decider import Facts
from oncedesk.domain.shared.money import split_minor
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.remedy_rules import JourneyRule, RemedyRules, SendsOut

_FASTER = (Speed.INSTANT, Speed.AT_SCAN, Speed.AFTER_INSPECTION)


def rules_of(remedy: Remedy, facts: Facts) -> RemedyRules:
    """What holds for this remedy."""
    return facts.packs.by_hash(remedy.pack).remedies


def journey_rule(remedy: Remedy, facts: Facts) -> JourneyRule:
    """The clocks and limits that hold for this remedy's goods."""
    return rules_of(remedy, facts).journey


def faster(one: Speed, other: Speed) -> Speed:
    """Whichever lets money leave earlier."""
    return min(one, other, key=_FASTER.index)


def scanned(*, state: Remedies, remedy: int, facts: Facts, purchase: Purchase) -> list[RemedyEvent]:
    """A carrier has it: what leaves at a scan leaves now, unless it costs more and is not paid."""
    known = state.the_remedy(remedy)
    assert known.journey is not None
    leaves = known.journey.sends is SendsOut.AT_SCAN and known.journey.out is Out.LATER
    if leaves and not charge_due(known):
        return [goods_due(state=state, remedy=known, facts=facts)]
    if known.speed is Speed.AT_SCAN and _by_money(known) and not known.is_paid:
        return _pay(state, known, facts, purchase)
    return []


def at_once(*, state: Remedies, remedy: int, facts: Facts, purchase: Purchase) -> list[RemedyEvent]:
    """What leaves as soon as it was granted."""
    known = state.the_remedy(remedy)
    if known.speed is Speed.INSTANT and _by_money(known):
        return _pay(state, known, facts, purchase)
    return []


def sooner(*, state: Remedies, remedy: int, facts: Facts, purchase: Purchase) -> list[RemedyEvent]:
    """Nothing makes it slower any more: what would have left by now leaves now, but not without a
    look where the merchant has the goods."""
    known = state.the_remedy(remedy)
    journey = known.journey
    if journey is None or journey.at_merchant or journey.is_over:
        return []
    if known.is_paid or not known.is_granted:
        return []
    if known.speed is Speed.AT_SCAN and any(one.moves for one in journey.way(outward=False)):
        return scanned(state=state, remedy=remedy, facts=facts, purchase=purchase)
    return at_once(state=state, remedy=remedy, facts=facts, purchase=purchase)


def onward(*, state: Remedies, remedy: int, facts: Facts, purchase: Purchase) -> list[RemedyEvent]:
    """What follows now: goods that leave, or all the money that is still owed."""
    known = state.the_remedy(remedy)
    journey = known.journey
    assert journey is not None
    if journey.back in _BACK and journey.out is Out.LATER:
        if charge_due(known):
            return [ask_charge(state=state, remedy=known, facts=facts)]
        return [goods_due(state=state, remedy=known, facts=facts)]
    if not journey.is_over:
        return []
    if _by_money(known) and not known.is_paid:
        return _pay(state, known, facts, purchase)
    events = _charge(state, known, facts)
    state = evolved(state, events)
    # The freight may be off what it gives.
    known = state.the_remedy(remedy)
    if not _by_money(known) and not known.is_paid:
        back_minor = max(0, -known.difference_minor)
        if back_minor:
            more = settle(
                state=state,
                remedy=remedy,
                facts=facts,
                purchase=purchase,
                amount_minor=min(back_minor, known.amount_minor),
            )
            return [*events, *more]
    return [*events, *settled_if_done(state=state, remedy=remedy, facts=facts)]


_BACK = (Back.NOT_NEEDED, Back.DONE, Back.LOST)


def goods_due(
    *, state: Remedies, remedy: Remedy, facts: Facts, their_own: bool = False
) -> GoodsDue:
    """The merchant has to send it by then."""
    rule = rules_of(remedy, facts).settling
    clock = in_seconds(
        ClockKind.SHIP_OUT, facts.now, rule.goods_seconds, rule.id, rule.goods_seconds // 2
    )
    return GoodsDue(**state.about(remedy.number, facts.now), clock=clock, their_own=their_own)


def contest_clock(remedy: Remedy, facts: Facts) -> Clock:
    """Until when a merchant may contest what was given before anybody looked."""
    rule = journey_rule(remedy, facts)
    return in_seconds(ClockKind.CONTEST, facts.now, rule.contest_seconds, rule.id)


def open_contest(
    *, state: Remedies, remedy: Remedy, by: DecidedBy, facts: Facts
) -> list[RemedyEvent]:
    """The merchant's window, where it bears money that leaves for nothing and was not asked.

    `remedy` is as it was before it was granted. Who said yes itself, or nothing in time, has none;
    what a dispute came to is objected to instead.
    """
    unasked = by in (DecidedBy.RULE, DecidedBy.PLATFORM) or (
        by is DecidedBy.SILENCE and remedy.desk == PLATFORM
    )
    granted = state.the_remedy(remedy.number)
    kept = granted.kind is RemedyKind.REFUND and granted.lines and granted.journey is None
    if not (unasked and _merchant_bears(granted) and kept) or granted.dispute is not None:
        return []
    approval = remedy.approval
    people = () if approval is None else (approval.first, approval.second)
    return [_contest_opened(state, granted, facts, tuple(one for one in people if one is not None))]


def contest_after_all(*, state: Remedies, remedy: Remedy, facts: Facts) -> list[RemedyEvent]:
    """The merchant's window, where it bears money given for goods that have come all the same."""
    journey = remedy.journey
    open_before = remedy.clock(ClockKind.CONTEST) is not None
    if open_before or journey is None or journey.contest is not Contest.NONE:
        return []
    if not remedy.is_granted or not _merchant_bears(remedy):
        return []
    return [_contest_opened(state, remedy, facts, remedy.granted_by)]


def _merchant_bears(remedy: Remedy) -> bool:
    return any(share.payer is Payer.MERCHANT and share.minor for share in remedy.shares)


def _contest_opened(
    state: Remedies, remedy: Remedy, facts: Facts, granted_by: tuple[UUID, ...]
) -> ContestOpened:
    return ContestOpened(
        **state.about(remedy.number, facts.now),
        clock=contest_clock(remedy, facts),
        granted_by=granted_by,
    )


def _by_money(remedy: Remedy) -> bool:
    return not remedy.kind.goes_out


def _pay(state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase) -> list[RemedyEvent]:
    """The way back is charged first where the goods are on it: it may be off the amount."""
    assert remedy.journey is not None
    events: list[RemedyEvent] = []
    if remedy.kind is not RemedyKind.REFUND and remedy.journey.parcels:
        events = _charge(state, remedy, facts)
        state = evolved(state, events)
    settled = settle(state=state, remedy=remedy.number, facts=facts, purchase=purchase)
    return [*events, *settled]


class _Bill:
    """What the way back cost, and who bears what of it."""

    def __init__(self, state: Remedies, remedy: Remedy, rules: RemedyRules) -> None:
        journey = remedy.journey
        assert journey is not None
        back = [one for one in journey.parcels if not one.outward and one.moves]
        merchant = Share(Payer.MERCHANT, merchant_of(state=state, remedy=remedy), 0)
        self.label_minor = sum(one.freight_minor for one in back if one.ours)
        own_minor = sum(one.freight_minor for one in back if not one.ours)
        paid_minor = state.paid[remedy.lines[0].part - 1].paid_minor
        own_minor = min(
            own_minor, rules.freight_minor_max(currency=state.currency, paid_minor=paid_minor)
        )
        by_consumer = journey.freight == "consumer"
        self.carrier = next((one.carrier for one in back if one.ours), None)
        insured_minor = min(journey.insured_minor, self.label_minor)
        rest_minor = self.label_minor - insured_minor
        self.taken_minor = 0
        if by_consumer and not remedy.is_paid:
            self.taken_minor = min(rest_minor, remedy.amount_minor)
        self.label = [Share(Payer.INSURER, None, insured_minor)]
        weights = [share.minor for share in remedy.shares]
        taken = split_minor(self.taken_minor, weights) if weights else ()
        self.label += [
            replace(share, minor=minor) for share, minor in zip(remedy.shares, taken, strict=True)
        ]
        self.shares = tuple(
            replace(share, minor=share.minor - minor)
            for share, minor in zip(remedy.shares, taken, strict=True)
        )
        # What can no longer be off the refund, whoever let the money leave bears.
        other = (
            Share(Payer.PLATFORM, None, 0) if by_consumer else _bearer(journey.freight, merchant)
        )
        self.label.append(replace(other, minor=rest_minor - self.taken_minor))
        insured_minor = min(journey.insured_minor - insured_minor, own_minor)
        self.own = [Share(Payer.INSURER, None, insured_minor)]
        if not by_consumer:
            self.own.append(replace(other, minor=own_minor - insured_minor))


def _bearer(freight_by: str, merchant: Share) -> Share:
    payer = Payer(freight_by)
    return merchant if payer is Payer.MERCHANT else Share(payer, None, 0)


def _charge(state: Remedies, remedy: Remedy, facts: Facts) -> list[RemedyEvent]:
    """What the way back cost, charged once; nothing where it cost nothing that we know of."""
    journey = remedy.journey
    if journey is None or journey.charged:
        return []
    rules = rules_of(remedy, facts)
    bill = _Bill(state, remedy, rules)
    own = tuple(share for share in bill.own if share.minor)
    own_minor = sum(share.minor for share in own)
    if not bill.label_minor and not own_minor:
        return []
    charged = FreightCharged(
        **state.about(remedy.number, facts.now),
        freight_minor=bill.label_minor + own_minor,
        taken_minor=bill.taken_minor,
        shares=bill.shares,
        bearers=_together((*bill.label, *own)),
        transfers=freight(
            state=state, bearers=bill.label, carrier=bill.carrier, number=state.moved + 1
        ),
    )
    events: list[RemedyEvent] = [charged]
    if own_minor:
        after = evolved(state, events)
        payer = replace(after.the_remedy(remedy.number), shares=own)
        events.append(
            pay_beyond(
                state=after,
                remedy=payer,
                amount_minor=own_minor,
                method=rules.journey.payout_method,
                facts=facts,
            )
        )
    return events


def _together(shares: Sequence[Share]) -> tuple[Share, ...]:
    """Each payer once, and only those who bear something."""
    found: dict[tuple[Payer, UUID | None], int] = {}
    for share in shares:
        key = share.payer, share.party
        found[key] = found.get(key, 0) + share.minor
    return tuple(Share(payer, party, minor) for (payer, party), minor in found.items() if minor)
