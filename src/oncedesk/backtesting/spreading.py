"""Who does the work of a backtest: this process, one for each core, or a Ray cluster."""

import os
import signal
import socket
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from oncedesk.backtesting.work import Assignment, Done, Slice, look_through

Spread = Callable[[Assignment, Sequence[Slice]], Generator[Done]]
"""Does all of it and gives what is done, in any order."""

REACH_SECONDS_MAX = 10.0
LOCAL = "local"
"""The address of a Ray cluster of this machine alone, started for the run."""


class WorkerEnded(RuntimeError):
    """A process that worked on the backtest ended before its time."""


class RayMissing(RuntimeError):
    """Ray is not installed, or its cluster cannot be reached."""


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def serially(assignment: Assignment, parts: Sequence[Slice]) -> Generator[Done]:
    """One after the other, in this process."""
    for part in parts:
        yield look_through(assignment, part)


def over_processes(count: int, *, niceness: int = 0) -> Spread:
    """In so many processes of this machine, which leave its processor to others as far as
    `niceness` says. Raises WorkerEnded."""

    def spread(assignment: Assignment, parts: Sequence[Slice]) -> Generator[Done]:
        executor = ProcessPoolExecutor(
            max_workers=count,
            mp_context=get_context("spawn"),
            initializer=_begin,
            initargs=(assignment, niceness),
        )
        try:
            futures = [executor.submit(_look_through, part) for part in parts]
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool as error:
            raise WorkerEnded("a process that worked on it has ended") from error
        finally:
            executor.shutdown(cancel_futures=True)

    return spread


def over_ray(address: str) -> Spread:
    """On the Ray cluster at this address; `local` starts one here. Raises RayMissing.

    The nodes need Oncedesk installed and a way to the database; they are told its URL.
    """

    def spread(assignment: Assignment, parts: Sequence[Slice]) -> Generator[Done]:
        ray = _ray()
        ours = not ray.is_initialized()
        if ours:
            _connect(ray, address)
        try:
            yield from _over_ray(ray, assignment, parts)
        finally:
            if ours:
                ray.shutdown()

    return spread


def _over_ray(ray: Any, assignment: Assignment, parts: Sequence[Slice]) -> Generator[Done]:
    """Twice as many parts are under way as there are cores, so that none waits for the next."""
    shared = ray.put(assignment)
    remote = ray.remote(look_through)
    waiting = list(reversed(parts))
    running: list[Any] = []
    try:
        while waiting or running:
            room = 2 * max(1, int(ray.cluster_resources().get("CPU", 1))) - len(running)
            parts_now = [waiting.pop() for _ in range(min(room, len(waiting)))]
            running += [remote.remote(shared, part) for part in parts_now]
            ready, running = ray.wait(running, num_returns=1)
            yield from ray.get(ready)
    finally:
        # Nobody waits for these any more, whoever keeps the connection.
        for one in running:
            ray.cancel(one)


def _ray() -> Any:
    # Its makers are told nothing of whoever runs it, unless they ask for that themselves.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise RayMissing("ray is not installed; it comes with the extra oncedesk[ray]") from error
    return ray


def _connect(ray: Any, address: str) -> None:
    quiet = {"log_to_driver": False, "configure_logging": False}
    try:
        _knock(address)
        if address == LOCAL:
            ray.init(address=LOCAL, num_cpus=cores(), include_dashboard=False, **quiet)
        else:
            ray.init(address=address, **quiet)
    except (OSError, ValueError, RuntimeError) as error:
        first = next(iter(str(error).splitlines()), type(error).__name__)
        raise RayMissing(f"no Ray cluster at {address}: {first}") from error


def _knock(address: str) -> None:
    """Ray itself tries for minutes to reach whoever is not there. Raises OSError."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=REACH_SECONDS_MAX).close()


_remembered: Assignment | None = None


def _begin(assignment: Assignment, niceness: int) -> None:
    """What each process is told once, and not with every part. It ends as its parent does."""
    global _remembered  # noqa: PLW0603
    _remembered = assignment
    os.nice(niceness)
    signal.signal(signal.SIGINT, lambda *_: os._exit(1))
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _look_through(part: Slice) -> Done:
    assert _remembered is not None
    return look_through(_remembered, part)
