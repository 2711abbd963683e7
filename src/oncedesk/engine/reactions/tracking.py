"""What the scans of parcels ask of remedies."""

from collections.abc import Sequence

from oncedesk.domain.orders.messages import TrackingRecorded
from oncedesk.domain.remedies.messages.returning import NoteComingBack
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import Ref
from oncedesk.domain.shared.vocabularies import TrackingStatus

_TURNED = (TrackingStatus.REFUSED, TrackingStatus.RETURNING, TrackingStatus.RETURNED)


def note_turned(event: TrackingRecorded, source: Ref, _state: object) -> Sequence[Command]:
    """Who asked for a remedy of what is still on its way need send nothing."""
    if event.status not in _TURNED or not event.part:
        return ()
    return (
        NoteComingBack(
            consumer=event.consumer,
            order=source.id,
            part=event.part,
            shipment=event.shipment,
            status=event.status,
            happened_at=event.scanned_at,
        ),
    )
