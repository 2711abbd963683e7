"""Who pays: escrow, then those who are liable, then the fund, which has it back or loses it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.accounts.messages import (
    AccountOpened,
    AdvanceForgiven,
    AdvanceOwed,
    ConfirmRecovery,
    DebtAged,
    DebtWrittenOff,
    FailRecovery,
    ForgiveAdvance,
    FundsTold,
    Holder,
    OweAdvance,
    Pocket,
    RecoveryFailure,
    RecoveryRequested,
    TellFunds,
)
from oncedesk.domain.accounts.state import DEBTS_MAX, TAKEN_MAX, check, evolve, of_markets
from oncedesk.domain.budgets.messages import (
    BudgetDrawn,
    BudgetExhausted,
    BudgetReturned,
    SetBudget,
)
from oncedesk.domain.remedies.messages.asking import WithdrawRemedy
from oncedesk.domain.remedies.messages.funding import (
    FundingApplied,
    FundingDelayed,
    FundingWanted,
    RecordPayout,
)
from oncedesk.domain.remedies.messages.refunding import (
    FailRefund,
    OutsideKind,
    RecordOutside,
    RefundFailure,
    RefundRequested,
    refund_id,
    refund_key,
)
from oncedesk.domain.remedies.state import PAYOUTS_MAX
from oncedesk.domain.remedies.words import Leg, RefundStatus, Status
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor, Role
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.wallets.messages import AddMethod, BalanceCredited, RemoveMethod
from tests.specs.remedies.money import CONSUMER, CREATOR, MERCHANT, ORDER, Money, money_pack
from tests.support.specs import START, STATE_BYTES_MAX, size_of

A_DAY = timedelta(days=1)


def confirm(money: Money, recovery: int, minor: int) -> str:
    command = ConfirmRecovery(party=MERCHANT, currency="CNY", recovery=recovery, amount_minor=minor)
    return money.gives(command).code


def test_what_escrow_holds_pays_for_it() -> None:
    money = Money().ordered()
    money.asks()
    assert money.of(FundingWanted) == []
    assert money.payments_send() == 1
    assert money.stands(Account.ESCROW, MERCHANT) == 10_000
    assert money.stands(Account.CONSUMER, CONSUMER) == -10_000
    assert money.stands(Account.PAYMENT_CLEARING) == 0
    money.check()


def test_with_a_coupon_on_the_order_only_what_was_really_paid_is_in_escrow() -> None:
    money = Money().ordered(coupon_minor=4_000)
    assert money.pays_out(16_001).code == "payout_exceeds_escrow"
    assert money.pays_out(16_000).accepted
    assert money.stands(Account.ESCROW, MERCHANT) == 0
    money.tells(50_000)
    money.asks(quantity=2)
    assert money.payments_send() == 1
    assert money.stands(Account.MERCHANT_PAYABLE, MERCHANT) == 0
    assert money.stands(Account.CONSUMER, CONSUMER) == 0
    money.check()


def test_what_was_paid_elsewhere_is_in_escrow_as_far_as_the_order_costs_it() -> None:
    money = Money().ordered(coupon_minor=4_000)
    told = RecordOutside(
        consumer=CONSUMER,
        order=ORDER,
        id=UUID(int=1),
        kind=OutsideKind.OUTSIDE_PAYMENT,
        amount_minor=5_000,
        currency="CNY",
    )
    assert money.gives(told).accepted
    assert money.stands(Account.ESCROW, MERCHANT) == 20_000
    assert money.stands(Account.PAYMENT_CLEARING) == 1_000
    assert money.gives(replace(told, id=UUID(int=2), amount_minor=100)).accepted
    assert money.stands(Account.ESCROW, MERCHANT) == 20_000
    money.check()


def test_subsidies_and_commissions_go_back_when_the_sale_is_undone() -> None:
    money = Money().ordered(subsidy_minor=400, commission_minor=1_000)
    money.asks(quantity=1)
    money.payments_send()
    # The item's subsidy and commission are for both units.
    assert money.stands(Account.PLATFORM_SUBSIDY) == -200
    assert money.stands(Account.ESCROW, MERCHANT) == 10_000
    money.pays_out(8_800, creator_minor=500, fee_minor=700)
    assert money.stands(Account.CREATOR_COMMISSION, CREATOR) == 500
    money.tells(50_000)
    money.asks(quantity=1)
    money.payments_send()
    assert money.stands(Account.PLATFORM_SUBSIDY) == 0
    assert money.stands(Account.CREATOR_COMMISSION, CREATOR) == 0
    assert money.stands(Account.MERCHANT_PAYABLE, MERCHANT) == 8_800 - 9_800 - 200 + 500
    money.check()


def test_after_the_payout_the_merchants_balance_pays_and_then_the_deposit() -> None:
    money = Money().ordered()
    assert money.pays_out(20_000).accepted
    money.tells(6_000, deposit_minor=9_000)
    money.asks()
    assert money.of(FundingWanted) == []
    money.payments_send()
    assert money.stands(Account.MERCHANT_PAYABLE, MERCHANT) == 14_000
    assert money.stands(Account.MERCHANT_DEPOSIT, MERCHANT) == -4_000
    account = money.account()
    assert account.free_minor(Pocket.BALANCE) == 0
    assert account.free_minor(Pocket.DEPOSIT) == 5_000
    money.check()


def test_what_a_creators_deposit_gave_is_set_aside_no_more_once_it_was_sent() -> None:
    money = Money().ordered()
    money.pays_out(20_000)
    money.tells(2_000, party=CREATOR, deposit_minor=9_000)
    money.asks(borne_by="creator")
    assert money.account(CREATOR).free_minor(Pocket.DEPOSIT) == 1_000
    money.payments_send()
    money.passes(A_DAY)
    money.tells(0, party=CREATOR, deposit_minor=1_000)
    assert money.account(CREATOR).free_minor(Pocket.DEPOSIT) == 1_000
    money.check()


def test_what_a_creators_deposit_is_not_needed_for_is_free_again() -> None:
    money = Money(money_pack(fund_minor=0)).ordered()
    money.pays_out(20_000)
    money.tells(2_000, party=CREATOR, deposit_minor=5_000)
    money.asks(borne_by="creator")
    account = money.account(CREATOR)
    assert [account.free_minor(one) for one in (Pocket.BALANCE, Pocket.DEPOSIT)] == [0, 0]
    withdraw = WithdrawRemedy(consumer=CONSUMER, order=ORDER, remedy=1)
    assert money.gives(withdraw, by=Actor(Role.CONSUMER, CONSUMER)).accepted
    account = money.account(CREATOR)
    assert [account.free_minor(one) for one in (Pocket.BALANCE, Pocket.DEPOSIT)] == [2_000, 5_000]
    money.check()


def test_the_fund_advances_what_nobody_has_and_recovers_it() -> None:
    money = Money().ordered()
    money.pays_out(20_000)
    money.tells(3_000)
    money.asks()
    assert money.payments_send() == 1, "the consumer does not wait"
    assert money.account().owed_minor == 7_000
    assert money.stands(Account.RECEIVABLE, MERCHANT) == -7_000
    money.passes(A_DAY)
    money.tells(5_000, escrow_minor=1_000)
    asked = money.of(RecoveryRequested)
    assert [(one.pocket, one.amount_minor) for one in asked] == [
        (Pocket.ESCROW, 1_000),
        (Pocket.BALANCE, 5_000),
    ]
    assert confirm(money, 1, 1_000) == ""
    assert confirm(money, 1, 1_000) == "recovery_unknown"
    assert confirm(money, 2, 4_999) == "amount_differs"
    failed = FailRecovery(
        party=MERCHANT, currency="CNY", recovery=2, reason=RecoveryFailure.NOT_ENOUGH
    )
    assert money.gives(failed).accepted
    assert money.account().owed_minor == 6_000
    assert money.account().pending == ()
    money.check()


def test_a_recovery_without_an_answer_is_asked_for_again_under_its_number() -> None:
    money = Money().ordered()
    money.pays_out(20_000)
    money.asks()
    money.payments_send()
    money.passes(timedelta(minutes=1))
    money.tells(20_000)
    money.passes(A_DAY)
    asked = money.of(RecoveryRequested)
    assert [(one.recovery, one.amount_minor, one.again) for one in asked] == [
        (1, 10_000, False),
        (1, 10_000, True),
    ]
    assert confirm(money, 1, 10_000) == ""
    assert money.account().owed_minor == 0
    money.check()


def test_what_is_asked_for_anew_after_a_restore_has_keys_of_its_own() -> None:
    keys = []
    for later in (timedelta(), timedelta(hours=1)):
        money = Money().ordered()
        money.pays_out(20_000)
        money.passes(later)
        money.asks()
        money.passes(A_DAY)
        first, *others = money.of(RefundRequested)
        assert others, "no answer: it was asked for again"
        money.payments_send()
        money.passes(timedelta(minutes=1))
        money.tells(20_000)
        money.passes(A_DAY)
        taken, *again = money.of(RecoveryRequested)
        assert again, "no answer: it was asked for again"
        assert {_key(one) for one in others} == {_key(first)}
        assert {one.key for one in again} == {taken.key}
        keys.append((_key(first), taken.key))
    before, after = keys
    assert before[0] != after[0]
    assert before[1] != after[1]


def _key(event: RefundRequested) -> UUID:
    return refund_key(order=event.order, remedy=event.remedy, leg=event.leg)


def test_what_was_asked_for_before_keys_had_a_moment_keeps_its_key() -> None:
    leg = Leg(2, 1, "card", 100)
    assert refund_key(order=ORDER, remedy=1, leg=leg) == refund_id(order=ORDER, remedy=1, leg=2)


def test_an_old_debt_is_told_of_and_then_written_off() -> None:
    money = Money().ordered()
    money.pays_out(20_000)
    money.asks()
    money.payments_send()
    money.passes(200 * A_DAY)
    assert [one.days for one in money.of(DebtAged)] == [30, 60, 90]
    (lost,) = money.of(DebtWrittenOff)
    assert lost.amount_minor == 10_000
    assert money.stands(Account.WRITTEN_OFF) == -10_000
    assert money.stands(Account.RECEIVABLE, MERCHANT) == 0
    money.check()


def test_what_was_written_off_and_is_forgiven_was_the_platforms_own_to_bear() -> None:
    money = Money().ordered()
    money.pays_out(20_000)
    money.asks()
    money.payments_send()
    money.passes(200 * A_DAY)
    about: Any = {"party": MERCHANT, "currency": "CNY", "consumer": CONSUMER, "order": ORDER}
    money.gives(ForgiveAdvance(**about, remedy=1, amount_minor=8_000), by=SYSTEM)
    (forgiven,) = money.of(AdvanceForgiven)
    minors = forgiven.owed_minor, forgiven.back_minor, forgiven.lost_minor
    assert minors == (0, 0, 8_000)
    assert money.stands(Account.WRITTEN_OFF) == -2_000
    assert money.stands(Account.ASSURANCE_FUND) == -8_000
    assert money.stands(Account.MERCHANT_PAYABLE, MERCHANT) == 20_000
    money.check()
    money.gives(ForgiveAdvance(**about, remedy=1, amount_minor=8_000), by=SYSTEM)
    assert money.of(AdvanceForgiven)[-1].lost_minor == 2_000, "no more than was written off"
    assert money.stands(Account.WRITTEN_OFF) == 0
    money.check()


@pytest.mark.parametrize("forgiven", ["cn", "hk"])
def test_what_is_forgiven_is_what_its_market_had_advanced(forgiven: str) -> None:
    """What is recovered then is the other market's."""
    money = Money(money_pack(), replace(money_pack(), market="hk", hash="hk")).ordered()
    about: Any = {"party": MERCHANT, "currency": "CNY", "consumer": CONSUMER, "order": ORDER}
    for market in ("cn", "hk", "cn"):
        owed = OweAdvance(
            **about, holder=Holder.MERCHANT, remedy=1, market=market, amount_minor=3_000
        )
        assert money.gives(owed, by=SYSTEM).accepted
        money.passes(timedelta(days=1))
    for minor in (2_000, 1_000, *((2_000, 1_000) if forgiven == "cn" else ())):
        forgive = ForgiveAdvance(**about, remedy=1, market=forgiven, amount_minor=minor)
        assert money.gives(forgive, by=SYSTEM).accepted
        money.passes(timedelta(minutes=1))
    before = len(money.of(BudgetReturned))
    money.tells(9_000)
    (asked,) = money.account().recoveries
    assert confirm(money, asked.number, asked.minor) == ""
    expected = [("hk", 3_000)] if forgiven == "cn" else [("cn", 6_000)]
    returned = money.of(BudgetReturned)[before:]
    assert [(one.market, one.amount_minor) for one in returned] == expected
    money.check()


