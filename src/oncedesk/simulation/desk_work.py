"""What agents do with the cases that they get: answer, ask, refer, transfer, rest, resolve."""

from functools import partial
from typing import Any
from uuid import UUID

from oncedesk.domain.agents.messages import Presence
from oncedesk.domain.conversations.messages import (
    AnswerReferral,
    AskConsumer,
    Audience,
    CaseAssigned,
    ClockExpired,
    ClosingReason,
    ConsumerAsked,
    CorrectAttribution,
    FollowUp,
    MergeCases,
    MessagePosted,
    Party,
    PartyKind,
    PostMessage,
    Reclassify,
    ReferCase,
    ReferralMode,
    Referred,
    ResolveCase,
    ReturnToQueue,
    Share,
    SplitCase,
    TakeOverCase,
    TransferCase,
    WaitEnded,
    WithdrawClaim,
)
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.simulation.seeing import Life, SeenCase
from oncedesk.simulation.stage import Stage, by_agent, by_consumer

MOVES_MAX = 6
PATIENT_DAYS = 7
"""Longer than a question's own clock runs, where a day of people is one of the clocks."""
SETTLED_PERCENT = 60
_MOVES = (
    ("resolve", 48.0),
    ("say", 16.0),
    ("ask", 11.0),
    ("refer", 7.0),
    ("transfer", 3.0),
    ("correct", 2.5),
    ("rest", 4.0),
    ("reclassify", 2.0),
    ("split", 1.5),
    ("return", 2.0),
    ("note", 2.0),
    ("race", 1.0),
)
_REASONS = (
    (ClosingReason.SOLVED, 60.0),
    (ClosingReason.INFORMED, 16.0),
    (ClosingReason.REFUSED, 10.0),
    (ClosingReason.NO_FAULT, 6.0),
    (ClosingReason.KEPT_PROMISE, 4.0),
    (ClosingReason.DUPLICATE, 3.0),
    (ClosingReason.WITHDRAWN, 1.0),
)


