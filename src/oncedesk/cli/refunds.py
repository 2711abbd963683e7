"""``oncedesk refunds``: how quickly money goes back to consumers."""

from datetime import timedelta
from typing import Annotated

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number
from rich.table import Table

from oncedesk.cli.printing import console
from oncedesk.cli.session import parts, run, settings_or_exit
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.saying import amount_said
from oncedesk.storage.views.readers import Reader
from oncedesk.storage.views.refunds import Percentiles, RefundDay, Unsettled

ROWS_MAX = 1_000


class RefundReport(msgspec.Struct, frozen=True):
    """What the command says as JSON; seconds from a remedy's request on."""

    days: tuple[RefundDay, ...]
    unsettled: Unsettled


def refunds(
    *,
    days: Annotated[int, Parameter(validator=Number(gte=1, lte=366))] = 7,
    market: str = "",
    json: bool = False,
) -> int:
    """How long it took from a remedy's request until its money was sent, and until it arrived.

    Parameters
    ----------
    days
        So many days back.
    market
        Only this market's.
    json
        Print one JSON object.
    """

    async def work() -> int:
        async with parts(settings_or_exit()) as built:
            now, reader = built.engine.clock(), Reader(SYSTEM, ())
            found = await built.views.refunds.clock(
                reader=reader,
                since=now - timedelta(days=days),
                until=now + timedelta(days=2),
                market=market,
                limit=ROWS_MAX,
            )
            unsettled = await built.views.refunds.unsettled(reader=reader, market=market)
            report = RefundReport(tuple(found), unsettled)
        if json:
            console.print_json(msgspec.json.encode(report).decode())
        else:
            console.print(_table(report.days))
            console.print(_unsettled(report.unsettled))
        return 0

    return run(work())


def _table(days: tuple[RefundDay, ...]) -> Table:
    table = Table("day", "market", "refunds", "sum", "sent p50", "p90", "p99", "arrived p50 / p99")
    for one in days:
        arrived = ""
        if one.credited is not None:
            arrived = f"{_long(one.credited.p50)} / {_long(one.credited.p99)}"
        table.add_row(
            f"{one.day}",
            one.market,
            f"{one.count:,}",
            amount_said(one.amount_minor, one.currency),
            *_sent(one.sent),
            arrived,
        )
    return table


def _sent(found: Percentiles) -> tuple[str, ...]:
    return tuple(_long(seconds) for seconds in (found.p50, found.p90, found.p99))


def _long(seconds: int) -> str:
    return f"{seconds} s" if seconds < 3_600 else f"{timedelta(seconds=seconds)}"


def _unsettled(found: Unsettled) -> str:
    lines = [f"{found.requested} refunds wait for an answer of payments"]
    if found.requested_since is not None:
        lines[0] += f", the oldest since {found.requested_since:%Y-%m-%d %H:%M} UTC"
    if found.failed:
        lines.append(f"{found.failed} wait for somebody to say where to")
    return "\n".join(lines)
