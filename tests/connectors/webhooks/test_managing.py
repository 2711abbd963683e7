"""Who may do what with endpoints, what is refused, and what a replay sends again."""

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncedesk.connectors.webhooks.managing import (
    DESK_ENDPOINTS_MAX,
    ENDPOINTS_MAX,
    EndpointCounted,
    EndpointWithSecret,
    Replay,
)
from oncedesk.connectors.webhooks.posting import shown
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor, Refusal, Role
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, desk_of
from oncedesk.engine.outgoing import TOPICS
from oncedesk.engine.webhooks.model import (
    COUNTED_MAX,
    EVERYTHING,
    Delivery,
    DeliveryStatus,
    Outcome,
)
from oncedesk.engine.webhooks.schedule import PAUSES_SECONDS, pause_after
from oncedesk.http.shapes.webhooks import counted_shape, endpoint_shape
from oncedesk.storage import webhook_keeping
from tests.support.engines import Outside, eventually, party
from tests.support.hooks import ADMIN, START, SUPERVISOR, Hooks, hooks_on, leaving
from tests.support.receivers import OK, Answer, Receiver, receiver

SHOP = Desk(DeskKind.MERCHANT, party(501))
OTHER = Desk(DeskKind.MERCHANT, party(502))
HOOK = "http://hooks.example.org:9/"
BY_SUPERVISOR = Actor(Role.AGENT, SUPERVISOR)
NOBODIES = (
    Actor(Role.AGENT, UUID(int=9)),
    Actor(Role.AGENT),
    Actor(Role.CONSUMER, party(1)),
)
TABLES = """
SELECT (SELECT json_agg(e) FROM webhook_endpoint e)::text,
       (SELECT json_agg(d) FROM webhook_delivery d)::text
"""

MANY_TAKEN = """
INSERT INTO webhook_delivery
SELECT (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid()))).*
FROM webhook_delivery d, generate_series(1, $1) WHERE d.status = 'taken' LIMIT $1
"""


async def refusals(hooks: Hooks, id_: UUID, actor: Actor) -> list[object]:
    """What comes of everything that somebody could try with this endpoint."""
    managed = hooks.managed
    return [
        await managed.show(id_, actor=actor),
        await managed.disable(id_, actor=actor, reason="x"),
        await managed.enable(id_, actor=actor),
        await managed.rotate(id_, actor=actor),
        await managed.deliveries(id_, actor=actor),
        await managed.replay(id_, actor=actor, what=Replay(failed=True)),
        await managed.send_now(id_, actor=actor),
        await managed.test(id_, actor=actor),
        await managed.remove(id_, actor=actor),
    ]


async def test_a_supervisor_manages_the_own_desks_endpoints_and_knows_of_no_other(
    url: str,
) -> None:
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        hooks.supervised[SUPERVISOR] = SHOP
        own = await hooks.managed.add(
            actor=BY_SUPERVISOR, desk=SHOP, url=got.url, topics=("case.opened",)
        )
        assert isinstance(own, EndpointWithSecret)
        assert await hooks.managed.list(actor=BY_SUPERVISOR, desk=SHOP) == [own.endpoint]
        others = [(await hooks.add(got.url, desk=desk)).endpoint.id for desk in (OTHER, PLATFORM)]
        before = await outside.rows(TABLES)
        missing = await refusals(hooks, uuid4(), BY_SUPERVISOR)
        assert {getattr(one, "code", "") for one in missing} == {"webhook_unknown"}
        for id_ in others:
            assert await refusals(hooks, id_, BY_SUPERVISOR) == missing, "a refusal says nothing"
        for desk in (OTHER, PLATFORM, None):
            found = await hooks.managed.list(actor=BY_SUPERVISOR, desk=desk)
            assert isinstance(found, Refusal)
        for desk in (OTHER, PLATFORM):
            found_ = await hooks.managed.add(
                actor=BY_SUPERVISOR, desk=desk, url=got.url, topics=("case.opened",)
            )
            assert isinstance(found_, Refusal)
        assert await outside.rows(TABLES) == before, "nothing has changed"
        assert got.got == []


