"""Merging, splitting, reclassifying and correcting the attribution, all by people."""

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace as changed

from oncedesk.domain.conversations.messages import (
    AgentCommand,
    AnswerReferral,
    AskConsumer,
    Attributed,
    CaseOpened,
    CasesMerged,
    CaseSplit,
    CaseStatus,
    CaseUnassigned,
    Channel,
    ClockMoved,
    ClockPaused,
    ClocksStopped,
    ClockStarted,
    ClosingReason,
    ConsumerAsked,
    CorrectAttribution,
    FollowUp,
    Left,
    MergeCases,
    ObligationMissed,
    Origin,
    PartiesSeen,
    Party,
    PartyKind,
    PartyReminded,
    Reclassified,
    Reclassify,
    ReferCase,
    ReferralEnded,
    ReferralMode,
    ReferralOutcome,
    Referred,
    Reminded,
    ReopenCase,
    RoutedTo,
    Share,
    Side,
    SplitCase,
    StopReason,
    TakeOverCase,
    TransferCase,
    Transferred,
    UnassignReason,
    WaitEnded,
    WaitOutcome,
)
from oncedesk.domain.conversations.outcomes import outcomes
from oncedesk.domain.conversations.state import CASES_LIVE_MAX
from oncedesk.domain.conversations.subjects import NOTHING
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.rulepack import ClockKind, clock_key
from tests.specs.conversations.world import (
    BY_CONSUMER,
    BY_PLATFORM,
    CREATOR,
    CREATOR_AGENT,
    DAY,
    HOUR,
    MERCHANT,
    OFFICE,
    PACK,
    PLATFORM_AGENT,
    ROOM,
    SHOP,
    SHOP_AGENT,
    SHOP_COLLEAGUE,
    STRANGER,
    TEXTED,
    AgentView,
    Talk,
    about,
    at_work,
    opened,
    talk,
)
from tests.support.specs import after


def two_cases() -> Talk:
    """Case 1 with the shop's agent, and case 2, three hours later, with a colleague."""
    spec = at_work().at(after(hours=3)).says(fresh=True)
    return spec.assigned(case=2, agent=SHOP_COLLEAGUE)


def test_merges_into_one_case_with_all_contacts_and_the_earlier_deadlines() -> None:
    spec = two_cases().does(MergeCases, case=1, into=2)
    assert spec.event(CaseUnassigned) == CaseUnassigned(
        case=1, at=after(hours=3), agent=SHOP_AGENT, reason=UnassignReason.MERGED
    )
    assert spec.event(ClocksStopped).reason is StopReason.MERGED
    assert spec.event(CasesMerged) == CasesMerged(case=1, at=after(hours=3), into=2)
    assert len(spec.events(ClockMoved)) == 4
    merged = spec.case(2)
    assert merged.contacts == 2
    assert merged.agent == SHOP_COLLEAGUE
    assert {(one.kind, one.side): one.due_at for one in merged.clocks} == {
        (ClockKind.FIRST_RESPONSE, Side.CONSUMER): after(hours=8),
        (ClockKind.FIRST_RESPONSE, Side.DESK): after(hours=4),
        (ClockKind.RESOLUTION, Side.CONSUMER): after(hours=96),
        (ClockKind.RESOLUTION, Side.DESK): after(hours=48),
    }
    assert spec.state.closed[0].reason is ClosingReason.DUPLICATE


def test_figures_count_the_contacts_of_the_merged_case_with_the_other() -> None:
    spec = at_work().at(after(hours=1)).says().says(fresh=True).does(MergeCases, case=1, into=2)
    spec.answered(case=2).resolved(case=2)
    assert [(one.case, one.contacts) for one in outcomes(spec.journal)] == [(2, 3)]


def test_owes_the_answer_that_the_merged_case_owed() -> None:
    spec = two_cases().answered(case=2).does(MergeCases, case=1, into=2)
    started = spec.events(ClockStarted)
    assert [(one.case, one.clock) for one in started] == [(2, ClockKind.NEXT_RESPONSE)] * 2


def test_carries_a_failed_contact_once_over() -> None:
    spec = at_work().at(after(hours=1)).says().says(fresh=True).does(MergeCases, into=2)
    assert spec.case(2).failed


def test_keeps_the_more_urgent_priority_of_the_two() -> None:
    spec = at_work(channel=Channel.REGULATOR).says(fresh=True).does(MergeCases, into=2)
    assert spec.case(2).priority == 0


