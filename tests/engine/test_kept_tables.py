"""A copy has what stands in every table about a consumer, or somebody has said why it has not."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Boolean, DateTime, LargeBinary, Table, Text, Uuid

from oncedesk.domain.conversations.messages import WithdrawClaim
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.engine.instants import SimulatedClock
from oncedesk.settings import Settings
from oncedesk.storage.outcomes.working_out import Outcomes
from oncedesk.storage.tables import metadata
from oncedesk.storage.views.personal_data import KeptData, kept_about
from oncedesk.wiring import Parts, build
from tests.support.engines import ADMIN, contact, party

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
SETTINGS = Settings(home=Path("/nowhere"))
CONSUMER = party(1)
IN_PERSON = Actor(Role.CONSUMER, CONSUMER)
COPIED = {
    "state": "states evidence",
    "journal": "history",
    "message": "messages",
    "translation": "translations",
    "person": "person",
    "order_text": "addresses bases",
    "bought": "bought",
    "attachment": "attachments",
    "parked": "failed",
    "reveal": "reveals",
    "posting": "postings",
    "refund": "refunds",
    "outcome": "cases ratings",
    "session": "sessions",
}
NOT_COPIED = {
    "made of what is copied, and made anew": "inbox remedy_work remedy_follow flag posting_day "
    "outcome_due",
    "ids of what is copied, on their way": "reaction outbox webhook_delivery",
    "an agent's own": "seat login mention",
    "a desk's or the installation's": "article article_version macro saved_view pack candidate "
    "reaction_set webhook_endpoint installation api_key signing_key",
    "a hash of what has expired": "used_token",
}


def test_of_each_table_somebody_has_said_whether_it_is_copied() -> None:
    said = [*COPIED, *(name for names in NOT_COPIED.values() for name in names.split())]
    assert sorted(said) == sorted(metadata.tables)


def test_all_that_a_copy_has_comes_from_somewhere() -> None:
    fields = [name for names in COPIED.values() for name in names.split()]
    assert sorted([*fields, "consumer"]) == sorted(KeptData.__struct_fields__)


async def add_row(parts: Parts, table: Table, **values: Any) -> None:
    """A row in which every column says something; whatever else is needed is in `values`."""
    row = {column.name: _something(column.type) for column in table.columns}
    row |= {"bucket": bucket_of(CONSUMER), "erased_at": None, **values}
    row = {name: value for name, value in row.items() if name in table.columns}
    for name in ("consumer", "party"):
        if name in row:
            row[name] = CONSUMER
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await parts.pool.execute(f"INSERT INTO {table.name} ({names}) VALUES ({places})", *row.values())


def _something(type_: Any) -> Any:
    match type_:
        case Uuid():
            return uuid4()
        case Text():
            return "x"
        case LargeBinary():
            return b"x"
        case DateTime():
            return NOON
        case Boolean():
            return True
        case _:
            return 1


async def says(parts: Parts, key: str, **about: Any) -> UUID:
    """The consumer writes; the conversation."""
    seal = parts.engine.entry.seal(key)
    asked = contact(1, digest=seal.digest, length=seal.length, **about)
    done = await parts.engine.submit(asked, principal="t", key=key, actor=IN_PERSON, text=key)
    assert done.accepted, done
    return asked.target().id


async def test_what_stands_in_a_table_is_in_the_copy(url: str) -> None:
    async with build(url, settings=SETTINGS, clock=SimulatedClock(NOON)) as parts:
        conversation, order = await says(parts, "hello"), uuid4()
        message = await parts.pool.fetchval("SELECT id FROM message")
        body = parts.codec.encode(OrderState(consumer=CONSUMER, order=order))
        about: dict[str, list[dict[str, Any]]] = {
            "state": [{"kind": "order", "id": order, "body": body}],
            "translation": [{"conversation": conversation, "message": message}],
            "person": [{}],
            "order_text": [{"kind": "address"}, {"kind": "basis"}],
            "bought": [{"order": order, "body": f'[[1,"{uuid4()}",null,"Shoes"]]'}],
            "attachment": [{"message": message, "uploader": "system"}],
            "parked": [{"actor": "system", "command": CONSUMER.bytes}],
            "reveal": [{}],
            "posting": [{"phase": "posted"}],
            "refund": [{}],
            "outcome": [{"kind": "case", "stream": conversation}],
            "session": [{}],
        }
        assert about.keys() == COPIED.keys() - {"journal", "message"}
        for table, rows in about.items():
            for row in rows:
                await add_row(parts, metadata.tables[table], **row)
        kept = await kept_about(parts.pool, parts.codec, consumer=CONSUMER, actor=ADMIN)
        # What was shown as evidence is looked at where it is shown.
        empty = [name for name in KeptData.__struct_fields__ if not getattr(kept, name)]
        assert empty == ["evidence"]
        stranger = await kept_about(parts.pool, parts.codec, consumer=party(2), actor=ADMIN)
        full = [name for name in KeptData.__struct_fields__ if getattr(stranger, name)]
        assert full == ["consumer"]


async def test_a_copy_tells_of_every_case_and_of_who_said_what(url: str) -> None:
    issues = ["quality", "orders", "refund", "invoice", "pricing", "delivery"]
    async with build(url, settings=SETTINGS, clock=SimulatedClock(NOON)) as parts:
        for case, issue in enumerate(issues, 1):
            conversation = await says(parts, issue, issue=issue, fresh=True)
            withdraw = WithdrawClaim(consumer=CONSUMER, conversation=conversation, case=case)
            key = f"{issue}/withdrawn"
            done = await parts.engine.submit(withdraw, principal="t", key=key, actor=IN_PERSON)
            assert done.accepted, done
        await Outcomes(parts.pool, parts.codec).run_all()
        for actor in (ADMIN, IN_PERSON):
            kept = await kept_about(parts.pool, parts.codec, consumer=CONSUMER, actor=actor)
            assert [one.issue for one in kept.cases] == issues
            said = [one for one in kept.history if one.by is Role.CONSUMER]
            assert [one.command for one in said] == ["ReceiveContact", "WithdrawClaim"] * 6
            assert [one.said["issue"] for one in said[::2]] == issues


async def test_what_others_did_is_in_the_full_copy_alone(url: str) -> None:
    async with build(url, settings=SETTINGS, clock=SimulatedClock(NOON)) as parts:
        await says(parts, "13812345678")
        full, own = [
            await kept_about(parts.pool, parts.codec, consumer=CONSUMER, actor=actor)
            for actor in (ADMIN, IN_PERSON)
        ]
        opened = [event for one in full.history for event in one.events]
        assert "CaseOpened" in [event.type for event in opened]
        assert {one.events for one in own.history} == {()}
        assert {one.by for one in own.history} == {Role.CONSUMER}
        # What the gate found in it is no business of theirs.
        assert "verdict" in full.history[0].said
        assert "verdict" not in own.history[0].said
