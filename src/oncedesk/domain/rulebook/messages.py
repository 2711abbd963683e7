"""Commands to a market's rulebook and the events it records. Names are stable for ever."""

from datetime import datetime
from typing import Annotated

from oncedesk.domain.shared.bounds import Moment, bounded, one_line
from oncedesk.domain.shared.decider import Wake
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Ref, rulebook_ref

Market = Annotated[str, bounded("[a-z][a-z0-9_]{0,15}", max_length=16)]
PackHash = Annotated[str, bounded("[0-9a-f]{32}", max_length=32)]
Version = Annotated[str, bounded("[A-Za-z0-9._-]{1,32}", max_length=32)]
Reason = Annotated[str, one_line(500)]


class ToRulebook(Record, frozen=True, kw_only=True, omit_defaults=True):
    """What every command to a rulebook has."""

    market: Market

    def target(self) -> Ref:
        return rulebook_ref(self.market)


class PublishPack(ToRulebook, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """From `valid_from` on this pack holds. Those bound by it were told at `announced_at`.

    `major` is a change that the market's rules want announced longer before.
    """

    pack_hash: PackHash
    version: Version
    valid_from: Moment
    announced_at: Moment
    reason: Reason
    major: bool = False


class WithdrawPack(ToRulebook, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A pack that was to hold from `valid_from` will not."""

    pack_hash: PackHash
    valid_from: Moment
    reason: Reason


RulebookCommand = PublishPack | WithdrawPack | Wake


class PackPublished(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A pack holds from `valid_from` on. `rule` is the one on notice that was kept to, if any."""

    market: str
    at: datetime
    pack_hash: str
    version: str
    valid_from: datetime
    announced_at: datetime
    reason: str
    major: bool = False
    rule: str = ""


class PackWithdrawn(Record, frozen=True, kw_only=True, omit_defaults=True, tag=True):
    """A planned pack will not hold; the one before it goes on."""

    market: str
    at: datetime
    pack_hash: str
    valid_from: datetime
    reason: str


RulebookEvent = PackPublished | PackWithdrawn
