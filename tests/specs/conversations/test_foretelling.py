"""What a list says will happen by itself is what then happens."""

from datetime import timedelta
from typing import Any

from oncedesk.domain.conversations.foretelling import Foreseen, foretell
from oncedesk.domain.conversations.messages import (
    ClosingReason,
    Decided,
    FollowUp,
    Notice,
    ReferCase,
    ReferralEnded,
    ReferralMode,
    ReferralOutcome,
    ResolveCase,
    Side,
    TakenOver,
)
from oncedesk.domain.shared.refs import PLATFORM, DeskKind, conversation_ref
from oncedesk.domain.shared.rulepack import ClockKind, Expiry
from oncedesk.http.shapes.help import HelpCase, help_conversation
from oncedesk.storage.views.cases import SeenConversation
from tests.specs.conversations.test_remedies import noted
from tests.specs.conversations.world import (
    CONSUMER,
    CONVERSATION,
    HOUR,
    ROOM,
    SHOP,
    SHOP_AGENT,
    TEXTED,
    talk,
    with_clock,
)


def test_silence_of_a_merchant_decides_what_was_told() -> None:
    spec = talk().says(issue="refund")
    case = spec.state.case(1)
    assert case is not None
    found = foretell(state=spec.state, case=case, packs=spec.packs)
    assert found is not None
    assert found.desk == SHOP
    assert found.due_at == case.due_at
    assert (found.then, found.decision) == (Foreseen.DECIDED, "refund_granted")
    spec.wake(found.due_at)
    assert spec.event(Decided).decision == "refund_granted"


def test_of_two_clocks_that_run_out_together_the_take_over_is_told() -> None:
    patient = with_clock(None, ClockKind.FIRST_RESPONSE, on_expiry=Expiry.REMIND, seconds=4 * HOUR)
    spec = talk().publish(patient).says(issue="quality")
    case = spec.state.case(1)
    assert case is not None
    assert [clock.due_at for clock in case.clocks].count(case.due_at) == 2
    found = foretell(state=spec.state, case=case, packs=spec.packs)
    assert found is not None
    assert (found.then, found.desk) == (Foreseen.TAKEN_OVER, SHOP)
    spec.wake(found.due_at)
    assert spec.event(TakenOver).clock is ClockKind.FIRST_RESPONSE


def test_a_rest_ends_by_itself() -> None:
    spec = talk().says(issue="advice")
    spec.does(FollowUp, agent=SHOP_AGENT, case=1, at=spec.now + timedelta(minutes=1))
    case = spec.state.case(1)
    found = foretell(state=spec.state, case=case, packs=spec.packs)
    assert found is not None
    assert (found.then, found.desk) == (Foreseen.LOOKED_AT_AGAIN, SHOP)


def test_a_desk_that_was_asked_is_named() -> None:
    spec = talk().says(issue="refund")
    spec.does(ReferCase, agent=SHOP_AGENT, case=1, desk=PLATFORM, mode=ReferralMode.STAY, **TEXTED)
    case = spec.state.case(1)
    assert case is not None
    assert case.referral is not None
    found = foretell(state=spec.state, case=case, packs=spec.packs)
    assert found is not None
    assert found.desk in (SHOP, PLATFORM)


def test_a_question_that_a_rule_would_decide_lapses_where_a_remedy_was_asked_for() -> None:
    soon: Any = {"seconds": 60, "on_expiry": Expiry.DECIDE}
    deciding = with_clock(DeskKind.CREATOR, ClockKind.NEXT_RESPONSE, **soon)
    spec = noted(talk().publish(deciding).says(issue="quality"), notice=Notice.REMEDY_ASKED)
    spec.does(ReferCase, desk=ROOM, mode=ReferralMode.STAY, **TEXTED)
    found = foretell(state=spec.state, case=spec.case(), packs=spec.packs)
    assert found is not None
    assert (found.side, found.then) == (Side.REFERRAL, Foreseen.REFERRAL_LAPSED)
    spec.wake(found.due_at)
    assert spec.event(ReferralEnded).outcome is ReferralOutcome.LAPSED


def test_what_desks_ask_each_other_is_not_told_to_the_consumer() -> None:
    soon = with_clock(DeskKind.CREATOR, ClockKind.NEXT_RESPONSE, seconds=60)
    spec = talk().publish(soon).says(issue="quality")

    def shown() -> HelpCase:
        ref = conversation_ref(consumer=CONSUMER, conversation=CONVERSATION)
        seen = SeenConversation(ref, 1, spec.now, spec.state, frozenset((1,)))
        (one,) = help_conversation(seen, packs=spec.known, names={}, now=spec.now).cases
        return one

    before = shown()
    assert before.next is not None
    spec.does(ReferCase, desk=ROOM, mode=ReferralMode.STAY, **TEXTED)
    assert shown() == before


def test_a_case_that_is_resolved_is_the_consumers_until_it_closes() -> None:
    spec = talk().says(issue="advice")
    spec.does(ResolveCase, agent=SHOP_AGENT, case=1, reason=ClosingReason.SOLVED)
    case = spec.state.case(1)
    assert case is not None
    found = foretell(state=spec.state, case=case, packs=spec.packs)
    assert found is not None
    assert (found.then, found.desk) == (Foreseen.CLOSED, None)
