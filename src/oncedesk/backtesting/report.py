"""What a backtest tells, and what it cannot know."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from oncedesk.backtesting.choosing import Chosen
from oncedesk.backtesting.work import Done
from oncedesk.domain.shared.records import Record
from oncedesk.engine.backtest.questions import EXPLAINED
from oncedesk.engine.backtest.registry import QUESTIONS
from oncedesk.engine.backtest.tallies import Example, MerchantTally, QuestionTally

MERCHANTS_SHOWN = 10

ASSUMPTIONS = (
    (
        "People are assumed to have done what they did: who wrote, answered or shipped when is"
        " taken as recorded, although other deadlines would have changed some of it."
    ),
    (
        "What was refused then, or came to nothing, is not recorded, so what looser rules would"
        " have given is not known."
    ),
    (
        "Later clocks are counted at the desk that had the case, even where the other pack would"
        " have sent it elsewhere."
    ),
    (
        "What follows by itself when a clock runs out is not played on, nor is the case for a"
        " promise that only the other pack breaks."
    ),
    (
        "Amendments and reliefs count as they were given; reliefs that only another deadline would"
        " have needed are not looked for."
    ),
)


class PackNamed(Record, frozen=True):
    """A pack that was compared."""

    market: str
    version: str
    hash: str


class Count(Record, frozen=True):
    """So many of `name` went from `before` to `after`."""

    name: str
    before: str
    after: str
    count: int


class Moved(Record, frozen=True):
    """How the deadlines of one name move. Seconds are sums."""

    name: str
    earlier: int
    later: int
    earlier_seconds: int
    later_seconds: int
    warned_otherwise: int
    new: int
    gone: int


class Borne(Record, frozen=True):
    """What somebody pays or is liable for, of the decisions that change. Minor units."""

    who: str
    currency: str
    before_minor: int
    after_minor: int


class Uncertain(Record, frozen=True):
    """So many decisions could not be decided again, and why."""

    reason: str
    meaning: str
    count: int


class QuestionReport(Record, frozen=True):
    """All about one question. `stake_minor`: what was paid for what the changed ones were about."""

    name: str
    about: str
    decided: int
    changed: int
    unknown: tuple[Uncertain, ...]
    failures: Mapping[str, int]
    words: tuple[Count, ...]
    held: tuple[Count, ...]
    moved: tuple[Moved, ...]
    stake_minor: Mapping[str, int]
    pays: tuple[Borne, ...]
    liable: tuple[Borne, ...]
    examples: tuple[Example, ...]


class MerchantReport(Record, frozen=True):
    """What changes for one merchant; see `MerchantTally`."""

    merchant: UUID
    changes: MerchantTally


class Report(Record, frozen=True, kw_only=True):
    """What `oncedesk backtest --json` prints.

    `decisions` were recorded, `decided` of them were decided again. Of all 4,096 buckets `buckets`
    were looked through. `reading_seconds` and
    `deciding_seconds` are of processor time on all workers together, `seconds` on the wall.
    """

    candidate: tuple[PackNamed, ...]
    against: tuple[PackNamed, ...] | None
    decisions: int
    decided: int
    changed: int
    unknown: int
    buckets: int
    streams: int
    workers: int
    seconds: float
    reading_seconds: float
    deciding_seconds: float
    decisions_per_second_per_core: float
    questions: tuple[QuestionReport, ...]
    merchants_better: int
    merchants_worse: int
    winners: tuple[MerchantReport, ...]
    losers: tuple[MerchantReport, ...]
    assumptions: tuple[str, ...] = ASSUMPTIONS


def report_of(
    done: Done, *, candidate: Chosen, against: Chosen | None, workers: int, seconds: float
) -> Report:
    """What was counted, in the order in which people read it."""
    tallies = done.tallies.values()
    decided = sum(one.decided for one in tallies)
    unknown = sum(one.unknown.total() for one in tallies)
    ranked = _ranked(done)
    better = [one for one in ranked if _score(one) > 0]
    worse = [one for one in reversed(ranked) if _score(one) < 0]
    return Report(
        candidate=_named(candidate),
        against=None if against is None else _named(against),
        decisions=decided + unknown,
        decided=decided,
        changed=sum(one.changed for one in tallies),
        unknown=unknown,
        buckets=done.buckets,
        streams=done.streams,
        workers=workers,
        seconds=round(seconds, 3),
        reading_seconds=round(done.reading_seconds, 3),
        deciding_seconds=round(done.deciding_seconds, 3),
        decisions_per_second_per_core=round(decided / max(done.deciding_seconds, 1e-9)),
        questions=tuple(_question(name, tally) for name, tally in done.tallies.items()),
        merchants_better=len(better),
        merchants_worse=len(worse),
        winners=tuple(better[:MERCHANTS_SHOWN]),
        losers=tuple(worse[:MERCHANTS_SHOWN]),
    )


def _named(chosen: Chosen) -> tuple[PackNamed, ...]:
    return tuple(PackNamed(one.market, one.version, one.hash) for one in chosen.packs)


def _ranked(done: Done) -> list[MerchantReport]:
    """By how many more of their decisions are better than worse, the best first."""
    together: dict[UUID, MerchantTally] = {}
    for tally in done.tallies.values():
        for merchant, changes in tally.merchants.items():
            together.setdefault(merchant, MerchantTally()).add(changes)
    found = [MerchantReport(merchant, changes) for merchant, changes in together.items()]
    return sorted(found, key=lambda one: (-_score(one), one.merchant))


def _score(one: MerchantReport) -> int:
    return one.changes.better - one.changes.worse


def _question(name: str, tally: QuestionTally) -> QuestionReport:
    return QuestionReport(
        name=name,
        about=QUESTIONS[name].about,
        decided=tally.decided,
        changed=tally.changed,
        unknown=tuple(
            Uncertain(reason, EXPLAINED[reason], count)
            for reason, count in sorted(tally.unknown.items())
            if count
        ),
        failures=dict(tally.failures.most_common()),
        words=_counts(tally.words),
        held=_counts(tally.held),
        moved=tuple(
            Moved(
                name,
                shift.earlier,
                shift.later,
                shift.earlier_seconds,
                shift.later_seconds,
                shift.warned_otherwise,
                shift.new,
                shift.gone,
            )
            for name, shift in sorted(tally.shifts.items())
        ),
        stake_minor=dict(sorted(tally.stake_minor.items())),
        pays=_borne(tally.before_minor, tally.after_minor),
        liable=_borne(tally.liable_before, tally.liable_after),
        examples=tuple(tally.examples),
    )


def _counts(counted: Counter[tuple[str, str, str]]) -> tuple[Count, ...]:
    """The most frequent first."""
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Count(*key, count) for key, count in ordered)


def _borne(before: Counter[tuple[str, str]], after: Counter[tuple[str, str]]) -> tuple[Borne, ...]:
    return tuple(Borne(*key, before[key], after[key]) for key in sorted({*before, *after}))
