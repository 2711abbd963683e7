"""Rule 13: texts and names stand where they can be overwritten, and nowhere else."""

from typing import Any

import pytest

from oncedesk.domain.agents.messages import RegisterAgent, UpdateAgent
from oncedesk.domain.conversations.messages import Audience, PostMessage
from oncedesk.domain.parties.messages import RegisterParty, UpdateParty
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM
from oncedesk.domain.shared.gate.looking import Gate
from oncedesk.domain.shared.ids import digest
from oncedesk.engine.codec import Codec
from oncedesk.engine.entry import Entry
from oncedesk.engine.submission import Answer, Status
from oncedesk.storage.tables import metadata
from oncedesk.wiring import DECIDERS
from tests.support.engines import (
    Outside,
    Rig,
    contact,
    engine_on,
    party,
    register,
    with_parties,
    within,
)

MARK = "王小明 138-0013-8000 长安街一号"


async def say(rig: Rig, command: Any, text: str, *, actor: Any = SYSTEM) -> Status:
    sealed = rig.engine.entry.seal(text)
    with_seal = type(command)(
        **{
            **{name: getattr(command, name) for name in command.__struct_fields__},
            "digest": sealed.digest,
            "length": sealed.length,
        }
    )
    answer: Answer = await within(rig.submit(with_seal, actor=actor, text=text))
    return answer.status


async def everything(rig: Rig) -> None:
    """A party and an agent with names, a contact and an answer with words, each twice."""
    posted = PostMessage(
        consumer=party(1),
        conversation=contact(1).target().id,
        case=1,
        audience=Audience.CONSUMER,
        digest=b"",
        length=0,
    )
    commands = [
        (register(1), SYSTEM),
        (UpdateParty(party=party(1), language="zh"), SYSTEM),
        (RegisterAgent(agent=party(2)), SYSTEM),
        (UpdateAgent(agent=party(2), digest=b"", length=0), SYSTEM),
        (contact(1), MARKETPLACE),
        (contact(1, issue="quality", fresh=True), MARKETPLACE),
        (posted, SYSTEM),
    ]
    for step, (command, actor) in enumerate(commands):
        assert await say(rig, command, f"{MARK} {step}", actor=actor) is Status.ACCEPTED


async def tables_with(outside: Outside, text: str) -> set[str]:
    """Every table in which the text stands, as text or as bytes, in whatever column."""
    as_bytes = text.encode().hex()
    found = set()
    for table in metadata.sorted_tables:
        count = await outside.value(
            f"SELECT count(*) FROM {table.name} t WHERE t::text LIKE $1 OR t::text LIKE $2",
            f"%{text}%",
            f"%{as_bytes}%",
        )
        if count:
            found.add(table.name)
    return found


async def test_texts_stand_in_their_own_rows_only(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await everything(rig)
        assert await tables_with(outside, MARK) == {"message", "person"}
        # The other tables are not empty; the search finds what is in them.
        for table in ("state", "journal", "inbox"):
            assert await outside.value(f"SELECT count(*) FROM {table}") > 0
        assert "journal" in await tables_with(outside, "ContactReceived")


async def test_what_failed_keeps_its_text_beside_it_and_tells_no_log(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def decide(*_: Any) -> Any:
        raise RuntimeError("bug")

    async with engine_on(url, deciders=with_parties(decide=decide)) as rig, Outside(url) as outside:
        assert await say(rig, register(1), MARK) is Status.PARKED
        assert await tables_with(outside, MARK) == {"parked"}
    told = capsys.readouterr()
    assert "command_parked" in told.out + told.err
    assert MARK not in told.out + told.err


async def test_overwritten_texts_are_missed_by_no_replay(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        await everything(rig)
        await outside.run("UPDATE message SET text = NULL, erased_at = now()")
        await outside.run("UPDATE person SET body = NULL, erased_at = now()")
        assert await tables_with(outside, MARK) == set()
        await rig.assert_replays()


async def test_of_two_names_in_one_batch_the_later_is_kept(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        entry = rig.engine.entry
        futures = []
        for name in ("first", "second", "third"):
            sealed = entry.seal(name)
            command = (
                RegisterParty(
                    party=party(1),
                    kind=register(1).kind,
                    market="cn",
                    digest=sealed.digest,
                    length=sealed.length,
                )
                if name == "first"
                else UpdateParty(party=party(1), digest=sealed.digest, length=sealed.length)
            )
            futures.append(rig.submit(command, text=name))
        for future in futures:
            assert (await within(future)).accepted
        assert await outside.column("SELECT body FROM person") == ["third"]
        assert await outside.value("SELECT count(DISTINCT xmin::text) FROM journal") == 1


async def test_whom_an_update_says_nothing_of_nothing_is_kept(url: str) -> None:
    async with engine_on(url) as rig, Outside(url) as outside:
        assert await say(rig, register(1), MARK) is Status.ACCEPTED
        assert await say(rig, RegisterAgent(agent=party(2)), MARK) is Status.ACCEPTED
        for nothing in (
            UpdateParty(party=party(1), language="en"),
            UpdateAgent(agent=party(2), digest=b"", length=0),
        ):
            answer: Answer = await within(rig.submit(nothing, actor=SYSTEM))
            assert answer.accepted
        assert await outside.column("SELECT body FROM person") == [None, None]
        assert await tables_with(outside, MARK) == set()
        # What changes nothing takes nothing away.
        assert await say(rig, UpdateParty(party=party(1), language="en"), MARK) is Status.ACCEPTED
        answer = await within(rig.submit(RegisterAgent(agent=party(2)), actor=SYSTEM))
        assert not answer.events
        assert await outside.value("SELECT count(*) FROM person WHERE body IS NOT NULL") == 1
        await rig.assert_replays()


def test_a_hash_of_a_short_text_cannot_be_guessed_without_the_secret() -> None:
    codec = Codec(DECIDERS)
    phone = "13800138000"
    one, other = (Entry(codec, word * 8, lambda: Gate(())) for word in (b"one", b"other"))
    assert one.seal(phone) == one.seal(phone)
    assert one.seal(phone).digest != other.seal(phone).digest != digest(phone.encode())
    assert one.seal(phone).length == 11
