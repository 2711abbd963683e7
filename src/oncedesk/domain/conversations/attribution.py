"""Who owns the work, who caused it, and who is liable: three answers, each with its reasons."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from oncedesk.domain.conversations.clocks import clock_rule
from oncedesk.domain.conversations.messages import Attributed, Party, PartyKind, Share
from oncedesk.domain.shared.decider import Actor
from oncedesk.domain.shared.facts_seen import DeskSeen, desk_seen
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import PLATFORM, Desk, DeskKind
from oncedesk.domain.shared.rulepack import ClockKind, IssueRule, Pack

PRESUMED = ("presumed_by_rule",)

_PARTY_KINDS = {kind.value: kind for kind in PartyKind}


class Parties(Record, frozen=True):
    """Who sells and who presents what the conversation is about, as far as there is anybody."""

    merchant: UUID | None = None
    creator: UUID | None = None

    def desk(self, kind: DeskKind) -> Desk | None:
        """This kind's desk; None where the subject has no such party."""
        if kind is DeskKind.PLATFORM:
            return PLATFORM
        party = self.merchant if kind is DeskKind.MERCHANT else self.creator
        return None if party is None else Desk(kind, party)


class Owner(Record, frozen=True):
    """The desk that gets the work, and why; `seen` is None where it was never set up."""

    desk: Desk
    reason: str
    seen: DeskSeen | None = None

    @property
    def staffed(self) -> bool:
        return self.seen is not None and self.seen.staffed

    @property
    def surge(self) -> bool:
        return self.seen is not None and self.seen.surge


def find_owner(
    *,
    rule: IssueRule,
    parties: Parties,
    pack: Pack,
    states: Mapping[UUID, object],
    now: datetime,
) -> Owner:
    """The desk that the issue belongs to, if it can answer in time; else the platform's."""
    wanted = parties.desk(rule.owner)
    if wanted is None:
        return platform_owner(reason="no_such_party", states=states)
    return able_owner(desk=wanted, issue=rule.issue, pack=pack, states=states, now=now)


def able_owner(
    *, desk: Desk, issue: str, pack: Pack, states: Mapping[UUID, object], now: datetime
) -> Owner:
    """This desk, if it is open and somebody is there before its first answer is due."""
    if desk == PLATFORM:
        return platform_owner(reason="issue_rule", states=states)
    seen = desk_seen(states, desk)
    if seen is None:
        return platform_owner(reason="desk_unknown", states=states)
    if not seen.open:
        return platform_owner(reason="desk_closed", states=states)
    if seen.staffed or _staffed_in_time(seen=seen, desk=desk, issue=issue, pack=pack, now=now):
        return Owner(desk=desk, reason="issue_rule", seen=seen)
    return platform_owner(reason="desk_unstaffed", states=states)


def platform_owner(*, reason: str, states: Mapping[UUID, object]) -> Owner:
    """The platform's desk, which cannot send anybody elsewhere."""
    return Owner(desk=PLATFORM, reason=reason, seen=desk_seen(states, PLATFORM))


def attribute(
    *,
    number: int,
    owner: Owner,
    rule: IssueRule,
    parties: Parties,
    by: Actor,
    now: datetime,
) -> Attributed:
    """What the pack presumes until somebody finds otherwise."""
    return Attributed(
        case=number,
        at=now,
        owner=owner.desk,
        owner_reasons=(owner.reason,),
        cause=_party(rule.cause, parties),
        cause_reasons=PRESUMED,
        liable=tuple(
            Share(_liable_party(kind, parties), percent, PRESUMED)
            for kind, percent in shares_of(rule.liable)
        ),
        rule=rule.id,
        by=by,
    )


@lru_cache(maxsize=1024)
def shares_of(liable: str) -> tuple[tuple[str, int], ...]:
    """Read a pack's `liable`: a party (`merchant`), or several (`merchant:70 creator:30`)."""
    if ":" not in liable:
        return ((liable, 100),)
    parts = (part.partition(":") for part in liable.split())
    shares = tuple((who, int(percent)) for who, _, percent in parts)
    assert sum(percent for _, percent in shares) == 100, f"shares of {liable!r}"
    return shares


def _party(kind: str, parties: Parties) -> Party:
    known = _PARTY_KINDS.get(kind, PartyKind.UNKNOWN)
    if known is PartyKind.MERCHANT:
        return Party(known, parties.merchant)
    if known is PartyKind.CREATOR:
        return Party(known, parties.creator)
    return Party(known)


def _liable_party(kind: str, parties: Parties) -> Party:
    """Where the merchant or creator whom the pack means does not exist, the platform is liable."""
    party = _party(kind, parties)
    if party.id is None and party.kind in (PartyKind.MERCHANT, PartyKind.CREATOR):
        return Party(PartyKind.PLATFORM)
    return party


def _staffed_in_time(*, seen: DeskSeen, desk: Desk, issue: str, pack: Pack, now: datetime) -> bool:
    if seen.staffed_from is None:
        return False
    return seen.staffed_from < first_answer_due(desk=desk, issue=issue, pack=pack, now=now)


def answer_by(
    *, desk: Desk, seen: DeskSeen | None, issue: str, due_at: datetime, pack: Pack
) -> datetime:
    """What may be promised: the deadline, unless nobody is there before it.

    Then it is the first answer that is due once somebody is.
    """
    if seen is None or seen.staffed or seen.staffed_from is None or seen.staffed_from < due_at:
        return due_at
    return first_answer_due(desk=desk, issue=issue, pack=pack, now=seen.staffed_from)


def first_answer_due(*, desk: Desk, issue: str, pack: Pack, now: datetime) -> datetime:
    """When this desk's first answer is due if its time begins now."""
    rule = clock_rule(
        pack=pack, issue=issue, repeat=False, desk=desk.kind, clock=ClockKind.FIRST_RESPONSE
    )
    return now if rule is None else pack.calendars[rule.calendar].add(now, rule.seconds)
