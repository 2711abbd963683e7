"""Whatever people do and whenever they do it: both sentences of DESIGN.md section 1 hold.

Each step is decided, applied, checked (`Conversation.check`: every open case has one owner and a
running clock) and taken through its bytes by `Spec`. Here stand the properties over whole stories.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from oncedesk.domain.conversations.messages import (
    AnswerReferral,
    AskConsumer,
    AssignmentDeclined,
    Audience,
    CaseAssigned,
    CaseClosed,
    CaseResolved,
    CasesMerged,
    CaseStatus,
    CaseUnassigned,
    Channel,
    ClockExpired,
    ClosingReason,
    ConfirmSolved,
    ConsumerAsked,
    CorrectAttribution,
    FollowUp,
    MergeCases,
    MessagePosted,
    NoteBreachCorrected,
    OpenForBreach,
    Party,
    PartyKind,
    PostMessage,
    Reclassify,
    ReferCase,
    ReferralMode,
    ReopenCase,
    RequestCallBack,
    ResolveCase,
    ReturnToQueue,
    Share,
    SplitCase,
    TakeOverCase,
    TransferCase,
    UnassignReason,
    WaitEnded,
    WithdrawClaim,
)
from oncedesk.domain.conversations.state import Conversation, deadline
from oncedesk.domain.shared.decider import SYSTEM, Refusal
from oncedesk.domain.shared.refs import PLATFORM, Desk
from tests.specs.conversations.world import (
    BY_CONSUMER,
    CONSUMER,
    CREATOR,
    CREATOR_AGENT,
    MERCHANT,
    ORDER_PART,
    PACK,
    PLATFORM_AGENT,
    ROOM,
    SHOP,
    SHOP_AGENT,
    SHOP_COLLEAGUE,
    STRICTER_PACK,
    TEXTED,
    Talk,
    about,
    talk,
)
from tests.support.specs import START

Step = Callable[[Talk], object]

AGENTS = {
    SHOP_AGENT: (SHOP,),
    SHOP_COLLEAGUE: (SHOP,),
    CREATOR_AGENT: (ROOM,),
    PLATFORM_AGENT: (PLATFORM,),
}
ISSUES = ["", "other", "late_delivery", "late_shipping", "refund", "offer", "advice", "safety", "?"]
PROMISES = [UUID(int=number) for number in range(3)]

cases = st.integers(1, 4)
agents = st.sampled_from(sorted(AGENTS))
desks = st.sampled_from([PLATFORM, SHOP, ROOM])
issues = st.sampled_from(ISSUES)
gaps = st.one_of(
    st.just(timedelta(0)),
    st.integers(1, 3_600).map(lambda seconds: timedelta(seconds=seconds)),
    st.integers(1, 240).map(lambda hours: timedelta(hours=hours)),
)


def by_agent(kind: Any, **details: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """A command by some agent, who may or may not have the right to give it."""
    return st.builds(
        lambda agent, case, told: lambda spec: spec.does(kind, agent=agent, case=case, **told),
        agents,
        cases,
        st.fixed_dictionaries(details),
    )


def by_owner(kind: Any, **details: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    """A command by whoever has the case, or by somebody at its desk."""

    def step(case: int, told: dict[str, Any]) -> Step:
        def give(spec: Talk) -> object:
            found = None if spec.state is None else spec.state.case(case)
            if found is None:
                return None
            agent = found.agent or next(a for a in sorted(AGENTS) if found.owner in AGENTS[a])
            return spec.does(kind, agent=agent, case=case, **told)

        return give

    return st.builds(step, cases, st.fixed_dictionaries(details))


def by_anybody(kind: Any, **details: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    return st.one_of(by_owner(kind, **details), by_agent(kind, **details))


def dispatch(case: int) -> Step:
    """The dispatcher gives a waiting case to somebody at its desk, perhaps too late."""

    def give(spec: Talk) -> object:
        found = None if spec.state is None else spec.state.case(case)
        desk = SHOP if found is None else found.owner
        agent = next(a for a in sorted(AGENTS) if desk in AGENTS[a])
        return spec.assigned(agent=agent, case=case)

    return give


def by_consumer(kind: Any) -> st.SearchStrategy[Step]:
    return st.builds(
        lambda case: lambda spec: spec.when(about(kind, case=case), by=BY_CONSUMER), cases
    )


def later(gap: timedelta) -> Step:
    return lambda spec: spec.wake(spec.now + gap)


def staffing(desk: Desk, facts: dict[str, Any]) -> Step:
    return lambda spec: spec.desk(desk, **facts)


def breach(promise: UUID, issue: str, *, corrected: bool) -> Step:
    about_promise: dict[str, Any] = {
        "consumer": CONSUMER,
        "subject": ORDER_PART,
        "promise": promise,
        "breach": issue,
    }

    def tell(spec: Talk) -> object:
        if corrected:
            return spec.when(NoteBreachCorrected(**about_promise))
        opened = OpenForBreach(
            market="cn", due_at=spec.now, merchant=MERCHANT, creator=CREATOR, **about_promise
        )
        return spec.when(opened)

    return tell


text = {key: st.just(value) for key, value in TEXTED.items()}
steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(
        lambda told: lambda spec: spec.says(**told),
        st.fixed_dictionaries(
            {
                "issue": issues,
                "fresh": st.booleans(),
                "channel": st.sampled_from(Channel),
                "case": st.one_of(st.none(), cases),
            }
        ),
    ),
    st.builds(dispatch, cases),
    st.builds(later, gaps),
    st.just(lambda spec: spec.wake_when_due() if spec.state and spec.state.cases else None),
    by_anybody(PostMessage, audience=st.sampled_from(Audience), automatic=st.booleans(), **text),
    by_owner(AskConsumer, **text),
    by_owner(ResolveCase, reason=st.sampled_from(ClosingReason)),
    by_owner(FollowUp, at=st.integers(-2, 100).map(lambda hours: START + timedelta(hours=hours))),
    by_owner(ReferCase, desk=desks, mode=st.sampled_from(ReferralMode), **text),
    by_anybody(AnswerReferral, **text),
    by_owner(TransferCase, desk=desks, reason=st.just("x")),
    by_agent(TakeOverCase, reason=st.just("x")),
    by_anybody(MergeCases, into=cases),
    by_owner(SplitCase, issue=issues),
    by_owner(Reclassify, issue=issues),
    by_owner(
        CorrectAttribution,
        owner=desks,
        cause=st.just(Party(PartyKind.CARRIER)),
        liable=st.just((Share(Party(PartyKind.CARRIER), 100),)),
        reasons=st.just(("seen",)),
    ),
    by_owner(
        ReturnToQueue,
        reason=st.sampled_from([UnassignReason.ABSENT, UnassignReason.RETURNED]),
    ),
    by_anybody(ReopenCase),
    by_consumer(ReopenCase),
    by_consumer(WithdrawClaim),
    by_consumer(ConfirmSolved),
    by_consumer(RequestCallBack),
    st.builds(
        lambda promise, issue, corrected: breach(promise, issue, corrected=corrected),
        st.sampled_from(PROMISES),
        st.sampled_from(["late_delivery", "late_shipping", "refund"]),
        st.booleans(),
    ),
    st.builds(
        staffing,
        desks,
        st.sampled_from(
            [{}, {"open": False}, {"staffed": False}, {"surge": True, "oldest_wait_seconds": 9}]
        ),
    ),
    st.sampled_from([PACK, STRICTER_PACK]).map(lambda pack: lambda spec: spec.publish(pack)),
)
stories = st.lists(st.tuples(gaps, steps), min_size=1, max_size=40)


def play(story: list[tuple[timedelta, Step]]) -> Talk:
    """Each step checks the state and takes it through its bytes."""
    spec = talk()
    for gap, step in story:
        spec.at(spec.now + gap)
        spec.answer = []
        step(spec)
        if not isinstance(spec.answer, Refusal):
            assert sum(isinstance(event, MessagePosted) for event in spec.answer) <= 1
    return spec


@given(stories)
@settings(max_examples=300, deadline=None)
def test_holds_every_invariant_whatever_happens(story: list[tuple[timedelta, Step]]) -> None:
    spec = play(story)
    assert spec.replayed() == spec.state


@given(stories)
@settings(max_examples=150, deadline=None)
def test_gives_every_place_back_exactly_once(story: list[tuple[timedelta, Step]]) -> None:
    spec = play(story)
    held: Counter[tuple[int, UUID]] = Counter()
    for event in spec.journal:
        if isinstance(event, CaseAssigned):
            held[event.case, event.agent] += 1
        elif isinstance(event, CaseUnassigned):
            held[event.case, event.agent] -= 1
        assert all(count in (0, 1) for count in held.values())
    now = {key for key, count in held.items() if count}
    live = spec.state.cases if isinstance(spec.state, Conversation) else ()
    assert now == {(case.number, case.agent) for case in live if case.agent is not None}


@given(stories)
@settings(max_examples=150, deadline=None)
def test_ends_every_case_if_nobody_does_anything_more_but_the_platform(
    story: list[tuple[timedelta, Step]],
) -> None:
    """However it was left, clocks alone bring each case to the platform or to an end."""
    spec = play(story)
    for _ in range(400):
        if spec.state is None or deadline(spec.state) is None:
            break
        spec.wake_when_due()
        assert spec.answer, "something was due, and nothing happened"
        due = deadline(spec.state)
        assert due is None or due > spec.now, "something due was left"
        if all(case.owner == PLATFORM or not case.is_open for case in spec.state.cases):
            break
    if spec.state is not None:
        waiting = {case.status for case in spec.state.cases if case.owner != PLATFORM}
        assert waiting <= {CaseStatus.RESOLVED}


@given(stories)
@settings(max_examples=150, deadline=None)
def test_records_every_wait_and_every_end_once(story: list[tuple[timedelta, Step]]) -> None:
    spec = play(story)
    asked: Counter[int] = Counter()
    resolved: Counter[int] = Counter()
    over: Counter[int] = Counter()
    for event in spec.journal:
        match event:
            case ConsumerAsked():
                asked[event.case] += 1
                assert event.number <= PACK.asking.pauses_max
            case WaitEnded():
                asked[event.case] -= 1
                assert event.paused_seconds >= 0
            case CaseResolved():
                resolved[event.case] += 1
            case CaseClosed() | CasesMerged():
                over[event.case] += 1
            case ClockExpired():
                assert event.due_at <= event.at
            case AssignmentDeclined():
                assert event.agent in AGENTS
            case _:
                pass
        assert all(count in (0, 1) for count in asked.values())
        assert all(count == 1 for count in over.values())
    if spec.state is not None:
        waiting = {case.number for case in spec.state.cases if case.asked is not None}
        assert waiting == {number for number, count in asked.items() if count}


@given(stories)
@settings(max_examples=100, deadline=None)
def test_wakes_without_effect_before_the_deadline(story: list[tuple[timedelta, Step]]) -> None:
    spec = play(story)
    due = None if spec.state is None else deadline(spec.state)
    if due is not None and spec.now < due:
        spec.wake(max(spec.now, due - timedelta(microseconds=1))).then_nothing()
        spec.when(about(AskConsumer, case=99, **TEXTED), by=SYSTEM).then_refused("case_unknown")
