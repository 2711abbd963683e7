"""Deliveries to a real receiver: signed, in order, tried again, given up, never lost."""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook, WebhookVerificationError

from oncedesk.connectors.webhooks.managing import EndpointWithSecret
from oncedesk.connectors.webhooks.posting import Times
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.webhooks.model import DeliveryStatus
from oncedesk.engine.webhooks.schedule import PAUSES_SECONDS
from oncedesk.engine.webhooks.sweeping import SweepingUp
from oncedesk.storage.backlogs import read_backlogs
from tests.support.engines import Outside, eventually, party, within
from tests.support.hooks import ADMIN, QUICK, START, conversation, hooks_on, leaving
from tests.support.receivers import HANGS, OK, Answer, Request, receiver

GUIDES = Path(__file__).parents[3] / "docs/guides"
OUTBOX = "SELECT count(*) FROM outbox"
STANDING = "SELECT status, attempts, code, answer FROM webhook_delivery ORDER BY at, version"


def utc_now() -> datetime:
    return datetime.now(UTC)


async def test_carries_a_signed_cloud_event(url: str) -> None:
    clock = SimulatedClock(utc_now())
    async with receiver() as got, hooks_on(url, clock=clock) as hooks, Outside(url) as outside:
        added = await hooks.add(got.url)
        await hooks.leave(row := leaving(at=clock()))
        await hooks.send()
        (request,) = got.got
        # The verifier is nobody's of ours; it also wants the timestamp to be of now.
        event = Webhook(added.secret).verify(request.body, request.headers)
        assert request.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
        assert request.id == str(row.id)
        data = event.pop("data")
        assert data["consumer"] == str(party(1))
        assert data["event"] == {"type": "CaseOpened", "issue": "refund"}
        assert datetime.fromisoformat(event.pop("time")) == row.at
        assert event == {
            "specversion": "1.0",
            "id": str(row.id),
            "source": "https://service.example.org",
            "type": "oncedesk.case.opened",
            "subject": str(conversation(1)),
            "datacontenttype": "application/json",
        }
        assert await outside.rows(STANDING) == [("taken", 1, 200, "ok")]
        assert await outside.value(OUTBOX) == 0
        with pytest.raises(WebhookVerificationError):
            Webhook(added.secret).verify(request.body + b" ", request.headers)


async def test_the_figures_tell_for_how_long_a_receiver_takes_nothing(url: str) -> None:
    merchant = Desk(DeskKind.MERCHANT, party(7))
    async with receiver() as got, hooks_on(url) as hooks:

        async def figure(kind: DeskKind) -> tuple[int, float]:
            found = (await read_backlogs(hooks.pool, now=hooks.clock())).webhooks
            (one,) = (one for one in found if one.kind is kind)
            return one.waiting, one.oldest_seconds

        await hooks.add(got.url)
        await hooks.add(got.url + "/merchant", topics=("case.transferred",), desk=merchant)
        got.behave = lambda _: Answer(500)
        await hooks.leave(leaving(at=hooks.clock()))
        await hooks.send()
        assert await figure(DeskKind.PLATFORM) == (1, 0)
        await hooks.later(minutes=59)
        await hooks.leave(leaving(2, at=hooks.clock()))
        await hooks.later(minutes=1)
        assert await figure(DeskKind.PLATFORM) == (2, 3_600)
        assert await figure(DeskKind.MERCHANT) == (0, 0)
        got.behave = lambda _: OK
        await hooks.later(hours=1)
        assert await figure(DeskKind.PLATFORM) == (0, 0)
        # Nobody sends at all.
        await hooks.leave(leaving(3, at=hooks.clock()))
        await hooks.fanning.run()
        hooks.clock.jump(hooks.clock() + timedelta(minutes=5))
        assert await figure(DeskKind.PLATFORM) == (1, 300)


