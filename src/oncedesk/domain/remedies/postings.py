"""Which accounts a remedy's money moves between. Every transfer sums to nothing.

When the books are opened, what the consumer and the platform's subsidies paid stands in escrow. A
payout moves it on to the merchant, the creator and whoever else has a part in it. A refund first
moves what it takes to payment clearing, pending; when payments have sent it, that is posted and the
consumer has it.

What a remedy costs comes out of escrow as long as the order's money is there; then out of the
accounts of those who are liable, as far as they have something; the fund advances the rest. What
the platform bears is the fund's, or a subsidy where it was given as goodwill.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.messages.asking import PaidPart
from oncedesk.domain.remedies.messages.funding import RecordPayout
from oncedesk.domain.remedies.messages.refunding import OutsideKind
from oncedesk.domain.remedies.state import Compensated, Remedies, Remedy, merchant_of
from oncedesk.domain.remedies.words import Leg, LegStatus, Payer, RemedyKind, Share, Source
from oncedesk.domain.shared.ledger import (
    Account,
    Entry,
    Phase,
    Transfer,
    ending,
    moving,
    standing,
)
from oncedesk.domain.shared.money import split_minor
from oncedesk.domain.shared.records import Record

OWN = (Account.ASSURANCE_FUND, Account.PLATFORM_SUBSIDY)
"""The platform's own: what they give for somebody else is advanced."""


def opening(*, consumer: UUID, paid: Sequence[PaidPart], currency: str) -> tuple[Transfer, ...]:
    """What was paid for an order, in escrow for its merchants; nothing where nothing was paid."""
    entries = []
    for part in paid:
        entries.append(Entry(Account.CONSUMER, consumer, -part.paid_minor))
        entries.append(Entry(Account.PLATFORM_SUBSIDY, None, -part.subsidy_minor))
        entries.append(Entry(Account.ESCROW, part.merchant, part.paid_minor + part.subsidy_minor))
    return moving(number=1, phase=Phase.POSTED, currency=currency, entries=entries)


def booked(*, state: Remedies, paid: Sequence[PaidPart]) -> tuple[Transfer, ...]:
    """From what was paid as the books have it to what was paid now, in escrow."""
    entries = []
    for before, now in zip(state.paid, paid, strict=True):
        paid_minor = now.paid_minor - before.paid_minor
        subsidy_minor = now.subsidy_minor - before.subsidy_minor
        entries.append(Entry(Account.CONSUMER, state.consumer, -paid_minor))
        entries.append(Entry(Account.PLATFORM_SUBSIDY, None, -subsidy_minor))
        entries.append(Entry(Account.ESCROW, now.merchant, paid_minor + subsidy_minor))
    return _posted(state, entries)


def paid_out(
    *, state: Remedies, payout: RecordPayout, merchant: UUID | None
) -> tuple[Transfer, ...]:
    """Escrow goes to everybody who has a part in it."""
    shares = (
        Entry(Account.MERCHANT_PAYABLE, merchant, payout.merchant_minor),
        Entry(Account.CREATOR_COMMISSION, state.creator, payout.creator_minor),
        Entry(Account.AGENCY, payout.agency, payout.agency_minor),
        Entry(Account.PLATFORM_FEE, None, payout.fee_minor),
    )
    whole_minor = sum(share.minor for share in shares)
    return _posted(state, (*shares, Entry(Account.ESCROW, merchant, -whole_minor)))