def test_what_is_recovered_goes_back_to_the_market_that_had_advanced_it() -> None:
    money = Money(money_pack(), replace(money_pack(), market="hk", hash="hk")).ordered()
    money.pays_out(20_000)
    money.asks()
    money.payments_send()
    about: Any = {"party": MERCHANT, "currency": "CNY", "holder": Holder.MERCHANT}
    hers = OweAdvance(
        **about, consumer=CONSUMER, order=ORDER, remedy=2, market="hk", amount_minor=3_000
    )
    assert money.gives(hers, by=SYSTEM).accepted
    money.passes(timedelta(minutes=1))
    for told_minor, expected in (
        (4_000, [("cn", 4_000)]),
        (8_000, [("cn", 6_000), ("hk", 2_000)]),
        (9_000, [("hk", 1_000)]),
    ):
        before = len(money.of(BudgetReturned))
        money.tells(told_minor)
        (asked,) = money.account().recoveries
        assert confirm(money, asked.number, asked.minor) == ""
        returned = money.of(BudgetReturned)[before:]
        assert [(one.market, one.amount_minor) for one in returned] == expected
        money.check()
        money.passes(timedelta(minutes=1))
    assert money.account().owed_minor == 0


def late(money: Money, minor: int, told_at: datetime, **more: Any) -> None:
    """What the marketplace held at that moment, heard only now."""
    told = TellFunds(
        party=MERCHANT,
        currency="CNY",
        market="cn",
        holder=Holder.MERCHANT,
        balance_minor=minor,
        told_at=told_at,
        **more,
    )
    assert money.gives(told).accepted


