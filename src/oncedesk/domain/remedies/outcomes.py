"""How long each refund of an order took, worked out from its events: for figures, nothing else."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from oncedesk.domain.remedies.evolve import evolve
from oncedesk.domain.remedies.messages import RemedyEvent
from oncedesk.domain.remedies.messages.refunding import RefundSent
from oncedesk.domain.remedies.state import Remedies, Remedy, parts_of
from oncedesk.domain.remedies.words import CaseLink
from oncedesk.domain.shared.records import Record


class RefundOutcome(Record, frozen=True, kw_only=True):
    """Money of a remedy that was sent, `seconds` after the remedy was asked for."""

    number: int
    remedy: int
    reason: str
    market: str
    currency: str
    merchant: UUID | None
    creator: UUID | None
    sent_at: datetime
    seconds: int
    amount_minor: int
    case: CaseLink | None


def outcomes(events: Iterable[RemedyEvent]) -> tuple[RefundOutcome, ...]:
    """Each refund that was sent, by when; `number` counts them from 1.

    What is given for a broken promise by itself is left out: nobody asked for it, and it is held.
    So is what was sent when its remedy was over: nobody waited for it.
    """
    state: Remedies | None = None
    found: list[RefundOutcome] = []
    for event in events:
        state = evolve(state, event)
        if not isinstance(event, RefundSent) or state.remedy(event.remedy) is None:
            continue
        if not _came_by_itself(state, event.remedy):
            found.append(_outcome(state, event, number=len(found) + 1))
    return tuple(found)


def _came_by_itself(state: Remedies, remedy: int) -> bool:
    return any(one.remedy == remedy for one in state.compensated)


def _merchant(state: Remedies, remedy: Remedy) -> UUID | None:
    """Who sold what this remedy is about, where that is one."""
    parts = parts_of(state=state, remedy=remedy)
    sellers = {one.merchant for one in state.paid if one.part in parts}
    return sellers.pop() if len(sellers) == 1 else None


def _outcome(state: Remedies, event: RefundSent, *, number: int) -> RefundOutcome:
    remedy = state.remedy(event.remedy)
    return RefundOutcome(
        number=number,
        remedy=event.remedy,
        reason="" if remedy is None else remedy.reason,
        market=state.market,
        currency=state.currency,
        merchant=None if remedy is None else _merchant(state, remedy),
        creator=state.creator,
        sent_at=event.sent_at,
        seconds=event.seconds,
        amount_minor=event.amount_minor,
        case=None if remedy is None else remedy.case,
    )
