"""What a market's rulebook answers to a command."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from oncedesk.domain.rulebook.messages import (
    PackPublished,
    PackWithdrawn,
    PublishPack,
    RulebookCommand,
    RulebookEvent,
    WithdrawPack,
)
from oncedesk.domain.rulebook.state import PLANNED_MAX, Publication, RulebookState
from oncedesk.domain.shared.decider import Facts, Packs, Refusal, Role, Wake
from oncedesk.domain.shared.refs import Ref
from oncedesk.domain.shared.rulepack import NoticeRule, PackUnknown

Answer = Sequence[RulebookEvent] | Refusal
_PUBLISHERS = frozenset({Role.ADMIN, Role.SYSTEM})


def decide(state: RulebookState | None, command: RulebookCommand, facts: Facts) -> Answer:
    """Publish or withdraw, or refuse; only admins and the installation itself may."""
    if isinstance(command, Wake):
        return []
    if facts.actor.role not in _PUBLISHERS:
        return Refusal("not_allowed", "only an admin publishes rules")
    if not command.reason.strip():
        return Refusal("reason_missing", "say why", "reason")
    known = state or RulebookState(market=command.market)
    match command:
        case PublishPack():
            return _publish(known, command, facts)
        case WithdrawPack():
            return _withdraw(known, command, facts.now)
        case _:
            assert_never(command)


def needs(
    state: RulebookState | None, command: RulebookCommand, found: Mapping[UUID, object]
) -> Sequence[Ref]:
    """Nothing but the packs themselves."""
    del state, command, found
    return ()


def deadline(state: RulebookState) -> None:
    """A pack begins to hold by its date alone; nothing has to happen."""
    del state


def is_open(state: RulebookState) -> bool:
    del state
    return False


def _publish(state: RulebookState, command: PublishPack, facts: Facts) -> Answer:
    wanted = Publication(command.pack_hash, command.version, command.valid_from)
    if wanted in state.publications:
        return []
    refusal = _mismatch(command, facts.packs) or _taken(state, command, facts.now)
    if refusal is not None:
        return refusal
    in_force = state.holding(facts.now)
    rule = ""
    if in_force is not None:
        notice = facts.packs.by_hash(in_force.pack_hash).notice
        too_early = _too_early(command, notice, facts.now)
        if too_early is not None:
            return too_early
        rule = notice.id
    return [
        PackPublished(
            market=command.market,
            at=facts.now,
            pack_hash=command.pack_hash,
            version=command.version,
            valid_from=command.valid_from,
            announced_at=command.announced_at,
            reason=command.reason,
            major=command.major,
            rule=rule,
        )
    ]


def _mismatch(command: PublishPack, packs: Packs) -> Refusal | None:
    """The pack must be stored, and be what the command says it is."""
    try:
        pack = packs.by_hash(command.pack_hash)
    except PackUnknown:
        return Refusal("pack_unknown", "no pack with this hash is stored", "pack_hash")
    if pack.market != command.market:
        return Refusal("pack_differs", f"that pack is for {pack.market}", "market")
    if pack.version != command.version:
        return Refusal("pack_differs", f"that pack is version {pack.version}", "version")
    return None


def _taken(state: RulebookState, command: PublishPack, now: datetime) -> Refusal | None:
    """Each pack holds from a moment of its own and changes something."""
    if any(one.valid_from == command.valid_from for one in state.publications):
        return Refusal("valid_from_taken", "another pack holds from then", "valid_from")
    before = state.holding(command.valid_from)
    if before is not None and before.pack_hash == command.pack_hash:
        return Refusal("already_in_force", f"since {before.valid_from.isoformat()}", "pack_hash")
    if len(state.planned(now)) >= PLANNED_MAX:
        return Refusal("planned_too_many", f"at most {PLANNED_MAX} packs may be planned")
    if command.announced_at > now:
        return Refusal("not_announced", "announce it first", "announced_at")
    return None


def _too_early(command: PublishPack, notice: NoticeRule, now: datetime) -> Refusal | None:
    """Once a pack holds, the next one neither holds backwards nor comes as a surprise."""
    if command.valid_from < now:
        return Refusal("valid_from_past", "rules never change backwards", "valid_from")
    days = notice.major_days if command.major else notice.days
    if command.valid_from < command.announced_at + timedelta(days=days):
        detail = f"at least {days} days after it was announced ({notice.id})"
        return Refusal("notice_too_short", detail, "valid_from")
    return None


def _withdraw(state: RulebookState, command: WithdrawPack, now: datetime) -> Answer:
    for one in state.publications:
        if (one.pack_hash, one.valid_from) != (command.pack_hash, command.valid_from):
            continue
        if one.valid_from <= now:
            return Refusal("already_holds", "publish another pack instead", "valid_from")
        return [
            PackWithdrawn(
                market=command.market,
                at=now,
                pack_hash=one.pack_hash,
                valid_from=one.valid_from,
                reason=command.reason,
            )
        ]
    return Refusal("not_published", "no such pack is planned from then", "pack_hash")
