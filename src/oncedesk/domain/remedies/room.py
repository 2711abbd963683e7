"""Whether an order's remedies have room for more.

A state stays below 8 kB, and what has begun must never find no place for what follows. So whatever
is asked for anew has to fit beside all that may still happen to the remedies that run.
"""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from oncedesk.domain.remedies.amounts import legs_for
from oncedesk.domain.remedies.purchase import Purchase
from oncedesk.domain.remedies.state import Remedies, Remedy
from oncedesk.domain.remedies.words import ClockKind, LegStatus, RemedyKind, Status
from oncedesk.domain.shared.decider import Refusal

STATE_BYTES_MAX = 7_000
"""The rest is for what is owed by itself and waits for a place."""
FULL = Refusal("remedies_too_many", "less at a time, or once one of those that run is over")

_ENCODE = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_CROWDED_BYTES = 2_500
_CLOCKS = 2
"""So many run at the same time."""
_CLOCK_BYTES = 45
"""Beside the name of its rule."""
_RULE_BYTES = 64
_LEG_BYTES = 180
"""With the transfer that it waits for, but for what each share adds to both."""
_SHARE_BYTES = 110
_SOURCE_BYTES = 70
_ANSWERED_BYTES = 30
_CREDITED_BYTES = 15
_JOURNEY_BYTES = 130
_PARCEL_BYTES = 100
_CONTEST_BYTES = 100
"""With who said yes in the merchant's place, or that it should not have been."""
_DISPUTE_BYTES = 80
_LINE_BYTES = 22
_BOOKS_BYTES = 84
_CLOSED_BYTES = 130
_DISPUTABLE = (Status.REQUESTED, Status.REFUSED)


def size_of(value: Remedies | Remedy) -> int:
    """How many bytes it takes in storage."""
    return len(_ENCODE(value))


def room_left(*, state: Remedies, purchase: Purchase) -> int:
    """How many bytes are left when all that runs has taken what it may still take."""
    growing = sum(_growth(one, _legs(state, one, purchase)) for one in state.live)
    return STATE_BYTES_MAX - size_of(state) - growing


def room_for_new(*, state: Remedies, purchase: Purchase) -> int:
    """The same, once what is done has made place where it is `crowded`."""
    done = len(done_early(state))
    running = tuple(one for one in state.live if not is_done(one)) if done else state.live
    left = room_left(state=replace(state, live=running), purchase=purchase)
    return left - done * _CLOSED_BYTES


def done_early(state: Remedies) -> Sequence[Remedy]:
    """Those that are over before their time for something new; none where there is place enough."""
    found = [one for one in state.live if is_done(one)]
    return found if found and size_of(state) > _CROWDED_BYTES else []


def needed(*, remedy: Remedy, legs: int) -> int:
    """How many bytes this remedy takes at most until it is over."""
    return size_of(remedy) + _growth(remedy, legs)


def is_done(remedy: Remedy) -> bool:
    """All that was owed was done, and nobody can say anything against it any more."""
    return remedy.status is Status.SETTLED and all(
        one.kind is ClockKind.CLOSING for one in remedy.clocks
    )


def _legs(state: Remedies, remedy: Remedy, purchase: Purchase) -> int:
    """To how many payments its money still has to go."""
    left_minor = remedy.amount_minor - remedy.asked_minor
    if left_minor <= 0:
        return 0
    if not remedy.counts or remedy.route is not None:
        return 1
    return len(legs_for(purchase=purchase, book=state, amount_minor=left_minor))


def _growth(remedy: Remedy, legs: int) -> int:
    """What it may still take beside what it takes now, one thing after another as it goes on."""
    clock_bytes = _CLOCK_BYTES + max(_RULE_BYTES, len(remedy.rule))
    unheard = sum(leg.status in (LegStatus.REQUESTED, LegStatus.SENT) for leg in remedy.legs)
    if remedy.status is Status.SETTLED:
        return clock_bytes + _CREDITED_BYTES * unheard
    more = clock_bytes * max(0, _CLOCKS - len(remedy.clocks)) + _BOOKS_BYTES
    shares = max(1, len(remedy.shares))
    more += legs * (_LEG_BYTES + _CREDITED_BYTES + shares * _SHARE_BYTES)
    if legs and not remedy.sources:
        more += shares * _SOURCE_BYTES
    more += _CREDITED_BYTES * unheard
    more += _ANSWERED_BYTES * sum(leg.status is LegStatus.REQUESTED for leg in remedy.legs)
    if remedy.kind is RemedyKind.REFUND and remedy.journey is None:
        more += _CONTEST_BYTES
    if remedy.may_come_back or remedy.kind.goes_out:
        parcels = () if remedy.journey is None else remedy.journey.parcels
        more += _JOURNEY_BYTES if remedy.journey is None else _ANSWERED_BYTES
        more += _PARCEL_BYTES * max(0, 2 - len(parcels))
    if remedy.status in _DISPUTABLE and remedy.dispute is None:
        more += _DISPUTE_BYTES + _LINE_BYTES * len(remedy.lines)
    return more
