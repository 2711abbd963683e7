"""What a further contact belongs to, and of what kind it is."""

from collections.abc import Callable
from typing import Any

import pytest

from oncedesk.domain.conversations.messages import (
    AskConsumer,
    CaseClosed,
    CaseOpened,
    CaseReopened,
    CaseStatus,
    Channel,
    ClockStarted,
    ContactKind,
    ContactReceived,
    MessagePosted,
    NoteRemedy,
    OpenForBreach,
    OpenForDispute,
    PriorityRaised,
    Reclassified,
    ReferCase,
    ReferralMode,
    ReopenCase,
    ReturnToQueue,
    RoutedTo,
    Side,
    TakeOverCase,
    TransferCase,
    Transferred,
)
from oncedesk.domain.conversations.state import CASES_LIVE_MAX
from oncedesk.domain.conversations.subjects import NOTHING, Subject, SubjectKind
from oncedesk.domain.shared.decider import SYSTEM
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.rulepack import ClockKind
from tests.specs.conversations.world import (
    BY_CONSUMER,
    CONSUMER,
    CONVERSATION,
    CREATOR,
    CREATOR_AGENT,
    LISTING,
    MERCHANT,
    ORDER_PART,
    PLATFORM_AGENT,
    PROMISE,
    ROOM,
    SHOP,
    STRANGER,
    TEXTED,
    Talk,
    about,
    at_work,
    opened,
    talk,
)
from tests.support.specs import START, after


def robot_says(spec: Talk, **details: Any) -> Talk:
    """The consumer's mail program answers by itself."""
    return spec.says(channel=Channel.EMAIL, automatic=True, **details)


@pytest.mark.parametrize("later", [1, 120])
def test_keeps_an_automatic_reply_and_lets_everything_stand(later: int) -> None:
    spec = at_work().answered().at(after(minutes=later))
    before = spec.state
    robot_says(spec).then_only(MessagePosted)
    assert spec.event(MessagePosted).automatic
    assert spec.event(MessagePosted).author == BY_CONSUMER
    assert spec.state == before, "no contact, no clock, and no session that it prolongs"
    spec.says()
    assert len(spec.events(ContactReceived)) == (later > 30)


def test_does_not_take_an_automatic_reply_for_the_answer_to_a_question() -> None:
    spec = at_work().does(AskConsumer, **TEXTED)
    robot_says(spec, issue="").then_only(MessagePosted)
    assert spec.case().status is CaseStatus.WAITING_CONSUMER


def test_opens_nothing_for_an_automatic_reply() -> None:
    robot_says(talk()).then_refused("automatic_reply")
    robot_says(at_work(), issue="refund").then_refused("automatic_reply")
    robot_says(at_work().resolved().at(after(days=8))).then_refused("automatic_reply")
    robot_says(at_work(), case=2).then_refused("case_unknown")


def test_adds_messages_of_one_session_to_the_contact() -> None:
    spec = opened().at(after(minutes=29)).says()
    spec.then_only(MessagePosted)
    spec.at(after(minutes=58)).says().then_only(MessagePosted)
    assert spec.case().contacts == 1
    assert not spec.case().failed


def test_counts_a_chaser_when_the_consumer_asks_again_while_the_ball_is_ours() -> None:
    spec = opened().at(after(minutes=30)).says()
    spec.then_only(ContactReceived, MessagePosted, PriorityRaised)
    assert spec.event(ContactReceived).kind is ContactKind.CHASER
    assert spec.event(ContactReceived).number == 2
    assert spec.case().failed


def test_counts_a_chaser_after_an_answer_that_solved_nothing() -> None:
    spec = at_work().at(after(hours=1)).answered().at(after(days=1)).says()
    assert spec.event(ContactReceived).kind is ContactKind.CHASER


def test_counts_no_chaser_in_a_chat_that_we_keep_going() -> None:
    spec = at_work().at(after(minutes=20)).answered().at(after(minutes=45)).says()
    assert spec.events(ContactReceived) == []


def test_counts_a_requested_contact_when_we_had_asked() -> None:
    spec = at_work().does(AskConsumer, **TEXTED).at(after(hours=20)).says()
    assert spec.event(ContactReceived).kind is ContactKind.REQUESTED
    assert not spec.case().failed


