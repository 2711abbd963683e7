"""What a piece of evidence's state answers to a command."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from oncedesk.domain.evidence.messages import EvidenceCommand, EvidenceShown
from oncedesk.domain.evidence.state import ORDERS_MAX, EvidenceState
from oncedesk.domain.shared.allowing import NOT_ALLOWED, is_system
from oncedesk.domain.shared.decider import Facts, Refusal, Wake
from oncedesk.domain.shared.refs import Ref

Answer = Sequence[EvidenceShown] | Refusal


def decide(state: EvidenceState | None, command: EvidenceCommand, facts: Facts) -> Answer:
    """Noted once for each order, until it is plain that it serves for several."""
    if not is_system(facts.actor):
        return NOT_ALLOWED
    if isinstance(command, Wake):
        return []
    orders = () if state is None else state.orders
    if command.order in orders or len(orders) >= ORDERS_MAX:
        return []
    return [EvidenceShown(digest=command.digest, order=command.order, at=facts.now)]


def needs(
    state: EvidenceState | None, command: EvidenceCommand, found: Mapping[UUID, object]
) -> Sequence[Ref]:
    """Nothing else."""
    del state, command, found
    return ()


def deadline(state: EvidenceState) -> None:
    """Nothing happens to it by itself."""
    del state


def is_open(state: EvidenceState) -> bool:
    del state
    return False
