"""Lists in pages: each goes on where it was, for the same reader of the same list only."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from oncedesk.domain.shared.records import Record
from oncedesk.http.auth.secrets import Seals
from oncedesk.http.cursors import Cursors
from oncedesk.http.problems import Refused
from tests.http.test_contacts import contact
from tests.support.served import served


async def test_goes_through_a_list_once(url: str) -> None:
    consumer = uuid4()
    async with served(url) as service:
        machine = await service.machine()
        conversations = set()
        for number in range(5):
            subject = {"kind": "listing", "id": str(uuid4())}
            said = await machine.post(
                "/v1/marketplace/contacts",
                json=contact(consumer, subject=subject),
                headers={"Idempotency-Key": f"{number}"},
            )
            conversations.add(said.json()["conversation"])
        person = await service.consumer(consumer)
        seen: list[str] = []
        query: dict[str, Any] = {"limit": 2}
        for expected in (2, 2, 1):
            page = (await person.get("/v1/help/conversations", params=query)).json()
            assert len(page["items"]) == expected
            seen += [one["id"] for one in page["items"]]
            query["cursor"] = page["next"]
        assert page["next"] is None
        assert len(seen) == 5
        assert set(seen) == conversations


async def test_a_cursor_is_good_for_its_reader_and_its_list_only(url: str) -> None:
    consumer = uuid4()
    async with served(url) as service:
        machine = await service.machine()
        for number in range(2):
            subject = {"kind": "listing", "id": str(uuid4())}
            await machine.post(
                "/v1/marketplace/contacts",
                json=contact(consumer, subject=subject),
                headers={"Idempotency-Key": f"{number}"},
            )
        mine = f"/v1/marketplace/consumers/{consumer}/conversations"
        cursor = (await machine.get(mine, params={"limit": 1})).json()["next"]
        assert (await machine.get(mine, params={"cursor": cursor})).status_code == 200
        other = await service.machine(name="other")
        changed = cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")
        for client, path, used in (
            (other, mine, cursor),
            (machine, f"/v1/marketplace/consumers/{uuid4()}/conversations", cursor),
            (machine, f"/v1/marketplace/consumers/{consumer}/orders", cursor),
            (machine, mine, changed),
            (machine, mine, cursor[10:]),
            (machine, mine, "%00"),
            (machine, mine, ""),
        ):
            refused = await client.get(path, params={"cursor": used})
            assert refused.status_code == 422, used
            assert refused.json()["code"] == "cursor_invalid"
        long = await machine.get(mine, params={"cursor": "A" * 2_001})
        assert long.json()["code"] == "parameter_invalid"


class _Before(Record, frozen=True):
    at: int


class _Now(Record, frozen=True):
    at: int
    id: UUID


def test_a_cursor_of_an_earlier_release_is_none() -> None:
    cursors = Cursors(Seals(b"secret"))
    with pytest.raises(Refused) as refused:
        cursors.read(cursors.made(_Before(1), whose="mine"), _Now, whose="mine")
    assert refused.value.problem.code == "cursor_invalid"
