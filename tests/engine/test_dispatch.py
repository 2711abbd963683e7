"""Rule 10: waiting cases and free agents meet, whoever dispatches, and nobody gets too much."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from oncedesk.domain.agents.messages import (
    DeskRole,
    JoinDesk,
    Presence,
    RegisterAgent,
    ReserveCapacity,
    SetPresence,
    SetSkills,
)
from oncedesk.domain.conversations.messages import (
    CaseStatus,
    Channel,
    ClosingReason,
    Need,
    OpenForDispute,
    ResolveCase,
    ReturnToQueue,
    RoutedTo,
    UnassignReason,
    WithdrawClaim,
)
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.insight.forecasting import Span
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor, Role
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, Kind
from oncedesk.engine import dispatch
from oncedesk.engine.dispatch import LANGUAGE_PATIENCE, LOOK_EVERYWHERE, QueueName
from oncedesk.engine.instants import SimulatedClock, settle
from oncedesk.engine.submission import Answer, Status
from oncedesk.storage.outcomes.arrivals import Arrivals
from oncedesk.storage.views.inbox import PLATFORM_SLOTS
from oncedesk.storage.views.readers import Reader
from oncedesk.storage.views.seats import Seat, encoded
from tests.support.consistency import assert_assignments_agree, states_of
from tests.support.engines import (
    Outside,
    Rig,
    builtin_packs,
    consumer,
    contact,
    engine_on,
    eventually,
    party,
    within,
)

START = datetime(2025, 3, 3, 2, tzinfo=UTC)
WAKES_MAX = 40
LOCK_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def agent(number: int) -> UUID:
    return party(10_000 + number)


def skill_of(issue: str) -> str:
    return builtin_packs().at(START).current("cn").issue(issue).skill


async def staff(
    rig: Rig,
    count: int,
    *,
    capacity: int = 3,
    skills: Sequence[str] = (),
    languages: Sequence[str] = (),
    first: int = 0,
) -> None:
    """So many agents at the platform's desk, there and able."""
    for number in range(first, first + count):
        who = agent(number)
        commands: list[Any] = [
            RegisterAgent(agent=who, capacity=capacity),
            JoinDesk(agent=who, desk=PLATFORM, role=DeskRole.AGENT, starts_at=START),
            SetSkills(
                agent=who,
                skills=tuple(skills or {skill_of("refund")}),
                languages=tuple(languages),
            ),
            SetPresence(agent=who, presence=Presence.AVAILABLE),
        ]
        assert all(answer.accepted for answer in await rig.all(commands))


async def contacts(rig: Rig, count: int, *, first: int = 0, issue: str = "refund") -> None:
    numbers = range(first, first + count)
    answers = await rig.all([contact(n, issue=issue) for n in numbers], actor=MARKETPLACE)
    assert all(answer.accepted for answer in answers)


def second_person(number: int, *, barred: UUID) -> OpenForDispute:
    """A remedy of this consumer needs somebody else's yes."""
    return OpenForDispute(
        consumer=party(number),
        subject=Subject(SubjectKind.LISTING, party(number)),
        market="cn",
        remedy=1,
        merchant=party(1),
        need=Need.SECOND_PERSON,
        barred=barred,
    )


async def test_however_many_are_free_everybody_is_seen(url: str) -> None:
    """Of other desks, and with less room than who has nothing to do."""
    clock = SimulatedClock(START)
    others = [UUID(int=number) for number in range(21_000)]
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await staff(rig, 1, capacity=9)
        await outside.run(
            "INSERT INTO seat (bucket, agent, room, body)"
            " SELECT 1, k.agent, 1, k.body FROM unnest($1::uuid[], $2::bytea[]) k(agent, body)",
            others,
            [encoded(Seat(other, 1, 0, (), (), ())) for other in others],
        )
        await contacts(rig, 1)
        await settle(rig.engine)
        (found,) = await states_of(outside, rig.codec, Kind.CONVERSATION)
        assert found.cases[0].agent == agent(0)


