"""Rule 14 on a real database: messages pass the gate before anybody else sees them."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from msgspec.structs import replace

from oncedesk.domain.agents.messages import DeskRole, JoinDesk, RegisterAgent
from oncedesk.domain.conversations.messages import (
    AssignCase,
    Audience,
    PostMessage,
    ReviewFlags,
    ReviewOutcome,
)
from oncedesk.domain.desks.messages import OpenDesk, ReportLoad
from oncedesk.domain.shared.decider import SYSTEM, Actor, Role
from oncedesk.domain.shared.gate.looking import Gate
from oncedesk.domain.shared.gate.rules import Hit, HitKind, Verdict
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, agent_ref
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.entry import Entry
from oncedesk.engine.gates import Gates
from oncedesk.engine.instants import SimulatedClock
from oncedesk.engine.submission import Answer
from oncedesk.rules.library import PackLibrary
from oncedesk.rules.loading import builtin_pack
from oncedesk.rules.storing import seal
from oncedesk.storage.marks import marks_of, text_for
from oncedesk.storage.views import flags
from oncedesk.storage.views.inbox import NotYourDesk
from tests.support.engines import (
    ADMIN,
    Outside,
    Rig,
    consumer,
    contact,
    engine_on,
    party,
    within,
)

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
AGENT, SHOP = derived_id("agent", "1"), Desk(DeskKind.MERCHANT, party(50))
BY_AGENT = Actor(Role.AGENT, AGENT)
TEXT = "我的电话是13812345678，请回电"
BLOCKED = "加我微信 shop_888，给个好评"
FLAGGED = "您好，https://elsewhere.example.com/x"


def gate_of(pack: Pack) -> Gate:
    packs = PackLibrary.always([pack]).at(NOW)
    return Gates(lambda: packs).current()


def test_a_pack_that_looks_for_the_same_has_the_same_gate() -> None:
    pack = builtin_pack("cn", NOW.date())
    same = seal(replace(pack, version="another"))
    less = seal(replace(pack, gate=replace(pack.gate, words=pack.gate.words[1:])))
    before, after, changed = (gate_of(one) for one in (pack, same, less))
    assert pack.hash != same.hash
    assert before is after
    assert before.name != changed.name


async def say(rig: Rig, command: Any, text: str, **more: Any) -> Answer:
    sealed = rig.engine.entry.seal(text)
    command = replace(command, digest=sealed.digest, length=sealed.length)
    answer: Answer = await within(rig.submit(command, text=text, **more))
    return answer


def post(number: int = 1, **changes: Any) -> PostMessage:
    values: dict[str, Any] = {"agent": AGENT, "audience": Audience.CONSUMER, **changes}
    return PostMessage(
        consumer=party(number),
        conversation=contact(number).target().id,
        case=1,
        digest=b"",
        length=0,
        **values,
    )


async def at_shop(rig: Rig, number: int = 1, *, desk: Desk = SHOP) -> None:
    """A consumer has written about something of a shop's, and an agent of theirs has the case."""
    known = RegisterAgent(agent=AGENT)
    joined = JoinDesk(agent=AGENT, desk=desk, role=DeskRole.AGENT, starts_at=NOW)
    asked = contact(number, issue="quality", merchant=party(50))
    given = AssignCase(consumer=party(number), conversation=asked.target().id, case=1, agent=AGENT)
    there = ReportLoad(desk=SHOP, waiting=0, oldest_wait_seconds=0, staffed=True, at=NOW)
    for command in (OpenDesk(desk=SHOP, market="cn"), there):
        assert (await within(rig.submit(command))).accepted
    assert (await say(rig, asked, TEXT, actor=consumer(number))).accepted
    for step in (known, joined, given):
        assert (await within(rig.submit(step, actor=SYSTEM))).accepted


async def test_what_is_blocked_changes_nothing_and_says_which_words(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(NOW)) as rig, Outside(url) as outside:
        await at_shop(rig)
        counts = (
            "SELECT (SELECT count(*) FROM message),"
            " (SELECT sum(version) FROM state WHERE kind = 'conversation')"
        )
        before = await outside.rows(counts)
        answer = await say(rig, post(), BLOCKED, actor=BY_AGENT)
        assert (answer.code, answer.field) == ("message_blocked", "text")
        words = [BLOCKED[hit.start : hit.end] for hit in answer.hits]
        assert words == ["加我微信", "微信 shop_888", "给个好评"]
        assert "cn/gate/messenger@2024-01-01" in answer.detail
        assert await outside.rows(counts) == before
        assert (await say(rig, post(), "您好，马上为您处理", actor=BY_AGENT)).accepted
        await rig.assert_replays()


