"""Figures of a played day, calculated a second time from the journal by other means."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
import pytest_asyncio

from oncedesk.domain.insight.figures import FIGURES, FigureName
from oncedesk.domain.shared.decider import Actor, Role
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.engine.instants import play_until
from oncedesk.settings import Settings
from oncedesk.simulation.arrivals import day_until
from oncedesk.simulation.demo import play_demo
from oncedesk.simulation.own_database import own_database
from oncedesk.simulation.playing import LOOK_EVERYWHERE
from oncedesk.simulation.world_clock import WorldClock
from oncedesk.storage.outcomes.figures import Asked, By, ByEnd, Part, Value
from oncedesk.storage.views.readers import NotSeen, Reader
from oncedesk.wiring import Parts, build
from tests.support.engines import Outside

SEED, CONTACTS = 17, 60
NOW = datetime(2026, 11, 26, 9, 20, tzinfo=UTC)
LATER = NOW + timedelta(days=12)
"""By then every recontact window is over."""
SPAN = Asked(since=date(2026, 11, 20), until=date(2026, 12, 20), timezone="Asia/Shanghai")
ADMIN = Reader(Actor(Role.ADMIN, uuid4()))
REOPENED = {
    "ShippingReopened": ("shipping",),
    "DeliveryReopened": ("delivery", "handover"),
    "OfferReopened": ("delivery",),
}
STREAMS = "SELECT kind, stream, version, events FROM journal ORDER BY stream, version"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(server_url: str) -> AsyncIterator[Parts]:
    settings = Settings(home=Path("/nonexistent"), database_url=server_url)
    day = day_until(NOW)
    clock = WorldClock(day.begins_at)
    async with (
        own_database(settings, name="tests") as url,
        build(url, settings=settings, clock=clock, look_everywhere=LOOK_EVERYWHERE) as parts,
    ):
        await play_demo(
            parts, clock, day=day, contacts=CONTACTS, seed=SEED, progress=lambda _: None
        )
        await play_until(parts.engine, clock, LATER)
        assert await parts.outcomes.run_all() > CONTACTS
        yield parts


@dataclass
class Raw:
    """A case as its raw events tell it: no type of ours takes part."""

    opened_at: datetime
    desk: Any = None
    owner: Any = None
    contacts: int = 0
    taken: bool = False
    resolved: Any = None
    closed: Any = None
    merged: bool = False
    first_word: datetime | None = None
    kept: bool | None = None
    score: int = 0
    acts: list[tuple[datetime, str]] = field(default_factory=list)
    hands: list[tuple[datetime, str, Any]] = field(default_factory=list)

    @property
    def worked(self) -> int:
        total, since, last = timedelta(0), None, ""
        for at, what in self.acts:
            if what == "act":
                total += timedelta(0) if since is None else min(at - since, timedelta(minutes=10))
            if what != "said" or last in ("", "act"):
                since = at
            last = what
        return int(total.total_seconds())

    @property
    def paused(self) -> tuple[int, int, int]:
        """How long it stood for whoever had it, how long they had it, and how many had it."""
        has: Any = None
        asks: Any = None
        last = self.opened_at
        held: dict[tuple[Any, Any], timedelta] = {}
        stood: dict[tuple[Any, Any], timedelta] = {}
        desk: Any = None
        for at, what, who in self.hands:
            if has is not None:
                key = (desk, has)
                held[key] = held.get(key, timedelta(0)) + (at - last)
                if asks == has:
                    stood[key] = stood.get(key, timedelta(0)) + (at - last)
            last = at
            if what == "routed":
                desk = who
            elif what == "had":
                has = who
            else:
                asks = who
        return (
            sum(int(one.total_seconds()) for one in stood.values()),
            sum(int(one.total_seconds()) for one in held.values()),
            len(held),
        )


async def raw_events(parts: Parts, kind: str) -> dict[UUID, list[dict[str, Any]]]:
    async with Outside(parts.url) as outside:
        rows = await outside.rows(STREAMS)
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row_kind, stream, _, body in rows:
        if row_kind == kind:
            found.setdefault(stream, []).extend(msgspec.msgpack.decode(body))
    return found


async def raw_cases(parts: Parts) -> list[Raw]:
    cases: dict[tuple[UUID, int], Raw] = {}
    for stream, events in (await raw_events(parts, "conversation")).items():
        for event in events:
            kind, key = event["type"], (stream, event.get("case", 0))
            if kind == "CaseOpened":
                cases[key] = Raw(event["at"])
            elif kind == "CasesMerged":
                cases[key].merged = True
                cases[stream, event["into"]].contacts += cases[key].contacts
            elif key in cases:
                read(cases[key], kind, event)
    return [one for one in cases.values() if one.resolved and not one.merged]


def read(case: Raw, kind: str, event: dict[str, Any]) -> None:
    if kind == "RoutedTo":
        case.hands.append((event["at"], "routed", str(event["desk"])))
    elif kind in ("CaseAssigned", "CaseUnassigned"):
        case.hands.append((event["at"], "had", event["agent"] if kind == "CaseAssigned" else None))
    elif kind in ("ConsumerAsked", "WaitEnded"):
        case.hands.append(
            (event["at"], "asked", event["agent"] if kind == "ConsumerAsked" else None)
        )
    if kind == "RoutedTo" and case.desk is None:
        case.desk = event["desk"]
    elif kind == "Transferred" and event["reason"] == "refined_by_consumer":
        case.desk = event["to_desk"]
    elif kind == "Attributed" and case.owner is None:
        case.owner = event["owner"]
    elif kind == "ContactReceived":
        case.contacts += 1
    elif kind == "TakenOver":
        case.taken = True
    elif kind == "CaseAssigned":
        case.acts.append((event["at"], "assigned"))
    elif kind == "MessagePosted" and not event.get("automatic"):
        role = event["author"][0]
        if role == "consumer":
            case.acts.append((event["at"], "said"))
        elif role in ("agent", "admin") and not case.resolved:
            case.acts.append((event["at"], "act"))
            reached = (event.get("call") or (0, 0, 0))[2] > 0
            if (event["audience"] == "consumer" or reached) and case.first_word is None:
                case.first_word = event["at"]
    elif kind == "ClocksStopped" and event["reason"] == "answered":
        for clock in event["clocks"]:
            if clock[:2] == ["first_response", "consumer"] and case.kept is not False:
                case.kept = clock[2] if len(clock) > 2 else True
    elif kind == "ClockExpired":
        if (event["clock"], event["side"]) == ("first_response", "consumer"):
            case.kept = False
    elif kind == "CaseResolved":
        case.resolved = event
        if event["by"][0] in ("agent", "admin"):
            case.acts.append((event["at"], "act"))
    elif kind == "CaseReopened":
        case.resolved = None
    elif kind == "CaseClosed":
        case.closed = event
    elif kind == "ServiceRated":
        case.score = event["score"]


async def total(parts: Parts, figure: FigureName) -> Value:
    (value,) = await parts.views.figures.values(
        reader=ADMIN, figure=figure, asked=SPAN, by=By.TOTAL
    )
    return value


def seconds(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds())


@pytest.mark.asyncio(loop_scope="module")
async def test_figures_of_cases_are_what_the_journal_says(played: Parts) -> None:
    cases = await raw_cases(played)
    assert len(cases) > CONTACTS // 2
    closed = [one for one in cases if one.closed]
    asked = [one for one in closed if one.contacts]
    once = [one for one in asked if one.closed["contact_once"]]
    answered = [one for one in cases if one.first_word]
    clocked = [one for one in cases if one.kept is not None]
    lasted = [
        one for one in cases if one.resolved["reason"] not in ("withdrawn", "no_reply", "duplicate")
    ]
    elsewhere = [one for one in cases if (one.desk or one.owner)[0] != "platform"]
    rated = [one for one in cases if one.score]
    waits = [seconds(one.opened_at, one.first_word) for one in answered if one.first_word]
    lengths = [seconds(one.opened_at, one.resolved["at"]) for one in lasted]
    wanted = {
        FigureName.CONTACT_ONCE: (len(once), len(asked), len(cases) - len(asked)),
        FigureName.FIRST_RESPONSE: (sum(waits), len(answered), len(cases) - len(answered)),
        FigureName.ANSWERED_IN_TIME: (
            sum(bool(one.kept) for one in clocked),
            len(clocked),
            len(cases) - len(clocked),
        ),
        FigureName.RESOLUTION: (sum(lengths), len(lasted), len(cases) - len(lasted)),
        FigureName.TAKE_OVERS: (
            sum(one.taken for one in elsewhere),
            len(elsewhere),
            len(cases) - len(elsewhere),
        ),
        FigureName.COST_PER_CASE: (sum(one.worked for one in cases), len(cases), 0),
        FigureName.SATISFACTION: (
            sum(one.score >= 4 for one in rated),
            len(rated),
            len(cases) - len(rated),
        ),
        FigureName.PAUSED_SHARE: (
            sum(one.paused[0] for one in cases),
            sum(one.paused[1] for one in cases),
            0,
        ),
    }
    for figure, expected in wanted.items():
        value = await total(played, figure)
        assert (value.numerator, value.denominator, value.excluded) == expected, figure
        assert value.denominator, f"nothing of {figure} happened; another seed says more"
    median = (await total(played, FigureName.FIRST_RESPONSE)).median
    assert median == sorted(waits)[(len(waits) - 1) // 2]


@pytest.mark.asyncio(loop_scope="module")
async def test_figures_of_promises_and_refunds_are_what_their_tables_say(played: Parts) -> None:
    verdicts: dict[bytes, bool] = {}
    for events in (await raw_events(played, "order")).values():
        kept_last: dict[tuple[int, str], bytes] = {}
        chosen: set[int] = set()
        for event in events:
            kind = event["type"]
            if kind == "OrderPlaced":
                chosen |= {part["number"] for part in event["parts"] if part.get("handover")}
            if kind == "PromiseAmended" and event.get("handover"):
                chosen.add(event["part"])
            if event.get("kind") in ("movement", "tracking"):
                continue
            if event.get("kind") == "handover" and event["part"] not in chosen:
                continue
            if kind in ("PromiseKept", "PromiseBroken", "BreachCorrected"):
                verdicts[event["promise"]] = kind != "PromiseBroken"
                kept_last[event["part"], event["kind"]] = event["promise"]
            if kind == "BreachCorrected":
                del verdicts[event["promise"]]
            for reopened in REOPENED.get(kind, ()):
                promise = kept_last.get((event["part"], reopened), b"")
                if verdicts.get(promise):
                    del verdicts[promise]
    by_itself = [
        (UUID(bytes=event["order"]), event["remedy"])
        for events in (await raw_events(played, "remedies")).values()
        for event in events
        if event["type"] == "BreachCompensated"
    ]
    assert by_itself
    kept = await total(played, FigureName.PROMISE_KEPT)
    assert (kept.numerator, kept.denominator) == (sum(verdicts.values()), len(verdicts))
    async with Outside(played.url) as outside:
        ((count, took),) = await outside.rows(
            "SELECT count(*), sum(sent_seconds)::bigint FROM refund WHERE sent_at IS NOT NULL"
            " AND NOT (order_id, remedy) IN (SELECT * FROM unnest($1::uuid[], $2::int[]))",
            [order for order, _ in by_itself],
            [remedy for _, remedy in by_itself],
        )
    refunds = await total(played, FigureName.REFUND_TIME)
    assert (refunds.denominator, refunds.numerator) == (count, took)
    assert count


@pytest.mark.asyncio(loop_scope="module")
async def test_every_break_down_adds_up_and_opens_to_as_many_rows(played: Parts) -> None:
    view = played.views.figures
    for one in FIGURES:
        whole = await total(played, one.name)
        for by in By:
            parts = await view.values(reader=ADMIN, figure=one.name, asked=SPAN, by=by)
            sums = [sum(values) for values in zip(*map(counted, parts), strict=True)]
            assert sums == list(counted(whole)), (one.name, by)
        counts = whole.denominator
        if one.name is FigureName.PAUSED_SHARE:
            # It divides by time: its rows are counted otherwise.
            counts = sum(case.paused[2] for case in await raw_cases(played))
        for part, size in (
            (Part.DENOMINATOR, counts),
            (Part.EXCLUDED, whole.excluded),
        ):
            assert await size_of(played, one.name, part) == size, (one.name, part)


def counted(value: Value) -> tuple[int, int, int]:
    return value.numerator, value.denominator, value.excluded


async def size_of(parts: Parts, figure: FigureName, part: Part) -> int:
    """How many rows there are behind it, page by page, each once."""
    seen: list[tuple[UUID, int]] = []
    after = None
    while True:
        page = await parts.views.figures.rows(
            reader=ADMIN, figure=figure, asked=SPAN, part=part, after=after, limit=7
        )
        seen += [(one.stream, one.number) for one in page]
        if len(page) < 7:
            assert len(set(seen)) == len(seen)
            return len(seen)
        after = ByEnd(page[-1].at, page[-1].stream, page[-1].number)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_merchants_supervisor_sees_what_came_to_their_desk_and_no_more(
    played: Parts,
) -> None:
    view, figure = played.views.figures, FigureName.RESOLUTION
    by_desk = await view.values(reader=ADMIN, figure=figure, asked=SPAN, by=By.DESK)
    theirs = next(one for one in by_desk if one.group.startswith("merchant:"))
    desk = Desk(DeskKind.MERCHANT, UUID(theirs.group.partition(":")[2]))
    boss = Reader(Actor(Role.AGENT, uuid4()), (desk,), (desk,))
    seen = await view.values(reader=boss, figure=figure, asked=SPAN, by=By.DESK)
    assert seen == [theirs]
    foreign = msgspec.structs.replace(SPAN, desk=PLATFORM)
    for reader, asked in (
        (boss, foreign),
        (Reader(Actor(Role.AGENT, uuid4()), (desk,)), SPAN),
        (Reader(Actor(Role.CONSUMER, uuid4())), SPAN),
    ):
        with pytest.raises(NotSeen):
            await view.values(reader=reader, figure=figure, asked=asked, by=By.TOTAL)
        with pytest.raises(NotSeen):
            await view.rows(
                reader=reader,
                figure=figure,
                asked=asked,
                part=Part.DENOMINATOR,
                after=None,
                limit=1,
            )


@pytest.mark.asyncio(loop_scope="module")
async def test_working_it_out_again_changes_nothing(played: Parts) -> None:
    rows = "SELECT * FROM outcome ORDER BY bucket, kind, stream, number"
    async with Outside(played.url) as outside:
        before = await outside.rows(rows)
        await outside.run(
            "INSERT INTO outcome_due SELECT bucket, id, kind, version, at FROM state "
            "WHERE kind IN ('conversation', 'order', 'remedies')"
        )
        assert await played.outcomes.run_all() > 0
        assert await outside.rows(rows) == before
        assert await outside.value("SELECT count(*) FROM outcome_due") == 0
