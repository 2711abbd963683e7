"""Rule packs over HTTP, as people read them."""

from tests.http.test_administration import admin_of, done, files
from tests.support.served import served

PACKS = "/v1/admin/markets/cn/packs"


async def test_a_pack_is_read_as_tables_and_compared_with_the_next(url: str) -> None:
    async with served(url) as service:
        admin = await admin_of(service)
        body = {"files": files(to=r"\g<1>86400"), "reason": "a shorter window"}
        published = (await done(await admin.post(PACKS, json=body)))["items"]
        now, next_ = published[0]["pack_hash"], published[-1]["pack_hash"]

        read = await done(await admin.get(f"/v1/admin/packs/{now}/tables"))
        assert read["pack"]["pack_hash"] == now
        assert "office_hours" in read["calendars"]
        joining = next(one for one in read["tables"] if one["name"] == "joining")
        assert joining["columns"] == ["value"]
        assert {"source", "since", "firm"} <= set(joining["rows"][0]["origin"])

        path = f"/v1/admin/packs/{next_}/difference"
        other = await done(await admin.get(path, params={"against": now}))
        assert (other["total"], len(other["items"])) == (1, 1)
        assert other["items"][0]["cells"] == [
            {"column": "value", "before": 604_800, "after": 86_400}
        ]
        unknown = await admin.get(path, params={"against": "f" * 32})
        assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
        malformed = await admin.get(path, params={"against": "../x"})
        assert (malformed.status_code, malformed.json()["code"]) == (422, "parameter_invalid")


async def test_what_another_process_has_just_published_is_read_at_once(url: str) -> None:
    async with served(url) as one, served(url) as other:
        first, second = await admin_of(one), await admin_of(other)
        body = {"files": files(to=r"\g<1>86400"), "reason": "a shorter window"}
        now, next_ = (await done(await first.post(PACKS, json=body)))["items"]
        path = f"/v1/admin/packs/{next_['pack_hash']}"
        for asked in ("", "/tables", "/calendars/office_hours?year=2026"):
            await done(await second.get(path + asked))
        against = {"against": now["pack_hash"]}
        assert (await done(await second.get(f"{path}/difference", params=against)))["total"] == 1


async def test_a_calendar_is_read_for_a_year(url: str) -> None:
    async with served(url) as service:
        admin = await admin_of(service)
        pack = (await done(await admin.get(PACKS)))["items"][0]["pack_hash"]
        path = f"/v1/admin/packs/{pack}/calendars"
        year = await done(await admin.get(f"{path}/office_hours", params={"year": 2026}))
        assert (year["timezone"], len(year["days"])) == ("Asia/Shanghai", 365)
        days = {one["day"]: one for one in year["days"]}
        assert days["2026-10-01"] == {"day": "2026-10-01", "kind": "holiday", "hours": ""}
        for name, when, status in (
            ("nowhere", 2026, 404),
            ("office_hours", 1989, 422),
            ("office_hours", 2101, 422),
        ):
            refused = await admin.get(f"{path}/{name}", params={"year": when})
            assert refused.status_code == status, refused.text