async def test_while_a_secret_is_changed_both_are_valid_for_a_day(url: str) -> None:
    clock = SimulatedClock(utc_now())
    async with receiver() as got, hooks_on(url, clock=clock) as hooks:
        added = await hooks.add(got.url)
        rotated = await hooks.managed.rotate(added.endpoint.id, actor=ADMIN)
        assert isinstance(rotated, EndpointWithSecret)
        assert rotated.secret != added.secret
        await hooks.leave(leaving(at=clock()))
        await hooks.send()
        for secret in (added.secret, rotated.secret):
            Webhook(secret).verify(got.got[0].body, got.got[0].headers)
        headers = hooks.signer.headers(
            hooks.known[0],
            event=conversation(1),
            body=b"{}",
            now=utc_now() + timedelta(hours=24, seconds=1),
        )
        assert len(headers["webhook-signature"].split()) == 1


async def test_nothing_overtakes_what_a_machine_with_a_fast_clock_wrote(url: str) -> None:
    """Nor what was written before a clock was set back; what is later in the stream stays."""
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        await hooks.add(got.url)
        ahead = START + timedelta(seconds=2)
        five, seven = (replace(leaving(version=v), at=ahead, leaves_at=ahead) for v in (5, 7))
        wanted = replace(leaving(version=4, topic="notification.wanted"), leaves_at=ahead)
        six = replace(leaving(version=6), at=ahead, leaves_at=START)
        await hooks.leave(five, six, seven, wanted)
        await hooks.send()
        assert got.ids() == [str(five.id), str(six.id)]
        assert set(await outside.column("SELECT id FROM outbox")) == {seven.id, wanted.id}
        await hooks.later(seconds=2)
        assert got.ids()[2:] == [str(seven.id)]


@pytest.mark.parametrize("guide", ["webhooks", "refunds"])
def test_an_answer_may_take_all_the_time_that_the_guides_promise(guide: str) -> None:
    times = Times()
    shorter = [name for name in Times.__struct_fields__ if getattr(times, name) < times.total]
    assert shorter == ["connect"]
    assert f"within {times.total:g} seconds" in (GUIDES / f"{guide}.md").read_text()


def _times(answer: Answer) -> Times | None:
    """Only who never comes to an end is waited for less long."""
    return QUICK if answer.hangs or answer.drips else None


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(500, b"sorry"), 500),
        (Answer(404), 404),
        (Answer(302, headers={"location": "http://127.0.0.1:1/inside"}), 302),
        (Answer(raw=b"this is not HTTP at all\r\n\r\n"), None),
        (Answer(raw=b""), None),
        (HANGS, None),
        (Answer(raw=b"HTTP/1.1 200 OK\r\nx: ", drips=True), None),
    ],
    ids=["500", "404", "redirect", "nonsense", "closes", "hangs", "slow headers"],
)
async def test_what_is_not_taken_is_tried_again(url: str, answer: Answer, code: int | None) -> None:
    async with (
        receiver(lambda _: answer) as got,
        hooks_on(url, times=_times(answer)) as hooks,
        Outside(url) as outside,
    ):
        await hooks.add(got.url)
        await hooks.leave(leaving())
        await hooks.send()
        ((status, attempts, found, said),) = await outside.rows(STANDING)
        assert (status, attempts, found) == ("waiting", 1, code)
        assert said or code == 302 or code == 404 or answer.body == b"ok"
        got.behave = lambda _: OK
        await hooks.later(seconds=5)
        assert (await outside.rows(STANDING))[0][:3] == ("taken", 2, 200)
        assert len(set(got.ids())) == 1
        assert {request.path for request in got.got} == {"/hooks"}, "no redirect is followed"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, b"<html>no JSON here</html>\x00\xff"),
        Answer(204, b""),
        Answer(299, b"?"),
        Answer(200, b"x" * 1_000_000),
        Answer(200, b"x", headers={"content-length": "900"}, hangs=True),
        Answer(raw=b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n", drips=True),
        Answer(200, b"not gzip", headers={"content-encoding": "gzip"}),
    ],
    ids=["html", "empty", "299", "huge", "half a body", "slow drip", "false gzip"],
)
async def test_a_success_is_one_whatever_it_says(url: str, answer: Answer) -> None:
    async with (
        receiver(lambda _: answer) as got,
        hooks_on(url, times=_times(answer)) as hooks,
        Outside(url) as outside,
    ):
        await hooks.add(got.url)
        await hooks.leave(leaving())
        await hooks.send()
        ((status, attempts, code, said),) = await outside.rows(STANDING)
        assert (status, attempts) == ("taken", 1)
        assert code in (200, 204, 299)
        assert len(said) <= 1_024


