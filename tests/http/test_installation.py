"""What anybody is told of an installation, and what only a sandbox tells."""

from importlib.metadata import version

from oncedesk.http.sandbox import OfferedLogin, Sandbox
from tests.http.test_administration import done
from tests.support.served import served


async def test_an_installation_says_what_it_is_and_offers_nobody_a_way_in(url: str) -> None:
    async with served(url) as service:
        answer = await (await service.client()).get("/v1/installation")
        assert await done(answer) == {
            "version": version("oncedesk"),
            "markets": [{"market": "cn", "language": "zh-CN"}, {"market": "eu", "language": "en"}],
            "languages": ["zh", "en"],
        }
        assert answer.headers["cache-control"] == "no-store"


async def test_a_sandbox_offers_its_log_ins(url: str) -> None:
    login = OfferedLogin(name="admin", password="seen by all", zh="管理员", en="runs the system")
    sandbox = Sandbox(log_ins=(login,), consumer="odc_x", help_link=lambda: "/help/#token=once")
    assert "seen by all" not in repr(sandbox)
    async with served(url, sandbox=sandbox) as service:
        told = await done(await (await service.client()).get("/v1/installation"))
        assert told["sandbox"] == {
            "log_ins": [
                {
                    "name": "admin",
                    "password": "seen by all",
                    "zh": "管理员",
                    "en": "runs the system",
                }
            ],
            "consumer": "odc_x",
        }
        led = await (await service.client()).get("/sandbox/help")
        assert (led.status_code, led.headers["location"]) == (303, "/help/#token=once")
        assert led.headers["cache-control"] == "no-store"


async def test_only_a_sandbox_leads_to_somebody_s_help_page(url: str) -> None:
    async with served(url) as service:
        answer = await (await service.client()).get("/sandbox/help")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
