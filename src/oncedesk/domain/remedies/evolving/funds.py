"""How what accounts and budgets give changes a remedy. Never refuses."""

from typing import assert_never

from msgspec.structs import replace

from oncedesk.domain.remedies.messages.funding import (
    ChargeApplied,
    ChargeWanted,
    FundingApplied,
    FundingDelayed,
    FundingWanted,
)
from oncedesk.domain.remedies.state import Remedy
from oncedesk.domain.remedies.words import ClockKind

FundEvent = ChargeWanted | ChargeApplied | FundingWanted | FundingApplied | FundingDelayed
"""Whom the money is asked of, and what they give."""


def funded(remedy: Remedy, event: FundEvent) -> Remedy:
    """The remedy after this event."""
    match event:
        case ChargeWanted():
            wanted = replace(
                remedy,
                asked_of=event.charges,
                sources=event.sources,
                fund_minor=0,
                send_minor=event.send_minor,
            )
            return wanted.without_clocks(ClockKind.HOLD).with_clock(event.clock)
        case ChargeApplied():
            left = tuple(
                one
                for one in remedy.asked_of
                if (one.payer, one.party) != (event.payer, event.party)
            )
            return replace(remedy, asked_of=left, sources=(*remedy.sources, *event.sources))
        case FundingWanted():
            wanted = replace(
                remedy,
                asked_of=(),
                sources=event.sources,
                fund_minor=event.amount_minor,
                send_minor=event.send_minor,
            )
            return wanted.without_clocks(ClockKind.HOLD).with_clock(event.clock)
        case FundingApplied():
            applied = replace(
                remedy,
                asked_of=(),
                sources=event.sources,
                fund_minor=0,
                send_minor=event.send_minor,
            )
            return applied.without_clocks(ClockKind.HOLD)
        case FundingDelayed():
            return remedy.with_clock(event.clock)
        case _:
            assert_never(event)
