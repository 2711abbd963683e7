"""Whoever does the work, the same comes out: this process, several, or a Ray cluster."""

import importlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from oncedesk.backtesting import spreading
from oncedesk.backtesting.spreading import (
    RayMissing,
    Spread,
    WorkerEnded,
    over_processes,
    over_ray,
    serially,
)
from oncedesk.backtesting.work import Assignment, Done, Slice, slices
from oncedesk.domain.shared.ids import BUCKETS
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.ports import ConnectionLost
from tests.backtest.history import pack
from tests.backtest.judged import assignment, judged
from tests.backtest.other_packs import with_clock, with_refunds, with_shipping

WORKERS = 2


def other() -> Pack:
    """Something of everything is otherwise."""
    changed = with_refunds(with_shipping(pack(), 30), liable="merchant:70 platform:30")
    return with_clock(changed, seconds=3_600)


def added(spread: Spread, work: Assignment) -> Done:
    done = Done()
    for part in spread(work, slices(workers=WORKERS)):
        done.add(part)
    return done


def assert_same(done: Done, expected: Done) -> None:
    assert (done.buckets, done.streams) == (BUCKETS, expected.streams)
    assert done.tallies == expected.tallies
    assert sum(tally.changed for tally in done.tallies.values()) > 20


@pytest.mark.parametrize("workers", [1, 2, 3, 100, 5_000])
def test_the_slices_are_all_buckets_and_each_once(workers: int) -> None:
    found = slices(workers=workers)
    counted = Counter(bucket for part in found for bucket in range(part.first, part.end))
    assert counted == dict.fromkeys(range(BUCKETS), 1)
    assert len(found) >= min(workers, BUCKETS)


def test_in_parts_it_is_the_same_as_in_one_piece(lived: str) -> None:
    work, expected = assignment(lived, other()), judged(lived, other())
    assert_same(added(serially, work), expected)
    backwards = Done()
    for part in [*serially(work, slices(workers=1))][::-1]:
        backwards.add(part)
    assert_same(backwards, expected)


@pytest.mark.slow
def test_in_two_processes_it_is_the_same(lived: str) -> None:
    work = assignment(lived, other())
    assert_same(added(over_processes(WORKERS), work), judged(lived, other()))


@pytest.fixture
def two_nodes() -> Iterator[str]:
    """The address of a Ray cluster of two nodes with a core each, on this machine."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster

    cluster: Any = Cluster(
        initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False}
    )
    try:
        cluster.add_node(num_cpus=1)
        yield cluster.address
    finally:
        cluster.shutdown()


@pytest.mark.slow
def test_on_a_ray_cluster_of_two_workers_it_is_the_same(lived: str, two_nodes: str) -> None:
    ray: Any = importlib.import_module("ray")
    work, expected = assignment(lived, other()), judged(lived, other())
    assert_same(added(over_ray(two_nodes), work), expected)
    assert not ray.is_initialized()
    ray.init(address=two_nodes, log_to_driver=False, configure_logging=False)
    try:
        assert ray.cluster_resources()["CPU"] == WORKERS
        assert_same(added(over_ray(two_nodes), work), expected)
        assert ray.is_initialized(), "somebody else's connection is left alone"
    finally:
        ray.shutdown()


def test_a_ray_cluster_that_is_not_there_is_one_clear_line() -> None:
    work = assignment("postgresql://nowhere", pack())
    with pytest.raises(RayMissing, match=r"no Ray cluster at 127\.0\.0\.1:9") as raised:
        added(over_ray("127.0.0.1:9"), work)
    assert "\n" not in str(raised.value)


def test_without_ray_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RayMissing, match=r"oncedesk\[ray\]"):
        added(over_ray("local"), assignment("postgresql://nowhere", pack()))


@pytest.mark.slow
def test_a_database_that_went_away_is_said_by_every_spread(tmp_path: object) -> None:
    work = assignment(f"postgresql://oncedesk@/none?host={tmp_path}", pack())
    for spread in (serially, over_processes(WORKERS)):
        with pytest.raises(ConnectionLost):
            added(spread, work)


@pytest.mark.slow
def test_a_process_that_dies_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "_look_through", _die)
    with pytest.raises(WorkerEnded):
        added(over_processes(WORKERS), assignment("postgresql://nowhere", pack()))


def _die(_part: Slice) -> Done:
    os._exit(1)
