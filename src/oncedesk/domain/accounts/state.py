"""What is known of a party's money in one currency: what is held for it, and what it owes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Self, TypedDict, assert_never
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.accounts.messages import (
    AccountCharged,
    AccountEvent,
    AccountOpened,
    AdvanceForgiven,
    AdvanceOwed,
    ChargeReleased,
    ChargeSettled,
    DebtAged,
    DebtWrittenOff,
    FundsTold,
    Holder,
    OfMarket,
    Pocket,
    RecoveryPosted,
    RecoveryRequested,
    RecoveryVoided,
)
from oncedesk.domain.shared.ledger import (
    Entry,
    Phase,
    Transfer,
    posted,
    still_pending,
)
from oncedesk.domain.shared.records import Record

DEBTS_MAX = 190
RECOVERIES_MAX = 3
"""One a pocket at a time."""
APART_BYTES_MAX = 1_100
"""What it takes at most to tell apart what other markets have advanced."""
TAKEN_MAX = 16
"""So many takings are told apart; of older ones it is known how much, and when the last was."""


class Funds(Record, frozen=True, array_like=True):
    """One pocket: what the marketplace says is in it, and what of that is set aside for remedies.

    Fields: append only.
    """

    pocket: Pocket
    minor: int
    charged_minor: int = 0


class Debt(Record, frozen=True, array_like=True):
    """All that was advanced on one day and is still owed. It is looked at again at `due_at`.

    `elsewhere` is what of it other markets than the account's own have advanced. Append only.
    """

    day: date
    minor: int
    due_at: datetime
    elsewhere: tuple[OfMarket, ...] = ()

    def advanced_minor(self, market: str) -> int:
        """What of it this market has advanced; without a name it is the account's own."""
        if not market:
            return self.minor - sum(one.minor for one in self.elsewhere)
        return sum(one.minor for one in self.elsewhere if one.market == market)

    def without(self, market: str, minor: int) -> Self:
        """Without so much of what this market has advanced."""
        elsewhere = of_markets(
            OfMarket(one.market, one.minor - (minor if one.market == market else 0))
            for one in self.elsewhere
        )
        return replace(self, minor=self.minor - minor, elsewhere=elsewhere)

    def less(self, minor: int) -> Self:
        """Without so much of it, the account's own market's first."""
        others_minor = min(sum(one.minor for one in self.elsewhere), self.minor - minor)
        left = []
        for one in reversed(self.elsewhere):
            kept_minor = min(one.minor, others_minor)
            others_minor -= kept_minor
            if kept_minor:
                left.append(OfMarket(one.market, kept_minor))
        return replace(self, minor=self.minor - minor, elsewhere=tuple(reversed(left)))


class Recovery(Record, frozen=True, array_like=True):
    """One that the marketplace has not answered. Its transfer has the number `transfer`."""

    number: int
    pocket: Pocket
    minor: int
    due_at: datetime
    transfer: int
    asked_again: int = 0
    first_asked_at: datetime | None = None


class Taken(Record, frozen=True, array_like=True):
    """So much was taken out of a pocket by then. Fields: append only."""

    pocket: Pocket
    minor: int
    at: datetime


class About(TypedDict):
    """What every event of an account begins with: whose, in what, when."""

    party: UUID
    currency: str
    at: datetime


