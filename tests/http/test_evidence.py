"""Evidence over HTTP: files of one's own that a message names; nobody says what is in them."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx

from oncedesk.domain.evidence.messages import NoteEvidence
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.refs import Kind
from oncedesk.storage.tables import metadata
from tests.http.files import answers_with, photo, says_with, uploaded
from tests.http.test_remedies import bought, buys_again, delivered, desks, mine, said
from tests.http.world import World
from tests.support.engines import Outside

QUALITY = {"kind": "return_and_refund", "reason": "quality"}


async def refused(world: World, evidence: list[str], who: str = "owner") -> None:
    """These files are not taken, and nothing has changed."""
    asked = {"wish": QUALITY, "evidence": evidence}
    answer = await world.clients[who].post(mine(world), json=asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "evidence_unknown"), answer.text
    assert answer.json()["field"] == "evidence"


async def test_a_file_counts_by_what_is_in_it(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        file, owner = await says_with(world, photo(1)), world.clients["owner"]
        # The same content once more is no second piece of evidence.
        again = await says_with(world, photo(1))
        got = await said(owner, mine(world), {"wish": QUALITY, "evidence": [file, again, file]})
        assert got["events"] == ["BooksOpened", "RemedyRequested"]
        async with Outside(url) as outside:
            ((kept,),) = await outside.rows(
                "SELECT sha256 FROM attachment WHERE bucket = $1 AND id::text = $2",
                bucket_of(world.consumer),
                file,
            )
            ((body,),) = await outside.rows(
                "SELECT events FROM journal WHERE kind = 'remedies' AND bucket = $1 "
                "ORDER BY at DESC LIMIT 1",
                bucket_of(world.consumer),
            )
        parts = world.service.parts
        events = parts.codec.events(Kind.REMEDIES, body)
        mark = parts.engine.entry.mark(kept)
        assert events[1].evidence == (mark,)
        assert mark != kept[:16]
        async with Outside(url) as outside:
            await outside.until("SELECT count(*) FROM reaction", 0)
        copy = (await owner.get("/v1/help/export")).json()
        assert copy["evidence"] == [
            {"digest": mark.hex(), "orders": [str(world.order)], "elsewhere": None}
        ]
        asked = [one for one in copy["history"] if one["command"] == "RequestRemedy"]
        assert asked[-1]["said"]["wish"]["reason"] == "quality"


async def test_whoever_has_a_file_does_not_find_out_that_it_was_shown(url: str) -> None:
    async with bought(url) as world, Outside(url) as outside:
        await delivered(world)
        file, owner = await says_with(world, photo(1)), world.clients["owner"]
        content = (await owner.get(f"/v1/help/attachments/{file}")).content
        plain = sha256(content).digest()[:16]
        assert "attachment" in await tables_with_bytes(outside, plain)
        await said(owner, mine(world), {"wish": QUALITY, "evidence": [file]})
        await outside.until("SELECT count(*) FROM reaction", 0)
        assert await outside.value("SELECT count(*) FROM state WHERE kind = 'evidence'") == 1
        gone = await world.clients["machine"].post(
            f"/v1/marketplace/parties/{world.consumer}/erasure", headers={"Idempotency-Key": "gone"}
        )
        assert gone.status_code == 200, gone.text
        assert await tables_with_bytes(outside, plain) == set()


async def test_what_was_shown_under_its_plain_digest_stays_known_by_it(url: str) -> None:
    async with bought(url) as world, Outside(url) as outside:
        await delivered(world)
        file, owner = await says_with(world, photo(1)), world.clients["owner"]
        kept = await outside.value("SELECT sha256 FROM attachment")
        parts = world.service.parts
        before = NoteEvidence(digest=kept[:16], order=uuid4())
        noted = await parts.engine.submit(before, principal="t", key="before", actor=SYSTEM)
        assert noted.accepted
        await said(owner, mine(world), {"wish": QUALITY, "evidence": [file]})
        await outside.until("SELECT count(*) FROM reaction", 0)
        ((body,),) = await outside.rows("SELECT body FROM state WHERE kind = 'evidence'")
        assert parts.codec.state(Kind.EVIDENCE, body).orders == (before.order, world.order)


async def tables_with_bytes(outside: Outside, content: bytes) -> set[str]:
    """Every table in which these stand, whatever column."""
    found = set()
    for table in metadata.sorted_tables:
        if await outside.value(
            f"SELECT count(*) FROM {table.name} t WHERE t::text LIKE $1", f"%{content.hex()}%"
        ):
            found.add(table.name)
    return found


async def test_what_is_not_said_is_not_shown(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        await refused(world, [await uploaded(world, photo(1))])
        await refused(world, [str(uuid4())])
        # What was said about another order, and what somebody else said.
        elsewhere = await says_with(world, photo(2))
        await buys_again(world)
        await delivered(world)
        await refused(world, [elsewhere])
        await says_with(world, photo(3))
        merchants = await answers_with(world, photo(4), audience="consumer")
        await refused(world, [merchants])
        seen = await world.clients["owner"].get(mine(world))
        assert seen.json()["remedies"] == []


async def test_a_digest_is_not_taken_any_more(url: str) -> None:
    async with bought(url) as world:
        digest = sha256(photo(1)).hexdigest()[:32]
        asked = {"wish": QUALITY, "evidence": [digest + "!"]}
        answer = await world.clients["owner"].post(mine(world), json=asked)
        assert (answer.status_code, answer.json()["code"]) == (422, "body_invalid")


async def test_each_side_shows_its_own_in_a_dispute(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        owner, agent, rival = (world.clients[who] for who in ("owner", "agent", "rival"))
        theirs = await says_with(world, photo(1))
        await said(owner, mine(world), {"wish": QUALITY, "evidence": [theirs]})
        note = await answers_with(world, photo(2), audience="internal")
        desk = await answers_with(world, photo(3))
        facts = {"reason": "worn", "facts": ["worn_soles"]}
        for wrong in (theirs, note):
            answer = await agent.post(
                desks(world, "/1/refusal"), json={**facts, "evidence": [wrong]}
            )
            assert answer.json()["code"] == "evidence_unknown"
        hidden = await rival.post(desks(world, "/1/refusal"), json={**facts, "evidence": [desk]})
        assert hidden.status_code == 404
        await said(agent, desks(world, "/1/refusal"), {**facts, "evidence": [desk]})
        await said(owner, mine(world, "/1/dispute"), {"reason": "not_worn"})
        mixed = await owner.post(mine(world, "/1/evidence"), json={"evidence": [theirs, desk]})
        assert mixed.json()["code"] == "evidence_unknown"
        more = await says_with(world, photo(5))
        await said(owner, mine(world, "/1/evidence"), {"evidence": [more]})
        await said(agent, desks(world, "/1/evidence"), {"evidence": [desk]})
        (remedy,) = (await owner.get(mine(world))).json()["remedies"]
        dispute = remedy["dispute"]
        # What the merchant refused with counts as shown, too.
        assert (dispute["consumer_evidence"], dispute["merchant_evidence"]) == (1, 2)


async def test_a_dispute_says_what_becomes_of_it_by_itself(url: str) -> None:
    async with bought(url) as world:
        await delivered(world)
        agent, owner = world.clients["agent"], world.clients["owner"]
        theirs = await says_with(world, photo(7))
        desk = await answers_with(world, photo(6))
        await said(owner, mine(world), {"wish": QUALITY, "evidence": [theirs]})
        facts = {"reason": "worn", "facts": ["worn_soles"]}
        await said(agent, desks(world, "/1/refusal"), facts)
        await said(owner, mine(world, "/1/dispute"), {"reason": "not_worn"})

        async def seen(who: httpx.AsyncClient, path: str) -> Any:
            (remedy,) = (await who.get(path)).json()["remedies"]
            return remedy["dispute"]

        dispute = await seen(owner, mine(world))
        assert (dispute["then"], dispute["wanted_minor"]) == ("granted", 9_900)
        await said(agent, desks(world, "/1/evidence"), {"evidence": [desk]})
        dispute = await seen(agent, desks(world))
        assert "then" not in dispute, "the platform is asked"
        assert dispute["due_at"]
