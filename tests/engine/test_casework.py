"""From a case that nobody answered to the money and the words about it, through a real database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from oncedesk.domain.agents.messages import (
    DeskRole,
    JoinDesk,
    Presence,
    RegisterAgent,
    SetCapacity,
    SetPresence,
    SetSkills,
)
from oncedesk.domain.conversations.messages import (
    Audience,
    ConsumerTold,
    Decided,
    Notice,
    PostMessage,
)
from oncedesk.domain.conversations.state import Conversation
from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.desks.messages import OpenDesk
from oncedesk.domain.orders.messages import Item, OrderedPart, Payment, PlaceOrder
from oncedesk.domain.remedies.messages.asking import RequestRemedy, Wish, WithdrawRemedy
from oncedesk.domain.remedies.messages.refunding import ConfirmRefund
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import CaseLink, RefundStatus, RemedyKind, Status
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, Kind, Ref, remedies_ref
from oncedesk.engine.instants import SimulatedClock, settle
from tests.support.engines import Rig, consumer, contact, engine_on, party

MORNING = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
ORDER, MERCHANT, LISTING = UUID(int=0x0D), UUID(int=0x3E), UUID(int=0x11)
DESK, AGENT = Desk(DeskKind.MERCHANT, MERCHANT), UUID(int=7)
SUBJECT = Subject(SubjectKind.ORDER, ORDER, 1)
PAID_MINOR = 12_300
WAKES_MAX = 40


async def state_of(rig: Rig, ref: Ref) -> Any:
    return (await rig.store.load([ref]))[ref.id].state


async def told(rig: Rig, conversation: UUID) -> list[ConsumerTold]:
    """What the consumer was told, in order."""
    return [one for one in await happened(rig, conversation) if isinstance(one, ConsumerTold)]


async def happened(rig: Rig, conversation: UUID) -> list[Any]:
    rows = await rig.pool.fetch(
        "SELECT events FROM journal WHERE stream = $1 ORDER BY version", conversation
    )
    return [one for row in rows for one in rig.codec.events(Kind.CONVERSATION, row[0])]


def bought(buyer: UUID, category: str = "") -> PlaceOrder:
    """One item of this merchant's, paid by card."""
    item = Item(LISTING, PAID_MINOR, 1, category=category)
    return PlaceOrder(
        consumer=buyer,
        order=ORDER,
        market="cn",
        placed_at=MORNING,
        timezone="Asia/Shanghai",
        currency="CNY",
        parts=(OrderedPart(merchant=MERCHANT, items=(item,)),),
        payments=(Payment("card", PAID_MINOR, "card-1"),),
    )


async def staffed(rig: Rig) -> None:
    """The merchant's desk, with somebody there who says a word and does nothing."""
    commands: list[Any] = [
        OpenDesk(desk=DESK, market="cn", languages=("zh",)),
        RegisterAgent(agent=AGENT),
        JoinDesk(agent=AGENT, desk=DESK, role=DeskRole.AGENT, starts_at=MORNING),
        SetSkills(agent=AGENT, skills=("refunds",), languages=("zh",)),
        SetCapacity(agent=AGENT, capacity=3),
        SetPresence(agent=AGENT, presence=Presence.AVAILABLE),
    ]
    for command in commands:
        assert (await rig.submit(command)).accepted
    await rig.engine.watch.run()


async def spoken(rig: Rig, buyer: UUID, conversation: UUID) -> None:
    """Somebody at the merchant's desk says a word."""
    word = PostMessage(
        consumer=buyer,
        conversation=conversation,
        case=1,
        agent=AGENT,
        audience=Audience.CONSUMER,
        digest=b"0123456789abcdef",
        length=4,
    )
    said = await rig.submit(word, actor=Actor(role=Role.AGENT, id=AGENT))
    assert said.accepted, said


async def decided(rig: Rig, clock: SimulatedClock, conversation: UUID) -> None:
    """Nobody does anything until the rule decides."""
    for _ in range(WAKES_MAX):
        if any(isinstance(one, Decided) for one in await happened(rig, conversation)):
            return
        wake = await rig.store.next_wake()
        assert wake is not None
        clock.jump(max(wake, clock()))
        await settle(rig.engine)
    raise AssertionError("nothing was decided")


