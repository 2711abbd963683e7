"""Consumers who want another variant, address or payment before it ships, or nothing after all."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from oncedesk.domain.remedies.messages.asking import Replacement, RequestRemedy, Wish
from oncedesk.domain.remedies.messages.changing import ChargeRequested
from oncedesk.domain.remedies.words import CaseLink, RemedyKind, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.wallets.messages import AddMethod, AdjustBalance
from oncedesk.simulation.dice import Dice
from oncedesk.simulation.plans import Plan
from oncedesk.simulation.stage import Stage, by_consumer

CHANGES_PERCENT, ANOTHER_PERCENT, REGRETS_PERCENT = 16, 25, 15
BALANCE_PERCENT, SPENT_PERCENT = 45, 30
_KINDS = (
    (RemedyKind.CHANGE_ITEMS, 46.0),
    (RemedyKind.CHANGE_ADDRESS, 18.0),
    (RemedyKind.CHANGE_PAYMENT, 36.0),
)
_BALANCES_MINOR = (3_000, 30_000, 300_000)


class Wallets:
    """Plays how consumers can pay: by a card, or by a balance that others spend from, too."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._opened: set[UUID] = set()

    def opened(self, plan: Plan) -> str:
        """The name of a method of theirs; it is there from the next beat on."""
        name, dice = f"own-{plan.number:08}", plan.dice
        if plan.consumer in self._opened:
            return name
        self._opened.add(plan.consumer)
        stored = dice.percent(BALANCE_PERCENT)
        more: dict[str, Any] = {}
        if stored:
            more = {
                "stored": True,
                "currency": "CNY",
                "balance_minor": dice.among(_BALANCES_MINOR),
            }
        method = AddMethod(
            consumer=plan.consumer, method=name, kind="balance" if stored else "card", **more
        )
        self._stage.sender.send(method, actor=MARKETPLACE, dice=dice)
        if stored and dice.percent(SPENT_PERCENT):
            self._stage.soon(dice.between(2, 40), partial(self._spend, plan, method))
        return name

    def _spend(self, plan: Plan, method: AddMethod) -> None:
        spent = AdjustBalance(
            consumer=plan.consumer,
            method=method.method,
            amount_minor=-method.balance_minor,
            currency=method.currency,
        )
        self._stage.sender.send(spent, actor=MARKETPLACE, dice=plan.dice)


class SecondThoughts:
    """Plays the consumers who change what they have just ordered."""

    def __init__(self, stage: Stage, link: Callable[[Plan], CaseLink | None]) -> None:
        self._stage = stage
        self._wallets = Wallets(stage)
        self._link = link

    def enter(self, plan: Plan) -> None:
        """Soon after it was ordered, and perhaps once more; by then most has not left."""
        stage, dice, at = self._stage, plan.dice, plan.ordered_at
        if at is None or at <= stage.clock() or not dice.percent(CHANGES_PERCENT):
            return
        at += stage.agenda.beat * dice.between(1, 12)
        stage.at(at, partial(self._begin, plan))
        if dice.percent(ANOTHER_PERCENT):
            stage.at(at + timedelta(hours=dice.between(1, 6)), partial(self._begin, plan))

    def heard(self, withdraw: Callable[[Any], None]) -> dict[type, Callable[[Any, Dice], None]]:
        """Whoever has to pay may not want it any more."""

        def charged(event: ChargeRequested, dice: Dice) -> None:
            if not event.again and dice.percent(REGRETS_PERCENT):
                self._stage.soon(dice.between(1, 8), partial(withdraw, event))

        return {ChargeRequested: charged}

    def _begin(self, plan: Plan) -> None:
        kind = plan.dice.weighted(_KINDS)
        if kind is RemedyKind.CHANGE_ADDRESS:
            self._ask(plan, Wish(kind=kind, reason="changed_mind"))
            return
        method = self._wallets.opened(plan)
        wish = Wish(kind=kind, reason="changed_mind", method=method)
        if kind is RemedyKind.CHANGE_ITEMS:
            wish = another(plan, kind=kind, reason="changed_mind", method=method)
        self._stage.soon(1, partial(self._ask, plan, wish))

    def _ask(self, plan: Plan, wish: Wish) -> None:
        order = plan.subject.id
        assert order is not None
        text, more = None, dict[str, Any](case=self._link(plan))
        if wish.kind is RemedyKind.CHANGE_ADDRESS:
            text = plan.person.to_text()
            seal = self._stage.sayings.seal(text)
            more |= {"digest": seal.digest, "length": seal.length}
        self._stage.sender.send(
            RequestRemedy(consumer=plan.consumer, order=order, wish=wish, **more),
            actor=by_consumer(plan.consumer),
            dice=plan.dice,
            text=text,
        )


def another(plan: Plan, *, kind: RemedyKind, reason: str, method: str) -> Wish:
    """One of what was bought in another variant, which may cost more, or less."""
    variant = plan.dice.among(plan.listing.variants)
    new = Replacement(plan.listing.id, variant.id, variant.price_minor)
    return Wish(
        kind=kind,
        reason=reason,
        lines=(WantedLine(1, 1, 1),),
        replacements=(new,),
        method=method,
    )