def escrow_minor(state: Remedies, merchant: UUID | None, *, remedy: int = 0) -> int:
    """What of this merchant's escrow is free: nobody waits for it but this remedy (0: none).

    Remedies that were granted before have what they are to give; one that has sources, those. What
    a leg had taken that failed waits for the route by which it is sent again, whosever it is.
    """
    free = standing(
        books=state.books, pending=state.pending, account=Account.ESCROW, party=merchant
    )
    for one in state.live:
        if one.number == remedy:
            free += sum(_of(source, Account.ESCROW, merchant) for source in _sent(one))
        elif one.sources:
            free -= sum(_of(source, Account.ESCROW, merchant) for source in unsent(one))
        elif one.is_granted and (not remedy or one.number < remedy):
            rest = uncovered(one.shares, _sent(one))
            free -= sum(
                share.minor
                for share in rest
                if share.payer is Payer.MERCHANT and share.party == merchant
            )
        else:
            free -= sum(_of(source, Account.ESCROW, merchant) for source in _failed(one))
        free -= sum(_of(source, Account.ESCROW, merchant) for source in _failed(one, beyond=True))
    return max(0, free)


def secured(remedy: Remedy) -> tuple[Source, ...]:
    """Where its money comes from, as far as that is settled."""
    return remedy.sources or held(remedy)


def from_escrow(*, state: Remedies, remedy: Remedy, shares: Sequence[Share]) -> tuple[Source, ...]:
    """What merchants bear of these, as far as the order's money is still there."""
    sources = [source for source in secured(remedy) if source.account is Account.ESCROW]
    before = len(sources)
    for share in shares:
        if share.payer is Payer.MERCHANT:
            free_minor = escrow_minor(state, share.party, remedy=remedy.number)
            free_minor -= sum(_of(source, Account.ESCROW, share.party) for source in sources)
            minor = max(0, min(share.minor, free_minor))
            if minor:
                sources.append(Source(Account.ESCROW, share.party, minor, share.payer, share.party))
    return tuple(sources[before:])


def uncovered(shares: Sequence[Share], sources: Sequence[Source]) -> tuple[Share, ...]:
    """What of each share no source gives yet. Changes of payment that were asked for when each part
    was a share of its own have several of one merchant."""
    given: Counter[tuple[Payer, UUID | None]] = Counter()
    for source in sources:
        given[source.payer, source.liable] += source.minor
    left = []
    for share in shares:
        whose = share.payer, share.party
        covered_minor = min(share.minor, given[whose])
        given[whose] -= covered_minor
        if covered_minor < share.minor:
            left.append(replace(share, minor=share.minor - covered_minor))
    return tuple(left)


def from_fund(*, remedy: Remedy, shares: Sequence[Share]) -> tuple[Source, ...]:
    """The platform gives it: as what it bears itself, or in advance for whoever is liable."""
    account = Account.PLATFORM_SUBSIDY if remedy.goodwill else Account.ASSURANCE_FUND
    return tuple(Source(account, None, share.minor, share.payer, share.party) for share in shares)


def taken(*, state: Remedies, remedy: Remedy, amount_minor: int) -> tuple[Source, ...]:
    """Out of which sources a leg of this amount comes: the first that has something first."""
    sources = secured(remedy)
    rest = uncovered(remedy.shares, sources)
    if rest:
        sources = (*sources, *from_escrow(state=state, remedy=remedy, shares=rest))
        rest = uncovered(remedy.shares, sources)
        sources = (*sources, *from_fund(remedy=remedy, shares=rest))
    return first(less(sources, held(remedy)), amount_minor)


def first(sources: Sequence[Source], amount_minor: int) -> tuple[Source, ...]:
    """So much of these sources: the first that has something first."""
    found = []
    for source in sources:
        minor = min(source.minor, amount_minor)
        if minor:
            found.append(_worth(source, minor))
            amount_minor -= minor
    assert amount_minor == 0, "more is sent than anybody bears"
    return tuple(found)


def lasting(remedy: Remedy) -> tuple[Source, ...]:
    """The sources that do not depend on the budget that is asked again: it gave some before."""
    if not remedy.fund_minor:
        return remedy.sources
    others = (source for source in remedy.sources if source.account not in OWN)
    return (*others, *(source for source in held(remedy) if source.account in OWN))


