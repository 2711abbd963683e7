"""Whether a promise was kept in the end, also where it was cancelled meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders.messages import (
    CancelOrder,
    Item,
    OrderedPart,
    PresaleShipping,
    PresaleTerms,
    StandardShipping,
)
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import order_ref
from oncedesk.domain.shared.remedy_rules import PresaleRule, RemedyRules
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.backtest.keeping import KEEPING, NEVER, Cancelled, Keeping, Met, decide
from oncedesk.engine.backtest.outcomes import Held
from oncedesk.engine.backtest.promising import PROMISING
from oncedesk.engine.backtest.questions import Case, Past, Question, Step, Unknown
from oncedesk.engine.histories import JournalEntry
from oncedesk.rules.storing import seal
from tests.backtest.history import START, pack
from tests.backtest.other_packs import with_shipping
from tests.specs.orders.world import (
    CONSUMER,
    LISTING,
    ORDER,
    PACK,
    WAKE,
    WHO,
    announce,
    nothing_yet,
    place,
    scan,
)
from tests.support.given import after

FAR = datetime(2027, 1, 1, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def met(hours: float) -> Met:
    return Met(at(hours), at(hours))


def keeping(
    now: Met, *, cancelled: Cancelled | None = None, until: datetime = FAR, relief_hours: int = 0
) -> Keeping:
    zone = "Asia/Shanghai"
    seconds = relief_hours * 3_600
    return Keeping(StandardShipping(), START, zone, None, seconds, now, cancelled, until)


CASES = {
    "in time": (keeping(met(48)), Held.KEPT),
    "too late": (keeping(met(48.5)), Held.BROKEN),
    "too late, but relieved": (keeping(met(48.5), relief_hours=1), Held.KEPT),
    "never": (keeping(NEVER), Held.BROKEN),
    "not yet": (keeping(NEVER, until=at(40)), Held.OPEN),
    "cancelled before": (keeping(NEVER, cancelled=Cancelled(at(20), NEVER)), Held.OPEN),
    "cancelled too late": (keeping(NEVER, cancelled=Cancelled(at(60), NEVER)), Held.BROKEN),
    "cancelled when it was kept": (
        keeping(met(10), cancelled=Cancelled(at(20), met(10))),
        Held.KEPT,
    ),
    "heard only after it was cancelled": (
        keeping(met(10), cancelled=Cancelled(at(20), NEVER)),
        Held.OPEN,
    ),
    "heard after it was cancelled that it was no breach": (
        keeping(met(10), cancelled=Cancelled(at(60), NEVER)),
        Held.OPEN,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_says_what_holds_in_the_end(name: str) -> None:
    facts, held = CASES[name]
    assert [term.held for term in decide(facts, pack()).terms] == [held]


def test_a_longer_limit_keeps_what_a_shorter_one_breaks() -> None:
    facts = keeping(met(30))
    assert decide(facts, with_shipping(pack(), 29)).terms[0].held is Held.BROKEN
    assert decide(facts, with_shipping(pack(), 30)).terms[0].held is Held.KEPT


def test_a_pick_up_point_counts_where_the_pack_wants_no_consent() -> None:
    facts = keeping(Met(None, at(10)))
    lax = seal(replace(pack(), promises=replace(pack().promises, locker_needs_consent=False)))
    strict = seal(replace(pack(), promises=replace(pack().promises, locker_needs_consent=True)))
    assert decide(facts, lax).terms[0].held is Held.KEPT
    assert decide(facts, strict).terms[0].held is Held.BROKEN


STANDARD = OrderedPart(promises=(StandardShipping(),))


def past(*told: tuple[float, Any], first: OrderedPart = STANDARD, pack: Pack = PACK) -> Past:
    """Two parts are ordered, and that is heard so many hours later."""
    placed = place(parts=(first, STANDARD))
    story, steps = nothing_yet(), []
    for version, (hours, command) in enumerate([(0, placed), *told], start=1):
        before, now = story.state, after(hours=hours)
        story.when(command, now=now, pack=pack)
        id_, events = UUID(int=version), story.answer
        entry = JournalEntry(version, id_, now, MARKETPLACE, command, "", (), events)
        steps.append(Step(entry, before, story.state))
    return Past(order_ref(consumer=CONSUMER, order=ORDER), steps)


def cancel(hours: float, *, part: int = 1) -> CancelOrder:
    return CancelOrder(**WHO, at=after(hours=hours), part=part)


COLLECTED = ((1.0, announce()), (10.0, scan("collected", after(hours=10))))


@pytest.mark.parametrize(
    ("told", "held"),
    [
        ([(60, cancel(40))], Held.OPEN),
        ([(60, cancel(50))], Held.BROKEN),
        ([(60, cancel(50)), (61, cancel(40, part=0))], Held.OPEN),
        ([*COLLECTED, (20, cancel(20))], Held.KEPT),
        ([(5, cancel(5)), *COLLECTED], Held.OPEN),
    ],
)
def test_a_part_that_was_cancelled_is_judged_as_it_was(
    told: list[tuple[float, Any]], held: Held
) -> None:
    history = past(*told, (90, scan("in_transit", after(hours=90))))
    first, _ = KEEPING.cases(history.steps[0], {}, history)
    assert not isinstance(first, Unknown)
    assert first.recorded == decide(first.facts, PACK)
    assert [term.held for term in first.recorded.terms] == [held]


PRESELLING = replace(
    PACK,
    remedies=RemedyRules(
        presales={
            "*": PresaleRule(
                "presale", "*", 30, 3_600, 20, deposit_kept=True, deposit_doubled=False
            )
        }
    ),
)
PRESALE = OrderedPart(
    items=(Item(LISTING, 10_000),),
    promises=(PresaleShipping(ship_by=after(days=20)),),
    presale=PresaleTerms(
        deposit_minor=1_000, final_minor=9_000, pay_from=after(days=5), pay_until=after(days=10)
    ),
)
"""Its last day to pay is the tenth: under a pack of 15 days it may ship up to the 25th."""


def first_case(question: Question, history: Past) -> Case:
    first, *_ = question.cases(history.steps[0], {}, history)
    assert isinstance(first, Case)
    return first


@pytest.mark.parametrize("question", [PROMISING, KEEPING], ids=lambda one: one.name)
def test_a_presale_ships_so_long_after_the_end_of_its_time_to_pay(question: Question) -> None:
    case = first_case(question, past(first=PRESALE, pack=PRESELLING))
    assert [term.name for term in case.recorded.terms] == ["shipping/presale"]
    assert question.decide(case.facts, PRESELLING) == case.recorded
    tight = replace(PRESELLING, promises=replace(PRESELLING.promises, presale_ship_days_max=9))
    assert question.decide(case.facts, tight).terms == ()


def test_a_presale_that_was_not_paid_breaks_no_promise() -> None:
    unpaid = past(
        (10 * 24, WAKE),
        (30 * 24, scan("collected", after(hours=30 * 24))),
        first=PRESALE,
        pack=PRESELLING,
    )
    assert unpaid.steps[-1].after.has_ended(1)
    case = first_case(KEEPING, unpaid)
    assert [term.held for term in case.recorded.terms] == [Held.OPEN]
    assert decide(case.facts, PRESELLING) == case.recorded


def test_a_presale_that_the_pack_has_not_would_have_been_refused() -> None:
    case = first_case(PROMISING, past(first=PRESALE, pack=PRESELLING))
    assert PROMISING.decide(case.facts, PACK).words[0] == "presale_not_offered"
    rule = PRESELLING.remedies.presales["*"]
    shorter = RemedyRules(presales={"*": replace(rule, days_max=9)})
    found = PROMISING.decide(case.facts, replace(PRESELLING, remedies=shorter))
    assert (found.words[0], found.terms) == ("presale_too_far", ())
