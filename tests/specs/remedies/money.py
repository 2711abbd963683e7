"""A marketplace in memory with orders, accounts and budgets, all of them reacting to each other."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.accounts.messages import Holder, OfAccount, TellFunds
from oncedesk.domain.accounts.state import PartyAccount
from oncedesk.domain.orders.messages import Item, OrderedPart, Payment, PlaceOrder
from oncedesk.domain.remedies.messages.asking import RequestRemedy, Wish
from oncedesk.domain.remedies.messages.base import OfRemedies
from oncedesk.domain.remedies.messages.funding import RecordPayout
from oncedesk.domain.remedies.messages.refunding import ConfirmRefund
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import LegStatus, RemedyKind, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.ledger import Account, Phase
from oncedesk.domain.shared.refs import Ref, account_ref, remedies_ref
from oncedesk.domain.shared.remedy_rules import (
    BudgetRule,
    GrantedBy,
    RecoveryRule,
    RemedyRule,
    RemedyRules,
    remedy_key,
)
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.rules.library import PackLibrary
from oncedesk.rules.loading import load_builtin
from oncedesk.wiring import DECIDERS
from tests.support.memory_engine import Answered, MemoryEngine
from tests.support.specs import START

State = TypeVar("State")

CONSUMER, MERCHANT, CREATOR, LISTING = UUID(int=0xC0), UUID(int=0x3E), UUID(int=0xCC), UUID(int=1)
ORDER = UUID(int=0x0D)
RECOVERY = RecoveryRule(id="test/recovery")
PAYERS = ("merchant", "creator", "platform", "merchant:60 creator:40", "carrier")


def money_pack(
    *,
    fund_minor: int | None = 1_000_000,
    recovery: RecoveryRule = RECOVERY,
    retry_seconds: int = 3_600,
) -> Pack:
    """Whoever is named by the reason bears a refund, and a rule grants it at once."""
    rules = {}
    for place, payer in enumerate(PAYERS):
        rule = RemedyRule(
            id=f"test/{place}",
            kind="refund",
            reason=f"borne_by_{place}",
            stage="*",
            granted_by=GrantedBy.RULE,
            payer=payer,
        )
        rules[remedy_key(kind=rule.kind, reason=rule.reason, stage=rule.stage)] = rule
    budget = BudgetRule(
        id="test/fund",
        name="assurance",
        currency="CNY",
        amount_minor=fund_minor or 0,
        retry_seconds=retry_seconds,
    )
    return replace(
        load_builtin("cn").pack(START.date()),
        hash="test",
        remedies=RemedyRules(
            rules=rules,
            recovery=recovery,
            budgets={} if fund_minor is None else {"assurance/CNY": budget},
        ),
    )


class Money:
    """One order, the accounts of those who may be liable, and the ledger of all that moved."""

    def __init__(self, pack: Pack | None = None, *others: Pack) -> None:
        packs = PackLibrary.always([pack or money_pack(), *others])
        self.engine = MemoryEngine(
            deciders=DECIDERS,
            packs=packs.at,
            now=START,
            on_event=self._heard,
        )
        self.events: list[Any] = []
        self.ledger: Counter[tuple[Account, UUID | None]] = Counter()
        self._given = 0

    def _heard(self, _ref: Ref, _state: Any, event: Any) -> None:
        self.events.append(event)
        if not isinstance(event, OfRemedies | OfAccount):
            return
        for transfer in event.transfers:
            assert sum(entry.minor for entry in transfer.entries) == 0
            if transfer.phase is Phase.POSTED:
                for entry in transfer.entries:
                    self.ledger[entry.account, entry.party] += entry.minor

    def gives(self, command: Any, *, by: Actor = MARKETPLACE) -> Answered:
        self._given += 1
        return self.engine.submit(command, actor=by, key=str(self._given))

    def ordered(
        self,
        *,
        price_minor: int = 10_000,
        subsidy_minor: int = 0,
        commission_minor: int = 0,
        coupon_minor: int = 0,
        balance: str = "",
    ) -> "Money":
        """Two of one merchant's, presented by a creator and paid by card, or this gift card; a
        coupon on the order paid a part."""
        paid_minor = 2 * price_minor - subsidy_minor - coupon_minor
        payment = Payment("card", paid_minor)
        if balance:
            payment = Payment("gift_card", paid_minor, balance, stored=True)
        item = Item(
            LISTING,
            price_minor,
            2,
            subsidy_minor=subsidy_minor,
            commission_minor=commission_minor,
        )
        answer = self.gives(
            PlaceOrder(
                consumer=CONSUMER,
                order=ORDER,
                market="cn",
                placed_at=START,
                timezone="Asia/Shanghai",
                currency="CNY",
                creator=CREATOR,
                parts=(OrderedPart(merchant=MERCHANT, items=(item,)),),
                payments=(payment,),
            )
        )
        assert answer.accepted, answer
        return self

    def asks(self, *, borne_by: str = "merchant", quantity: int = 1) -> Answered:
        """The consumer asks for so many back, for a reason that this one answers for."""
        wish = Wish(
            kind=RemedyKind.REFUND,
            reason=f"borne_by_{PAYERS.index(borne_by)}",
            lines=(WantedLine(1, 1, quantity),),
        )
        command = RequestRemedy(consumer=CONSUMER, order=ORDER, wish=wish)
        return self.gives(command, by=Actor(Role.CONSUMER, CONSUMER))

    def pays_out(self, merchant_minor: int, **more: Any) -> Answered:
        more = {"part": 1, "currency": "CNY", **more}
        payout = derived_id("payout", str(self._given))
        return self.gives(
            RecordPayout(
                consumer=CONSUMER, order=ORDER, id=payout, merchant_minor=merchant_minor, **more
            )
        )

    def tells(self, minor: int, *, party: UUID = MERCHANT, **more: Any) -> Answered:
        """What the marketplace holds for a party."""
        holder = Holder.MERCHANT if party == MERCHANT else Holder.CREATOR
        return self.gives(
            TellFunds(
                party=party,
                currency="CNY",
                market="cn",
                holder=holder,
                balance_minor=minor,
                told_at=self.engine.now,
                **more,
            )
        )

    def payments_send(self) -> int:
        """Payments confirm every leg that waits; how many there were."""
        sent = 0
        for remedy in self.book.live:
            for leg in remedy.legs:
                if leg.status is LegStatus.REQUESTED:
                    confirmed = ConfirmRefund(
                        consumer=CONSUMER,
                        order=ORDER,
                        remedy=remedy.number,
                        leg=leg.number,
                        amount_minor=leg.amount_minor,
                        currency="CNY",
                        sent_at=self.engine.now,
                    )
                    assert self.gives(confirmed).accepted
                    sent += 1
        return sent

    def passes(self, span: timedelta) -> None:
        """Time passes, and whatever is due on the way happens."""
        end = self.engine.now + span
        while (due := self.engine.next_wake()) is not None and due <= end:
            self.engine.now = max(self.engine.now, due)
            self.engine.wake_due()
        self.engine.now = end

    @property
    def now(self) -> datetime:
        return self.engine.now

    @property
    def book(self) -> Remedies:
        found = self.engine.states[remedies_ref(consumer=CONSUMER, order=ORDER).id].state
        assert isinstance(found, Remedies)
        return found

    def account(self, party: UUID = MERCHANT) -> PartyAccount:
        found = self.engine.states[account_ref(party=party, currency="CNY").id].state
        assert isinstance(found, PartyAccount)
        return found

    def stands(self, account: Account, party: UUID | None = None) -> int:
        """What stands in an account of the ledger."""
        return self.ledger[account, party]

    def states(self, kind: type[State]) -> list[State]:
        """All states of this kind."""
        states = (held.state for held in self.engine.states.values())
        return [state for state in states if isinstance(state, kind)]

    @property
    def books(self) -> list[Remedies]:
        """Of every order that has any."""
        return self.states(Remedies)

    def of(self, kind: type) -> list[Any]:
        """Every event of this kind so far."""
        return [event for event in self.events if type(event) is kind]

    def check(self) -> None:
        """What must hold after anything."""
        assert sum(self.ledger.values()) == 0
        assert self.engine.refused_reactions == []
        from_states: Counter[tuple[Account, UUID | None]] = Counter()
        for held in self.engine.states.values():
            for entry in getattr(held.state, "books", ()):
                from_states[entry.account, entry.party] += entry.minor
        assert {key: minor for key, minor in self.ledger.items() if minor} == {
            key: minor for key, minor in from_states.items() if minor
        }
        owed = sum(
            held.state.owed_minor
            for held in self.engine.states.values()
            if isinstance(held.state, PartyAccount | Remedies)
        )
        receivables = (
            minor for (account, _), minor in self.ledger.items() if account is Account.RECEIVABLE
        )
        assert -sum(receivables) == owed
