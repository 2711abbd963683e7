"""Evidence, each piece known by its digest: for which orders it has been shown.

It says whether the same picture served before. It never holds the picture, and decides nothing.
"""

from oncedesk.domain.evidence.decide import deadline, decide, is_open, needs
from oncedesk.domain.evidence.messages import EvidenceCommand, EvidenceEvent
from oncedesk.domain.evidence.state import EvidenceState, check, evolve
from oncedesk.domain.shared.decider import Decider
from oncedesk.domain.shared.refs import Kind, evidence_ref

DECIDER = Decider(
    kind=Kind.EVIDENCE,
    state=EvidenceState,
    commands=EvidenceCommand,
    events=EvidenceEvent,
    decide=decide,
    evolve=evolve,
    needs=needs,
    deadline=deadline,
    is_open=is_open,
    check=check,
    party_of=lambda state: evidence_ref(state.digest).id,
)
