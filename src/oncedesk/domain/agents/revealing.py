"""Whether an agent may see a consumer's data in clear, and when too much is too much.

All that is counted lies in the agent's own state, so two requests cannot both be the last one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from oncedesk.domain.agents.messages import (
    AgentEvent,
    Answer,
    BlockNoted,
    BlocksRepeated,
    LiftRevealAlarm,
    RequestReveal,
    RevealAlarmLifted,
    RevealAlarmRaised,
    RevealField,
    RevealGranted,
)
from oncedesk.domain.agents.state import DAY_SECONDS, AgentState
from oncedesk.domain.shared.allowing import NOT_ALLOWED
from oncedesk.domain.shared.decider import Facts, Refusal, Role
from oncedesk.domain.shared.facts_seen import has_goods_to_move
from oncedesk.domain.shared.refs import PLATFORM, DeskKind, agent_ref
from oncedesk.domain.shared.rulepack import RevealRule

BLOCKS_REPEATED = 5
"""So many messages kept back within a day are no accident any more."""
HOUR_SECONDS = 3_600


def note_blocked(state: AgentState, now: datetime) -> Answer:
    """Count it; a day after the first the count begins anew."""
    since, count = state.blocks_since, state.blocks + 1
    if since is None or (now - since).total_seconds() >= DAY_SECONDS:
        since, count = now, 1
    noted = BlockNoted(agent=state.agent, at=now, since=since, count=count)
    if count != BLOCKS_REPEATED:
        return [noted]
    return [noted, BlocksRepeated(agent=state.agent, at=now, since=since, count=count)]


def request_reveal(state: AgentState, command: RequestReveal, facts: Facts) -> Answer:
    """Grant it for the pack's minutes. Whoever has had too many gets this one and no more."""
    if state.reveal_alarm:
        return Refusal("reveal_suspended", "a supervisor or an admin has to lift the alarm")
    pack = facts.pack_of(command.market)
    if isinstance(pack, Refusal):
        return pack
    rule = pack.reveal
    if not _may_see(state, command, rule, facts):
        return NOT_ALLOWED
    if command.field is RevealField.MESSAGES and command.conversation is None:
        return Refusal("conversation_missing", "the conversation of the messages", "conversation")
    granted = RevealGranted(
        agent=state.agent,
        at=facts.now,
        consumer=command.consumer,
        field=command.field,
        reason=command.reason,
        desk=command.desk,
        until=facts.now + timedelta(minutes=rule.minutes),
        rule=rule.id,
        conversation=command.conversation,
        case=command.case,
        order=command.order,
    )
    return [granted, *_alarm(state, rule, facts.now)]


def lift_reveal_alarm(state: AgentState, command: LiftRevealAlarm, facts: Facts) -> Answer:
    """An admin's decision, or that of a supervisor at the platform's desk; never one's own."""
    if facts.actor.role is not Role.ADMIN:
        by = None if command.by is None else facts.find(agent_ref(command.by), AgentState)
        if by is None or not by.supervises(PLATFORM, facts.now):
            return NOT_ALLOWED
    if not state.reveal_alarm:
        return []
    return [RevealAlarmLifted(agent=state.agent, at=facts.now, by=facts.actor)]


def _may_see(state: AgentState, command: RequestReveal, rule: RevealRule, facts: Facts) -> bool:
    """The platform's people and admins; a merchant's, what the pack lets them, of an order of which
    goods of theirs still have to travel.
    """
    desk = command.desk
    if desk == PLATFORM and facts.actor.role is Role.ADMIN:
        return True
    if not state.member_of(desk, facts.now):
        return False
    if desk.kind is DeskKind.PLATFORM:
        return True
    if desk.kind is not DeskKind.MERCHANT or desk.party is None or command.order is None:
        return False
    sends = has_goods_to_move(
        facts.states, command.order, consumer=command.consumer, merchant=desk.party
    )
    return sends and command.field.value in rule.merchant_fields.split()


def _alarm(state: AgentState, rule: RevealRule, now: datetime) -> Sequence[AgentEvent]:
    """What the reveal that is being granted sets off."""
    at = int(now.timestamp())
    for seconds, most in ((HOUR_SECONDS, rule.per_hour), (DAY_SECONDS, rule.per_day)):
        count = 1 + sum(one > at - seconds for one in state.reveals)
        if count > most:
            return [
                RevealAlarmRaised(
                    agent=state.agent, at=now, count=count, seconds=seconds, rule=rule.id
                )
            ]
    return []