def set_aside(state: Remedies) -> Mapping[UUID, int]:
    """What parties' accounts have set aside for these remedies and was not sent, by whose it is."""
    found: Counter[UUID] = Counter()
    for remedy in state.live:
        sent = (LegStatus.SENT, LegStatus.CREDITED)
        gone = [one for leg in remedy.legs if leg.status in sent for one in leg.taken]
        waits: Counter[UUID] = Counter()
        for sign, sources in ((1, remedy.sources), (-1, gone)):
            for one in sources:
                if one.account is not Account.ESCROW and one.party is not None:
                    waits[one.party] += sign * one.minor
        found += waits
    return found


def unsent(remedy: Remedy) -> tuple[Source, ...]:
    """What was set aside for this remedy and no leg has taken; what a budget is still asked for is
    not set aside yet."""
    return tuple(source for source in less(lasting(remedy), _sent(remedy)) if source.minor)


def asked(*, state: Remedies, leg: Leg, number: int) -> tuple[Transfer, ...]:
    """What a leg takes from whoever bears it, pending until payments have answered."""
    entries = [Entry(source.account, source.party, -source.minor) for source in leg.taken]
    entries.append(Entry(Account.PAYMENT_CLEARING, None, leg.amount_minor))
    return moving(number=number, phase=Phase.PENDING, currency=state.currency, entries=entries)


def sent(*, state: Remedies, leg: Leg) -> tuple[Transfer, ...]:
    """What was pending is posted, and the consumer has it."""
    entries = (
        Entry(Account.PAYMENT_CLEARING, None, -leg.amount_minor),
        Entry(Account.CONSUMER, state.consumer, leg.amount_minor),
    )
    asked_for = ending(pending=state.pending, number=leg.transfer, phase=Phase.POSTED)
    return (*asked_for, *_posted(state, entries))


def sent_late(*, state: Remedies, amount_minor: int) -> tuple[Transfer, ...]:
    """The consumer has what nobody was to give any more, out of the fund."""
    entries = (
        Entry(Account.ASSURANCE_FUND, None, -amount_minor),
        Entry(Account.CONSUMER, state.consumer, amount_minor),
    )
    return _posted(state, entries)


def failed(*, state: Remedies, leg: Leg) -> tuple[Transfer, ...]:
    """What was pending is void."""
    return ending(pending=state.pending, number=leg.transfer, phase=Phase.VOIDED)


def undone(*, state: Remedies, remedy: Remedy) -> tuple[Transfer, ...]:
    """As far as the merchant bears it the sale is undone: the platform has its subsidies back, and
    the merchant the commission that the creator was paid. Other goods in its place undo nothing."""
    if not remedy.kind.takes_units:
        return ()
    merchants = {share.party for share in remedy.shares if share.payer is Payer.MERCHANT}
    if len(merchants) != 1:
        return ()
    (merchant,) = merchants
    subsidy_minor = _borne(remedy, sum(line.subsidy_minor for line in remedy.lines))
    paid_minor = standing(
        books=state.books,
        pending=state.pending,
        account=Account.CREATOR_COMMISSION,
        party=state.creator,
    )
    commission_minor = _borne(remedy, sum(line.commission_minor for line in remedy.lines))
    commission_minor = max(0, min(commission_minor, paid_minor))
    held_minor = max(0, min(subsidy_minor, escrow_minor(state, merchant)))
    entries = (
        Entry(Account.PLATFORM_SUBSIDY, None, subsidy_minor),
        Entry(Account.ESCROW, merchant, -held_minor),
        Entry(Account.MERCHANT_PAYABLE, merchant, held_minor - subsidy_minor + commission_minor),
        Entry(Account.CREATOR_COMMISSION, state.creator, -commission_minor),
    )
    return _posted(state, entries)


class Turned(Record, frozen=True):
    """How others come to bear what some bore: what moves, and what is sent otherwise.

    `legs` take from the fund from now on, also those that have left; `shares` and `sources` are the
    remedy's own. `released` others had set aside. `forgiven` are debts to the fund that end: what
    it had advanced stays its own. `owed` it has advanced for those who are liable now. `anew`:
    money that was waited for has to be asked for again.
    """

    transfers: tuple[Transfer, ...]
    legs: tuple[Leg, ...]
    shares: tuple[Share, ...]
    sources: tuple[Source, ...]
    released: tuple[Source, ...]
    forgiven: tuple[Source, ...]
    owed: tuple[Source, ...]
    anew: bool


