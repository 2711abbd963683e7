"""How much an agent may give: per case, day and consumer, as the rule pack says for the role.

What is counted per day lies in the agent's own state, so two cases cannot both have the last of it;
what a consumer was given by all agents is counted at the consumer, who is asked next.
Whoever is asked beyond it is not refused the remedy: somebody else has to stand by it.
"""

from collections.abc import Sequence
from datetime import datetime

from oncedesk.domain.agents.messages import (
    AgentEvent,
    AuthorityExceeded,
    AuthorityLimit,
    AuthorityReturned,
    AuthoritySpent,
    DeskRole,
    ReturnAuthority,
    SpendAuthority,
)
from oncedesk.domain.agents.state import SPENT_MAX, AgentState, hour_of, live_spent
from oncedesk.domain.shared.decider import Facts, Refusal
from oncedesk.domain.shared.records import Record
from oncedesk.domain.shared.refs import Desk
from oncedesk.domain.shared.remedy_rules import AuthorityRule
from oncedesk.domain.shared.rulepack import Pack


class _Over(Record, frozen=True):
    limit: AuthorityLimit
    limit_minor: int = 0


class AuthorityLeft(Record, frozen=True):
    """How much may still be given alone: in one case, and today; in minor units."""

    currency: str
    per_case_minor: int
    today_minor: int


def spend_authority(
    state: AgentState, command: SpendAuthority, facts: Facts
) -> Sequence[AgentEvent] | Refusal:
    """Spent, or which limit it exceeds."""
    pack = facts.pack_of(command.market)
    if isinstance(pack, Refusal):
        return pack
    role = DeskRole.SUPERVISOR if state.supervises(command.desk, facts.now) else DeskRole.AGENT
    rule = pack.remedies.authority_of(
        desk=command.desk.kind.value, role=role.value, currency=command.currency
    )
    over = _over(state, command, rule, facts)
    name = "" if rule is None else rule.id
    if over is None:
        return [
            AuthoritySpent(
                agent=state.agent,
                at=facts.now,
                consumer=command.consumer,
                order=command.order,
                remedy=command.remedy,
                currency=command.currency,
                amount_minor=command.amount_minor,
                rule=name,
                market=command.market,
                consumer_minor=0 if rule is None else rule.per_consumer_minor,
            )
        ]
    return [
        AuthorityExceeded(
            agent=state.agent,
            at=facts.now,
            consumer=command.consumer,
            order=command.order,
            remedy=command.remedy,
            currency=command.currency,
            amount_minor=command.amount_minor,
            rule=name,
            limit=over.limit,
            limit_minor=over.limit_minor,
        )
    ]


def return_authority(
    state: AgentState, command: ReturnAuthority, facts: Facts
) -> Sequence[AgentEvent]:
    """What was not given after all counts no more; nothing, where it has ceased to count."""
    hour = hour_of(command.spent_at)
    counted = sum(
        one.minor
        for one in live_spent(state, facts.now)
        if (one.hour, one.currency) == (hour, command.currency)
    )
    amount_minor = min(command.amount_minor, counted)
    if not amount_minor:
        return []
    return [
        AuthorityReturned(
            agent=state.agent,
            at=facts.now,
            consumer=command.consumer,
            order=command.order,
            remedy=command.remedy,
            currency=command.currency,
            amount_minor=amount_minor,
            spent_at=command.spent_at,
        )
    ]


def authority_left(
    state: AgentState, *, desk: Desk, currency: str, pack: Pack, now: datetime
) -> AuthorityLeft:
    """What the agent may still give alone in the name of this desk, as far as their own state says.

    What a consumer was given by all agents is counted at the consumer, and not known here.
    """
    role = DeskRole.SUPERVISOR if state.supervises(desk, now) else DeskRole.AGENT
    rule = pack.remedies.authority_of(desk=desk.kind.value, role=role.value, currency=currency)
    if rule is None or not state.member_of(desk, now):
        return AuthorityLeft(currency, 0, 0)
    spent = live_spent(state, now)
    today = sum(one.minor for one in spent if one.currency == currency)
    left = 0 if len(spent) >= SPENT_MAX else max(rule.per_day_minor - today, 0)
    return AuthorityLeft(currency, rule.per_case_minor, left)


def _over(
    state: AgentState,
    command: SpendAuthority,
    rule: AuthorityRule | None,
    facts: Facts,
) -> _Over | None:
    """The first limit that this exceeds; None where it is within all of them."""
    if command.consumer in state.linked:
        return _Over(AuthorityLimit.OWN_ACCOUNT)
    if not state.member_of(command.desk, facts.now):
        return _Over(AuthorityLimit.NOT_MEMBER)
    if rule is None:
        return _Over(AuthorityLimit.NO_AUTHORITY)
    if command.case_minor + command.amount_minor > rule.per_case_minor:
        return _Over(AuthorityLimit.CASE, rule.per_case_minor)
    spent = live_spent(state, facts.now)
    today = sum(one.minor for one in spent if one.currency == command.currency)
    if today + command.amount_minor > rule.per_day_minor:
        return _Over(AuthorityLimit.DAY, rule.per_day_minor)
    if len(spent) >= SPENT_MAX:
        return _Over(AuthorityLimit.DAY)
    return None
