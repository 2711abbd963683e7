"""Queues, as agents read them."""

from typing import Annotated

import msgspec
from msgspec import Meta

from oncedesk.domain.shared.bounds import Moment
from oncedesk.storage.views.work import QueueLength


class QueueShape(msgspec.Struct, frozen=True, kw_only=True):
    """A queue in which something waits; `at_least`: or more, which would take long to count."""

    skill: str
    waiting: Annotated[int, Meta(ge=1)]
    at_least: bool
    first_due_at: Moment


def queue_shape(length: QueueLength) -> QueueShape:
    return QueueShape(
        skill=length.skill,
        waiting=length.waiting,
        at_least=length.at_least,
        first_due_at=length.first_due_at,
    )
