"""What an agent's authority counts, and gives back where something else came first."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from oncedesk.domain.agents.messages import (
    DeskRole,
    JoinDesk,
    Presence,
    RegisterAgent,
    SetPresence,
    SetSkills,
)
from oncedesk.domain.conversations.messages import ClosingReason, Origin
from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.desks.messages import OpenDesk
from oncedesk.domain.orders.messages import Item, OrderedPart, Payment, PlaceOrder
from oncedesk.domain.remedies.messages.asking import (
    DeclineCounterOffer,
    GrantRemedy,
    MakeCounterOffer,
    RequestRemedy,
    Wish,
    WithdrawRemedy,
)
from oncedesk.domain.remedies.messages.authorising import ApproveGrant
from oncedesk.domain.remedies.words import RemedyKind, Status
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.domain.shared.refs import (
    PLATFORM,
    agent_ref,
    conversation_ref,
    party_ref,
    remedies_ref,
)
from oncedesk.engine.instants import SimulatedClock, settle
from oncedesk.engine.reactions import REACTIONS, Late, Reactions
from tests.support.engines import Rig, consumer, engine_on, party

MORNING = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
ORDER, AGENT = UUID(int=0x0D), UUID(int=7)
GIFT_MINOR = 500


async def test_a_gift_that_is_granted_twice_at_once_counts_once(url: str) -> None:
    buyer, who = party(1), Actor(role=Role.AGENT, id=AGENT)
    about: Any = {"consumer": buyer, "order": ORDER}
    async with engine_on(url, clock=SimulatedClock(MORNING)) as rig:
        part = OrderedPart(merchant=None, items=(Item(UUID(int=0x11), 12_300, 1),))
        order = PlaceOrder(
            **about,
            market="cn",
            placed_at=MORNING,
            timezone="Asia/Shanghai",
            currency="CNY",
            parts=(part,),
            payments=(Payment("card", 12_300, "card-1"),),
        )
        wish = Wish(kind=RemedyKind.COMPENSATION, reason="sorry", amount_minor=GIFT_MINOR)
        for command, actor in (
            (RegisterAgent(agent=AGENT), MARKETPLACE),
            (
                JoinDesk(agent=AGENT, desk=PLATFORM, role=DeskRole.AGENT, starts_at=MORNING),
                MARKETPLACE,
            ),
            (order, MARKETPLACE),
            (RequestRemedy(**about, wish=wish, agent=AGENT, goodwill=True), who),
        ):
            assert (await rig.submit(command, actor=actor)).accepted
        grant = GrantRemedy(**about, remedy=1, agent=AGENT)
        assert all(one.accepted for one in await rig.all([grant, grant], actor=who))
        await settle(rig.engine)

        refs = (remedies_ref(**about), agent_ref(AGENT), party_ref(buyer))
        states = await rig.store.load(refs)
        remedies, agent, consumer = (states[ref.id].state for ref in refs)
        assert remedies.live[0].status is Status.SETTLING
        assert [one.minor for one in agent.spent] == [GIFT_MINOR]
        assert [one.minor for one in consumer.gifts] == [GIFT_MINOR]
        assert await rig.pool.fetchval("SELECT count(*) FROM reaction") == 0
        await rig.assert_replays()


async def test_an_offer_counts_while_it_stands_and_no_more_once_it_was_declined(url: str) -> None:
    buyer, who = party(1), Actor(role=Role.AGENT, id=AGENT)
    about: Any = {"consumer": buyer, "order": ORDER}
    async with engine_on(url, clock=SimulatedClock(MORNING)) as rig:
        await worker(rig, AGENT)
        order = PlaceOrder(
            **about,
            market="cn",
            placed_at=MORNING,
            timezone="Asia/Shanghai",
            currency="CNY",
            parts=(OrderedPart(merchant=None, items=(Item(UUID(int=0x11), 12_300, 1),)),),
            payments=(Payment("card", 12_300, "card-1"),),
        )
        assert (await rig.submit(order, actor=MARKETPLACE)).accepted
        asked = RequestRemedy(
            **about, wish=Wish(kind=RemedyKind.CANCEL, reason="changed_mind"), human=True
        )
        assert (await rig.submit(asked, actor=consumer(1))).accepted
        less = Wish(kind=RemedyKind.REFUND, reason="late", amount_minor=GIFT_MINOR)
        offer = MakeCounterOffer(**about, remedy=1, wish=less, agent=AGENT)
        assert (await rig.submit(offer, actor=who)).accepted
        await settle(rig.engine)

        refs = (remedies_ref(**about), agent_ref(AGENT), party_ref(buyer))
        states = await rig.store.load(refs)
        remedies, agent, gifted = (states[ref.id].state for ref in refs)
        assert remedies.live[0].counter_offer.amount_minor == GIFT_MINOR
        assert [one.minor for one in agent.spent] == [GIFT_MINOR]
        assert [one.minor for one in gifted.gifts] == [GIFT_MINOR]

        declined = DeclineCounterOffer(**about, remedy=1)
        assert (await rig.submit(declined, actor=consumer(1))).accepted
        await settle(rig.engine)
        states = await rig.store.load(refs)
        remedies, agent, gifted = (states[ref.id].state for ref in refs)
        assert remedies.live[0].disputed
        assert agent.spent == ()
        assert gifted.gifts == ()
        assert await rig.pool.fetchval("SELECT count(*) FROM reaction") == 0
        assert await rig.pool.fetchval("SELECT count(*) FROM parked") == 0
        await rig.assert_replays()


async def test_what_was_decided_long_ago_calls_nobody_when_the_reactions_come_late(
    url: str,
) -> None:
    buyer = party(1)
    before = Reactions(one for one in REACTIONS if one.late is Late.AS_IT_WAS)
    orders = {number: UUID(int=0x0D + number) for number in (1, 2)}
    clock = SimulatedClock(MORNING)
    async with engine_on(url, clock=clock, reactions=before) as rig:
        assert (await rig.submit(OpenDesk(desk=PLATFORM, market="cn", languages=("zh",)))).accepted
        for number, order in orders.items():
            placed = PlaceOrder(
                consumer=buyer,
                order=order,
                market="cn",
                placed_at=MORNING,
                timezone="Asia/Shanghai",
                currency="CNY",
                parts=(OrderedPart(merchant=None, items=(Item(UUID(int=0x11), 500, 1),)),),
                payments=(Payment("card", 500, f"card-{number}"),),
            )
            wish = Wish(kind=RemedyKind.CANCEL, reason="changed_mind")
            asked = RequestRemedy(consumer=buyer, order=order, wish=wish, human=True)
            assert (await rig.submit(placed, actor=MARKETPLACE)).accepted
            assert (await rig.submit(asked, actor=consumer(1))).accepted
        decided = GrantRemedy(consumer=buyer, order=orders[1], remedy=1)
        assert (await rig.submit(decided, actor=MARKETPLACE)).accepted
        await settle(rig.engine)
    async with engine_on(url, clock=clock, reactions=REACTIONS) as rig:
        while await rig.backfill.page():
            pass
        await settle(rig.engine)
        talks = [
            conversation_ref(
                consumer=buyer,
                conversation=conversation_id(
                    consumer=buyer, subject=Subject(SubjectKind.ORDER, order, 1)
                ),
            )
            for order in orders.values()
        ]
        states = await rig.store.load(talks)
        cases = [states[ref.id].state.cases if ref.id in states else () for ref in talks]
        assert [[one.origin for one in found] for found in cases] == [[], [Origin.REMEDY]]


async def worker(rig: Rig, agent: UUID, role: DeskRole = DeskRole.AGENT) -> None:
    """Somebody at the platform's desk who takes work."""
    commands: list[Any] = [
        RegisterAgent(agent=agent),
        JoinDesk(agent=agent, desk=PLATFORM, role=role, starts_at=MORNING),
        SetSkills(agent=agent, skills=("refunds",), languages=("zh",)),
        SetPresence(agent=agent, presence=Presence.AVAILABLE),
    ]
    for command in commands:
        assert (await rig.submit(command)).accepted