class PartyAccount(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One account. `debts` are by day, the oldest first, at most as many as until the write-off.

    `books` is what stands in each account of the ledger by this state's posted transfers. `taken`
    is since the moment of which funds were told last, the last one last.
    """

    party: UUID
    currency: str
    market: str
    holder: Holder
    told_at: datetime | None = None
    funds: tuple[Funds, ...] = ()
    debts: tuple[Debt, ...] = ()
    recoveries: tuple[Recovery, ...] = ()
    numbered: int = 0
    moved: int = 0
    pending: tuple[Transfer, ...] = ()
    books: tuple[Entry, ...] = ()
    taken: tuple[Taken, ...] = ()

    def about(self, at: datetime) -> About:
        """What an event of this account begins with, if it happens at this moment."""
        return About(party=self.party, currency=self.currency, at=at)

    def of(self, pocket: Pocket) -> Funds:
        """What is known of this pocket; nothing is in one that nobody told of."""
        return next((one for one in self.funds if one.pocket is pocket), Funds(pocket, 0))

    def free_minor(self, pocket: Pocket) -> int:
        """What nobody waits for."""
        funds = self.of(pocket)
        asked = sum(one.minor for one in self.recoveries if one.pocket is pocket)
        return max(0, funds.minor - funds.charged_minor - asked)

    @property
    def owed_minor(self) -> int:
        """What is owed in all."""
        return sum(one.minor for one in self.debts)

    @property
    def unasked_minor(self) -> int:
        """What is owed and has not been asked for."""
        return self.owed_minor - sum(one.minor for one in self.recoveries)

    @property
    def charged_minor(self) -> int:
        """What is set aside for remedies, whatever the pocket."""
        return sum(one.charged_minor for one in self.funds)

    def recovery(self, number: int) -> Recovery | None:
        return next((one for one in self.recoveries if one.number == number), None)

    def with_funds(self, pocket: Pocket, *, more_minor: int = 0, charged_minor: int = 0) -> Self:
        """With so much more (or less) in a pocket, and so much more of it set aside."""
        before = self.of(pocket)
        after = Funds(
            pocket, max(0, before.minor + more_minor), before.charged_minor + charged_minor
        )
        others = tuple(one for one in self.funds if one.pocket is not pocket)
        return replace(self, funds=(*others, after))


def evolve(state: PartyAccount | None, event: AccountEvent) -> PartyAccount:
    """What is known after this event."""
    if isinstance(event, AccountOpened):
        return PartyAccount(
            party=event.party, currency=event.currency, market=event.market, holder=event.holder
        )
    assert state is not None, "it is opened first"
    return _changed(_moved(state, event), event)


def _changed(state: PartyAccount, event: AccountEvent) -> PartyAccount:
    match event:
        case AccountOpened():
            return state
        case FundsTold():
            told = {
                Pocket.ESCROW: event.escrow_minor,
                Pocket.BALANCE: event.balance_minor,
                Pocket.DEPOSIT: event.deposit_minor,
            }
            taken = tuple(one for one in state.taken if one.at > event.told_at)
            gone = {
                pocket: sum(one.minor for one in taken if one.pocket is pocket) for pocket in told
            }
            funds = tuple(
                Funds(pocket, max(0, minor - gone[pocket]), state.of(pocket).charged_minor)
                for pocket, minor in told.items()
            )
            return replace(state, funds=funds, told_at=event.told_at, taken=taken)
        case AccountCharged():
            for given in event.given:
                state = state.with_funds(given.pocket, charged_minor=given.minor)
            return state
        case ChargeSettled(pocket=pocket, amount_minor=minor):
            state = _taken(state, event)
            return state.with_funds(pocket, more_minor=-minor, charged_minor=-minor)
        case ChargeReleased(pocket=pocket, amount_minor=minor):
            return state.with_funds(pocket, charged_minor=-minor)
        case AdvanceOwed():
            whose = (OfMarket(event.elsewhere, event.amount_minor),) if event.elsewhere else ()
            more = Debt(event.day, event.amount_minor, event.due_at, whose)
            if whose and not _has_room(state.debts, more):
                return replace(state, debts=_more(*_known_before(state.debts, more)))
            return replace(state, debts=_more(state.debts, more))
        case AdvanceForgiven():
            return replace(state, debts=_forgiven(state, event))
        case DebtAged():
            return _less(state, event.day, 0, event.due_at)
        case DebtWrittenOff():
            return _less(state, event.day, event.amount_minor, event.due_at)
        case RecoveryRequested() | RecoveryPosted() | RecoveryVoided():
            return _recovered(state, event)
        case _:
            assert_never(event)


def _recovered(
    state: PartyAccount, event: RecoveryRequested | RecoveryPosted | RecoveryVoided
) -> PartyAccount:
    known = state.recovery(event.recovery)
    others = tuple(one for one in state.recoveries if one.number != event.recovery)
    match event:
        case RecoveryRequested():
            asked = Recovery(
                event.recovery,
                event.pocket,
                event.amount_minor,
                event.due_at,
                state.moved if known is None else known.transfer,
                0 if known is None else known.asked_again + 1,
                event.first_asked_at,
            )
            numbered = max(state.numbered, event.recovery)
            return replace(state, recoveries=(*others, asked), numbered=numbered)
        case RecoveryPosted():
            state = _taken(state, event)
            state = state.with_funds(event.pocket, more_minor=-event.amount_minor)
            debts = paid(state.debts, event.amount_minor)
            return replace(state, recoveries=others, debts=debts)
        case RecoveryVoided():
            state = state.with_funds(event.pocket, more_minor=-state.of(event.pocket).minor)
            return replace(state, recoveries=others)
        case _:
            assert_never(event)


def _taken(state: PartyAccount, event: ChargeSettled | RecoveryPosted) -> PartyAccount:
    """With what is gone from a pocket now; at first that was not remembered."""
    if not event.remembered:
        return state
    taken = [*state.taken, Taken(event.pocket, event.amount_minor, event.at)]
    joined = len(taken) > TAKEN_MAX
    return replace(state, taken=_oldest_joined(taken) if joined else tuple(taken))


def _oldest_joined(taken: Sequence[Taken]) -> tuple[Taken, ...]:
    """The oldest that can be is one with the next of its pocket, as of when that was."""
    for place, one in enumerate(taken):
        later = [
            number for number in range(place + 1, len(taken)) if taken[number].pocket is one.pocket
        ]
        if later:
            grown = replace(taken[later[0]], minor=taken[later[0]].minor + one.minor)
            return (*taken[:place], *taken[place + 1 : later[0]], grown, *taken[later[0] + 1 :])
    return tuple(taken)


def _has_room(debts: Sequence[Debt], more: Debt) -> bool:
    """Whether what another market has advanced can be told apart on this day."""
    apart = [(debt.day, one.market) for debt in (*debts, more) for one in debt.elsewhere]
    taken = sum(len(market) + 12 for _, market in dict.fromkeys(apart))
    return taken <= APART_BYTES_MAX


def _known_before(debts: tuple[Debt, ...], more: Debt) -> tuple[tuple[Debt, ...], Debt]:
    """As if this had been advanced when its market last did, and what the account's own gave then
    now; what is left of it counts as the account's own."""
    (whose,) = more.elsewhere
    left_minor, known = whose.minor, []
    for debt in reversed(debts):
        has = debt.advanced_minor(whose.market) > 0
        minor = min(left_minor, debt.advanced_minor("")) if has else 0
        left_minor -= minor
        elsewhere = of_markets((*debt.elsewhere, OfMarket(whose.market, minor)))
        known.append(replace(debt, elsewhere=elsewhere))
    return tuple(reversed(known)), replace(more, elsewhere=())


def _more(debts: tuple[Debt, ...], more: Debt) -> tuple[Debt, ...]:
    """With this one too; of a day there is only one, and where there is no room, the last grows."""
    same = next((one for one in debts if one.day == more.day), None)
    if same is None and len(debts) < DEBTS_MAX:
        return tuple(sorted((*debts, more), key=lambda one: one.day))
    same = same or debts[-1]
    elsewhere = of_markets((*same.elsewhere, *more.elsewhere))
    grown = Debt(same.day, same.minor + more.minor, same.due_at, elsewhere)
    return tuple(grown if one is same else one for one in debts)


def _forgiven(state: PartyAccount, event: AdvanceForgiven) -> tuple[Debt, ...]:
    """Without what is owed no more: the newest that this market had advanced, then the newest."""
    left_minor, debts = event.owed_minor, []
    whose = "" if event.market == state.market else event.market
    for debt in reversed(state.debts):
        minor = min(left_minor, debt.advanced_minor(whose)) if event.market else 0
        left_minor -= minor
        debts.append(debt.without(whose, minor))
    return paid(debts, left_minor)


def _less(state: PartyAccount, day: date, minor: int, due_at: datetime) -> PartyAccount:
    """With so much less of this day's debt, and when it is looked at again."""
    debts = (
        replace(one.less(minor), due_at=due_at) if one.day == day else one for one in state.debts
    )
    return replace(state, debts=tuple(one for one in debts if one.minor))


def of_markets(owed: Iterable[OfMarket]) -> tuple[OfMarket, ...]:
    """What is each market's, each named once."""
    minors: Counter[str] = Counter()
    for one in owed:
        minors[one.market] += one.minor
    return tuple(OfMarket(market, minor) for market, minor in minors.items() if minor)


def paid(debts: Iterable[Debt], minor: int) -> tuple[Debt, ...]:
    """Without so much of them, the first first."""
    left = []
    for debt in debts:
        paid_minor = min(minor, debt.minor)
        minor -= paid_minor
        if debt.minor > paid_minor:
            left.append(debt.less(paid_minor))
    assert minor == 0, "more was paid than was owed"
    return tuple(sorted(left, key=lambda one: one.day))


def _moved(state: PartyAccount, event: AccountEvent) -> PartyAccount:
    if not event.transfers:
        return state
    return replace(
        state,
        pending=still_pending(state.pending, event.transfers),
        books=posted(state.books, event.transfers),
        moved=max(state.moved, *(one.number for one in event.transfers)),
    )


def check(state: PartyAccount) -> None:
    """What must hold for every account, always."""
    assert len(state.debts) <= DEBTS_MAX
    assert all(one.minor > 0 for one in state.debts)
    for debt in state.debts:
        assert sum(one.minor for one in debt.elsewhere) <= debt.minor
    assert len({one.pocket for one in state.recoveries}) == len(state.recoveries) <= RECOVERIES_MAX
    assert state.unasked_minor >= 0, "more is asked back than is owed"
    assert all(one.minor >= 0 and one.charged_minor >= 0 for one in state.funds)
    assert len(state.taken) <= TAKEN_MAX
    assert sum(one.minor for one in state.books) == 0, "the books do not balance"
    assert {one.number for one in state.pending} == {one.transfer for one in state.recoveries}
    assert all(one.phase is Phase.PENDING for one in state.pending)
