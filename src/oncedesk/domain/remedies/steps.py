"""What has to happen for a remedy, in which order, by whom, and by when at the latest."""

from datetime import datetime, timedelta
from enum import StrEnum

from oncedesk.domain.remedies.clocks import sent_back_until
from oncedesk.domain.remedies.words import RemedyKind, Speed
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk
from oncedesk.domain.shared.rulepack import Pack


class StepKind(StrEnum):
    """One thing that has to happen."""

    ANSWER = "answer"
    CHOOSE = "choose"  # The consumer takes what is offered instead, or not.
    SEND_BACK = "send_back"
    INSPECT = "inspect"
    SEND = "send"
    REPAIR = "repair"
    NAME_ROUTE = "name_route"  # The consumer says where to the money can go.
    REFUND = "refund"


class Step(Record, frozen=True, array_like=True):
    """It happens until then at the latest."""

    kind: StepKind
    due_at: datetime


def steps_of(
    *,
    kind: RemedyKind,
    amount_minor: int,
    speed: Speed,
    desk: Desk | None,
    due_at: datetime,
    pack: Pack,
    now: datetime,
) -> tuple[Step, ...]:
    """The steps of this remedy from now on, if everybody takes as long as they may."""
    steps: list[Step] = []
    rules = pack.remedies
    settling = rules.settling
    at = now
    if desk is not None:
        at = due_at
        steps.append(Step(StepKind.ANSWER, at))
    refund_from = at
    if kind.comes_back:
        at = sent_back_until(pack=pack, since=at)
        steps.append(Step(StepKind.SEND_BACK, at))
        if speed is Speed.AT_SCAN:
            refund_from = at
        at += timedelta(seconds=rules.inspection_seconds)
        steps.append(Step(StepKind.INSPECT, at))
        if speed is Speed.AFTER_INSPECTION:
            refund_from = at
    if kind is RemedyKind.REPAIR:
        steps.append(Step(StepKind.REPAIR, at + timedelta(seconds=settling.goods_seconds)))
    elif kind in (RemedyKind.EXCHANGE, RemedyKind.RESEND):
        steps.append(Step(StepKind.SEND, at + timedelta(seconds=settling.goods_seconds)))
    if amount_minor:
        refund_at = refund_from + timedelta(seconds=settling.refund_seconds)
        steps.append(Step(StepKind.REFUND, refund_at))
    return tuple(sorted(steps, key=_by_time))


def _by_time(step: Step) -> datetime:
    return step.due_at
