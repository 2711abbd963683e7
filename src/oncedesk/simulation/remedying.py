"""What everybody does about a remedy: who is asked answers, the consumer takes it or does not."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from oncedesk.domain.agents.messages import DeskRole
from oncedesk.domain.conversations.subjects import SubjectKind
from oncedesk.domain.remedies.messages import (
    asking,
    authorising,
    casework,
    changing,
    contesting,
    disputing,
    promising,
    refunding,
    returning,
)
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ids import digest
from oncedesk.domain.shared.refs import PLATFORM, Desk
from oncedesk.engine.outgoing.refunds import ChargeMessage, RefundMessage
from oncedesk.simulation.agenda import Action
from oncedesk.simulation.charges import Charges
from oncedesk.simulation.contests import Contests
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.refunds import Refunds, as_written
from oncedesk.simulation.returns import Returns
from oncedesk.simulation.second_thoughts import SecondThoughts
from oncedesk.simulation.stage import Stage, by_agent, by_consumer
from oncedesk.simulation.till import Till
from oncedesk.simulation.wishes import Wishing

_MERCHANT = (("grant", 50.0), ("refuse", 18.0), ("offer", 14.0), ("silent", 18.0))
_PLATFORM = (("grant", 66.0), ("refuse", 20.0), ("silent", 14.0))
_OFFERED = (("accept", 55.0), ("decline", 25.0), ("silent", 20.0))
_REFUSED = (("dispute", 55.0), ("silent", 45.0))
_WAITING = (("patient", 86.0), ("human", 5.0), ("withdraw", 9.0))
_DECIDED = (
    (disputing.Outcome.GRANTED, 45.0),
    (disputing.Outcome.IN_PART, 20.0),
    (disputing.Outcome.REFUSED, 25.0),
    (None, 10.0),
)
BASIS = "evidence of both sides"
OBJECTS_PERCENT = 30
LAST_MINUTE_PERCENT = 25
REGRETS_PERCENT = 6
TAKES_BACK_PERCENT = 30
KIND_PERCENT = 4
LEADS_PERCENT = 80
_KIND_MINOR = (2_000, 8_000, 19_000, 45_000, 250_000)
"""The last two are more than an agent may give alone."""
EVIDENCE_PERCENT = 50
OFFERED_PERCENT = 40

_CHARGE = msgspec.json.Decoder(ChargeMessage).decode
_REFUND = msgspec.json.Decoder(RefundMessage).decode

Heard = Callable[[Any, Dice], None]


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
        self.refunds, self.charges = Refunds(stage, till), Charges(stage)
        self._wishing = Wishing(stage)
        self._second_thoughts = SecondThoughts(stage, self._wishing.link)
        heard: Mapping[type, Heard] = {
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
            refunding.RefundRequested: self.refunds.heard,
            changing.ChargeRequested: self.charges.heard,
            refunding.RefundFailed: self._route_dead,
            returning.JourneyBegun: self._on_its_way,
            returning.ReturnSplit: self._split,
        }
        others = (
            self._second_thoughts.heard(self._withdraw),
            Returns(stage).heard(),
            Contests(stage, self._by_agent).heard(),
        )
        for one in (heard, *others):
            for event, act in one.items():
                stage.seeing.when_elsewhere(event, partial(self._hear, act))
        for event in _COUNTED:
            stage.seeing.when_elsewhere(event, self._count)

    def enter(self, plan: Plan) -> None:
        """This story may come to remedies."""
        if plan.subject.id is not None:
            self._plans[plan.subject.id] = plan
        self._wishing.enter(plan)
        self._second_thoughts.enter(plan)
        self._be_kind(plan)

    def by_post(self) -> None:
        """Payments know only what leaves by the outbox."""
        self.refunds.by_post = self.charges.by_post = True

    def receive(self, topic: str, letter: bytes) -> None:
        """Something has left for payments."""
        if topic == "charge.requested":
            charge = _CHARGE(letter)
            self.charges.written(charge, self._dice_of(UUID(charge.order)))
        else:
            wanted = as_written(_REFUND(letter))
            self.refunds.asked(wanted, self._dice_of(wanted.order))

    def forget(self, *, begun_before: Any) -> None:
        """Whoever began before that is over."""
        self._plans = {
            id_: plan for id_, plan in self._plans.items() if plan.begins_at >= begun_before
        }

    def _hear(self, act: Callable[[Any, Dice], None], event: Any) -> None:
        act(event, self._dice_of(event.order))

    def _dice_of(self, order: UUID) -> Dice:
        plan = self._plans.get(order)
        return self._dice if plan is None else plan.dice

    def _count(self, event: Any) -> None:
        name = type(event).__name__
        match event:
            case asking.RemedyRequested():
                name = f"remedies.asked.{event.kind}"
            case asking.RemedyApproved():
                name = f"remedies.granted.{event.by}"
            case disputing.DisputeDecided():
                name = f"disputes.{event.outcome}"
            case returning.GoodsDue(their_own=True):
                name = "returns.taken_back"
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
                self._later(event, dice, partial(self._withdraw, event))
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
        approves = how is authorising.ApproveGrant
        more: dict[str, Any] = {} if approves else {"reason": "not_convinced"}
        leads = [one.id for one in self._stage.workers.values() if one.role is DeskRole.SUPERVISOR]
        able = leads if dice.percent(LEADS_PERCENT) else self._members.get(PLATFORM, ())
        others = [one for one in able if one != event.agent]
        if others:
            agent = dice.among(others)
            made = how(**_of(event), agent=agent, **more)
            send = partial(self._stage.sender.send, made, actor=by_agent(agent), dice=dice)
            self._later(event, dice, send)

    # The consumer

    def _offered(self, event: asking.CounterOfferMade, dice: Dice) -> None:
        match dice.weighted(_OFFERED):
            case "accept":
                self._in_time(
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
            self._in_time(event, dice, act)
        elif event.reason == "worn" and dice.percent(TAKES_BACK_PERCENT):
            self._later(event, dice, partial(self._by_consumer, event, returning.TakeBack))

    def _split(self, event: returning.ReturnSplit, dice: Dice) -> None:
        """What was not accepted they dispute, want back, or forget."""
        rest = replace(event, remedy=event.rest)
        if dice.weighted(_REFUSED) == "dispute":
            act = partial(self._by_consumer, rest, disputing.OpenDispute, reason="not_true")
            self._in_time(event, dice, act)
        elif dice.percent(TAKES_BACK_PERCENT):
            self._later(event, dice, partial(self._by_consumer, rest, returning.TakeBack))

    def _on_its_way(self, event: returning.JourneyBegun, dice: Dice) -> None:
        """It was granted, and some do not want it any more."""
        if dice.percent(REGRETS_PERCENT):
            self._later(event, dice, partial(self._withdraw, event))

    def _withdraw(self, event: Any) -> None:
        self._by_consumer(event, asking.WithdrawRemedy)

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
        side = dice.among(list(disputing.Side))
        about: dict[str, Any] = {"side": side, "reason": "not_heard"}
        act: Action = partial(self._by_consumer, event, disputing.ObjectToDecision, **about)
        if side is disputing.Side.MERCHANT:
            made = disputing.ObjectToDecision(**_of(event), **about)
            act = partial(self._stage.sender.send, made, actor=MARKETPLACE, dice=dice)
        self._in_time(event, dice, act)

    # Goodwill

    def _be_kind(self, plan: Plan) -> None:
        """Somebody of the platform's gives something that nobody owes."""
        if not plan.calls or plan.subject.id is None or not plan.dice.percent(KIND_PERCENT):
            return
        if plan.subject.kind is not SubjectKind.ORDER:
            return
        at = max(plan.begins_at, self._stage.clock())
        wait = self._stage.agenda.beat * plan.dice.between(2, 60)
        self._stage.at(at + wait, partial(self._give, plan))

    def _give(self, plan: Plan) -> None:
        able, dice = self._members.get(PLATFORM, ()), plan.dice
        if not able:
            return
        agent, order = dice.among(able), plan.subject.id
        assert order is not None
        self._stage.counts["goodwill.asked"] += 1
        wish = asking.Wish(
            kind=RemedyKind.COMPENSATION,
            reason="sorry",
            part=1,
            amount_minor=dice.among(_KIND_MINOR),
        )
        command = asking.RequestRemedy(
            consumer=plan.consumer,
            order=order,
            wish=wish,
            agent=agent,
            case=self._wishing.link(plan),
            goodwill=True,
        )
        self._stage.sender.send(command, actor=by_agent(agent), dice=dice)

    def _in_time(self, event: Any, dice: Dice, act: Action) -> None:
        """Soon, or when the time for it runs out: just before, just then, or just after."""
        if not dice.percent(LAST_MINUTE_PERCENT) or event.clock is None:
            self._later(event, dice, act)
            return
        self._stage.counts["last_minute.answers"] += 1
        ticks = dice.among((-1, 0, 0, 1))
        self._stage.at(event.clock.due_at + ticks * self._stage.agenda.tick, act)

    def _later(self, _event: Any, dice: Dice, act: Action) -> None:
        self._stage.soon(dice.between(1, 24), act)

    def _by_consumer(self, event: Any, command: type, **more: Any) -> None:
        plan = self._plans.get(event.order)
        if plan is None:
            return  # Somebody else acts for themselves.
        made = command(**_of(event), **more)
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
        made = command(**_of(event), agent=agent, **more)
        self._stage.sender.send(made, actor=by_agent(agent), dice=dice, text=text)