async def test_what_waits_for_a_person_is_given_to_one_and_the_second_is_another(url: str) -> None:
    buyer, boss = party(1), UUID(int=8)
    about: Any = {"consumer": buyer, "order": ORDER}
    conversation = conversation_id(consumer=buyer, subject=Subject(SubjectKind.ORDER, ORDER, 1))
    talk = conversation_ref(consumer=buyer, conversation=conversation)
    async with engine_on(url, clock=SimulatedClock(MORNING)) as rig:
        assert (await rig.submit(OpenDesk(desk=PLATFORM, market="cn", languages=("zh",)))).accepted
        await worker(rig, AGENT)
        item = Item(UUID(int=0x11), 5_000_000, 1)
        order = PlaceOrder(
            **about,
            market="cn",
            placed_at=MORNING,
            timezone="Asia/Shanghai",
            currency="CNY",
            parts=(OrderedPart(merchant=None, items=(item,)),),
            payments=(Payment("card", 5_000_000, "card-1"),),
        )
        assert (await rig.submit(order, actor=MARKETPLACE)).accepted
        wish = Wish(kind=RemedyKind.CANCEL, reason="changed_mind")
        asked = RequestRemedy(**about, wish=wish, human=True)
        assert (await rig.submit(asked, actor=consumer(1))).accepted
        await settle(rig.engine)
        (case,) = (await rig.store.load([talk]))[talk.id].state.cases
        assert (case.owner, case.agent, case.origin) == (PLATFORM, AGENT, Origin.REMEDY)

        grant = GrantRemedy(**about, remedy=1, agent=AGENT)
        assert (await rig.submit(grant, actor=Actor(role=Role.AGENT, id=AGENT))).accepted
        await settle(rig.engine)
        (_, second) = (await rig.store.load([talk]))[talk.id].state.cases
        assert (second.owner, second.agent, second.barred) == (PLATFORM, None, AGENT)

        await worker(rig, boss, DeskRole.SUPERVISOR)
        await settle(rig.engine)
        (_, second) = (await rig.store.load([talk]))[talk.id].state.cases
        assert second.agent == boss

        stands_by = ApproveGrant(**about, remedy=1, agent=boss)
        assert (await rig.submit(stands_by, actor=Actor(role=Role.AGENT, id=boss))).accepted
        await settle(rig.engine)
        # Too much for the second person as well: that case is over, the first still waits.
        first, second = (await rig.store.load([talk]))[talk.id].state.cases
        assert (first.is_open, first.agent) == (True, AGENT)
        assert second.closing is ClosingReason.DECIDED_ELSEWHERE
        states = await rig.store.load([agent_ref(boss), agent_ref(AGENT)])
        assert states[agent_ref(boss).id].state.held == ()
        assert [one.case for one in states[agent_ref(AGENT).id].state.held] == [1]

        withdrawn = WithdrawRemedy(**about, remedy=1)
        assert (await rig.submit(withdrawn, actor=consumer(1))).accepted
        await settle(rig.engine)
        first, _ = (await rig.store.load([talk]))[talk.id].state.cases
        assert first.closing is ClosingReason.DECIDED_ELSEWHERE
        states = await rig.store.load([agent_ref(AGENT)])
        assert states[agent_ref(AGENT).id].state.held == ()
        assert await rig.pool.fetchval("SELECT count(*) FROM parked") == 0
        await rig.assert_replays()
        assert await rig.pool.fetchval("SELECT count(*) FROM reaction") == 0
