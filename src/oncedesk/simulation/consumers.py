"""The consumers: how they begin, answer, chase, come back, and give up."""

from functools import partial
from typing import Any

from msgspec.structs import replace

from oncedesk.domain.conversations.messages import (
    CallBackOffered,
    CaseClosed,
    CaseResolved,
    Channel,
    ClosingReason,
    ConfirmSolved,
    ConsumerAsked,
    MessagePosted,
    ReceiveContact,
    ReopenCase,
    RequestCallBack,
    WithdrawClaim,
)
from oncedesk.domain.shared.decider import Role
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.seeing import Life, SeenCase
from oncedesk.simulation.stage import Stage, by_consumer
from oncedesk.simulation.world import MARKET

AFTERS_MAX = 4
_AFTERS = (
    ("nothing", 66.0),
    ("confirmed", 10.0),
    ("not_solved", 8.0),
    ("recontact", 6.0),
    ("something_else", 3.0),
    ("after_the_window", 3.0),
    ("second_complaint", 2.5),
    ("regulator", 1.5),
)
_REPLIES = (("soon", 58.0), ("slowly", 14.0), ("never", 28.0))


class Consumers:
    """Plays the consumers' side of every story."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        stage.seeing.when(ConsumerAsked, self._asked)
        stage.seeing.when(MessagePosted, self._spoken_to)
        stage.seeing.when(CaseResolved, self._resolved)
        stage.seeing.when(CallBackOffered, self._offered)
        stage.seeing.when(CaseClosed, self._closed)

    @property
    def _days(self) -> int:
        """A day in beats."""
        return self._stage.agenda.day // self._stage.agenda.beat

    def begin(self, plan: Plan) -> None:
        """The first contact, and what this consumer will do if nobody answers."""
        stage, dice = self._stage, plan.dice
        contact = self._contact(plan, issue=plan.issue, channel=plan.channel)
        life = Life(plan, contact.target().id)
        stage.seeing.lives.setdefault(life.conversation, life)
        life = stage.seeing.lives[life.conversation]
        stage.counts["lifecycles"] += 1
        text = stage.sayings.first(plan, issue=plan.issue)
        self._say(life, contact, text)
        if dice.percent(3):
            stage.counts["faults.double_taps"] += 1
            self._say(life, contact, text)
        if dice.percent(16):
            stage.soon(dice.between(3, self._days // 3), partial(self._chase, life))
        if dice.percent(3):
            stage.soon(dice.between(1, self._days // 6), partial(self._withdraw, life))
        if plan.issue in ("", "other") and dice.percent(40):
            clearer = self._contact(plan, issue="refund", channel=plan.channel)
            stage.soon(
                1, partial(self._say, life, clearer, stage.sayings.first(plan, issue="refund"))
            )

    def _contact(
        self,
        plan: Plan,
        *,
        issue: str,
        channel: Channel = Channel.APP_CHAT,
        case: int | None = None,
        fresh: bool = False,
    ) -> ReceiveContact:
        seal = self._stage.sayings.seal("")
        return ReceiveContact(
            consumer=plan.consumer,
            subject=plan.subject,
            market=MARKET,
            channel=channel,
            surface=plan.surface,
            digest=seal.digest,
            length=seal.length,
            language=plan.language,
            issue=issue,
            fresh=fresh,
            merchant=plan.merchant,
            creator=plan.creator,
            case=case,
        )

    def _say(self, life: Life, contact: ReceiveContact, text: str) -> None:
        plan = life.plan
        seal = self._stage.sayings.seal(text)
        self._stage.sender.send(
            replace(contact, digest=seal.digest, length=seal.length),
            actor=by_consumer(plan.consumer),
            dice=plan.dice,
            text=text,
        )

    def _chase(self, life: Life) -> None:
        """Still nobody has answered: the consumer asks again, and at last goes elsewhere."""
        case = life.latest()
        if case is None or not case.is_open or case.answered or life.chased > 2:
            return
        life.chased += 1
        plan = life.plan
        outside = life.chased > 1 and plan.dice.percent(30)
        channel = Channel.REGULATOR if outside else Channel.APP_CHAT
        contact = self._contact(plan, issue=plan.issue, channel=channel)
        self._say(life, contact, self._stage.sayings.chase(plan))
        self._stage.soon(plan.dice.between(3, self._days // 2), partial(self._chase, life))

    def _withdraw(self, life: Life) -> None:
        case = life.latest()
        if case is None:
            return
        # After it was closed this comes too late, and is refused.
        self._stage.counts["faults.late_commands"] += case.closed
        command = WithdrawClaim(
            consumer=life.plan.consumer, conversation=life.conversation, case=case.number
        )
        self._stage.sender.send(command, actor=by_consumer(life.plan.consumer), dice=life.plan.dice)

    def _asked(self, life: Life, case: SeenCase, _event: Any) -> None:
        dice = life.plan.dice
        match dice.weighted(_REPLIES):
            case "soon":
                self._stage.soon(dice.between(1, 12), partial(self._reply, life, case))
            case "slowly":
                ticks = dice.between(self._days * 2, self._days * 5)
                self._stage.soon(ticks, partial(self._reply, life, case))
            case _:
                self._stage.counts["faults.silent_consumers"] += 1

    def _reply(self, life: Life, case: SeenCase) -> None:
        if case.closed:
            return
        plan = life.plan
        contact = self._contact(plan, issue=plan.issue, case=case.number)
        self._say(life, contact, self._stage.sayings.more(plan, issue=case.issue, turn=case.moves))

    def _spoken_to(self, life: Life, case: SeenCase, event: MessagePosted) -> None:
        """Some answer what an agent tells them, while it is still the same contact."""
        if event.author.role is not Role.AGENT or case.asked or case.moves > 4:
            return
        if life.plan.dice.percent(25):
            self._stage.soon(1, partial(self._go_on, life, case))

    def _go_on(self, life: Life, case: SeenCase) -> None:
        if case.is_open:
            self._reply(life, case)

    def _offered(self, life: Life, case: SeenCase, _event: Any) -> None:
        if life.plan.dice.percent(40):
            self._stage.soon(1, partial(self._take_call_back, life, case))

    def _take_call_back(self, life: Life, case: SeenCase) -> None:
        if not case.is_open:
            return
        command = RequestCallBack(
            consumer=life.plan.consumer, conversation=life.conversation, case=case.number
        )
        self._stage.sender.send(command, actor=by_consumer(life.plan.consumer), dice=life.plan.dice)

    def _resolved(self, life: Life, case: SeenCase, event: CaseResolved) -> None:
        """Helped or not: some come back, in the window or after it."""
        dice, stage = life.plan.dice, self._stage
        if life.afters >= AFTERS_MAX:
            return
        if event.reason is ClosingReason.NO_REPLY:
            if dice.percent(40):
                stage.counts["faults.late_replies"] += 1
                life.afters += 1
                stage.soon(dice.between(1, self._days * 3), partial(self._reply, life, case))
            return
        life.afters += 1
        after = dice.weighted(_AFTERS)
        ticks = dice.between(1, self._days * 5)
        if after == "after_the_window":
            ticks = self._days * 7 + dice.between(1, self._days)
        if after != "nothing":
            stage.soon(ticks, partial(self._after, life, case, after))

    def _after(self, life: Life, case: SeenCase, after: str) -> None:
        plan, stage = life.plan, self._stage
        actor, sayings = by_consumer(plan.consumer), stage.sayings
        about = {
            "consumer": plan.consumer, "conversation": life.conversation, "case": case.number
        }  # fmt: skip
        if case.closed and after in ("confirmed", "not_solved"):
            stage.counts["faults.late_commands"] += 1
        match after:
            case "confirmed":
                stage.sender.send(ConfirmSolved(**about), actor=actor, dice=plan.dice)  # type: ignore[arg-type]
            case "not_solved":
                stage.sender.send(ReopenCase(**about), actor=actor, dice=plan.dice)  # type: ignore[arg-type]
            case "something_else":
                contact = self._contact(plan, issue="account", fresh=True)
                self._say(life, contact, sayings.something_else(plan))
            case "regulator":
                contact = self._contact(plan, issue="regulator", channel=Channel.REGULATOR)
                self._say(life, contact, sayings.first(plan, issue="regulator"))
            case "second_complaint":
                contact = self._contact(plan, issue="second_complaint")
                self._say(life, contact, sayings.first(plan, issue="second_complaint"))
            case _:
                self._say(life, self._contact(plan, issue=plan.issue), sayings.again(plan))

    def _closed(self, life: Life, case: SeenCase, _event: Any) -> None:
        """A few tap on a page that is long out of date."""
        if life.plan.dice.percent(1):
            self._stage.soon(1, partial(self._after, life, case, "not_solved"))
