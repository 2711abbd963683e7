"""Whether an agent sees a consumer's data in clear, for how long, and when an alarm is raised."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.agents.messages import (
    BlockNoted,
    BlocksRepeated,
    DeskJoined,
    DeskRole,
    LiftRevealAlarm,
    NoteBlocked,
    RequestReveal,
    RevealAlarmLifted,
    RevealAlarmRaised,
    RevealField,
    RevealGranted,
    RevealReason,
)
from oncedesk.domain.agents.state import evolve
from oncedesk.domain.shared.decider import SYSTEM, Actor, Role
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, remedies_ref
from oncedesk.domain.shared.rulepack import RevealRule
from tests.support.given import START, Given, after, small_pack
from tests.support.people import AGENT, CONSUMER, conversation, working

MERCHANT, ORDER, BOSS = UUID(int=30), UUID(int=31), UUID(int=32)
SHOP = Desk(DeskKind.MERCHANT, MERCHANT)
BY_AGENT, BY_BOSS, BY_ADMIN = (
    Actor(Role.AGENT, AGENT),
    Actor(Role.AGENT, BOSS),
    Actor(Role.ADMIN, BOSS),
)
PACK = replace(small_pack(), reveal=RevealRule("cn/reveal", 10, 3, 5, "address"))


@dataclass(frozen=True)
class PartView:
    number: int
    merchant: UUID


@dataclass(frozen=True)
class OrderView:
    placed: bool = True
    consumer: UUID = CONSUMER
    parts: tuple[PartView, ...] = (PartView(1, MERCHANT),)
    creator: UUID | None = None
    sent: bool = False

    def sends(self, merchant: UUID) -> bool:
        return not self.sent and any(part.merchant == merchant for part in self.parts)


@dataclass(frozen=True)
class RemediesView:
    consumer: UUID = CONSUMER
    merchant: UUID = MERCHANT

    def moves(self, merchant: UUID) -> bool:
        return merchant == self.merchant


BOOKS = remedies_ref(consumer=CONSUMER, order=ORDER).id


def asks(spec: Given, *, now: datetime = START, states: Any = None, **changes: Any) -> Given:
    values: dict[str, Any] = {
        "field": RevealField.PHONE,
        "reason": RevealReason.CALL_BACK,
        "desk": PLATFORM,
        **changes,
    }
    command = RequestReveal(agent=AGENT, consumer=CONSUMER, market="cn", **values)
    return spec.when(command, now=now, pack=PACK, by=BY_AGENT, states=states)


def seller() -> Given:
    joined = DeskJoined(agent=AGENT, at=START, desk=SHOP, role=DeskRole.AGENT, starts_at=START)
    return working(joined)


def test_the_platforms_agent_sees_it_for_the_packs_minutes() -> None:
    asks(working(), conversation=conversation(1), case=1).then(
        RevealGranted(
            agent=AGENT,
            at=START,
            consumer=CONSUMER,
            field=RevealField.PHONE,
            reason=RevealReason.CALL_BACK,
            desk=PLATFORM,
            until=after(minutes=10),
            rule="cn/reveal",
            conversation=conversation(1),
            case=1,
        )
    )


def test_one_too_many_raises_the_alarm_and_then_nothing_is_shown() -> None:
    spec = working()
    for minute in range(3):
        asks(spec, now=after(minutes=minute)).then_only(RevealGranted)
    asks(spec, now=after(minutes=59)).then_only(RevealGranted, RevealAlarmRaised)
    assert (spec.answer[1].count, spec.answer[1].seconds) == (4, 3_600)
    asks(spec, now=after(hours=30)).refused("reveal_suspended")


def test_an_hour_slides() -> None:
    spec = working()
    for minute in (0, 40, 50, 60, 101, 111):
        asks(spec, now=after(minutes=minute))
    assert not spec.state.reveal_alarm or minute == 111
    asks(spec, now=after(hours=40)).refused("reveal_suspended")


def test_a_day_has_its_own_limit() -> None:
    spec = working()
    for hour in range(0, 10, 2):
        asks(spec, now=after(hours=hour)).then_only(RevealGranted)
    asks(spec, now=after(hours=23)).then_only(RevealGranted, RevealAlarmRaised)
    assert (spec.answer[1].count, spec.answer[1].seconds) == (6, 86_400)


def test_what_is_over_a_day_ago_does_not_count() -> None:
    spec = working()
    for hour in range(0, 24 * 7, 5):
        asks(spec, now=after(hours=hour)).then_only(RevealGranted)
    assert len(spec.state.reveals) == 5


@pytest.mark.parametrize(
    ("changes", "states"),
    [
        ({}, {ORDER: OrderView()}),
        ({"order": None}, {}),
        ({}, {}),
        ({"field": RevealField.PHONE}, {ORDER: OrderView()}),
        ({"field": RevealField.MESSAGES}, {ORDER: OrderView()}),
        ({}, {ORDER: OrderView(consumer=BOSS)}),
        ({}, {ORDER: OrderView(parts=(PartView(1, BOSS),))}),
        ({}, {ORDER: OrderView(sent=True)}),
        ({}, {ORDER: OrderView(sent=True), BOOKS: RemediesView(consumer=BOSS)}),
        ({}, {ORDER: OrderView(sent=True), BOOKS: RemediesView(merchant=BOSS)}),
        ({}, {BOOKS: RemediesView()}),
        ({"desk": Desk(DeskKind.MERCHANT, BOSS)}, {ORDER: OrderView()}),
        ({"desk": Desk(DeskKind.CREATOR, MERCHANT)}, {ORDER: OrderView()}),
    ],
)
def test_a_merchant_sees_what_it_takes_to_send_their_own_order(changes: Any, states: Any) -> None:
    values = {"desk": SHOP, "field": RevealField.ADDRESS, "order": ORDER, **changes}
    spec = asks(seller(), states=states, **values)
    if changes or states != {ORDER: OrderView()}:
        spec.refused("not_allowed")
        assert spec.state.reveals == ()
    else:
        spec.then_only(RevealGranted)


def test_a_merchant_sees_what_it_takes_to_fetch_or_replace_it() -> None:
    moving = {ORDER: OrderView(sent=True), BOOKS: RemediesView()}
    asks(seller(), states=moving, desk=SHOP, field=RevealField.ADDRESS, order=ORDER).then_only(
        RevealGranted
    )


def test_messages_are_revealed_by_conversation() -> None:
    asks(working(), field=RevealField.MESSAGES).refused("conversation_missing")
    asks(working(), field=RevealField.MESSAGES, conversation=conversation(1)).then_only(
        RevealGranted
    )


def test_an_admin_needs_no_desk_but_is_known_by_name() -> None:
    command = RequestReveal(
        agent=AGENT,
        consumer=CONSUMER,
        market="cn",
        field=RevealField.NAME,
        reason=RevealReason.LEGAL,
        desk=PLATFORM,
    )
    outsider = seller().when(command, now=START, pack=PACK, by=BY_AGENT)
    assert outsider.answer, "the agent belongs to the platform, too"
    spec = working().when(command, now=START, pack=PACK, by=Actor(Role.ADMIN, AGENT))
    spec.then_only(RevealGranted)


def alarmed() -> Given:
    spec = working()
    for _ in range(4):
        asks(spec)
    assert spec.state.reveal_alarm
    return spec


def supervisor(role: DeskRole = DeskRole.SUPERVISOR, desk: Desk = PLATFORM) -> Any:
    joined = DeskJoined(agent=BOSS, at=START, desk=desk, role=role, starts_at=START)
    return evolve(replace(working().state, agent=BOSS, memberships=()), joined)


def test_a_supervisor_or_an_admin_lifts_it_and_the_count_begins_anew() -> None:
    for actor, by, states in (
        (BY_ADMIN, None, {}),
        (BY_BOSS, BOSS, {BOSS: supervisor()}),
    ):
        spec = alarmed()
        lift = LiftRevealAlarm(agent=AGENT, by=by)
        spec.when(lift, now=after(hours=1), by=actor, states=states).then(
            RevealAlarmLifted(agent=AGENT, at=after(hours=1), by=actor)
        )
        asks(spec, now=after(hours=1)).then_only(RevealGranted)
        assert len(spec.state.reveals) == 1


@pytest.mark.parametrize(
    ("actor", "by", "states"),
    [
        (BY_AGENT, AGENT, {AGENT: supervisor()}),
        (Actor(Role.ADMIN, AGENT), None, {}),
        (BY_BOSS, BOSS, {}),
        (BY_BOSS, BOSS, {BOSS: supervisor(DeskRole.AGENT)}),
        (BY_BOSS, BOSS, {BOSS: supervisor(desk=SHOP)}),
        (BY_BOSS, AGENT, {AGENT: supervisor()}),
        (SYSTEM, None, {}),
    ],
)
def test_nobody_else_lifts_it_and_nobody_their_own(actor: Any, by: Any, states: Any) -> None:
    spec = alarmed().when(LiftRevealAlarm(agent=AGENT, by=by), now=START, by=actor, states=states)
    spec.refused("not_allowed")
    assert spec.state.reveal_alarm


def test_lifting_what_was_not_raised_changes_nothing() -> None:
    working().when(LiftRevealAlarm(agent=AGENT), now=START, by=BY_ADMIN).then_nothing()


def test_the_fifth_message_kept_back_within_a_day_is_told_once() -> None:
    spec = working()
    for minute in range(7):
        spec.when(NoteBlocked(agent=AGENT, message=ORDER), now=after(minutes=minute))
        kinds = [BlockNoted, BlocksRepeated] if minute == 4 else [BlockNoted]
        spec.then_only(*kinds)
    assert spec.state.blocks == 7
    spec.when(NoteBlocked(agent=AGENT, message=ORDER), now=START + timedelta(days=1))
    spec.then(BlockNoted(agent=AGENT, at=after(hours=24), since=after(hours=24), count=1))
