"""Replay: it passes over whatever really happened, and finds whatever somebody has changed."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from oncedesk.domain import parties
from oncedesk.domain.agents.messages import PlanShift, RegisterAgent
from oncedesk.domain.parties.messages import (
    ManageCreator,
    PartyKind,
    PlaceHold,
    UpdateParty,
)
from oncedesk.domain.shared.decider import Facts
from oncedesk.domain.shared.refs import party_ref
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.replay import Report
from tests.support.engines import (
    Outside,
    Rig,
    consumer,
    contact,
    engine_on,
    party,
    register,
    with_parties,
)

START = datetime(2025, 3, 3, 9, tzinfo=UTC)
CREATOR, AGENCY, AGENT = party(1), party(2), party(3)


async def history(rig: Rig) -> None:
    """A creator under an agency, an agent with a shift, a consumer who has written twice."""
    answers = await rig.all(
        [
            register(2, kind=PartyKind.AGENCY),
            register(1, kind=PartyKind.CREATOR),
            ManageCreator(creator=CREATOR, agency=AGENCY, starts_at=START),
            UpdateParty(party=CREATOR, language="zh"),
            PlaceHold(party=CREATOR, reason="case-7"),
            RegisterAgent(agent=AGENT),
            PlanShift(
                agent=AGENT,
                starts_at=START + timedelta(hours=1),
                ends_at=START + timedelta(hours=9),
            ),
        ]
    )
    answers += await rig.all([contact(4), contact(4, issue="quality")], actor=consumer(4))
    assert all(answer.accepted for answer in answers), answers


Tampering = Callable[[Outside, Rig], Awaitable[None]]


def by_sql(statement: str) -> Tampering:
    async def tamper(outside: Outside, rig: Rig) -> None:
        await outside.run(statement.format(creator=CREATOR, agency=AGENCY, agent=AGENT))

    return tamper


async def double_an_event(outside: Outside, rig: Rig) -> None:
    """As if the last command to the creator had been applied twice, everywhere alike."""
    await outside.run(
        "INSERT INTO journal SELECT bucket, stream, version + 1, command_id, kind, at, actor, "
        "body_hash, command, packs, facts, basis, events FROM journal "
        "WHERE stream = $1 AND version = 4",
        CREATOR,
    )
    state = await outside.value("SELECT body FROM state WHERE id = $1", CREATOR)
    held = rig.codec.state(party_ref(CREATOR).kind, state)
    twice = msgspec.structs.replace(held, holds=held.holds * 2)
    await outside.run(
        "UPDATE state SET version = 5, body = $2 WHERE id = $1", CREATOR, rig.codec.encode(twice)
    )


FOUND: dict[str, tuple[Tampering, str]] = {
    "a missing journal row in the middle": (
        by_sql("DELETE FROM journal WHERE stream = '{creator}' AND version = 3"),
        "version 3 is missing",
    ),
    "a missing first journal row": (
        by_sql("DELETE FROM journal WHERE stream = '{creator}' AND version = 1"),
        "version 1 is missing",
    ),
    "a missing last journal row": (
        by_sql("DELETE FROM journal WHERE stream = '{creator}' AND version = 4"),
        "the journal has 3 versions",
    ),
    "a missing stream": (
        by_sql("DELETE FROM journal WHERE stream = '{creator}'"),
        "the journal has 0 versions",
    ),
    "a missing state": (
        by_sql("DELETE FROM state WHERE id = '{creator}'"),
        "the journal has 4 versions",
    ),
    "a doubled journal row": (
        by_sql("INSERT INTO journal SELECT * FROM journal WHERE stream = '{agent}'"),
        "the journal has 4 versions",
    ),
    "a changed byte in a state": (
        by_sql(
            "UPDATE state SET body = set_byte(body, length(body) - 1, "
            "get_byte(body, length(body) - 1) # 1) WHERE id = '{creator}'"
        ),
        "the rebuilt state differs",
    ),
    "a byte too many in a state": (
        by_sql("UPDATE state SET body = body || '\\x00' WHERE id = '{creator}'"),
        "the rebuilt state differs",
    ),
    "a changed version": (
        by_sql("UPDATE state SET version = 5 WHERE id = '{creator}'"),
        "the journal has 4 versions",
    ),
    "a doubled event": (double_an_event, "a command is recorded twice"),
    "a changed event": (
        by_sql(
            "UPDATE journal SET events = replace(events::text, '7a68', '656e')::bytea "
            "WHERE stream = '{creator}' AND version = 3"
        ),
        "the rebuilt state differs",
    ),
    "unreadable events": (
        by_sql("UPDATE journal SET events = '\\xc1' WHERE stream = '{creator}' AND version = 3"),
        "its events cannot be read",
    ),
    "a late wake": (
        by_sql("UPDATE state SET wake = wake + interval '1 second' WHERE id = '{agent}'"),
        "woken at 2025-03-03 10:00:01+00:00, due at 2025-03-03 10:00:00+00:00",
    ),
    "a lost wake": (
        by_sql("UPDATE state SET wake = NULL WHERE id = '{agent}'"),
        "woken at None, due at 2025-03-03 10:00:00+00:00",
    ),
    "an open state that its row calls closed": (
        by_sql("UPDATE state SET open = false WHERE open"),
        "the row says otherwise whether it is open",
    ),
}


@pytest.mark.parametrize("what", FOUND)
async def test_finds(url: str, what: str) -> None:
    tamper, expected = FOUND[what]
    async with engine_on(url, clock=SimulatedClock(START)) as rig, Outside(url) as outside:
        await history(rig)
        await rig.assert_replays()
        await tamper(outside, rig)
        report = await rig.replay().check()
        assert expected in [difference.what for difference in report.differences]
        assert {difference.ref.id for difference in report.differences} <= {
            CREATOR,
            AGENT,
            contact(4).target().id,
        }
        assert (report.states, report.different) == (4, len(report.differences))


async def test_an_early_wake_is_no_difference(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(START)) as rig, Outside(url) as outside:
        await history(rig)
        await outside.run("UPDATE state SET wake = wake - interval '1 hour'")
        await rig.assert_replays()


async def test_counts_what_it_has_replayed(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(START)) as rig, Outside(url) as outside:
        await history(rig)
        seen = 0

        def progress() -> None:
            nonlocal seen
            seen += 1

        report = await rig.replay().check(progress=progress)
        assert (report.states, report.commands, seen) == (4, 9, 4)
        kinds = await outside.rows("SELECT kind, events FROM journal")
        events = sum(len(msgspec.msgpack.decode(body)) for _, body in kinds)
        assert report.events == events > 9


async def test_reads_more_states_than_fit_one_page(url: str) -> None:
    async with engine_on(url, batch_max=1_024) as rig:
        await rig.all([register(number) for number in range(1_203)])
        report = await rig.replay().check()
        assert (report.states, report.commands, report.different) == (1_203, 1_203, 0)


async def decided_by(url: str, **changes: Any) -> Report:
    """The report of another program's `--decide` over the same journal."""
    async with engine_on(url, deciders=with_parties(**changes)) as rig:
        return await rig.replay().decide()