def _of(event: Any) -> dict[str, Any]:
    return {"consumer": event.consumer, "order": event.order, "remedy": event.remedy}


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
    refunding.RefundSentTwice: "refunds.sent_twice",
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
    returning.ReturnReopened: "returns.reopened",
    returning.ReturnPlaceNamed: "returns.places_named",
    returning.GoodsDue: "returns.goods_due",
    returning.InterceptionMissed: "returns.not_intercepted",
    changing.ChargeTaken: "charges.taken",
    changing.ChargeTakenLate: "charges.taken_late",
    changing.ChargeFailed: "charges.failed",
    changing.ChangeMade: "changes.made",
    changing.ChangeRefused: "changes.refused",
    changing.CancellationRequested: "cancellations",
    contesting.ContestOpened: "contests.opened",
    contesting.RefundContested: "contests.made",
    contesting.ContestDecided: "contests.decided",
    contesting.ContestLapsed: "contests.lapsed",
    authorising.GrantDeclined: "authority.declined",
    authorising.AuthorityUnused: "authority.unused",
    disputing.DecisionReversed: "disputes.reversed",
    promising.PriceFell: "prices.fell",
    promising.OwedPutOff: "owed.put_off",
    promising.BearersChanged: "compensations.borne_anew",
}
COUNTS = (
    *(name for name in _COUNTED.values() if name),
    "charges.asked",
    "charges.asked_again",
    "goodwill.asked",
    "last_minute.answers",
    "last_minute.contests",
    "prices.told",
    "returns.slots",
    "returns.taken_back",
    "refunds.asked_again",
    "wishes.in_case",
    "wishes.alone",
)
"""What is counted one by one, whether or not it happened."""