def test_funds_that_are_told_late_have_not_what_was_taken_since() -> None:
    money = Money().ordered()
    money.pays_out(20_000)
    money.asks()
    money.payments_send()
    money.passes(timedelta(minutes=1))
    money.tells(10_000)
    money.passes(timedelta(minutes=1))
    then = money.now
    money.passes(timedelta(minutes=1))
    assert confirm(money, 1, 10_000) == ""
    late(money, 12_000, then, deposit_minor=500)
    free = [money.account().free_minor(one) for one in (Pocket.BALANCE, Pocket.DEPOSIT)]
    assert free == [2_000, 500]
    late(money, 12_000, then + timedelta(seconds=1))
    assert money.account().free_minor(Pocket.BALANCE) == 2_000, "nor if it is told again"
    late(money, 2_500, money.now)
    assert money.account().free_minor(Pocket.BALANCE) == 2_500
    money.check()


def test_funds_that_are_told_late_have_not_what_a_refund_took_since() -> None:
    money = Money().ordered()
    money.pays_out(20_000)
    money.tells(10_000)
    money.passes(timedelta(minutes=1))
    then = money.now
    money.passes(timedelta(minutes=1))
    money.asks()
    money.payments_send()
    late(money, 10_000, then)
    assert money.account().free_minor(Pocket.BALANCE) == 0
    money.asks()
    money.payments_send()
    assert money.account().owed_minor == 10_000, "the fund advances what is not there"
    money.check()