async def test_decides_again_from_the_facts_that_were_seen(url: str) -> None:
    """The agency is another kind of party by now; the decision stands on what was seen then."""
    async with engine_on(url, clock=SimulatedClock(START)) as rig, Outside(url) as outside:
        await history(rig)
        assert (await rig.replay().decide()).different == 0
        # Had it been seen at its present version, nothing would be different; at none, it would.
        seen = await outside.value(
            "SELECT facts FROM journal WHERE stream = $1 AND version = 2", CREATOR
        )
        (fact,) = msgspec.msgpack.decode(seen)
        assert fact[1] == 1
        for version, expected in ((0, "refused now: agency_unknown"), (7, "its facts")):
            await outside.run(
                "UPDATE journal SET facts = $2 WHERE stream = $1 AND version = 2",
                CREATOR,
                msgspec.msgpack.encode([[fact[0], version]]),
            )
            report = await rig.replay().decide()
            assert [found.what.startswith(expected) for found in report.differences] == [True]
            assert (report.differences[0].ref.id, report.differences[0].version) == (CREATOR, 2)


async def test_finds_what_would_be_decided_otherwise(url: str) -> None:
    def other_words(state: Any, command: Any, facts: Facts) -> Any:
        events: Any = parties.DECIDER.decide(state, command, facts)
        if isinstance(command, PlaceHold):
            return [msgspec.structs.replace(event, reason="other") for event in events]
        return events

    def bug(state: Any, command: Any, facts: Facts) -> Any:
        if isinstance(command, PlaceHold):
            raise RuntimeError("bug")
        return parties.DECIDER.decide(state, command, facts)

    async with engine_on(url, clock=SimulatedClock(START)) as rig:
        await history(rig)
    assert [
        (found.ref.id, found.version, found.what)
        for found in (await decided_by(url, decide=other_words)).differences
    ] == [(CREATOR, 4, "decided otherwise now")]
    assert [
        (found.ref.id, found.version, found.what)
        for found in (await decided_by(url, decide=bug)).differences
    ] == [(CREATOR, 4, "cannot be decided now: RuntimeError: bug")]


async def test_finds_a_state_shape_that_no_longer_follows_from_its_events(url: str) -> None:
    def forgets(state: Any, event: Any) -> Any:
        after = parties.DECIDER.evolve(state, event)
        return msgspec.structs.replace(after, language="")

    async with engine_on(url, clock=SimulatedClock(START)) as rig:
        await history(rig)
    async with engine_on(url, deciders=with_parties(evolve=forgets)) as rig:
        report = await rig.replay().check()
        assert [(found.ref.id, found.what) for found in report.differences] == [
            (CREATOR, "the rebuilt state differs")
        ]
