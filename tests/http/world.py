"""A small marketplace behind a served process: who is who in the tests of what each may see."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from oncedesk.domain.conversations.subjects import Subject, SubjectKind, conversation_id
from oncedesk.domain.desks.messages import OpenDesk, ReportLoad
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.principals import Kind, Scope
from tests.support.served import Served, served

READS = (Scope.ORDERS_READ, Scope.CASES_READ, Scope.PRIVACY_READ, Scope.REFUNDS_READ)
WRITES = (
    *(Scope.ORDERS_WRITE, Scope.CONTACTS_WRITE, Scope.PARTIES_WRITE),
    *(Scope.PRIVACY_WRITE, Scope.WEBHOOKS_WRITE, Scope.REFUNDS_WRITE),
)
MERCHANTS_ISSUE = "late_delivery"
PLATFORMS_ISSUE = "regulator"


@dataclass
class World:
    """`consumer` bought from `merchant`, whose desk has case 1; case 2 is the platform's own. The
    desk of `rival` is another merchant's.

    What was bought is made to order: cancelling one of the two needs the merchant's yes (remedy 1).
    """

    service: Served
    consumer: UUID
    merchant: UUID
    order: UUID
    conversation: UUID
    agent: UUID
    rival: Desk
    clients: dict[str, httpx.AsyncClient]

    @property
    def desk(self) -> Desk:
        return Desk(DeskKind.MERCHANT, self.merchant)

    @property
    def case_path(self) -> str:
        return f"/v1/desk/cases/{self.consumer}/{self.conversation}"


@asynccontextmanager
async def the_world(
    database: str, *, creator: UUID | None = None, **settings: Any
) -> AsyncIterator[World]:
    """Everybody is logged in: `machine`, `reads`, `writes`, `owner` (the consumer), `stranger`,
    `agent` (the merchant's), `rival` (another merchant's), `platform`, `admin`, `nobody`. What was
    bought was sold by this `creator`, if there is one."""
    chosen = {
        "rate_person": 1e5,
        "rate_stranger": 1e5,
        "webhook_allow": "127.0.0.1/32",
        **settings,
    }
    async with served(database, **chosen) as service:
        consumer, merchant, rival, order, agent = (uuid4() for _ in range(5))
        desk, other = Desk(DeskKind.MERCHANT, merchant), Desk(DeskKind.MERCHANT, rival)
        for one in (PLATFORM, desk, other):
            await open_desk(service, one)
        clients = {
            "nobody": await service.client(),
            "machine": await service.machine(),
            "reads": await service.machine(*READS, name="reads"),
            "writes": await service.machine(*WRITES, name="writes"),
            "owner": await service.consumer(consumer),
            "stranger": await service.consumer(uuid4()),
            "agent": await service.agent(desk, agent=agent),
            "rival": await service.agent(other),
            "platform": await service.agent(PLATFORM),
            "admin": await service.agent(role=Kind.ADMIN),
        }
        subject = Subject(SubjectKind.ORDER, order, 1)
        world = World(
            service=service,
            consumer=consumer,
            merchant=merchant,
            order=order,
            conversation=conversation_id(consumer=consumer, subject=subject),
            agent=agent,
            rival=other,
            clients=clients,
        )
        await _fill(world, creator)
        yield world


async def open_desk(service: Served, desk: Desk) -> None:
    """The desk takes work, and somebody is there."""
    now = utc_now()
    for command in (
        OpenDesk(desk=desk, market="cn", languages=("zh",)),
        ReportLoad(desk=desk, waiting=0, oldest_wait_seconds=0, staffed=True, at=now),
    ):
        engine = service.parts.engine
        key = f"{desk}/{type(command).__name__}"
        answer = await engine.submit(command, principal="tests", key=key, actor=SYSTEM)
        assert answer.accepted, answer


def new_order(merchant: UUID) -> dict[str, Any]:
    return {
        "market": "cn",
        "placed_at": (utc_now() - timedelta(hours=1)).isoformat(),
        "timezone": "Asia/Shanghai",
        "currency": "CNY",
        "parts": [
            {
                "merchant": str(merchant),
                "items": [
                    {
                        "listing": str(uuid4()),
                        "unit_price_minor": 9900,
                        "quantity": 2,
                        "discount_minor": 9900,
                        "category": "custom_made",
                    }
                ],
                "promises": [{"type": "standard"}],
            }
        ],
        "payments": [{"method": "wallet", "amount_minor": 9900}],
    }


async def _fill(world: World, creator: UUID | None) -> None:
    machine = world.clients["machine"]
    placed = await machine.put(
        f"/v1/marketplace/consumers/{world.consumer}/orders/{world.order}",
        json=new_order(world.merchant) | ({} if creator is None else {"creator": str(creator)}),
        headers={"Idempotency-Key": "order"},
    )
    assert placed.status_code == 200, placed.text
    subject = {"kind": "order", "id": str(world.order), "part": 1}
    for number, issue in enumerate((MERCHANTS_ISSUE, PLATFORMS_ISSUE), start=1):
        said = await world.clients["owner"].post(
            "/v1/help/contacts",
            json={"subject": subject, "text": "Where is it?", "issue": issue, "fresh": True},
        )
        assert said.status_code == 200, said.text
        assert said.json()["case"] == number
        assert said.json()["conversation"] == str(world.conversation)
    asked = await world.clients["owner"].post(
        f"/v1/help/orders/{world.order}/remedies",
        json={
            "wish": {
                "kind": "cancel",
                "reason": "changed_mind",
                "lines": [{"part": 1, "item": 1, "quantity": 1}],
            }
        },
    )
    assert asked.status_code == 200, asked.text
