"""What was recorded is decided again as it was; another pack changes exactly what it has to."""

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from oncedesk.domain.conversations.messages import Channel, ClockStarted, Side, SplitCase
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import Desk, DeskKind, Kind, desk_ref
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.engine.backtest.questions import Reason
from oncedesk.engine.backtest.tallies import Shift
from oncedesk.rules.storing import seal
from tests.backtest import history
from tests.backtest.history import (
    MERCHANTS,
    PRICE_MINOR,
    Playing,
    built,
    contact,
    merchant,
    order,
    pack,
    placed,
)
from tests.backtest.judged import events, judged, run_sql
from tests.backtest.other_packs import HOUR, with_clock, with_refunds, with_shipping
from tests.support.engines import ADMIN


def test_an_equal_pack_changes_nothing(lived: str) -> None:
    done = judged(lived, pack())
    found = {name: (one.decided, one.changed) for name, one in done.tallies.items()}
    # Six wrote about a refund, four promises opened cases, one case came back.
    started = sum(isinstance(event, ClockStarted) for event in events(lived, Kind.CONVERSATION))
    assert found == {
        "routing": (11, 0),
        "waiting": (started - 11 * 4, 0),
        "promising": (12, 0),
        "keeping": (12, 0),
        "remedies": (0, 0),
        "compensations": (0, 0),
    }
    assert done.tallies["routing"].unknown == {Reason.PEOPLE: 1, Reason.FOLLOWS: 8}
    # Conversations, orders, and the books of three orders of which there was nothing to give back.
    assert done.streams == 6 + 4 + 12 + 3
    assert done.buckets == 4096


def test_everything_is_reproduced_by_its_own_pack(lived: str) -> None:
    """Its own is asked only where another pack changes something: so this one changes all of it."""
    longer = {key: replace(one, seconds=one.seconds + 60) for key, one in pack().clocks.items()}
    other = replace(
        pack(),
        clocks=longer,
        joining=replace(pack().joining, recontact_window_seconds=60),
        asking=replace(pack().asking, reply_seconds=60),
        promises=replace(pack().promises, ship_by_seconds=1),
    )
    done = judged(lived, seal(other))
    for name, tally in done.tallies.items():
        assert Reason.NOT_REPRODUCED not in tally.unknown, name
        assert Reason.FAILED not in tally.unknown, name
        # The promises that were broken stay so.
        assert tally.changed == tally.decided - (4 if name == "keeping" else 0), name


def test_a_shorter_answer_changes_the_clocks_of_that_answer_and_nothing_else(lived: str) -> None:
    of_merchants = [
        event
        for event in events(lived, Kind.CONVERSATION)
        if isinstance(event, ClockStarted)
        and (event.clock, event.side) == (ClockKind.NEXT_RESPONSE, Side.DESK)
        and event.desk is not None
        and event.desk.kind is DeskKind.MERCHANT
    ]
    assert len(of_merchants) == 4
    done = judged(lived, with_clock(pack(), seconds=HOUR, warn_seconds=600))
    waiting = done.tallies["waiting"]
    assert waiting.changed == 4
    # From 13:00 in Shanghai twelve open hours end at 13:00 of the next day: 24 hours on the wall.
    earlier = sum(
        int((event.due_at - event.at - timedelta(hours=1)).total_seconds())
        for event in of_merchants
    )
    assert waiting.shifts == {
        "next_response/desk": Shift(earlier=4, earlier_seconds=earlier, warned_otherwise=4)
    }
    # They answered after an hour, which is when this clock would have run out.
    assert waiting.held == {("next_response/desk", "kept", "broken"): 4}
    assert {name: one.changed for name, one in done.tallies.items() if name != "waiting"} == {
        "routing": 0,
        "promising": 0,
        "keeping": 0,
        "remedies": 0,
        "compensations": 0,
    }
    # Consumers 1 and 3 bought of the first merchant, 2 and 4 of the other.
    for one in MERCHANTS:
        tally = waiting.merchants[one]
        assert (tally.decisions, tally.worse, tally.better, tally.broken) == (2, 2, 0, 2)
        assert tally.seconds == -earlier // 2


def test_a_warning_moves_without_its_deadline(lived: str) -> None:
    done = judged(lived, with_clock(pack(), warn_seconds=600))
    assert done.tallies["waiting"].shifts == {"next_response/desk": Shift(warned_otherwise=4)}
    assert done.tallies["waiting"].held == {}


