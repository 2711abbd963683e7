"""Telephone notes, cards and mentions."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from oncedesk.domain.conversations.messages import (
    AskConsumer,
    Audience,
    CallDirection,
    Card,
    CardKind,
    CaseStatus,
    Channel,
    ClocksStopped,
    ClockStarted,
    ClosingReason,
    ContactKind,
    ContactReceived,
    FollowUp,
    MessagePosted,
    NoteCall,
    PhoneCall,
    PostMessage,
    ReferCase,
    ReferralMode,
    ResolveCase,
    Side,
)
from oncedesk.domain.conversations.outcomes import outcomes
from oncedesk.domain.shared.ids import digest
from oncedesk.domain.shared.refs import PLATFORM
from tests.specs.conversations.world import (
    CREATOR_AGENT,
    ORDER,
    PLATFORM_AGENT,
    ROOM,
    SHOP,
    SHOP_AGENT,
    SHOP_COLLEAGUE,
    TEXTED,
    AgentView,
    Talk,
    at_work,
    talk,
)
from tests.support.specs import after

OUTBOUND = PhoneCall(CallDirection.OUTBOUND, "138****5678", 120)
INBOUND = replace(OUTBOUND, direction=CallDirection.INBOUND)
NOTHING: dict[str, Any] = {"digest": digest(b""), "length": 0}


def calls(spec: Talk, call: PhoneCall, agent: UUID = SHOP_AGENT, **more: Any) -> Talk:
    said: dict[str, Any] = {"audience": Audience.DESKS, **TEXTED, **more}
    spec.does(NoteCall, agent=agent, case=1, call=call, **said)
    return spec


def test_speaking_with_the_consumer_is_the_answer_that_was_owed() -> None:
    spec = calls(talk().says(issue="refund"), OUTBOUND)
    assert spec.event(MessagePosted).call == OUTBOUND
    assert len(spec.event(ClocksStopped).clocks) == 2
    assert spec.state.case(1).answered
    assert not spec.state.case(1).responses
    assert not spec.state.case(1).failed


def test_nobody_reached_is_no_answer() -> None:
    spec = calls(talk().says(issue="refund"), replace(OUTBOUND, seconds=0))
    spec.then_only(MessagePosted)
    assert not spec.state.case(1).answered


def test_a_call_of_theirs_that_reached_nobody_has_to_be_answered() -> None:
    missed = replace(INBOUND, seconds=0)
    spec = calls(talk().says(issue="refund").answered().at(after(hours=1)), missed)
    assert {clock.side for clock in spec.case().responses} == {Side.CONSUMER, Side.DESK}
    assert spec.case().priority == 1
    # Its clocks run already when they ring again.
    assert not calls(spec, missed).events(ClockStarted)


def test_a_call_of_theirs_that_reached_nobody_wakes_the_case_that_rests_or_waits() -> None:
    missed = replace(INBOUND, seconds=0)
    rests = at_work().answered().does(FollowUp, at=after(hours=30))
    calls(rests, missed)
    assert rests.case().status is CaseStatus.QUEUED
    assert len(rests.case().responses) == 2
    waits = at_work().does(AskConsumer, **TEXTED)
    calls(waits, missed)
    assert waits.case().status is CaseStatus.ASSIGNED
    assert len(waits.case().responses) == 2


def test_figures_count_the_call_as_the_first_word_if_anybody_was_reached() -> None:
    spec = talk().says(issue="refund").at(after(hours=1))
    calls(spec, replace(OUTBOUND, seconds=0)).at(after(hours=2))
    calls(spec, OUTBOUND).at(after(hours=3)).answered().resolved()
    (found,) = outcomes(spec.journal)
    assert (found.answered_at, found.answered_in_time) == (after(hours=2), True)


def test_a_call_of_theirs_is_a_contact_past_our_help() -> None:
    spec = calls(talk().says(issue="refund"), INBOUND)
    contact = spec.event(ContactReceived)
    assert (contact.kind, contact.channel, contact.number) == (
        ContactKind.OUTSIDE,
        Channel.PHONE,
        2,
    )
    assert spec.state.case(1).failed
    assert spec.state.case(1).outside is Channel.PHONE
    # They ring again at once: it is the same contact.
    assert not calls(spec, INBOUND).events(ContactReceived)


def test_only_whoever_works_on_the_case_notes_a_call() -> None:
    for agent in (CREATOR_AGENT, PLATFORM_AGENT):
        calls(talk().says(issue="refund"), OUTBOUND, agent).then_refused("not_allowed")
    consumers = calls(talk().says(issue="refund"), OUTBOUND, audience=Audience.CONSUMER)
    consumers.then_refused("call_to_consumer")
    calls(talk().says(issue="refund"), OUTBOUND, **NOTHING).then_refused("message_empty")
    over = talk().says(issue="refund")
    over.does(ResolveCase, agent=SHOP_AGENT, case=1, reason=ClosingReason.SOLVED)
    assert calls(over, OUTBOUND).answer.code == "case_resolved"  # type: ignore[union-attr]


def test_a_card_shows_the_order_of_the_conversation_and_no_other() -> None:
    spec = talk().says(issue="refund")
    shows = {"audience": Audience.CONSUMER, **NOTHING}
    card = Card(CardKind.ORDER, ORDER)
    spec.does(PostMessage, agent=SHOP_AGENT, case=1, card=card, **shows)
    assert spec.event(MessagePosted).card == card
    assert spec.state.case(1).answered
    for wrong, code in (
        (Card(CardKind.ORDER, SHOP_AGENT), "card_foreign"),
        (Card(CardKind.ORDER, ORDER, 1), "card_unclear"),
        (Card(CardKind.REMEDY, ORDER), "card_unclear"),
        (None, "message_empty"),
    ):
        spec.does(PostMessage, agent=SHOP_AGENT, case=1, card=wrong, **shows)
        spec.then_refused(code)


def test_a_note_names_colleagues_and_a_message_between_desks_all_who_are_part() -> None:
    spec = talk().says(issue="refund")
    note = {"audience": Audience.INTERNAL, **TEXTED}
    desks = {"audience": Audience.DESKS, **TEXTED}
    spec.does(PostMessage, agent=SHOP_AGENT, case=1, mentions=(SHOP_COLLEAGUE,), **note)
    assert spec.event(MessagePosted).mentions == (SHOP_COLLEAGUE,)
    spec.does(PostMessage, agent=SHOP_AGENT, case=1, mentions=(PLATFORM_AGENT,), **desks)
    assert spec.event(MessagePosted).mentions == (PLATFORM_AGENT,)
    for said, named in (
        (note, PLATFORM_AGENT),
        (note, CREATOR_AGENT),
        (desks, CREATOR_AGENT),
        (note, ORDER),
        ({"audience": Audience.CONSUMER, **TEXTED}, SHOP_COLLEAGUE),
    ):
        spec.does(PostMessage, agent=SHOP_AGENT, case=1, mentions=(named,), **said)
        spec.then_refused("mention_unknown")


def test_a_note_is_of_the_desk_that_has_the_case_else_of_the_asked_one_else_the_platforms() -> None:
    spec = talk().says(issue="refund")
    refers = {"desk": ROOM, "mode": ReferralMode.STAY}
    spec.does(ReferCase, agent=SHOP_AGENT, case=1, **refers, **TEXTED)
    note = {"agent": PLATFORM_AGENT, "case": 1, "audience": Audience.INTERNAL, **TEXTED}
    for desks, desk, colleague, other in (
        ((PLATFORM, ROOM, SHOP), SHOP, SHOP_AGENT, CREATOR_AGENT),
        ((PLATFORM, ROOM), ROOM, CREATOR_AGENT, SHOP_AGENT),
        ((PLATFORM,), PLATFORM, PLATFORM_AGENT, SHOP_AGENT),
    ):
        spec.world[PLATFORM_AGENT] = AgentView(desks)
        spec.does(PostMessage, mentions=(colleague,), **note)
        assert spec.event(MessagePosted).desk == desk
        spec.does(PostMessage, mentions=(other,), **note).then_refused("mention_unknown")
    spec.does(PostMessage, **{**note, "audience": Audience.DESKS})
    assert spec.event(MessagePosted).desk is None


def test_whoever_has_the_case_names_colleagues_too() -> None:
    spec = talk().says(issue="refund").assigned(agent=SHOP_AGENT)
    spec.does(
        PostMessage,
        agent=SHOP_AGENT,
        case=1,
        audience=Audience.INTERNAL,
        mentions=(SHOP_COLLEAGUE,),
        **TEXTED,
    )
    assert spec.event(MessagePosted).mentions == (SHOP_COLLEAGUE,)


def test_the_desk_that_was_asked_can_be_named() -> None:
    spec = talk().says(issue="refund")
    spec.does(ReferCase, agent=SHOP_AGENT, case=1, desk=PLATFORM, mode=ReferralMode.STAY, **TEXTED)
    desks = {"audience": Audience.DESKS, **TEXTED}
    spec.does(PostMessage, agent=PLATFORM_AGENT, case=1, mentions=(SHOP_AGENT,), **desks)
    assert spec.event(MessagePosted).mentions == (SHOP_AGENT,)
