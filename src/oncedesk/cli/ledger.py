"""`oncedesk ledger`: whether the books are right, what they say of a party, and of the fund."""

import csv
import sys
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec
from cyclopts import App, Parameter
from rich.table import Table

from oncedesk.cli.printing import console, listing, print_listing
from oncedesk.cli.session import complain, parts, run, settings_or_exit
from oncedesk.domain.accounts.messages import Pocket, ReleaseCharge
from oncedesk.domain.shared.decider import SYSTEM, Actor, Role
from oncedesk.storage.ledger.checking import check_ledger
from oncedesk.storage.ledger.fund import FundReport
from oncedesk.storage.ledger.statements import Line, Statement
from oncedesk.storage.views.readers import Reader
from oncedesk.wiring import Parts

app = App(name="ledger", help="The books: check them, a party's statement, the assurance fund.")
_READER = Reader(Actor(Role.ADMIN))
# As over HTTP.
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


@app.command
def check(*, json: bool = False) -> int:
    """Compare all entries with each other and with the states; exits with 1 if something is wrong.

    Every transfer balances and ends once, what is pending is waited for, and what stands in each
    account is what the states say. It also says if no payout was ever told,
    of whom no funds were, or what is set aside in an account and no remedy waits for.

    Parameters
    ----------
    json
        Print one JSON object instead of sentences.
    """

    async def work() -> int:
        async with parts(settings_or_exit()) as built:
            found, now = await check_ledger(built.pool, built.codec), built.engine.clock()
        if json:
            sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
        else:
            console.print(
                f"{found.postings:,} entries, {found.states:,} states with books; "
                f"{len(found.wrong)} errors"
            )
            for sentence in found.wrong:
                console.print(f"  {sentence}", markup=False)
            if found.lacks_payouts(now=now):
                console.print(
                    f"no payout was told since {found.opened_at:%Y-%m-%d}: all that was paid "
                    "counts as in escrow, and refunds come out of it; see the guide on refunds"
                )
            if found.untold:
                console.print(
                    f"{found.untold} parties owe what was advanced for them, and no funds of "
                    "theirs were ever told: nothing can be taken back; see the guide on refunds"
                )
            for one in found.stuck:
                console.print(
                    f"{one.minor:,} {one.currency} of {one.party} are set aside and no remedy "
                    "waits for them: `oncedesk ledger free` frees them"
                )
        return 1 if found.wrong else 0

    return run(work())


@app.command
def free() -> int:
    """Free what is set aside in parties' accounts though no remedy waits for it any more."""

    async def work() -> int:
        async with parts(settings_or_exit()) as built:
            stuck, moved = (await check_ledger(built.pool, built.codec)).stuck, 0
            for one in stuck:
                release = ReleaseCharge(
                    party=one.party,
                    currency=one.currency,
                    pocket=Pocket.DEPOSIT,
                    amount_minor=one.minor,
                )
                # Only as it was looked at: of two who free at once one does.
                answer = await built.engine.submit(
                    release,
                    principal="cli",
                    key=f"free/{uuid4()}",
                    actor=SYSTEM,
                    expected_version=one.version,
                )
                if answer.accepted:
                    console.print(f"{one.minor:,} {one.currency} of {one.party} are free again")
                else:
                    moved += 1
                    console.print(f"the account of {one.party} has changed meanwhile; look again")
        if not stuck:
            console.print("nothing is set aside that no remedy waits for")
        return 1 if moved else 0

    return run(work())


