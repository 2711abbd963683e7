"""What is kept about a person can be copied, and overwritten while all else stays provable."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from oncedesk.domain.conversations.messages import Audience, PostMessage, WithdrawClaim
from oncedesk.domain.parties.messages import (
    ForRegions,
    LiftHold,
    PartyKind,
    PlaceHold,
    RegisterParty,
    SetReturnPlaces,
)
from oncedesk.domain.shared.decider import SYSTEM, Actor, Role
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine import privacy, submitting
from oncedesk.engine.instants import SimulatedClock
from oncedesk.settings import Settings
from oncedesk.storage import database
from oncedesk.storage.parking import Dropped
from oncedesk.storage.retention import Overwritten, overwrite_old_texts
from oncedesk.storage.views.personal_data import NotAllowed, kept_about
from oncedesk.wiring import Parts, build
from tests.support.engines import ADMIN, Outside, contact, party, within

MORNING = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
SECRET = "住在长安街一号的王小明"
SETTINGS = Settings(home=Path("/nowhere"))


async def _writes(parts: Parts, number: int, *, market: str = "cn") -> None:
    """Consumer `number` is registered and writes; an agent of the platform answers."""
    engine, consumer = parts.engine, party(number)
    seal = engine.entry.seal(SECRET)
    sealed: dict[str, Any] = {"digest": seal.digest, "length": seal.length}
    asked = contact(number, market=market, **sealed)
    who = Actor(role=Role.CONSUMER, id=consumer)
    known = RegisterParty(party=consumer, kind=PartyKind.CONSUMER, market="cn", **sealed)
    answer = PostMessage(
        consumer=consumer,
        conversation=asked.target().id,
        case=1,
        audience=Audience.CONSUMER,
        **sealed,
    )
    for key, command, actor in (("r", known, SYSTEM), ("c", asked, who), ("a", answer, SYSTEM)):
        done = await engine.submit(
            command, principal="tests", key=f"{number}/{key}", actor=actor, text=SECRET
        )
        assert done.accepted, done


async def _texts(url: str) -> list[tuple[int, int]]:
    """How often the secret stands in messages and in persons."""
    async with Outside(url) as outside:
        return await outside.rows(
            "SELECT (SELECT count(*) FROM message WHERE text LIKE '%王小明%'),"
            " (SELECT count(*) FROM person WHERE body LIKE '%王小明%')"
        )


async def _replays(parts: Parts) -> None:
    replay = await parts.replay()
    assert (await replay.check()).differences == []
    assert (await replay.decide()).differences == []


async def test_erases_the_texts_of_one_consumer_and_both_replays_still_pass(url: str) -> None:
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        await _writes(parts, 1)
        await _writes(parts, 2)
        assert await _texts(url) == [(4, 2)]
        answer = await privacy.erase(parts.engine, party(1), market="cn", key="once")
        assert answer.accepted
        assert await _texts(url) == [(2, 1)]
        await _replays(parts)


async def test_erases_somebody_who_was_never_registered(url: str) -> None:
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        seal = parts.engine.entry.seal(SECRET)
        asked = contact(3, digest=seal.digest, length=seal.length)
        actor = Actor(role=Role.CONSUMER, id=party(3))
        done = await parts.engine.submit(
            asked, principal="tests", key="c", actor=actor, text=SECRET
        )
        assert done.accepted
        assert (await privacy.erase(parts.engine, party(3), market="cn", key="x")).accepted
        assert await _texts(url) == [(0, 0)]
        await _replays(parts)


async def test_erases_somebody_of_whom_there_is_very_much(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes longer than other commands may, yet not without end."""
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        await _writes(parts, 1)
        monkeypatch.setitem(database._SESSION, "transaction_timeout", "1s")
        monkeypatch.setattr(submitting, "SLOW_ROUNDS_MAX", 1)
        await parts.pool.expire_connections()
        assert await parts.pool.fetchval("SHOW transaction_timeout") == "1s"
        await parts.pool.execute(
            """
            CREATE FUNCTION take_long() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                ASSERT current_setting('transaction_timeout') = '2min';
                PERFORM pg_sleep(1.5);
                RETURN NULL;
            END $$;
            CREATE TRIGGER long BEFORE UPDATE ON message EXECUTE FUNCTION take_long();
            """
        )
        try:
            answer = await privacy.erase(parts.engine, party(1), market="cn", key="x")
        finally:
            await parts.pool.execute("DROP FUNCTION take_long CASCADE")
        assert answer.accepted
        assert await _texts(url) == [(0, 0)]


