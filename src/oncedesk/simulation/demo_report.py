"""The played day as a page to read: what came in, who had it, how it went, and two stories."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from oncedesk.domain.conversations.messages import ContactKind, TakeOverCause
from oncedesk.domain.remedies.words import DecidedBy, RemedyKind
from oncedesk.simulation.demo import DemoReport
from oncedesk.simulation.figures import Answered
from oncedesk.simulation.goods import money
from oncedesk.simulation.stories import Story
from oncedesk.simulation.world import CITY, Size

WIDTH = 78
BARS = "▁▂▃▄▅▆▇█"
_CONTACTS = {
    ContactKind.NEW: ("新问题", "new"),
    ContactKind.REQUESTED: ("应我方要求补充", "we asked"),
    ContactKind.CHASER: ("催问", "asked again before we answered"),
    ContactKind.RECONTACT: ("解决后又来", "came back after it was resolved"),
    ContactKind.OUTSIDE: ("电话、监管、拒付", "by phone, regulator or chargeback"),
}
_REASONS = {
    "issue_rule": ("按问题归属", "the rule for this issue"),
    "no_such_party": ("没有商家或达人", "no merchant or creator is involved"),
    "desk_unstaffed": ("对方无人值守", "nobody is there in time"),
    "desk_closed": ("对方已停止接待", "that desk is closed"),
    "desk_unknown": ("对方未开通", "that desk does not exist"),
}
_CAUSES = {
    TakeOverCause.CLOCK: ("对方超时", "their time ran out"),
    TakeOverCause.INTERVENTION: ("平台主动介入", "the platform stepped in"),
    TakeOverCause.REPEAT: ("多次未解决", "contacted again in vain"),
    TakeOverCause.REFUSED: ("被拒绝后再次进线", "came back after a refusal"),
    TakeOverCause.UNSTAFFED: ("对方无人值守", "nobody is there"),
}
_REMEDIES = {
    RemedyKind.CANCEL: ("发货前取消", "cancelled before shipping"),
    RemedyKind.REFUND: ("仅退款", "refund without return"),
    RemedyKind.RETURN_AND_REFUND: ("退货退款", "return and refund"),
    RemedyKind.EXCHANGE: ("换货", "exchange"),
    RemedyKind.RESEND: ("补发", "resend"),
    RemedyKind.COMPENSATION: ("违约赔付", "compensation, unasked"),
}
_GRANTED = {
    DecidedBy.RULE: ("规则秒批", "by the rule at once"),
    DecidedBy.SILENCE: ("超时未答默认同意", "by silence"),
    DecidedBy.MERCHANT: ("商家同意", "by the merchant"),
    DecidedBy.PLATFORM: ("平台同意", "by the platform"),
    DecidedBy.CONSUMER: ("买家接受方案", "an offer that was taken"),
}
_KINDS = {
    "platform": ("平台", "platform"),
    "merchant": ("商家", "merchant"),
    "creator": ("达人", "creator"),
    "surge": ("直播后一小时", "the hour after the show"),
}


def show_demo(report: DemoReport, console: Console) -> None:
    """Print the page."""
    begins, ends = (at.astimezone(CITY) for at in (report.day.begins_at, report.day.ends_at))
    when = f"{begins:%m-%d %H:%M} – {ends:%m-%d %H:%M}"
    console.rule(f"平台的一天 · One day of a marketplace, {when}")
    console.print(_who(report), highlight=False)
    console.print(_hours(report), highlight=False)
    for table in (
        _came_in(report),
        _owned(report),
        _taken_over(report),
        _answered(report),
        _promises(report),
        _went(report),
        _remedies(report),
        _refunds(report),
        _queue(report),
        *(_told(story) for story in report.stories),
        _checked(report),
    ):
        console.print(table)
    rate = report.figures.commands / report.seconds
    console.print(
        f"{report.figures.commands:,} commands were committed in {report.seconds:,.1f} s "
        f"({rate:,.0f}/s); {report.breaches} breaches. More: oncedesk simulate --cases 2000",
        highlight=False,
    )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", min_width=WIDTH)
    table.add_column(columns[0], ratio=1)
    for column in columns[1:]:
        table.add_column(column, justify="right")
    return table


def _who(report: DemoReport) -> str:
    world = report.world
    sizes = {size: sum(one.size is size for one in world.merchants) for size in Size}
    silent = sum(one.silent for one in world.merchants)
    nobody = sum(one.unstaffed for one in world.merchants)
    return (
        f"{len(world.merchants)} merchants ({sizes[Size.LARGE]} large, {sizes[Size.MEDIUM]} "
        f"medium, {sizes[Size.SMALL]} small; {silent} never answer, {nobody} have nobody), "
        f"{len(world.creators)} creators with {len(world.agencies)} agencies, "
        f"{len(world.carriers)} carriers, {len(world.workers)} agents, "
        f"{report.consumers:,} consumers who wrote"
    )


def _hours(report: DemoReport) -> str:
    """The contacts of each hour as bars."""
    hours, most = report.figures.hours, max(1, *report.figures.hours)
    bars = "".join(BARS[round((len(BARS) - 1) * number / most)] for number in hours)
    begins = report.day.begins_at.astimezone(CITY)
    return f"每小时进线 · contacts by hour from {begins:%H:%M}  {bars}  most {most:,}"


def _came_in(report: DemoReport) -> Table:
    at = report.day.surge_at.astimezone(CITY)
    title = report.world.great_show.title
    table = _table("来了什么 · What came in", "", "day", f"from {at:%H:%M}")
    for kind, (chinese, english) in _CONTACTS.items():
        table.add_row(f"{chinese} · {english}", *_both(report, f"contact.{kind}"))
    ours = "我们先发现并立案 · opened by us before they asked"
    table.add_row(ours, *_both(report, "opened.breach"))
    table.caption = f"{at:%H:%M} 直播结束 · ended: {title.zh} · {title.en}"
    return table


def _owned(report: DemoReport) -> Table:
    table = _table("谁负责 · Who owned it first, and why", "", "cases")
    for name, number in report.figures.owners.items():
        kind, _, reason = name.partition(" ")
        kinds, reasons = _KINDS[kind], _REASONS.get(reason, (reason, reason))
        table.add_row(f"{kinds[0]}（{reasons[0]}）· {kinds[1]}: {reasons[1]}", f"{number:,}")
    return table


def _taken_over(report: DemoReport) -> Table:
    table = _table("平台接管 · Taken over by the platform, and why", "", "day", "that hour")
    for cause, (chinese, english) in _CAUSES.items():
        table.add_row(f"{chinese} · {english}", *_both(report, f"taken_over.{cause}"))
    return table


def _answered(report: DemoReport) -> Table:
    table = _table("首次人工答复 · First answer by a person", "", "answers", "half", "90%", "99%")
    for name, (chinese, english) in _KINDS.items():
        found = report.figures.answered.get(name, Answered(0, 0, 0, 0))
        times = [_time(seconds) for seconds in (found.half, found.ninety, found.most)]
        table.add_row(f"{chinese} · {english}", f"{found.number:,}", *times)
    return table


def _time(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds < 7_200 else f"{seconds / 3_600:.1f} h"


def _promises(report: DemoReport) -> Table:
    table = _table("承诺 · Promises that came due", "", "kept", "broken", "kept")
    names = {one.id: one.name for one in report.world.carriers}
    carriers = sorted(report.figures.carriers.items(), key=lambda row: -row[1].share)
    rows = [(f"{names[id_].zh} · {names[id_].en}", kept) for id_, kept in carriers]
    rows.append(("商家发货 · shipping by the merchants", report.figures.merchants))
    for name, kept in rows:
        table.add_row(name, f"{kept.kept:,}", f"{kept.broken:,}", f"{kept.share:.0%}")
    return table


def _went(report: DemoReport) -> Table:
    table = _table("怎么样了 · How it went", "", "day", "that hour")
    for words, name in (
        ("结案 · resolved", "event.CaseResolved"),
        ("按规则判定 · decided by the rule", "event.Decided"),
        ("重新打开 · reopened", "event.CaseReopened"),
        ("临期提醒 · warned before a deadline", "event.ClockWarned"),
        ("内部咨询 · one desk asked another", "event.Referred"),
        ("回电 · call-backs asked for", "event.CallBackRequested"),
        ("进线高峰 · surges declared", "desk.SurgeBegan"),
    ):
        table.add_row(words, *_both(report, name))
    again = f"{report.recognised:,} of {report.repeated:,}"
    table.add_row("重复提交只算一次 · repeats without effect", again, "")
    return table


def _remedies(report: DemoReport) -> Table:
    table = _table("补救 · Remedies: what was asked for, and who said yes", "", "day", "that hour")
    for kind, (chinese, english) in _REMEDIES.items():
        table.add_row(f"{chinese} · {english}", *_both(report, f"remedy.{kind}"))
    table.add_section()
    for by, (chinese, english) in _GRANTED.items():
        table.add_row(f"{chinese} · {english}", *_both(report, f"granted.{by}"))
    table.add_section()
    for words, name in (
        ("拒绝 · refused", "event.RemedyRefused"),
        ("提出其他方案 · something else offered", "event.CounterOfferMade"),
        ("发起纠纷 · disputes opened", "event.DisputeOpened"),
        ("纠纷裁决 · disputes decided", "event.DisputeDecided"),
        ("要求人工 · a person asked for", "event.HumanAsked"),
        ("退货安排 · returns arranged", "event.ReturnArranged"),
    ):
        table.add_row(words, *_both(report, name))
    return table


def _refunds(report: DemoReport) -> Table:
    table = _table("退款到出账 · From request to money sent", "", "sent", "amount", "half", "90%")
    found = report.figures.refunded
    table.add_row(
        "退款 · refunds",
        f"{found.number:,}",
        money(found.minor, language="en"),
        _time(found.half),
        _time(found.ninety),
    )
    given = report.figures.compensated_minor
    table.add_row(
        "违约赔付（冷静期后发出）· compensation, sent after a hold",
        "",
        money(given, language="en"),
        "",
        "",
    )
    return table


def _queue(report: DemoReport) -> Table:
    table = _table("现在的队列 · The queues now", "", "waiting", "with an agent", "resting")
    for row in report.figures.queues:
        kinds = _KINDS[row.desk]
        table.add_row(
            f"{kinds[0]} · {kinds[1]}", f"{row.queued:,}", f"{row.assigned:,}", f"{row.waiting:,}"
        )
    return table


def _told(story: Story) -> Table:
    table = Table(
        title=f"一个案子的经过 · The story of one case ({story.about})",
        title_justify="left",
        title_style="bold",
        min_width=WIDTH,
    )
    table.add_column("", style="dim")
    table.add_column("经过", overflow="fold")
    table.add_column("What happened", overflow="fold")
    chinese = story.language == "zh"
    for line in story.lines:
        table.add_row(line.time, line.chinese, line.english)
        if line.said:
            said = f"“{escape(line.said)}”"
            columns = (said, "") if chinese else ("", said)
            table.add_row("", *columns, style="italic")
    return table


def _checked(report: DemoReport) -> Table:
    table = _table("必须成立的 · What must hold", "", "checked", "breaches")
    for check in report.checks:
        style = "red" if check.breaches else None
        table.add_row(check.name, f"{check.done:,}", f"{check.breaches:,}", style=style)
        for what in check.shown:
            table.add_row(f"  {escape(what)}", "", "", style="red")
    return table


def _both(report: DemoReport, name: str) -> Sequence[str]:
    """In the day, and in the hour after the live session."""
    counted: tuple[Mapping[str, int], ...] = (report.figures.counts, report.figures.surge)
    return [f"{counts.get(name, 0):,}" for counts in counted]