async def test_what_is_kept_of_an_answer_is_masked(url: str) -> None:
    said = b"\x1b[31mno\r\n user wang@example.com +86 138-0013-8000 " + b"k" * 40 + b"\x00"
    async with receiver(lambda _: Answer(500, said)) as got, hooks_on(url) as hooks:
        added = await hooks.add(got.url)
        await hooks.leave(leaving())
        await hooks.send()
        (delivery,) = await hooks.store.deliveries(
            added.endpoint.id, status=None, before=None, limit=9
        )
        assert delivery.answer == "[31mno   user *** +*** ***"


async def test_is_given_up_after_three_days_of_growing_pauses(url: str) -> None:
    async with (
        receiver(lambda _: Answer(503)) as got,
        hooks_on(url) as hooks,
        Outside(url) as outside,
    ):
        await hooks.add(got.url)
        await hooks.leave(leaving())
        await hooks.send()
        pauses = []
        while row := await outside.rows(
            "SELECT next_at FROM webhook_delivery WHERE status = 'waiting'"
        ):
            pauses.append((row[0][0] - hooks.clock()).total_seconds())
            hooks.clock.jump(row[0][0] - timedelta(microseconds=1))
            await hooks.send()
            assert len(got.got) == len(pauses), "not before its time"
            await hooks.later(microseconds=1)
        assert len(pauses) == len(PAUSES_SECONDS)
        for pause, whole in zip(pauses, PAUSES_SECONDS, strict=True):
            assert 0.9 * whole <= pause <= whole
        assert hooks.clock() - START <= timedelta(days=3)
        assert await outside.rows(STANDING) == [("failed", 10, 503, "ok")]


async def test_one_conversation_keeps_its_order_through_failures_and_others_go_on(
    url: str,
) -> None:
    fails = {"1": 2}

    def behave(request: Request) -> Answer:
        version = request.event["data"]["version"]
        if request.event["subject"] == str(conversation(1)) and version == 2 and fails["1"]:
            fails["1"] -= 1
            return Answer(500)
        return OK

    async with receiver(behave) as got, hooks_on(url) as hooks, Outside(url) as outside:
        await hooks.add(got.url)
        for version in range(1, 5):
            await hooks.leave(*(leaving(number, version) for number in (1, 2)))
        await hooks.send()
        assert versions(got.got)[conversation(1)] == [1, 2]
        assert versions(got.got)[conversation(2)] == [1, 2, 3, 4]
        # What comes behind has to wait as well, without being looked at meanwhile.
        await hooks.leave(leaving(1, 5))
        await hooks.send()
        waiting = "SELECT count(DISTINCT next_at) FROM webhook_delivery WHERE status = 'waiting'"
        assert await outside.value(waiting) == 1
        await hooks.later(seconds=5)
        assert versions(got.got)[conversation(1)] == [1, 2, 2]
        await hooks.later(seconds=300)
        assert versions(got.got)[conversation(1)] == [1, 2, 2, 2, 3, 4, 5]
        taken = "SELECT count(*) FROM webhook_delivery WHERE status = 'taken'"
        assert await outside.value(taken) == 9


async def test_after_one_is_given_up_the_next_goes(url: str) -> None:
    def behave(request: Request) -> Answer:
        return Answer(500) if request.event["data"]["version"] == 1 else OK

    async with receiver(behave) as got, hooks_on(url) as hooks, Outside(url) as outside:
        await hooks.add(got.url)
        await hooks.leave(leaving(1, 1), leaving(1, 2))
        await hooks.send()
        for _ in PAUSES_SECONDS:
            assert [request.event["data"]["version"] for request in got.got] == [1] * len(got.got)
            (next_at,) = set(await outside.column("SELECT next_at FROM webhook_delivery"))
            hooks.clock.jump(next_at)
            await hooks.send()
        assert [row[0] for row in await outside.rows(STANDING)] == ["failed", "taken"]


