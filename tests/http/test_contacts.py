"""A contact over HTTP: who may bring one, what it becomes, and what a repeat gets."""

from uuid import uuid4

from oncedesk.domain.conversations.subjects import NOTHING, conversation_id
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Scope
from tests.support.engines import Outside
from tests.support.served import served


def contact(consumer: object, **changes: object) -> dict[str, object]:
    return {
        "consumer": str(consumer),
        "subject": {"kind": "none"},
        "text": "我的包裹在哪里?",
        "market": "cn",
        "channel": "app_chat",
        "surface": "order",
        "language": "zh",
        "issue": "refund",
        **changes,
    }


async def test_a_machine_brings_a_contact_and_a_repeat_counts_once(url: str) -> None:
    consumer = uuid4()
    async with served(url) as service:
        machine = await service.machine(Scope.CONTACTS_WRITE)
        machine.headers["Idempotency-Key"] = "one"
        first = await machine.post("/v1/marketplace/contacts", json=contact(consumer))
        assert first.status_code == 200, first.text
        said = first.json()
        assert said["opened"] is True
        assert said["contact"] == "new"
        assert said["case"] == 1
        assert said["answer_by"]
        assert first.headers["etag"] == f'"{said["version"]}"'
        assert "idempotent-replayed" not in first.headers
        assert said["conversation"] == str(conversation_id(consumer=consumer, subject=NOTHING))

        again = await machine.post("/v1/marketplace/contacts", json=contact(consumer))
        assert again.json() == said
        assert again.headers["idempotent-replayed"] == "true"

        other = contact(consumer, text="Something else")
        refused = await machine.post("/v1/marketplace/contacts", json=other)
        assert refused.status_code == 409
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["code"] == "idempotency_key_reused"
        async with Outside(url) as outside:
            assert await outside.column("SELECT text FROM message") == ["我的包裹在哪里?"]


async def test_a_key_counts_within_what_the_command_is_about(url: str) -> None:
    consumer, order = uuid4(), uuid4()
    path = f"/v1/marketplace/consumers/{consumer}/orders/{order}"
    placed = {
        "market": "cn",
        "placed_at": utc_now().isoformat(),
        "timezone": "Asia/Shanghai",
        "currency": "CNY",
        "parts": [{"items": [{"listing": str(uuid4()), "unit_price_minor": 9_900}]}],
    }
    async with served(url) as service:
        machine = await service.machine(Scope.CONTACTS_WRITE, Scope.ORDERS_WRITE)
        machine.headers["Idempotency-Key"] = "one"
        assert (await machine.put(path, json=placed)).status_code == 200
        about = {"kind": "order", "id": str(order), "part": 1}
        said = [
            await machine.post("/v1/marketplace/contacts", json=contact(consumer, subject=subject))
            for subject in (about, {"kind": "none"})
        ]
        assert [one.status_code for one in said] == [200, 200]
        assert len({one.json()["conversation"] for one in said}) == 2
        # Another command about the same order.
        ended = {"at": utc_now().isoformat()}
        refused = await machine.post(f"{path}/cancellation", json=ended)
        assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")
        # Refused before, for a reason that has gone.
        parcel = {"shipment": str(uuid4()), "code": "nowhere", "at": utc_now().isoformat()}
        key = {"Idempotency-Key": "two"}
        refused = await machine.post(f"{path}/tracking", json=parcel, headers=key)
        assert (refused.status_code, refused.json()["code"]) == (422, "tracking_code_unknown")
        parcel["code"] = "collected"
        taken = await machine.post(f"{path}/tracking", json=parcel, headers=key)
        assert taken.status_code == 200, taken.text


async def test_a_consumer_says_something_and_an_agent_answers(url: str) -> None:
    consumer = uuid4()
    async with served(url) as service:
        person = await service.consumer(consumer)
        said = await person.post(
            "/v1/help/contacts", json={"subject": {"kind": "none"}, "text": "Hello", "issue": "x"}
        )
        assert said.status_code == 200, said.text
        agent = await service.agent(PLATFORM)
        path = f"/v1/desk/cases/{consumer}/{said.json()['conversation']}/1/messages"
        answer = await agent.post(path, json={"audience": "consumer", "text": "Good day"})
        assert answer.status_code == 200, answer.text
        assert answer.json()["events"] == ["MessagePosted", "ClocksStopped"]
        stale = await agent.post(
            path,
            json={"audience": "consumer", "text": "Once more"},
            headers={"If-Match": said.headers["etag"]},
        )
        assert stale.status_code == 409
        assert stale.json()["code"] == "stale_version"


async def test_health_says_live_and_ready(url: str) -> None:
    async with served(url) as service:
        anybody = await service.client()
        assert (await anybody.get("/health/live")).json() == {"status": "live"}
        ready = await anybody.get("/health/ready")
        assert ready.status_code == 200
        assert ready.json()["ready"] is True
