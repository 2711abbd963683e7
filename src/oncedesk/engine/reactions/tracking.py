"""What the scans of parcels ask of remedies, and remedies that come to nothing of parcels."""

from collections.abc import Sequence

from oncedesk.domain.orders.messages import CheckComing, TrackingRecorded
from oncedesk.domain.orders.state import OrderState
from oncedesk.domain.remedies.messages.asking import RemedyRefused, RemedyWithdrawn
from oncedesk.domain.remedies.messages.disputing import DisputeDecided
from oncedesk.domain.remedies.messages.returning import NoteComingBack, ReturnMissed, ReturnSplit
from oncedesk.domain.remedies.state import Remedies
from oncedesk.domain.remedies.words import Status
from oncedesk.domain.shared.decider import Command
from oncedesk.domain.shared.refs import Ref
from oncedesk.domain.shared.vocabularies import TrackingStatus


def note_turned(event: TrackingRecorded, source: Ref, state: OrderState) -> Sequence[Command]:
    """Who asked for a remedy of what is still on its way need send nothing."""
    if not event.status.turned or not event.part:
        return ()
    track = state.track(event.shipment)
    return () if track is not None and track.is_anothers else _note(event, source)


def note_reached(event: TrackingRecorded, source: Ref, state: OrderState) -> Sequence[Command]:
    """What could not be held up has come to the consumer, who is the one to send it back now."""
    if event.status is not TrackingStatus.DELIVERED or not event.part or not state.placed:
        return ()
    return _note(event, source) if state.reached_at(event.part) is not None else ()


def check_coming(
    event: RemedyRefused | DisputeDecided | RemedyWithdrawn | ReturnMissed | ReturnSplit,
    _source: Ref,
    state: Remedies,
) -> Sequence[Command]:
    """What went back or is lost while a remedy looked after it may be looked after by none now."""
    number = event.rest if isinstance(event, ReturnSplit) else event.remedy
    remedy = state.remedy(number)
    if remedy is not None and remedy.status not in (Status.REFUSED, Status.WITHDRAWN):
        return ()
    return (CheckComing(consumer=event.consumer, order=event.order),)


def _note(event: TrackingRecorded, source: Ref) -> Sequence[Command]:
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