async def test_a_merchant_is_erased_with_their_places_and_takes_as_long(url: str) -> None:
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        seal = parts.engine.entry.seal(SECRET)
        sealed: dict[str, Any] = {"digest": seal.digest, "length": seal.length}
        merchant, place = party(5), party(6)
        for key, command, text in (
            (
                "merchant",
                RegisterParty(party=merchant, kind=PartyKind.MERCHANT, market="cn", **sealed),
                SECRET,
            ),
            (
                "place",
                RegisterParty(
                    party=place, kind=PartyKind.PLACE, market="cn", owner=merchant, **sealed
                ),
                SECRET,
            ),
            ("returns", SetReturnPlaces(party=merchant, places=(ForRegions(place),)), None),
        ):
            done = await parts.engine.submit(
                command, principal="tests", key=key, actor=SYSTEM, text=text
            )
            assert done.accepted, done
        assert await _texts(url) == [(0, 2)]
        await parts.pool.execute(
            """
            CREATE FUNCTION may_take_long() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                ASSERT current_setting('transaction_timeout') = '2min';
                RETURN NEW;
            END $$;
            CREATE TRIGGER long BEFORE UPDATE ON person FOR EACH ROW
            WHEN (NEW.erased_at IS NOT NULL) EXECUTE FUNCTION may_take_long();
            """
        )
        try:
            answer = await privacy.erase(parts.engine, merchant, market="cn", key="x")
            await parts.engine.writers.drained()
        finally:
            await parts.pool.execute("DROP FUNCTION may_take_long CASCADE")
        assert answer.accepted
        assert await _texts(url) == [(0, 0)]
        await _replays(parts)


async def test_refuses_to_erase_under_a_legal_hold_and_changes_nothing(url: str) -> None:
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        await _writes(parts, 1)
        hold = PlaceHold(party=party(1), reason="case-2026-17")
        held = await parts.engine.submit(hold, principal="tests", key="hold", actor=ADMIN)
        assert held.accepted
        refused = await privacy.erase(parts.engine, party(1), market="cn", key="x")
        assert refused.code == "legal_hold"
        assert await _texts(url) == [(2, 1)]
        lift = LiftHold(party=party(1), reason="case-2026-17")
        lifted = await parts.engine.submit(lift, principal="tests", key="lift", actor=ADMIN)
        assert lifted.accepted
        assert (await privacy.erase(parts.engine, party(1), market="cn", key="x")).accepted
        assert await _texts(url) == [(0, 0)]


async def test_exports_what_is_kept_about_one_consumer_and_nothing_of_others(url: str) -> None:
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        await _writes(parts, 1)
        await _writes(parts, 2)
        for actor in (ADMIN, Actor(Role.CONSUMER, party(1))):
            kept = await kept_about(parts.pool, parts.codec, consumer=party(1), actor=actor)
            assert kept.person == SECRET
            assert [(one.author, one.text, one.at) for one in kept.messages] == [
                (Role.CONSUMER, SECRET, MORNING),
                (Role.SYSTEM, SECRET, MORNING),
            ]
            assert {one.kind: one.id for one in kept.states} == {
                Kind.CONVERSATION: contact(1).target().id,
                Kind.PARTY: party(1),
            }
        as_json = msgspec.json.encode(kept).decode()
        assert str(party(1)) in as_json
        assert str(party(2)) not in as_json


async def test_a_copy_has_what_failed_and_what_was_translated(url: str) -> None:
    conversation = contact(1).target()
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        await _writes(parts, 1)
        # The last is another consumer's own, in whose command this one is named.
        by = f"consumer:{party(1)}", "system", f"consumer:{party(2)}"
        for number, who in enumerate(by, 71):
            await parts.pool.execute(
                "INSERT INTO parked (bucket, id, kind, target, actor, origin, command, text, error,"
                " at, attempts)"
                " VALUES ($1, $2, 'conversation', $3, $4, 'client', $5, $6, 'x', $7, 1)",
                conversation.bucket,
                party(number),
                conversation.id,
                who,
                parts.codec.encode(contact(1)),
                f"{SECRET} {number}",
                MORNING,
            )
        await parts.pool.execute(
            "INSERT INTO translation (bucket, conversation, message, language, text, at)"
            " SELECT bucket, conversation, id, 'en', 'translated', $1 FROM message",
            MORNING,
        )
        everything = await kept_about(parts.pool, parts.codec, consumer=party(1), actor=ADMIN)
        assert {one.text[-2:] for one in everything.failed} == {"71", "72", "73"}
        assert len(everything.translations) == 2
        own = Actor(Role.CONSUMER, party(1))
        theirs = await kept_about(parts.pool, parts.codec, consumer=party(1), actor=own)
        assert [one.text[-2:] for one in theirs.failed] == ["71"]
        assert {one.text for one in theirs.translations} == {"translated"}
        assert (await privacy.erase(parts.engine, party(1), market="cn", key="x")).accepted
        erased = await kept_about(parts.pool, parts.codec, consumer=party(1), actor=ADMIN)
        assert (erased.failed, erased.translations) == ((), ())


