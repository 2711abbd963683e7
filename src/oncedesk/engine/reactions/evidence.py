"""What is shown for a remedy is noted where the same picture may have been shown before."""

from collections.abc import Sequence

from oncedesk.domain.evidence.messages import NoteEvidence
from oncedesk.domain.remedies.messages.asking import RemedyRequested
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import Ref


def note_evidence(event: RemedyRequested, _source: Ref, _state: object) -> Sequence[Command]:
    """Whether a picture served before is known where the picture's own state lies."""
    return tuple(NoteEvidence(digest=one, order=event.order) for one in sorted(set(event.evidence)))