def spared(*, before: Sequence[Share], after: Sequence[Share]) -> tuple[Share, ...]:
    """What others than the platform bore of it before, and do not bear any more."""
    left = uncovered(before, [_bearing_itself(share) for share in after])
    return tuple(share for share in left if share.payer is not Payer.PLATFORM)


def burdened(*, before: Sequence[Share], after: Sequence[Share]) -> tuple[Share, ...]:
    """What others than the platform are to bear now, and did not before."""
    return spared(before=after, after=before)


def beside_given(*, remedy: Remedy, shares: Sequence[Share]) -> tuple[Share, ...]:
    """So much together as these, which is more than was given: whoever has given something, or has
    been asked for it, bears that at least, and others so much less."""
    given: Counter[tuple[Payer, UUID | None]] = Counter()
    for source in secured(remedy):
        given[source.payer, source.liable] += source.minor
    for share in remedy.asked_of:
        given[share.payer, share.party] += share.minor
    bears = Counter({(share.payer, share.party): share.minor for share in shares})
    over_minor = -bears.total()
    bears |= given
    over_minor += bears.total()
    for whose in reversed(tuple(bears)):
        minor = min(over_minor, bears[whose] - given[whose])
        bears[whose] -= minor
        over_minor -= minor
    assert over_minor == 0, "more was given than is to be given in all"
    return tuple(Share(payer, party, minor) for (payer, party), minor in bears.items() if minor)


def turned(
    *, state: Remedies, remedy: Remedy, shares: Sequence[Share], onto: Sequence[Share] = ()
) -> Turned:
    """Those bear these shares `onto` whom they come, and the platform the rest, in the place of
    whoever did.

    What was sent is booked back, and the fund gives it. What payments were asked for is taken
    otherwise, so that it is nobody's if it fails; what waits for a route is taken otherwise once it
    has one. What waits for its money waits for theirs.
    """
    back: list[Source] = []
    instead: list[Source] = []
    legs: list[Leg] = []
    given: list[Source] = []
    owed: list[Source] = []
    transfers: list[Transfer] = []
    number = state.moved
    for leg in remedy.legs:
        if leg.beyond or leg.status is LegStatus.REPLACED:
            continue
        others = _theirs(leg.taken, shares)
        if not others:
            continue
        shares = uncovered(shares, others)
        kept = (source for source in less(leg.taken, others) if source.minor)
        instead_of = _advanced(uncovered(onto, given), sum(_minors(others)))
        given += instead_of
        changed = replace(leg, taken=(*kept, *instead_of))
        if leg.status in (LegStatus.SENT, LegStatus.CREDITED):
            back += others
            owed += (source for source in instead_of if source.liable is not None)
        else:
            instead += others
        if leg.status is LegStatus.REQUESTED:
            number += 1
            changed = replace(changed, transfer=number)
            transfers += ending(pending=state.pending, number=leg.transfer, phase=Phase.VOIDED)
            transfers += asked(state=state, leg=changed, number=number)
        legs.append(changed)
    entries = [
        Entry(source.account, source.party, source.minor)
        for source in back
        if source.account not in OWN
    ]
    entries.append(Entry(Account.ASSURANCE_FUND, None, -sum(entry.minor for entry in entries)))
    transfers += moving(
        number=number + 1, phase=Phase.POSTED, currency=state.currency, entries=entries
    )
    waiting = _theirs(_still_to_come(remedy), shares)
    aside = _theirs(unsent(remedy), [Share(one.payer, one.liable, one.minor) for one in waiting])
    needless = [source for source in (*instead, *aside) if source.account not in OWN]
    return Turned(
        transfers=tuple(transfers),
        legs=tuple(legs),
        shares=_without(remedy.shares, [*back, *instead, *waiting], onto),
        sources=_own_now(remedy, [*back, *instead], aside, given),
        released=tuple(needless) if remedy.sources else (),
        forgiven=tuple(source for source in back if source.account in OWN),
        owed=tuple(owed),
        anew=bool(waiting) and remedy.waits_for_money,
    )


