"""Something else instead, offered at the offering desk's own charge and taken or not in one tap."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.orders.messages import Item, OrderedPart, Payment
from oncedesk.domain.remedies.messages.asking import (
    AcceptCounterOffer,
    AskHuman,
    ClockWarned,
    CounterOfferAccepted,
    CounterOfferDeclined,
    CounterOfferMade,
    DeclineCounterOffer,
    GrantRemedy,
    MakeCounterOffer,
    RefuseRemedy,
    RemedyApproved,
    RequestRemedy,
    Wish,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.authorising import (
    ApplyAuthority,
    ApproveGrant,
    AuthorityAsked,
    AuthorityUnused,
    DeclineGrant,
    GrantDeclined,
    SecondPersonAsked,
)
from oncedesk.domain.remedies.messages.base import ToRemedy
from oncedesk.domain.remedies.messages.disputing import DisputeOpened
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmRefund,
    OutsideKind,
    RecordOutside,
    RefundRequested,
)
from oncedesk.domain.remedies.words import (
    CaseLink,
    ClockKind,
    DecidedBy,
    Line,
    Payer,
    RemedyKind,
    Share,
    Status,
    WantedLine,
)
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.domain.shared.remedy_rules import GrantedBy, RemedyRule
from tests.specs.remedies.shop import BY_CONSUMER, CONSUMER, LISTING, MERCHANT, WHO, Shop
from tests.specs.remedies.test_authorising import ANNA, AUTHORITY, BEN, agent, by
from tests.support.specs import after

RETURN = RemedyKind.RETURN_AND_REFUND
ASKED = RemedyRule(
    id="test/return",
    kind="return_and_refund",
    reason="*",
    stage="*",
    granted_by=GrantedBy.MERCHANT,
    payer="platform",
)
PART = Wish(kind=RemedyKind.REFUND, reason="quality", amount_minor=3_000)


def asked(quantity: int = 2) -> Shop:
    return Shop(ASKED).plain(quantity=quantity).arrived().asks(RETURN, WantedLine(1, 1, 1))


def offered(wish: Wish = PART, **more: Any) -> Shop:
    shop = asked()
    shop.when(MakeCounterOffer(**WHO, remedy=1, wish=wish, **more), by=MARKETPLACE)
    return shop


def answer(shop: Shop, command: type[ToRemedy]) -> Shop:
    shop.when(command(**WHO, remedy=1), by=BY_CONSUMER)
    return shop


def test_an_offer_says_what_it_comes_to_and_until_when() -> None:
    made = offered(expected_minor=3_000).then_only(CounterOfferMade).event(CounterOfferMade)
    assert (made.lines, made.amount_minor) == ((Line(1, 1, 1, 3_000, stays=True),), 3_000)
    assert made.shares == (Share(Payer.MERCHANT, MERCHANT, 3_000),)
    assert (made.clock.kind, made.clock.due_at) == (ClockKind.COUNTER_OFFER, after(days=2))
    assert made.clock.warn_at == after(days=1)


def test_taken_it_is_granted_at_once_at_the_offering_desks_charge() -> None:
    shop = answer(offered(), AcceptCounterOffer).then_only(
        CounterOfferAccepted, RemedyApproved, RefundRequested
    )
    approved = shop.event(RemedyApproved)
    assert (approved.by, approved.amount_minor) == (DecidedBy.CONSUMER, 3_000)
    assert approved.shares == (Share(Payer.MERCHANT, MERCHANT, 3_000),)
    assert shop.state.live[0].kind is RemedyKind.REFUND
    answer(shop, AcceptCounterOffer).then_refused("counter_offer_gone")


def test_not_taken_it_is_in_dispute_as_it_was_asked_for() -> None:
    shop = answer(offered(), DeclineCounterOffer).then_only(CounterOfferDeclined, DisputeOpened)
    remedy = shop.state.live[0]
    assert (remedy.kind, remedy.amount_minor, remedy.counter_offer) == (RETURN, 10_000, None)
    assert [clock.kind for clock in remedy.clocks] == [ClockKind.EVIDENCE]
    answer(shop, DeclineCounterOffer).then_refused("counter_offer_gone")


def test_saying_nothing_is_not_taking_it() -> None:
    shop = offered()
    shop.wake_when_due().then_only(ClockWarned)
    assert shop.now == after(days=1)
    assert shop.event(ClockWarned).desk is None
    shop.wake_when_due().then_only(CounterOfferDeclined, DisputeOpened)
    assert shop.now == after(days=2)
    assert shop.event(CounterOfferDeclined).silent


def test_meanwhile_the_desk_may_grant_it_and_the_consumer_let_it_be() -> None:
    shop = offered()
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    approved = shop.event(RemedyApproved)
    assert (approved.amount_minor, shop.state.live[0].kind) == (10_000, RETURN)
    answer(shop, AcceptCounterOffer).then_refused("counter_offer_gone")
    answer(offered(), WithdrawRemedy)
    shop = offered()
    shop.when(RefuseRemedy(**WHO, remedy=1, reason="worn", facts=("worn",)), by=MARKETPLACE)
    answer(shop, AcceptCounterOffer).then_refused("counter_offer_gone")


@pytest.mark.parametrize(
    ("wish", "more", "code"),
    [
        (PART, {"expected_minor": 2_999}, "amount_changed"),
        (
            Wish(kind=RemedyKind.REFUND, reason="late", amount_minor=10_001),
            {},
            "refund_exceeds_paid",
        ),
        (Wish(kind=RemedyKind.REFUND, reason="late", currency="USD"), {}, "currency_differs"),
        (Wish(kind=RemedyKind.CANCEL, reason="late"), {}, "kind_not_offered"),
        (
            Wish(kind=RemedyKind.REFUND, reason="late", lines=(WantedLine(1, 1, 3),)),
            {},
            "quantity_exceeds_bought",
        ),
    ],
)
def test_refuses_an_offer_of_what_there_is_not(wish: Wish, more: Any, code: str) -> None:
    shop = offered(wish, **more).then_refused(code)
    assert shop.state.live[0].counter_offer is None


def test_a_desk_offers_only_what_is_its_own() -> None:
    shop = Shop(ASKED)
    parts = [
        OrderedPart(merchant=one, items=(Item(LISTING, 500),)) for one in (MERCHANT, UUID(int=0x3F))
    ]
    shop.placed(*parts, payments=(Payment("card", 1_000),)).asks(RETURN, WantedLine(1, 1))
    # How much the other part may give is not said either.
    for amount_minor in (None, 100_000):
        others = Wish(
            kind=RemedyKind.REFUND,
            reason="late",
            lines=(WantedLine(2, 1),),
            amount_minor=amount_minor,
        )
        shop.when(MakeCounterOffer(**WHO, remedy=1, wish=others), by=MARKETPLACE).then_refused(
            "parts_mixed"
        )


def test_nothing_is_offered_in_a_dispute() -> None:
    shop = answer(offered(), DeclineCounterOffer)
    shop.when(MakeCounterOffer(**WHO, remedy=1, wish=PART), by=MARKETPLACE).then_refused(
        "in_dispute"
    )


def test_one_offer_at_a_time() -> None:
    shop = offered()
    shop.when(MakeCounterOffer(**WHO, remedy=1, wish=PART), by=MARKETPLACE).then_refused(
        "offer_stands"
    )


def test_what_went_back_elsewhere_meanwhile_is_no_longer_offered() -> None:
    shop = asked(quantity=1)
    wish = Wish(kind=RemedyKind.REFUND, reason="late", amount_minor=6_000)
    shop.when(MakeCounterOffer(**WHO, remedy=1, wish=wish), by=MARKETPLACE).then_only(
        CounterOfferMade
    )
    chargeback = RecordOutside(
        **WHO,
        id=UUID(int=5),
        kind=OutsideKind.CHARGEBACK,
        amount_minor=5_000,
        currency="CNY",
        payment=1,
    )
    shop.when(chargeback, by=MARKETPLACE)
    answer(shop, AcceptCounterOffer).then_refused("refund_exceeds_paid")


def test_an_offer_is_for_what_was_not_decided() -> None:
    shop = Shop().plain().asks(RemedyKind.CANCEL)
    shop.when(MakeCounterOffer(**WHO, remedy=1, wish=PART), by=MARKETPLACE).then_refused(
        "remedy_decided"
    )
    assert shop.state.live[0].status is Status.SETTLING


HELD = RemedyRule(
    id="test/held", kind="refund", reason="*", stage="*", granted_by=GrantedBy.PLATFORM
)
SMALL = Wish(kind=RemedyKind.REFUND, reason="late", amount_minor=3_000)


def held(asked: int = 1, case: CaseLink | None = None) -> Shop:
    """The platform's desk was asked for 100 yuan, and two of its people are at it."""
    shop = Shop(HELD, authority=AUTHORITY).plain(quantity=asked + 1)
    for one in (ANNA, BEN):
        agent(shop, one)
    for _ in range(asked):
        asks_for_one(shop, case)
    return shop