async def test_queues_from_which_nobody_could_take_are_not_put_in_order(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clients wait meanwhile, and such queues stay for as long as nobody comes to those desks."""
    ordered: list[int] = []

    def noted(items: Iterable[Any], **by: Any) -> list[Any]:
        found = sorted(items, **by)
        ordered.append(len(found))
        return found

    monkeypatch.setattr(dispatch, "sorted", noted, raising=False)
    closed = [QueueName(Desk(DeskKind.MERCHANT, party(n)), "general") for n in range(100)]
    async with engine_on(url, clock=SimulatedClock(START)) as rig:
        await staff(rig, 1)
        await contacts(rig, 1)
        await settle(rig.engine)
        routed = [
            RoutedTo(
                case=1,
                at=START,
                desk=queue.desk,
                skill=queue.skill,
                language="zh",
                priority=2,
                pack="",
            )
            for queue in closed
        ]
        submission = rig.engine.entry.system(contact(0), actor=SYSTEM, number="elsewhere")
        rig.engine.dispatch.notice(submission, Answer(Status.ACCEPTED, 1, events=tuple(routed)))
        ordered.clear()
        assert await rig.engine.dispatch.run() == 0
        assert max(ordered) < len(closed)


async def return_to_queue(rig: Rig, number: int) -> None:
    """Whoever has this consumer's case is absent."""
    back = ReturnToQueue(
        consumer=party(number),
        conversation=contact(number).target().id,
        case=1,
        agent=agent(0),
        reason=UnassignReason.ABSENT,
    )
    assert (await within(rig.submit(back))).accepted


async def test_cases_go_to_whoever_has_room(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(START)) as rig, Outside(url) as outside:
        await staff(rig, 3)
        await contacts(rig, 20)
        await within(settle(rig.engine))
        assert set((await assert_assignments_agree(outside, rig.codec)).values()) == {3}
        assert dict(await outside.rows("SELECT status, count(*) FROM inbox GROUP BY status")) == {
            "assigned": 9,
            "queued": 11,
        }
        # The agents' rows say so, too: there is no room left.
        assert await outside.column("SELECT room FROM seat") == [0, 0, 0]
        assert await rig.engine.dispatch.run() == 0
        await rig.assert_replays()


async def test_a_clock_that_is_set_back_does_not_stop_dispatch(url: str) -> None:
    """Of what came to another process only looking everywhere tells."""
    now = [START + timedelta(minutes=10)]
    async with (
        engine_on(url, clock=SimulatedClock(START)) as one,
        engine_on(url, clock=lambda: now[0]) as other,
    ):
        await other.engine.dispatch.run()
        now[0] = START
        await staff(one, 1)
        await contacts(one, 1)
        assert await other.engine.dispatch.run() == 1


async def test_two_dispatchers_at_once_give_nobody_too_much(url: str) -> None:
    """Both see the same queues and the same room; the agents' own states decide."""
    clock = SimulatedClock(START)
    async with (
        engine_on(url, clock=clock) as one,
        engine_on(url, clock=clock) as other,
        Outside(url) as outside,
        Outside(url) as watching,
    ):
        await staff(one, 8, capacity=4)
        for round_ in range(2):
            await contacts(one, 20, first=round_ * 20)
            async with outside.holding(*(agent(number) for number in range(8))):
                both = asyncio.gather(one.engine.dispatch.run(), other.engine.dispatch.run())
                await watching.until(LOCK_WAITS, 2)
            await within(both)
            for rig in (one, other):
                await within(rig.engine.writers.drained())
            by_agent = await assert_assignments_agree(outside, one.codec)
            assert sum(by_agent.values()) == min(32, (round_ + 1) * 20)
            # Long enough for both to look at every queue again.
            clock.jump(clock() + timedelta(seconds=10))
        assert set(by_agent.values()) == {4}
        assert one.engine.writers.races_lost + other.engine.writers.races_lost > 0
        assert await outside.value("SELECT count(*) FROM reaction") == 0
        await one.assert_replays()


async def test_nobody_gets_what_they_cannot_do(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(START)) as rig, Outside(url) as outside:
        assert skill_of("account") != skill_of("refund")
        await staff(rig, 2, skills=[skill_of("refund")])
        await staff(rig, 1, skills=[skill_of("account")], first=2)
        await contacts(rig, 10, issue="account")
        await within(settle(rig.engine))
        assert await assert_assignments_agree(outside, rig.codec) == {agent(2): 3}
        # Nor by mistake: the agent's own state refuses.
        wrong = ReserveCapacity(
            agent=agent(0),
            consumer=party(9),
            conversation=contact(9).target().id,
            case=1,
            desk=PLATFORM,
            skill=skill_of("account"),
        )
        assert (await within(rig.submit(wrong))).code == "skill_missing"


async def test_whoever_speaks_the_language_goes_first_and_after_some_time_anybody_able(
    url: str,
) -> None:
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await staff(rig, 1, languages=["zh"])
        foreign = [contact(n, issue="refund", language="pt") for n in range(2)]
        assert all(one.accepted for one in await rig.all(foreign, actor=MARKETPLACE))
        await within(settle(rig.engine))
        assert await assert_assignments_agree(outside, rig.codec) == {}
        await staff(rig, 1, capacity=1, languages=["pt", "en"], first=1)
        await within(settle(rig.engine))
        assert await assert_assignments_agree(outside, rig.codec) == {agent(1): 1}
        clock.jump(START + LANGUAGE_PATIENCE - timedelta(seconds=1))
        await within(settle(rig.engine))
        assert await assert_assignments_agree(outside, rig.codec) == {agent(1): 1}
        clock.jump(START + LANGUAGE_PATIENCE)
        await within(settle(rig.engine))
        assert await assert_assignments_agree(outside, rig.codec) == {agent(0): 1, agent(1): 1}
        await rig.assert_replays()


async def test_a_language_is_spoken_whatever_the_country(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(START)) as rig, Outside(url) as outside:
        await staff(rig, 1, languages=["zh", "pt-BR"], capacity=4)
        said = ["zh-CN", "pt", "PT-pt", "zh-Hant-TW"]
        foreign = [contact(n, issue="refund", language=one) for n, one in enumerate(said)]
        assert all(one.accepted for one in await rig.all(foreign, actor=MARKETPLACE))
        await within(settle(rig.engine))
        assert await assert_assignments_agree(outside, rig.codec) == {agent(0): 4}


async def test_what_nobody_free_speaks_holds_up_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "SPARE", 1)
    in_one_place = [n for n in range(200) if contact(n).target().bucket % PLATFORM_SLOTS == 0]
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await staff(rig, 1, capacity=1, languages=["zh"])
        *first, last = in_one_place[:8]
        foreign = [contact(n, issue="refund", language="pt") for n in first]
        assert all(one.accepted for one in await rig.all(foreign, actor=MARKETPLACE))
        clock.jump(START + timedelta(seconds=30))
        await within(settle(rig.engine))
        assert await assert_assignments_agree(outside, rig.codec) == {}
        await contacts(rig, 1, first=last)
        await within(settle(rig.engine))
        assert await assert_assignments_agree(outside, rig.codec) == {agent(0): 1}
        assert await outside.column("SELECT language FROM inbox WHERE status = 'assigned'") == [
            "zh"
        ]
        # They still get anybody in the end.
        await staff(rig, 1, capacity=9, languages=["en"], first=1)
        clock.jump(START + LANGUAGE_PATIENCE)
        await within(settle(rig.engine))
        assert await assert_assignments_agree(outside, rig.codec) == {agent(0): 1, agent(1): 7}