def test_counts_a_new_contact_on_a_case_that_we_opened_ourselves() -> None:
    breach = OpenForBreach(
        consumer=CONSUMER,
        subject=ORDER_PART,
        market="cn",
        breach="late_delivery",
        promise=PROMISE,
        due_at=START,
        merchant=MERCHANT,
    )
    spec = talk().when(breach).at(after(hours=3)).says()
    assert spec.event(ContactReceived).kind is ContactKind.NEW
    assert spec.event(ContactReceived).number == 1
    assert not spec.case().failed


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.REGULATOR, Channel.CHARGEBACK])
def test_counts_what_comes_past_our_help_as_outside(channel: Channel) -> None:
    spec = opened().at(after(minutes=5)).says(channel=channel)
    assert spec.event(ContactReceived).kind is ContactKind.OUTSIDE
    assert spec.case().failed
    spec.at(after(minutes=10)).says(channel=channel)
    assert spec.events(ContactReceived) == []


def test_raises_a_chaser_above_first_complaints_and_a_regulator_above_all() -> None:
    spec = opened().at(after(hours=1)).says()
    assert spec.event(PriorityRaised).priority == 1
    spec.at(after(hours=2)).says()
    assert spec.events(PriorityRaised) == []
    spec.says(channel=Channel.REGULATOR)
    assert spec.event(PriorityRaised).priority == 0


def test_starts_the_next_response_once_on_both_sides() -> None:
    spec = at_work().at(after(hours=1)).answered().at(after(hours=2)).says()
    started = spec.events(ClockStarted)
    assert [(one.clock, one.side, one.due_at) for one in started] == [
        (ClockKind.NEXT_RESPONSE, Side.CONSUMER, after(hours=14)),
        (ClockKind.NEXT_RESPONSE, Side.DESK, after(hours=8)),
    ]
    assert spec.at(after(hours=4)).says().events(ClockStarted) == []


def test_joins_the_open_case_of_the_same_family() -> None:
    assert opened(issue="late_shipping").says(issue="late_delivery").events(CaseOpened) == []


def test_opens_a_case_for_another_matter() -> None:
    spec = opened().says(issue="refund")
    assert spec.event(CaseOpened).case == 2


def test_prefers_the_case_of_the_very_issue() -> None:
    spec = opened(issue="late_shipping").says(issue="late_delivery", fresh=True)
    assert spec.says(issue="late_shipping").event(MessagePosted).case == 1
    assert spec.says(issue="late_delivery").event(MessagePosted).case == 2


@pytest.mark.parametrize("issue", ["", "other", "second_complaint", "regulator"])
def test_joins_the_newest_open_case_without_a_clear_issue(issue: str) -> None:
    spec = opened().says(issue="refund").says(issue=issue)
    assert spec.event(MessagePosted).case == 2


def test_joins_the_case_that_the_consumer_looks_at() -> None:
    spec = opened().says(issue="refund").says(issue="refund", case=1)
    assert spec.event(MessagePosted).case == 1


@pytest.mark.parametrize("issue", ["late_delivery", ""])
def test_opens_a_case_about_another_shop_than_has_one_of_the_same_matter(issue: str) -> None:
    live = Subject(SubjectKind.LIVE, LISTING)
    spec = talk().desk(Desk(DeskKind.MERCHANT, STRANGER))
    said: dict[str, Any] = {"subject": live, "creator": CREATOR}
    spec.says(merchant=MERCHANT, **said)
    spec.says(merchant=STRANGER, issue=issue, **said)
    assert (spec.event(CaseOpened).case, spec.event(MessagePosted).case) == (2, 2)
    assert spec.state.merchant == STRANGER
    # Whoever names the shop that has it, or none, joins it; and whoever looks at it.
    assert spec.says(merchant=MERCHANT, **said).event(MessagePosted).case == 1
    assert spec.says(issue="", **said).event(MessagePosted).case == 2
    assert spec.says(merchant=STRANGER, case=1, **said).event(MessagePosted).case == 1


def test_reopens_no_other_shops_case_of_the_same_matter() -> None:
    live = Subject(SubjectKind.LIVE, LISTING)
    spec = at_work(subject=live, merchant=MERCHANT).desk(Desk(DeskKind.MERCHANT, STRANGER))
    spec.resolved().says(subject=live, merchant=STRANGER)
    assert spec.case(2).owner == Desk(DeskKind.MERCHANT, STRANGER)
    assert not spec.case(1).is_open


def test_opens_a_case_about_another_creator_than_has_one_of_the_same_matter() -> None:
    listing = Subject(SubjectKind.LISTING, LISTING)
    spec = talk().desk(Desk(DeskKind.CREATOR, STRANGER))
    spec.says(subject=listing, merchant=MERCHANT, creator=CREATOR, issue="offer")
    spec.says(subject=listing, merchant=MERCHANT, creator=STRANGER, issue="offer")
    assert [case.owner for case in spec.state.cases] == [ROOM, Desk(DeskKind.CREATOR, STRANGER)]