async def test_one_that_hangs_does_not_stop_the_others(url: str) -> None:
    async with (
        receiver() as hung,
        receiver() as well,
        hooks_on(url, at_once=4) as hooks,
        Outside(url) as outside,
    ):
        hung.gate.clear()
        for got in (hung, well):
            await hooks.add(got.url)
        await hooks.leave(*(leaving(number) for number in range(40)))
        while await hooks.fanning.run():
            pass
        while len(well.got) < 40:
            await hooks.sending.run()
        assert hung.most_open <= 4
        hung.gate.set()
        # How many of its own had been given up meanwhile, and how long they wait, is the machine's
        # to say; after three days none would wait any more.
        while await outside.value("SELECT count(*) FROM webhook_delivery WHERE status = 'waiting'"):
            await hooks.later(hours=1)
        assert len(set(hung.ids())) == 40
        assert set(await outside.column("SELECT status FROM webhook_delivery")) == {"taken"}


async def test_connections_are_kept(url: str) -> None:
    async with receiver() as got, hooks_on(url, at_once=1) as hooks:
        await hooks.add(got.url)
        await hooks.leave(*(leaving(number) for number in range(20)))
        await hooks.send()
        assert (len(got.got), got.connections) == (20, 1)


async def test_410_disables_at_once_and_says_so(url: str) -> None:
    async with (
        receiver(lambda _: Answer(410, b"gone")) as gone,
        receiver() as other,
        hooks_on(url) as hooks,
        Outside(url) as outside,
    ):
        added = await hooks.add(gone.url)
        await hooks.add(other.url, topics=("notification.requested",))
        await hooks.leave(leaving(1), leaving(1, 2))
        while await hooks.fanning.run():
            pass
        for _ in range(3):
            # As long as this process has not heard of it, too.
            await hooks.sending.run()
            await hooks.sending.rest()
        assert len(gone.got) == 1
        await hooks.send()
        assert len(gone.got) == 1
        shown = await hooks.managed.show(added.endpoint.id, actor=ADMIN)
        assert not hasattr(shown, "code"), shown
        await hooks.refresh()
        (endpoint,) = [one for one in hooks.known if one.id == added.endpoint.id]
        assert endpoint.disabled_reason == "answered 410 Gone"
        # What waits can no longer be sent, and what happens later is not even written down.
        await hooks.sweeping.run()
        its = "SELECT status FROM webhook_delivery WHERE endpoint = $1"
        assert await outside.column(its, added.endpoint.id) == ["failed", "failed"]
        await hooks.leave(leaving(1, 3))
        await hooks.send()
        assert await outside.value(OUTBOX) == 0
        assert await outside.value("SELECT count(*) FROM webhook_delivery") == 3
        (notice,) = other.got
        assert notice.event["data"]["kind"] == "webhook_disabled"
        assert notice.event["data"]["about"] == str(added.endpoint.id)


async def test_days_of_nothing_but_failures_disable(url: str) -> None:
    async with receiver(lambda _: Answer(500)) as got, hooks_on(url) as hooks:
        added = await hooks.add(got.url)
        for day in range(1, 6):
            await hooks.leave(leaving(day, at=hooks.clock()))
            await hooks.send()
            for _ in range(6):
                assert hooks.known[0].enabled
                await hooks.later(hours=3)
                if hooks.clock() - START > timedelta(days=4):
                    break
            await hooks.later(hours=6)
            if not hooks.known[0].enabled:
                break
        endpoint = await hooks.store.endpoint(added.endpoint.id)
        assert endpoint is not None
        assert endpoint.disabled_reason.startswith("nothing but failures since 2025-03-03 09:00")
        assert hooks.clock() - START >= timedelta(days=4)


async def test_one_success_ends_the_count_of_failures(url: str) -> None:
    async with receiver(lambda _: Answer(500)) as got, hooks_on(url) as hooks:
        await hooks.add(got.url)
        await hooks.leave(leaving())
        await hooks.send()
        assert (hooks.known[0].failures, hooks.known[0].failing_since) == (1, START)
        got.behave = lambda _: OK
        await hooks.later(seconds=5)
        await hooks.refresh()
        assert (hooks.known[0].failures, hooks.known[0].failing_since) == (0, None)


