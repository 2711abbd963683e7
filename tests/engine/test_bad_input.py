"""What cannot be a command gets its exact code, and nothing has changed."""

from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from oncedesk.domain.conversations.messages import Audience, PostMessage
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.orders.messages import (
    Delivered,
    OrderedPart,
    OrderPlaced,
    PlaceOrder,
    RecordTracking,
    Shipped,
)
from oncedesk.domain.parties.messages import ManageCreator, PlaceHold, UpdateParty
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.refs import party_ref
from oncedesk.engine.entry import COMMAND_BYTES_MAX, KEY_LENGTH_MAX, BadInput
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.submission import Status
from oncedesk.engine.submitting import Overloaded
from tests.support.engines import (
    Outside,
    consumer,
    contact,
    engine_on,
    party,
    register,
    within,
)
from tests.support.given import START

HOLD = PlaceHold(party=party(1), reason="case-7")
EVERYTHING = """
SELECT md5(string_agg(t, '' ORDER BY t)) FROM (
    SELECT s::text AS t FROM state s UNION ALL SELECT j::text FROM journal j
    UNION ALL SELECT m::text FROM message m UNION ALL SELECT p::text FROM person p
    UNION ALL SELECT i::text FROM inbox i UNION ALL SELECT p::text FROM parked p
    UNION ALL SELECT r::text FROM reaction r UNION ALL SELECT o::text FROM outbox o
) everything
"""

UNICODE_BROKEN = ["\ud800", "\udc00", "a\udfffb", "\ud83d", "😀\ude00"]
"""Halves of surrogate pairs: Python has them, UTF-8 has not."""

UNICODE_ODD = ["\ufffe", "\uffff", "\u202e", "\u0301", "e\u0301" * 3, "\U0010ffff", "😀👩‍👩‍👧", "﷽"]
"""Strange, but text: non-characters, marks without a letter, joined signs, changed directions."""


@pytest.mark.parametrize(
    ("command", "more", "code"),
    [
        (HOLD, {"key": ""}, "key_invalid"),
        (HOLD, {"key": "k" * (KEY_LENGTH_MAX + 1)}, "key_invalid"),
        (HOLD, {"key": "k\x00"}, "key_invalid"),
        (HOLD, {"key": "k\x1f"}, "key_invalid"),
        (HOLD, {"key": "k\n"}, "key_invalid"),
        (HOLD, {"key": "k\ud800"}, "key_invalid"),
        (replace(HOLD, reason="x" * COMMAND_BYTES_MAX), {}, "command_too_large"),
        (replace(HOLD, reason="\x00"), {}, "text_invalid"),
        *((replace(HOLD, reason=text), {}, "text_invalid") for text in UNICODE_BROKEN),
        (replace(HOLD, reason="not a file number"), {}, "command_invalid"),
        (UpdateParty(party=party(1), digest=b"x" * 17), {}, "command_invalid"),
        (UpdateParty(party=party(1), length=-1), {}, "command_invalid"),
        (
            ManageCreator(creator=party(1), agency=party(2), starts_at=datetime(2025, 3, 3)),  # noqa: DTZ001
            {},
            "command_invalid",
        ),
        (UpdateParty(party=party(1), length=2**64), {}, "command_invalid"),
        (UpdateParty(party=party(1)), {"text": "a\x00"}, "text_invalid"),
        *((UpdateParty(party=party(1)), {"text": text}, "text_invalid") for text in UNICODE_BROKEN),
        (UpdateParty(party=party(1)), {"text": "not what was sealed"}, "seal_differs"),
    ],
)
async def test_is_refused_at_the_border(
    url: str, command: Any, more: dict[str, Any], code: str
) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([register(1)])
        before = await outside.value(EVERYTHING)
        with pytest.raises(BadInput) as refused:
            await rig.submit(command, **more)
        assert refused.value.code == code
        assert refused.value.detail
        assert rig.engine.writers.open == 0
        assert await outside.value(EVERYTHING) == before


