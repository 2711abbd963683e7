"""A desk's staffing, wait and surge change when they change, not with every report."""

from datetime import datetime
from itertools import pairwise
from uuid import UUID

import pytest

from oncedesk.domain.desks import DECIDER
from oncedesk.domain.desks.load import WAIT_STEPS_SECONDS, shown_wait
from oncedesk.domain.desks.messages import (
    CloseDesk,
    DeskClosed,
    DeskOpened,
    OpenDesk,
    ReportLoad,
    StaffingChanged,
    SurgeBegan,
    SurgeEnded,
    WaitChanged,
)
from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind, desk_ref
from tests.support.given import START, Given, after, given

SHOP = Desk(DeskKind.MERCHANT, UUID(int=7))


def open_desk(desk: Desk = SHOP) -> Given:
    return given(DECIDER, DeskOpened(desk=desk, at=START, market="cn", languages=("zh",)))


def report(
    waited: int = 0,
    *,
    waiting: int = 1,
    staffed: bool = True,
    at: datetime = START,
    staffed_from: datetime | None = None,
) -> ReportLoad:
    return ReportLoad(
        desk=SHOP,
        waiting=waiting,
        oldest_wait_seconds=waited,
        staffed=staffed,
        at=at,
        staffed_from=staffed_from,
    )


def staffed_desk() -> Given:
    return open_desk().when(report(), now=START)


def test_opens_once_and_takes_other_languages() -> None:
    wanted = OpenDesk(desk=SHOP, market="cn", languages=("zh",))
    spec = given(DECIDER).when(wanted, now=START)
    spec.then(DeskOpened(desk=SHOP, at=START, market="cn", languages=("zh",)))
    spec.when(wanted, now=START).then_nothing()
    spec.when(OpenDesk(desk=SHOP, market="cn", languages=("zh", "en", "zh")), now=START)
    assert spec.state.languages == ("en", "zh")
    spec.when(OpenDesk(desk=SHOP, market="eu"), now=START).refused("desk_differs")


def test_closes_and_opens_again() -> None:
    spec = open_desk().when(CloseDesk(desk=SHOP), now=START)
    spec.then(DeskClosed(desk=SHOP, at=START))
    assert not spec.state.open
    spec.when(CloseDesk(desk=SHOP), now=START).then_nothing()
    spec.when(OpenDesk(desk=SHOP, market="cn", languages=("zh",)), now=START)
    spec.then_only(DeskOpened)
    assert spec.state.open


def test_the_platform_desk_never_closes() -> None:
    open_desk(PLATFORM).when(CloseDesk(desk=PLATFORM), now=START).refused("platform_stays_open")


def test_an_unknown_desk_is_refused() -> None:
    given(DECIDER).when(report(), now=START).refused("desk_unknown")
    given(DECIDER).when(Wake(desk_ref(SHOP)), now=START).then_nothing()


def test_staffing_changes_when_somebody_comes_or_goes() -> None:
    spec = open_desk().when(report(waiting=0), now=START)
    spec.then(StaffingChanged(desk=SHOP, at=START, staffed=True))
    spec.when(report(waiting=0), now=START).then_nothing()
    tomorrow = after(hours=24)
    spec.when(report(waiting=0, staffed=False, staffed_from=tomorrow), now=START)
    spec.then(StaffingChanged(desk=SHOP, at=START, staffed=False, staffed_from=tomorrow))
    assert (spec.state.staffed, spec.state.staffed_from) == (False, tomorrow)


def test_the_shown_wait_changes_by_steps() -> None:
    spec = staffed_desk().when(report(50, waiting=3), now=START)
    spec.then(WaitChanged(desk=SHOP, at=START, oldest_wait_seconds=60, waiting=3))
    spec.when(report(60), now=START).then_nothing()
    spec.when(report(61), now=START).then_only(WaitChanged)
    spec.when(report(58), now=START).then_nothing()
    spec.when(report(45), now=START).then_only(WaitChanged)
    assert spec.state.oldest_wait_seconds == 60
    spec.when(report(30, waiting=0), now=START).then_only(WaitChanged)
    assert spec.state.oldest_wait_seconds == 0, "nobody waits"


def test_a_surge_begins_above_the_limit_and_ends_below_the_other() -> None:
    spec = staffed_desk().when(report(600), now=START).then_only(WaitChanged)
    spec.when(report(601, waiting=40), now=START)
    spec.then(
        WaitChanged(desk=SHOP, at=START, oldest_wait_seconds=900, waiting=40),
        SurgeBegan(desk=SHOP, at=START, wait_seconds=601, waiting=40, rule="surge", pack="aa"),
    )
    spec.when(report(800), now=START).then_nothing()
    spec.when(report(120), now=START).then_only(WaitChanged)
    assert spec.state.surge
    spec.when(report(119), now=START)
    spec.then(SurgeEnded(desk=SHOP, at=START, wait_seconds=119, rule="surge", pack="aa"))
    assert not spec.state.surge


def test_a_surge_ends_when_the_last_agent_leaves() -> None:
    spec = staffed_desk().when(report(7_200), now=START)
    assert spec.state.surge
    spec.when(report(7_200, staffed=False), now=START).then_only(StaffingChanged, SurgeEnded)
    assert not spec.state.surge


def test_a_desk_with_nobody_there_has_no_surge_until_somebody_comes() -> None:
    spec = open_desk().when(report(7_200, staffed=False), now=START).then_only(WaitChanged)
    spec.when(report(7_200), now=START).then_only(StaffingChanged, SurgeBegan)


def test_a_report_that_was_overtaken_changes_nothing() -> None:
    spec = open_desk().when(report(50, at=after(seconds=9)), now=after(seconds=9))
    spec.when(report(5_000, staffed=False, at=after(seconds=8)), now=after(seconds=9))
    spec.then_nothing()


def test_a_report_from_the_future_is_taken_as_of_now() -> None:
    spec = open_desk().when(report(at=after(hours=1)), now=START)
    assert spec.state.reported_at == START


@pytest.mark.parametrize(
    ("seconds", "before", "shown"),
    [
        (0, 0, 0),
        (1, 0, 60),
        (0, 60, 0),
        (86_400, 0, 86_400),
        (86_401, 0, 172_800),
        (86_400, 172_800, 172_800),
        (60_000, 172_800, 86_400),
    ],
)
def test_shown_waits(seconds: int, before: int, shown: int) -> None:
    assert shown_wait(seconds, before=before) == shown


def test_what_is_shown_never_promises_too_little_and_settles() -> None:
    assert all(a < b for a, b in pairwise(WAIT_STEPS_SECONDS))
    for before in (0, 60, 900, 86_400, 172_800):
        for seconds in range(0, 200_000, 7):
            shown = shown_wait(seconds, before=before)
            assert shown >= seconds
            assert shown_wait(seconds, before=shown) == shown
