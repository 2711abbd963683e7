"""Whatever waits and whoever is free: the matching keeps its promises."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.matching import FreeAgent, Queue, Waiting, fits, match
from tests.support.given import START

DESKS = [PLATFORM, Desk(DeskKind.MERCHANT, UUID(int=7)), Desk(DeskKind.CREATOR, UUID(int=8))]
SKILLS = ["refund", "courier", "quality"]
LANGUAGES = ["zh", "en"]


def some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


@st.composite
def free_agents(draw: st.DrawFn) -> list[FreeAgent]:
    ids = draw(st.lists(st.integers(1, 12), unique=True, max_size=8))
    desks = st.lists(st.sampled_from(DESKS), unique=True, min_size=1, max_size=2).map(tuple)
    return [
        FreeAgent(
            agent=UUID(int=id_),
            desks=draw(desks),
            skills=draw(some(SKILLS)),
            languages=draw(some(LANGUAGES)),
            room=draw(st.integers(0, 3)),
            load=draw(st.integers(0, 3)),
        )
        for id_ in ids
    ]


@st.composite
def waiting_cases(draw: st.DrawFn) -> list[Waiting]:
    seconds = st.integers(0, 5)
    return [
        Waiting(
            desk=draw(st.sampled_from(DESKS)),
            skill=draw(st.sampled_from(["", *SKILLS])),
            language=draw(st.sampled_from(["", *LANGUAGES])),
            priority=draw(st.integers(0, 2)),
            due_at=START + timedelta(seconds=draw(seconds)),
            waiting_since=START - timedelta(seconds=draw(seconds)),
            consumer=UUID(int=500),
            conversation=UUID(int=1000 + number),
            case=1,
            preferred_agent=draw(st.none() | st.integers(1, 14).map(lambda id_: UUID(int=id_))),
            barred=draw(st.none() | st.integers(1, 14).map(lambda id_: UUID(int=id_))),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


def queue_of(one: Waiting) -> Queue:
    return Queue(one.desk, one.skill, one.language)


@given(waiting_cases(), free_agents())
def test_nobody_gets_more_than_fits_or_what_they_cannot_do(
    waiting: list[Waiting], agents: list[FreeAgent]
) -> None:
    by_id = {one.agent: one for one in agents}
    matches = match(waiting, agents)
    for agent, count in Counter(one.agent for one in matches).items():
        assert count <= by_id[agent].room
    for one in matches:
        assert fits(by_id[one.agent], queue_of(one.waiting))
        assert one.agent != one.waiting.barred
    cases = [one.waiting.conversation for one in matches]
    assert len(cases) == len(set(cases))


@given(waiting_cases(), free_agents())
def test_nobody_waits_while_somebody_able_has_room(
    waiting: list[Waiting], agents: list[FreeAgent]
) -> None:
    matches = match(waiting, agents)
    taken = Counter(one.agent for one in matches)
    given_out = {one.waiting.conversation for one in matches}
    for one in waiting:
        if one.conversation not in given_out:
            for agent in agents:
                able = fits(agent, queue_of(one)) and agent.agent != one.barred
                assert not able or taken[agent.agent] == agent.room


@given(waiting_cases(), free_agents())
def test_each_step_is_what_a_slow_and_simple_matching_does(
    waiting: list[Waiting], agents: list[FreeAgent]
) -> None:
    """Oldest due first within priority; who had it before, else the smallest share, else the id."""
    room = {one.agent: one.room for one in agents}
    load = {one.agent: one.load for one in agents}
    expected = []
    for one in sorted(
        waiting, key=lambda w: (w.priority, w.due_at, w.waiting_since, w.conversation.int, w.case)
    ):
        able = [
            a
            for a in agents
            if room[a.agent] > 0 and fits(a, queue_of(one)) and a.agent != one.barred
        ]
        if able:
            chosen = min(
                able,
                key=lambda a: (
                    a.agent != one.preferred_agent,
                    load[a.agent] / (a.load + a.room),
                    a.agent.int,
                ),
            ).agent
            room[chosen] -= 1
            load[chosen] += 1
            expected.append((one, chosen))
    assert [(one.waiting, one.agent) for one in match(waiting, agents)] == expected


@given(waiting_cases(), free_agents(), st.randoms(use_true_random=False))
def test_the_order_of_the_arguments_does_not_matter(
    waiting: list[Waiting], agents: list[FreeAgent], random: st.DataObject
) -> None:
    mixed_waiting, mixed_agents = list(waiting), list(agents)
    random.shuffle(mixed_waiting)  # type: ignore[attr-defined]
    random.shuffle(mixed_agents)  # type: ignore[attr-defined]
    assert match(mixed_waiting, mixed_agents) == match(waiting, agents)


def test_a_case_that_is_listed_twice_is_given_once() -> None:
    one = Waiting(
        desk=PLATFORM,
        skill="",
        language="",
        priority=1,
        due_at=START,
        waiting_since=START,
        consumer=UUID(int=1),
        conversation=UUID(int=2),
        case=1,
    )
    agent = FreeAgent(agent=UUID(int=3), desks=(PLATFORM,), skills=(), languages=(), room=5)
    assert len(match([one, one], [agent])) == 1


def test_work_spreads_by_share_and_not_by_count() -> None:
    def waits(number: int) -> Waiting:
        return Waiting(
            desk=PLATFORM,
            skill="",
            language="",
            priority=1,
            due_at=START,
            waiting_since=START,
            consumer=UUID(int=1),
            conversation=UUID(int=number),
            case=1,
        )

    small, big = (
        FreeAgent(agent=UUID(int=id_), desks=(PLATFORM,), skills=(), languages=(), room=room)
        for id_, room in ((1, 2), (2, 6))
    )
    counts = Counter(one.agent for one in match([waits(n) for n in range(4)], [small, big]))
    assert counts == {small.agent: 1, big.agent: 3}
