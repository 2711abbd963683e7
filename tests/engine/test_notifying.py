"""Notifications wait in the outbox and leave as one: none is lost, none is told of twice."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from oncedesk.domain.conversations.messages import (
    AskConsumer,
    Audience,
    PostMessage,
    TakeOverCase,
)
from oncedesk.domain.conversations.notifying import NotificationKind, Waiting, about_order
from oncedesk.domain.desks.messages import OpenDesk, ReportLoad
from oncedesk.domain.orders.messages import (
    Item,
    OrderedPart,
    Payment,
    PlaceOrder,
    PresaleShipping,
    PresaleTerms,
)
from oncedesk.domain.shared import refs
from oncedesk.domain.shared.decider import MARKETPLACE
from oncedesk.domain.shared.ids import bucket_of, derived_id
from oncedesk.domain.shared.refs import PLATFORM
from oncedesk.engine.deciding import Consequences
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.notifying import Links, Notifying
from oncedesk.engine.outgoing import NOTIFICATION, WANTED, Outgoing, waiting_notification
from oncedesk.engine.ports import OutboxRow, TryAgain
from oncedesk.storage.notifying import PostgresNotifying
from oncedesk.storage.writing import outbox_rows
from tests.support.engines import (
    ADMIN,
    CONSEQUENCES,
    Outside,
    Rig,
    builtin_packs,
    contact,
    engine_on,
    party,
)

# A Monday morning in the market, after the night.
MORNING = datetime(2025, 3, 3, 2, tzinfo=UTC)
TELLING = Consequences(commands=CONSEQUENCES.commands, outgoing=Outgoing((NOTIFICATION,)))
LINKS = Links(
    "https://help.example.org/",
    "/help/c/{conversation}#{case}",
    "app://desk/{consumer}/{conversation}",
)
ORDER = UUID(int=0x0D)
WAITING = f"SELECT count(*) FROM outbox WHERE topic = '{WANTED}'"


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Told:
    """What left, in its order."""

    messages: list[Any] = field(default_factory=list)
    ids: list[UUID] = field(default_factory=list)

    async def __call__(self, row: OutboxRow) -> None:
        self.ids.append(row.id)
        self.messages.append(msgspec.json.decode(row.body))

    def of(self, kind: str) -> list[Any]:
        return [one for one in self.messages if one["kind"] == kind]


@dataclass
class Desk:
    """A few conversations, and somebody who answers in them."""

    rig: Rig
    clock: SimulatedClock
    told: Told
    notifying: Notifying

    async def open(self, *numbers: int) -> None:
        await self.rig.all([contact(n, issue="other") for n in numbers], actor=MARKETPLACE)

    async def answer(self, number: int = 1, kind: Any = PostMessage) -> None:
        said = {"digest": b"0123456789abcdef", "length": 12}
        if kind is PostMessage:
            said["audience"] = Audience.CONSUMER
        ref = contact(number).target()
        command = kind(consumer=party(number), conversation=ref.id, case=1, **said)
        (answer,) = await self.rig.all([command], actor=ADMIN)
        assert answer.accepted, answer

    async def remind_of_return(self, *, version: int, until: datetime) -> None:
        """A return about an order and no case has to be sent by then."""
        found = about_order(
            NotificationKind.RETURN_REMINDER,
            consumer=party(1),
            at=self.clock(),
            pack=builtin_packs().at(self.clock()).current("cn"),
            deadline=until,
        )
        row = OutboxRow(
            bucket=bucket_of(party(1)),
            id=derived_id("reminder", str(version)),
            topic=WANTED,
            body=msgspec.json.encode(Waiting(found, party(1), ORDER, version, "cn", ORDER)),
            at=self.clock(),
            stream=ORDER,
            version=version,
            number=0,
            leaves_at=found.leaves_at,
        )
        rows = outbox_rows([row])
        assert rows is not None
        await self.rig.pool.execute(rows.statement, *rows.columns)

    async def later(self, **span: float) -> None:
        """So much later, what is due leaves."""
        self.clock.jump(self.clock() + timedelta(**span))
        await self.leave()

    async def leave(self) -> None:
        while await self.notifying.run():
            pass
        while await self.rig.engine.outbox.run():
            pass


@asynccontextmanager
async def desk_on(
    url: str,
    *,
    start: datetime = MORNING,
    clock: SimulatedClock | None = None,
    told: Told | None = None,
    consequences: Consequences = TELLING,
    named_point: Callable[[str], None] = lambda _: None,
) -> AsyncIterator[Desk]:
    now, got = clock or SimulatedClock(start), told or Told()
    async with engine_on(url, consequences=consequences, send=got, clock=now) as rig:
        store = PostgresNotifying(rig.pool)
        notifying = Notifying(
            store=store,
            states=rig.store,
            links=LINKS,
            packs=lambda: builtin_packs().at(now()),
            clock=now,
            named_point=named_point,
        )
        yield Desk(rig, now, got, notifying)


async def test_says_whom_to_tell_what_where_and_no_text(url: str) -> None:
    async with desk_on(url) as desk:
        await desk.open(1)
        await desk.answer()
        await desk.later(seconds=60)
        conversation = str(contact(1).target().id)
        (found,) = desk.told.of("answer")
        assert found == {
            "kind": "answer",
            "recipient": {"kind": "consumer", "id": str(party(1))},
            "language": "zh",
            "link": f"https://help.example.org/help/c/{conversation}#1",
            "consumer": str(party(1)),
            "conversation": conversation,
            "case": 1,
            "version": 2,
        }


async def test_leaves_as_one_after_a_minute(url: str) -> None:
    async with desk_on(url) as desk, Outside(url) as outside:
        await desk.open(1, 2)
        await desk.later(seconds=60)
        desk.told.messages.clear()
        for _ in range(3):
            await desk.answer(1)
            await desk.later(seconds=10)
        await desk.answer(2)
        await desk.later(seconds=29)
        assert desk.told.messages == []
        await desk.later(seconds=1)
        (one,) = desk.told.messages
        assert (one["count"], one["version"]) == (3, 4)
        await desk.later(seconds=60)
        assert [one.get("count", 1) for one in desk.told.messages] == [3, 1]
        assert await outside.value(WAITING) == 0


async def test_what_waits_for_others_is_not_read(url: str) -> None:
    """Nor by a plan that was made while nothing waited, and is kept for a while."""
    async with Outside(url) as outside:
        await outside.run("VACUUM ANALYZE outbox")
        before = await outside.rows_read("outbox")
        async with desk_on(url) as desk:
            await desk.open(1)
            await desk.later(minutes=2)
            told = len(desk.told.messages)
            far = MORNING + timedelta(days=2)
            others = [
                (number, party(1_000 + number), WANTED, b"", far, far, party(number), 1, 0)
                for number in range(1, 501)
            ]
            columns = ("bucket", "id", "topic", "body", "at", "next_at", "stream")
            await outside.copy("outbox", (*columns, "version", "number"), others)
            await desk.open(2)
            await desk.later(minutes=2)
            assert len(desk.told.messages) == 2 * told
        assert await outside.rows_read("outbox") - before < 100


async def test_nothing_waits_for_a_clock_that_was_set_back(url: str) -> None:
    async with desk_on(url, start=MORNING + timedelta(hours=1)) as desk:
        await desk.open(1)
    async with desk_on(url, start=MORNING) as desk:
        await desk.answer()
        await desk.later(seconds=60)
        assert [one["version"] for one in desk.told.of("answer")] == [2]


async def test_kinds_do_not_mix(url: str) -> None:
    async with desk_on(url) as desk:
        await desk.open(1)
        await desk.answer(1)
        await desk.answer(1, AskConsumer)
        await desk.later(seconds=60)
        assert len(desk.told.of("answer")) == len(desk.told.of("question")) == 1
        assert datetime.fromisoformat(desk.told.of("question")[0]["deadline"]) > desk.clock()


async def test_the_night_is_quiet_for_consumers(url: str) -> None:
    evening = datetime(2025, 3, 3, 13, 30, tzinfo=UTC)  # 21:30 in the market
    async with desk_on(url, start=evening) as desk:
        await desk.open(1)
        for _ in range(3):
            await desk.answer()
            await desk.later(hours=1)
        assert desk.told.of("answer") == []
        await desk.later(hours=7, minutes=29)
        assert desk.told.of("answer") == []
        await desk.later(minutes=1)
        (one,) = desk.told.of("answer")
        assert one["count"] == 3
        assert desk.clock() == datetime(2025, 3, 4, 0, 0, tzinfo=UTC), "08:00 in the market"


async def test_what_was_due_before_a_stop_does_not_leave_at_night(url: str) -> None:
    evening = datetime(2025, 3, 3, 12, 50, tzinfo=UTC)  # 20:50 in the market
    async with desk_on(url, start=evening) as desk:
        await desk.open(1)
        await desk.answer()
        # Nothing runs until three at night.
        await desk.later(hours=6)
        assert desk.told.of("answer") == []
        assert await desk.notifying.run() == 0, "it is not looked at all the time"
        await desk.answer()
        await desk.later(hours=5, minutes=9)
        assert desk.told.of("answer") == []
        await desk.later(minutes=1)
        assert [one["count"] for one in desk.told.of("answer")] == [2]


async def test_at_night_what_would_be_too_late_takes_along_what_could_wait(url: str) -> None:
    """Two returns of one order: one can be sent for days, the other until before the morning."""
    evening = datetime(2025, 3, 3, 14, tzinfo=UTC)  # 22:00 in the market
    async with desk_on(url, start=evening) as desk:
        await desk.remind_of_return(version=1, until=evening + timedelta(days=2))
        await desk.later(minutes=5)
        assert desk.told.messages == []
        early = evening + timedelta(hours=8)
        await desk.remind_of_return(version=2, until=early)
        await desk.leave()
        (one,) = desk.told.messages
        assert one["count"] == 2
        assert datetime.fromisoformat(one["deadline"]) == early


async def test_no_time_is_promised_in_the_morning_that_passed_at_night(url: str) -> None:
    """The platform's desk has it since late in the evening, and was to answer within hours."""
    evening = datetime(2025, 3, 3, 14, tzinfo=UTC)  # 22:00 in the market
    async with desk_on(url, start=evening) as desk:
        shop = refs.Desk(refs.DeskKind.MERCHANT, party(7))
        await desk.rig.all([OpenDesk(desk=shop, market="cn")], actor=ADMIN)
        there = ReportLoad(
            desk=shop, waiting=0, oldest_wait_seconds=0, staffed=True, at=desk.clock()
        )
        await desk.rig.all([there])
        asked = contact(1, issue="quality", merchant=party(7))
        await desk.rig.all([asked], actor=MARKETPLACE)
        taken = TakeOverCase(
            consumer=party(1), conversation=asked.target().id, case=1, reason="asked"
        )
        (answer,) = await desk.rig.all([taken], actor=ADMIN)
        assert answer.accepted, answer
        await desk.later(hours=10)
        (one,) = desk.told.of("taken_over")
        assert one.get("deadline") is None, one