async def test_refuses_a_copy_to_anybody_else(url: str) -> None:
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        await _writes(parts, 1)
        for actor in (Actor(Role.CONSUMER, party(2)), Actor(Role.AGENT, party(1)), SYSTEM):
            with pytest.raises(NotAllowed):
                await kept_about(parts.pool, parts.codec, consumer=party(1), actor=actor)


async def test_an_export_after_an_erasure_has_no_texts_and_says_since_when(url: str) -> None:
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        await _writes(parts, 1)
        assert (await privacy.erase(parts.engine, party(1), market="cn", key="x")).accepted
        kept = await kept_about(parts.pool, parts.codec, consumer=party(1), actor=ADMIN)
        assert kept.person is None
        assert [(one.text, one.erased_at) for one in kept.messages] == [(None, MORNING)] * 2
        assert "王小明" not in msgspec.json.encode(kept).decode()


async def test_texts_expire_by_kind_and_both_replays_still_pass(url: str) -> None:
    """One is held, one has an open case, one is done; and a command has failed."""
    clock = SimulatedClock(MORNING)
    async with build(url, settings=SETTINGS, clock=clock) as parts:
        for number in (1, 2, 3):
            await _writes(parts, number)
        for number in (1, 3):
            withdraw = WithdrawClaim(
                consumer=party(number), conversation=contact(number).target().id, case=1
            )
            who = Actor(role=Role.CONSUMER, id=party(number))
            done = await parts.engine.submit(withdraw, principal="t", key="w", actor=who)
            assert done.accepted
        hold = PlaceHold(party=party(1), reason="case-2026-17")
        assert (await parts.engine.submit(hold, principal="t", key="h", actor=ADMIN)).accepted

        async def expire(*, messages: timedelta, parked: timedelta) -> Overwritten:
            return await overwrite_old_texts(
                parts.pool,
                parts.codec,
                messages_before={"cn": MORNING + messages},
                parked_before=MORNING + parked,
                reveals_before=MORNING,
                now=MORNING + timedelta(days=1),
            )

        second, nothing = timedelta(seconds=1), timedelta()
        assert await expire(messages=nothing, parked=nothing) == Overwritten(0, 0)
        assert await expire(messages=second, parked=second) == Overwritten(2, 0)
        assert await _texts(url) == [(4, 3)], "those of the third consumer alone"
        kept = await kept_about(parts.pool, parts.codec, consumer=party(3), actor=ADMIN)
        assert {one.erased_at for one in kept.messages} == {MORNING + timedelta(days=1)}
        assert await expire(messages=second, parked=second) == Overwritten(0, 0)
        await _replays(parts)


async def test_texts_are_kept_as_long_as_their_own_market_says(url: str) -> None:
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        for number, market in ((1, "cn"), (2, "eu")):
            await _writes(parts, number, market=market)
            withdraw = WithdrawClaim(
                consumer=party(number),
                conversation=contact(number, market=market).target().id,
                case=1,
            )
            who = Actor(role=Role.CONSUMER, id=party(number))
            done = await parts.engine.submit(withdraw, principal="t", key="w", actor=who)
            assert done.accepted

        async def expire(**moments: datetime) -> int:
            done = await overwrite_old_texts(
                parts.pool,
                parts.codec,
                messages_before=moments,
                parked_before=MORNING,
                reveals_before=MORNING,
                now=MORNING + timedelta(days=1),
            )
            return done.messages

        second = MORNING + timedelta(seconds=1)
        assert await expire(cn=MORNING, eu=second) == 2
        kept = await kept_about(parts.pool, parts.codec, consumer=party(1), actor=ADMIN)
        assert {one.text for one in kept.messages} == {SECRET}
        assert await expire(eu=second) == 0, "of a market without a moment nothing goes"
        assert await expire(cn=second, eu=MORNING) == 2


async def test_texts_expire_however_long_it_takes(url: str) -> None:
    """The engine's connections bound their transactions; one that reads so much would be ended."""
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        await _writes(parts, 1)
        withdraw = WithdrawClaim(consumer=party(1), conversation=contact(1).target().id, case=1)
        who = Actor(role=Role.CONSUMER, id=party(1))
        assert (await parts.engine.submit(withdraw, principal="t", key="w", actor=who)).accepted
        await parts.pool.execute(
            """
            CREATE FUNCTION refuse_hurry() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                ASSERT current_setting('transaction_timeout') = '0', 'it may be ended any moment';
                RETURN NEW;
            END $$;
            CREATE TRIGGER unhurried BEFORE UPDATE ON message
                FOR EACH ROW EXECUTE FUNCTION refuse_hurry();
            """
        )
        try:
            done = await overwrite_old_texts(
                parts.pool,
                parts.codec,
                messages_before={"cn": MORNING + timedelta(seconds=1)},
                parked_before=MORNING,
                reveals_before=MORNING,
                now=MORNING + timedelta(days=1),
            )
        finally:
            await parts.pool.execute("DROP FUNCTION refuse_hurry CASCADE")
        assert done == Overwritten(2, 0)