@pytest.mark.parametrize("text", UNICODE_ODD)
async def test_text_is_kept_as_it_is(url: str, text: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        sealed = rig.engine.entry.seal(text)
        asked = contact(1, digest=sealed.digest, length=sealed.length)
        answer = await within(rig.submit(asked, actor=consumer(1), text=text))
        assert answer.accepted
        assert await outside.column("SELECT text FROM message") == [text]
        await rig.assert_replays()


@pytest.mark.parametrize("key", ["k" * KEY_LENGTH_MAX, "键", "a b", "😀"])
async def test_a_key_may_be_any_printable_text(url: str, key: str) -> None:
    async with engine_on(url) as rig:
        assert (await within(rig.submit(register(1), key=key))).accepted
        assert (await within(rig.submit(register(1), key=key))).duplicate


@pytest.mark.parametrize("expected", [0, 1, 3, 99, -1])
async def test_a_stale_version_is_refused(url: str, expected: int) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await rig.all([register(1), HOLD])
        before = await outside.value(EVERYTHING)
        answer = await within(rig.submit(replace(HOLD, reason="other"), expected_version=expected))
        assert (answer.status, answer.code, answer.version) == (Status.REFUSED, "stale_version", 2)
        assert answer.detail == f"expected version {expected}, it is 2"
        assert await outside.value(EVERYTHING) == before


async def test_the_present_version_is_accepted_and_a_retry_of_it_too(url: str) -> None:
    async with engine_on(url) as rig:
        await rig.all([register(1)])
        for duplicate in (False, True):
            answer = await within(rig.submit(HOLD, key="k", expected_version=1))
            assert (answer.version, answer.duplicate) == (2, duplicate)
        assert (await within(rig.submit(register(2), expected_version=0))).version == 1


async def test_of_two_who_expect_the_same_version_one_is_refused(url: str) -> None:
    async with engine_on(url) as one, engine_on(url) as other:
        await one.all([register(1)])
        for version in range(1, 20):
            first = one.submit(
                PlaceHold(party=party(1), reason=f"one-{version}")
                if version < 8
                else UpdateParty(party=party(1), language=f"a-{version}"),
                expected_version=version,
            )
            second = other.submit(
                UpdateParty(party=party(1), language=f"b-{version}"), expected_version=version
            )
            answers = [await within(first), await within(second)]
            assert sorted(answer.accepted for answer in answers) == [False, True]
            assert {answer.code for answer in answers} == {"", "stale_version"}
        await one.assert_replays()


async def test_unknown_and_foreign_states_reveal_and_change_nothing(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await within(rig.submit(contact(1), actor=consumer(1)))
        before = await outside.value(EVERYTHING)
        said = PostMessage(
            consumer=party(1),
            conversation=contact(1).target().id,
            case=1,
            audience=Audience.CONSUMER,
            digest=b"0123456789abcdef",
            length=3,
        )
        foreign = [
            # The right conversation under a wrong consumer, the wrong one under the right one.
            (replace(said, consumer=party(2)), consumer(2)),
            (replace(said, conversation=contact(2).target().id), consumer(1)),
            (replace(said, case=2), consumer(1)),
        ]
        codes = []
        for command, actor in foreign:
            answer = await within(rig.submit(command, actor=actor))
            assert answer.status is Status.REFUSED
            codes.append(answer.code)
        assert codes == ["conversation_unknown", "conversation_unknown", "case_unknown"]
        assert (await within(rig.submit(said, actor=consumer(2)))).status is Status.REFUSED
        assert await outside.value(EVERYTHING) == before


def placed(number: int) -> PlaceOrder:
    return PlaceOrder(
        consumer=party(number),
        order=party(1_000 + number),
        market="cn",
        placed_at=START,
        timezone="Asia/Shanghai",
        currency="CNY",
        parts=(OrderedPart(),),
    )


def about_order(number: int) -> Subject:
    return Subject(SubjectKind.ORDER, party(1_000 + number), 1)


@pytest.mark.parametrize(
    ("changes", "text", "code"),
    [
        ({"subject": about_order(9)}, "Where is it?", "order_unknown"),
        ({"subject": about_order(2)}, "Where is it?", "order_unknown"),
        ({"subject": about_order(1), "part": 2}, "Where is it?", "order_unknown"),
        ({}, "", "message_empty"),
        ({}, "a" * 100_000, "message_too_long"),
        ({"market": "xx"}, "Hello", "market_unknown"),
        ({"case": 7}, "Hello", "case_unknown"),
    ],
    ids=["unknown order", "foreign order", "no such part", "empty", "100 kB", "market", "case"],
)
async def test_a_contact_that_cannot_be_is_refused_and_changes_nothing(
    url: str, changes: dict[str, Any], text: str, code: str
) -> None:
    """Refused by the decision and not by a bug: nothing is parked, and no text is kept."""
    changes = dict(changes)
    if "part" in changes:
        changes["subject"] = replace(changes["subject"], part=changes.pop("part"))
    async with engine_on(url, clock=SimulatedClock(START)) as rig, Outside(url) as outside:
        orders = await rig.all([placed(1), placed(2)], actor=MARKETPLACE)
        assert all(answer.accepted for answer in orders)
        before = await outside.value(EVERYTHING)
        sealed = rig.engine.entry.seal(text)
        said = contact(1, digest=sealed.digest, length=sealed.length, **changes)
        answer = await within(rig.submit(said, actor=consumer(1), text=text))
        assert (answer.status, answer.code) == (Status.REFUSED, code)
        assert await outside.value(EVERYTHING) == before


async def test_a_scan_of_an_order_not_seen_yet_is_kept_until_it_comes(url: str) -> None:
    scan = RecordTracking(
        consumer=party(1), order=party(1_001), shipment=party(7), code="delivered", at=START
    )
    async with engine_on(url, clock=SimulatedClock(START)) as rig, Outside(url) as outside:
        assert (await within(rig.submit(scan, actor=MARKETPLACE))).accepted
        said = contact(1, subject=about_order(1))
        assert (await within(rig.submit(said, actor=consumer(1)))).code == "order_unknown"
        answer = await within(rig.submit(placed(1), actor=MARKETPLACE))
        assert [type(event) for event in answer.events] == [OrderPlaced, Shipped, Delivered]
        assert (await within(rig.submit(said, actor=consumer(1)))).accepted
        assert await outside.value("SELECT count(*) FROM parked") == 0
        await rig.assert_replays()


async def test_a_party_that_does_not_exist_is_named(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        answer = await within(rig.submit(HOLD))
        assert (answer.code, answer.version) == ("party_unknown", 0)
        managed = ManageCreator(creator=party(1), agency=party(2), starts_at=START)
        assert (await within(rig.submit(managed))).code == "party_unknown"
        assert await outside.value("SELECT count(*) FROM state") == 0
        assert party_ref(party(1)) == HOLD.target()


async def test_more_than_can_wait_is_turned_away_and_the_rest_is_done(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        rig.engine.writers._queue_max = 50
        waiting = [rig.submit(register(number)) for number in range(50)]
        with pytest.raises(Overloaded):
            await rig.submit(register(50))
        for future in waiting:
            assert (await within(future)).accepted
        assert (await within(rig.submit(register(50)))).accepted
        assert await outside.value("SELECT count(*) FROM state") == 51