def test_what_was_taken_is_remembered_for_so_many_takings() -> None:
    money = Money(money_pack(fund_minor=None)).ordered()
    about: Any = {"party": MERCHANT, "currency": "CNY", "market": "cn", "holder": Holder.MERCHANT}
    money.tells(100_000)
    times = []
    for number in range(1, TAKEN_MAX + 5):
        money.passes(timedelta(minutes=1))
        times.append(money.now)
        owed = OweAdvance(**about, consumer=CONSUMER, order=ORDER, remedy=number, amount_minor=100)
        assert money.gives(owed, by=SYSTEM).accepted
        assert confirm(money, number, 100) == ""
    assert len(money.account().taken) == TAKEN_MAX
    late(money, 100_000, times[-3])
    assert money.account().free_minor(Pocket.BALANCE) == 100_000 - 200
    assert len(money.account().taken) == 2
    money.check()


def test_what_several_markets_advance_day_after_day_fits() -> None:
    """It stays known how much of it is each market's."""
    about: Any = {"party": MERCHANT, "currency": "EUR"}
    nothing: Any = {"balance_minor": 0, "deposit_minor": 0, "escrow_minor": 0}
    opened = AccountOpened(**about, at=START, market="de", holder=Holder.MERCHANT)
    funds = FundsTold(**about, at=START, told_at=START, **nothing)
    state = evolve(evolve(None, opened), funds)
    markets = ("de", *(f"a_market_called_{number}" for number in range(3)))
    for number in range(DEBTS_MAX):
        at = START + timedelta(days=number)
        for market in markets:
            owed = AdvanceOwed(
                **about,
                at=at,
                consumer=CONSUMER,
                order=ORDER,
                remedy=1,
                amount_minor=10**12 if market == "de" else 10**10,
                day=at.date(),
                due_at=at,
                rule="rule",
                elsewhere="" if market == "de" else market,
            )
            state = evolve(state, owed)
            check(state)
    # Beside them there is room for what is asked for, and what was taken.
    assert size_of(state) < STATE_BYTES_MAX - 1_500
    assert state.owed_minor == DEBTS_MAX * (10**12 + 3 * 10**10)
    apart = of_markets(one for debt in state.debts for one in debt.elsewhere)
    assert [one.minor for one in apart] == [DEBTS_MAX * 10**10] * 3


