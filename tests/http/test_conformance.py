"""Whatever is sent to any route, well formed or not: no failure of ours, and every answer is as the
description of the API says."""

import asyncio
import os
import random
from contextlib import suppress
from dataclasses import dataclass
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
from schemathesis.specs.openapi.schemas import OpenApiSchema

from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.http.auth.principals import Kind
from tests.http.everything import everything
from tests.http.test_every_route import ROUTES, filled
from tests.support.serve_process import ServeProcess, serve_process
from tests.support.served import PASSWORD, token

EXAMPLES = int(os.environ.get("ONCEDESK_API_EXAMPLES", "6"))
WALKS = int(os.environ.get("ONCEDESK_API_WALKS", "20"))
Operation = APIOperation[Any, Any, Any, Any]
LAST = (
    *("removeMarketplaceWebhook", "removeDeskWebhook", "removeWebhook"),
    *("removeCandidate", "removeView"),
    *("eraseAgent", "eraseForParty", "eraseParty"),
    *("changePassword", "endHelpSession", "logOut"),
)
"""After these there is nothing to ask about, and nobody is logged in any more."""
NOT_THERE = {
    *("beginProviderLogIn", "endProviderLogIn", "readMyReturnPlace"),
    *("readAccountStory", "readBudgetStory"),
}
"""What answers nobody here: there is no identity provider, nothing is sent back, and no money of an
account or a budget has moved yet.
"""
MALFORMED = {"Idempotency-Key": "k" * 201, "If-Match": "[.2"}
"""Headers as nobody may send them: whoever describes one has to read it."""
HOOKS_ALLOWED = {"ONCEDESK_WEBHOOK_ALLOW": "127.0.0.1/32"}


@dataclass(frozen=True)
class Prepared:
    """The log-in of an admin, and what is there by the names that it has in paths."""

    admin: str
    names: dict[str, str]


class Api:
    """The served API, its description, what there is in it, and what its parts are asked with."""

    def __init__(self, service: ServeProcess, world: Prepared) -> None:
        self.url = service.url
        self.known: dict[str, str] = world.names
        machine = {"authorization": f"Bearer {service.token}"}
        with httpx.Client(base_url=self.url, timeout=30) as client:
            described = client.get("/openapi/openapi.json").json()
            said = {"name": world.admin, "password": PASSWORD}
            session = client.post("/v1/desk/session", json=said)
            cookie = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
            desk = {"cookie": cookie, "x-csrf-token": session.json()["csrf_token"]}
            consumer = UUID(self.known["consumer"])
            exchanged = client.post("/v1/help/session", json={"token": token(consumer)})
        self.headers = {
            "/v1/marketplace": machine,
            "/v1/desk": desk,
            "/v1/admin": desk,
            "/v1/help": {"authorization": f"Bearer {exchanged.json()['token']}"},
        }
        # Imported above and not only here, in a thread: Python 3.11 cannot parse in two at a time.
        self.schema: OpenApiSchema = schemathesis.openapi.from_dict(_without_doors(described))

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


def ask_about_what_is_there(api: Api, operation: Operation) -> int:
    """Ask it once as somebody does who means it; the status of the answer."""
    route = ROUTES[name_of(operation)]
    body = {} if route.body is None else {"body": filled(route.body, api.known)}
    if route.content is not None:
        body = {"body": route.content, "media_type": "application/octet-stream"}
    case = operation.Case(
        path_parameters={
            one.name: api.known.get(one.name, str(uuid4())) for one in operation.path_parameters
        },
        query=filled(route.query, api.known),
        headers={"Idempotency-Key": str(uuid4())},
        **body,
    )
    response = case.call(base_url=api.url, headers=api.headers_for(operation.path), timeout=30)
    examine_answer(case, response)
    return response.status_code


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


def walk(api: Api, number: int) -> set[str]:
    """Go from operation to operation with what the ones before answered; which were found so, with
    an id that another had told.

    Which answer leads to which question is found in the description: ids by their names.
    """
    found: set[str] = set()

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
            examine_answer(case, response)

        def step(self, input: Any) -> Any:  # noqa: A002 - so it is called there
            output = super().step(input)
            if input.applied_parameters and output.response.status_code < 300:
                found.add(name_of(output.case.operation))
            return output

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
    return found


async def prepare(database: str, home: Path) -> Prepared:
    """Everything is there, and an admin who can log in, to whom the consumer's data are shown."""
    admin = uuid4()
    async with everything(database, home=home) as (world, names):
        client = await world.service.agent(PLATFORM, agent=admin, role=Kind.ADMIN)
        for field in ("phone", "messages"):
            said = {
                "field": field,
                "reason": "call_back",
                "conversation": names["conversation"],
            }
            shown = await client.post(f"/v1/desk/consumers/{world.consumer}/reveals", json=said)
            assert shown.status_code == 200, shown.text
        return Prepared(f"{admin}@example.com", names)


@pytest.mark.slow
async def test_every_answer_is_as_described_and_no_failure_is_ours(
    url: str, tmp_path: Path
) -> None:
    number = int(os.environ.get("ONCEDESK_API_SEED", "0")) or random.randrange(1, 2**32)
    print(f"repeat with ONCEDESK_API_SEED={number}")
    world = await prepare(url, tmp_path)
    async with serve_process(
        url, processes=1, ONCEDESK_HOME=f"{tmp_path}", **HOOKS_ALLOWED
    ) as service:
        api = await asyncio.to_thread(Api, service, world)
        operations = api.operations()
        wrong: dict[str, str] = {}

        async def done(operation: Operation, examined: Any, *more: Any) -> Any:
            try:
                return await asyncio.to_thread(examined, api, operation, *more)
            except (Exception, FailureGroup) as error:  # noqa: BLE001 - all are shown together
                wrong[f"{operation.method} {operation.path}"] = f"{error}"[:2_000]

        # What only reads comes first: the others change what there is.
        seen = {
            name_of(one): await done(one, ask_about_what_is_there)
            for one in sorted(operations, key=lambda one: one.method != "get")
            if name_of(one) not in LAST
        }
        for operation in operations:
            await done(operation, examine, number)
        assert not wrong, "\n\n".join(f"{name}\n{why}" for name, why in wrong.items())
        reads = {name_of(one) for one in operations if one.method == "get"}
        assert {name for name in reads if seen[name] != 200} == NOT_THERE
        # Half of the commands find this world as they need it.
        assert len([name for name in seen.keys() - reads if seen[name] < 300]) > 90


@pytest.mark.slow
async def test_what_one_answer_names_can_be_asked_about_next(url: str, tmp_path: Path) -> None:
    number = int(os.environ.get("ONCEDESK_API_SEED", "0")) or random.randrange(1, 2**32)
    print(f"repeat with ONCEDESK_API_SEED={number}")
    world = await prepare(url, tmp_path)
    async with serve_process(
        url, processes=1, ONCEDESK_HOME=f"{tmp_path}", **HOOKS_ALLOWED
    ) as service:
        api = await asyncio.to_thread(Api, service, world)
        found = await asyncio.to_thread(walk, api, number)
        assert len(found) > 7, sorted(found)
