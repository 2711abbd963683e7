"""Which accounts a remedy's money moves between. Every transfer sums to nothing.

When the books are opened, what was paid stands in escrow, part by part. A refund first moves what
it takes from whoever bears it to payment clearing, pending; when payments have sent it, that is
posted and the consumer has it.
"""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.messages.asking import PaidPart
from oncedesk.domain.remedies.state import Compensated, Remedies, Remedy, merchant_of
from oncedesk.domain.remedies.words import Leg, LegStatus, Payer, RemedyKind, Share
from oncedesk.domain.shared.ledger import Account, Entry, Phase, Transfer, balanced
from oncedesk.domain.shared.money import split_minor

_BEARS = {
    Payer.MERCHANT: Account.ESCROW,
    Payer.CREATOR: Account.CREATOR_COMMISSION,
    Payer.AGENCY: Account.AGENCY,
    Payer.CARRIER: Account.CARRIER,
    Payer.INSURER: Account.INSURER,
    Payer.PLATFORM: Account.ASSURANCE_FUND,
}


def opening(*, consumer: UUID, paid: Sequence[PaidPart], currency: str) -> tuple[Transfer, ...]:
    """What was paid for an order, in escrow for its merchants; nothing where nothing was paid."""
    entries = [Entry(Account.CONSUMER, consumer, -sum(part.paid_minor for part in paid))]
    entries += [Entry(Account.ESCROW, part.merchant, part.paid_minor) for part in paid]
    entries = [entry for entry in entries if entry.minor]
    if not entries:
        return ()
    return (_transfer(1, Phase.POSTED, currency, entries),)


def asked(*, state: Remedies, remedy: Remedy, leg: Leg, number: int) -> tuple[Transfer, ...]:
    """What a leg takes from whoever bears it, pending until payments have answered."""
    entries = [
        Entry(_BEARS[share.payer], share.party, -share.minor)
        for share in _of_leg(remedy.shares, leg.amount_minor)
        if share.minor
    ]
    entries.append(Entry(Account.PAYMENT_CLEARING, None, leg.amount_minor))
    return (_transfer(number, Phase.PENDING, state.currency, entries),)


def ended(*, state: Remedies, number: int, phase: Phase) -> Transfer | None:
    """The pending transfer of this number, posted or voided."""
    found = next((one for one in state.pending if one.number == number), None)
    return None if found is None else _transfer(number, phase, found.currency, found.entries)


def sent(*, state: Remedies, leg: Leg, number: int) -> Transfer:
    """The consumer has it."""
    entries = (
        Entry(Account.PAYMENT_CLEARING, None, -leg.amount_minor),
        Entry(Account.CONSUMER, state.consumer, leg.amount_minor),
    )
    return _transfer(number, Phase.POSTED, state.currency, entries)


def reversal(*, state: Remedies, remedy: Remedy, amount_minor: int) -> tuple[Transfer, ...]:
    """The platform bears, in the place of whoever did, so much of what was sent."""
    back = [
        Entry(_BEARS[share.payer], share.party, share.minor)
        for share in _of_leg(remedy.shares, amount_minor)
        if share.minor and share.payer is not Payer.PLATFORM
    ]
    if not back:
        return ()
    borne = Entry(Account.ASSURANCE_FUND, None, -sum(entry.minor for entry in back))
    return (_transfer(state.moved + 1, Phase.POSTED, state.currency, (*back, borne)),)


def shares_of_charge(*, state: Remedies, remedy: Remedy, amount_minor: int) -> tuple[Share, ...]:
    """Whose escrow it is that a charge for this remedy goes into."""
    if remedy.kind is RemedyKind.CHANGE_PAYMENT:
        return remedy.shares
    merchant = merchant_of(state=state, remedy=remedy)
    return (Share(Payer.MERCHANT, merchant, amount_minor),) if amount_minor else ()


def charged(*, state: Remedies, remedy: Remedy, amount_minor: int) -> Transfer:
    """What the consumer pays for a remedy, in escrow like what was paid before."""
    shares = shares_of_charge(state=state, remedy=remedy, amount_minor=amount_minor)
    entries = [
        Entry(Account.ESCROW, share.party, share.minor)
        for share in _of_leg(shares, amount_minor)
        if share.minor
    ]
    entries.append(Entry(Account.CONSUMER, state.consumer, -amount_minor))
    return _transfer(state.moved + 1, Phase.POSTED, state.currency, entries)


def borne(
    *, state: Remedies, known: Compensated, shares: tuple[Share, ...]
) -> tuple[Transfer, ...]:
    """What was given for a breach, taken from these and given back to those who bore it so far."""
    if shares == known.shares:
        return ()
    remedy, number = state.remedy(known.remedy), state.moved + 1
    leg = (
        None
        if remedy is None
        else next((one for one in remedy.legs if one.status is LegStatus.REQUESTED), None)
    )
    if remedy is not None and leg is not None:
        ending = ended(state=state, number=leg.transfer, phase=Phase.VOIDED)
        assert ending is not None
        again = asked(state=state, remedy=replace(remedy, shares=shares), leg=leg, number=number)
        return (ending, *again)
    entries = [Entry(_BEARS[one.payer], one.party, one.minor) for one in known.shares]
    entries += [Entry(_BEARS[one.payer], one.party, -one.minor) for one in shares]
    return (_transfer(number, Phase.POSTED, state.currency, entries),)


def freight(
    *, state: Remedies, bearers: Sequence[Share], carrier: UUID | None, number: int
) -> tuple[Transfer, ...]:
    """What the carrier gets for a label, from whoever bears it."""
    entries = [Entry(_BEARS[one.payer], one.party, -one.minor) for one in bearers if one.minor]
    if not entries:
        return ()
    entries.append(Entry(Account.CARRIER, carrier, -sum(entry.minor for entry in entries)))
    return (_transfer(number, Phase.POSTED, state.currency, entries),)


def contested(*, state: Remedies, shares: Sequence[Share], owed: bool) -> tuple[Transfer, ...]:
    """The fund makes good who bore what was given; what the consumer owes is written down.

    The debt moves no money: the consumer has gained what they owe.
    """
    entries = [Entry(_BEARS[one.payer], one.party, one.minor) for one in shares if one.minor]
    if not entries:
        return ()
    amount_minor = sum(entry.minor for entry in entries)
    entries.append(Entry(Account.ASSURANCE_FUND, None, -amount_minor))
    paid = _transfer(state.moved + 1, Phase.POSTED, state.currency, entries)
    if not owed:
        return (paid,)
    debt = (
        Entry(Account.RECEIVABLE, state.consumer, -amount_minor),
        Entry(Account.CONSUMER, state.consumer, amount_minor),
    )
    return (paid, _transfer(state.moved + 2, Phase.POSTED, state.currency, debt))


def _of_leg(shares: Sequence[Share], amount_minor: int) -> list[Share]:
    """What of a leg each bears."""
    minors = split_minor(amount_minor, [share.minor for share in shares])
    return [
        Share(share.payer, share.party, minor) for share, minor in zip(shares, minors, strict=True)
    ]


def _transfer(number: int, phase: Phase, currency: str, entries: Sequence[Entry]) -> Transfer:
    assert balanced(entries), "money was made or lost"
    return Transfer(number, phase, currency, tuple(entries))
