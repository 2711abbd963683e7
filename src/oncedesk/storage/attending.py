"""Who else is looking at a conversation, or writing: told to every process, kept by none for long.

Nothing of it is stored. Each sign is one NOTIFY, lasts some seconds and has to be repeated; what a
process did not hear it does not know until the next. So it is a hint for people, never a lock.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec
import structlog
from msgspec import structs

from oncedesk.domain.conversations.messages import Audience
from oncedesk.domain.shared.decider import Role
from oncedesk.domain.shared.records import Record
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.live import state_mark

log = structlog.get_logger(__name__)

CHANNEL = "oncedesk_attending"
LASTS = timedelta(seconds=20)
"""A sign that is not repeated within this is over."""
REPEATED_AFTER = timedelta(seconds=6)
"""The same sign sooner than this is told to nobody."""
CONVERSATIONS_MAX = 10_000
AT_ONE_MAX = 16

_NOTIFY = "SELECT pg_notify($1, $2)"


class Doing(StrEnum):
    """What somebody does there. Who is `gone` says so, or is found to be by their silence."""

    LOOKING = "looking"
    WRITING = "writing"
    GONE = "gone"


class Attendant(Record, frozen=True):
    """Somebody at a conversation. `case` 0: no certain one. `desk` is in whose name an agent is
    there, `audience` for whom somebody writes."""

    conversation: UUID
    who: UUID
    role: Role
    doing: Doing
    until: datetime
    case: int = 0
    desk: str = ""
    audience: Audience = Audience.CONSUMER


_decode = msgspec.json.Decoder(Attendant).decode
_encode = msgspec.json.Encoder().encode


class Attending:
    """What this process has heard. `wake` makes those look who follow a mark."""

    def __init__(
        self,
        pool: Pool,
        *,
        clock: Callable[[], datetime],
        wake: Callable[[str], None],
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._wake = wake
        self._at: OrderedDict[UUID, dict[UUID, Attendant]] = OrderedDict()

    async def tell(self, sign: Attendant) -> None:
        """Let everybody know, unless they know already."""
        known = self._at.get(sign.conversation, {}).get(sign.who)
        # Also where the clock was set back meanwhile: others would not hear of it for so long.
        if (
            known is not None
            and _same(known, sign)
            and abs(sign.until - known.until) < REPEATED_AFTER
        ):
            return
        async with connected(self._pool) as connection:
            await connection.execute(_NOTIFY, CHANNEL, _encode(sign).decode())

    def hear(self, payload: str) -> None:
        """Somebody told something, in whichever process."""
        try:
            sign = _decode(payload)
        except msgspec.DecodeError:
            log.warning("attending_unreadable")
            return
        there = self._at.setdefault(sign.conversation, {})
        self._at.move_to_end(sign.conversation)
        there.pop(sign.who, None)
        if sign.doing is not Doing.GONE:
            # By our clock, whatever the sender's says.
            until = min(sign.until, self._clock() + LASTS)
            there[sign.who] = structs.replace(sign, until=until)
        if len(there) > AT_ONE_MAX:
            del there[min(there, key=lambda who: there[who].until)]
        if not there:
            del self._at[sign.conversation]
        if len(self._at) > CONVERSATIONS_MAX:
            self._at.popitem(last=False)
        self._wake(state_mark(sign.conversation))

    def at(self, conversation: UUID) -> Sequence[Attendant]:
        """Who is there now, as far as is known; in no order that says anything.

        Nobody stays for longer because the clock was set back.
        """
        now = self._clock()
        there = self._at.get(conversation, {}).values()
        return [one for one in there if now < one.until < now + 2 * LASTS]


def _same(one: Attendant, other: Attendant) -> bool:
    return (one.doing, one.case, one.audience, one.desk) == (
        other.doing,
        other.case,
        other.audience,
        other.desk,
    )
