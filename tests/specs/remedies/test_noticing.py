"""A consumer who asked outside a case is told of what they have to act upon, about the order."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from oncedesk.domain.conversations.messages import NoteNeeds, NoteRemedy, Notice
from oncedesk.domain.conversations.notifying import RecipientKind, Waiting, merge
from oncedesk.domain.orders.messages import (
    CancelOrder,
    ChangeOrder,
    FinalPaymentReminded,
    Item,
    OrderedPart,
    Payment,
    PresaleEnd,
    PresaleEnded,
    PresaleTerms,
)
from oncedesk.domain.parties.messages import PartyKind, ReturnPlace
from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.remedies.messages.asking import (
    AnswerOverdue,
    AskHuman,
    ClockWarned,
    GrantRemedy,
    LiftRisk,
    MakeCounterOffer,
    RefuseRemedy,
    RemedyApproved,
    RemedyRefused,
    RemedyTakenOver,
    RequestRemedy,
    Wish,
)
from oncedesk.domain.remedies.messages.base import OfRemedy
from oncedesk.domain.remedies.messages.changing import ChargeFailed, ChargeFailure, FailCharge
from oncedesk.domain.remedies.messages.disputing import (
    DecideDispute,
    DecisionAsked,
    DecisionReversed,
    DisputeDecided,
    DisputeOpened,
    ObjectToDecision,
    OpenDispute,
    Outcome,
    Side,
    SubmitEvidence,
)
from oncedesk.domain.remedies.messages.promising import CompensationVoided
from oncedesk.domain.remedies.messages.refunding import (
    ClosingPutOff,
    ConfirmRefund,
    RefundSent,
    RemedyClosed,
)
from oncedesk.domain.remedies.messages.returning import (
    ConfirmReceipt,
    GoodsArrived,
    GoodsDue,
    NoteComingBack,
    ParcelScanned,
    RefundInstead,
    RefusedLine,
    ReturnMissed,
    Slot,
    TakeBack,
)
from oncedesk.domain.remedies.words import CaseLink, ClockKind, DecidedBy, RemedyKind, WantedLine
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor
from oncedesk.domain.shared.refs import Ref
from oncedesk.domain.shared.remedy_rules import GrantedBy, OnSilence
from oncedesk.domain.shared.vocabularies import TrackingStatus
from oncedesk.engine import reactions
from oncedesk.engine.leaving import Happened
from oncedesk.engine.notifying import Links
from oncedesk.engine.outgoing import (
    NOTIFICATION,
    WANTED,
    Outgoing,
    notification_message,
    waiting_notification,
)
from oncedesk.http.shapes.timeline import timeline_shape
from oncedesk.storage.views.readers import Reader
from tests.specs.orders.test_preselling import CN, Presale
from tests.specs.remedies import promises
from tests.specs.remedies import test_disputing as disputes
from tests.specs.remedies import test_risk as risks
from tests.specs.remedies.goods import BACK, OUT, OUT_TOO, PLACE, SETTLING, Goods, by_rule
from tests.specs.remedies.shop import (
    AFTER_ANSWER,
    BY_CONSUMER,
    LISTING,
    MERCHANT,
    MERCHANT_DESK,
    ORDER,
    WHO,
    Shop,
)
from tests.specs.remedies.test_authorising import BEN
from tests.specs.remedies.test_changing import BLUE, LATE, LINE, RED, lapsed, to
from tests.specs.remedies.test_changing import town as changeable
from tests.specs.remedies.test_counter_offers import ASKED, PART, RETURN, offered
from tests.specs.remedies.test_routes import fail
from tests.specs.remedies.town import MINE
from tests.support.specs import START, Spec, after

REFUND = RemedyKind.REFUND
ORDER_LINK = "https://help.example.org/help/order/"


def left(spec: Spec, *, actor: Actor = SYSTEM) -> Sequence[Waiting]:
    """What leaves for the consumer because of what was done last."""
    to = RecipientKind.CONSUMER
    return [one for one in all_left(spec, actor) if one.notification.recipient.kind is to]


def left_for_desks(spec: Spec) -> Sequence[tuple[str, str, datetime | None]]:
    """What leaves for desks: what, to whom, and by when they have to act."""
    found = [
        one.notification
        for one in all_left(spec, SYSTEM)
        if one.notification.recipient.kind is RecipientKind.DESK
    ]
    assert all(one.leaves_at == spec.now for one in found)
    return [(one.kind.value, one.recipient.desk, one.deadline) for one in found]


def all_left(spec: Spec, actor: Actor) -> Sequence[Waiting]:
    happened = Happened(
        source=Ref(spec.decider.kind, 0, ORDER),
        before=None,
        after=spec.state,
        version=7,
        at=spec.now,
        decided_at=spec.now,
        actor=actor,
        events=spec.events(object),
        packs=spec.packs,
    )
    leaving = Outgoing((NOTIFICATION,))(happened)
    assert {one.topic for one in leaving} <= {WANTED}
    found = [waiting_notification(one.body) for one in leaving]
    assert [one.leaves_at for one in leaving] == [one.notification.leaves_at for one in found]
    return found


def message_of(one: Waiting) -> Any:
    """As it leaves."""
    assert one.order is not None
    link = Links("https://help.example.org/", "/c/{conversation}", "/d").to_order(
        one.notification.recipient, one.order
    )
    return msgspec.json.decode(
        notification_message(merge([one], at=one.notification.leaves_at), link=link)
    )


def asked() -> Shop:
    return Shop(AFTER_ANSWER).plain().asks(REFUND)


def test_a_refusal_is_told_with_until_when_one_can_object() -> None:
    shop = asked()
    refusing = RefuseRemedy(**WHO, remedy=1, reason="worn", facts=("sole_worn",))
    shop.when(refusing, by=MARKETPLACE).then_only(RemedyRefused)
    (one,) = left(shop)
    found = message_of(one)
    assert (found["kind"], found["about"]) == ("remedy_refused", str(ORDER))
    assert (found["link"], found["language"]) == (ORDER_LINK + str(ORDER), "zh-CN")
    assert "conversation" not in found
    assert one.notification.deadline == after(days=7)


def test_a_refusal_that_takes_nothing_back_is_not_told() -> None:
    """The platform bears what had been granted; for the consumer nothing changes."""
    made = disputes.before_platform()
    disputes.decides_alone(made, Outcome.GRANTED)
    disputes.sent(made, 10_000)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="swapped")
    made.when(objection, by=MARKETPLACE)
    disputes.decide(made, Outcome.REFUSED, BEN).then_only(DisputeDecided, DecisionReversed)
    assert left(made) == []


@pytest.mark.parametrize("case", [None, CaseLink(UUID(int=5), 2)])
def test_a_final_no_is_told_though_it_ends_the_remedy(case: CaseLink | None) -> None:
    made = disputes.before_platform(case=case)
    disputes.decide(made, Outcome.REFUSED).then_only(DisputeDecided)
    (told,) = notes(made)
    assert (told.notice, told.until) == (Notice.REMEDY_REFUSED, after(days=9))
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.CONSUMER, reason="look_again")
    made.when(objection, by=BY_CONSUMER)
    disputes.decide(made, Outcome.REFUSED, BEN).then_only(DisputeDecided, RemedyClosed)
    told = notes(made)[0]
    assert (told.notice, told.until) == (Notice.REMEDY_REFUSED, None)
    assert told.case == (0 if case is None else case.case)
    assert [(one.notification.kind, one.notification.deadline) for one in left(made)] == (
        [("remedy_refused", None)] if case is None else []
    )


@pytest.mark.parametrize("silent", [True, False])
def test_a_return_that_a_dispute_gives_is_told_with_until_when_it_is_sent(silent: bool) -> None:
    """Nobody looks at the screen on which it was asked for, also where a rule decides it."""
    returned = RemedyKind.RETURN_AND_REFUND
    if silent:
        made = disputes.disputed(kind=returned).wake_when_due()
    else:
        made = disputes.before_platform(kind=returned)
        disputes.decides_alone(made, Outcome.GRANTED)
    assert made.event(DisputeDecided).outcome is Outcome.GRANTED
    ship_back = made.state.live[0].clock(ClockKind.SHIP_BACK)
    granted = ("remedy_granted", ship_back.due_at)
    assert [(one.notification.kind, one.notification.deadline) for one in left(made)] == [granted]


def test_what_a_dispute_gives_is_told_before_the_case_that_it_was_decided_in_is_over() -> None:
    made = disputes.before_platform()
    disputes.decides_alone(made, Outcome.IN_PART, amount_minor=4_000)
    told = talk_of(made)
    assert [type(one) for one in told] == [NoteRemedy, NoteNeeds, NoteNeeds]
    assert (told[0].notice, told[0].amount_minor) == (Notice.REMEDY_GRANTED, 4_000)
    assert left(made) == [], "there is nothing to act upon"


def test_what_a_person_found_nothing_against_is_told_before_their_case_is_over() -> None:
    made = risks.kept()
    lift = LiftRisk(**WHO, remedy=1, reason="same_household")
    made.at(after(minutes=5)).when(lift, by=MARKETPLACE)
    assert made.event(RemedyApproved).by is DecidedBy.RULE
    told = talk_of(made)
    assert [type(one) for one in told] == [NoteRemedy, NoteNeeds]
    assert (told[0].notice, told[0].case) == (Notice.REMEDY_GRANTED, 0)


@pytest.mark.parametrize("side", Side)
def test_what_an_objection_gives_is_told_to_the_consumer_who_made_it(side: Side) -> None:
    made = disputes.before_platform()
    disputes.decides_alone(made, Outcome.IN_PART, amount_minor=4_000)
    disputes.sent(made, 4_000)
    made.when(ObjectToDecision(**WHO, remedy=1, side=side, reason="all_broken"), by=MARKETPLACE)
    disputes.decides_alone(made, Outcome.IN_PART, BEN, amount_minor=6_000)
    told = [(one.notice, one.amount_minor) for one in notes(made)]
    assert told == ([(Notice.REMEDY_GRANTED, 6_000)] if side is Side.CONSUMER else [])


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("outcome", [Outcome.REFUSED, None])
def test_whose_objection_changes_nothing_is_told_what_stands(
    side: Side, outcome: Outcome | None
) -> None:
    """Also where nobody has looked at it."""
    made = disputes.before_platform(kind=RemedyKind.RETURN_AND_REFUND)
    disputes.decides_alone(made, Outcome.IN_PART, amount_minor=4_000)
    ship_back = made.state.live[0].clock(ClockKind.SHIP_BACK)
    made.when(ObjectToDecision(**WHO, remedy=1, side=side, reason="all_broken"), by=MARKETPLACE)
    if outcome is None:
        while not made.events(DisputeDecided):
            made.wake_when_due()
    else:
        disputes.decide(made, outcome, BEN)
    assert made.event(DisputeDecided).final
    told = [(one.notice, one.amount_minor, one.until) for one in notes(made)]
    stands = (Notice.OBJECTION_REFUSED, 4_000, ship_back.due_at)
    assert told == ([stands] if side is Side.CONSUMER else [])
    found = [(one.notification.kind, one.notification.deadline) for one in left(made)]
    assert found == ([("objection_refused", ship_back.due_at)] if side is Side.CONSUMER else [])


def test_money_in_the_place_of_goods_is_told_before_it_is_sent() -> None:
    goods = Goods().granted(RemedyKind.RESEND)
    while not goods.events(RefundInstead):
        goods.wake_when_due()
    told = [(one.notice, one.amount_minor) for one in notes(goods)]
    assert told == [(Notice.REFUND_INSTEAD, 20_000)]
    assert left(goods) == [], "there is nothing to act upon"


def test_what_has_come_is_not_on_its_way() -> None:
    goods = Goods().granted(RemedyKind.RESEND).out()
    assert [one.notice for one in notes(goods)] == [Notice.GOODS_SENT]
    goods.out(OUT_TOO).scan("delivered", OUT_TOO).scan("returned", OUT)
    goods.out(OUT_TOO, instead_of=OUT)
    assert Notice.GOODS_SENT not in [one.notice for one in notes(goods)]


def test_a_label_is_told_with_until_when_a_courier_comes() -> None:
    goods = Goods().granted().label()
    assert [(one.notice, one.until) for one in notes(goods)] == [(Notice.RETURN_LABEL, None)]
    (one,) = left(goods)
    assert (one.notification.kind, one.notification.deadline) == ("return_label", None)
    slot = Slot(after(days=1), after(days=1, hours=2))
    goods.label(slot=slot)
    assert [(one.notice, one.until) for one in notes(goods)] == [
        (Notice.RETURN_LABEL, slot.ends_at)
    ]
    (one,) = left(goods)
    assert (one.notification.kind, one.notification.deadline) == ("return_label", slot.ends_at)
    assert left(goods.label(slot=slot)) == []


def test_until_when_it_is_answered_is_told_when_that_is_another_time() -> None:
    rule = replace(AFTER_ANSWER, on_silence=OnSilence.TAKE_OVER)
    made = Shop(rule).plain().asks(REFUND)
    made.when(AskHuman(**WHO, remedy=1), by=BY_CONSUMER)
    until = made.state.live[0].clock(ClockKind.ANSWER).due_at
    assert [(one.notice, one.until) for one in notes(made)] == [(Notice.REMEDY_ANSWER_BY, until)]
    assert left(made) == [], "there is nothing to act upon"
    made = Shop(rule).plain().asks(REFUND)
    for event in (RemedyTakenOver, AnswerOverdue):
        while not made.events(event):
            if event is AnswerOverdue and not made.state.live[0].human:
                made.when(AskHuman(**WHO, remedy=1), by=BY_CONSUMER)
            made.wake_when_due()
        until = made.state.live[0].clock(ClockKind.ANSWER).due_at
        told = [(one.notice, one.until) for one in notes(made)]
        assert told == [(Notice.REMEDY_ANSWER_BY, until)]


@pytest.mark.parametrize("side", Side)
def test_until_when_a_dispute_is_decided_is_told_to_the_consumer_who_waits(side: Side) -> None:
    made = disputes.disputed()
    shown = SubmitEvidence(**WHO, remedy=1, digests=(b"d" * 16,), side=Side.MERCHANT)
    made.when(shown, by=MARKETPLACE)
    made.wake_when_due().then_only(DecisionAsked)
    until = made.state.live[0].clock(ClockKind.DECISION).due_at
    answer_by = Notice.REMEDY_ANSWER_BY
    assert [(one.notice, one.until) for one in notes(made)] == [(answer_by, until)]
    made = disputes.before_platform()
    disputes.decides_alone(made, Outcome.IN_PART, amount_minor=4_000)
    made.when(ObjectToDecision(**WHO, remedy=1, side=side, reason="no"), by=MARKETPLACE)
    until = made.state.live[0].clock(ClockKind.DECISION).due_at
    told = [(one.notice, one.until) for one in notes(made)]
    assert told == ([(answer_by, until)] if side is Side.CONSUMER else [])


def test_an_offer_is_told_with_until_when_it_stands() -> None:
    (one,) = left(offered())
    assert (one.notification.kind, one.order) == ("remedy_offered", ORDER)


def test_whose_money_cannot_go_back_is_asked_where_to_until_somebody_else_is() -> None:
    shop = fail(Shop().plain().asks(RemedyKind.CANCEL))
    told = []
    for _ in range(3):
        told += [(one.notification.kind, one.notification.deadline) for one in left(shop)]
        shop.wake_when_due()
    assert told == [("route_wanted", after(days=3)), ("route_wanted", after(days=6))]


@pytest.mark.parametrize("kind", [RemedyKind.RETURN_AND_REFUND, REFUND])
def test_what_was_granted_later_is_told_where_something_has_to_be_sent_back(
    kind: RemedyKind,
) -> None:
    rule = replace(by_rule(kind.value), granted_by=GrantedBy.MERCHANT)
    shop = Shop(rule, settling=SETTLING).plain().arrived()
    shop.world[MERCHANT] = PartyState(
        party=MERCHANT,
        kind=PartyKind.MERCHANT,
        market="cn",
        places=(ReturnPlace(PLACE, b"address"),),
    )
    shop.asks(kind).at(after(hours=20))
    shop.when(GrantRemedy(**WHO, remedy=1), by=MARKETPLACE)
    assert shop.event(RemedyApproved).remedy == 1
    told = [(one.notification.kind, one.notification.deadline) for one in left(shop)]
    granted = ("remedy_granted", after(days=8, hours=20))
    assert told == ([granted] if kind.comes_back else [])


def test_an_offer_that_is_not_answered_is_told_of_once_more_and_when_it_is_in_dispute() -> None:
    shop = offered()
    (first,) = left(shop)
    (again,) = left(shop.wake_when_due().then_only(ClockWarned))
    assert again.notification.deadline == first.notification.deadline == after(days=2)
    assert again.notification.kind == first.notification.kind
    assert left_for_desks(shop) == []
    shop.wake_when_due()
    due_at = shop.event(DisputeOpened).clock.due_at
    (over,) = left(shop)
    assert (over.notification.kind, over.notification.deadline) == ("dispute_opened", due_at)
    assert left_for_desks(shop) == [("remedy_waits", str(MERCHANT_DESK), due_at)]


def test_in_a_case_the_offer_is_told_there_with_what_it_comes_to() -> None:
    case = CaseLink(UUID(int=5), 2)
    wish = Wish(kind=RETURN, reason="quality", lines=(WantedLine(1, 1, 1),))
    shop = Shop(ASKED).plain().arrived()
    shop.when(RequestRemedy(**WHO, wish=wish, case=case), by=BY_CONSUMER)
    shop.when(MakeCounterOffer(**WHO, remedy=1, wish=PART), by=MARKETPLACE)
    shop.wake_when_due().then_only(ClockWarned)
    (told,) = notes(shop)
    assert (told.case, told.notice, told.until) == (2, Notice.REMEDY_OFFERED, after(days=2))
    assert told.amount_minor == shop.state.live[0].counter_offer.amount_minor
    shop.wake_when_due()
    assert [(one.notice, one.runs) for one in notes(shop)] == [(Notice.DISPUTE_OPENED, True)]


def talk_of(spec: Spec) -> Sequence[Any]:
    """What conversations are asked for because of what was done last, in order."""
    return [
        one
        for event in spec.events(object)
        for one in reactions.commands(event, MINE, spec.state)
        if isinstance(one, NoteRemedy | NoteNeeds)
    ]


def notes(spec: Spec) -> Sequence[NoteRemedy]:
    """What is told in a case because of what was done last."""
    return [one for one in talk_of(spec) if isinstance(one, NoteRemedy)]


def test_goods_that_were_not_sent_back_are_told_of_before_and_after() -> None:
    goods = Goods().granted()
    told = []
    while goods.state.live and goods.state.live[0].clock(ClockKind.SHIP_BACK) is not None:
        goods.wake_when_due()
        told += [one.notification.kind for one in left(goods)]
    assert told == ["return_reminder", "return_missed"]


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("decided", [True, False])
def test_goods_can_still_be_sent_after_an_objection_that_outlasts_the_time_for_it(
    side: Side, decided: bool
) -> None:
    made = disputes.before_platform(kind=RemedyKind.RETURN_AND_REFUND)
    disputes.decides_alone(made, Outcome.IN_PART, amount_minor=4_000)
    ship_back = made.state.live[0].clock(ClockKind.SHIP_BACK)
    objection = ObjectToDecision(**WHO, remedy=1, side=side, reason="all_broken")
    made.at(ship_back.due_at - timedelta(days=1)).wake()
    made.when(objection, by=BY_CONSUMER if side is Side.CONSUMER else MARKETPLACE)
    decision = made.state.live[0].clock(ClockKind.DECISION)
    assert made.now < ship_back.due_at < decision.due_at
    made.at(ship_back.due_at).wake().then_only(ClosingPutOff)
    until = made.state.live[0].clock(ClockKind.SHIP_BACK).due_at
    assert until >= decision.due_at + timedelta(days=7)
    (one,) = left(made)
    assert (one.notification.kind, one.notification.deadline) == ("return_reminder", until)
    if decided:
        disputes.decides_alone(made, Outcome.GRANTED, BEN)
    else:
        made.at(decision.due_at).wake()
    assert made.event(DisputeDecided).final
    assert made.state.live[0].clock(ClockKind.SHIP_BACK).due_at == until
    made.at(until).wake().then_only(ReturnMissed)
    assert made.replayed() == made.state


def test_of_two_returns_that_run_out_the_earlier_end_is_told() -> None:
    goods = Goods()
    goods.granted(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 1))
    first = goods.one.clock(ClockKind.SHIP_BACK)
    goods.at(after(hours=1)).granted(RemedyKind.RETURN_AND_REFUND, WantedLine(1, 1, 1))
    second = goods.state.live[-1].clock(ClockKind.SHIP_BACK)
    assert first is not None
    assert second is not None
    assert first.due_at < second.due_at
    assert second.warn_at is not None
    goods.at(second.warn_at).wake().then_only(ClockWarned, ClockWarned)
    (one,) = left(goods)
    assert one.notification.deadline == first.due_at


def test_a_parcel_that_could_not_be_held_up_is_told_with_until_when_it_goes_back() -> None:
    goods = Goods()
    goods.arrived(delivered=False)
    goods.granted().arrived()
    command = NoteComingBack(
        **WHO, part=1, shipment=BACK, status=TrackingStatus.DELIVERED, happened_at=goods.now
    )
    goods.when(command, by=SYSTEM)
    (one,) = left(goods)
    assert (one.notification.kind, one.notification.deadline) == ("return_place", after(days=8))


def test_what_was_refused_runs_in_its_case_as_long_as_the_merchant_has_the_goods() -> None:
    link = CaseLink(UUID(int=5), 2)
    shop = Shop(AFTER_ANSWER).plain().asks(REFUND, case=link)
    shop.when(RefuseRemedy(**WHO, remedy=1, reason="worn", facts=("worn",)), by=MARKETPLACE)
    assert [(one.notice, one.runs) for one in notes(shop)] == [(Notice.REMEDY_REFUSED, False)]

    goods = Goods().granted(case=link).label().scan("delivered")
    goods.inspected(RefusedLine(1, 1, 2, "worn"))
    assert [(one.notice, one.runs) for one in notes(goods)] == [(Notice.REMEDY_REFUSED, True)]
    goods.does(OpenDispute, reason="not_worn")
    goods.does(DecideDispute, outcome=Outcome.REFUSED, reason="worn", basis="pictures")
    assert [(one.notice, one.runs) for one in notes(goods)] == [(Notice.REMEDY_REFUSED, True)]
    goods.does(TakeBack).out().scan("delivered", OUT).then_only(
        ParcelScanned, GoodsArrived, RemedyClosed
    )
    assert [(one.notice, one.runs) for one in notes(goods)] == [(None, False)]

    goods = Goods().granted(case=link).label().scan("delivered")
    goods.inspected(RefusedLine(1, 1, 1, "worn"))
    (rest,) = [one for one in notes(goods) if one.remedy == 2]
    assert (rest.notice, rest.runs) == (Notice.RETURN_REFUSED_IN_PART, True)


def test_what_turns_up_late_runs_in_its_case_again() -> None:
    goods = Goods().granted(case=CaseLink(UUID(int=5), 2)).label()
    goods.at(after(days=8)).wake()
    assert [(one.notice, one.runs) for one in notes(goods)] == [(Notice.RETURN_MISSED, False)]
    goods.scan("delivered")
    assert [(one.notice, one.runs) for one in notes(goods)] == [(Notice.RETURN_RECEIVED, True)]


def test_what_is_refused_for_good_runs_in_its_case_until_its_goods_are_back() -> None:
    goods = Goods().granted(case=CaseLink(UUID(int=5), 2)).label().scan("delivered")
    goods.inspected(RefusedLine(1, 1, 2, "worn"))
    goods.does(OpenDispute, reason="not_worn")
    goods.does(DecideDispute, outcome=Outcome.REFUSED, reason="worn", basis="pictures")
    goods.does(ObjectToDecision, side=Side.CONSUMER, reason="look_again")
    goods.wake_when_due().then_only(DisputeDecided, GoodsDue)
    assert [(one.notice, one.runs) for one in notes(goods)] == [(Notice.REMEDY_REFUSED, True)]
    goods.out().scan("delivered", OUT)
    assert [(one.notice, one.runs) for one in notes(goods)] == [(None, False)]


def test_of_money_in_several_refunds_each_is_told_once_with_what_it_is() -> None:
    part = OrderedPart(merchant=MERCHANT, items=(Item(LISTING, 10_000),))
    paid = (Payment("card", 6_000), Payment("voucher", 4_000))
    shop = Shop().placed(part, payments=paid)
    shop.asks(RemedyKind.CANCEL, case=CaseLink(UUID(int=5), 2))
    told = []
    for leg in reversed(shop.state.live[0].legs):
        sent: Any = {"amount_minor": leg.amount_minor, "currency": "CNY", "sent_at": shop.now}
        shop.when(ConfirmRefund(**WHO, remedy=1, leg=leg.number, **sent), by=MARKETPLACE)
        told += [(one.notice, one.amount_minor, one.method) for one in notes(shop)]
    assert told == [
        (Notice.REFUND_SENT, 4_000, "voucher"),
        (Notice.REFUND_SENT, 6_000, "card"),
    ]


def test_money_that_left_before_its_goods_were_back_is_told_once() -> None:
    goods = Goods(speed="at_scan").granted(case=CaseLink(UUID(int=5), 2)).label().scan("in_transit")
    goods.paid_out().then_only(RefundSent)
    assert [(one.notice, one.amount_minor) for one in notes(goods)] == [
        (Notice.REFUND_SENT, goods.one.amount_minor)
    ]
    goods.scan("delivered")
    told = [one.notice for one in notes(goods) if one.notice]
    assert told == [Notice.RETURN_RECEIVED, Notice.REMEDY_SETTLED]


def test_a_change_that_was_not_paid_is_told() -> None:
    (one,) = left(lapsed().mine)
    found = message_of(one)
    assert (found["kind"], found["about"]) == ("change_not_made", str(ORDER))


def test_a_change_that_came_too_late_is_told_once() -> None:
    one = changeable()
    one.holds_back = (ChangeOrder,)
    one.wish(RemedyKind.CHANGE_ITEMS, LINE, to=to(RED, 5_000), method="card_1")
    one.tell(CancelOrder(**WHO, at=START))
    one.let_through()
    assert [told.notification.kind for told in left(one.mine)] == ["change_not_made"]
    commands = [
        told
        for event in one.mine.events(object)
        for told in reactions.commands(event, MINE, one.mine.state)
    ]
    assert [told.notice for told in commands if isinstance(told, NoteRemedy)] == [
        Notice.CHANGE_NOT_MADE
    ]


def test_a_change_of_a_case_that_was_not_paid_is_told_there_and_does_not_run_any_more() -> None:
    case = CaseLink(UUID(int=5), 2)
    one = changeable()
    one.wish(RemedyKind.CHANGE_ITEMS, LINE, to=to(BLUE, 7_000), method="card_1", case=case)
    one.tell(FailCharge(**WHO, remedy=1, reason=ChargeFailure.DECLINED))
    assert left(one.mine) == [], "where a case is, that tells it"
    failed = one.mine.event(ChargeFailed)
    (told,) = reactions.commands(failed, MINE, one.mine.state)
    assert isinstance(told, NoteRemedy)
    assert (told.conversation, told.case, told.remedy) == (UUID(int=5), 2, 1)
    assert (told.notice, told.runs) == (Notice.CHANGE_NOT_MADE, False)


def test_the_timeline_says_that_it_was_not_paid_and_what_became_of_what_was_paid_late() -> None:
    one = lapsed()
    one.tell(LATE)
    assert steps(one.mine) == [
        ("requested", 0),
        ("approved", 0),
        ("charge_failed", 0),
        ("charged_late", 2_000),
        ("refund_asked", 2_000),
    ]


def steps(spec: Spec, *, in_person: bool = True) -> Sequence[tuple[str, int]]:
    """What the timeline of the first remedy says to its consumer, or to a desk."""
    told = timeline_shape(
        [event for event in spec.journal if isinstance(event, OfRemedy)],
        remedy=1,
        currency="CNY",
        in_person=in_person,
        reader=Reader(BY_CONSUMER if in_person else SYSTEM),
        bases={},
    )
    return [(step.what, step.amount_minor) for step in told.steps]


def test_who_bears_it_in_the_place_of_whom_is_for_desks() -> None:
    """Nothing is taken from the consumer, to whom the sum would look so."""
    made = disputes.before_platform()
    disputes.decides_alone(made, Outcome.GRANTED)
    objection = ObjectToDecision(**WHO, remedy=1, side=Side.MERCHANT, reason="swapped")
    made.when(objection, by=MARKETPLACE)
    disputes.decide(made, Outcome.REFUSED, BEN).then_only(DisputeDecided, DecisionReversed)
    assert steps(made)[-1] == ("decided", 0)
    assert steps(made, in_person=False)[-1] == ("reversed", 10_000)


def test_what_was_given_without_being_asked_was_not_asked_for() -> None:
    shop = promises.breaks(promises.shop_with(promises.LATE).plain(), "late_shipping")
    for in_person in (True, False):
        assert [what for what, _ in steps(shop, in_person=in_person)] == ["compensated"]


def test_what_is_not_given_after_all_does_not_stand_as_given() -> None:
    shop = promises.breaks(promises.shop_with(promises.LATE).plain(), "late_shipping")
    promises.takes_back(shop, "late_shipping").then_only(CompensationVoided)
    assert [what for what, _ in steps(shop)] == ["compensated", "withdrawn"]


def test_what_a_consumer_did_and_what_desks_are_warned_of_tells_them_nothing() -> None:
    shop = asked()
    assert left(shop, actor=BY_CONSUMER) == []
    shop.wake_when_due().then_only(ClockWarned)
    assert left(shop) == []


def test_a_merchant_hears_of_what_is_asked_of_it_and_once_more_before_its_silence_answers() -> None:
    shop = asked()
    clock = shop.state.live[0].clock(ClockKind.ANSWER)
    assert clock.warn_at is not None
    assert left_for_desks(shop) == [("remedy_waits", str(MERCHANT_DESK), clock.due_at)]
    (one,) = all_left(shop, BY_CONSUMER)
    found = message_of(one)
    assert (found["link"], found["about"]) == ("https://help.example.org/desk", str(ORDER))
    assert found["desks"] == [str(MERCHANT_DESK)]
    shop.wake_when_due().then_only(ClockWarned)
    assert left_for_desks(shop) == [("clock_warning", str(MERCHANT_DESK), clock.due_at)]


def test_a_merchant_hears_of_a_dispute_of_what_it_refused() -> None:
    made = disputes.disputed()
    due_at = made.event(DisputeOpened).clock.due_at
    assert left_for_desks(made) == [("remedy_waits", str(MERCHANT_DESK), due_at)]


def test_a_merchant_hears_that_goods_wait_for_a_place_for_it_to_look_and_to_be_sent() -> None:
    goods = Goods(placed=False).granted(RemedyKind.EXCHANGE)
    place = goods.one.clock(ClockKind.RETURN_PLACE)
    assert place is not None
    assert left_for_desks(goods) == [("remedy_waits", str(MERCHANT_DESK), place.due_at)]
    goods = Goods().granted(RemedyKind.EXCHANGE)
    assert left_for_desks(goods) == []
    goods.does(ConfirmReceipt)
    looks = goods.one.clock(ClockKind.INSPECTION)
    assert looks is not None
    assert left_for_desks(goods) == [("remedy_waits", str(MERCHANT_DESK), looks.due_at)]
    goods.wake_when_due().then_only(ClockWarned)
    assert left_for_desks(goods) == [("clock_warning", str(MERCHANT_DESK), looks.due_at)]
    goods.inspected()
    sends = goods.one.clock(ClockKind.SHIP_OUT)
    assert sends is not None
    assert left_for_desks(goods) == [("remedy_waits", str(MERCHANT_DESK), sends.due_at)]


def test_nobody_at_a_desk_hears_of_what_a_rule_grants_or_comes_to_the_platform_as_a_case() -> None:
    assert left_for_desks(Shop().plain().asks(RemedyKind.CANCEL)) == []
    assert left_for_desks(disputes.before_platform()) == []


def test_the_rest_of_a_presale_is_told_of_by_day_in_their_language() -> None:
    midnight = datetime(2025, 3, 13, 15, 59, tzinfo=UTC)  # 23:59 in the market.
    terms = PresaleTerms(
        deposit_minor=1_000, final_minor=9_000, pay_from=after(days=5), pay_until=midnight
    )
    presale = Presale(CN).placed(terms)
    presale.wake_when_due().then_only(FinalPaymentReminded)
    (one,) = left(presale)
    assert presale.now == datetime(2025, 3, 12, 15, 59, tzinfo=UTC)
    assert one.notification.leaves_at == datetime(2025, 3, 13, 0, 0, tzinfo=UTC)
    found = message_of(one)
    assert (found["kind"], found["language"]) == ("final_payment", "zh-CN")
    assert found["link"].startswith(ORDER_LINK)


@pytest.mark.parametrize(
    ("by", "told"),
    [
        (PresaleEnd.UNPAID, ["presale_ended"]),
        (PresaleEnd.MERCHANT, ["presale_ended"]),
        (PresaleEnd.CONSUMER, []),
    ],
)
def test_that_a_presale_ended_is_told_unless_they_ended_it_themselves(
    by: PresaleEnd, told: list[str]
) -> None:
    presale = Presale(CN).placed()
    if by is PresaleEnd.UNPAID:
        presale.wake_when_due().wake_when_due()
    else:
        presale.ends(by)
    presale.then_only(PresaleEnded)
    found = left(presale, actor=MARKETPLACE)
    assert [one.notification.kind for one in found] == told
    assert all(message_of(one)["link"].startswith(ORDER_LINK) for one in found)


def test_what_would_be_too_late_in_the_morning_leaves_at_night() -> None:
    early = datetime(2025, 3, 12, 23, 0, tzinfo=UTC)  # Seven in the morning in the market.
    terms = PresaleTerms(
        deposit_minor=1_000,
        final_minor=9_000,
        pay_from=datetime(2025, 3, 12, 18, 0, tzinfo=UTC),
        pay_until=early,
    )
    presale = Presale(CN).placed(terms)
    presale.wake_when_due().then_only(FinalPaymentReminded)
    (one,) = left(presale)
    assert one.notification.leaves_at == presale.now
