"""A backtest of a part of the past: from a moment on, or no more than so many decisions."""

import asyncio
from datetime import timedelta

import msgspec
from msgspec.structs import replace

from oncedesk.backtesting.choosing import Chosen
from oncedesk.backtesting.report import Report
from oncedesk.backtesting.running import backtest
from oncedesk.backtesting.spreading import serially
from oncedesk.backtesting.summary import Summary, summary_of
from oncedesk.backtesting.work import Done, Slice, look_through, slices
from oncedesk.domain.shared.ids import BUCKETS
from tests.backtest.history import START, pack
from tests.backtest.judged import assignment, judged
from tests.backtest.other_packs import with_shipping


def from_hour(url: str, hour: int) -> Done:
    work = assignment(url, with_shipping(pack(), 30))
    bounded = replace(work, since=START + timedelta(hours=hour))
    return look_through(bounded, Slice(0, BUCKETS))


def test_only_what_was_decided_from_then_on_is_decided_again(lived: str) -> None:
    everything = judged(lived, with_shipping(pack(), 30))
    assert from_hour(lived, 0).tallies == everything.tallies
    # The twelve orders are placed in the first hour.
    later = from_hour(lived, 1)
    assert everything.tallies["promising"].decided == 12
    assert later.tallies["promising"].decided == 0
    assert 0 < later.decisions < everything.decisions
    # And long after the last of it nothing happened any more.
    assert (from_hour(lived, 24 * 30).decisions, from_hour(lived, 24 * 30).streams) == (0, 0)


def reported(url: str, decisions_max: int | None) -> Report:
    candidate = with_shipping(pack(), 30)
    return asyncio.run(
        backtest(
            url,
            candidate=Chosen("other", (candidate,)),
            against=None,
            own=(pack(),),
            spread=serially,
            workers=1,
            parts=slices(workers=2),
            decisions_max=decisions_max,
        )
    )


def test_after_so_many_decisions_it_looks_no_further(lived: str) -> None:
    whole, part = reported(lived, None), reported(lived, 1)
    assert whole.buckets == BUCKETS
    assert 1 <= part.decisions < whole.decisions
    assert part.buckets < BUCKETS
    assert part.buckets % (BUCKETS // 64) == 0


def test_a_summary_says_the_same_and_can_be_read_again(lived: str) -> None:
    report = reported(lived, None)
    summary = summary_of(report)
    assert msgspec.json.decode(msgspec.json.encode(summary), type=Summary) == summary
    assert (summary.decided, summary.changed) == (report.decided, report.changed)
    assert (summary.buckets, summary.buckets_all) == (BUCKETS, BUCKETS)
    kept = {one.name: one for one in summary.questions}["keeping"]
    assert [(one.before, one.after, one.count) for one in kept.counts] == [("kept", "broken", 3)]
    assert [one.broken for one in summary.losers] == [2, 1]
