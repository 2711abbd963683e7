"""Takes the cases out of the journal: each decision that was recorded, with its facts as then."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref
from oncedesk.engine.backtest.questions import Case, Past, Question, Reason, Step, Unknown
from oncedesk.engine.codec import Codec
from oncedesk.engine.histories import Histories, JournalEntry, Stream, StreamReader, fold, said
from oncedesk.engine.ports import FactSeen, Unreadable


class Taken(Record, frozen=True):
    """What was found in some streams for one question."""

    question: Question
    cases: Sequence[Case]
    unknown: Sequence[Unknown]


class Taking:
    """Keeps what decisions rested on, for the next ones. Those before `since` are left out."""

    def __init__(
        self,
        *,
        reader: StreamReader,
        codec: Codec,
        questions: Sequence[Question],
        since: datetime | None = None,
    ) -> None:
        self._since = since
        self._codec = codec
        self._reader = reader
        self._histories = Histories(reader, codec)
        self._questions = questions

    async def take(self, refs: Sequence[Ref]) -> Sequence[Taken]:
        """All that was decided in these streams, by question."""
        streams = await self._reader.read(refs)
        pasts = [self._past(stream) for stream in streams]
        await self._histories.fetch(self._rested_on(pasts))
        return [self._taken(question, pasts) for question in self._questions]

    def _past(self, stream: Stream) -> "_Past":
        """The steps up to the first that does not fit; with it everything after is in doubt."""
        wrong: list[int] = []

        def note(version: int, _what: str) -> None:
            wrong.append(version)

        states = fold(self._codec.deciders[stream.ref.kind], stream, note)
        sound = [one for one in stream.entries if not wrong or one.version < wrong[0]]
        steps = [
            Step(entry, before, after)
            for entry, before, after in zip(sound, states, states[1:], strict=False)
        ]
        return _Past(Past(stream.ref, steps), stream.entries[len(steps) :])

    def _rested_on(self, pasts: Iterable["_Past"]) -> Iterator[Ref]:
        for question in self._questions:
            if question.sees:
                for one in pasts:
                    for step in self._decided(question, one.past):
                        for fact in _facts(question, step.entry) or ():
                            yield fact.ref

    def _taken(self, question: Question, pasts: Iterable["_Past"]) -> Taken:
        cases: list[Case] = []
        unknown: list[Unknown] = []
        for one in pasts:
            for step in self._decided(question, one.past):
                for found in self._found(question, step, one.past):
                    if isinstance(found, Case):
                        cases.append(found)
                    else:
                        unknown.append(found)
            if one.past.ref.kind is question.kind:
                lost = sum(
                    self._counts(entry) and _may_decide(question, entry.events) for entry in one.gap
                )
                unknown += [Unknown(Reason.JOURNAL_INCOMPLETE)] * lost
        return Taken(question, cases, unknown)

    def _decided(self, question: Question, past: Past) -> Iterator[Step]:
        if past.ref.kind is question.kind:
            for step in past.steps:
                if self._counts(step.entry) and _may_decide(question, step.entry.events):
                    yield step

    def _counts(self, entry: JournalEntry) -> bool:
        return self._since is None or self._since <= entry.at

    def _found(self, question: Question, step: Step, past: Past) -> Iterable[Case | Unknown]:
        facts = _facts(question, step.entry)
        if facts is None or isinstance(step.entry.command, Unreadable):
            return (Unknown(Reason.UNREADABLE),)
        seen = self._histories.known(facts)
        if seen is None:
            return (Unknown(Reason.FACTS_MISSING),)
        try:
            return [*question.cases(step, seen, past)]
        except Exception as error:  # noqa: BLE001
            # One decision must not end a backtest of millions; it is counted, and so is why.
            return (Unknown(Reason.FAILED, said(error)),)


class _Past(Record, frozen=True):
    """What fits of a stream, and what comes after it."""

    past: Past
    gap: Sequence[JournalEntry]


def _may_decide(question: Question, events: Sequence[Any] | Unreadable) -> bool:
    return isinstance(events, Unreadable) or question.decides(events)


def _facts(question: Question, entry: JournalEntry) -> Sequence[FactSeen] | None:
    """Those that the question looks at; None where they cannot be read."""
    if isinstance(entry.facts, Unreadable):
        return None
    return [fact for fact in entry.facts if fact.ref.kind in question.sees]
