"""Whatever happens to remedies and to those who pay for them: the books balance, all adds up."""

from datetime import timedelta
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from oncedesk.domain.accounts.messages import ConfirmRecovery, FailRecovery, RecoveryFailure
from oncedesk.domain.accounts.state import PartyAccount
from oncedesk.domain.remedies.messages.asking import WithdrawRemedy
from oncedesk.domain.remedies.messages.refunding import (
    FailRefund,
    OutsideKind,
    RecordOutside,
    RefundFailure,
)
from oncedesk.domain.remedies.words import LegStatus
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.refs import remedies_ref
from tests.specs.remedies.balances import BALANCES
from tests.specs.remedies.money import (
    CONSUMER,
    CREATOR,
    MERCHANT,
    ORDER,
    PAYERS,
    Money,
    money_pack,
)

amounts = st.integers(0, 25_000)
WHO: Any = {"consumer": CONSUMER, "order": ORDER}


class Books(RuleBasedStateMachine):
    """One order's life, told by a marketplace that pays out, fails, forgets and corrects."""

    money: Money

    @initialize(
        fund=st.sampled_from([None, 0, 6_000, 1_000_000]),
        price=st.integers(1, 10_001),
        subsidy=st.integers(0, 2),
        commission=st.integers(0, 999),
    )
    def order(self, fund: int | None, price: int, subsidy: int, commission: int) -> None:
        # Asked every hour, an empty fund would be most of the story.
        self.money = Money(money_pack(fund_minor=fund, retry_seconds=43_200))
        self.money.ordered(
            price_minor=price, subsidy_minor=min(subsidy, price), commission_minor=commission
        )

    @rule(borne_by=st.sampled_from(PAYERS), quantity=st.integers(1, 2))
    def ask(self, borne_by: str, quantity: int) -> None:
        self.money.asks(borne_by=borne_by, quantity=quantity)

    @rule(merchant=amounts, creator=st.integers(0, 900), fee=st.integers(0, 900))
    def pay_out(self, merchant: int, creator: int, fee: int) -> None:
        self.money.pays_out(merchant, creator_minor=creator, fee_minor=fee)

    @rule(minor=amounts, deposit=st.integers(0, 2_000), party=st.sampled_from([MERCHANT, CREATOR]))
    def tell(self, minor: int, deposit: int, party: Any) -> None:
        self.money.tells(minor, party=party, deposit_minor=deposit, escrow_minor=deposit // 2)

    @rule()
    def send(self) -> None:
        if self.opened:
            self.money.payments_send()

    @rule(minor=st.integers(1, 500), kind=st.sampled_from(OutsideKind))
    def go_outside(self, minor: int, kind: OutsideKind) -> None:
        self.money.gives(
            RecordOutside(
                **WHO,
                id=derived_id("outside", str(len(self.money.events))),
                kind=kind,
                amount_minor=minor,
                currency="CNY",
                payment=1,
            )
        )

    @rule()
    def fail(self) -> None:
        for remedy in self.money.book.live if self.opened else ():
            for leg in remedy.legs:
                if leg.status is LegStatus.REQUESTED:
                    about: Any = {**WHO, "remedy": remedy.number}
                    failed = FailRefund(**about, leg=leg.number, reason=RefundFailure.ROUTE_DEAD)
                    assert self.money.gives(failed).accepted
                    self.money.gives(WithdrawRemedy(**about))

    @rule(works=st.booleans())
    def recover(self, works: bool) -> None:
        for account in self.money.states(PartyAccount):
            for one in account.recoveries:
                whose: Any = {"party": account.party, "currency": "CNY", "recovery": one.number}
                if works:
                    answer = self.money.gives(ConfirmRecovery(**whose, amount_minor=one.minor))
                else:
                    reason = RecoveryFailure.NOT_ENOUGH
                    answer = self.money.gives(FailRecovery(**whose, reason=reason))
                assert answer.accepted

    @rule(days=st.integers(1, 70))
    def wait(self, days: int) -> None:
        self.money.passes(timedelta(days=days))

    @property
    def opened(self) -> bool:
        return remedies_ref(**WHO).id in self.money.engine.states

    @invariant()
    def all_adds_up(self) -> None:
        for holds in BALANCES:
            holds(self.money)

    def teardown(self) -> None:
        engine = self.money.engine
        assert engine.replayed() == {id_: held.body for id_, held in engine.states.items()}


Books.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=20,
    print_blob=True,
    phases=(Phase.explicit, Phase.generate),
)
TestBooks = Books.TestCase