def asks_for_one(shop: Shop, case: CaseLink | None) -> None:
    wish = Wish(kind=RemedyKind.REFUND, reason="late", lines=(WantedLine(1, 1),))
    shop.when(RequestRemedy(**WHO, wish=wish, case=case), by=BY_CONSUMER)


def offers(shop: Shop, wish: Wish = SMALL, remedy: int = 1, who: UUID = ANNA) -> Shop:
    shop.when(MakeCounterOffer(**WHO, remedy=remedy, wish=wish, agent=who), by=by(who))
    return shop


def allowed(shop: Shop, who: UUID = ANNA, limit: str = "", remedy: int = 1) -> Shop:
    """The agent's own state has answered."""
    told = ApplyAuthority(
        **WHO,
        remedy=remedy,
        agent=who,
        rule="test/agent",
        limit=limit,
        amount_minor=3_000,
        spent_at=shop.now,
        counted_at=shop.now,
    )
    shop.when(told)
    return shop


def test_what_an_agent_offers_counts_before_the_consumer_sees_it() -> None:
    shop = offers(held()).then_only(AuthorityAsked)
    asked_for = shop.event(AuthorityAsked)
    assert (asked_for.amount_minor, asked_for.desk) == (3_000, PLATFORM)
    assert shop.state.live[0].counter_offer is None
    made = allowed(shop).then_only(CounterOfferMade).event(CounterOfferMade)
    assert (made.agent, made.amount_minor) == (ANNA, 3_000)
    assert made.clock.due_at == after(days=2)
    answer(shop, AcceptCounterOffer)
    assert not shop.events(AuthorityUnused)
    assert shop.event(RemedyApproved).amount_minor == 3_000


