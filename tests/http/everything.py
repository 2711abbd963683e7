"""A world with everybody in it and one of everything: what walks over all routes ask about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

from oncedesk.domain.agents.messages import DeskRole, JoinDesk, LeaveDesk
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, party_ref
from oncedesk.engine.running import utc_now
from oncedesk.rules.loading import PACKS_FOLDER
from tests.http.world import World, open_desk, the_world
from tests.support.engines import Outside, register
from tests.support.pictures import PDF
from tests.support.served import SIGNS

SAID = {"title": "T", "body": "B"}
AN_ARTICLE = {"zh": SAID, "en": SAID, "owner": "me"}
A_MACRO = {"name": "Hello", "zh": "您好", "en": "Good day"}
A_VIEW = {"name": "Late", "filter": {"overdue": True}}
A_LISTING = {"currency": "CNY", "variants": [{"variant": str(uuid4()), "price_minor": 100}]}
HOOKS = {"desk": "platform", "url": "http://127.0.0.1:9/hooks"}
"""Nobody listens there."""


@asynccontextmanager
async def everything(database: str, **settings: Any) -> AsyncIterator[tuple[World, dict[str, str]]]:
    """The world, in which there are also `lead` and `rival_lead` (supervisors of the two
    merchants), `chief` (of the platform), `creator` (an agent of whoever presented what was
    bought), `asked` (of a creator's desk that the platform asked about case 1) and `former` (who
    was at the merchant's desk once); and what stands in paths: things that are there."""
    creator = uuid4()
    async with the_world(database, creator=creator, **settings) as world:
        await _everybody(world, creator)
        yield world, await _names_of(world, creator)


async def _everybody(world: World, creator: UUID) -> None:
    service = world.service
    asked = Desk(DeskKind.CREATOR, uuid4())
    for desk in (asked, presents := Desk(DeskKind.CREATOR, creator)):
        await open_desk(service, desk)
    for who, desk in (("lead", world.desk), ("rival_lead", world.rival), ("chief", PLATFORM)):
        agent = uuid4()
        # Before they log in: who somebody is stays remembered for some seconds.
        await service.register(agent)
        joined = JoinDesk(agent=agent, desk=desk, role=DeskRole.SUPERVISOR, starts_at=utc_now())
        await _given(world, joined)
        world.clients[who] = await service.agent(agent=agent)
    former = uuid4()
    await service.register(former, world.desk)
    await _given(world, LeaveDesk(agent=former, desk=world.desk))
    world.clients |= {
        "former": await service.agent(agent=former),
        "creator": await service.agent(presents),
        "asked": await service.agent(asked),
    }
    question = {"desk": str(asked), "mode": "stay", "text": "What did you promise?"}
    answer = await world.clients["admin"].post(f"{world.case_path}/1/referral", json=question)
    assert answer.status_code == 200, answer.text


async def _given(world: World, command: Any) -> None:
    answer = await world.service.parts.engine.submit(
        command, principal="tests", key=str(uuid4()), actor=SYSTEM
    )
    assert answer.accepted, answer


async def _names_of(world: World, creator: UUID) -> dict[str, str]:
    admin = world.clients["admin"]
    # What may be revoked or disabled is nobody's who is asked later.
    spare = uuid4()
    await world.service.agent(agent=spare)
    await world.service.machine(name="spare")
    keys = (await admin.get("/v1/admin/keys")).json()["items"]
    logins = (await admin.get("/v1/admin/logins")).json()["items"]
    packs = (await admin.get("/v1/admin/markets/cn/packs")).json()["items"]
    mine = next(one for one in logins if one["agent"] == str(spare))
    await _known(world, creator)
    merchant, listing = await _for_sale(world)
    return {
        "consumer": str(world.consumer),
        "order": str(world.order),
        "conversation": str(world.conversation),
        "case": "1",
        "remedy": "1",
        "attachment": await _attached(world),
        "agents_file": await _attached_by_agent(world),
        "leg": "1",
        "field": "phone",
        "party": str(world.consumer),
        "creator": str(creator),
        "agent": str(world.agent),
        "desk": str(world.desk),
        "relief": str(uuid4()),
        "payout": str(uuid4()),
        "currency": "CNY",
        "recovery": "1",
        "budget": "assurance",
        "merchant": merchant,
        "listing": listing,
        "name": mine["name"],
        "key": keys[0]["id"],
        "market": "cn",
        "pack": packs[0]["pack_hash"],
        "calendar": "always",
        "figure": "resolution",
        "candidate": await _candidate(world),
        "parked": await _parked(world),
        "webhook": await _webhook(world),
        **await _tools(world),
        "message": await _first_message(world),
        "mentioned": await _mentioned(world),
        "public": SIGNS.as_pem(private=False).decode(),
    }


async def _known(world: World, creator: UUID) -> None:
    """Who the consumer and the creator are; the consumer's phone is shown to somebody."""
    for party, kind, phone in (
        (world.consumer, "consumer", "13812345678"),
        (creator, "creator", "13812345679"),
    ):
        told = await world.clients["machine"].put(
            f"/v1/marketplace/parties/{party}",
            json={"kind": kind, "market": "cn", "person": {"name": "Li", "phone": phone}},
            headers={"Idempotency-Key": kind},
        )
        assert told.status_code == 200, told.text
    for field in ("phone", "messages"):
        granted = await world.clients["platform"].post(
            f"/v1/desk/consumers/{world.consumer}/reveals",
            json={
                "field": field,
                "reason": "call_back",
                "conversation": str(world.conversation),
            },
        )
        assert granted.status_code == 200, granted.text


async def _mentioned(world: World) -> str:
    """A note in which the merchant's agent is named."""
    note = {"audience": "desks", "text": "@you", "mentions": [str(world.agent)]}
    said = await world.clients["admin"].post(f"{world.case_path}/1/messages", json=note)
    assert said.status_code == 200, said.text
    return str(said.json()["command_id"])


async def _parked(world: World) -> str:
    """A command that failed."""
    command, parked = register(1), uuid4()
    ref = party_ref(command.party)
    async with Outside(world.service.database) as outside:
        await outside.run(
            "INSERT INTO parked (bucket, id, kind, target, actor, origin, command, text, error,"
            " at, attempts)"
            " VALUES ($1, $2, 'party', $3, 'system', 'client', $4, NULL, 'x', now(), 1)",
            ref.bucket,
            parked,
            ref.id,
            world.service.parts.codec.encode(command),
        )
    return str(parked)


async def _webhook(world: World) -> str:
    """An endpoint of the merchant's desk, where nobody listens, and what did not reach it."""
    added = await world.clients["admin"].post("/v1/admin/webhooks", json=HOOKS)
    endpoint = UUID(added.json()["id"])
    async with Outside(world.service.database) as outside:
        # What is nobody else's could not be added by a desk.
        await outside.run("UPDATE webhook_endpoint SET desk = $1", str(world.desk))
        await outside.run(
            "INSERT INTO webhook_delivery (bucket, id, endpoint, event, topic, body, stream, at,"
            " version, number, status, queued_at, next_at, attempts, done_at, answer)"
            " VALUES (1, $1, $2, $1, 'case.opened', '{}', $1, now(), 1, 1, 'failed', now(), now(),"
            " 9, now(), 'nobody there')",
            uuid4(),
            endpoint,
        )
    return str(endpoint)


async def _first_message(world: World) -> str:
    messages = await world.clients["admin"].get(f"{world.case_path}/messages")
    return str(messages.json()["items"][0]["id"])


async def _tools(world: World) -> dict[str, str]:
    """An article for everybody; a macro and a view of the merchant's desk."""
    admin, ids = world.clients["admin"], {}
    at_desk = {"seen": 0, "desk": str(world.desk)}
    for name, body in (
        ("article", {"seen": 0, "article": AN_ARTICLE}),
        ("macro", {**at_desk, "macro": A_MACRO}),
        ("view", {**at_desk, "view": A_VIEW, "shared": True}),
    ):
        ids[name] = str(uuid4())
        made = await admin.put(f"/v1/desk/{name}s/{ids[name]}", json=body)
        assert made.status_code == 200, made.text
    return ids


async def _candidate(world: World) -> str:
    """The rules of cn as they come along, not published."""
    files = {path.name: path.read_text() for path in (PACKS_FOLDER / "cn").glob("*.toml")}
    checked = await world.clients["admin"].post(
        "/v1/admin/markets/cn/candidates", json={"files": files}
    )
    return str(checked.json()["candidate"]["id"])


async def _for_sale(world: World) -> tuple[str, str]:
    """A merchant's listing; and the consumer can pay by a card and by a balance."""
    machine, merchant, listing = world.clients["machine"], str(uuid4()), str(uuid4())
    told = await machine.put(
        f"/v1/marketplace/merchants/{merchant}/listings/{listing}",
        json=A_LISTING,
        headers={"Idempotency-Key": "described"},
    )
    assert told.status_code == 200, told.text
    methods: tuple[dict[str, Any], ...] = (
        {"method": "card:1", "kind": "card"},
        {"method": "gift:1", "kind": "gift", "stored": True, "currency": "CNY"},
    )
    for method in methods:
        told = await machine.post(
            f"/v1/marketplace/consumers/{world.consumer}/wallet/methods",
            json=method,
            headers={"Idempotency-Key": str(method["method"])},
        )
        assert told.status_code == 200, told.text
    return merchant, listing


async def _attached(world: World) -> str:
    """A file that came with a message of the consumer's."""
    owner, subject = world.clients["owner"], {"kind": "order", "id": str(world.order), "part": 1}
    query: dict[str, Any] = {"kind": "order", "subject": str(world.order), "part": 1}
    brought = await owner.post("/v1/help/attachments", params=query, content=PDF)
    said = {"subject": subject, "case": 1, "attachments": [brought.json()["id"]]}
    assert (await owner.post("/v1/help/contacts", json=said)).status_code == 200
    return str(brought.json()["id"])


async def _attached_by_agent(world: World) -> str:
    """A file that came with an answer of the merchant's."""
    agent, case = world.clients["agent"], f"/v1/desk/cases/{world.consumer}/{world.conversation}"
    brought = await agent.post(f"{case}/attachments", content=PDF)
    said = {"audience": "consumer", "attachments": [brought.json()["id"]]}
    answer = await agent.post(f"{case}/1/messages", json=said)
    assert answer.status_code == 200, answer.text
    return str(brought.json()["id"])


def nowhere(names: dict[str, str]) -> dict[str, str]:
    """The same places with nothing there."""
    return {
        **{name: str(uuid4()) for name in names},
        "case": "1",
        "leg": "1",
        "remedy": "1",
        "figure": names["figure"],
        "field": "phone",
        "desk": f"merchant:{uuid4()}",
        "name": "nobody@nowhere.example",
        "key": "nokeynokeyno",
        "currency": "XXX",
        "recovery": "2",
        "budget": "nothing",
        "market": "zz",
        "pack": "f" * 32,
        "calendar": "nowhere",
        "public": names["public"],
    }
