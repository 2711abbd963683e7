"""Rules that are not published yet: checked, compared, tried on the past, and then published."""

import asyncio
from datetime import date, timedelta
from functools import lru_cache
from typing import Annotated, Literal
from uuid import UUID, uuid4

import msgspec
from litestar import Response
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from oncedesk.backtesting.summary import Summary
from oncedesk.backtesting.trials import Asked, CandidateGone, TrialRuns, status_of
from oncedesk.domain.rulebook.messages import Reason
from oncedesk.domain.shared.bounds import Moment
from oncedesk.domain.shared.ids import BUCKETS
from oncedesk.domain.shared.rulepack import Pack, PackUnknown
from oncedesk.http.admin.packs import Folder, MarketPath, Rulebook, announce, invalid, loaded
from oncedesk.http.bodies import Body
from oncedesk.http.call import Call
from oncedesk.http.openapi import Plain, Question
from oncedesk.http.parameters import Id
from oncedesk.http.problems import Refused, problem
from oncedesk.http.routes import delete, get, post
from oncedesk.http.shapes.rules import Difference, difference_shape
from oncedesk.publishing import Announcement, first_days
from oncedesk.rules.loading import ChangesTooOften, RuleFolder
from oncedesk.rules.problems import PackInvalid
from oncedesk.rules.tabulating import difference
from oncedesk.storage.candidates import CandidateRow

ERRORS_MAX = 200
DAYS_MAX = 100
Count = Annotated[int, Meta(ge=0)]
OnDay = Annotated[
    date | None, QueryParameter(description="As it reads on this day; else in the end")
]


class DayPack(msgspec.Struct, frozen=True, kw_only=True):
    """From this day on the folder reads as this pack."""

    day: date
    pack_hash: str


class TrialShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A backtest: `done` with its `found`, `failed` with its `error`, `running` or, after a restart
    or a crash, `lost`. Then it has to be begun again."""

    status: Literal["running", "done", "failed", "lost"]
    begun_at: Moment | None
    since: Moment
    day: date
    against: Literal["in_force", "recorded"]
    buckets: Count
    buckets_all: Count
    error: str = ""
    found: Summary | None = None


class CandidateShape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A folder of rules that is tried: as which packs it reads, and its last backtest."""

    id: UUID
    market: str
    version: str
    made_at: Moment
    made_by: str
    days: tuple[DayPack, ...]
    trial: TrialShape | None = None


class Candidates(msgspec.Struct, frozen=True):
    """Those of a market, the newest first; twenty are kept."""

    items: tuple[CandidateShape, ...]