async def test_with_another_key_nothing_is_sent_until_it_is_enabled_again(url: str) -> None:
    async with receiver() as got, Outside(url) as outside:
        async with hooks_on(url, key="a" * 16) as hooks:
            added = await hooks.add(got.url)
        async with hooks_on(url, key="b" * 16) as hooks:
            await hooks.leave(leaving())
            await hooks.send()
            assert got.got == []
            assert "ONCEDESK_WEBHOOK_KEY" in (await outside.rows(STANDING))[0][3]
            enabled = await hooks.managed.enable(added.endpoint.id, actor=ADMIN)
            assert isinstance(enabled, EndpointWithSecret)
            assert enabled.secret != added.secret
            await hooks.later(seconds=5)
            assert len(got.got) == 1


async def test_a_receiver_that_never_answers_does_not_keep_us_from_stopping(url: str) -> None:
    async with (
        receiver(lambda _: HANGS) as got,
        hooks_on(url, times=Times(total=600.0)) as hooks,
        Outside(url) as outside,
    ):
        await hooks.add(got.url)
        await hooks.leave(leaving())
        await hooks.fanning.run()
        await hooks.sending.run()
        await eventually(lambda: got.got, "it came")
        await within(hooks.sending.close())
        assert [row[:2] for row in await outside.rows(STANDING)] == [("waiting", 0)]


async def test_what_is_over_is_kept_for_a_while_and_then_deleted(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        await hooks.add(got.url)
        await hooks.leave(*(leaving(number) for number in range(600)))
        await hooks.send()
        count = "SELECT count(*) FROM webhook_delivery"
        hooks.clock.jump(START + timedelta(days=14))
        await hooks.sweeping.run()
        assert await outside.value(count) == 600
        hooks.clock.jump(START + timedelta(days=14, minutes=2))
        assert await hooks.sweeping.run() == 500, "a little at a time"
        assert await hooks.sweeping.run() == 100
        assert await hooks.sweeping.run() == 0
        assert await outside.value(count) == 0


async def test_one_that_fails_while_ever_more_waits_is_disabled(url: str) -> None:
    async with receiver(lambda _: Answer(500)) as got, hooks_on(url) as hooks:
        added = await hooks.add(got.url)
        sweeping = SweepingUp(
            store=hooks.store, keep=timedelta(days=1), clock=hooks.clock, waiting_max=10
        )
        for count, enabled in ((10, True), (1, False)):
            await hooks.leave(*(leaving(number, count) for number in range(count)))
            await hooks.send()
            hooks.clock.jump(hooks.clock() + timedelta(minutes=2))
            await sweeping.run()
            endpoint = await hooks.store.endpoint(added.endpoint.id)
            assert endpoint is not None
            assert endpoint.enabled == enabled
            assert enabled or "more than 10 deliveries wait" in endpoint.disabled_reason


async def test_nobody_asks_and_nothing_piles_up(url: str) -> None:
    async with hooks_on(url) as hooks, Outside(url) as outside:
        await hooks.leave(*(leaving(number) for number in range(10)))
        await hooks.send()
        assert await outside.value(OUTBOX) == 0
        assert await outside.value("SELECT count(*) FROM webhook_delivery") == 0


async def test_what_cannot_be_read_holds_up_nobody(url: str) -> None:
    async with receiver() as got, hooks_on(url) as hooks, Outside(url) as outside:
        await hooks.add(got.url)
        for number, body in enumerate((b"\xff", b"[]", b"", b'"text"')):
            await hooks.leave(msgspec.structs.replace(leaving(number), body=body))
        await hooks.leave(leaving(9))
        await hooks.send()
        assert len(got.got) == 1
        assert await outside.value(OUTBOX) == 0


async def test_two_processes_fan_out_each_row_once(url: str) -> None:
    async with receiver() as got, hooks_on(url) as one, hooks_on(url) as other:
        await one.add(got.url)
        await one.leave(*(leaving(number) for number in range(100)))
        await asyncio.gather(one.fanning.run(), other.fanning.run())
        await one.send()
        assert len(got.got) == len(set(got.ids())) == 100


def versions(got: list[Request]) -> dict[object, list[int]]:
    """In which order the versions of each conversation came."""
    found: dict[object, list[int]] = defaultdict(list)
    for request in got:
        data = request.event["data"]
        for number in (1, 2):
            if data["conversation"] == str(conversation(number)):
                found[conversation(number)].append(data["version"])
    return found


def test_statuses_are_what_the_tables_say() -> None:
    assert [status.value for status in DeliveryStatus] == ["waiting", "taken", "failed"]
