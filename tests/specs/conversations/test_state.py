"""What a conversation's state is like: small at its worst, and always decodable."""

from datetime import timedelta
from typing import get_args
from uuid import UUID

import msgspec
import pytest

from oncedesk.domain.conversations import DECIDER
from oncedesk.domain.conversations.messages import (
    ClosingReason,
    ConversationCommand,
    ConversationEvent,
    Left,
    MessagePosted,
    Origin,
    RatingReason,
    ReferralMode,
    Side,
)
from oncedesk.domain.conversations.state import (
    BREACHES_KEPT_MAX,
    CASES_LIVE_MAX,
    CLOSED_KEPT_MAX,
    LEFT_KEPT_MAX,
    NAMED_KEPT_MAX,
    Breach,
    Case,
    Clock,
    ClosedCase,
    Conversation,
    LastRated,
    Named,
    Referral,
    check,
)
from oncedesk.domain.conversations.subjects import Subject, SubjectKind
from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.shared.refs import Desk, DeskKind
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.rules.storing import pack_hash
from tests.specs.conversations.world import at_work
from tests.support.specs import START, STATE_BYTES_MAX, size_of, through_bytes

SOMEBODY = UUID(int=2**128 - 1)
SOME_TIME = START + timedelta(microseconds=1)
SOME_DESK = Desk(DeskKind.MERCHANT, SOMEBODY)
LONGEST = "i" * 32
PACK_HASH = pack_hash(b"a pack")
LONG_REASONS = (RatingReason.UNCLEAR, RatingReason.HAD_TO_REPEAT, RatingReason.NOT_SOLVED)


def fullest_clock(kind: ClockKind, side: Side) -> Clock:
    return Clock(kind, side, SOME_TIME, SOME_TIME - timedelta(1), 11, 2)


def fullest_case(number: int) -> Case:
    first, resolution = ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION
    return Case(
        number=number,
        issue=LONGEST,
        origin=Origin.CONTACT,
        language="l" * 16,
        opened_at=SOME_TIME,
        owner=SOME_DESK,
        clocks=(
            fullest_clock(first, Side.CONSUMER),
            fullest_clock(first, Side.DESK),
            fullest_clock(resolution, Side.CONSUMER),
            fullest_clock(resolution, Side.DESK),
            fullest_clock(ClockKind.FOLLOW_UP, Side.DESK),
            fullest_clock(ClockKind.NEXT_RESPONSE, Side.REFERRAL),
        ),
        agent=SOMEBODY,
        pauses=2,
        referral=Referral(SOME_DESK, SOME_DESK, ReferralMode.HAND_OVER, SOMEBODY, SOMEBODY),
        contacts=1_000,
        failed=True,
        answered=True,
        call_back=True,
        last_at=SOME_TIME,
        reopens=1_000,
        score=5,
    )


def test_stays_under_its_bound_at_its_worst() -> None:
    worst = Conversation(
        consumer=SOMEBODY,
        subject=Subject(SubjectKind.ORDER, SOMEBODY, 1_000),
        market="m" * 16,
        opened_at=SOME_TIME,
        merchant=SOMEBODY,
        creator=SOMEBODY,
        last_case=100_000,
        cases=tuple(fullest_case(99_000 + number) for number in range(CASES_LIVE_MAX)),
        closed=tuple(
            ClosedCase(
                98_000, LONGEST, ClosingReason.DECIDED_BY_RULE, SOME_TIME, SOME_TIME, 5, True
            )
            for _ in range(CLOSED_KEPT_MAX)
        ),
        closed_earlier=100_000 - CASES_LIVE_MAX - CLOSED_KEPT_MAX,
        packs=tuple(PACK_HASH for _ in range(CASES_LIVE_MAX)),
        breaches=tuple(Breach(SOMEBODY, LONGEST, 99_000) for _ in range(BREACHES_KEPT_MAX)),
        rated=LastRated(99_000, SOME_TIME, LONG_REASONS),
        left=tuple(Left(99_000, SOME_DESK, 10**7) for _ in range(LEFT_KEPT_MAX)),
    )
    # A promise is of an order, and whose a case is stands with each where there is none.
    named = tuple(Named(99_000 + number, SOMEBODY, SOMEBODY) for number in range(NAMED_KEPT_MAX))
    about_none = msgspec.structs.replace(worst, breaches=(), named=named)
    for state in (worst, about_none):
        check(state)
        assert size_of(state) < STATE_BYTES_MAX


def test_is_small_as_a_rule() -> None:
    assert size_of(at_work().state) < 500


def test_names_every_command_and_event_by_its_own_tag() -> None:
    for union in (ConversationCommand, ConversationEvent):
        kinds = [kind for kind in get_args(union) if kind is not Wake]
        assert all(kind.__struct_config__.tag == kind.__name__ for kind in kinds)
        assert all(kind.__struct_config__.frozen for kind in kinds)
        assert all(kind.__struct_config__.omit_defaults for kind in kinds)
    assert "text" not in MessagePosted.__struct_fields__


@pytest.mark.parametrize("kind", get_args(ConversationEvent))
def test_carries_its_time_in_every_event(kind: type[msgspec.Struct]) -> None:
    assert "at" in kind.__struct_fields__


def test_replays_to_the_same_state() -> None:
    spec = at_work().answered().resolved().wake_when_due().says()
    assert spec.replayed() == spec.state
    assert through_bytes(spec.state, DECIDER.state) == spec.state
