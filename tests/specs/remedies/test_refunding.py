"""Money back: asked for once, confirmed once, settled when all of it was sent."""

from uuid import UUID

from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.conversations.subjects import Subject, SubjectKind, subject_ref
from oncedesk.domain.remedies.messages.asking import (
    BooksOpened,
    GrantRemedy,
    RemedyApproved,
    RemedyRequested,
    RequestRemedy,
    Wish,
)
from oncedesk.domain.remedies.messages.changing import CancellationRequested
from oncedesk.domain.remedies.messages.refunding import (
    ConfirmRefund,
    RefundRequested,
    RefundSent,
    RemedyClosed,
    RemedySettled,
)
from oncedesk.domain.remedies.words import CaseLink, DecidedBy, RefundStatus, RemedyKind, Status
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import order_talk_ref
from tests.specs.remedies.shop import BY_CONSUMER, CONSUMER, ORDER, WHO, Shop
from tests.support.specs import after


def confirm(shop: Shop, *, amount_minor: int, currency: str = "CNY") -> Shop:
    command = ConfirmRefund(
        **WHO, remedy=1, leg=1, amount_minor=amount_minor, currency=currency, sent_at=shop.now
    )
    shop.when(command, by=MARKETPLACE)
    return shop


def test_a_rule_cancels_and_asks_for_the_money_at_once() -> None:
    shop = Shop().plain()
    shop.asks(RemedyKind.CANCEL).then_only(
        BooksOpened, RemedyRequested, RemedyApproved, RefundRequested, CancellationRequested
    )
    (asked,) = shop.events(RefundRequested)
    assert (asked.leg.method, asked.leg.amount_minor) == ("card", 10_000)
    confirm(shop, amount_minor=10_000).then_only(RefundSent, RemedySettled)
    confirm(shop, amount_minor=10_000).then_nothing()
    shop.wake_when_due().then_only(RemedyClosed)
    assert (shop.state.live, shop.state.pending) == ((), ())
    shop.asks(RemedyKind.CANCEL).then_refused("nothing_left")


def test_refuses_a_confirmation_of_another_amount() -> None:
    shop = Shop().plain()
    shop.asks(RemedyKind.CANCEL)
    confirm(shop, amount_minor=9_999).then_refused("amount_differs")
    confirm(shop, amount_minor=10_000, currency="USD").then_refused("currency_differs")
    assert shop.state.live[0].refund is RefundStatus.REQUESTED


def test_a_merchant_that_says_nothing_has_said_yes() -> None:
    shop = Shop().plain()
    shop.asks(RemedyKind.REFUND, reason="broken").then_only(BooksOpened, RemedyRequested)
    assert shop.state.live[0].status is Status.REQUESTED
    shop.wake(after(hours=24))
    (approved,) = shop.events(RemedyApproved)
    assert approved.by is DecidedBy.SILENCE


def test_a_decided_remedy_is_not_decided_again() -> None:
    shop = Shop().plain()
    shop.asks(RemedyKind.CANCEL)
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE).then_refused("remedy_decided")


def test_what_belongs_to_no_case_says_whether_its_part_is_talked_about() -> None:
    shop = confirm(Shop().plain().asks(RemedyKind.CANCEL), amount_minor=10_000)
    assert shop.event(RemedySettled).unheard
    shop = Shop().plain().asks(RemedyKind.CANCEL)
    shop.world[order_talk_ref(CONSUMER, ORDER, 1).id] = Conversation(
        CONSUMER, Subject(SubjectKind.ORDER, ORDER, 1), "cn", shop.now
    )
    assert not confirm(shop, amount_minor=10_000).event(RemedySettled).unheard
    shop = Shop().plain()
    wish = Wish(kind=RemedyKind.CANCEL, reason="changed_mind")
    case = CaseLink(UUID(int=0xCA5E), 1)
    shop.when(RequestRemedy(**WHO, wish=wish, case=case), by=BY_CONSUMER)
    assert not confirm(shop, amount_minor=10_000).event(RemedySettled).unheard


def test_its_part_is_talked_about_where_its_conversation_lies() -> None:
    subject = Subject(SubjectKind.ORDER, ORDER, 3)
    assert order_talk_ref(CONSUMER, ORDER, 3) == subject_ref(consumer=CONSUMER, subject=subject)