def test_an_exhausted_fund_lets_the_remedy_wait_and_says_so() -> None:
    money = Money(money_pack(fund_minor=5_000)).ordered()
    money.asks(borne_by="platform")
    (remedy,) = money.book.live
    assert (remedy.status, remedy.refund) == (Status.APPROVED, RefundStatus.NONE)
    (delayed,) = money.of(FundingDelayed)
    assert str(delayed.desk) == "platform"
    assert len(money.of(BudgetExhausted)) == 1
    money.passes(timedelta(hours=1))
    assert len(money.of(FundingDelayed)) == 2
    more = SetBudget(name="assurance", market="cn", currency="CNY", amount_minor=12_000)
    assert money.gives(more, by=MARKETPLACE).code == "not_allowed"
    assert money.gives(more, by=SYSTEM).accepted
    money.passes(timedelta(hours=1))
    assert money.payments_send() == 1
    assert money.stands(Account.ASSURANCE_FUND) == -10_000
    less = SetBudget(name="assurance", market="cn", currency="CNY", amount_minor=9_999)
    assert money.gives(less, by=SYSTEM).code == "budget_spent"
    unknown = SetBudget(name="gifts", market="cn", currency="CNY", amount_minor=1)
    assert money.gives(unknown, by=SYSTEM).code == "budget_unknown"
    money.check()


def test_the_next_month_has_money_again() -> None:
    money = Money(money_pack(fund_minor=10_000)).ordered()
    money.asks(borne_by="platform")
    money.asks(borne_by="platform")
    assert len(money.of(BudgetDrawn)) == 1
    money.passes(30 * A_DAY)
    assert len(money.of(BudgetDrawn)) == 2
    money.check()


def test_a_budget_that_no_pack_sets_limits_nothing() -> None:
    money = Money(money_pack(fund_minor=None)).ordered()
    money.asks(borne_by="platform")
    assert money.of(FundingWanted) == []
    money.payments_send()
    assert money.stands(Account.ASSURANCE_FUND) == -10_000


def test_several_who_are_liable_each_bear_their_share() -> None:
    money = Money().ordered()
    money.pays_out(20_000)
    money.tells(50_000)
    money.tells(1_000, party=CREATOR)
    money.asks(borne_by="merchant:60 creator:40")
    money.payments_send()
    assert money.stands(Account.MERCHANT_PAYABLE, MERCHANT) == 14_000
    assert money.stands(Account.CREATOR_COMMISSION, CREATOR) == -1_000
    assert money.stands(Account.RECEIVABLE, CREATOR) == -3_000
    money.check()


