"""What the simulation found once, kept as the shortest story that shows it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.conversations import DECIDER
from oncedesk.domain.conversations.messages import (
    Origin,
    ReferralMode,
    ReturnToQueue,
    RoutedTo,
    Side,
    UnassignReason,
)
from oncedesk.domain.conversations.state import Case, Clock, Conversation, Referral
from oncedesk.domain.conversations.subjects import NOTHING
from oncedesk.domain.shared.decider import SYSTEM, Facts
from oncedesk.domain.shared.gate.looking import Gate
from oncedesk.domain.shared.ids import derived_id
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, conversation_ref
from oncedesk.domain.shared.rulepack import ClockKind
from oncedesk.engine.codec import Codec
from oncedesk.engine.entry import Entry
from oncedesk.engine.ports import Decided, StateWrite, Stored
from oncedesk.storage.rows import by_kind
from oncedesk.storage.views import inbox
from tests.support.engines import party

AT = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
CONSUMER, AGENT = party(1), party(2)


def test_an_agent_who_leaves_when_a_case_is_merged_away_returns_nothing() -> None:
    """The agent's shift ended while somebody merged the case: the reaction found it gone."""
    state = Conversation(
        consumer=CONSUMER,
        subject=NOTHING,
        market="cn",
        opened_at=AT,
        last_case=1,
        closed_earlier=1,
    )
    command = ReturnToQueue(
        consumer=CONSUMER,
        conversation=derived_id("c"),
        case=1,
        agent=AGENT,
        reason=UnassignReason.SHIFT_END,
    )
    packs: Any = None
    facts = Facts(now=AT, command_id=UUID(int=1), actor=SYSTEM, packs=packs, states={})

    assert DECIDER.decide(state, command, facts) == []


def test_a_desk_that_was_asked_and_now_owns_the_case_is_not_asked_any_more() -> None:
    """Asked about it first, then given it: the row of the question stayed beside the case's."""
    shop = Desk(DeskKind.MERCHANT, party(3))
    clock = Clock(ClockKind.RESOLUTION, Side.CONSUMER, AT, None, 0)
    asked = Case(
        number=1,
        issue="other",
        origin=Origin.CONTACT,
        language="zh",
        opened_at=AT,
        owner=PLATFORM,
        clocks=(clock,),
        referral=Referral(shop, PLATFORM, ReferralMode.STAY, UUID(int=1)),
    )
    given = replace(asked, owner=shop, referral=None)
    ref = conversation_ref(consumer=CONSUMER, conversation=derived_id("c"))
    before, after = (
        Conversation(
            consumer=CONSUMER,
            subject=NOTHING,
            market="cn",
            opened_at=AT,
            last_case=1,
            cases=(case,),
            packs=("p",),
        )
        for case in (asked, given)
    )
    routed = RoutedTo(case=1, at=AT, desk=shop, skill="orders", language="zh", priority=5, pack="p")
    command = ReturnToQueue(consumer=CONSUMER, conversation=ref.id, case=1)
    submission = Entry(Codec([DECIDER]), b"", lambda: Gate(())).system(
        command, actor=SYSTEM, number="1"
    )
    write = StateWrite(
        ref=ref,
        before=Stored(version=1, at=AT, wake=AT, state=before),
        after=after,
        version=2,
        at=AT,
        decided_at=AT,
        wake=AT,
        is_open=True,
        body=b"",
        decided=[Decided(submission, 2, AT, [routed], [], "p", [])],
        reactions=[],
        outbox=[],
        done=[],
    )

    removed, entered, *others = inbox.rows(by_kind([write]))

    assert removed is not None
    assert sorted(removed.columns[3]) == sorted([str(PLATFORM), str(shop)])
    assert entered is not None
    assert (entered.count, others) == (1, [None, None])
