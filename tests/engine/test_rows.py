"""Rule 3: few rows a command, and rows that cannot say what must never be."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from oncedesk.domain.conversations.messages import Audience, PostMessage
from oncedesk.domain.parties.messages import PlaceHold
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.engine.codec import STATE_BYTES_MAX
from tests.support.engines import Outside, contact, engine_on, party, register

START = datetime(2025, 3, 3, 9, tzinfo=UTC)
COUNT = 100
CONNECTED = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'oncedesk'"
WRITTEN = """
SELECT relname, n_tup_ins, n_tup_upd, n_tup_del, n_tup_hot_upd FROM pg_stat_user_tables
"""
INSERT = """
INSERT INTO state (bucket, id, kind, version, party, at, wake, open, body)
VALUES (1, gen_random_uuid(), 'party', 1, gen_random_uuid(), now(), $1, $2, '')
"""


async def written(outside: Outside) -> Counter[str]:
    """Row writes so far, by table and kind of write. Sessions report when they end."""
    await outside.until(CONNECTED, 0)
    counted: Counter[str] = Counter()
    for table, inserted, updated, deleted, hot in await outside.rows(WRITTEN):
        counted[f"{table} insert"] += inserted
        counted[f"{table} update"] += updated
        counted[f"{table} delete"] += deleted
        counted[f"{table} hot update"] += hot
    return counted


async def writes_of(url: str, commands: list[Any], **more: Any) -> Counter[str]:
    """What these commands wrote, by table and kind of write."""
    async with Outside(url) as outside:
        before = await written(outside)
        async with engine_on(url) as rig:
            answers = await rig.all(commands, **more)
            assert all(answer.accepted for answer in answers)
            own = rig.store.rows
        counted = await written(outside) - before
        assert _rows(counted) == own, "the engine counts otherwise than PostgreSQL"
        return counted


def _rows(counted: Counter[str]) -> int:
    return sum(count for name, count in counted.items() if "hot" not in name)


async def test_a_new_party_is_two_rows(url: str) -> None:
    counted = await writes_of(url, [register(number) for number in range(COUNT)])
    assert counted == {"state insert": COUNT, "journal insert": COUNT}


async def test_a_change_of_state_touches_no_index(url: str) -> None:
    await writes_of(url, [register(number) for number in range(COUNT)])
    holds = [PlaceHold(party=party(number), reason="one") for number in range(COUNT)]
    counted = await writes_of(url, holds)
    # Where a page happens to be full, one row in many moves to another.
    assert counted.pop("state hot update") >= 0.9 * COUNT
    assert counted == {"state update": COUNT, "journal insert": COUNT}


async def test_a_contact_and_an_answer_keep_to_the_budget(url: str) -> None:
    opened = await writes_of(url, [contact(number) for number in range(COUNT)], actor=MARKETPLACE)
    assert opened == {
        "state insert": COUNT,
        "journal insert": COUNT,
        "message insert": COUNT,
        "inbox insert": COUNT,
        # Nobody is at that desk, and the consumer is told so.
        "outbox insert": COUNT,
    }
    answers = [
        PostMessage(
            consumer=party(number),
            conversation=contact(number).target().id,
            case=1,
            audience=Audience.CONSUMER,
            digest=b"0123456789abcdef",
            length=12,
        )
        for number in range(COUNT)
    ]
    answered = await writes_of(url, answers)
    assert answered.pop("state hot update") >= 0.9 * COUNT
    assert answered == {
        "state update": COUNT,
        "journal insert": COUNT,
        "message insert": COUNT,
    }


async def test_a_refusal_writes_nothing(url: str) -> None:
    async with Outside(url) as outside:
        before = await written(outside)
        async with engine_on(url) as rig:
            answers = await rig.all([PlaceHold(party=party(n), reason="x") for n in range(10)])
            assert {answer.code for answer in answers} == {"party_unknown"}
            assert rig.store.rows == 0
        assert await written(outside) == before


@pytest.mark.parametrize(
    ("wake", "is_open", "allowed"),
    [(None, False, True), (START, False, True), (START, True, True), (None, True, False)],
)
async def test_the_database_refuses_an_open_state_without_a_wake(
    url: str, wake: datetime | None, is_open: bool, allowed: bool
) -> None:
    async with Outside(url) as outside:
        if allowed:
            await outside.run(INSERT, wake, is_open)
        else:
            with pytest.raises(asyncpg.CheckViolationError, match="state_open_has_wake"):
                await outside.run(INSERT, wake, is_open)
        assert await outside.value("SELECT count(*) FROM state") == int(allowed)


async def test_every_key_begins_with_the_bucket(url: str) -> None:
    async with Outside(url) as outside:
        keys = await outside.rows(
            "SELECT c.relname, (SELECT attname FROM pg_attribute a "
            "  WHERE a.attrelid = c.oid AND a.attnum = i.indkey[0]) "
            "FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND i.indisunique"
        )
        # Reference data that every node has whole.
        everywhere = {
            *("alembic_version", "pack", "reaction_set", "webhook_endpoint", "installation"),
            *("api_key", "signing_key", "login", "article", "article_version", "macro"),
            *("candidate", "saved_view"),
        }
        assert everywhere <= {table for table, _ in keys}
        assert {first for table, first in keys if table not in everywhere} == {"bucket"}
        assert await outside.column("SELECT sequencename FROM pg_sequences") == []
        assert await outside.value("SELECT count(*) FROM pg_constraint WHERE contype = 'f'") == 0


async def test_a_state_stands_in_its_row(url: str) -> None:
    """A state of the largest size is neither compressed nor moved to another table."""
    async with Outside(url) as outside:
        await outside.run(INSERT, None, False)
        await outside.run(
            "UPDATE state SET body = decode(repeat('ab', $1), 'hex')", STATE_BYTES_MAX
        )
        toast = "SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = 'state'"
        table = await outside.value(toast)
        assert await outside.value(f"SELECT count(*) FROM {table}") == 0
        assert await outside.value("SELECT pg_column_size(body) FROM state") >= STATE_BYTES_MAX
