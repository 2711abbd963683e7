"""What is noted of a piece of evidence. Names are stable for ever."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref, evidence_ref


class NoteEvidence(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """It was shown when a remedy of this order was asked for."""

    digest: Annotated[bytes, Meta(min_length=16, max_length=32)]
    order: UUID

    def target(self) -> Ref:
        return evidence_ref(self.digest)


class EvidenceShown(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """Shown for this order, for the first time."""

    digest: bytes
    order: UUID
    at: datetime


EvidenceCommand = NoteEvidence | Wake
EvidenceEvent = EvidenceShown
