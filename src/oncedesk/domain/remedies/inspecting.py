"""What the merchant found in what came back: accepted, in part, or not; or nothing was said."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec.structs import replace

from oncedesk.domain.remedies.authorising import BY_DESK, speaks_for
from oncedesk.domain.remedies.contesting import contested_for
from oncedesk.domain.remedies.evolve import evolve
from oncedesk.domain.remedies.journey import Contest, Out
from oncedesk.domain.remedies.messages import Answer, RemedyEvent
from oncedesk.domain.remedies.messages.asking import FACTS_MAX, RemedyRefused
from oncedesk.domain.remedies.messages.returning import (
    Back,
    InspectReturn,
    RefusedLine,
    ReturnInspected,
    ReturnSplit,
    TakeBack,
)
from oncedesk.domain.remedies.paying import goods_due, journey_rule, onward
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.returning import NO_RETURN
from oncedesk.domain.remedies.state import LIVE_LINES_MAX, LIVE_MAX, Remedies, Remedy
from oncedesk.domain.remedies.words import Clock, ClockKind, DecidedBy, Line, Status, WantedLine
from oncedesk.domain.shared.allowing import PEOPLE
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.money import split_minor
from oncedesk.domain.shared.records import Record


def inspect(
    state: Remedies, remedy: Remedy, command: InspectReturn, facts: Facts, purchase: Purchase
) -> Answer:
    """What is accepted is made good at once; the rest is refused, with reasons and evidence."""
    journey = remedy.journey
    if journey is None or journey.back is not Back.RECEIVED:
        return Refusal("nothing_to_inspect", "a return that was received and is not inspected")
    wrong = _wrong(state, remedy, command)
    if wrong is not None:
        return wrong
    by = _by(remedy, command, facts)
    inspected = replace(
        _inspected(state, remedy, by, facts),
        refused=command.refused,
        evidence=command.evidence,
        agent=command.agent,
    )
    events: list[RemedyEvent] = [inspected]
    state = evolve(state, inspected)
    remedy = state.the_remedy(remedy.number)
    if command.refused:
        kept, rest = _kept(remedy.lines, command.refused)
        if _was_sent_ahead(remedy):
            # The consumer has others already: whether they may keep them the platform says.
            contested = contested_for(
                state=state,
                remedy=remedy,
                reason=command.refused[0].reason,
                evidence=command.evidence,
                agent=command.agent,
                facts=facts,
                lines=_units(command.refused) if kept else (),
            )
            state = evolve(state, contested)
            more = onward(state=state, remedy=remedy.number, facts=facts, purchase=purchase)
            return [*events, contested, *more]
        if not kept:
            return [*events, _refused(state, remedy, command, by, facts)]
        split = _split(state, remedy, kept, rest, command, facts)
        events.append(split)
        state = evolve(state, split)
    more = onward(state=state, remedy=remedy.number, facts=facts, purchase=purchase)
    return [*events, *more]


def _units(refused: Sequence[RefusedLine]) -> tuple[WantedLine, ...]:
    return tuple(WantedLine(one.part, one.item, one.quantity) for one in refused)


def _was_sent_ahead(remedy: Remedy) -> bool:
    """Whether others have left in the place of what came back, and nobody has contested that."""
    journey = remedy.journey
    assert journey is not None
    ahead = journey.out in (Out.UNDER_WAY, Out.ARRIVED)
    return ahead and journey.contest is Contest.NONE


def not_inspected(
    *, state: Remedies, remedy: Remedy, facts: Facts, purchase: Purchase
) -> list[RemedyEvent]:
    """Nobody looked in time: it counts as accepted in full, at the merchant's charge."""
    inspected = _inspected(state, remedy, DecidedBy.SILENCE, facts)
    after = evolve(state, inspected)
    return [inspected, *onward(state=after, remedy=remedy.number, facts=facts, purchase=purchase)]


def take_back(state: Remedies, remedy: Remedy, command: TakeBack, facts: Facts) -> Answer:
    """The merchant sends back what it did not accept; if it does not, the money is owed."""
    del command
    journey = remedy.journey
    if journey is None or not can_go_back(remedy):
        return NO_RETURN
    return [goods_due(state=state, remedy=remedy, facts=facts, their_own=True)]


def can_go_back(remedy: Remedy) -> bool:
    """Whether it was refused while its goods lie with the merchant, and nobody sends them yet."""
    journey = remedy.journey
    return (
        journey is not None
        and remedy.status is Status.REFUSED
        and journey.at_merchant
        and not journey.their_own
    )


class _Halves(Record, frozen=True):
    """Lines in two, and of what each was the place in the whole."""

    lines: tuple[Line, ...]
    places: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.lines)


def _wrong(state: Remedies, remedy: Remedy, command: InspectReturn) -> Refusal | None:
    bought = {(line.part, line.item): line.quantity for line in remedy.lines}
    seen: set[tuple[int, int]] = set()
    for one in command.refused:
        key = one.part, one.item
        if key not in bought:
            return Refusal("item_unknown", "a line of this remedy", "refused")
        if key in seen:
            return Refusal("line_twice", "each item once", "refused")
        seen.add(key)
        if one.quantity > bought[key]:
            return Refusal("quantity_exceeds_returned", f"{bought[key]} came back", "refused")
    if not command.refused:
        return None
    if not command.evidence:
        return Refusal("evidence_missing", "pictures of what is not accepted", "evidence")
    if len(state.live) >= LIVE_MAX:
        return Refusal("remedies_too_many", f"at most {LIVE_MAX} at a time")
    lines = sum(len(one.lines) for one in state.live) + len(command.refused)
    if lines > LIVE_LINES_MAX:
        return Refusal("lines_too_many", f"at most {LIVE_LINES_MAX} in remedies that run")
    return None


