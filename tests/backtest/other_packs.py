"""Packs that differ in one value."""

from msgspec.structs import replace

from oncedesk.domain.shared.refs import DeskKind
from oncedesk.domain.shared.rulepack import ClockKind, Pack, clock_key
from oncedesk.rules.storing import seal

HOUR = 3_600


def with_clock(base: Pack, **changes: object) -> Pack:
    """The next answer of a merchant's desk, otherwise."""
    key = clock_key(issue="*", desk=DeskKind.MERCHANT, clock=ClockKind.NEXT_RESPONSE)
    return seal(replace(base, clocks={**base.clocks, key: replace(base.clocks[key], **changes)}))


def with_shipping(base: Pack, hours: int) -> Pack:
    return seal(replace(base, promises=replace(base.promises, ship_by_seconds=hours * HOUR)))


def with_refunds(base: Pack, **changes: object) -> Pack:
    rule = replace(base.issues["refund"], **changes)
    return seal(replace(base, issues={**base.issues, "refund": rule}))