def test_merges_a_case_that_waits_but_not_into_one() -> None:
    spec = two_cases().does(AskConsumer, case=1, **TEXTED)
    spec.does(MergeCases, case=2, into=1).then_refused("waiting_for_consumer")
    spec.does(MergeCases, case=1, into=2)
    assert spec.event(WaitEnded).outcome is WaitOutcome.MERGED


def test_a_question_waits_on_in_the_other_case_with_its_clock() -> None:
    spec = two_cases().answered(case=2).does(AskConsumer, case=1, **TEXTED)
    asked = spec.event(ConsumerAsked)
    spec.at(after(hours=5)).does(MergeCases, case=1, into=2)
    assert spec.event(WaitEnded).outcome is WaitOutcome.MERGED
    assert spec.event(ConsumerAsked) == changed(asked, case=2, at=after(hours=5), from_case=1)
    assert spec.case(2).status is CaseStatus.WAITING_CONSUMER
    assert spec.clock(ClockKind.REPLY, Side.CONSUMER, case=2).due_at == after(days=2, hours=3)
    stands = spec.clock(ClockKind.RESOLUTION, Side.DESK, case=2)
    assert (stands.due_at, stands.left_seconds) == (None, 45 * HOUR), "no longer than in the first"
    assert spec.case(2).agent == SHOP_COLLEAGUE
    spec.at(after(hours=6)).says(issue="")
    assert spec.event(WaitEnded).paused_seconds == HOUR
    assert spec.case(2).status is CaseStatus.ASSIGNED
    assert spec.clock(ClockKind.RESOLUTION, Side.DESK, case=2).due_at == after(hours=51)


def test_its_reminders_and_its_end_come_when_they_would_have() -> None:
    spec = two_cases().answered(case=2).does(AskConsumer, case=1, **TEXTED)
    spec.at(after(days=1)).does(MergeCases, case=1, into=2)
    for days in (2, 4):
        assert spec.wake(after(days=days, hours=3)).event(PartyReminded).who is Reminded.CONSUMER
    assert spec.wake(after(days=6, hours=3)).case(2).closing is ClosingReason.NO_REPLY


def test_a_case_that_rests_waits_for_the_consumer_of_the_one_merged_into_it() -> None:
    spec = two_cases().answered(case=2).does(FollowUp, case=2, at=after(days=60))
    spec.does(AskConsumer, case=1, **TEXTED).does(MergeCases, case=1, into=2)
    assert spec.case(2).status is CaseStatus.WAITING_CONSUMER
    assert spec.case(2).clock(ClockKind.FOLLOW_UP, Side.DESK) is None
    assert spec.says(issue="").case(2).status is CaseStatus.QUEUED


def test_waits_no_more_for_a_consumer_who_waits_for_us() -> None:
    spec = two_cases().does(AskConsumer, case=1, **TEXTED)
    spec.at(after(hours=4)).does(MergeCases, case=1, into=2)
    assert spec.events(ConsumerAsked) == []
    assert spec.case(2).status is CaseStatus.ASSIGNED
    assert spec.clock(ClockKind.RESOLUTION, Side.DESK, case=2).due_at == after(hours=49)


def test_another_desk_is_still_asked_with_its_clock() -> None:
    spec = two_cases().does(ReferCase, case=1, desk=ROOM, mode=ReferralMode.STAY, **TEXTED)
    asked = spec.event(Referred)
    spec.at(after(hours=5)).does(MergeCases, case=1, into=2)
    assert spec.event(Referred) == changed(asked, case=2, at=after(hours=5), from_case=1)
    assert spec.clock(ClockKind.NEXT_RESPONSE, Side.REFERRAL, case=2).due_at == after(hours=10)
    spec.does(AnswerReferral, case=2, agent=CREATOR_AGENT, **TEXTED)
    assert spec.event(ReferralEnded).outcome is ReferralOutcome.ANSWERED


def test_what_another_desk_has_missed_is_counted_once() -> None:
    spec = two_cases().does(ReferCase, case=1, desk=ROOM, mode=ReferralMode.STAY, **TEXTED)
    spec.answered(case=1).answered(case=2, agent=SHOP_COLLEAGUE)
    spec.at(after(hours=10)).does(MergeCases, case=1, into=2)
    missed = spec.events(ObligationMissed) + spec.wake().events(ObligationMissed)
    assert [(one.desk, one.due_at) for one in missed] == [(ROOM, after(hours=10))]
    assert spec.case(2).referral is None


