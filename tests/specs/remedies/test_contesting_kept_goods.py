"""A merchant contests money for goods that stay, given without its being asked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.remedies.messages.asking import GrantRemedy, RemedyApproved
from oncedesk.domain.remedies.messages.authorising import AuthorityAsked
from oncedesk.domain.remedies.messages.contesting import (
    ContestDecided,
    ContestLapsed,
    ContestOpened,
    DecideContest,
    RefundContested,
)
from oncedesk.domain.remedies.messages.refunding import (
    RefundRequested,
    RemedyClosed,
    RemedySettled,
)
from oncedesk.domain.remedies.words import ClockKind, DecidedBy, RemedyKind, Status
from oncedesk.domain.shared.ledger import Account
from oncedesk.domain.shared.remedy_rules import GrantedBy, OnSilence, RemedyRule
from tests.specs.remedies.goods import RULE, SETTLING, Goods
from tests.specs.remedies.shop import CONSUMER, MERCHANT, WHO, Shop
from tests.specs.remedies.test_authorising import ANNA, AUTHORITY, BEN, agent, answered, by
from tests.support.specs import after

BY_RULE = RemedyRule(
    id="test/kept",
    kind="refund",
    reason="*",
    stage="*",
    granted_by=GrantedBy.RULE,
    speed="instant",
)


class Kept(Goods):
    """Two units for 50 yuan each, delivered; the consumer keeps them and wants the money."""

    def __init__(self, rule: RemedyRule = BY_RULE) -> None:
        Shop.__init__(self, rule, authority=AUTHORITY, settling=SETTLING, journey=RULE)
        self.plain(5_000, quantity=2).arrived()
        agent(self, ANNA)
        agent(self, BEN)
        self.asks(RemedyKind.REFUND)


def test_within_the_window_it_is_contested_and_upheld_like_any_other() -> None:
    shop = Kept()
    assert shop.events(RefundRequested, RemedyApproved)
    assert shop.event(ContestOpened).clock.due_at == after(days=7)
    shop.contest().then_refused("refund_not_sent")
    assert shop.paid_out().status() is Status.SETTLED
    shop.contest(evidence=()).then_refused("evidence_missing")
    shop.at(after(days=6)).contest().then_only(RefundContested)
    decided = shop.decided(upheld=True).event(ContestDecided)
    assert (decided.fund_minor, decided.debt_minor) == (10_000, 10_000)
    assert shop.state.owed_minor == 10_000
    assert shop.books() == {
        (Account.ASSURANCE_FUND, None): -10_000,
        (Account.ESCROW, MERCHANT): 10_000,
        (Account.RECEIVABLE, CONSUMER): -10_000,
        (Account.CONSUMER, CONSUMER): 10_000,
    }
    shop.contest().then_refused("contested_before")
    shop.wake_when_due().then_only(RemedyClosed)
    assert shop.state.owed_minor == 10_000


def test_the_window_closes_and_only_then_is_the_remedy_over() -> None:
    shop = Kept().paid_out()
    shop.wake(after(days=7)).then_only(ContestLapsed, RemedyClosed)
    shop.contest().then_refused("remedy_unknown")


def test_undecided_in_time_the_fund_pays_and_nobody_owes() -> None:
    shop = Kept().paid_out().contest()
    shop.wake(after(days=8))
    (decided,) = shop.events(ContestDecided)
    assert (decided.by, decided.fund_minor, decided.debt_minor) == (DecidedBy.RULE, 10_000, 0)


def test_a_merchant_that_said_yes_itself_or_nothing_contests_nothing() -> None:
    asked = replace(BY_RULE, granted_by=GrantedBy.MERCHANT)
    shop = Kept(asked).does(GrantRemedy)
    assert not shop.events(ContestOpened)
    shop.paid_out().contest().then_refused("nothing_to_contest")
    shop = Kept(replace(asked, on_silence=OnSilence.GRANT))
    shop.wake(after(days=2))
    assert shop.event(RemedyApproved).by is DecidedBy.SILENCE
    assert not shop.events(ContestOpened)


def test_nobody_contests_what_the_platform_bears_or_what_was_never_shipped() -> None:
    shop = Kept(replace(BY_RULE, payer="platform"))
    shop.paid_out().contest().then_refused("nothing_to_contest")
    cancel = replace(BY_RULE, kind="cancel", stage="unshipped")
    assert not Shop(cancel).plain().asks(RemedyKind.CANCEL).events(ContestOpened)


def test_who_granted_it_in_the_merchants_place_does_not_decide_the_contest() -> None:
    shop = Kept(replace(BY_RULE, granted_by=GrantedBy.PLATFORM))
    shop.when(GrantRemedy(**WHO, remedy=1, agent=ANNA), by=by(ANNA))
    answered(shop, ANNA)
    assert shop.event(ContestOpened).granted_by == (ANNA,)
    shop.paid_out().contest()

    def decides(who: UUID) -> Kept:
        decision: Any = DecideContest(**WHO, remedy=1, upheld=True, reason="seen", agent=who)
        shop.when(decision, by=by(who))
        return shop

    decides(ANNA).then_refused("decided_before")
    decides(BEN).then_only(AuthorityAsked)


def test_what_is_owed_once_the_window_is_open_closes_as_any_other() -> None:
    """The window outlasts the settling, and the remedy is remembered until it is over."""
    shop = Kept().at(after(days=1)).paid_out()
    settled = shop.event(RemedySettled)
    assert settled.clock.due_at == after(days=1) + timedelta(seconds=SETTLING.closing_seconds)
    assert {clock.kind for clock in shop.one.clocks} == {ClockKind.CONTEST, ClockKind.CLOSING}