class DeskWork:
    """Plays the desks' side of every story."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.members: dict[Desk, list[UUID]] = {}
        for worker in stage.world.workers:
            for desk in worker.desks:
                self.members.setdefault(desk, []).append(worker.id)
        seeing = stage.seeing
        seeing.when(CaseAssigned, self._got)
        seeing.when(WaitEnded, self._got)
        seeing.when(ClockExpired, self._got)
        seeing.when(MessagePosted, self._heard)
        seeing.when(Referred, self._referred)
        seeing.when(ConsumerAsked, self._asked)

    def _got(self, life: Life, case: SeenCase, _event: Any) -> None:
        """There is something to do for whoever has it."""
        if case.agent is None or case.busy or not case.is_open or case.asked:
            return
        case.busy = True
        act = partial(self._act, life, case, case.agent, case.turn)
        self._stage.soon(life.plan.dice.between(1, 3), act)

    def resume(self, agent: UUID) -> None:
        """They act by themselves again: what they have in hand is theirs to do."""
        for life in list(self._stage.seeing.lives.values()):
            for case in life.cases.values():
                if case.agent == agent:
                    self._got(life, case, None)

    def _heard(self, life: Life, case: SeenCase, event: MessagePosted) -> None:
        if event.author.role is Role.CONSUMER:
            self._got(life, case, event)
            if case.owner != PLATFORM and life.plan.dice.percent(1):
                self._stage.soon(2, partial(self._intervene, life, case))

    def _act(self, life: Life, case: SeenCase, agent: UUID, turn: int) -> None:
        stage, dice = self._stage, life.plan.dice
        if case.turn != turn or not case.is_open:
            if dice.percent(30):
                # The page was open since before the case went elsewhere.
                stage.counts["faults.late_commands"] += 1
                self._resolve(life, case, agent)
            return
        case.busy = False
        if agent in stage.sender.humans:
            return
        if case.owner in stage.world.silent:
            stage.counts["faults.silence"] += 1
            return
        if stage.seeing.agents[agent].presence is Presence.AWAY:
            case.busy = True
            stage.soon(3, partial(self._act, life, case, agent, turn))
            return
        if case.asked:
            return
        self._move(life, case, agent)

    def _move(self, life: Life, case: SeenCase, agent: UUID) -> None:
        dice = life.plan.dice
        case.moves += 1
        referral = case.referral
        if (
            referral is not None
            and referral.mode is ReferralMode.HAND_OVER
            and referral.to_desk == case.owner
            and dice.percent(85)
        ):
            self._answer_referral(life, case, agent)
            return
        answers = not case.answered or dice.percent(40)
        if answers:
            self._answer(life, case, agent)
        move = "resolve" if case.moves > MOVES_MAX else dice.weighted(_MOVES)
        others = [one for one in life.cases.values() if one.is_open and one is not case]
        if others and dice.percent(30):
            self._merge(life, case, agent, others[0])
            return
        match move:
            case "resolve":
                self._resolve(life, case, agent)
            case "say" if answers:
                pass
            case "say":
                self._answer(life, case, agent)
            case "ask":
                self._ask(life, case, agent)
            case "refer":
                self._refer(life, case, agent)
            case "transfer":
                self._send(
                    life,
                    TransferCase(
                        **self._about(life, case, agent),
                        desk=self._other(life, case),
                        reason="wrong_desk",
                    ),
                )
            case "correct":
                self._correct(life, case, agent)
            case "rest":
                self._rest(life, case, agent)
            case "reclassify":
                self._send(
                    life,
                    Reclassify(
                        **self._about(life, case, agent),
                        issue=dice.among(("refund", "quality", "safety")),
                    ),
                )
            case "split":
                self._send(
                    life,
                    SplitCase(
                        **self._about(life, case, agent),
                        issue=dice.among(("refund", "courier", "account")),
                    ),
                )
            case "return":
                self._return(life, case, agent)
            case "note":
                note = self._stage.sayings.note(life.plan)
                self._write(life, case, agent, note, audience=Audience.INTERNAL)
            case _:
                self._race(life, case, agent)
        if move in ("say", "note", "correct", "reclassify", "split", "refer"):
            self._again(life, case, agent, dice.between(1, 4))

    def _again(self, life: Life, case: SeenCase, agent: UUID, ticks: int) -> None:
        if not case.busy:
            case.busy = True
            self._stage.soon(ticks, partial(self._act, life, case, agent, case.turn))

    def _about(self, life: Life, case: SeenCase, agent: UUID) -> Any:
        return {
            "consumer": life.plan.consumer,
            "conversation": life.conversation,
            "case": case.number,
            "agent": agent,
        }

    def _send(self, life: Life, command: Any, *, text: str | None = None) -> None:
        self._stage.sender.send(
            command, actor=by_agent(command.agent), dice=life.plan.dice, text=text
        )

    def _answer(self, life: Life, case: SeenCase, agent: UUID) -> None:
        text = self._stage.sayings.answer(
            life.plan, issue=case.issue, turn=case.moves, first=not case.answered
        )
        self._write(life, case, agent, text)

    def _write(
        self,
        life: Life,
        case: SeenCase,
        agent: UUID,
        text: str,
        *,
        audience: Audience = Audience.CONSUMER,
    ) -> None:
        seal = self._stage.sayings.seal(text)
        command = PostMessage(
            **self._about(life, case, agent),
            audience=audience,
            digest=seal.digest,
            length=seal.length,
        )
        self._send(life, command, text=text)

    def _resolve(self, life: Life, case: SeenCase, agent: UUID) -> None:
        dice = life.plan.dice
        reason = dice.weighted(_REASONS)
        if reason is ClosingReason.SOLVED and dice.percent(SETTLED_PERCENT):
            text = self._stage.sayings.settled(life.plan, issue=case.issue, turn=case.moves)
            self._write(life, case, agent, text)
        self._send(life, ResolveCase(**self._about(life, case, agent), reason=reason))
        self._again(life, case, agent, 6)

    def _ask(self, life: Life, case: SeenCase, agent: UUID) -> None:
        text = self._stage.sayings.question(life.plan, issue=case.issue, turn=case.moves)
        seal = self._stage.sayings.seal(text)
        command = AskConsumer(
            **self._about(life, case, agent), digest=seal.digest, length=seal.length
        )
        self._send(life, command, text=text)
        self._again(life, case, agent, 4)

    def _asked(self, life: Life, case: SeenCase, _event: ConsumerAsked) -> None:
        """Whose answer never comes is not waited for as long as it takes."""
        agenda = self._stage.agenda
        beats = agenda.day * PATIENT_DAYS // agenda.beat
        self._stage.soon(beats, partial(self._give_up, life, case, case.moves))

    def _give_up(self, life: Life, case: SeenCase, moves: int) -> None:
        if case.asked and case.is_open and case.agent is not None and case.moves == moves:
            about = self._about(life, case, case.agent)
            self._send(life, ResolveCase(**about, reason=ClosingReason.INFORMED))

    def _refer(self, life: Life, case: SeenCase, agent: UUID) -> None:
        dice = life.plan.dice
        text = self._stage.sayings.between(life.plan)
        seal = self._stage.sayings.seal(text)
        command = ReferCase(
            **self._about(life, case, agent),
            desk=self._other(life, case),
            mode=ReferralMode.HAND_OVER if dice.percent(45) else ReferralMode.STAY,
            digest=seal.digest,
            length=seal.length,
        )
        self._send(life, command, text=text)

    def _referred(self, life: Life, case: SeenCase, event: Referred) -> None:
        """Most desks that are asked answer; the others let it lapse."""
        dice = life.plan.dice
        if event.mode is ReferralMode.STAY and event.to_desk not in self._stage.world.silent:
            members = self.members.get(event.to_desk)
            if members and dice.percent(75):
                agent = dice.among(members)
                answer = partial(self._answer_referral, life, case, agent)
                self._stage.soon(dice.between(2, 12), answer)

    def _answer_referral(self, life: Life, case: SeenCase, agent: UUID) -> None:
        if case.closed:
            return
        text = self._stage.sayings.found(life.plan)
        seal = self._stage.sayings.seal(text)
        command = AnswerReferral(
            **self._about(life, case, agent), digest=seal.digest, length=seal.length
        )
        self._send(life, command, text=text)

    def _correct(self, life: Life, case: SeenCase, agent: UUID) -> None:
        self._stage.counts["faults.wrong_attribution"] += 1
        desk = self._other(life, case)
        party = Party(PartyKind(desk.kind.value), desk.party)
        command = CorrectAttribution(
            **self._about(life, case, agent),
            owner=desk if life.plan.dice.percent(60) else case.owner,
            cause=party,
            liable=(Share(party, 70, ("found",)), Share(Party(PartyKind.PLATFORM), 30, ("found",))),
            reasons=("found",),
        )
        self._send(life, command)

    def _rest(self, life: Life, case: SeenCase, agent: UUID) -> None:
        hours = life.plan.dice.among((2, 4, 20, 40))
        at = self._stage.clock() + self._stage.agenda.day * hours / 24
        self._send(life, FollowUp(**self._about(life, case, agent), at=at))

    def _return(self, life: Life, case: SeenCase, agent: UUID) -> None:
        text = self._stage.sayings.note(life.plan)
        seal = self._stage.sayings.seal(text)
        command = ReturnToQueue(
            **self._about(life, case, agent), digest=seal.digest, length=seal.length
        )
        self._send(life, command, text=text)

    def _merge(self, life: Life, case: SeenCase, agent: UUID, into: SeenCase) -> None:
        self._send(life, MergeCases(**self._about(life, case, agent), into=into.number))
        self._again(life, case, agent, 2)

    def _race(self, life: Life, case: SeenCase, agent: UUID) -> None:
        """Two people act on the same case at the same moment, and the consumer, too."""
        stage = self._stage
        stage.counts["faults.races"] += 1
        self._send(
            life,
            TransferCase(
                **self._about(life, case, agent), desk=self._other(life, case), reason="race"
            ),
        )
        self._resolve(life, case, agent)
        withdraw = WithdrawClaim(
            consumer=life.plan.consumer, conversation=life.conversation, case=case.number
        )
        stage.sender.send(withdraw, actor=by_consumer(life.plan.consumer), dice=life.plan.dice)

    def _intervene(self, life: Life, case: SeenCase) -> None:
        if not case.is_open or case.owner == PLATFORM:
            return
        agent = life.plan.dice.among(self.members[PLATFORM])
        self._send(life, TakeOverCase(**self._about(life, case, agent), reason="intervention"))

    def _other(self, life: Life, case: SeenCase) -> Desk:
        """Another desk that has to do with it; the platform where there is none."""
        plan = life.plan
        known = [PLATFORM]
        if plan.merchant is not None:
            known.append(Desk(DeskKind.MERCHANT, plan.merchant))
        if plan.creator is not None:
            known.append(Desk(DeskKind.CREATOR, plan.creator))
        others = [desk for desk in known if desk != case.owner]
        return plan.dice.among(others) if others else PLATFORM