async def test_everybody_but_the_consumer_reads_it_masked(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(NOW)) as rig, Outside(url) as outside:
        await at_shop(rig)
        ((text, body),) = await outside.rows("SELECT text, marks FROM message")
        marks = marks_of(body)
        assert marks.masks == (Hit(HitKind.PHONE, 5, 16),)
        assert text_for(reader=consumer(1), text=text, marks=marks) == TEXT
        for reader in (BY_AGENT, ADMIN, SYSTEM):
            shown = text_for(reader=reader, text=text, marks=marks)
            assert shown == "我的电话是138****5678，请回电"
        assert text_for(reader=ADMIN, text=None, marks=marks) is None


async def test_what_is_flagged_is_listed_until_somebody_has_looked(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(NOW)) as rig:
        for number in (1, 2, 3):
            await at_shop(rig, number, desk=PLATFORM)
            answer = await say(rig, post(number, agent=None), FLAGGED, actor=ADMIN)
            assert answer.accepted

        async def page(after: flags.FlagPosition | None = None) -> Any:
            return await flags.page(rig.pool, actor=ADMIN, desks=(), after=after, limit=2)

        first = await page()
        last = first[-1]
        rest = await page(flags.FlagPosition(last.at, last.conversation, last.version))
        found = [*first, *rest]
        assert (len(first), len(rest)) == (2, 1)
        assert {one.consumer for one in found} == {party(number) for number in (1, 2, 3)}
        assert {one.kinds for one in found} == {("link",)}
        assert {one.rules for one in found} == {("cn/gate/link@2024-01-01",)}
        assert {one.author for one in found} == {ADMIN}
        review = ReviewFlags(
            consumer=party(2),
            conversation=contact(2).target().id,
            seen=1,
            outcome=ReviewOutcome.UPHELD,
            agent=AGENT,
        )
        assert (await within(rig.submit(review, actor=BY_AGENT))).accepted
        left = await page()
        assert {one.consumer for one in left} == {party(1), party(3)}
        for actor, desks in ((BY_AGENT, (SHOP,)), (consumer(1), ()), (BY_AGENT, ())):
            try:
                await flags.page(rig.pool, actor=actor, desks=desks, after=None, limit=2)
            except NotYourDesk:
                continue
            raise AssertionError(actor)
        await rig.assert_replays()


async def test_a_verdict_is_ours_and_nobody_elses(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(NOW)) as rig, Outside(url) as outside:
        await at_shop(rig)
        harmless = Verdict("1-0", (Hit(HitKind.CODE, 0, 0),))
        blocked = await say(rig, post(verdict=harmless), BLOCKED, actor=BY_AGENT)
        assert blocked.code == "message_blocked"
        said = await say(rig, post(verdict=harmless), "您好", actor=BY_AGENT)
        assert said.accepted
        assert await outside.column("SELECT marks FROM message ORDER BY version DESC LIMIT 1") == [
            None
        ]


async def test_the_same_again_gets_the_same_answer_after_the_rules_have_changed(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(NOW)) as rig:
        first = await say(rig, contact(1), TEXT, key="once", actor=consumer(1))
        assert first.accepted
        for gate in (Gate(()), _Blind()):
            rig.engine.entry = Entry(rig.codec, b"tests", partial(_same, gate))
            again = await say(rig, contact(1), TEXT, key="once", actor=consumer(1))
            assert (again.accepted, again.duplicate, again.version) == (True, True, first.version)
        other = await say(rig, contact(1), TEXT + "!", key="once", actor=consumer(1))
        assert other.code == "idempotency_key_reused"


def _same(gate: Gate) -> Gate:
    return gate


class _Blind(Gate):
    """Later rules, which find nothing in this text."""

    def __init__(self) -> None:
        super().__init__(())

    def look(self, text: str) -> Verdict | None:
        return None


async def test_five_blocked_messages_are_counted_once_each(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(NOW)) as rig, Outside(url) as outside:
        await at_shop(rig)
        for number in range(5):
            for _ in range(2):
                answer = await say(rig, post(), BLOCKED, actor=BY_AGENT, key=f"blocked/{number}")
                assert answer.code == "message_blocked"
        await within(rig.engine.writers.drained())
        stored = (await rig.store.load([agent_ref(AGENT)]))[AGENT].state
        assert (stored.blocks, stored.blocks_since) == (5, NOW)
        topics = "SELECT topic FROM outbox WHERE topic LIKE 'agent.%'"
        assert await outside.column(topics) == ["agent.blocks_repeated"]
        await rig.assert_replays()


async def test_what_nobody_said_as_an_agent_is_not_counted(url: str) -> None:
    async with engine_on(url, clock=SimulatedClock(NOW)) as rig:
        await at_shop(rig)
        answer = await say(rig, post(agent=None), "弄死你", actor=ADMIN)
        assert answer.code == "message_blocked"
        await within(rig.engine.writers.drained())
        assert (await rig.store.load([agent_ref(AGENT)]))[AGENT].state.blocks == 0