def test_what_another_desk_was_asked_is_asked_on_by_whoever_has_the_other_case() -> None:
    spec = at_work().says(issue="quality", fresh=True)
    spec.does(ReferCase, case=1, desk=ROOM, mode=ReferralMode.STAY, **TEXTED)
    asked = spec.event(Referred)
    spec.does(TakeOverCase, case=2, agent=PLATFORM_AGENT, reason="x")
    spec.assigned(case=2, agent=PLATFORM_AGENT)
    spec.at(after(hours=1)).does(MergeCases, case=1, into=2, agent=PLATFORM_AGENT)
    assert spec.event(Referred) == changed(
        asked, case=2, at=after(hours=1), from_desk=PLATFORM, agent=PLATFORM_AGENT, from_case=1
    )
    assert spec.clock(ClockKind.NEXT_RESPONSE, Side.REFERRAL, case=2).due_at == after(hours=7)
    spec.does(AnswerReferral, case=2, agent=CREATOR_AGENT, **TEXTED)
    assert (spec.case(2).owner, spec.case(2).agent) == (PLATFORM, PLATFORM_AGENT)


def test_asks_no_desk_that_has_it_now_or_that_whoever_has_it_may_not_bring_in() -> None:
    spec = at_work().says(issue="offer", fresh=True)
    spec.does(ReferCase, case=1, desk=ROOM, mode=ReferralMode.STAY, **TEXTED)
    spec.does(MergeCases, case=1, into=2, agent=PLATFORM_AGENT)
    assert (spec.case(2).owner, spec.case(2).referral) == (ROOM, None)
    other = Desk(DeskKind.CREATOR, STRANGER)
    spec = talk().desk(other).says(issue="other").says(issue="quality", fresh=True)
    refer = {"case": 1, "desk": other, "mode": ReferralMode.STAY}
    spec.does(ReferCase, agent=PLATFORM_AGENT, **refer, **TEXTED)
    spec.does(MergeCases, case=1, into=2, agent=PLATFORM_AGENT)
    assert (spec.case(2).owner, spec.case(2).referral) == (SHOP, None)


def test_what_was_handed_over_goes_back_from_the_case_that_goes_on() -> None:
    spec = at_work().says(issue="offer", fresh=True)
    spec.does(ReferCase, case=1, desk=ROOM, mode=ReferralMode.HAND_OVER, **TEXTED)
    asked = spec.event(Referred)
    spec.at(after(hours=1)).does(MergeCases, case=1, into=2, agent=CREATOR_AGENT)
    assert spec.event(Referred) == changed(asked, case=2, at=after(hours=1), from_case=1)
    spec.does(AnswerReferral, case=2, agent=CREATOR_AGENT, **TEXTED)
    assert (spec.case(2).owner, spec.case(2).preferred) == (SHOP, SHOP_AGENT)


def test_whoever_gets_it_back_has_what_was_left_of_either() -> None:
    spec = at_work().says(issue="offer", fresh=True).at(after(hours=3))
    spec.does(ReferCase, case=1, desk=ROOM, mode=ReferralMode.HAND_OVER, **TEXTED)
    left = spec.state.left_of(1, SHOP)
    assert left == 45 * HOUR
    spec.at(after(hours=5)).does(MergeCases, case=1, into=2, agent=CREATOR_AGENT)
    assert spec.state.left_of(2, SHOP) == left
    spec.does(AnswerReferral, case=2, agent=CREATOR_AGENT, **TEXTED)
    assert spec.clock(ClockKind.RESOLUTION, Side.DESK, case=2).due_at == after(hours=50)


def test_a_desk_keeps_the_less_that_it_has_left_of_two() -> None:
    for case, into, told in ((1, 2, (Left(2, SHOP, 42 * HOUR),)), (2, 1, ())):
        spec = two_cases().at(after(hours=6))
        for number, agent in ((1, SHOP_AGENT), (2, SHOP_COLLEAGUE)):
            refer: dict[str, Any] = {"desk": ROOM, "mode": ReferralMode.HAND_OVER, **TEXTED}
            spec.does(ReferCase, case=number, agent=agent, **refer)
        assert [spec.state.left_of(number, SHOP) for number in (1, 2)] == [42 * HOUR, 45 * HOUR]
        spec.does(MergeCases, case=case, into=into, agent=CREATOR_AGENT)
        assert spec.event(CasesMerged).left == told
        assert spec.state.left_of(into, SHOP) == 42 * HOUR