async def test_what_two_presales_of_an_order_say_at_once_leaves_as_one(url: str) -> None:
    """Of two shops, with one window: the last day is told of both in one go, and so is the end."""
    async with desk_on(url) as desk, Outside(url) as outside:
        terms = PresaleTerms(
            deposit_minor=1_000,
            final_minor=9_000,
            pay_from=MORNING + timedelta(days=1),
            pay_until=MORNING + timedelta(days=5),
        )
        parts = [
            OrderedPart(
                merchant=UUID(int=number),
                items=(Item(UUID(int=10 + number), 10_000),),
                promises=(PresaleShipping(ship_by=MORNING + timedelta(days=9)),),
                presale=terms,
            )
            for number in (1, 2)
        ]
        placed = PlaceOrder(
            consumer=party(1),
            order=ORDER,
            market="cn",
            placed_at=MORNING,
            timezone="Asia/Shanghai",
            currency="CNY",
            parts=tuple(parts),
            payments=(Payment("alipay", 2_000),),
        )
        (answer,) = await desk.rig.all([placed], actor=MARKETPLACE)
        assert answer.accepted, answer
        for kind in ("final_payment", "presale_ended"):
            wake = await desk.rig.store.next_wake()
            assert wake is not None
            desk.clock.jump(wake)
            await desk.rig.engine.waking.submit_due()
            await desk.rig.engine.writers.drained()
            await desk.later(minutes=1)
            (one,) = desk.told.of(kind)
            assert (one["about"], one["count"]) == (str(ORDER), 2)
        assert await outside.value(WAITING) == 0


