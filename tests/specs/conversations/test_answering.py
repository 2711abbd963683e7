"""Desks speak: what counts as an answer, and who may say it."""

from typing import Any
from uuid import UUID

import pytest

from oncedesk.domain.conversations.messages import (
    Audience,
    CaseStatus,
    ClocksStopped,
    MessagePosted,
    ObligationMissed,
    PostMessage,
    ReferCase,
    ReferralMode,
    Side,
    Stopped,
    StopReason,
)
from oncedesk.domain.shared.decider import SYSTEM, Actor, Role
from oncedesk.domain.shared.rulepack import ClockKind
from tests.specs.conversations.world import (
    BY_CONSUMER,
    BY_PLATFORM,
    BY_SHOP,
    CREATOR_AGENT,
    PLATFORM_AGENT,
    ROOM,
    SHOP,
    SHOP_AGENT,
    SHOP_COLLEAGUE,
    TEXT,
    TEXTED,
    about,
    at_work,
    opened,
)
from tests.support.specs import after


def test_answers_what_was_owed_and_keeps_the_clock_of_the_resolution() -> None:
    now = after(hours=1)
    spec = at_work().at(now).answered()
    spec.then(
        MessagePosted(case=1, at=now, audience=Audience.CONSUMER, author=BY_SHOP, digest=TEXT),
        ClocksStopped(
            case=1,
            at=now,
            clocks=(
                Stopped(ClockKind.FIRST_RESPONSE, Side.CONSUMER),
                Stopped(ClockKind.FIRST_RESPONSE, Side.DESK),
            ),
            reason=StopReason.ANSWERED,
        ),
    )
    assert [(one.kind, one.side) for one in spec.case().clocks] == [
        (ClockKind.RESOLUTION, Side.CONSUMER),
        (ClockKind.RESOLUTION, Side.DESK),
    ]


def test_says_more_without_stopping_anything() -> None:
    at_work().answered().answered().then_only(MessagePosted)


def test_records_an_answer_that_came_just_too_late() -> None:
    spec = at_work().at(after(hours=4)).answered()
    assert spec.event(ObligationMissed) == ObligationMissed(
        case=1,
        at=after(hours=4),
        desk=SHOP,
        clock=ClockKind.FIRST_RESPONSE,
        due_at=after(hours=4),
    )
    stopped = spec.event(ClocksStopped).clocks
    assert [(one.side, one.met) for one in stopped] == [(Side.CONSUMER, True), (Side.DESK, False)]


@pytest.mark.parametrize("by", [SYSTEM, BY_SHOP])
def test_stops_no_clock_by_an_automatic_reply(by: Actor) -> None:
    spec = at_work()
    post = about(
        PostMessage, agent=SHOP_AGENT, audience=Audience.CONSUMER, automatic=True, **TEXTED
    )
    spec.when(post, by=by).then_only(MessagePosted)
    assert spec.event(MessagePosted).automatic
    assert not spec.case().answered
    assert spec.case().agent == SHOP_AGENT


def test_takes_what_the_system_says_for_automatic() -> None:
    spec = at_work().when(about(PostMessage, audience=Audience.CONSUMER, **TEXTED))
    assert spec.event(MessagePosted).automatic
    assert not spec.case().answered


@pytest.mark.parametrize("audience", [Audience.DESKS, Audience.INTERNAL])
def test_stops_no_clock_by_what_the_consumer_does_not_see(audience: Audience) -> None:
    spec = at_work().does(PostMessage, audience=audience, **TEXTED).then_only(MessagePosted)
    assert not spec.case().answered


def test_lets_a_colleague_answer() -> None:
    spec = at_work().answered(agent=SHOP_COLLEAGUE)
    assert spec.case().answered
    assert spec.case().agent == SHOP_AGENT


def test_lets_an_admin_answer() -> None:
    post = about(PostMessage, audience=Audience.CONSUMER, **TEXTED)
    assert at_work().when(post, by=Actor(Role.ADMIN)).case().answered


