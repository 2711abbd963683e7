"""Packs are published ahead, by an admin, with notice, and withdrawn only before they hold."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from oncedesk.domain.rulebook import DECIDER
from oncedesk.domain.rulebook.messages import (
    PackPublished,
    PackWithdrawn,
    PublishPack,
    WithdrawPack,
)
from oncedesk.domain.rulebook.state import PLANNED_MAX, PUBLICATIONS_KEPT, RulebookState
from oncedesk.domain.shared.decider import SYSTEM, Actor, Facts, Refusal, Role, Wake
from oncedesk.domain.shared.refs import Kind, rulebook_ref
from oncedesk.domain.shared.rulepack import NoticeRule, Pack
from oncedesk.rules.library import PackLibrary
from oncedesk.rules.storing import seal
from tests.support.given import COMMAND_ID, START, after, replay, small_pack

ADMIN = Actor(Role.ADMIN, COMMAND_ID)
DAY = timedelta(days=1)
NOTICE = NoticeRule(id="cn/notice@2025-01-01", days=7, major_days=15)


def pack(version: str, market: str = "cn") -> Pack:
    return seal(
        msgspec.structs.replace(small_pack(), version=version, market=market, notice=NOTICE)
    )


FIRST, SECOND, THIRD, ABROAD = pack("1"), pack("2"), pack("3"), pack("1", "eu")
LIBRARY = PackLibrary([FIRST, SECOND, THIRD, ABROAD])


def published(
    which: Pack, valid_from: datetime, *, at: datetime = START, major: bool = False, rule: str = ""
) -> PackPublished:
    return PackPublished(
        market=which.market,
        at=at,
        pack_hash=which.hash,
        version=which.version,
        valid_from=valid_from,
        announced_at=at,
        reason="agreed",
        major=major,
        rule=rule,
    )


def publish(which: Pack, valid_from: datetime, **other: Any) -> PublishPack:
    given: dict[str, Any] = {
        "market": which.market,
        "pack_hash": which.hash,
        "version": which.version,
        "announced_at": START,
        "reason": "agreed",
    }
    return PublishPack(valid_from=valid_from, **(given | other))


def decide(
    history: Sequence[Any], command: Any, now: datetime = START, actor: Actor = ADMIN
) -> Any:
    facts = Facts(now=now, command_id=COMMAND_ID, actor=actor, packs=LIBRARY.at(now), states={})
    return DECIDER.decide(replay(DECIDER, history), command, facts)


HELD = published(FIRST, START - DAY, at=START - DAY)


def test_is_one_state_a_market() -> None:
    assert publish(FIRST, START).target() == rulebook_ref("cn")
    assert publish(ABROAD, START).target() == rulebook_ref("eu")
    assert DECIDER.kind is Kind.RULEBOOK
    state = replay(DECIDER, [HELD])
    assert DECIDER.deadline(state) is None
    assert not DECIDER.is_open(state)
    assert decide([HELD], Wake(rulebook_ref("cn"))) == []


@pytest.mark.parametrize("actor", [ADMIN, SYSTEM])
@pytest.mark.parametrize("valid_from", [START - 3000 * DAY, START, START + 30 * DAY])
def test_the_first_pack_holds_from_any_day(actor: Actor, valid_from: datetime) -> None:
    assert decide([], publish(FIRST, valid_from), actor=actor) == [published(FIRST, valid_from)]


@pytest.mark.parametrize("role", [Role.CONSUMER, Role.AGENT, Role.MARKETPLACE])
def test_refuses_anybody_else(role: Role) -> None:
    for command in (
        publish(FIRST, START),
        WithdrawPack(market="cn", pack_hash=FIRST.hash, valid_from=START, reason="wrong"),
    ):
        assert decide([], command, actor=Actor(role, COMMAND_ID)).code == "not_allowed"


def test_the_next_pack_needs_notice() -> None:
    week, half_month = START + 7 * DAY, START + 15 * DAY
    assert decide([HELD], publish(SECOND, week)) == [
        published(SECOND, week, rule="cn/notice@2025-01-01")
    ]
    assert decide([HELD], publish(SECOND, half_month, major=True)) == [
        published(SECOND, half_month, major=True, rule="cn/notice@2025-01-01")
    ]


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (publish(SECOND, START + 7 * DAY - timedelta(seconds=1)), "notice_too_short", "valid_from"),
        (publish(SECOND, START + 14 * DAY, major=True), "notice_too_short", "valid_from"),
        (publish(SECOND, START - DAY / 2), "valid_from_past", "valid_from"),
        (publish(SECOND, START - DAY), "valid_from_taken", "valid_from"),
        (publish(FIRST, START + 7 * DAY), "already_in_force", "pack_hash"),
        (
            publish(SECOND, START + 9 * DAY, announced_at=START + DAY),
            "not_announced",
            "announced_at",
        ),
        (publish(SECOND, START + 9 * DAY, pack_hash="0" * 32), "pack_unknown", "pack_hash"),
        (publish(SECOND, START + 9 * DAY, version="9"), "pack_differs", "version"),
        (publish(SECOND, START + 9 * DAY, pack_hash=ABROAD.hash), "pack_differs", "market"),
        (publish(SECOND, START + 9 * DAY, reason=" "), "reason_missing", "reason"),
    ],
)
def test_refuses(command: PublishPack, code: str, field: str) -> None:
    answer = decide([HELD], command)
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.field) == (code, field)


def test_says_how_long_the_notice_is() -> None:
    answer = decide([HELD], publish(SECOND, START + DAY, major=True))
    assert answer.detail == "at least 15 days after it was announced (cn/notice@2025-01-01)"


def test_publishing_twice_is_once() -> None:
    later = published(SECOND, START + 7 * DAY)
    assert decide([HELD, later], publish(SECOND, START + 7 * DAY)) == []


def test_a_pack_may_come_back_after_another() -> None:
    second = published(SECOND, START + 7 * DAY)
    assert decide([HELD, second], publish(FIRST, START + 8 * DAY)) == [
        published(FIRST, START + 8 * DAY, rule="cn/notice@2025-01-01")
    ]


def test_no_notice_is_due_while_nothing_holds() -> None:
    planned = published(FIRST, START + 30 * DAY)
    assert decide([planned], publish(SECOND, START)) == [published(SECOND, START)]


def test_withdraws_what_does_not_hold_yet() -> None:
    planned = published(SECOND, START + 7 * DAY)
    command = WithdrawPack(
        market="cn", pack_hash=SECOND.hash, valid_from=START + 7 * DAY, reason="a mistake"
    )
    withdrawn = PackWithdrawn(
        market="cn",
        at=after(hours=1),
        pack_hash=SECOND.hash,
        valid_from=START + 7 * DAY,
        reason="a mistake",
    )
    assert decide([HELD, planned], command, after(hours=1)) == [withdrawn]
    assert replay(DECIDER, [HELD, planned, withdrawn]) == replay(DECIDER, [HELD])
    assert decide([HELD, planned], command, START + 7 * DAY).code == "already_holds"
    assert decide([HELD], command).code == "not_published"
    assert decide([], command).code == "not_published"


def test_knows_which_pack_holds_when() -> None:
    state = replay(
        DECIDER, [HELD, published(THIRD, START + 9 * DAY), published(SECOND, START + DAY)]
    )
    assert isinstance(state, RulebookState)
    assert state.holding(START - 2 * DAY) is None
    found = [state.holding(START + shift * DAY) for shift in (-1, 0, 1, 8, 9)]
    assert [one and one.version for one in found] == ["1", "1", "2", "2", "3"]
    assert [one.version for one in state.planned(START)] == ["2", "3"]


def test_keeps_the_newest_and_bounds_what_is_planned() -> None:
    history = [published(FIRST, START + shift * DAY) for shift in range(-60, PLANNED_MAX + 1)]
    state = replay(DECIDER, history)
    assert len(state.publications) == PUBLICATIONS_KEPT
    assert state.holding(START) is not None
    assert len(state.planned(START)) == PLANNED_MAX
    assert decide(history, publish(SECOND, START + 60 * DAY)).code == "planned_too_many"