@pytest.mark.parametrize(
    ("hours", "held"),
    [
        # Order n was with its carrier after n times six hours; 48 were promised.
        (24, {("kept", "broken"): 4}),
        (48, {}),
        (60, {("broken", "kept"): 2}),
        (72, {("broken", "kept"): 4}),
        (5, {("kept", "broken"): 8}),
    ],
)
def test_another_shipping_limit_moves_every_promise_and_breaks_exactly_some(
    lived: str, hours: int, held: dict[tuple[str, str], int]
) -> None:
    done = judged(lived, with_shipping(pack(), hours))
    promising, keeping = done.tallies["promising"], done.tallies["keeping"]
    assert promising.changed == (0 if hours == 48 else 12)
    seconds = abs(hours - 48) * HOUR * 12
    if hours < 48:
        assert promising.shifts == {"shipping/standard": Shift(earlier=12, earlier_seconds=seconds)}
    elif hours > 48:
        assert promising.shifts == {"shipping/standard": Shift(later=12, later_seconds=seconds)}
    assert promising.stake_minor == ({} if hours == 48 else {"CNY": 12 * PRICE_MINOR})
    assert keeping.held == {("shipping/standard", *how): count for how, count in held.items()}
    assert keeping.changed == sum(held.values())
    assert keeping.stake_minor.total() == keeping.changed * PRICE_MINOR


def test_winners_and_losers_are_the_merchants_whose_promises_they_are(lived: str) -> None:
    keeping = judged(lived, with_shipping(pack(), 30)).tallies["keeping"]
    # Broken now: orders 6, 7 and 8, after 36, 42 and 48 hours.
    assert {one: tally.broken for one, tally in keeping.merchants.items()} == {
        merchant(6): 2,
        merchant(7): 1,
    }
    assert all(tally.worse == tally.decisions for tally in keeping.merchants.values())
    assert sorted(example.stream for example in keeping.examples) == sorted(map(order, (6, 7, 8)))


def test_another_owner_moves_the_cases_and_their_deadlines(lived: str) -> None:
    done = judged(lived, with_refunds(pack(), owner=DeskKind.PLATFORM))
    routing = done.tallies["routing"]
    # Six contacts opened a case about a refund; the one that came back keeps its desk.
    assert routing.changed == 6
    assert routing.words == {("desk", "merchant", "platform"): 6}
    assert routing.stake_minor == {"CNY": 6 * PRICE_MINOR}
    # What people did elsewhere, nobody knows.
    assert routing.held[("first_response/desk", "kept", "unknown")] == 6
    assert {one: tally.owned for one, tally in routing.merchants.items()} == dict.fromkeys(
        MERCHANTS, -3
    )


def test_another_liability_moves_the_money_at_stake(lived: str) -> None:
    routing = judged(lived, with_refunds(pack(), liable="merchant:70 platform:30")).tallies[
        "routing"
    ]
    assert routing.words == {("liable", "merchant:100", "merchant:70 platform:30"): 6}
    assert routing.liable_before == {("merchant", "CNY"): 60_000}
    assert routing.liable_after == {("merchant", "CNY"): 42_000, ("platform", "CNY"): 18_000}
    assert [tally.better for tally in routing.merchants.values()] == [3, 3]


def test_pack_against_pack_is_not_about_what_was_recorded(lived: str) -> None:
    one, other = with_shipping(pack(), 12), with_shipping(pack(), 24)
    same = judged(lived, one, against=one)
    assert not any(tally.changed for tally in same.tallies.values())
    apart = judged(lived, other, against=one).tallies
    assert apart["promising"].shifts == {
        "shipping/standard": Shift(later=12, later_seconds=12 * 12 * HOUR)
    }
    # Orders 3 and 4, after 18 and 24 hours.
    assert apart["keeping"].held == {("shipping/standard", "broken", "kept"): 2}


def test_a_pack_of_another_market_decides_nothing(lived: str) -> None:
    done = judged(lived, seal(replace(pack(), market="eu")))
    for tally in done.tallies.values():
        assert (tally.decided, tally.changed) == (0, 0)
    assert done.tallies["keeping"].unknown == {Reason.OTHER_MARKET: 12}


