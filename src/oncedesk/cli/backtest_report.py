"""Prints what a backtest found."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from oncedesk.backtesting.report import (
    Borne,
    MerchantReport,
    PackNamed,
    QuestionReport,
    Report,
)

COUNTS_SHOWN = 12


def print_report(report: Report) -> None:
    """Counts first, then what moves, who gains and who loses, and what cannot be known."""
    console = Console()
    before = "as recorded" if report.against is None else _packs(report.against)
    console.print(f"[bold]{_packs(report.candidate)}[/] against {before}", highlight=False)
    console.print(
        f"{report.decided:,} of {report.decisions:,} decisions decided again, "
        f"{report.changed:,} would be otherwise",
        highlight=False,
    )
    for question in report.questions:
        if question.decided or question.unknown:
            _print_question(console, question)
    _print_merchants(console, report)
    _print_unknown(console, report)
    console.print(
        f"\n{report.seconds:.1f} s with {report.workers} workers; processor time: reading "
        f"{report.reading_seconds:.1f} s, deciding {report.deciding_seconds:.1f} s "
        f"({report.decisions_per_second_per_core:,.0f} decisions a second on a core)",
        highlight=False,
    )


def _packs(packs: tuple[PackNamed, ...]) -> str:
    return ", ".join(f"{one.market} {one.version} ({one.hash[:8]})" for one in packs)


def _print_question(console: Console, question: QuestionReport) -> None:
    console.print(
        f"\n[bold]{question.name}[/]: {question.about}\n"
        f"{question.decided:,} decided again, {question.changed:,} otherwise",
        highlight=False,
    )
    if not question.changed:
        return
    stakes = [_money(minor, currency) for currency, minor in question.stake_minor.items()]
    if stakes:
        console.print(f"they were about (in minor units) {', '.join(stakes)}", highlight=False)
    counts = _table("", "before", "after", "decisions")
    for one in (*question.words, *question.held)[:COUNTS_SHOWN]:
        counts.add_row(one.name, one.before or "nothing", one.after or "nothing", f"{one.count:,}")
    moved = _table("deadline", "earlier", "by", "later", "by", "new", "gone", "warned otherwise")
    for shift in question.moved:
        moved.add_row(
            shift.name,
            f"{shift.earlier:,}",
            _mean(shift.earlier_seconds, shift.earlier),
            f"{shift.later:,}",
            _mean(shift.later_seconds, shift.later),
            f"{shift.new:,}",
            f"{shift.gone:,}",
            f"{shift.warned_otherwise:,}",
        )
    for table in (
        counts,
        moved,
        _borne("pays, minor units", question.pays),
        _borne("liable, minor units", question.liable),
    ):
        if table.row_count:
            console.print(table)
    for example in question.examples:
        console.print(
            f"  for example {example.kind} {example.stream} version {example.version}: "
            f"{'; '.join(example.differences)}",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def _borne(title: str, borne: tuple[Borne, ...]) -> Table:
    table = _table(title, "before", "after", "change")
    for one in borne:
        table.add_row(
            one.who,
            _money(one.before_minor, one.currency),
            _money(one.after_minor, one.currency),
            _money(one.after_minor - one.before_minor, one.currency),
        )
    return table


def _print_merchants(console: Console, report: Report) -> None:
    if not report.merchants_better and not report.merchants_worse:
        return
    console.print(
        f"\n[bold]Merchants[/]: {report.merchants_better:,} are better off, "
        f"{report.merchants_worse:,} worse",
        highlight=False,
    )
    table = _table(
        "merchant",
        "better",
        "worse",
        "pays",
        "liable",
        "broken",
        "cases",
        "time for theirs",
    )
    for one in (*report.winners, *reversed(report.losers)):
        table.add_row(*_merchant(one))
    console.print(table)


def _merchant(one: MerchantReport) -> tuple[str, ...]:
    changes = one.changes
    pays = [_money(minor, currency) for currency, minor in changes.pays_minor.items() if minor]
    return (
        str(one.merchant),
        f"{changes.better:,}",
        f"{changes.worse:,}",
        ", ".join(pays) or "0",
        f"{changes.liable_percent / 100:+.1f} cases",
        f"{changes.broken:+,}",
        f"{changes.owned:+,}",
        f"{changes.seconds / 3600:+,.1f} h",
    )


def _print_unknown(console: Console, report: Report) -> None:
    console.print("\n[bold]What this cannot know[/]")
    table = _table("decisions", "not decided again", "why")
    for question in report.questions:
        for one in question.unknown:
            table.add_row(question.name, f"{one.count:,}", one.meaning)
        for failure, count in question.failures.items():
            table.add_row("", f"{count:,}", Text(failure))
    if table.row_count:
        console.print(table)
    for assumption in report.assumptions:
        console.print(f"- {assumption}", highlight=False)


def _mean(seconds: int, count: int) -> str:
    return f"{seconds / count / 3600:,.2f} h" if count else ""


def _money(minor: int, currency: str) -> str:
    """How many minor units make one of a currency is not ours to say."""
    return f"{minor:,} {currency}"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        first = number == 0
        table.add_column(column, justify="left" if first else "right", no_wrap=first)
    return table