async def test_what_is_barred_to_whoever_is_free_holds_up_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "SPARE", 1)
    in_one_place = [n for n in range(200) if contact(n).target().bucket % PLATFORM_SLOTS == 0]
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        *first, last = in_one_place[:8]
        asked = await rig.all([second_person(n, barred=agent(0)) for n in first], actor=SYSTEM)
        assert all(one.accepted for one in asked)
        (skill,) = await outside.column("SELECT DISTINCT skill FROM inbox")
        await staff(rig, 1, capacity=1, skills=[skill])
        clock.jump(START + timedelta(seconds=30))
        await within(settle(rig.engine))
        assert await assert_assignments_agree(outside, rig.codec) == {}
        free = await rig.all([second_person(last, barred=agent(1))], actor=SYSTEM)
        assert all(one.accepted for one in free)
        await within(settle(rig.engine))
        assert await assert_assignments_agree(outside, rig.codec) == {agent(0): 1}


async def test_the_longest_overdue_goes_first(url: str) -> None:
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        for number in (3, 1, 2):
            await contacts(rig, 1, first=number)
            clock.jump(clock() + timedelta(seconds=10))
        await staff(rig, 1, capacity=2)
        await within(settle(rig.engine))
        waiting = await outside.column("SELECT consumer FROM inbox WHERE status = 'queued'")
        assert waiting == [party(2)]


