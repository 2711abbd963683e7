"""What is foreseen is what happens then, and foreseeing changes nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from oncedesk.domain.conversations.messages import Decided
from oncedesk.domain.conversations.subjects import conversation_id
from oncedesk.domain.remedies.messages.asking import (
    GrantRemedy,
    RefuseRemedy,
    RemedyApproved,
    RemedyRefused,
    RequestRemedy,
    Wish,
)
from oncedesk.domain.remedies.words import RemedyKind
from oncedesk.domain.shared.decider import MARKETPLACE, Actor, Role
from oncedesk.domain.shared.refs import Kind, Ref, remedies_ref
from oncedesk.engine.foreseeing import Foreseen, Supposed, woken
from oncedesk.engine.instants import SimulatedClock, settle
from oncedesk.engine.submission import Status, Submission
from tests.engine.test_casework import (
    AGENT,
    MERCHANT,
    MORNING,
    ORDER,
    PAID_MINOR,
    SUBJECT,
    bought,
    happened,
    spoken,
    staffed,
    state_of,
)
from tests.support.engines import Rig, builtin_packs, consumer, contact, engine_on, party

BUYER = party(1)
CONVERSATION = conversation_id(consumer=BUYER, subject=SUBJECT)
REMEDIES = remedies_ref(consumer=BUYER, order=ORDER)
CASES = Ref(Kind.CONVERSATION, REMEDIES.bucket, CONVERSATION)
BY_AGENT = Actor(role=Role.AGENT, id=AGENT)


@asynccontextmanager
async def shop(url: str, clock: SimulatedClock, *, category: str = "") -> AsyncIterator[Rig]:
    """Somebody bought something, and asks where it is."""
    async with engine_on(url, clock=clock) as rig:
        await staffed(rig)
        assert (await rig.submit(bought(BUYER, category), actor=MARKETPLACE)).accepted
        assert (await rig.submit(contact(1, subject=SUBJECT), actor=consumer(1))).accepted
        await settle(rig.engine)
        yield rig


async def foreseen(rig: Rig, *supposed: Supposed) -> list[list[Foreseen]]:
    """What would be, after making sure that asking has written nothing."""
    before = await rig.pool.fetchval("SELECT count(*) FROM journal")
    packs = builtin_packs().at(rig.engine.clock())
    found = await rig.engine.foresight.foresee(supposed, packs=packs)
    assert await rig.pool.fetchval("SELECT count(*) FROM journal") == before
    assert await rig.pool.fetchval("SELECT count(*) FROM parked") == 0
    return [list(one) for one in found]


def cancels() -> RequestRemedy:
    """Made to order: the merchant has to agree."""
    wish = Wish(kind=RemedyKind.CANCEL, reason="changed_mind", part=1)
    return RequestRemedy(consumer=BUYER, order=ORDER, wish=wish)


def given(rig: Rig, command: Any, key: str = "supposed", **more: Any) -> Submission:
    return rig.engine.entry.submission(command, principal="tests", key=key, actor=BY_AGENT, **more)


async def test_silence_is_foreseen_as_it_happens(url: str) -> None:
    clock = SimulatedClock(MORNING)
    async with shop(url, clock) as rig:
        await spoken(rig, BUYER, CONVERSATION)
        for _ in range(40):
            (case,) = (await state_of(rig, CASES)).cases
            ((seen,),) = await foreseen(rig, woken(CASES, at=case.due_at))
            known = len(await happened(rig, CONVERSATION))
            clock.jump(case.due_at)
            await settle(rig.engine)
            then = [type(one) for one in (await happened(rig, CONVERSATION))[known:]]
            told = [type(one) for one in seen.answer.events]
            # What was told to the case afterwards of its remedies is no part of it.
            assert then[: len(told)] == told != []
            if Decided in told:
                break
            assert not any(isinstance(one, RemedyApproved) for one in seen.events)
        else:
            raise AssertionError("nothing was decided")
        approved = [one for one in seen.events if isinstance(one, RemedyApproved)]
        assert [one.amount_minor for one in approved] == [PAID_MINOR]
        assert [share.party for share in approved[0].shares] == [MERCHANT]
        (remedy,) = (await state_of(rig, REMEDIES)).live
        assert (remedy.amount_minor, remedy.shares) == (PAID_MINOR, approved[0].shares)


async def test_suppositions_know_nothing_of_each_other_and_commands_of_the_earlier(
    url: str,
) -> None:
    clock = SimulatedClock(MORNING)
    async with shop(url, clock, category="custom_made") as rig:
        asked = await rig.submit(cancels(), actor=consumer(1))
        assert asked.accepted, asked
        await settle(rig.engine)
        grant = GrantRemedy(consumer=BUYER, order=ORDER, remedy=1, agent=AGENT)
        refuse = RefuseRemedy(
            consumer=BUYER, order=ORDER, remedy=1, agent=AGENT, reason="no", facts=("seen",)
        )
        both = Supposed((given(rig, grant), given(rig, refuse, "2")), clock())
        alone = Supposed((given(rig, refuse),), clock())
        (granted, after), (refused,) = await foreseen(rig, both, alone)
        assert any(isinstance(one, RemedyApproved) for one in granted.events)
        assert (after.answer.status, after.answer.code) == (Status.REFUSED, "not_allowed")
        assert after.events == ()
        assert [type(one) for one in refused.events] == [RemedyRefused]
        unknown = GrantRemedy(consumer=BUYER, order=UUID(int=9), remedy=1, agent=AGENT)
        stranger = Supposed((given(rig, unknown),), clock())
        stale = Supposed((given(rig, grant, expected_version=7),), clock())
        (gone,), (old,) = await foreseen(rig, stranger, stale)
        assert not gone.answer.accepted
        assert old.answer.code == "stale_version"
        assert (await rig.submit(grant, actor=BY_AGENT)).accepted


async def test_what_is_foreseen_of_an_order_that_two_were_given_is_of_each_ones_own(
    url: str,
) -> None:
    clock = SimulatedClock(MORNING)
    async with shop(url, clock, category="custom_made") as rig:
        other = party(2)
        assert (await rig.submit(bought(other, "custom_made"), actor=MARKETPLACE)).accepted
        assert (await rig.submit(cancels(), actor=consumer(1))).accepted
        await settle(rig.engine)
        supposed = [
            Supposed(
                (given(rig, GrantRemedy(consumer=one, order=ORDER, remedy=1, agent=AGENT)),),
                clock(),
            )
            for one in (BUYER, other)
        ]
        alone = [(await foreseen(rig, one))[0] for one in supposed]
        assert [one[0].answer.accepted for one in alone] == [True, False]
        assert await foreseen(rig, *supposed) == alone
        assert await foreseen(rig, *reversed(supposed)) == alone[::-1]