@pytest.mark.parametrize(("spoken", "language"), [("fr-FR", "fr-FR"), ("", "zh-CN")])
async def test_what_a_remedy_without_a_case_says_is_in_the_language_of_its_order(
    url: str, spoken: str, language: str
) -> None:
    async with desk_on(url) as desk:
        placed = PlaceOrder(
            consumer=party(1),
            order=ORDER,
            market="cn",
            placed_at=MORNING,
            timezone="Asia/Shanghai",
            currency="CNY",
            parts=(OrderedPart(merchant=UUID(int=1), items=(Item(UUID(int=11), 10_000),)),),
            language=spoken,
        )
        (answer,) = await desk.rig.all([placed], actor=MARKETPLACE)
        assert answer.accepted, answer
        await desk.remind_of_return(version=1, until=MORNING + timedelta(days=2))
        await desk.later(minutes=5)
        (one,) = desk.told.of("return_reminder")
        assert one["language"] == language


async def test_a_desk_is_warned_at_night(url: str) -> None:
    evening = datetime(2025, 3, 3, 14, tzinfo=UTC)
    async with desk_on(url, start=evening) as desk:
        await desk.open(1)
        wake = await desk.rig.store.next_wake()
        assert wake is not None
        desk.clock.jump(wake)
        await desk.rig.engine.waking.submit_due()
        await desk.rig.engine.writers.drained()
        await desk.leave()
        (warning,) = desk.told.of("clock_warning")
        assert warning["recipient"] == {"kind": "desk", "desk": str(PLATFORM)}
        assert warning["link"].startswith("app://desk/")


