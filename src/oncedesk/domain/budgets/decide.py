"""What a slice of a budget answers to a command."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from oncedesk.domain.budgets.messages import (
    BudgetCommand,
    BudgetDrawn,
    BudgetEvent,
    BudgetExhausted,
    BudgetReturned,
    BudgetSet,
    DrawBudget,
    DrawWaits,
    GrantAsked,
    GrantSlice,
    GrantTaken,
    PeriodOpened,
    ReturnBudget,
    SetBudget,
    SliceGranted,
    TakeGrant,
)
from oncedesk.domain.budgets.state import WAITING_MAX, Budget, Draw, evolve
from oncedesk.domain.shared.allowing import NOT_ALLOWED, guards, is_system
from oncedesk.domain.shared.decider import Facts, Refusal, Wake
from oncedesk.domain.shared.ids import bucket_of
from oncedesk.domain.shared.refs import Ref, slice_of

Answer = Sequence[BudgetEvent] | Refusal
WAITS = timedelta(minutes=10)
"""Within this, whoever was asked for more has answered; else the draw is told no."""
PART_OF_ALL = 1_024
"""A slice gets at least this part of a budget at a time, so that it does not ask for each draw."""


def decide(state: Budget | None, command: BudgetCommand, facts: Facts) -> Answer:
    """The events of this command, none where it changes nothing, or why not."""
    allowed = isinstance(command, Wake) or (
        guards(facts.actor) if isinstance(command, SetBudget) else is_system(facts.actor)
    )
    if not allowed:
        return NOT_ALLOWED
    match command:
        case Wake():
            return [] if state is None else _overdue(state, facts)
        case DrawBudget():
            return _draw(state, command, facts)
        case TakeGrant():
            return _take(state, command, facts)
        case GrantSlice():
            return _grant(state, command, facts)
        case SetBudget():
            return _set(state, command, facts)
        case ReturnBudget():
            return _return(command, facts)
        case _:
            assert_never(command)


def period_of(at: datetime) -> str:
    """The calendar month of UTC in which this moment lies."""
    return f"{at.year:04}{at.month:02}"


def _draw(state: Budget | None, command: DrawBudget, facts: Facts) -> list[BudgetEvent]:
    slice_ = slice_of(bucket_of(command.consumer)) if state is None else state.slice_
    empty = Budget(
        name=command.name, market=command.market, currency=command.currency, slice_=slice_
    )
    known = state or empty
    draw = Draw(
        command.consumer, command.order, command.remedy, command.amount_minor, facts.now + WAITS
    )
    if not known.waiting and draw.minor <= known.left_minor(period_of(facts.now)):
        return [_told(BudgetDrawn, known, draw, facts)]
    if len(known.waiting) >= WAITING_MAX:
        return [_told(BudgetExhausted, known, draw, facts)]
    waits = DrawWaits(
        name=known.name,
        market=known.market,
        currency=known.currency,
        slice_=known.slice_,
        at=facts.now,
        consumer=draw.consumer,
        order=draw.order,
        remedy=draw.remedy,
        amount_minor=draw.minor,
        due_at=draw.due_at,
    )
    return [waits] if known.asking else [waits, _asked(evolve(known, waits), facts)]


def _return(command: ReturnBudget, facts: Facts) -> list[BudgetEvent]:
    """It can be given again; what no pack limits is not counted."""
    pack = facts.packs.current(command.market)
    rule = pack.remedies.budget(name=command.name, currency=command.currency)
    if rule is None or not command.amount_minor:
        return []
    return [
        BudgetReturned(
            name=command.name,
            market=command.market,
            currency=command.currency,
            slice_=slice_of(bucket_of(command.whose)),
            at=facts.now,
            amount_minor=command.amount_minor,
            period=period_of(facts.now),
        )
    ]


def _take(state: Budget | None, command: TakeGrant, facts: Facts) -> list[BudgetEvent]:
    """Whoever waits has it, in their order; if nothing came, those for whom it is not enough are
    told no."""
    if state is None:
        return []
    period = period_of(facts.now)
    # Of a month that is over nothing is left, and what came back in this one stays.
    lapsed = command.period < period
    taken = GrantTaken(
        name=state.name,
        market=state.market,
        currency=state.currency,
        slice_=state.slice_,
        at=facts.now,
        amount_minor=0 if lapsed else command.amount_minor,
        period=period if lapsed else command.period,
    )
    state = evolve(state, taken)
    events: list[BudgetEvent] = [taken]
    for draw in state.waiting:
        if draw.minor <= state.left_minor(period_of(facts.now)):
            event: BudgetEvent = _told(BudgetDrawn, state, draw, facts)
        elif not command.amount_minor:
            event = _told(BudgetExhausted, state, draw, facts)
        else:
            continue
        state = evolve(state, event)
        events.append(event)
    return [*events, _asked(state, facts)] if state.waiting else events


def _grant(state: Budget | None, command: GrantSlice, facts: Facts) -> list[BudgetEvent]:
    """What the slice needs, and some more where there is some; nothing where there is less."""
    events, known = _in_period(state, command, facts)
    left_minor = known.left_minor(known.period)
    wanted_minor = max(command.wanted_minor, known.amount_minor // PART_OF_ALL)
    granted = SliceGranted(
        name=known.name,
        market=known.market,
        currency=known.currency,
        slice_=0,
        at=facts.now,
        to=command.slice_,
        amount_minor=min(wanted_minor, left_minor) if command.needed_minor <= left_minor else 0,
        period=known.period,
    )
    return [*events, granted]


def _set(state: Budget | None, command: SetBudget, facts: Facts) -> list[BudgetEvent] | Refusal:
    pack = facts.pack_of(command.market)
    if isinstance(pack, Refusal):
        return pack
    if pack.remedies.budget(name=command.name, currency=command.currency) is None:
        return Refusal("budget_unknown", "one that the market's rule pack sets", "name")
    events, known = _in_period(state, command, facts)
    if command.amount_minor < known.given_minor:
        return Refusal("budget_spent", f"{known.given_minor} are dealt out", "amount_minor")
    if command.amount_minor == known.amount_minor:
        return events
    set_ = BudgetSet(
        name=known.name,
        market=known.market,
        currency=known.currency,
        slice_=0,
        at=facts.now,
        amount_minor=command.amount_minor,
    )
    return [*events, set_]


def _in_period(
    state: Budget | None, command: GrantSlice | SetBudget, facts: Facts
) -> tuple[list[BudgetEvent], Budget]:
    """What there is to deal out in this month; it begins by whatever comes first in it."""
    period = period_of(facts.now)
    if state is not None and state.period == period:
        return [], state
    pack = facts.packs.current(command.market)
    rule = pack.remedies.budget(name=command.name, currency=command.currency)
    opened = PeriodOpened(
        name=command.name,
        market=command.market,
        currency=command.currency,
        slice_=0,
        at=facts.now,
        period=period,
        amount_minor=0 if rule is None else rule.amount_minor,
        rule="" if rule is None else rule.id,
    )
    return [opened], evolve(state, opened)


def _overdue(state: Budget, facts: Facts) -> list[BudgetEvent]:
    """No answer has come: they are told no, and come back."""
    return [
        _told(BudgetExhausted, state, draw, facts)
        for draw in state.waiting
        if draw.due_at <= facts.now
    ]


def _asked(state: Budget, facts: Facts) -> GrantAsked:
    left_minor = state.left_minor(period_of(facts.now))
    waiting = [draw.minor for draw in state.waiting]
    return GrantAsked(
        name=state.name,
        market=state.market,
        currency=state.currency,
        slice_=state.slice_,
        at=facts.now,
        needed_minor=max(0, min(waiting) - left_minor),
        wanted_minor=max(0, sum(waiting) - left_minor),
    )


def _told(
    kind: type[BudgetDrawn] | type[BudgetExhausted], state: Budget, draw: Draw, facts: Facts
) -> BudgetDrawn | BudgetExhausted:
    return kind(
        name=state.name,
        market=state.market,
        currency=state.currency,
        slice_=state.slice_,
        at=facts.now,
        consumer=draw.consumer,
        order=draw.order,
        remedy=draw.remedy,
        amount_minor=draw.minor,
    )


def needs(
    state: Budget | None, command: BudgetCommand, found: Mapping[UUID, object]
) -> Sequence[Ref]:
    """Nothing of others."""
    del state, command, found
    return ()


def deadline(state: Budget) -> datetime | None:
    """When the first that waits is told no."""
    return min((draw.due_at for draw in state.waiting), default=None)


def is_open(state: Budget) -> bool:
    """Whether somebody waits."""
    return bool(state.waiting)