async def test_a_hold_that_comes_while_texts_expire_still_keeps_them(url: str) -> None:
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        for number in (1, 2):
            await _writes(parts, number)
            withdraw = WithdrawClaim(
                consumer=party(number), conversation=contact(number).target().id, case=1
            )
            who = Actor(role=Role.CONSUMER, id=party(number))
            done = await parts.engine.submit(withdraw, principal="t", key="w", actor=who)
            assert done.accepted
        expiring = overwrite_old_texts(
            parts.pool,
            parts.codec,
            messages_before={"cn": MORNING + timedelta(seconds=1)},
            parked_before=MORNING,
            reveals_before=MORNING,
            now=MORNING + timedelta(days=1),
        )
        async with Outside(url) as outside, parts.pool.acquire() as other:
            async with other.transaction():
                await other.execute("SELECT FROM message FOR UPDATE")
                run = asyncio.create_task(expiring)
                await outside.until(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                    "AND query LIKE '%UPDATE message%'",
                    1,
                )
                hold = PlaceHold(party=party(1), reason="case-2026-17")
                held = await parts.engine.submit(hold, principal="t", key="h", actor=ADMIN)
                assert held.accepted
            assert await run == Overwritten(2, 0)
        assert await _texts(url) == [(2, 2)], "those of the first consumer"
        kept = await kept_about(parts.pool, parts.codec, consumer=party(1), actor=ADMIN)
        assert {one.text for one in kept.messages} == {SECRET}


async def test_texts_expire_though_somebody_waits_for_them_crosswise(url: str) -> None:
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        await _writes(parts, 1)
        withdraw = WithdrawClaim(consumer=party(1), conversation=contact(1).target().id, case=1)
        who = Actor(role=Role.CONSUMER, id=party(1))
        assert (await parts.engine.submit(withdraw, principal="t", key="w", actor=who)).accepted
        await parts.pool.execute(
            "INSERT INTO reveal (bucket, id, consumer, agent, field, reason, desk, at, until) "
            "SELECT bucket, $1, $1, $1, 'phone', 'delivery', 'platform', $2, $2 FROM message "
            "LIMIT 1",
            party(1),
            MORNING - timedelta(days=1),
        )
        expiring = overwrite_old_texts(
            parts.pool,
            parts.codec,
            messages_before={"cn": MORNING + timedelta(seconds=1)},
            parked_before=MORNING,
            reveals_before=MORNING,
            now=MORNING + timedelta(days=1),
        )
        async with Outside(url) as outside, parts.pool.acquire() as other:
            async with other.transaction():
                # Whoever looks first whether they wait for each other is given up.
                await other.execute("SET LOCAL deadlock_timeout = '1min'")
                await other.execute("SELECT FROM reveal FOR UPDATE")
                run = asyncio.create_task(expiring)
                await outside.until(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                    "AND query LIKE '%DELETE FROM reveal%'",
                    1,
                )
                await other.execute("SELECT FROM message FOR UPDATE")
            assert await within(run) == Overwritten(2, 0, reveals=1)


@pytest.mark.parametrize("held", [True, False])
async def test_the_text_of_a_failed_command_expires_unless_it_is_held(url: str, held: bool) -> None:
    async with build(url, settings=SETTINGS, clock=SimulatedClock(MORNING)) as parts:
        await _writes(parts, 1)
        if held:
            hold = PlaceHold(party=party(1), reason="case-2026-17")
            assert (await parts.engine.submit(hold, principal="t", key="h", actor=ADMIN)).accepted
        command = parts.codec.encode(contact(1))
        await parts.pool.execute(
            "INSERT INTO parked (bucket, id, kind, target, actor, origin, command, text, error,"
            " at, attempts)"
            " VALUES ($1, $2, 'conversation', $2, 'system', 'client', $3, $4, 'x', $5, 1)",
            contact(1).target().bucket,
            party(77),
            command,
            SECRET,
            MORNING,
        )
        later = MORNING + timedelta(days=1)
        done = await overwrite_old_texts(
            parts.pool,
            parts.codec,
            messages_before={"cn": MORNING},
            parked_before=later,
            reveals_before=MORNING,
            now=later,
        )
        assert done == Overwritten(0, 0 if held else 1)
        wanted = Dropped.HELD if held else Dropped.DONE
        assert await parts.parking.drop(party(77)) is wanted
        async with Outside(url) as outside:
            assert await outside.value("SELECT count(*) FROM parked") == int(held)
