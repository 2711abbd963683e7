"""What a consumer asks for when they come about something: the likeliest first."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from oncedesk.domain.conversations.subjects import SubjectKind, conversation_id
from oncedesk.domain.remedies.messages.asking import RequestRemedy, Wish
from oncedesk.domain.remedies.words import CaseLink, RemedyKind
from oncedesk.domain.shared.ids import digest
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.second_thoughts import another
from oncedesk.simulation.seeing import Life
from oncedesk.simulation.stage import Stage, by_consumer

_WISHES: dict[str, tuple[tuple[RemedyKind, str], ...]] = {
    "refund": (
        (RemedyKind.CANCEL, "changed_mind"),
        (RemedyKind.RETURN_AND_REFUND, "changed_mind"),
    ),
    "return": (
        (RemedyKind.RETURN_AND_REFUND, "changed_mind"),
        (RemedyKind.RETURN_AND_REFUND, "not_as_described"),
    ),
    "exchange": ((RemedyKind.EXCHANGE, "quality"),),
    "quality": ((RemedyKind.REFUND, "quality"), (RemedyKind.RETURN_AND_REFUND, "quality")),
    "missing_part": ((RemedyKind.RESEND, "missing_part"), (RemedyKind.REFUND, "missing_part")),
    "wrong_item": ((RemedyKind.RETURN_AND_REFUND, "wrong_item"),),
    "late_delivery": ((RemedyKind.REFUND, "not_received"), (RemedyKind.CANCEL, "late")),
}
ASKS_PERCENT = 75
IN_CASE_PERCENT = 55
QUIETLY_PERCENT = 7
"""Of those who never write to anybody so many cancel, by themselves."""
REPAIR_PERCENT = 30
"""Of those whose goods have failed so many would rather have them repaired."""
ANOTHER_PERCENT = 60
"""Of those who exchange something so many want another variant."""
_PIECES = 3


class Wishing:
    """Plays the consumers who would like something made good."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.heard_of: set[Any] = set()

    def enter(self, plan: Plan) -> None:
        """Whoever bought something may ask for something, by themselves or in their case."""
        if plan.subject.kind is not SubjectKind.ORDER:
            return
        stage, dice = self._stage, plan.dice
        wishes = _WISHES.get(plan.issue, ())
        if plan.issue == "quality" and dice.percent(REPAIR_PERCENT):
            wishes = ((RemedyKind.REPAIR, "quality"),)
        if not plan.calls:
            if dice.percent(QUIETLY_PERCENT):
                at = max(plan.begins_at, stage.clock())
                stage.at(at, partial(self._ask, plan, _WISHES["refund"], None))
            return
        if not wishes or not dice.percent(ASKS_PERCENT):
            return
        in_case = dice.percent(IN_CASE_PERCENT)
        wait = stage.agenda.beat * (dice.between(1, 6) if in_case else 0)
        at = max(plan.begins_at, stage.clock()) + wait
        stage.at(at, partial(self._begin, plan, wishes, in_case))

    def _begin(
        self,
        plan: Plan,
        wishes: Sequence[tuple[RemedyKind, str]],
        in_case: bool,  # noqa: FBT001
    ) -> None:
        link = self.link(plan) if in_case else None
        self._stage.counts["wishes.in_case" if link else "wishes.alone"] += 1
        self._ask(plan, wishes, link)
        if plan.dice.percent(4):
            self._stage.counts["faults.wishes_at_once"] += 1
            self._ask(plan, wishes[::-1], None)

    def link(self, plan: Plan) -> CaseLink | None:
        """The newest case of this story, if there is one."""
        conversation = conversation_id(consumer=plan.consumer, subject=plan.subject)
        life: Life | None = self._stage.seeing.lives.get(conversation)
        case = None if life is None else life.latest()
        return None if case is None else CaseLink(conversation, case.number)

    def _wish(self, plan: Plan, kind: RemedyKind, reason: str) -> Wish:
        if kind is RemedyKind.EXCHANGE and plan.dice.percent(ANOTHER_PERCENT):
            return another(plan, kind=kind, reason=reason, method="card")
        return Wish(kind=kind, reason=reason, part=1)

    def _ask(
        self, plan: Plan, wishes: Sequence[tuple[RemedyKind, str]], link: CaseLink | None
    ) -> None:
        """Ask for the first of these; where nothing comes of it, for the next."""
        if not wishes or plan.subject.id in self.heard_of:
            return
        kind, reason = wishes[0]
        order = plan.subject.id
        assert order is not None
        # A few show a picture that went round in other cases before.
        shown = b"everybody's" if plan.dice.percent(3) else plan.consumer.bytes
        evidence = tuple(digest(shown + bytes([n])) for n in range(_PIECES))
        self._stage.sender.send(
            RequestRemedy(
                consumer=plan.consumer,
                order=order,
                wish=self._wish(plan, kind, reason),
                case=link,
                evidence=evidence,
                human=plan.dice.percent(3),
            ),
            actor=by_consumer(plan.consumer),
            dice=plan.dice,
        )
        self._stage.soon(1, partial(self._ask, plan, wishes[1:], link))