@app.command
def statement(
    party: UUID,
    *,
    currency: str,
    since: datetime | None = None,
    until: datetime | None = None,
    as_csv: Annotated[bool, Parameter(name="--csv")] = False,
) -> int:
    """Print what stood in a merchant's or creator's accounts, and what moved.

    Parameters
    ----------
    party
        The merchant, creator, agency, carrier, insurer or consumer.
    currency
        In which currency, like CNY.
    since
        From then on (UTC if no zone is given); if not given, the beginning of this month.
    until
        Until before then; if not given, now.
    as_csv
        Print the lines as CSV instead of a table.
    """

    async def work() -> int:
        async with parts(settings_or_exit()) as built:
            span = _span(built, since, until)
            if span is None:
                return 2
            whose: dict[str, Any] = {"reader": _READER, "party": party, "currency": currency}
            told = await built.views.statements.statement(**whose, since=span[0], until=span[1])
            lines = built.views.statements.every_line(**whose, since=span[0], until=span[1])
            if as_csv:
                _write_csv([line async for line in lines])
            else:
                _print_statement(told, [line async for line in lines])
        return 0

    return run(work())


@app.command
def fund(
    *, since: datetime | None = None, until: datetime | None = None, json: bool = False
) -> int:
    """Print what the assurance fund gave, has back, is owed by age, and has lost.

    Parameters
    ----------
    since
        From then on (UTC if no zone is given); if not given, the beginning of this month.
    until
        Until before then; if not given, now.
    json
        Print one JSON object a currency instead of a table.
    """

    async def work() -> int:
        async with parts(settings_or_exit()) as built:
            span = _span(built, since, until)
            if span is None:
                return 2
            found = await built.views.fund.report(
                reader=_READER, since=span[0], until=span[1], now=built.engine.clock()
            )
        for one in found:
            if json:
                sys.stdout.write(msgspec.json.encode(one).decode() + "\n")
            else:
                _print_fund(one)
        if not found and not json:
            console.print("nothing moved, and nothing is owed")
        return 0

    return run(work())


def _span(
    built: Parts, since: datetime | None, until: datetime | None
) -> tuple[datetime, datetime] | None:
    now = built.engine.clock()
    first = since or now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last = until or now
    first, last = (one if one.tzinfo else one.replace(tzinfo=UTC) for one in (first, last))
    for name, moment in (("--since", first), ("--until", last)):
        if not _EARLIEST <= moment <= _LATEST:
            expected = f"{name} is expected to be in the years 1970 to 9998"
            complain(expected)
            return None
    if last <= first:
        complain("--until is expected to be after --since")
        return None
    return first, last


def _print_statement(told: Statement, lines: list[Line]) -> None:
    console.print(f"{told.party}, {told.currency}, {told.since:%Y-%m-%d} to {told.until:%Y-%m-%d}")
    console.print(f"amounts in minor units of {told.currency}")
    table = Table("account", "opening", "closing")
    for one in told.balances:
        table.add_row(one.account, f"{one.opening_minor:,}", f"{one.closing_minor:,}")
    console.print(table)
    if told.pending_minor:
        console.print(f"pending: {told.pending_minor:,}")
    table = listing("at", "account", "amount", "why", "order")
    for line in lines:
        why = f"{line.cause} {line.reason}".strip()
        at = f"{line.at.astimezone(UTC):%Y-%m-%d %H:%M}"
        table.add_row(at, line.account, f"{line.minor:,}", why, str(line.order or ""))
    print_listing(table)


def _write_csv(lines: list[Line]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("at", "account", "minor", "cause", "reason", "order", "remedy"))
    for line in lines:
        at = line.at.astimezone(UTC).isoformat()
        row = (line.account, line.minor, line.cause, line.reason, line.order, line.remedy)
        writer.writerow((at, *row))


def _print_fund(report: FundReport) -> None:
    table = Table(report.currency, "minor units")
    for name in (
        "used_minor",
        "advanced_minor",
        "recovered_minor",
        "borne_minor",
        "goodwill_minor",
        "written_off_minor",
    ):
        label = name.removesuffix("_minor").replace("_", " ")
        table.add_row(label, f"{getattr(report, name):,}")
    for age in report.outstanding:
        what = "older" if age.days_below is None else f"under {age.days_below} days"
        table.add_row(f"owed, {what}", f"{age.minor:,}")
    table.add_row(f"cost per order of {report.orders:,}", f"{report.cost_per_order_milli / 1000:,}")
    console.print(table)
