"""Whether the ledger is right: every transfer balances, ends once, and the states say the same."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from oncedesk.domain.accounts.state import PartyAccount
from oncedesk.domain.remedies.postings import set_aside
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.codec import Codec
from oncedesk.storage.database import PATIENCE_SECONDS, Pool, be_patient, connected

SHOWN_MAX = 20
_A_MONTH = timedelta(days=30)
_PAGE = 500

_UNBALANCED = """
SELECT stream, transfer, phase, currency, sum(minor)::bigint FROM posting
GROUP BY stream, transfer, phase, currency HAVING sum(minor) <> 0
ORDER BY stream, transfer LIMIT $1
"""
_ENDED_TWICE = """
SELECT stream, transfer FROM posting WHERE phase <> 'pending'
GROUP BY stream, transfer HAVING count(DISTINCT (version, event)) > 1
ORDER BY stream, transfer LIMIT $1
"""
_PENDING = """
SELECT stream, transfer FROM posting GROUP BY stream, transfer
HAVING bool_and(phase = 'pending')
"""
_BALANCES = """
SELECT stream, account, party, currency, sum(minor)::bigint FROM posting WHERE phase = 'posted'
GROUP BY stream, account, party, currency HAVING sum(minor) <> 0 ORDER BY stream
"""
_DAYS = """
SELECT account, party, currency FROM (
    SELECT account, party, currency, (at AT TIME ZONE 'UTC')::date AS day, minor
    FROM posting WHERE phase = 'posted' AND party IS NOT NULL
    UNION ALL
    SELECT account, party, currency, day, -minor FROM posting_day
) moved GROUP BY account, party, currency, day HAVING sum(minor) <> 0
ORDER BY account, party, currency LIMIT $1
"""
_DAYS_PENDING = """
SELECT account, party, currency FROM (
    SELECT p.account, p.party, p.currency, p.minor FROM posting p
    WHERE p.phase = 'pending' AND p.minor < 0 AND p.party IS NOT NULL AND NOT EXISTS (
        SELECT FROM posting e WHERE e.bucket = p.bucket AND e.stream = p.stream
          AND e.transfer = p.transfer AND e.phase <> 'pending')
    UNION ALL
    SELECT account, party, currency, -pending_minor FROM posting_day
) waits GROUP BY account, party, currency HAVING sum(minor) <> 0
ORDER BY account, party, currency LIMIT $1
"""
_PAID_OUT = """
SELECT min(at) FILTER (WHERE cause = 'BooksOpened'),
       coalesce(bool_or(cause = 'PayoutRecorded'), false)
FROM posting WHERE cause IN ('BooksOpened', 'PayoutRecorded')
"""
_POSTINGS = "SELECT count(*) FROM posting"
_STATES = (
    "SELECT kind, id, version, body FROM state WHERE kind IN ('remedies', 'account') ORDER BY id"
)

_ON_THE_WAY = "SELECT source FROM reaction UNION SELECT target FROM reaction"

Books = Counter[tuple[str, Any, str]]
"""What stands in each account, by its name, whose it is, and its currency."""


class Stuck(Record, frozen=True):
    """So much is set aside in a party's account, at this `version`, and no remedy waits for it."""

    party: UUID
    currency: str
    minor: int
    version: int


class LedgerReport(Record, frozen=True):
    """What was looked at, and what is wrong: a sentence each, at most 20 of a kind.

    The first books were opened at `opened_at`. Unless a payout was told since then (`paid_out`),
    whatever was paid for an order still counts as in escrow. `untold` parties owe what was
    advanced for them, and nobody has ever told what is held for them. What is `stuck` can be freed.
    """

    postings: int
    states: int
    wrong: tuple[str, ...]
    opened_at: datetime | None = None
    paid_out: bool = False
    untold: int = 0
    stuck: tuple[Stuck, ...] = ()

    def lacks_payouts(self, *, now: datetime) -> bool:
        """Whether the marketplace has never told one, for so long that it must have made some."""
        return not self.paid_out and self.opened_at is not None and now - self.opened_at > _A_MONTH