@pytest.mark.parametrize("when", ["notifications_merged"])
async def test_killed_after_the_merge_nothing_is_lost_or_told_twice(url: str, when: str) -> None:
    def dies(name: str) -> None:
        if name == when:
            raise Killed

    async with desk_on(url, named_point=dies) as desk:
        await desk.open(1)
        await desk.answer()
        desk.clock.jump(desk.clock() + timedelta(minutes=1))
        with pytest.raises(Killed):
            await desk.notifying.run()
    async with desk_on(url, clock=desk.clock) as desk:
        await desk.answer()
        await desk.later(minutes=1)
        assert [one["version"] for one in desk.told.of("answer")] == [2, 3]
        assert len(set(desk.told.ids)) == len(desk.told.ids)


async def test_two_processes_at_once_merge_each_once(url: str) -> None:
    async with desk_on(url) as one, desk_on(url, clock=one.clock) as other:
        numbers = range(1, 20)
        await one.open(*numbers)
        for number in numbers:
            await one.answer(number)
        one.clock.jump(one.clock() + timedelta(minutes=1))
        ends = await asyncio.gather(
            one.notifying.run(), other.notifying.run(), return_exceptions=True
        )
        assert all(isinstance(end, int | TryAgain) for end in ends)
        await one.leave()
        await other.leave()
        told = [*one.told.of("answer"), *other.told.of("answer")]
        assert sorted(found["conversation"] for found in told) == sorted(
            str(contact(number).target().id) for number in numbers
        )