def _theirs(sources: Sequence[Source], shares: Sequence[Share]) -> list[Source]:
    """What of these sources gives these shares."""
    found: list[Source] = []
    for source in sources:
        left = uncovered(shares, found)
        whose = source.payer, source.liable
        minor = sum(one.minor for one in left if (one.payer, one.party) == whose)
        if minor:
            found.append(_worth(source, min(source.minor, minor)))
    return found


def _still_to_come(remedy: Remedy) -> list[Source]:
    """What of its shares no leg has taken, as if whoever bears it had it."""
    return [_bearing_itself(share) for share in uncovered(remedy.shares, held(remedy))]


def _bearing_itself(share: Share) -> Source:
    return Source(_BEARING[share.payer], share.party, share.minor, share.payer, share.party)


def _own_now(
    remedy: Remedy,
    instead: Sequence[Source],
    aside: Sequence[Source],
    given: Sequence[Source],
) -> tuple[Source, ...]:
    """What others gave the fund has given; what they had set aside beside that is not needed."""
    if not remedy.sources:
        return ()
    needless = [source for source in aside if source.account not in OWN]
    sources = lasting(remedy) if remedy.waits_for_money else remedy.sources
    left = [source for source in less(sources, [*instead, *needless]) if source.minor]
    return (*left, *given)


def _advanced(onto: Sequence[Share], minor: int) -> tuple[Source, ...]:
    """So much of the fund's: for those who are liable, and the rest is its own."""
    own = Share(Payer.PLATFORM, None, minor)
    sources = (
        Source(Account.ASSURANCE_FUND, None, share.minor, share.payer, share.party)
        for share in (*onto, own)
    )
    return first(tuple(sources), minor)


def _without(
    shares: Sequence[Share], borne: Sequence[Source], onto: Sequence[Share]
) -> tuple[Share, ...]:
    """These shares, where others bear that much of them: `onto` whom it comes, and the platform."""
    left = []
    for share in shares:
        less = sum(
            source.minor
            for source in borne
            if (source.payer, source.liable) == (share.payer, share.party)
        )
        left.append(replace(share, minor=share.minor - less))
    more = _advanced(onto, sum(source.minor for source in borne))
    for share in (Share(one.payer, one.liable, one.minor) for one in more):
        known = [(one.payer, one.party) for one in left]
        if (share.payer, share.party) in known:
            place = known.index((share.payer, share.party))
            left[place] = replace(share, minor=left[place].minor + share.minor)
        else:
            left.append(share)
    return tuple(share for share in left if share.minor)


def outside(
    *, state: Remedies, kind: OutsideKind, amount_minor: int, unpaid: Sequence[int]
) -> tuple[Transfer, ...]:
    """Money went to the consumer, or came, without us; who bears it stays open until corrected.

    What was paid for the order, of whose parts so much was `unpaid`, is in escrow like the rest.
    """
    sign = -1 if kind is OutsideKind.OUTSIDE_PAYMENT else 1
    entries = [Entry(Account.CONSUMER, state.consumer, sign * amount_minor)]
    if kind is OutsideKind.OUTSIDE_PAYMENT:
        minors = split_minor(min(amount_minor, sum(unpaid)), unpaid)
        entries += [
            Entry(Account.ESCROW, part.merchant, minor)
            for part, minor in zip(state.paid, minors, strict=True)
        ]
    open_minor = -sum(entry.minor for entry in entries)
    entries.append(Entry(Account.PAYMENT_CLEARING, None, open_minor))
    return _posted(state, entries)