async def check_ledger(pool: Pool, codec: Codec) -> LedgerReport:
    """Look at all of it, as it stands at one moment. Nothing is changed."""
    async with (
        connected(pool) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        await be_patient(connection)
        fetch = partial(connection.fetch, timeout=PATIENCE_SECONDS)
        wrong = [
            f"transfer {transfer} of {stream} ({phase}) does not balance: {minor} {currency}"
            for stream, transfer, phase, currency, minor in await fetch(_UNBALANCED, SHOWN_MAX)
        ]
        wrong += [
            f"transfer {transfer} of {stream} was ended twice"
            for stream, transfer in await fetch(_ENDED_TWICE, SHOWN_MAX)
        ]
        wrong += [
            f"{account} of {party} in {currency}: its days do not say what its entries say"
            for statement in (_DAYS, _DAYS_PENDING)
            for account, party, currency in await fetch(statement, SHOWN_MAX)
        ]
        pending = {tuple(row) for row in await fetch(_PENDING)}
        ((postings,),) = await fetch(_POSTINGS)
        ((opened_at, paid_out),) = await fetch(_PAID_OUT)
        states, untold, waiting = 0, 0, set()
        aside = _Aside({row[0] for row in await fetch(_ON_THE_WAY)})
        books = _Compared(_balances(connection))
        await books.move_on()
        async for stream, version, state in _states(connection, codec):
            states += 1
            untold += isinstance(state, PartyAccount) and bool(state.debts) and not state.told_at
            aside.with_state(stream, version, state)
            waiting |= {(stream, one.number) for one in state.pending}
            await books.with_state(stream, state)
        await books.to_the_end()
    wrong += _differences(pending, waiting)
    wrong += books.wrong
    return LedgerReport(postings, states, tuple(wrong), opened_at, paid_out, untold, aside.stuck)


async def _states(
    connection: Any, codec: Codec
) -> AsyncIterator[tuple[Any, int, Remedies | PartyAccount]]:
    async for kind, id_, version, body in connection.cursor(
        _STATES, prefetch=_PAGE, timeout=PATIENCE_SECONDS
    ):
        yield id_, version, codec.state(Kind(kind), body)


def _differences(pending: set[Any], waiting: set[Any]) -> Sequence[str]:
    orphans = sorted(pending - waiting)[:SHOWN_MAX]
    missing = sorted(waiting - pending)[:SHOWN_MAX]
    return [
        *(f"transfer {number} of {one} is pending and nothing waits" for one, number in orphans),
        *(f"transfer {number} of {one} is waited for, not pending" for one, number in missing),
    ]


class _Aside:
    """What accounts have set aside beside what remedies wait for; what is on its way between them
    (`moving`) may be either."""

    def __init__(self, moving: set[UUID]) -> None:
        self._moving = moving
        self._more: Counter[tuple[UUID, str]] = Counter()
        self._left_out: set[tuple[UUID, str]] = set()
        self._versions: dict[tuple[UUID, str], int] = {}

    def with_state(self, stream: UUID, version: int, state: Remedies | PartyAccount) -> None:
        if isinstance(state, PartyAccount):
            whose = state.party, state.currency
            self._versions[whose] = version
            self._more[whose] += state.charged_minor
            if stream in self._moving:
                self._left_out.add(whose)
            return
        for party, minor in set_aside(state).items():
            self._more[party, state.currency] -= minor
            if stream in self._moving:
                self._left_out.add((party, state.currency))

    @property
    def stuck(self) -> tuple[Stuck, ...]:
        found = sorted(self._more.items(), key=str)
        return tuple(
            Stuck(*whose, minor, self._versions[whose])
            for whose, minor in found
            if minor > 0 and whose not in self._left_out
        )


class _Compared:
    """Each state's books beside what the ledger says of it; both come in the order of their ids, so
    that neither has to be kept.
    """

    def __init__(self, ledger: AsyncIterator[tuple[Any, Books]]) -> None:
        self._ledger = ledger
        self._ahead: tuple[Any, Books] | None = None
        self.wrong: list[str] = []

    async def with_state(self, stream: Any, state: Remedies | PartyAccount) -> None:
        while self._ahead is not None and self._ahead[0] < stream:
            await self._of_no_state(*self._ahead)
        said = Books()
        if self._ahead is not None and self._ahead[0] == stream:
            said = self._ahead[1]
            await self.move_on()
        books = Books()
        for entry in state.books:
            books[entry.account.value, entry.party, state.currency] += entry.minor
        self._unequal(stream, said, books)

    async def to_the_end(self) -> None:
        while self._ahead is not None:
            await self._of_no_state(*self._ahead)

    async def _of_no_state(self, stream: Any, said: Books) -> None:
        self._unequal(stream, said, Books())
        await self.move_on()

    async def move_on(self) -> None:
        """To the next that the ledger says something of; once before the first state."""
        self._ahead = await anext(self._ledger, None)

    def _unequal(self, stream: Any, said: Books, books: Books) -> None:
        keys = [key for key in {*said, *books} if said[key] != books[key]]
        room = SHOWN_MAX - len(self.wrong)
        self.wrong += [
            f"{account} of {party or 'the platform'} in {currency} by {stream}: the ledger says "
            f"{said[account, party, currency]}, the states {books[account, party, currency]}"
            for account, party, currency in sorted(keys, key=str)[:room]
        ]


async def _balances(connection: Any) -> AsyncIterator[tuple[Any, Books]]:
    """What the ledger says of each stream."""
    stream, books = None, Books()
    async for row in connection.cursor(_BALANCES, prefetch=_PAGE, timeout=PATIENCE_SECONDS):
        if row[0] != stream and stream is not None:
            yield stream, books
            books = Books()
        stream = row[0]
        books[row[1], row[2], row[3]] = row[4]
    if stream is not None:
        yield stream, books
