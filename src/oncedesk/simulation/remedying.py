"""What everybody does about a remedy: who is asked answers, the consumer takes it or does not."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from oncedesk.domain.remedies.messages import (
    asking,
    authorising,
    casework,
    disputing,
    promising,
    refunding,
    returning,
)
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.ids import digest
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.refunds import Refunds
from oncedesk.simulation.returns import Returns
from oncedesk.simulation.stage import Stage, by_agent, by_consumer
from oncedesk.simulation.till import Till
from oncedesk.simulation.wishes import Wishing

_MERCHANT = (("grant", 50.0), ("refuse", 18.0), ("offer", 14.0), ("silent", 18.0))
_PLATFORM = (("grant", 66.0), ("refuse", 20.0), ("silent", 14.0))
_OFFERED = (("accept", 55.0), ("decline", 25.0), ("silent", 20.0))
_REFUSED = (("dispute", 55.0), ("silent", 45.0))
_WAITING = (("patient", 90.0), ("human", 5.0), ("withdraw", 5.0))
_DECIDED = (
    (disputing.Outcome.GRANTED, 45.0),
    (disputing.Outcome.IN_PART, 20.0),
    (disputing.Outcome.REFUSED, 25.0),
    (None, 10.0),
)
BASIS = "evidence of both sides"
OBJECTS_PERCENT = 12
EVIDENCE_PERCENT = 50
OFFERED_PERCENT = 40


class Remedying:
    """Hears what happens to the remedies of orders, and lets people act on it."""

    def __init__(
        self, stage: Stage, till: Till, members: Mapping[Desk, list[UUID]], dice: Dice
    ) -> None:
        self._stage = stage
        self._members = members
        self._dice = dice
        self._plans: dict[UUID, Plan] = {}
        self._minor: dict[tuple[UUID, int], int] = {}
        self.refunds = Refunds(stage, till)
        self._wishing = Wishing(stage)
        heard: Mapping[type, Callable[[Any, Dice], None]] = {
            asking.RemedyRequested: self._requested,
            asking.RemedyRefused: self._refused,
            asking.CounterOfferMade: self._offered,
            asking.RemedyTakenOver: self._at_platform,
            asking.HumanAsked: self._at_platform,
            asking.AnswerOverdue: self._at_platform,
            authorising.SecondPersonAsked: self._second_person,
            disputing.DisputeOpened: self._disputed,
            disputing.DecisionAsked: self._to_decide,
            disputing.DisputeDecided: self._decided,
            refunding.RefundRequested: self.refunds.asked,
            refunding.RefundFailed: self._route_dead,
            **Returns(stage).heard(),
        }
        for event, one in heard.items():
            stage.seeing.when_elsewhere(event, partial(self._hear, one))
        for event in _COUNTED:
            stage.seeing.when_elsewhere(event, self._count)

    def enter(self, plan: Plan) -> None:
        """This story may come to remedies."""
        if plan.subject.id is not None:
            self._plans[plan.subject.id] = plan
        self._wishing.enter(plan)

    def forget(self, *, begun_before: Any) -> None:
        """Whoever began before that is over."""
        self._plans = {
            id_: plan for id_, plan in self._plans.items() if plan.begins_at >= begun_before
        }

    def _hear(self, act: Callable[[Any, Dice], None], event: Any) -> None:
        plan = self._plans.get(event.order)
        act(event, self._dice if plan is None else plan.dice)

    def _count(self, event: Any) -> None:
        name = type(event).__name__
        match event:
            case asking.RemedyRequested():
                name = f"remedies.asked.{event.kind}"
            case asking.RemedyApproved():
                name = f"remedies.granted.{event.by}"
            case disputing.DisputeDecided():
                name = f"disputes.{event.outcome}"
            case _:
                name = _COUNTED[type(event)]
        self._stage.counts[name] += 1

    # Whoever is asked

    def _requested(self, event: asking.RemedyRequested, dice: Dice) -> None:
        self._wishing.heard_of.add(event.order)
        self._minor[event.order, event.remedy] = event.amount_minor
        if event.desk is None:
            return
        self._answer(event, event.desk, dice)
        match dice.weighted(_WAITING):
            case "human":
                self._later(event, dice, partial(self._by_consumer, event, asking.AskHuman))
            case "withdraw":
                self._later(event, dice, partial(self._by_consumer, event, asking.WithdrawRemedy))
            case _:
                pass

    def _at_platform(self, event: Any, dice: Dice) -> None:
        self._answer(event, PLATFORM, dice)

    def _answer(self, event: Any, desk: Desk, dice: Dice) -> None:
        if desk in self._stage.world.silent or not self._members.get(desk):
            self._stage.counts["faults.silent_desks"] += 1
            return
        how = dice.weighted(_PLATFORM if desk == PLATFORM else _MERCHANT)
        if how == "silent":
            self._stage.counts["faults.silent_desks"] += 1
            return
        self._later(event, dice, partial(self._say, event, desk, how, dice))

    def _say(self, event: Any, desk: Desk, how: str, dice: Dice) -> None:
        match how:
            case "grant":
                self._by_agent(event, desk, asking.GrantRemedy, dice)
            case "refuse":
                self._by_agent(
                    event,
                    desk,
                    asking.RefuseRemedy,
                    dice,
                    reason="not_as_claimed",
                    facts=("packed_complete",),
                )
            case _:
                minor = self._minor.get((event.order, event.remedy), 0)
                wish = asking.Wish(
                    kind=RemedyKind.REFUND,
                    reason="goodwill",
                    part=1,
                    amount_minor=max(1, minor * OFFERED_PERCENT // 100),
                )
                self._by_agent(event, desk, asking.MakeCounterOffer, dice, wish=wish)

    def _second_person(self, event: authorising.SecondPersonAsked, dice: Dice) -> None:
        how = authorising.ApproveGrant if dice.percent(75) else authorising.DeclineGrant
        more = {} if how is authorising.ApproveGrant else {"reason": "not_convinced"}
        act = partial(self._by_agent, event, PLATFORM, how, dice, not_by=event.agent, **more)
        self._later(event, dice, act)

    # The consumer

    def _offered(self, event: asking.CounterOfferMade, dice: Dice) -> None:
        match dice.weighted(_OFFERED):
            case "accept":
                self._later(
                    event, dice, partial(self._by_consumer, event, asking.AcceptCounterOffer)
                )
            case "decline":
                self._later(
                    event, dice, partial(self._by_consumer, event, asking.DeclineCounterOffer)
                )
            case _:
                self._stage.counts["faults.silent_consumers"] += 1

    def _refused(self, event: asking.RemedyRefused, dice: Dice) -> None:
        if dice.weighted(_REFUSED) == "dispute":
            act = partial(self._by_consumer, event, disputing.OpenDispute, reason="not_true")
            self._later(event, dice, act)

    def _route_dead(self, event: refunding.RefundFailed, dice: Dice) -> None:
        """The card is closed; the consumer says where to, sooner or later."""
        act = partial(
            self._by_consumer, event, refunding.NameRoute, method="bank", reference="account-2"
        )
        self._later(event, dice, act)

    # Disputes

    def _disputed(self, event: disputing.DisputeOpened, dice: Dice) -> None:
        pieces = (digest(event.order.bytes + bytes([event.remedy])),)
        if dice.percent(EVIDENCE_PERCENT):
            act = partial(
                self._by_consumer,
                event,
                disputing.SubmitEvidence,
                digests=pieces,
                side=disputing.Side.CONSUMER,
            )
            self._later(event, dice, act)
        if event.desk is not None and dice.percent(EVIDENCE_PERCENT):
            theirs = partial(
                self._by_agent,
                event,
                event.desk,
                disputing.SubmitEvidence,
                dice,
                digests=pieces,
                side=disputing.Side.MERCHANT,
            )
            self._later(event, dice, theirs)

    def _to_decide(self, event: disputing.DecisionAsked, dice: Dice) -> None:
        outcome = dice.weighted(_DECIDED)
        if outcome is None:
            self._stage.counts["faults.undecided"] += 1
            return
        minor = self._minor.get((event.order, event.remedy), 0)
        seal = self._stage.sayings.seal(BASIS)
        part_minor = max(1, minor // 2) if outcome is disputing.Outcome.IN_PART else None
        act = partial(
            self._by_agent,
            event,
            PLATFORM,
            disputing.DecideDispute,
            dice,
            not_by=event.not_by,
            outcome=outcome,
            reason="weighed",
            amount_minor=part_minor,
            digest=seal.digest,
            length=seal.length,
            text=BASIS,
        )
        self._later(event, dice, act)

    def _decided(self, event: disputing.DisputeDecided, dice: Dice) -> None:
        if event.final or not dice.percent(OBJECTS_PERCENT):
            return
        act = partial(
            self._by_consumer,
            event,
            disputing.ObjectToDecision,
            side=disputing.Side.CONSUMER,
            reason="not_heard",
        )
        self._later(event, dice, act)

    def _later(self, _event: Any, dice: Dice, act: Callable[[], None]) -> None:
        self._stage.soon(dice.between(1, 24), act)

    def _by_consumer(self, event: Any, command: type, **more: Any) -> None:
        plan = self._plans.get(event.order)
        if plan is None:
            return  # Somebody else acts for themselves.
        made = command(consumer=event.consumer, order=event.order, remedy=event.remedy, **more)
        self._stage.sender.send(made, actor=by_consumer(event.consumer), dice=plan.dice)

    def _by_agent(
        self,
        event: Any,
        desk: Desk,
        command: type,
        dice: Dice,
        not_by: UUID | None = None,
        text: str | None = None,
        **more: Any,
    ) -> None:
        able = [one for one in self._members.get(desk, ()) if one != not_by]
        if not able:
            return
        agent = dice.among(able)
        made = command(
            consumer=event.consumer, order=event.order, remedy=event.remedy, agent=agent, **more
        )
        self._stage.sender.send(made, actor=by_agent(agent), dice=dice, text=text)


_COUNTED: Mapping[type, str] = {
    asking.RemedyRequested: "",
    asking.RemedyApproved: "",
    disputing.DisputeDecided: "",
    asking.RemedyRefused: "remedies.refused",
    asking.CounterOfferMade: "offers.made",
    asking.CounterOfferAccepted: "offers.accepted",
    asking.CounterOfferDeclined: "offers.declined",
    asking.RemedyWithdrawn: "remedies.withdrawn",
    asking.HumanAsked: "remedies.human_asked",
    asking.RemedyTakenOver: "remedies.taken_over",
    authorising.SecondPersonAsked: "authority.second_asked",
    disputing.DisputeOpened: "disputes.opened",
    disputing.ObjectionMade: "disputes.objected",
    casework.GrantImpossible: "remedies.impossible",
    promising.BreachCompensated: "compensations.given",
    promising.CompensationCapped: "compensations.capped",
    promising.CompensationVoided: "compensations.voided",
    refunding.RefundRequested: "refunds.asked",
    refunding.RefundSent: "refunds.sent",
    refunding.RefundCredited: "refunds.credited",
    refunding.RefundFailed: "refunds.failed",
    refunding.RefundDropped: "refunds.dropped",
    refunding.RemedySettled: "remedies.settled",
    refunding.RemedyClosed: "remedies.closed",
    returning.ReturnSent: "returns.sent",
    returning.ReturnArranged: "returns.arranged",
    returning.ReturnReceived: "returns.received",
    returning.ReturnInspected: "returns.inspected",
    returning.ReturnSplit: "returns.split",
    returning.ReturnMissed: "returns.missed",
    returning.ReturnLost: "returns.lost",
    returning.WeightDiffered: "returns.weight_differed",
    returning.GoodsSent: "returns.goods_sent",
    returning.GoodsArrived: "returns.goods_arrived",
    returning.RefundInstead: "returns.refunded_instead",
}
COUNTS = (
    *(name for name in _COUNTED.values() if name),
    "refunds.asked_again",
    "wishes.in_case",
    "wishes.alone",
)
"""What is counted one by one, whether or not it happened."""