def test_above_the_authority_a_second_person_stands_by_the_offer() -> None:
    shop = offers(held())
    allowed(shop, limit="consumer").then_only(SecondPersonAsked)
    shop.when(ApproveGrant(**WHO, remedy=1, agent=BEN), by=by(BEN)).then_only(AuthorityAsked)
    made = allowed(shop, BEN).event(CounterOfferMade)
    assert (made.agent, made.spent.agent) == (ANNA, BEN)
    shop = offers(held())
    allowed(shop, limit="consumer")
    no = DeclineGrant(**WHO, remedy=1, agent=BEN, reason="too_much")
    shop.when(no, by=by(BEN)).then_only(GrantDeclined)
    assert shop.state.live[0].counter_offer is None


@pytest.mark.parametrize("end", ["declined", "silent", "withdrawn", "granted", "refused", "human"])
def test_an_offer_that_is_not_taken_counts_no_more(end: str) -> None:
    shop = allowed(offers(held()))
    offered_at = shop.now
    shop.at(after(hours=1))
    match end:
        case "declined":
            answer(shop, DeclineCounterOffer)
        case "silent":
            shop.wake(after(days=2))
        case "withdrawn":
            answer(shop, WithdrawRemedy)
        case "granted":
            shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
        case "refused":
            no = RefuseRemedy(**WHO, remedy=1, reason="worn", facts=("worn",))
            shop.when(no, by=MARKETPLACE)
        case _:
            answer(shop, AskHuman)
    unused = shop.event(AuthorityUnused)
    assert (unused.agent, unused.amount_minor) == (ANNA, 3_000)
    assert (unused.spent_at, unused.counted_at) == (offered_at, offered_at)


def test_what_is_no_longer_worth_as_much_is_not_offered_after_all() -> None:
    shop = offers(held())
    chargeback = RecordOutside(
        **WHO,
        id=UUID(int=5),
        kind=OutsideKind.CHARGEBACK,
        amount_minor=18_000,
        currency="CNY",
        payment=1,
    )
    shop.when(chargeback, by=MARKETPLACE)
    allowed(shop).then_only(GrantDeclined, AuthorityUnused)
    assert shop.event(GrantDeclined).reason == "amount_changed"


def test_an_answer_that_comes_after_the_decision_gives_the_authority_back() -> None:
    shop = offers(held())
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    allowed(shop).then_only(AuthorityUnused)


def test_what_costs_nothing_is_offered_without_asking() -> None:
    shop = offers(held().arrived(), Wish(kind=RemedyKind.REPAIR, reason="late"))
    shop.then_only(CounterOfferMade)
    assert shop.event(CounterOfferMade).spent is None


def test_nobody_offers_anything_to_themselves() -> None:
    shop = held()
    known: Any = shop.world[ANNA]
    shop.world[ANNA] = replace(known, linked=(CONSUMER,))
    offers(shop).then_refused("not_allowed")
    offers(shop, Wish(kind=RemedyKind.REPAIR, reason="late")).then_refused("not_allowed")


def test_a_case_counts_what_is_offered_asked_for_given_and_over() -> None:
    case = CaseLink(UUID(int=0xCA5E), 1)
    shop = offers(held(2, case))
    offers(shop, remedy=2, who=BEN)
    assert shop.event(AuthorityAsked).case_minor == 3_000  # asked for
    allowed(shop)
    offers(shop, remedy=2, who=BEN)
    assert shop.event(AuthorityAsked).case_minor == 3_000  # offered
    answer(shop, AcceptCounterOffer)
    offers(shop, remedy=2, who=BEN)
    assert shop.event(AuthorityAsked).case_minor == 3_000  # given
    (leg,) = shop.state.live[0].legs
    sent = ConfirmRefund(
        **WHO, remedy=1, leg=leg.number, amount_minor=3_000, currency="CNY", sent_at=shop.now
    )
    shop.when(sent, by=MARKETPLACE)
    closing = next(one for one in shop.state.live[0].clocks if one.kind is ClockKind.CLOSING)
    shop.when(GrantRemedy(**WHO, remedy=2), by=MARKETPLACE)
    shop.wake(closing.due_at)
    assert shop.state.remedy(1) is None
    asks_for_one(shop, case)
    offers(shop, remedy=3)
    # The first is over, the second was granted in full.
    assert shop.event(AuthorityAsked).case_minor == 13_000
