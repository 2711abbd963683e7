"""Benchmarks of the served marketplace: `oncedesk bench http`, `peers`, `live` and `web`."""

from collections.abc import Callable
from typing import Annotated

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number

from oncedesk.backtesting.spreading import cores
from oncedesk.bench import http as http_bench
from oncedesk.bench import live as live_bench
from oncedesk.bench import web as web_bench
from oncedesk.bench.measuring import postmaster
from oncedesk.bench.peers import comparing
from oncedesk.bench.turns import CONNECTIONS
from oncedesk.cli.bench_run import measured
from oncedesk.settings import Settings

Seconds = Annotated[float, Parameter(validator=Number(gte=1, lte=3600))]


def http(
    *,
    seconds: Seconds = 20,
    processes: Annotated[int | None, Parameter(validator=Number(gte=1, lte=16))] = None,
    connections: Annotated[int, Parameter(validator=Number(gte=1, lte=1024))] = CONNECTIONS,
    json: bool = False,
) -> int:
    """Contacts a second through the real server, each acknowledged when it is on the disk.

    In turn with a route of the same server that only sends the body back. Afterwards what was
    acknowledged is counted in the database; it has one of its own, which is gone at the end.

    Parameters
    ----------
    seconds
        How long to send contacts; the echo's turns come on top.
    processes
        Serving processes on the one database; if not given, one for each core.
    connections
        Requests under way at the same time.
    json
        Print one JSON object.
    """

    async def work(settings: Settings, url: str, progress: Callable[[str], None]) -> msgspec.Struct:
        return await http_bench.run(
            url,
            settings=settings,
            seconds=seconds,
            processes=processes or cores(),
            connections=connections,
            postmaster=await postmaster(url),
            progress=progress,
        )

    return measured(work, json=json)


def peers(
    *,
    seconds: Seconds = 20,
    rounds: Annotated[int, Parameter(validator=Number(gte=1, lte=99))] = comparing.ROUNDS,
    json: bool = False,
) -> int:
    """The same work on django-helpdesk, in turn with ours, on the same PostgreSQL.

    The work: a ticket with a message through the API, by 64 connections. Each is served by as many
    processes as its documentation advises. The peer is installed from
    the package index into an environment of its own below the home, the first time.

    Parameters
    ----------
    seconds
        How long each turn is.
    rounds
        Turns of each; the medians are compared.
    json
        Print one JSON object.
    """

    async def work(settings: Settings, url: str, progress: Callable[[str], None]) -> msgspec.Struct:
        return await comparing.run(
            url, settings=settings, seconds=seconds, rounds=rounds, progress=progress
        )

    return measured(work, json=json)


def live(
    *,
    seconds: Seconds = 20,
    listeners: Annotated[int, Parameter(validator=Number(gte=1, lte=4000))] = live_bench.LISTENERS,
    per_second: Annotated[
        float, Parameter(validator=Number(gte=1, lte=10_000))
    ] = live_bench.CONTACTS_PER_SECOND,
    processes: Annotated[int, Parameter(validator=Number(gte=1, lte=16))] = live_bench.PROCESSES,
    json: bool = False,
) -> int:
    """How soon those who look at a conversation are told of a message in it.

    Consumers look at their conversations by server-sent events and write in them, in turn. Each
    message has to reach its listener once. The database is one of its own, gone at the end.

    Parameters
    ----------
    seconds
        How long to send contacts.
    listeners
        Streams that are open.
    per_second
        Contacts a second, over all conversations.
    processes
        Serving processes on the one database: who writes and who listens meet in it.
    json
        Print one JSON object.
    """

    async def work(settings: Settings, url: str, progress: Callable[[str], None]) -> msgspec.Struct:
        return await live_bench.run(
            url,
            settings=settings,
            seconds=seconds,
            listeners=listeners,
            per_second=per_second,
            processes=processes,
            progress=progress,
        )

    return measured(work, json=json)


def web(
    *,
    cases: Annotated[int, Parameter(validator=Number(gte=100, lte=10_000_000))] = web_bench.CASES,
    json: bool = False,
) -> int:
    """How soon the agents' desk is there in a browser, opens a case, and whether its list waits.

    It needs a Chromium and playwright. The database is one of its own, gone at the end.

    Parameters
    ----------
    cases
        How many wait in the queue that is looked at.
    json
        Print one JSON object.
    """

    async def work(settings: Settings, url: str, progress: Callable[[str], None]) -> msgspec.Struct:
        return await web_bench.run(url, settings=settings, cases=cases, progress=progress)

    return measured(work, json=json)