def test_a_desk_without_the_case_that_goes_on_has_no_more_time_for_it_later() -> None:
    spec = at_work().says(issue="offer", fresh=True).at(after(hours=4))
    spec.does(MergeCases, case=1, into=2, agent=PLATFORM_AGENT)
    assert spec.event(CasesMerged).left == (Left(2, SHOP, 44 * HOUR),)
    spec.does(TransferCase, case=2, agent=CREATOR_AGENT, desk=SHOP, reason="theirs")
    assert spec.clock(ClockKind.RESOLUTION, Side.DESK, case=2).due_at == after(hours=48)


def test_goes_on_about_whom_either_was() -> None:
    spec = named_in_the_second().does(MergeCases, case=2, into=1, agent=PLATFORM_AGENT)
    assert spec.event(PartiesSeen) == PartiesSeen(at=spec.now, merchant=MERCHANT, case=1)
    spec.says(subject=NOTHING, issue="quality", merchant=STRANGER)
    assert spec.case(3).number == 3, "what is said of another shop is none of this one's"
    spec = named_in_the_second().does(MergeCases, case=1, into=2, agent=PLATFORM_AGENT)
    assert spec.events(PartiesSeen) == []


def named_in_the_second() -> Talk:
    """Case 1 names nobody, case 2 the shop; the platform has both."""
    spec = talk().says(subject=NOTHING, issue="other")
    return spec.says(subject=NOTHING, issue="other", fresh=True, merchant=MERCHANT)


def test_a_merged_case_was_not_solved_and_has_waited_as_often_as_before() -> None:
    spec = at_work().does(AskConsumer, **TEXTED).says(case=1).resolved()
    spec.when(about(ReopenCase, channel=Channel.WEB), by=BY_CONSUMER)
    spec.says(issue="quality", fresh=True).does(MergeCases, case=1, into=2)
    assert (spec.case(2).reopens, spec.case(2).pauses) == (1, 1)


def test_counts_a_deadline_that_passed_unnoticed_once() -> None:
    spec = two_cases().at(after(hours=5)).does(MergeCases, case=1, into=2)
    missed = spec.events(ObligationMissed) + spec.wake().events(ObligationMissed)
    assert [(one.desk, one.due_at) for one in missed] == [(SHOP, after(hours=4))]
    assert spec.case(2).owner == PLATFORM, "it is taken over as it would have been"


def test_counts_it_at_once_where_it_does_not_go_on() -> None:
    spec = at_work().says(issue="offer").at(after(hours=4, minutes=30))
    spec.does(MergeCases, case=1, into=2, agent=PLATFORM_AGENT)
    missed = spec.events(ObligationMissed) + spec.wake().events(ObligationMissed)
    assert [(one.desk, one.due_at) for one in missed] == [(SHOP, after(hours=4))]


def test_refuses_to_merge_with_nothing() -> None:
    at_work().does(MergeCases, into=2).then_refused("case_unknown")
    at_work().does(MergeCases, into=1).then_refused("case_unknown")
    spec = two_cases().resolved(case=2, agent=SHOP_COLLEAGUE)
    spec.does(MergeCases, case=1, into=2).then_refused("case_unknown")


def test_merges_cases_of_two_desks_only_by_the_platform() -> None:
    spec = at_work().says(issue="offer")
    spec.does(MergeCases, case=1, into=2).then_refused("not_allowed")
    spec.does(MergeCases, case=1, into=2, agent=PLATFORM_AGENT)
    assert spec.case(2).owner == ROOM
    desk = [one for one in spec.events(ClockMoved) if one.side is Side.DESK]
    assert desk == [], "a desk's deadline is no other desk's"


