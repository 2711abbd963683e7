"""One case told in words, in Chinese and in English, from what was recorded of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.conversations import messages as talk
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.simulation.goods import money
from oncedesk.simulation.world import CITY

_DESKS = {
    DeskKind.PLATFORM: ("平台", "the platform's desk"),
    DeskKind.MERCHANT: ("商家", "the merchant's desk"),
    DeskKind.CREATOR: ("达人", "the creator's desk"),
}
_ENDS = {
    talk.ClosingReason.SOLVED: "已解决",
    talk.ClosingReason.REFUSED: "未支持",
    talk.ClosingReason.NO_FAULT: "无责",
    talk.ClosingReason.DUPLICATE: "重复",
    talk.ClosingReason.KEPT_PROMISE: "已按承诺履行",
    talk.ClosingReason.INFORMED: "已告知",
    talk.ClosingReason.NO_REPLY: "用户未回复",
    talk.ClosingReason.DECIDED_BY_RULE: "按规则判定",
    talk.ClosingReason.WITHDRAWN: "用户撤回",
    talk.ClosingReason.DECIDED_ELSEWHERE: "已另行处理",
}


class Line(Record, frozen=True):
    """What happened at one moment; `time` is local, `said` a message's own words."""

    time: str
    chinese: str
    english: str
    said: str = ""


def tell(events: Iterable[tuple[UUID, Any]], texts: Mapping[UUID, str | None]) -> list[Line]:
    """The lines of a story; what nobody outside would notice is left out."""
    lines: list[Line] = []
    for command, event in events:
        words = _words(event)
        if words is None:
            continue
        at: datetime = event.at
        said = (texts.get(command) or "") if isinstance(event, talk.MessagePosted) else ""
        line = Line(f"{at.astimezone(CITY):%H:%M}", words[0], words[1], said)
        if not lines or lines[-1] != line:
            lines.append(line)
    return lines


def _words(event: Any) -> tuple[str, str] | None:
    match event:
        case talk.CaseOpened(origin=talk.Origin.BREACH):
            return (
                "平台发现承诺未兑现，主动立案",
                "We found a broken promise and opened a case first",
            )
        case talk.CaseOpened():
            return f"立案 {event.case} 号", f"Case {event.case} is opened"
        case talk.MessagePosted():
            return _speaker(event)
        case talk.Attributed():
            zh, en = _desk(event.owner)
            return f"由{zh}负责", f"{en.capitalize()} owns it"
        case talk.CaseAssigned():
            return "客服接手", "An agent takes it"
        case talk.ClockStarted(side=talk.Side.CONSUMER, clock=ClockKind.FIRST_RESPONSE):
            until = f"{event.due_at.astimezone(CITY):%m-%d %H:%M}"
            return f"最迟 {until} 前回复", f"To be answered by {until}"
        case talk.ClockWarned():
            return "即将超时，已提醒", "Time is running out: a warning"
        case talk.ClockExpired(clock=ClockKind.FOLLOW_UP):
            return "约定的时间到了", "The time set has come"
        case talk.ClockExpired():
            return "已超时", "Time has run out"
        case talk.TakenOver():
            return "平台介入接管", "The platform takes over"
        case talk.Transferred():
            zh, en = _desk(event.to_desk)
            return f"转交{zh}", f"Handed to {en}"
        case talk.Referred():
            zh, en = _desk(event.to_desk)
            return f"内部咨询{zh}", f"Asked {en}; the consumer notices nothing"
        case talk.ReferralEnded():
            return "内部咨询结束", "The other desk is done"
        case talk.ConsumerAsked():
            return "等待买家回答", "Waiting for the consumer's answer"
        case talk.WaitEnded():
            return "买家已回答，计时恢复", "The wait is over, the clock runs on"
        case talk.Decided():
            return "按规则自动判定", "Decided by the rule"
        case talk.ConsumerTold() if event.notice in _TOLD:
            return _told(event)
        case talk.CaseResolved():
            return f"结案：{_ENDS[event.reason]}", f"Resolved: {event.reason.replace('_', ' ')}"
        case talk.CaseReopened():
            return "重新打开", "Reopened"
        case talk.CallBackRequested():
            return "买家要求回电", "The consumer asks to be called back"
        case talk.FollowUpSet():
            return "约定稍后跟进", "To be looked at again later"
        case _:
            return None


_TOLD = {
    talk.Notice.REMEDY_ASKED: ("已登记买家的诉求", "What the consumer wants is noted"),
    talk.Notice.REMEDY_GRANTED: ("同意补救", "It is granted"),
    talk.Notice.REMEDY_REFUSED: ("不予支持", "It is refused"),
    talk.Notice.REMEDY_OFFERED: ("提出其他方案", "Something else is offered"),
    talk.Notice.REMEDY_SETTLED: ("补救完成", "It is made good"),
    talk.Notice.REFUND_SENT: ("退款已出账", "The money was sent"),
    talk.Notice.COMPENSATED: ("违约自动赔付", "Compensation, without being asked"),
}


def _told(event: talk.ConsumerTold) -> tuple[str, str]:
    chinese, english = _TOLD[event.notice]
    if not event.amount_minor:
        return chinese, english
    zh, en = (money(event.amount_minor, language=language) for language in ("zh", "en"))
    return f"{chinese}：{zh}", f"{english}: {en}"


def _speaker(event: talk.MessagePosted) -> tuple[str, str]:
    if event.author.role is Role.CONSUMER:
        return "买家", "The consumer"
    if event.audience is not talk.Audience.CONSUMER:
        return "内部留言", "Between the desks"
    return "客服", "The agent"


def _desk(desk: Desk) -> tuple[str, str]:
    return _DESKS[desk.kind]