@pytest.mark.parametrize("actor", NOBODIES)
async def test_nobody_else_may_anything(url: str, actor: Actor) -> None:
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        added = await hooks.add(got.url, desk=SHOP)
        before = await outside.rows(TABLES)
        found = await refusals(hooks, added.endpoint.id, actor)
        assert {getattr(one, "code", "") for one in found} == {"webhook_unknown"}
        for desk in (SHOP, PLATFORM):
            refused = await hooks.managed.add(
                actor=actor, desk=desk, url=got.url, topics=("case.opened",)
            )
            assert isinstance(refused, Refusal)
            assert refused.code == "not_allowed"
        assert await outside.rows(TABLES) == before
        assert got.got == []


@pytest.mark.parametrize("actor", [ADMIN, MARKETPLACE, SYSTEM])
async def test_the_marketplace_manages_all(url: str, actor: Actor) -> None:
    async with receiver() as got, hooks_on(url) as hooks:
        added = await hooks.add(got.url, desk=SHOP)
        found = await refusals(hooks, added.endpoint.id, actor)
        assert [one for one in found if isinstance(one, Refusal)] == []
        assert await hooks.managed.list(actor=actor) == []


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"topics": ()}, "webhook_topics"),
        ({"topics": ("case.opened", "nonsense")}, "webhook_topics"),
        ({"url": "http://user@127.0.0.1/"}, "webhook_url"),
        ({"url": "https://10.0.0.1/"}, "webhook_target"),
        ({"note": "x" * 201}, "webhook_note"),
        ({"note": "two\nlines"}, "webhook_note"),
        ({"note": "\x00"}, "webhook_note"),
    ],
)
async def test_what_makes_no_endpoint(url: str, details: dict[str, object], code: str) -> None:
    asked: dict[str, object] = {"url": "http://127.0.0.1/", "topics": TOPICS, **details}
    async with hooks_on(url) as hooks:
        found = await hooks.managed.add(actor=ADMIN, desk=PLATFORM, **asked)  # type: ignore[arg-type]
        assert isinstance(found, Refusal)
        assert found.code == code
        assert await hooks.store.endpoints() == []


async def test_a_desk_asks_for_what_names_desks_and_for_nothing_else(url: str) -> None:
    async with hooks_on(url) as hooks:
        asked: dict[str, Any] = {"actor": ADMIN, "url": "http://127.0.0.1:9/"}
        all_ = await hooks.managed.add(desk=SHOP, **asked)
        assert isinstance(all_, EndpointWithSecret)
        assert all_.endpoint.topics == (EVERYTHING,)
        told = endpoint_shape(all_.endpoint).topics
        assert told == (
            "case.opened",
            "case.transferred",
            "case.taken_over",
            "case.resolved",
            "case.reopened",
            "case.closed",
            "message.posted",
            "consumer.told",
            "call_back.requested",
            "cancellation.requested",
            "order.changed",
            "goods.requested",
            "notification.requested",
        )
        for topic in set(TOPICS) - set(told):
            found = await hooks.managed.add(desk=SHOP, topics=("case.opened", topic), **asked)
            assert isinstance(found, Refusal)
            assert found.code == "webhook_topics_of_platform"
        assert await hooks.store.endpoints() == [all_.endpoint]
        everything = await hooks.managed.add(desk=PLATFORM, **asked)
        assert isinstance(everything, EndpointWithSecret)
        assert everything.endpoint.topics == (EVERYTHING,)
        assert endpoint_shape(everything.endpoint).topics == TOPICS


async def test_a_desk_has_one_endpoint_at_a_url(url: str) -> None:
    async with hooks_on(url) as hooks:
        added = await hooks.add("http://127.0.0.1:9/", desk=SHOP)
        again = await hooks.managed.add(actor=ADMIN, desk=SHOP, url="http://127.0.0.1:9/")
        assert again == Refusal(
            "webhook_exists", f"another URL; {added.endpoint.id} is at this one", "url"
        )
        assert await hooks.store.endpoints() == [added.endpoint]
        await hooks.add("http://127.0.0.1:9/", desk=OTHER)
        await hooks.managed.remove(added.endpoint.id, actor=ADMIN)
        anew = await hooks.add("http://127.0.0.1:9/", desk=SHOP)
        assert anew.secret != added.secret


