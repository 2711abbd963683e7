"""The busy hour as a page to read: what came in, who had it, how it went, and one case's story."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from oncedesk.domain.conversations.messages import ContactKind
from oncedesk.simulation.demo import DemoReport

_CONTACTS = {
    ContactKind.NEW: ("新问题", "new"),
    ContactKind.REQUESTED: ("应我方要求补充", "we asked"),
    ContactKind.CHASER: ("催问", "asked again before we answered"),
    ContactKind.RECONTACT: ("解决后又来", "came back after it was resolved"),
    ContactKind.OUTSIDE: ("电话、监管、拒付", "by phone, regulator or chargeback"),
}
_REASONS = {
    "issue_rule": ("按问题归属", "the rule for this issue"),
    "no_such_party": ("没有商家或主播", "no merchant or creator is involved"),
    "desk_unstaffed": ("对方无人值守", "nobody is there in time"),
    "desk_closed": ("对方已停止接待", "that desk is closed"),
    "desk_unknown": ("对方未开通", "that desk does not exist"),
    "found": ("客服更正", "corrected by an agent"),
}
_KINDS = {
    "platform": ("平台", "platform"),
    "merchant": ("商家", "merchant"),
    "creator": ("主播", "creator"),
}


def show_demo(report: DemoReport, console: Console) -> None:
    """Print the page."""
    console.rule("繁忙的一小时 · A busy hour, 20:00 to 21:00")
    console.print(_came_in(report))
    console.print(_owned(report))
    console.print(_went(report))
    console.print(_queue(report))
    console.print(_told(report))
    console.print(
        f"{report.commands:,} commands were committed in all; {report.checks:,} checks of the "
        f"tables, {report.breaches} breaches. More: oncedesk simulate --cases 2000"
    )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", min_width=76)
    table.add_column(columns[0], ratio=1)
    for column in columns[1:]:
        table.add_column(column, justify="right")
    return table


def _came_in(report: DemoReport) -> Table:
    table = _table("来了什么 · What came in", "", "20–21", "since 13:00")
    for kind, (chinese, english) in _CONTACTS.items():
        table.add_row(f"{chinese} · {english}", *_both(report, f"contacts.{kind}"))
    ours = "我们先发现并立案 · opened by us before the consumer asked"
    table.add_row(ours, *_both(report, "origins.breach"))
    return table


def _owned(report: DemoReport) -> Table:
    table = _table("谁负责 · Who owned it, and why", "", "cases")
    for name, number in sorted(report.owners.items(), key=lambda one: -one[1]):
        kind, _, reason = name.partition(" ")
        kinds, reasons = _KINDS[kind], _REASONS.get(reason, (reason, reason))
        table.add_row(f"{kinds[0]}（{reasons[0]}）· {kinds[1]}: {reasons[1]}", f"{number:,}")
    return table


def _went(report: DemoReport) -> Table:
    table = _table("怎么样了 · How it went", "", "20–21", "since 13:00")
    half, nine = _within(report.answered_seconds, 0.5), _within(report.answered_seconds, 0.9)
    table.add_row("已答复 · answered by a person", f"{len(report.answered_seconds):,}", "")
    table.add_row("一半在此时间内 · half of them within", half, "")
    table.add_row("九成在此时间内 · nine in ten within", nine, "")
    for words, name in (
        ("结案 · resolved", "resolved."),
        ("按规则判定 · decided by the rule", "decided_by_rule"),
        ("平台接管 · taken over by the platform", "taken_over."),
        ("临期提醒 · warned before a deadline", "warnings"),
        ("内部咨询 · one desk asked another", "referred."),
        ("承诺未兑现 · promises found broken", "orders.PromiseBroken"),
    ):
        table.add_row(words, *_both(report, name))
    again = f"{report.refused_duplicates:,} of {report.duplicates_sent:,}"
    table.add_row("重复提交只算一次 · repeats that had no effect", again, "")
    return table


def _queue(report: DemoReport) -> Table:
    table = _table("现在的队列 · The queues now", "", "waiting", "with an agent", "resting")
    for row in report.queue:
        kinds = _KINDS[row.desk]
        table.add_row(
            f"{kinds[0]} · {kinds[1]}", f"{row.queued:,}", f"{row.assigned:,}", f"{row.waiting:,}"
        )
    return table


def _told(report: DemoReport) -> Table:
    table = Table(
        title=f"一个案子的经过 · The story of one case ({report.story.about})",
        title_justify="left",
        title_style="bold",
        min_width=76,
    )
    table.add_column("", style="dim")
    table.add_column("经过")
    table.add_column("What happened")
    for line in report.story.lines:
        table.add_row(line.time, line.chinese, line.english)
        if line.said:
            table.add_row("", f"“{line.said}”", "", style="italic")
    return table


def _within(seconds: Sequence[float], share: float) -> str:
    """So much of it was done within this time."""
    if not seconds:
        return "–"
    return f"{seconds[min(len(seconds) - 1, int(len(seconds) * share))] / 60:,.0f} min"


def _both(report: DemoReport, name: str) -> tuple[str, str]:
    """In the hour and in all; a name that ends in a point stands for its whole group."""
    return f"{_number(report.counts, name):,}", f"{_number(report.since_noon, name):,}"


def _number(counts: dict[str, int], name: str) -> int:
    if not name.endswith("."):
        return counts.get(name, 0)
    return sum(number for one, number in counts.items() if one.startswith(name))