def test_answers_what_another_shop_had_asked() -> None:
    nothing: dict[str, Any] = {"subject": NOTHING, "creator": CREATOR}
    spec = at_work(merchant=MERCHANT, **nothing).does(AskConsumer, **TEXTED)
    spec.at(after(hours=1)).says(merchant=STRANGER, issue="", **nothing)
    assert spec.event(ContactReceived).kind is ContactKind.REQUESTED


def test_asks_of_an_order_nobody_but_the_order_whose_it_is() -> None:
    assert opened().says(merchant=STRANGER).event(MessagePosted).case == 1


def test_opens_a_case_when_the_consumer_says_it_is_something_else() -> None:
    spec = opened().says(fresh=True, case=1)
    assert spec.event(CaseOpened).case == 2
    assert spec.event(ContactReceived).kind is ContactKind.NEW


def test_reopens_what_was_resolved_within_the_window() -> None:
    spec = at_work().answered().resolved().at(after(days=6)).says()
    assert spec.events(CaseOpened) == []
    assert spec.event(CaseReopened).case == 1
    assert spec.event(ContactReceived).kind is ContactKind.RECONTACT


def test_opens_a_case_once_the_window_is_over_though_nobody_has_woken_it() -> None:
    spec = at_work().answered().resolved().at(after(days=7)).says()
    assert spec.event(CaseOpened).case == 2


def test_while_a_remedy_runs_hearing_again_is_about_it_though_nobody_woke_its_window() -> None:
    """Clients are before clocks: a contact may be decided before the window was moved."""
    spec = at_work().answered()
    running = about(NoteRemedy, remedy=1, happened_at=spec.now, runs=True)
    spec.when(running).resolved().at(after(days=7, seconds=1)).says()
    assert spec.events(CaseOpened) == []
    assert spec.event(CaseReopened).case == 1


def test_opens_a_case_about_one_whose_window_is_over_though_the_consumer_looks_at_it() -> None:
    spec = at_work().answered().resolved().at(after(days=7)).says(case=1)
    assert spec.event(CaseOpened).case == 2


def test_reopens_the_resolved_case_that_the_consumer_looks_at_whatever_it_says() -> None:
    spec = at_work().says(issue="refund").resolved().at(after(days=1)).says(case=1, issue="refund")
    assert spec.event(CaseReopened).case == 1
    assert spec.event(MessagePosted).case == 1, "and what was said is there"


def test_counts_a_second_call_as_outside_again() -> None:
    spec = opened(channel=Channel.PHONE).at(after(minutes=10)).says(channel=Channel.PHONE)
    assert spec.events(ContactReceived) == [], "the same call"
    spec.at(after(hours=3)).says(channel=Channel.PHONE)
    assert spec.event(ContactReceived).kind is ContactKind.OUTSIDE


def test_opens_a_case_about_one_that_is_closed() -> None:
    spec = at_work().answered().resolved().wake(after(days=7)).says(case=1)
    assert spec.event(CaseOpened).case == 2


def test_prefers_an_open_case_to_one_just_resolved() -> None:
    spec = at_work().resolved().says(issue="refund").says(issue="")
    assert spec.event(MessagePosted).case == 2


def test_sends_an_unclear_case_where_it_belongs_once_the_consumer_is_clearer() -> None:
    spec = opened(issue="")
    assert spec.case().owner == PLATFORM
    spec.at(after(minutes=1)).says(issue="refund")
    assert spec.event(Reclassified).issue == "refund"
    assert spec.event(Transferred).to_desk == SHOP
    assert spec.event(RoutedTo).skill == "refunds"
    assert spec.case().owner == SHOP
    first = spec.clock(ClockKind.FIRST_RESPONSE, Side.CONSUMER)
    assert first.due_at == after(hours=8), "the consumer's clock runs on"


def test_sends_it_to_another_queue_of_the_same_desk() -> None:
    spec = opened(issue="").says(issue="safety")
    assert spec.events(Transferred) == []
    assert spec.event(RoutedTo).skill == "safety"
    assert spec.case().priority == 0


def test_leaves_an_unclear_case_where_somebody_has_looked_at_it() -> None:
    spec = opened(issue="").assigned().says(issue="refund")
    assert spec.events(Reclassified) == []
    assert spec.case().status is CaseStatus.ASSIGNED


def reopened_twice() -> Talk:
    spec = moved_to_the_room()
    for _ in range(2):
        spec.resolved(agent=CREATOR_AGENT)
        spec.when(about(ReopenCase, channel=Channel.WEB), by=BY_CONSUMER)
    return spec