async def test_a_case_that_misses_its_deadline_keeps_its_place(url: str) -> None:
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await contacts(rig, 1)
        due_at = await outside.value("SELECT queue_due_at FROM inbox")
        clock.jump(START + timedelta(minutes=1))
        await contacts(rig, 1, first=1)
        clock.jump(due_at)
        await within(settle(rig.engine))
        await staff(rig, 1, capacity=1)
        await within(settle(rig.engine))
        assert await outside.column("SELECT consumer FROM inbox WHERE status = 'queued'") == [
            party(1)
        ]
        # It has it again when whoever got it says nothing and gives it back.
        await return_to_queue(rig, 0)
        held = await outside.rows(
            "SELECT queue_due_at, late FROM inbox WHERE consumer = $1", party(0)
        )
        assert held == [(due_at, True)]


async def test_how_long_a_case_waits_counts_on_when_it_is_routed_again(url: str) -> None:
    """It becomes more urgent with each deadline, and nobody has had it."""
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await contacts(rig, 1)
        first = await outside.rows("SELECT queued_at, queue, priority FROM inbox")
        for _ in range(WAKES_MAX):
            clock.jump(max(clock(), await rig.store.next_wake() or clock()))
            await within(settle(rig.engine))
            again = await outside.rows("SELECT queued_at, queue, priority FROM inbox")
            if again != first:
                break
        assert again == [(START, first[0][1], first[0][2] - 1)]
        # From the hands of somebody it comes anew.
        await staff(rig, 1, capacity=1)
        await within(settle(rig.engine))
        await return_to_queue(rig, 0)
        assert await outside.column("SELECT queued_at FROM inbox") == [clock()]
        # To the desk it came when it came.
        hour = clock().replace(minute=0)
        spans = [Span(START, START + timedelta(hours=1)), Span(hour, hour + timedelta(hours=1))]
        arrivals, admin = Arrivals(rig.pool), Reader(Actor(Role.ADMIN, party(1)))
        assert hour > START
        assert await arrivals.hours(reader=admin, desk=PLATFORM, spans=spans) == {START: 1}


async def test_a_case_that_has_gone_gives_the_place_back(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(START)) as rig, Outside(url) as outside:
        await staff(rig, 1, capacity=1)
        await contacts(rig, 1)
        case: dict[str, Any] = {
            "consumer": party(0),
            "conversation": contact(0).target().id,
            "case": 1,
        }
        reserve = ReserveCapacity(
            agent=agent(0), desk=PLATFORM, skill=skill_of("refund"), language="zh", **case
        )
        withdraw = rig.submit(WithdrawClaim(**case), actor=consumer(0))
        assert (await within(rig.submit(reserve))).accepted
        assert (await within(withdraw)).accepted
        await within(settle(rig.engine))
        assert await outside.column("SELECT room FROM seat") == [1]
        assert await assert_assignments_agree(outside, rig.codec) == {}
        await contacts(rig, 1, first=1)
        await within(settle(rig.engine))
        assert await assert_assignments_agree(outside, rig.codec) == {agent(0): 1}
        await rig.assert_replays()


async def test_a_place_that_is_free_again_is_given_out_again(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(START)) as rig, Outside(url) as outside:
        await staff(rig, 1, capacity=1)
        await contacts(rig, 5)
        for _ in range(5):
            await within(settle(rig.engine))
            (found,) = [
                one
                for one in await states_of(outside, rig.codec, Kind.CONVERSATION)
                if one.cases[0].agent is not None
            ]
            resolve = ResolveCase(
                consumer=found.consumer,
                conversation=contact(0, consumer=found.consumer).target().id,
                case=1,
                agent=agent(0),
                reason=ClosingReason.SOLVED,
            )
            assert (await within(rig.submit(resolve))).accepted
            await within(rig.engine.writers.drained())
        await within(settle(rig.engine))
        statuses = [
            one.cases[0].status for one in await states_of(outside, rig.codec, Kind.CONVERSATION)
        ]
        assert statuses == [CaseStatus.RESOLVED] * 5
        assert await outside.column("SELECT room FROM seat") == [1]
        await rig.assert_replays()


async def test_a_case_that_comes_back_is_given_out_again_at_once(url: str) -> None:
    """Without another look at everything: it is routed again, so it arrives like a new one."""
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await staff(rig, 1)
        await contacts(rig, 1)
        await within(settle(rig.engine))
        clock.jump(clock() + LOOK_EVERYWHERE / 10)
        await return_to_queue(rig, 0)
        await within(settle(rig.engine))
        assert await assert_assignments_agree(outside, rig.codec) == {agent(0): 1}
        versions = await outside.column("SELECT count(*) FROM journal WHERE kind = 'conversation'")
        assert versions == [4], "received, assigned, returned, assigned again"
        await rig.assert_replays()


