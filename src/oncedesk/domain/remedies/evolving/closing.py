"""How a remedy that is over is remembered: what it gave, and little else."""

from collections.abc import Sequence

from msgspec.structs import replace

from oncedesk.domain.remedies.messages.changing import ChargeTakenLate
from oncedesk.domain.remedies.state import (
    CLOSED_MAX,
    CLOSED_WITH_LEGS,
    ClosedLeg,
    ClosedRemedy,
    Given,
    Remedies,
    Remedy,
)
from oncedesk.domain.remedies.taking import added, exchanged, with_shipping
from oncedesk.domain.remedies.words import ChargeStatus, LegStatus, Status


def closed(
    state: Remedies, number: int, status: Status | None, *, refused_part: int = 0
) -> Remedies:
    """Forget a remedy but for what it gave."""
    remedy = state.the_remedy(number)
    unmet = remedy.status in (Status.REFUSED, Status.WITHDRAWN)
    last = status or (remedy.status if unmet else Status.CLOSED)
    if remedy.undone:
        last = Status.REFUSED if remedy.lapsed is None else Status.WITHDRAWN
    over = _over_again(remedy) or ClosedRemedy(
        number,
        remedy.kind,
        last,
        remedy.amount_minor if last is Status.CLOSED else 0,
        remedy.requested_at,
        remedy.settled_at,
        remedy.reason,
        _closed_legs(remedy),
        remedy.case,
        remedy.lapsed,
        refused_part,
        remedy.goodwill,
    )
    state = replace(
        state,
        live=tuple(one for one in state.live if one.number != number),
        closed=_remembered((*state.closed, over)),
    )
    if last is not Status.CLOSED:
        return state
    given = {(one.part, one.item): one for one in state.given}
    for line in remedy.lines:
        key = (line.part, line.item)
        before = given.get(key) or Given(*key, 0, 0)
        if remedy.kind.takes_units:
            given[key] = added(before, line)
        elif remedy.kind.goes_out and line.difference_minor:
            # Who was given goods has them, and may have cause to ask again: for what these cost.
            given[key] = exchanged(before, line)
    if remedy.shipping_minor and remedy.lines and not remedy.kind.goes_out:
        key = (remedy.lines[0].part, 0)
        given[key] = with_shipping(given.get(key) or Given(*key, 0, 0), remedy.shipping_minor)
    return replace(state, given=tuple(given.values()))


def taken_up(state: Remedies, event: ChargeTakenLate) -> Remedies:
    """With a remedy again that was over: what was paid for it has to go back."""
    over = state.over(event.remedy)
    assert over is not None
    assert over.lapsed is not None
    remedy = Remedy(
        number=over.number,
        kind=over.kind,
        reason=over.reason,
        status=Status.SETTLING,
        requested_at=over.requested_at,
        rule=event.rule,
        pack=event.pack,
        case=over.case,
        undone=True,
        lapsed=replace(over.lapsed, status=ChargeStatus.TAKEN),
        over=None if over.kind.changes else over,
    )
    others = tuple(one for one in state.closed if one.number != over.number)
    return replace(state, closed=others).with_remedy(remedy)


def _over_again(remedy: Remedy) -> ClosedRemedy | None:
    """As it was over before, with what has gone back since."""
    if remedy.over is None:
        return None
    legs = (*remedy.over.legs, *_closed_legs(remedy))
    return replace(remedy.over, legs=legs, lapsed=remedy.lapsed)


def _closed_legs(remedy: Remedy) -> tuple[ClosedLeg, ...]:
    """What was sent, and what failed or was replaced and may have been sent after all: of the
    order's own money, or (at no place) of a compensation or what the way back cost. What goes into
    a balance that is kept here is sent by nobody but us."""
    found = []
    for leg in remedy.legs:
        if leg.status in (LegStatus.SENT, LegStatus.CREDITED):
            credited = leg.status is LegStatus.CREDITED
            of_leg = ClosedLeg(leg.number, leg.amount_minor, credited)
            found.append(replace(of_leg, sent_at=leg.sent_at, credited_at=leg.credited_at))
        elif leg.status is LegStatus.FAILED and leg.method:
            place = remedy.place_of(leg)
            found.append(ClosedLeg(leg.number, leg.amount_minor, failed=True, place=place))
        elif leg.status is LegStatus.REPLACED and leg.certain_from and not leg.stored:
            found.append(
                ClosedLeg(
                    leg.number,
                    leg.amount_minor,
                    credited=leg.credited_at is not None,
                    failed=leg.sent_at is None,
                    place=remedy.place_of(leg),
                    sent_at=leg.sent_at,
                    credited_at=leg.credited_at,
                    replaced=True,
                )
            )
    return tuple(found)


def _remembered(closed: Sequence[ClosedRemedy]) -> tuple[ClosedRemedy, ...]:
    """The last of those that are over, and of the very last what was sent."""
    plain = [replace(one, legs=()) for one in closed[:-CLOSED_WITH_LEGS]]
    return (*plain, *closed[-CLOSED_WITH_LEGS:])[-CLOSED_MAX:]
