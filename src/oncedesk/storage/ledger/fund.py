"""What the assurance fund gave, has back, is still owed and has lost, in each currency."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from oncedesk.domain.accounts.state import PartyAccount
from oncedesk.domain.budgets.decide import period_of
from oncedesk.domain.budgets.messages import BudgetName
from oncedesk.domain.budgets.state import Budget
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import BUDGET_SLICES, Kind, budget_ref
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import Pool, Unhurried, connected
from oncedesk.storage.store import PostgresStore
from oncedesk.storage.views.readers import NotSeen, Reader

AGES = (30, 60, 90)
_PAGE = 500

# The platform's own rows have no party. What the fund gives leaves it by whatever is decided of a
# remedy; what it advanced comes back to it as a claim when that is owed, and is its own again when
# that is forgiven. So its own balance is what it bears itself.
_MOVED = """
SELECT currency,
       coalesce(-sum(minor) FILTER (WHERE account = 'assurance_fund' AND cause NOT IN
                                      ('AdvanceOwed', 'AdvanceForgiven')), 0)::bigint,
       coalesce(sum(minor) FILTER (WHERE account = 'assurance_fund' AND cause IN
                                      ('AdvanceOwed', 'AdvanceForgiven')), 0)::bigint,
       coalesce(-sum(minor) FILTER (WHERE account = 'assurance_fund'
                                      AND cause = 'AdvanceForgiven'), 0)::bigint,
       coalesce(-sum(minor) FILTER (WHERE account = 'assurance_fund'), 0)::bigint,
       coalesce(-sum(minor) FILTER (WHERE account = 'platform_subsidy'
                                      AND cause = 'RefundSent'), 0)::bigint,
       coalesce(-sum(minor) FILTER (WHERE account = 'written_off'), 0)::bigint
FROM posting
WHERE party IS NULL AND account IN ('assurance_fund', 'platform_subsidy', 'written_off')
  AND at >= $1 AND at < $2 AND phase = 'posted'