async def test_of_those_that_are_added_at_one_moment_each_url_has_one(url: str) -> None:
    all_there = asyncio.Barrier(8)

    async def resolve(host: str) -> Sequence[str]:
        """Nobody goes on before all have found that there is nothing against it."""
        del host
        await all_there.wait()
        return ["127.0.0.1"]

    async with hooks_on(url, resolve=resolve) as hooks:
        asked = [hooks.managed.add(actor=ADMIN, desk=SHOP, url=at) for at in [HOOK] * 8]
        found = await asyncio.gather(*asked)
        (added,) = [one for one in found if isinstance(one, EndpointWithSecret)]
        said = f"another URL; {added.endpoint.id} is at this one"
        refused = [one for one in found if one != added]
        assert refused == [Refusal("webhook_exists", said, "url")] * 7
        assert await hooks.store.endpoints() == [added.endpoint]

        asked = [
            hooks.managed.add(actor=ADMIN, desk=SHOP, url=f"{HOOK}{number}") for number in range(8)
        ]
        found = await asyncio.gather(*asked)
        codes = [one.code for one in found if isinstance(one, Refusal)]
        assert codes == ["webhook_limit"] * (8 - (DESK_ENDPOINTS_MAX - 1))
        assert len(await hooks.store.endpoints()) == DESK_ENDPOINTS_MAX


@pytest.mark.parametrize(
    ("desk", "most"), [(SHOP, DESK_ENDPOINTS_MAX), (PLATFORM, ENDPOINTS_MAX)], ids=str
)
async def test_a_desk_has_so_many_at_most(url: str, desk: Desk, most: int) -> None:
    async with hooks_on(url) as hooks:
        for number in range(most):
            await hooks.add(f"http://127.0.0.1:9/{number}", desk=desk)
        found = await hooks.managed.add(actor=ADMIN, desk=desk, url="http://nowhere.invalid/")
        assert isinstance(found, Refusal)
        assert found.code == "webhook_limit", "and the name is not even looked up"
        await hooks.add("http://127.0.0.1:9/", desk=OTHER)


async def test_no_secret_stands_in_the_database(url: str) -> None:
    async with hooks_on(url, key="k" * 16) as hooks, Outside(url) as outside:
        added = await hooks.add("http://127.0.0.1:9/")
        rotated = await hooks.managed.rotate(added.endpoint.id, actor=ADMIN)
        assert isinstance(rotated, EndpointWithSecret)
        (text,) = await outside.column("SELECT e::text FROM webhook_endpoint e")
        for secret in (added.secret, rotated.secret):
            assert secret.removeprefix("whsec_")[:20] not in text


async def test_of_two_who_rotate_at_once_one_does(url: str) -> None:
    async with hooks_on(url) as hooks:
        added = await hooks.add("http://127.0.0.1:9/")
        seal, until = b"s", START + timedelta(days=1)
        assert await hooks.store.rotate(added.endpoint, seal=seal, previous_until=until)
        assert not await hooks.store.rotate(added.endpoint, seal=seal, previous_until=until)


async def test_whoever_enables_leaves_the_secret_that_somebody_has_changed_meanwhile(
    url: str,
) -> None:
    rotated: list[EndpointWithSecret] = []

    async def resolve(_: str) -> list[str]:
        for one in hooks.known:
            if not one.enabled and not rotated:
                done = await hooks.managed.rotate(one.id, actor=ADMIN)
                assert isinstance(done, EndpointWithSecret)
                rotated.append(done)
        return ["127.0.0.1"]

    async with hooks_on(url, resolve=resolve) as hooks:
        id_ = (await hooks.add(HOOK)).endpoint.id
        await hooks.managed.disable(id_, actor=ADMIN, reason="test")
        refused = await hooks.managed.enable(id_, actor=ADMIN)
        assert isinstance(refused, Refusal)
        assert refused.code == "webhook_changed"
        enabled = await hooks.managed.enable(id_, actor=ADMIN)
        assert isinstance(enabled, EndpointWithSecret)
        assert enabled.secret == rotated[0].secret
        await hooks.refresh()
        hooks.signer.check(hooks.known[0])


