"""Whatever is sent to any route, well formed or not: no failure of ours, and every answer is as the
description of the API says."""

import asyncio
import os
import random
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, GenerationMode
from schemathesis.checks import CheckFunction
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.engine.running import utc_now
from oncedesk.http.auth.passwords import Passwords
from oncedesk.http.auth.principals import Kind
from oncedesk.settings import Settings
from oncedesk.storage.access.logins import Login
from oncedesk.wiring import build
from tests.support.serve_process import ServeProcess, serve_process
from tests.support.served import PASSWORD, Served, register_signing_keys, token

EXAMPLES = int(os.environ.get("ONCEDESK_API_EXAMPLES", "6"))
WALKS = int(os.environ.get("ONCEDESK_API_WALKS", "20"))
ADMIN = "admin@example.com"
Operation = APIOperation[Any, Any, Any, Any]
LAST = (
    *("removeMarketplaceWebhook", "removeDeskWebhook", "removeWebhook"),
    *("endHelpSession", "logOut"),
)
"""After these there is nothing to ask about, and nobody is logged in any more."""
MALFORMED = {"Idempotency-Key": "k" * 201, "If-Match": "[.2"}
"""Headers as nobody may send them: whoever describes one has to read it."""
HOOKS = {"desk": "platform", "url": "http://127.0.0.1:9/hooks"}
"""Nobody listens there."""
HOOKS_ALLOWED = {"ONCEDESK_WEBHOOK_ALLOW": "127.0.0.1/32"}


class Api:
    """The served API, its description, and what each of its parts is asked with."""

    def __init__(self, service: ServeProcess, consumer: UUID) -> None:
        self.url = service.url
        self.known: dict[str, Any] = {"consumer": str(consumer)}
        machine = {"authorization": f"Bearer {service.token}"}
        with httpx.Client(base_url=self.url, timeout=30) as client:
            described = client.get("/openapi/openapi.json").json()
            said = {"name": ADMIN, "password": PASSWORD}
            session = client.post("/v1/desk/session", json=said)
            cookie = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
            desk = {"cookie": cookie, "x-csrf-token": session.json()["csrf_token"]}
            exchanged = client.post("/v1/help/session", json={"token": token(consumer)})
            contact = client.post(
                "/v1/marketplace/contacts",
                json={
                    "consumer": str(consumer),
                    "subject": {"kind": "none"},
                    "text": "在吗",
                    "market": "cn",
                    "channel": "app_chat",
                    "surface": "shop",
                },
                headers={**machine, "idempotency-key": "first"},
            ).json()
            hook = client.post("/v1/marketplace/webhooks", json=HOOKS, headers=machine).json()
        self.known |= {
            "conversation": contact["conversation"],
            "case": contact["case"],
            "party": str(consumer),
            "webhook": hook["id"],
        }
        self.headers = {
            "/v1/marketplace": machine,
            "/v1/desk": desk,
            "/v1/admin": desk,
            "/v1/help": {"authorization": f"Bearer {exchanged.json()['token']}"},
        }
        self.schema = schemathesis.openapi.from_dict(_without_doors(described))

    def operations(self) -> list[Operation]:
        """All but streams, which have no end, in an order in which all can be asked."""
        found = [one.ok() for one in self.schema.get_all_operations() if isinstance(one, Ok)]
        return sorted(
            (one for one in found if not one.path.endswith("/updates")),
            key=lambda one: (_last(one), one.path, one.method),
        )

    def headers_for(self, path: str) -> dict[str, str]:
        for start, headers in self.headers.items():
            if path.startswith(start):
                return dict(headers)
        return {}


