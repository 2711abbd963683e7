"""Who is under a legal hold now: of whoever is, nothing is overwritten or given up."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from oncedesk.domain.parties.state import PartyState
from oncedesk.domain.shared.refs import Kind
from oncedesk.engine.codec import Codec

# Of millions of parties only those are worth reading that may be held: the others lack the field.
_HELD = """
SELECT body FROM state
WHERE bucket BETWEEN $1 AND $2 AND kind = 'party' AND position('holds'::bytea IN body) > 0
"""


async def held_in(
    connection: Any, codec: Codec, *, first: int, last: int, seconds_max: float | None = None
) -> Sequence[UUID]:
    """The parties of these buckets, `last` among them, that are held as the connection sees it."""
    bodies = await connection.fetch(_HELD, first, last, timeout=seconds_max)
    parties = [codec.state(Kind.PARTY, body) for (body,) in bodies]
    return [one.party for one in parties if isinstance(one, PartyState) and one.held]
