"""A process's figures as Prometheus reads them.

Counters and histograms are this process's own. What waits in the database is the same whichever
process is asked. No label's values grow with the data: no ids, no names, no texts.
"""

import platform
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from oncedesk.engine.measures import Spread
from oncedesk.storage.backlogs import Backlogs
from oncedesk.storage.schema import newest_revision
from oncedesk.wiring import Parts

PREFIX = "oncedesk_"
OTHER = "other"
More = Callable[[], Iterable[Metric]]


def registry_of(
    parts: Parts, *, backlogs: Callable[[], Backlogs | None], more: Iterable[More] = ()
) -> CollectorRegistry:
    """All figures of this process. `backlogs` gives None where the database does not answer;
    `more` are those of whoever serves."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Collected(lambda: _engine(parts)))
    registry.register(_Collected(lambda: _database(parts, backlogs())))
    registry.register(_Collected(lambda: _queues(parts)))
    registry.register(_Collected(_build))
    for one in more:
        registry.register(_Collected(one))
    return registry


def counter(name: str, about: str, labels: Iterable[str] = ()) -> CounterMetricFamily:
    return CounterMetricFamily(PREFIX + name, about, labels=list(labels))


def gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + name, about, value=value)


def gauges(name: str, about: str, labels: Iterable[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + name, about, labels=list(labels))


def histogram(name: str, about: str, spreads: dict[str, Spread], *, label: str = "") -> Metric:
    """One series, or with `label` one for each of its values."""
    family = HistogramMetricFamily(PREFIX + name, about, labels=[label] if label else [])
    for value, spread in spreads.items():
        bounds = [*(str(float(bound)) for bound in spread.bounds), "+Inf"]
        # Copied at once: another thread goes on adding.
        below = accumulate(list(spread.counts))
        buckets = list(zip(bounds, below, strict=True))
        family.add_metric([value] if label else [], buckets=buckets, sum_value=spread.total)
    return family


class _Collected(Collector):
    def __init__(self, collect: More) -> None:
        self._collect = collect

    def collect(self) -> Iterable[Metric]:
        return self._collect()

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: asking would already read the database."""
        return ()


def _engine(parts: Parts) -> Iterator[Metric]:
    writers = parts.engine.writers
    measures = writers.measures
    commands = counter(
        "commands", "Commands by the kind of their state and by what became of them.", _OUTCOME
    )
    for kind, outcomes in measures.outcomes.items():
        for outcome, number in outcomes.items():
            commands.add_metric([kind.value, outcome], number)
    yield commands
    for name, about, spread in (
        ("batch_commands", "Commands in a batch.", measures.batch_commands),
        ("batch_decide_seconds", "Deciding a batch.", measures.decide_seconds),
        ("batch_commit_seconds", "Writing a batch until it is durable.", measures.commit_seconds),
        ("command_seconds", "From a command's arrival to its answer.", measures.command_seconds),
        (
            "refund_sent_seconds",
            "From a remedy's request until its money was sent.",
            measures.refund_sent_seconds,
        ),
        (
            "refund_credited_seconds",
            "From a remedy's request until its money had arrived.",
            measures.refund_credited_seconds,
        ),
    ):
        yield histogram(name, about, {"": spread})
    races = counter("races_lost", "States that another process had written meanwhile.")
    races.add_metric([], writers.races_lost)
    yield races
    yield gauge("commands_open", "Commands that wait or are being written.", writers.open)
    yield gauge("clocks_waiting", "Due clocks that wait to be written.", len(writers.clock_ids))


_OUTCOME = ("kind", "outcome")


def _database(parts: Parts, backlogs: Backlogs | None) -> Iterator[Metric]:
    connections = gauges("database_connections", "This process's, for what.", ["use", "state"])
    most = gauges("database_connections_max", "The most of them.", ["use"])
    for use, pool in (("work", parts.pool), ("look", parts.readers)):
        connections.add_metric([use, "idle"], pool.get_idle_size())
        connections.add_metric([use, "used"], pool.get_size() - pool.get_idle_size())
        most.add_metric([use], pool.get_max_size())
    yield connections
    yield most
    yield gauge("database_up", "Whether the database answers.", float(backlogs is not None))
    if backlogs is None:
        return
    parked = gauges(
        "parked", "What failed and waits for an operator; 1000 means or more.", ["what"]
    )
    parked.add_metric(["command"], backlogs.parked_commands)
    parked.add_metric(["reaction"], backlogs.parked_reactions)
    yield parked
    for name, what, backlog in (
        ("reactions", "Reactions that wait", backlogs.reactions),
        ("outbox", "What waits to leave", backlogs.outbox),
    ):
        yield gauge(f"{name}_waiting", f"{what}; 1000 means or more.", backlog.waiting)
        yield gauge(f"{name}_oldest_seconds", f"{what}: the oldest.", backlog.oldest_seconds)
    waiting = gauges(
        "webhooks_waiting", "What waits for endpoints; counted up to 100 each.", ["desk_kind"]
    )
    oldest = gauges(
        "webhooks_oldest_seconds",
        "For how long the endpoint that is worst off has not taken what waits for it.",
        ["desk_kind"],
    )
    for one in backlogs.webhooks:
        waiting.add_metric([one.kind.value], one.waiting)
        oldest.add_metric([one.kind.value], one.oldest_seconds)
    yield waiting
    yield oldest
    yield gauge("wake_late_seconds", "How late the earliest clock is.", backlogs.wake_late_seconds)


def _queues(parts: Parts) -> Iterator[Metric]:
    """From the desk watch's last look, so only in the process that has its lease."""
    watch = parts.engine.watch
    labels = ["desk_kind", "market"]
    waiting = gauges("queue_waiting", "Cases that wait; counted up to 100 a queue.", labels)
    oldest = gauges("queue_oldest_seconds", "The case that has waited longest.", labels)
    # A desk may name any market; a label may not.
    known = parts.library.at(parts.engine.clock()).holding
    for seen in watch.seen():
        names = [seen.kind.value, seen.market if seen.market in known else OTHER]
        waiting.add_metric(names, seen.waiting)
        oldest.add_metric(names, seen.oldest_wait_seconds)
    yield waiting
    yield oldest


def _build() -> Iterator[Metric]:
    labels = ["version", "schema", "python"]
    info = gauges("build_info", "What runs here.", labels)
    info.add_metric([version("oncedesk"), newest_revision(), platform.python_version()], 1)
    yield info
