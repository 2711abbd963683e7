"""The description of the API: exact, whole, and its page shows it without asking anybody else."""

import re
from pathlib import Path
from typing import Any

import pytest

from oncedesk.engine.outgoing import TOPICS
from oncedesk.http.problems import CODES, STATUS
from tests.support.served import served

SOURCES = Path(__file__).parents[2] / "src" / "oncedesk"


async def described(url: str) -> dict[str, Any]:
    async with served(url) as service:
        anybody = await service.client()
        answer = await anybody.get("/openapi/openapi.json")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found


async def test_a_client_could_be_made_from_it(url: str) -> None:
    found = await described(url)
    assert found["openapi"].startswith("3.1.")
    operations = [
        (path, method, one)
        for path, methods in found["paths"].items()
        for method, one in methods.items()
    ]
    ids = [one["operationId"] for _, _, one in operations]
    assert len(set(ids)) == len(ids)
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', str(found).replace("'", '"')))
    assert references <= set(found["components"]["schemas"])
    for path, method, one in operations:
        about = f"{method} {path}"
        assert one["tags"], about
        assert one["summary"], about
        assert one["description"], about
        assert one["security"], about
        assert all(
            "application/problem+json" in response["content"]
            for status, response in one["responses"].items()
            if status[0] in "45"
        ), about
        named = set(re.findall(r"{(\w+)}", path))
        assert named == {p["name"] for p in one.get("parameters", ()) if p["in"] == "path"}, about
    schemes = set(found["components"]["securitySchemes"])
    assert {name for _, _, one in operations for s in one["security"] for name in s} <= schemes


async def test_says_what_is_in_a_copy_of_each_kind(url: str) -> None:
    schemas = (await described(url))["components"]["schemas"]
    kept = schemas["KeptData"]["properties"]["states"]["items"]["discriminator"]["mapping"]
    assert kept.keys() >= {"conversation", "order", "remedies", "party", "wallet"}
    contents = schemas["KeptConversation"]["properties"]["content"]
    assert contents == {"$ref": "#/components/schemas/ConversationCopy"}
    cases = schemas["ConversationCopy"]["properties"]["cases"]
    assert cases["items"] == {"$ref": "#/components/schemas/CaseCopy"}
    assert "issue" in schemas["CaseCopy"]["properties"]


async def test_what_a_client_calls_its_types_is_short(url: str) -> None:
    schemas = (await described(url))["components"]["schemas"]
    assert [name for name in schemas if not re.fullmatch(r"[A-Z][A-Za-z0-9]*(_\w+_)?", name)] == []
    assert {"CaseShape", "WishCaseShape", "Surface", "OrderSurface"} < schemas.keys()
    # Types that were called alike before are still two.
    assert schemas["Surface"] != schemas["OrderSurface"]
    # What makes a client may go by the title.
    assert {name: one["title"] for name, one in schemas.items()} == {name: name for name in schemas}


async def test_says_what_is_told_of_each_topic(url: str) -> None:
    found = await described(url)
    schemas = found["components"]["schemas"]
    data = {}
    for topic, one in found["webhooks"].items():
        body = one["post"]["requestBody"]["content"]["application/cloudevents+json"]["schema"]
        event, exact = body["allOf"]
        assert event == {"$ref": "#/components/schemas/CloudEvent"}
        assert exact["properties"]["type"] == {"const": f"oncedesk.{topic}"}
        data[topic] = schemas[exact["properties"]["data"]["$ref"].rpartition("/")[2]]
    assert data.keys() == set(TOPICS)
    event = data["case.opened"]["properties"]["event"]["$ref"].rpartition("/")[2]
    assert schemas[event]["properties"]["type"] == {"enum": ["CaseOpened"]}
    assert not {"barred", "agent"} & schemas[event]["properties"].keys()
    assert data["refund.requested"]["properties"]["again"] == {"type": "boolean", "default": False}


ENTRANCES = ("logIn", "beginHelpSession")
PEOPLES = ("/v1/desk/", "/v1/help/", "/v1/admin/")


async def test_whatever_takes_a_body_says_how_a_body_is_refused(url: str) -> None:
    asked = [
        one
        for methods in (await described(url))["paths"].values()
        for one in methods.values()
        if "requestBody" in one
    ]
    assert len(asked) > 100
    silent = [
        one["operationId"] for one in asked if not {"408", "413", "415"} <= {*one["responses"]}
    ]
    assert silent == []


async def test_a_misspelt_field_is_refused_however_deep_it_lies(url: str) -> None:
    found = await described(url)
    schemas, asked = found["components"]["schemas"], set[str]()
    waiting = [
        str(one["requestBody"])
        for methods in found["paths"].values()
        for one in methods.values()
        if "requestBody" in one
    ]
    while waiting:
        named = set(re.findall(r"#/components/schemas/(\w+)", waiting.pop())) - asked
        asked |= named
        waiting += [str(schemas[name]) for name in named]
    lenient = [
        name
        for name in sorted(asked)
        if "properties" in schemas[name] and schemas[name].get("additionalProperties") is not False
    ]
    assert "StandardShipping" in asked
    assert lenient == []


