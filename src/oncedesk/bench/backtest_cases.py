"""Generated decisions for the bench of backtests, as in a marketplace of a thousand merchants."""

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from msgspec.structs import replace

from oncedesk.bench.remedies import SEED, wishes
from oncedesk.domain.conversations.attribution import Parties
from oncedesk.domain.conversations.messages import Channel, ContactKind, Side
from oncedesk.domain.conversations.opening import NewCase
from oncedesk.domain.orders.messages import NextDay, OrderedPart, StandardShipping
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.remedies.messages.asking import RequestRemedy
from oncedesk.domain.remedies.messages.promising import CompensateBreach
from oncedesk.domain.remedies.words import CaseLink
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.facts_seen import PLATFORM_DESK_REF, desk_ref_of
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.money import Money
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.rulepack import ClockKind, Pack
from oncedesk.engine.backtest.case_clocks import Fate
from oncedesk.engine.backtest.compensating import Owed
from oncedesk.engine.backtest.keeping import Keeping, Met
from oncedesk.engine.backtest.outcomes import Outcome
from oncedesk.engine.backtest.promising import Promising
from oncedesk.engine.backtest.questions import Case
from oncedesk.engine.backtest.registry import QUESTIONS
from oncedesk.engine.backtest.remedying import Wanted
from oncedesk.engine.backtest.routing import DeskThen, Routing
from oncedesk.engine.backtest.waiting import Waiting
from oncedesk.rules.storing import seal

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
SPREAD_DAYS = 300
MERCHANTS = 1_000
ZONE = "Asia/Shanghai"
SHARES = {
    "routing": 0.25,
    "waiting": 0.35,
    "promising": 0.1,
    "keeping": 0.15,
    "remedies": 0.1,
    "compensations": 0.05,
}
"""How a marketplace's decisions are spread over the questions, about as the demo day's are."""


def changed_pack(pack: Pack) -> Pack:
    """A candidate that decides about every fifth of these otherwise, which costs more."""
    clocks = {
        key: replace(rule, seconds=rule.seconds // 2)
        if rule.clock is ClockKind.NEXT_RESPONSE and rule.desk is DeskKind.MERCHANT
        else rule
        for key, rule in pack.clocks.items()
    }
    refund = replace(pack.issue("refund"), liable="merchant:70 platform:30")
    return seal(
        replace(
            pack,
            clocks=clocks,
            issues={**pack.issues, "refund": refund},
            promises=replace(pack.promises, ship_by_seconds=pack.promises.ship_by_seconds // 2),
        )
    )


class Generator:
    """Makes recorded decisions; the same seed, the same ones."""

    def __init__(self, pack: Pack, chance: random.Random) -> None:
        self._pack = pack
        self._chance = chance
        self._asked = wishes(pack, random.Random(SEED))
        self._facts: Mapping[str, Callable[[datetime, UUID], Any]] = {
            "routing": self._routing,
            "waiting": self._waiting,
            "promising": self._promising,
            "keeping": self._keeping,
            "remedies": self._remedies,
            "compensations": self._compensations,
        }

    def cases(self, question: str, *, count: int) -> list[Case]:
        """So many, each with what the pack decides."""
        return [self._case(question, number) for number in range(count)]

    def _case(self, question: str, number: int) -> Case:
        chance = self._chance
        at = BEGINS + timedelta(seconds=chance.randrange(SPREAD_DAYS * 86_400))
        merchant = derived_id("bench merchant", str(chance.randrange(MERCHANTS)))
        facts = self._facts[question](at, merchant)
        decided: Outcome = QUESTIONS[question].decide(facts, self._pack)
        return Case(
            key=derived_id("bench", question, str(number)),
            stream=merchant,
            version=1,
            at=at,
            market="cn",
            pack=self._pack.hash,
            facts=facts,
            recorded=decided,
            merchant=merchant,
            stake=Money(chance.randrange(1_000, 50_000), "CNY"),
        )

    def _routing(self, at: datetime, merchant: UUID) -> Routing:
        chance, desk = self._chance, Desk(DeskKind.MERCHANT, merchant)
        there = DeskThen(True, chance.random() < 0.8, None, chance.random() < 0.05, 600)
        fate = Fate(stopped_at=at + timedelta(seconds=chance.randrange(86_400)))
        return Routing(
            what=NewCase(
                number=1,
                issue=chance.choice(list(self._pack.issues)),
                language="zh",
                parties=Parties(merchant),
                by=SYSTEM,
                kind=ContactKind.NEW,
                channel=Channel.APP_CHAT,
            ),
            at=at,
            desks={
                PLATFORM_DESK_REF.id: DeskThen(True, True, None, False, 0),
                desk_ref_of(desk).id: there,
            },
            desk=desk,
            fates={(ClockKind.FIRST_RESPONSE, side): fate for side in (Side.CONSUMER, Side.DESK)},
        )

    def _waiting(self, at: datetime, merchant: UUID) -> Waiting:
        chance = self._chance
        clock = ClockKind.RECONTACT if chance.random() < 0.3 else ClockKind.NEXT_RESPONSE
        of_desk = clock is ClockKind.NEXT_RESPONSE and chance.random() < 0.5
        desk = chance.choice((PLATFORM, Desk(DeskKind.MERCHANT, merchant)))
        return Waiting(
            clock,
            Side.DESK if of_desk else Side.CONSUMER,
            desk if of_desk else None,
            chance.choice(list(self._pack.issues)),
            chance.random() < 0.1,
            0,
            at,
            Fate(stopped_at=at + timedelta(seconds=chance.randrange(86_400))),
        )

    def _promising(self, at: datetime, _merchant: UUID) -> Promising:
        delivery = (NextDay(),) if self._chance.random() < 0.3 else ()
        return Promising(at, ZONE, OrderedPart(promises=(StandardShipping(), *delivery)))

    def _keeping(self, at: datetime, _merchant: UUID) -> Keeping:
        met_at = at + timedelta(seconds=self._chance.randrange(3 * 86_400))
        until = at + timedelta(days=10)
        return Keeping(StandardShipping(), at, ZONE, None, 0, Met(met_at, met_at), None, until)

    def _remedies(self, _at: datetime, _merchant: UUID) -> Wanted:
        asked = self._chance.choice(self._asked)
        order = cast("OrderState", asked.purchase)
        command = RequestRemedy(consumer=order.consumer, order=order.order, wish=asked.wish)
        return Wanted(command, order, None, {}, asked.now, shown_before=False)

    def _compensations(self, at: datetime, merchant: UUID) -> Owed:
        order = cast("OrderState", self._chance.choice(self._asked).purchase)
        command = CompensateBreach(
            consumer=order.consumer,
            order=order.order,
            part=1,
            promise=merchant,
            breach="late_shipping",
            case=CaseLink(merchant, 1),
        )
        return Owed(command, order, None, {}, at)