_BEARING = {
    Payer.MERCHANT: Account.MERCHANT_PAYABLE,
    Payer.CREATOR: Account.CREATOR_COMMISSION,
    Payer.AGENCY: Account.AGENCY,
    Payer.CARRIER: Account.CARRIER,
    Payer.INSURER: Account.INSURER,
    Payer.PLATFORM: Account.ASSURANCE_FUND,
}


def _bearing(state: Remedies, share: Share) -> Account:
    """Where somebody bears it: a merchant in escrow, as long as all of it is there."""
    if share.payer is Payer.MERCHANT and escrow_minor(state, share.party) >= share.minor:
        return Account.ESCROW
    return _BEARING[share.payer]


def _returning(state: Remedies, share: Share) -> Account:
    """Where somebody has it back: a merchant in escrow, as long as nothing was paid out of it."""
    if share.payer is Payer.MERCHANT and not state.payouts:
        return Account.ESCROW
    return _BEARING[share.payer]


def _posted(state: Remedies, entries: Sequence[Entry]) -> tuple[Transfer, ...]:
    return moving(
        number=state.moved + 1, phase=Phase.POSTED, currency=state.currency, entries=entries
    )


def _borne(remedy: Remedy, amount_minor: int) -> int:
    """What of an amount falls to the merchant."""
    shares = [share.minor for share in remedy.shares]
    if not amount_minor or not sum(shares):
        return 0
    minors = split_minor(amount_minor, shares)
    return sum(
        minor
        for share, minor in zip(remedy.shares, minors, strict=True)
        if share.payer is Payer.MERCHANT
    )


def shares_of_charge(*, state: Remedies, remedy: Remedy, amount_minor: int) -> tuple[Share, ...]:
    """Whose escrow it is that a charge for this remedy goes into."""
    if remedy.kind is RemedyKind.CHANGE_PAYMENT:
        return remedy.shares
    merchant = merchant_of(state=state, remedy=remedy)
    return (Share(Payer.MERCHANT, merchant, amount_minor),) if amount_minor else ()


def charged(*, state: Remedies, shares: Sequence[Share], amount_minor: int) -> tuple[Transfer, ...]:
    """What the consumer pays for a remedy, in escrow like what was paid before."""
    minors = split_minor(amount_minor, [share.minor for share in shares])
    entries = [
        Entry(Account.ESCROW, share.party, minor)
        for share, minor in zip(shares, minors, strict=True)
    ]
    entries.append(Entry(Account.CONSUMER, state.consumer, -amount_minor))
    return _posted(state, entries)


class Reborne(Record, frozen=True):
    """How others come to bear what was given: what moves, and where it comes from now.

    `released` was set aside and is free again; `forgiven` are debts to the fund that end.
    """

    transfers: tuple[Transfer, ...]
    taken: tuple[Source, ...] = ()
    released: tuple[Source, ...] = ()
    forgiven: tuple[Source, ...] = ()


def borne(*, state: Remedies, known: Compensated, shares: tuple[Share, ...]) -> Reborne:
    """What was given for a breach, taken from these and given back to those who bore it so far."""
    remedy = state.remedy(known.remedy)
    before = () if remedy is None else held(remedy)
    if shares == known.shares:
        return Reborne(transfers=(), taken=before)
    legs = () if remedy is None else remedy.legs
    leg = next((one for one in legs if one.status in _UNSENT), None)
    if remedy is not None and leg is not None:
        return _sent_otherwise(state, remedy, leg, shares)
    after = tuple(
        Source(_bearing(state, share), share.party, share.minor, share.payer, share.party)
        for share in shares
    )
    bore = before or tuple(
        Source(_returning(state, share), share.party, share.minor, share.payer, share.party)
        for share in known.shares
    )
    entries = [Entry(source.account, source.party, source.minor) for source in bore]
    entries += [Entry(source.account, source.party, -source.minor) for source in after]
    forgiven = tuple(
        source for source in bore if source.account in OWN and source.liable is not None
    )
    return Reborne(transfers=_posted(state, entries), taken=after, forgiven=forgiven)