async def test_a_case_that_nobody_answers_ends_with_the_money_and_a_word_about_it(url: str) -> None:
    clock = SimulatedClock(MORNING)
    buyer = party(1)
    conversation = conversation_id(consumer=buyer, subject=SUBJECT)
    async with engine_on(url, clock=clock) as rig:
        await staffed(rig)
        assert (await rig.submit(bought(buyer), actor=MARKETPLACE)).accepted
        asked = await rig.submit(contact(1, subject=SUBJECT), actor=consumer(1))
        assert asked.accepted, asked
        await settle(rig.engine)
        await spoken(rig, buyer, conversation)
        await decided(rig, clock, conversation)
        await settle(rig.engine)

        ref = remedies_ref(consumer=buyer, order=ORDER)
        books = await state_of(rig, ref)
        assert isinstance(books, Remedies)
        (remedy,) = books.live
        assert (remedy.status, remedy.refund) == (Status.SETTLING, RefundStatus.REQUESTED)
        assert (remedy.amount_minor, remedy.case) == (PAID_MINOR, CaseLink(conversation, 1))
        talked = await state_of(rig, Ref(Kind.CONVERSATION, ref.bucket, conversation))
        assert isinstance(talked, Conversation)
        (case,) = talked.cases
        assert case.remedies == (1,)
        before = case.clocks[0].due_at

        clock.jump(clock() + timedelta(minutes=5))
        confirm = ConfirmRefund(
            consumer=buyer,
            order=ORDER,
            remedy=1,
            leg=remedy.legs[0].number,
            amount_minor=PAID_MINOR,
            currency="CNY",
            sent_at=clock(),
        )
        for _ in range(2):
            assert (await rig.submit(confirm, actor=MARKETPLACE)).accepted
            await settle(rig.engine)

        notices = [(one.notice, one.amount_minor) for one in await told(rig, conversation)]
        assert notices[-3:] == [
            (Notice.DECIDED, 0),
            (Notice.REMEDY_GRANTED, PAID_MINOR),
            (Notice.REFUND_SENT, PAID_MINOR),
        ]
        talked = await state_of(rig, Ref(Kind.CONVERSATION, ref.bucket, conversation))
        (case,) = talked.cases
        assert case.remedies == ()
        assert before is not None
        assert case.clocks[0].due_at == clock() + timedelta(days=7) > before
        assert await rig.pool.fetchval("SELECT count(*) FROM parked") == 0
        await rig.assert_replays()


async def test_what_no_rule_gives_for_a_case_comes_to_a_person(url: str) -> None:
    """Made for this consumer and not sent yet: its merchant's silence does not take it back."""
    clock = SimulatedClock(MORNING)
    buyer = party(1)
    conversation = conversation_id(consumer=buyer, subject=SUBJECT)
    async with engine_on(url, clock=clock) as rig:
        await staffed(rig)
        assert (await rig.submit(bought(buyer, "custom_made"), actor=MARKETPLACE)).accepted
        said = contact(1, subject=SUBJECT, issue="refund")
        assert (await rig.submit(said, actor=consumer(1))).accepted
        await settle(rig.engine)
        await spoken(rig, buyer, conversation)
        await decided(rig, clock, conversation)
        await settle(rig.engine)
        ref = remedies_ref(consumer=buyer, order=ORDER)
        assert (await state_of(rig, ref)).live == ()
        talked = await state_of(rig, Ref(Kind.CONVERSATION, ref.bucket, conversation))
        first, second = talked.cases
        assert (first.is_open, second.is_open, second.owner) == (False, True, PLATFORM)
        notices = [one.notice for one in await told(rig, conversation)]
        assert notices[-3:] == [Notice.DECIDED, Notice.ANSWER_BY, Notice.TAKEN_OVER]

        about: Any = {"consumer": buyer, "order": ORDER}
        wish = Wish(kind=RemedyKind.CANCEL, reason="changed_mind")
        for command in (RequestRemedy(**about, wish=wish), WithdrawRemedy(**about, remedy=1)):
            done = await rig.submit(command, actor=consumer(1))
            assert done.accepted, done
            await settle(rig.engine)
        talked = await state_of(rig, Ref(Kind.CONVERSATION, ref.bucket, conversation))
        assert talked.cases[1].is_open
        assert await rig.pool.fetchval("SELECT count(*) FROM parked") == 0
        await rig.assert_replays()


@pytest.mark.parametrize("talks", [True, False])
async def test_money_of_no_case_is_told_where_its_part_is_talked_about(
    url: str, talks: bool
) -> None:
    clock = SimulatedClock(MORNING)
    buyer = party(1)
    conversation = conversation_id(consumer=buyer, subject=SUBJECT)
    about: Any = {"consumer": buyer, "order": ORDER}
    async with engine_on(url, clock=clock) as rig:
        assert (await rig.submit(bought(buyer), actor=MARKETPLACE)).accepted
        wish = Wish(kind=RemedyKind.CANCEL, reason="changed_mind")
        await rig.submit(RequestRemedy(**about, wish=wish), actor=consumer(1))
        if talks:
            await rig.submit(contact(1, subject=SUBJECT), actor=consumer(1))
        sent: Any = {"amount_minor": PAID_MINOR, "currency": "CNY", "sent_at": clock()}
        confirm = ConfirmRefund(**about, remedy=1, leg=1, **sent)
        assert (await rig.submit(confirm, actor=MARKETPLACE)).accepted
        await settle(rig.engine)
        notices = [one.notice for one in await told(rig, conversation)]
        assert (Notice.REFUND_SENT in notices) is talks
        assert await rig.pool.fetchval("SELECT count(*) FROM parked") == 0
        await rig.assert_replays()