async def test_whatever_asks_a_person_for_their_sessions_token_says_so(url: str) -> None:
    """A question that comes as a body too: a cookie alone is refused for it (`csrf_failed`)."""
    asked = [
        one
        for path, methods in (await described(url))["paths"].items()
        for method, one in methods.items()
        if path.startswith(PEOPLES) and method != "get"
    ]
    assert len(asked) > 100
    silent = [
        one["operationId"]
        for one in asked
        if "X-CSRF-Token" not in {named["name"] for named in one["parameters"]}
        and one["operationId"] not in ENTRANCES
    ]
    assert silent == []


async def test_says_every_answer_of_those_that_answer_as_no_others_do(url: str) -> None:
    paths = (await described(url))["paths"]
    ready = paths["/health/ready"]["get"]["responses"]
    assert ready["503"]["content"].keys() == {"application/json", "application/problem+json"}
    yes, no = (ready[status]["content"]["application/json"] for status in ("200", "503"))
    assert yes == no == {"schema": {"$ref": "#/components/schemas/Ready"}}
    file = paths["/v1/desk/insight/{figure}/export"]["get"]["responses"]["200"]["content"]
    assert file == {"text/csv": {"schema": {"type": "string"}}}
    case = "/v1/desk/cases/{consumer}/{conversation}/{case}"
    assert "409" in paths[case + "/macros/{macro}"]["get"]["responses"]


async def test_whatever_answers_with_a_body_says_so_as_generators_of_clients_read_it(
    url: str,
) -> None:
    # What they know beside JSON, and in any case as bytes.
    known = ("application/json", "application/octet-stream", "text/csv", "text/event-stream")
    files = set[str]()
    for path, methods in (await described(url))["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if status[0] != "2" or status == "204":
                    continue
                read = {one: answer["content"][one] for one in known if one in answer["content"]}
                assert read, f"{method} {path}: {status}"
                assert all(one["schema"] for one in read.values()), f"{method} {path}: {status}"
                if "application/octet-stream" in read:
                    binary = {"type": "string", "format": "binary"}
                    assert read["application/octet-stream"]["schema"] == binary, path
                    files.add(path)
    assert len(files) == 3


async def test_says_the_bounds_that_are_checked(url: str) -> None:
    schemas = (await described(url))["components"]["schemas"]
    assert schemas["Answer"]["properties"]["text"] == {
        "type": "string",
        "minLength": 1,
        "maxLength": 20_000,
    }
    assert schemas["NewContact"]["additionalProperties"] is False
    terms = schemas["NewPart"]["properties"]["promises"]["items"]
    assert terms["discriminator"]["propertyName"] == "type"
    assert schemas["Received"]["properties"]["answer_by"]["anyOf"][0]["format"] == "date-time"


async def test_the_page_names_no_other_host(url: str) -> None:
    async with served(url) as service:
        anybody = await service.client()
        page = await anybody.get("/docs")
        assert page.status_code == 200
        assert "//" not in page.text
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert set(re.findall(r"(?:https?:|\*)\S*", policy)) == set()
        parts = re.findall(r'(?:href|src)="([^"]+)"', page.text)
        assert len(parts) == 4
        for part in parts:
            assert (await anybody.get(f"/{part}")).status_code == 200, part
        start = await anybody.get("/docs/start.js")
        assert "//" not in start.text
        assert "validatorUrl: null" in start.text


@pytest.mark.parametrize(
    "name", ["nothing.js", "swagger-ui-bundle.js.map", "..%2f__init__.py", "%2e%2e"]
)
async def test_the_page_serves_its_parts_only(url: str, name: str) -> None:
    async with served(url) as service:
        assert (await (await service.client()).get(f"/docs/{name}")).status_code == 404


def test_every_refusal_has_its_status() -> None:
    """A code that nobody has thought about would be a conflict, whatever it means."""
    said = {
        code
        for package in ("domain", "engine", "connectors")
        for path in (SOURCES / package).rglob("*.py")
        for code in re.findall(r'(?:Refusal|BadInput)\(\s*"(\w+)"', path.read_text("utf-8"))
    }
    assert len(said) > 100
    assert said - set(STATUS) == set()


def test_each_code_stands_once_among_those_of_its_status() -> None:
    for codes in CODES.values():
        assert codes.split() == sorted(codes.split())
    assert sum(len(codes.split()) for codes in CODES.values()) == len(STATUS)


def test_every_problem_has_its_status() -> None:
    said = {
        code
        for path in (SOURCES / "http").rglob("*.py")
        for code in re.findall(r'problem\(\s*"(\w+)"', path.read_text("utf-8"))
    }
    assert said - set(STATUS) == set()