def test_what_was_set_aside_is_free_again_when_nothing_comes_of_it() -> None:
    money = Money().ordered()
    money.pays_out(20_000)
    money.tells(4_000)
    money.asks()
    who: Any = {"consumer": CONSUMER, "order": ORDER, "remedy": 1}
    assert money.account().free_minor(Pocket.BALANCE) == 0
    assert money.gives(FailRefund(**who, leg=1, reason=RefundFailure.ROUTE_DEAD)).accepted
    assert money.gives(WithdrawRemedy(**who)).accepted
    assert money.account().free_minor(Pocket.BALANCE) == 4_000
    assert money.book.pending == ()
    money.check()
    money.asks()
    assert money.of(FundingApplied)[-1].amount_minor == 6_000
    assert len(money.of(RefundRequested)) == 2


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"merchant_minor": 20_001}, "payout_exceeds_escrow"),
        ({"merchant_minor": 19_000, "fee_minor": 1_001}, "payout_exceeds_escrow"),
        ({"merchant_minor": 1, "currency": "USD"}, "currency_differs"),
        ({"merchant_minor": 1, "part": 2}, "part_unknown"),
        ({"agency_minor": 1}, "agency_unknown"),
        ({}, "payout_empty"),
    ],
)
def test_refuses_a_payout(more: dict[str, Any], code: str) -> None:
    money = Money().ordered()
    told: dict[str, Any] = {"part": 1, "currency": "CNY", **more}
    command = RecordPayout(consumer=CONSUMER, order=ORDER, id=ORDER, **told)
    assert money.gives(command).code == code
    assert money.ledger.total() == 0


def test_the_same_payout_counts_once_and_not_what_a_refund_waits_for() -> None:
    money = Money().ordered()
    who: Any = {"consumer": CONSUMER, "order": ORDER, "id": ORDER, "part": 1, "currency": "CNY"}
    money.asks()
    assert money.gives(RecordPayout(**who, merchant_minor=10_001)).code == "payout_exceeds_escrow"
    assert money.gives(RecordPayout(**who, merchant_minor=8_000)).accepted
    assert money.gives(RecordPayout(**who, merchant_minor=8_000)).accepted
    assert money.stands(Account.MERCHANT_PAYABLE, MERCHANT) == 8_000


def test_a_payout_that_is_told_again_after_others_counts_once() -> None:
    money = Money().ordered()
    who: Any = {"consumer": CONSUMER, "order": ORDER, "part": 1, "currency": "CNY"}
    agency = derived_id("an agency")
    first = RecordPayout(
        **who, id=UUID(int=1), merchant_minor=4_000, agency_minor=500, agency=agency
    )
    second = RecordPayout(**who, id=UUID(int=2), merchant_minor=3_000, agency=agency)
    for payout in (first, second, first, second):
        assert money.gives(payout).accepted
    assert money.stands(Account.MERCHANT_PAYABLE, MERCHANT) == 7_000
    for other in (
        replace(first, merchant_minor=9_000),
        replace(first, agency=derived_id("another agency")),
        replace(second, fee_minor=1),
    ):
        assert money.gives(other).code == "payout_differs"
    assert money.stands(Account.ESCROW, MERCHANT) == 12_500


def test_an_order_is_paid_out_in_so_many_payouts_at_most() -> None:
    money = Money().ordered()
    for _ in range(PAYOUTS_MAX):
        assert money.pays_out(1).accepted
    assert money.pays_out(1).code == "payouts_too_many"
    assert money.stands(Account.MERCHANT_PAYABLE, MERCHANT) == PAYOUTS_MAX


def test_a_refund_into_a_balance_that_was_removed_is_not_lost() -> None:
    money = Money()
    gift = AddMethod(
        consumer=CONSUMER, method="gift_1", kind="gift_card", stored=True, currency="CNY"
    )
    assert money.gives(gift).accepted
    money.ordered(balance="gift_1")
    assert money.gives(RemoveMethod(consumer=CONSUMER, method="gift_1")).accepted
    money.asks(quantity=2)
    assert money.payments_send() == 1
    assert money.engine.refused_reactions == []
    (credited,) = money.of(BalanceCredited)
    assert (credited.method, credited.balance_minor) == ("gift_1", 20_000)
