"""A broken promise opens service by itself, before the consumer asks."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from oncedesk.domain.conversations.messages import (
    AskConsumer,
    Attributed,
    BreachCorrected,
    BreachNoted,
    CaseOpened,
    CaseReopened,
    CaseResolved,
    CaseStatus,
    Channel,
    ClocksStopped,
    ClockStarted,
    ClosingReason,
    ConsumerTold,
    ContactKind,
    ContactReceived,
    ConversationOpened,
    FollowUp,
    NoteBreachCorrected,
    NoteRemedy,
    Notice,
    OpenForBreach,
    Origin,
    PartiesSeen,
    ReopenCause,
    RoutedTo,
)
from oncedesk.domain.conversations.state import CASES_LIVE_MAX, Breach
from oncedesk.domain.conversations.subjects import Subject
from oncedesk.domain.shared.decider import MARKETPLACE, SYSTEM, Actor
from oncedesk.domain.shared.refs import PLATFORM, conversation_ref
from oncedesk.http.shapes.help import HelpCase, help_conversation
from oncedesk.storage.views.cases import SeenConversation
from tests.specs.conversations.world import (
    BY_CONSUMER,
    BY_SHOP,
    CONSUMER,
    CONVERSATION,
    CREATOR,
    MERCHANT,
    ORDER,
    ORDER_PART,
    PROMISE,
    SHOP,
    SHOP_AGENT,
    TEXTED,
    at_work,
    talk,
)
from tests.support.specs import START, after


def breach(**details: Any) -> OpenForBreach:
    given: dict[str, Any] = {
        "consumer": CONSUMER,
        "subject": ORDER_PART,
        "market": "cn",
        "breach": "late_delivery",
        "promise": PROMISE,
        "due_at": after(hours=-1),
        "merchant": MERCHANT,
        "creator": CREATOR,
    }
    return OpenForBreach(**{**given, **details})


def corrected(**details: Any) -> NoteBreachCorrected:
    given: dict[str, Any] = {
        "consumer": CONSUMER,
        "subject": ORDER_PART,
        "promise": PROMISE,
        "breach": "late_delivery",
    }
    return NoteBreachCorrected(**{**given, **details})


def test_opens_a_case_with_owner_and_clocks_and_tells_the_consumer() -> None:
    spec = talk().when(breach())
    spec.then_only(
        ConversationOpened,
        CaseOpened,
        BreachNoted,
        Attributed,
        RoutedTo,
        ClockStarted,
        ClockStarted,
        ClockStarted,
        ClockStarted,
        ConsumerTold,
    )
    assert spec.event(CaseOpened).origin is Origin.BREACH
    assert spec.event(BreachNoted) == BreachNoted(
        case=1, at=START, promise=PROMISE, breach="late_delivery", due_at=after(hours=-1)
    )
    assert spec.event(ConsumerTold) == ConsumerTold(
        case=1, at=START, notice=Notice.BREACH_NOTICED, desk=SHOP, until=after(hours=4)
    )
    assert spec.case().owner == SHOP
    assert spec.case().contacts == 0


def test_promises_what_a_desk_without_anybody_can_keep() -> None:
    spec = talk().desk(SHOP, staffed=False)
    spec.desk(PLATFORM, staffed=False, staffed_from=after(hours=20)).when(breach())
    told = {one.notice: one.until for one in spec.events(ConsumerTold)}
    first_answer = after(hours=22)
    assert told == {Notice.ANSWER_BY: first_answer, Notice.BREACH_NOTICED: first_answer}


def test_opens_once_for_each_breach_of_a_promise() -> None:
    talk().when(breach()).when(breach()).then_nothing()


def test_notes_a_second_breach_of_the_same_matter_in_the_open_case() -> None:
    spec = talk().when(breach(breach="late_shipping")).when(breach())
    spec.then_only(BreachNoted)
    assert spec.state.breaches == (
        Breach(PROMISE, "late_shipping", 1),
        Breach(PROMISE, "late_delivery", 1),
    )


def test_notes_a_breach_in_the_case_that_the_consumer_opened_first() -> None:
    talk().says().when(breach()).then(
        BreachNoted(
            case=1, at=START, promise=PROMISE, breach="late_delivery", due_at=after(hours=-1)
        )
    )


@pytest.mark.parametrize("noticed", [True, False])
def test_says_of_its_case_that_it_was_noticed_also_once_that_is_over(noticed: bool) -> None:
    spec = talk().when(breach()) if noticed else talk().says().when(breach())

    def shown() -> HelpCase:
        ref = conversation_ref(consumer=CONSUMER, conversation=CONVERSATION)
        seen = SeenConversation(ref, 1, spec.now, spec.state, frozenset((1,)))
        (one,) = help_conversation(seen, packs=spec.known, names={}, now=spec.now).cases
        return one

    assert shown().noticed is noticed
    spec.assigned().answered().resolved().wake_when_due()
    assert shown().status is CaseStatus.CLOSED
    assert shown().noticed is noticed


def test_opens_beside_a_case_that_waits_for_the_consumer() -> None:
    spec = at_work().does(AskConsumer, **TEXTED).when(breach())
    assert spec.event(CaseOpened).case == 2
    assert spec.case(1).asked


def test_wakes_the_case_that_rests_until_a_follow_up() -> None:
    spec = at_work().does(FollowUp, at=after(hours=30)).when(breach())
    spec.then_only(BreachNoted, ClocksStopped, RoutedTo)
    assert spec.event(RoutedTo).preferred == SHOP_AGENT
    assert spec.case().status is CaseStatus.QUEUED


def test_opens_beside_a_case_of_another_matter() -> None:
    spec = talk().says(issue="refund").when(breach())
    assert spec.event(CaseOpened).case == 2


def test_knows_whose_it_is_also_where_that_is_not_told_again() -> None:
    spec = talk().says(issue="refund").when(breach(merchant=None, creator=None))
    assert spec.events(PartiesSeen) == []
    assert spec.case(2).owner == SHOP
    assert (spec.state.merchant, spec.state.creator) == (MERCHANT, CREATOR)


@pytest.mark.parametrize(("told", "language"), [("", "en"), ("de", "de")])
def test_speaks_as_the_consumer_did_where_no_language_is_told(told: str, language: str) -> None:
    spec = talk().says(issue="refund", language="en").when(breach(language=told))
    assert spec.event(CaseOpened).language == spec.event(RoutedTo).language == language


def test_joins_the_consumer_to_the_case_that_is_open_already() -> None:
    spec = talk().when(breach()).at(after(hours=1)).says(issue="late_shipping")
    assert spec.events(CaseOpened) == []
    assert spec.case().contacts == 1


def test_resolves_by_itself_what_turns_out_to_be_no_breach() -> None:
    spec = talk().when(breach()).at(after(hours=1)).when(corrected())
    assert spec.event(BreachCorrected).promise == PROMISE
    assert spec.event(CaseResolved).reason is ClosingReason.NO_FAULT
    assert spec.event(CaseResolved).by == SYSTEM
    # They had been promised an answer.
    assert [one.notice for one in spec.events(ConsumerTold)] == [Notice.BREACH_CLEARED]
    spec.when(corrected()).then_nothing()


def test_what_it_gives_falls_away_with_a_word_and_is_the_only_one() -> None:
    spec = talk().when(breach())
    note = NoteRemedy(
        consumer=CONSUMER,
        conversation=CONVERSATION,
        case=1,
        remedy=1,
        happened_at=spec.now,
        notice=Notice.COMPENSATED,
        runs=True,
    )
    spec.when(note, by=SYSTEM).when(corrected())
    assert spec.event(CaseResolved).reason is ClosingReason.NO_FAULT
    assert spec.events(ConsumerTold) == []
    voided = replace(note, notice=Notice.COMPENSATION_VOIDED, runs=False)
    spec.when(voided, by=SYSTEM)
    assert [one.notice for one in spec.events(ConsumerTold)] == [Notice.COMPENSATION_VOIDED]


@pytest.mark.parametrize(
    ("channel", "kind"),
    [(Channel.APP_CHAT, ContactKind.NEW), (Channel.PHONE, ContactKind.OUTSIDE)],
)
def test_the_first_word_after_that_is_no_complaint(channel: Channel, kind: ContactKind) -> None:
    spec = talk().when(breach()).when(corrected()).at(after(hours=1)).says(channel=channel)
    assert spec.event(ContactReceived).kind is kind
    reopened = spec.event(CaseReopened)
    assert (reopened.cause, reopened.number) == (ReopenCause.FIRST_CONTACT, 0)
    assert spec.case().failed is (kind is ContactKind.OUTSIDE)
    again = spec.assigned().resolved().at(after(hours=2)).says(channel=channel)
    assert again.event(CaseReopened).cause is ReopenCause.RECONTACT


def test_leaves_a_case_open_that_somebody_touched() -> None:
    spec = talk().when(breach()).says().when(corrected())
    spec.then_only(BreachCorrected)
    spec = talk().when(breach()).assigned().when(corrected())
    spec.then_only(BreachCorrected)
    assert spec.case().status is CaseStatus.ASSIGNED


def test_leaves_a_case_open_that_has_another_breach() -> None:
    spec = talk().when(breach()).when(breach(breach="late_shipping")).when(corrected())
    spec.then_only(BreachCorrected)


def test_opens_again_for_a_breach_after_it_was_corrected() -> None:
    spec = talk().when(breach()).when(corrected()).when(breach())
    assert spec.event(CaseOpened).case == 2


def test_knows_nothing_to_correct() -> None:
    talk().when(corrected()).then_nothing()
    talk().says().when(corrected()).then_nothing()


@pytest.mark.parametrize("by", [BY_CONSUMER, BY_SHOP])
def test_refuses_breaches_reported_by_people(by: Actor) -> None:
    talk().when(breach(), by=by).then_refused("not_allowed")
    talk().when(breach()).when(corrected(), by=by).then_refused("not_allowed")


def test_takes_breaches_from_the_marketplace() -> None:
    assert talk().when(breach(), by=MARKETPLACE).events(CaseOpened)


def test_refuses_a_breach_of_nothing() -> None:
    incomplete = Subject(ORDER_PART.kind)
    talk().when(breach(subject=incomplete)).then_refused("subject_incomplete")


def test_decides_at_once_in_a_surge_where_the_pack_says_so() -> None:
    spec = talk().desk(SHOP, surge=True).when(breach(breach="refund"))
    assert spec.case().status is CaseStatus.RESOLVED


def test_joins_the_newest_case_where_no_more_fit_in() -> None:
    spec = talk()
    for _ in range(CASES_LIVE_MAX):
        spec.says(issue="refund", fresh=True)
    spec.when(breach()).then_only(BreachNoted)
    assert spec.event(BreachNoted).case == CASES_LIVE_MAX


def test_remembers_a_bounded_number_of_breaches() -> None:
    spec = talk()
    for number in range(12):
        spec.when(
            breach(
                breach="late_shipping" if number % 2 else "late_delivery", promise=UUID(int=number)
            )
        )
    assert [one.promise for one in spec.state.breaches] == [UUID(int=n) for n in range(6, 12)]


def test_speaks_of_the_part_of_the_order() -> None:
    assert breach().target() == corrected().target()
    assert breach(subject=Subject(ORDER_PART.kind, ORDER, 2)).target() != breach().target()