async def spoil(outside: Outside, id_: UUID) -> None:
    """Its bytes cannot be read any more; no version of it is remembered."""
    spoiled = "UPDATE state SET body = $1, version = version + 7 WHERE id = $2"
    await outside.run(spoiled, b"\xc1", id_)


async def test_a_case_that_cannot_be_read_does_not_take_a_place_of_everybody(url: str) -> None:
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await contacts(rig, 1)
        await spoil(outside, contact(0).target().id)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await staff(rig, 8, capacity=1)
        for _ in range(60):
            await within(settle(rig.engine))
            clock.jump(clock() + timedelta(seconds=1))
        taken = "SELECT count(*) FROM seat WHERE room = 0"
        assert await outside.value(taken) == 4, "after 5, 15 and 35 seconds once more"
        await contacts(rig, 1, first=1)
        await within(settle(rig.engine))
        assert await outside.column("SELECT consumer FROM inbox WHERE status = 'assigned'") == [
            party(1)
        ]
        for _ in range(10):
            await within(settle(rig.engine))
            clock.jump(clock() + timedelta(minutes=1))
        assert await outside.value(taken) == 1 + 7, "after 75, 155 and 315 seconds once more"


async def test_an_agent_who_cannot_be_read_does_not_keep_the_cases_from_others(url: str) -> None:
    clock = SimulatedClock(START)
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await staff(rig, 1, capacity=9)
        await spoil(outside, agent(0))
    async with engine_on(url, clock=clock) as rig, Outside(url) as outside:
        await staff(rig, 1, capacity=9, first=1)
        await contacts(rig, 4)
        for _ in range(10):
            await within(settle(rig.engine))
            clock.jump(clock() + timedelta(seconds=1))
        assert await outside.value("SELECT room FROM seat WHERE agent = $1", agent(1)) == 5
        parked = await outside.value("SELECT count(*) FROM parked")
        await contacts(rig, 4, first=4)
        await within(settle(rig.engine))
        assert await outside.value("SELECT count(*) FROM parked") == parked
        assert await outside.value("SELECT room FROM seat WHERE agent = $1", agent(1)) == 1


async def test_an_agent_who_is_locked_does_not_hold_up_the_others(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "PATIENCE_SECONDS", 0.2)
    clock = SimulatedClock(START)
    async with (
        engine_on(url, clock=clock) as rig,
        Outside(url) as outside,
        Outside(url) as watching,
    ):
        await staff(rig, 1)
        await contacts(rig, 1)
        async with outside.holding(agent(0)):
            assert await within(rig.engine.dispatch.run()) == 1, "it may get there yet"
            await watching.until(LOCK_WAITS, 1)
            await staff(rig, 1, first=1)
            await contacts(rig, 2, first=1)
            for _ in range(3):
                clock.jump(clock() + timedelta(seconds=10))
                await within(rig.engine.dispatch.run())
            await watching.until("SELECT count(*) FROM inbox WHERE status = 'assigned'", 2)
            await eventually(
                lambda: rig.engine.writers.open == 1, "who is waited for was asked once"
            )
        await within(settle(rig.engine))
        by_agent = await assert_assignments_agree(outside, rig.codec)
        assert by_agent == {agent(0): 1, agent(1): 2}
        await rig.assert_replays()


async def test_started_engines_dispatch_by_themselves(url: str) -> None:
    async with (
        engine_on(url, started=True) as one,
        engine_on(url, started=True) as other,
        Outside(url) as outside,
    ):
        await staff(one, 2)
        await contacts(other, 10)
        await outside.until("SELECT count(*) FROM inbox WHERE status = 'assigned'", 6)
        await within(asyncio.gather(one.engine.writers.drained(), other.engine.writers.drained()))
        assert set((await assert_assignments_agree(outside, one.codec)).values()) == {3}


async def test_a_case_waits_in_the_language_that_is_spoken_in_it_first(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(START)) as rig, Outside(url) as outside:
        await rig.all([contact(1, issue="other", language="")], actor=MARKETPLACE)
        assert await outside.column("SELECT language FROM inbox") == [""]
        phone = contact(1, issue="other", language="de", channel=Channel.PHONE)
        await rig.all([phone], actor=MARKETPLACE)
        assert await outside.column("SELECT language FROM inbox") == ["de"]