GROUP BY currency ORDER BY currency
"""
# Of what was forgiven, what was still owed, or had been written off, stands in here; the rest had
# been taken and went back.
_RECOVERED = """
SELECT currency, sum(minor)::bigint FROM (
    SELECT currency, minor FROM posting
    WHERE account = 'receivable' AND cause IN ('RecoveryPosted', 'AdvanceForgiven')
      AND at >= $1 AND at < $2 AND phase = 'posted'
    UNION ALL
    SELECT currency, minor FROM posting
    WHERE party IS NULL AND account = 'written_off' AND cause = 'AdvanceForgiven'
      AND at >= $1 AND at < $2 AND phase = 'posted'
) r
GROUP BY currency
"""
# Of an order there is one entry of the consumer's; where subsidies paid all of it, one of theirs.
_ORDERS = """
SELECT o.currency, count(*) FROM (
    SELECT c.bucket, c.currency FROM posting c
    WHERE c.cause = 'BooksOpened' AND c.account = 'consumer' AND c.at >= $1 AND c.at < $2
    UNION ALL
    SELECT s.bucket, s.currency FROM posting s
    WHERE s.cause = 'BooksOpened' AND s.account = 'platform_subsidy' AND s.party IS NULL
      AND s.at >= $1 AND s.at < $2 AND NOT EXISTS (
        SELECT FROM posting c WHERE c.bucket = s.bucket AND c.stream = s.stream
        AND c.version = s.version AND c.cause = 'BooksOpened' AND c.account = 'consumer')
) o
GROUP BY o.currency
"""
_ACCOUNTS = """
SELECT bucket, id, body FROM state
WHERE kind = 'account' AND open AND (bucket, id) > ($1, $2)
ORDER BY bucket, id LIMIT $3
"""


class Age(Record, frozen=True):
    """What has been owed for fewer than `days_below` days, and for at least those of the one
    before; None: for longer than all others."""

    days_below: int | None
    minor: int


class FundReport(Record, frozen=True):
    """One currency in a period. `outstanding` is as of now, whatever the period.

    `used_minor` left the fund and did not come back; of that `advanced_minor` was for others, who
    owe it from then on, less what was forgiven; `recovered_minor` came back of it and stayed.
    `borne_minor` is what stays with the platform, `goodwill_minor` what it gave besides.
    `orders` are those in this currency whose books were opened in the period, by the first payout
    or remedy that was told of; `cost_per_order_milli` is what the platform has lost by each, in
    thousandths of a minor unit, 0 where there are none.
    """

    currency: str
    used_minor: int
    advanced_minor: int
    recovered_minor: int
    borne_minor: int
    goodwill_minor: int
    written_off_minor: int
    outstanding: tuple[Age, ...]
    orders: int
    cost_per_order_milli: int


class BudgetReport(Record, frozen=True):
    """A budget in the current month: how much there is, was dealt out to slices, and given.

    Of what was given, in this month or before, `returned_minor` was not needed, or was recovered,
    in this one, and may be given again; `given_minor` is not less by that.

    Until it has `begun` in this month, by the first who asks or sets it, there is what the rules
    will say then.
    """

    name: str
    market: str
    currency: str
    period: str
    amount_minor: int
    dealt_out_minor: int
    given_minor: int
    returned_minor: int
    waiting: int
    begun: bool


class Fund:
    """Answers what is asked about the platform's own money. Raises `NotSeen` for all others."""

    def __init__(
        self,
        pool: Pool,
        unhurried: Unhurried,
        codec: Codec,
        store: PostgresStore,
    ) -> None:
        self._pool = pool
        self._unhurried = unhurried
        self._codec = codec
        self._store = store

    async def report(
        self, *, reader: Reader, since: datetime, until: datetime, now: datetime
    ) -> Sequence[FundReport]:
        """Every currency in which something moved in [since, until) or is owed."""
        if not reader.sees_all:
            raise NotSeen
        async with self._unhurried.connected() as connection:
            moved = await connection.fetch(_MOVED, since, until)
            recovered = dict(await connection.fetch(_RECOVERED, since, until))
            opened = dict(await connection.fetch(_ORDERS, since, until))
        owed = await self._owed(now)
        found = {row[0]: row[1:] for row in moved}
        reports = []
        for currency in sorted({*found, *owed, *recovered}):
            used, advanced, forgiven, borne, goodwill, lost = found.get(currency, (0,) * 6)
            orders = opened.get(currency, 0)
            reports.append(
                FundReport(
                    currency=currency,
                    used_minor=used,
                    advanced_minor=advanced,
                    recovered_minor=recovered.get(currency, 0) - forgiven,
                    borne_minor=borne,
                    goodwill_minor=goodwill,
                    written_off_minor=lost,
                    outstanding=owed.get(currency, _ages({})),
                    orders=orders,
                    cost_per_order_milli=(
                        (borne + goodwill + lost) * 1_000 // orders if orders else 0
                    ),
                )
            )
        return reports

    async def _owed(self, now: datetime) -> dict[str, tuple[Age, ...]]:
        """What every account still owes, by age."""
        today, at = now.astimezone(UTC).date(), (-1, UUID(int=0))
        owed: dict[str, dict[int | None, int]] = {}
        while True:
            async with connected(self._pool) as connection:
                rows = await connection.fetch(_ACCOUNTS, *at, _PAGE)
            for bucket, id_, body in rows:
                at = bucket, id_
                state: PartyAccount = self._codec.state(Kind.ACCOUNT, body)
                ages = owed.setdefault(state.currency, {})
                for debt in state.debts:
                    days = (today - debt.day).days
                    below = next((age for age in AGES if days < age), None)
                    ages[below] = ages.get(below, 0) + debt.minor
            if len(rows) < _PAGE:
                return {currency: _ages(ages) for currency, ages in owed.items()}

    async def budget(self, *, reader: Reader, budget: BudgetName, now: datetime) -> BudgetReport:
        """A budget in the month in which `now` lies."""
        if not reader.sees_all:
            raise NotSeen
        refs = [
            budget_ref(
                name=budget.name, market=budget.market, currency=budget.currency, slice_=slice_
            )
            for slice_ in range(BUDGET_SLICES + 1)
        ]
        loaded = await self._store.load(refs)
        period = period_of(now)
        states = [one.state for one in loaded.values() if isinstance(one.state, Budget)]
        current = [state for state in states if state.period == period]
        whole = next((state for state in current if state.slice_ == 0), None)
        slices = [state for state in current if state.slice_]
        dealt_out_minor = 0 if whole is None else whole.given_minor
        # What is dealt out and has not come to its slice yet is not there either.
        held_minor = sum(state.amount_minor for state in slices)
        return BudgetReport(
            name=budget.name,
            market=budget.market,
            currency=budget.currency,
            period=period,
            amount_minor=0 if whole is None else whole.amount_minor,
            dealt_out_minor=dealt_out_minor,
            given_minor=sum(state.given_minor for state in slices),
            returned_minor=max(0, held_minor - dealt_out_minor),
            waiting=sum(len(state.waiting) for state in states),
            begun=whole is not None,
        )


def _ages(found: dict[int | None, int]) -> tuple[Age, ...]:
    return tuple(Age(below, found.get(below, 0)) for below in (*AGES, None))