def test_splits_a_second_problem_off_with_its_own_owner_and_clocks() -> None:
    spec = at_work().at(after(hours=1)).does(SplitCase, issue="offer")
    spec.then_only(
        CaseSplit,
        CaseOpened,
        Attributed,
        RoutedTo,
        ClockStarted,
        ClockStarted,
        ClockStarted,
        ClockStarted,
    )
    assert spec.event(CaseSplit) == CaseSplit(case=1, at=after(hours=1), new_case=2)
    assert spec.event(CaseOpened) == CaseOpened(
        case=2,
        at=after(hours=1),
        issue="offer",
        origin=Origin.SPLIT,
        language="zh",
        from_case=1,
    )
    assert spec.case(2).owner == ROOM
    assert spec.case(2).contacts == 0
    assert spec.case(1).agent == SHOP_AGENT


@pytest.mark.parametrize(
    ("channel", "priority"), [(Channel.REGULATOR, 0), (Channel.CHARGEBACK, 0), (Channel.PHONE, 1)]
)
def test_what_is_split_off_is_served_as_early_as_its_complaint(
    channel: Channel, priority: int
) -> None:
    spec = at_work(channel=channel).at(after(hours=1)).does(SplitCase, issue="offer")
    assert spec.case(2).priority == priority
    assert spec.case(2).outside is channel


def test_what_is_split_off_a_repeat_is_served_as_one() -> None:
    spec = at_work().answered().resolved().at(after(days=1)).says().assigned()
    spec.does(SplitCase, issue="offer")
    assert (spec.case(2).priority, spec.case(2).outside) == (1, None)


def test_refuses_to_split_without_end() -> None:
    spec = talk()
    for _ in range(CASES_LIVE_MAX):
        spec.says(fresh=True)
    spec.does(SplitCase, issue="offer").then_refused("too_many_cases")


def test_brings_deadlines_closer_for_a_more_urgent_issue() -> None:
    spec = at_work().at(after(hours=1)).does(Reclassify, issue="refund")
    assert spec.event(Reclassified).issue == "refund"
    moved = spec.events(ClockMoved)
    assert [(one.clock, one.side, one.due_at) for one in moved] == [
        (ClockKind.FIRST_RESPONSE, Side.DESK, after(hours=3)),
        (ClockKind.RESOLUTION, Side.DESK, after(hours=25)),
    ]
    assert spec.events(RoutedTo) == [], "it stays with its agent"


def test_leaves_no_more_time_to_a_clock_that_stands() -> None:
    spec = at_work().at(after(hours=1)).does(AskConsumer, **TEXTED).does(Reclassify, issue="refund")
    (shorter,) = spec.events(ClockPaused)
    assert (shorter.clock, shorter.side) == (ClockKind.RESOLUTION, Side.DESK)
    assert shorter.left_seconds == DAY
    spec.does(Reclassify, issue="late_delivery")
    assert spec.events(ClockPaused) == []


def test_leaves_what_stands_no_later_a_moment_by_the_hours_of_another_issue() -> None:
    key = clock_key(issue="safety", desk=DeskKind.MERCHANT, clock=ClockKind.RESOLUTION)
    usual = clock_key(issue="*", desk=DeskKind.MERCHANT, clock=ClockKind.RESOLUTION)
    rule = changed(PACK.clocks[usual], id=key, issue="safety", seconds=2 * DAY, calendar="office")
    by_office = changed(PACK, hash="0" * 32, clocks={**PACK.clocks, key: rule})
    spec = talk().publish(by_office).says().assigned()
    spec.at(after(hours=1)).does(AskConsumer, **TEXTED)
    stood = spec.clock(ClockKind.RESOLUTION, Side.DESK).left_seconds
    assert stood == 47 * HOUR
    spec.does(Reclassify, issue="safety")
    left = spec.clock(ClockKind.RESOLUTION, Side.DESK).left_seconds
    assert left == OFFICE.seconds_between(after(hours=1), after(hours=48))
    assert left < stood


def test_never_moves_a_deadline_away() -> None:
    spec = at_work(issue="refund").does(Reclassify, issue="late_delivery")
    assert spec.events(ClockMoved) == []
    assert spec.case().issue == "late_delivery"


def test_moves_a_waiting_case_to_the_queue_of_its_new_skill() -> None:
    spec = opened().does(Reclassify, issue="safety")
    assert spec.event(RoutedTo).skill == "safety"
    assert spec.event(RoutedTo).desk == SHOP, "the owner stays until somebody transfers it"
    assert spec.case().priority == 0


def test_reclassifies_once() -> None:
    at_work().does(Reclassify, issue="late_delivery").then_nothing()