def _without_doors(described: dict[str, Any]) -> dict[str, Any]:
    """Who is let in is tested elsewhere; here everybody who asks is."""
    described.get("components", {}).pop("securitySchemes", None)
    for methods in described["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
            parameters = operation.get("parameters", [])
            parameters[:] = [one for one in parameters if one["name"] != "X-CSRF-Token"]
    return described


def name_of(operation: Operation) -> str:
    return str(operation.definition.raw.get("operationId", ""))


def _last(operation: Operation) -> int:
    """Where among the last it is asked; before all of them, if it is none."""
    name = name_of(operation)
    return LAST.index(name) if name in LAST else -1


CHECKS: list[CheckFunction] = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


def examine_answer(case: Any, response: Any) -> None:
    """It is as described, and no failure of ours; what is wrong by the description is not taken."""
    assert response.status_code != 500, response.text
    if response.status_code == 503:
        assert response.json()["code"] != "parked", response.text
    # However it is refused: it may be too large as well.
    refused = 400 <= response.status_code < 500
    more = [] if refused else [checks.negative_data_rejection]
    case.validate_response(response, checks=[*CHECKS, *more])


def examine(api: Api, operation: Operation, number: int) -> None:
    """Ask it as it describes, about what there is and what there is not, and with nonsense."""
    ways: list[tuple[GenerationMode, dict[str, Any] | None]] = [
        (GenerationMode.POSITIVE, None),
        (GenerationMode.NEGATIVE, None),
    ]
    places = {one.name for one in operation.path_parameters}
    if places and places <= api.known.keys():
        ways.append((GenerationMode.POSITIVE, {name: api.known[name] for name in places}))
    for mode, path_parameters in ways:
        _ask_often(api, operation, mode, path_parameters, number)
    for one in operation.headers:
        if one.name in MALFORMED:
            _ask_often(api, operation, GenerationMode.POSITIVE, None, number, malformed=one.name)


def _ask_often(
    api: Api,
    operation: Operation,
    mode: GenerationMode,
    path_parameters: dict[str, Any] | None,
    number: int,
    malformed: str | None = None,
) -> None:
    """`malformed` names a header that is sent as nobody may send it, beside what is all right."""
    strategy = operation.as_strategy(generation_mode=mode, path_parameters=path_parameters)

    @seed(number)
    @settings(
        max_examples=EXAMPLES if malformed is None else (EXAMPLES + 1) // 2,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    @given(case=strategy)
    def ask(case: Any) -> None:
        if malformed is not None:
            case.headers[malformed] = MALFORMED[malformed]
        response = case.call(base_url=api.url, headers=api.headers_for(operation.path), timeout=30)
        assert malformed is None or response.status_code >= 400, f"{malformed} was read by nobody"
        examine_answer(case, response)

    with suppress(Unsatisfiable):  # Where nothing is asked for, nothing can be wrong.
        ask()


def walk(api: Api, number: int) -> int:
    """Go from operation to operation with what the ones before answered; how many were asked.

    Which answer leads to which question is found in the description: ids by their names.
    """
    asked = 0

    # Streams have no end; and whoever ends their own session is told nothing more.
    ways = api.schema.exclude(path_regex="/updates$|/admin/logins").exclude(operation_id=[*LAST])

    class Walk(ways.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {
                "base_url": api.url,
                "headers": api.headers_for(case.operation.path),
                "timeout": 30,
            }

        def validate_response(
            self, response: Any, case: Any, additional_checks: Any = None, **more: Any
        ) -> None:
            nonlocal asked
            asked += 1
            examine_answer(case, response)

    once = settings(
        # Each walk by itself: what one has changed stays changed for the next.
        max_examples=1,
        stateful_step_count=20,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    for more in range(WALKS):
        seed(number + more)(Walk).run(settings=once)
    return asked


async def prepare(database: str) -> UUID:
    """An admin who can log in, keys by which the marketplace signs, and a consumer's id."""
    admin, consumer = uuid4(), uuid4()
    async with (
        build(database, settings=Settings(home=Path("/nowhere"), database_url=database)) as parts,
        AsyncExitStack() as clients,
    ):
        await register_signing_keys(parts)
        await Served("", database, parts, clients).register(admin, PLATFORM)
        await parts.access.logins.add(
            Login(
                name=ADMIN,
                agent=admin,
                role=Kind.ADMIN.value,
                password=await Passwords().hashed(PASSWORD),
                created_at=utc_now(),
                created_by="tests",
            )
        )
    return consumer


@pytest.mark.slow
async def test_every_answer_is_as_described_and_no_failure_is_ours(url: str) -> None:
    number = int(os.environ.get("ONCEDESK_API_SEED", "0")) or random.randrange(1, 2**32)
    print(f"repeat with ONCEDESK_API_SEED={number}")
    consumer = await prepare(url)
    async with serve_process(url, processes=1, **HOOKS_ALLOWED) as service:
        api = await asyncio.to_thread(Api, service, consumer)
        operations = api.operations()
        assert len(operations) > 10
        wrong: dict[str, str] = {}
        for operation in operations:
            try:
                await asyncio.to_thread(examine, api, operation, number)
            except (Exception, FailureGroup) as error:  # noqa: BLE001 - all are shown together
                wrong[f"{operation.method} {operation.path}"] = f"{error}"[:2_000]
        assert not wrong, "\n\n".join(f"{name}\n{why}" for name, why in wrong.items())


@pytest.mark.slow
async def test_what_one_answer_names_can_be_asked_about_next(url: str) -> None:
    number = int(os.environ.get("ONCEDESK_API_SEED", "0")) or random.randrange(1, 2**32)
    print(f"repeat with ONCEDESK_API_SEED={number}")
    consumer = await prepare(url)
    async with serve_process(url, processes=1, **HOOKS_ALLOWED) as service:
        api = await asyncio.to_thread(Api, service, consumer)
        assert await asyncio.to_thread(walk, api, number) > WALKS
