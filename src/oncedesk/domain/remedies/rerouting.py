"""Where money goes whose way back is closed: the consumer is asked, then the platform's desk.

Nothing is sent elsewhere before payments have said once more, knowing that it will be, that the
first refund was not sent. So a refund that was sent after all is never sent twice. What a bank took
back while somebody was asked is not sent at all.
"""

from datetime import timedelta

from msgspec.structs import replace

from oncedesk.domain.remedies.amounts import still_owed_minor
from oncedesk.domain.remedies.evolve import evolve, evolved
from oncedesk.domain.remedies.legs import request_leg, settled_if_done, settling_rule
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.refunding import (
    NameRoute,
    RefundDropped,
    RefundRequested,
    RouteAsked,
)
from oncedesk.domain.remedies.postings import first
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.state import LEGS_MAX, Remedies, Remedy
from oncedesk.domain.remedies.words import Clock, ClockKind, Leg, LegStatus
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.refs import PLATFORM

CONSUMER_ASKED_MAX = 2
"""So often the consumer is asked; then the platform's desk, until somebody has answered."""


def ask_route(
    *, state: Remedies, remedy: Remedy, facts: Facts, leg: Leg | None = None
) -> RouteAsked:
    """Ask where to: for what has failed, or for a `leg` that no payment can take back."""
    rule = settling_rule(remedy, facts)
    times = remedy.route_asked + 1
    failed_minor = sum(one.amount_minor for one in remedy.failed)
    return RouteAsked(
        **state.about(remedy.number, facts.now),
        amount_minor=failed_minor + (0 if leg is None else leg.amount_minor),
        times=times,
        clock=Clock(ClockKind.ROUTE, facts.now + timedelta(seconds=rule.route_seconds), rule.id),
        desk=None if times <= CONSUMER_ASKED_MAX else PLATFORM,
        leg=leg,
    )


def name_route(
    *, state: Remedies, remedy: Remedy, command: NameRoute, purchase: Purchase, facts: Facts
) -> list[RemedyEvent] | Refusal:
    """Every leg that failed is asked about once more; what no payment could take is sent."""
    failed = remedy.failed
    if not failed:
        return Refusal("route_not_needed", "no refund has failed")
    if not command.method:
        return Refusal("route_missing", "a method to which money can be sent", "method")
    if len(remedy.legs) + len(failed) > LEGS_MAX:
        return Refusal("routes_too_many", f"at most {LEGS_MAX} refunds for a remedy")
    events: list[RemedyEvent] = []
    for leg in failed:
        event = _on_its_way(state, remedy, leg, command, purchase, facts)
        state = evolve(state, event)
        # What the next takes is beside what this one has taken.
        remedy = state.the_remedy(remedy.number)
        events.append(event)
    return [*events, *settled_if_done(state=state, remedy=remedy.number, facts=facts)]


def _on_its_way(
    state: Remedies,
    remedy: Remedy,
    leg: Leg,
    command: NameRoute,
    purchase: Purchase,
    facts: Facts,
) -> RefundRequested | RefundDropped:
    minor = still_owed_minor(purchase=purchase, book=state, remedy=remedy, leg=leg)
    if not minor:
        return _dropped(state, remedy, leg, facts)
    leg = replace(leg, status=LegStatus.REQUESTED)
    if not leg.method:
        leg = replace(leg, method=command.method, reference=command.reference, amount_minor=minor)
        return request_leg(state=state, remedy=remedy, leg=leg, facts=facts)
    # Only what answers this asking is certain.
    leg = replace(
        leg,
        route=command.method,
        route_reference=command.reference,
        certain_from=leg.asked + 1,
    )
    return request_leg(state=state, remedy=remedy, leg=leg, facts=facts, again=True)


def send_instead(
    *, state: Remedies, remedy: Remedy, leg: Leg, purchase: Purchase, facts: Facts
) -> list[RemedyEvent]:
    """By the route that was named, what is still owed of a leg that was certainly not sent."""
    minor = still_owed_minor(purchase=purchase, book=state, remedy=remedy, leg=leg)
    if not minor:
        dropped = _dropped(state, remedy, leg, facts)
        after = evolve(state, dropped)
        return [dropped, *settled_if_done(state=after, remedy=remedy.number, facts=facts)]
    instead = Leg(
        max(one.number for one in remedy.legs) + 1,
        0,
        leg.route,
        minor,
        reference=leg.route_reference,
        counts_for=leg.place,
        beyond=leg.beyond,
        taken=first(leg.taken, minor),
    )
    return [request_leg(state=state, remedy=remedy, leg=instead, facts=facts)]


def drop_needless(
    *, state: Remedies, remedy: Remedy, purchase: Purchase, facts: Facts
) -> list[RemedyEvent]:
    """Nobody is asked any more where to what has gone back otherwise; if that was all, the remedy
    is settled."""
    events: list[RemedyEvent] = [
        _dropped(state, remedy, leg, facts)
        for leg in remedy.failed
        if not still_owed_minor(purchase=purchase, book=state, remedy=remedy, leg=leg)
    ]
    if not events:
        return []
    after = evolved(state, events)
    return [*events, *settled_if_done(state=after, remedy=remedy.number, facts=facts)]


def _dropped(state: Remedies, remedy: Remedy, leg: Leg, facts: Facts) -> RefundDropped:
    # What no payment could take was asked of none.
    asked = leg.asked if leg.method else 0
    return RefundDropped(**state.about(remedy.number, facts.now), leg=leg.number, asked=asked)