def test_says_what_it_cannot_know(lived: str) -> None:
    conversation = history.contact(1).target().id
    desk = desk_ref(Desk(DeskKind.MERCHANT, merchant(2))).id
    run_sql(
        lived,
        # What the desk was like is gone; three consumers wrote about orders of this merchant.
        f"DELETE FROM journal WHERE stream = '{desk}'",
        # A gap: what was decided before it still counts.
        f"DELETE FROM journal WHERE stream = '{conversation}' AND version = 2",
        # An order whose command nobody can read any more.
        f"UPDATE journal SET command = '\\xc1' WHERE stream = '{order(12)}' AND version = 1",
    )
    done = judged(lived, pack())
    unknown = {name: dict(one.unknown) for name, one in done.tallies.items()}
    assert unknown["promising"] == unknown["keeping"] == {Reason.UNREADABLE: 1}
    assert done.tallies["promising"].decided == 11
    # Contacts 2, 4 and 6, the cases for orders 10 and 12 that were shipped too late, and three
    # clocks of these: a promise to the consumer rests on who is at the desk, too.
    assert unknown["routing"][Reason.FACTS_MISSING] == 8
    assert unknown["routing"][Reason.FOLLOWS] == 4
    # Consumer 1's case came back after the gap.
    assert unknown["routing"][Reason.JOURNAL_INCOMPLETE] >= 1
    assert done.tallies["routing"].decided == 11 - 5 - 1
    assert all(one.changed == 0 for one in done.tallies.values())


def test_one_decision_that_fails_does_not_end_the_others(lived: str) -> None:
    """As if another program had written it: its command is a scan, its event an order."""
    run_sql(
        lived,
        "UPDATE journal SET command = (SELECT command FROM journal WHERE kind = 'order' "
        f"AND version = 2 LIMIT 1) WHERE stream = '{order(5)}' AND version = 1",
    )
    tallies = judged(lived, pack()).tallies
    for name in ("promising", "keeping"):
        assert tallies[name].unknown == {Reason.FAILED: 1}
        assert (tallies[name].decided, tallies[name].failures.total()) == (11, 1)


def test_what_its_own_pack_no_longer_decides_so_is_no_change_of_packs(lived: str) -> None:
    # The pack that was in force then is stored, and yet is not the one that decided.
    stale = replace(pack(), version="other")
    promising = judged(lived, with_shipping(pack(), 24), own=stale).tallies["promising"]
    assert promising.unknown == {Reason.NOT_REPRODUCED: 12}
    assert (promising.decided, promising.changed) == (0, 0)


def test_what_was_split_off_a_complaint_is_served_as_early_as_that(url: str) -> None:
    async def play() -> None:
        async with built(url) as (parts, clock):
            playing = Playing(parts, clock)
            await playing.open_desks()
            await playing.all([placed(1)], MARKETPLACE)
            await playing.all([contact(1, channel=Channel.REGULATOR)], MARKETPLACE)
            about = contact(1)
            split = SplitCase(
                consumer=about.consumer, conversation=about.target().id, case=1, issue="refund"
            )
            await playing.all([split], ADMIN)

    asyncio.run(play())
    routing = judged(url, with_refunds(pack(), liable="platform")).tallies["routing"]
    assert (routing.decided, routing.changed, dict(routing.unknown)) == (2, 2, {})
    assert routing.words == {("liable", "merchant:100", "platform:100"): 2}


def test_what_was_split_off_is_decided_again_for_whom_it_was(url: str) -> None:
    live = Subject(SubjectKind.LIVE, order(1))

    async def play() -> None:
        async with built(url) as (parts, clock):
            playing = Playing(parts, clock)
            await playing.open_desks()
            about = replace(contact(1), subject=live, merchant=merchant(1))
            await playing.all([about], MARKETPLACE)
            await playing.all([replace(about, merchant=merchant(2), fresh=True)], MARKETPLACE)
            split = SplitCase(
                consumer=about.consumer, conversation=about.target().id, case=1, issue="refund"
            )
            await playing.all([split], ADMIN)

    asyncio.run(play())
    routing = judged(url, with_refunds(pack(), liable="platform")).tallies["routing"]
    assert (routing.decided, routing.changed, dict(routing.unknown)) == (3, 3, {})
