"""What the gate finds, and what a rule pack says about it.

Fields are only ever added, with a default: hits stand in commands and events, rules in packs.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from oncedesk.domain.shared.bounds import bounded
from oncedesk.domain.shared.records import Record

MESSAGE_BLOCKED = "message_blocked"
HITS_MAX = 32
"""More hits than this are drawn together: one for each kind, from its first to its last."""


class HitKind(StrEnum):
    """What was found in a text, or in a picture that came with it (`code`)."""

    PHONE = "phone"
    EMAIL = "email"
    MESSENGER = "messenger"
    LINK = "link"
    CODE = "code"
    PAYMENT = "payment"
    RATING = "rating"
    THREAT = "threat"
    WITHDRAWAL = "withdrawal"


class Speaker(StrEnum):
    """In whose name it is said. A note is what desks write for each other or for themselves."""

    CONSUMER = "consumer"
    MERCHANT = "merchant"
    CREATOR = "creator"
    PLATFORM = "platform"
    NOTE = "note"


class Outcome(StrEnum):
    """What becomes of a message because of a hit; of several the strictest, block, decides."""

    PASS = "pass"  # noqa: S105 - not a password
    MASK = "mask"
    FLAG = "flag"
    BLOCK = "block"


class Hit(Record, frozen=True, array_like=True):
    """Something found in the characters [start, end) of a text; 0 and 0 if it was in a picture."""

    kind: HitKind
    start: Annotated[int, Meta(ge=0)]
    end: Annotated[int, Meta(ge=0)]


class Verdict(Record, frozen=True, array_like=True):
    """All hits of one message, by their place, and which gate found them."""

    gate: Annotated[str, bounded("[0-9a-f-]{1,32}", max_length=32)]
    hits: Annotated[tuple[Hit, ...], Meta(max_length=HITS_MAX)]


class GateRule(Record, frozen=True, omit_defaults=True):
    """What becomes of a message in which this was found, by who says it."""

    id: str
    kind: HitKind
    consumer: Outcome
    merchant: Outcome
    creator: Outcome
    platform: Outcome
    note: Outcome

    def outcome(self, speaker: Speaker) -> Outcome:
        match speaker:
            case Speaker.CONSUMER:
                return self.consumer
            case Speaker.MERCHANT:
                return self.merchant
            case Speaker.CREATOR:
                return self.creator
            case Speaker.PLATFORM:
                return self.platform
            case Speaker.NOTE:
                return self.note


class GateWords(Record, frozen=True, omit_defaults=True):
    """Phrases that are a hit of this kind; how they are written: `phrases`."""

    id: str
    kind: HitKind
    words: tuple[str, ...]


class GateRules(Record, frozen=True, omit_defaults=True):
    """All that a pack says for the gate. Links to `hosts`, and to what lies below them, are none.

    Of a kind without a rule, the default's holds.
    """

    rules: Mapping[HitKind, GateRule] = {}
    words: tuple[GateWords, ...] = ()
    hosts: tuple[str, ...] = ()

    def rule(self, kind: HitKind) -> GateRule:
        return self.rules.get(kind) or _DEFAULTS[kind]


def _default(kind: HitKind, *, consumer: Outcome, desk: Outcome, note: Outcome) -> GateRule:
    return GateRule(
        id=f"default/gate/{kind}",
        kind=kind,
        consumer=consumer,
        merchant=desk,
        creator=desk,
        platform=Outcome.PASS,
        note=note,
    )


WAYS_OUT = (HitKind.PHONE, HitKind.EMAIL, HitKind.MESSENGER, HitKind.LINK, HitKind.CODE)
"""By which somebody can be reached past us."""
_DEFAULTS: Mapping[HitKind, GateRule] = {
    kind: _default(kind, consumer=Outcome.MASK, desk=Outcome.BLOCK, note=Outcome.MASK)
    if kind in WAYS_OUT
    else _default(kind, consumer=Outcome.PASS, desk=Outcome.FLAG, note=Outcome.PASS)
    for kind in HitKind
}
