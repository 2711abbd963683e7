"""Reliefs that were published beforehand give a promise more time at the moment it would break."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from oncedesk.domain.orders.amending import relieve
from oncedesk.domain.orders.evolve import evolved
from oncedesk.domain.orders.messages import (
    GrantRelief,
    OrderEvent,
    PromiseBroken,
    PromiseKind,
)
from oncedesk.domain.orders.promises import effective_due, runs_out_at
from oncedesk.domain.orders.state import OrderState, Part, Verdict
from oncedesk.domain.orders.tracking import Track
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.facts_seen import reliefs_seen

_TIMED = (PromiseKind.SHIPPING, PromiseKind.DELIVERY)


def would_break(state: OrderState, *, at: datetime) -> bool:
    """Whether a promise that still runs would be broken by then."""
    return any(_overdue(state, at, broken=False))


def has_broken(state: OrderState) -> bool:
    """Whether a promise with a deadline is broken as it stands."""
    return any(_overdue(state, None, broken=True))


def news_at(tracks: Iterable[Track]) -> datetime | None:
    """The last of the moments in these shipments on which a promise with a deadline hangs."""
    moments: list[datetime] = []
    for track in tracks:
        moments += [hand.at for hand in (*track.hands, track.waiting) if hand is not None]
        told = (track.first_scan_at, track.refused_at)
        moments += [moment for moment in told if moment is not None]
    return max(moments, default=None)


def found_late(settled: Sequence[OrderEvent]) -> list[tuple[int, PromiseKind]]:
    """The parts and promises with a deadline that these news break, the kept ones too."""
    return [
        (event.part, event.kind)
        for event in settled
        if isinstance(event, PromiseBroken) and event.kind in _TIMED
    ]


def relieved(
    *,
    state: OrderState,
    facts: Facts,
    at: datetime | None,
    broken: bool = False,
    late: Sequence[tuple[int, PromiseKind]] = (),
) -> list[OrderEvent]:
    """The reliefs that cover promises which would be broken by then; none is granted twice.

    What counts is the moment for which the promise was made or amended: it lies in the window.
    `broken`: also those that were broken before it was known whose relief could cover them; `late`:
    also these, which counted as kept.
    """
    events: list[OrderEvent] = []
    for part, kind in _overdue(state, at, broken=broken, late=late):
        for command in _covering(state, part, kind, facts):
            granted = relieve(state=state, part=part, command=command, facts=facts)
            if not isinstance(granted, Refusal) and granted:
                events += granted
                state = evolved(state, granted)
    return events


def _overdue(
    state: OrderState,
    at: datetime | None,
    *,
    broken: bool,
    late: Sequence[tuple[int, PromiseKind]] = (),
) -> Iterator[tuple[Part, PromiseKind]]:
    """Those that would be broken by then, and where it is asked for those that are."""
    if not state.placed or state.cancelled:
        return
    for part in state.parts:
        if state.is_over(part):
            continue
        for kind in _TIMED:
            promise = part.promise(kind)
            if promise is None:
                continue
            if (promise.verdict is Verdict.BROKEN and broken) or (part.number, kind) in late:
                yield part, kind
            elif promise.verdict is Verdict.OPEN and at is not None:
                due_at = effective_due(state=state, part=part, kind=kind)
                if runs_out_at(kind=kind, due_at=due_at) <= at:
                    yield part, kind


def _covering(
    state: OrderState, part: Part, kind: PromiseKind, facts: Facts
) -> Sequence[GrantRelief]:
    promise = part.promise(kind)
    assert promise is not None
    due_at = promise.base_at
    if kind is PromiseKind.DELIVERY:
        # A day's or window's end is the first moment after it.
        due_at -= timedelta(microseconds=1)
    carriers = {
        str(track.carrier)
        for track in state.tracks
        if track.carrier is not None and track.part in (0, part.number)
    }
    return [
        GrantRelief(
            consumer=state.consumer,
            order=state.order,
            part=part.number,
            promise=kind,
            relief=one.id,
            published_at=one.announced_at,
            extends_seconds=one.extends_seconds,
            reason="published",
        )
        for one in reliefs_seen(facts.states)
        if any(
            one.covers(market=state.market, region=state.region, carrier=carrier, at=due_at)
            for carrier in (carriers or (None,))
        )
    ]
