"""Who gets what, and how much of it."""

from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from oncedesk.domain.conversations.notifying import Recipient, RecipientKind
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.notifying import Links
from oncedesk.engine.ports import OutboxRow
from oncedesk.engine.webhooks.events import deliveries_of
from oncedesk.engine.webhooks.model import EVERYTHING, Endpoint
from oncedesk.settings import Settings
from tests.support.engines import party
from tests.support.hooks import START, leaving

SHOP, ROOM = Desk(DeskKind.MERCHANT, party(501)), Desk(DeskKind.CREATOR, party(502))
WHOLE = Endpoint(
    UUID(int=1), PLATFORM, "https://a.example.org/", ("case.opened",), "", START, 1, b""
)
SHOPS = replace(WHOLE, id=UUID(int=2), desk=SHOP)
ROOMS = replace(WHOLE, id=UUID(int=3), desk=ROOM)
ALL = (WHOLE, SHOPS, ROOMS)


def told(row: OutboxRow, *endpoints: Endpoint) -> dict[UUID, Any]:
    found = deliveries_of(row, endpoints or ALL, source="", now=START)
    return {one.endpoint: msgspec.json.decode(one.body) for one in found}


def test_the_platform_sees_all_and_others_what_lies_with_them() -> None:
    assert set(told(leaving())) == {WHOLE.id}
    assert set(told(leaving(desks=[str(SHOP)]))) == {WHOLE.id, SHOPS.id}
    assert set(told(leaving(desks=[str(SHOP), str(ROOM)]))) == {WHOLE.id, SHOPS.id, ROOMS.id}


def test_who_did_not_ask_or_is_disabled_gets_nothing() -> None:
    assert told(leaving(topic="case.closed")) == {}
    assert told(leaving(), replace(WHOLE, disabled_at=START)) == {}
    assert told(leaving(), replace(WHOLE, topics=())) == {}


def test_who_asked_for_everything_gets_what_is_told_of_later_too() -> None:
    everything = replace(WHOLE, topics=(EVERYTHING,))
    assert set(told(leaving(topic="a.topic.to.come"), everything)) == {WHOLE.id}


def test_each_desk_sees_itself_and_nobody_else() -> None:
    event = {
        "type": "Transferred",
        "from_desk": str(SHOP),
        "to_desk": str(ROOM),
        "reason": "content",
        "agent": str(party(9)),
    }
    found = told(leaving(desks=[str(SHOP), str(ROOM)], event=event))
    data = {id_: one["data"] for id_, one in found.items()}
    assert data[WHOLE.id]["event"] == event
    assert data[WHOLE.id]["consumer"] == str(party(1))
    shared = {"type": "Transferred", "reason": "content"}
    assert data[SHOPS.id]["event"] == {**shared, "from_desk": str(SHOP)}
    assert data[ROOMS.id]["event"] == {**shared, "to_desk": str(ROOM)}
    for id_ in (SHOPS.id, ROOMS.id):
        assert set(data[id_]) == {"conversation", "case", "version", "event"}


def test_a_desks_link_says_no_more_of_who_the_consumer_is() -> None:
    consumer, conversation = party(1), party(2)
    settings = Settings(home=Path("/nowhere"), public_url="https://desk.example")
    ours = "https://shop.example/cases/{conversation}/{case}"
    for template, kept in ((settings.desk_link, False), (ours, True)):
        links = Links(settings.public_url, settings.consumer_link, template)
        recipient = Recipient(RecipientKind.DESK, None, str(SHOP))
        link = links.to(recipient, consumer=consumer, conversation=conversation, case=1)
        found = told(leaving(desks=[str(SHOP)], link=link))
        assert found[WHOLE.id]["data"]["link"] == link
        assert found[SHOPS.id]["data"].get("link") == (link if kept else None)
        assert str(consumer) not in str(found[SHOPS.id])


def test_no_event_names_the_consumer_to_a_desk_however_deep() -> None:
    consumer = str(party(1))
    event = {
        "type": "X",
        "of": consumer,
        "about": {"who": consumer, "paths": ["a", f"/{consumer}"]},
    }
    found = told(leaving(desks=[str(SHOP)], event=event))
    assert found[WHOLE.id]["data"]["event"] == event
    assert found[SHOPS.id]["data"]["event"] == {"type": "X", "about": {"paths": ["a"]}}


def test_the_same_event_has_the_same_id_everywhere_and_each_delivery_its_own() -> None:
    row = leaving(desks=[str(SHOP)])
    first = deliveries_of(row, ALL, source="", now=START)
    assert {one.event for one in first} == {row.id}
    assert len({one.id for one in first}) == 2
    assert first == deliveries_of(row, ALL, source="", now=START)


@pytest.mark.parametrize(
    ("source", "said"), [("", "/oncedesk"), ("https://a.org", "https://a.org")]
)
def test_says_where_it_comes_from(source: str, said: str) -> None:
    (found,) = deliveries_of(leaving(), [WHOLE], source=source, now=START)
    assert msgspec.json.decode(found.body)["source"] == said
