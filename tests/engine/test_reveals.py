"""A consumer's data in clear: only granted, only for a time, and every look is on record."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oncedesk.domain.agents.messages import (
    DeskRole,
    JoinDesk,
    RegisterAgent,
    RequestReveal,
    RevealField,
    RevealReason,
)
from oncedesk.domain.parties.messages import PartyKind, RegisterParty
from oncedesk.domain.shared.decider import SYSTEM, Actor, Role
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.persons import Person, PersonField, person_text
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine import privacy
from oncedesk.engine.instants import SimulatedClock
from oncedesk.storage.views.readers import Reader
from oncedesk.storage.views.reveals import reveal_log, revealed, revealed_messages
from tests.support.engines import (
    ADMIN,
    Outside,
    Rig,
    consumer,
    contact,
    engine_on,
    party,
    within,
)

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
AGENT, OTHER = derived_id("agent", "1"), derived_id("agent", "2")
BY_AGENT, BY_OTHER = Actor(Role.AGENT, AGENT), Actor(Role.AGENT, OTHER)
WHO = Person(name="张三", phone="13812345678")
TEXT = "我的电话是13812345678"


async def prepared(rig: Rig) -> None:
    """Two consumers who have written, and two agents of the platform."""
    for number in (1, 2):
        words = person_text(WHO)
        seal, sealed = rig.engine.entry.seal(words), rig.engine.entry.seal(TEXT)
        known = RegisterParty(
            party=party(number),
            kind=PartyKind.CONSUMER,
            market="cn",
            digest=seal.digest,
            length=seal.length,
        )
        assert (await within(rig.submit(known, text=words))).accepted
        asked = contact(number, digest=sealed.digest, length=sealed.length)
        assert (await within(rig.submit(asked, text=TEXT, actor=consumer(number)))).accepted
    for agent in (AGENT, OTHER):
        joined = JoinDesk(agent=agent, desk=PLATFORM, role=DeskRole.AGENT, starts_at=NOW)
        for command in (RegisterAgent(agent=agent), joined):
            assert (await within(rig.submit(command, actor=SYSTEM))).accepted


def ask(number: int = 1, field: RevealField = RevealField.PHONE, **more: Any) -> RequestReveal:
    return RequestReveal(
        agent=AGENT,
        consumer=party(number),
        market="cn",
        field=field,
        reason=RevealReason.CALL_BACK,
        desk=PLATFORM,
        **more,
    )


async def sees(
    rig: Rig,
    *,
    actor: Actor = BY_AGENT,
    number: int = 1,
    field: PersonField = PersonField.PHONE,
    now: datetime = NOW,
    desks: tuple[Desk, ...] = (PLATFORM,),
) -> str | None:
    reader = Reader(actor, desks)
    shown = await revealed(
        rig.pool, rig.codec, reader=reader, consumer=party(number), field=field, now=now
    )
    return None if shown is None else shown.value


async def test_it_is_shown_to_whom_it_was_granted_and_until_then(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(NOW)) as rig:
        await prepared(rig)
        assert await sees(rig) is None
        assert (await within(rig.submit(ask(), actor=BY_AGENT))).accepted
        assert await sees(rig) == "13812345678"
        end = NOW + timedelta(minutes=15)
        assert await sees(rig, now=end - timedelta(microseconds=1)) == "13812345678"
        assert await sees(rig, now=end) is None
        assert await sees(rig, now=NOW - timedelta(seconds=1)) is None
        for actor in (BY_OTHER, ADMIN, SYSTEM, consumer(1), Actor(Role.CONSUMER, AGENT)):
            assert await sees(rig, actor=actor) is None
        for desks in ((), (Desk(DeskKind.MERCHANT, party(9)),)):
            assert await sees(rig, desks=desks) is None
        assert await sees(rig, number=2) is None
        assert await sees(rig, field=PersonField.NAME) is None
        await rig.assert_replays()


async def test_every_grant_is_on_record_with_its_reason(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(NOW)) as rig:
        await prepared(rig)
        given = contact(1).target().id
        granted = await within(rig.submit(ask(conversation=given, case=1), actor=BY_AGENT))
        refused = await within(rig.submit(ask(), actor=BY_OTHER))
        assert (granted.accepted, refused.code) == (True, "not_allowed")
        async with rig.pool.acquire() as connection:
            (one,) = await reveal_log(connection, consumer=party(1))
            assert (one.agent, one.field, one.reason) == (AGENT, "phone", "call_back")
            assert (one.desk, one.conversation, one.case) == ("platform", given, 1)
            assert (one.at, one.until) == (NOW, NOW + timedelta(minutes=15))
            assert await reveal_log(connection, consumer=party(2)) == []


async def test_a_conversations_messages_are_shown_in_clear_and_no_others(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(NOW)) as rig:
        await prepared(rig)
        own, foreign = (contact(number).target().id for number in (1, 2))
        asked = ask(field=RevealField.MESSAGES, conversation=own)
        assert (await within(rig.submit(asked, actor=BY_AGENT))).accepted

        async def texts(**changes: Any) -> list[str]:
            values = {
                "reader": Reader(BY_AGENT, (PLATFORM,)),
                "consumer": party(1),
                "conversation": own,
                "after": 0,
                "limit": 10,
                "now": NOW,
            }
            found = await revealed_messages(rig.pool, **{**values, **changes})
            return [one.text for one in found]

        assert await texts() == [TEXT]
        assert await texts(conversation=foreign) == []
        assert await texts(consumer=party(2), conversation=foreign) == []
        assert await texts(reader=Reader(BY_OTHER, (PLATFORM,))) == []
        assert await texts(reader=Reader(BY_AGENT)) == []
        assert await texts(now=NOW + timedelta(minutes=15)) == []


async def test_too_many_raise_an_alarm_that_leaves_and_stop(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(NOW)) as rig, Outside(url) as outside:
        await prepared(rig)
        answers = await rig.all([ask() for _ in range(25)], actor=BY_AGENT)
        codes = [answer.code for answer in answers]
        assert codes == [""] * 21 + ["reveal_suspended"] * 4
        topics = "SELECT topic FROM outbox WHERE topic LIKE 'agent.%'"
        assert await outside.column(topics) == ["agent.reveal_alarm"]
        assert await outside.value("SELECT count(*) FROM reveal") == 21
        await rig.assert_replays()


@pytest.mark.parametrize("field", PersonField)
async def test_what_was_erased_is_shown_to_nobody(url: str, field: PersonField) -> None:
    async with engine_on(url, clock=SimulatedClock(NOW)) as rig:
        await prepared(rig)
        asked = ask(field=RevealField(field.value))
        assert (await within(rig.submit(asked, actor=BY_AGENT))).accepted
        assert await sees(rig, field=field) == WHO.value(field)
        assert (await privacy.erase(rig.engine, party(1), market="cn", key="x")).accepted
        assert await sees(rig, field=field) is None
