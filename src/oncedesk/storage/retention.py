"""What was kept long enough goes: texts, files, who saw what. What was decided stays as it was."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from oncedesk.domain.shared.ids import BUCKETS
from oncedesk.domain.shared.records import Record
from oncedesk.engine.codec import Codec
from oncedesk.engine.ports import TryAgain
from oncedesk.storage.database import Pool, connected
from oncedesk.storage.holds import held_in

BUCKETS_AT_ONCE = 16
STATEMENT_SECONDS_MAX = 600.0
"""Everything in these buckets is looked at, and nobody waits for it."""

_LONGER = "SET LOCAL transaction_timeout = 0; SET LOCAL lock_timeout = 0"
# Of a case that is still open, nothing is overwritten, however old it is.
_MESSAGES = """
UPDATE message m SET text = NULL, erased_at = $5
FROM state s
WHERE m.bucket BETWEEN $1 AND $2 AND s.bucket = m.bucket AND s.id = m.conversation
    AND NOT s.open AND s.party <> ALL($3::uuid[]) AND m.at < $4 AND m.text IS NOT NULL
    AND EXISTS (SELECT 1 FROM unnest($6::bytea[]) mark WHERE position(mark IN s.body) > 0)
"""
# Files go with the texts that they came with; the files themselves are deleted afterwards.
_ATTACHMENTS = """
UPDATE attachment a SET name = NULL, sha256 = NULL, erased_at = $3
FROM message m
WHERE a.bucket BETWEEN $1 AND $2 AND m.bucket = a.bucket AND m.conversation = a.conversation
    AND m.version = a.version AND m.id = a.message AND m.erased_at IS NOT NULL
    AND a.erased_at IS NULL
"""
# So do what they say in other languages.
_TRANSLATIONS = """
DELETE FROM translation t USING message m
WHERE t.bucket BETWEEN $1 AND $2 AND m.bucket = t.bucket AND m.conversation = t.conversation
    AND m.id = t.message AND m.erased_at IS NOT NULL
"""
_ORDER_TEXTS = """
UPDATE order_text d SET body = NULL, erased_at = $5
FROM state s
WHERE d.bucket BETWEEN $1 AND $2 AND s.bucket = d.bucket AND s.id = d."order"
    AND d.consumer <> ALL($3::uuid[]) AND d.at < $4 AND d.erased_at IS NULL
    AND EXISTS (SELECT 1 FROM unnest($6::bytea[]) mark WHERE position(mark IN s.body) > 0)
"""
_REVEALS = """
DELETE FROM reveal r
WHERE r.bucket BETWEEN $1 AND $2 AND r.consumer <> ALL($3::uuid[]) AND r.until < $4
"""
_PARKED = """
UPDATE parked p SET text = NULL
WHERE p.bucket BETWEEN $1 AND $2 AND p.at < $4 AND p.text IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM unnest($3::uuid[]) held(p) WHERE position(uuid_send(held.p) IN p.command) > 0)
"""


class _HeldMeanwhile(Exception):
    """A hold was placed while its buckets were worked on: nothing of that may stay."""


class Overwritten(Record, frozen=True):
    """How many rows of texts, of files and of what is private about orders were overwritten, and
    rows of reveals deleted."""

    messages: int
    parked: int
    attachments: int = 0
    reveals: int = 0
    order_texts: int = 0

    def and_also(self, other: "Overwritten") -> "Overwritten":
        return Overwritten(
            self.messages + other.messages,
            self.parked + other.parked,
            self.attachments + other.attachments,
            self.reveals + other.reveals,
            self.order_texts + other.order_texts,
        )


async def overwrite_old_texts(
    pool: Pool,
    codec: Codec,
    *,
    messages_before: Mapping[str, datetime],
    parked_before: datetime,
    reveals_before: datetime,
    now: datetime,
) -> Overwritten:
    """Overwrite what is from before these moments, except of parties under a legal hold.

    Texts go by the moment of their market; of a market without one nothing goes.
    Files go with the messages that they came with. A few buckets a transaction, each with the
    holds that stand at its end.
    """
    markets: dict[datetime, list[bytes]] = {}
    for market, before in messages_before.items():
        markets.setdefault(before, []).append(codec.field("market", market))
    whole = Overwritten(0, 0)
    for first in range(0, BUCKETS, BUCKETS_AT_ONCE):
        done = None
        while done is None:
            # Somebody who is erased may have waited for what waits for them here.
            with suppress(_HeldMeanwhile, TryAgain):
                done = await _overwrite(
                    pool,
                    codec,
                    first=first,
                    markets=markets,
                    parked_before=parked_before,
                    reveals_before=reveals_before,
                    now=now,
                )
        whole = whole.and_also(done)
    return whole


async def _overwrite(
    pool: Pool,
    codec: Codec,
    *,
    first: int,
    markets: Mapping[datetime, Sequence[bytes]],
    parked_before: datetime,
    reveals_before: datetime,
    now: datetime,
) -> Overwritten:
    """In a few buckets from this one on. Raises `_HeldMeanwhile`, and what `connected` does."""
    last = first + BUCKETS_AT_ONCE - 1
    async with connected(pool) as connection, connection.transaction():
        # The pool bounds how long a transaction may take, and wait for others.
        await connection.execute(_LONGER)
        look = partial(
            held_in, connection, codec, first=first, last=last, seconds_max=STATEMENT_SECONDS_MAX
        )
        held = await look()
        span = connection, first, last
        messages = order_texts = 0
        for before, marks in markets.items():
            messages += await _changed(*span, _MESSAGES, held, before, now, marks)
            order_texts += await _changed(*span, _ORDER_TEXTS, held, before, now, marks)
        await _changed(*span, _TRANSLATIONS)
        attachments = await _changed(*span, _ATTACHMENTS, now)
        parked = await _changed(*span, _PARKED, held, parked_before)
        reveals = await _changed(*span, _REVEALS, held, reveals_before)
        # All of this may have taken minutes, in which a hold was placed and acknowledged.
        if not set(await look()) <= set(held):
            raise _HeldMeanwhile
    return Overwritten(messages, parked, attachments, reveals, order_texts)


async def _changed(connection: Any, first: int, last: int, statement: str, *rest: Any) -> int:
    """Do it in these buckets; how many rows it changed: of `UPDATE 3`, the 3."""
    tag: str = await connection.execute(
        statement, first, last, *rest, timeout=STATEMENT_SECONDS_MAX
    )
    return int(tag.rpartition(" ")[2])
