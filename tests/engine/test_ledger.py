"""The ledger on a real database: its rows, statements, the fund, and how errors are found."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.accounts.messages import ConfirmRecovery, ForgiveAdvance, Holder, TellFunds
from oncedesk.domain.budgets.messages import BudgetName
from oncedesk.domain.orders.messages import (
    AnnounceShipment,
    Item,
    OrderedPart,
    Payment,
    PlaceOrder,
)
from oncedesk.domain.parties.messages import ErasePersonalData
from oncedesk.domain.remedies.messages.asking import RequestRemedy, Wish
from oncedesk.domain.remedies.messages.funding import RecordPayout
from oncedesk.domain.remedies.messages.promising import CompensateBreach
from oncedesk.domain.remedies.messages.refunding import ConfirmRefund
from oncedesk.domain.remedies.words import CaseLink, RemedyKind
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor, Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.engine.instants import SimulatedClock, play_until, settle
from oncedesk.engine.running import utc_now
from oncedesk.storage.database import Unhurried
from oncedesk.storage.ledger.checking import check_ledger
from oncedesk.storage.ledger.fund import Fund
from oncedesk.storage.ledger.statements import Line, LinePosition, Statements, position_of
from oncedesk.storage.ledger.writing import MOVE_MONEY
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.wiring import DECIDERS
from tests.support.engines import Outside, Rig, engine_on, party, register

CONSUMER, MERCHANT, RIVAL, ORDER = party(1), party(2), party(3), UUID(int=0x0DD)
WHO: Any = {"consumer": CONSUMER, "order": ORDER}
ADMIN = Reader(Actor(Role.ADMIN))
AT = datetime(2025, 3, 3, 9, tzinfo=UTC)
SINCE, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
PERIOD: Any = {"since": SINCE, "until": UNTIL}


def works_at(merchant: UUID) -> Reader:
    desk = Desk(DeskKind.MERCHANT, merchant)
    return Reader(Actor(Role.AGENT, UUID(int=0xA9)), (desk,))


async def given(rig: Rig, *commands: Any, by: Actor = MARKETPLACE) -> None:
    for command in commands:
        answer = await rig.submit(command, actor=by)
        assert answer.accepted, answer


def placed() -> PlaceOrder:
    return PlaceOrder(
        **WHO,
        market="cn",
        placed_at=AT,
        timezone="Asia/Shanghai",
        currency="CNY",
        parts=(OrderedPart(merchant=MERCHANT, items=(Item(UUID(int=9), 10_000, 1),)),),
        payments=(Payment("card", 10_000),),
    )


async def refunded_after_payout(rig: Rig, outside: Outside) -> None:
    """A merchant was paid out and has nothing left; the fund pays the consumer in advance."""
    payout = RecordPayout(
        **WHO, id=ORDER, part=1, currency="CNY", merchant_minor=9_000, fee_minor=500
    )
    await given(rig, register(1), placed(), payout)
    wish = Wish(kind=RemedyKind.CANCEL, reason="changed_mind")
    await given(rig, RequestRemedy(**WHO, wish=wish), by=Actor(Role.CONSUMER, CONSUMER))
    await outside.until("SELECT count(*) FROM reaction", 0)
    sent = ConfirmRefund(
        **WHO, remedy=1, leg=1, amount_minor=10_000, currency="CNY", sent_at=rig.engine.clock()
    )
    await given(rig, sent)
    await outside.until("SELECT count(*) FROM reaction", 0)


async def test_the_rows_say_what_the_events_moved_each_in_its_owners_bucket(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refunded_after_payout(rig, outside)
        rows = await outside.rows(
            "SELECT account, party, sum(minor)::bigint, count(DISTINCT bucket) FROM posting "
            "WHERE phase = 'posted' GROUP BY account, party"
        )
        stands = {(account, whose): minor for account, whose, minor, _ in rows if minor}
        assert stands == {
            ("merchant_payable", MERCHANT): 9_000,
            ("platform_fee", None): 500,
            ("receivable", MERCHANT): -9_500,
        }
        wrong = "SELECT count(*) FROM posting WHERE party = $1 AND bucket <> $2"
        for whose in (CONSUMER, MERCHANT):
            assert await outside.value(wrong, whose, bucket_of(whose)) == 0
        orphans = (
            "SELECT count(*) FROM posting p WHERE NOT EXISTS (SELECT FROM journal j "
            "WHERE j.stream = p.stream AND j.version = p.version)"
        )
        assert await outside.value(orphans) == 0
        report = await check_ledger(rig.pool, rig.codec)
        assert report.wrong == ()
        assert report.postings > 10
        assert report.paid_out
        assert not report.lacks_payouts(now=utc_now() + timedelta(days=400))
        await rig.assert_replays()


async def test_a_marketplace_that_never_tells_a_payout_is_found_after_a_month(url: str) -> None:
    async with engine_on(url) as rig:
        nothing = await check_ledger(rig.pool, rig.codec)
        assert not nothing.lacks_payouts(now=utc_now() + timedelta(days=400))
        await given(rig, register(1), placed())
        wish = Wish(kind=RemedyKind.CANCEL, reason="changed_mind")
        await given(rig, RequestRemedy(**WHO, wish=wish), by=Actor(Role.CONSUMER, CONSUMER))
        report = await check_ledger(rig.pool, rig.codec)
        assert (report.wrong, report.paid_out) == ((), False)
        assert not report.lacks_payouts(now=utc_now() + timedelta(days=29))
        assert report.lacks_payouts(now=utc_now() + timedelta(days=31))


async def test_replay_passes_and_the_books_stand_after_a_consumer_was_erased(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refunded_after_payout(rig, outside)
        before = await outside.value("SELECT count(*) FROM posting")
        await given(rig, ErasePersonalData(party=CONSUMER))
        assert await outside.value("SELECT count(*) FROM posting") == before
        assert (await check_ledger(rig.pool, rig.codec)).wrong == ()
        await rig.assert_replays()


BOOKED_OF = "UPDATE posting SET stream = '{}' WHERE cause = 'PayoutRecorded'"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE posting SET minor = minor + 1 WHERE account = 'platform_fee'", "balance"),
        ("DELETE FROM posting WHERE account = 'platform_fee'", "balance"),
        ("UPDATE posting SET phase = 'pending' WHERE cause = 'AdvanceOwed'", "nothing waits"),
        ("UPDATE posting SET party = NULL WHERE cause = 'PayoutRecorded'", "the states"),
        # What is booked of another order leaves every account's sum as it was.
        (BOOKED_OF.format("00000000-0000-4000-8000-000000000001"), "the states"),
        (BOOKED_OF.format("ffffffff-ffff-4fff-8fff-ffffffffffff"), "the states"),
    ],
)
async def test_finds_what_somebody_has_changed(url: str, statement: str, found: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refunded_after_payout(rig, outside)
        await outside.run(statement)
        report = await check_ledger(rig.pool, rig.codec)
        assert any(found in sentence for sentence in report.wrong), report.wrong


async def test_a_merchant_sees_only_its_own_statement(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refunded_after_payout(rig, outside)
        statements = Statements(rig.pool, rig.codec)
        asked: Any = {"party": MERCHANT, "currency": "CNY", **PERIOD}
        told = await statements.statement(reader=works_at(MERCHANT), **asked)
        assert {one.account: (one.opening_minor, one.closing_minor) for one in told.balances} == {
            "escrow": (0, 0),
            "merchant_payable": (0, 9_000),
            "receivable": (0, -9_500),
        }
        assert told.pending_minor == 0
        for reader in (works_at(RIVAL), Reader(Actor(Role.CONSUMER, CONSUMER))):
            with pytest.raises(NotSeen):
                await statements.statement(reader=reader, **asked)
            with pytest.raises(NotSeen):
                await statements.lines(reader=reader, after=None, limit=10, **asked)
        entries = await statements.of_order(
            reader=works_at(MERCHANT), **WHO, parties=[MERCHANT, RIVAL]
        )
        assert {one.party for one in entries} == {MERCHANT}


async def test_a_statements_pages_are_its_lines_each_once(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refunded_after_payout(rig, outside)
        statements = Statements(rig.pool, rig.codec)
        asked: Any = {"reader": ADMIN, "party": MERCHANT, "currency": "CNY", **PERIOD}
        whole = [line async for line in statements.every_line(**asked)]
        pages: list[Line] = []
        after: LinePosition | None = None
        while page := await statements.lines(**asked, after=after, limit=1):
            pages += page
            after = position_of(page[-1])
        assert pages == whole
        assert after == position_of(whole[-1])
        assert isinstance(after, LinePosition)
        told = await statements.statement(**asked)
        closing = sum(one.closing_minor for one in told.balances)
        assert sum(line.minor for line in whole) == closing


async def test_the_fund_is_owed_what_it_advanced_until_it_has_it_back(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refunded_after_payout(rig, outside)
        fund = Fund(rig.pool, Unhurried(rig.pool), rig.codec, rig.store)
        now = rig.engine.clock()
        assert (await check_ledger(rig.pool, rig.codec)).untold == 1
        (report,) = await fund.report(reader=ADMIN, now=now, **PERIOD)
        assert (report.used_minor, report.advanced_minor, report.borne_minor) == (9_500, 9_500, 0)
        assert [(one.days_below, one.minor) for one in report.outstanding] == [
            (30, 9_500),
            (60, 0),
            (90, 0),
            (None, 0),
        ]
        assert report.orders == 1
        (later,) = await fund.report(reader=ADMIN, now=now + timedelta(days=70), **PERIOD)
        assert [one.minor for one in later.outstanding] == [0, 0, 9_500, 0]
        budget = BudgetName(name="assurance", market="cn", currency="CNY")
        month = await fund.budget(reader=ADMIN, budget=budget, now=now)
        assert (month.given_minor, month.returned_minor) == (9_500, 0)
        told = TellFunds(
            party=MERCHANT,
            currency="CNY",
            market="cn",
            holder=Holder.MERCHANT,
            balance_minor=9_500,
            told_at=now,
        )
        await given(rig, told)
        assert (await check_ledger(rig.pool, rig.codec)).untold == 0
        taken = ConfirmRecovery(party=MERCHANT, currency="CNY", recovery=1, amount_minor=9_500)
        await given(rig, taken)
        await outside.until("SELECT count(*) FROM reaction", 0)
        (report,) = await fund.report(reader=ADMIN, now=now, **PERIOD)
        assert report.recovered_minor == 9_500
        assert sum(one.minor for one in report.outstanding) == 0
        month = await fund.budget(reader=ADMIN, budget=budget, now=now)
        assert (month.given_minor, month.returned_minor, month.waiting) == (9_500, 9_500, 0)
        assert 0 < month.dealt_out_minor <= month.amount_minor
        with pytest.raises(NotSeen):
            await fund.report(reader=works_at(MERCHANT), now=now, **PERIOD)
        assert (await check_ledger(rig.pool, rig.codec)).wrong == ()


async def test_what_was_advanced_and_is_forgiven_stays_with_the_platform(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refunded_after_payout(rig, outside)
        forgiven = ForgiveAdvance(
            party=MERCHANT, currency="CNY", **WHO, remedy=1, amount_minor=2_000
        )
        await given(rig, forgiven, by=SYSTEM)
        fund = Fund(rig.pool, Unhurried(rig.pool), rig.codec, rig.store)
        (found,) = await fund.report(reader=ADMIN, now=rig.engine.clock(), **PERIOD)
        assert (found.used_minor, found.advanced_minor, found.borne_minor) == (9_500, 7_500, 2_000)
        assert (found.recovered_minor, sum(one.minor for one in found.outstanding)) == (0, 7_500)


async def test_where_no_order_came_none_has_cost_anything(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refunded_after_payout(rig, outside)
        forgiven = ForgiveAdvance(
            party=MERCHANT, currency="CNY", **WHO, remedy=1, amount_minor=9_500
        )
        await given(rig, forgiven, by=SYSTEM)
        opened = await outside.value("SELECT max(at) FROM posting WHERE cause = 'BooksOpened'")
        fund = Fund(rig.pool, Unhurried(rig.pool), rig.codec, rig.store)
        now = rig.engine.clock()
        (whole,) = await fund.report(reader=ADMIN, now=now, **PERIOD)
        assert (whole.orders, whole.cost_per_order_milli) == (1, 9_500_000)
        since = opened + timedelta(microseconds=1)
        (later,) = await fund.report(reader=ADMIN, now=now, since=since, until=UNTIL)
        assert (later.orders, later.borne_minor, later.cost_per_order_milli) == (0, 9_500, 0)


async def test_what_the_fund_had_back_and_gave_back_is_not_recovered(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refunded_after_payout(rig, outside)
        whose: Any = {"party": MERCHANT, "currency": "CNY"}
        told = TellFunds(
            **whose,
            market="cn",
            holder=Holder.MERCHANT,
            balance_minor=9_500,
            told_at=rig.engine.clock(),
        )
        taken = ConfirmRecovery(**whose, recovery=1, amount_minor=9_500)
        await given(rig, told, taken)
        await given(rig, ForgiveAdvance(**whose, **WHO, remedy=1, amount_minor=2_000), by=SYSTEM)
        fund = Fund(rig.pool, Unhurried(rig.pool), rig.codec, rig.store)
        (found,) = await fund.report(reader=ADMIN, now=rig.engine.clock(), **PERIOD)
        assert (found.used_minor, found.advanced_minor, found.borne_minor) == (9_500, 7_500, 2_000)
        assert (found.recovered_minor, sum(one.minor for one in found.outstanding)) == (7_500, 0)


async def test_what_was_written_off_and_is_forgiven_is_borne_and_was_not_recovered(
    url: str,
) -> None:
    clock = SimulatedClock(AT)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await refunded_after_payout(rig, outside)
        await play_until(rig.engine, clock, AT + timedelta(days=200))
        whose: Any = {"party": MERCHANT, "currency": "CNY"}
        await given(rig, ForgiveAdvance(**whose, **WHO, remedy=1, amount_minor=2_000), by=SYSTEM)
        fund = Fund(rig.pool, Unhurried(rig.pool), rig.codec, rig.store)
        (found,) = await fund.report(reader=ADMIN, now=rig.engine.clock(), **PERIOD)
        assert (found.advanced_minor, found.borne_minor) == (7_500, 2_000)
        assert (found.recovered_minor, found.written_off_minor) == (0, 7_500)
        assert (await check_ledger(rig.pool, rig.codec)).wrong == ()


async def test_an_order_counts_in_its_own_currency(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await refunded_after_payout(rig, outside)
        other: Any = {"order": UUID(int=0x0EE), "currency": "EUR"}
        items = (Item(UUID(int=9), 10_000, 1, subsidy_minor=500),)
        order = replace(
            placed(),
            **other,
            parts=(OrderedPart(merchant=MERCHANT, items=items),),
            payments=(Payment("card", 9_500),),
        )
        paid = RecordPayout(consumer=CONSUMER, **other, id=ORDER, part=1, fee_minor=500)
        await given(rig, order, paid)
        fund = Fund(rig.pool, Unhurried(rig.pool), rig.codec, rig.store)
        found = await fund.report(reader=ADMIN, now=rig.engine.clock(), **PERIOD)
        assert {one.currency: one.orders for one in found} == {"CNY": 1, "EUR": 1}


async def test_an_order_that_subsidies_paid_counts_like_any_other(url: str) -> None:
    async with engine_on(url) as rig:
        items = (Item(UUID(int=9), 10_000, 1, subsidy_minor=10_000),)
        parts = (OrderedPart(merchant=MERCHANT, items=items),) * 2
        for number, gifts in ((1, parts), (2, parts[:1])):
            order: Any = {"order": UUID(int=number), "currency": "CNY"}
            paid = RecordPayout(consumer=CONSUMER, **order, id=ORDER, part=1, fee_minor=500)
            await given(rig, replace(placed(), **order, parts=gifts, payments=()), paid)
        fund = Fund(rig.pool, Unhurried(rig.pool), rig.codec, rig.store)
        (found,) = await fund.report(reader=ADMIN, now=rig.engine.clock(), **PERIOD)
        assert found.orders == 2


async def test_an_orders_entries_have_what_was_advanced_for_its_carrier(url: str) -> None:
    """Its account lies elsewhere, and has given nothing."""
    carrier, shipment = party(9), UUID(int=0x5417)
    clock = SimulatedClock(AT)
    async with engine_on(url, clock=clock) as rig:
        shipped = AnnounceShipment(**WHO, part=1, shipment=shipment, carrier=carrier)
        await given(rig, register(1), placed(), shipped)
        late = CompensateBreach(
            **WHO,
            part=1,
            promise=UUID(int=1),
            breach="late_delivery",
            case=CaseLink(UUID(int=0xCA5E), 1),
        )
        await given(rig, late, by=SYSTEM)
        await play_until(rig.engine, clock, AT + timedelta(days=2))
        sent = ConfirmRefund(
            **WHO, remedy=1, leg=1, amount_minor=1_000, currency="CNY", sent_at=clock()
        )
        await given(rig, sent)
        await settle(rig.engine)
        entries = await Statements(rig.pool, rig.codec).of_order(
            reader=ADMIN, consumer=CONSUMER, order=ORDER, parties=[MERCHANT]
        )
        stands: Counter[Any] = Counter()
        for one in entries:
            if one.phase == "posted":
                stands[one.line.account, one.party] += one.line.minor
        assert stands["receivable", carrier] == -1_000
        assert stands["assurance_fund", None] == 0, "somebody else owes it"


async def test_two_processes_pay_out_no_more_than_escrow_holds(url: str) -> None:
    async with engine_on(url) as one, engine_on(url) as other, Outside(url) as outside:
        await refunded_after_payout(one, outside)
        order = replace(placed(), order=UUID(int=0x0EE))
        await given(one, order)
        payouts = [
            RecordPayout(
                consumer=CONSUMER,
                order=order.order,
                id=UUID(int=number + 1),
                part=1,
                currency="CNY",
                merchant_minor=3_000,
            )
            for number in range(10)
        ]
        answers = await one.all(payouts[:5], actor=MARKETPLACE)
        answers += await other.all(payouts[5:], actor=MARKETPLACE)
        assert sum(answer.accepted for answer in answers) == 3
        assert {answer.code for answer in answers if answer.code} == {"payout_exceeds_escrow"}
        assert (await check_ledger(one.pool, one.codec)).wrong == ()


def test_each_event_of_these_kinds_may_move_money_and_none_of_the_others() -> None:
    for decider in DECIDERS:
        events = get_args(decider.events) or (decider.events,)
        may = {"transfers" in one.__struct_fields__ for one in events}
        assert may == {decider.kind in MOVE_MONEY}, decider.kind