def correction(**changes: Any) -> dict[str, Any]:
    return {
        "owner": ROOM,
        "cause": Party(PartyKind.CREATOR, CREATOR),
        "liable": (
            Share(Party(PartyKind.CREATOR, CREATOR), 60, ("recording",)),
            Share(Party(PartyKind.MERCHANT, MERCHANT), 40, ("own_room",)),
        ),
        "reasons": ("recording",),
        **changes,
    }


def test_corrects_who_owns_caused_and_is_liable() -> None:
    spec = at_work().does(CorrectAttribution, agent=PLATFORM_AGENT, **correction())
    told = spec.event(Attributed)
    assert (told.owner, told.cause.id, told.rule, told.by) == (ROOM, CREATOR, "found", BY_PLATFORM)
    assert [share.percent for share in told.liable] == [60, 40]
    assert spec.event(CaseUnassigned).reason is UnassignReason.TRANSFERRED
    assert spec.event(Transferred).to_desk == ROOM
    assert spec.case().status is CaseStatus.QUEUED


def test_corrects_the_cause_alone_without_moving_the_case() -> None:
    spec = at_work().does(CorrectAttribution, **correction(owner=SHOP))
    spec.then_only(Attributed)
    assert spec.case().agent == SHOP_AGENT


def test_refuses_shares_that_do_not_add_up() -> None:
    half = (Share(Party(PartyKind.CREATOR, CREATOR), 50),)
    spec = at_work().does(CorrectAttribution, **correction(liable=half))
    spec.then_refused("shares_not_100")


def test_refuses_an_owner_whom_it_is_not_about_unless_the_platform_found_it() -> None:
    owner = Desk(DeskKind.MERCHANT, STRANGER)
    spec = at_work().desk(owner)
    spec.does(CorrectAttribution, **correction(owner=owner)).then_refused("desk_unrelated")
    spec.does(CorrectAttribution, agent=PLATFORM_AGENT, **correction(owner=owner))
    assert spec.case().owner == owner


@pytest.mark.parametrize("agent", [SHOP_AGENT, SHOP_COLLEAGUE])
def test_takes_it_also_from_who_has_the_case_and_is_of_the_platform_too(agent: UUID) -> None:
    owner = Desk(DeskKind.MERCHANT, STRANGER)
    spec = at_work().desk(owner)
    spec.world[agent] = AgentView((SHOP, PLATFORM))
    spec.does(CorrectAttribution, agent=agent, **correction(owner=owner))
    assert spec.case().owner == owner


@pytest.mark.parametrize("kind", [PartyKind.MERCHANT, PartyKind.CREATOR])
def test_refuses_a_party_whom_it_is_not_about_unless_the_platform_found_it(
    kind: PartyKind,
) -> None:
    stranger = Party(kind, STRANGER)
    liable = correction(owner=SHOP, liable=(Share(stranger, 100),))
    for found in (liable, correction(owner=SHOP, cause=stranger)):
        at_work().does(CorrectAttribution, **found).then_refused("desk_unrelated")
        spec = at_work().does(CorrectAttribution, agent=PLATFORM_AGENT, **found)
        spec.then_only(Attributed)


def test_names_a_party_of_which_nobody_knows_who_it_is() -> None:
    carrier, merchant = Party(PartyKind.CARRIER, STRANGER), Party(PartyKind.MERCHANT)
    found = correction(owner=SHOP, cause=carrier, liable=(Share(merchant, 100),))
    at_work().does(CorrectAttribution, **found).then_only(Attributed)


def test_refuses_an_owner_that_takes_no_work() -> None:
    spec = at_work().desk(ROOM, open=False).does(CorrectAttribution, **correction())
    spec.then_refused("desk_closed")


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        (MergeCases, {"into": 2}),
        (SplitCase, {"issue": "offer"}),
        (Reclassify, {"issue": "offer"}),
        (CorrectAttribution, correction()),
    ],
)
def test_leaves_such_judgements_to_those_who_work_on_it_and_the_platform(
    kind: type[AgentCommand], details: dict[str, Any]
) -> None:
    two_cases().does(kind, agent=CREATOR_AGENT, **details).then_refused("not_allowed")
    by_consumer = two_cases().when(about(kind, **details), by=BY_CONSUMER)
    by_consumer.then_refused("not_allowed")
    assert two_cases().does(kind, agent=PLATFORM_AGENT, **details).answer
    assert two_cases().does(kind, agent=SHOP_AGENT, **details).answer
