"""Nobody is let in by another spelling of a path."""

import re
from uuid import uuid4

import pytest

from tests.http.everything import everything
from tests.http.test_every_route import ENTRANCES, ROUTES, operations
from tests.support.engines import Outside
from tests.support.served import raw

PUBLIC = {"live", "ready", "readInstallation", *ENTRANCES}


def filled(path: str, names: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], str(uuid4())), path)


@pytest.mark.parametrize("prefix", ["/v1//", "//v1/", "/%2fv1/"])
async def test_whoever_asks_is_asked_however_the_path_is_spelled(url: str, prefix: str) -> None:
    async with everything(url) as (world, names):
        asked = 0
        for one in await operations(world):
            if one.id in PUBLIC or one.method != "GET" or not one.path.startswith("/v1/"):
                continue
            path = filled(one.path, names).replace("/v1/", prefix, 1)
            query = "&".join(f"{k}={filled(v, names)}" for k, v in ROUTES[one.id].query.items())
            sent = f"GET {path}?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            said = await raw(world.service.url, sent.encode(), seconds=10)
            assert said[9:12] == b"401", f"{one.id}: {said[:400]!r}"
            asked += 1
        assert asked > 50


async def test_nobody_changes_anything_by_another_spelling(url: str) -> None:
    async with everything(url) as (world, names):
        candidate = names["candidate"]
        nobody = await world.service.client()
        for method, path in (
            ("DELETE", f"/v1//admin/candidates/{candidate}"),
            ("POST", f"/v1//admin/candidates/{candidate}/backtest"),
            ("POST", f"/v1//admin/parked/{uuid4()}/retry"),
        ):
            answer = await nobody.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (401, "credentials_missing")
        async with Outside(world.service.database) as outside:
            assert await outside.value("SELECT count(*) FROM candidate") == 1