def disputed() -> Talk:
    dispute = OpenForDispute(
        consumer=CONSUMER,
        subject=ORDER_PART,
        market="cn",
        remedy=1,
        conversation=CONVERSATION,
        case=1,
        merchant=MERCHANT,
    )
    return opened(issue="").when(dispute, by=SYSTEM)


def moved_to_the_room() -> Talk:
    return opened(issue="").does(TransferCase, agent=PLATFORM_AGENT, desk=ROOM, reason="live")


def taken_over() -> Talk:
    return moved_to_the_room().does(TakeOverCase, agent=PLATFORM_AGENT, reason="look")


def handed_over() -> Talk:
    asked: Any = {"desk": ROOM, "mode": ReferralMode.HAND_OVER, **TEXTED}
    return opened(issue="").does(ReferCase, agent=PLATFORM_AGENT, **asked)


def of_a_regulator() -> Talk:
    return opened(issue="", channel=Channel.REGULATOR)


def given_back() -> Talk:
    return opened(issue="").assigned().does(ReturnToQueue)


@pytest.mark.parametrize(
    "placed",
    [
        given_back,
        moved_to_the_room,
        taken_over,
        handed_over,
        reopened_twice,
        disputed,
        of_a_regulator,
    ],
)
def test_leaves_it_where_somebody_has_decided_that_it_is(placed: Callable[[], Talk]) -> None:
    spec = placed()
    owner = spec.case().owner
    spec.says(issue="refund", case=1)
    assert spec.events(Transferred) == []
    assert (spec.case().owner, spec.case().status) == (owner, CaseStatus.QUEUED)


def test_knows_the_desks_also_where_it_joins_another_case_than_without_a_pack() -> None:
    spec = opened(issue="other").says(issue="second_complaint", fresh=True)
    spec.says(issue="office")
    assert spec.event(Transferred).case == 1
    assert spec.case(1).owner == SHOP


def test_joins_the_newest_case_where_no_more_fit_in() -> None:
    spec = talk()
    for _ in range(CASES_LIVE_MAX):
        spec.says(fresh=True)
    spec.says(fresh=True, issue="refund")
    assert spec.events(CaseOpened) == []
    assert spec.event(MessagePosted).case == CASES_LIVE_MAX


def test_joins_the_case_of_the_matter_also_where_no_more_fit_in() -> None:
    spec = talk().says(issue="refund")
    for _ in range(CASES_LIVE_MAX - 1):
        spec.says(fresh=True)
    spec.says(issue="refund")
    assert spec.event(MessagePosted).case == 1


def test_closes_the_longest_resolved_early_to_make_room() -> None:
    spec = talk()
    for _ in range(CASES_LIVE_MAX):
        spec.says(fresh=True)
    spec.assigned(case=3).resolved(case=3).says(fresh=True)
    # Whether one contact was enough, the rest of its window would have told.
    assert spec.events(CaseClosed) == [CaseClosed(case=3, at=spec.now, contact_once=False)]
    assert spec.event(CaseOpened).case == CASES_LIVE_MAX + 1


@pytest.mark.parametrize("runs", [False, True])
def test_the_longest_resolved_is_not_who_came_first_nor_one_whose_remedy_runs(runs: bool) -> None:
    spec = talk()
    for _ in range(CASES_LIVE_MAX):
        spec.says(fresh=True)
    noted = about(NoteRemedy, case=5, remedy=1, happened_at=spec.now, runs=runs)
    spec.when(noted).assigned(case=5).resolved(case=5)
    spec.at(after(hours=1)).assigned(case=3).resolved(case=3).says(fresh=True)
    assert spec.event(CaseClosed).case == (3 if runs else 5)


def test_a_case_of_which_nobody_knew_it_is_in_the_language_that_is_spoken_first() -> None:
    spec = opened(language="").says(language="en").at(after(hours=1)).says(language="en")
    assert spec.event(ContactReceived).language == "en"
    assert spec.case().language == "en"
    spec.at(after(hours=2)).says(language="fr")
    assert (spec.event(ContactReceived).language, spec.case().language) == ("", "en")


def test_a_case_goes_on_in_the_language_of_whoever_is_the_first_to_say_theirs() -> None:
    spec = opened(issue="other", language="").at(after(hours=1))
    spec.says(issue="quality", language="en")
    assert spec.event(RoutedTo).language == "en", "where it belongs"
    spec = at_work(language="").resolved().at(after(hours=1)).says(language="en")
    assert spec.event(RoutedTo).language == "en", "once more"