async def test_what_cannot_be_read_waits_and_holds_up_nobody(url: str) -> None:
    async with desk_on(url) as desk, Outside(url) as outside:
        await desk.open(1, 2)
        await desk.answer(1)
        await desk.answer(2)
        await outside.run(
            f"UPDATE outbox SET body = '\\xff' WHERE topic = '{WANTED}' AND stream = $1 "
            "AND version = 2",
            contact(1).target().id,
        )
        await desk.later(seconds=60)
        assert len(desk.told.of("answer")) == 1
        assert await outside.value(WAITING) == 1


async def test_what_fails_to_become_one_waits_and_holds_up_nobody(url: str) -> None:
    async with desk_on(url) as desk, Outside(url) as outside:
        await desk.open(1, 2)
        await desk.answer(1)
        await desk.answer(2)
        (body,) = await outside.column(
            f"SELECT body FROM outbox WHERE topic = '{WANTED}' AND stream = $1 AND version = 2",
            contact(1).target().id,
        )
        # Of a market whose pack this process does not know.
        await outside.run(
            "UPDATE outbox SET body = $1 WHERE body = $2",
            body.replace(b'"cn"', b'"atlantis"'),
            body,
        )
        await desk.later(seconds=60)
        assert len(desk.told.of("answer")) == 1
        assert await outside.value(WAITING) == 1
        (failed,) = await outside.rows(
            f"SELECT attempts, error, next_at FROM outbox WHERE topic = '{WANTED}'"
        )
        error = "PackUnknown: no rule pack holds in market 'atlantis'"
        assert failed == (1, error, desk.clock() + timedelta(hours=1))


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_each_is_told_of_exactly_once(url: str, seed: int) -> None:
    """Answers, questions, merges that die before or after their commit, and time that passes."""
    print(f"seed {seed}")
    dice = random.Random(seed)
    dying = {"now": False}

    def dies(name: str) -> None:
        if dying["now"]:
            raise Killed

    wanted: list[Any] = []

    def noted(happened: Any) -> Sequence[Any]:
        found = Outgoing((NOTIFICATION,))(happened)
        wanted.extend(waiting_notification(one.body) for one in found)
        return found

    noting = Consequences(commands=CONSEQUENCES.commands, outgoing=noted)
    async with desk_on(url, named_point=dies, consequences=noting) as desk:
        await desk.open(1, 2, 3)
        for _ in range(60):
            match dice.randrange(5):
                case 0 | 1:
                    await desk.answer(dice.randint(1, 3))
                case 2:
                    await desk.later(seconds=dice.randint(1, 90))
                case 3:
                    desk.clock.jump(desk.clock() + timedelta(seconds=dice.randint(1, 90)))
                    dying["now"] = True
                    with suppress(Killed):
                        await desk.notifying.run()
                    dying["now"] = False
                case _:
                    desk.clock.jump(desk.clock() + timedelta(hours=dice.randint(0, 9)))
        # In the end it is noon.
        days = desk.clock() + timedelta(days=2)
        desk.clock.jump(days.replace(hour=4, minute=0))
        await desk.leave()
    told = [found for found in desk.told.messages if found["kind"] == "answer"]
    answers = [one for one in wanted if one.notification.kind == "answer"]
    assert sum(found.get("count", 1) for found in told) == len(answers) > 5
    assert len(set(desk.told.ids)) == len(desk.told.ids)
    versions = [(found["conversation"], found["version"]) for found in told]
    assert len(set(versions)) == len(versions)
    for conversation in {str(one.conversation) for one in answers}:
        last = max(one.version for one in answers if str(one.conversation) == conversation)
        assert [v for c, v in versions if c == conversation][-1] == last, "the latest was told"