class RuleError(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong in which file, under which key."""

    file: str
    key: str
    expected: str


class Checked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A candidate, or what is wrong with it: the first two hundred errors of so many."""

    errors: tuple[RuleError, ...]
    errors_total: Count
    candidate: CandidateShape | None = None


class Standing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A candidate, and the first days from which it could hold: as an ordinary change, and as a
    major one. None where nobody has to be told."""

    candidate: CandidateShape
    first_day: date | None = None
    first_day_major: date | None = None


class WantedTrial(Body, frozen=True, kw_only=True):
    """What to look at: decisions of the last `days`, at most about so many. The candidate is taken
    as it reads on `day`, or else in the end; compared with the rules in force, or with what was
    recorded."""

    days: Annotated[int, Meta(ge=1, le=366)] = 30
    decisions: Annotated[int, Meta(ge=1, le=5_000_000)] = 200_000
    day: date | None = None
    against: Literal["in_force", "recorded"] = "in_force"


class Publishing(Body, frozen=True, kw_only=True):
    """From when it is to hold, and why; without a day from the first that notice allows."""

    reason: Reason
    first_day: date | None = None
    major: bool = False


@post("/markets/{market:str}/candidates", Plain, "checkRules", "Check a folder of rules")
async def check(request: Call, market: MarketPath, data: JSONBody[Folder]) -> Checked:
    """Every error with its file and key; without any it is kept as a candidate."""
    try:
        folder = await asyncio.to_thread(loaded, data.files, days_max=DAYS_MAX)
    except ChangesTooOften:
        said = f"changes on at most {DAYS_MAX} days"
        raise Refused(problem("body_invalid", said, field="files")) from None
    except PackInvalid as wrong:
        errors = tuple(
            RuleError(file=one.file, key=one.key[:400], expected=one.expected[:1_000])
            for one in wrong.errors[:ERRORS_MAX]
        )
        return Checked(errors=errors, errors_total=len(wrong.errors))
    if folder.market != market:
        raise Refused(problem("body_invalid", f"rules of the market {market}", field="files"))
    days = await asyncio.to_thread(_days, folder)
    row = CandidateRow(
        id=uuid4(),
        market=market,
        version=folder.head.version,
        days=msgspec.json.encode(days),
        made_at=request.now,
        made_by=request.principal.name,
    )
    files = msgspec.json.encode(data.files)
    await request.service.parts.candidates.add(row, files=files)
    return Checked(errors=(), errors_total=0, candidate=_shape(request, row))


@get("/markets/{market:str}/candidates", Question, "listCandidates", "The candidates of a market")
async def list_candidates(request: Call, market: MarketPath) -> Candidates:
    """Those that were checked without an error."""
    rows = await request.service.parts.candidates.of_market(market)
    return Candidates(tuple(_shape(request, row) for row in rows))


@get("/candidates/{candidate:uuid}", Question, "readCandidate", "A candidate")
async def read(request: Call, candidate: Id) -> Standing:
    """From when it could hold, and what its backtest found. Ask again while it runs."""
    row, folder = await _found(request, candidate)
    report = await request.service.parts.candidates.report(candidate)
    first = await first_days(request.service.parts, folder)
    return Standing(
        candidate=_shape(request, row, report),
        first_day=first.ordinary,
        first_day_major=first.major,
    )


@delete(
    "/candidates/{candidate:uuid}", Plain, "removeCandidate", "A candidate is not wanted any more"
)
async def remove(request: Call, candidate: Id) -> None:
    """Its backtest ends, too. What was published of it stays."""
    if not await request.service.parts.candidates.remove(candidate):
        raise Refused(problem("not_found"))


@get(
    "/candidates/{candidate:uuid}/difference",
    Question,
    "compareCandidate",
    "What a candidate would change",
)
async def compare(request: Call, candidate: Id, day: OnDay = None) -> Difference:
    """Row by row against the rules in force now."""
    row, folder = await _found(request, candidate)
    after = await asyncio.to_thread(_pack, folder, day)
    held = _held(request, row.market)
    return difference_shape(held, after, await asyncio.to_thread(difference, held, after))


@post(
    "/candidates/{candidate:uuid}/backtest",
    Plain,
    "beginBacktest",
    "Try a candidate on the past",
    status=202,
)
async def begin(
    request: Call, candidate: Id, data: JSONBody[WantedTrial]
) -> Response[CandidateShape]:
    """It runs beside the service, one at a time, and its candidate says how far it is. The one
    before is forgotten. A restart ends it."""
    row, folder = await _found(request, candidate)
    day = data.day or folder.days()[-1]
    _held(request, row.market)
    asked = Asked(
        since=request.now - timedelta(days=data.days),
        decisions_max=data.decisions,
        day=day,
        recorded=data.against == "recorded",
    )
    try:
        await request.service.trials.begin(candidate, _pack(folder, day), asked)
    except TrialRuns:
        raise Refused(problem("backtest_running", "one after the other")) from None
    except CandidateGone:
        raise Refused(problem("not_found")) from None
    row, _ = await _found(request, candidate)
    return Response(_shape(request, row), status_code=202)


@post("/candidates/{candidate:uuid}/publication", Plain, "publishCandidate", "Publish a candidate")
async def publish(request: Call, candidate: Id, data: JSONBody[Publishing]) -> Rulebook:
    """With the notice that the rules in force ask for."""
    _, folder = await _found(request, candidate)
    asked = Announcement(data.first_day, data.reason, data.major, request.principal.actor)
    return await announce(request, folder, asked)


ROUTES = (check, list_candidates, read, remove, compare, begin, publish)


async def _found(request: Call, candidate: UUID) -> tuple[CandidateRow, RuleFolder]:
    """The candidate and its folder. Raises `Refused`; also where a newer program knows better what
    is wrong with it."""
    kept = request.service.parts.candidates
    row, files = await kept.find(candidate), await kept.files(candidate)
    if row is None or files is None:
        raise Refused(problem("not_found"))
    try:
        folder = await asyncio.to_thread(_read, files)
    except PackInvalid as error:
        raise Refused(invalid(error)) from None
    return row, folder


@lru_cache(maxsize=4)
def _read(files: bytes) -> RuleFolder:
    """The folder that was kept; a page asks about one each second while its backtest runs."""
    return loaded(msgspec.json.decode(files, type=dict[str, str]))


def _days(folder: RuleFolder) -> tuple[DayPack, ...]:
    return tuple(DayPack(day=day, pack_hash=folder.pack(day).hash) for day in folder.days())


def _held(request: Call, market: str) -> Pack:
    """The pack in force. Raises `Refused` where there is none to compare with."""
    try:
        return request.packs.current(market)
    except PackUnknown:
        raise Refused(problem("pack_unknown", "a market in which rules hold already")) from None


def _pack(folder: RuleFolder, day: date | None) -> Pack:
    try:
        return folder.pack(day or folder.days()[-1])
    except PackInvalid as error:
        raise Refused(problem("parameter_invalid", str(error)[:2000], field="day")) from None


def _shape(request: Call, row: CandidateRow, report: bytes | None = None) -> CandidateShape:
    return CandidateShape(
        id=row.id,
        market=row.market,
        version=row.version,
        made_at=row.made_at,
        made_by=row.made_by,
        days=msgspec.json.decode(row.days, type=tuple[DayPack, ...]),
        trial=_trial(request, row, report),
    )


def _trial(request: Call, row: CandidateRow, report: bytes | None) -> TrialShape | None:
    if row.asked is None:
        return None
    asked = msgspec.json.decode(row.asked, type=Asked)
    return TrialShape(
        status=msgspec.convert(
            status_of(row, now=request.now), Literal["running", "done", "failed", "lost"]
        ),
        begun_at=row.begun_at,
        since=asked.since,
        day=asked.day,
        against="recorded" if asked.recorded else "in_force",
        buckets=row.buckets,
        buckets_all=BUCKETS,
        error=row.error,
        found=None if report is None else msgspec.json.decode(report, type=Summary),
    )