def _sent_otherwise(
    state: Remedies, remedy: Remedy, leg: Leg, shares: tuple[Share, ...]
) -> Reborne:
    """What is to be sent is taken from others: from escrow, or the fund advances it.

    Of what failed nothing is pending until it is asked for again.
    """
    afresh = replace(remedy, shares=shares, legs=(), sources=())
    sources = taken(state=state.with_remedy(afresh), remedy=afresh, amount_minor=leg.amount_minor)
    if leg.status is LegStatus.FAILED:
        return Reborne(transfers=(), taken=sources, released=leg.taken)
    number = state.moved + 1
    void = ending(pending=state.pending, number=leg.transfer, phase=Phase.VOIDED)
    again = asked(state=state, leg=replace(leg, taken=sources), number=number)
    return Reborne(transfers=(*void, *again), taken=sources, released=leg.taken)


def freight(
    *, state: Remedies, bearers: Sequence[Share], carrier: UUID | None, number: int
) -> tuple[Transfer, ...]:
    """What the carrier gets for a label, from whoever bears it; escrow stays for the consumer."""
    entries = [Entry(_BEARING[one.payer], one.party, -one.minor) for one in bearers]
    entries.append(Entry(Account.CARRIER, carrier, -sum(entry.minor for entry in entries)))
    return moving(number=number, phase=Phase.POSTED, currency=state.currency, entries=entries)


def contested(*, state: Remedies, shares: Sequence[Share], owed: bool) -> tuple[Transfer, ...]:
    """The fund makes good who bore what was given; what the consumer owes is written down.

    The debt moves no money: the consumer has gained what they owe.
    """
    entries = [Entry(_returning(state, one), one.party, one.minor) for one in shares]
    amount_minor = sum(entry.minor for entry in entries)
    entries.append(Entry(Account.ASSURANCE_FUND, None, -amount_minor))
    paid = _posted(state, entries)
    if not owed:
        return paid
    debt = (
        Entry(Account.RECEIVABLE, state.consumer, -amount_minor),
        Entry(Account.CONSUMER, state.consumer, amount_minor),
    )
    number = state.moved + 1 + len(paid)
    return (
        *paid,
        *moving(number=number, phase=Phase.POSTED, currency=state.currency, entries=debt),
    )


_UNSENT = (LegStatus.REQUESTED, LegStatus.FAILED)


def _sent(remedy: Remedy) -> list[Source]:
    """What the legs have taken that give what was paid for the order, not more."""
    legs = (leg for leg in remedy.legs if leg.counts and not leg.beyond)
    return [source for leg in legs for source in leg.taken]


def held(remedy: Remedy) -> tuple[Source, ...]:
    """What its legs have: those that were sent, and those that wait for a route."""
    return (*_sent(remedy), *_failed(remedy))


def _failed(remedy: Remedy, *, beyond: bool = False) -> list[Source]:
    """What legs had taken that failed, and will take when they are sent again."""
    legs = (leg for leg in remedy.failed if leg.beyond is beyond)
    return [source for leg in legs for source in leg.taken]


def less(sources: Sequence[Source], gone: Sequence[Source]) -> list[Source]:
    """The sources without what is gone of them."""
    left = []
    gone = list(gone)
    for source in sources:
        minor = source.minor
        for place, one in enumerate(gone):
            if _worth(one, 0) == _worth(source, 0):
                used = min(minor, one.minor)
                minor -= used
                gone[place] = _worth(one, one.minor - used)
        left.append(_worth(source, minor))
    return left


def _minors(sources: Sequence[Source]) -> Iterator[int]:
    return (source.minor for source in sources)


def _worth(source: Source, minor: int) -> Source:
    return Source(source.account, source.party, minor, source.payer, source.liable)


def _of(source: Source, account: Account, party: UUID | None) -> int:
    return source.minor if (source.account, source.party) == (account, party) else 0