def _by(remedy: Remedy, command: InspectReturn, facts: Facts) -> DecidedBy:
    """In whose name it is said: of people in that of their own desk, of the marketplace's programs
    in the merchant's."""
    if facts.actor.role not in PEOPLE:
        return DecidedBy.MERCHANT
    if remedy.desk is None or command.agent is None:
        return DecidedBy.PLATFORM
    return BY_DESK[speaks_for(command.agent, desk=remedy.desk, facts=facts).kind]


def _inspected(state: Remedies, remedy: Remedy, by: DecidedBy, facts: Facts) -> ReturnInspected:
    return ReturnInspected(
        **state.about(remedy.number, facts.now), by=by, rule=journey_rule(remedy, facts).id
    )


def _refused(
    state: Remedies, remedy: Remedy, command: InspectReturn, by: DecidedBy, facts: Facts
) -> RemedyRefused:
    return RemedyRefused(
        **state.about(remedy.number, facts.now),
        by=by,
        reason=command.refused[0].reason,
        rule=remedy.rule,
        clock=_objection(remedy, facts),
        agent=command.agent,
        facts=tuple(dict.fromkeys(one.reason for one in command.refused))[:FACTS_MAX],
        evidence=command.evidence,
        pack=remedy.pack,
        objection="dispute",
        shown=len(command.evidence),
    )


def _objection(remedy: Remedy, facts: Facts) -> Clock:
    """Until when the consumer may dispute it; after that the goods go back to them."""
    rule = facts.packs.by_hash(remedy.pack).remedies.settling
    until = facts.now + timedelta(seconds=rule.objection_seconds)
    return Clock(ClockKind.OBJECTION, until, rule.id)


def _kept(lines: Sequence[Line], refused: Sequence[RefusedLine]) -> tuple[_Halves, _Halves]:
    """What is kept and what is not; the units of a line share its amounts, and none is lost."""
    away = {(one.part, one.item): one.quantity for one in refused}
    kept: list[Line] = []
    rest: list[Line] = []
    kept_places: list[int] = []
    rest_places: list[int] = []
    for place, line in enumerate(lines):
        less = away.get((line.part, line.item), 0)
        weights = [line.quantity - less, less]
        amounts = split_minor(line.amount_minor, weights)
        subsidies = split_minor(line.subsidy_minor, weights)
        commissions = split_minor(line.commission_minor, weights)
        befores = split_minor(line.before_minor, weights)
        differences = split_minor(line.difference_minor, weights)
        for half, found, places in ((0, kept, kept_places), (1, rest, rest_places)):
            if weights[half]:
                found.append(
                    replace(
                        line,
                        quantity=weights[half],
                        amount_minor=amounts[half],
                        subsidy_minor=subsidies[half],
                        commission_minor=commissions[half],
                        before_minor=befores[half],
                        difference_minor=differences[half],
                    )
                )
                places.append(place)
    return _Halves(tuple(kept), tuple(kept_places)), _Halves(tuple(rest), tuple(rest_places))


def _split(
    state: Remedies,
    remedy: Remedy,
    kept: _Halves,
    rest: _Halves,
    command: InspectReturn,
    facts: Facts,
) -> ReturnSplit:
    """The rest has its part of the amount; what is for no line (shipping) stays with the kept.

    Of an exchange each half has the difference of its own goods, unless it has become money.
    """
    sums = [sum(line.amount_minor for line in half.lines) for half in (kept, rest)]
    goods_minor = min(sum(sums), remedy.amount_minor)
    rest_minor = split_minor(goods_minor, sums)[1] if any(sums) else 0
    difference_minor = 0
    if remedy.replacements and remedy.kind.goes_out:
        difference_minor = sum(line.difference_minor for line in rest.lines)
        kept_minor = max(0, difference_minor - remedy.difference_minor)
        rest_minor = remedy.amount_minor - min(remedy.amount_minor, kept_minor)
    weights = [share.minor for share in remedy.shares]
    rests = split_minor(rest_minor, weights) if weights else ()
    pairs = list(zip(remedy.shares, rests, strict=True))
    return ReturnSplit(
        **state.about(remedy.number, facts.now),
        lines=kept.lines,
        amount_minor=remedy.amount_minor - rest_minor,
        shares=tuple(replace(share, minor=share.minor - minor) for share, minor in pairs),
        replacements=_of(remedy, kept),
        rest=state.numbered + 1,
        rest_lines=rest.lines,
        rest_minor=rest_minor,
        rest_shares=tuple(replace(share, minor=minor) for share, minor in pairs),
        rest_replacements=_of(remedy, rest),
        reason=command.refused[0].reason,
        clock=_objection(remedy, facts),
        rest_difference_minor=difference_minor,
        shown=len(command.evidence),
    )


def _of(remedy: Remedy, half: _Halves) -> tuple:  # type: ignore[type-arg]
    """The replacements of these lines; there is one a line, or none."""
    return tuple(
        remedy.replacements[place] for place in half.places if place < len(remedy.replacements)
    )
