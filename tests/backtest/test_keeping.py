"""Whether a promise was kept in the end, also where the order was cancelled meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders.messages import StandardShipping
from oncedesk.engine.backtest.keeping import NEVER, Cancelled, Keeping, Met, decide
from oncedesk.engine.backtest.outcomes import Held
from oncedesk.rules.storing import seal
from tests.backtest.history import START, pack
from tests.backtest.other_packs import with_shipping

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
