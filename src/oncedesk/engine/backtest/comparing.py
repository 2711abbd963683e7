"""Compares what two packs make of the same cases, and counts where they differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from oncedesk.domain.shared.money import Money, split_minor
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.rulepack import Pack
from oncedesk.engine.backtest.outcomes import Held, Outcome, Term
from oncedesk.engine.backtest.questions import Case, Question, Reason, Unknown
from oncedesk.engine.backtest.tallies import (
    EXAMPLES_KEPT,
    Example,
    MerchantTally,
    QuestionTally,
    Shift,
)
from oncedesk.engine.histories import said

ERROR_LENGTH_MAX = 200
MERCHANT = "merchant"
"""Who pays or is liable, where that is the merchant whose decision it is."""
NOTHING = "nothing"


class Rivals(Record, frozen=True):
    """The packs compared, by market; `against` None: with what was recorded.

    `own` are the packs under which decisions were made, by hash: what they decide otherwise today
    than then was changed by the program, and by no pack.
    """

    candidate: Mapping[str, Pack]
    against: Mapping[str, Pack] | None
    own: Mapping[str, Pack]


def compare(
    *,
    question: Question,
    cases: Iterable[Case],
    unknown: Iterable[Unknown],
    rivals: Rivals,
    tally: QuestionTally,
) -> None:
    """Decide these cases again and add what is found to the tally."""
    for one in unknown:
        tally.unknown[one.reason] += 1
        if one.error:
            tally.failures[one.error[:ERROR_LENGTH_MAX]] += 1
    for case in cases:
        try:
            pair = _decide(question, case, rivals)
        except Exception as error:  # noqa: BLE001
            # As where the cases are taken: counted, and not the end.
            tally.unknown[Reason.FAILED] += 1
            tally.failures[said(error)[:ERROR_LENGTH_MAX]] += 1
            continue
        if isinstance(pair, Reason):
            tally.unknown[pair] += 1
            continue
        tally.decided += 1
        if pair is not None:
            _note(question, case, pair, tally)


class _Pair(Record, frozen=True, array_like=True):
    """Two outcomes that differ."""

    before: Outcome
    after: Outcome


def _decide(question: Question, case: Case, rivals: Rivals) -> _Pair | Reason | None:
    """What differs; None if nothing does."""
    candidate = rivals.candidate.get(case.market)
    if candidate is None:
        return Reason.OTHER_MARKET
    if rivals.against is not None:
        against = rivals.against.get(case.market)
        if against is None:
            return Reason.OTHER_MARKET
        before = question.decide(case.facts, against)
        after = question.decide(case.facts, candidate)
        return None if after == before else _Pair(before, after)
    after = question.decide(case.facts, candidate)
    if after == case.recorded:
        return None
    own = rivals.own.get(case.pack)
    if own is None or question.decide(case.facts, own) != case.recorded:
        return Reason.NOT_REPRODUCED
    return _Pair(case.recorded, after)


def _note(question: Question, case: Case, pair: _Pair, tally: QuestionTally) -> None:
    tally.changed += 1
    differences = [*_note_words(question, pair, tally), *_note_terms(pair, tally)]
    differences += _note_amounts(pair, tally)
    if case.stake is not None:
        _note_stake(case.stake, pair, tally)
    if case.merchant is not None:
        _note_merchant(tally.merchants.setdefault(case.merchant, MerchantTally()), pair)
    if len(tally.examples) < EXAMPLES_KEPT or case.key < tally.examples[-1].key:
        tally.keep((_example(question, case, differences),))


def _note_words(question: Question, pair: _Pair, tally: QuestionTally) -> Iterator[str]:
    before, after = pair.before.words, pair.after.words
    for name, was, now in zip(question.words, before, after, strict=True):
        if was != now:
            tally.words[name, was, now] += 1
            yield f"{name}: {was or NOTHING} -> {now or NOTHING}"


def _note_terms(pair: _Pair, tally: QuestionTally) -> Iterator[str]:
    before = {term.name: term for term in pair.before.terms}
    after = {term.name: term for term in pair.after.terms}
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        shift = tally.shifts.setdefault(name, Shift())
        if was is None or now is None:
            shift.new += was is None
            shift.gone += now is None
        else:
            _note_shift(was, now, shift)
        held = (_held(was), _held(now))
        if held[0] != held[1]:
            tally.held[name, *held] += 1
        yield f"{name}: {_shown(was)} -> {_shown(now)}"


def _note_shift(was: Term, now: Term, shift: Shift) -> None:
    seconds = _later_by(was, now)
    if seconds > 0:
        shift.later += 1
        shift.later_seconds += seconds
    elif seconds < 0:
        shift.earlier += 1
        shift.earlier_seconds -= seconds
    shift.warned_otherwise += was.warn_at != now.warn_at


def _note_amounts(pair: _Pair, tally: QuestionTally) -> Iterator[str]:
    """Who pays how much, of what changes at all."""
    for amounts, counted in (
        (pair.before.amounts, tally.before_minor),
        (pair.after.amounts, tally.after_minor),
    ):
        for one in amounts:
            counted[one.payer, one.currency] += one.minor
    if pair.before.amounts != pair.after.amounts:
        yield f"{_paid(pair.before)} -> {_paid(pair.after)}"


def _note_stake(stake: Money, pair: _Pair, tally: QuestionTally) -> None:
    """What was paid for it, and who is liable for how much of that."""
    tally.stake_minor[stake.currency] += stake.minor
    if pair.before.liable == pair.after.liable:
        return
    for liable, counted in (
        (pair.before.liable, tally.liable_before),
        (pair.after.liable, tally.liable_after),
    ):
        if liable:
            shares = split_minor(stake.minor, [one.percent for one in liable])
            for one, minor in zip(liable, shares, strict=True):
                counted[one.who, stake.currency] += minor


def _note_merchant(tally: MerchantTally, pair: _Pair) -> None:
    """Better or worse: by money, else by liability, broken promises, work, time, in this order."""
    before, after = _burden(pair.before), _burden(pair.after)
    pays = after.pays_minor - before.pays_minor
    percent = after.liable_percent - before.liable_percent
    broken, owned = after.broken - before.broken, after.owned - before.owned
    seconds = _merchants_seconds(pair)
    if pays:
        # An order has one currency.
        tally.pays_minor[after.currency or before.currency] += pays
    tally.decisions += 1
    tally.liable_percent += percent
    tally.broken += broken
    tally.owned += owned
    tally.seconds += seconds
    weight = next((one for one in (pays, percent, broken, owned, -seconds) if one), 0)
    tally.better += weight < 0
    tally.worse += weight > 0


class _Burden(Record, frozen=True):
    """What an outcome asks of the merchant."""

    pays_minor: int
    currency: str
    liable_percent: int
    broken: int
    owned: int


def _burden(outcome: Outcome) -> _Burden:
    paid = [one for one in outcome.amounts if one.payer == MERCHANT]
    return _Burden(
        pays_minor=sum(one.minor for one in paid),
        currency=paid[0].currency if paid else "",
        liable_percent=sum(one.percent for one in outcome.liable if one.who == MERCHANT),
        broken=sum(one.merchants and one.held is Held.BROKEN for one in outcome.terms),
        owned=int(outcome.owner is not None),
    )


def _merchants_seconds(pair: _Pair) -> int:
    after = {term.name: term for term in pair.after.terms if term.merchants}
    return sum(
        _later_by(term, after[term.name])
        for term in pair.before.terms
        if term.merchants and term.name in after
    )


def _later_by(was: Term, now: Term) -> int:
    """Whole seconds."""
    if was.due_at is None or now.due_at is None:
        return 0
    return int((now.due_at - was.due_at).total_seconds())


def _example(question: Question, case: Case, differences: Sequence[str]) -> Example:
    return Example(
        case.key,
        question.kind,
        case.stream,
        case.version,
        case.at,
        case.merchant,
        tuple(differences),
    )


def _held(term: Term | None) -> str:
    return NOTHING if term is None or term.held is None else term.held


def _shown(term: Term | None) -> str:
    if term is None:
        return NOTHING
    parts = [] if term.due_at is None else [f"{term.due_at:%Y-%m-%d %H:%M:%S}"]
    parts += [] if term.held is None else [term.held.value]
    return ", ".join(parts) or NOTHING


def _paid(outcome: Outcome) -> str:
    paid = [f"{one.payer} pays {one.minor} {one.currency}" for one in outcome.amounts]
    return ", ".join(paid) or NOTHING