# ── Replay ───────────────────────────────────────────────────────────────────────────────────────


async def told(hooks: Hooks, got: Receiver) -> EndpointWithSecret:
    """Of ten things told, those of odd numbers were given up; each happened an hour later."""

    def behave(request: object) -> Answer:
        return Answer(400) if int(request.event["data"]["version"]) % 2 else OK  # type: ignore[attr-defined]

    got.behave = behave
    added = await hooks.add(got.url)
    for number in range(10):
        await hooks.leave(leaving(number, number, at=START + timedelta(hours=number)))
    hooks.clock.jump(START + timedelta(hours=9))
    await hooks.send()
    # What waits for one that is disabled is given up.
    await hooks.managed.disable(added.endpoint.id, actor=ADMIN, reason="test")
    await hooks.sweeping.run()
    await hooks.managed.enable(added.endpoint.id, actor=ADMIN)
    got.behave = lambda _: OK
    hooks.clock.jump(hooks.clock() + timedelta(seconds=1))
    got.got.clear()
    return added


def came(got: Receiver) -> list[int]:
    return sorted(request.event["data"]["version"] for request in got.got)


async def test_replays_what_was_given_up(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks:
        added = await told(hooks, got)
        id_ = added.endpoint.id
        counted = await hooks.managed.show(id_, actor=ADMIN)
        assert isinstance(counted, EndpointCounted)
        assert [*counted.counts.values()] == [0, 5, 5]
        assert await hooks.managed.replay(id_, actor=ADMIN, what=Replay(failed=True)) == 5
        await hooks.send()
        assert came(got) == [1, 3, 5, 7, 9]
        assert await hooks.managed.replay(id_, actor=ADMIN, what=Replay(failed=True)) == 0


async def test_what_waits_for_one_that_is_disabled_is_given_up_however_soon_it_is_enabled(
    url: str,
) -> None:
    async with receiver(lambda _: Answer(503)) as got, hooks_on(url) as hooks:
        id_ = (await hooks.add(got.url)).endpoint.id
        await hooks.leave(leaving(1, 1), leaving(1, 2))
        await hooks.send()
        await hooks.later(seconds=5)
        got.behave = lambda _: OK
        got.got.clear()
        # Nothing was swept up in between.
        await hooks.managed.disable(id_, actor=ADMIN, reason="test")
        await hooks.managed.enable(id_, actor=ADMIN)
        hooks.clock.jump(hooks.clock() + timedelta(seconds=1))
        assert await hooks.managed.replay(id_, actor=ADMIN, what=Replay(failed=True)) == 2
        await hooks.leave(leaving(1, 3))
        await hooks.send()
        assert came(got) == [1, 2, 3]


async def test_an_attempt_from_before_a_replay_puts_nothing_off(url: str) -> None:
    async with receiver(lambda _: Answer(503)) as got, hooks_on(url) as hooks:
        id_ = (await hooks.add(got.url)).endpoint.id
        await hooks.leave(leaving(1, 1), leaving(1, 2))
        await hooks.send()
        await hooks.later(seconds=5)
        # The third attempt is under way while it is given up and begun again.
        hooks.clock.jump(hooks.clock() + timedelta(minutes=5))
        got.gate.clear()
        await hooks.sending.run()
        await eventually(lambda: len(got.got) == 3, "it came")
        await hooks.managed.disable(id_, actor=ADMIN, reason="test")
        await hooks.managed.enable(id_, actor=ADMIN)
        hooks.clock.jump(hooks.clock() + timedelta(seconds=1))
        assert await hooks.managed.replay(id_, actor=ADMIN, what=Replay(failed=True)) == 2
        got.gate.set()
        await hooks.sending.rest()
        got.behave = lambda _: OK
        got.got.clear()
        await hooks.send()
        assert came(got) == [1, 2]


async def test_replays_in_parts_what_is_more_than_a_part(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_keeping, "REPLAYED_AT_ONCE", 2)
    async with receiver() as got, hooks_on(url) as hooks:
        added = await told(hooks, got)
        what = Replay(since=START + timedelta(hours=1))
        assert await hooks.managed.replay(added.endpoint.id, actor=ADMIN, what=what) == 9
        await hooks.send()
        assert came(got) == [*range(1, 10)]


async def test_of_very_many_deliveries_only_so_many_are_counted(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        added = await told(hooks, got)
        await outside.run(MANY_TAKEN, COUNTED_MAX)
        counted = await hooks.managed.show(added.endpoint.id, actor=ADMIN)
        assert isinstance(counted, EndpointCounted)
        assert [*counted.counts.values()] == [0, COUNTED_MAX, 5]
        assert counted_shape(counted).at_least == (DeliveryStatus.TAKEN,)


async def test_deliveries_are_found_by_where_they_stand_without_reading_the_others(
    url: str,
) -> None:
    async with Outside(url) as outside:
        # With no rows it would rather do otherwise; whether the index could serve is the question.
        await outside.run("SET enable_seqscan = off; SET enable_bitmapscan = off")
        await outside.run("SET plan_cache_mode = force_generic_plan")
        for statement, values in (
            (webhook_keeping._PAGE, "gen_random_uuid(), '{taken}', now(), gen_random_uuid(), 9"),
            (webhook_keeping._COUNT, "gen_random_uuid(), '{taken}', 9"),
            (
                webhook_keeping._TO_REPLAY,
                "gen_random_uuid(), '{failed}', now(), gen_random_uuid(), now(), 9",
            ),
        ):
            await outside.run(f"PREPARE asked AS {statement}")
            plan = await outside.column(f"EXPLAIN (COSTS off) EXECUTE asked({values})")
            (found_by,) = [line for line in plan if "Index Cond" in line]
            assert "(status = s.status)" in found_by, plan
            assert ("ROW(at, id)" in found_by) is ("ORDER" in statement), plan
            assert any("Limit" in line for line in plan), plan
            await outside.run("DEALLOCATE asked")


async def test_what_waits_for_those_who_take_it_is_not_read_to_find_the_rest(url: str) -> None:
    """A sweep reads one row of each such endpoint, however many wait."""
    many = """
        INSERT INTO webhook_delivery (bucket, id, endpoint, event, topic, body, stream, at, version,
            number, status, queued_at, next_at, attempts, answer)
        SELECT 1, gen_random_uuid(), $1, gen_random_uuid(), 'case.opened', '', gen_random_uuid(),
            now(), 1, 1, 'waiting', now(), now(), 0, '' FROM generate_series(1, $2::int)
    """
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        added = await told(hooks, got)
        gone = UUID(int=2**128 - 1)
        await outside.run(many, added.endpoint.id, 3_000)
        await outside.run(many, gone, 3)
        await outside.run("VACUUM ANALYZE webhook_delivery")
        plan = "\n".join(
            await outside.column(
                "EXPLAIN (ANALYZE, BUFFERS off, COSTS off, TIMING off) "
                + webhook_keeping._UNSENDABLE.replace("$1", "500")
            )
        )
        rows = [int(float(one)) for one in re.findall(r"webhook_delivery.*rows=([0-9.]+)", plan)]
        assert rows, plan
        assert max(rows) <= 3, plan
        await hooks.sweeping.run()
        assert (
            await outside.value(
                "SELECT count(*) FROM webhook_delivery WHERE endpoint = $1 AND status = 'failed'",
                gone,
            )
            == 3
        )


async def test_replays_all_since_a_time(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks:
        added = await told(hooks, got)
        since = START + timedelta(hours=6)
        count = await hooks.managed.replay(added.endpoint.id, actor=ADMIN, what=Replay(since=since))
        assert count == 4
        await hooks.send()
        assert came(got) == [6, 7, 8, 9]


async def test_replays_one_under_its_id(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks:
        added = await told(hooks, got)
        id_ = added.endpoint.id
        found = await hooks.managed.deliveries(id_, actor=ADMIN, status=DeliveryStatus.TAKEN)
        assert not isinstance(found, Refusal)
        what = Replay(delivery=found[0].id)
        assert await hooks.managed.replay(id_, actor=ADMIN, what=what) == 1
        waits = await hooks.managed.replay(id_, actor=ADMIN, what=what)
        assert isinstance(waits, Refusal), "it is on its way"
        await hooks.send()
        assert got.ids() == [str(found[0].event)]


async def test_what_cannot_be_replayed(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks:
        added = await told(hooks, got)
        other = await hooks.add(got.url + "?other")
        id_ = added.endpoint.id
        deliveries = await hooks.managed.deliveries(id_, actor=ADMIN)
        assert not isinstance(deliveries, Refusal)
        asked = [
            (id_, Replay(), "replay_what"),
            (id_, Replay(delivery=uuid4()), "delivery_unknown"),
            (other.endpoint.id, Replay(delivery=deliveries[0].id), "delivery_unknown"),
        ]
        for endpoint, what, code in asked:
            found = await hooks.managed.replay(endpoint, actor=ADMIN, what=what)
            assert isinstance(found, Refusal)
            assert found.code == code
        await hooks.managed.disable(id_, actor=ADMIN, reason="for a while")
        found = await hooks.managed.replay(id_, actor=ADMIN, what=Replay(failed=True))
        assert isinstance(found, Refusal)
        assert found.code == "webhook_disabled"


async def test_pages_of_deliveries(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks:
        added = await told(hooks, got)
        id_ = added.endpoint.id
        seen: list[Delivery] = []
        while True:
            page = await hooks.managed.deliveries(
                id_, actor=ADMIN, before=seen[-1].id if seen else None, limit=3
            )
            assert not isinstance(page, Refusal)
            if not page:
                break
            seen += page
        assert [one.version for one in seen] == [*reversed(range(10))]
        other = await hooks.add(got.url + "?other")
        foreign = await hooks.managed.deliveries(other.endpoint.id, actor=ADMIN, before=seen[0].id)
        assert isinstance(foreign, Refusal), "another endpoint's place is none here"


async def test_a_test_is_signed_and_says_what_came_back(url: str) -> None:
    async with receiver(lambda _: Answer(418, b"teapot")) as got, hooks_on(url) as hooks:
        added = await hooks.add(got.url)
        outcome = await hooks.managed.test(added.endpoint.id, actor=ADMIN)
        assert outcome == Outcome(418, "teapot")
        assert got.got[0].event["type"] == "oncedesk.ping"
        assert got.got[0].headers["webhook-signature"].startswith("v1,")


# ── Small things ─────────────────────────────────────────────────────────────────────────────────


@given(st.uuids(), st.integers(1, len(PAUSES_SECONDS)))
def test_pauses_are_what_they_were_and_a_little_apart(delivery: UUID, failures: int) -> None:
    pause = pause_after(failures=failures, delivery=delivery)
    assert pause == pause_after(failures=failures, delivery=delivery)
    assert pause is not None
    whole = PAUSES_SECONDS[failures - 1]
    assert 0.9 * whole <= pause.total_seconds() <= whole


def test_the_pauses_are_three_days_together() -> None:
    assert 2.5 < sum(PAUSES_SECONDS) / 86_400 <= 3
    assert [*PAUSES_SECONDS] == sorted(PAUSES_SECONDS)
    assert pause_after(failures=len(PAUSES_SECONDS) + 1, delivery=UUID(int=1)) is None


@given(st.binary(max_size=3_000))
def test_whatever_is_answered_can_be_kept(answer: bytes) -> None:
    kept = shown(answer)
    assert kept.isprintable()
    assert len(kept) <= 1_024
    kept.encode()


@pytest.mark.parametrize("name", ["platform", f"merchant:{party(1)}", f"creator:{party(2)}"])
def test_desks_have_names(name: str) -> None:
    assert str(desk_of(name)) == name


@pytest.mark.parametrize("name", ["", "merchant", "merchant:x", f"platform:{party(1)}", "shop:1"])
def test_what_names_no_desk(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        desk_of(name)