def test_refuses_the_answer_of_another_desk() -> None:
    at_work().answered(agent=CREATOR_AGENT).then_refused("not_allowed")
    at_work().answered(agent=PLATFORM_AGENT).then_refused("not_allowed")


def test_refuses_an_agent_who_speaks_in_anothers_name() -> None:
    post = about(PostMessage, agent=SHOP_AGENT, audience=Audience.CONSUMER, **TEXTED)
    at_work().when(post, by=BY_PLATFORM).then_refused("not_allowed")


def test_refuses_an_agent_who_left_the_desk() -> None:
    spec = opened()
    del spec.world[SHOP_AGENT]
    spec.answered().then_refused("not_allowed")


def test_refuses_a_consumer_who_speaks_as_a_desk() -> None:
    post = about(PostMessage, audience=Audience.CONSUMER, **TEXTED)
    at_work().when(post, by=BY_CONSUMER).then_refused("not_allowed")


def test_lets_the_platform_talk_to_the_desk_but_not_for_it() -> None:
    spec = at_work().does(PostMessage, agent=PLATFORM_AGENT, audience=Audience.DESKS, **TEXTED)
    spec.then_only(MessagePosted)


def test_lets_a_referred_desk_talk_to_the_desk_but_not_to_the_consumer() -> None:
    spec = at_work().does(ReferCase, desk=ROOM, mode=ReferralMode.STAY, **TEXTED)
    spec.does(PostMessage, agent=CREATOR_AGENT, audience=Audience.DESKS, **TEXTED)
    spec.then_only(MessagePosted)
    spec.does(PostMessage, agent=CREATOR_AGENT, audience=Audience.CONSUMER, **TEXTED)
    spec.then_refused("not_allowed")


def test_refuses_an_empty_or_endless_message() -> None:
    said: dict[str, Any] = {"audience": Audience.CONSUMER, "digest": TEXT}
    at_work().does(PostMessage, length=0, **said).then_refused("message_empty")
    at_work().does(PostMessage, length=100_000, **said).then_refused("message_too_long")


def test_does_not_reopen_by_what_a_desk_says() -> None:
    spec = at_work().resolved().answered()
    assert spec.case().status is CaseStatus.RESOLVED


def test_refuses_to_speak_in_a_case_that_is_closed_or_never_was() -> None:
    spec = at_work().resolved().wake_when_due()
    spec.answered().then_refused("case_closed")
    spec.answered(case=2).then_refused("case_unknown")


def test_a_whisper_is_for_the_agent_who_has_the_case_and_answers_nobody() -> None:
    spec = at_work().does(
        PostMessage, agent=SHOP_COLLEAGUE, audience=Audience.INTERNAL, to=SHOP_AGENT, **TEXTED
    )
    spec.then_only(MessagePosted)
    assert spec.event(MessagePosted).to == SHOP_AGENT
    assert spec.case().responses


def test_an_admin_s_whisper_is_read_by_whom_it_is_for() -> None:
    whisper = about(PostMessage, audience=Audience.INTERNAL, to=SHOP_AGENT, **TEXTED)
    spec = at_work().when(whisper, by=Actor(Role.ADMIN))
    assert spec.event(MessagePosted).desk == SHOP


@pytest.mark.parametrize(
    ("audience", "to", "code"),
    [
        (Audience.CONSUMER, SHOP_AGENT, "whisper_not_internal"),
        (Audience.DESKS, SHOP_AGENT, "whisper_not_internal"),
        (Audience.INTERNAL, SHOP_COLLEAGUE, "not_assigned"),
    ],
)
def test_a_whisper_goes_to_nobody_else(audience: Audience, to: UUID, code: str) -> None:
    spec = at_work()
    spec.does(PostMessage, agent=SHOP_COLLEAGUE, audience=audience, to=to, **TEXTED)
    spec.then_refused(code)
