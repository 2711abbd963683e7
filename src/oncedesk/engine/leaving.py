"""What a command did, as those see it who say what of it leaves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from oncedesk.domain.shared.decider import Actor, Packs
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref


class Happened(Record, frozen=True):
    """An accepted command: its events, the state before and after them, and who gave it.

    `decided_at` is by this process's clock; `at` is never before what the state knew already.
    """

    source: Ref
    before: Any
    after: Any
    version: int
    at: datetime
    decided_at: datetime
    actor: Actor
    events: Sequence[Any]
    packs: Packs


class Leaving(Record, frozen=True):
    """Something that leaves because of it; not before `leaves_at`, if that is given."""

    topic: str
    body: bytes
    leaves_at: datetime | None = None
